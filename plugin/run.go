package plugin

import (
	"errors"
	"sync"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/plugin/internal/metric"
	"telegraf-rtnetlink/plugin/internal/namespace"
)

// owner is the goroutine that owns everything behind the queue: namespaces,
// scripts, metrics. start begins it and stop ends it; call runs something on it.
type owner struct {
	set     *settings
	log     telegraf.Logger
	env     environment
	spaces  *namespace.Set
	stream  stream
	scripts scripts
	gauges  gauges
	defects defects

	calls chan func()
	quit  chan struct{} // closed by stop: no waiting any more
	done  chan struct{} // closed when the goroutine has ended
	once  sync.Once
	timer *time.Timer
}

// newOwner returns an owner in an environment, without scripts.
func newOwner(set *settings, log telegraf.Logger, env environment) *owner {
	o := &owner{
		set: set, log: log, env: env, defects: defects{log: log},
		calls: make(chan func()), quit: make(chan struct{}), done: make(chan struct{}),
		timer: time.NewTimer(0),
	}
	build := metric.New(set.previousValues)
	o.stream = stream{set: set, env: env, chooser: newChooser(set.interfaces), build: build, hooks: &o.scripts.guarded, defects: &o.defects}
	o.spaces = namespace.New(&set.Config, env, &o.stream)
	o.scripts = scripts{set: set, log: log, env: env, host: host{log: log, env: env, build: build, spaces: o.spaces}}
	o.scripts.defect = func(p any) { o.defects.note("in the scripts", p) }
	o.gauges = gauges{owner: o, set: set}
	return o
}

// start begins to send to acc.
func (o *owner) start(acc telegraf.Accumulator, env *live) {
	out := newSender(acc, o.set.undelivered, o.set.rate, o.quit)
	out.instance, out.scripts = o.gauges.instance, len(o.set.lua) > 0
	if out.now != nil {
		o.stream.build.Lend()
	}
	env.output, o.gauges.sender, o.gauges.began = out, out, time.Now()
	o.scripts.watch()
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
	o.guard(o.spaces.Open)
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
			o.defects.note("enumerating again", p)
			o.spaces.Doubt(namespace.ReasonDefect)
		}
	}()
	f()
}

// turn takes one item from the queue, or waits for something to do.
func (o *owner) turn() {
	if !o.spaces.Take() {
		o.wait()
		return
	}
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
	case <-o.spaces.Ready():
	case f := <-o.calls:
		f()
	case <-o.spaces.Changed():
		o.spaces.Follow()
	case <-o.scripts.dirs.Changed():
		o.scripts.reload(false)
	case <-o.scripts.wake():
		o.scripts.poll()
	case <-o.timer.C:
	case <-o.quit:
	}
}

// work does what is due.
func (o *owner) work(now time.Time) {
	o.spaces.Work(now)
	o.scripts.work(now)
}

// deadline returns when work has something to do next; zero for never.
func (o *owner) deadline() time.Time {
	return namespace.Earlier(o.spaces.Deadline(), o.scripts.next())
}

// ending reports whether the owner was told to end.
func (o *owner) ending() bool {
	select {
	case <-o.quit:
		return true
	default:
		return false
	}
}

// close ends the readers, sends what they have left, and closes the scripts.
func (o *owner) close() {
	o.guard(o.spaces.CatchUp)
	o.spaces.Close()
	o.scripts.dirs.Close()
	o.guard(func() { o.spaces.Drain(time.Now().Add(stopTime)) })
	o.guard(o.spaces.Settle)
	o.guard(o.scripts.end)
	o.guard(o.spaces.EndEpochs)
}
