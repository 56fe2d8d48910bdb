package recordings

import "telegraf-rtnetlink/plugin"

// netnsScenarios are about several network namespaces.
var netnsScenarios = []scenario{
	{
		// A namespace that vanishes takes its objects along; another one of the
		// same name is enumerated anew.
		name:    "namespaces come and go",
		options: func(p *plugin.RTNetlink) { p.Netns = []string{"*"} },
		basis:   []string{"netns add blue", "in blue: link add name i0 address 02:00:00:00:00:c0 type ifb"},
		steps: []string{
			"netns add red", "in red: link add name i0 address 02:00:00:00:00:c1 type ifb", "pause 500ms",
			"in red: link set dev i0 up", "in blue: link set dev i0 up", "pause 300ms",
			"netns del red", "pause 500ms", "netns add red", "pause 300ms",
		},
		want: []string{
			"change link i0: operstate,operstate_code,up,flags,qdisc", "delete link i0 (implied)",
		},
	},
	{
		// The first link between two namespaces gives each an id of the other,
		// which the end of the other takes away.
		name:  "id of a namespace",
		basis: lines(withoutIPv6, pairV, "ip: netns add blue"),
		steps: []string{"ip: link set dev v1 netns blue", "pause 300ms", "ip: netns del blue", "pause 500ms"},
		want:  []string{"new nsid 0", "delete nsid 0"},
	},
}
