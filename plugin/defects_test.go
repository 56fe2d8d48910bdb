package plugin

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/agent"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// broken is a runtime that panics wherever it is called, after it has begun to
// change the metric.
type broken struct{}

func (broken) Run(_ model.Event, out model.Output) bool {
	out.SetTag("half", "done")
	out.SetField("half", 1.0)
	out.SetMeasurement("half")
	panic("Run")
}
func (broken) Begin()                                     { panic("Begin") }
func (broken) End()                                       { panic("End") }
func (broken) Moment(luahooks.Moment, ...luahooks.Detail) { panic("Moment") }
func (broken) Poll() int                                  { panic("Poll") }
func (broken) Next() (time.Time, bool)                    { panic("Next") }
func (broken) Wake() <-chan struct{}                      { panic("Wake") }
func (broken) Gathers() bool                              { panic("Gathers") }
func (broken) Gather(*luahooks.Reading) bool              { panic("Gather") }
func (broken) Flush()                                     { panic("Flush") }
func (broken) Reload(bool)                                { panic("Reload") }
func (broken) Stats() []luahooks.ScriptStats              { panic("Stats") }
func (broken) State() luahooks.State                      { panic("State") }
func (broken) Close() error                               { panic("Close") }

// TestDefectsOfTheScriptsCostNoMetric: not one, at no moment, nor do they leave
// anything behind for the next.
func TestDefectsOfTheScriptsCostNoMetric(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, scriptOf(t, `local nl = require "rtnetlink"`))
	r.settled()
	working := scriptRuntime(nil)
	r.call(func(o *owner) { working, o.scripts.rt = o.scripts.rt, broken{} })
	n := r.mark()
	for i := range 20 {
		ns.Run(fmt.Sprintf("link set v0 mtu %d", 1400+i))
	}
	r.call(func(o *owner) { o.spaces.Handle(rtnl.Item{Kind: rtnl.Overrun, Source: o.spaces.All()[0].ID()}) })
	r.requireEqual()
	got := r.since(n)
	require.Len(t, got, 20)
	for i, m := range got {
		require.True(t, has(m, "name", "link", "changed", "mtu", "mtu", 1400+i, "half", nil), "%v", lines(got))
	}
	internal := r.internal()
	require.Zero(t, internal["lost_events"])
	require.EqualValues(t, 1, internal["resyncs"], "of the overrun")
	require.Greater(t, internal["defects"], int64(20))
	require.Equal(t, 1, r.log.count("E! Internal error, in the scripts: "))
	r.call(func(o *owner) { o.scripts.rt = working })
	ns.Run("link set v0 mtu 1500")
	require.False(t, r.waitEvent(n, "mtu", 1500).HasField("half"))
	r.call(func(o *owner) { o.scripts.rt = broken{} })
	r.input.Stop()
}

// faulty is an accumulator's view of an input that panics for some metrics.
type faulty struct {
	testMaker
	at func(telegraf.Metric) bool
}

func (f faulty) MakeMetric(m telegraf.Metric) telegraf.Metric {
	if f.at(m) {
		panic("a metric that nobody can make")
	}
	return m
}

// TestALostMetricLeavesAGap in the numbers, and is counted; those before and
// behind it come. However many are lost, nothing waits for them.
func TestALostMetricLeavesAGap(t *testing.T) {
	ns := newPair(t)
	input, log := prepare(t, ns, func(r *RTNetlink) { r.MaxUndelivered = 10 })
	r := &running{consumer: newConsumer(t), input: input, log: log}
	t.Cleanup(r.end)
	r.stream.Gaps, r.loose = true, true
	lost := func(m telegraf.Metric) bool {
		mtu, _ := field(m, "mtu").(int64)
		return mtu >= 1400 && mtu%2 != 0
	}
	require.NoError(t, input.Start(agent.NewAccumulator(faulty{at: lost}, r.ch)))
	r.settled()
	n := r.mark()
	const rounds = 40
	for i := range rounds {
		ns.Run(fmt.Sprintf("link set v0 mtu %d", 1400+i))
	}
	ns.Run("link set v0 mtu 1300")
	r.waitEvent(n, "mtu", 1300)
	got := r.since(n)
	require.Len(t, got, rounds/2+1, "%v", lines(got))
	first, _ := field(got[0], "seq").(int64)
	for i, m := range got {
		require.EqualValues(t, first+2*int64(i), field(m, "seq"))
	}
	require.EqualValues(t, rounds/2, r.internal()["lost_events"])
	require.Equal(t, 1, log.count("E! Internal error, a metric is lost: "))
}

// TestAPatternThatMatchesNoFile: the directory of the packages is empty at first.
func TestAPatternThatMatchesNoFile(t *testing.T) {
	ns := newPair(t)
	dir := t.TempDir()
	r := begin(t, ns, func(r *RTNetlink) { r.Lua = []LuaConfig{{Script: filepath.Join(dir, "*.lua")}} })
	r.settled()
	require.Equal(t, present(), classes(r.since(0)))
	require.Zero(t, r.internal()["defects"])
	n := r.mark()
	ns.Run("link set v0 mtu 1400")
	r.waitEvent(n, "mtu", 1400)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "late.lua"), []byte(`local nl = require "rtnetlink"
		nl.on("rule", function(ev) ev:tag("late", "yes") end)`), 0o600))
	require.Eventually(t, func() bool {
		n := r.mark()
		ns.Run("rule add from 11.0.0.0/8 table 100 pref 1001", "rule del from 11.0.0.0/8 table 100 pref 1001")
		r.waitEvent(n, "name", "rule", "action", "delete")
		return len(pick(r.since(n), "late", "yes")) > 0
	}, patience, 20*time.Millisecond)
	r.requireEqual()
}

// TestAFieldKeepsItsType whatever a script writes into it: one point of another
// type costs a database the whole of it.
func TestAFieldKeepsItsType(t *testing.T) {
	ns := newPair(t)
	for text, want := range map[string]any{
		`ev:field("mtu", ev.mtu)`:          int64(1400),
		`ev:field("mtu", 1e3)`:             int64(1000),
		`ev:field("mtu", 1.5)`:             int64(1400),
		`ev:field("mtu", "big")`:           int64(1400),
		`ev:field("mtu", true)`:            int64(1400),
		`ev:field("mtu", 2^63)`:            int64(1400),
		`ev:field("mtu", nil)`:             nil,
		`ev:field("up", 1)`:                true,
		`ev:field("up", false)`:            false,
		`ev:field("ifalias", 7)`:           nil,
		`ev:field("ifalias", "seven")`:     "seven",
		`ev:field("previous_mtu", ev.mtu)`: int64(1400),
		`ev:field("previous_mtu", "none")`: int64(1500),
		`ev:field("own", ev.mtu)`:          float64(1400),
	} {
		t.Run(text, func(t *testing.T) {
			ns.Run("link set v0 mtu 1500")
			r := begin(t, ns, scriptOf(t, `local nl = require "rtnetlink"
				nl.on("link", {action = "change"}, function(ev) `+text+` end)`))
			r.loose = true
			r.settled()
			n := r.mark()
			ns.Run("link set v0 mtu 1400")
			m := r.waitEvent(n, "name", "link", "changed", "mtu")
			var name string
			_, err := fmt.Sscanf(text, "ev:field(%q,", &name)
			require.NoError(t, err)
			require.Equal(t, want, field(m, name))
			r.end()
		})
	}
}
