package recordings

// netconfScenarios are about the settings of links.
var netconfScenarios = []scenario{
	{
		// Of the defaults of IPv4, links without an address get copies, silently.
		name:  "forwarding and reverse path filters",
		basis: lines(withoutIPv6, pairV, "addr add 10.0.0.1/24 dev v0", "pause 300ms"),
		steps: []string{
			"sysctl net.ipv4.conf.all.forwarding 1", "sysctl net.ipv4.conf.v0.rp_filter 1",
			"sysctl net.ipv6.conf.all.forwarding 1", "sysctl net.ipv4.conf.default.rp_filter 2", "pause 300ms",
			"link add name w0 address 02:00:00:00:00:b0 type veth peer name w1 address 02:00:00:00:00:b1",
			"pause 100ms", "link del dev w0",
		},
		want: []string{
			"change netconf all inet: forwarding",
			"change netconf default inet: forwarding",
			"change netconf v0 inet: forwarding",
			"change netconf v0 inet: rp_filter",
			"change netconf default inet6: forwarding",
			"change netconf all inet6: forwarding",
			"change netconf default inet: rp_filter",
			"delete netconf w0 inet",
			"change netconf v1 inet (resync): rp_filter",
		},
	},
}
