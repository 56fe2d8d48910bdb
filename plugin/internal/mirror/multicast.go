package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// multicastRoutes is what the kernel does with the routes of multicast, which a
// routing daemon hands it: what comes from a source to a group, in by one link
// and out by others (net/ipv4/ipmr.c, net/ipv6/ip6mr.c, ipmr_base.c).
type multicastRoutes struct{ routeClass }

// announced applies RTM_NEWROUTE of a multicast route. It never says whether it
// replaces another (R63).
func (s multicastRoutes) announced(l *objtable.List, body []byte) {
	s.dump.touch(l)
	e, sure := s.replaced(l, body)
	s.inPlaceOf(l, e, body)
	if !sure {
		s.askMulticast(familyOf(body))
	}
}

// replaced returns the entry in whose place a route comes, 0 for none: that of
// the link that it comes in by, or one that waited to be resolved. Those of any
// source can be there once for each link, others are so by a daemon's own will
// alone: sure is whether that is certain (R63).
func (s multicastRoutes) replaced(l *objtable.List, body []byte) (e ref, sure bool) {
	if l.Head == 0 {
		return 0, true
	}
	if e, sure = s.ofLink(l, body); e == 0 && !anySource(body) {
		return l.Head, false
	}
	return e, sure
}

// ofLink returns the entry that comes in by the same link, or that is yet to be
// resolved. That is certain unless the link is in the daemon's tables several
// times, or its place there is empty.
func (s multicastRoutes) ofLink(l *objtable.List, body []byte) (e ref, sure bool) {
	iif := routeAttr(body, unix.RTA_IIF)
	for r := l.Head; r != 0; r = l.Next(r) {
		have := l.Body(r)
		switch {
		case unresolved(have):
			return r, true
		case bytes.Equal(routeAttr(have, unix.RTA_IIF), iif):
			return r, iif != nil && s.onceRouting(familyOf(body), rtnl.Uint32(iif))
		}
	}
	return 0, false
}

// unseen returns the entry that comes in by the same link and that the dump under
// way has not shown yet, 0 for none.
func (s multicastRoutes) unseen(l *objtable.List, body []byte) ref {
	iif := routeAttr(body, unix.RTA_IIF)
	for r := l.Head; r != 0; r = l.Next(r) {
		if l.Flags(r)&flagSeen == 0 && bytes.Equal(routeAttr(l.Body(r), unix.RTA_IIF), iif) {
			return r
		}
	}
	return 0
}

// onceRouting reports whether a link is in one place of the tables at most: the
// kernel counts them in a setting of the link.
func (s multicastRoutes) onceRouting(family uint8, index uint32) bool {
	settings := uint8(unix.AF_INET)
	if family == rtnl.IP6MR {
		settings = unix.AF_INET6
	}
	l := s.tables[rtnl.Netconf].FindKey(appendUint32([]byte{settings}, index), nil)
	return l.Head == 0 || rtnl.Uint32(netconfAttr(l.Body(l.Head), netconfMulticast)) <= 1
}

// deleted applies RTM_DELROUTE of a multicast route. Its links may have gone from
// the table since it was last told of, silently (R64).
func (s multicastRoutes) deleted(l *objtable.List, body []byte) {
	e, sure := identicalRoute(l, body), true
	if e == 0 {
		e, sure = s.ofLink(l, body)
	}
	switch {
	case e != 0 && sure:
		s.drop(rtnl.Route, l, e)
	case l.Head != 0 && l.Next(l.Head) == 0:
		s.drop(rtnl.Route, l, l.Head)
	case l.Head != 0:
		s.askMulticast(familyOf(body))
	case s.shows(rtnl.Route, body):
		s.counts.Unknown++
	}
}

// linksTurned is for a message about the settings of a link, in body: that it
// does multicast routing from now on, or not any more, is all that is said of a
// link that a daemon adds to its table or takes out, and the routes that lead
// over its place there follow silently (R64).
func (s multicastRoutes) linksTurned(body []byte) {
	if netconfAttr(body, netconfMulticast) == nil || len(netconfLinks(nil, body)) == 0 {
		return
	}
	family := uint8(rtnl.IPMR)
	if familyOf(body) == unix.AF_INET6 {
		family = rtnl.IP6MR
	}
	s.dump.silentOn(netconfLinks(nil, body)[0], rtnl.Route)
	for k := range s.tally.groups {
		if k.family == family {
			s.askMulticast(family)
			return
		}
	}
}

func (s multicastRoutes) askMulticast(family uint8) {
	s.want(rtnl.Query{Object: rtnl.Route, Family: family, Barrier: true})
}

// anySource reports whether a multicast route is for all sources of its group.
func anySource(body []byte) bool {
	return len(bytes.Trim(routeAttr(body, unix.RTA_SRC), "\x00")) == 0
}

// unresolved reports whether a multicast route is a question to the daemon.
func unresolved(body []byte) bool { return rtnl.RouteMsg(body).Flags()&unix.RTNH_F_UNRESOLVED != 0 }
