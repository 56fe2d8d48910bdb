package plugin

import (
	"time"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/internal/metric"
)

// scriptRuntime is what the owner needs of luahooks.Runtime.
type scriptRuntime interface {
	Run(ev model.Event, out model.Output) bool
	Begin()
	End()
	Moment(m luahooks.Moment, details ...luahooks.Detail)
	Poll() (timers int)
	Next() (time.Time, bool)
	Wake() <-chan struct{}
	Flush()
	Gathers() bool
	Gather(m *luahooks.Reading) bool
	Reload(force bool)
	Stats() []luahooks.ScriptStats
	State() luahooks.State
	Close() error
}

// guarded is the runtime of the scripts. A panic in it is a defect that costs
// what the scripts had to do at that moment, and nothing else: no metric, and
// nothing of the mirror. Without a runtime there is nothing to do.
type guarded struct {
	rt     scriptRuntime // nil: no scripts
	defect func(p any)
}

// try runs f with the runtime, if there is one, and reports whether it came to
// its end.
func (g *guarded) try(f func(rt scriptRuntime)) (done bool) {
	if g.rt == nil {
		return false
	}
	defer func() {
		if p := recover(); p != nil {
			g.defect(p)
		}
	}()
	f(g.rt)
	return true
}

// run runs the hooks of an event and reports whether its metric is kept. What
// they had wanted of the metric before a panic is forgotten.
func (g *guarded) run(ev model.Event, out *metric.Builder) (kept bool) {
	if g.rt == nil {
		return true
	}
	defer func() {
		if p := recover(); p != nil {
			out.Discard()
			g.defect(p)
			kept = true
		}
	}()
	return g.rt.Run(ev, out)
}

// batch runs f, which runs hooks many times.
func (g *guarded) batch(f func()) {
	if g.try(scriptRuntime.Begin) {
		defer g.try(scriptRuntime.End)
	}
	f()
}

func (g *guarded) moment(m luahooks.Moment, details ...luahooks.Detail) {
	g.try(func(rt scriptRuntime) { rt.Moment(m, details...) })
}

// poll does what is due, and returns how many timers ran.
func (g *guarded) poll() (timers int) {
	g.try(func(rt scriptRuntime) { timers = rt.Poll() })
	return timers
}

// gather runs the hooks on readings and returns those that are sent.
func (g *guarded) gather(list []reading) []reading {
	kept := list[:0:0]
	g.batch(func() {
		for _, r := range list {
			keep := true
			if r.tags == nil {
				r.tags = make(map[string]string)
			}
			g.try(func(rt scriptRuntime) {
				keep = rt.Gather(&luahooks.Reading{Measurement: r.name, Tags: r.tags, Fields: r.fields})
			})
			if keep {
				kept = append(kept, r)
			}
		}
	})
	return kept
}

// gathers reports whether a script wants to see readings.
func (g *guarded) gathers() (yes bool) {
	g.try(func(rt scriptRuntime) { yes = rt.Gathers() })
	return yes
}

// flush sends the scripts' counters and gauges.
func (g *guarded) flush() { g.try(scriptRuntime.Flush) }

// reload loads the scripts again; without force only those that changed.
func (g *guarded) reload(force bool) { g.try(func(rt scriptRuntime) { rt.Reload(force) }) }

// next returns when the scripts have something to do; zero for never.
func (g *guarded) next() (at time.Time) {
	g.try(func(rt scriptRuntime) { at, _ = rt.Next() })
	return at
}

// wake is readable when a command of a script has ended.
func (g *guarded) wake() (c <-chan struct{}) {
	g.try(func(rt scriptRuntime) { c = rt.Wake() })
	return c
}

// stats returns what the scripts did, nothing if there are none.
func (g *guarded) stats() (list []luahooks.ScriptStats) {
	g.try(func(rt scriptRuntime) { list = rt.Stats() })
	return list
}

// close ends the scripts and returns what they keep over a restart.
func (g *guarded) close() (saved luahooks.State, err error) {
	g.try(func(rt scriptRuntime) { saved = rt.State() })
	g.try(func(rt scriptRuntime) { err = rt.Close() })
	g.rt = nil
	return saved, err
}
