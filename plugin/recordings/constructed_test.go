package recordings

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/capture"
)

// constructedScenario is a stream of messages that the kernels at hand do not
// send, or not at will.
type constructedScenario struct {
	name  string
	build func(*stream)
	want  []string
}

// What the flags of a message about a new object are.
const created = unix.NLM_F_CREATE | unix.NLM_F_EXCL

// eth0 is a link that is up.
var eth0 = newLink(2, "eth0", linkUp)

var constructedScenarios = []constructedScenario{
	{
		// Wireless drivers announce events with little but the name; that is no
		// state of the link (net/wireless/wext-core.c).
		name: "partial message of a wireless link",
		build: func(s *stream) {
			s.dump(allLinks, newLink(3, "wlan0", linkUp))
			s.events(
				message(unix.RTM_NEWLINK, 0, linkHead(3, linkUp), func(ae *netlink.AttributeEncoder) {
					ae.String(unix.IFLA_IFNAME, "wlan0")
					ae.Bytes(unix.IFLA_WIRELESS, []byte{0, 8, 0x15, 0x8b, 0, 0, 0, 0})
				}),
				message(unix.RTM_NEWLINK, 0, linkHead(3, linkUp), func(ae *netlink.AttributeEncoder) {
					ae.String(unix.IFLA_IFNAME, "wlan0")
				}),
				newLink(3, "wlan0", linkNoLower))
		},
		want: []string{"change link wlan0: operstate,operstate_code,carrier,flags"},
	},
	{
		// One port after the other; the bond goes down with the last.
		name: "bond loses its ports",
		build: func(s *stream) {
			port := []attrs{u32(unix.IFLA_MASTER, 4)}
			s.dump(allLinks, newLink(2, "eth0", linkUp, port...), newLink(3, "eth1", linkUp, port...), newLink(4, "bond0", linkUp, kind("bond")))
			s.dump(allAddresses, newAddress(4, "10.0.0.1"))
			s.dump(allRoutes, route(unix.RTM_NEWROUTE, 0, "20.0.0.0", "10.0.0.9", 4))
			s.events(newLink(2, "eth0", linkNoLower, port...), newLink(3, "eth1", linkNoLower, port...),
				newLink(4, "bond0", linkNoLower, kind("bond")), newLink(4, "bond0", linkDown, kind("bond")))
		},
		want: []string{
			"change link eth0: operstate,operstate_code,carrier,flags", "change link eth1: operstate,operstate_code,carrier,flags",
			"change link bond0: operstate,operstate_code,carrier,flags", "change link bond0: up,flags",
			"delete route 20.0.0.0/24 via 10.0.0.9 bond0 (implied)",
		},
	},
	{
		name: "VLAN in a VRF deleted with the link below",
		build: func(s *stream) {
			vlan := []attrs{kind("vlan"), u32(unix.IFLA_LINK, 2), u32(unix.IFLA_MASTER, 6)}
			s.dump(allLinks, eth0, newLink(5, "eth0.10", linkUp, vlan...), newLink(6, "red", linkUp, kind("vrf")))
			s.dump(allRoutes, routeIn(10, unix.RTM_NEWROUTE, 0, "20.0.0.0", "10.0.0.9", 5))
			s.events(newLink(5, "eth0.10", linkDown, vlan...), delLink(5, "eth0.10"), delLink(2, "eth0"))
		},
		want: []string{
			"change link eth0.10: operstate,operstate_code,up,carrier,flags", "delete route 20.0.0.0/24 via 10.0.0.9 eth0.10 table 10 (implied)",
			"delete link eth0.10", "delete link eth0",
		},
	},
	{
		// Kernels before 5.0 send deletions of neighbors behind that of the link.
		name: "neighbor deleted after its link",
		build: func(s *stream) {
			s.dump(allLinks, eth0)
			s.dump(allNeighbors, neighbor(unix.RTM_NEWNEIGH, 2, "10.0.0.9", unix.NUD_REACHABLE))
			s.events(delLink(2, "eth0"), neighbor(unix.RTM_DELNEIGH, 2, "10.0.0.9", unix.NUD_REACHABLE))
		},
		want: []string{"delete neighbor 10.0.0.9 02:00:00:00:00:09 eth0 reachable (implied)", "delete link eth0"},
	},
	{
		// What was dropped is found by comparing: what came, went and changed,
		// and nothing else.
		name: "kernel drops messages",
		build: func(s *stream) {
			s.dump(allLinks, eth0)
			s.dump(allRoutes, newRoute("20.0.0.0", "10.0.0.9"), newRoute("20.0.1.0", "10.0.0.9"), newRoute("20.0.2.0", "10.0.0.9"))
			s.events(route(unix.RTM_NEWROUTE, created, "20.0.3.0", "10.0.0.9", 2))
			s.overrun()
			s.dump(allLinks, eth0)
			s.dump(allRoutes, newRoute("20.0.0.0", "10.0.0.9"), newRoute("20.0.1.0", "10.0.0.8"), newRoute("20.0.3.0", "10.0.0.9"), newRoute("20.0.4.0", "10.0.0.9"))
		},
		want: []string{
			"new route 20.0.3.0/24 via 10.0.0.9 eth0", "change route 20.0.1.0/24 via 10.0.0.8 eth0 (resync): gateway",
			"new route 20.0.4.0/24 via 10.0.0.9 eth0 (resync)", "delete route 20.0.2.0/24 via 10.0.0.9 eth0 (resync)",
		},
	},
	{
		// What is missing in a dump that was interrupted may be there.
		name: "interrupted dump",
		build: func(s *stream) {
			s.dump(allLinks, eth0)
			s.dump(allRoutes, newRoute("20.0.0.0", "10.0.0.9"), newRoute("20.0.1.0", "10.0.0.9"))
			s.overrun()
			s.dump(allLinks, eth0)
			s.begin(allRoutes)
			s.reply(allRoutes, newRoute("20.0.0.0", "10.0.0.9"), newRoute("20.0.2.0", "10.0.0.9"))
			s.end(allRoutes, true)
			s.dump(allRoutes, newRoute("20.0.0.0", "10.0.0.9"), newRoute("20.0.2.0", "10.0.0.9"))
		},
		want: []string{
			"new route 20.0.2.0/24 via 10.0.0.9 eth0 (resync)", "delete route 20.0.1.0/24 via 10.0.0.9 eth0 (resync)",
		},
	},
	{
		// A record of a dump can be older than an event that came before it.
		name: "dump older than an event",
		build: func(s *stream) {
			s.dump(allLinks, eth0)
			s.dump(allRoutes, newRoute("20.0.0.0", "10.0.0.9"), newRoute("20.0.1.0", "10.0.0.9"))
			s.overrun()
			s.begin(allRoutes)
			s.events(route(unix.RTM_NEWROUTE, unix.NLM_F_REPLACE, "20.0.0.0", "10.0.0.8", 2), route(unix.RTM_DELROUTE, 0, "20.0.1.0", "10.0.0.9", 2))
			s.reply(allRoutes, newRoute("20.0.0.0", "10.0.0.9"), newRoute("20.0.1.0", "10.0.0.9"))
			s.end(allRoutes, false)
		},
		want: []string{
			"change route 20.0.0.0/24 via 10.0.0.8 eth0: gateway", "delete route 20.0.1.0/24 via 10.0.0.9 eth0",
		},
	},
	{
		// What cannot be read is left out, and its class asked for again.
		name: "messages that cannot be read",
		build: func(s *stream) {
			s.dump(allLinks, eth0)
			s.dump(allRoutes, newRoute("20.0.0.0", "10.0.0.9"))
			broken := newRoute("20.0.1.0", "10.0.0.9")
			broken[unix.SizeofNlMsghdr+unix.SizeofRtMsg] = 0xff // the length of the first attribute
			s.events(broken, message(unix.RTM_NEWROUTE, 0, []byte{unix.AF_INET}), message(4711, 0, nil))
			s.dump(allRoutes, newRoute("20.0.0.0", "10.0.0.9"), newRoute("20.0.1.0", "10.0.0.9"))
		},
		want: []string{"new route 20.0.1.0/24 via 10.0.0.9 eth0 (resync)"},
	},
}

// records reads a recording.
func records(t *testing.T, file []byte) (all []capture.Record) {
	r, err := capture.NewReader(bytes.NewReader(file))
	require.NoError(t, err)
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, rec)
	}
}

// newRoute is a route over eth0 as a dump has it.
func newRoute(dst, via string) []byte { return route(unix.RTM_NEWROUTE, unix.NLM_F_MULTI, dst, via, 2) }

// TestConstructedRecordings replays streams that are made here; the stored
// files are there for other programs.
func TestConstructedRecordings(t *testing.T) {
	for _, c := range constructedScenarios {
		t.Run(c.name, func(t *testing.T) {
			c.sameAsStored(t, recordingsDir)
			check(t, scenario{name: c.name, want: c.want})
		})
	}
}

// sameAsStored compares what is made here with the file in dir.
func (c constructedScenario) sameAsStored(t *testing.T, dir string) {
	t.Helper()
	sc := scenario{name: c.name}
	path := sc.file(dir) + ".pcapng"
	file := constructed(t, c.build)
	if *update || *recording {
		require.NoError(t, os.WriteFile(path, file, 0o644))
	}
	stored, err := os.ReadFile(path)
	require.NoError(t, err)
	// Not the bytes: the file names the machine's architecture.
	require.Equal(t, records(t, file), records(t, stored), "%s is not what is made here; -update stores it", path)
}
