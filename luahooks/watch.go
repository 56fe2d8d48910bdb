package luahooks

import (
	"context"
	"errors"
	"math"
	"runtime/metrics"
	"sync/atomic"
	"syscall"
	"time"

	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// ticksPerLimit is how finely the watchdog looks: a call is stopped between
// one and 1.1 limits after it began.
const ticksPerLimit = 10

// longestPeriod bounds how much a call with a long limit can allocate unseen.
const longestPeriod = 10 * time.Millisecond

// starvedFactor is how many limits a call may take at most, however little of
// the processor it gets.
const starvedFactor = 10

// The running call reacts to a negative state of the watchdog at its next
// instruction.
const (
	killed  = -1            // it has to end
	suspect = math.MinInt32 // this bit beside the ticks: the process has allocated a lot, measure
)

// suspicion is how much a process allocates in one call before the call's
// memory is measured, in bytes. It is far more than most calls need, and little
// enough that what is allocated between two ticks does no harm.
const suspicion = 8 << 20

// watchdog stops Lua calls that take too long. The hooks' goroutine marks the
// beginning of each call with start and its end with settle, which cost one
// atomic load each; a timer runs only while the goroutine is between enter and
// leave, so an idle process is not woken.
//
// state counts the timer's ticks since a call began, and turns to killed at
// the limit. The call then panics at its next Lua instruction, by way of Done.
// A call on a busy machine may just have had no turn: the process must also
// have used half of the limit in processor time, or the call must have taken
// starvedFactor limits.
type watchdog struct {
	state  atomic.Int32
	limit  atomic.Int32 // in ticks
	active atomic.Bool
	armed  atomic.Bool
	looks  atomic.Int32 // how often the running call's memory was looked at; odd while it is
	period time.Duration
	timer  *time.Timer
	began  time.Duration // the timer's goroutine's own: processor time at a call's first tick
	before uint64        // the timer's goroutine's own: bytes allocated at a call's first tick, or when it was last measured
	looked int32         // the timer's goroutine's own: looks at the last tick
	sample []metrics.Sample

	// The hooks' goroutine's own:
	depth   int          // of enter
	running *lua51.State // of the running call
	where   string       // "file:line: " at which the last call was stopped
	// measure reports whether the running call holds more memory than it may. It
	// asks the watchdog, too: looking takes of the call's time.
	measure func() bool
	heavy   bool // the last call was stopped for its memory
}

// newWatchdog returns a watchdog for calls with at least the given limit.
func newWatchdog(shortest time.Duration) *watchdog {
	w := &watchdog{period: min(max(shortest/ticksPerLimit, time.Millisecond), longestPeriod), sample: []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}}
	w.timer = time.AfterFunc(time.Hour, w.tick)
	w.timer.Stop()
	return w
}

// ticks converts a limit for start.
func (w *watchdog) ticks(limit time.Duration) int32 {
	return int32(max(1, (limit+w.period-1)/w.period))
}

// enter says that Lua calls may follow; each needs a leave.
func (w *watchdog) enter() {
	w.depth++
	if w.depth > 1 {
		return
	}
	w.active.Store(true)
	if w.armed.CompareAndSwap(false, true) {
		w.timer.Reset(w.period)
	}
}

func (w *watchdog) leave() {
	w.depth--
	if w.depth == 0 {
		w.active.Store(false)
	}
}

// tick runs on the timer's goroutine.
func (w *watchdog) tick() {
	if !w.active.Load() {
		w.armed.Store(false)
		if !w.active.Load() || !w.armed.CompareAndSwap(false, true) {
			return
		}
	}
	w.count()
	w.timer.Reset(w.period)
}

func (w *watchdog) count() {
	n := w.state.Load()
	if n == killed {
		return
	}
	ticks, marked, limit := n&^suspect, n&suspect, w.limit.Load()
	next, allocated := ticks+1, w.allocated()
	if ticks == 0 {
		w.began, w.before = processorTime(), allocated
	}
	if looks := w.looks.Load(); looks%2 == 1 || looks != w.looked {
		w.looked, w.before = looks, allocated // looking allocates, too
	}
	if next > limit && (next > starvedFactor*limit || w.used() >= w.period*time.Duration(limit)/2) {
		next = killed
	} else if allocated-w.before > suspicion {
		w.before = allocated
		next |= suspect
	}
	// A failure means that the call ended meanwhile.
	w.state.CompareAndSwap(n, next|marked)
}

// allocated is what the process has allocated since it started, in bytes.
func (w *watchdog) allocated() uint64 {
	metrics.Read(w.sample)
	return w.sample[0].Value.Uint64()
}

// used is the processor time since the call's first tick.
func (w *watchdog) used() time.Duration { return processorTime() - w.began }

// processorTime is what all threads of the process have used.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0 // only the clock counts then, at starvedFactor limits
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// start begins a call that may take the given number of ticks, of which some
// are spent.
func (w *watchdog) start(ticks, spent int32) {
	if w.limit.Load() != ticks {
		w.limit.Store(ticks)
	}
	if w.state.Load() != spent {
		w.state.Store(spent)
	}
	w.heavy = false
}

// settle ends a call. It returns the ticks that it took, spent included, and
// whether it was over a limit.
func (w *watchdog) settle() (ticks int32, over bool) {
	if w.state.Load() == 0 {
		return 0, false
	}
	n := w.state.Swap(0)
	return n &^ suspect, n == killed
}

// Check panics like Done if the running call has to end. Go functions that loop
// for a script ask it now and then.
func (w *watchdog) Check() {
	if w.state.Load() < 0 {
		w.stopCall()
	}
}

// Full measures the running script, which has made many strings, and ends the call
// if it holds too much.
func (w *watchdog) Full() {
	if w.heavier() {
		w.over()
	}
}

// heavier reports whether the running script holds too much.
func (w *watchdog) heavier() bool {
	w.looks.Add(1)
	defer w.looks.Add(1)
	return w.measure()
}

// stop ends the timer for good.
func (w *watchdog) stop() { w.timer.Stop() }

// errContext is what Err says; gopher-lua only asks after Done is closed, and
// it never is.
var errContext = errors.New("over the time limit")

// Deadline implements context.Context: there is none.
func (*watchdog) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done is called by gopher-lua before each instruction. A nil channel never
// ends a call; when the limit is over, the panic does, at a quarter of the cost
// of a channel that can be closed.
func (w *watchdog) Done() <-chan struct{} {
	if w.state.Load() < 0 {
		w.stopCall()
	}
	return nil
}

// stopCall notes where the running call is, and ends it. A
// call that is only suspected is measured first, and goes on if it is innocent.
func (w *watchdog) stopCall() {
	n := w.state.Load()
	if n == killed {
		w.end()
	}
	w.state.CompareAndSwap(n, n&^suspect) // a failure means that there was a tick: it is asked again
	w.Full()
}

// late ends the running call if its time is over; suspicion can wait.
func (w *watchdog) late() {
	if w.state.Load() == killed {
		w.end()
	}
}

// over ends the call for its memory.
func (w *watchdog) over() {
	w.heavy = true
	w.state.Store(killed)
	w.end()
}

func (w *watchdog) end() {
	w.where = w.running.Where()
	panic(lua51.Stopped{Err: errContext})
}

// Err implements context.Context.
func (*watchdog) Err() error { return errContext }

// Value implements context.Context: there are none.
func (*watchdog) Value(any) any { return nil }

var _ context.Context = (*watchdog)(nil)
