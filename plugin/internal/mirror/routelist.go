package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

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
