// Package namespace follows network namespaces: which there are, what the kernel
// says in each, and what it has to be asked so that nothing is missed.
//
// # Flow
//
//	discovery ─▶ Set ─▶ Namespace: connection ─▶ the kernel
//	                        ▲          schedule     │
//	                        │          pass         ▼
//	             Set.Take ──┴─ item ◀─ queue ◀── rtnl.Conn
//	                        │
//	                        ▼
//	                  mirror.State ─▶ Handler.Event
//	                  epoch ────────▶ Handler.Sync
//
// An item of the queue is handled by its Namespace: datagrams are applied to the
// mirror, answers complete passes, an overrun begins one. Set.take alone takes
// items out of the queue.
//
// # Goroutines
//
// A Set and its Namespaces belong to one goroutine, which calls Take when Ready
// is readable, Follow when Changed is, and Work when Deadline has come. The
// connections have goroutines of their own, which only fill the queue.
//
// # Recordings
//
// A recording has no kernel: its Namespaces are added without a connection, and
// its items are given to Handle. What else it has instead of a living system is
// its Environment.
package namespace

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/quiet"
	"telegraf-rtnetlink/plugin/internal/rtnl"
	"telegraf-rtnetlink/plugin/internal/watch"
)

// Set is the namespaces of an instance. New makes it; the zero value is of no use.
type Set struct {
	cfg     *Config
	env     Environment
	handler Handler
	queue   *rtnl.Queue
	list    map[int]*Namespace
	nextID  int

	names    *watch.Watcher // of the namespaces; nil: none to follow
	watching bool           // names was made, or could not be
	latest   int64          // time of the item handled last, ns
	audit    time.Time      // when the next audit is due
	snapshot time.Time      // when the next snapshot is due
	told     bool           // of a small receive buffer
	noise    noise
}

// noise limits, by kind, the log lines that trouble can cause many of.
type noise struct{ malformed, refused, overrun quiet.Limiter }

// New returns a Set without a namespace. The configuration must not be changed
// afterwards.
func New(cfg *Config, env Environment, handler Handler) *Set {
	now := time.Now()
	return &Set{
		cfg: cfg, env: env, handler: handler, queue: rtnl.NewQueue(cfg.QueueLimit), list: map[int]*Namespace{},
		audit: dueIn(now, cfg.Audit), snapshot: dueIn(now, cfg.Snapshot),
	}
}

// dueIn returns the time when something is due that comes at intervals; zero for
// never.
func dueIn(now time.Time, interval time.Duration) time.Time {
	if interval == 0 {
		return time.Time{}
	}
	return now.Add(interval)
}

// All lists the namespaces in the order in which they were added.
func (s *Set) All() []*Namespace {
	return slices.SortedFunc(maps.Values(s.list), func(a, b *Namespace) int { return cmp.Compare(a.id, b.id) })
}

// Named returns the namespace of a name, nil if there is none. With an empty name
// that nobody has it is the first.
func (s *Set) Named(name string) *Namespace {
	all := s.All()
	if i := slices.IndexFunc(all, func(n *Namespace) bool { return n.Name == name }); i >= 0 {
		return all[i]
	}
	if name == "" && len(all) > 0 {
		return all[0]
	}
	return nil
}

// Queue returns the queue that all connections fill.
func (s *Set) Queue() *rtnl.Queue { return s.queue }

// New adds a namespace without a connection.
func (s *Set) New(name, path string) *Namespace {
	n := &Namespace{
		set: s, identity: identity{Name: name, id: s.nextID, path: path}, changes: changes{changed: map[uint32]int64{}},
		questions: questions{answers: answers{listed: map[rtnl.Query]bool{}, settled: map[rtnl.Query]bool{}}},
	}
	s.nextID++
	cfg := s.cfg.mirror(name)
	cfg.Emit = n.event
	n.state = mirror.New(cfg)
	s.list[n.id] = n
	return n
}

// Replay adds a namespace of a recording that has what recorded says, all if that
// is nil, and whose first record was written at a time, in ns.
func (s *Set) Replay(name string, recorded func(rtnl.Query) bool, first int64) *Namespace {
	n := s.New(name, "")
	n.recorded = recorded
	n.startPass(passStart, time.Time{}) // the first answers are the first enumeration
	n.beginEpoch(ReasonStart, first-1)
	return n
}

// ReplayAgain makes the namespaces of a recording take what comes for an audit.
func (s *Set) ReplayAgain() {
	for _, n := range s.list {
		n.startPass(passAudit, time.Time{})
	}
}

// add begins to follow a namespace.
func (s *Set) add(name, path string) { s.New(name, path).connect() }

// Remove ends following a namespace.
func (s *Set) Remove(n *Namespace) {
	s.detach(n)
	now := time.Now().UnixNano()
	s.env.Read(n, rtnl.Item{Kind: rtnl.Gone, Time: now})
	s.forget(n, now)
}

// forget reports everything in a namespace as gone at a time, and forgets it.
func (s *Set) forget(n *Namespace, at int64) {
	n.change(func() { n.state.Clear(at) })
	n.endEpoch(ReasonVanished)
	delete(s.list, n.id)
}

// checkBuffer says once that the kernel gave less than it was asked for.
func (s *Set) checkBuffer(got int) {
	if want := s.cfg.ReceiveBuffer; got < 2*want && !s.told {
		s.told = true
		s.env.Infof("The receive buffer has %d KiB instead of the %d KiB of receive_buffer; for more give CAP_NET_ADMIN, or set sysctl net.core.rmem_max=%d",
			got/2048, want/1024, want)
	}
}

// wall returns the time of what is being handled, in ns: that of the item, since
// what happens next to it may still wait in the queue; the clock's where
// nothing waits.
func (s *Set) wall() int64 {
	if queued, _ := s.queue.Usage(); queued > 0 {
		return s.latest
	}
	return s.env.Wall(s.latest)
}

// Work does what is due: connecting, asking, auditing, snapshots.
func (s *Set) Work(now time.Time) {
	for _, n := range s.list {
		n.work(now)
	}
	if !s.audit.IsZero() && !now.Before(s.audit) {
		s.audit = dueIn(now, s.cfg.Audit)
		if s.cfg.Several() {
			s.Follow() // of paths under /proc nothing tells
		}
		s.Audit(now)
	}
	if !s.snapshot.IsZero() {
		s.takeSnapshots(now)
	}
}

// Deadline returns when Work has something to do next; zero for never.
func (s *Set) Deadline() time.Time {
	next := Earlier(s.audit, s.snapshot)
	for _, n := range s.list {
		if n.canList() {
			return time.Unix(0, 1) // at once
		}
		next = Earlier(next, n.deadline())
	}
	return next
}

// Earlier returns the earlier of two times, of which zero means never.
func Earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Audit enumerates every namespace again, to find what no rule foresaw.
func (s *Set) Audit(now time.Time) {
	for _, n := range s.list {
		if n.conn != nil && n.pass.left == nil {
			n.startPass(passAudit, now)
		}
	}
}

// Enumerate asks for everything at once, whatever else was asked.
func (s *Set) Enumerate() {
	now := time.Now()
	for _, n := range s.list {
		if n.conn != nil {
			n.startPass(passAudit, now)
			n.askDue(now) // also an end waits for the answers
		}
	}
}

// Doubt is for what may have left the mirrors wrong: all is enumerated again.
func (s *Set) Doubt(reason string) {
	for _, n := range s.list {
		n.resync(reason)
	}
}

// Enumerated reports whether everything was asked for and answered.
func (s *Set) Enumerated() bool {
	for _, n := range s.list {
		if n.conn != nil && n.pass.left != nil {
			return false
		}
	}
	return len(s.list) > 0
}

// Waiting reports whether a driver has been asked for what is not told yet.
func (s *Set) Waiting() bool {
	for _, n := range s.list {
		n.askDue(time.Now())
		if n.unheard() != "" {
			return true
		}
	}
	return false
}

// EndEpochs is when nothing more will be known.
func (s *Set) EndEpochs() {
	for _, n := range s.All() {
		n.endEpoch(ReasonStop)
	}
}

// Reset forgets all namespaces, with what is known of them.
func (s *Set) Reset() {
	s.EndEpochs()
	clear(s.list)
}

// Settle sends what waits for the names of links: nobody will tell them.
func (s *Set) Settle() {
	for _, n := range s.list {
		n.change(n.state.Settle)
	}
}

// lastQuestion is answered when a reader has found its socket empty.
var lastQuestion = rtnl.Query{Object: rtnl.Link, Ifindex: 1, One: true, Round: math.MaxUint32}
