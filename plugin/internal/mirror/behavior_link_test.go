package mirror

import "slices"

// behaviors is everything that TestKernelBehavior shows.
var behaviors = slices.Concat(linkBehaviors, addressBehaviors, routeBehaviors, route6Behaviors, nexthopBehaviors,
	neighborBehaviors, forwardingBehaviors, ruleBehaviors, netconfBehaviors)

var linkBehaviors = []behavior{
	{
		name:    "a port that leaves its bridge is deleted as a port only",
		setup:   []string{"link add name br0 type bridge", "link set dev br0 up"},
		trigger: []string{"link set dev v0 master br0", "link set dev v0 nomaster"},
		says:    []string{"NEWlink f7 interface=v0", "DELlink f7 interface=v0", "NEWlink f0 interface=v0 !master=br0"},
		kept:    []string{"link interface=v0"},
	},
	{
		name:    "a deleted bridge deletes its ports as ports only",
		setup:   []string{"link add name br0 type bridge", "link set dev br0 up", "link set dev v0 master br0"},
		trigger: []string{"link del dev br0"},
		says:    []string{"DELlink f7 interface=v0", "DELlink f0 interface=br0"},
		kept:    []string{"link interface=v0"},
		gone:    []string{"link interface=br0", "neighbor f7 master=br0"},
	},
	{
		name:    "settings of a port come as a port",
		setup:   []string{"link add name br0 type bridge", "link set dev br0 up", "link set dev v0 master br0"},
		trigger: []string{"brport set dev v0 learning off cost 7"},
		says:    []string{"NEWlink f7 interface=v0"},
		silent:  []string{"NEWlink f0"},
	},
	{
		name:    "IPv6 announces its settings as part of a link",
		trigger: []string{"link set dev v0 down", "link set dev v0 up"},
		says:    []string{"NEWlink f0 interface=v0 up=0", "NEWlink f10 interface=v0"},
		kept:    []string{"link f0 interface=v0 num_tx_queues=2"},
	},
	{
		name:    "a link that goes down is announced before what goes with it",
		setup:   []string{"route add 20.0.0.0/24 via 10.0.0.9", "neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0"},
		trigger: []string{"link set dev v0 down"},
		says:    []string{"NEWlink f0 interface=v0 up=0", "DELneighbor dst=10.0.0.5", "DELroute family=inet6 interface=v0", "DELaddress family=inet6 interface=v0"},
		silent:  []string{"DELroute family=inet"},
		reports: []string{"implied delete route dst=20.0.0.0/24", "notify delete neighbor dst=10.0.0.5"},
	},
	{
		name:    "a lost carrier is announced behind what goes with it",
		setup:   []string{"neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0 nud stale"},
		trigger: []string{"link set dev v1 down"},
		says:    []string{"DELneighbor dst=10.0.0.5", "NEWlink f0 interface=v0 up=1 carrier=0"},
	},
	{
		name:    "the first end of a pair learns its peer silently",
		trigger: []string{"link add name x0 type veth peer name x1"},
		says:    []string{"NEWlink interface=x1 !link=x0", "NEWlink interface=x0 link=x1"},
		born:    []string{"link interface=x1 link=x0"},
	},
	{
		name:    "links swap their names",
		since:   "6.2",
		trigger: []string{"link set dev v0 name t0", "link set dev w0 name v0", "link set dev t0 name w0"},
		says:    []string{"NEWlink f0 interface=t0", "NEWlink f0 interface=v0", "NEWlink f0 interface=w0"},
		kept:    []string{"link interface=v0", "link interface=w0"},
		gone:    []string{"address interface=v0 local=10.0.0.1", "address interface=w0 local=10.1.0.1"},
		born:    []string{"address interface=w0 local=10.0.0.1", "address interface=v0 local=10.1.0.1"},
	},
	{
		name:    "a new name labels addresses anew",
		since:   "6.2",
		trigger: []string{"link set dev v0 name t0"},
		says:    []string{"NEWaddress local=10.0.0.1 label=t0"},
		gone:    []string{"address label=v0"},
	},
	{
		name:    "settings of a link that is up come with it",
		trigger: []string{"link set dev v0 alias x", "link set dev v0 mtu 1400", "link set dev v0 group 7", "link add property dev v0 altname other"},
		says:    []string{"NEWlink ifalias=x", "NEWlink mtu=1400", "NEWlink group=7", "NEWlink altnames=other"},
	},
	{
		name:    "settings of a link that is down come late",
		setup:   []string{"link set dev v0 down"},
		trigger: []string{"link set dev v0 alias x", "link set dev v0 group 7", "link add property dev v0 altname other"},
		silent:  []string{"NEWlink f0"},
		born:    []string{"link interface=v0 ifalias=x group=7 altnames=other"},
	},
	{
		name:    "another link takes over an index",
		setup:   []string{"link add index 77 name q0 type bridge", "addr add 10.7.0.1/24 dev q0", "link set dev q0 up", "route add 20.0.0.0/24 via 10.7.0.9"},
		trigger: []string{"link del dev q0", "link add index 77 name q1 type veth peer name q2"},
		says:    []string{"DELlink ifindex=77 kind=bridge", "NEWlink ifindex=77 kind=veth"},
		gone:    []string{"link ifindex=77 kind=bridge", "address ifindex=77", "route dst=20.0.0.0/24"},
		born:    []string{"link ifindex=77 kind=veth"},
	},
	{
		name:    "a link that leaves for another namespace says where to",
		setup:   []string{"link add name x0 type veth peer name x1", "link set dev x0 up", "link set dev x1 up", "addr add 10.2.0.1/24 dev x0", "route add 20.0.0.0/24 via 10.2.0.9"},
		trigger: []string{"link set dev x0 netns #away"},
		says:    []string{"NEWlink f0 interface=x0 up=0", "DELaddress local=10.2.0.1", "DELlink f0 interface=x0"},
		silent:  []string{"DELroute dst=20.0.0.0/24"},
		gone:    []string{"link interface=x0", "address local=10.2.0.1", "route dst=20.0.0.0/24"},
	},
	{
		name:    "a link comes back from another namespace",
		setup:   []string{"link add name x0 type veth peer name x1", "link set dev x1 up", "link set dev x0 netns #away"},
		trigger: []string{"@away link set dev x0 netns #home", "link set dev x0 up"},
		says:    []string{"NEWlink f0 interface=x0"},
		born:    []string{"link interface=x0", "link interface=x1 link=x0"},
	},
	{
		name:    "a link that could not be made leaves messages about it",
		trigger: []string{"?link add name br9 type bridge vlan_filtering 1 forward_delay 1"},
		kept:    []string{"link interface=v0"},
		silent:  []string{"NEWlink interface=br9 !kind=bridge"},
	},
	{
		name:    "a deleted link goes last",
		setup:   []string{"route add 20.0.0.0/24 via 10.0.0.9", "neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0"},
		trigger: []string{"link del dev v0"},
		says:    []string{"NEWlink f0 interface=v0 up=0", "DELneighbor dst=10.0.0.5", "DELaddress local=2001:db8:1::1", "DELaddress local=10.0.0.1", "DELroute dst=10.0.0.1", "DELlink f0 interface=v0"},
		silent:  []string{"DELroute dst=20.0.0.0/24"},
		gone:    []string{"link interface=v0", "link interface=v1", "route interface=v0", "neighbor interface=v0", "address interface=v0"},
	},
	{
		name:    "a link takes those above along",
		setup:   []string{"link add link v0 name mv0 type macvlan mode bridge", "link set dev mv0 up"},
		trigger: []string{"link del dev v0"},
		says:    []string{"DELlink f0 interface=mv0", "DELlink f0 interface=v0"},
		needs:   "ifb",
	},
}

var addressBehaviors = []behavior{
	{
		name:    "IPv4 has one address with several lengths and peers",
		trigger: []string{"addr add 10.0.0.1/25 dev v0", "addr add 10.0.0.5 peer 10.9.0.1 dev v0", "addr add 10.0.0.5 peer 10.9.0.2 dev v0", "addr add 10.0.0.5 peer 10.9.0.2/24 dev v0"},
		born: []string{"address local=10.0.0.1 prefixlen=25", "address local=10.0.0.5 address=10.9.0.1", "address local=10.0.0.5 address=10.9.0.2 prefixlen=32",
			"address local=10.0.0.5 address=10.9.0.2 prefixlen=24"},
		kept: []string{"address local=10.0.0.1 prefixlen=24"},
	},
	{
		name:    "IPv6 has an address once and changes its peer in place",
		trigger: []string{"addr add 2001:db8:1::2/64 dev v0 nodad", "?addr add 2001:db8:1::2/80 dev v0 nodad", "addr change 2001:db8:1::2/64 dev v0 peer 2001:db8:9::9"},
		says:    []string{"NEWaddress local=2001:db8:1::2 prefixlen=64", "NEWaddress local=2001:db8:1::2 address=2001:db8:9::9"},
		silent:  []string{"DELaddress"},
		born:    []string{"address local=2001:db8:1::2 address=2001:db8:9::9"},
	},
	{
		name:    "a primary address takes its secondaries along",
		setup:   []string{"addr add 10.0.0.2/24 dev v0"},
		trigger: []string{"addr del 10.0.0.1/24 dev v0"},
		says:    []string{"DELaddress local=10.0.0.2", "DELaddress local=10.0.0.1"},
		gone:    []string{"address local=10.0.0.1", "address local=10.0.0.2"},
	},
	{
		name:    "a secondary address is promoted",
		setup:   []string{"sysctl net.ipv4.conf.all.promote_secondaries 1", "addr add 10.0.0.2/24 dev v0"},
		trigger: []string{"addr del 10.0.0.1/24 dev v0"},
		says:    []string{"DELaddress local=10.0.0.1", "NEWaddress local=10.0.0.2 !flags=secondary"},
		gone:    []string{"address local=10.0.0.1", "address local=10.0.0.2 flags=secondary"},
		born:    []string{"address local=10.0.0.2 !flags=secondary"},
	},
	{
		name:    "an address of one's own is tentative silently",
		setup:   []string{"sysctl net.ipv6.conf.v0.dad_transmits 1", "sysctl net.ipv6.conf.v0.addr_gen_mode 0", "link set dev v0 down"},
		trigger: []string{"link set dev v0 up"},
		says:    []string{"NEWaddress interface=v0 protocol=kernel_ll !flags=tentative"},
		silent:  []string{"NEWaddress protocol=kernel_ll flags=tentative"},
	},
	{
		name:    "an address that somebody else has fails",
		setup:   []string{"sysctl net.ipv6.conf.v1.dad_transmits 1"},
		trigger: []string{"addr add 2001:db8:1::1/64 dev v1"},
		says:    []string{"NEWaddress interface=v1 local=2001:db8:1::1 flags=tentative", "NEWaddress interface=v1 local=2001:db8:1::1 flags=dadfailed,tentative"},
	},
	{
		name:    "lifetimes end",
		trigger: []string{"addr add 10.5.0.1/24 dev v0 valid_lft 2 preferred_lft 1", "addr add 2001:db8:5::1/64 dev v0 nodad valid_lft 2 preferred_lft 1"},
		says:    []string{"NEWaddress local=10.5.0.1", "DELaddress local=10.5.0.1"},
		kept:    []string{"address local=10.0.0.1"},
	},
	{
		name:    "IPv6 addresses that are kept on a link that goes down are tentative silently",
		setup:   []string{"sysctl net.ipv6.conf.all.keep_addr_on_down 1", "addr add 2001:db8:1::7/64 dev v0"},
		trigger: []string{"link set dev v0 down"},
		silent:  []string{"NEWaddress local=2001:db8:1::7", "DELaddress local=2001:db8:1::7"},
		born:    []string{"address local=2001:db8:1::7 flags=tentative"},
	},
}
