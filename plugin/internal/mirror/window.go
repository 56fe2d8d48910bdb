package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
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
	quiet   bool // nothing has happened to the class and family so far
	doubt   bool // an event found a state that may already have contained it
	torn    bool // the kernel says that the reply does not fit together
	refused bool // a record made no sense: whose it was is not known
	silent  silent
	sought  []uint32 // the links that are waited for and will have been shown, if there are any
	twice   bool     // a record came twice and is taken for two objects
	beyond  bool     // the reply has shown what was not asked for
	size    int      // bytes of the reply
	changes int

	// The records of one key come together, but for equal rules. They are taken
	// over together, since their order is the list's. Of links it is all records.
	records   []byte
	ends      []int
	key, next []byte // of the records, and of the one that comes
}

// missedLimit is how many dumps in a row must lack an object, while others of
// its class change, until it counts as deleted; and how many are asked for to
// find those that each may lack.
const missedLimit = 3

// oneDatagram is what a dump writes into its first datagram at least:
// NLMSG_GOODSIZE (linux/netlink.h), less a large record that did not fit. A reply
// that is no longer was written at one time.
const oneDatagram = 2 << 10

// Outcome is what a dump brought.
type Outcome struct {
	Changes  int  // differences to what the mirror had
	Suspects int  // objects that the dump lacked, but that are kept for now
	Again    bool // the dump must be repeated for the mirror to be exact
}

// Begin opens the window of a dump. first says that its class was never
// enumerated before; its objects are reported with that origin.
func (s *State) Begin(q rtnl.Query, first bool) {
	s.forgetWindow()
	s.win = &window{query: q, origin: event.Resync, touched: map[uint64]bool{}, quiet: true, sought: s.late.soughtBy(q)}
	if first {
		s.win.origin = event.Dump
	}
}

// Abort forgets the dump under way, if any, and what was still to be asked again:
// events were lost, so everything will be.
func (s *State) Abort() {
	s.forgetWindow()
	clear(s.restless)
	for _, a := range s.late.waiting {
		a.question = false // whoever asked may have given up
	}
}

func (s *State) forgetWindow() {
	if s.win != nil {
		s.unmark()
		s.win = nil
	}
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
		w.refused = true
		return err
	}
	s.now = now
	w.size += unix.NLMSG_HDRLEN + (len(m.Body)+3)&^3
	if o.Several() {
		return s.recordParts(o, m.Body)
	}
	s.record(o, m.Body)
	return nil
}

// recordParts takes a message of a class whose messages tell of several objects.
func (s *State) recordParts(o rtnl.Object, body []byte) (err error) {
	s.part, err = o.Parts(body, s.part, func(part []byte) { s.record(o, part) })
	s.win.refused = s.win.refused || err != nil
	return err
}

// record takes what a message of the reply says of one object.
func (s *State) record(o rtnl.Object, body []byte) {
	if c := &rows[o]; !c.object(body) || !c.mirrored(s, body) {
		return
	}
	w := s.win
	body = rows[o].canonical(s, body)
	w.beyond = w.beyond || !w.asks(body)
	w.next = rows[o].key(w.next[:0], body)
	if len(w.ends) > 0 && o != rtnl.Link && !bytes.Equal(w.key, w.next) {
		s.settle()
	}
	w.key, w.next = w.next, w.key
	w.records = append(w.records, body...)
	w.ends = append(w.ends, len(w.records))
}

func (s *State) has(o rtnl.Object, body []byte) bool {
	l := s.tables[o].Find(body)
	return l.Head != 0
}

// record returns the i-th record of the key at hand.
func (w *window) record(i int) []byte {
	start := 0
	if i > 0 {
		start = w.ends[i-1]
	}
	return w.records[start:w.ends[i]]
}

// settle takes over the records of one key (R58).
func (s *State) settle() {
	w := s.win
	if len(w.ends) == 0 {
		return
	}
	s.origin = w.origin
	if w.query.Object == rtnl.Link {
		s.settleLinks()
	} else if l := s.tables[w.query.Object].FindKey(w.key); s.overtaken() {
		s.question(&l)
	} else if !w.isTouched(&l) {
		s.reconcile(&l)
	} else if !w.toldAll(&l) {
		s.compare(&l)
	}
	w.records, w.ends = w.records[:0], w.ends[:0]
}

func (w *window) isTouched(l *objtable.List) bool {
	_, touched := w.touched[l.Hash()]
	return touched
}

// settleLinks takes over all links at once: they refer to each other by name,
// in both directions, so the names have to be known before the first report.
func (s *State) settleLinks() {
	w, t := s.win, s.tables[rtnl.Link]
	s.dropNamesakes()
	fresh := map[uint32]int{} // the records of links that are not known yet
	for i := range w.ends {
		if l := t.Find(w.record(i)); l.Head == 0 && !w.isTouched(&l) {
			s.links.enter(w.record(i), 1)
			s.links.byIndex[linkIndex(w.record(i))].told = false
			fresh[linkIndex(w.record(i))] = i
		}
	}
	s.late.gather = true
	for i := range w.ends { // who is new first, since others may have known it by its number
		s.settleFresh(fresh, linkIndex(w.record(i)))
	}
	for i := range w.ends {
		if l := t.Find(w.record(i)); l.Head != 0 && l.Flags(l.Head)&flagFilled == 0 && !w.isTouched(&l) {
			s.fill(&l, linkClass{s}.storeLink(&l, w.record(i)))
		}
	}
	s.late.gather = false
	s.release()
}

// settleFresh takes over the new link index of a dump, behind those that it
// names, if it is among fresh.
func (s *State) settleFresh(fresh map[uint32]int, index uint32) {
	i, ok := fresh[index]
	if !ok {
		return
	}
	delete(fresh, index)
	body := s.win.record(i)
	if len(fresh) > 0 {
		for _, other := range s.namesIn(body) {
			s.settleFresh(fresh, other)
		}
	}
	if l := s.tables[rtnl.Link].Find(body); l.Head == 0 {
		s.fill(&l, linkClass{s}.storeLink(&l, body))
	}
}

// dropNamesakes removes the links whose names other links have by now, and
// which a whole dump of links lacks: nobody has said that they are gone, and
// reported first, their end is not mistaken for one of those that have the name.
// A link that an event has touched meanwhile is known better than by a record,
// which can be older; so can be the name that it has there.
func (s *State) dropNamesakes() {
	w, t := s.win, s.tables[rtnl.Link]
	if w.query.One || w.torn {
		return
	}
	shown := map[uint32]bool{}
	for i := range w.ends {
		shown[linkIndex(w.record(i))] = true
	}
	for i := range w.ends {
		l := t.Find(w.record(i))
		other := s.links.namesake(w.record(i))
		if other == 0 || shown[other] || w.isTouched(&l) {
			continue
		}
		if l = t.FindID(other); !w.isTouched(&l) {
			linkClass{s}.dropLink(&l)
		}
	}
}

// reconcile brings a list in line with the records of its key.
func (s *State) reconcile(l *objtable.List) {
	w, o := s.win, s.win.query.Object
	switch {
	case rows[o].perKey == one:
		for i := range w.ends { // dumps can repeat a record
			s.reconcileOne(l, w.record(i))
		}
		return
	case l.Head != 0 && w.whole() && len(w.ends) == 1 && lone(l):
		s.fill(l, s.update(o, l, l.Head, w.record(0)))
		return
	}
	var last ref
	if !w.whole() {
		last = l.Last()
	}
	for i := range w.ends {
		last = s.place(l, last, w.record(i))
	}
}

// reconcileOne brings the only object of a key in line with a record.
func (s *State) reconcileOne(l *objtable.List, body []byte) {
	switch o := s.win.query.Object; {
	case l.Head == 0:
		s.fill(l, s.add(o, l, 0, body))
	case rows[o].passing != nil && rows[o].passing(body):
		s.seen(l, l.Head)
	default:
		s.fill(l, s.update(o, l, l.Head, body))
	}
}

// lone reports whether the list has one entry that the dump has not shown yet:
// equal rules need not follow each other.
func lone(l *objtable.List) bool {
	return l.Next(l.Head) == 0 && l.Flags(l.Head)&flagSeen == 0
}

// whole reports whether the dump shows all objects of a key, in their order.
func (w *window) whole() bool { return w.query.Ifindex == 0 }

// place finds the entry that a record means, or adds it, behind entry last.
// Equal rules exist, and equal IPv6 routes that a replacement has made.
func (s *State) place(l *objtable.List, last ref, body []byte) ref {
	o := s.win.query.Object
	twice := false
	for r := s.nextUnseen(l, last, body); r != 0; r = l.Next(r) {
		if !same(o, l.Body(r), body) {
			continue
		}
		if l.Flags(r)&flagSeen != 0 {
			if o == rtnl.Route && body[0] == unix.AF_INET {
				return last
			}
			twice = true
			continue
		}
		if o == rtnl.Route {
			r = s.update(o, l, r, body)
		}
		if s.win.whole() {
			l.Move(r, last)
			last = r
		}
		s.seen(l, r)
		return last
	}
	s.win.twice = s.win.twice || twice
	var g ref
	if o == rtnl.Route {
		g = routeClass{s}.groupFor(l, body)
	}
	if g != 0 {
		s.fill(l, s.update(o, l, g, body))
		return last
	}
	r := s.add(o, l, last, body)
	s.fill(l, r)
	return r
}

// nextUnseen returns where place begins: at the entry behind last if the record
// means that, as nearly always, since a list can have thousands of entries.
func (s *State) nextUnseen(l *objtable.List, last ref, body []byte) ref {
	if last == 0 {
		return l.Head
	}
	if r := l.Next(last); r != 0 && l.Flags(r)&flagSeen == 0 && same(s.win.query.Object, l.Body(r), body) {
		return r
	}
	return l.Head
}

func (s *State) seen(l *objtable.List, r ref) {
	l.SetFlags(r, l.Flags(r)&^flagBehind|flagSeen)
}

// fill marks an entry as seen, and as written by this dump.
func (s *State) fill(l *objtable.List, r ref) {
	flags := l.Flags(r)&^flagBehind | flagSeen | flagFilled
	if body := l.Body(r); s.win.query.Object == rtnl.Route && body[0] == unix.AF_INET6 && routeAttr(body, unix.RTA_MULTIPATH) != nil {
		flags |= flagMixed // a dump shows the first member alone
	}
	l.SetFlags(r, flags)
}

// touch notes that an event speaks of a list. What is only implied the dump may
// have shown the end of, or the beginning of something new: another has to tell (R58).
func (s *State) touch(l *objtable.List) {
	if s.win != nil && l.In(s.tables[s.win.query.Object]) {
		if _, known := s.win.touched[l.Hash()]; !known {
			s.win.touched[l.Hash()] = false
		}
		if s.origin == event.Implied {
			s.win.quiet, s.win.doubt = false, true
		}
	}
}

// arrive is for an event that comes during a dump. Records of its key that came
// before are taken over first, but for links: those are taken over together.
func (s *State) arrive(o rtnl.Object, body []byte) {
	w := s.win
	if w == nil || o != w.query.Object {
		return
	}
	if w.next = rows[o].key(w.next[:0], body); o != rtnl.Link && bytes.Equal(w.key, w.next) {
		s.settle()
	}
	s.disturb(o, body[0])
}

// disturb notes that something happens to the objects of a class and family.
func (s *State) disturb(o rtnl.Object, family byte) {
	if w := s.win; w != nil && o == w.query.Object && (w.query.Family == unix.AF_UNSPEC || family == w.query.Family) {
		w.quiet = false
	}
}

// End closes the window. interrupted and err are how the dump ended. A dump with
// a record that made no sense adds and changes, but what it lacks may be what
// that record was about (R57).
func (s *State) End(interrupted bool, err error, now int64) (out Outcome) {
	w := s.win
	if w == nil {
		return Outcome{}
	}
	s.now = now
	w.torn = interrupted || err != nil || w.refused
	s.settle()
	s.origin = w.origin
	if gone(w.query, err) {
		err = nil
	}
	exact := !interrupted && !w.refused && (w.quiet || w.size <= s.oneDatagram)
	if err == nil && !w.refused {
		s.links.enumerated(w.query)
		out.Suspects = s.sweep(exact)
	} else {
		s.unmark()
	}
	out.Changes = w.changes
	out.Again = err != nil || !s.settled(exact) || w.doubt || w.twice && !w.quiet || out.Suspects > 0
	s.win = nil
	s.compact()
	if err == nil && !w.refused {
		for _, index := range w.sought {
			s.nobody(index)
		}
	}
	return out
}
