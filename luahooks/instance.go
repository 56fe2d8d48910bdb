package luahooks

import (
	"errors"
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/compile"
	"telegraf-rtnetlink/luahooks/internal/emit"
	"telegraf-rtnetlink/luahooks/internal/files"
	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// instance is a script as it was loaded once: its Lua state and all that goes
// away with it. Loading the script again makes another one; what survives that
// is in script.
type instance struct {
	rt     *Runtime
	script *script
	cfg    *Config
	*lua51.State
	broken error // the state must not be used any more
	ready  bool  // the top level has run

	limit, longLimit time.Duration // of a call while events may wait, and while none do
	serial           uint64        // of the event in which spent was spent
	spent            time.Duration // in the current event
	heavyFn          func() bool
	tooMuch          *memoryError // by the last measurement in a call

	advice  []compile.Advice
	timers  timerHeap
	asked   map[*execRequest]bool  // commands whose on_done is still to be called
	modules map[string]lua.LValue  // by name; LNil while loading
	stamps  map[string]files.Stamp // of the modules' files, by path

	// What the module has, by what it is about.
	registry hookLib
	events   eventLib
	mirrors  mirrorLib
	keeps    stateLib
	metrics  *emit.Lib
	readings gatherLib
	nl       lua.LValue
}

// newInstance makes a Lua state and runs a compiled script's top level in it.
// After an error it is closed.
func newInstance(s *script, c *compile.Chunk) (*instance, error) {
	limit := s.limit()
	in := &instance{
		rt: s.rt, script: s, cfg: s.cfg,
		limit: limit, longLimit: longFactor * limit,
		asked: map[*execRequest]bool{}, modules: map[string]lua.LValue{}, stamps: map[string]files.Stamp{},
		advice: append([]compile.Advice(nil), c.Advice...),
	}
	in.State = lua51.New(lua51.Options{
		Guard: s.rt.watch, Box: s.rt.box, Hint: in.hint, Config: s.cfg.Constants, Require: in.baseRequire,
		Print: func(L *lua.LState, text string) { in.logFrom(L, LevelInfo, text) },
		Seed:  uint64(s.rt.now().UnixNano()),
	})
	in.heavyFn = in.heavy
	in.allow()
	in.registry.in = in
	in.metrics = emit.NewLib(in.State, s.metrics, emit.Host{Send: s.rt.emit, Time: s.rt.eventTime, Loaded: in.loaded, Own: s.rt.schema.Measurements})
	in.events.make(in)
	in.mirrors.make(in)
	in.keeps.make(in)
	in.readings.make(in)
	in.nl = in.api()
	s.rt.watch.enter()
	defer s.rt.watch.leave()
	in.L.Push(in.Load(c.Chunk))
	if err := in.pcall(0, 0, in.alone(!s.rt.running)); err != nil {
		in.close()
		s.setHeap(nil)
		return nil, loadError(s.name, err)
	}
	in.ready = true
	return in, nil
}

// longFactor is how much more time than another call loading has while there
// are no events yet, and the hooks on start and stop.
const longFactor = 10

// alone is the limit of a call that does not belong to an event.
func (in *instance) alone(long bool) time.Duration {
	in.spent, in.serial = 0, 0
	if long {
		return in.longLimit
	}
	return in.limit
}

func loadError(name string, err error) error {
	return fmt.Errorf("%s", withFile(name, errorText(err)))
}

// pcall calls the function on the stack below its nargs arguments with a limit of
// time, of which spent is gone. A failure other than the script's own error leaves the
// instance broken.
func (in *instance) pcall(nargs, nret int, limit time.Duration) error {
	w := in.rt.watch
	left := limit - in.spent
	w.start(left)
	w.running, w.measure = in.State, in.heavyFn
	in.script.ran = true
	err := in.State.Call(nargs, nret)
	spent, over := w.settle()
	in.spent += spent
	if over {
		in.spent = limit + w.period // also of one that got more by chance, or little of the processor
		err = in.stopped(limit, left)
		in.breakDown(err)
		return err
	}
	if err == nil {
		return nil
	}
	var e *lua.ApiError
	if !errors.As(err, &e) {
		in.breakDown(err)
	}
	return err
}

// stopped is why the watchdog ended a call that had so much of the limit left.
func (in *instance) stopped(limit, left time.Duration) error {
	w := in.rt.watch
	where := w.where
	w.where = ""
	if w.heavy {
		in.tooMuch.where = where
		return in.tooMuch
	}
	if limit != in.limit && limit != in.longLimit {
		return &overError{where: where, limit: left.Round(time.Millisecond), event: in.rt.eventLimit}
	}
	return &overError{where: where, limit: limit}
}

// sharedTime is for how long scripts have run in one event, or something like it.
type sharedTime struct{ spent time.Duration }

// sharedCall is pcall with the limit of an event's hooks: what one script takes is
// not there for those behind it, or many slow ones would hold events back for
// seconds. If nothing is left, the function is not called.
func (in *instance) sharedCall(t *sharedTime, nargs, nret int) error {
	limit, before := in.limit, in.spent
	if left := in.rt.eventLimit - t.spent; left < limit-before {
		if left < in.rt.watch.period {
			in.L.Pop(nargs + 1)
			return fmt.Errorf("left out: the scripts before it took all of the %s that there are for an event", in.rt.eventLimit)
		}
		limit = before + left
	}
	err := in.pcall(nargs, nret, limit)
	t.spent += in.spent - before
	return err
}

// pop takes the call's result from the stack.
func (in *instance) pop() lua.LValue {
	v := in.L.Get(-1)
	in.L.Pop(1)
	return v
}

// idle reports whether no Lua of this instance may run.
func (in *instance) idle() bool { return in.broken != nil }

// breakDown takes the instance out of use until the script is rebuilt.
func (in *instance) breakDown(err error) {
	if in.broken == nil {
		in.broken = err
		in.script.stats.Kills++
	}
	in.rt.changed = true
}

// failed counts and logs an error of a hook, timer or callback.
func (in *instance) failed(where string, err error) {
	in.script.stats.Errors++
	in.script.logs.write(LevelError, where, withFile(in.script.name, errorText(err))+" ("+where+")")
}

// dropOff forgets the hooks that were switched off, and what they hold, since the script
// may keep their handles.
func (in *instance) dropOff() {
	kept := in.registry.hooks[:0]
	for _, h := range in.registry.hooks {
		if !h.off {
			kept = append(kept, h)
			continue
		}
		h.filters, h.tests, h.steps, h.moment = nil, nil, nil, nil
	}
	clear(in.registry.hooks[len(kept):])
	in.registry.hooks = kept
}

func (in *instance) advise(at compile.Place, text string) {
	in.advice = append(in.advice, compile.Advice{At: at, Text: text})
}

func (in *instance) close() {
	if in.broken == nil {
		in.broken = errClosed
	}
	for q := range in.asked { // a command may run for long, and keep nothing of this
		q.in, q.done = nil, nil
	}
	in.State.Close()
}

// errClosed is why an instance that was closed is not used any more.
var errClosed = errors.New("the script was loaded again")

// overError is a call that was stopped; where is the line it was at.
type overError struct {
	where string
	limit time.Duration
	event time.Duration // if other scripts had the rest of it: what there is for all of them
}

func (e *overError) Error() string {
	if e.event > 0 {
		return fmt.Sprintf("%sstopped: it ran longer than the %s that the scripts before it left of the %s that there are for an event", e.where, e.limit, e.event)
	}
	return fmt.Sprintf("%sstopped: it ran longer than the time limit of %s", e.where, e.limit)
}

// limit is the time of one call of a hook.
func (s *script) limit() time.Duration { return limitOf(s.cfg) }

func limitOf(c *Config) time.Duration {
	if c.Timeout <= 0 {
		return defaultTimeout
	}
	return c.Timeout
}

const defaultTimeout = 50 * time.Millisecond

// eventLimit is how long the scripts may run for an event together: the longest limit
// and half of it. One that is stopped leaves the others time, and stopping them takes
// some, too: an event waits delayFactor limits at most.
func eventLimit(configs []Config) time.Duration {
	longest := time.Duration(0)
	for i := range configs {
		longest = max(longest, limitOf(&configs[i]))
	}
	return longest * 7 / 5
}

// delayFactor is how many limits an event waits for all scripts together at most.
const delayFactor = 2

// shortestLimit is what the watchdog has to tell apart.
func shortestLimit(configs []Config) time.Duration {
	shortest := time.Second
	for i := range configs {
		shortest = min(shortest, limitOf(&configs[i]))
	}
	return shortest
}
