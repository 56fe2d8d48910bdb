package luahooks

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// trial runs a hook body once under a limit of 50 ms, and then makes sure that
// everything else goes on: another script's hook runs for the same event, and
// the script itself works again for the next one.
func trial(t *testing.T, body string) *fixture {
	t.Helper()
	return trialIn(t, 50*time.Millisecond, body)
}

// trialIn is trial with another limit.
func trialIn(t *testing.T, limit time.Duration, body string) *fixture {
	t.Helper()
	h := newHost()
	h.real = true
	f := startWith(t, h, Options{Scripts: []Config{
		{Source: `
local nl = require "rtnetlink"
nl.on("link", {action = "new"}, function(ev)
` + body + `
end)
nl.on("link", {action = "delete"}, function(ev) print("alive") end)`, Timeout: limit},
		{Source: `require("rtnetlink").on("link", function(ev) ev:tag("other", "ran") end)`},
	}})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := processorTime()
	keep, edits := f.run(linkEvent("new", values{"mtu": 1500}))
	took := processorTime() - began
	runtime.ReadMemStats(&after)
	require.True(t, keep)
	require.Equal(t, []string{"tag other=ran"}, edits)
	require.Less(t, took, 5*time.Second)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(600<<20))
	f.kept(linkEvent("delete", nil))
	require.True(t, f.logged("alive"), f.host.logs)
	return f
}

func TestEndlessLoopsAreStopped(t *testing.T) {
	for name, body := range map[string]string{
		"while":              `while true do end`,
		"repeat":             `repeat until false`,
		"goto":               `::again:: goto again`,
		"for":                `for i = 1, 1e15 do end`,
		"recursion":          `local function fib(n) if n < 2 then return n end return fib(n-1) + fib(n-2) end fib(40)`,
		"sort":               `local t = {} for i = 1, 100 do t[i] = i end table.sort(t, function(a, b) while true do end end)`,
		"gsub callback":      `string.gsub("aaaa", "a", function() while true do end end)`,
		"pcall":              `while true do pcall(function() while true do end end) end`,
		"nested pcall":       `pcall(pcall, pcall, function() while true do end end) while true do end`,
		"tail call":          `local function f() return f() end f()`,
		"metamethod":         `local t = setmetatable({}, {__index = function() while true do end end}) local x = t.x`,
		"tostring":           `tostring(setmetatable({}, {__tostring = function() while true do end end}))`,
		"gmatch":             `local s = ("a"):rep(1000) while true do for x in s:gmatch("a") do end end`,
		"print":              `while true do print("x") end`,
		"state":              `local m = nl.state("m") local i = 0 while true do i = i + 1 m:set(i, i) end`,
		"emit":               `while true do nl.emit("x", nil, {n = 1}) end`,
		"each modifying":     `local m = nl.state("m") m:set("a", 1) while true do for k, v in m:each() do m:set(k .. "x", 1) end end`,
		"json":               `while true do nl.json.decode(nl.json.encode({1, 2, 3})) end`,
		"array growth":       `local t, i = {}, 0 while true do i = i + 1 t[i] = i end`,
		"hash growth":        `local t, i = {}, 0 while true do i = i + 1 t["k" .. i] = i end`,
		"closure growth":     `local t = {} while true do t = {function() return t end} end`,
		"iterator":           `for x in function() return 1 end do end`,
		"event fields":       `while true do for k, v in ev:fields() do end end`,
		"tag":                `while true do local x = ev:copy() end`,
		"timers":             `while true do nl.after(1, function() end):cancel() end`,
		"regular expression": `while true do nl.re.match(("a"):rep(1000), "(a*)*b") end`,
	} {
		t.Run(name, func(t *testing.T) {
			began := processorTime()
			f := trial(t, body)
			require.Equal(t, int64(1), f.Stats()[0].Kills, f.host.logs)
			require.True(t, f.logged("E inline", "ran longer than the time limit"), f.host.logs)
			require.Less(t, processorTime()-began, slower*2*time.Second)
		})
	}
}

func TestTheLineOfAStoppedCallIsLogged(t *testing.T) {
	f := trial(t, "local x = 1\nwhile true do end")
	require.True(t, f.logged("E inline:5: stopped: it ran longer than the time limit of 50ms (hook on link at inline:3)"), f.host.logs)
}

func TestDeepRecursionIsAnError(t *testing.T) {
	for name, body := range map[string]string{
		"function":    `local function f() return 1 + f() end f()`,
		"pcall":       `local function f() return pcall(f) and 1 end f() error("x")`,
		"index":       `local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end local x = t.x`,
		"index chain": `local t = {} for i = 1, 300 do t = setmetatable({}, {__index = t}) end local x = t.x error("x")`,
		"index cycle": `local t = {} setmetatable(t, {__index = t}) local x = t.x`,
		"unpack":      `print(unpack({}, 1, 1e8))`,
		"vararg":      `local t = {} for i = 1, 10000 do t[i] = i end print(unpack(t))`,
		"gsub":        `local function f() return string.gsub("a", "a", f) end f()`,
		"sort":        `local function f() table.sort({1, 2, 3}, f) end f()`,
		"tostring":    `local t = setmetatable({}, {}) getmetatable(t).__tostring = function(t) return tostring(t) end tostring(t)`,
		"json":        `local t = {} t[1] = t assert(nl.json.encode(t))`,
		"json text":   `assert(nl.json.decode(("["):rep(200000)))`,
		"string byte": `print(string.byte(("x"):rep(100000), 1, -1))`,
		"concat many": `local function f(...) return f("x", ...) end f()`,
		"select":      `print(select(-1))`,
	} {
		t.Run(name, func(t *testing.T) {
			f := trial(t, body)
			require.Equal(t, int64(1), f.Stats()[0].Errors, f.host.logs)
			require.True(t, f.logged("E inline"), f.host.logs)
		})
	}
}

// TestPanicThatEscapesPCall is gopher-lua#282: a tail call with variable
// arguments on a full registry panics outside of PCall's protection.
func TestPanicThatEscapesPCall(t *testing.T) {
	f := trial(t, `local function g(...) return g(1, 2, 3, 4, 5, 6, 7, 8, ...) end g(1)`)
	require.Equal(t, int64(1), f.Stats()[0].Errors, f.host.logs)
	f = trial(t, `local function g(...) return g(...) end g(1, 2, 3)`)
	require.Equal(t, int64(1), f.Stats()[0].Errors, f.host.logs)
}

func TestHugeResultsAreErrors(t *testing.T) {
	for name, body := range map[string]string{
		"rep 1e9":        `("x"):rep(1e9)`,
		"rep 1e11":       `("x"):rep(1e11)`,
		"rep of all":     `("x"):rep(2^31 - 1)`,
		"concatenation":  `local s = "x" while true do s = s .. s end`,
		"rep overflow":   `("xxxxxxxx"):rep(2^30)`,
		"concat":         `local s, t = ("x"):rep(1e6), {} for i = 1, 500 do t[i] = s end table.concat(t)`,
		"concat sep":     `local t = {} for i = 1, 10000 do t[i] = "" end table.concat(t, ("x"):rep(1000))`,
		"gsub":           `local s = ("a"):rep(200000) s:gsub("a", ("b"):rep(500))`,
		"gsub captures":  `local s = ("a"):rep(100000) s:gsub("a+", "%0%0%0%0%0%0%0%0%0%0%0%0%0%0%0%0%0%0%0%0")`,
		"format":         `local s = ("x"):rep(1e6) string.format("%s%s%s", s, s, s)`,
		"format width":   `string.format("%500000000d", 1)`,
		"json":           `local s = ("x"):rep(1e6) assert(nl.json.encode({s, s, s}))`,
		"regexp":         `nl.re.replace(("a"):rep(60000), "a", ("b"):rep(200))`,
		"regexp pattern": `nl.re.match("x", "((((a{1000}){1000}){1000}){1000})")`,
		"state value":    `nl.state("m"):set("k", ("x"):rep(1e6))`,
		"state key":      `nl.state("m"):set(("x"):rep(1e6), 1)`,
		"unpack":         `print(unpack({}, 1, 5000))`,
	} {
		t.Run(name, func(t *testing.T) {
			f := trialIn(t, slower*time.Second, body)
			require.Equal(t, int64(1), f.Stats()[0].Errors, f.host.logs)
			require.Zero(t, f.Stats()[0].Kills, f.host.logs)
		})
	}
}

func TestSparseArraysTakeNoSpace(t *testing.T) {
	for _, body := range []string{
		`local t = {} t[5e6] = 1 t[2e7] = 1 t[2^53] = 1 t[-1] = 1`,
		`local t = {} table.insert(t, 2e7, "x") table.insert(t, 1, "y")`,
		`local t = {} rawset(t, 2e7, 1)`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f := trial(t, body)
		runtime.ReadMemStats(&after)
		require.Zero(t, f.Stats()[0].Errors, f.host.logs)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(20<<20))
	}
}

func TestPatternBombsAreErrors(t *testing.T) {
	for name, body := range map[string]string{
		"stars":    `string.find(("a"):rep(30), ("a*"):rep(17) .. "b")`,
		"lazy":     `string.find(("a"):rep(160), ".-.-.-.-x")`,
		"long":     `local s = ("x"):rep(9e5) .. "\n" s:find("(.*)(.*)(.*)y")`,
		"depth":    `string.find(("a"):rep(300), ("a?"):rep(300) .. ("a"):rep(300))`,
		"captures": `string.find("x", ("()"):rep(40))`,
		"gsub":     `string.gsub(("a"):rep(30), ("a*"):rep(17) .. "b", "")`,
		"gmatch":   `for x in string.gmatch(("a"):rep(30), ("a*"):rep(17) .. "b") do end`,
		"match":    `string.match(("a"):rep(30), ("a*"):rep(17) .. "b")`,
		"unclosed": `string.find("x", "[")`,
		"percent":  `string.find("x", "%")`,
		"backref":  `string.find("x", "%1")`,
		"unopened": `string.find("x", "(x))")`,
		"unended":  `string.find("x", "(x")`,
		"balance":  `string.find("x", "%b")`,
		"frontier": `string.find("x", "%f")`,
	} {
		t.Run(name, func(t *testing.T) {
			began := processorTime()
			f := trialIn(t, slower*time.Second, body)
			require.Equal(t, int64(1), f.Stats()[0].Errors, f.host.logs)
			require.Zero(t, f.Stats()[0].Kills, f.host.logs)
			require.Less(t, processorTime()-began, slower*time.Second)
		})
	}
}

func TestEndlessLoopAtLoadIsAnError(t *testing.T) {
	began := processorTime()
	require.Equal(t, "inline:1: stopped: it ran longer than the time limit of 100ms",
		loadErr(t, Config{Source: "while true do end", Timeout: 10 * time.Millisecond}))
	require.Less(t, processorTime()-began, slower*2*time.Second)
}

func TestHookThatFailsOnEveryEventOnlyLogsSome(t *testing.T) {
	f := startWith(t, newHost(), Options{Scripts: []Config{{Timeout: slower * time.Second, // of one call of many, on a busy machine
		Source: `require("rtnetlink").on("link", {action = "new"}, function(ev) error("no") end)`}}})
	for range 10000 {
		require.True(t, f.kept(linkEvent("new", nil)))
	}
	require.Len(t, f.host.logs, logBurst)
	require.Equal(t, int64(10000), f.Stats()[0].Errors)
	require.Equal(t, int64(10000-logBurst), f.Stats()[0].LogDropped)
	f.host.clock = f.host.clock.Add(logEvery)
	f.kept(linkEvent("new", nil))
	require.True(t, f.logged(fmt.Sprintf("(%d similar lines left out)", 10000-logBurst)))
}

func TestScriptThatFloodsTheLogIsLimitedPerLine(t *testing.T) {
	f := start(t, "local nl = require 'rtnetlink'\nnl.on('link', {action = 'new'}, function(ev)\nprint('a')\nnl.log.warn('b')\nend)")
	for range 1000 {
		f.kept(linkEvent("new", nil))
	}
	require.Len(t, f.host.logs, 2*logBurst)
}

func TestLogLinesAreBounded(t *testing.T) {
	f := start(t, `print(("x"):rep(1e6))`)
	require.Less(t, len(f.host.logs[0]), maxLogText+100)
}

func TestDeeplyNestedSourceIsRefused(t *testing.T) {
	for _, source := range []string{
		"x = " + strings.Repeat("{", 100000/slower) + strings.Repeat("}", 100000/slower),
		"x = " + strings.Repeat("-", 1) + strings.Repeat("not ", 60000/slower) + "1",
		"x = 'a'" + strings.Repeat("..'a'", 40000/slower),
		"x = 2" + strings.Repeat("^2", 80000/slower),
		strings.Repeat("do ", 30000/slower) + strings.Repeat("end ", 30000/slower),
		strings.Repeat("if x then ", 18000/slower) + strings.Repeat("end ", 18000/slower),
		strings.Repeat("x = function() ", 10000/slower) + strings.Repeat("end ", 10000/slower),
		"x = a" + strings.Repeat(".b", 100000/slower),
		"x = a" + strings.Repeat("()", 100000/slower),
	} {
		began := processorTime()
		got := loadErr(t, Config{Source: source})
		require.Contains(t, got, "inline:1: ", source[:30])
		require.Less(t, processorTime()-began, slower*3*time.Second, source[:30])
	}
}

func TestManyParenthesesCostLittle(t *testing.T) {
	began := processorTime()
	require.Equal(t, "", loadErr(t, Config{Source: "x = " + strings.Repeat("(", 100000) + "1" + strings.Repeat(")", 100000)}))
	require.Less(t, processorTime()-began, slower*3*time.Second)
}

func TestHugeSourceIsRefused(t *testing.T) {
	require.Contains(t, loadErr(t, Config{Source: strings.Repeat("-- comment\n", 30000)}), "larger than 256 KiB")
}

func TestAnIdleRuntimeHasNoTimer(t *testing.T) {
	f := start(t, `require("rtnetlink").on("link", function(ev) end)`)
	f.kept(linkEvent("new", nil))
	require.Eventually(t, func() bool { return !f.watch.armed.Load() }, time.Second, 10*time.Millisecond)
}
