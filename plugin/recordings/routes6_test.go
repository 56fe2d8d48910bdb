package recordings

// v6 is one link with an IPv6 address.
var v6 = lines(withoutWaiting, pairV, "addr add 2001:db8:1::1/64 dev v0 nodad", "pause 300ms")

// route6Scenarios are about IPv6 routes.
var route6Scenarios = []scenario{
	{
		// Both messages carry the whole group, the new path first.
		name:  "IPv6 paths appended and prepended",
		basis: ipv6,
		steps: []string{
			"route add 2001:db8:a::/64 via 2001:db8:1::9", "route append 2001:db8:a::/64 via 2001:db8:2::8",
			"route prepend 2001:db8:a::/64 via 2001:db8:2::7",
		},
		want: []string{
			"new route 2001:db8:a::/64 via 2001:db8:1::9 v0 metric 1024",
			"change route 2001:db8:a::/64 [via 2001:db8:1::9 dev v0 weight 1; via 2001:db8:2::8 dev w0 weight 1] metric 1024: interface,ifindex,gateway,nexthop_count,nexthops",
			"change route 2001:db8:a::/64 [via 2001:db8:1::9 dev v0 weight 1; via 2001:db8:2::8 dev w0 weight 1; via 2001:db8:2::7 dev w0 weight 1] metric 1024: nexthop_count,nexthops",
		},
	},
	{
		name:  "one path of an IPv6 group deleted",
		basis: lines(ipv6, "route add 2001:db8:c::/64 nexthop via 2001:db8:1::9 nexthop via 2001:db8:1::8 nexthop via 2001:db8:2::9"),
		steps: []string{"route del 2001:db8:c::/64 via 2001:db8:1::8", "route del 2001:db8:c::/64"},
		want: []string{
			"change route 2001:db8:c::/64 [via 2001:db8:1::9 dev v0 weight 1; via 2001:db8:2::9 dev w0 weight 1] metric 1024: nexthop_count,nexthops",
			"delete route 2001:db8:c::/64 [via 2001:db8:1::9 dev v0 weight 1; via 2001:db8:2::9 dev w0 weight 1] metric 1024",
		},
	},
	{
		// Each path has its own; the route shows those of the first.
		name:  "protocol and metrics of an IPv6 group",
		basis: ipv6,
		steps: []string{
			"route add 2001:db8:e::/64 via 2001:db8:1::9 proto bird",
			"route append 2001:db8:e::/64 via 2001:db8:2::9 proto static mtu 1400",
			"route del 2001:db8:e::/64 via 2001:db8:1::9",
		},
		want: []string{
			"new route 2001:db8:e::/64 via 2001:db8:1::9 v0 metric 1024",
			"change route 2001:db8:e::/64 [via 2001:db8:1::9 dev v0 weight 1; via 2001:db8:2::9 dev w0 weight 1] metric 1024: interface,ifindex,gateway,nexthop_count,nexthops",
		},
	},
	{
		// The first of the same class goes: not the one over the same link, and
		// not the group.
		name:  "IPv6 route replaced among others",
		basis: ipv6,
		steps: []string{
			"route add 2001:db8:f::/64 via 2001:db8:1::9", "route append 2001:db8:f::/64 via 2001:db8:2::9",
			"route append 2001:db8:f::/64 dev v0", "route append 2001:db8:f::/64 dev w0",
			"route replace 2001:db8:f::/64 dev w0 mtu 1300", "route replace 2001:db8:f::/64 via 2001:db8:1::8",
		},
		want: []string{
			"new route 2001:db8:f::/64 v0 metric 1024",
			"new route 2001:db8:f::/64 w0 metric 1024",
			"change route 2001:db8:f::/64 w0 metric 1024: interface,ifindex,mtu",
			"change route 2001:db8:f::/64 via 2001:db8:1::8 v0 metric 1024: interface,ifindex,gateway,nexthop_count,nexthops",
		},
	},
	{
		name: "link down takes IPv6 routes along",
		basis: lines(ipv6, "route add 2001:db8:a::/64 via 2001:db8:1::9", "route add 2001:db8:b::/64 via 2001:db8:1::9 table 500",
			"route add 2001:db8:c::/64 nexthop via 2001:db8:1::9 nexthop via 2001:db8:2::9"),
		steps: []string{"link set dev v0 down"},
		want: []string{
			"delete route 2001:db8:b::/64 via 2001:db8:1::9 v0 metric 1024 table 500 (implied)",
			"delete route 2001:db8:a::/64 via 2001:db8:1::9 v0 metric 1024 (implied)",
			"delete address 2001:db8:1::1 /64 v0",
		},
	},
	{
		name:       "link down takes IPv6 routes along silently",
		privileged: true,
		basis: lines(ipv6, "sysctl net.ipv6.route.skip_notify_on_dev_down 1", "route add 2001:db8:a::/64 via 2001:db8:1::9",
			"route add 2001:db8:c::/64 nexthop via 2001:db8:1::9 nexthop via 2001:db8:2::9"),
		steps: []string{"link set dev v0 down"},
		want: []string{
			"delete route 2001:db8:a::/64 via 2001:db8:1::9 v0 metric 1024 (implied)",
			"delete route local 2001:db8:1::1 v0 metric 0 table local (implied)",
			"delete address 2001:db8:1::1 /64 v0",
		},
	},
	{
		// The route stays, without its source.
		name: "preferred source of an IPv6 route deleted",
		basis: lines(v6, "addr add 2001:db8:1::2/64 dev v0 nodad",
			"route add 2001:db8:60::/64 via 2001:db8:1::9 src 2001:db8:1::2"),
		steps: []string{"addr del 2001:db8:1::2/64 dev v0"},
		want: []string{
			"change route 2001:db8:60::/64 via 2001:db8:1::9 v0 metric 1024 (implied): prefsrc",
			"delete address 2001:db8:1::2 /64 v0",
		},
	},
	{
		name:  "IPv6 route hidden from dumps",
		basis: v6,
		steps: []string{
			"route add 2001:db8:a::/64 via 2001:db8:1::5", "route append 2001:db8:a::/64 dev v0",
			"route append 2001:db8:a::/64 via 2001:db8:1::6", "route del 2001:db8:a::/64 via 2001:db8:1::6",
		},
		want: []string{
			"new route 2001:db8:a::/64 v0 metric 1024",
			"change route 2001:db8:a::/64 [via 2001:db8:1::5 dev v0 weight 1; via 2001:db8:1::6 dev v0 weight 1] metric 1024: interface,ifindex,gateway,nexthop_count,nexthops",
			"change route 2001:db8:a::/64 via 2001:db8:1::5 v0 metric 1024: interface,ifindex,gateway,nexthop_count,nexthops",
		},
	},
	{
		name:  "forwarding turned on",
		basis: v6,
		steps: []string{"sysctl net.ipv6.conf.v0.forwarding 1", "pause 200ms", "sysctl net.ipv6.conf.v0.forwarding 0"},
		want: []string{
			"new route anycast 2001:db8:1:: v0 metric 0 table local",
			"delete route anycast 2001:db8:1:: v0 metric 0 table local",
		},
	},
	{
		name:  "IPv6 routes of all types",
		basis: v6,
		steps: []string{
			"route add blackhole 2001:db8:a::/48", "route add unreachable 2001:db8:b::/48 metric 5",
			"route add prohibit 2001:db8:c::/48 table 100", "route add 2001:db8:d::/64 from 2001:db8:1::/64 via 2001:db8:1::9",
			"route add 2001:db8:e::/64 via 2001:db8:1::9 pref low", "route del blackhole 2001:db8:a::/48",
		},
		want: []string{
			"new route blackhole 2001:db8:a::/48 lo metric 1024",
			"new route unreachable 2001:db8:b::/48 lo metric 5",
			"new route prohibit 2001:db8:c::/48 lo metric 1024 table 100",
			"new route 2001:db8:d::/64 via 2001:db8:1::9 v0 metric 1024",
			"delete route blackhole 2001:db8:a::/48 lo metric 1024",
		},
	},
	{
		// An expired route stays until the kernel cleans up.
		name:       "IPv6 route expires",
		privileged: true,
		basis:      lines(v6, "sysctl net.ipv6.route.gc_interval 1"),
		steps:      []string{"route add 2001:db8:70::/64 dev v0 expires 1", "pause 4s"},
		want: []string{
			"new route 2001:db8:70::/64 v0 metric 1024", "delete route 2001:db8:70::/64 v0 metric 1024",
		},
	},
}
