package metric

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/metric"
	parsers "github.com/influxdata/telegraf/plugins/parsers/influx"
	serializers "github.com/influxdata/telegraf/plugins/serializers/influx"
	"github.com/influxdata/telegraf/testutil"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/internal/eventtest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// line is a metric as line protocol.
func line(t testing.TB, m telegraf.Metric) string {
	t.Helper()
	s := serializers.Serializer{}
	text, err := s.Serialize(m)
	require.NoError(t, err)
	return strings.TrimSuffix(string(text), "\n")
}

func TestMetricOfEachAction(t *testing.T) {
	before, after := eventtest.RouteBody("\x0a\x01\x00\x02", 20), eventtest.RouteBody("\x0a\x01\x00\x03", 20)
	b := New(true)
	require.Equal(t,
		`rtnetlink_route,action=new,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast `+
			`dst="10.2.3.0/24",ifindex=2i,gateway="10.1.0.2",metric=20i,scope="global",nexthop_count=1i,key="000000000000002a",seq=1i 1000`,
		line(t, b.Event(eventtest.Change(rtnl.Route, nil, before))))
	require.Equal(t,
		`rtnetlink_route,action=change,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast `+
			`dst="10.2.3.0/24",ifindex=2i,gateway="10.1.0.3",metric=20i,scope="global",nexthop_count=1i,changed="gateway",previous_gateway="10.1.0.2",key="000000000000002a",seq=2i 1001`,
		line(t, b.Event(eventtest.Change(rtnl.Route, before, after))))
	require.Equal(t,
		`rtnetlink_route,action=delete,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast `+
			`dst="10.2.3.0/24",ifindex=2i,gateway="10.1.0.3",metric=20i,scope="global",nexthop_count=1i,key="000000000000002a",seq=3i 1002`,
		line(t, b.Event(eventtest.Change(rtnl.Route, after, nil))))
}

func TestChangedListsNamesAndTheirPreviousValues(t *testing.T) {
	ev := eventtest.Change(rtnl.Link, eventtest.LinkBody("eth0", "a", 1500), eventtest.LinkBody("lan0", "b", 9000))
	m := New(true).Event(ev)
	changed, _ := m.GetField("changed")
	require.Equal(t, "interface,mtu,ifalias", changed)
	for key, want := range map[string]any{"previous_interface": "eth0", "previous_mtu": int64(1500), "previous_ifalias": "a"} {
		got, ok := m.GetField(key)
		require.True(t, ok, key)
		require.Equal(t, want, got)
	}
}

func TestPreviousValuesCanBeLeftOut(t *testing.T) {
	m := New(false).Event(eventtest.Change(rtnl.Link, eventtest.LinkBody("eth0", "a", 1500), eventtest.LinkBody("eth0", "a", 9000)))
	require.True(t, m.HasField("changed"))
	require.False(t, m.HasField("previous_mtu"))
}

func TestNetnsIsATagWhereThereIsOne(t *testing.T) {
	ev := eventtest.Change(rtnl.Link, nil, eventtest.LinkBody("eth0", "a", 1500))
	ev.Netns = "blue"
	netns, _ := New(true).Event(ev).GetTag("netns")
	require.Equal(t, "blue", netns)
}

func TestMetricsOutliveTheBuilder(t *testing.T) {
	b := New(true)
	first := b.Event(eventtest.Change(rtnl.Route, nil, eventtest.RouteBody("\x0a\x01\x00\x02", 20)))
	want := line(t, first)
	b.Event(eventtest.Change(rtnl.Link, eventtest.LinkBody("eth0", "a", 1500), eventtest.LinkBody("lan0", "b", 9000)))
	require.Equal(t, want, line(t, first))
}

func TestHooksEditTheMetric(t *testing.T) {
	b := New(true)
	b.SetMeasurement("churn")
	b.SetTag("zone", "edge")
	b.SetTag("action", "")
	b.SetTag("table", "254")
	b.SetField("weight", 1.5)
	b.SetField("gateway", nil)
	b.SetField("metric", int64(7))
	b.SetField("bad", math.NaN())
	b.SetField("seq", nil)
	m := b.Event(eventtest.Change(rtnl.Route, nil, eventtest.RouteBody("\x0a\x01\x00\x02", 20)))
	require.Equal(t,
		`churn,family=inet,interface=eth0,origin=notify,protocol=bgp,table=254,type=unicast,zone=edge `+
			`dst="10.2.3.0/24",ifindex=2i,metric=7i,scope="global",nexthop_count=1i,weight=1.5,key="000000000000002a",seq=1i 1000`, line(t, m))
	m = b.Event(eventtest.Change(rtnl.Route, nil, eventtest.RouteBody("\x0a\x01\x00\x02", 20)))
	require.Equal(t, "rtnetlink_route", m.Name(), "edits are of one event")
	require.True(t, m.HasTag("action"))
	require.False(t, m.HasField("weight"))
}

func TestEditsOfADroppedEventAreForgotten(t *testing.T) {
	b := New(true)
	b.SetMeasurement("churn")
	b.SetTag("zone", "edge")
	b.SetField("weight", 1.5)
	b.Discard()
	m := b.Event(eventtest.Change(rtnl.Route, nil, eventtest.RouteBody("\x0a\x01\x00\x02", 20)))
	require.Equal(t, "rtnetlink_route", m.Name())
	require.False(t, m.HasTag("zone"))
	require.False(t, m.HasField("weight"))
}

func TestMetricOfAScript(t *testing.T) {
	b := New(true)
	m := b.Script(&model.Metric{
		Name: "flaps", Type: model.Counter, Time: 5,
		Tags:   []model.Tag{{Key: "zone", Value: "edge"}, {Key: "interface", Value: "eth0"}},
		Fields: []model.MetricField{{Key: "n", Value: int64(3)}, {Key: "bad", Value: math.Inf(1)}},
	})
	require.Equal(t, "flaps,interface=eth0,zone=edge n=3i 5", line(t, m))
	require.Equal(t, telegraf.Counter, m.Type())
}

func TestAMetricWithoutAFieldIsNone(t *testing.T) {
	b := New(true)
	for name, m := range map[string]model.Metric{
		"no field":          {Name: "m"},
		"no finite field":   {Name: "m", Fields: []model.MetricField{{Key: "v", Value: math.NaN()}}},
		"no name of field":  {Name: "m", Fields: []model.MetricField{{Value: int64(1)}}},
		"no type of field":  {Name: "m", Fields: []model.MetricField{{Key: "v", Value: []int{1}}}},
		"no name of metric": {Fields: []model.MetricField{{Key: "v", Value: int64(1)}}},
	} {
		require.Nil(t, b.Script(&m), name)
	}
}

// TestTagsAreBounded keeps out of the tags what can have millions of values: a
// database makes a series of each.
func TestTagsAreBounded(t *testing.T) {
	bounded := []string{"action", "family", "interface", "kind", "netns", "origin", "protocol", "scope", "table", "type"}
	for _, p := range newPlans() {
		for _, tag := range p.tags {
			require.Contains(t, bounded, tag.key, p.measurement)
		}
	}
}

// TestHostileTextRoundTrips takes text that another user of the machine can
// choose, and reads the metric back with Telegraf's parser.
func TestHostileTextRoundTrips(t *testing.T) {
	names := []string{
		"plain", "a b", "a,b=c", `a"b`, `a\`, `\`, "a\nb", "a\tb", "=", "#x", "é", "a\\,b", "a\\ ", strings.Repeat("x", 127),
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			m := New(true).Event(eventtest.Change(rtnl.Link, nil, eventtest.LinkBody(name, name, 1500)))
			parser := parsers.Parser{}
			require.NoError(t, parser.Init())
			got, err := parser.Parse([]byte(line(t, m) + "\n"))
			require.NoError(t, err)
			require.Len(t, got, 1)
			alias, _ := got[0].GetField("ifalias")
			require.Equal(t, name, alias)
			require.Equal(t, len(m.FieldList()), len(got[0].FieldList()))
			require.Equal(t, "rtnetlink_link", got[0].Name())
		})
	}
}

func TestMetricIsTelegrafsOwn(t *testing.T) {
	ev := eventtest.Change(rtnl.Route, nil, eventtest.RouteBody("\x0a\x01\x00\x02", 1000))
	testutil.RequireMetricEqual(t, byMaps(ev.Time), New(true).Event(ev))
}

// byMaps and byAdding build by hand the metric of a new route, in the two ways
// that Telegraf's metric package offers.
func byMaps(ns int64) telegraf.Metric {
	return metric.New("rtnetlink_route",
		map[string]string{
			"action": "new", "origin": "notify", "family": "inet", "interface": "eth0",
			"protocol": "bgp", "table": "main", "type": "unicast",
		},
		map[string]any{
			"dst": dst, "ifindex": int64(2), "gateway": gateway, "metric": number, "scope": "global", "nexthop_count": int64(1), "key": "000000000000002a", "seq": int64(1),
		}, time.Unix(0, ns))
}

func byAdding(ns int64) telegraf.Metric {
	m := metric.New("rtnetlink_route", nil, nil, time.Unix(0, ns))
	m.AddTag("action", "new")
	m.AddTag("family", "inet")
	m.AddTag("interface", "eth0")
	m.AddTag("origin", "notify")
	m.AddTag("protocol", "bgp")
	m.AddTag("table", "main")
	m.AddTag("type", "unicast")
	m.AddField("dst", dst)
	m.AddField("gateway", gateway)
	m.AddField("metric", number)
	m.AddField("scope", "global")
	m.AddField("nexthop_count", int64(1))
	m.AddField("seq", int64(1))
	return m
}

// Variables, so that the compiler does not box them ahead of time.
var (
	dst, gateway = "10.2.3.0/24", "10.1.0.2"
	number       = int64(1000)
	sink         telegraf.Metric
)

// TestMetricAllocations holds the builder, decoding included, to what building
// the decoded metric by hand takes.
func TestMetricAllocations(t *testing.T) {
	b := New(true)
	ev := eventtest.Change(rtnl.Route, nil, eventtest.RouteBody("\x0a\x01\x00\x02", 1000))
	ours := testing.AllocsPerRun(1000, func() { sink = b.Event(ev) })
	hand := testing.AllocsPerRun(1000, func() { sink = byAdding(1) })
	t.Logf("%.0f allocations, %.0f by hand", ours, hand)
	require.LessOrEqual(t, ours, 1.5*hand)
}

func BenchmarkMetric(b *testing.B) {
	build := New(true)
	ev := eventtest.Change(rtnl.Route, nil, eventtest.RouteBody("\x0a\x01\x00\x02", 1000))
	other := eventtest.Change(rtnl.Route, nil, eventtest.RouteBody("\x0a\x01\x00\x03", 1001))
	ways := []struct {
		name string
		make func() telegraf.Metric
	}{
		{"event", func() telegraf.Metric { return build.Event(ev) }},
		{"event unlike the one before", func() telegraf.Metric {
			ev, other = other, ev
			return build.Event(ev)
		}},
		{"by hand with maps", func() telegraf.Metric { return byMaps(1) }},
		{"by hand with AddTag and AddField", func() telegraf.Metric { return byAdding(1) }},
	}
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				sink = way.make()
			}
		})
	}
}

// What is lent is what a copy would be, with what a sender adds.
func TestALentMetricIsAsItsCopy(t *testing.T) {
	owner, lender := New(true), New(true)
	lender.Lend()
	body := eventtest.RouteBody("\x0a\x01\x00\x02", 20)
	for i := range 3 {
		kept, lent := owner.Event(eventtest.Change(rtnl.Route, nil, body)), lender.Event(eventtest.Change(rtnl.Route, nil, body))
		for range i { // the second time it replaces the first
			kept.AddTag("instance", "b")
			lent.AddTag("instance", "b")
		}
		require.Equal(t, line(t, kept), line(t, lent))
	}
	tags := []telegraf.Tag{{Key: "moment", Value: "begin"}}
	fields := []telegraf.Field{{Key: "epoch", Value: int64(1)}}
	require.Equal(t, line(t, owner.Plain("rtnetlink_sync", 9, tags, fields)), line(t, lender.Plain("rtnetlink_sync", 9, tags, fields)))
	made := &model.Metric{Name: "m", Tags: []model.Tag{{Key: "b", Value: "1"}, {Key: "a", Value: "2"}}, Fields: []model.MetricField{{Key: "v", Value: int64(1)}}}
	require.Equal(t, line(t, owner.Script(made)), line(t, lender.Script(made)))
}
