package plugin

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// TestALinkWithManyRoutesIsRenamed: all of them show the new name in the end,
// also where it gets several names in a row, while everything is enumerated, and
// while messages are lost.
func TestALinkWithManyRoutesIsRenamed(t *testing.T) {
	for name, c := range map[string]struct {
		routes, renames int
		meanwhile       func(r *running)
	}{
		"once, with 100,000 routes": {100_000 / slower, 0, func(*running) {}},
		"back and forth":            {3_000, 6, func(*running) {}},
		"while enumerating":         {3_000, 6, func(r *running) { r.call(func(o *owner) { o.spaces.Audit(time.Now()) }) }},
		"while losing events":       {3_000, 6, nil},
	} {
		t.Run(name, func(t *testing.T) {
			ns := newPair(t)
			var list []nstest.Request
			for i := range c.routes {
				r, err := ns.Compile(fmt.Sprintf("-6 route add 2001:db8:%x:%x::/64 via 2001:db8::2", 0x100+i>>8, i&255))
				require.NoError(t, err)
				list = append(list, r)
			}
			batch(t, ns, list)
			var r *running
			if c.meanwhile == nil {
				r = overrunning(t, ns)
			} else {
				r = begin(t, ns)
			}
			r.settled()
			n := r.mark()
			if c.meanwhile == nil {
				batch(t, ns, prefixes(t, ns.Conn, "route add blackhole %s/32 table 8", 3000))
			}
			for i := range c.renames {
				ns.Run(fmt.Sprintf("link set v0 name v%d", 20+i), fmt.Sprintf("link set v%d name v0", 20+i))
			}
			if c.meanwhile == nil {
				batch(t, ns, prefixes(t, ns.Conn, "route del blackhole %s/32 table 8", 3000))
			} else {
				c.meanwhile(r)
			}
			ns.Run("link set v0 name last")
			r.waitEvent(n, "name", "link", "action", "change", "interface", "last")
			shown, next := map[any]bool{}, n
			r.wait("all routes by the new name", func() bool {
				for ; next < len(r.events); next++ {
					if m := r.events[next]; m.Name() == "rtnetlink_route" && tag(m, "interface") == "last" {
						shown[field(m, "key")] = true
					}
				}
				return len(shown) >= c.routes
			})
			r.requireEqual()
			if c.meanwhile == nil {
				require.Positive(t, r.internal()["overruns"])
			}
		})
	}
}
