package plugin

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/capture"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/metric"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
	"telegraf-rtnetlink/plugin/internal/who"
)

// offline is what a replay or a recording has instead of a living system. The
// zero value is for the living one.
type offline struct {
	exec      func(luahooks.Command) luahooks.Result // nil: commands run
	hostname  string                                 // of nl.hostname, empty: the machine's
	timeHooks bool                                   // measure each call of a hook
	now       time.Time                              // zero: the clock
	verdict   func(e *event.Event, kept bool)        // nil: nobody asks
	tap       func(*source, rtnl.Item) error         // nil: nobody listens
	failed    error                                  // of tap
	noSync    bool                                   // no rtnetlink_sync
	processes map[recordedPort]string                // as the recording has them
}

// recordedPort is a port id in a namespace.
type recordedPort struct {
	netns string
	port  uint32
}

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
	p := &player{o: newOwner(r.set, r.logger())}
	p.o.offline = opts.offline()
	defer p.o.closeHooks()
	err := p.play(from, func(first time.Time) error { return r.beginReplay(p.o, acc, first) })
	p.end(opts)
	return err
}

// beginReplay is when the time of the first record is known.
func (r *RTNetlink) beginReplay(o *owner, acc telegraf.Accumulator, first time.Time) error {
	o.offline.now = first
	o.send = newSender(acc, r.set.undelivered, 0, o.quit)
	return o.loadHooks(r.saved)
}

func (opts ReplayOptions) offline() offline {
	off := offline{hostname: "recorded", timeHooks: opts.TimeHooks, noSync: opts.NoSync}
	off.exec = func(c luahooks.Command) luahooks.Result {
		if opts.Exec != nil {
			opts.Exec(c.Argv)
		}
		return luahooks.Result{}
	}
	if opts.Verdict != nil {
		off.verdict = func(e *event.Event, kept bool) { opts.Verdict(describeEvent(e), kept) }
	}
	return off
}

// telling names, by class, the fields that tell a person which object it is.
var telling = [rtnl.NumObjects][]string{
	rtnl.Link:     {"interface"},
	rtnl.Nexthop:  {"id"},
	rtnl.Address:  {"local", "prefixlen", "interface"},
	rtnl.Route:    {"dst", "table", "metric", "gateway", "interface"},
	rtnl.Rule:     {"priority", "family", "src", "table"},
	rtnl.Neighbor: {"dst", "lladdr", "interface"},
	rtnl.Netconf:  {"interface", "family"},
	rtnl.NSID:     {"nsid"},
}

// describeEvent is an event in a few words.
func describeEvent(e *event.Event) string {
	words := []string{e.Object.String(), e.Action.String(), e.Origin.String()}
	if e.Netns != "" {
		words = append(words, "netns="+e.Netns)
	}
	fields := event.Fields(e.Object)
	for _, name := range telling[e.Object] {
		i := slices.IndexFunc(fields, func(f event.Field) bool { return f.Name == name })
		if text := metric.Text(e.New.Value(i)); text != "" {
			words = append(words, name+"="+text)
		}
	}
	return strings.Join(words, " ")
}

// player replays recordings, one behind the other.
type player struct {
	o     *owner
	ids   map[string]int // of the sources, by namespace; nil: nothing was played
	began bool
}

// play replays a recording. begin is called once, with the time of the first
// record of all. An error of the recording names the offset; everything before it
// has been replayed.
func (p *player) play(from io.Reader, begin func(first time.Time) error) error {
	in, err := capture.NewReader(from)
	if err != nil {
		return err
	}
	rec, err := in.Next()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !p.began {
		if err := begin(time.Unix(0, rec.Time)); err != nil {
			return err
		}
		p.began = true
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
	o := p.o
	id, ok := p.ids[rec.Netns]
	if !ok {
		s := o.newSource(rec.Netns, "")
		s.recorded = recordedClasses(classes)
		id = s.id
		if p.ids == nil {
			p.ids = map[string]int{}
		}
		p.ids[rec.Netns] = id
		s.expectAll(o.set.families)
		o.beginEpoch(s, reasonStart, rec.Time-1)
	}
	o.replayUntil(time.Unix(0, rec.Time))
	o.offline.learn(rec)
	o.handle(rec.Item(id))
	if s := o.sources[id]; s != nil {
		s.state.Wants() // nobody to ask
	} else { // gone; there may be another of that name
		delete(p.ids, rec.Netns)
	}
}

// end lets the timers of the scripts go on for a while, and sends what they have
// counted.
func (p *player) end(opts ReplayOptions) {
	if p.began {
		p.o.replayUntil(p.o.offline.now.Add(opts.After))
		p.o.finishReplay(opts)
	}
}

// recordedClasses returns the classes of a recording, which names those that it
// has. What it names and nobody knows it cannot have.
func recordedClasses(named []string) (set objectSet) {
	if len(named) == 0 { // as none did before there were others
		return 1<<rtnl.Link | 1<<rtnl.Nexthop | 1<<rtnl.Address | 1<<rtnl.Route | 1<<rtnl.Rule | 1<<rtnl.Neighbor
	}
	for _, name := range named {
		if o, ok := rtnl.ParseObject(name); ok {
			set |= 1 << o
		}
	}
	return set
}

// classNames names the classes whose state is held.
func (o *owner) classNames() (names []string) {
	state := mirror.New(o.mirrorConfig(&source{}))
	for _, c := range rtnl.Listed {
		if state.Tracks(c) {
			names = append(names, c.String())
		}
	}
	return names
}

// expectAll makes a replayed source take the first answer to each full query
// for the first enumeration.
func (s *source) expectAll(families []uint8) {
	s.startPass(passStart, families, time.Time{})
}

// maxPolls bounds how often timers run between two records: a day with one that
// runs each second. Without it a damaged time would keep a replay busy for years.
const maxPolls = 86_400

// replayUntil lets the clock of the scripts go on to t, and their timers run.
func (o *owner) replayUntil(t time.Time) {
	for range maxPolls {
		next := o.hooks.next()
		if next.IsZero() || next.After(t) {
			break
		}
		if next.After(o.offline.now) {
			o.offline.now = next
		}
		o.hooks.poll()
	}
	if t.After(o.offline.now) {
		o.offline.now = t
	}
}

// finishReplay sends what the scripts have counted.
func (o *owner) finishReplay(opts ReplayOptions) {
	o.settleNames()
	o.hooks.moment(luahooks.Stop)
	o.hooks.flush()
	o.endEpochs()
	if opts.Stats != nil && o.hooks.rt != nil {
		opts.Stats(o.hooks.stats())
	}
}

// Record writes everything that the input reads from the kernel to a pcapng
// file that Replay, and Wireshark, can read, until ctx is done. It comes after
// Init, instead of Start, and sends no metrics.
func (r *RTNetlink) Record(ctx context.Context, to io.Writer, version string) error {
	if r.set == nil {
		return errors.New("rtnetlink: Record before Init")
	}
	o := newOwner(r.set, r.logger())
	w, err := capture.NewWriter(to, capture.Meta{Version: version, Kernel: kernelRelease(), Classes: o.classNames()})
	if err != nil {
		return err
	}
	if err := o.record(ctx, func(s *source, it rtnl.Item) error { return w.WriteItem(s.name, it, o.namer(s)) }); err != nil {
		return err
	}
	return w.Flush()
}

// record passes everything that is read to tap, until ctx is done or tap fails.
func (o *owner) record(ctx context.Context, tap func(*source, rtnl.Item) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	o.offline.tap, o.who = tap, who.New()
	go func() {
		select {
		case <-ctx.Done():
			o.quitNow()
		case <-o.done:
		}
	}()
	o.audit = o.nextAudit(time.Now())
	o.run()
	return o.offline.failed
}

// namer names the processes that ask for changes in a namespace.
func (o *owner) namer(s *source) capture.Namer {
	return func(port uint32, seen int64) string { return o.who.Name(port, s.inode, time.Unix(0, seen)) }
}

// maxProcesses bounds how many processes a replay remembers.
const maxProcesses = 4096

// learn remembers the processes behind a record, since their events may come
// later, and forgets them where a port id is of somebody who is not known.
func (off *offline) learn(rec capture.Record) {
	rec.Ports(func(port uint32) {
		p := recordedPort{rec.Netns, port}
		if name := rec.Processes[port]; name == "" {
			delete(off.processes, p)
		} else {
			if off.processes == nil || len(off.processes) >= maxProcesses {
				off.processes = map[recordedPort]string{}
			}
			off.processes[p] = name
		}
	})
}

// tapped passes an item to a recording. When that fails the owner ends.
func (o *owner) tapped(s *source, it rtnl.Item) {
	if o.offline.tap == nil || o.offline.failed != nil {
		return
	}
	if o.offline.failed = o.offline.tap(s, it); o.offline.failed != nil {
		o.quitNow()
	}
}

// CreateRecording opens path for Record. It overwrites only with force.
func CreateRecording(path string, force bool) (io.WriteCloser, error) {
	return capture.Create(path, force)
}
