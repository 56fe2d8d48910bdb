package plugin

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// TestWhatRoutersAdvertise: what the kernel sets silently behind the message about
// a router's route is asked for; what it changes later an audit finds.
func TestWhatRoutersAdvertise(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	n := r.mark()
	router := nstest.Advertisement{Router: netip.MustParseAddr("fe80::9"), HopLimit: 77, Lifetime: 1800, MTU: 1400, Prefix: netip.MustParsePrefix("2001:db8:5::/64")}
	ns.Advertise("v1", router)
	made := r.waitEvent(n, "name", "route", "action", "new", "dst", "default", "gateway", "fe80::9", "protocol", "ra", "interface", "v0")
	r.waitEvent(n, "name", "route", "action", "new", "dst", "2001:db8:5::/64")
	r.waitEvent(n, "name", "route", "dst", "default", "gateway", "fe80::9", "hoplimit", 77, "key", field(made, "key"))
	r.requireEqual()
	router.HopLimit, router.Lifetime = 66, 900
	ns.Advertise("v1", router)
	n = r.mark()
	require.Eventually(t, func() bool {
		r.call(func(o *owner) { o.spaces.Audit(time.Now()) })
		r.settled()
		return len(pick(r.since(n), "name", "route", "action", "change", "hoplimit", 66, "previous_hoplimit", 77)) == 1
	}, patience, 50*time.Millisecond)
	r.requireEqual()
	n = r.mark()
	router.Lifetime = 0 // no default router any more
	ns.Advertise("v1", router)
	r.waitEvent(n, "name", "route", "action", "delete", "dst", "default", "gateway", "fe80::9")
	r.requireEqual()
}
