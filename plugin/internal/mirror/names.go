package mirror

import (
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Objects refer to links by index, events by name. An event that names a link
// comes behind the one that made the link known by that name, and when the name
// changes, each object that shows it gets an event of its own:
//
//   - a link that is renamed takes along what shows its name (renamed);
//   - what refers to a link that is not known yet is held back (late.go);
//   - what refers to one that is gone shows its name until it ends itself, or until
//     something new refers to it: then all get one that is made up (unname);
//   - links refer to each other, ends of veth pairs in a circle: the first leaves
//     out the name of the second, and tells it when the second is known (linkEnv).

// renamed tells of the objects that show the name of link index, which was
// former (R13).
func (s *teller) renamed(index uint32, former string, classes ...rtnl.Object) {
	origin, missed := s.origin, s.missed
	s.missed = 0
	if origin != event.Dump { // the first enumeration takes as many events as it needs
		s.origin = event.Implied
	}
	for _, o := range classes {
		if s.origin != event.Dump || s.cfg.Initial[o] {
			s.renamedIn(o, index, former)
		}
	}
	s.origin, s.missed = origin, missed
}

func (s *teller) renamedIn(o rtnl.Object, index uint32, former string) {
	now := s.env(o)
	before := &formerEnv{now, index, former}
	if len(s.late.events) > 0 {
		s.late.wasCalled(o, index, former, now)
	}
	s.eachOn(o, index, func(r ref, body []byte) {
		number := s.tables[o].Number(r)
		key := func() uint64 { return s.identity(o, body, number) }
		if s.late.pending(o, key) || s.comes(o, key) {
			return // with the new name
		}
		s.ev.Old.Reset(o, body, before)
		s.ev.New.Reset(o, body, now)
		if s.ev.Changed = event.DiffNames(&s.ev.Old, &s.ev.New); !s.ev.Changed.Empty() {
			s.before = before
			s.report(o, event.Change, number)
			s.before = nil
		}
	})
}

// known is called when link index has been told of: what waited for its name
// can go, and what showed another gets this one.
func (s *teller) known(index uint32) {
	former, gone := s.links.gone.take(index)
	nameless := s.links.nameless[index]
	delete(s.links.nameless, index)
	if gone || nameless {
		s.late.paid(index)
		s.knownBefore(index, former, gone)
	}
	s.settleName(index)
}

// knownBefore is for an index that another link had before, with the name
// former, or that something referred to when there was none.
func (s *teller) knownBefore(index uint32, former string, gone bool) {
	s.renamed(index, s.links.madeUp(index), rtnl.Link)
	if !gone {
		former = s.links.madeUp(index)
	}
	if former != s.LinkName(index) {
		s.renamed(index, former, classes[1:]...)
	}
}

// nobody is called when the kernel does not know link index: what waited for its
// name goes with one that is made up (R17).
func (s *teller) nobody(index uint32) {
	if s.links.byIndex[index] == nil && s.late.waits(index) {
		s.unname(index)
		s.settleName(index)
		s.forgetNameless()
	}
}

// unname is for a link that is not there and that something new refers to: a
// name that it had before its end is that of no link any more.
func (s *teller) unname(index uint32) {
	s.links.nameless[index] = true
	if former, gone := s.links.gone.take(index); gone {
		origin := s.origin
		s.origin = event.Implied
		s.renamed(index, former, classes[1:]...)
		s.origin = origin
	}
}

// forgetNameless bounds what is kept of links that the kernel does not know: where
// nothing that is held refers to one any more, it is asked for again when something
// does. What still shows its made-up name has to get another when the link comes.
func (s *teller) forgetNameless() {
	k := &s.links
	if len(k.nameless) <= k.spare {
		return
	}
	for index := range k.nameless {
		if !s.refersTo(index) {
			delete(k.nameless, index)
		}
	}
	k.spare = max(maxUnknown, 2*len(k.nameless))
}

// settleName is for a link whose name is certain from now on.
func (s *teller) settleName(index uint32) {
	if !s.late.waits(index) {
		return
	}
	if s.late.settled(index) {
		s.renamed(index, "", rtnl.Link)
	}
	if !s.late.gather {
		s.release()
	}
}

// Settle gives up waiting for the names of links: at the end, when nobody is
// left to be asked.
func (s *teller) Settle() {
	s.gather(func() {
		for index := range s.late.waiting {
			if s.links.byIndex[index] == nil {
				s.unname(index)
			}
			s.settleName(index)
		}
	})
	s.forgetNameless()
}

// gather calls f, in which several names become certain: what waits for them is
// looked at once, behind the last.
func (s *teller) gather(f func()) {
	s.late.gather = true
	f()
	s.late.gather = false
	s.release()
}

var _ event.Env = (*State)(nil)

// askNames adds the questions for the links that are waited for. Before all
// links have been enumerated there is no need to ask for one.
func (s *teller) askNames() {
	if !s.links.listed {
		return
	}
	for index, a := range s.late.waiting {
		if !a.question {
			a.question = true
			s.want(rtnl.Query{Object: rtnl.Link, Ifindex: index, One: true})
		}
	}
}
