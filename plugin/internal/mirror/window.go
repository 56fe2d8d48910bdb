package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// window is the time of one dump, from before its request until all events that
// it can have raced with are applied. What events say of a key in that time
// stands: a record of the dump can be older. And a dump can lack objects that
// were there all the time.
type window struct {
	query  rtnl.Query
	origin event.Origin
	// Keys that events have changed, by hash; true: an event has told all there
	// is of the key.
	touched map[uint64]bool
	quiet   bool // no event of the class and family so far
	doubt   bool // an event found a state that may already have contained it
	twice   bool // a record came twice and is taken for two objects
	changes int

	// The records of one key come together. They are taken over together,
	// since their order is the list's. Of links it is all records.
	records []byte
	ends    []int
}

// missedLimit is how many dumps in a row must lack an object, while others of
// its class change, until it counts as deleted.
const missedLimit = 3

// Outcome is what a dump brought.
type Outcome struct {
	Changes  int  // differences to what the mirror had
	Suspects int  // objects that the dump lacked, but that are kept for now
	Again    bool // the dump must be repeated for the mirror to be exact
}

// Begin opens the window of a dump. first says that its class was never
// enumerated before; its objects are reported with that origin.
func (s *State) Begin(q rtnl.Query, first bool) {
	s.win = &window{query: q, origin: event.Resync, touched: map[uint64]bool{}, quiet: true}
	if first {
		s.win.origin = event.Dump
	}
}

// Abort forgets the dump under way: events were lost during it.
func (s *State) Abort() {
	if s.win == nil {
		return
	}
	t := &s.tables[s.win.query.Object].slab
	t.each(func(r ref) bool { // what it showed counts for no other
		t.setFlags(r, t.flags(r)&^(flagSeen|flagFilled))
		return true
	})
	s.win = nil
}

// Record takes one message of the reply, at time now (ns). Its errors are
// those of Apply.
func (s *State) Record(m rtnl.Message, now int64) error {
	w := s.win
	o, del, ok := rtnl.ObjectOf(m.Type)
	if w == nil || !ok || del || o != w.query.Object {
		return nil
	}
	if err := check(o, m.Body); err != nil {
		return err
	}
	s.now = now
	if !object(o, m.Body) || !s.keep(o, m.Body) || o == rtnl.Neighbor && s.leftOut(m.Body) {
		return nil
	}
	if len(w.ends) > 0 && o != rtnl.Link && !s.tables[o].equalKey(w.record(0), m.Body) {
		s.settle()
	}
	w.records = append(w.records, m.Body...)
	w.ends = append(w.ends, len(w.records))
	return nil
}

func (s *State) has(o rtnl.Object, body []byte) bool {
	l := s.tables[o].find(body)
	return l.head != 0
}

// record returns the i-th record of the key at hand.
func (w *window) record(i int) []byte {
	start := 0
	if i > 0 {
		start = w.ends[i-1]
	}
	return w.records[start:w.ends[i]]
}

// settle takes over the records of one key.
func (s *State) settle() {
	w := s.win
	if len(w.ends) == 0 {
		return
	}
	s.origin = w.origin
	if w.query.Object == rtnl.Link {
		s.settleLinks()
	} else if l := s.tables[w.query.Object].find(w.record(0)); !w.isTouched(&l) {
		s.reconcile(&l)
	} else if !w.toldAll(&l) {
		s.compare(&l)
	}
	w.records, w.ends = w.records[:0], w.ends[:0]
}

func (w *window) isTouched(l *list) bool {
	_, touched := w.touched[l.hash]
	return touched
}

// settleLinks takes over all links at once: they refer to each other by name,
// in both directions, so the names have to be known before the first report.
func (s *State) settleLinks() {
	w, t := s.win, s.tables[rtnl.Link]
	s.evict()
	for i := range w.ends {
		if l := t.find(w.record(i)); l.head == 0 && !w.isTouched(&l) {
			s.links.enter(w.record(i), 1)
		}
	}
	for i := range w.ends {
		if l := t.find(w.record(i)); !w.isTouched(&l) {
			s.fill(&l, s.storeLink(&l, w.record(i)))
		}
	}
}

// evict removes the links whose name another one has now, before that is
// reported: what is said last about a name is to be about the link that has it.
func (s *State) evict() {
	w := s.win
	present := make(map[uint32]bool, len(w.ends))
	for i := range w.ends {
		present[linkIndex(w.record(i))] = true
	}
	for i := range w.ends {
		name := rtnl.String(linkAttr(w.record(i), unix.IFLA_IFNAME))
		index, taken := s.links.byName[name]
		if !taken || present[index] {
			continue
		}
		l := s.tables[rtnl.Link].findKey(nativeUint32(index))
		if l.head != 0 && !w.isTouched(&l) {
			s.dropLink(&l)
		}
	}
}

// reconcile brings a list in line with the records of its key.
func (s *State) reconcile(l *list) {
	w, o := s.win, s.win.query.Object
	if l.head != 0 && (unique(o) || w.whole() && len(w.ends) == 1 && l.lone()) {
		if !passing(o, w.record(0)) {
			s.fill(l, s.update(o, l, l.head, w.record(0)))
			return
		}
		s.seen(l, l.head)
		return
	}
	var last ref
	if !w.whole() {
		last = l.last()
	}
	for i := range w.ends {
		last = s.place(l, last, w.record(i))
	}
}

// lone reports whether the list has one entry that the dump has not shown yet:
// equal rules need not follow each other.
func (l *list) lone() bool {
	return l.t.slab.next(l.head) == 0 && l.t.slab.flags(l.head)&flagSeen == 0
}

// whole reports whether the dump shows all objects of a key, in their order.
func (w *window) whole() bool { return w.query.Ifindex == 0 }

// unique reports whether one object at most has a key.
func unique(o rtnl.Object) bool { return o != rtnl.Route && o != rtnl.Rule }

// passing reports whether a record shows a state that the kernel does not
// announce and that does not last: the object is held as it was announced.
func passing(o rtnl.Object, body []byte) bool {
	return o == rtnl.Neighbor && silentState(body) && rtnl.Uint16(body[8:])&unix.NUD_NOARP == 0
}

// place finds the entry that a record means, or adds it, behind entry last.
// Equal rules exist, and equal IPv6 routes that a replacement has made.
func (s *State) place(l *list, last ref, body []byte) ref {
	o, t := s.win.query.Object, &l.t.slab
	twice := false
	for r := l.head; r != 0; r = t.next(r) {
		if !same(o, t.body(r), body) && (o != rtnl.Route || nhid(body) == 0 || !sameObjectRoute(t.body(r), body)) {
			continue
		}
		if t.flags(r)&flagSeen != 0 {
			if o == rtnl.Route && body[0] == unix.AF_INET {
				return last
			}
			twice = true
			continue
		}
		if s.win.whole() {
			l.move(r, last)
			last = r
		}
		s.seen(l, r)
		return last
	}
	s.win.twice = s.win.twice || twice
	r := s.add(o, l, last, body)
	s.fill(l, r)
	return r
}

func (s *State) seen(l *list, r ref) {
	l.t.slab.setFlags(r, l.t.slab.flags(r)&^flagBehind|flagSeen)
}

// fill marks an entry as seen, and as written by this dump.
func (s *State) fill(l *list, r ref) {
	flags := l.t.slab.flags(r)&^flagBehind | flagSeen | flagFilled
	if body := l.t.slab.body(r); s.win.query.Object == rtnl.Route && body[0] == unix.AF_INET6 && routeAttr(body, unix.RTA_MULTIPATH) != nil {
		flags |= flagMixed // a dump shows the first member alone
	}
	l.t.slab.setFlags(r, flags)
}

// touch notes that an event speaks of a list.
func (s *State) touch(l *list) {
	if s.win != nil && l.t == s.tables[s.win.query.Object] {
		if _, known := s.win.touched[l.hash]; !known {
			s.win.touched[l.hash] = false
		}
	}
}

// disturb notes that an event of a class and family came. The records before it
// are taken over first.
func (s *State) disturb(o rtnl.Object, family byte) {
	w := s.win
	if w == nil || o != w.query.Object || w.query.Family != unix.AF_UNSPEC && family != w.query.Family {
		return
	}
	w.quiet = false
	if o != rtnl.Link { // those are taken over together
		before := s.origin
		s.settle()
		s.origin = before
	}
}

// End closes the window. interrupted and err are how the dump ended.
func (s *State) End(interrupted bool, err error, now int64) (out Outcome) {
	w := s.win
	if w == nil {
		return Outcome{}
	}
	s.now = now
	s.settle()
	s.origin = w.origin
	if gone(w.query, err) {
		err = nil
	}
	quiet := w.quiet && !interrupted
	if err == nil {
		out.Suspects = s.sweep(quiet)
	}
	w.doubt = w.doubt || w.twice && !quiet // dumps can repeat a record while others change
	out.Changes, out.Again = w.changes, w.doubt || err != nil || out.Suspects > 0
	s.win = nil
	s.tables[w.query.Object].compact()
	return out
}

// sweep looks for objects that the dump lacked, and returns how many of them
// it keeps for now. They go if nothing moved meanwhile, or if dump after dump
// lacks them.
func (s *State) sweep(quiet bool) (suspects int) {
	o := s.win.query.Object
	t := s.tables[o]
	t.slab.each(func(r ref) bool {
		flags := t.slab.flags(r)
		t.slab.setFlags(r, flags&^(flagSeen|flagFilled|flagMissed))
		if flags&flagSeen != 0 || !s.asked(t.slab.body(r)) {
			return true
		}
		l := t.find(t.slab.body(r))
		if s.win.isTouched(&l) {
			s.win.doubt = s.win.doubt || !s.win.toldAll(&l)
			return true
		}
		if o == rtnl.Route && s.shadowed(&l, r) {
			return true
		}
		missed := flags&flagMissed/missedOne + 1
		if quiet || missed >= missedLimit {
			s.sweepOut(&l, r)
			return true
		}
		t.slab.setFlags(r, t.slab.flags(r)|missed*missedOne)
		suspects++
		return true
	})
	return suspects
}

// sweepOut removes an object that is gone.
func (s *State) sweepOut(l *list, r ref) {
	if s.win.query.Object == rtnl.Link {
		s.dropLink(l)
		return
	}
	s.drop(s.win.query.Object, l, r)
}
