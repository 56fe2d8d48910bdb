package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

var routeRow = class{
	key: routeKey, perKey: several, object: ownRoute,
	canonical: func(s *State, x *rtnl.Index) []byte {
		routeClass{s}.sureOfDead(x)
		return routeClass{s}.withExpiry(x, routeClass{s}.withoutCopies(x))
	},
	announced: func(s *State, m rtnl.Message) { routeClass{s}.newRoute(m) },
	deleted:   func(s *State, m rtnl.Message) { routeClass{s}.delRoute(m.Body) },
	counted:   routeSubjects,
	volatile:  routeTimers,
	fixed:     sameButFlags(rtnl.RouteFlags, routeFlags),
	payload: func(family uint8, typ uint16, a, b []byte) bool {
		switch typ {
		case unix.RTA_MULTIPATH:
			return sameHops(family, a, b)
		case unix.RTA_ENCAP:
			return sameEncap(a, b)
		}
		return bytes.Equal(a, b)
	},
	covered: func(q rtnl.Query, body []byte) bool {
		return ofFamily(q, body) && (q.Table == 0 || RouteTable(body) == q.Table) && (q.Ifindex == 0 || onLink(body, q.Ifindex))
	},
	mirrored:   func(s *State, record []byte) bool { return routeClass{s}.holds(record) },
	overtaken:  func(s *State, g *silent, record []byte) bool { return routeClass{s}.overtaken(g, record) },
	swept:      func(s *State, l objtable.List, r ref) { routeClass{s}.dropSwept(l, r) },
	links:      routeLinks,
	naming:     onOneLink(tallyOIF),
	linkTurned: func(s *State, t linkTurn) { onLinks(s).linkTurned(t) },
	linkEnds:   func(s *State, index uint32) { onLinks(s).linkEnds(index) },
	extras: extras{
		// The kernel removes routes silently with addresses and nexthop objects, and
		// changes those of multicast with the settings of links.
		needs:    []rtnl.Object{rtnl.Address, rtnl.Nexthop, rtnl.Netconf},
		screened: true, brief: enterPath, renew: keepDead,
		addressCame:    func(s *State, link uint32) { onLinks(s).reviveHops(unix.AF_INET, link) },
		addressGoes:    func(s *State, address []byte, last bool) { onLinks(s).addressGoes(address, last) },
		nexthopTurned:  func(s *State, id uint32, blackhole bool) { onLinks(s).retype(id, blackhole) },
		nexthopEnds:    func(s *State, id uint32) { onLinks(s).dropOver(id) },
		settingsTurned: func(s *State, settings []byte) { multicastRoutes{routeClass{s}}.linksTurned(settings) },
		adopt:          func(s *State, old, body []byte) []byte { return routeClass{s}.keepHops(old, body) },
		follows:        func(s *State, l objtable.List, old []byte) { routeClass{s}.unhide(&l, old) },
		enumerated:     func(s *State, q rtnl.Query) { routeClass{s}.enumerated(q) },
		renewed:        renewedRoute,
		alike:          func(body []byte) bool { return familyOf(body) != unix.AF_INET },
		means:          func(s *State, l objtable.List, body []byte) ref { return routeClass{s}.groupFor(&l, body) },
		lacked:         func(s *State, l objtable.List, r ref) bool { return routeClass{s}.shadowed(&l, r) },
		shown:          groupShown,
	},
}

// ownRoute reports whether a message is about a route that somebody has made, of
// a family that has routes (R33).
func ownRoute(body []byte) bool {
	m := rtnl.RouteMsg(body)
	return (ofIP(m) || m.Family() == unix.AF_MPLS || rtnl.Multicast(m.Family())) && m.Flags()&unix.RTM_F_CLONED == 0
}

// withoutCopies returns a route over a nexthop object without what it repeats of
// that (R46).
func (s routeClass) withoutCopies(x *rtnl.Index) []byte {
	if x.Uint32(rtnl.RTANexthop) == 0 {
		return x.Body
	}
	out := s.less(rtnl.Route, x.Body, movable)
	clearBits(rtnl.RouteFlags.Bytes(out), hopBits)
	return out
}

// withExpiry returns a route, in body without its copies, that expires with the time
// of its reading.
func (s routeClass) withExpiry(x *rtnl.Index, body []byte) []byte {
	if rtnl.ExpiresIn(x.Get(unix.RTA_CACHEINFO)) == 0 {
		return body
	}
	return s.stamped(body)
}

// newRoute applies RTM_NEWROUTE (R29).
func (s routeClass) newRoute(m rtnl.Message) {
	if !ownRoute(m.Body) {
		s.counts.Ignored++
		return
	}
	if s.msg.Has(unix.RTA_MULTIPATH) {
		allAlive(m.Body)
	}
	l := s.tables[rtnl.Route].Find(m.Body)
	if !s.keep(rtnl.Route, m.Body) {
		return
	}
	switch {
	case rtnl.Multicast(familyOf(m.Body)):
		multicastRoutes{s}.announced(&l, m.Body)
		return
	case familyOf(m.Body) == unix.AF_MPLS:
		labelRoutes{s}.announced(&l, m.Body)
		return
	}
	if !s.holds(m.Body) && !s.joins(&l, m) {
		s.hidden(&l, m)
		return
	}
	s.dump.touch(&l)
	s.askAdvertised(m)
	s.doubtList(&l, m.Flags)
	switch {
	case m.Flags&unix.NLM_F_EXCL != 0: // the list was empty
		s.onlyRoute(&l, m.Body)
		s.learnSort(&l, l.Head, m)
	case m.Flags&unix.NLM_F_REPLACE != 0 && s.echo(&l, m):
	case familyOf(m.Body) == unix.AF_INET:
		routes4{s}.announced(&l, m)
	default:
		routes6{s}.announced(&l, m)
	}
}

// hidden is for a route that is not held, but may have replaced one that is:
// which one, only a dump can tell. That it is the first of its list says that
// none of those is left.
func (s routeClass) hidden(l *objtable.List, m rtnl.Message) {
	s.dump.touch(l)
	switch {
	case l.Head == 0:
	case m.Flags&unix.NLM_F_EXCL != 0:
		s.dump.complete(l)
		s.imply(func() { s.dropOthers(l, 0) })
	case m.Flags&unix.NLM_F_REPLACE != 0:
		s.replacedUnseen(l, m)
		s.want(rtnl.Query{Object: rtnl.Route, Family: familyOf(m.Body), Table: RouteTable(m.Body)})
	}
}

// replacedUnseen removes the IPv6 route that one which is not held has replaced,
// where a dump could not tell: it leaves out what stands between the members of
// a group (R41). Where the kernel replaced another that is not held either, the
// dump that is asked for brings this one back if it can be seen.
func (s routeClass) replacedUnseen(l *objtable.List, m rtnl.Message) {
	if familyOf(m.Body) != unix.AF_INET6 || sortOf(m) || s.group(l) == 0 {
		return
	}
	for r := l.Head; r != 0; r = l.Next(r) {
		if !sharesGroup(l, r) {
			s.imply(func() { s.drop(rtnl.Route, l, r) })
			return
		}
	}
}

// echo recognises the message that a route gets when its nexthop object is
// replaced: it has the pid and seq of that request, and replaces nothing (R46).
func (s routeClass) echo(l *objtable.List, m rtnl.Message) bool {
	if s.last != (cause{m.PID, m.Seq}) || rtnl.RouteMsg(m.Body).Nexthop() == 0 {
		return false
	}
	e := closestRoute(l, m.Body)
	if e == 0 {
		e = s.retyped(l, m.Body)
	}
	s.refreshOrPush(l, e, m.Body)
	return true
}

// retyped returns the entry that is in the same state as body but for its type,
// which is another while a nexthop object drops packets; 0 for none.
func (s routeClass) retyped(l *objtable.List, body []byte) ref {
	other := bytes.Clone(body)
	return firstRoute(l, body, func(have []byte) bool {
		copy(rtnl.RouteType.Bytes(other), rtnl.RouteType.Bytes(have))
		return same(rtnl.Route, have, other)
	})
}

// delRoute applies RTM_DELROUTE (R30).
func (s routeClass) delRoute(body []byte) {
	if !s.takes(rtnl.Route, body) {
		return
	}
	l := s.tables[rtnl.Route].Find(body)
	s.dump.touch(&l)
	switch {
	case rtnl.Multicast(familyOf(body)):
		multicastRoutes{s}.deleted(&l, body)
		return
	case familyOf(body) == unix.AF_MPLS:
		labelRoutes{s}.deleted(&l, body)
		return
	}
	s.doubtList(&l, 0)
	if e := closestRoute(&l, body); e != 0 {
		s.drop(rtnl.Route, &l, e)
		if RouteProtocol(body) == unix.RTPROT_RA && s.sharing(&l, body) != 0 { // which of the two, the message does not say
			s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Table: RouteTable(body)})
		}
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
func (s routeClass) leaveRoute(l *objtable.List, g ref, body []byte) {
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

// routeKey is family, table, prefix, TOS or source prefix, and metric.
func routeKey(dst []byte, x *rtnl.Index) []byte {
	m := rtnl.RouteMsg(x.Body)
	dst = append(dst, m.Family(), m.DstLen(), m.SrcLen(), m.TOS())
	dst = appendUint32(appendUint32(dst, x.Table()), x.Uint32(unix.RTA_PRIORITY))
	return append(append(dst, x.Get(unix.RTA_DST)...), x.Get(unix.RTA_SRC)...)
}

func onLink(body []byte, index uint32) bool {
	for _, h := range hops(body) {
		if h.Link == index {
			return true
		}
	}
	return false
}

// overtaken reports whether something silent may have happened to the route in a
// record. One over a nexthop object that is not known may have led over a link
// that is no more.
func (s routeClass) overtaken(g *silent, body []byte) bool {
	if id := rtnl.RouteMsg(body).Nexthop(); id != 0 {
		return g.nexthops[id] || s.NexthopByID(id) == nil
	}
	for _, link := range routeLinks(nil, body) {
		if g.links[link] {
			return true
		}
	}
	return g.sources[string(routeAttr(body, unix.RTA_PREFSRC))]
}

// groupFor returns the group that the one in body is: a list has one at most.
// What a router has advertised is only known by its way. Of multicast routes it
// is the one that comes in by the same link.
func (s routeClass) groupFor(l *objtable.List, body []byte) ref {
	switch {
	case rtnl.Multicast(familyOf(body)):
		return multicastRoutes{s}.unseen(l, body)
	case !gatewayed(body):
		return 0
	}
	g := s.sharing(l, body)
	if known := s.group(l); known != 0 && !advertised(body) {
		g = known
	}
	if g != 0 && l.Flags(g)&flagSeen != 0 && RouteProtocol(l.Body(g)) != RouteProtocol(body) {
		return 0 // a replacement has made two of one nexthop
	}
	return g
}
