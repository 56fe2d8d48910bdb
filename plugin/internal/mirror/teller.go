package mirror

import (
	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// teller says of each change of the objects what happened: with names, held back
// until those are known (late), or as part of a listing of all there is (snapshot).
type teller struct {
	objects
	late   late
	snap   *snapshot // nil: none under way
	wants  []rtnl.Query
	counts Counts

	ev     event.Event
	now    int64
	origin event.Origin
	pid    uint32 // of the message that is being applied
	missed int64
	before event.Env // of the event's old view, where a link is called otherwise now; nil: as the new one
	hash   uint64    // of the key of the object at hand, 0 where it is not known
	refs   []uint32  // the links that the object at hand names
	// unheard are links of which no event has told, nor has their driver.
	unheard map[uint32]bool
}

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
	if e.Object = o; s.cfg.Show != nil && o == rtnl.Route {
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
	if s.sureOf(o, only) || !s.hold(s.before) {
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

// identity returns Event.Key of the object in body: it takes no seed, and the keys
// are written in one byte order, so that an object has the same after a restart.
// number tells it from others that share its key.
func (s *teller) identity(o rtnl.Object, body []byte, number uint32) uint64 {
	return s.tables[o].Identity(body, number)
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
