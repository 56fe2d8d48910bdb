package plugin

import (
	"errors"
	"math"
	"runtime/debug"
	"sync"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/metric"
	"telegraf-rtnetlink/plugin/internal/rtnl"
	"telegraf-rtnetlink/plugin/internal/who"
)

// owner is the goroutine that owns everything behind the queue: mirrors, hooks,
// metrics. start begins it and stop ends it; call runs something on it.
type owner struct {
	set   *settings
	log   telegraf.Logger
	queue *rtnl.Queue

	sources map[int]*source
	nextID  int
	watch   *watcher // of the namespaces' names; nil: none to follow
	// watching is set when watch was made, or could not be.
	watching bool

	build      *metric.Builder
	chooser    *chooser
	who        *who.Resolver // nil: nobody asks
	send       *sender
	hooks      guarded
	adapt      adapter
	saved      luahooks.State // of the scripts, once they are closed
	scriptDirs *watcher       // of the scripts' directories
	offline    offline
	events     [rtnl.NumObjects][event.NumActions]int64
	noise      noise
	defects    int64 // panics that were caught

	instance string // the tag of all that is sent, empty for none
	latest   int64  // time of the item handled last, ns
	reason   string // why epochs begin: it is the first time, or not

	statistics published
	vanished   vanishing
	began      time.Time

	calls    chan func()
	quit     chan struct{} // closed by stop: no waiting any more
	done     chan struct{} // closed when the goroutine has ended
	once     sync.Once
	timer    *time.Timer
	audit    time.Time // when the next audit is due
	snapshot time.Time // when the next snapshot is due
	told     bool      // of a small receive buffer
}

func newOwner(set *settings, log telegraf.Logger) *owner {
	o := &owner{
		set: set, log: log, queue: rtnl.NewQueue(set.queueLimit),
		sources: map[int]*source{}, build: metric.New(set.previousValues),
		calls: make(chan func()), quit: make(chan struct{}), done: make(chan struct{}),
		timer: time.NewTimer(0), chooser: newChooser(set.interfaces),
	}
	o.hooks.defect = func(p any) { o.defect("in the scripts", p) }
	return o
}

// start begins to send to acc.
func (o *owner) start(acc telegraf.Accumulator) {
	o.send = newSender(acc, o.set.undelivered, o.set.rate, o.quit)
	o.send.instance = o.instance
	o.who = who.New()
	o.began = time.Now()
	o.audit = o.nextAudit(o.began)
	o.snapshot = o.nextSnapshot(o.began)
	o.watchScripts()
	go o.run()
}

// stopLimit bounds how long stop waits for an accumulator that takes nothing.
const stopLimit = stopTime + 2*time.Second

// stop ends the goroutine and waits for it. It reports whether that has ended:
// an accumulator that never returns keeps it, and nothing else.
func (o *owner) stop() (ended bool) {
	o.quitNow()
	select {
	case <-o.done:
		return true
	case <-time.After(stopLimit):
		o.log.Errorf("Stopped without sending the rest: Telegraf has taken no metric for %s", stopLimit)
		return false
	}
}

// quitNow makes the goroutine end.
func (o *owner) quitNow() { o.once.Do(func() { close(o.quit) }) }

// callTime is for how long call waits until the owner is free. It is not while
// the outputs hold it back.
const callTime = 5 * time.Second

// errBusy is what call returns when the owner does not get free.
var errBusy = errors.New("the outputs hold the input back")

// call runs f on the owner goroutine and waits for it. When the owner has been
// stopped, or is busy for long, f does not run.
func (o *owner) call(f func()) error {
	ran := make(chan struct{})
	busy := time.NewTimer(callTime)
	defer busy.Stop()
	select {
	case o.calls <- func() { defer close(ran); f() }:
		<-ran
		return nil
	case <-o.quit:
		return nil
	case <-busy.C:
		return errBusy
	}
}

// run is the owner goroutine. A panic in it is a defect, but not one that may
// end a Telegraf that the plugin is compiled into.
func (o *owner) run() {
	defer close(o.done)
	defer o.close()
	o.guard(o.openSources)
	for {
		select {
		case <-o.quit:
			return
		default:
		}
		o.guard(o.turn)
	}
}

// guard runs f; after a panic the mirrors are in doubt.
func (o *owner) guard(f func()) {
	defer func() {
		if p := recover(); p != nil {
			o.defect("enumerating again", p)
			for _, s := range o.sources {
				o.resync(s, reasonDefect)
			}
		}
	}()
	f()
}

// defect counts and logs a panic, with where it was or what follows from it.
// It comes from a deferred function, while the stack is still there.
func (o *owner) defect(what string, p any) {
	o.defects++
	o.noise.panics.logf(o.log.Errorf, "Internal error, %s: %v, at %q", what, p, debug.Stack())
}

// turn takes one item from the queue, or waits for something to do.
func (o *owner) turn() {
	it, ok := o.queue.Get()
	if !ok {
		o.wait()
		return
	}
	defer o.queue.Release(it)
	o.handle(it)
	o.attend(always)
	o.work(time.Now())
}

// wait sleeps until there is something in the queue or to do.
func (o *owner) wait() {
	now := time.Now()
	o.work(now)
	if next := o.deadline(); !next.IsZero() {
		o.timer.Reset(time.Until(next))
	} else {
		o.timer.Stop()
	}
	o.attend(nil)
}

// always is readable.
var always = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// attend waits for something beside the queue's items, and does it. If busy is
// readable it need not wait: then what there is comes up within a few calls.
func (o *owner) attend(busy <-chan struct{}) {
	select {
	case <-busy:
	case <-o.queue.Ready():
	case f := <-o.calls:
		f()
	case <-o.watch.changed():
		o.follow()
	case <-o.scriptDirs.changed():
		o.hooks.reload(false)
	case <-o.hooks.wake():
		o.hooks.poll()
	case <-o.timer.C:
	case <-o.quit:
	}
}

// work does what is due: connecting, asking, auditing, timers of scripts.
func (o *owner) work(now time.Time) {
	for _, s := range o.sources {
		if !s.redial.IsZero() && !now.Before(s.redial) {
			o.connect(s)
		}
		s.askDue(now)
	}
	if !o.audit.IsZero() && !now.Before(o.audit) {
		o.audit = o.nextAudit(now)
		if o.set.severalNetns() {
			o.follow() // of paths under /proc nothing tells
		}
		o.startAudits(now)
	}
	if !o.snapshot.IsZero() {
		o.takeSnapshots(now)
	}
	o.pollHooks(now)
}

// deadline returns when work has something to do next; zero for never.
func (o *owner) deadline() time.Time {
	next := earlier(earlier(o.audit, o.snapshot), o.hooks.next())
	for _, s := range o.sources {
		if s.canList() {
			return time.Unix(0, 1) // at once
		}
		next = earlier(next, s.redial)
		if s.conn != nil {
			next = earlier(next, s.schedule.next())
		}
	}
	return next
}

// earlier returns the earlier of two times, of which zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// close ends the readers, sends what they have left, and closes the hooks.
func (o *owner) close() {
	o.guard(o.catchUp)
	o.queue.Close()
	for _, s := range o.sources {
		if conn := s.hangUp(); conn != nil {
			conn.Close() // does not wait: the queue is closed
		}
	}
	o.watch.close()
	o.scriptDirs.close()
	o.guard(o.drain)
	o.guard(o.settleNames)
	o.guard(o.endHooks)
	o.guard(o.endEpochs)
}

// catchUpTime bounds how long close waits for the readers.
const catchUpTime = time.Second

// lastQuestion is answered when a reader has found its socket empty.
var lastQuestion = rtnl.Query{Object: rtnl.Link, Ifindex: 1, One: true, Round: math.MaxUint32}

// catchUp handles what the kernel had sent by now, so that it is not lost with
// the sockets.
func (o *owner) catchUp() {
	waiting := map[int]bool{}
	for _, s := range o.sources {
		if s.conn != nil && s.conn.Ask(lastQuestion) {
			waiting[s.id] = true
		}
	}
	end := time.After(catchUpTime)
	for len(waiting) > 0 {
		it, ok := o.queue.Get()
		switch {
		case !ok:
			select {
			case <-o.queue.Ready():
			case <-end:
				return
			}
			continue
		case it.Kind == rtnl.Failed, it.Kind == rtnl.DumpEnd && it.Query == lastQuestion:
			delete(waiting, it.Source)
		case it.Query != lastQuestion:
			o.handle(it)
		}
		o.queue.Release(it)
		select {
		case <-end:
			return
		default:
		}
	}
}

// settleNames sends what waits for the names of links: nobody will tell them.
func (o *owner) settleNames() {
	for _, s := range o.sources {
		s.state.Settle()
	}
}

// drain handles what is queued, for stopTime at most.
func (o *owner) drain() {
	end := time.Now().Add(stopTime)
	for time.Now().Before(end) {
		it, ok := o.queue.Get()
		if !ok {
			return
		}
		o.handle(it)
		o.queue.Release(it)
	}
}
