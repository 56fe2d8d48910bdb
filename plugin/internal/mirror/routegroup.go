package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

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

// groupShown returns the flag of a group, of which a dump shows the first member alone.
func groupShown(body []byte) uint8 {
	if familyOf(body) == unix.AF_INET6 && multipath(body) {
		return flagGroup
	}
	return 0
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
