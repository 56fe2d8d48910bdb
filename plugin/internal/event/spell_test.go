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
		{rtnl.Nexthop, "group", "1/2", Spelling{Text: "1,1;2,1"}},
		{rtnl.Nexthop, "group", "7,3/8", Spelling{Text: "7,3;8,1"}},
		{rtnl.Nexthop, "group", "7,65536;8,1", Spelling{Text: "7,65536;8,1"}},
		{rtnl.Rule, "dport", "80-90", Spelling{Text: "80-90"}},
		{rtnl.Rule, "dport", "80-80", Spelling{Text: "80"}},
		{rtnl.Rule, "sport", "053", Spelling{Text: "53"}},
		{rtnl.Rule, "uid_range", "0", Spelling{Text: "0-0"}},
		{rtnl.Rule, "fwmark", "16", Spelling{Text: "0x10"}},
		{rtnl.Rule, "fwmark", "0X0a", Spelling{Text: "0xa"}},
		{rtnl.Rule, "fwmark", "0", Spelling{Text: "0"}},
		{rtnl.MDB, "group", "FF02::99", Spelling{Text: "ff02::99"}},
		{rtnl.MDB, "group", "03-00-5E-00-00-01", Spelling{Text: "03:00:5e:00:00:01"}},
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
		{rtnl.Nexthop, "group", "one", `it is a list of objects and weights such as "1,5;2,1"`},
		{rtnl.Nexthop, "group", "1,0", `it is a list of objects`},
		{rtnl.Nexthop, "group", "/", `it is a list of objects`},
		{rtnl.Rule, "dport", "90-80", `it is a port, or a range of ports such as "80-90" with the lower one first`},
		{rtnl.Rule, "dport", "65536", `it is a port`},
		{rtnl.Rule, "dport", "http", `it is a port`},
		{rtnl.Rule, "uid_range", "9-1", `it is a range of users such as "1000-1999", the lower one first`},
		{rtnl.Rule, "fwmark", "0x5/0xff", `it is a number of 32 bits such as "0x10"`},
		{rtnl.Rule, "dscp_mask", "0x100", `it is a number of 8 bits`},
		{rtnl.MDB, "src", "192.0.2.0/24", `it is an address; for those in a prefix`},
		{rtnl.Link, "flags", "RUNNING", `it is one of: ALLMULTI, AUTOMEDIA, BROADCAST`},
	} {
		_, err := Speller(tt.object, tt.field)(tt.word)
		require.ErrorContains(t, err, tt.want, "%s %s", tt.field, tt.word)
	}
}

func TestOtherTextsAreAnything(t *testing.T) {
	require.Nil(t, Speller(rtnl.Link, "ifalias"))
	require.Nil(t, Speller(rtnl.Rule, "group"), "of links, of nexthop objects, and of multicast, each by itself")
}
