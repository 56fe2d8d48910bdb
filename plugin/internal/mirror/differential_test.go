package mirror

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/iproute"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

var (
	steps = flag.Int("steps", 500, "operations for each seed of the differential tests")
	seeds = flag.Int("seeds", 1, "seeds of the differential tests, for each profile")
	seed  = flag.Uint64("seed", 1, "the first seed of the differential tests")
)

// TestMirrorEqualsTheKernelAfterRandomOperations compares mirror and kernel at
// random moments of random histories, and what a consumer of the events has.
// With the rules alone nothing makes sure afterwards that the rules about
// silent changes were right.
func TestMirrorEqualsTheKernelAfterRandomOperations(t *testing.T) {
	for _, verify := range []bool{true, false} {
		for n, p := range ops.Profiles {
			for i := range uint64(*seeds) {
				seed := *seed + i + 1000*uint64(n)
				name := fmt.Sprintf("%s/seed %d", p.Name, seed)
				if !verify {
					name = "rules alone/" + name
				}
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					differ(t, p, seed, verify)
				})
			}
		}
	}
}

func differ(t *testing.T, p ops.Profile, seed uint64, verify bool) {
	ns := nstest.New(t)
	g := ops.New(t, ns, seed, p)
	f := follow(t, ns, verify)
	pace := rand.New(rand.NewPCG(seed, 1))
	since := len(g.Log())
	for done := 0; done < *steps; {
		n := 1 + pace.IntN(12)
		g.Steps(n)
		done += n
		f.seen, f.raw = f.seen[:0], f.raw[:0]
		diff := f.equal(ns)
		if diff == "" {
			diff = f.replica.difference(f.state)
		}
		if diff == "" && iproute.Have() && (pace.IntN(8) == 0 || done >= *steps) {
			diff = f.equalIP(ns)
		}
		if diff != "" || len(f.replica.Errors) > 0 {
			t.Fatalf("after %d operations the kernel (-) and the mirror (+) differ:\n%s\n%s\nsince the last comparison:%s\nevents:\n%s",
				done, diff, strings.Join(f.replica.Errors, "\n"), g.Log()[since:], strings.Join(f.seen, "\n"))
		}
		since = len(g.Log())
	}
	accepted, all := g.Accepted()
	t.Logf("%d of %d operations accepted, %+v, repeated dumps %d, corrections by dumps %s",
		accepted, all, f.state.Counts(), f.torn, corrections(f.resyncs))
}

func corrections(n [rtnl.NumObjects]int) string {
	var out []string
	for o, n := range n {
		if n > 0 {
			out = append(out, fmt.Sprintf("%s %d", rtnl.Object(o), n))
		}
	}
	return strings.Join(out, ", ")
}
