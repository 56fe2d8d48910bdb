package plugin

import (
	"fmt"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/config"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// alone applies the metrics of one epoch to nothing, as who reads a file alone.
// It refuses what cannot be: an object that comes twice, a change or an end of
// one that never came.
func alone(t *testing.T, list []telegraf.Metric) map[string]string {
	t.Helper()
	state := map[string]string{}
	for _, m := range list {
		key := m.Name() + " " + tag(m, "netns") + " " + field(m, "key").(string)
		_, known := state[key]
		require.Equal(t, tag(m, "action") != "new", known, "%v", lines([]telegraf.Metric{m}))
		if tag(m, "action") == "delete" {
			delete(state, key)
			continue
		}
		state[key] = content(m)
	}
	return state
}

// content is what a metric says of its object, without what describes the event.
func content(m telegraf.Metric) string {
	c := m.Copy()
	for _, name := range []string{"action", "origin"} {
		c.RemoveTag(name)
	}
	for _, f := range m.FieldList() {
		switch {
		case f.Key == "seq", f.Key == "changed", len(f.Key) > 9 && f.Key[:9] == "previous_":
			c.RemoveField(f.Key)
		}
	}
	return fmt.Sprint(c.Tags(), c.Fields())
}

// disturb changes objects of several classes, in other ways each round.
func disturb(ns *nstest.NS, round int) {
	for i := range 30 {
		ns.Run(fmt.Sprintf("route replace blackhole 30.%d.0.0/24 table 8 metric %d", i, 1+round%2),
			fmt.Sprintf("link set v0 mtu %d", 1400+10*i+round),
			fmt.Sprintf("neigh replace 10.0.1.%d lladdr 02:00:00:00:00:%02d dev v0", i, round))
		if i >= 5 && i%2 == 0 {
			ns.Run(fmt.Sprintf("route del blackhole 30.%d.0.0/24 table 8 metric %d", i-5, 1+round%2))
		}
		if i == 15 {
			ns.Run("link set v0 down", "link set v0 up")
		}
	}
}

// TestASnapshotCanBeReadAlone however much changes while it is listed: what comes
// behind its `begin` gives the state that all metrics together give.
func TestASnapshotCanBeReadAlone(t *testing.T) {
	ns := newPair(t)
	batch(t, ns, prefixes(t, ns.Conn, "route add blackhole %s/32 table 8", 300))
	input, log := prepare(t, ns, func(r *RTNetlink) { r.SnapshotInterval = config.Duration(time.Hour) })
	input.set.SnapshotSlice = 1
	r := launch(t, input, log)
	r.settled()
	for round := range 5 {
		r.call(func(o *owner) {
			o.spaces.All()[0].WantSnapshot()
			for range 60 * (round + 1) {
				o.spaces.All()[0].List()
			}
			disturb(ns, round)
			require.Eventually(t, func() bool { queued, _ := o.spaces.Queue().Usage(); return queued > 0 }, patience, time.Millisecond)
		})
		r.settled()
		r.wait("the end of the snapshot", func() bool {
			return len(pick(r.others, "name", "sync", "moment", "complete", "reason", "snapshot")) == round+1
		})
	}
	r.requireEqual()
	want := []string{"begin start", "complete start"}
	for range 5 {
		want = append(want, "begin snapshot", "complete snapshot")
	}
	list := r.waitMoments(ns.Path(), want...)
	all := r.since(0)
	newest := map[string]string{}
	told := func(list []telegraf.Metric) map[string]string {
		for _, m := range list {
			key := m.Name() + " " + tag(m, "netns") + " " + field(m, "key").(string)
			if newest[key] = content(m); tag(m, "action") == "delete" {
				delete(newest, key)
			}
		}
		return newest
	}
	next := func(i int) int64 {
		if i >= len(list) {
			return int64(len(all)) + 1
		}
		n, _ := field(list[i], "next_seq").(int64)
		return n
	}
	told(all[:next(2)-1])
	interleaved := 0
	for i := 2; i < len(list); i += 2 {
		interleaved += len(pick(all[next(i)-1:next(i+1)-1], "origin", "notify"))
		whole := all[next(i)-1 : next(i+2)-1]
		require.Equal(t, told(whole), alone(t, whole), "epoch %d", i/2)
		require.True(t, list[i].Time().Before(whole[0].Time()))
	}
	require.Positive(t, interleaved, "nothing happened meanwhile")
}

// TestSnapshotsComeAtTheirInterval, one namespace after the other.
func TestSnapshotsComeAtTheirInterval(t *testing.T) {
	a, b := newPair(t), newPair(t)
	r := begin(t, a, func(r *RTNetlink) {
		r.Netns = append(r.Netns, b.Path())
		r.SnapshotInterval = config.Duration(time.Second)
		r.InitialEvents = []string{"link"}
	})
	for _, ns := range []string{a.Path(), b.Path()} {
		r.wait("two snapshots of each", func() bool {
			return len(pick(r.others, "netns", ns, "moment", "complete", "reason", "snapshot")) >= 2
		})
	}
	require.Equal(t, []string{"link"}, classes(pick(r.since(0), "origin", "dump")))
}

// TestASnapshotWaitsForTheEndOfADoubt.
func TestASnapshotWaitsForTheEndOfADoubt(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, func(r *RTNetlink) { r.SnapshotInterval = config.Duration(time.Hour) })
	r.settled()
	r.call(func(o *owner) {
		o.spaces.Handle(rtnl.Item{Kind: rtnl.Overrun, Source: o.spaces.All()[0].ID()})
		o.spaces.All()[0].WantSnapshot()
	})
	r.settled()
	r.waitMoments(ns.Path(), "begin start", "complete start", "doubt overrun", "complete overrun", "begin snapshot", "complete snapshot")
}

// TestASnapshotTellsLinksBeforeWhatNamesThem while links of all kinds come and
// go, are renamed, and enter and leave each other.
func TestASnapshotTellsLinksBeforeWhatNamesThem(t *testing.T) {
	ns := nstest.New(t)
	random := ops.New(t, ns, 11, ops.Profiles[0])
	ns.Run("link add index 60 name low0 type ifb", "link add index 40 link low0 name high0 type macvlan mode bridge")
	input, log := prepare(t, ns, func(r *RTNetlink) { r.SnapshotInterval = config.Duration(time.Hour) })
	input.set.SnapshotSlice = 1
	r := launch(t, input, log)
	r.excuse = func(_, diff string) bool { return excused(t, ns, diff) }
	r.settled()
	const snapshots = 20
	for round := range snapshots {
		r.call(func(o *owner) {
			n := o.spaces.All()[0]
			n.WantSnapshot()
			for range 1 + round%7 {
				n.List()
			}
		})
		random.Steps(20)
	}
	r.requireEqual()
	listed := pick(r.since(0), "name", "link", "action", "new", "interface", "high0")
	require.Greater(t, len(listed), 2)
	for _, m := range listed[1:] {
		require.Equal(t, "low0", field(m, "link"), "a link that others name comes first")
	}
}
