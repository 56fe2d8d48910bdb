package mirror

import (
	"bytes"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// routes6 is what the kernel does with the list of IPv6 routes of one key
// (net/ipv6/ip6_fib.c).
type routes6 struct{ routeClass }

// announced applies an IPv6 route to its list, in which all routes with a gateway
// are one group, but for those that routers have advertised. The message about a
// new member shows the whole group (R34).
func (s routes6) announced(l *objtable.List, m rtnl.Message) {
	if m.Flags&unix.NLM_F_REPLACE != 0 && l.Head != 0 {
		s.replace(l, m)
		return
	}
	if e := identicalRoute(l, m.Body); e != 0 {
		s.update(rtnl.Route, l, e, m.Body)
		return
	}
	switch g := s.joined(l, m); {
	case g != 0:
		s.joinGroup(l, g, m.Body)
	case !s.keepAll() && gatewayed(m.Body) && multipath(m.Body):
		s.joinUnknown(l, m)
	default:
		s.learnSort(l, s.add(rtnl.Route, l, l.Last(), m.Body), m)
	}
}

// joined returns the group that the message about a route with a gateway is
// about, 0 for none. A list has one group; where none is known, a message that
// shows the other members says which it is. The kernel itself groups nothing that
// it has from a router (R34).
func (s routeClass) joined(l *objtable.List, m rtnl.Message) ref {
	if !sortOf(m) {
		return 0
	}
	if g := s.group(l); g != 0 || !multipath(m.Body) {
		return g
	}
	return s.sharing(l, m.Body)
}

// joins reports whether a route that is not held becomes a member of a group
// that is.
func (s routeClass) joins(l *objtable.List, m rtnl.Message) bool {
	return m.Flags&(unix.NLM_F_EXCL|unix.NLM_F_REPLACE) == 0 && s.joined(l, m) != 0
}

// joinUnknown is for a group of which the mirror had nothing. Where a member has
// been appended, the others are not shown: the group has the protocol of those.
func (s routes6) joinUnknown(l *objtable.List, m rtnl.Message) {
	if m.Flags&unix.NLM_F_APPEND != 0 {
		rtnl.RouteProtocol.Bytes(m.Body)[0] = unix.RTPROT_UNSPEC
	}
	r := s.add(rtnl.Route, l, l.Last(), m.Body)
	l.SetFlags(r, l.Flags(r)|flagGroup)
	s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Ifindex: hops(m.Body)[0].Link})
}

// replace replaces the first route of the same sort, a group as a whole, or
// else the first (R36). Where the mirror has a group alone, that may hide one (R41).
func (s routes6) replace(l *objtable.List, m rtnl.Message) {
	target, sort, unsure := l.Head, sortOf(m), false
	for r := l.Head; r != 0; r = l.Next(r) {
		unsure = unsure || unsorted(l, r)
	}
	for r := l.Head; r != 0; r = l.Next(r) {
		if sharesGroup(l, r) == sort {
			target = r
			break
		}
	}
	// A group that is there alone may hide one of the sort, which was replaced then:
	// it is still there, and hides the new one.
	other := sharesGroup(l, target) != sort
	beside := other && multipath(l.Body(target))
	unsure = unsure && l.Next(l.Head) != 0 || beside || !s.keepAll() // one that is not held may be the first of the sort
	l.SetFlags(target, l.Flags(target)&^flagGroup)
	target = s.update(rtnl.Route, l, target, m.Body) // even if that makes two equal routes
	s.learnSort(l, target, m)
	if other && unsure { // what it did not replace, a group may hide before a dump shows it
		s.shade(m.Body)
	}
	if multipath(m.Body) {
		s.overtake(l, target)
	}
	if unsure {
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Table: RouteTable(m.Body)})
	}
}

// sortOf reports whether the route in a message shares a group with the others of
// its prefix and metric that have a gateway. Those that the kernel has from a
// router (RTF_ADDRCONF) do not. Their protocol is "ra", as that of others can be:
// but nobody has asked for them (rt6_qualify_for_ecmp(), include/net/ip6_route.h)
// (R34).
func sortOf(m rtnl.Message) bool {
	return gatewayed(m.Body) && (!advertised(m.Body) || m.PID != 0)
}

// learnSort notes what a message says of the sort of the route at r.
func (s routeClass) learnSort(l *objtable.List, r ref, m rtnl.Message) {
	if RouteProtocol(m.Body) != unix.RTPROT_RA {
		return
	}
	if f := l.Flags(r); sortOf(m) {
		l.SetFlags(r, f|flagGroup)
	} else {
		l.SetFlags(r, f&^flagGroup)
	}
}

// sharesGroup reports whether the route at r is known to share a group with others.
func sharesGroup(l *objtable.List, r ref) bool {
	body := l.Body(r)
	return gatewayed(body) && (!advertised(body) || l.Flags(r)&flagGroup != 0)
}

// unsorted reports whether it is not known if the route at r shares a group with
// others: a dump has shown one that may be from a router.
func unsorted(l *objtable.List, r ref) bool {
	return l.Flags(r)&flagGroup == 0 && advertised(l.Body(r))
}

// advertised reports whether a route with a gateway may come from a router's
// advertisement.
func advertised(body []byte) bool {
	return RouteProtocol(body) == unix.RTPROT_RA && gatewayed(body) && !multipath(body)
}

// askAdvertised asks once more for the routes over a link of which a router has
// told: what else its advertisement says, such as the hop limit and the MTU, the
// kernel sets behind the message about the route, and silently
// (ndisc_router_discovery(), net/ipv6/ndisc.c).
func (s routeClass) askAdvertised(m rtnl.Message) {
	if m.PID != 0 || !gatewayed(m.Body) || !advertised(m.Body) {
		return
	}
	for _, h := range hops(m.Body) {
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Ifindex: h.Link, Late: true})
	}
}

// gatewayed reports whether an IPv6 route has a gateway of its own, not from a
// nexthop object.
func gatewayed(body []byte) bool {
	m := rtnl.RouteMsg(body)
	if m.Family() != unix.AF_INET6 || m.Nexthop() != 0 {
		return false
	}
	if paths := m.Hops(); paths != nil {
		_, _, ok := paths.Next()
		return ok
	}
	_, way := rtnl.Via(m.Attrs())
	return way != nil && m.Attrs().Get(unix.RTA_OIF) != nil
}

// group returns the list's group, 0 if there is none that is known to be one.
func (s routeClass) group(l *objtable.List) ref {
	for r := l.Head; r != 0; r = l.Next(r) {
		if sharesGroup(l, r) {
			return r
		}
	}
	return 0
}

// sharing returns the entry with a gateway that has most of the nexthops in body,
// 0 if none has any. The kernel has each nexthop once in a list, but for what a
// replacement has made: of two that have as many the one of the same protocol is
// meant.
func (s routeClass) sharing(l *objtable.List, body []byte) (found ref) {
	if l.Head == 0 {
		return 0
	}
	list, most := hopsOf(body), 0
	for r := l.Head; r != 0; r = l.Next(r) {
		have := l.Body(r)
		if !gatewayed(have) {
			continue
		}
		n := 2 * shared(hopsOf(have), list)
		if n > 0 && RouteProtocol(have) == RouteProtocol(body) {
			n++
		}
		if n > most {
			found, most = r, n
		}
	}
	return found
}

// shared returns how many of the nexthops in a are in b.
func shared(a, b []hop) (n int) {
	for _, h := range a {
		if h.findIn(b) >= 0 {
			n++
		}
	}
	return n
}

// joinGroup gives group g the nexthops in body. The message shows the new
// member's protocol and metrics; the group goes on with those of its first. Of
// several that are appended at once it shows those of the group: which theirs are
// is not known then (R35).
func (s routeClass) joinGroup(l *objtable.List, g ref, body []byte) {
	old := l.Body(g)
	before, now := hopsOf(old), hopsOf(body)
	if !sameRest(old, body) || RouteProtocol(old) == unix.RTPROT_RA || now[0].findIn(before) >= 0 {
		l.SetFlags(g, l.Flags(g)|flagGroup)
	}
	g = s.setHops(l, g, mergeHops(before, now))
	s.overtake(l, g)
}

// sameRest reports whether two routes agree in all but their nexthops.
func sameRest(a, b []byte) bool {
	leave := movable | routeTimers
	return sameHeader(rtnl.RouteFlags.Offset())(a, b) && bytes.Equal(appendRest(nil, a, leave), appendRest(nil, b, leave))
}

// mergeHops returns the hops of now, which it uses up, those that were there
// before first.
func mergeHops(before, now []hop) []hop {
	out := make([]hop, 0, len(now))
	for _, h := range before {
		if i := h.findIn(now); i >= 0 {
			out = append(out, now[i])
			now = slices.Delete(now, i, i+1)
		}
	}
	return append(out, now...)
}

// setHops gives the route at r other nexthops; without any it goes. It returns
// the entry, 0 if there is none any more (R35).
func (s routeClass) setHops(l *objtable.List, r ref, list []hop) ref {
	if len(list) == 0 {
		s.drop(rtnl.Route, l, r)
		return 0
	}
	if l.Flags(r)&flagGroup != 0 && list[0].findIn(hopsOf(l.Body(r))[:1]) < 0 {
		// The group shows the protocol and metrics of its new first member.
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Ifindex: list[0].Link})
	}
	return s.update(rtnl.Route, l, r, withHops(l.Body(r), list))
}

// hopsWhere returns the nexthops of a route that keep accepts.
func hopsWhere(body []byte, keep func(hop) bool) (out []hop) {
	for _, h := range hopsOf(body) {
		if keep(h) {
			out = append(out, h)
		}
	}
	return out
}

// groupShown returns the flag of a group, of which a dump shows the first member alone.
func groupShown(body []byte) uint8 {
	if familyOf(body) == unix.AF_INET6 && multipath(body) {
		return flagGroup
	}
	return 0
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
