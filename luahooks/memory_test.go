package luahooks

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"testing"
	"time"

	"telegraf-rtnetlink/luahooks/internal/account"

	"github.com/stretchr/testify/require"
)

// TestAScriptThatGrowsIsLoadedAgain: event by event it keeps a little more, in
// calls that are short.
func TestAScriptThatGrowsIsLoadedAgain(t *testing.T) {
	for name, tt := range map[string]struct{ keep, where string }{
		"texts":         {`n = n + 1 kept[n] = ("x"):rep(2^18) .. n`, "kept (inline:4)"},
		"numbers":       {`for i = 1, 1000 do n = n + 1 kept[n] = n + 0.5 end`, "kept (inline:4)"},
		"deleted keys":  {`for i = 1, 1000 do n = n + 1 kept["key " .. n] = 1 kept["key " .. n] = nil end`, "kept (inline:4)"},
		"closures":      {`for i = 1, 1000 do n = n + 1 kept[n] = function() return i end end`, "kept (inline:4)"},
		"globals":       {`n = n + 1 all = {all, ("x"):rep(2^18) .. n}`, "all"},
		"copies of ev":  {`for i = 1, 100 do n = n + 1 kept[n] = ev:copy() end`, "kept (inline:4)"},
		"rows":          {`for i = 1, 300 do n = n + 1 kept[n] = nl.link("v0") end`, "kept (inline:4)"},
		"iterators":     {`for i = 1, 300 do n = n + 1 kept[n] = nl.links{} end`, "kept (inline:4)"},
		"in a timer":    {`nl.after(1e6, (function(s) return function() print(s) end end)(("x"):rep(2^18) .. nl.now()))`, "s (inline:5)"},
		"metrics":       {`for i = 1, 100 do n = n + 1 kept[n] = nl.metric("m", {"tag"}, {"field"}) end`, "kept (inline:4)"},
		"prefixes":      {`for i = 1, 20 do n = n + 1 kept[n] = nl.ip.set{"10.0.0.0/8", "10.0.0.0/9", "10.0.0.0/10"} end`, "kept (inline:4)"},
		"json":          {`n = n + 1 kept[n] = nl.json.decode("[" .. ("{},"):rep(2000) .. "{}]")`, "kept (inline:4)"},
		"row fields":    {`for i = 1, 300 do n = n + 1 kept[n] = nl.link("v0"):fields() end`, "kept (inline:4)"},
		"a map's keys":  {`local m = nl.state("m") for i = 1, 500 do m:set(("k"):rep(1000) .. i, 1) end n = n + 1 kept[n] = m:each() m:clear()`, "kept (inline:4)"},
		"filters":       {`local t = {} for i = 1, 1000 do t[i] = "veth" .. i end nl.on("route", {interface = t}, nl.DROP)`, "the filter at inline:5"},
		"on_done":       {`nl.exec{"/bin/sleep", "100", on_done = (function(s) return function() print(s) end end)(("x"):rep(2^18) .. nl.now())}`, "s (inline:5)"},
		"an old string": {`local s = ("x"):rep(2^18) .. tostring(ev.mtu) n = n + 1 kept[n] = s:sub(1, 100000)`, "kept (inline:4)"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost()
			h.rows = []testRow{{objLink, values{"interface": "v0", "mtu": 1500, "ifindex": 1, "address": "02:00:00:00:00:01"}}}
			f := startWith(t, h, Options{Scripts: []Config{{MaxMemory: 4 << 20, Timeout: slower * time.Second, AllowExec: []string{"/bin/sleep"}, Source: `
local nl = require "rtnetlink"
local kept, n = {}, 0
nl.on("link", {action = "new"}, function(ev)
` + tt.keep + `
end)`}}})
			events := 0
			for ; events < 3000 && f.Stats()[0].Kills == 0; events++ {
				require.True(t, f.kept(linkEvent("new", values{"mtu": events, "interface": "eth0"})))
				if events%100 == 0 {
					f.Flush() // as each interval does
				}
			}
			require.Equal(t, int64(1), f.Stats()[0].Kills, "after %d events: %d bytes", events, f.Stats()[0].Memory, f.host.logs)
			require.True(t, f.logged("E inline", "more than max_memory (4 MiB), most of it in "+tt.where), f.host.logs)
			require.True(t, f.logged("W inline: its Lua state was thrown away and built again; nl.state is kept"))
			require.True(t, f.kept(linkEvent("new", nil)), "and goes on")
		})
	}
}

// TestWhatHasEndedHoldsNothing: a script may keep its handle, or a command may go on.
func TestWhatHasEndedHoldsNothing(t *testing.T) {
	const large = `local t = {} for i = 1, 8 do t[i] = ("x"):rep(2^19) .. nl.monotonic() .. i end `
	for name, body := range map[string]string{
		"timers that have run": large + `kept[#kept + 1] = nl.after(0, function() return t end)`,
		"cancelled timers":     large + `kept[#kept + 1] = nl.every(9, function() return t end) kept[#kept]:cancel()`,
		"hooks":                large + `kept[#kept + 1] = nl.on("route", function() return t end) kept[#kept]:off()`,
		"hooks on gauges":      large + `nl.on("gather", function() return t end):off()`,
		"commands":             large + `nl.exec{"/bin/sleep", "100", timeout = 100, on_done = function() return t end}`,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost()
			f := startWith(t, h, Options{Scripts: []Config{{Timeout: slower * time.Second, AllowExec: []string{"/bin/sleep"},
				Source: "local nl, kept = require 'rtnetlink', {}\nnl.on('link', function(ev) " + body + " end)"}}})
			before := live()
			for range 30 {
				require.True(t, f.kept(linkEvent("new", nil)))
				f.advance(time.Second)
				if name == "commands" {
					f.Reload(true)
				}
			}
			require.Less(t, live()-before, int64(40<<20), "of the 120 MiB that there were")
			require.Zero(t, f.Stats()[0].Errors, f.host.logs)
		})
	}
}

// live is what the process's objects take, in bytes.
func live() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestACallThatTakesTooMuchIsStopped: in one call, at its line.
func TestACallThatTakesTooMuchIsStopped(t *testing.T) {
	for name, body := range map[string]string{
		"texts":  `local t, n = {}, 0 while true do n = n + 1 t[n] = ("x"):rep(2^19) .. n end`,
		"tables": `local t, n = {}, 0 while true do n = n + 1 t[n] = {n} end`,
		"keys":   `local t, n = {}, 0 while true do n = n + 1 t["key " .. n] = n end`,
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost()
			h.real = true
			f := startWith(t, h, Options{Scripts: []Config{{Timeout: 10 * time.Second, MaxMemory: 16 << 20, Source: `
local nl = require "rtnetlink"
nl.on("link", function(ev)
` + body + `
end)`}}})
			f.kept(linkEvent("new", nil))
			require.True(t, f.logged("E inline:4: stopped: it holds more than max_memory (16 MiB), most of it in a local (hook on link at inline:3)"), f.host.logs)
		})
	}
}

// TestAScriptThatDoesNotGrowIsLeftAlone makes garbage only.
func TestAScriptThatDoesNotGrowIsLeftAlone(t *testing.T) {
	f := startWith(t, newHost(), Options{Scripts: []Config{{MaxMemory: 4 << 20, Timeout: slower * time.Second, Source: `
local nl = require "rtnetlink"
local last
nl.on("link", {action = "new"}, function(ev) last = ("x"):rep(2^18) .. ev.mtu local t = {} for i = 1, 100 do t[i] = {i} end end)`}}})
	for i := range 1000 {
		f.kept(linkEvent("new", values{"mtu": i}))
	}
	f.Flush()
	require.Zero(t, f.Stats()[0].Kills, f.host.logs)
	require.Greater(t, f.Stats()[0].Memory, int64(1<<18))
	require.Less(t, f.Stats()[0].Memory, int64(4<<20))
}

func TestHooksOfOneEventShareTheTime(t *testing.T) {
	h := newHost()
	h.real = true
	f := startWith(t, h, Options{Scripts: []Config{{Timeout: 50 * time.Millisecond, Source: `
local nl = require "rtnetlink"
for i = 1, 50 do nl.on("link", {mtu = ">0"}, function(ev) local t = nl.monotonic() while nl.monotonic() - t < 0.02 do end end) end`}}})
	require.True(t, f.kept(linkEvent("new", values{"mtu": 1})))
	require.Equal(t, int64(1), f.Stats()[0].Kills, "50 times 20 ms are too long, if one of them is not")
	require.True(t, f.logged("ran longer than the time limit of 50ms"), fmt.Sprint(f.host.logs))
}

// TestStringsAreChargedWhenTheyAreMade, not when the watchdog looks: it has no
// timer here.
func TestStringsAreChargedWhenTheyAreMade(t *testing.T) {
	for name, make := range map[string]string{
		"..": `s .. n`, "rep": `("x"):rep(2^18 + n)`, "upper": `s:upper()`, "reverse": `s:reverse()`, "format": `string.format("%s%d", s, n)`, "sub": `s:sub(n % 7 + 2, 2^17 - 5)`,
		"gsub": `(s:gsub("^x", n))`, "table.concat": `table.concat({s, n})`, "json": `nl.json.encode(s .. n)`, "regular expressions": `nl.re.replace(s:sub(1, 60000), "^x", "y" .. n)`,
	} {
		t.Run(name, func(t *testing.T) {
			f := startWith(t, newHost(), Options{Scripts: []Config{{MaxMemory: 8 << 20, Timeout: time.Hour, Source: `
local nl = require "rtnetlink"
nl.on("link", function(ev)
  local s, t = ("x"):rep(2^18), {}
  for n = 1, 300 do
    t[n] = ` + make + `
  end
  nl.log.error("it has more than it may have")
end)`}}})
			f.watch.stop()
			f.watch.armed.Store(true) // nothing starts it again
			f.kept(linkEvent("new", nil))
			require.True(t, f.logged("E inline:6: stopped: it holds more than max_memory (8 MiB), most of it in a local (hook on link at inline:3)"), "%q", f.host.logs)
			require.False(t, f.logged("it has more"))
		})
	}
}

// TestStringsThatAreNotKeptCostNothing, however many a call makes.
func TestStringsThatAreNotKeptCostNothing(t *testing.T) {
	f := startWith(t, newHost(), Options{Scripts: []Config{{MaxMemory: 8 << 20, Timeout: time.Hour, Source: `
require("rtnetlink").on("link", function(ev) for n = 1, 500 do local s = ("x"):rep(2^18) .. n end ev:tag("done", "1") end)`}}})
	_, edits := f.run(linkEvent("new", nil))
	require.Equal(t, []string{"tag done=1"}, edits, "%q", f.host.logs)
}

// TestScriptsTogetherHoldNoMoreThanTheyMay: each of many keeps less than it may, in
// different ways; the process stays small, and the log says which and why.
func TestScriptsTogetherHoldNoMoreThanTheyMay(t *testing.T) {
	for name, tt := range map[string]struct{ source, where string }{
		"at once": {`nl.on("start", function() for i = 1, 24 do kept[i] = ("x"):rep(2^17) .. i end end)`, `^E inline(-\d+)?:3: stopped: it holds \d MiB`},
		"slowly":  {`nl.on("link", function() kept[#kept + 1] = ("x"):rep(2^15) .. #kept end)`, `^E inline(-\d+)?(:3: stopped)?: it holds \d MiB`},
		"numbers": {`nl.on("link", function() for i = 1, 1000 do kept[#kept + 1] = i + 0.5 end end)`, `^E inline(-\d+)?: it holds \d MiB`},
	} {
		t.Run(name, func(t *testing.T) {
			var all []Config
			for range 20 {
				all = append(all, Config{MaxMemory: 4 << 20, Timeout: slower * time.Second, Source: "local nl, kept = require 'rtnetlink', {}\n\n" + tt.source})
			}
			f := startWith(t, newHost(), Options{Scripts: all})
			f.Moment(Start)
			for i := range 100 {
				require.True(t, f.kept(linkEvent("new", values{"mtu": i})))
			}
			said := regexp.MustCompile(tt.where + `, most of it in kept \(inline(-\d+)?:\d\), and all scripts together more than they may \(8 MiB\)`)
			require.True(t, slices.ContainsFunc(f.host.logs, said.MatchString), "%q", f.host.logs)
			sum := int64(0)
			for _, s := range f.Stats() {
				sum += s.Memory
			}
			require.LessOrEqual(t, sum, int64(8<<20+20<<20), "and what each may take unmeasured")
		})
	}
}

// TestScriptsThatHoldTooMuchTogetherDoNotLoad: nothing else would tell of it.
func TestScriptsThatHoldTooMuchTogetherDoNotLoad(t *testing.T) {
	o := Options{Schema: testSchema, Host: newHost()}
	for range 20 {
		o.Scripts = append(o.Scripts, Config{MaxMemory: 4 << 20, Timeout: slower * time.Second,
			Source: `kept = {} for i = 1, 24 do kept[i] = ("x"):rep(2^17) .. i end`})
	}
	_, err := New(o)
	require.ErrorContains(t, err, "MiB, most of it in kept, and all scripts together more than they may (8 MiB)")
}

// TestWhatScriptsKeepNativelyIsBoundedTogether, and each has its part for certain.
func TestWhatScriptsKeepNativelyIsBoundedTogether(t *testing.T) {
	const fill = `local nl = require "rtnetlink"
nl.on("start", function() local m = nl.state("m") for i = 1, 3000 do m:set(i, ("x"):rep(1000)) end print(m:len()) end)`
	var all []Config
	for range 6 {
		all = append(all, Config{MaxMemory: 4 << 20, Timeout: slower * time.Second, Source: fill})
	}
	f := startWith(t, newHost(), Options{Scripts: all})
	f.Moment(Start)
	require.LessOrEqual(t, f.native.Used(), int64(4<<20+6*account.Guaranteed))
	for _, s := range f.loads.scripts() {
		require.Greater(t, s.native.Used(), int64(account.Guaranteed*9/10), "%q", f.host.logs)
	}
	for _, s := range f.loads.scripts() {
		s.close()
	}
	require.Zero(t, f.native.Used())
}
