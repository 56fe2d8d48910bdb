package luahooks

import (
	"errors"
	"time"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/command"
	"telegraf-rtnetlink/luahooks/internal/account"
	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/internal/event"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/internal/state"
	"telegraf-rtnetlink/luahooks/model"
)

// Runtime holds all scripts of a host. It must be used by one goroutine at a
// time; New and Close included.
type Runtime struct {
	opts     Options
	host     Host
	schema   *schema.Index
	watch    *watchdog
	box      *lua51.Box
	loads    *scriptLoader
	byObject [][]bound // the hooks of each class, in order
	moments  [numMoments][]*hook
	changed  bool // byObject has to be made again
	cur      *event.Current
	waited   sharedTime // in it
	edits    edits      // what hooks have changed about its metric
	prefixes address.Cache
	started  time.Time // zero of the monotonic time

	waiting    sharedTime    // of what is no event
	eventLimit time.Duration // how long all scripts may run for an event

	sampleMask int64 // a call's time is taken when these bits of the number of its hook's calls are 0

	gauge      gauge
	measuring  bool             // a script is being measured
	maxMemory  int64            // of all scripts together
	heap       int64            // what their Lua states held when they were measured last
	native     *account.Account // what they keep outside of them
	numScripts int64
	calls      uint // of Lua

	exec    *command.Executor
	file    *state.File
	closed  bool
	running bool // Start was raised: new scripts get it at once

	gathers  []*hook  // of all scripts, in order
	reading  *Reading // the one being run, nil between two
	readings uint64   // how many there were

	flushing    bool  // Flush has not emitted all series yet
	flushed     int64 // the time of Flush, ns
	timerSerial uint64
	firstWork   int            // of works: what the next Poll begins with
	firing      bool           // a timer or callback runs
	ended       []*command.Job // commands whose callbacks have not run yet
}

// New loads all scripts: it compiles them and runs their top level. One of a
// pattern that fails is logged, and loaded when it has changed; others, and with
// Options.Strict those as well, are an error that names file and line of each,
// and the Runtime is closed.
func New(opts Options) (*Runtime, error) {
	x, err := schema.New(opts.Schema)
	if err != nil {
		return nil, err
	}
	if opts.Host == nil {
		return nil, errors.New("luahooks: no host")
	}
	if err := checkConfigs(opts.Scripts); err != nil {
		return nil, err
	}
	r := &Runtime{
		opts: opts, host: opts.Host, schema: x, box: lua51.NewBox(),
		watch:      newWatchdog(shortestLimit(opts.Scripts)),
		sampleMask: 63, byObject: make([][]bound, len(x.Objects)),
	}
	r.eventLimit = eventLimit(opts.Scripts)
	for i := range opts.Scripts {
		r.maxMemory = max(r.maxMemory, togetherFactor*maxMemory(&opts.Scripts[i]))
	}
	r.native = account.New(r.maxMemory/nativePart, nil)
	if opts.TimeEveryCall {
		r.sampleMask = 0
	}
	r.cur = event.New(x, r.box)
	r.loads = &scriptLoader{rt: r}
	r.started = r.now()
	r.gauge = newGauge()
	r.exec = command.NewExecutor(opts.Exec)
	if err := r.loads.loadAll(); err != nil {
		r.Close()
		return nil, err
	}
	for _, s := range r.loads.scripts() {
		if s.in != nil {
			s.in.allow() // now that it is known how many there are
		}
	}
	return r, nil
}

func (r *Runtime) now() time.Time { return r.host.Now() }

// eventTime is the time of the event being run, otherwise the clock's.
func (r *Runtime) eventTime() int64 {
	if r.cur.Ev != nil {
		return r.cur.Ev.Time()
	}
	return r.now().UnixNano()
}

// emit hands a script's metric out.
func (r *Runtime) emit(m *model.Metric) {
	r.watch.away.Store(true) // while the outputs are behind
	r.host.Emit(m)
	r.watch.away.Store(false)
}

// elapsed is the time since New, in steps that never go back.
func (r *Runtime) elapsed() time.Duration { return r.now().Sub(r.started) }

// Begin marks the beginning of a batch of events. It is optional: Run does it
// for a single event, but the mark costs as much as a hook.
func (r *Runtime) Begin() {
	r.watch.enter()
	if r.watch.depth == 1 {
		r.waiting = sharedTime{}
	}
	r.settle()
}

// End marks the end of a batch.
func (r *Runtime) End() {
	r.measureSome(measureStep)
	r.settle()
	r.watch.leave()
}

// Active reports whether any hook is registered for a class of objects. If
// not, Run does nothing for its events and need not be called.
func (r *Runtime) Active(object int) bool {
	r.settle()
	return len(r.byObject[object]) > 0
}

// Run runs the hooks of one event in the order of the scripts, and within a
// script in that of its nl.on calls. It reports whether the metric is kept: the
// first hook that drops it is the last to run. ev and out are not used after Run
// returns. Run allocates nothing itself.
func (r *Runtime) Run(ev model.Event, out model.Output) bool {
	object := ev.Object()
	hooks := r.byObject[object]
	if len(hooks) == 0 {
		return true
	}
	if r.watch.depth == 0 {
		r.Begin()
		defer r.End()
		hooks = r.byObject[object]
	}
	action := ev.Action()
	for i := range hooks {
		// Most filters name an action: those that do not match cost next to
		// nothing, not even the preparation of the event.
		if hooks[i].actions>>uint(action)&1 != 0 {
			if r.calls >= callsBetween {
				r.calls = 0
				r.measureSome(measureStep)
			}
			r.cur.Set(ev, out, object, action)
			r.waited = sharedTime{}
			r.edits.reset()
			return r.runFrom(hooks[i:])
		}
		hooks[i].stats.Filtered++
	}
	return true
}

// callsBetween is how many calls of Lua there are between two looks at the
// memory within a batch.
const callsBetween = 64

// runFrom tries hooks for the current event until one drops the metric.
func (r *Runtime) runFrom(hooks []bound) bool {
	c := r.cur
	defer c.Clear() // also after a panic
	for i := range hooks {
		h := &hooks[i]
		switch {
		case h.actions>>uint(c.Action)&1 == 0 || !h.filter.Match(c):
			h.stats.Filtered++
		case h.off || h.in.idle():
		case !r.runHook(h.hook):
			return false
		}
	}
	return true
}

// settle does what must not happen while hooks run: it makes the lists of hooks
// anew.
func (r *Runtime) settle() {
	if r.changed {
		r.changed = false
		r.order()
	}
}

// order lists the hooks of each class.
func (r *Runtime) order() {
	r.byObject = make([][]bound, len(r.schema.Objects))
	r.moments = [numMoments][]*hook{}
	r.gathers = nil
	for _, s := range r.loads.scripts() {
		if s.in == nil || s.in.idle() {
			continue
		}
		s.in.dropOff()
		for _, h := range s.in.registry.hooks {
			for _, f := range h.filters {
				r.byObject[f.object] = append(r.byObject[f.object], newBound(h, f.filter))
			}
			if h.object == gatherName {
				r.gathers = append(r.gathers, h)
			}
			if h.moment != nil {
				r.addMoment(h)
			}
		}
	}
}

func (r *Runtime) addMoment(h *hook) {
	for m := range numMoments {
		if h.object == m.String() {
			r.moments[m] = append(r.moments[m], h)
		}
	}
}

// Moment runs the hooks of a lifecycle moment. They get a table with the
// details and "moment" itself.
func (r *Runtime) Moment(m Moment, details ...Detail) {
	r.Begin()
	defer r.End()
	switch m {
	case Start:
		r.running = true
	case Stop:
		r.repairAll()
	}
	for _, h := range r.moments[m] {
		r.runMoment(h, m, details)
	}
}

// runMoment runs one hook. Those on start and stop may take their time.
func (r *Runtime) runMoment(h *hook, m Moment, details []Detail) {
	if h.off || h.in.idle() {
		return
	}
	h.stats.Calls++
	L := h.in.L
	t := L.NewTable()
	t.RawSetString("moment", lua.LString(m.String()))
	for _, d := range details {
		t.RawSetString(d.Name, event.ToLua(r.box, d.Value))
	}
	L.Push(h.moment)
	L.Push(t)
	began := time.Now()
	var err error
	if m == Start || m == Stop {
		err = h.in.pcall(1, 0, h.in.alone(true))
	} else {
		h.in.spent, h.in.serial = 0, 0
		err = h.in.sharedCall(&r.waiting, 1, 0)
	}
	h.stats.addTime(time.Since(began))
	if err != nil {
		h.stats.Errors++
		h.in.failed(h.where(), err)
	}
}

// Close ends everything: running commands are killed, the state file is
// written. It does not raise Stop. A Runtime must not be used after it.
func (r *Runtime) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.watch.stop()
	for r.flushing {
		r.flush()
	}
	r.exec.Close()
	err := r.file.Save(r.State())
	for _, s := range r.loads.scripts() {
		s.close()
	}
	return err
}
