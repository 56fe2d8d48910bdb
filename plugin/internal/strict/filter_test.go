package strict_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/strict"
)

func TestWhatAFilterKeeps(t *testing.T) {
	for _, c := range []struct {
		filters, class, values string
		keeps                  bool
	}{
		{"", "route", "table=8 interface=v0", true},
		{"route_tables other than main, 8", "route", "table=8", true},
		{"route_tables other than main, 8", "route", "table=9", false},
		{"route_tables other than main", "rule", "table=9 family=inet", true},
		{"route_tables other than main; route_protocols other than bgp", "route", "table=main protocol=static", false},
		{"route_tables other than main; route_protocols other than bgp", "route", "table=main protocol=bgp", true},
		{"families other than inet6", "address", "family=inet", false},
		{"families other than inet6", "link", "interface=v0", true},
		{"families other than inet6", "nexthop", "family=inet", true},
		{"families other than inet6", "mdb", "interface=br0", false},
		{"families other than bridge", "mdb", "interface=br0", true},
		{"interfaces other than v*", "link", "interface=v0", true},
		{"interfaces other than v*", "link", "interface=w0", false},
		{"interfaces other than !v*", "address", "interface=v0 family=inet", false},
		{"interfaces other than !v*", "address", "interface=w0 family=inet", true},
		{"interfaces other than v*, !v1", "link", "interface=v1", false},
		{"interfaces other than v*", "route", "dst=default", true},
		{"interfaces other than v*", "netconf", "interface=all family=inet", true},
		{"interfaces other than v*", "netconf", "interface=all ifindex=5 family=inet", false},
	} {
		f, unknown := strict.ParseFilter(c.filters)
		require.Empty(t, unknown)
		require.Equal(t, c.keeps, f.Keeps(c.class, strict.Values(words(c.values))), "%+v", c)
	}
	_, unknown := strict.ParseFilter("families other than inet; what the scripts drop: a.lua")
	require.Equal(t, "what the scripts drop: a.lua", unknown)
}
