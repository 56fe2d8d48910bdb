package luahooks

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func mirrorHost() *testHost {
	h := newHost()
	h.rows = []testRow{
		{objLink, values{"interface": "lo", "ifindex": 1, "mtu": 65536, "up": true}},
		{objLink, values{"interface": "eth0", "ifindex": 2, "mtu": 1500, "up": true, "kind": "veth"}},
		{objLink, values{"interface": "eth1", "ifindex": 3, "mtu": 1500, "up": false}},
		{objRoute, values{"dst": "default", "table": "main", "family": "inet", "gateway": "10.0.0.1", "metric": 5}},
		{objRoute, values{"dst": "10.0.0.0/8", "table": "main", "family": "inet", "interface": "eth0"}},
		{objRoute, values{"dst": "10.1.0.0/16", "table": "main", "family": "inet", "interface": "eth1"}},
		{objRoute, values{"dst": "10.1.0.0/24", "table": "100", "family": "inet", "interface": "lo"}},
	}
	return h
}

// ask runs a chunk with a mirror of some objects and returns what it printed.
func ask(t *testing.T, body string) []string {
	t.Helper()
	f := startWith(t, mirrorHost(), Options{Scripts: []Config{{
		Source: "local nl = require 'rtnetlink'\nnl.on('start', function()\n" + body + "\nend)"}}})
	f.Moment(Start)
	require.False(t, f.logged("E "), f.host.logs)
	return f.said()
}

func TestLinkByNameAndIndex(t *testing.T) {
	require.Equal(t, []string{`eth0\t1500\ttrue\tnil`, `lo\tlink`, `nil\tnil`, "interface=eth1 ifindex=3 mtu=1500 up=false"}, ask(t, `
local l = nl.link("eth0") print(l.interface, l.mtu, l.up, l.address)
print(nl.link(1).interface, nl.link(1).object)
print(nl.link("nope"), nl.link(99))
local all = {} for k, v in nl.link("eth1"):fields() do all[#all + 1] = k .. "=" .. tostring(v) end print(table.concat(all, " "))`))
}

func TestIteratorsAndFilters(t *testing.T) {
	require.Equal(t, []string{"lo eth0 eth1", "eth0 eth1", "eth0", "default", "10.0.0.0/8", "lo", "0"}, ask(t, `
local function names(iter, field) local out = {} for x in iter do out[#out + 1] = x[field] end print(table.concat(out, " ")) end
names(nl.links(), "interface")
names(nl.links{mtu = 1500}, "interface")
names(nl.links{interface = "eth*", up = true}, "interface")
names(nl.routes{dst = "default"}, "dst")
names(nl.routes{within = "10.0.0.0/8", table = "main", limit = 1}, "dst")
names(nl.links{limit = 1}, "interface")
local n = 0 for x in nl.neighbors() do n = n + 1 end print(n)`))
}

func TestCount(t *testing.T) {
	require.Equal(t, []string{`3\t4\t0\t2\t1\t1`, `2\t0\t0\t3`}, ask(t, `
print(nl.count("link"), nl.count("route"), nl.count("neighbor"), nl.count("link", {up = true}),
  nl.count("route", {dst = "default", table = "main"}), nl.count("link", {limit = 1, up = true}))
print(nl.count("link", {limit = 2}), nl.count("link", {limit = 0}), nl.count("link", {limit = 0, up = true}), nl.count("link", {limit = 9}))`))
}

func TestLookupIsLongestPrefix(t *testing.T) {
	require.Equal(t, []string{"10.1.0.0/16", "10.0.0.0/8", "default", "10.1.0.0/24", `nil`, `nil\t"x" is no address`}, ask(t, `
print(nl.lookup("10.1.0.1").dst)
print(nl.lookup("10.2.0.1").dst)
print(nl.lookup("192.0.2.1").dst)
print(nl.lookup("10.1.0.1", 100).dst)
print(nl.lookup("10.1.0.1", "local"))
print(nl.lookup("x"))`))
}

func TestQueriesOfAnotherNamespace(t *testing.T) {
	h, red := mirrorHost(), newHost()
	red.rows = []testRow{
		{objLink, values{"interface": "red0", "ifindex": 1}},
		{objRoute, values{"dst": "10.0.0.0/8", "table": "main", "family": "inet", "interface": "red0"}},
	}
	h.others = map[string]*testHost{"red": red}
	f := startWith(t, h, Options{Scripts: []Config{{Source: `
local nl = require "rtnetlink"
nl.on("start", function() nl.after(1, function()
  print(nl.link(1).interface, nl.link(1, "red").interface, nl.link("red0"), nl.link("red0", "red").ifindex, nl.link(2, "red"))
  print(nl.lookup("10.1.0.1").dst, nl.lookup("10.1.0.1", nil, "red").dst, nl.lookup("10.1.0.1", "main", "red").interface)
  print(nl.count("link"), nl.count("link", {netns = "red"}))
end) end)`}}})
	f.Moment(Start)
	f.advance(2 * time.Second)
	require.Equal(t, []string{`lo\tred0\tnil\t1\tnil`, `10.1.0.0/16\t10.0.0.0/8\tred0`, `3\t1`}, f.said(), f.host.logs)
}

func TestLookupsAreCounted(t *testing.T) {
	f := startWith(t, mirrorHost(), Options{Scripts: []Config{{
		Source: `local nl = require 'rtnetlink' nl.on('link', function() nl.link("lo") nl.link("no") nl.count("route") end)`}}})
	f.kept(linkEvent("new", nil))
	require.Equal(t, int64(3), f.Stats()[0].Lookups)
	require.Equal(t, int64(1), f.Stats()[0].LookupsNone)
}

func TestQueryErrors(t *testing.T) {
	for body, want := range map[string]string{
		`nl.links{mtuu = 1}`:          `filter: link has no "mtuu"; there are: within, interface`,
		`nl.links{action = "new"}`:    `filter: link has no "action"`,
		`nl.count("links")`:           `there is no "links"; there are: link, route, neighbor`,
		`nl.link({})`:                 "name or index expected, got table",
		`print(nl.links()().mtuu)`:    `a link has no field "mtuu"; there are: interface`,
		`nl.links()().mtu = 1`:        `cannot set "mtu": the table is read-only`,
		`nl.links{netns = "missing"}`: `there is no mirror of network namespace "missing"`,
		`nl.link(1, "missing")`:       `there is no mirror of network namespace "missing"`,
		`nl.lookup("::", 1, {})`:      "string expected, got table",
		`nl.links(5)`:                 "table expected, got number",
		`nl.links()().fields()`:       "object of the mirror expected (call methods as row:name())",
	} {
		f := startWith(t, mirrorHost(), Options{Scripts: []Config{{
			Source: "local nl = require 'rtnetlink'\nnl.on('start', function()\n" + body + "\nend)"}}})
		f.Moment(Start)
		require.True(t, f.logged("E inline:3: ", want), "%s: %q", body, f.host.logs)
	}
}

func TestNoMirrorYet(t *testing.T) {
	h := newHost()
	h.noStore = true
	f := startWith(t, h, Options{Scripts: []Config{{Source: `local nl = require 'rtnetlink' nl.on('link', function() nl.link("lo") end)`}}})
	f.kept(linkEvent("new", nil))
	require.True(t, f.logged(`there is no mirror of network namespace ""`), h.logs)
}

func TestIteratorIsCutWithAWarning(t *testing.T) {
	h := newHost()
	for i := range defaultRows + 5 {
		h.rows = append(h.rows, testRow{objRoute, values{"dst": strconv.Itoa(i)}})
	}
	f := startWith(t, h, Options{Scripts: []Config{{Source: `
local nl = require 'rtnetlink'
nl.on('start', function() local n = 0 for r in nl.routes() do n = n + 1 end print(n) end)
nl.on('stop', function() local n = 0 for r in nl.routes{limit = 20000} do n = n + 1 end print(n) end)`}}})
	f.Moment(Start)
	f.Moment(Stop)
	require.Equal(t, []string{"W inline:3: the result is cut at 10000 objects; give a limit= or use nl.count",
		"I inline:3: 10000", "I inline:4: 10005"}, f.host.logs)
}

func TestPluralsAreNames(t *testing.T) {
	require.Equal(t, "addresses", plural("address"))
}

func TestSnapshotsOutliveTheMirror(t *testing.T) {
	h := mirrorHost()
	f := startWith(t, h, Options{Scripts: []Config{{Source: `
local nl = require 'rtnetlink'
local kept
nl.on('start', function() kept = nl.link("eth0") end)
nl.on('stop', function() print(kept.mtu, nl.link("eth0").mtu) end)`}}})
	f.Moment(Start)
	h.rows[1].fields["mtu"] = 9000
	f.Moment(Stop)
	require.Equal(t, []string{`1500\t9000`}, f.said())
}
