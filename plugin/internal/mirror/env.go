package mirror

import (
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// linkEnv is event.Env for links themselves: it leaves out the names of links
// that no event has told of. Those that are gone have none any more.
type linkEnv teller

// LinkName implements event.Env.
func (e *linkEnv) LinkName(index uint32) string {
	s := (*teller)(e)
	l := s.links.byIndex[index]
	switch {
	case l != nil && l.told:
		if s.unlisted(index) {
			return ""
		}
		return l.name
	case l == nil && (s.links.gone.has(index) || s.links.nameless[index]):
		return s.links.madeUp(index)
	}
	s.late.owe(index)
	return ""
}

// env returns what objects of class o read the names of links from.
func (s *teller) env(o rtnl.Object) event.Env {
	if o == rtnl.Link {
		return (*linkEnv)(s)
	}
	return s
}

// LinkName implements event.Env: the name of link index, that which it had for
// one that is gone, and one made up for one that the kernel never named.
func (s *teller) LinkName(index uint32) string {
	if l := s.links.byIndex[index]; l != nil {
		return l.name
	}
	if name, ok := s.links.gone.name(index); ok {
		return name
	}
	return s.links.madeUp(index)
}

// identity returns Event.Key of the object in body: it takes no seed, and the keys
// are written in one byte order, so that an object has the same after a restart.
// number tells it from others that share its key.
func (s *teller) identity(o rtnl.Object, body []byte, number uint32) uint64 {
	return s.tables[o].Identity(body, number)
}

// lists reports whether a snapshot has the objects of a class.
func (s *teller) lists(o rtnl.Object) bool {
	return s.cfg.Report[o] && s.cfg.Initial[o] && s.cfg.Track[o] && s.cfg.Emit != nil
}

// unlisted reports whether a snapshot under way has yet to list link index, and
// notes that its name is owed.
func (s *teller) unlisted(index uint32) bool {
	if s.snap == nil || !s.lists(rtnl.Link) {
		return false
	}
	l := s.tables[rtnl.Link].FindID(index)
	if l.Head == 0 || s.snap.listed[s.identity(rtnl.Link, l.First(), 0)] {
		return false
	}
	s.snap.owed[index] = true
	return true
}

// comes reports whether an object of a class has yet to be told of while a snapshot is
// under way: by that, or by the event at hand.
func (s *teller) comes(o rtnl.Object, key func() uint64) bool {
	if s.snap == nil || !s.lists(o) {
		return false
	}
	k := key()
	return !s.snap.listed[k] || k == s.snap.telling
}
