package mirror

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
)

// An IPv6 group has the protocol of its first member, whatever the message about
// another says. Of the routes of some protocols the mirror has what the kernel
// shows, by either, when members come and go, change their order or are replaced.
func TestRoutesAreFilteredAsTheKernelShowsThem(t *testing.T) {
	const p, one, two, three = "2001:db8:a::/64 ", "via 2001:db8:1::7 ", "via 2001:db8:1::8 ", "via 2001:db8:2::9 "
	for name, steps := range map[string][]string{
		"another protocol is appended":                         {"add " + p + one + "proto bird", "append " + p + two + "proto static", "append " + p + three + "proto bird"},
		"the wanted one is appended":                           {"add " + p + one + "proto static", "append " + p + two + "proto bird", "append " + p + three + "proto static"},
		"prepended":                                            {"add " + p + one + "proto static", "prepend " + p + two + "proto bird", "prepend " + p + three + "proto static"},
		"prepended the other way round":                        {"add " + p + one + "proto bird", "prepend " + p + two + "proto static", "prepend " + p + three + "proto bird"},
		"the first goes, it was wanted":                        {"add " + p + one + "proto bird", "append " + p + two + "proto static", "del " + p + one, "del " + p},
		"the first goes, it was not wanted":                    {"add " + p + one + "proto static", "append " + p + two + "proto bird", "del " + p + one, "del " + p + two},
		"a later one goes":                                     {"add " + p + one + "proto bird", "append " + p + two + "proto static", "append " + p + three + "proto bird", "del " + p + two, "del " + p + three},
		"all go at once":                                       {"add " + p + one + "proto static", "append " + p + two + "proto bird", "del " + p, "add " + p + one + "proto bird", "append " + p + two + "proto static", "del " + p},
		"several at once":                                      {"add " + p + "nexthop " + one + "nexthop " + two + "proto bird", "append " + p + three + "proto static", "del " + p + one, "del " + p + two, "del " + p + three},
		"several at once that are not wanted":                  {"add " + p + "nexthop " + one + "nexthop " + two + "proto static", "append " + p + three + "proto bird", "del " + p + one, "del " + p + two, "del " + p + three},
		"replaced by what is not wanted":                       {"add " + p + one + "proto bird", "append " + p + two + "proto bird", "replace " + p + three + "proto static"},
		"replaced by what is wanted":                           {"add " + p + one + "proto static", "append " + p + two + "proto static", "replace " + p + three + "proto bird"},
		"others of the key, without a gateway":                 {"add " + p + "dev v0 proto static", "append " + p + one + "proto bird", "append " + p + "dev w0 proto bird", "append " + p + two + "proto static", "replace " + p + "dev w0 proto static mtu 1400"},
		"from a router's protocol":                             {"add " + p + one + "proto ra", "append " + p + two + "proto bird", "del " + p + one},
		"one without a link is replaced by what is not wanted": {"add prohibit " + p + "proto bird", "replace " + p + "dev v0 proto bgp"},
		"one without a link is not replaced by a path":         {"add prohibit " + p + "proto bird", "replace " + p + one + "proto bgp", "del " + p + one},
		"one without a link between paths is replaced":         {"add " + p + one + "proto bird", "append prohibit " + p + "proto bird", "append " + p + two + "proto bird", "replace " + p + "dev v0 proto bgp"},
		"one without a link is replaced among paths":           {"add " + p + one + "proto bgp", "append prohibit " + p + "proto bird", "append " + p + two + "proto bird", "replace " + p + "dev v0 proto bgp"},
		"a device's behind one without a link":                 {"add " + p + "dev w0 proto bgp", "append prohibit " + p + "proto bird", "replace " + p + "dev v0 proto bgp"},
		"the link goes":                                        {"add " + p + one + "proto static", "append " + p + three + "proto bird", "link"},
		"the link goes, the other way round":                   {"add " + p + one + "proto bird", "append " + p + three + "proto static", "link"},
		"IPv4": {"add 20.0.0.0/24 via 10.0.0.9 proto static", "append 20.0.0.0/24 via 10.0.0.8 proto bird", "prepend 20.0.0.0/24 via 10.0.0.7 proto static",
			"prepend 20.0.0.0/24 via 10.0.0.6 proto bird", "replace 20.0.0.0/24 via 10.0.0.5 proto static", "del 20.0.0.0/24", "del 20.0.0.0/24"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ns := nstest.New(t)
			runner := ops.NewRunner(t, ns)
			for _, line := range scene {
				require.NoError(t, runner.Do(line))
			}
			followers := []*follower{startShowing(t, ns, true, 32<<20, unix.RTPROT_BIRD)}
			followers[0].settle()
			for _, step := range steps {
				line := "route " + step
				if step == "link" {
					line = "link del dev v0"
				}
				require.NoError(t, runner.Do(line))
				late := startShowing(t, ns, true, 32<<20, unix.RTPROT_BIRD) // knows the past from dumps alone
				followers = append(followers, late)
				for _, f := range followers {
					require.Empty(t, f.equal(ns), "after %q\n%s", step, strings.Join(f.seen, "\n"))
					require.Empty(t, f.replica.difference(f.state), "after %q\n%s", step, strings.Join(f.seen, "\n"))
					require.Empty(t, f.replica.Errors)
					require.NoError(t, f.state.consistent())
				}
			}
		})
	}
}

// A replacement of what is not wanted looks like one of what is, and a group that
// forms at once hides from dumps that it is still there.
func TestWhatWasNotReplacedComesToLightBehindAGroup(t *testing.T) {
	const p = "2001:db8:a::/64 "
	ns := nstest.New(t)
	runner := ops.NewRunner(t, ns)
	for _, line := range scene {
		require.NoError(t, runner.Do(line))
	}
	f := startShowing(t, ns, true, 32<<20, unix.RTPROT_BIRD)
	f.settle()
	for _, step := range [][]string{
		{"add " + p + "via 2001:db8:1::7 proto static", "append " + p + "dev w0 proto static", "append " + p + "dev v0 proto bird"},
		{"replace " + p + "via 2001:db8:1::8 proto bird", "append " + p + "via 2001:db8:2::9 proto bird"},
		{"del " + p},
	} {
		for _, line := range step {
			require.NoError(t, runner.Do("route "+line))
		}
		require.Empty(t, f.equal(ns), "after %q\n%s", step, strings.Join(f.seen, "\n"))
		require.Empty(t, f.replica.difference(f.state))
	}
}

// TestFilteredMirrorEqualsTheKernel is the comparison after random operations
// with a filter by protocol.
func TestFilteredMirrorEqualsTheKernel(t *testing.T) {
	for i := range uint64(2 * *seeds) {
		seed := *seed + 500 + i
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			ns := nstest.New(t)
			g := ops.New(t, ns, seed, ops.Profiles[0])
			f := startShowing(t, ns, true, 32<<20, unix.RTPROT_BOOT, unix.RTPROT_BIRD, unix.RTPROT_RA)
			pace := rand.New(rand.NewPCG(seed, 1))
			for done, since := 0, 0; done < *steps; since = len(g.Log()) {
				n := 1 + pace.IntN(12)
				g.Steps(n)
				done += n
				f.seen = f.seen[:0]
				require.Empty(t, f.equal(ns), "%s\n%s", g.Log()[since:], strings.Join(f.seen, "\n"))
				require.Empty(t, f.replica.difference(f.state), "%s\n%s", g.Log()[since:], strings.Join(f.seen, "\n"))
				require.Empty(t, f.replica.Errors)
			}
		})
	}
}
