package mirror

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
)

// TestCrowdedListsEqualTheKernel makes random operations on the IPv6 routes of
// two prefixes, with gateways and without, of every protocol: members join and
// leave the group, and what is replaced beside it hides between them.
func TestCrowdedListsEqualTheKernel(t *testing.T) {
	for name, protocols := range map[string][]uint8{"all": nil, "static and ra": {unix.RTPROT_STATIC, unix.RTPROT_RA}} {
		for i := range uint64(*seeds) {
			seed := *seed + i
			t.Run(fmt.Sprintf("%s/seed %d", name, seed), func(t *testing.T) {
				t.Parallel()
				ns := nstest.New(t)
				g := ops.New(t, ns, seed, ops.Profiles[0])
				f := startShowing(t, ns, true, 32<<20, protocols...)
				f.settle()
				pace := rand.New(rand.NewPCG(seed, 2))
				for done, since := 0, len(g.Log()); done < *steps; since = len(g.Log()) {
					for range 1 + pace.IntN(6) {
						_ = g.Do(crowding(pace)) // the kernel may refuse it
						done++
					}
					f.seen, f.raw = f.seen[:0], f.raw[:0]
					diff := f.equal(ns)
					if diff == "" {
						diff = f.replica.difference(f.state)
					}
					if diff != "" || len(f.replica.Errors) > 0 {
						t.Fatalf("after %d operations the kernel (-) and the mirror (+) differ:\n%s\n%s\nsince the last comparison:%s\nevents:\n%s\nmessages:\n%s\nbefore:\n%s",
							done, diff, strings.Join(f.replica.Errors, "\n"), g.Log()[since:], strings.Join(f.seen, "\n"), strings.Join(f.raw, "\n"), g.Log()[:since])
					}
				}
			})
		}
	}
}

// crowding returns an operation on a route of the two prefixes, or on a link
// below them.
func crowding(r *rand.Rand) string {
	of := func(list ...string) string { return list[r.IntN(len(list))] }
	dst := of("2001:db8:a::/64", "2001:db8:a::/64", "2001:db8:b::/64")
	gate := func() string { return of("2001:db8:1::7 dev v0", "2001:db8:1::8 dev v0", "2001:db8:2::7 dev w0") }
	protocol := " proto " + of("static", "boot", "bird", "ra", "ra")
	path := of(" via "+gate(), " via "+gate(), " via "+gate(), " dev v0", " dev w0")
	switch r.IntN(12) {
	case 0, 1, 2:
		return "route append " + dst + path + protocol
	case 3:
		return "route prepend " + dst + path + protocol
	case 4, 5, 6:
		return "route replace " + dst + path + protocol
	case 7:
		return "route " + of("replace ", "add ", "append ", "append ") + dst + " nexthop via " + gate() + of("", " nexthop via "+gate()) + protocol
	case 8:
		return "link set dev " + of("v0", "w0") + of(" down", " up", " up")
	default:
		return "route del " + dst + of(path, path, path+protocol, "")
	}
}
