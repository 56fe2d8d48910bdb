package plugin

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/influxdata/telegraf/config"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
)

// TestFilteredEventsEqualTheFilteredKernel makes random operations of every
// class beside a plugin that leaves some out. The links of the grammar get other
// names and come back to theirs, routes change their protocol and join groups of
// another: what enters the filter's view is new, what leaves it is deleted.
func TestFilteredEventsEqualTheFilteredKernel(t *testing.T) {
	operations := 400
	if testing.Short() { // an emulated machine
		operations = 60
	}
	for n, f := range []struct {
		name   string
		change func(*RTNetlink)
	}{
		{"tables", func(r *RTNetlink) { r.RouteTables = []string{"main", "500"} }},
		{"protocols", func(r *RTNetlink) { r.RouteProtocols = []string{"boot", "bird", "ra"} }},
		{"links but for some names", func(r *RTNetlink) { r.Interfaces = []string{"!t*", "!w1", "!br1", "!swapped"} }},
		{"links of some names", func(r *RTNetlink) { r.Interfaces = []string{"t?", "v*", "br0"} }},
		{"families", func(r *RTNetlink) { r.Families = []string{"inet6", "bridge"} }},
		{"all of it, with snapshots", func(r *RTNetlink) {
			r.RouteTables, r.RouteProtocols, r.Interfaces = []string{"main", "100"}, []string{"static", "boot", "bgp"}, []string{"!v0", "!t1"}
			r.SnapshotInterval = config.Duration(time.Second)
		}},
		{"all of it, with losses", func(r *RTNetlink) {
			r.RouteTables, r.RouteProtocols, r.Interfaces = []string{"main"}, []string{"boot", "dhcp"}, []string{"!t*", "!w0"}
			r.ReceiveBuffer = minReceiveBuffer
		}},
	} {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			seed := soakSeed(t) + uint64(100*n)
			t.Logf("seed %d", seed)
			ns := nstest.New(t)
			g := ops.New(t, ns, seed, ops.Profiles[n%2])
			r := begin(t, ns, f.change)
			r.excuse = func(_, diff string) bool { return excused(t, ns, diff) }
			pace := rand.New(rand.NewPCG(seed, 1))
			end := time.Now().Add(soakTime(t) - 3*time.Second)
			for done, since := 0, 0; done < operations || time.Now().Before(end); since = len(g.Log()) {
				for range 1 + pace.IntN(20) {
					g.Steps(2)
					_ = g.Do(crossing(pace)) // the kernel may refuse it
					done += 3
				}
				r.requireEqualAfter([]string{g.Log()[since:]})
			}
			require.Zero(t, r.internal()["decode_errors"])
			r.see(func() { require.Empty(t, r.stream.Errors(), fmt.Sprint(seed)) })
		})
	}
}

// crossing returns an operation after which a filter may judge otherwise of what
// was there before.
func crossing(r *rand.Rand) string {
	of := func(list ...string) string { return list[r.IntN(len(list))] }
	protocol := " proto " + of("static", "boot", "bird", "bgp", "dhcp", "ra")
	gate6 := of("2001:db8:1::7", "2001:db8:1::8", "2001:db8:2::7")
	switch r.IntN(5) {
	case 0:
		return "link set dev " + of("v0 name t0", "t0 name v0", "w0 name t0", "t0 name w0", "br0 name t1", "t1 name br0")
	case 1:
		return "swap " + of("v0 w0", "v0 t0", "w0 t0")
	case 2:
		return "route " + of("replace", "replace", "append", "prepend", "del") + " 20.0.0.0/24 via " + of("10.0.0.7", "10.1.0.7") + protocol
	case 3:
		return "route " + of("append", "append", "prepend", "del") + " 2001:db8:a::/64 via " + gate6 + protocol
	default: // what leads to a link, beside gateways, the kernel hides from dumps
		return "route replace 2001:db8:" + of("a", "a", "d") + "::/64 " + of("via "+gate6, "dev v0", "dev w0") + protocol
	}
}
