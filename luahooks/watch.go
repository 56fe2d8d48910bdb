package luahooks

import (
	"context"
	"errors"
	"math"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// ticksPerLimit is how finely the watchdog looks.
const ticksPerLimit = 10

// longestPeriod bounds how much a call with a long limit can allocate unseen.
const longestPeriod = 10 * time.Millisecond

// starvedFactor is how many limits a call may take at most, however little of
// the processor it gets.
const starvedFactor = 10

// The states of the watchdog. The running call reacts to a negative one at its next
// instruction.
const (
	seen    = 1             // the timer has seen the call
	killed  = -1            // it has to end
	suspect = math.MinInt32 // this bit beside seen: the process has allocated a lot, measure
)

// suspicion is how much a process allocates in one call before the call's
// memory is measured, in bytes. It is far more than most calls need, and little
// enough that what is allocated between two ticks does no harm.
const suspicion = 8 << 20

// stepsBetween is how many instructions there are between two looks at the clock, and
// checkSteps how many of them a Check counts as. On a machine with one busy processor
// the timer can come very late.
const (
	stepsBetween = 1024
	checkSteps   = 64
)

// watchdog stops Lua calls that take too long. The hooks' goroutine marks the
// beginning of each call with start and its end with settle, which cost one
// atomic load each; a timer runs only while the goroutine is between enter and
// leave, so an idle process is not woken.
//
// At each tick the timer charges the running call with the time since the tick
// before, in which others may have run that were over before they were seen: none
// of the time is lost, however late a tick comes. What counts is the time that the
// process has used of a processor: a call on a busy machine may just have had no
// turn. It has starvedFactor limits by the clock. At its limit, state turns to
// killed, and the call panics at its next Lua instruction, by way of Done.
type watchdog struct {
	state  atomic.Int32
	limit  atomic.Int64 // of the running call, a time.Duration
	spent  atomic.Int64 // what it is charged with, a time.Duration; that of a call before until it has ticked
	active atomic.Bool
	armed  atomic.Bool
	away   atomic.Bool  // the call waits for the host, which is not its fault
	looks  atomic.Int32 // how often the running call's memory was looked at; odd while it is
	period time.Duration
	timer  *time.Timer
	zero   time.Time
	clock  func() moment // since zero
	ticked atomic.Int64  // last.wall

	mu     sync.Mutex // for all that follows
	last   moment     // of the last tick
	call   moment     // how much of each clock went by in the running call
	before uint64     // bytes allocated at a call's first tick, or when it was last measured
	looked int32      // looks at the last tick
	sample []metrics.Sample

	// The hooks' goroutine's own:
	depth   int          // of enter
	steps   int          // until the clock is looked at
	running *lua51.State // of the running call
	where   string       // "file:line: " at which the last call was stopped
	// measure reports whether the running call holds more memory than it may. It
	// asks the watchdog, too: looking takes of the call's time.
	measure func() bool
	heavy   bool // the last call was stopped for its memory
}

// moment is a point in time by two clocks.
type moment struct {
	wall time.Duration // of the machine, since some time
	used time.Duration // of a processor, by the process
}

// newWatchdog returns a watchdog for calls with at least the given limit.
func newWatchdog(shortest time.Duration) *watchdog {
	w := &watchdog{
		zero:   time.Now(),
		period: min(max(shortest/ticksPerLimit, time.Millisecond), longestPeriod),
		sample: []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}},
	}
	w.clock = func() moment { return moment{time.Since(w.zero), processorTime()} }
	w.timer = time.AfterFunc(time.Hour, w.tick)
	w.timer.Stop()
	return w
}

// enter says that Lua calls may follow; each needs a leave.
func (w *watchdog) enter() {
	w.depth++
	if w.depth > 1 {
		return
	}
	w.active.Store(true)
	if w.armed.CompareAndSwap(false, true) {
		w.mu.Lock()
		w.read()
		w.mu.Unlock()
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

// read reads the clock, and returns what it was when it was read before.
func (w *watchdog) read() (last moment) {
	last, w.last = w.last, w.clock()
	w.ticked.Store(int64(w.last.wall))
	return last
}

func (w *watchdog) count() {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.read()
	n := w.state.Load()
	if n == killed {
		return
	}
	allocated := w.allocated()
	if n == 0 {
		w.call, w.before = moment{}, allocated
	}
	used := w.last.used - last.used
	w.call.used += used
	if w.away.Load() {
		w.call.wall += used
	} else {
		w.call.wall += w.last.wall - last.wall
	}
	if looks := w.looks.Load(); looks%2 == 1 || looks != w.looked {
		w.looked, w.before = looks, allocated // looking allocates, too
	}
	spent, limit := min(w.call.wall, w.call.used), time.Duration(w.limit.Load())
	w.spent.Store(int64(spent))
	next := n | seen
	if spent >= limit+w.period || w.call.wall > starvedFactor*limit {
		next = killed
	} else if allocated-w.before > suspicion {
		w.before = allocated
		next |= suspect
	}
	// A failure means that the call ended meanwhile.
	w.state.CompareAndSwap(n, next)
}

// allocated is what the process has allocated since it started, in bytes.
func (w *watchdog) allocated() uint64 {
	metrics.Read(w.sample)
	return w.sample[0].Value.Uint64()
}

// processorTime is what all threads of the process have used.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0 // only the clock counts then, at starvedFactor limits
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// start begins a call that may take so long.
func (w *watchdog) start(limit time.Duration) {
	if w.limit.Load() != int64(limit) {
		w.limit.Store(int64(limit))
	}
	if w.state.Load() != 0 {
		w.state.Store(0)
	}
	w.heavy = false
}

// settle ends a call. It returns what the call is charged with, nothing if it was
// over between two ticks, and whether it was stopped.
func (w *watchdog) settle() (spent time.Duration, stopped bool) {
	if w.state.Load() == 0 {
		return 0, false
	}
	n := w.state.Swap(0)
	return time.Duration(w.spent.Load()), n == killed
}

// Check panics like Done if the running call has to end. Go functions that loop
// for a script ask it now and then.
func (w *watchdog) Check() {
	if w.steps -= checkSteps; w.steps < 0 {
		w.look()
	}
	if w.state.Load() < 0 {
		w.stopCall()
	}
}

// look does what the timer does if that is late.
func (w *watchdog) look() {
	w.steps = stepsBetween
	if time.Since(w.zero)-time.Duration(w.ticked.Load()) > 2*w.period {
		w.count()
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
	if w.steps--; w.steps < 0 {
		w.look()
	}
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
	w.look()
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
