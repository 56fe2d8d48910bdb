package plugin

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
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

// told is what a router says beside its routes, and what each option is told as.
var told = nstest.Advertisement{
	Router: netip.MustParseAddr("fe80::9"), HopLimit: 64, Lifetime: 1800, Prefix: netip.MustParsePrefix("2001:db8:5::/64"),
	Options: slices.Concat(
		nstest.Option(25, slices.Concat([]byte{0, 0, 0, 0, 2, 88}, netip.MustParseAddr("2001:db8::53").AsSlice())...),
		nstest.Option(31, append([]byte{0, 0, 0, 0, 2, 88}, "\x07example\x03org\x00"...)...),
		nstest.Option(38, append([]byte{7, 8, 0, 0x64, 0xff, 0x9b}, make([]byte, 8)...)...)),
}

// notices waits for what told is told as, behind the n-th metric.
func (r *running) notices(n int) {
	r.t.Helper()
	common := []any{"name", "notice", "action", "new", "origin", "notify", "interface", "v0"}
	for _, want := range [][]any{
		{"type", "prefix", "prefix", "2001:db8:5::/64", "flags", "onlink,autoconf", "valid_lft", 86400, "preferred_lft", 14400},
		{"type", "rdnss", "router", "fe80::9", "servers", "2001:db8::53", "lifetime", 600},
		{"type", "dnssl", "router", "fe80::9", "domains", "example.org", "lifetime", 600},
	} {
		r.waitEvent(n, append(slices.Clone(common), want...)...)
	}
}

// TestWhatRoutersSayLeavesNoState: each time it is told, to outputs and scripts, and
// nothing of it is held.
func TestWhatRoutersSayLeavesNoState(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, scriptOf(t, `local nl = require "rtnetlink"
		assert(nl.notices == nil)
		nl.on("notice", { type = { "rdnss", "dnssl" } }, function(ev)
			ev:tag("seen", (ev.servers or ev.domains) .. " of " .. ev.router)
		end)
		nl.on("notice", { within = "2001:db8::/32" }, function(ev) ev:tag("seen", ev.prefix) end)`))
	r.settled()
	for range 2 {
		n := r.mark()
		ns.Advertise("v1", told)
		r.notices(n)
		r.waitEvent(n, "name", "notice", "type", "rdnss", "seen", "2001:db8::53 of fe80::9")
		r.waitEvent(n, "name", "notice", "type", "prefix", "seen", "2001:db8:5::/64")
		r.settled()
		require.Empty(t, pick(r.since(n), "name", "notice", "type", "mtu"))
	}
	keys := map[any]bool{}
	for _, m := range pick(r.since(0), "name", "notice") {
		require.False(t, keys[field(m, "key")], "two notices with one key: %v", m)
		keys[field(m, "key")] = true
	}
	r.requireEqual()
}

// TestNoticesOfWhatIsNotWanted: by class, family and link.
func TestNoticesOfWhatIsNotWanted(t *testing.T) {
	for name, change := range map[string]func(*RTNetlink){
		"class":  func(r *RTNetlink) { r.Objects = rtnl.StateNames() },
		"family": func(r *RTNetlink) { r.Families = []string{"inet"} },
		"link":   func(r *RTNetlink) { r.Interfaces = []string{"lo"} },
	} {
		t.Run(name, func(t *testing.T) {
			ns := newPair(t)
			all := begin(t, ns)
			some := begin(t, ns, change)
			all.settled()
			some.settled()
			ns.Advertise("v1", told)
			all.notices(0)
			ns.Run("link set lo mtu 1400")
			some.waitEvent(0, "name", "link", "interface", "lo", "mtu", 1400) // behind what would have come
			require.Empty(t, pick(some.since(0), "name", "notice"))
		})
	}
}
