package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// createFlags are the flags of an RTM_NEWROUTE event that say what it did to
// the list of its key.
const createFlags = unix.NLM_F_EXCL | unix.NLM_F_CREATE | unix.NLM_F_REPLACE | unix.NLM_F_APPEND

// newRoute applies RTM_NEWROUTE (R29).
func (s *State) newRoute(m rtnl.Message) {
	if !object(rtnl.Route, m.Body) {
		s.counts.Ignored++
		return
	}
	allAlive(m.Body)
	l := s.tables[rtnl.Route].Find(m.Body)
	if !s.keep(rtnl.Route, m.Body) {
		return
	}
	if !s.holds(rtnl.Route, m.Body) && !s.joins(&l, m) {
		s.hidden(&l, m)
		return
	}
	s.touch(&l)
	s.askAdvertised(m)
	s.doubtList(&l, m.Flags)
	switch {
	case m.Flags&unix.NLM_F_EXCL != 0: // the list was empty
		s.onlyRoute(&l, m.Body)
	case m.Flags&unix.NLM_F_REPLACE != 0 && s.echo(&l, m):
	case m.Body[0] == unix.AF_INET:
		s.route4(&l, m)
	default:
		s.route6(&l, m)
	}
}

// holds reports whether a route is held on its own account. The nexthops of an
// IPv6 group may differ in what Show asks for, and the group shows what the first
// of them has: a group is held in any case.
func (s *State) holds(o rtnl.Object, body []byte) bool {
	return s.keep(o, body) && (s.shows(o, body) || body[0] == unix.AF_INET6 && routeAttr(body, unix.RTA_MULTIPATH) != nil)
}

// hidden is for a route that is not held, but may have replaced one that is:
// which one, only a dump can tell. That it is the first of its list says that
// none of those is left.
func (s *State) hidden(l *objtable.List, m rtnl.Message) {
	s.touch(l)
	switch {
	case l.Head == 0:
	case m.Flags&unix.NLM_F_EXCL != 0:
		s.complete(l)
		s.imply(func() { s.dropOthers(l, 0) })
	case m.Flags&unix.NLM_F_REPLACE != 0:
		s.replacedUnseen(l, m)
		s.want(rtnl.Query{Object: rtnl.Route, Family: m.Body[0], Table: tableOf(m.Body)})
	}
}

// replacedUnseen removes the IPv6 route that one which is not held has replaced,
// where a dump could not tell: it leaves out what stands between the members of
// a group (R41). Where the kernel replaced another that is not held either, the
// dump that is asked for brings this one back if it can be seen.
func (s *State) replacedUnseen(l *objtable.List, m rtnl.Message) {
	if m.Body[0] != unix.AF_INET6 || s.sortOf(m) || s.group(l) == 0 {
		return
	}
	for r := l.Head; r != 0; r = l.Next(r) {
		if !groupable(l.Body(r)) {
			s.imply(func() { s.drop(rtnl.Route, l, r) })
			return
		}
	}
}

// dropOthers removes all routes of a list but e.
func (s *State) dropOthers(l *objtable.List, e ref) {
	for r := l.Head; r != 0; {
		next := l.Next(r)
		if r != e {
			s.drop(rtnl.Route, l, r)
		}
		r = next
	}
}

// onlyRoute makes body the only route of its list (R29).
func (s *State) onlyRoute(l *objtable.List, body []byte) {
	s.complete(l)
	e := s.identical(l, body)
	s.imply(func() { s.dropOthers(l, e) })
	s.refreshOrPush(l, e, body)
}

func (s *State) refreshOrPush(l *objtable.List, e ref, body []byte) {
	if e != 0 {
		s.update(rtnl.Route, l, e, body)
	} else {
		s.add(rtnl.Route, l, l.Last(), body)
	}
}

// echo recognises the message that a route gets when its nexthop object is
// replaced: it has the pid and seq of that request, and replaces nothing (R46).
func (s *State) echo(l *objtable.List, m rtnl.Message) bool {
	if s.last != (cause{m.PID, m.Seq}) || nhid(m.Body) == 0 {
		return false
	}
	if e := s.closest(l, m.Body); e != 0 {
		s.update(rtnl.Route, l, e, m.Body)
	} else {
		s.add(rtnl.Route, l, l.Last(), m.Body)
	}
	return true
}

// route4 applies an IPv4 route to its list: appended, put in front, or in the
// place of the first, for which no deletion comes (R29).
func (s *State) route4(l *objtable.List, m rtnl.Message) {
	e := s.identical(l, m.Body)
	switch {
	case m.Flags&unix.NLM_F_REPLACE != 0 && l.Head != 0 && e != l.Head:
		if s.keepAll() {
			s.takeFirst(l, e, m.Body)
			return
		}
		// Routes that are kept out may stand before the first that is held.
		s.takeFirst(l, e, m.Body)
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Table: tableOf(m.Body)})
	case e == 0 && inFront(m.Flags):
		s.add(rtnl.Route, l, 0, m.Body)
	case e == 0:
		s.add(rtnl.Route, l, l.Last(), m.Body)
	default:
		s.putInPlace(l, s.update(rtnl.Route, l, e, m.Body), m.Flags)
	}
}

// inFront reports whether an event puts its route before the others of the list.
func inFront(flags uint16) bool { return flags&createFlags == unix.NLM_F_CREATE }

// putInPlace moves a route to where an event says that it has been put. It is
// there already, unless a dump filtered by link has brought it before.
func (s *State) putInPlace(l *objtable.List, e ref, flags uint16) {
	switch {
	case inFront(flags):
		l.Move(e, 0)
	case flags&unix.NLM_F_APPEND != 0:
		l.Move(e, l.Last())
	}
}

// takeFirst puts body in the place of the first route; e is where it stands
// already, 0 if nowhere.
func (s *State) takeFirst(l *objtable.List, e ref, body []byte) {
	if e != 0 {
		s.drop(rtnl.Route, l, e)
	}
	s.update(rtnl.Route, l, l.Head, body)
}

// keepAll reports whether all routes of a list are held.
func (s *State) keepAll() bool { return s.cfg.Show == nil }

// delRoute applies RTM_DELROUTE (R30).
func (s *State) delRoute(body []byte) {
	if !s.takes(rtnl.Route, body) {
		return
	}
	l := s.tables[rtnl.Route].Find(body)
	s.touch(&l)
	s.doubtList(&l, 0)
	if e := s.closest(&l, body); e != 0 {
		s.drop(rtnl.Route, &l, e)
		return
	}
	if gatewayed(body) {
		if g := s.sharing(&l, body); g != 0 {
			s.leaveRoute(&l, g, body)
			return
		}
	}
	if s.shows(rtnl.Route, body) {
		s.counts.Unknown++
	}
}

// leaveRoute removes the nexthops in body from the group at g (R37).
func (s *State) leaveRoute(l *objtable.List, g ref, body []byte) {
	gone := hopsOf(body)
	before := hopsOf(l.Body(g))
	left := hopsWhere(l.Body(g), func(h hop) bool {
		i := h.findIn(gone)
		if i >= 0 {
			gone = append(gone[:i:i], gone[i+1:]...)
		}
		return i < 0
	})
	if len(left) == len(before) {
		return
	}
	s.setHops(l, g, left)
}

// identical returns the entry that is in the same state as body, 0 for none.
func (s *State) identical(l *objtable.List, body []byte) ref {
	for r := l.Head; r != 0; r = l.Next(r) {
		if same(rtnl.Route, l.Body(r), body) {
			return r
		}
	}
	return 0
}

// closest returns the entry that a deletion means. Metrics and the preferred
// source of IPv6 can have changed silently; protocol, type and nexthops cannot (R30).
func (s *State) closest(l *objtable.List, body []byte) ref {
	if e := s.identical(l, body); e != 0 || body[0] == unix.AF_INET {
		return e
	}
	for r := l.Head; r != 0; r = l.Next(r) {
		have := l.Body(r)
		if bytes.Equal(have[5:8], body[5:8]) && sameWay(have, body) {
			return r
		}
	}
	return 0
}

// sameWay reports whether two routes lead the same way.
func sameWay(a, b []byte) bool {
	if nhid(a) != 0 || nhid(b) != 0 {
		return nhid(a) == nhid(b)
	}
	x, y := hopsOf(a), hopsOf(b)
	if len(x) != len(y) {
		return false
	}
	for _, h := range x {
		if h.findIn(y) < 0 {
			return false
		}
	}
	return true
}

// doubtList notes that an event may already have been in the dump under way,
// where its effect depends on what was there before.
func (s *State) doubtList(l *objtable.List, flags uint16) {
	if s.win == nil || l.Head == 0 || l.Flags(l.Head)&flagFilled == 0 {
		return
	}
	if flags&unix.NLM_F_REPLACE != 0 || l.Next(l.Head) != 0 {
		s.win.doubt = true
	}
}

// prefers reports whether a route has addr as its preferred source.
func prefers(body, addr []byte) bool { return bytes.Equal(routeAttr(body, unix.RTA_PREFSRC), addr) }

// RouteProtocol returns the protocol (RTPROT_*) of a route's body.
func RouteProtocol(body []byte) uint8 { return body[5] }

// RouteTable returns the routing table of a route's body.
func RouteTable(body []byte) uint32 { return tableOf(body) }

// tableOf returns the table of a route (R32).
func tableOf(body []byte) uint32 {
	if t := routeAttr(body, unix.RTA_TABLE); t != nil {
		return rtnl.Uint32(t)
	}
	return uint32(body[4])
}

// localOf returns the local address of an address object.
func localOf(body []byte) []byte {
	a := rtnl.AttrsOf(rtnl.Address, body)
	if local := a.Get(unix.IFA_LOCAL); local != nil {
		return local
	}
	return a.Get(unix.IFA_ADDRESS)
}
