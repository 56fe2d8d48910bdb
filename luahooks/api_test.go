package luahooks

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSmallLibraries runs what the manual shows of the helpers.
func TestSmallLibraries(t *testing.T) {
	require.Equal(t, []string{
		"2023-11-14T22:13:20Z", "2023-11-14 22:13:20.500", "14 Nov 23 % 1700000000", "1969-12-31T23:59:59Z",
		"a|b||c", "a|b=c", "3", "x y", "", "8", "11", "3", "4294967295", "256", "1", "4294967295", ",blue", "router1",
	}, evalWith(t, Options{Hostname: "router1"}, `
print(nl.time.format(1700000000))
print(nl.time.format(1700000000.5, "%F %T%L"))
print(nl.time.format(1700000000, "%d %b %y %% %s"))
print(nl.time.format(-1))
print(table.concat(nl.str.split("a,b,,c", ","), "|"))
print(table.concat(nl.str.split("a=b=c", "=", 2), "|"))
print(#nl.str.split(",,", ","))
print(nl.str.trim(" \tx y\n"))
print(nl.str.trim("  "))
print(nl.bit.band(12, 10)) print(nl.bit.bor(1, 2, 8)) print(nl.bit.bxor(1, 2)) print(nl.bit.bnot(0))
print(nl.bit.lshift(1, 8)) print(nl.bit.rshift(256, 8)) print(nl.bit.band(-1))
print(table.concat(nl.netns(), ","))
print(nl.hostname())`))
}

// evalWith is eval with options.
func evalWith(t *testing.T, o Options, body string) []string {
	t.Helper()
	o.Scripts = []Config{{Source: "local nl = require 'rtnetlink'\nnl.on('start', function()\n" + body + "\nend)"}}
	f := startWith(t, newHost(), o)
	f.Moment(Start)
	require.False(t, f.logged("E inline"), f.host.logs)
	return f.said()
}

func TestErrorsOfSmallLibrariesNameWhatIsWanted(t *testing.T) {
	for body, want := range map[string]string{
		`nl.time.format(0/0)`:                 "seconds since the epoch expected, 1e11 at most, got NaN",
		`nl.time.format(1, "%Q")`:             `there is no "%Q"; it knows %Y %m %d`,
		`nl.time.format(1, "%")`:              `there is no "%"; it knows %Y %m %d`,
		`nl.time.format(1, "", "Mars")`:       `"Mars" is no zone; there are: "UTC", "local"`,
		`nl.str.split("a", "")`:               "a separator of 1 byte or more expected",
		`nl.str.split(("a,"):rep(2^14), ",")`: "nl.str.split: over 10000 pieces",
		`nl.bit.band(1.5)`:                    "an integer of 32 bits expected, got 1.5",
		`nl.bit.band(2^32)`:                   "an integer of 32 bits expected",
		`nl.bit.lshift(1, 32)`:                "0 to 31 expected",
		`print(nl.on)() nl.time.format = 1`:   "",
		`nl.bit.band = 1`:                     `cannot set "band"`,
	} {
		if want != "" {
			require.Contains(t, evalErr(t, body), want, body)
		}
	}
	require.Contains(t, loadErr(t, Config{Source: `require("rtnetlink").netns()`}), "nl.netns cannot be used while the script loads")
}

func TestTheOutgoingMetricCanBeRead(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("link", function(ev)
  print(ev:get_tag("interface"), ev:get_tag("action"), ev:get_tag("origin"), ev:get_tag("none"), ev:get_tag("mtu"))
  print(ev:get_field("mtu"), ev:get_field("interface"), ev:get_field("up"), ev:get_field("changed"), ev:get_field("none"))
  ev:tag("site", "a") ev:tag("interface", nil) ev:field("mtu", 9000) ev:field("note", "x") ev:field("up", nil)
end)
nl.on("link", function(ev)
  print(ev:get_tag("site"), ev:get_tag("interface"), ev:get_field("mtu"), ev:get_field("note"), ev:get_field("up"))
end)`)
	f.run(newEvent(objLink, "change", values{"interface": "eth0", "mtu": 1500, "up": true}, values{"interface": "eth0", "mtu": 1400, "up": true}))
	require.Equal(t, []string{`eth0\tchange\tnotify\tnil\tnil`, `1500\tnil\ttrue\tmtu\tnil`, `a\tnil\t9000\tx\tnil`}, f.said(), f.host.logs)
	f.run(linkEvent("new", values{"interface": "eth1"}))
	require.Equal(t, `a\tnil\t9000\tx\tnil`, f.said()[5], "what was set for one event is gone with it")
}

func TestFieldsOfEventsKeepTheirType(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("link", {action = "new"}, function(ev)
  ev:field("mtu", 1400) ev:field("operstate", "up") ev:field("up", true)
  ev:field("ratio", 2) ev:field("count:int", 2.7) ev:field("count", 3)
  for _, bad in ipairs{{"mtu", 1.5}, {"mtu", "x"}, {"up", 1}, {"operstate", 1}, {"mtu:float", 1}, {"key", "x"}, {"seq", 1}, {"count:string", "x"}, {"n", 0/0}, {"n", {}}} do
    local ok, why = pcall(ev.field, ev, bad[1], bad[2])
    print(why)
  end
end)`)
	_, edits := f.run(linkEvent("new", values{"mtu": 1500}))
	require.Equal(t, []string{"field mtu=1400(int64)", "field operstate=up(string)", "field up=true(bool)", "field ratio=2(float64)",
		"field count=2(int64)", "field count=3(int64)"}, edits)
	for i, want := range []string{"the field mtu is an integer, a whole number expected, got the number 1.5", `the field mtu is an integer, a whole number expected, got the string "x"`,
		"the field up is a boolean", "the field operstate is a string", "the field mtu is an integer", "the field key is what readers of the stream rely on",
		"the field seq is what readers", "link: field count is an integer since its first value", "NaN is no value for a field", "want a number, string or boolean, got a table"} {
		require.Contains(t, f.said()[i], want)
	}
}

func TestChangesOfOneMetricAreBounded(t *testing.T) {
	f := start(t, `require("rtnetlink").on("link", function(ev) for i = 1, 1000 do ev:tag("t", i) end end)`)
	_, edits := f.run(linkEvent("new", nil))
	require.Len(t, edits, maxEdits)
	require.True(t, f.logged("over 256 changes of one event's metric"))
}

func TestWithinSaysWhichFieldItWants(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("*", function(ev)
  for _, field in ipairs{false, "mtuu", "mtu", "operstate", "", "dst"} do
    local ok, why = pcall(function() local r = ev:within("10.0.0.0/8", field or nil) end) print(why)
  end
end)`)
	f.run(linkEvent("new", nil))
	f.run(routeEvent("new", values{"dst": "10.0.0.0/8"}))
	for i, want := range []string{
		"#2 to 'within' (a link has no prefix or address of its own: name the field that is meant, ev:within(prefix, field))",
		`(a link has no field "mtuu"; there are: interface, kind,`, "(mtu is no address or prefix)", "(operstate is no address or prefix)",
		`(a link has no field ""; there are: `, `(a link has no field "dst"; there are: interface,`,
		"nil", `(a route has no field "mtuu"; there are: family,`,
	} {
		require.Contains(t, f.said()[i], want)
	}
}

func TestRouteAndNeighborByKey(t *testing.T) {
	h := newHost()
	h.rows = []testRow{
		{objRoute, values{"dst": "10.0.0.0/8", "table": "main", "metric": 1}},
		{objRoute, values{"dst": "10.0.0.0/24", "table": "main", "metric": 2}},
		{objRoute, values{"dst": "default", "table": "main", "metric": 3}},
		{objNeighbor, values{"dst": "fe80::1", "interface": "eth0", "state": "stale"}},
		{objNeighbor, values{"dst": "fe80::1", "interface": "eth1", "state": "failed"}},
	}
	f := startWith(t, h, Options{Scripts: []Config{{Source: `
local nl = require "rtnetlink"
nl.on("start", function()
  for _, dst in ipairs{"10.0.0.0/8", "10.0.0.0/24", "default", "0.0.0.0/0"} do print(nl.route("main", dst).metric) end
  print(nl.route("main", "10.0.0.0/16"), nl.route("local", "default"), nl.route("main", "ten"))
  print(nl.neighbor("eth1", "FE80::1").state, nl.neighbor("eth0", "fe80::2"), nl.neighbor("eth0", "x"))
end)`}}})
	f.Moment(Start)
	require.Equal(t, []string{"1", "2", "3", "3", `nil\tnil\tnil\t"ten" is neither an address nor a prefix such as "10.0.0.0/8"`,
		`failed\tnil\tnil\t"x" is no address`}, f.said(), h.logs)
}

func TestHooksOnGaugesDropAndTag(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("gather", {measurement = "rtnetlink_interface", interface = {"veth*", "cali*"}}, nl.DROP)
local h = nl.on("gather", {measurement = "rtnetlink_i*", netns = false}, function(m)
  m:tag("uplink", m:get_tag("interface") == "eth0") m:tag("kind", nil)
  print(m.measurement, m:get_field("mtu"), m:get_tag("none"))
end)
local kept
nl.on("gather", {interface = "eth1"}, function(m) kept = m return false end)
nl.on("gather", {interface = "eth2"}, function(m) kept:tag("a", "b") end)
nl.on("gather", {interface = "eth3"}, function(m) m.x = 1 end)`)
	require.True(t, f.Gathers())
	gather := func(name, link string) (*Reading, bool) {
		m := &Reading{Measurement: name, Tags: map[string]string{"interface": link, "kind": "veth"}, Fields: map[string]any{"mtu": int64(1500)}}
		return m, f.Gather(m)
	}
	_, keep := gather("rtnetlink_interface", "veth0")
	require.False(t, keep)
	m, keep := gather("rtnetlink_interface", "eth0")
	require.True(t, keep)
	require.Equal(t, map[string]string{"interface": "eth0", "uplink": "true"}, m.Tags)
	require.Equal(t, []string{`rtnetlink_interface\t1500\tnil`}, f.said(), f.host.logs)
	_, keep = gather("rtnetlink_routes", "eth1")
	require.False(t, keep)
	_, keep = gather("x", "eth2")
	require.True(t, keep)
	require.True(t, f.logged("this reading is over: it can only be used in the hook that it is given to"), f.host.logs)
	gather("x", "eth3")
	require.True(t, f.logged(`cannot set "x" of a reading: use m:tag(name, value)`))
	require.Equal(t, int64(1), f.Stats()[0].Hooks[0].Dropped)
}

func TestErrorsOfHooksOnGauges(t *testing.T) {
	for on, want := range map[string]string{
		`"gather", 5, nl.DROP`:                              `the filter is a number, want a table such as {measurement = "rtnetlink_interface"}`,
		`"gather", {measurement = {}}, nl.DROP`:             "filter: measurement: the list is empty",
		`"gather", {"x"}, nl.DROP`:                          "the key 1 is no name",
		`"gather", nl.counter("c", {"interface"}):by("up")`: "nl.on: ",
		`"gathr", nl.DROP`:                                  "start, stop, reload, resync, overrun, gather",
	} {
		require.Contains(t, loadErr(t, Config{Source: "local nl = require 'rtnetlink'\nnl.on(" + on + ")"}), want, on)
	}
}
