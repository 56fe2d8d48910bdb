package recordings

// groups is a nexthop object over each link, a group of both, and routes.
var groups = lines(ipv4, "nexthop add id 1 via 10.0.0.9 dev v0", "nexthop add id 2 via 10.1.0.9 dev w0",
	"nexthop add id 20 group 1/2,3", "nexthop add id 21 group 2", "route add 40.0.0.0/24 nhid 1",
	"route add 40.0.1.0/24 nhid 20", "route add 40.0.2.0/24 nhid 21")

// nexthopScenarios are about nexthop objects.
var nexthopScenarios = []scenario{
	{
		// Objects, members of groups, empty groups and routes go without a message.
		name:  "link down takes nexthop objects along",
		basis: groups,
		steps: []string{"link set dev w0 down"},
		want: []string{
			"change link w0: operstate,operstate_code,up,carrier,flags,carrier_changes,carrier_down_count",
			"change nexthop 20 1,1 (implied): group",
			"delete route 40.0.2.0/24 nhid 21 (implied)",
			"delete nexthop 21 2,1 (implied)",
			"delete nexthop 2 via 10.1.0.9 w0 (implied)",
		},
	},
	{
		name:  "carrier loss takes nexthop objects along",
		basis: groups,
		steps: []string{"link set dev w1 down", "pause 200ms"},
		want: []string{
			"change link w0: operstate,operstate_code,carrier,flags,carrier_changes,carrier_down_count",
			"change nexthop 20 1,1 (implied): group",
			"delete route 40.0.2.0/24 nhid 21 (implied)",
			"delete nexthop 21 2,1 (implied)",
			"delete nexthop 2 via 10.1.0.9 w0 (implied)",
		},
	},
	{
		// The groups are announced, the routes are not.
		name:  "nexthop object deleted",
		basis: groups,
		steps: []string{"nexthop del id 2"},
		want: []string{
			"change nexthop 20 1,1 (implied): group",
			"delete route 40.0.2.0/24 nhid 21 (implied)",
			"delete nexthop 21 2,1 (implied)",
			"delete nexthop 2 via 10.1.0.9 w0",
		},
	},
	{
		name:  "nexthop group deleted",
		basis: groups,
		steps: []string{"nexthop del id 20"},
		want: []string{
			"delete route 40.0.1.0/24 nhid 20 (implied)",
			"delete nexthop 20 1,1;2,3",
		},
	},
	{
		// Routes over it are announced as if they were replaced.
		name:  "nexthop object replaced",
		basis: lines(groups, "route append 40.0.0.0/24 via 10.0.0.8"),
		steps: []string{"nexthop replace id 1 via 10.0.0.8 dev v0", "nexthop replace id 20 group 2"},
		want: []string{
			"change nexthop 1 via 10.0.0.8 v0: gateway",
			"change nexthop 20 2,1: group",
		},
	},
	{
		name:  "nexthop object replaced without a word about routes",
		basis: lines(groups, "sysctl net.ipv4.nexthop_compat_mode 0"),
		steps: []string{"nexthop replace id 1 via 10.0.0.8 dev v0", "nexthop del id 2"},
		want: []string{
			"change nexthop 1 via 10.0.0.8 v0: gateway",
			"change nexthop 20 1,1 (implied): group",
			"delete route 40.0.2.0/24 nhid 21 (implied)",
			"delete nexthop 2 via 10.1.0.9 w0",
		},
	},
	{
		name:  "nexthop objects of all kinds",
		basis: lines(ipv6, "link set dev lo up"),
		steps: []string{
			"nexthop add id 41 via 2001:db8:1::9 dev v0", "nexthop add id 42 via fe80::9 dev w0 proto bgp",
			"nexthop add id 60 group 41/42,3", "route add 2001:db8:a::/64 nhid 60", "nexthop add id 9 blackhole",
			"nexthop add id 10 via 10.9.0.9 dev v0 onlink", "nexthop del id 41",
		},
		want: []string{
			"new nexthop 41 via 2001:db8:1::9 v0",
			"new nexthop 42 via fe80::9 w0",
			"new nexthop 60 41,1;42,3",
			"new route 2001:db8:a::/64 nhid 60 metric 1024",
			"new nexthop 9",
			"new nexthop 10 via 10.9.0.9 v0",
			"change nexthop 60 42,3 (implied): group",
			"delete nexthop 41 via 2001:db8:1::9 v0",
		},
	},
}
