package mirror

import (
	"bytes"

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
