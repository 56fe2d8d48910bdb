package mirror

var nexthopBehaviors = []behavior{
	{
		name: "a link that goes down takes nexthop objects and what hangs on them along silently",
		setup: []string{"nexthop add id 1 via 10.0.0.9 dev v0", "nexthop add id 2 via 10.1.0.9 dev w0", "nexthop add id 20 group 1/2", "nexthop add id 21 group 1",
			"route add 40.0.0.0/24 nhid 1", "route add 40.0.1.0/24 nhid 20", "route add 40.0.2.0/24 nhid 21"},
		trigger: []string{"link set dev v0 down"},
		silent:  []string{"DELnexthop", "NEWnexthop", "DELroute family=inet"},
		gone:    []string{"nexthop id=1", "nexthop id=21", "nexthop id=20 group=1,1;2,1", "route dst=40.0.0.0/24", "route dst=40.0.2.0/24"},
		born:    []string{"nexthop id=20 group=2,1"},
		kept:    []string{"route dst=40.0.1.0/24", "nexthop id=2"},
		reports: []string{"notify change link interface=v0", "implied delete nexthop id=1"},
	},
	{
		name:    "a lost carrier takes nexthop objects along silently",
		setup:   []string{"nexthop add id 1 via 10.0.0.9 dev v0", "nexthop add id 2 via 10.1.0.9 dev w0", "nexthop add id 20 group 1/2", "route add 40.0.0.0/24 nhid 1", "route add 40.0.1.0/24 nhid 20"},
		trigger: []string{"link set dev v1 down"},
		says:    []string{"NEWlink interface=v0 carrier=0"},
		silent:  []string{"DELnexthop", "NEWnexthop", "DELroute family=inet"},
		gone:    []string{"nexthop id=1", "route dst=40.0.0.0/24"},
		kept:    []string{"route dst=40.0.1.0/24"},
	},
	{
		name:    "a deleted link takes nexthop objects along silently",
		setup:   []string{"nexthop add id 1 via 10.0.0.9 dev v0", "nexthop add id 20 group 1", "route add 40.0.1.0/24 nhid 20"},
		trigger: []string{"link del dev v0"},
		silent:  []string{"DELnexthop"},
		gone:    []string{"nexthop id=1", "nexthop id=20", "route dst=40.0.1.0/24"},
	},
	{
		name: "a deleted nexthop object shrinks groups aloud and takes IPv4 routes along silently",
		setup: []string{"nexthop add id 1 via 10.0.0.9 dev v0", "nexthop add id 2 via 10.1.0.9 dev w0", "nexthop add id 20 group 1/2", "nexthop add id 21 group 1",
			"route add 40.0.0.0/24 nhid 1", "route add 40.0.1.0/24 nhid 20", "route add 40.0.2.0/24 nhid 21"},
		trigger: []string{"nexthop del id 1"},
		says:    []string{"NEWnexthop id=20 group=2,1"},
		silent:  []string{"DELroute"},
		gone:    []string{"nexthop id=1", "nexthop id=21", "route dst=40.0.0.0/24", "route dst=40.0.2.0/24"},
		kept:    []string{"route dst=40.0.1.0/24"},
		reports: []string{"implied delete route dst=40.0.0.0/24"},
	},
	{
		name:    "a deleted nexthop object takes IPv6 routes along",
		setup:   []string{"nexthop add id 1 via 2001:db8:1::9 dev v0", "route add 2001:db8:40::/64 nhid 1"},
		trigger: []string{"nexthop del id 1"},
		says:    []string{"DELnexthop id=1", "DELroute dst=2001:db8:40::/64"},
		gone:    []string{"route dst=2001:db8:40::/64"},
	},
	{
		name:    "a deleted nexthop object takes IPv6 routes along silently where they need not know it",
		setup:   []string{"sysctl net.ipv4.nexthop_compat_mode 0", "nexthop add id 1 via 2001:db8:1::9 dev v0", "route add 2001:db8:40::/64 nhid 1"},
		trigger: []string{"nexthop del id 1"},
		says:    []string{"DELnexthop id=1"},
		silent:  []string{"DELroute"},
		gone:    []string{"route dst=2001:db8:40::/64"},
	},
	{
		name: "a replaced nexthop object repeats the routes over it, which replaces none",
		setup: []string{"nexthop add id 1 via 10.0.0.9 dev v0", "route add 40.0.0.0/24 via 10.1.0.9", "route append 40.0.0.0/24 nhid 1", "nexthop add id 3 via 2001:db8:1::9 dev v0",
			"route add 2001:db8:40::/64 dev w0", "route append 2001:db8:40::/64 nhid 3"},
		trigger: []string{"nexthop replace id 1 via 10.0.0.8 dev v0", "nexthop replace id 3 via 2001:db8:1::8 dev v0"},
		says:    []string{"NEWnexthop flags:CR id=1", "NEWroute flags:R dst=40.0.0.0/24 nhid=1", "NEWroute flags:R dst=2001:db8:40::/64 nhid=3"},
		kept:    []string{"route dst=40.0.0.0/24 gateway=10.1.0.9", "route dst=40.0.0.0/24 nhid=1", "route dst=2001:db8:40::/64 interface=w0"},
	},
	{
		name:    "a nexthop object changes the flags of routes silently",
		setup:   []string{"sysctl net.ipv4.nexthop_compat_mode 0", "nexthop add id 1 via 10.0.0.9 dev v0", "route add 40.0.0.0/24 nhid 1"},
		trigger: []string{"nexthop replace id 1 via 99.0.0.9 dev v0 onlink"},
		silent:  []string{"NEWroute"},
		born:    []string{"nexthop id=1 flags=onlink"},
		kept:    []string{"route dst=40.0.0.0/24 nhid=1"},
	},
	{
		name:    "a replaced nexthop object repeats no routes where they need not know it",
		setup:   []string{"sysctl net.ipv4.nexthop_compat_mode 0", "nexthop add id 1 via 10.0.0.9 dev v0", "route add 40.0.0.0/24 nhid 1"},
		trigger: []string{"nexthop replace id 1 via 10.0.0.8 dev v0"},
		says:    []string{"NEWnexthop id=1 gateway=10.0.0.8"},
		silent:  []string{"NEWroute"},
		kept:    []string{"route dst=40.0.0.0/24 nhid=1"},
	},
}

var neighborBehaviors = []behavior{
	{
		name:    "a search for a neighbor is announced when it fails",
		trigger: []string{"datagram 10.0.0.77"},
		says:    []string{"NEWneighbor dst=10.0.0.77 state=failed"},
		silent:  []string{"NEWneighbor state=incomplete"},
	},
	{
		name:    "a neighbor in use is delayed silently",
		setup:   []string{"neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0 nud stale", "sysctl net.ipv4.neigh.v0.delay_first_probe_time 60"},
		trigger: []string{"datagram 10.0.0.5"},
		silent:  []string{"NEWneighbor"},
		gone:    []string{"neighbor dst=10.0.0.5 state=stale"},
		born:    []string{"neighbor dst=10.0.0.5 state=delay"},
	},
	{
		name:    "a neighbor that never was is deleted",
		trigger: []string{"neigh add 10.0.0.53 lladdr 02:00:00:00:00:53 dev v0 nud noarp", "neigh del 10.0.0.53 dev v0"},
		says:    []string{"DELneighbor dst=10.0.0.53"},
	},
	{
		name:    "a lost carrier spares permanent neighbors",
		setup:   []string{"neigh add 10.0.0.54 lladdr 02:00:00:00:00:54 dev v0", "neigh add 10.0.0.55 lladdr 02:00:00:00:00:55 dev v0 nud reachable"},
		trigger: []string{"link set dev v1 down"},
		says:    []string{"DELneighbor dst=10.0.0.55"},
		gone:    []string{"neighbor dst=10.0.0.55"},
		kept:    []string{"neighbor dst=10.0.0.54"},
	},
	{
		name:    "another link-layer address takes all neighbors along",
		setup:   []string{"neigh add 10.0.0.54 lladdr 02:00:00:00:00:54 dev v0"},
		trigger: []string{"link set dev v0 address 02:00:00:00:cc:dd"},
		says:    []string{"DELneighbor dst=10.0.0.54"},
		gone:    []string{"neighbor dst=10.0.0.54"},
	},
	{
		name:    "proxies come and go silently",
		trigger: []string{"neigh add proxy 10.0.0.60 dev v0", "neigh add 10.0.0.60 lladdr 02:00:00:00:00:60 dev v0"},
		says:    []string{"NEWneighbor dst=10.0.0.60 lladdr=02:00:00:00:00:60"},
		silent:  []string{"NEWneighbor flags=proxy"},
		born:    []string{"neighbor dst=10.0.0.60 flags=proxy", "neighbor dst=10.0.0.60 state=permanent"},
	},
}

// bridged is a bridge with two ports, and the ends of both.
var bridged = []string{"link add name br0 type bridge", "link set dev br0 up", "link set dev v0 master br0", "link set dev w0 master br0"}

var forwardingBehaviors = []behavior{
	{
		name:    "a MAC moves from port to port without a deletion",
		setup:   append(bridged[:len(bridged):len(bridged)], "frame v1 02:00:00:00:aa:01"),
		trigger: []string{"frame w1 02:00:00:00:aa:01", "frame v1 02:00:00:00:aa:01", "frame w1 02:00:00:00:aa:01"},
		says:    []string{"NEWneighbor f7 interface=w0 lladdr=02:00:00:00:aa:01", "NEWneighbor f7 interface=v0 lladdr=02:00:00:00:aa:01"},
		silent:  []string{"DELneighbor f7 lladdr=02:00:00:00:aa:01"},
		gone:    []string{"neighbor interface=v0 lladdr=02:00:00:00:aa:01"},
		born:    []string{"neighbor interface=w0 lladdr=02:00:00:00:aa:01"},
	},
	{
		name:    "an entry is replaced by one of another port",
		setup:   append(bridged[:len(bridged):len(bridged)], "fdb add 02:00:00:00:aa:02 dev v0 master static"),
		trigger: []string{"fdb replace 02:00:00:00:aa:02 dev w0 master static"},
		says:    []string{"NEWneighbor f7 interface=w0 lladdr=02:00:00:00:aa:02"},
		silent:  []string{"DELneighbor f7 lladdr=02:00:00:00:aa:02"},
	},
	{
		name:    "a port takes its entries along",
		setup:   append(bridged[:len(bridged):len(bridged)], "fdb add 02:00:00:00:aa:02 dev v0 master static", "frame v1 02:00:00:00:aa:01"),
		trigger: []string{"link set dev v0 nomaster"},
		gone:    []string{"neighbor lladdr=02:00:00:00:aa:02", "neighbor lladdr=02:00:00:00:aa:01"},
	},
	{
		name:    "a tunnel's entry moves to another endpoint without a deletion",
		needs:   "vxlan id 9 dstport 4789",
		setup:   []string{"link add name vx0 type vxlan id 5 dstport 4790 local 10.0.0.1 dev v0", "fdb add 02:00:00:00:00:01 dev vx0 dst 10.0.0.5"},
		trigger: []string{"fdb replace 02:00:00:00:00:01 dev vx0 dst 10.0.0.8"},
		says:    []string{"NEWneighbor f7 lladdr=02:00:00:00:00:01 dst=10.0.0.8"},
		silent:  []string{"DELneighbor"},
		gone:    []string{"neighbor f7 dst=10.0.0.5"},
		born:    []string{"neighbor f7 dst=10.0.0.8"},
	},
	{
		name:  "a tunnel has a MAC behind several endpoints",
		needs: "vxlan id 9 dstport 4789",
		setup: []string{"link add name vx0 type vxlan id 5 dstport 4790 local 10.0.0.1 dev v0"},
		trigger: []string{"fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.5", "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.6", "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.6 port 99",
			"fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.6 vni 77"},
		born: []string{"neighbor f7 dst=10.0.0.5", "neighbor f7 dst=10.0.0.6 vni=77"},
	},
}

var ruleBehaviors = []behavior{
	{
		name:    "rules are attached to links and detached silently",
		setup:   []string{"rule add iif v0 lookup 100", "rule add oif v9 lookup 100"},
		trigger: []string{"link set dev v0 name v9"},
		silent:  []string{"NEWrule", "DELrule"},
		kept:    []string{"rule iif=v0", "rule oif=v9"},
	},
	{
		name:    "a goto is resolved silently",
		setup:   []string{"rule add pref 100 goto 200"},
		trigger: []string{"rule add pref 200 lookup 100"},
		says:    []string{"NEWrule priority=200"},
		silent:  []string{"NEWrule priority=100"},
		kept:    []string{"rule priority=100"},
	},
	{
		name:    "equal rules are two",
		setup:   []string{"rule add from 10.0.0.0/24 lookup 100 pref 50", "rule dup from 10.0.0.0/24 lookup 100 pref 50"},
		trigger: []string{"rule del from 10.0.0.0/24 lookup 100 pref 50"},
		says:    []string{"DELrule priority=50"},
		kept:    []string{"rule priority=50"},
	},
	{
		name:    "one selector has several priorities",
		trigger: []string{"rule add from 10.0.0.0/24 lookup 100", "rule dup from 10.0.0.0/24 lookup 100"},
		born:    []string{"rule priority=32765", "rule priority=32764"},
	},
}
