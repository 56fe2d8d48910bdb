package mirror

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// When a nexthop object is replaced, each route over it gets a message that
// says "replace", and replaces nothing.
func TestTheEchoOfAReplacedObjectMeansTheRouteItself(t *testing.T) {
	one := v4(3)
	one.nhid = 5
	two := one
	two.mtu = 1400
	d := newDumper(t, allRoutes4, created(rtnl.Nexthop, 0, nexthopBody(5, attr32(unix.NHA_OIF, 3))),
		created(rtnl.Route, flagsAdd, one.body()), created(rtnl.Route, flagsAppend, two.body()))
	replaced := created(rtnl.Nexthop, unix.NLM_F_REPLACE, nexthopBody(5, attr32(unix.NHA_OIF, 4)))
	replaced.PID, replaced.Seq = 77, 1
	d.event(replaced)
	for _, r := range []routeSpec{one, two} {
		r.hops = []hopSpec{{oif: 4}}
		m := created(rtnl.Route, flagsReplace, r.body())
		m.PID, m.Seq = 77, 1
		d.event(m)
	}
	d.holds(one.body(), two.body())
	require.Equal(t, []string{"notify change nexthop"}, d.events)

	// A request of its own replaces the first.
	own := created(rtnl.Route, flagsReplace, v4(6).body())
	own.PID, own.Seq = 77, 2
	d.event(own)
	d.holds(v4(6).body(), two.body())
}
