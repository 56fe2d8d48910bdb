package mirror

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// multicastScene is what a multicast routing daemon and its links go through.
// Lines that begin with "ip" are for the links, "datagram" sends one, the rest is
// for the daemon.
var multicastScene = []string{
	"link 0 v0", "link 1 w0", "link 2 x0",
	"add S1 G1 0 1,2:7", "add S1 G1 0 1", "add S1 G1 0 1", // another set of links, and again
	"add S1 G1 2 0,1", // in by another link
	"add S2 G1 0 -",   // to nowhere
	"proxy ANY G2 0 1,2", "proxy ANY G2 1 0,2", "proxy ANY ANY 0 1", "proxy S2 G2 0 1", "proxy S2 G2 1 0",
	"add ANY G2 2 0",        // in the place of one of the two
	"add ANY G1 0 1",        // where there is none of any source
	"datagram G3",           // which nobody has a route for
	"add OWN G3 0 1,2",      // and now has
	"datagram G4",           // which waits for one
	"unlink 2", "link 2 y0", // the place of one link for another
	"unproxy ANY G2 0", "unproxy S2 G2 0",
	"ip link del y0",
	"ip link set v0 name u0", "ip link set u0 down", "ip link set u0 up", "ip link set u0 name v0",
	"ip link del w0", // which is where some come in
	"del S1 G1 2", "del ANY G2 1",
	"link 1 z0", // in the place of w0
	"del OWN G3 0",
}

var multicastWords = map[bool]*strings.Replacer{
	false: strings.NewReplacer("S1", "10.0.0.5", "S2", "10.0.0.6", "OWN", "10.0.0.1", "ANY", "0.0.0.0",
		"G1", "239.1.1.1", "G2", "239.1.1.2", "G3", "239.1.1.3", "G4", "239.1.1.4"),
	true: strings.NewReplacer("S1", "2001:db8:1::5", "S2", "2001:db8:1::6", "OWN", "2001:db8:1::1", "ANY", "::",
		"G1", "ff0e::1", "G2", "ff0e::2", "G3", "ff0e::3", "G4", "ff0e::4"),
}

// multicastNS is a namespace for the scene, with packets for all groups out of v0.
func multicastNS(t *testing.T) *nstest.NS {
	ns := nstest.New(t)
	ns.Sysctl("net.ipv6.conf.default.dad_transmits", "0")
	ns.Run("link set dev lo up",
		"link add name v0 type veth peer name v1", "link add name w0 type veth peer name w1",
		"link add name x0 type veth peer name x1", "link add name y0 type veth peer name y1",
		"link add name z0 type veth peer name z1")
	for _, dev := range []string{"v0", "v1", "w0", "w1", "x0", "x1", "y0", "y1", "z0", "z1"} {
		ns.Run("link set dev " + dev + " up")
	}
	ns.Run("addr add 10.0.0.1/24 dev v0", "addr add 2001:db8:1::1/64 dev v0 nodad", "route add 239.0.0.0/8 dev v0", "route add multicast ff0e::/16 dev v0")
	require.Eventually(t, func() bool { return ns.TryDatagram(netip.MustParseAddr("ff0e::1")) == nil },
		time.Minute, 10*time.Millisecond, "the address of v0 can be used")
	return ns
}

// TestMirrorEqualsTheKernelInMulticastRoutes plays the scene, with the rules
// alone and with what the mirror asks for besides.
func TestMirrorEqualsTheKernelInMulticastRoutes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		v6     bool
		table  int
		verify bool
	}{
		{"IPv4", false, 0, false}, {"IPv4 in a table", false, 700, false}, {"IPv4 with questions", false, 0, true},
		{"IPv6", true, 0, false}, {"IPv6 in a table", true, 700, false}, {"IPv6 with questions", true, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ns := multicastNS(t)
			f := follow(t, ns, tt.verify)
			r, err := ns.MulticastRouter(tt.v6, tt.table)
			if tt.table != 0 && errors.Is(err, unix.ENOPROTOOPT) {
				t.Skip("this kernel has one table of multicast routes")
			}
			require.NoError(t, err)
			for _, line := range multicastScene {
				line = multicastWords[tt.v6].Replace(line)
				require.NoError(t, playMulticast(ns, r, line), line)
				f.requireSame(ns, line)
			}
			family := map[bool]uint8{false: rtnl.IPMR, true: rtnl.IP6MR}[tt.v6]
			require.NotZero(t, f.routesOf(family))
			require.NoError(t, r.Close())
			f.requireSame(ns, "the daemon ends")
			require.Zero(t, f.routesOf(family))
			t.Logf("%+v, corrections by dumps %s", f.state.Counts(), corrections(f.resyncs))
		})
	}
}

func playMulticast(ns *nstest.NS, r *nstest.MulticastRouter, line string) error {
	if to, ok := strings.CutPrefix(line, "datagram "); ok {
		return ns.TryDatagram(netip.MustParseAddr(to))
	}
	if command, ok := strings.CutPrefix(line, "ip "); ok {
		return ns.Try(command)
	}
	return r.Do(line)
}

func (f *follower) requireSame(ns *nstest.NS, after string) {
	f.t.Helper()
	f.seen = f.seen[:0]
	if diff := f.differs(ns); diff != "" {
		f.t.Fatalf("after %s\n%s\nevents:\n%s", after, diff, strings.Join(f.seen, "\n"))
	}
}

func (f *follower) routesOf(family uint8) (n int) {
	f.state.Each(rtnl.Route, func(body []byte) bool {
		if body[0] == family {
			n++
		}
		return true
	})
	return n
}

// multicastOps are what the random test draws from; some the kernel refuses.
var multicastOps = []string{
	"link N DEV", "link N DEV", "unlink N", "add S1 G1 N OUT", "add S1 G2 N OUT", "add S2 G1 N OUT", "add ANY G1 N OUT",
	"proxy ANY G1 N OUT", "proxy ANY G2 N OUT", "proxy ANY ANY N OUT", "proxy S1 G1 N OUT", "del S1 G1 N", "del S2 G1 N",
	"del ANY G1 N", "unproxy ANY G1 N", "unproxy ANY ANY N", "unproxy S1 G1 N", "datagram G3", "datagram G4", "add OWN G3 N OUT",
	"ip link del DEV", "ip link add name v0 type veth peer name v1", "ip link add name w0 type veth peer name w1",
	"ip link add name x0 type veth peer name x1", "ip link set DEV up", "ip link set DEV down", "ip addr add 10.0.0.1/24 dev v0",
	"ip link set DEV name t0", "ip link set t0 name DEV", "ip route add 239.0.0.0/8 dev v0", "link N DEV", "link N v0", "link N w0",
}

// TestMirrorEqualsTheKernelAfterRandomMulticastRouting makes random changes of a
// daemon's tables and links; the events are the only source, with what the mirror
// asks for because there is no rule.
func TestMirrorEqualsTheKernelAfterRandomMulticastRouting(t *testing.T) {
	for seed := range uint64(2 * *seeds) {
		for _, v6 := range []bool{false, true} {
			t.Run(fmt.Sprintf("seed %d, IPv6 %v", seed, v6), func(t *testing.T) {
				t.Parallel()
				ns := multicastNS(t)
				f := follow(t, ns, false)
				r, err := ns.MulticastRouter(v6, 0)
				require.NoError(t, err)
				rng := rand.New(rand.NewPCG(seed, 7))
				one := func(of ...string) string { return of[rng.IntN(len(of))] }
				var done []string
				accepted := 0
				for step := range 400 {
					line := strings.NewReplacer("OUT", one("-", "0", "0,1", "1:3", "0,2:9", "2,1,0"), "N", one("0", "1", "2"),
						"DEV", one("v0", "w0", "x0", "v1")).Replace(multicastWords[v6].Replace(one(multicastOps...)))
					err := playMulticast(ns, r, line)
					if err == nil {
						accepted++
					}
					done = append(done, fmt.Sprint(line, " # ", err))
					if step%20 == 19 {
						f.requireSame(ns, strings.Join(done, "\n"))
						done = nil
					}
				}
				require.NoError(t, r.Close())
				f.requireSame(ns, "the daemon ends")
				t.Logf("%d accepted, %+v, corrections by dumps %s", accepted, f.state.Counts(), corrections(f.resyncs))
			})
		}
	}
}
