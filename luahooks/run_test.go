package luahooks

import (
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/model"
)

func TestHookSeesTheEvent(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("link", function(ev)
  print(ev.object, ev.action, ev.origin, ev.interface, ev.mtu, ev.up, ev.ifalias, ev.old.mtu, ev.changed.mtu, ev.changed.up, ev.time, ev.netns)
end)`)
	keep, edits := f.run(newEvent(objLink, "change", values{"interface": "eth0", "mtu": 1500, "up": true},
		values{"interface": "eth0", "mtu": 9000, "up": true}))
	require.True(t, keep)
	require.Empty(t, edits)
	require.Equal(t, []string{`link\tchange\tnotify\teth0\t1500\ttrue\tnil\t9000\ttrue\tfalse\t1700000000\t`}, f.said())
}

func TestHookResult(t *testing.T) {
	for _, tc := range []struct {
		name, result string
		keep         bool
		log          string
	}{
		{"nothing", "", true, ""},
		{"nil", "return nil", true, ""},
		{"true", "return true", true, ""},
		{"false", "return false", false, ""},
		{"other", "return 1", true, "the hook returned a number"},
		{"error", "error('boom')", true, "inline:2: boom"},
		{"error value", "error({})", true, "inline: an error that is a table, not a text"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := start(t, "local nl = require 'rtnetlink' nl.on('link', {mtu = 1}, function(ev)\n"+tc.result+" end)")
			require.Equal(t, tc.keep, f.kept(linkEvent("new", values{"mtu": 1})))
			if tc.log == "" {
				require.Empty(t, f.host.logs)
			} else {
				require.True(t, f.logged("E ", tc.log), f.host.logs)
				require.Equal(t, int64(1), f.Stats()[0].Errors)
				require.Equal(t, int64(1), f.Stats()[0].Hooks[0].Errors)
			}
		})
	}
}

func TestOnErrorDropDropsTheMetric(t *testing.T) {
	f := startWith(t, newHost(), Options{Scripts: []Config{{
		Source: `require("rtnetlink").on("link", function(ev) error("x") end)`, OnError: "drop",
	}}})
	require.False(t, f.kept(linkEvent("new", nil)))
}

func TestFirstDropEndsTheEvent(t *testing.T) {
	f := start(t,
		`local nl = require "rtnetlink" nl.on("link", function(ev) print("one") end) nl.on("link", function() print("two") return false end)`,
		`local nl = require "rtnetlink" nl.on("link", function(ev) print("three") end)`)
	require.False(t, f.kept(linkEvent("new", nil)))
	require.Equal(t, []string{"one", "two"}, f.said())
}

func TestHooksRunInOrderOfScriptsThenCalls(t *testing.T) {
	f := start(t,
		`local nl = require "rtnetlink" nl.on("*", function(ev) ev:tag("n", "1") end) nl.on("link", function(ev) ev:tag("n", "2") end)`,
		`local nl = require "rtnetlink" nl.on("link", function(ev) ev:tag("n", "3") end)`)
	_, edits := f.run(linkEvent("new", nil))
	require.Equal(t, []string{"tag n=1", "tag n=2", "tag n=3"}, edits)
}

func TestEditsOfTheMetric(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("route", function(ev)
  ev:tag("site", "b1") ev:tag("rack", 7) ev:tag("gone", nil)
  ev:field("x", 1.5) ev:field("s", "t") ev:field("b", true) ev:field("none", nil)
  ev:measurement("renamed")
end)`)
	_, edits := f.run(routeEvent("new", nil))
	require.Equal(t, []string{"tag site=b1", "tag rack=7", "tag gone=", "field x=1.5(float64)", "field s=t(string)",
		"field b=true(bool)", "field none=<nil>(<nil>)", "measurement renamed"}, edits)
}

func TestNativeActions(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local churn = nl.counter("churn", {"table", "what"})
nl.on("route", {protocol = "bgp"}, {churn:by("table", "action"), nl.DROP})
nl.on("route", {protocol = "static"}, nl.KEEP)
nl.on("route", nl.DROP)`)
	require.False(t, f.kept(routeEvent("new", values{"protocol": "bgp", "table": "main"})))
	require.False(t, f.kept(routeEvent("new", values{"protocol": "bgp", "table": "main"})))
	require.False(t, f.kept(routeEvent("delete", values{"protocol": "bgp", "table": "main"})))
	f.Flush()
	require.Equal(t, []string{"churn,table=main,what=new total=2i", "churn,table=main,what=delete total=1i"}, f.host.emitted)
	require.Equal(t, int64(3), f.Stats()[0].Hooks[0].Dropped)
}

func TestHandleSwitchesAHookOff(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local h
h = nl.on("link", function(ev) print("once") h:off() end)`)
	f.kept(linkEvent("new", nil))
	f.kept(linkEvent("new", nil))
	require.Equal(t, []string{"once"}, f.said())
	require.False(t, f.Active(objLink))
}

func TestHookAddedByAHookRunsFromTheNextEventOn(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("start", function() nl.on("link", function(ev) print(ev.action) end) end)`)
	f.kept(linkEvent("new", nil))
	f.Moment(Start)
	f.kept(linkEvent("delete", nil))
	require.Equal(t, []string{"delete"}, f.said())
}

func TestLifecycleMomentsGetDetails(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
for _, m in ipairs{"start", "stop", "resync", "overrun"} do
  nl.on(m, function(info) print(info.moment, info.changes, info.netns) end)
end`)
	f.Moment(Start)
	f.Moment(Overrun, Detail{"netns", model.Value{Kind: model.String, Str: "a"}})
	f.Moment(Resync, Detail{"changes", model.Value{Kind: model.Int, Num: 12}})
	f.Moment(Stop)
	require.Equal(t, []string{`start\tnil\tnil`, `overrun\tnil\ta`, `resync\t12\tnil`, `stop\tnil\tnil`}, f.said())
}

func TestEventMethods(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("route", function(ev)
  print(ev:within("10.0.0.0/8"), ev:within("10.1.2.0/25"), ev:within("192.168.0.0/16", "gateway"), ev:is_default())
  print(ev:attribute(5), ev:attribute(6))
  local all = {}
  for name, value in ev:fields() do all[#all + 1] = name .. "=" .. tostring(value) end
  print(table.concat(all, " "))
  local c = ev:copy()
  print(c.action, c.dst, c.old.dst, c.changed.metric, c.changed.dst, c.object)
  print(tostring(ev), tostring(ev.changed))
end)`)
	ev := newEvent(objRoute, "change", values{"dst": "10.1.2.0/24", "gateway": "192.168.0.1", "metric": 5},
		values{"dst": "10.1.2.0/24", "gateway": "192.168.0.1", "metric": 6})
	ev.attrs = map[int]string{5: "\x01\x02"}
	f.kept(ev)
	require.Equal(t, []string{`true\tfalse\ttrue\tfalse`, `\x01\x02\tnil`, "dst=10.1.2.0/24 gateway=192.168.0.1 metric=5",
		`change\t10.1.2.0/24\t10.1.2.0/24\ttrue\tnil\troute`, `route change\tmetric`}, f.said())
}

func TestDefaultRouteIsWithinZeroOnly(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("route", function(ev) print(ev:is_default(), ev:within("0.0.0.0/0"), ev:within("10.0.0.0/8")) end)`)
	f.kept(routeEvent("new", values{"dst": "default"}))
	require.Equal(t, []string{`true\ttrue\tfalse`}, f.said())
}

func TestEventKeptPastItsCallIsRefused(t *testing.T) {
	for _, body := range []string{
		`kept = ev`, `kept = kept or ev`, `t = {ev} kept = t[1]`, `local function get() return ev end kept = get()`,
	} {
		f := start(t, `
local nl = require "rtnetlink"
local kept, t
nl.on("link", {action = "new"}, function(ev) `+body+` end)
nl.on("link", {action = "delete"}, function(ev) print(kept.mtu) end)`)
		f.kept(linkEvent("new", values{"mtu": 7}))
		require.True(t, f.kept(linkEvent("delete", values{"mtu": 8})))
		require.True(t, f.logged("E ", "use ev:copy()"), "%s: %v", body, f.host.logs)
	}
}

func TestEventCannotBeSet(t *testing.T) {
	f := start(t, `require("rtnetlink").on("link", function(ev) ev.mtu = 1 end)`)
	f.kept(linkEvent("new", nil))
	require.True(t, f.logged("E ", `cannot set "mtu" of an event`), f.host.logs)
}

func TestConstantsAreReadOnly(t *testing.T) {
	h := newHost()
	f := startWith(t, h, Options{Scripts: []Config{{
		Source: `
print(config.hold, config.names[2], #config.names, type(config), table.concat(config.names, "+"), config.missing)
for i, n in ipairs(config.names) do print(i, n) end
for k, v in pairs(config.deep) do print(k, v) end
print(pcall(function() config.hold = 1 end))
print(pcall(function() table.insert(config.names, "x") end))
print(pcall(rawset, config.deep, "a", 1))`,
		Constants: map[string]any{"hold": int64(3), "names": []any{"a", "b"}, "deep": map[string]any{"a": true}},
	}}})
	require.Equal(t, []string{`3\tb\t2\ttable\ta+b\tnil`, `1\ta`, `2\tb`, `a\ttrue`,
		`false\tinline:5: cannot set "hold": the table is read-only`,
		`false\tinline:6: bad argument #1 to 'insert' (the table is read-only)`,
		`false\tbad argument #1 to '?' (the table is read-only)`}, f.said())
}

func TestPrintAndLogLevels(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
print("a", 1, nil, true)
nl.log.error("e %s", "x") nl.log.warn("w %d", 2) nl.log.info("i 100%") nl.log.debug("d %q", "y")
nl.log.info("%s %s", nil, {} ~= nil)`)
	require.Equal(t, []string{`I inline:3: a\t1\tnil\ttrue`, "E inline:4: e x", "W inline:4: w 2", "I inline:4: i 100%",
		`D inline:4: d "y"`, "I inline:5: nil true"}, f.host.logs)
}

func TestLogTextFromEventsIsOneSafeLine(t *testing.T) {
	f := start(t, `require("rtnetlink").on("link", {action = "new"}, function(ev) print(ev.ifalias) end)`)
	f.kept(linkEvent("new", values{"ifalias": "a\nE! fake\x1b[31m \xff \u202e ü"}))
	require.Equal(t, []string{`I inline:1: a\nE! fake\x1b[31m \xff \u202e ü`}, f.host.logs)
}
