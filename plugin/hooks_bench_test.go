package plugin

import (
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/eventtest"
	"telegraf-rtnetlink/plugin/internal/metric"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// BenchmarkHooks is what hooks cost with the kernel's messages behind the
// events: the fields that a filter or function reads are decoded. Each event is
// a new one, so that nothing is left of the one before.
func BenchmarkHooks(b *testing.B) {
	for _, tc := range []struct{ name, source string }{
		{"no hook for the class", `nl.on("link", nl.DROP)`},
		{"filter by action", `nl.on("route", {action = "delete"}, function(ev) end)`},
		{"filter by table", `nl.on("route", {table = "local"}, function(ev) end)`},
		{"filter by protocol", `nl.on("route", {protocol = "kernel"}, function(ev) end)`},
		{"filter by interface", `nl.on("route", {interface = "eth1"}, function(ev) end)`},
		{"filter by dst", `nl.on("route", {dst = "default"}, function(ev) end)`},
		{"predicate", `nl.on("route", function(ev) return not (ev.action == "new" and ev.protocol == "bgp" and ev.metric > 5000) end)`},
		{"predicate that is called", `nl.on("route", function(ev) return not (ev.action == "new" and ev.protocol == "bgp" and ev.metric + 0 > 5000) end)`},
		{"count", `nl.on("route", {nl.counter("c", {"table", "what"}):by("table", "action"), nl.DROP})`},
		{"tag", `nl.on("route", function(ev) ev:tag("a", ev.protocol) end)`},
	} {
		b.Run(tc.name, func(b *testing.B) { benchHooks(b, tc.source) })
	}
}

func benchHooks(b *testing.B, source string) {
	rt, err := luahooks.New(luahooks.Options{Schema: Schema(), Host: silentHost{}, Scripts: []luahooks.Config{{
		Source: "local nl = require 'rtnetlink'\n" + source,
	}}})
	require.NoError(b, err)
	defer func() { require.NoError(b, rt.Close()) }()
	body := eventtest.RouteBody("\x0a\x01\x00\x02", 1000)
	ev := eventtest.Change(rtnl.Route, nil, body)
	build, a := metric.New(true), &adapter{Event: ev}
	rt.Begin()
	defer rt.End()
	b.ReportAllocs()
	for b.Loop() {
		ev.New.Reset(rtnl.Route, body, eventtest.Links{})
		rt.Run(a, build)
		build.Discard()
	}
}
