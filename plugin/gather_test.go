package plugin

import (
	"net/netip"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/selfstat"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// only returns the single metric of list with the values that pairs name.
func only(t *testing.T, list []telegraf.Metric, pairs ...any) telegraf.Metric {
	t.Helper()
	found := pick(list, pairs...)
	require.Len(t, found, 1, "%v of %v", pairs, lines(list))
	return found[0]
}

func TestGatherInterfaces(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	ns.Run("link set lo down")
	r.settled()
	all := r.gather()
	require.Len(t, pick(all, "name", "interface"), 3)
	m := only(t, all, "name", "interface", "interface", "v0", "kind", "veth")
	require.Equal(t, telegraf.Gauge, m.Type())
	require.Equal(t, ns.Path(), tag(m, "netns"))
	require.True(t, has(m, "operstate_code", 6, "up", 1, "carrier", 1, "mtu", 1500, "address_count", 2), lines(all))
	changes, _ := field(m, "carrier_changes").(int64)
	require.Positive(t, changes)

	lo := only(t, all, "name", "interface", "interface", "lo")
	require.False(t, lo.HasTag("kind"))
	require.True(t, has(lo, "up", 0, "address_count", 1), lines(all))
	last, _ := field(lo, "last_change").(int64)
	require.InDelta(t, time.Now().UnixNano(), last, float64(10*time.Second))

	ns.Run("link del v0")
	r.settled()
	require.Len(t, pick(r.gather(), "name", "interface"), 3, "two of which have vanished")
	require.Len(t, pick(r.gather(), "name", "interface"), 1)
}

func TestGatherRoutes(t *testing.T) {
	ns := newPair(t)
	ns.Run("route add default via 10.0.0.2 proto static", "route add default via 10.0.0.3 proto static metric 7",
		"route add blackhole 40.0.0.0/8 table 1000 proto 200")
	r := begin(t, ns)
	r.settled()
	all := r.gather()
	m := only(t, all, "name", "routes", "family", "inet", "table", "main", "protocol", "static", "type", "unicast")
	require.Equal(t, telegraf.Gauge, m.Type())
	require.True(t, has(m, "entries", 3, "default_routes", 2), lines(all))
	require.True(t, has(only(t, all, "name", "routes", "table", "1000", "type", "blackhole", "protocol", "200"),
		"entries", 1, "default_routes", 0))
	sum := int64(0)
	for _, m := range pick(all, "name", "routes") {
		n, _ := field(m, "entries").(int64)
		sum += n
	}
	require.Equal(t, r.internal()["routes"], sum)
}

func TestGatherNeighbors(t *testing.T) {
	ns := newPair(t)
	ns.Run("neigh add 10.0.0.10 lladdr 02:00:00:00:00:0a dev v0 nud stale")
	r := begin(t, ns)
	r.settled()
	m := only(t, r.gather(), "name", "neighbors", "interface", "v0", "family", "inet")
	require.Equal(t, telegraf.Gauge, m.Type())
	require.True(t, has(m, "entries", 2, "permanent", 1, "stale", 1, "reachable", 0, "failed", 0, "incomplete", 0), m.Fields())
	require.Positive(t, field(m, "limit"))
}

// TestNeighborLimitsStandInEveryNamespace: they are asked for in one.
func TestNeighborLimitsStandInEveryNamespace(t *testing.T) {
	a, b := newPair(t), newPair(t)
	r := begin(t, a, func(r *RTNetlink) { r.Netns = append(r.Netns, b.Path()) })
	r.settled()
	all := r.gather()
	for _, ns := range []*nstest.NS{a, b} {
		require.Positive(t, field(only(t, all, "name", "neighbors", "netns", ns.Path(), "interface", "v0", "family", "inet"), "limit"))
	}
}

func TestGatherEvents(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	total := func(object, action string) int64 {
		m := only(t, r.gather(), "name", "events", "object", object, "action", action)
		require.Equal(t, telegraf.Counter, m.Type())
		require.False(t, m.HasTag("netns"), "it is the instance's")
		n, _ := field(m, "total").(int64)
		return n
	}
	before := total("rule", "new")
	ns.Run("rule add from 11.0.0.0/8 table 100 pref 1001", "rule del from 11.0.0.0/8 table 100 pref 1001")
	r.settled()
	require.Equal(t, before+1, total("rule", "new"))
	require.EqualValues(t, 1, total("rule", "delete"))
	require.EqualValues(t, 0, total("rule", "change"))
}

func TestGatherStatistics(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, func(r *RTNetlink) { r.LinkStatistics = true })
	r.settled()
	require.NoError(t, ns.TryDatagram(netip.MustParseAddr("10.0.0.9")))
	m := only(t, r.gather(), "name", "link_stats", "interface", "v0")
	require.Equal(t, telegraf.Counter, m.Type())
	for _, f := range statFields {
		require.IsType(t, int64(0), field(m, f), f)
	}
	require.Len(t, m.FieldList(), len(statFields))
	require.Positive(t, field(m, "tx_packets"))

	quiet := begin(t, ns)
	quiet.settled()
	require.Empty(t, pick(quiet.gather(), "name", "link_stats"))
}

// TestGatherHasTheSameTypesEverywhere: a field keeps its type for ever.
func TestGatherHasTheSameTypesEverywhere(t *testing.T) {
	r := begin(t, newPair(t), func(r *RTNetlink) { r.LinkStatistics = true })
	r.settled()
	for _, m := range r.gather() {
		require.NotEmpty(t, m.FieldList())
		for _, f := range m.FieldList() {
			require.IsType(t, int64(0), f.Value, "%s %s", m.Name(), f.Key)
		}
	}
}

// TestGatherRightAfterStart waits for the first enumeration: with --test and
// --once Telegraf asks at once, and never again.
func TestGatherRightAfterStart(t *testing.T) {
	r := begin(t, newPair(t))
	require.Len(t, pick(r.gather(), "name", "interface"), 3)
}

// TestGatherDoesNotWaitForOutputs: an owner that is held back is reported as
// such, in time for Telegraf's interval.
func TestGatherDoesNotWaitForOutputs(t *testing.T) {
	r := begin(t, newPair(t), func(r *RTNetlink) { r.MaxUndelivered = 1 })
	r.hold.Lock()
	defer r.hold.Unlock()
	s := newConsumer(t)
	defer func() { close(s.ch); <-s.done }()
	begin := time.Now()
	require.ErrorIs(t, r.input.Gather(s.accumulator()), errBusy)
	require.Less(t, time.Since(begin), callTime+time.Second)
}

func TestGatherAfterStopSendsNothing(t *testing.T) {
	r := begin(t, newPair(t))
	r.settled()
	r.input.Stop()
	require.Empty(t, r.gather())
}

// TestStatisticsOfTelegraf: compiled in, the counters are in inputs.internal
// too, as long as the plugin runs.
func TestStatisticsOfTelegraf(t *testing.T) {
	ns := newPair(t)
	collector := selfstat.NewCollector(map[string]string{"_id": "x"})
	r := begin(t, ns, func(r *RTNetlink) { r.Statistics = collector })
	r.settled()
	r.gather()
	tags := map[string]string{"netns": ns.Path()}
	for name, v := range r.internal() {
		stat := collector.Get("rtnetlink", name, tags)
		require.NotNil(t, stat, name)
		if name == "links" {
			require.EqualValues(t, 3, stat.Get())
			require.Equal(t, v, stat.Get())
		}
	}
	ns.Run("link del v0")
	r.settled()
	r.gather()
	require.EqualValues(t, 1, collector.Get("rtnetlink", "links", tags).Get())
	require.NotEmpty(t, ours())
	r.input.Stop()
	require.Empty(t, ours(), "of a plugin that runs no more")
}

// ours returns what inputs.internal shows of the plugin.
func ours() (out []telegraf.Metric) {
	for _, m := range selfstat.Metrics() {
		if m.Name() == "internal_rtnetlink" {
			out = append(out, m)
		}
	}
	return out
}
