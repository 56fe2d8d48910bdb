package plugin

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/config"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// places are those between the mirror and Telegraf in which a metric can be lost,
// in the order in which an event passes them. breaks makes all that passes it fail.
// loses names the classes of which metrics are lost then: in the scripts none is.
var places = []struct {
	name   string
	breaks func(o *owner)
	loses  []string
}{
	{"the choice of links", func(o *owner) { o.stream.chooser = &chooser{only: []string{"*"}} }, []string{"link", "route"}},
	{"the interrupts of a device", throughout(func(f *failing) { f.interruptsFail = true }), []string{"link"}},
	{"who asked for it", throughout(func(f *failing) { f.processFails = true }), []string{"route"}},
	{"the hooks", func(o *owner) { o.scripts.rt = broken{} }, nil},
	{"what a recording notes of an event", throughout(func(f *failing) { f.decide = func(*event.Event) { panic("decided") } }), []string{"link", "route"}},
	{"the plan of the class", throughout(func(f *failing) { f.decide = func(e *event.Event) { e.Object = 200 } }), []string{"link", "route"}},
	{"the values of tags and fields", throughout(func(f *failing) {
		f.decide = func(e *event.Event) { e.New.Reset(e.Object, e.New.Body(), nameless{}) }
	}), []string{"link", "route"}},
	{"what has changed", throughout(func(f *failing) { f.decide = func(e *event.Event) { e.Changed.Add(bitset.Size - 1) } }), []string{"link", "route"}},
	{"the way to the sender", throughout(func(f *failing) { f.sendFails = true }), []string{"link", "route"}},
	{"back-pressure", func(o *owner) {
		s := o.gauges.sender
		s.most, s.acc = 0, &refusing{s.acc, true} // as if no more might be on their way
	}, []string{"link", "route"}},
	{"Telegraf's accumulator", func(o *owner) {
		s := o.gauges.sender
		s.acc = &refusing{s.acc, false}
	}, []string{"link", "route"}},
}

// failing is an environment some of which fails.
type failing struct {
	environment
	interruptsFail, processFails, sendFails, syncFails bool
	decide                                             func(*event.Event)
}

func throughout(change func(*failing)) func(*owner) {
	return func(o *owner) {
		f := &failing{environment: o.stream.env}
		change(f)
		o.stream.env = f
	}
}

func (f *failing) interrupts(e *event.Event) int64 {
	if f.interruptsFail {
		panic("interrupts")
	}
	return f.environment.interrupts(e)
}

func (f *failing) process(n *namespace.Namespace, port uint32, seen int64) string {
	if f.processFails {
		panic("process")
	}
	return f.environment.process(n, port, seen)
}

func (f *failing) decided(e *event.Event, _ bool) {
	if f.decide != nil {
		f.decide(e)
	}
}

func (f *failing) send(m telegraf.Metric) {
	if f.sendFails {
		panic("send")
	}
	f.environment.send(m)
}

func (f *failing) sync(m telegraf.Metric) {
	if f.syncFails {
		panic("sync")
	}
	f.environment.sync(m)
}

// nameless knows no link.
type nameless struct{}

func (nameless) LinkName(uint32) string { panic("LinkName") }

// refusing is an accumulator that panics, by itself or where its channel is read.
type refusing struct {
	telegraf.TrackingAccumulator
	delivered bool
}

func (*refusing) AddTrackingMetric(telegraf.Metric) telegraf.TrackingID { panic("refused") }

func (r *refusing) Delivered() <-chan telegraf.DeliveryInfo {
	if r.delivered {
		panic("delivered")
	}
	return r.TrackingAccumulator.Delivered()
}

// TestAMetricThatIsLostAnywhereLeavesAGap in the numbers and is counted; no other
// is lost, and who knows of the gap is right again with the next metric of a key.
func TestAMetricThatIsLostAnywhereLeavesAGap(t *testing.T) {
	const rounds = 5
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			ns := newPair(t)
			r := begin(t, ns, scriptOf(t, `local nl = require "rtnetlink"
				nl.on("link", function(ev) ev:tag("seen", "yes") end)`))
			r.settled()
			r.see(func() { r.stream.Gaps = true })
			n, step := r.mark(), 0
			both := func() {
				step++
				ns.Run(fmt.Sprintf("link set v0 mtu %d", 1400+step), fmt.Sprintf("route replace 20.0.0.0/24 via 10.0.0.%d proto static", 10+step))
			}
			both()
			r.settled()
			var chosen *chooser
			var env environment
			var acc telegraf.TrackingAccumulator
			var most int
			var rt scriptRuntime
			r.call(func(o *owner) {
				s := o.gauges.sender
				chosen, env, acc, most, rt = o.stream.chooser, o.stream.env, s.acc, s.most, o.scripts.rt
				p.breaks(o)
			})
			for range rounds {
				both()
			}
			r.quietly()
			r.call(func(o *owner) {
				s := o.gauges.sender
				o.stream.chooser, o.stream.env, s.acc, s.most, o.scripts.rt = chosen, env, acc, most, rt
			})
			both()
			r.settled()
			got := r.since(n)
			for i, class := range []string{"link", "route"} {
				want := rounds + 2
				if slices.Contains(p.loses, class) {
					want = 2
				}
				require.Len(t, pick(got, "name", class, "action", "change"), want, "%s: %v", class, lines(got))
				require.True(t, has(got[len(got)-2+i], "name", class))
			}
			require.EqualValues(t, rounds*len(p.loses), missing(got))
			internal := r.internal()
			require.EqualValues(t, rounds*len(p.loses), internal["lost_events"])
			require.GreaterOrEqual(t, internal["defects"], internal["lost_events"])
			require.Zero(t, internal["resyncs"], "the mirror knows nothing of it")
			r.requireEqual()
		})
	}
}

// missing returns how many numbers there are none of between events.
func missing(list []telegraf.Metric) (n int64) {
	for i := range list[1:] {
		a, _ := field(list[i], "seq").(int64)
		b, _ := field(list[i+1], "seq").(int64)
		n += b - a - 1
	}
	return n
}

// quietly waits until the plugin has applied all that the kernel has sent, though
// what comes of it may be lost.
func (r *running) quietly() {
	r.t.Helper()
	r.call(func(o *owner) {
		o.spaces.All()[0].Ask(rtnl.Query{Object: rtnl.Link, Ifindex: 1, One: true, Master: 4711}, time.Time{}.Add(1))
	})
	require.Eventually(r.t, func() (done bool) {
		r.call(func(o *owner) { done = o.open() == "" })
		return done
	}, patience, time.Millisecond)
}

// TestAMomentThatIsLostLeavesAGap: who waits for `doubt` or `complete` must not
// take the state for what it is not.
func TestAMomentThatIsLostLeavesAGap(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	r.see(func() { r.stream.Gaps = true })
	env := environment(nil)
	n := r.mark()
	ns.Run("link set v0 mtu 1400")
	r.waitEvent(n, "mtu", 1400)
	r.call(func(o *owner) {
		env = o.stream.env
		throughout(func(f *failing) { f.syncFails = true })(o)
		o.spaces.Doubt(namespace.ReasonOverrun)
	})
	r.quietly()
	r.call(func(o *owner) { o.stream.env = env })
	ns.Run("link set v0 mtu 1500")
	r.waitEvent(n, "mtu", 1500)
	require.EqualValues(t, 2, missing(r.since(n)), "doubt and complete")
	require.EqualValues(t, 2, r.internal()["lost_events"])
	require.Equal(t, []string{"begin start", "complete start"}, moments(r.syncs(ns.Path())))
	r.requireEqual()
}

// TestASnapshotLosesNoMoreThanItsMetrics: each that is lost leaves a gap, and the
// snapshot comes to its end.
func TestASnapshotLosesNoMoreThanItsMetrics(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, func(r *RTNetlink) { r.SnapshotInterval = config.Duration(time.Hour) })
	r.settled()
	r.see(func() { r.stream.Gaps = true })
	all, lost := r.mark(), 0
	r.call(func(o *owner) {
		throughout(func(f *failing) {
			f.decide = func(e *event.Event) {
				if e.Object == rtnl.Address {
					lost++
					e.Object = 200
				}
			}
		})(o)
		o.spaces.All()[0].WantSnapshot()
	})
	r.waitMoments(ns.Path(), "begin start", "complete start", "begin snapshot", "complete snapshot")
	r.quietly()
	var counted int
	r.call(func(*owner) { counted = lost })
	require.Positive(t, counted)
	got := r.since(all)
	require.Empty(t, pick(got, "name", "address"))
	require.EqualValues(t, counted, r.internal()["lost_events"])
	require.EqualValues(t, counted, missing(append(r.since(all - 1)[:1:1], got...)))
}

// TestWhatIsNotDeliveredIsCounted: an output of Telegraf drops some.
func TestWhatIsNotDeliveredIsCounted(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, func(r *RTNetlink) { r.MaxUndelivered = 1 })
	r.see(func() {
		r.stream.Gaps = true
		r.reject = func(m telegraf.Metric) bool {
			mtu, _ := field(m, "mtu").(int64)
			return mtu > 1400 && mtu < 1500 && mtu%2 != 0
		}
	})
	r.settled()
	n := r.mark()
	for i := range 10 {
		ns.Run(fmt.Sprintf("link set v0 mtu %d", 1401+i))
	}
	ns.Run("link set v0 mtu 1300", "link set v0 mtu 1500")
	r.waitEvent(n, "mtu", 1500)
	require.Len(t, r.since(n), 7)
	require.EqualValues(t, 5, missing(append(r.since(n - 1)[:1:1], r.since(n)...)))
	require.EqualValues(t, 5, r.internal()["undelivered"])
	require.Zero(t, r.internal()["lost_events"])
	r.requireEqual()
}

// TestScriptsThatAreLoadedAgainCostNoMetric, whether they can be loaded or not.
func TestScriptsThatAreLoadedAgainCostNoMetric(t *testing.T) {
	ns := newPair(t)
	change := scriptOf(t, `local nl = require "rtnetlink"`)
	r := begin(t, ns, change)
	r.settled()
	n := r.mark()
	path := r.input.Lua[0].Script
	const rounds = 30
	for i := range rounds {
		text := `local nl = require "rtnetlink"
			nl.on("link", function(ev) ev:tag("round", "` + fmt.Sprint(i) + `") end)`
		if i%3 == 0 {
			text += "this is no Lua"
		}
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		reloaded := make(chan struct{})
		go func() { defer close(reloaded); r.input.Reload() }()
		ns.Run(fmt.Sprintf("link set v0 mtu %d", 1400+i))
		<-reloaded
	}
	r.requireEqual()
	require.Len(t, r.since(n), rounds)
	require.Zero(t, r.internal()["lost_events"])
}

// TestStopSendsWhatWasReadWhileOutputsStall: nothing of it is missing, and the
// last moment says which number would come next.
func TestStopSendsWhatWasReadWhileOutputsStall(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, func(r *RTNetlink) { r.MaxUndelivered = 2 })
	r.settled()
	n := r.mark()
	r.hold.Lock()
	const rounds = 50
	for i := range rounds {
		ns.Run(fmt.Sprintf("link set v0 mtu %d", 1400+i))
	}
	o, ended := r.input.owner, make(chan struct{})
	go func() { defer close(ended); r.input.Stop() }()
	<-o.quit
	r.hold.Unlock()
	<-ended
	r.wait("the end", func() bool { return len(pick(r.others, "name", "sync", "moment", "end")) > 0 })
	got := r.since(n)
	require.Len(t, got, rounds)
	require.Zero(t, missing(got))
	list := r.syncs(ns.Path())
	last, _ := field(got[len(got)-1], "seq").(int64)
	require.Equal(t, last+1, field(list[len(list)-1], "next_seq"))
}
