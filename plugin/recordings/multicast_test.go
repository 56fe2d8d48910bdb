package recordings

// multicastScenarios are about multicast routes.
var multicastScenarios = []scenario{
	{
		// They come in the groups of the other rules, and one of these that is equal
		// but for its family is another.
		name:  "rules of multicast routing",
		basis: lines(ipv4, "pause 300ms"),
		steps: []string{
			"mrule add iif v0 pref 9 lookup 100", "rule add iif v0 pref 9 lookup 100", "-6 mrule add iif w0 pref 9 lookup main",
			"pause 100ms", "mrule del iif v0 pref 9 lookup 100", "-6 mrule del iif w0 pref 9 lookup main", "pause 100ms",
		},
		want: []string{
			"new rule priority 9 all iif v0 table 100",
			"new rule priority 9 all iif v0 table 100",
			"new rule priority 9 all iif w0",
			"delete rule priority 9 all iif v0 table 100",
			"delete rule priority 9 all iif w0",
		},
		only: true,
	},
	{
		// The links of a daemon's table come and go silently; what ends with its
		// last route the kernel tells of.
		name: "multicast routes of a daemon",
		basis: lines(ipv4, "link add name x0 address 02:00:00:00:00:c0 type veth peer name x1 address 02:00:00:00:00:c1",
			"link set dev x0 up", "link set dev x1 up", "route add 239.0.0.0/8 dev v0", "pause 300ms"),
		steps: []string{
			"multicast: link 0 v0", "multicast: link 1 w0", "multicast: link 2 x0",
			"multicast: add 10.0.0.5 239.1.1.1 0 1,2:7", "multicast: add 10.0.0.5 239.1.1.1 1 0",
			"multicast: proxy 0.0.0.0 239.1.1.2 0 1,2", "multicast: proxy 0.0.0.0 239.1.1.2 1 2", "pause 100ms",
			"datagram 239.1.1.3", "pause 100ms", "multicast: add 10.0.0.1 239.1.1.3 0 1,2", "pause 100ms",
			"multicast: unlink 2", "pause 2500ms", "link del dev w0", "pause 100ms",
			"multicast: del 10.0.0.5 239.1.1.1 1", "pause 100ms", "multicast: end",
		},
		want: []string{
			"change netconf all inet: mc_forwarding",
			"change netconf v0 inet: mc_forwarding",
			"new route multicast 239.1.1.1 [dev w0 ttl 1; dev x0 ttl 7] table default",
			"change route multicast 239.1.1.1 [dev v0 ttl 1] table default: iif,nexthop_count,nexthops",
			"new route multicast 239.1.1.2 [dev w0 ttl 1; dev x0 ttl 1] table default",
			"new route multicast 239.1.1.2 [dev x0 ttl 1] table default",
			"new route multicast 239.1.1.3 table default",
			"change route multicast 239.1.1.3 [dev w0 ttl 1; dev x0 ttl 1] table default: iif,flags,nexthop_count,nexthops",
			"change netconf x0 inet: mc_forwarding",
			"change route multicast 239.1.1.3 [dev w0 ttl 1] table default (resync): nexthop_count,nexthops",
			"change route multicast 239.1.1.1 [dev v0 ttl 1] table default (implied): iif",
			"delete link w0",
			"delete route multicast 239.1.1.1 [dev v0 ttl 1] table default",
			"delete route multicast 239.1.1.3 table default",
		},
	},
}
