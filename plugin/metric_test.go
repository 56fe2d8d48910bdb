package plugin

import (
	"encoding/binary"
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
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// attr encodes one attribute.
func attr(typ uint16, payload []byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(4+len(payload)))
	b = append(binary.NativeEndian.AppendUint16(b, typ), payload...)
	return append(b, make([]byte, (4-len(b)%4)%4)...)
}

func u32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

// routeBody is RTM_NEWROUTE for 10.2.3.0/24 of BGP in table main.
func routeBody(gateway string, metric uint32) []byte {
	b := []byte{unix.AF_INET, 24, 0, 0, unix.RT_TABLE_MAIN, unix.RTPROT_BGP, unix.RT_SCOPE_UNIVERSE, unix.RTN_UNICAST, 0, 0, 0, 0}
	b = append(b, attr(unix.RTA_TABLE, u32(unix.RT_TABLE_MAIN))...)
	b = append(b, attr(unix.RTA_DST, []byte{10, 2, 3, 0})...)
	b = append(b, attr(unix.RTA_PRIORITY, u32(metric))...)
	b = append(b, attr(unix.RTA_GATEWAY, []byte(gateway))...)
	return append(b, attr(unix.RTA_OIF, u32(2))...)
}

// linkBody is RTM_NEWLINK of an interface that is up.
func linkBody(name, alias string, mtu uint32) []byte {
	b := make([]byte, 16)
	binary.NativeEndian.PutUint16(b[2:], unix.ARPHRD_ETHER)
	binary.NativeEndian.PutUint32(b[4:], 2)
	binary.NativeEndian.PutUint32(b[8:], unix.IFF_UP|unix.IFF_RUNNING|unix.IFF_LOWER_UP)
	b = append(b, attr(unix.IFLA_IFNAME, append([]byte(name), 0))...)
	b = append(b, attr(unix.IFLA_MTU, u32(mtu))...)
	b = append(b, attr(unix.IFLA_OPERSTATE, []byte{6})...)
	return append(b, attr(unix.IFLA_IFALIAS, append([]byte(alias), 0))...)
}

// links is an event.Env with one link.
type links struct{}

func (links) LinkName(uint32) string { return "eth0" }

// change makes the event of an object that was before and is now after; nil
// stands for no object.
func change(o rtnl.Object, before, after []byte) *event.Event {
	ev := &event.Event{Object: o, Action: event.Change, Origin: event.Notify, Time: 1000, Key: 42}
	switch {
	case before == nil:
		ev.Action = event.New
	case after == nil:
		ev.Action, after = event.Delete, before
	}
	ev.New.Reset(o, after, links{})
	ev.Old.Reset(o, before, links{})
	if ev.Action == event.Change {
		ev.Changed = event.Diff(&ev.Old, &ev.New)
	}
	return ev
}

// line is a metric as line protocol.
func line(t testing.TB, m telegraf.Metric) string {
	t.Helper()
	s := serializers.Serializer{}
	text, err := s.Serialize(m)
	require.NoError(t, err)
	return strings.TrimSuffix(string(text), "\n")
}

func TestMetricOfEachAction(t *testing.T) {
	before, after := routeBody("\x0a\x01\x00\x02", 20), routeBody("\x0a\x01\x00\x03", 20)
	b := newBuilder(true)
	require.Equal(t,
		`rtnetlink_route,action=new,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast `+
			`dst="10.2.3.0/24",ifindex=2i,gateway="10.1.0.2",metric=20i,scope="global",nexthop_count=1i,key="000000000000002a",seq=1i 1000`,
		line(t, b.event(change(rtnl.Route, nil, before))))
	require.Equal(t,
		`rtnetlink_route,action=change,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast `+
			`dst="10.2.3.0/24",ifindex=2i,gateway="10.1.0.3",metric=20i,scope="global",nexthop_count=1i,changed="gateway",previous_gateway="10.1.0.2",key="000000000000002a",seq=2i 1001`,
		line(t, b.event(change(rtnl.Route, before, after))))
	require.Equal(t,
		`rtnetlink_route,action=delete,family=inet,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast `+
			`dst="10.2.3.0/24",ifindex=2i,gateway="10.1.0.3",metric=20i,scope="global",nexthop_count=1i,key="000000000000002a",seq=3i 1002`,
		line(t, b.event(change(rtnl.Route, after, nil))))
}

func TestChangedListsNamesAndTheirPreviousValues(t *testing.T) {
	ev := change(rtnl.Link, linkBody("eth0", "a", 1500), linkBody("lan0", "b", 9000))
	m := newBuilder(true).event(ev)
	changed, _ := m.GetField("changed")
	require.Equal(t, "interface,mtu,ifalias", changed)
	for key, want := range map[string]any{"previous_interface": "eth0", "previous_mtu": int64(1500), "previous_ifalias": "a"} {
		got, ok := m.GetField(key)
		require.True(t, ok, key)
		require.Equal(t, want, got)
	}
}

func TestPreviousValuesCanBeLeftOut(t *testing.T) {
	m := newBuilder(false).event(change(rtnl.Link, linkBody("eth0", "a", 1500), linkBody("eth0", "a", 9000)))
	require.True(t, m.HasField("changed"))
	require.False(t, m.HasField("previous_mtu"))
}

func TestNetnsIsATagWhereThereIsOne(t *testing.T) {
	ev := change(rtnl.Link, nil, linkBody("eth0", "a", 1500))
	ev.Netns = "blue"
	netns, _ := newBuilder(true).event(ev).GetTag("netns")
	require.Equal(t, "blue", netns)
}

func TestMetricsOutliveTheBuilder(t *testing.T) {
	b := newBuilder(true)
	first := b.event(change(rtnl.Route, nil, routeBody("\x0a\x01\x00\x02", 20)))
	want := line(t, first)
	b.event(change(rtnl.Link, linkBody("eth0", "a", 1500), linkBody("lan0", "b", 9000)))
	require.Equal(t, want, line(t, first))
}

func TestHooksEditTheMetric(t *testing.T) {
	b := newBuilder(true)
	b.SetMeasurement("churn")
	b.SetTag("zone", "edge")
	b.SetTag("action", "")
	b.SetTag("table", "254")
	b.SetField("weight", 1.5)
	b.SetField("gateway", nil)
	b.SetField("metric", int64(7))
	b.SetField("bad", math.NaN())
	b.SetField("seq", nil)
	m := b.event(change(rtnl.Route, nil, routeBody("\x0a\x01\x00\x02", 20)))
	require.Equal(t,
		`churn,family=inet,interface=eth0,origin=notify,protocol=bgp,table=254,type=unicast,zone=edge `+
			`dst="10.2.3.0/24",ifindex=2i,metric=7i,scope="global",nexthop_count=1i,weight=1.5,key="000000000000002a",seq=1i 1000`, line(t, m))
	m = b.event(change(rtnl.Route, nil, routeBody("\x0a\x01\x00\x02", 20)))
	require.Equal(t, "rtnetlink_route", m.Name(), "edits are of one event")
	require.True(t, m.HasTag("action"))
	require.False(t, m.HasField("weight"))
}

func TestEditsOfADroppedEventAreForgotten(t *testing.T) {
	b := newBuilder(true)
	b.SetMeasurement("churn")
	b.SetTag("zone", "edge")
	b.SetField("weight", 1.5)
	b.discard()
	m := b.event(change(rtnl.Route, nil, routeBody("\x0a\x01\x00\x02", 20)))
	require.Equal(t, "rtnetlink_route", m.Name())
	require.False(t, m.HasTag("zone"))
	require.False(t, m.HasField("weight"))
}

func TestMetricOfAScript(t *testing.T) {
	b := newBuilder(true)
	m := b.hook(&luahooks.Metric{
		Name: "flaps", Type: luahooks.Counter, Time: 5,
		Tags:   []luahooks.Tag{{Key: "zone", Value: "edge"}, {Key: "interface", Value: "eth0"}},
		Fields: []luahooks.MetricField{{Key: "n", Value: int64(3)}, {Key: "bad", Value: math.Inf(1)}},
	})
	require.Equal(t, "flaps,interface=eth0,zone=edge n=3i 5", line(t, m))
	require.Equal(t, telegraf.Counter, m.Type())
}

func TestAMetricWithoutAFieldIsNone(t *testing.T) {
	b := newBuilder(true)
	for name, m := range map[string]luahooks.Metric{
		"no field":          {Name: "m"},
		"no finite field":   {Name: "m", Fields: []luahooks.MetricField{{Key: "v", Value: math.NaN()}}},
		"no name of field":  {Name: "m", Fields: []luahooks.MetricField{{Value: int64(1)}}},
		"no type of field":  {Name: "m", Fields: []luahooks.MetricField{{Key: "v", Value: []int{1}}}},
		"no name of metric": {Fields: []luahooks.MetricField{{Key: "v", Value: int64(1)}}},
	} {
		require.Nil(t, b.hook(&m), name)
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
			m := newBuilder(true).event(change(rtnl.Link, nil, linkBody(name, name, 1500)))
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
	ev := change(rtnl.Route, nil, routeBody("\x0a\x01\x00\x02", 1000))
	testutil.RequireMetricEqual(t, byMaps(ev.Time), newBuilder(true).event(ev))
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
	b := newBuilder(true)
	ev := change(rtnl.Route, nil, routeBody("\x0a\x01\x00\x02", 1000))
	ours := testing.AllocsPerRun(1000, func() { sink = b.event(ev) })
	hand := testing.AllocsPerRun(1000, func() { sink = byAdding(1) })
	t.Logf("%.0f allocations, %.0f by hand", ours, hand)
	require.LessOrEqual(t, ours, 1.5*hand)
}

func BenchmarkMetric(b *testing.B) {
	build := newBuilder(true)
	ev := change(rtnl.Route, nil, routeBody("\x0a\x01\x00\x02", 1000))
	ways := []struct {
		name string
		make func() telegraf.Metric
	}{
		{"event", func() telegraf.Metric { return build.event(ev) }},
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
