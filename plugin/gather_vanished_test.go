package plugin

import (
	"testing"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/agent"
	"github.com/stretchr/testify/require"
)

// TestWhatVanishesSaysSoOnce: its last value would stand for ever otherwise.
func TestWhatVanishesSaysSoOnce(t *testing.T) {
	ns := newPair(t)
	ns.Run("route add default via 10.0.0.2 proto static", "neigh add 10.0.0.10 lladdr 02:00:00:00:00:0a dev v0")
	r := begin(t, ns)
	r.settled()
	was := r.gather()
	require.Len(t, pick(was, "name", "default_route", "present", 1), 1)
	ns.Run("link del v0")
	r.settled()
	now := r.gather()
	require.True(t, has(only(t, now, "name", "interface", "interface", "v0"), "up", 0, "carrier", 0, "operstate_code", 1, "kind", "veth", "mtu", nil), lines(now))
	require.True(t, has(only(t, now, "name", "routes", "family", "inet", "table", "main", "protocol", "static"), "entries", 0, "default_routes", 0))
	neighbors := only(t, now, "name", "neighbors", "interface", "v0", "family", "inet")
	require.True(t, has(neighbors, "entries", 0, "permanent", 0, "limit", nil), lines(now))
	require.True(t, has(only(t, now, "name", "default_route"), "present", 0, "interface", "v0", "gateway", "10.0.0.2", "family", "inet", "table", "main"))
	for _, m := range r.gather() {
		require.NotEqual(t, "v0", tag(m, "interface"), "%v", lines([]telegraf.Metric{m}))
		require.NotEqual(t, "rtnetlink_default_route", m.Name())
	}
}

// TestARenamedInterfaceEndsTheOldSeries, and one whose tags change.
func TestARenamedInterfaceEndsTheOldSeries(t *testing.T) {
	ns := newPair(t)
	ns.Run("link add br0 type bridge")
	r := begin(t, ns, func(r *RTNetlink) { r.InterfaceInfo = true })
	r.settled()
	r.gather()
	ns.Run("link set v0 master br0", "link set v0 alias uplink")
	r.settled()
	now := pick(r.gather(), "name", "interface", "interface", "v0")
	require.Len(t, now, 2)
	require.True(t, has(only(t, now, "up", 1), "ifalias", "uplink", "master", "br0"), lines(now))
	require.True(t, has(only(t, now, "up", 0), "ifalias", nil, "master", nil), lines(now))
	ns.Run("link set v0 down", "link set v0 name eth0")
	r.settled()
	now = r.gather()
	require.True(t, has(only(t, now, "name", "interface", "interface", "v0"), "operstate_code", 1))
	require.True(t, has(only(t, now, "name", "interface", "interface", "eth0"), "operstate_code", 2))
}

// TestDefaultRoutes of every form that a default route has.
func TestDefaultRoutes(t *testing.T) {
	ns := newPair(t)
	ns.Run("nexthop add id 2 via 10.0.0.4 dev v0", "nexthop add id 3 group 1/2",
		"route add default via 10.0.0.2", "route add default via 10.0.0.2 metric 5",
		"route add default dev v1 table 7",
		"-6 route add default via 2001:db8::9",
		"route add default table 8 nexthop via 10.0.0.5 dev v0 nexthop via 10.0.0.6 dev v0",
		"route add default nhid 3 table 9", "route add blackhole default table 10")
	r := begin(t, ns)
	r.settled()
	all := pick(r.gather(), "name", "default_route")
	require.Len(t, all, 7, "%v", lines(all))
	for _, want := range [][]any{
		{"table", "main", "family", "inet", "gateway", "10.0.0.2", "interface", "v0"},
		{"table", "7", "interface", "v1", "gateway", nil},
		{"table", "main", "family", "inet6", "gateway", "2001:db8::9"},
		{"table", "8", "gateway", "10.0.0.5", "interface", "v0"}, {"table", "8", "gateway", "10.0.0.6"},
		{"table", "9", "gateway", "10.0.0.3", "interface", "v0"}, {"table", "9", "gateway", "10.0.0.4"},
	} {
		require.EqualValues(t, 1, field(only(t, all, want...), "present"))
	}
}

// raw is an accumulator's view of an input that keeps every tag.
type raw struct{ testMaker }

func (raw) MakeMetric(m telegraf.Metric) telegraf.Metric { return m }

// TestTwoInstancesNeverSendTheSameSeries: the first of a process is as if it were
// alone, any other says which it is; an alias names one for good.
func TestTwoInstancesNeverSendTheSameSeries(t *testing.T) {
	ns := newPair(t)
	var inputs []*RTNetlink
	tags := map[string]int{}
	for _, alias := range []string{"", "", "named"} {
		input, log := prepare(t, ns, func(r *RTNetlink) { r.Alias = alias })
		r := &running{consumer: newConsumer(t), input: input, log: log}
		require.NoError(t, input.Start(agent.NewAccumulator(raw{}, r.ch)))
		t.Cleanup(r.end)
		r.settled()
		inputs = append(inputs, input)
		s := newConsumer(t)
		require.NoError(t, input.Gather(agent.NewAccumulator(raw{}, s.ch)))
		close(s.ch)
		<-s.done
		all := append(append(s.others, r.since(0)...), r.syncs(ns.Path())...)
		of := map[string]bool{}
		for _, m := range all {
			of[tag(m, "instance")] = true
		}
		require.Len(t, of, 1, "one and the same on everything")
		for name := range of {
			tags[name]++
		}
	}
	require.Len(t, tags, 3)
	require.Equal(t, 1, tags["named"])
	number := inputs[1].number
	inputs[1].Stop()
	require.NoError(t, inputs[1].Start(agent.NewAccumulator(raw{}, make(chan telegraf.Metric, 1000))))
	require.Equal(t, number, inputs[1].number, "numbers are used again")
	inputs[1].Stop()
}

func TestNumbering(t *testing.T) {
	var n numbering
	require.Equal(t, []int{1, 2, 3}, []int{n.take(), n.take(), n.take()})
	n.release(2)
	n.release(1)
	require.Equal(t, []int{1, 2, 4}, []int{n.take(), n.take(), n.take()})
	require.Empty(t, instanceTag("", 1))
	require.Equal(t, "2", instanceTag("", 2))
	require.Equal(t, "a", instanceTag("a", 1))
}
