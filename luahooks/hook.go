package luahooks

import (
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/compile"
	"telegraf-rtnetlink/luahooks/internal/emit"
	"telegraf-rtnetlink/luahooks/internal/event"
	"telegraf-rtnetlink/luahooks/internal/filter"
	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// maxHooks bounds the hooks of one script.
const maxHooks = 1000

// hook is one nl.on of a script.
type hook struct {
	in      *instance
	object  string        // as given to nl.on
	at      compile.Place // of the nl.on call
	off     bool
	filters []classFilter // of events
	tests   []readingTest // of "gather"
	steps   []action      // what to do
	moment  *lua.LFunction
	held    int // bytes of the filter, about
	stats   HookStats
}

// classFilter is a hook's filter for one class.
type classFilter struct {
	object int
	filter filter.Filter
}

// classes lists the classes of a hook's events.
func (h *hook) classes() []int {
	var classes []int
	for _, f := range h.filters {
		classes = append(classes, f.object)
	}
	return classes
}

// action is one thing that a hook does: exactly one of the members is set.
type action struct {
	drop    bool
	keep    bool
	counter *emit.By
	fn      *luaAction
}

// luaAction is a Lua function as the action of a hook.
type luaAction struct {
	fn      *lua.LFunction
	escapes bool             // the event may be kept: give it a userdata of its own
	sources [][]event.Source // by object: what to pass behind the event
}

// bound is a hook as it is tried for one class.
type bound struct {
	*hook
	actions uint64        // bit of each action that the filter lets through
	filter  filter.Filter // the other tests
}

func newBound(h *hook, f filter.Filter) bound {
	actions, rest := f.Actions()
	return bound{h, actions, rest}
}

// runHook does what a hook does for the current event and reports whether the
// metric is kept.
func (r *Runtime) runHook(h *hook) bool {
	h.stats.Calls++
	for i := range h.steps {
		a := &h.steps[i]
		keep := true
		switch {
		case a.fn != nil:
			keep = r.runLua(h, a.fn)
		case a.counter != nil:
			a.counter.Add(r.cur)
		case a.drop:
			keep = false
		}
		if !keep {
			h.stats.Dropped++
			return false
		}
	}
	return true
}

// runLua runs a hook's function.
func (r *Runtime) runLua(h *hook, a *luaAction) bool {
	if h.in.broken != nil {
		return true // by an earlier action of the same event
	}
	if h.stats.sample(r.sampleMask) {
		began := time.Now()
		defer func() { h.stats.addTime(time.Since(began)) }()
	}
	in := h.in
	if in.serial != r.cur.Serial {
		in.serial, in.spent = r.cur.Serial, 0
	}
	r.calls++
	L := in.L
	L.Push(a.fn)
	L.Push(in.events.event(a.escapes))
	sources := a.sources[r.cur.Object]
	for i := range sources {
		L.Push(r.cur.Get(&sources[i]))
	}
	if err := in.sharedCall(&r.waited, len(sources)+1, 1); err != nil {
		return r.hookFailed(h, err)
	}
	return r.verdict(h, in.pop())
}

// verdict reads a hook's result.
func (r *Runtime) verdict(h *hook, v lua.LValue) bool {
	switch v := v.(type) {
	case *lua.LNilType:
		return true
	case lua.LBool:
		return bool(v)
	}
	return r.hookFailed(h, fmt.Errorf("%s: the hook returned a %s; return false to drop the metric, true or nothing to keep it",
		h.at, lua51.TypeOf(v)))
}

// hookFailed reports an error and decides on the metric by on_error.
func (r *Runtime) hookFailed(h *hook, err error) bool {
	h.stats.Errors++
	h.in.failed(h.where(), err)
	return !h.in.script.dropOnError
}

// where names a hook in messages.
func (h *hook) where() string { return "hook on " + h.object + " at " + h.at.String() }

// sample reports whether the time of the call just counted is taken.
func (s *HookStats) sample(mask int64) bool { return (s.Calls-1)&mask == 0 }

func (s *HookStats) addTime(d time.Duration) {
	s.Sampled++
	s.Time += d
	s.MaxTime = max(s.MaxTime, d)
}
