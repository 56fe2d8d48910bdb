package luahooks

import (
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
)

func TestTimersRunInOrder(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local function at(n) return function() print(n, nl.monotonic()) end end
nl.after(3, at("c")) nl.after(1, at("a")) nl.after(1, at("b")) nl.after(0, at("now"))
local e = nl.every(2, at("every"))
local gone = nl.after(2.5, at("never")) gone:cancel() gone:cancel()
nl.after(7, function() e:cancel() end)`)
	next, ok := f.Next()
	require.True(t, ok)
	require.Equal(t, f.host.clock, next)
	f.advance(20 * time.Second)
	require.Equal(t, []string{`now\t0`, `a\t1`, `b\t1`, `every\t2`, `c\t3`, `every\t4`, `every\t6`}, f.said())
	_, ok = f.Next()
	require.False(t, ok)
}

func TestTimersOfScriptsAreMergedByTime(t *testing.T) {
	source := `local nl = require "rtnetlink" nl.every(2, function() print(nl.now()) end)`
	f := start(t, source, `local nl = require "rtnetlink" nl.every(3, function() print("x") end)`)
	f.advance(4 * time.Second)
	require.Equal(t, []string{"I inline:1: 1700000002", "I inline-2:1: x", "I inline:1: 1700000004"}, f.host.logs)
}

func TestTimerThatFallsBehindKeepsItsInterval(t *testing.T) {
	f := start(t, `local nl = require "rtnetlink" nl.every(2, function() print(nl.monotonic()) end)`)
	f.host.clock = f.host.clock.Add(9 * time.Second)
	f.Poll()
	f.advance(4 * time.Second)
	require.Equal(t, []string{"9", "11", "13"}, f.said())
}

func TestFailingTimersAreReported(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.every(1, function() error("tick") end)
local once = nl.state("once")
nl.after(1.5, function() while not once:get("x") do once:set("y", 1) if once:incr("n") > 1e9 then return end end end)
nl.after(2.5, function() print("after the kill") end)`)
	f.advance(2900 * time.Millisecond)
	require.True(t, f.logged("E inline:3: tick (timer at inline:3)"), f.host.logs)
	require.True(t, f.logged("ran longer than the time limit of", "(timer at inline:5)"), f.host.logs)
	require.Equal(t, int64(1), f.Stats()[0].Kills)
	require.False(t, f.logged("after the kill"))
	f.loads.scripts()[0].states.Get("once").Touch("x").Value = lua51.True
	f.advance(10 * time.Second)
	require.True(t, f.logged("after the kill"), "the rebuilt script has its timers again")
}

func TestTimersAreCapped(t *testing.T) {
	require.Contains(t, evalErr(t, `for i = 1, 20000 do nl.after(i, print) end`), "over 10000 timers")
	require.Contains(t, evalErr(t, `nl.every(0, print)`), "got 0")
	require.Contains(t, evalErr(t, `nl.after(-1, print)`), "got -1")
	require.Contains(t, evalErr(t, `nl.after(0/0, print)`), "got NaN")
	require.Contains(t, evalErr(t, `nl.after(1, 2)`), "function expected")
}

func TestASlowTimerIsToldOfWithItsLine(t *testing.T) {
	h := newHost()
	h.real = true
	f := startWith(t, h, Options{Scripts: []Config{{Timeout: 200 * time.Millisecond, Source: `
local nl = require "rtnetlink"
local function busy(s) local t = nl.monotonic() while nl.monotonic() - t < s do end end
nl.after(0, function() busy(0.12) end)
nl.after(0, function() busy(0.001) end)`}}})
	time.Sleep(time.Millisecond)
	f.Poll()
	f.Poll()
	require.Len(t, f.host.logs, 1)
	require.Regexp(t, `^W inline:4: the timer took \d+ms, and events waited; it is stopped at 200ms \(timeout\)$`, f.host.logs[0])
}

// TestTimersLeaveTimeForEvents: hundred timers that are due at once are not run
// at once.
func TestTimersLeaveTimeForEvents(t *testing.T) {
	h := newHost()
	h.real = true
	f := startWith(t, h, Options{Scripts: []Config{{Timeout: 50 * time.Millisecond, Source: `
local nl = require "rtnetlink"
local runs = nl.state("runs")
for i = 1, 100 do nl.after(0, function() runs:incr("n") local t = nl.monotonic() while nl.monotonic() - t < 0.004 do end end) end`}}})
	polls := 0
	for runs := 0.0; runs < 100; polls++ {
		next, ok := f.Next()
		require.True(t, ok)
		require.False(t, next.After(time.Now()), "what is left is due at once")
		f.Poll()
		now := float64(f.loads.scripts()[0].states.Get("runs").Get("n").(lua.LNumber))
		require.Less(t, now-runs, 20.0, "of 4 ms each")
		runs = now
	}
	require.Greater(t, polls, 5)
}

func TestATimerThatSetsItselfAgainLetsTheClockGoOn(t *testing.T) {
	f := start(t, `local nl = require "rtnetlink"
local function again() nl.after(0, again) end
nl.after(0, again)`)
	f.Poll()
	next, ok := f.Next()
	require.True(t, ok)
	require.Equal(t, minAgain, next.Sub(f.host.clock))
	f.advance(time.Second)
}
