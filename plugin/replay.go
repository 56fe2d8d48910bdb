package plugin

import (
	"errors"
	"io"
	"slices"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/luahooks/command"
	"telegraf-rtnetlink/plugin/internal/capture"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// ReplayOptions says what to do with a recording besides making metrics.
type ReplayOptions struct {
	// After is for how long after the last record the scripts' timers go on.
	After time.Duration
	// Exec gets the commands that scripts would have run; nil: none runs, all
	// succeed at once.
	Exec func(argv []string)
	// Verdict gets every event of the mirror in a few words, such as "route
	// delete implied dst=default interface=eth0", and whether the scripts kept
	// its metric, which follows at once; nil: nobody wants to know.
	Verdict func(event string, kept bool)
	// NoSync leaves out rtnetlink_sync: what scripts make of events does not
	// depend on it.
	NoSync bool
	// TimeHooks measures each call of a hook, for HookTimes.
	TimeHooks bool
	// Stats gets what the scripts did, at the end; nil: nobody wants to know.
	Stats func([]luahooks.ScriptStats)
}

// Replay feeds a recording of Record through mirror, scripts and metrics: with
// the recorded times, without privileges and without looking at the network.
// The same recording gives the same metrics. It comes after Init, instead of
// Start; acc must take metrics while it runs. An error of the recording names
// the offset; everything before it has been replayed.
func (r *RTNetlink) Replay(from io.Reader, acc telegraf.Accumulator, opts ReplayOptions) error {
	if r.set == nil {
		return errors.New("rtnetlink: Replay before Init")
	}
	p := newPlayer(r, acc, opts)
	defer p.o.scripts.close()
	err := p.play(from)
	p.end()
	return err
}

// replay is the environment of a recording that is read back: its clock is that of
// the records, its processes are those that the recording names.
type replay struct {
	telegraf.Logger
	opts      ReplayOptions
	clock     time.Time
	processes map[recordedPort]string
	output    output
}

// recordedPort is a port id in a namespace.
type recordedPort struct {
	netns string
	port  uint32
}

// Wall implements namespace.Environment.
func (*replay) Wall(latest int64) int64 { return latest }

// Read implements namespace.Environment.
func (*replay) Read(*namespace.Namespace, rtnl.Item) {}

func (r *replay) now() time.Time              { return r.clock }
func (*replay) interrupts(*event.Event) int64 { return 0 }
func (r *replay) send(m telegraf.Metric)      { r.output.send(m) }

func (r *replay) process(n *namespace.Namespace, port uint32, _ int64) string {
	return r.processes[recordedPort{n.Name, port}]
}

func (r *replay) sync(m telegraf.Metric) {
	if !r.opts.NoSync {
		r.output.send(m)
	}
}

func (r *replay) decided(e *event.Event, kept bool) {
	if r.opts.Verdict != nil {
		r.opts.Verdict(describeEvent(e), kept)
	}
}

func (r *replay) scripts(opts *luahooks.Options) {
	opts.Hostname, opts.TimeEveryCall = "recorded", r.opts.TimeHooks
	opts.Exec = func(c command.Command) command.Result {
		if r.opts.Exec != nil {
			r.opts.Exec(c.Argv)
		}
		return command.Result{}
	}
}

// passTo lets the clock go on to t.
func (r *replay) passTo(t time.Time) {
	if t.After(r.clock) {
		r.clock = t
	}
}

// maxProcesses bounds how many processes a replay remembers.
const maxProcesses = 4096

// learn remembers the processes behind a record, since their events may come
// later, and forgets them where a port id is of somebody who is not known.
func (r *replay) learn(rec capture.Record) {
	rec.Ports(func(port uint32) {
		p := recordedPort{rec.Netns, port}
		if name := rec.Processes[port]; name == "" {
			delete(r.processes, p)
		} else {
			if r.processes == nil || len(r.processes) >= maxProcesses {
				r.processes = make(map[recordedPort]string)
			}
			r.processes[p] = name
		}
	})
}

// player replays recordings, one behind the other.
type player struct {
	o     *owner
	env   *replay
	acc   telegraf.Accumulator
	saved luahooks.State
	ids   map[string]*namespace.Namespace // by name
	began bool

	timers  int  // how often timers of scripts ran
	skipped bool // that too many did has been said
}

// newPlayer returns a player of nothing yet.
func newPlayer(r *RTNetlink, acc telegraf.Accumulator, opts ReplayOptions) *player {
	env := &replay{Logger: r.logger(), opts: opts, output: nowhere{}}
	return &player{o: newOwner(r.set, r.logger(), env), env: env, acc: acc, saved: r.saved, ids: make(map[string]*namespace.Namespace)}
}

// begin is when the time of the first record is known.
func (p *player) begin(first time.Time) error {
	p.began = true
	p.env.clock = first
	p.env.output = newSender(p.acc, p.o.set.undelivered, 0, p.o.quit)
	return p.o.scripts.load(p.saved)
}

// play replays a recording. An error of the recording names the offset; everything
// before it has been replayed.
func (p *player) play(from io.Reader) error {
	in, err := capture.NewReader(from)
	if err != nil {
		return err
	}
	rec, err := in.Next()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !p.began {
		if err := p.begin(time.Unix(0, rec.Time)); err != nil {
			return err
		}
	}
	for ; err == nil; rec, err = in.Next() {
		p.handle(rec, in.Classes())
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// handle replays a record of a recording that names its classes.
func (p *player) handle(rec capture.Record, classes []string) {
	n := p.ids[rec.Netns]
	if n == nil {
		n = p.o.spaces.Replay(rec.Netns, partsOf(classes), rec.Time)
		p.ids[rec.Netns] = n
	}
	p.until(time.Unix(0, rec.Time))
	p.env.learn(rec)
	if !n.Replay(rec.Item(n.ID())) { // gone; there may be another of that name
		delete(p.ids, rec.Netns)
	}
}

// maxPolls bounds how often timers run between two records: a day with one that
// runs each second. Without it a damaged time would keep a replay busy for years.
const maxPolls = 86_400

// maxTimers bounds how often the timers of a replay run in all: thousands that are
// due each moment would take longer than what was recorded.
const maxTimers = 1_000_000

// until lets the clock of the scripts go on to t, and their timers run.
func (p *player) until(t time.Time) {
	for range maxPolls {
		next := p.o.scripts.next()
		if next.IsZero() || next.After(t) {
			break
		}
		if p.timers >= maxTimers {
			p.skip()
			p.env.passTo(t)
			p.o.scripts.poll()
			return
		}
		p.env.passTo(next)
		p.timers += p.o.scripts.poll()
	}
	p.env.passTo(t)
}

// skip says once that timers run at records only.
func (p *player) skip() {
	if !p.skipped {
		p.o.log.Warnf("Timers ran %d times up to %s: from here on they run once at each record", p.timers, p.env.clock.UTC().Format(time.RFC3339))
	}
	p.skipped = true
}

// end lets the timers of the scripts go on for a while, and sends what they have
// counted.
func (p *player) end() {
	if !p.began {
		return
	}
	o := p.o
	p.until(p.env.clock.Add(p.env.opts.After))
	o.spaces.Settle()
	o.scripts.moment(luahooks.Stop)
	o.scripts.flush()
	o.spaces.EndEpochs()
	if p.env.opts.Stats != nil && o.scripts.rt != nil {
		p.env.opts.Stats(o.scripts.stats())
	}
}

// partsOf returns what of a recording that names its classes, and families of
// them, can be asked for.
func partsOf(named []string) func(rtnl.Query) bool {
	if len(named) == 0 { // as none did before there were others
		for _, o := range []rtnl.Object{rtnl.Link, rtnl.Nexthop, rtnl.Address, rtnl.Route, rtnl.Rule, rtnl.Neighbor} {
			named = append(named, o.String())
		}
	}
	return func(q rtnl.Query) bool { return slices.Contains(named, q.Part()) }
}
