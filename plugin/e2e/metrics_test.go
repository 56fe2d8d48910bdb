package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/plugins/parsers/influx"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// parse reads lines of line protocol.
func parse(t *testing.T, lines []string) []telegraf.Metric {
	t.Helper()
	p := influx.Parser{}
	require.NoError(t, p.Init())
	metrics, err := p.Parse([]byte(strings.Join(lines, "\n") + "\n"))
	require.NoError(t, err)
	return metrics
}

// isEvent reports whether a metric is an event: only events are numbered.
func isEvent(m telegraf.Metric) bool { return m.HasField("seq") }

func tag(m telegraf.Metric, key string) string {
	value, _ := m.GetTag(key)
	return value
}

// events picks the events that are not of the first enumeration.
func events(metrics []telegraf.Metric) (out []telegraf.Metric) {
	for _, m := range metrics {
		if isEvent(m) && tag(m, "origin") != "dump" {
			out = append(out, m)
		}
	}
	return out
}

// want is what a test expects of an event: its measurement and some of its tags
// and fields.
type want struct {
	measurement string
	values      map[string]any
}

// matches reports whether m has all that w names.
func (w want) matches(m telegraf.Metric) bool {
	if m.Name() != w.measurement {
		return false
	}
	for key, value := range w.values {
		if tag, ok := m.GetTag(key); ok && any(tag) == value {
			continue
		}
		if field, ok := m.GetField(key); !ok || field != value {
			return false
		}
	}
	return true
}

func (w want) String() string {
	text := w.measurement
	for _, key := range slices.Sorted(maps.Keys(w.values)) {
		text += fmt.Sprintf(" %s=%v", key, w.values[key])
	}
	return text
}

// step is a change of the kernel and the event that shows it.
type step struct {
	command string // of ip(8)
	want    want
}

// scenario changes an object of each class in each way.
var scenario = []step{
	{"link add v0 type veth peer name v1",
		want{"rtnetlink_link", map[string]any{"action": "new", "interface": "v0", "kind": "veth", "mtu": int64(1500), "up": false}}},
	{"link set v0 mtu 1400",
		want{"rtnetlink_link", map[string]any{"action": "change", "interface": "v0", "mtu": int64(1400), "changed": "mtu", "previous_mtu": int64(1500)}}},
	{"addr add 10.9.0.1/24 dev v0",
		want{"rtnetlink_address", map[string]any{"action": "new", "interface": "v0", "family": "inet", "local": "10.9.0.1", "prefixlen": int64(24)}}},
	{"link set v1 up",
		want{"rtnetlink_link", map[string]any{"action": "change", "interface": "v1", "up": true, "previous_up": false}}},
	{"link set v0 up",
		want{"rtnetlink_link", map[string]any{"action": "change", "interface": "v0", "up": true, "operstate": "up"}}},
	{"link set v0 alias uplink",
		want{"rtnetlink_link", map[string]any{"action": "change", "interface": "v0", "ifalias": "uplink", "changed": "ifalias"}}},
	{"route add 10.20.0.0/16 via 10.9.0.2 proto static metric 50",
		want{"rtnetlink_route", map[string]any{"action": "new", "dst": "10.20.0.0/16", "gateway": "10.9.0.2", "metric": int64(50), "protocol": "static", "table": "main", "type": "unicast", "interface": "v0"}}},
	{"route replace 10.20.0.0/16 via 10.9.0.3 proto static metric 50",
		want{"rtnetlink_route", map[string]any{"action": "change", "dst": "10.20.0.0/16", "gateway": "10.9.0.3", "changed": "gateway", "previous_gateway": "10.9.0.2"}}},
	{"route del 10.20.0.0/16 metric 50",
		want{"rtnetlink_route", map[string]any{"action": "delete", "dst": "10.20.0.0/16", "gateway": "10.9.0.3"}}},
	{"neigh add 10.9.0.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent",
		want{"rtnetlink_neighbor", map[string]any{"action": "new", "dst": "10.9.0.9", "lladdr": "02:00:00:00:00:09", "state": "permanent", "interface": "v0"}}},
	{"neigh replace 10.9.0.9 lladdr 02:00:00:00:00:0a dev v0 nud permanent",
		want{"rtnetlink_neighbor", map[string]any{"action": "change", "dst": "10.9.0.9", "changed": "lladdr", "previous_lladdr": "02:00:00:00:00:09"}}},
	{"neigh del 10.9.0.9 dev v0",
		want{"rtnetlink_neighbor", map[string]any{"action": "delete", "dst": "10.9.0.9"}}},
	{"rule add from 10.20.0.0/16 table 100 pref 1000",
		want{"rtnetlink_rule", map[string]any{"action": "new", "family": "inet", "table": "100", "priority": int64(1000), "src": "10.20.0.0/16"}}},
	{"rule del from 10.20.0.0/16 table 100 pref 1000",
		want{"rtnetlink_rule", map[string]any{"action": "delete", "family": "inet", "priority": int64(1000)}}},
	{"nexthop add id 7 via 10.9.0.4 dev v0",
		want{"rtnetlink_nexthop", map[string]any{"action": "new", "id": int64(7), "gateway": "10.9.0.4", "interface": "v0"}}},
	{"nexthop del id 7",
		want{"rtnetlink_nexthop", map[string]any{"action": "delete", "id": int64(7)}}},
	{"link del v0",
		want{"rtnetlink_link", map[string]any{"action": "delete", "interface": "v0"}}},
}

// play makes the changes of the scenario, with the real ip(8) where there is
// one.
func play(ns *nstest.NS) {
	for _, s := range scenario {
		if ns.HasIP() {
			ns.IP(strings.Fields(s.command)...)
		} else {
			ns.Run(s.command)
		}
	}
}

// seen returns how many steps of the scenario the metrics show, in their order.
func seen(metrics []telegraf.Metric) int {
	n := 0
	for _, m := range events(metrics) {
		if n < len(scenario) && scenario[n].want.matches(m) {
			n++
		}
	}
	return n
}

// requireScenario checks that a program's output shows the scenario.
func requireScenario(t *testing.T, out *record) {
	t.Helper()
	var n int
	defer func() {
		if n < len(scenario) {
			t.Logf("not seen: %s, after: ip %s", scenario[n].want, scenario[n].command)
		}
	}()
	out.waitFor(t, "events of the scenario", func(lines []string) bool {
		n = seen(parse(t, lines))
		return n == len(scenario)
	})
}

// requireNumbered checks that events are numbered without a gap and that no two
// points have the same series and time.
func requireNumbered(t *testing.T, metrics []telegraf.Metric) {
	t.Helper()
	next := int64(1)
	times := map[string]bool{}
	for _, m := range metrics {
		if !isEvent(m) {
			continue
		}
		seq, _ := m.GetField("seq")
		require.Equal(t, next, seq)
		next++
		point := fmt.Sprint(m.HashID(), m.Time().UnixNano())
		require.False(t, times[point], "two points at %s: %v", point, m)
		times[point] = true
	}
}
