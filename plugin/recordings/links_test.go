package recordings

// v is a single veth pair without addresses.
var v = lines(withoutIPv6, pairV, "pause 300ms")

// enslaved is what changes with a bridge's port, master and another one first.
func enslaved(another string) string {
	if another != "" {
		another = "," + another
	}
	return "master" + another + ",port_kind,group_fwd_mask,mcast_router,port_state,port_priority,cost,port_id,port_no," +
		"designated_root,designated_bridge,designated_port,designated_cost,hairpin,guard,root_block,fastleave,learning," +
		"flood,mcast_flood,bcast_flood,mcast_to_unicast,neigh_suppress,neigh_vlan_suppress,proxy_arp,proxy_arp_wifi," +
		"vlan_tunnel,isolated,locked,mab,mcast_max_groups,mcast_n_groups"
}

// linkScenarios are about messages of links.
var linkScenarios = []scenario{
	{
		// A port's state comes as messages of family AF_BRIDGE with the link's
		// own index; the deletion among them ends the membership, not the link.
		name:  "bridge port messages leave the link alone",
		basis: lines(v, "link add name br0 address 02:00:00:00:00:c0 type bridge", "link set dev br0 up"),
		steps: []string{
			"link set dev v0 master br0", "pause 200ms", "brport set dev v0 learning off",
			"brport set dev v0 cost 7", "link set dev v0 nomaster",
		},
		want: []string{
			"change link v0: " + enslaved("allmulti"),
			"new neighbor 02:00:00:00:00:a0 v0 permanent",
			"change link v0: learning",
			"change link v0: cost",
			"delete neighbor 02:00:00:00:00:a0 v0 permanent",
			"change link v0: " + enslaved(""),
		},
	},
	{
		name: "bridge deleted while its port lives on",
		basis: lines(v, "link add name br0 address 02:00:00:00:00:c0 type bridge", "link set dev br0 up",
			"link set dev v0 master br0", "pause 200ms"),
		steps: []string{"link del dev br0"},
		want: []string{
			"delete neighbor 02:00:00:00:00:a0 v0 permanent",
			"change link v0: " + enslaved(""),
			"delete link br0",
		},
	},
	{
		// At IPv6's link-ready a link is announced with family AF_INET6 and
		// without most attributes.
		name:  "messages of IPv6 about a link are partial",
		basis: lines(withoutWaiting, pairV, "link set dev v0 down", "pause 300ms"),
		steps: []string{"link set dev v0 up"},
		want: []string{
			"change link v0: operstate,operstate_code,up,carrier,flags,carrier_changes,carrier_up_count",
			"change link v0: operstate,operstate_code,flags",
			"new address fe80::ff:fe00:a0 /64 v0",
		},
	},
	{
		name:  "carrier lost and back",
		basis: v,
		steps: []string{"link set dev v1 down", "pause 200ms", "link set dev v1 up", "pause 200ms"},
		want: []string{
			"change link v0: operstate,operstate_code,carrier,flags,carrier_changes,carrier_down_count",
			"change link v0: operstate,operstate_code,carrier,flags,carrier_changes,carrier_up_count",
		},
	},
	{
		// The kernel merges what happens within a moment: only the counters of
		// the carrier tell.
		name:  "flaps without messages of their own",
		basis: v,
		steps: []string{
			"link set dev v1 down", "link set dev v1 up", "link set dev v1 down", "link set dev v1 up",
			"link set dev v1 down", "link set dev v1 up", "pause 200ms",
		},
		want: []string{
			"change link v0: carrier_changes,carrier_up_count,carrier_down_count",
		},
	},
	{
		// The first message of the first end does not know the other.
		name:  "veth pair made and deleted",
		basis: withoutIPv6,
		steps: []string{"link add name a0 address 02:00:00:00:00:a0 type veth peer name a1 address 02:00:00:00:00:a1", "link del dev a0"},
		want: []string{
			"new link a1",
			"new link a0",
			"delete link a0",
			"delete link a1",
		},
	},
	{
		name:  "attributes of a link",
		basis: v,
		steps: []string{
			"link set dev v0 mtu 1400", "link set dev v0 txqueuelen 500", "link set dev v0 group 7",
			"link set dev v0 alias uplink", "link set dev v0 promisc on", "link set dev v0 promisc off",
			"link set dev v0 allmulti on", "link set dev v0 arp off", "link set dev v0 address 02:00:00:00:00:af",
		},
		want: []string{
			"change link v0: mtu",
			"change link v0: txqlen",
			"change link v0: group",
			"change link v0: ifalias",
			"change link v0: flags,promiscuity",
			"change link v0: flags,promiscuity",
			"change link v0: flags,allmulti",
			"change link v0: flags",
			"change link v0: address",
		},
	},
	{
		name:  "alternative names",
		basis: v,
		steps: []string{
			"link add property dev v0 altname enp3s0f0np0", "link add property dev v0 altname uplink-to-the-second-switch",
			"link del property dev v0 altname enp3s0f0np0",
		},
		want: []string{
			"change link v0: altnames",
			"change link v0: altnames",
			"change link v0: altnames",
		},
	},
	{
		// Addresses, routes and neighbors follow; IPv4 labels are announced.
		name: "link renamed",
		basis: lines(withoutIPv6, pairV, "addr add 10.0.0.1/24 dev v0", "addr add 10.0.0.2/24 dev v0 label v0:web",
			"rule add iif v0 table 100", "pause 300ms"),
		steps: []string{"link set dev v0 down", "link set dev v0 name wan0", "link set dev wan0 up"},
		want: []string{
			"change link wan0: interface",
			"change address 10.0.0.1 /24 wan0: label",
			"new route 10.0.0.0/24 wan0",
		},
	},
	{
		// Names are data: links keep their identity by index.
		name: "two links swap names",
		basis: lines(withoutIPv6, pairV, "link add name w0 address 02:00:00:00:00:b0 type veth peer name w1",
			"link set dev v0 down", "addr add 10.0.0.1/24 dev v0", "addr add 10.1.0.1/24 dev w0", "pause 300ms"),
		steps: []string{"link set dev v0 name t0", "link set dev w0 name v0", "link set dev t0 name w0"},
		want: []string{
			"change link t0: interface",
			"change link v0: interface",
			"change address 10.1.0.1 /24 v0: label",
			"change link w0: interface",
			"change address 10.0.0.1 /24 w0: label",
		},
	},
	{
		name: "index used again by another link",
		basis: lines(withoutIPv6, "link add index 77 name q0 address 02:00:00:00:00:c0 type ifb", "link set dev q0 up",
			"addr add 10.2.0.1/24 dev q0", "neigh add 10.2.0.9 lladdr 02:00:00:00:00:09 dev q0"),
		steps: []string{
			"link del dev q0",
			"link add index 77 name q1 address 02:00:00:00:00:d0 type veth peer name q2 address 02:00:00:00:00:d1",
			"link set dev q1 up", "addr add 10.2.0.1/24 dev q1",
		},
		want: []string{
			"delete neighbor 10.2.0.9 02:00:00:00:00:09 q0 permanent",
			"delete address 10.2.0.1 /24 q0",
			"delete link q0",
			"new link q1",
			"new address 10.2.0.1 /24 q1",
		},
	},
	{
		name:  "link moves to another namespace and back",
		basis: lines(withoutIPv6, pairV, "addr add 10.0.0.1/24 dev v0", "route add 20.0.0.0/24 via 10.0.0.9", "pause 300ms"),
		steps: []string{"link set dev v0 netns #away", "@away link set dev v0 netns #home"},
		want: []string{
			"delete route 20.0.0.0/24 via 10.0.0.9 v0 (implied)",
			"delete address 10.0.0.1 /24 v0",
			"delete link v0",
			"new link v0",
		},
	},
	{
		// The bridge's forwarding entry is announced, the bridge itself never.
		name:  "creation that fails half way",
		basis: withoutIPv6,
		steps: []string{"refused: link add name br9 address 02:00:00:00:00:c9 type bridge vlan_filtering 0"},
		want: []string{
			"new neighbor 02:00:00:00:00:c9 if2 permanent",
			"delete neighbor 02:00:00:00:00:c9 if2 permanent",
		},
	},
	{
		name: "link deleted below another",
		basis: lines(withoutIPv6, "link add name i0 address 02:00:00:00:00:c0 type ifb", "link set dev i0 up",
			"link add link i0 name m0 address 02:00:00:00:00:c1 type macvlan mode bridge", "link set dev m0 up",
			"addr add 10.2.0.1/24 dev i0", "addr add 10.3.0.1/24 dev m0", "route add 20.0.0.0/24 via 10.3.0.9"),
		steps: []string{"link del dev i0"},
		want: []string{
			"delete route 20.0.0.0/24 via 10.3.0.9 m0 (implied)",
			"delete address 10.3.0.1 /24 m0",
			"delete link m0",
			"delete link i0",
		},
	},
	{
		// What comes first says that it has carrier; that it has none when the
		// program that made it is gone is not said.
		name:  "tap device made",
		basis: withoutIPv6,
		steps: []string{"ip: tuntap add dev tap0 mode tap", "pause 1500ms", "ip: tuntap del dev tap0 mode tap"},
		want: []string{
			"new link tap0", "change link tap0 (resync): carrier,carrier_changes,carrier_down_count,persist", "delete link tap0",
		},
	},
}
