package recordings

// addressScenarios are about addresses.
var addressScenarios = []scenario{
	{
		name:  "one IPv4 address with several prefix lengths and peers",
		basis: v,
		steps: []string{
			"addr add 10.0.0.1/24 dev v0", "addr add 10.0.0.1/25 dev v0",
			"addr add 10.0.0.5 peer 10.1.1.1/32 dev v0", "addr add 10.0.0.5 peer 10.1.1.2/32 dev v0",
			"addr del 10.0.0.1/25 dev v0",
		},
		want: []string{
			"new address 10.0.0.1 /24 v0",
			"new address 10.0.0.1 /25 v0",
			"new address 10.0.0.5 /32 v0",
			"new route 10.1.1.1 v0",
			"new address 10.0.0.5 /32 v0",
			"new route 10.1.1.2 v0",
			"delete address 10.0.0.1 /25 v0",
		},
	},
	{
		// An IPv6 address is one per link; its peer is data.
		name:  "IPv6 address gets a peer",
		basis: lines(withoutWaiting, pairV, "pause 300ms"),
		steps: []string{
			"addr add 2001:db8:1::2/64 dev v0 nodad", "pause 100ms",
			"addr change 2001:db8:1::2/64 peer 2001:db8:9::9/64 dev v0", "pause 100ms",
			"addr del 2001:db8:1::2/64 dev v0",
		},
		want: []string{
			"new address 2001:db8:1::2 /64 v0",
			"change address 2001:db8:1::2 /64 v0: address,flags",
			"delete address 2001:db8:1::2 /64 v0",
		},
	},
	{
		name: "primary address deleted and a secondary promoted",
		basis: lines(v, "sysctl net.ipv4.conf.all.promote_secondaries 1", "addr add 10.0.0.1/24 dev v0",
			"addr add 10.0.0.2/24 dev v0"),
		steps: []string{"addr del 10.0.0.1/24 dev v0"},
		want: []string{
			"delete address 10.0.0.1 /24 v0",
			"change address 10.0.0.2 /24 v0: flags",
			"new route 10.0.0.0/24 v0",
		},
	},
	{
		name: "primary address deleted with its secondaries",
		basis: lines(v, "sysctl net.ipv4.conf.v0.promote_secondaries 0", "sysctl net.ipv4.conf.all.promote_secondaries 0",
			"addr add 10.0.0.1/24 dev v0", "addr add 10.0.0.2/24 dev v0"),
		steps: []string{"addr del 10.0.0.1/24 dev v0"},
		want: []string{
			"delete address 10.0.0.2 /24 v0",
			"delete address 10.0.0.1 /24 v0",
		},
	},
	{
		name: "duplicate address detection",
		basis: lines("sysctl net.ipv6.conf.default.router_solicitations 0", pairV, "addr add 2001:db8:1::1/64 dev v1 nodad",
			"pause 2500ms"),
		steps: []string{"addr add 2001:db8:1::1/64 dev v0", "addr add 2001:db8:1::2/64 dev v0", "pause 2500ms"},
		want: []string{
			"new address 2001:db8:1::1 /64 v0",
			"new address 2001:db8:1::2 /64 v0",
			"change address 2001:db8:1::1 /64 v0: flags",
			"change address 2001:db8:1::2 /64 v0: flags",
		},
	},
	{
		// Lifetimes tick by themselves, which is no event; their end is.
		name:  "address with lifetimes",
		basis: v,
		steps: []string{
			"addr add 10.5.0.1/24 dev v0 valid_lft 3 preferred_lft 1", "pause 1500ms",
			"addr change 10.5.0.1/24 dev v0 valid_lft 4 preferred_lft 2", "pause 5s",
		},
		want: []string{
			"new address 10.5.0.1 /24 v0",
			"change address 10.5.0.1 /24 v0: flags,valid_lft,preferred_lft",
			"change address 10.5.0.1 /24 v0: flags,valid_lft,preferred_lft",
			"change address 10.5.0.1 /24 v0: flags,valid_lft,preferred_lft",
			"delete address 10.5.0.1 /24 v0",
		},
	},
}
