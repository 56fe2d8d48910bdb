package recordings

// mdbScenarios are about the multicast groups of bridges.
var mdbScenarios = []scenario{
	{
		// What a bridge has for itself goes silently with it; when it ceases to
		// listen, groups that are not by hand go with messages.
		name: "multicast groups of a bridge",
		basis: lines(withoutIPv6, pairV, "link add name br0 address 02:00:00:00:00:d0 type bridge",
			"link set dev v0 master br0", "link set dev br0 up", "pause 500ms"),
		steps: []string{
			"bridge: mdb add dev br0 port v0 grp 239.1.1.1 permanent", "bridge: mdb add dev br0 port v0 grp 239.1.1.2 src 192.0.2.9 permanent",
			"bridge: mdb del dev br0 port v0 grp 239.1.1.1 permanent", "pause 100ms",
			"link set dev br0 down", "link set dev br0 name br1", "pause 100ms", "link del dev v0", "pause 300ms",
		},
		want: []string{
			"new mdb 239.1.1.1 v0 br0", "new mdb 239.1.1.2 192.0.2.9 v0 br0", "delete mdb 239.1.1.1 v0 br0",
			"change mdb 239.1.1.2 192.0.2.9 v0 br1 (implied): interface",
			"delete mdb 239.1.1.2 192.0.2.9 v0 br1",
		},
	},
}
