package mirror

import (
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// BeginSnapshot begins to list all objects. One under way is given up.
func (s *teller) BeginSnapshot() {
	s.snap = &snapshot{listed: map[uint64]bool{}, owed: map[uint32]bool{}}
}

// Snapshotting reports whether a listing is under way.
func (s *teller) Snapshotting() bool { return s.snap != nil }

// Snapshot lists up to n objects, with the origin Dump and a time. The listing
// ends by itself.
func (s *teller) Snapshot(n int, now int64) {
	for ; n > 0 && s.snap != nil; n-- {
		if r := s.snap.next(s); r != 0 {
			t := s.tables[s.snap.class]
			s.list(s.snap.class, t.Number(r), t.Body(r), now)
			continue
		}
		if s.snap.class++; s.snap.class == rtnl.NumObjects {
			s.snap = nil
			return
		}
		s.snap.place, s.snap.layout = objtable.Place{}, s.tables[s.snap.class].Layout()
	}
}

// next returns the entry of the class under way that follows, 0 for none. Where
// the table was laid out anew the walk begins again: what was listed stays so.
func (p *snapshot) next(s *teller) ref {
	t := s.tables[p.class]
	if p.layout != t.Layout() {
		p.place, p.layout = objtable.Place{}, t.Layout()
	}
	return t.Walk(&p.place)
}

// list reports an object that was not listed yet, as new.
func (s *teller) list(o rtnl.Object, number uint32, body []byte, now int64) {
	e := &event.Event{Object: o, Key: s.identity(o, body, number), Time: now}
	e.New.Reset(o, body, s.env(o))
	s.listEvent(e)
}

// listEvent is list for an event that has its object, key and time. What is held
// back comes with an event of its own.
func (s *teller) listEvent(e *event.Event) {
	o, body := e.Object, e.New.Body()
	if !s.lists(o) || !s.shows(o, body) {
		return
	}
	_, listed := s.snap.listed[e.Key]
	if listed || s.late.pending(o, func() uint64 { return e.Key }) {
		return
	}
	s.enlist(e, func() {
		e.Action, e.Origin, e.Netns = event.New, event.Dump, s.cfg.Netns
		e.Old.Reset(o, nil, s.env(o))
		s.cfg.Emit(e)
	})
}

// enlist notes that an object comes, behind the links that it names, and before
// what has left out its name.
func (s *teller) enlist(e *event.Event, emit func()) {
	p := s.snap
	p.listed[e.Key] = false
	s.listNamed(e.Object, e.New.Body(), e.Time)
	emit()
	p.listed[e.Key] = true
	if index := linkIndex(e.New.Body()); e.Object == rtnl.Link && p.owed[index] {
		delete(p.owed, index)
		s.tellOwed(index, e.Time)
	}
}

// tellOwed tells the name of link index of the links that were listed without.
func (s *teller) tellOwed(index uint32, now int64) {
	origin, before := s.origin, s.now
	s.origin, s.now = event.Dump, now
	s.renamed(index, "", rtnl.Link)
	s.origin, s.now = origin, before
}

// listNamed lists the links that an object names.
func (s *teller) listNamed(o rtnl.Object, body []byte, now int64) {
	if !s.lists(rtnl.Link) {
		return
	}
	for _, index := range rows[o].links(nil, body) {
		if l := s.tables[rtnl.Link].FindID(index); l.Head != 0 {
			s.list(rtnl.Link, 0, l.First(), now)
		}
	}
}

// precede lists the object of the event at hand before it, as it was, and the
// links that it names.
func (s *teller) precede(a event.Action) {
	if s.snap == nil || !s.cfg.Track[s.ev.Object] {
		return
	}
	e, before := s.ev, s.before
	if a != event.New {
		s.listEvent(&event.Event{Object: e.Object, Key: e.Key, Time: s.now, New: e.Old})
	} else if _, listed := s.snap.listed[e.Key]; !listed {
		s.snap.listed[e.Key] = false
	}
	telling := s.snap.telling // of the event that this one is told within, if there is one
	s.snap.telling = e.Key
	s.listNamed(e.Object, e.New.Body(), s.now)
	s.snap.telling = telling
	switch a {
	case event.New:
		s.snap.listed[e.Key] = true
	case event.Change: // by names that are known only now
		names := event.DiffNames(&e.Old, &e.New)
		e.Changed.Merge(&names)
	}
	s.ev, s.before = e, before
}
