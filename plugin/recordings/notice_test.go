package recordings

// noticeScenarios are about what leaves no state.
var noticeScenarios = []scenario{
	{
		// The same twice is told twice.
		name: "what a router advertises",
		basis: lines("sysctl net.ipv6.conf.default.router_solicitations 0", "sysctl net.ipv6.conf.default.addr_gen_mode 1",
			"sysctl net.ipv6.conf.default.autoconf 0", pairV, "pause 300ms"),
		steps: []string{"advertise v1", "pause 100ms", "advertise v1", "pause 100ms"},
		want: []string{
			"new notice prefix v0 2001:db8:5::/64", "new notice rdnss v0 fe80::9 2001:db8::53", "new notice dnssl v0 fe80::9 example.org",
			"new notice captive_portal v0 fe80::9",
			"new notice prefix v0 2001:db8:5::/64", "new notice rdnss v0 fe80::9 2001:db8::53",
		},
	},
}
