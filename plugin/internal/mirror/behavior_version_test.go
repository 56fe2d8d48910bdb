package mirror

// versionBehaviors are those that came with a version of the kernel, beside what
// older ones do in their place (kernel.md, "What came with a version").
var versionBehaviors = []behavior{
	{
		name:    "a link that is up gets another name",
		since:   "6.2",
		trigger: []string{"link set dev v0 name t0"},
		says:    []string{"NEWlink f0 interface=t0 flags=BROADCAST,MULTICAST,UP,LOWER_UP", "NEWaddress local=10.0.0.1 label=t0"},
		gone:    []string{"link interface=v0"},
		reports: []string{"notify change link interface=t0"},
	},
	{
		name:    "a link that is up keeps its name",
		before:  "6.2",
		trigger: []string{"?link set dev v0 name t0"},
		silent:  []string{"NEWlink", "NEWaddress"},
		kept:    []string{"link interface=v0", "address interface=v0 local=10.0.0.1 label=v0"},
	},
	{
		name:    "links that are down swap their names",
		setup:   []string{"link set dev v0 down", "link set dev w0 down"},
		trigger: []string{"link set dev v0 name t0", "link set dev w0 name v0", "link set dev t0 name w0"},
		says:    []string{"NEWlink f0 interface=t0", "NEWlink f0 interface=v0", "NEWlink f0 interface=w0"},
		gone:    []string{"address interface=v0 local=10.0.0.1 label=v0", "address interface=w0 local=10.1.0.1 label=w0"},
		born:    []string{"address interface=w0 local=10.0.0.1 label=w0", "address interface=v0 local=10.1.0.1 label=v0"},
	},
	{
		name:    "resilient groups are refused",
		before:  "5.13",
		setup:   []string{"nexthop add id 1 via 10.0.0.9 dev v0"},
		trigger: []string{"?nexthop add id 6 group 1 type resilient buckets 8"},
		silent:  []string{"NEWnexthop"},
	},
	{
		name:    "members of groups have weights of 16 bits",
		since:   "6.12",
		setup:   []string{"nexthop add id 1 via 10.0.0.9 dev v0", "nexthop add id 2 via 10.1.0.9 dev w0"},
		trigger: []string{"nexthop add id 6 group 1,1000/2"},
		says:    []string{"NEWnexthop id=6 group=1,1000;2,1"},
		born:    []string{"nexthop id=6 group=1,1000;2,1"},
	},
	{
		name:    "members of groups have weights of 8 bits",
		before:  "6.12",
		setup:   []string{"nexthop add id 1 via 10.0.0.9 dev v0", "nexthop add id 2 via 10.1.0.9 dev w0"},
		trigger: []string{"?nexthop add id 6 group 1,1000/2", "nexthop add id 7 group 1,200/2"},
		silent:  []string{"NEWnexthop id=6"},
		born:    []string{"nexthop id=7 group=1,200;2,1"},
	},
	{
		name:    "a neighbor that the kernel looks after says so",
		since:   "5.16",
		trigger: []string{"neigh add 10.0.0.61 dev v0 nud none managed"},
		says:    []string{"NEWneighbor dst=10.0.0.61 flags=managed"},
	},
	{
		name:    "an unknown flag of a neighbor is ignored",
		before:  "5.16",
		trigger: []string{"neigh add 10.0.0.61 lladdr 02:00:00:00:00:61 dev v0 managed"},
		says:    []string{"NEWneighbor dst=10.0.0.61"},
		born:    []string{"neighbor dst=10.0.0.61 !flags=managed"},
	},
	{
		name:    "rules choose by DSCP",
		since:   "6.12",
		trigger: []string{"rule add dscp 46 pref 100 table 500"},
		says:    []string{"NEWrule priority=100 dscp=46"},
		born:    []string{"rule priority=100 dscp=46"},
	},
	{
		name:    "a selector that the kernel does not know is ignored",
		before:  "6.12",
		trigger: []string{"rule add dscp 46 pref 100 table 500"},
		says:    []string{"NEWrule priority=100"},
		born:    []string{"rule priority=100 !dscp=46"},
	},
}
