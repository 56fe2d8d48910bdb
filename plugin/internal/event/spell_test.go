package event

import (
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func TestWordsAreSpelledAsTheFieldDoes(t *testing.T) {
	for _, tt := range []struct {
		object      rtnl.Object
		field, word string
		want        Spelling
	}{
		{rtnl.Route, "dst", "default", Spelling{Text: "default"}},
		{rtnl.Route, "dst", "0.0.0.0/0", Spelling{"default", "inet"}},
		{rtnl.Route, "dst", "::/0", Spelling{"default", "inet6"}},
		{rtnl.Route, "dst", "0:0::0/0", Spelling{"default", "inet6"}},
		{rtnl.Route, "dst", "10.1.2.3/32", Spelling{Text: "10.1.2.3"}},
		{rtnl.Route, "dst", "10.1.2.3", Spelling{Text: "10.1.2.3"}},
		{rtnl.Route, "dst", "10.1.2.0/24", Spelling{Text: "10.1.2.0/24"}},
		{rtnl.Route, "dst", "2001:DB8:0:0::/32", Spelling{Text: "2001:db8::/32"}},
		{rtnl.Route, "dst", "2001:db8::1/128", Spelling{Text: "2001:db8::1"}},
		{rtnl.Route, "dst", "::192.0.2.1/128", Spelling{Text: "::192.0.2.1"}},
		{rtnl.Route, "dst", "100", Spelling{Text: "100"}}, // an MPLS label
		{rtnl.Rule, "src", "all", Spelling{Text: "all"}},
		{rtnl.Rule, "src", "0.0.0.0/0", Spelling{"all", "inet"}},
		{rtnl.Route, "gateway", "FE80::1", Spelling{Text: "fe80::1"}},
		{rtnl.Route, "gateway", "192.0.2.1/32", Spelling{Text: "192.0.2.1"}},
		{rtnl.Address, "local", "2001:0db8::0001", Spelling{Text: "2001:db8::1"}},
		{rtnl.Route, "table", "main", Spelling{Text: "main"}},
		{rtnl.Route, "table", "254", Spelling{Text: "main"}},
		{rtnl.Rule, "table", "0xfe", Spelling{Text: "main"}},
		{rtnl.Route, "table", "1000", Spelling{Text: "1000"}},
		{rtnl.Route, "protocol", "186", Spelling{Text: "bgp"}},
		{rtnl.Address, "protocol", "1", Spelling{Text: "kernel_lo"}},
		{rtnl.Route, "scope", "253", Spelling{Text: "link"}},
		{rtnl.Link, "group", "0", Spelling{Text: "default"}},
		{rtnl.Link, "address", "02-00-00-00-00-AB", Spelling{Text: "02:00:00:00:00:ab"}},
		{rtnl.Link, "address", "0200.0000.00ab", Spelling{Text: "02:00:00:00:00:ab"}},
		{rtnl.Link, "address", "10.0.0.1", Spelling{Text: "10.0.0.1"}},
		{rtnl.Neighbor, "lladdr", "02:AB", Spelling{Text: "02:ab"}},
		{rtnl.Link, "flags", "up", Spelling{Text: "UP"}},
		{rtnl.Link, "flags", "0x10000", Spelling{Text: "10000"}},
		{rtnl.Route, "flags", "onlink", Spelling{Text: "onlink"}},
		{rtnl.Address, "flags", "temporary", Spelling{Text: "temporary"}},
		{rtnl.Neighbor, "flags", "sticky", Spelling{Text: "sticky"}},
		{rtnl.MDB, "flags", "OFFLOAD", Spelling{Text: "offload"}},
		{rtnl.VLAN, "flags", "pvid", Spelling{Text: "PVID"}},
		{rtnl.VLAN, "flags", "egress untagged", Spelling{Text: "Egress Untagged"}},
		{rtnl.Link, "vlan_flags", "gvrp", Spelling{Text: "GVRP"}},
		{rtnl.Link, "interface", "eth0.100", Spelling{Text: "eth0.100"}},
	} {
		got, err := Speller(tt.object, tt.field)(tt.word)
		require.NoError(t, err, "%s %s", tt.field, tt.word)
		require.Equal(t, tt.want, got, "%s %s", tt.field, tt.word)
	}
}

func TestWhatAFieldCanNeverBeIsRefused(t *testing.T) {
	for _, tt := range []struct {
		object            rtnl.Object
		field, word, want string
	}{
		{rtnl.Route, "dst", "10.1.2.3/24", `bits are set behind the prefix's length; the kernel has "10.1.2.0/24"`},
		{rtnl.Route, "dst", "10/8", `it is a prefix such as "192.0.2.0/24", an address for one of full length, or "default"`},
		{rtnl.Route, "dst", "any", `it is a prefix such as`},
		{rtnl.Route, "dst", "10.0.0.0/33", `it is a prefix such as`},
		{rtnl.Rule, "src", "default", `, or "all"`},
		{rtnl.Rule, "dst", "0.0.0.0/0", `it is absent for any; write = false`},
		{rtnl.Route, "gateway", "10.0.0.0/8", `it is an address; for those in a prefix write within = {field = "10.0.0.0/8"}`},
		{rtnl.Route, "gateway", "fe80::1%eth0", `it is an address such as`},
		{rtnl.Route, "table", "mian", `/etc/iproute2/rt_tables has no routing table of that name; there are: unspec, default, main, local, and numbers up to 4294967295`},
		{rtnl.Route, "protocol", "256", `and numbers up to 255`},
		{rtnl.Route, "protocol", "-1", `has no protocol of that name`},
		{rtnl.Route, "table", "254.5", `has no routing table of that name`},
		{rtnl.Link, "interface", "averylonginterface", `a link's name has at most 15 bytes, and no slash or space`},
		{rtnl.Link, "interface", "eth 0", `no slash or space`},
		{rtnl.Link, "address", "02:00:zz", `it is a link-layer address such as "02:00:00:00:00:01"`},
		{rtnl.VLAN, "flags", "untagged", "it is one of: Egress Untagged, PVID"},
		{rtnl.Link, "vlan_flags", "gvpr", "it is one of: BRIDGE_BINDING, GVRP"},
		{rtnl.Link, "flags", "RUNNING", `it is one of: ALLMULTI, AUTOMEDIA, BROADCAST`},
	} {
		_, err := Speller(tt.object, tt.field)(tt.word)
		require.ErrorContains(t, err, tt.want, "%s %s", tt.field, tt.word)
	}
}

func TestOtherTextsAreAnything(t *testing.T) {
	require.Nil(t, Speller(rtnl.Link, "ifalias"))
	require.Nil(t, Speller(rtnl.Nexthop, "group"), "not a group of links")
}
