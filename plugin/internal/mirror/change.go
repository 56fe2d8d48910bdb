package mirror

import (
	"bytes"
	"fmt"
	"math/bits"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// upsert stores the object in body where one of its key can exist.
func (s *State) upsert(o rtnl.Object, body []byte) {
	l := s.tables[o].Find(body)
	s.dump.touch(&l)
	if l.Head == 0 {
		s.add(o, &l, 0, body)
	} else {
		s.update(o, &l, l.Head, body)
	}
}

// remove deletes the object in body, by key.
func (s *State) remove(o rtnl.Object, body []byte) {
	l := s.tables[o].Find(body)
	s.dump.touch(&l)
	if l.Head == 0 {
		s.counts.Unknown++
		return
	}
	s.drop(o, &l, l.Head)
}

// add puts a new object behind entry after of its list, and reports it.
func (s *State) add(o rtnl.Object, l *objtable.List, after ref, body []byte) ref {
	r := l.Insert(after, body)
	s.dump.spoken(l, r)
	kept := l.Body(r)
	s.enter(o, r, body, 1)
	s.hash = l.Hash()
	s.emit(o, event.New, l.Number(r), kept)
	if o == rtnl.Link {
		s.known(linkIndex(body))
	}
	return r
}

// update gives entry r another state, and reports the difference if there is
// one. What is held of an object is what was last reported of it: where only
// fields differ that change by themselves, the body from before stays, and the
// next event says how they have changed since the last one.
func (s *State) update(o rtnl.Object, l *objtable.List, r ref, body []byte) ref {
	old, c := l.Body(r), &rows[o]
	if bytes.Equal(old, body) || c.settled && same(o, old, body) {
		s.counts.Refreshed++
		s.dump.spoken(l, r)
		return r
	}
	if c.adopt != nil {
		body = c.adopt(s, old, body)
	}
	s.scratch = append(s.scratch[:0], old...)
	changed, tells := s.diff(o, s.scratch, body)
	former := s.nameOf(o, old)
	switch {
	case tells, changed.Empty() && (o != rtnl.Link || !same(o, old, body)):
		if s.snap != nil && !tells {
			s.list(o, l.Number(r), old, s.now) // it may move behind the walk
		}
		s.enter(o, r, old, -1)
		r = l.Replace(r, body)
		s.freed |= 1 << o
		s.enter(o, r, body, 1)
	case c.renew != nil:
		c.renew(old, body)
	}
	s.dump.spoken(l, r)
	if !tells {
		s.counts.Refreshed++
		return r
	}
	s.ev.Changed = changed
	s.hash = l.Hash()
	s.report(o, event.Change, l.Number(r))
	if o == rtnl.Link {
		if index := linkIndex(body); s.LinkName(index) != former {
			s.renamed(index, former, classes...)
		}
	}
	if c.follows != nil {
		c.follows(s, *l, s.scratch)
	}
	return r
}

// nameOf returns the name of the link in body, empty for other objects.
func (s *State) nameOf(o rtnl.Object, body []byte) string {
	if o != rtnl.Link {
		return ""
	}
	return s.LinkName(linkIndex(body))
}

// diff points the event's views at two versions of an object and compares them.
// tells is whether the difference is an event.
func (s *State) diff(o rtnl.Object, old, body []byte) (changed bitset.Set, tells bool) {
	s.ev.Old.Reset(o, old, s.env(o))
	s.ev.New.Reset(o, body, s.env(o))
	changed = event.Diff(&s.ev.Old, &s.ev.New)
	tells = event.Tells(o, &changed)
	if f := rows[o].renewed; f != nil {
		anew := f(old, body, s.told())
		changed.Merge(&anew)
		tells = tells || !anew.Empty()
	}
	return changed, tells
}

// drop removes entry r and reports it.
func (s *State) drop(o rtnl.Object, l *objtable.List, r ref) { s.dropWith(o, l, r, nil) }

// dropWith is drop with more attributes for the report.
func (s *State) dropWith(o rtnl.Object, l *objtable.List, r ref, more []byte) {
	old := append(append(s.scratch[:0], l.Body(r)...), more...)
	s.scratch = old
	former := s.nameOf(o, old)
	s.enter(o, r, l.Body(r), -1)
	if o == rtnl.Link {
		s.links.gone.put(linkIndex(old), former)
	}
	number := l.Number(r)
	l.Remove(r)
	s.freed |= 1 << o
	s.hash = l.Hash()
	s.emit(o, event.Delete, number, old)
	if o == rtnl.Link {
		s.renamed(linkIndex(old), former, rtnl.Link) // what other links lead to has no name any more
	}
	if f := rows[o].follows; f != nil {
		f(s, *l, old)
	}
}

// followedBy calls f for the classes, in the order in which they follow a change of
// another.
func (s *State) followedBy(f func(c *class)) {
	for _, o := range followers {
		f(&rows[o])
	}
}

// imply runs f with changes reported as implied by another message.
func (s *State) imply(f func()) {
	before := s.origin
	if before == event.Notify {
		s.origin = event.Implied
	}
	f()
	s.origin = before
}

// less returns a body without some attributes, in scratch memory that is good
// until the next message.
func (s *State) less(o rtnl.Object, body []byte, leave attrSet) []byte {
	s.canon = rtnl.AttrsOf(o, body).Append(append(s.canon[:0], body[:o.HeaderLen()]...), leave.hasNot)
	return s.canon
}

// takes reports whether the object of a message is mirrored; others are counted.
func (s *State) takes(o rtnl.Object, body []byte) bool {
	if rows[o].object(body) && s.keep(o, body) {
		return true
	}
	s.counts.Ignored++
	return false
}

// dropWhere removes the objects of class o for which gone is true, among those
// that the counters of some keys count. gone may change the body in place.
func (s *State) dropWhere(o rtnl.Object, gone func(body []byte) bool, of ...tallyKey) {
	s.visit(o, func(r ref, body []byte) bool {
		if gone(body) {
			s.dropEntry(o, r)
		}
		return true
	}, of...)
}

// dropEntry removes entry r, wherever its list is.
func (s *State) dropEntry(o rtnl.Object, r ref) {
	l := s.tables[o].Find(s.tables[o].Body(r))
	s.dump.touch(&l)
	s.drop(o, &l, r)
}

// compact makes memory of objects that have gone chunks again, a piece at a time.
// No list or ref may be held across it. A listing under way would meet again
// what has moved: it comes first. Only classes that have freed memory are looked
// at, until they have none to spare.
func (s *State) compact() {
	if s.snap != nil {
		return
	}
	for freed := s.freed; freed != 0; freed &= freed - 1 {
		o := bits.TrailingZeros32(freed)
		if t := s.tables[o]; t.Wasteful() {
			t.Compact(func(from, to ref) { s.moved(rtnl.Object(o), from, to) })
		} else {
			s.freed &^= 1 << o
		}
	}
}

// canonical returns the message at hand, body, in the form that is held.
func (s *State) canonical(o rtnl.Object, body []byte) []byte {
	held := rows[o].canonical(s, s.index(o, body))
	if !s.msg.Of(o, held) {
		s.msg.Hold(o, held)
	}
	return held
}

// check refuses what could not be an object of class o.
func (s *State) check(o rtnl.Object, body []byte) error {
	valid := s.msg.Hold(o, body)
	switch {
	case len(body) < o.HeaderLen():
		return fmt.Errorf("%w: %s of %d bytes, the fixed part alone has %d", rtnl.ErrMalformed, o, len(body), o.HeaderLen())
	case len(body) > objtable.MaxBody:
		return fmt.Errorf("%w: %s of %d bytes", rtnl.ErrMalformed, o, len(body))
	case !valid:
		return fmt.Errorf("%w: %s whose attributes do not add up", rtnl.ErrMalformed, o)
	}
	return nil
}
