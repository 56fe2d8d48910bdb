package mirror

var netconfBehaviors = []behavior{
	{
		name:    "a setting of one link is told alone",
		setup:   []string{"sysctl net.ipv4.conf.v0.rp_filter 1"},
		trigger: []string{"sysctl net.ipv4.conf.v0.forwarding 1", "sysctl net.ipv6.conf.v0.proxy_ndp 1"},
		says:    []string{"NEWnetconf interface=v0 family=inet forwarding=1", "NEWnetconf interface=v0 family=inet6 proxy_neigh=1"},
		born:    []string{"netconf interface=v0 family=inet forwarding=1 rp_filter=strict", "netconf interface=v0 family=inet6 proxy_neigh=1"},
		reports: []string{"notify change netconf interface=v0", "notify change netconf interface=v0"},
	},
	{
		name:    "forwarding turned on is told of each link, and of all and default",
		trigger: []string{"sysctl net.ipv4.conf.all.forwarding 1", "sysctl net.ipv6.conf.all.forwarding 1"},
		says:    []string{"NEWnetconf interface=all family=inet forwarding=1", "NEWnetconf interface=v0 family=inet forwarding=1", "NEWnetconf interface=v0 family=inet6 forwarding=1"},
		born:    []string{"netconf interface=default family=inet forwarding=1", "netconf interface=default family=inet6 forwarding=1", "netconf interface=w1 family=inet forwarding=1"},
	},
	{
		name:    "a default of IPv4 is copied silently to links without an address on which nobody has set it",
		setup:   []string{"sysctl net.ipv4.conf.w0.rp_filter 1"},
		trigger: []string{"sysctl net.ipv4.conf.default.rp_filter 2"},
		says:    []string{"NEWnetconf interface=default rp_filter=loose"},
		silent:  []string{"NEWnetconf interface=v1"},
		born:    []string{"netconf interface=v1 family=inet rp_filter=loose", "netconf interface=default rp_filter=loose"},
		kept:    []string{"netconf interface=w0 family=inet rp_filter=strict", "netconf interface=v0 family=inet rp_filter=off"},
	},
	{
		name:    "what IPv6 does about lost carriers is told of all, and the default follows silently",
		trigger: []string{"sysctl net.ipv6.conf.all.ignore_routes_with_linkdown 1"},
		says:    []string{"NEWnetconf interface=v0 family=inet6 ignore_routes_with_linkdown=1", "NEWnetconf interface=all family=inet6 ignore_routes_with_linkdown=1"},
		silent:  []string{"NEWnetconf interface=default"},
		born:    []string{"netconf interface=default family=inet6 ignore_routes_with_linkdown=1"},
		reports: []string{"implied change netconf interface=default"},
	},
	{
		name:    "the settings of a link come and go with it",
		setup:   []string{"link add name x0 type veth peer name x1"},
		trigger: []string{"link del dev x0"},
		says:    []string{"DELnetconf interface=x0 family=inet"},
		gone:    []string{"netconf interface=x0 family=inet", "netconf interface=x1 family=inet6"},
		kept:    []string{"netconf interface=all family=inet"},
	},
	{
		name:    "a renamed link gets its settings anew",
		setup:   []string{"link set dev v1 down", "sysctl net.ipv4.conf.v1.rp_filter 1"},
		trigger: []string{"link set dev v1 name x1"},
		says:    []string{"DELnetconf family=inet", "NEWnetconf family=inet rp_filter=strict"},
		born:    []string{"netconf interface=x1 family=inet rp_filter=strict"},
	},
}
