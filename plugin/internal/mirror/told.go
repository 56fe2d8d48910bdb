package mirror

import (
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// toldAll reports whether events say all there is of a touched key. Where many
// objects can share one, an event speaks of its own alone; and nexthop objects
// go silently.
func (w *window) toldAll(l *objtable.List) bool {
	return w.touched[l.Hash()] || rows[w.query.Object].perKey == one && w.query.Object != rtnl.Nexthop
}

// compare looks at the records of a touched key: one that no event has brought
// may have been there before, or be gone since. Only another dump can tell.
func (s *State) compare(l *objtable.List) {
	last := ref(0)
	for i := range s.win.ends {
		if e := s.match(l, last, s.win.record(i)); e != 0 {
			l.SetFlags(e, l.Flags(e)|flagSeen|flagTaken)
			last = e
		} else {
			s.win.doubt = true
		}
	}
}

// match returns the entry that a record means, 0 for none. Of equal ones each
// record means another. The one behind the last match is tried first: a list can
// have thousands.
func (s *State) match(l *objtable.List, last ref, body []byte) ref {
	fits := func(r ref) bool { return l.Flags(r)&flagTaken == 0 && same(s.win.query.Object, l.Body(r), body) }
	if last != 0 {
		if r := l.Next(last); r != 0 && fits(r) {
			return r
		}
	}
	for r := l.Head; r != 0; r = l.Next(r) {
		if fits(r) {
			return r
		}
	}
	return 0
}

// spoken marks an entry that an event brings during a dump: that the dump may
// lack it means nothing, except for nexthop objects, which go silently.
func (s *State) spoken(l *objtable.List, r ref) {
	if s.win == nil || !l.In(s.tables[s.win.query.Object]) || !s.told() {
		return
	}
	switch flags := l.Flags(r); {
	case !s.win.asks(l.Body(r)): // it may have been, before
		l.SetFlags(r, flags&^(flagSeen|flagFilled|flagTaken))
	case s.win.query.Object != rtnl.Nexthop:
		l.SetFlags(r, flags|flagSeen)
	}
}

// complete notes that an event has told all there is of a key.
func (s *State) complete(l *objtable.List) {
	if s.win != nil && l.In(s.tables[s.win.query.Object]) {
		s.win.touched[l.Hash()] = true
	}
}

// told reports whether the change at hand comes from an event, not from a dump.
func (s *State) told() bool { return s.origin == event.Notify || s.origin == event.Implied }
