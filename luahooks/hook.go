package luahooks

import (
	"errors"
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// maxHooks bounds the hooks of one script.
const maxHooks = 1000

// hook is one nl.on of a script.
type hook struct {
	in      *instance
	object  string // as given to nl.on
	line    int
	off     bool
	filters []classFilter // of events
	actions []action      // of events
	moment  *lua.LFunction
	stats   HookStats
}

// classFilter is a hook's filter for one class.
type classFilter struct {
	object int
	filter filter
}

// action is one thing that a hook does: exactly one of the members is set.
type action struct {
	drop    bool
	keep    bool
	counter *countBy
	fn      *luaAction
}

// luaAction is a Lua function as the action of a hook.
type luaAction struct {
	fn      *lua.LFunction
	escapes bool       // the event may be kept: give it a userdata of its own
	sources [][]source // by object: what to pass behind the event
}

// bound is a hook as it is tried for one class.
type bound struct {
	*hook
	filter filter
}

// run does what a hook does for the current event and reports whether the
// metric is kept.
func (r *Runtime) runHook(h *hook) bool {
	h.stats.Calls++
	for i := range h.actions {
		a := &h.actions[i]
		keep := true
		switch {
		case a.fn != nil:
			keep = r.runLua(h, a.fn)
		case a.counter != nil:
			a.counter.add(r)
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

// runLua calls a hook's function.
func (r *Runtime) runLua(h *hook, a *luaAction) bool {
	in := h.in
	if in.broken != nil {
		return true // by an earlier action of the same event
	}
	L := in.L
	L.Push(a.fn)
	L.Push(in.event(a.escapes))
	sources := a.sources[r.cur.object]
	for i := range sources {
		L.Push(r.get(&sources[i]))
	}
	sampled := r.sample()
	var began time.Time
	if sampled {
		began = time.Now()
	}
	err := in.pcall(len(sources)+1, 1, in.hookTicks)
	if sampled {
		h.stats.addTime(time.Since(began))
	}
	if err != nil {
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
	return r.hookFailed(h, fmt.Errorf("%s:%d: the hook returned a %s; return false to drop the metric, true or nothing to keep it",
		h.in.script.name, h.line, luaType(v)))
}

// hookFailed reports an error and decides on the metric by on_error.
func (r *Runtime) hookFailed(h *hook, err error) bool {
	h.stats.Errors++
	h.in.failed(sprintWhere("hook on "+h.object, h.line), err)
	return !h.in.script.dropOnError
}

// sprintWhere names the place of a callback in messages.
func sprintWhere(what string, line int) string { return fmt.Sprintf("%s, line %d", what, line) }

// sample reports whether to take this call's time.
func (r *Runtime) sample() bool {
	r.calls++
	return r.calls&r.sampleMask == 0
}

func (s *HookStats) addTime(d time.Duration) {
	s.Sampled++
	s.Time += d
	s.MaxTime = max(s.MaxTime, d)
}

// errOver is the error of a call that was stopped.
var errOver = errors.New("stopped: it ran longer than the time limit")
