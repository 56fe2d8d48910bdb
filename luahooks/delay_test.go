package luahooks

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// stops counts the calls that were stopped so far.
func (f *fixture) stops() (n int) {
	for _, s := range f.Stats() {
		n += int(s.Kills)
	}
	return n
}

// many returns n scripts of the same source.
func many(n int, source string) (all []Config) {
	for range n {
		all = append(all, Config{Source: source, Timeout: slower * 50 * time.Millisecond})
	}
	return all
}

// TestManySlowScriptsHoldAnEventNoLongerThanTwoLimits: what one takes is not there
// for the others, whose hooks the event leaves out; all are suspended in the end.
func TestManySlowScriptsHoldAnEventNoLongerThanTwoLimits(t *testing.T) {
	const scripts = 9
	f := startWith(t, newHost(), Options{Scripts: many(scripts, `require("rtnetlink").on("link", function(ev) while true do end end)`)})
	suspended := func() int {
		return len(slices.DeleteFunc(f.Stats(), func(s ScriptStats) bool { return !s.Suspended }))
	}
	for range 3 * scripts {
		before := f.stops()
		require.True(t, f.kept(linkEvent("new", nil)))
		require.LessOrEqual(t, f.stops()-before, delayFactor)
	}
	require.True(t, f.logged("E inline-3: left out: the scripts before it took all of the "), "%q", f.host.logs)
	require.Equal(t, scripts, suspended(), "%q", f.host.logs)
}

// TestAnEventLeavesTheRestOfItsTimeToTheNextScript: its message says so.
func TestAnEventLeavesTheRestOfItsTimeToTheNextScript(t *testing.T) {
	f := startWith(t, newHost(), Options{Scripts: many(3, `require("rtnetlink").on("link", function(ev) while true do end end)`)})
	f.kept(linkEvent("new", nil))
	require.True(t, f.logged("E inline:1: stopped: it ran longer than the time limit of "), "%q", f.host.logs)
	require.True(t, f.logged("E inline-2:1: stopped: it ran longer than the ", " that the scripts before it left of the ", " that there are for an event"), "%q", f.host.logs)
	require.True(t, f.logged("E inline-3: left out"), "%q", f.host.logs)
}

// TestMomentsAndReadingsShareTheTimeOfTheirHooks: as events do.
func TestMomentsAndReadingsShareTheTimeOfTheirHooks(t *testing.T) {
	f := startWith(t, newHost(), Options{Scripts: many(5, `
local nl = require "rtnetlink"
nl.on("resync", function() while true do end end)
nl.on("gather", function(m) while true do end end)`)})
	f.Moment(Resync)
	require.Equal(t, delayFactor, f.stops(), "%q", f.host.logs)
	f.mend()
	before := f.stops()
	f.Begin()
	for range 100 { // of one interval
		require.True(t, f.Gather(&Reading{Measurement: "m", Tags: map[string]string{}}))
	}
	f.End()
	require.Equal(t, delayFactor, f.stops()-before, "%q", f.host.logs)
}

// TestEventsComeBetweenWhatScriptsHaveToCatchUpWith: a call of the host takes no more
// than one call of Lua that is stopped, whatever there is to load, to tell and to run.
func TestEventsComeBetweenWhatScriptsHaveToCatchUpWith(t *testing.T) {
	const endless = ` while true do end `
	for name, source := range map[string]string{
		"reload hooks":       `nl.on("reload", function()` + endless + `end)`,
		"several of them":    strings.Repeat(`nl.on("reload", function()`+endless+`end)`, 3),
		"loading again":      `if seen:incr("loads") > 1 then` + endless + `end`,
		"loading, then more": `nl.on("reload", function()` + endless + `end) if seen:incr("loads") == 3 then` + endless + `end`,
		"timers":             `nl.every(0.01, function()` + endless + `end)`,
	} {
		t.Run(name, func(t *testing.T) {
			text := "local nl = require 'rtnetlink' local seen = nl.state('seen') " + source +
				` nl.on("link", {interface = "eth0"}, function(ev)` + endless + `end)`
			dir := t.TempDir()
			for i := range 4 {
				require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i, ".lua")), []byte(text), 0o600))
			}
			f := startWith(t, newHost(), Options{Scripts: []Config{{Script: filepath.Join(dir, "*.lua"), Timeout: slower * 50 * time.Millisecond}}})
			f.Moment(Start)
			require.True(t, f.Runtime.Run(linkEvent("new", values{"interface": "eth0"}), &testOutput{}))
			require.LessOrEqual(t, f.stops(), delayFactor)
			f.Runtime.Reload(true)
			for i := range 200 {
				next, due := f.Next()
				if !due || next.After(f.host.clock) {
					break
				}
				before := f.stops()
				f.Poll()
				require.LessOrEqual(t, f.stops()-before, 1, "%q", f.host.logs)
				require.Less(t, i, 199, "it comes to an end")
			}
			require.Positive(t, f.stops())
		})
	}
}

// TestWhatIsPendingIsDue also by a clock that was read before Next.
func TestWhatIsPendingIsDue(t *testing.T) {
	h := newHost()
	h.real = true
	f := startWith(t, h, Options{Scripts: many(1, `local nl = require "rtnetlink"
local c = nl.counter("c", {"n"}, {max = 5000})
for i = 1, 3000 do c:inc(1, i) end`)})
	for name, begin := range map[string]func(){"reload": func() { f.Runtime.Reload(true) }, "flush": f.Runtime.Flush} {
		now := time.Now()
		begin()
		next, ok := f.Next()
		require.True(t, ok, name)
		require.False(t, next.After(now), name)
		for range 1000 {
			if _, ok = f.Next(); !ok {
				break
			}
			f.Poll()
		}
		require.False(t, ok, name)
	}
}
