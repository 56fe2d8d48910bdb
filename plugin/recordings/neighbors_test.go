package recordings

// bridge is a bridge with the ports v0 and w0; flooding and learning are on.
var bridge = lines(withoutIPv6, pairV, pairW, "link add name br0 address 02:00:00:00:00:c0 type bridge",
	"link set dev br0 up", "link set dev v0 master br0", "link set dev w0 master br0", "pause 400ms")

// neighborScenarios are about neighbors and the forwarding entries of bridges.
var neighborScenarios = []scenario{
	{
		name:  "neighbor that does not answer",
		basis: lines(v, "addr add 10.0.0.1/24 dev v0", "sysctl net.ipv4.neigh.v0.retrans_time_ms 100"),
		steps: []string{"datagram 10.0.0.77", "pause 1s"},
		want: []string{
			"new neighbor 10.0.0.77 v0 failed",
		},
	},
	{
		name:  "states of a neighbor",
		basis: lines(v, "addr add 10.0.0.1/24 dev v0"),
		steps: []string{
			"neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0 nud reachable",
			"neigh change 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0 nud stale",
			"neigh change 10.0.0.5 lladdr 02:00:00:00:00:06 dev v0 nud permanent router",
			"neigh change 10.0.0.5 lladdr 02:00:00:00:00:06 dev v0 nud failed", "neigh del 10.0.0.5 dev v0",
		},
		want: []string{
			"new neighbor 10.0.0.5 02:00:00:00:00:05 v0 reachable",
			"change neighbor 10.0.0.5 02:00:00:00:00:05 v0 stale: state,state_code",
			"change neighbor 10.0.0.5 02:00:00:00:00:06 v0 permanent: lladdr,state,state_code,flags",
			"change neighbor 10.0.0.5 v0 failed: lladdr,state,state_code",
			"delete neighbor 10.0.0.5 v0 failed",
		},
	},
	{
		name: "neighbors go with carrier and all of them with the link",
		basis: lines(v, "addr add 10.0.0.1/24 dev v0", "neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0 nud reachable",
			"neigh add 10.0.0.6 lladdr 02:00:00:00:00:06 dev v0 nud permanent"),
		steps: []string{"link set dev v1 down", "pause 200ms", "link set dev v0 down"},
		want: []string{
			"delete neighbor 10.0.0.5 02:00:00:00:00:05 v0 reachable",
			"change link v0: operstate,operstate_code,carrier,flags,carrier_changes,carrier_down_count",
			"change link v0: operstate,operstate_code,up,flags",
			"delete neighbor 10.0.0.6 02:00:00:00:00:06 v0 permanent",
		},
	},
	{
		name: "neighbors go when the link gets another address",
		basis: lines(v, "addr add 10.0.0.1/24 dev v0", "neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0 nud reachable",
			"neigh add 10.0.0.6 lladdr 02:00:00:00:00:06 dev v0 nud permanent"),
		steps: []string{"link set dev v0 address 02:00:00:00:00:af"},
		want: []string{
			"change link v0: address",
			"delete neighbor 10.0.0.6 02:00:00:00:00:06 v0 permanent",
		},
	},
	{
		// No message tells of them: they are asked for.
		name:  "proxy entries",
		basis: lines(v, "addr add 10.0.0.1/24 dev v0", "neigh add proxy 10.0.0.60 dev v0", "neigh add 10.0.0.60 lladdr 02:00:00:00:00:60 dev v0"),
		steps: []string{"neigh del 10.0.0.60 dev v0"},
		want: []string{
			"delete neighbor 10.0.0.60 v0 failed",
		},
	},
	{
		// A message with another port, and no deletion.
		name:  "forwarding entry moves to another port",
		basis: bridge,
		steps: []string{
			"frame v1 02:00:00:00:00:01", "pause 50ms", "frame w1 02:00:00:00:00:01", "pause 50ms",
			"fdb replace 02:00:00:00:00:01 dev v0 master static", "fdb del 02:00:00:00:00:01 dev v0 master",
		},
		want: []string{
			"new neighbor 02:00:00:00:00:01 v0 reachable",
			"change neighbor 02:00:00:00:00:01 w0 reachable: interface,ifindex",
			"change neighbor 02:00:00:00:00:01 v0 static: interface,ifindex,state,state_code",
			"delete neighbor 02:00:00:00:00:01 v0 static",
		},
	},
	{
		name:  "forwarding entries go with the bridge",
		basis: lines(bridge, "frame v1 02:00:00:00:00:01", "fdb add 02:00:00:00:00:02 dev w0 master static", "pause 100ms"),
		steps: []string{"link set dev w0 nomaster", "link del dev br0"},
		want: []string{
			"delete neighbor 02:00:00:00:00:02 w0 static",
			"delete neighbor 02:00:00:00:00:01 v0 reachable",
			"delete link br0",
		},
	},
	{
		name: "forwarding entries of a VXLAN",
		basis: lines(v, "addr add 10.0.0.1/24 dev v0",
			"link add name vx0 address 02:00:00:00:00:c1 type vxlan id 5 dstport 4789 local 10.0.0.1 dev v0", "link set dev vx0 up"),
		steps: []string{
			"fdb add 02:00:00:00:00:01 dev vx0 dst 10.0.0.5", "fdb replace 02:00:00:00:00:01 dev vx0 dst 10.0.0.8",
			"fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.5", "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.8 vni 7",
			"fdb del 00:00:00:00:00:00 dev vx0 dst 10.0.0.5",
		},
		want: []string{
			"new neighbor 10.0.0.5 02:00:00:00:00:01 vx0 permanent",
			"change neighbor 10.0.0.8 02:00:00:00:00:01 vx0 permanent: dst",
			"new neighbor 10.0.0.8 00:00:00:00:00:00 vx0 permanent",
			"delete neighbor 10.0.0.5 00:00:00:00:00:00 vx0 permanent",
		},
	},
	{
		// No forwarding entries: what a device itself takes.
		name:  "link-layer addresses that a device takes",
		basis: v,
		steps: []string{
			"fdb add 02:00:00:00:00:33 dev v0 self", "fdb add 33:33:00:00:00:99 dev v0 self", "link set dev v0 mtu 1400",
			"fdb del 02:00:00:00:00:33 dev v0 self",
		},
		want: []string{"change link v0: mtu,promiscuity"}, // the latter silently before
		only: true,
	},
}

// ruleScenarios are about rules.
var ruleScenarios = []scenario{
	{
		name: "the same rule twice",
		steps: []string{
			"rule add from 10.0.0.0/24 pref 100 table 100", "rule dup from 10.0.0.0/24 pref 100 table 100",
			"rule add from 10.0.0.0/24 table 100", "rule del from 10.0.0.0/24 pref 100 table 100",
		},
		want: []string{
			"new rule priority 100 10.0.0.0/24 table 100",
			"new rule priority 100 10.0.0.0/24 table 100",
			"new rule priority 99 10.0.0.0/24 table 100",
			"delete rule priority 100 10.0.0.0/24 table 100",
		},
	},
	{
		// The rule is detached from the link, which is no change of the rule.
		name:  "rule of a link that is renamed",
		basis: lines(withoutIPv6, pairV, "link set dev v0 down", "rule add iif v0 table 100"),
		steps: []string{"link set dev v0 name wan0", "rule del iif v0 table 100"},
		want: []string{
			"change link wan0: interface",
			"delete rule priority 32765 all iif v0 table 100",
		},
	},
	{
		name: "rules with all selectors",
		steps: []string{
			"rule add not from 10.1.0.0/24 to 20.0.0.0/16 tos 8 pref 10 table 100",
			"rule add fwmark 0x1/0xff iif lo oif v0 pref 11 table 500 suppress_prefixlength 0",
			"rule add ipproto tcp sport 1000-2000 dport 80 uidrange 1000-1999 pref 12 blackhole",
			"rule add pref 13 goto 32766", "-6 rule add from 2001:db8:1::/64 pref 14 prohibit", "rule del pref 13",
		},
		want: []string{
			"new rule priority 10 10.1.0.0/24 table 100",
			"new rule priority 11 all iif lo oif v0 table 500",
			"new rule priority 12 all blackhole",
			"new rule priority 14 2001:db8:1::/64 prohibit",
			"delete rule priority 13 all goto",
		},
	},
}
