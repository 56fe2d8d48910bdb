package luahooks

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// matches reports whether a hook on an object with a filter runs for an event.
func matches(t *testing.T, object, filter string, ev *testEvent) bool {
	t.Helper()
	f := start(t, `require("rtnetlink").on("`+object+`", `+filter+`, require("rtnetlink").DROP)`)
	return !f.kept(ev)
}

func TestFilters(t *testing.T) {
	link := newEvent(objLink, "change",
		values{"interface": "veth12", "kind": "veth", "mtu": 1500, "up": true, "operstate": "up", "flags": "BROADCAST,UP,LOWER_UP"},
		values{"interface": "veth12", "kind": "veth", "mtu": 9000, "up": true, "operstate": "down", "flags": "BROADCAST,UP,LOWER_UP"})
	link.netns = "blue"
	route := routeEvent("delete", values{"family": "inet", "table": "254", "dst": "10.1.2.0/24", "gateway": "192.0.2.1", "metric": 100})
	def := routeEvent("new", values{"family": "inet", "dst": "default"})
	neigh := newEvent(objNeighbor, "new", values{"dst": "fe80::1", "state": "stale"}, nil)
	for _, tc := range []struct {
		object, filter string
		ev             *testEvent
		want           bool
	}{
		{"link", `{}`, link, true},
		{"link", `{action = "change"}`, link, true},
		{"link", `{action = "new"}`, link, false},
		{"link", `{action = "!change"}`, link, false},
		{"link", `{action = {"new", "change"}}`, link, true},
		{"link", `{action = {"!new", "!delete"}}`, link, true},
		{"link", `{origin = "notify"}`, link, true},
		{"link", `{origin = {"dump", "resync"}}`, link, false},
		{"link", `{netns = "blue"}`, link, true},
		{"link", `{netns = "!blue"}`, link, false},
		{"link", `{netns = "b*"}`, link, true},
		{"link", `{interface = "veth12"}`, link, true},
		{"link", `{interface = "eth0"}`, link, false},
		{"link", `{interface = "veth*"}`, link, true},
		{"link", `{interface = "!veth*"}`, link, false},
		{"link", `{interface = {"eth0", "veth*"}}`, link, true},
		{"link", `{interface = {"veth*", "!veth12"}}`, link, false},
		{"link", `{interface = {"veth*", "!veth1"}}`, link, true},
		{"link", `{interface = "veth??"}`, link, true},
		{"link", `{interface = "veth?"}`, link, false},
		{"link", `{mtu = 1500}`, link, true},
		{"link", `{mtu = 1501}`, link, false},
		{"link", `{mtu = "1500"}`, link, true},
		{"link", `{mtu = "!1500"}`, link, false},
		{"link", `{mtu = {1400, 1500}}`, link, true},
		{"link", `{mtu = {"!1400", "!1500"}}`, link, false},
		{"link", `{mtu = ">1499"}`, link, true},
		{"link", `{mtu = ">=1501"}`, link, false},
		{"link", `{mtu = "<1500"}`, link, false},
		{"link", `{mtu = "<= 1500"}`, link, true},
		{"link", `{mtu = "1280..1500"}`, link, true},
		{"link", `{mtu = {"<100", "1500..1600"}}`, link, true},
		{"link", `{mtu = true}`, link, true},
		{"link", `{mtu = false}`, link, false},
		{"link", `{ifindex = false}`, link, true},
		{"link", `{ifindex = 1}`, link, false},
		{"link", `{up = true}`, link, true},
		{"link", `{up = false}`, link, false},
		{"link", `{operstate = "up", mtu = 1500}`, link, true},
		{"link", `{operstate = "up", mtu = 1}`, link, false},
		{"link", `{flags = "UP"}`, link, true},
		{"link", `{flags = "LOOPBACK"}`, link, false},
		{"link", `{flags = "!UP"}`, link, false},
		{"link", `{flags = {"LOOPBACK", "LOWER_UP"}}`, link, true},
		{"link", `{flags = {"UP", "!BROADCAST"}}`, link, false},
		{"link", `{changed = "mtu"}`, link, true},
		{"link", `{changed = {"mtu", "kind"}}`, link, true},
		{"link", `{changed = "kind"}`, link, false},
		{"link", `{changed = "!mtu"}`, link, false},
		{"link", `{changed = {"operstate", "!kind"}}`, link, true},
		{"link", `{ifalias = true}`, link, false},
		{"link", `{ifalias = false}`, link, true},
		{"link", `{ifalias = "!x"}`, link, true},
		{"link", `{within = {address = "10.0.0.0/8"}}`, link, false},
		{"route", `{table = 254}`, route, true},
		{"route", `{within = "10.0.0.0/8"}`, route, true},
		{"route", `{within = "10.1.2.0/25"}`, route, false},
		{"route", `{within = {"172.16.0.0/12", "10.0.0.0/8"}}`, route, true},
		{"route", `{within = "10.1.2.9"}`, route, false},
		{"route", `{within = {gateway = "192.0.2.0/24"}}`, route, true},
		{"route", `{within = {gateway = "192.0.3.0/24", dst = "10.0.0.0/8"}}`, route, false},
		{"route", `{dst = "default"}`, def, true},
		{"route", `{dst = "!default"}`, def, false},
		{"route", `{within = "0.0.0.0/0"}`, def, true},
		{"route", `{within = "10.0.0.0/8"}`, def, false},
		{"neighbor", `{within = "fe80::/10", state = {"stale", "failed"}}`, neigh, true},
		{"neighbor", `{state = "7"}`, neigh, false},
		{"*", `{action = "delete"}`, route, true},
		{"*", `{mtu = 1500}`, link, true},
		{"*", `{mtu = 1500}`, route, false},
		{"*", `{state = "stale"}`, neigh, true},
		{"*", `{family = "bridge"}`, route, false},
	} {
		require.Equal(t, tc.want, matches(t, tc.object, tc.filter, tc.ev), "%s %s", tc.object, tc.filter)
	}
}

func TestFilterErrorsNamePlaceAndChoices(t *testing.T) {
	for _, tc := range []struct{ on, want string }{
		{`"link", {mtuu = 1}`, `inline:2: nl.on: filter: link has no "mtuu"; there are: action, origin, netns, changed, within, interface, kind, ifindex, mtu, operstate, up, flags, address, ifalias`},
		{`"*", {nothing = 1}`, `filter: no object has "nothing"; there are: action, origin, netns, changed, within, interface, kind`},
		{`"*", {family = "inet7"}`, `filter: family is never "inet7"; it is one of: inet, inet6`},
		{`"links", {}`, `nl.on: there is no "links"; there are: *, link, route, neighbor, start, stop, reload, resync, overrun`},
		{`"start", {}`, `start takes a function and no filter`},
		{`"link", {action = "add"}`, `filter: action is never "add"; it is one of: new, change, delete`},
		{`"link", {action = {"!new", "!change", "!delete"}}`, `filter: action: nothing is left to match`},
		{`"link", {operstate = "upp"}`, `filter: operstate is never "upp"; it is one of: up, down, unknown`},
		{`"link", {operstate = "x*"}`, `filter: operstate is never "x*"`},
		{`"link", {operstate = {}}`, `filter: operstate: the list is empty`},
		{`"link", {interface = {1, {}}}`, `filter: interface: want a string or a list of strings, got a table`},
		{`"link", {interface = ""}`, `filter: interface: an empty word`},
		{`"link", {mtu = "big"}`, `filter: mtu: "big" is no whole number; write 5, "!5", "<5", ">=5" or "5..9"`},
		{`"link", {mtu = ">>5"}`, `filter: mtu: ">>5" is no whole number`},
		{`"link", {mtu = {{}}}`, `filter: mtu: want a number or a string, got a table`},
		{`"link", {up = "yes"}`, `filter: up: want true or false, got "yes"`},
		{`function() end`, `nl.on: want the name of an object first, as in nl.on("link", …) with a dot, got a function`},
		{`nl, "link"`, `nl.on: want the name of an object first, as in nl.on("link", …) with a dot, got a `},
		{`"link", {changed = "speed"}`, `filter: changed is never "speed"`},
		{`"link", {within = "10.0.0.0/8"}`, `filter: within: a link has no prefix; write within = {field = "10.0.0.0/8"}`},
		{`"route", {within = "10.0.0.0/33"}`, `filter: within: "10.0.0.0/33" is no prefix such as "10.0.0.0/8"`},
		{`"route", {within = "ten"}`, `filter: within: "ten" is neither an address nor a prefix`},
		{`"route", {within = {gw = "10.0.0.0/8"}}`, `filter: within: route has no field "gw"; there are: family`},
		{`"route", {within = {}}`, `filter: within: the list is empty`},
		{`"link", {action = "new", changed = "mtu"}`, `filter: changed never holds without action "change": what is new or deleted has no changes`},
		{`"link", {action = {"new", "delete"}, changed = {"mtu", "!kind"}}`, `filter: changed never holds without action "change"`},
		{`"link", {interface = {"eth0", "!eth0"}}`, `filter: interface: nothing is left to match`},
		{`"link", {interface = {"eth0", "!eth*"}}`, `filter: interface: nothing is left to match`},
		{`"link", {interface = {x = "eth0"}}`, `filter: interface: want a list such as {"a", "b"}, got the key "x"`},
		{`"link", {interface = {"eth0", x = "eth1"}}`, `filter: interface: want a list such as {"a", "b"}, got the key "x"`},
		{`"link", {mtu = 1500.5}`, `filter: mtu: "1500.5" is no whole number`},
		{`"link", {mtu = 1/0}`, `filter: mtu: "+Inf" is no whole number`},
		{`"link", {mtu = 1e300}`, `filter: mtu: "1e+300" is no whole number`},
		{`"link", {mtu = "9..5"}`, `filter: mtu: "9..5" is empty: the lower end comes first`},
		{`"route", {dst = "10.1.2.0/24", within = "192.0.2.0/24"}`, `filter: within: dst = "10.1.2.0/24" is in none of its prefixes`},
		{`"route", {dst = "10.0.0.0/8", within = "10.1.0.0/16"}`, `filter: within: dst = "10.0.0.0/8" is in none of its prefixes`},
		{`"route", {gateway = "192.0.3.1", within = {gateway = "192.0.2.0/24"}}`, `filter: within: gateway = "192.0.3.1" is in none of its prefixes`},
		{`"link", {mtu = {5, "!5"}}`, `filter: mtu: nothing is left to match`},
		{`"link", {within = {mtu = "10.0.0.0/8"}}`, `filter: within: mtu is no address or prefix`},
		{`"link", {within = {operstate = "10.0.0.0/8"}}`, `filter: within: operstate is no address or prefix`},
		{`"route", {family = "inet", within = "fe80::/10"}`, `filter: within is of family inet6 only, which the key family excludes`},
		{`"route", {family = {"!inet"}, within = {"10.0.0.0/8", "192.0.2.1"}}`, `filter: within is of family inet only, which the key family excludes`},
		{`"link", {"eth0"}`, `filter: the key 1 is no name; write {name = value}`},
		{`"link", "eth0"`, `nl.on: the filter is a string, want a table`},
	} {
		got := loadErr(t, Config{Source: "local nl = require 'rtnetlink'\nnl.on(" + tc.on + ", function(ev) end)"})
		require.Contains(t, got, tc.want, tc.on)
		require.Contains(t, got, "inline:2: ", tc.on)
	}
}

func TestOnErrors(t *testing.T) {
	for _, tc := range []struct{ on, want string }{
		{`"link"`, `want (object, function) or (object, filter, function), got 1`},
		{`"link", {}, print, 1`, `got 4 arguments`},
		{`"link", 5`, `the action is a number, want a function, nl.DROP, nl.KEEP, counter:by(…) or a list of these`},
		{`"link", {}`, `the list of actions is empty`},
		{`"link", {nl.DROP, 7}`, `the action is a number`},
		{`"link", print`, `the action is a library function`},
		{`"link", nl.counter("c", {"a"}):by("nope")`, `c:by: a link has no field "nope"`},
		{`"link", nl.counter("c", {"a"}):by()`, `c:by takes one field of the event for each of the tags a, got 0`},
		{`"start", nl.DROP`, `start takes a function and no filter`},
	} {
		got := loadErr(t, Config{Source: "local nl = require 'rtnetlink'\nnl.on(" + tc.on + ")"})
		require.Contains(t, got, tc.want, tc.on)
	}
}

func TestMisspelledFieldsAreLoadErrors(t *testing.T) {
	for _, tc := range []struct{ body, want string }{
		{"print(ev.mtuu)", `inline:2: a link has no field "mtuu"; there are: interface, kind, ifindex, mtu, operstate, up, flags, address, ifalias`},
		{"print(ev.old.dst)", `inline:2: a link has no field "dst"`},
		{"print(ev.changed.dst)", `inline:2: a link has no field "dst"`},
		{"ev:tags('a', 'b')", `inline:2: an event has no method "tags"; there are: tag, field, measurement, within, is_default, copy, fields, attribute`},
	} {
		require.Contains(t, loadErr(t, Config{Source: "local nl = require 'rtnetlink' nl.on('link', function(ev)\n" + tc.body + " end)"}), tc.want)
	}
	require.Equal(t, "", loadErr(t, Config{Source: "require('rtnetlink').on('*', function(ev) print(ev.dst, ev.mtu) end)"}))
}
