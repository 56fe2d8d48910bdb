package luahooks

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/internal/compile"
	"telegraf-rtnetlink/luahooks/internal/schema"
)

// snippets are hook bodies whose outcome must not depend on the way in which
// they read their event.
var snippets = map[string]string{
	"fields":           `print(ev.interface, ev.mtu, ev.up, ev.ifalias, ev.operstate, ev.address)`,
	"meta":             `print(ev.action, ev.origin, ev.object, ev.netns, ev.time, ev.key)`,
	"old":              `print(ev.old.mtu, ev.old.interface, ev.old.ifalias)`,
	"changed":          `print(ev.changed.mtu, ev.changed.interface)`,
	"predicate":        `return not (ev.action == "change" and ev.mtu > 1000 and ev.interface == "eth0")`,
	"branches":         `if ev.action == "change" then print(ev.mtu, ev.address) else print(ev.ifalias) end`,
	"early return":     `if ev.action ~= "change" then return end print(ev.address, ev.mtu)`,
	"else chain":       `if ev.mtu == 1 then print(1) elseif ev.mtu == 1500 then print(ev.address) else print(3) end`,
	"shadowing":        `do local ev = {mtu = 7} print(ev.mtu) end print(ev.mtu)`,
	"shadowing loop":   `for ev = 1, 2 do print(ev) end print(ev.mtu)`,
	"shadowing for in": `for _, ev in ipairs{{mtu = 1}} do print(ev.mtu) end print(ev.mtu)`,
	"shadowing param":  `local function f(ev) return ev.mtu end print(f{mtu = 5}, ev.mtu)`,
	"shadowing local":  `local x = ev.mtu local ev = {mtu = x + 1} print(ev.mtu)`,
	"own initializer":  `local ev = {mtu = ev.mtu + 1} print(ev.mtu)`,
	"repeat scope":     `local n = 0 repeat local ev = {mtu = 3} n = n + 1 until ev.mtu == 3 print(n, ev.mtu)`,
	"reassigned":       `ev = {mtu = 9} print(ev.mtu)`,
	"reassigned late":  `print(ev.mtu) ev = nil print(ev == nil)`,
	"alias":            `local e = ev print(e.mtu, e.action)`,
	"alias of old":     `local o = ev.old print(o.mtu) local c = ev.changed print(c.mtu)`,
	"passed on":        `local function f(e) return e.mtu + 1 end print(f(ev), ev.mtu)`,
	"inner function":   `local function f() return ev.mtu end print(f())`,
	"inner pcall":      `print(pcall(function() return ev.mtu, ev.old.mtu end))`,
	"twice nested":     `print((function() return (function() return ev.interface end)() end)())`,
	"dynamic key":      `local k = "mtu" print(ev[k], ev["interface"], ev.old[k], ev.changed[k])`,
	"dynamic bad key":  `local k = "nope" print(pcall(function() return ev[k] end))`,
	"other class":      `print(ev.dst, ev.gateway)`,
	"method":           `ev:tag("a", ev.interface) ev:field("b", ev.mtu) ev:measurement("c")`,
	"method in branch": `if ev.mtu > 1 then ev:tag("a", "b") end`,
	"method in loop":   `for i = 1, 3 do ev:tag("n", i) end`,
	"method in inner":  `local function f() ev:tag("a", "b") end f()`,
	"method as value":  `local t = ev.tag t(ev, "a", "b")`,
	"method in args":   `print(ev:within("10.0.0.0/8", "address"), ev:attribute(1))`,
	"nested methods":   `ev:tag("x", tostring(ev:within("10.0.0.0/8", "address")))`,
	"copy":             `local c = ev:copy() print(c.mtu, c.old.mtu, c.changed.mtu, c.action)`,
	"iteration":        `local n = 0 for k, v in ev:fields() do n = n + 1 end print(n)`,
	"write":            `print(pcall(function() ev.mtu = 1 end))`,
	"write then read":  `pcall(function() ev.mtu = 1 end) print(ev.mtu)`,
	"logic":            `print(ev.up and ev.mtu or ev.ifindex, ev.ifalias or "none", not ev.up)`,
	"arithmetic":       `print(ev.mtu - ev.old.mtu, ev.mtu * 2, -ev.mtu, ev.mtu % 7, ev.mtu ^ 2)`,
	"concat":           `print(ev.interface .. "/" .. ev.mtu)`,
	"length":           `print(#ev.interface)`,
	"comparison":       `print(ev.mtu < ev.old.mtu, ev.mtu == 1500, ev.mtu ~= ev.old.mtu, ev.interface >= "a")`,
	"table":            `local t = {ev.mtu, n = ev.interface, [ev.action] = true} print(t[1], t.n, t.change)`,
	"string method":    `print(ev.interface:upper(), ev.address:match("^%d+"))`,
	"varargs":          `print(select("#", ev.mtu, ev.ifalias))`,
	"while":            `local i = ev.mtu while i > ev.old.mtu - 8000 do i = i - 500 end print(i)`,
	"goto":             `local i = 0 ::top:: i = i + 1 if i < ev.mtu / 500 then goto top end print(i)`,
	"multiple assign":  `local a, b = ev.mtu, ev.interface a, b = b, a print(a, b)`,
	"recursion":        `local function f(n) if n == 0 then return ev.mtu end return f(n - 1) end print(f(5))`,
	"many fields":      `print(ev.interface, ev.kind, ev.ifindex, ev.mtu, ev.operstate, ev.up, ev.flags, ev.address, ev.ifalias, ev.old.interface, ev.old.kind, ev.old.ifindex, ev.old.mtu, ev.old.operstate, ev.old.up, ev.old.flags, ev.old.address, ev.old.ifalias, ev.changed.interface, ev.changed.kind, ev.changed.mtu)`,
	"error":            `error(ev.interface)`,
	"nil error":        `print(ev.ifalias.x)`,
	"number result":    `return ev.mtu`,
	"upvalue counter":  `count = (count or 0) + ev.mtu print(count)`,
	"method error":     `ev:tag({}, 1)`,
	"method on other":  `ev.tag(1, "a", "b")`,
	"is it the same":   `print(ev == ev, type(ev), ev.old ~= nil)`,
	"return in middle": `do return ev.mtu > 9000 end`,
	"tostring":         `print(tostring(ev), tostring(ev.changed))`,
}

// outcome is all that a script can do with two events.
type outcome struct {
	kept  []bool
	edits []string
	logs  []string
}

func observe(t *testing.T, source string, slow bool) outcome {
	t.Helper()
	slowEvents = slow
	defer func() { slowEvents = false }()
	f := start(t, source)
	var o outcome
	for _, ev := range []*testEvent{
		newEvent(objLink, "change",
			values{"interface": "eth0", "kind": "veth", "ifindex": 3, "mtu": 1500, "up": true, "operstate": "up", "address": "10.0.0.1"},
			values{"interface": "eth0", "kind": "veth", "ifindex": 3, "mtu": 9000, "up": true, "operstate": "down", "address": "10.0.0.1"}),
		linkEvent("new", values{"interface": "lo", "mtu": 65536, "address": "127.0.0.1"}),
	} {
		ev.attrs = map[int]string{1: "raw"}
		keep, edits := f.run(ev)
		o.kept = append(o.kept, keep)
		o.edits = append(o.edits, edits...)
	}
	for _, line := range f.host.logs {
		if !strings.Contains(line, "advice:") {
			o.logs = append(o.logs, line)
		}
	}
	return o
}

func TestBothWaysOfReadingAnEventAgree(t *testing.T) {
	for name, body := range snippets {
		t.Run(name, func(t *testing.T) {
			for _, frame := range []string{
				"local nl = require 'rtnetlink'\nlocal count\nnl.on('*', function(ev)\n%\nend)",
				"local nl = require 'rtnetlink'\nlocal count\nlocal function hook(ev)\n%\nend\nnl.on('*', {origin = 'notify'}, hook)",
				"local nl = require 'rtnetlink'\nlocal count\nlocal on = nl.on\non('*', {function(ev)\n%\nend})",
				"local nl = require 'rtnetlink'\nlocal count\nnl.on('*', function(ev, extra) assert(extra == nil)\n%\nend)",
				"local nl = require 'rtnetlink'\nlocal count\nnl.on('*', function(ev, ...) assert(select('#', ...) == 0)\n%\nend)",
			} {
				source := strings.Replace(frame, "%", body, 1)
				require.Equal(t, observe(t, source, true), observe(t, source, false), source)
			}
		})
	}
}

func TestHiddenParametersAreUsed(t *testing.T) {
	x, err := schema.New(testSchema)
	require.NoError(t, err)
	for _, tc := range []struct {
		body    string
		want    []string
		escapes bool
	}{
		{`print(ev.mtu, ev.old.mtu, ev.changed.mtu, ev.action) ev:tag("a", "b")`,
			[]string{"@mtu", "@old.mtu", "@changed.mtu", "@action", "@:tag"}, false},
		{`if ev.action == "new" then print(ev.address, ev.mtu) end`, []string{"@action", "@mtu"}, false}, // address is a text
		{`if ev.action == "new" then return end print(ev.address)`, []string{"@action"}, false},
		{`print(ev.address) if ev.mtu then print(ev.address) end`, []string{"@address", "@mtu"}, false},
		{`print(ev.action and ev.address)`, []string{"@action"}, false},
		{`local e = ev print(ev.mtu)`, []string{"@mtu"}, true},
		{`local function f() return ev.mtu end print(f(), ev.up)`, []string{"@up"}, true},
		{`print(ev[x])`, nil, false},
	} {
		c, err := (compile.Compiler{Schema: x}).Compile("t", "local nl = require 'rtnetlink' nl.on('link', function(ev) "+tc.body+" end)")
		require.NoError(t, err)
		h := compile.HiddenOf(c.Proto.FunctionPrototypes[0])
		require.Equal(t, tc.want, h.Names, tc.body)
		require.Equal(t, tc.escapes, h.Escapes, tc.body)
		require.True(t, h.Projected, tc.body)
	}
}

func TestOtherFunctionsNamedOnAreLeftAlone(t *testing.T) {
	f := start(t, `
local bus = {}
function bus.on(name, fn) bus[name] = fn end
bus.on("link", function(msg) print(msg.payload, msg.mtu) end)
bus.link({payload = "p", mtu = "m"})
local nl = require "rtnetlink"
local function both(ev) return ev.mtu end
print(both({mtu = 5}))
nl.on("link", both)
nl.on("link", function(ev) print(both(ev)) end)`)
	f.kept(linkEvent("new", values{"mtu": 1}))
	require.Equal(t, []string{`p\tm`, "5", "1"}, f.said())
}

func TestReplacedModuleVariableStopsTheRewriting(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local real = nl
nl = {on = function(o, fn) fn({mtu = "fake"}) end}
nl.on("link", function(ev) print(ev.mtu) end)`)
	require.Equal(t, []string{"fake"}, f.said())
}

func TestModulesHooksAreRewrittenToo(t *testing.T) {
	dir := writeFiles(t, map[string]string{
		"m.lua": "local nl = require 'rtnetlink'\nnl.on('link', function(ev) print(ev.mtu) end)\nreturn {answer = 42}",
	})
	f := startWith(t, newHost(), Options{Scripts: []Config{{Source: "print(require('m').answer, require 'm' == require 'm')", ModulesDir: dir}}})
	f.kept(linkEvent("new", values{"mtu": 5}))
	require.Equal(t, []string{
		`I inline:1: 42\ttrue`,
		"I m.lua:2: advice: this hook has no filter: Lua runs for every event of link",
		"I m.lua:2: 5",
	}, f.host.logs)
}

// printed is how Lua prints what has no text.
var printed = regexp.MustCompile(`(function|table|userdata): 0x`)

func FuzzReadingEvents(f *testing.F) {
	for _, body := range snippets {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if strings.Contains(body, "0x") || strings.Contains(body, "random") || strings.Contains(body, "nl.") {
			return // not the same twice
		}
		source := "local nl = require 'rtnetlink'\nlocal count\nnl.on('*', function(ev)\n" + body + "\nend)"
		if loadErr(t, Config{Source: source}) != "" {
			return
		}
		fast, slow := observe(t, source, false), observe(t, source, true)
		for _, lines := range [][]string{fast.logs, slow.logs} {
			for _, line := range lines {
				if printed.MatchString(line) || strings.Contains(line, "time limit") {
					return
				}
			}
		}
		require.Equal(t, slow, fast)
	})
}
