package mirror

import (
	"slices"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// emit reports an object that comes or goes, with its number among those that
// share its key. body outlives the call.
func (s *teller) emit(o rtnl.Object, a event.Action, number uint32, body []byte) {
	if a == event.New && s.untold(o) && s.snap == nil {
		s.hash, s.only = 0, 0
		return
	}
	env := s.env(o)
	s.ev.New.Reset(o, body, env)
	s.ev.Old.Reset(o, nil, env)
	if a == event.Delete {
		s.ev.Old.Reset(o, body, env)
	}
	s.ev.Changed = bitset.Set{}
	s.report(o, a, number)
}

// report delivers the event whose views, and what has changed, are set.
func (s *teller) report(o rtnl.Object, a event.Action, number uint32) {
	e, hash, only := &s.ev, s.hash, s.only
	s.hash, s.only = 0, 0
	if e.Object = o; s.cfg.Show != nil && rows[o].screened {
		if a = s.seenAs(a); a == none {
			return
		}
	}
	if e.Key = hash; hash == 0 || number != 0 {
		e.Key = s.identity(o, e.New.Body(), number)
	}
	s.precede(a)
	s.count()
	origin := s.origin
	if s.untold(o) {
		if a == event.New {
			return
		}
		origin = event.Resync // of something that an event has told of
	}
	if o == rtnl.Link && len(s.unheard) > 0 {
		delete(s.unheard, linkIndex(e.New.Body()))
	}
	if !s.cfg.Report[o] || s.cfg.Emit == nil {
		return
	}
	e.Object, e.Action, e.Origin, e.Time, e.Netns = o, a, origin, s.now, s.cfg.Netns
	e.New.Missed = s.missed
	if s.origin == event.Notify {
		e.New.PortID = int64(s.pid)
	}
	if s.sureOf(only) || !s.hold(s.before) {
		s.cfg.Emit(e)
	}
}

// untold reports whether the objects of a class that are being found are there
// from the beginning, and not to be told of.
func (s *teller) untold(o rtnl.Object) bool { return s.origin == event.Dump && !s.cfg.Initial[o] }

// none is no event.
const none event.Action = 255

// seenAs returns what the event at hand, of a route, is for who does not see all
// of them: one that turns into another sort comes or goes.
func (s *teller) seenAs(a event.Action) event.Action {
	e := &s.ev
	was, is := a != event.New && s.cfg.Show(e.Old.Body()), a != event.Delete && s.cfg.Show(e.New.Body())
	switch {
	case a != event.Change && (was || is), was && is:
		return a
	case was:
		e.Changed = bitset.Set{}
		e.New.Reset(e.Object, e.Old.Body(), s)
		return event.Delete
	case is:
		e.Changed = bitset.Set{}
		e.Old.Reset(e.Object, nil, s)
		return event.New
	}
	return none
}

func (s *teller) count() {
	switch s.origin {
	case event.Implied:
		s.counts.Implied++
	case event.Resync:
		s.counts.Resync++
	}
}

func (s *teller) want(q rtnl.Query) {
	if n := len(s.wants); s.cfg.Track[q.Object] && (n == 0 || s.wants[n-1] != q) {
		s.wants = append(s.wants, q)
	}
}

// unsure reports whether an object names a link that is not known, and notes
// which (R17).
func (s *teller) unsure(o rtnl.Object, body []byte) bool {
	unsure := false
	s.refs = rows[o].links(s.refs[:0], body)
	for _, index := range s.refs {
		if !s.links.sure(index) {
			s.late.want(index)
			unsure = true
		}
	}
	return unsure
}

// sureOf reports whether nothing waits and the only link that an object names is
// known: which it is of most routes, and takes no look at the object.
func (s *teller) sureOf(only uint32) bool {
	return only != 0 && len(s.late.events) == 0 && s.links.sure(only)
}

// hold puts the event at hand off, and reports whether it has to be. The end of
// what has been told of does not wait: it shows the names that were told.
func (s *teller) hold(before event.Env) bool {
	e := &s.ev
	k := lateKey{e.Object, e.Key}
	waits := s.late.keys[k] > 0
	switch {
	case e.Object == rtnl.Link, !waits && e.Action == event.Delete && s.cfg.Track[e.Object],
		!waits && !s.unsure(e.Object, e.New.Body()):
		return false
	}
	held := lateEvent{lateKey: k, action: e.Action, origin: e.Origin, time: e.Time, portID: e.New.PortID, body: slices.Clone(e.New.Body())}
	if e.Action == event.Change {
		held.old, held.before = slices.Clone(e.Old.Body()), before
	}
	t := &s.late
	if t.keys == nil {
		t.keys = map[lateKey]int{}
	}
	t.events = append(t.events, held)
	t.size += len(held.body) + len(held.old)
	t.keys[k]++
	if len(t.events) > lateMax || t.size > lateBytes {
		s.Settle()
	}
	return true
}

// release delivers the events that need not wait any longer.
func (s *teller) release() {
	t := &s.late
	if len(t.events) == 0 {
		return
	}
	list := t.events
	blocked := map[lateKey]bool{}
	t.events, t.size, t.keys = nil, 0, nil
	for i := range list {
		e := &list[i]
		if !blocked[e.lateKey] && !s.unsure(e.o, e.body) {
			s.deliver(e)
			continue
		}
		blocked[e.lateKey] = true
		if t.keys == nil {
			t.keys = map[lateKey]int{}
		}
		t.events = append(t.events, *e)
		t.size += len(e.body) + len(e.old)
		t.keys[e.lateKey]++
	}
}

// deliver reports an event that has waited. What a change has changed is found
// out again: links may be called otherwise by now.
func (s *teller) deliver(l *lateEvent) {
	e := &s.ev
	e.Object, e.Action, e.Origin, e.Time, e.Netns = l.o, l.action, l.origin, l.time, s.cfg.Netns
	e.Key, e.Changed = l.key, bitset.Set{}
	env := s.env(l.o)
	e.New.Reset(l.o, l.body, env)
	e.New.PortID = l.portID
	switch l.action {
	case event.New:
		e.Old.Reset(l.o, nil, env)
	case event.Delete:
		e.Old.Reset(l.o, l.body, env)
	case event.Change:
		if l.before != nil {
			env = l.before
		}
		e.Old.Reset(l.o, l.old, env)
		e.Changed = event.DiffNames(&e.Old, &e.New)
		if f := rows[l.o].renewed; f != nil {
			anew := f(l.old, l.body, l.origin == event.Notify || l.origin == event.Implied)
			e.Changed.Merge(&anew)
		}
		if e.Changed.Empty() {
			return
		}
	}
	s.precede(l.action) // a snapshot may have begun since
	s.cfg.Emit(e)
}

// told reports whether the change at hand comes from an event, not from a dump.
func (s *State) told() bool { return s.origin == event.Notify || s.origin == event.Implied }
