package plugin

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/telegraf/config"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// TestSilentChangesAreFoundByAnAudit: nothing says that a queueing discipline
// was replaced.
func TestSilentChangesAreFoundByAnAudit(t *testing.T) {
	tc := nstest.NeedTool(t, "tc")
	ns := newPair(t)
	r := begin(t, ns, func(r *RTNetlink) { r.AuditInterval = config.Duration(time.Second) })
	r.settled()
	_, err := ns.Output(tc, "qdisc", "replace", "dev", "v0", "root", "pfifo")
	require.NoError(t, err)
	r.waitEvent(0, "name", "link", "action", "change", "origin", "resync", "interface", "v0", "changed", "qdisc", "qdisc", "pfifo")
	r.settled()
	require.EqualValues(t, 1, r.internal()["audit_corrections"])
	require.EqualValues(t, 0, r.internal()["overruns"])
	require.EqualValues(t, 0, r.internal()["resyncs"])
}

// TestFailedNeighborStaysFailed: while the kernel looks for it again, which it
// does not announce, the last that was announced holds.
func TestFailedNeighborStaysFailed(t *testing.T) {
	ns := newPair(t)
	ns.Run("neigh add 10.0.0.55 lladdr 02:00:00:00:00:55 dev v0", "neigh change 10.0.0.55 lladdr 02:00:00:00:00:55 dev v0 nud failed")
	r := begin(t, ns)
	r.settled()
	require.NoError(t, ns.TryDatagram(netip.MustParseAddr("10.0.0.55")))
	require.Contains(t, r.difference(), "10.0.0.55")
	r.excuse = func(_, diff string) bool { return retried(ns, diff) }
	r.requireEqual()
	r.call(func(o *owner) { o.spaces.Audit(time.Now()) })
	r.requireEqual()
	r.see(func() { require.Len(t, pick(r.events, "name", "neighbor", "dst", "10.0.0.55"), 1) })
}

// TestAuditsOfAMirrorThatIsRightChangeNothing: however often things changed.
func TestAuditsOfAMirrorThatIsRightChangeNothing(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	for range 50 {
		ns.Run("route replace 20.0.0.0/24 via 10.0.0.4 proto static", "route replace 20.0.0.0/24 via 10.0.0.5 proto static",
			"rule add from 11.0.0.0/8 table 100 pref 1001", "rule del from 11.0.0.0/8 table 100 pref 1001",
			"addr add 10.0.1.1/24 dev v0", "addr del 10.0.1.1/24 dev v0", "link set v0 down", "link set v0 up",
			"neigh replace 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0")
	}
	r.settled()
	before := r.mark()
	for n := range 3 {
		r.call(func(o *owner) { o.spaces.Audit(time.Now()) })
		r.settled()
		require.Equal(t, n+1, r.log.count("Audit complete"))
	}
	require.Empty(t, lines(r.since(before)))
	require.EqualValues(t, 0, r.internal()["audit_corrections"])
	r.requireEqual()
}

// TestMissedCarrierChanges: the kernel coalesces messages about a carrier that
// flaps; its counters tell how many there were.
func TestMissedCarrierChanges(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	count := func() int64 {
		var v int64
		for _, m := range pick(r.since(0), "name", "link", "interface", "v0") {
			v, _ = field(m, "carrier_changes").(int64)
		}
		return v
	}
	before := count()
	n := r.mark()
	var flaps []nstest.Request
	for range 10 {
		for _, line := range []string{"link set v1 down", "link set v1 up"} {
			c, err := ns.Compile(line)
			require.NoError(t, err)
			flaps = append(flaps, c)
		}
	}
	refused, err := ns.Batch(flaps)
	require.Zero(t, refused, err)
	r.wait("all carrier changes", func() bool {
		seen := int64(0)
		for _, m := range pick(r.events[n:], "name", "link", "interface", "v0") {
			v, _ := field(m, "missed_carrier_changes").(int64)
			seen += v
			if changed, _ := field(m, "changed").(string); slices.Contains(strings.Split(changed, ","), "carrier") {
				seen++
			}
		}
		return seen == 20
	})
	require.EqualValues(t, 20, count()-before)
}
