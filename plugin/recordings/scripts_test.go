package recordings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// uplink is a link with an IPv4 address, and its other end.
var uplink = lines(withoutIPv6,
	"link add name eth0 address 02:00:00:00:00:01 type veth peer name sw0 address 02:00:00:00:00:a1",
	"link set dev eth0 up", "link set dev sw0 up", "addr add 192.0.2.2/24 dev eth0", "pause 300ms")

// scriptScenarios is what the scripts in scripts/ are shown: each has the name
// of one.
var scriptScenarios = []scenario{
	{
		// A replacement that deletes first, then a loss for some seconds.
		name:  "default_route_lost",
		basis: lines(uplink, "route add default via 192.0.2.1 proto static"),
		steps: []string{
			"route del default", "pause 300ms", "route add default via 192.0.2.254 proto static", "pause 4s",
			"link set dev eth0 down", "pause 4s", "link set dev eth0 up", "pause 200ms",
			"route add default via 192.0.2.1 proto static",
		},
	},
	{
		// Some changes, one of the default route, and many within a second.
		name:  "bgp_churn",
		basis: lines(uplink, "route add 198.51.100.0/24 via 192.0.2.1 proto bgp", "route add default via 192.0.2.1 proto bgp"),
		steps: []string{
			"route add 198.51.101.0/24 via 192.0.2.1 proto bgp", "route replace 198.51.100.0/24 via 192.0.2.9 proto bgp",
			"route replace default via 192.0.2.9 proto bgp", "route del 198.51.101.0/24", "pause 1500ms",
			"burst 60 203.0.113.%d via 192.0.2.1 proto bgp", "pause 3s",
		},
	},
	{
		name: "mac_move",
		basis: lines(withoutWaiting, "sysctl net.ipv6.conf.default.dad_transmits 1",
			"link add name eth0 address 02:00:00:00:00:01 type veth peer name sw0 address 02:00:00:00:00:a1",
			"link add name p0 address 02:00:00:00:00:b0 type veth peer name h0", "link add name p1 address 02:00:00:00:00:b1 type veth peer name h1",
			"link add name br0 address 02:00:00:00:00:c0 type bridge", "link set dev p0 master br0", "link set dev p1 master br0",
			"sysctl net.ipv6.conf.br0.disable_ipv6 1", "sysctl net.ipv6.conf.p0.disable_ipv6 1", "sysctl net.ipv6.conf.p1.disable_ipv6 1",
			"sysctl net.ipv6.conf.h0.disable_ipv6 1", "sysctl net.ipv6.conf.h1.disable_ipv6 1",
			"link set dev br0 up", "link set dev p0 up", "link set dev p1 up", "link set dev h0 up", "link set dev h1 up",
			"link set dev eth0 up", "link set dev sw0 up", "addr add 192.0.2.2/24 dev eth0",
			"addr add 2001:db8::2/64 dev sw0 nodad", "pause 2500ms"),
		steps: []string{
			"neigh add 192.0.2.10 lladdr 02:00:00:00:00:10 dev eth0 nud reachable",
			"neigh replace 192.0.2.10 lladdr 02:00:00:00:00:11 dev eth0 nud reachable", "pause 300ms",
			"neigh replace 192.0.2.10 lladdr 02:00:00:00:00:10 dev eth0 nud reachable", "pause 300ms",
			"neigh replace 192.0.2.10 lladdr 02:00:00:00:00:11 dev eth0 nud reachable",
			"frame h0 02:00:00:00:00:20", "pause 50ms", "frame h1 02:00:00:00:00:20", "pause 50ms", "frame h0 02:00:00:00:00:20", "pause 50ms",
			"frame h1 02:00:00:00:00:20", "addr add 2001:db8::2/64 dev eth0", "pause 2s",
		},
	},
	{
		// Flaps until the link is suppressed, and until it is used again.
		name:  "flap_dampening",
		basis: uplink,
		steps: []string{
			"link set dev sw0 down", "pause 200ms", "link set dev sw0 up", "pause 200ms", "link set dev sw0 down", "pause 200ms",
			"link set dev sw0 up", "pause 200ms", "link set dev sw0 down", "pause 200ms", "link set dev sw0 up", "pause 200ms",
			"link set dev sw0 down", "link set dev sw0 up", "pause 200ms", "link set dev eth0 mtu 1400", "pause 6s",
			"link set dev sw0 down", "pause 200ms",
		},
	},
	{
		name:  "gateway_neighbor",
		basis: lines(uplink, "sysctl net.ipv4.neigh.eth0.retrans_time_ms 100"),
		steps: []string{
			"neigh replace 192.0.2.1 lladdr 02:00:00:00:00:fe dev eth0 nud reachable", "pause 200ms",
			"neigh replace 192.0.2.77 lladdr 02:00:00:00:00:77 dev eth0 nud failed",
			"neigh change 192.0.2.1 lladdr 02:00:00:00:00:fe dev eth0 nud failed", "pause 300ms",
			"neigh change 192.0.2.1 lladdr 02:00:00:00:00:fe dev eth0 nud reachable", "pause 3s",
			"neigh del 192.0.2.1 dev eth0", "datagram 192.0.2.1", "pause 4s",
			"neigh replace 192.0.2.1 lladdr 02:00:00:00:00:fd dev eth0 nud reachable",
		},
	},
	{
		name: "session_interface",
		basis: lines(uplink, "link add name vx0 address 02:00:00:00:00:c1 type vxlan id 5 dstport 4789 local 192.0.2.2 dev eth0",
			"link set dev vx0 up", "link add name tun0 address 02:00:00:00:00:c2 type veth peer name far0 address 02:00:00:00:00:c3",
			"link set dev tun0 up", "link set dev far0 up", "pause 300ms"),
		steps: []string{
			"link set dev far0 down", "pause 500ms", "link set dev far0 up", "pause 500ms", "link set dev far0 down", "pause 2s",
			"link set dev far0 up", "pause 200ms", "link del dev vx0", "pause 2s", "link add name vx0 address 02:00:00:00:00:c1 type vxlan id 5 dstport 4789 local 192.0.2.2 dev eth0",
			"link set dev vx0 up", "pause 200ms", "link set dev tun0 down", "link set dev tun0 name spare0", "pause 1500ms",
		},
	},
	{
		name:  "address_audit",
		basis: lines(uplink, "addr add 192.0.2.3/24 dev eth0", "addr add 10.9.9.9/8 dev sw0"),
		steps: []string{
			"pause 3s", "addr del 192.0.2.3/24 dev eth0", "pause 300ms", "addr add 192.0.2.3/24 dev eth0", "pause 3s",
			"addr add 198.51.100.7/24 dev eth0", "addr del 192.0.2.3/24 dev eth0", "pause 3s",
			"addr add 192.0.2.3/24 dev eth0", "addr del 198.51.100.7/24 dev eth0", "pause 3s",
		},
	},
	{
		// A container comes and goes.
		name: "veth_noise",
		basis: lines(uplink, "link add name docker0 address 02:00:00:00:00:d0 type bridge", "link set dev docker0 up",
			"addr add 172.17.0.1/16 dev docker0"),
		steps: []string{
			"link add name veth1a2b3c address 02:00:00:00:00:d1 type veth peer name veth4d5e6f address 02:00:00:00:00:d2",
			"link set dev veth4d5e6f netns #away", "link set dev veth1a2b3c master docker0", "link set dev veth1a2b3c up",
			"@away link set dev veth4d5e6f up", "pause 300ms", "link del dev veth1a2b3c", "link set dev eth0 mtu 1400", "pause 200ms",
		},
	},
	{
		name:  "route_leak",
		basis: uplink,
		steps: []string{
			"route add 198.51.100.0/24 via 192.0.2.1 proto bgp", "route add 10.20.0.0/16 via 192.0.2.1 proto bgp",
			"route add 198.51.100.64/28 via 192.0.2.1 proto bgp", "route add default via 192.0.2.9 proto bgp metric 50",
			"route add blackhole 203.0.113.0/24 proto static", "route del 10.20.0.0/16", "burst 30 203.0.113.%d via 192.0.2.1 proto bgp",
		},
	},
	{
		// From one to another by metrics, to both, to none.
		name: "uplink",
		basis: lines(uplink, "link add name wwan0 address 02:00:00:00:00:02 type veth peer name sw1 address 02:00:00:00:00:a2",
			"link set dev wwan0 up", "link set dev sw1 up", "addr add 198.51.100.2/24 dev wwan0", "pause 300ms",
			"route add default via 192.0.2.1 proto static metric 10", "route add default via 198.51.100.1 proto static metric 20"),
		steps: []string{
			"route del default via 192.0.2.1 metric 10", "pause 200ms", "link set dev wwan0 mtu 1400",
			"route add default via 192.0.2.1 proto static metric 10", "pause 200ms",
			"ip: route replace default metric 10 nexthop via 192.0.2.1 dev eth0 nexthop via 198.51.100.1 dev wwan0", "pause 200ms",
			"route add blackhole default metric 5", "link set dev eth0 mtu 1300", "pause 200ms",
		},
	},
	{
		// For the manual: routes come over two uplinks, and go with these.
		name: "routes_come_and_go",
		basis: lines(uplink, "link add name wwan0 address 02:00:00:00:00:02 type veth peer name sw1 address 02:00:00:00:00:a2",
			"link set dev wwan0 up", "link set dev sw1 up", "addr add 198.51.100.2/24 dev wwan0", "pause 300ms"),
		steps: []string{
			"burst 60 203.0.113.%d via 192.0.2.1 proto bgp", "pause 1500ms", "burst 30 203.0.112.%d via 198.51.100.1 proto bgp metric 50", "pause 1500ms",
			"link set dev wwan0 down", "pause 1500ms", "link set dev wwan0 up", "pause 200ms",
			"burst 30 203.0.112.%d via 198.51.100.1 proto bgp metric 50", "pause 1500ms", "link set dev eth0 down", "pause 1500ms",
		},
	},
	{
		// A daemon that may, a program that nobody knows of, one that ends at once,
		// and a second socket of a process, which tells of none.
		name:     "who_changed",
		programs: true,
		basis:    lines(uplink, "route add 198.51.100.0/24 via 192.0.2.1 proto static"),
		steps: []string{
			"program bird: route add 203.0.113.0/24 via 192.0.2.1 proto bird", "pause 200ms",
			"program wild-script: route del 198.51.100.0/24", "pause 200ms",
			"program wild-script: addr add 192.0.2.3/24 dev eth0", "pause 200ms",
			"ip: route add 198.51.100.0/24 via 192.0.2.1", "pause 200ms",
			"rule add from 10.0.0.0/8 table main pref 50", "link set dev eth0 down", "pause 200ms",
		},
	},
	{
		// An LACP bond that loses a port for a while, then its switch, and gets
		// another one and the first again; and a bond that uses a port at a time,
		// which fails over before it is taken apart. scripts/kernels/run has the
		// kernel to record it on.
		name: "bond_degraded",
		basis: lines(withoutIPv6, "netns add switch", "in switch: sysctl net.ipv6.conf.default.disable_ipv6 1",
			"ip: link add eth0 address 02:00:00:00:00:02 type veth peer name sw0 address 02:00:00:00:00:a0 netns switch",
			"ip: link add eth1 address 02:00:00:00:00:03 type veth peer name sw1 address 02:00:00:00:00:a1 netns switch",
			"ip: link add bond0 index 10 address 02:00:00:00:00:04 type bond mode 802.3ad miimon 50 downdelay 200 updelay 200 lacp_rate fast",
			"ip: link set eth0 master bond0", "ip: link set eth1 master bond0",
			"in switch: ip: link add lag0 address 02:00:00:00:00:09 type bond mode 802.3ad miimon 50 lacp_rate fast ad_actor_system 02:00:00:00:00:09",
			"in switch: ip: link set sw0 master lag0", "in switch: ip: link set sw1 master lag0",
			"link set dev bond0 up", "in switch: ip: link set lag0 up",
			"ip: link add eth2 address 02:00:00:00:00:05 type veth peer name sw2 netns switch",
			"ip: link add eth3 address 02:00:00:00:00:06 type veth peer name sw3 netns switch",
			"in switch: ip: link set sw2 up", "in switch: ip: link set sw3 up",
			"ip: link add bond1 index 11 address 02:00:00:00:00:07 type bond mode active-backup miimon 50",
			"ip: link set eth2 master bond1", "ip: link set eth3 master bond1", "link set dev bond1 up", "pause 8s"),
		steps: []string{
			"in switch: ip: link set sw1 down", "pause 4s", "in switch: ip: link set sw1 up", "pause 5s",
			"in switch: ip: link set lag0 down", "in switch: ip: link set lag0 type bond ad_actor_system 02:00:00:00:00:08", "pause 8s",
			"in switch: ip: link set lag0 up", "pause 5s",
			"in switch: ip: link set lag0 down", "in switch: ip: link set lag0 type bond ad_actor_system 02:00:00:00:00:09", "pause 8s",
			"in switch: ip: link set lag0 up", "pause 5s",
			"in switch: ip: link set sw2 down", "pause 2s", "ip: link set eth2 nomaster", "link set dev eth2 down", "pause 500ms",
		},
	},
	{
		// MACs that move from one remote end to another and to a port, by one
		// message and by two; an address that gets another MAC.
		name: "evpn_moves",
		basis: lines(uplink, "link add name br0 address 02:00:00:00:00:c0 type bridge",
			"link add name vx0 address 02:00:00:00:00:c1 type vxlan id 5 dstport 4789 local 192.0.2.2 dev eth0",
			"link add name p0 address 02:00:00:00:00:b0 type veth peer name h0",
			"link set dev p0 master br0", "link set dev vx0 master br0", "link set dev br0 up", "link set dev vx0 up",
			"link set dev p0 up", "link set dev h0 up", "addr add 10.0.0.1/24 dev br0", "pause 300ms"),
		steps: []string{
			"bridge: fdb add 02:00:00:00:00:10 dev vx0 self dst 192.0.2.11", "bridge: fdb add 02:00:00:00:00:10 dev vx0 master dynamic extern_learn",
			"neigh add 10.0.0.10 lladdr 02:00:00:00:00:10 dev br0 nud reachable", "pause 200ms",
			"bridge: fdb replace 02:00:00:00:00:10 dev vx0 self dst 192.0.2.12", "pause 200ms",
			"bridge: fdb del 02:00:00:00:00:10 dev vx0 self", "bridge: fdb add 02:00:00:00:00:10 dev vx0 self dst 192.0.2.11", "pause 200ms",
			"bridge: fdb del 02:00:00:00:00:10 dev vx0 self", "bridge: fdb replace 02:00:00:00:00:10 dev p0 master dynamic", "pause 200ms",
			"neigh replace 10.0.0.10 lladdr 02:00:00:00:00:20 dev br0 nud reachable", "pause 200ms",
			"bridge: fdb replace 02:00:00:00:00:10 dev vx0 master dynamic extern_learn", "pause 200ms",
			"ip: nexthop add id 11 via 192.0.2.11 fdb", "ip: nexthop add id 20 group 11 fdb",
			"bridge: fdb add 02:00:00:00:00:30 dev vx0 self dst 192.0.2.12", "bridge: fdb del 02:00:00:00:00:30 dev vx0 self",
			"bridge: fdb add 02:00:00:00:00:30 dev vx0 self nhid 20", "pause 200ms",
		},
	},
}

// TestScriptRecordings makes sure that what the scripts are tested with can be
// replayed. What they make of it is tested with the program.
func TestScriptRecordings(t *testing.T) {
	for _, sc := range scriptScenarios {
		t.Run(sc.name, func(t *testing.T) {
			if *recording {
				sc.store(t, scriptsDir)
			}
			out, err := replay(t, sc.file(scriptsDir)+".pcapng")
			require.NoError(t, err)
			t.Log("\n" + strings.Join(afterStart(out.summary), "\n"))
		})
	}
}

func TestEveryScriptHasARecording(t *testing.T) {
	var names []string
	for _, sc := range scriptScenarios {
		names = append(names, sc.name)
	}
	scripts, err := filepath.Glob("../../scripts/*.lua")
	require.NoError(t, err)
	for _, path := range scripts {
		name := strings.TrimSuffix(filepath.Base(path), ".lua")
		if name == "rtnetlink" { // type stubs
			continue
		}
		require.Contains(t, names, name)
		_, err := os.Stat(filepath.Join(scriptsDir, name+".pcapng"))
		require.NoError(t, err)
	}
}
