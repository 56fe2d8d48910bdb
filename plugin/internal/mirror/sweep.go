package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// settled reports whether the dump needs no other to find what it lacked, and
// the mirror too: objects never heard of. exact says that it lacked none.
func (s *State) settled(exact bool) bool {
	q := s.win.query
	q.Round = 0
	if exact {
		delete(s.restless, q)
		return true
	}
	if s.restless[q]++; s.restless[q] < missedLimit {
		return false
	}
	delete(s.restless, q)
	return true
}

// sweep looks for objects that the dump lacked, and returns how many of them
// it keeps for now.
func (s *State) sweep(exact bool) (suspects int) {
	t := s.tables[s.win.query.Object]
	s.eachAsked(func(r ref) bool {
		switch flags := t.Flags(r); {
		case flags&flagSeen != 0:
			t.SetFlags(r, flags&^(flagSeen|flagFilled|flagTaken|flagMissed))
		case s.win.asks(t.Body(r)) && s.suspect(r, exact):
			suspects++
		}
		return true
	})
	return suspects
}

// eachAsked calls f for what the dump was to show, and perhaps for more. Only
// that is marked: what a kernel that does not know the filter shows beyond is
// looked for everywhere.
func (s *State) eachAsked(f func(ref) bool) {
	q, t := s.win.query, s.tables[s.win.query.Object]
	of := askedOf(q)
	switch {
	case q.One && !s.win.beyond:
		if l := t.FindID(q.Ifindex); l.Head != 0 {
			f(l.Head)
		}
	case of != nil && !s.win.beyond:
		s.visit(q.Object, func(r ref, _ []byte) bool { return f(r) }, of...)
	default:
		t.Each(f)
	}
}

// askedOf names the counters of the objects that a question is about, nil for
// all of its class.
func askedOf(q rtnl.Query) []tallyKey {
	switch {
	case q.Ifindex != 0:
		return rows[q.Object].naming(q.Ifindex)
	case q.Master != 0:
		return rows[q.Object].naming(q.Master)
	case q.Table != 0 && q.Family != unix.AF_UNSPEC:
		return []tallyKey{{kind: tallyTable, family: q.Family, id: q.Table}}
	}
	return nil
}

// suspect decides about an object that the dump lacked, and reports whether it
// keeps it for now. It goes if the dump was exact, or if dump after dump lacks it (R56).
func (s *State) suspect(r ref, exact bool) bool {
	t := s.tables[s.win.query.Object]
	l := t.Find(t.Body(r))
	if s.win.isTouched(&l) {
		s.win.doubt = s.win.doubt || !s.win.toldAll(&l)
		return false
	}
	flags := t.Flags(r)
	if s.win.query.Object == rtnl.Route && (routeClass{s}).shadowed(&l, r) {
		t.SetFlags(r, flags|missedOne)
		return false
	}
	missed := flags&flagMissed/missedOne + 1
	if exact || missed >= missedLimit {
		rows[s.win.query.Object].swept(s, l, r)
		return false
	}
	t.SetFlags(r, flags&^flagMissed|missed*missedOne)
	return true
}

// unmark removes the marks of a dump that is of no use.
func (s *State) unmark() {
	t := s.tables[s.win.query.Object]
	s.eachAsked(func(r ref) bool {
		t.SetFlags(r, t.Flags(r)&^(flagSeen|flagFilled|flagTaken))
		return true
	})
}
