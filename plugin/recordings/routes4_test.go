package recordings

// route4Scenarios are about IPv4 routes.
var route4Scenarios = []scenario{
	{
		// No message tells that the routes are gone, in any table.
		name: "link down takes IPv4 routes along",
		basis: lines(ipv4, "route add 20.0.0.0/24 via 10.0.0.9", "route add 21.0.0.0/24 via 10.0.0.9 table 500",
			"route add broadcast 37.0.0.0/24 dev v0 table local scope host",
			"route add 22.0.0.0/24 nexthop via 10.0.0.9 dev v0 nexthop via 10.1.0.9 dev w0"),
		steps: []string{"link set dev v0 down"},
		want: []string{
			"change link v0: operstate,operstate_code,up,carrier,flags,carrier_changes,carrier_down_count",
			"delete route 21.0.0.0/24 via 10.0.0.9 v0 table 500 (implied)",
			"delete route 10.0.0.0/24 v0 (implied)",
			"delete route 20.0.0.0/24 via 10.0.0.9 v0 (implied)",
			"delete route broadcast 10.0.0.255 v0 table local (implied)",
		},
	},
	{
		// The kernel makes the routes of addresses again; nobody makes the others.
		name:  "link down and up again",
		basis: lines(ipv4, "route add 20.0.0.0/24 via 10.0.0.9", "route add 22.0.0.0/24 nexthop via 10.0.0.9 dev v0 nexthop via 10.1.0.9 dev w0"),
		steps: []string{"link set dev v0 down", "pause 200ms", "link set dev v0 up", "pause 200ms"},
		want: []string{
			"delete route 20.0.0.0/24 via 10.0.0.9 v0 (implied)",
			"change link v0: operstate,operstate_code,up,carrier,flags,carrier_changes,carrier_up_count",
			"new route 10.0.0.0/24 v0",
		},
	},
	{
		name: "last IPv4 address of a link deleted",
		basis: lines(ipv4, "route add 30.0.4.0/24 via 10.1.0.9", "route add 30.0.6.0/24 dev w0 table 500",
			"route add 30.0.7.0/24 nexthop via 10.0.0.9 dev v0 nexthop via 10.1.0.9 dev w0",
			"nexthop add id 1 via 10.1.0.9 dev w0", "route add 40.0.0.0/24 nhid 1"),
		steps: []string{"addr del 10.1.0.1/24 dev w0"},
		want: []string{
			"delete route 30.0.6.0/24 w0 table 500 (implied)",
			"delete route 30.0.4.0/24 via 10.1.0.9 w0 (implied)",
			"delete address 10.1.0.1 /24 w0",
		},
	},
	{
		// Only in the table main: in others the route keeps the dead source.
		name: "preferred source address deleted",
		basis: lines(ipv4, "addr add 10.0.0.2/24 dev v0", "route add 30.0.0.0/24 via 10.0.0.9 src 10.0.0.2",
			"route add 30.0.0.0/24 via 10.0.0.9 src 10.0.0.2 table 500"),
		steps: []string{"addr del 10.0.0.2/24 dev v0"},
		want: []string{
			"delete route 30.0.0.0/24 via 10.0.0.9 v0 (implied)",
			"delete address 10.0.0.2 /24 v0",
		},
	},
	{
		// All of it goes, though one of the paths is alive.
		name:  "link deleted with a path of a multipath route",
		basis: lines(ipv4, "route add 99.0.0.0/24 nexthop via 10.0.0.9 dev v0 nexthop via 10.1.0.9 dev w0"),
		steps: []string{"link del dev v0"},
		want: []string{
			"delete route 99.0.0.0/24 [via 10.0.0.9 dev v0 weight 1; via 10.1.0.9 dev w0 weight 1] (implied)",
			"delete link v0",
		},
	},
	{
		// The kernel's list is 6, 9, 8 in the end: a replacement is of the first.
		name:  "routes with one prefix and metric",
		basis: ipv4,
		steps: []string{
			"route add 20.0.0.0/24 via 10.0.0.9", "route append 20.0.0.0/24 via 10.0.0.8",
			"route prepend 20.0.0.0/24 via 10.0.0.7", "route replace 20.0.0.0/24 via 10.0.0.6",
			"route del 20.0.0.0/24", "route del 20.0.0.0/24 via 10.0.0.8",
		},
		want: []string{
			"new route 20.0.0.0/24 via 10.0.0.9 v0",
			"new route 20.0.0.0/24 via 10.0.0.8 v0",
			"new route 20.0.0.0/24 via 10.0.0.7 v0",
			"change route 20.0.0.0/24 via 10.0.0.6 v0: gateway",
			"delete route 20.0.0.0/24 via 10.0.0.6 v0",
			"delete route 20.0.0.0/24 via 10.0.0.8 v0",
		},
	},
	{
		name:  "the same prefix with other metrics and types of service",
		basis: ipv4,
		steps: []string{
			"route add 20.0.0.0/24 via 10.0.0.9 metric 10", "route add 20.0.0.0/24 via 10.0.0.9 metric 20",
			"route add 20.0.0.0/24 via 10.0.0.8 metric 10 tos 8", "route del 20.0.0.0/24 metric 20",
		},
		want: []string{
			"new route 20.0.0.0/24 via 10.0.0.9 v0 metric 10",
			"new route 20.0.0.0/24 via 10.0.0.9 v0 metric 20",
			"new route 20.0.0.0/24 via 10.0.0.8 v0 metric 10",
			"delete route 20.0.0.0/24 via 10.0.0.9 v0 metric 20",
		},
	},
	{
		name:  "route replaced by itself",
		basis: lines(ipv4, "route add 20.0.0.0/24 via 10.0.0.9"),
		steps: []string{"route replace 20.0.0.0/24 via 10.0.0.9", "route change 20.0.0.0/24 via 10.0.0.9 mtu 1300"},
		want: []string{
			"change route 20.0.0.0/24 via 10.0.0.9 v0: mtu",
		},
	},
	{
		// Flags follow the link and are no change of the route.
		name:  "carrier lost under a route",
		basis: lines(ipv4, "route add 20.0.0.0/24 via 10.0.0.9"),
		steps: []string{"link set dev v1 down", "pause 200ms", "route del 20.0.0.0/24", "link set dev v1 up", "pause 200ms"},
		want: []string{
			"change link v0: operstate,operstate_code,carrier,flags,carrier_changes,carrier_down_count",
			"delete route 20.0.0.0/24 via 10.0.0.9 v0",
		},
	},
	{
		name:  "tables with large numbers and names",
		basis: ipv4,
		steps: []string{
			"route add 34.0.0.0/24 dev v0 table 12345", "route add blackhole 35.0.0.0/8 table default",
			"route add unreachable default metric 4278198272 table 4294967290",
		},
		want: []string{
			"new route 34.0.0.0/24 v0 table 12345",
			"new route blackhole 35.0.0.0/8 table default",
			"new route unreachable default metric 4278198272 table 4294967290",
		},
	},
	{
		name:  "gateway of the other family",
		basis: lines(withoutWaiting, pairV, "addr add 10.0.0.1/24 dev v0", "pause 300ms"),
		steps: []string{
			"route add 20.0.0.0/24 via inet6 fe80::9 dev v0",
			"route add 21.0.0.0/24 nexthop via 10.0.0.9 dev v0 weight 3 nexthop via inet6 fe80::8 dev v0",
		},
		want: []string{
			"new route 20.0.0.0/24 via fe80::9 v0",
			"new route 21.0.0.0/24 [via 10.0.0.9 dev v0 weight 3; via inet6 fe80::8 dev v0 weight 1]",
		},
	},
}
