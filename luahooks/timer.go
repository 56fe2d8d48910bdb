package luahooks

import (
	"container/heap"
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/compile"
)

const (
	maxTimers = 10_000 // of one script
	minEvery  = 0.01   // seconds
	// slowPart is the part of the time limit from which on a call is slow, as a
	// divisor.
	slowPart = 2
)

// timer is one nl.after or nl.every.
type timer struct {
	due    time.Duration // on the runtime's monotonic time
	every  time.Duration // 0: once
	serial uint64        // timers due at the same time run in the order of their calls
	fn     *lua.LFunction
	at     compile.Place
	index  int // in the heap; -1: not in it
}

// minAgain is how long a timer waits at least that another timer has set: one
// that sets itself again and again would run without end.
const minAgain = time.Duration(minEvery * float64(time.Second))

// timerHeap is a heap of timers by due time.
type timerHeap []*timer

func (h timerHeap) Len() int { return len(h) }
func (h timerHeap) Less(i, j int) bool {
	if h[i].due != h[j].due {
		return h[i].due < h[j].due
	}
	return h[i].serial < h[j].serial
}
func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push is for package heap.
func (h *timerHeap) Push(x any) {
	t := x.(*timer)
	t.index = len(*h)
	*h = append(*h, t)
}

// Pop is for package heap.
func (h *timerHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	t.index = -1
	return t
}

func (in *instance) apiAfter(L *lua.LState) int { return in.addTimer(L, false) }
func (in *instance) apiEvery(L *lua.LState) int { return in.addTimer(L, true) }

func (in *instance) addTimer(L *lua.LState, again bool) int {
	n, fn := float64(L.CheckNumber(1)), L.CheckFunction(2)
	if !(n >= 0) || n > arg.MaxSeconds || again && n < minEvery {
		L.ArgError(1, "a number of seconds expected (for nl.every at least 0.01; 100 years at most), got "+arg.Describe(L.Get(1)))
	}
	if len(in.timers) >= maxTimers {
		L.RaiseError("over %d timers; cancel those that are not needed", maxTimers)
	}
	wait := time.Duration(n * float64(time.Second))
	if in.rt.firing && wait < minAgain {
		wait = minAgain
	}
	in.rt.timerSerial++
	t := &timer{due: in.rt.elapsed() + wait, serial: in.rt.timerSerial, fn: fn, at: calledFrom(L)}
	if again {
		t.every = wait
	}
	heap.Push(&in.timers, t)
	L.Push(in.registry.handle(func() { // which the script may keep for longer than the timer
		t.every, t.fn = 0, nil
		if t.index >= 0 {
			heap.Remove(&in.timers, t.index)
		}
	}))
	return 1
}

// firstDue returns the instance with the timer that is due first.
func (r *Runtime) firstDue(until time.Duration) *instance {
	var first *instance
	for _, s := range r.loads.scripts() {
		in := s.in
		if in == nil || in.idle() || len(in.timers) == 0 || in.timers[0].due > until {
			continue
		}
		if first == nil || in.timers[0].due < first.timers[0].due {
			first = in
		}
	}
	return first
}

// fire runs an instance's first timer. One that repeats keeps its phase; times
// that were missed are left out.
func (in *instance) fire(now time.Duration) {
	t := in.timers[0]
	fn := t.fn
	if t.every > 0 {
		t.due += t.every
		if t.due <= now {
			t.due = now + t.every
		}
		heap.Fix(&in.timers, 0)
	} else {
		heap.Pop(&in.timers)
		t.fn = nil
	}
	in.L.Push(fn)
	in.callback("timer", t.at, 0)
}

// callback calls the function on the stack below its arguments. One that is
// slow is told of: events wait for it.
func (in *instance) callback(what string, at compile.Place, nargs int) {
	in.rt.firing = true
	began := time.Now()
	err := in.pcall(nargs, 0, in.alone(false))
	took, limit := time.Since(began), in.script.limit()
	in.rt.firing = false
	switch {
	case err != nil:
		in.failed(what+" at "+at.String(), err)
	case took > limit/slowPart:
		in.script.logs.write(LevelWarn, "slow "+at.String(), fmt.Sprintf("%s: the %s took %s, and events waited; it is stopped at %s (timeout)",
			at, what, took.Round(time.Millisecond), limit))
	}
}
