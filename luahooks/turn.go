package luahooks

import "time"

// pollTime is for how long Poll begins with something; what is left waits for the
// next Poll, so that events come in between.
const pollTime = 10 * time.Millisecond

// turn is one call of Poll.
type turn struct {
	rt    *Runtime
	began time.Time
	until time.Duration // timers that are due then run, on the runtime's monotonic time
	fired int           // timers
}

// over reports whether the rest has to wait.
func (t *turn) over() bool { return time.Since(t.began) >= pollTime }

// works is what Poll does, in this order. Each ends when the turn is over, so that
// a call of Lua at most comes on top of pollTime.
var works = [...]func(*turn){
	(*turn).repair, (*turn).tellReloaded, (*turn).fireTimers, (*turn).deliver, (*turn).load, (*turn).flushRest,
}

// Poll runs the timers that are due and the callbacks of commands that have
// ended, brings back scripts that were stopped or whose suspension is over, and goes
// on with what Reload and Flush have begun. It returns how many timers ran. Events
// wait for it: it ends after a moment, and what is left is done by the next call,
// which Next asks for. Calling it too often only costs time.
func (r *Runtime) Poll() (timers int) {
	r.Begin()
	defer r.End()
	t := &turn{rt: r, began: time.Now(), until: r.elapsed()}
	first := r.firstWork
	r.firstWork = 0
	for i := range works {
		if t.over() {
			r.firstWork = (first + i) % len(works) // or what comes first would be all that is done
			break
		}
		works[(first+i)%len(works)](t)
	}
	return t.fired
}

// Next returns when Poll has to be called at the latest; false if only Wake
// can make that necessary. It may change with every other call.
func (r *Runtime) Next() (time.Time, bool) {
	var next time.Time
	earlier := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	pending := len(r.ended) > 0 || r.exec.Finished() || r.loads.reloading || len(r.loads.reloaded) > 0 || r.flushing
	for _, s := range r.loads.scripts() {
		if s.in != nil && len(s.in.timers) > 0 {
			earlier(r.started.Add(s.in.timers[0].due))
		}
		if !s.suspended.IsZero() {
			earlier(s.suspended)
		}
		pending = pending || s.isBroken()
	}
	if pending {
		return r.started, true // long ago: whoever compares it with a time that he has asked for before finds it due
	}
	return next, !next.IsZero()
}

// Wake is readable when Poll has something to do ahead of Next: a command has
// ended.
func (r *Runtime) Wake() <-chan struct{} { return r.exec.Wake }

// repair makes new Lua states for scripts that were stopped, and for those whose
// suspension is over.
func (t *turn) repair() {
	r := t.rt
	now := r.now()
	for _, s := range r.loads.scripts() {
		if t.over() {
			return
		}
		s.resume(now)
		s.recover()
	}
}

// repairAll makes new Lua states for all scripts that were stopped, and runs their
// `reload` hooks. There is no next turn.
func (r *Runtime) repairAll() {
	for _, s := range r.loads.scripts() {
		s.recover()
	}
	for len(r.loads.reloaded) > 0 && !r.loads.reloading {
		(&turn{rt: r, began: time.Now()}).tellReloaded()
	}
	r.settle()
}

// fireTimers runs timers that are due.
func (t *turn) fireTimers() {
	r := t.rt
	r.settle()
	for !t.over() {
		in := r.firstDue(t.until)
		if in == nil {
			return
		}
		in.fire(t.until)
		t.fired++
	}
}

// deliver runs the callbacks of the commands that have ended.
func (t *turn) deliver() {
	r := t.rt
	if len(r.ended) == 0 { // or they would pile up behind slow callbacks
		r.ended = r.exec.Take()
	}
	for len(r.ended) > 0 && !t.over() {
		j := r.ended[0]
		r.ended = r.ended[1:]
		j.Done(j.Result)
	}
}

func (t *turn) load() { t.rt.loads.reload(t) }

func (t *turn) flushRest() {
	if t.rt.flushing {
		t.rt.flush()
	}
}
