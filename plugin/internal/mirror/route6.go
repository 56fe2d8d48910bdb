package mirror

import (
	"bytes"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// route6 applies an IPv6 route to its list, in which all routes with a gateway
// are one group. The message about a new member shows the whole group.
func (s *State) route6(l *list, m rtnl.Message) {
	e, g := s.identical(l, m.Body), s.group(l)
	switch {
	case m.Flags&unix.NLM_F_REPLACE != 0 && l.head != 0:
		s.replace6(l, m.Body)
	case e == 0 && g != 0 && groupable(m.Body):
		s.joinGroup(l, g, m.Body)
	default:
		s.refreshOrPush(l, e, m.Body)
	}
}

// replace6 replaces the first route of the same sort, a group as a whole, or
// else the first.
func (s *State) replace6(l *list, body []byte) {
	target := l.head
	for r := l.head; r != 0; r = l.t.slab.next(r) {
		if groupable(l.t.slab.body(r)) == groupable(body) {
			target = r
			break
		}
	}
	s.update(rtnl.Route, l, target, body) // even if that makes two equal routes
	if routeAttr(body, unix.RTA_MULTIPATH) != nil {
		s.overtake(l)
	}
	if !s.keepAll() { // one that is kept out may be the first of the sort
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Table: tableOf(body)})
	}
}

// groupable reports whether an IPv6 route shares its group with others of the
// same prefix and metric: it has a gateway, does not come from a router
// advertisement, and uses no nexthop object.
func groupable(body []byte) bool {
	if body[0] != unix.AF_INET6 || body[5] == unix.RTPROT_RA || nhid(body) != 0 {
		return false
	}
	a := rtnl.AttrsOf(rtnl.Route, body)
	for {
		typ, _, rest, ok := a.Next()
		if !ok || ways.has(typ) {
			return ok
		}
		a = rest
	}
}

// ways are the attributes of which a route with a gateway has one.
var ways = attrs(unix.RTA_GATEWAY, unix.RTA_VIA, unix.RTA_MULTIPATH)

// group returns the list's group, 0 if there is none.
func (s *State) group(l *list) ref {
	for r := l.head; r != 0; r = l.t.slab.next(r) {
		if groupable(l.t.slab.body(r)) {
			return r
		}
	}
	return 0
}

// joinGroup gives group g the nexthops in body. The message shows the new
// member's protocol and metrics; the group goes on with those of its first.
func (s *State) joinGroup(l *list, g ref, body []byte) {
	old := l.t.slab.body(g)
	if !sameRest(old, body) {
		l.t.slab.setFlags(g, l.t.slab.flags(g)|flagMixed)
	}
	s.setHops(l, g, mergeHops(hopsOf(old), hopsOf(body)))
	s.overtake(l)
}

// sameRest reports whether two routes agree in all but their nexthops.
func sameRest(a, b []byte) bool {
	leave := movable | volatile[rtnl.Route]
	return bytes.Equal(a[:8], b[:8]) && bytes.Equal(appendRest(nil, a, leave), appendRest(nil, b, leave))
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

// setHops gives the route at r other nexthops; without any it goes.
func (s *State) setHops(l *list, r ref, list []hop) {
	if len(list) == 0 {
		s.drop(rtnl.Route, l, r)
		return
	}
	if l.t.slab.flags(r)&flagMixed != 0 && list[0].findIn(hopsOf(l.t.slab.body(r))[:1]) < 0 {
		// The group shows the protocol and metrics of its new first member.
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Ifindex: list[0].oif})
	}
	s.update(rtnl.Route, l, r, withHops(l.t.slab.body(r), list))
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
