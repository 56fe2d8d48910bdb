package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// The kernel puts a new member of an IPv6 group behind all routes of the key
// (fib6_add_rt2node(), net/ipv6/ip6_fib.c). Routes without a gateway that were
// there before then stand between members, and whoever walks the table jumps
// over them: dumps lack them, and the flush of a link that goes down spares them.

// overtake notes that group g has a new last member (R41). What may be a member
// itself, or have been, dumps have to show.
func (s routeClass) overtake(l *objtable.List, g ref) {
	for r := l.Next(g); r != 0; r = l.Next(r) {
		if !unsorted(l, r) {
			l.SetFlags(r, l.Flags(r)|flagBehind)
		}
	}
}

// shadowed reports whether the kernel jumps over entry r (R41).
func (s routeClass) shadowed(l *objtable.List, r ref) bool {
	return l.Flags(r)&flagBehind != 0 && s.several(l)
}

// spared reports whether the flush of a link that goes down leaves the route at
// r alone: one of IPv4 of scope host, one of IPv6 that it does not see, and those
// of MPLS and multicast (R24).
func (s routeClass) spared(r ref, body []byte) bool {
	if !ofIP(body) {
		return true
	}
	if familyOf(body) == unix.AF_INET {
		return rtnl.RouteMsg(body).Scope() == unix.RT_SCOPE_HOST
	}
	t := s.tables[rtnl.Route]
	if t.Flags(r)&flagBehind == 0 {
		return false
	}
	l := t.Find(body)
	return s.shadowed(&l, r)
}

// several reports whether a list has a group of several members.
func (s routeClass) several(l *objtable.List) bool {
	g := s.group(l)
	return g != 0 && multipath(l.Body(g))
}

// maxShaded bounds the lists that are remembered; what comes to light in others
// an audit finds.
const maxShaded = 4096

// shade notes that dumps may not show all of the list of a route, in which a
// group can hide some (R41).
func (s routeClass) shade(body []byte) {
	if len(s.shaded) < maxShaded {
		s.shaded[string(s.key(rtnl.Route, nil, body))] = RouteTable(body)
	}
}

// enumerated forgets the lists that cannot hide any more what a dump, which
// lacked nothing else, has not shown: their groups have gone, and that they did
// may have been lost.
func (s routeClass) enumerated(q rtnl.Query) {
	if q.Ifindex != 0 || q.Family == unix.AF_INET {
		return
	}
	for key, table := range s.shaded {
		if l := s.tables[rtnl.Route].FindKey([]byte(key), nil); (q.Table == 0 || q.Table == table) && !s.several(&l) {
			delete(s.shaded, key)
		}
	}
}

// dropSwept removes a route that a dump does not show: it has gone, or is hidden.
func (s routeClass) dropSwept(l objtable.List, r ref) {
	if body := l.Body(r); familyOf(body) == unix.AF_INET6 && s.several(&l) {
		s.shade(body)
	}
	s.drop(rtnl.Route, &l, r)
}

// unhide asks for the routes that dumps lacked while they could hide among the
// members of a group, in body, which is no more (R41).
func (s routeClass) unhide(l *objtable.List, body []byte) {
	if familyOf(body) != unix.AF_INET6 || !multipath(body) || s.several(l) {
		return
	}
	key := string(s.key(rtnl.Route, nil, body))
	_, lacked := s.shaded[key]
	delete(s.shaded, key)
	for r := l.Head; r != 0 && !lacked; r = l.Next(r) {
		lacked = l.Flags(r)&flagMissed != 0
	}
	if lacked {
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Table: RouteTable(body)})
	}
}
