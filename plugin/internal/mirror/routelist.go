package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// routeClass is what the kernel does with routes, applied to a State.
type routeClass struct{ *State }

// identicalRoute returns the entry that is in the same state as body, 0 for none.
func identicalRoute(l *objtable.List, body []byte) ref {
	return firstRoute(l, body, func(have []byte) bool { return same(rtnl.Route, have, body) })
}

// closestRoute returns the entry that a deletion means. Metrics and the preferred
// source of IPv6 can have changed silently; protocol, type and nexthops cannot (R30).
func closestRoute(l *objtable.List, body []byte) ref {
	if e := identicalRoute(l, body); e != 0 || familyOf(body) == unix.AF_INET {
		return e
	}
	return firstRoute(l, body, func(have []byte) bool {
		a, b := rtnl.RouteMsg(have), rtnl.RouteMsg(body)
		return a.Protocol() == b.Protocol() && a.Scope() == b.Scope() && a.Type() == b.Type() && sameWay(have, body)
	})
}

// firstRoute returns the first entry that f accepts, 0 for none. f is not asked about
// routes that differ from body in the link, where it leads over one: IPv6 has
// ff00::/8 and fe80::/64 once a link, so that a list can have thousands.
func firstRoute(l *objtable.List, body []byte, f func(have []byte) bool) ref {
	if l.Head == 0 {
		return 0
	}
	at := 0
	if l.Next(l.Head) != 0 {
		at = soleLink(body)
	}
	for r := l.Head; r != 0; r = l.Next(r) {
		if have := l.Body(r); (at == 0 || !otherLink(have, body, at)) && f(have) {
			return r
		}
	}
	return 0
}

// soleLink returns where the RTA_OIF of a route of a single path begins, 0 if it
// has several, none, or a nexthop object in their place.
func soleLink(body []byte) (at int) {
	a := rtnl.AttrsOf(rtnl.Route, body)
	for {
		typ, _, rest, ok := a.Next()
		switch {
		case !ok:
			return at
		case typ == unix.RTA_MULTIPATH, typ == rtnl.RTANexthop:
			return 0
		case typ == unix.RTA_OIF:
			at = len(body) - len(a)
		}
		a = rest
	}
}

// otherLink reports whether have is as body up to the RTA_OIF at a place, and has
// another link there.
func otherLink(have, body []byte, at int) bool {
	n := rtnl.Route.HeaderLen()
	return len(have) >= at+8 && bytes.Equal(have[n:at+4], body[n:at+4]) && rtnl.Uint32(have[at+4:]) != rtnl.Uint32(body[at+4:])
}

// sameWay reports whether two routes lead the same way.
func sameWay(a, b []byte) bool {
	if m, n := rtnl.RouteMsg(a).Nexthop(), rtnl.RouteMsg(b).Nexthop(); m != 0 || n != 0 {
		return m == n
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
func (s routeClass) doubtList(l *objtable.List, flags uint16) {
	if s.dump == nil || l.Head == 0 || l.Flags(l.Head)&flagFilled == 0 {
		return
	}
	if flags&unix.NLM_F_REPLACE != 0 || l.Next(l.Head) != 0 {
		s.dump.inconclusive = true
	}
}

// createFlags are the flags of an RTM_NEWROUTE event that say what it did to
// the list of its key.
const createFlags = unix.NLM_F_EXCL | unix.NLM_F_CREATE | unix.NLM_F_REPLACE | unix.NLM_F_APPEND

// onlyRoute makes body the only route of its list (R29).
func (s routeClass) onlyRoute(l *objtable.List, body []byte) {
	s.dump.complete(l)
	e := identicalRoute(l, body)
	s.imply(func() { s.dropOthers(l, e) })
	s.refreshOrPush(l, e, body)
}

// dropOthers removes all routes of a list but e.
func (s routeClass) dropOthers(l *objtable.List, e ref) {
	for r := l.Head; r != 0; {
		next := l.Next(r)
		if r != e {
			s.drop(rtnl.Route, l, r)
		}
		r = next
	}
}

func (s routeClass) refreshOrPush(l *objtable.List, e ref, body []byte) {
	if e != 0 {
		s.update(rtnl.Route, l, e, body)
	} else {
		s.add(rtnl.Route, l, l.Last(), body)
	}
}

// holds reports whether a route is held on its own account. The nexthops of an
// IPv6 group may differ in what Show asks for, and the group shows what the first
// of them has: a group is held in any case.
func (s routeClass) holds(body []byte) bool {
	return s.keep(rtnl.Route, body) && (s.shows(rtnl.Route, body) || familyOf(body) == unix.AF_INET6 && multipath(body))
}

// keepAll reports whether all routes of a list are held.
func (s routeClass) keepAll() bool { return s.cfg.Show == nil }

// inPlaceOf puts a route in the place of entry e, 0 for none. One that is not to
// be held leaves the place empty.
func (s routeClass) inPlaceOf(l *objtable.List, e ref, body []byte) {
	switch shown := s.holds(body); {
	case shown && e != 0:
		s.update(rtnl.Route, l, e, body)
	case shown:
		s.add(rtnl.Route, l, l.Last(), body)
	case e != 0:
		s.drop(rtnl.Route, l, e)
	}
}

// sureOfDead clears the dead bits in a record of a dump that only say that a link
// has no carrier, by the sysctl ignore_routes_with_linkdown: of a link that is up
// they can say either, and what the mirror has seen die counts (R31).
func (s routeClass) sureOfDead(x *rtnl.Index) {
	if !x.Has(unix.RTA_MULTIPATH) {
		return
	}
	eachHop(x.Body, func(h hop, flags *byte) {
		if h.Flags&unix.RTNH_F_DEAD != 0 && s.links.flags(h.Link)&unix.IFF_UP != 0 &&
			netconfClass(s).ignoresLinkdown(familyOf(x.Body), h.Link) && !s.diedBefore(x.Body, h) {
			*flags &^= unix.RTNH_F_DEAD
		}
	})
}

// diedBefore reports whether a nexthop is held as dead in a route of a key.
func (s routeClass) diedBefore(body []byte, h hop) bool {
	l := s.tables[rtnl.Route].Find(body)
	for r := l.Head; r != 0; r = l.Next(r) {
		if have := hopsOf(l.Body(r)); h.findIn(have) >= 0 && have[h.findIn(have)].Flags&unix.RTNH_F_DEAD != 0 {
			return true
		}
	}
	return false
}

// keepHops returns the route in body with what the mirror alone knows of the
// nexthops in old: which are dead, and in which order those of an IPv6 group
// have been reported.
func (s routeClass) keepHops(old, body []byte) []byte {
	if s.told() {
		inherit(old, body)
	}
	before, now := rtnl.RouteMsg(old).Hops(), rtnl.RouteMsg(body).Hops()
	if familyOf(body) == unix.AF_INET6 && before != nil && !sameHopsInOrder(before, now) && same(rtnl.Route, old, body) {
		return withHops(body, mergeHops(hopsOf(old), hopsOf(body)))
	}
	return body
}
