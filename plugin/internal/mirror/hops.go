package mirror

import (
	"bytes"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// rtaNHID is RTA_NH_ID, nexthopRTA the attributes of a route that say where
// packets go.
const rtaNHID = 30

// hop is one nexthop of a route: a view into its body.
type hop struct {
	flags  uint8  // RTNH_F_*
	weight uint8  // rtnh_hops: weight less one
	oif    uint32 // the link
	attrs  []byte // RTA_GATEWAY, RTA_VIA, RTA_ENCAP*: whole attributes
}

// hopAttrs are the attributes that belong to a nexthop.
var hopAttrs = attrs(unix.RTA_GATEWAY, unix.RTA_VIA, unix.RTA_ENCAP, unix.RTA_ENCAP_TYPE, unix.RTA_NEWDST, unix.RTA_FLOW)

// movable are the attributes of a route that say where it leads: with a
// nexthop object they repeat what that says, or are left out, by a sysctl.
var movable = attrs(unix.RTA_OIF, unix.RTA_GATEWAY, unix.RTA_VIA, unix.RTA_MULTIPATH, unix.RTA_ENCAP, unix.RTA_ENCAP_TYPE)

// route attributes in one body
func routeAttr(body []byte, typ uint16) []byte { return rtnl.AttrsOf(rtnl.Route, body).Get(typ) }

// multipath reports whether a route has several nexthops, or may have: one of IPv6
// that has them is a group.
func multipath(body []byte) bool { return routeAttr(body, unix.RTA_MULTIPATH) != nil }

// nhid returns the id of the nexthop object that a route uses, 0 for none.
func nhid(body []byte) uint32 { return rtnl.Uint32(routeAttr(body, rtaNHID)) }

// hops returns the nexthops of a route. attrs of a single path are only
// collected where they are wanted, by hopsOf.
func hops(body []byte) []hop {
	var oif []byte
	a := rtnl.AttrsOf(rtnl.Route, body)
	for {
		typ, p, rest, ok := a.Next()
		if !ok {
			break
		}
		switch typ {
		case unix.RTA_MULTIPATH:
			return parseHops(p)
		case unix.RTA_OIF:
			oif = p
		}
		a = rest
	}
	if oif == nil {
		return nil
	}
	return []hop{{flags: uint8(rtnl.RouteMsg(body).Flags()), oif: rtnl.Uint32(oif)}}
}

// hopsOf is hops with the attributes of a single path.
func hopsOf(body []byte) []hop {
	list := hops(body)
	if len(list) == 1 && list[0].attrs == nil && !multipath(body) {
		list[0].attrs = appendPick(nil, body, hopAttrs&^attrs(unix.RTA_FLOW))
	}
	return list
}

// appendPick appends the attributes of a route that are in want, appendRest
// those that are not in leave.
func appendPick(dst, body []byte, want attrSet) []byte {
	return appendAttrs(dst, rtnl.AttrsOf(rtnl.Route, body), want.has)
}

func appendRest(dst, body []byte, leave attrSet) []byte {
	return appendAttrs(dst, rtnl.AttrsOf(rtnl.Route, body), func(typ uint16) bool { return !leave.has(typ) })
}

// appendAttrs appends the whole attributes that want accepts.
func appendAttrs(dst []byte, a rtnl.Attrs, want func(uint16) bool) []byte {
	for {
		typ, _, rest, ok := a.Next()
		if !ok {
			return dst
		}
		if want(typ) {
			dst = append(dst, a[:len(a)-len(rest)]...)
		}
		a = rest
	}
}

// nextHop splits the first nexthop off an RTA_MULTIPATH payload. ok is false at
// the end.
func nextHop(p []byte) (h hop, rest []byte, ok bool) {
	first, rest, ok := rtnl.Hops(p).Next()
	return hop{flags: first.Flags, weight: first.Weight, oif: first.Link, attrs: first.Attrs}, rest, ok
}

// parseHops returns the nexthops in an RTA_MULTIPATH payload.
func parseHops(p []byte) (list []hop) {
	for {
		h, rest, ok := nextHop(p)
		if !ok {
			return list
		}
		list, p = append(list, h), rest
	}
}

// hopID are the attributes by which the kernel tells the nexthops of one link
// apart; a list has none twice (rt6_duplicate_nexthop(), net/ipv6/ip6_fib.c).
var hopID = [...]uint16{unix.RTA_GATEWAY, unix.RTA_VIA, unix.RTA_ENCAP_TYPE, unix.RTA_NEWDST}

// sameWay reports whether two nexthops are one for the kernel: of one link,
// gateway and encapsulation. The weight is none of it.
func (h hop) sameWay(o hop) bool {
	if h.oif != o.oif {
		return false
	}
	a, b := rtnl.Attrs(h.attrs), rtnl.Attrs(o.attrs)
	for _, typ := range hopID {
		if !bytes.Equal(a.Get(typ), b.Get(typ)) {
			return false
		}
	}
	return sameEncap(a.Get(unix.RTA_ENCAP), b.Get(unix.RTA_ENCAP))
}

// same reports whether two nexthops are alike but for what follows from links.
func (h hop) same(o hop) bool {
	return h.oif == o.oif && h.weight == o.weight && (h.flags^o.flags)&^hopFlags == 0 &&
		(bytes.Equal(h.attrs, o.attrs) || h.sameWay(o) && sameBut(unix.RTA_ENCAP, h.attrs, o.attrs))
}

// seg6Counters is SEG6_LOCAL_COUNTERS (uapi/linux/seg6_local.h): what has gone
// through a local segment. No other encapsulation has an attribute of that number.
const seg6Counters = 10

// sameEncap compares RTA_ENCAP payloads, but for counters.
func sameEncap(a, b []byte) bool { return sameBut(seg6Counters, a, b) }

// sameBut compares attributes in their order, without the payload of one type.
func sameBut(leave uint16, a, b []byte) bool {
	if (a == nil) != (b == nil) {
		return false
	}
	x, y := rtnl.Attrs(a), rtnl.Attrs(b)
	for {
		tx, px, restX, okX := x.Next()
		ty, py, restY, okY := y.Next()
		if !okX || !okY {
			return okX == okY
		}
		if tx != ty || tx != leave && !bytes.Equal(px, py) {
			return false
		}
		x, y = restX, restY
	}
}

// findIn returns the place of the nexthop that is h for the kernel; -1 for none.
func (h hop) findIn(list []hop) int { return slices.IndexFunc(list, h.sameWay) }

// withHops returns the route in body with other nexthops: RTA_MULTIPATH for
// several, plain attributes for one, as the kernel writes them.
func withHops(body []byte, list []hop) []byte {
	out := without(body, movable)
	if len(list) == 1 {
		out = append(out, list[0].attrs...)
		return rtnl.AppendAttr(out, unix.RTA_OIF, rtnl.AppendUint32(nil, list[0].oif))
	}
	p := make(rtnl.Hops, 0, len(body))
	for _, h := range list {
		p = p.Append(rtnl.Hop{Flags: h.flags, Weight: h.weight, Link: h.oif, Attrs: h.attrs})
	}
	return rtnl.AppendAttr(out, unix.RTA_MULTIPATH, p)
}

// without returns the route in body less some attributes, with room for others.
func without(body []byte, leave attrSet) []byte {
	out := make([]byte, 0, 2*len(body))
	return appendRest(append(out, body[:rtnl.Route.HeaderLen()]...), body, leave)
}

// markDead sets RTNH_F_DEAD on the nexthops of a route over link oif, in
// place, and reports whether any is on it and whether all are dead now. A set
// bit alone does not count: messages have it also for links without carrier,
// by the sysctl ignore_routes_with_linkdown. alive tells which links have none (R24).
func markDead(body []byte, oif uint32, alive func(oif uint32) bool) (any, all bool) {
	if !multipath(body) {
		on := rtnl.Uint32(routeAttr(body, unix.RTA_OIF)) == oif
		return on, on
	}
	all = true
	eachHop(body, func(h hop, flags *byte) {
		if h.oif == oif {
			any = true
			*flags |= unix.RTNH_F_DEAD
		} else if h.flags&unix.RTNH_F_DEAD == 0 || alive(h.oif) {
			all = false
		}
	})
	return any, any && all
}

// revive clears RTNH_F_DEAD on the nexthops of a group over link oif, in place.
func revive(body []byte, oif uint32) {
	eachHop(body, func(h hop, flags *byte) {
		if h.oif == oif {
			*flags &^= unix.RTNH_F_DEAD
		}
	})
}

// eachHop calls f with every nexthop of a group and its flags, which f may
// change in place.
func eachHop(body []byte, f func(h hop, flags *byte)) {
	p := routeAttr(body, unix.RTA_MULTIPATH)
	for {
		h, rest, ok := nextHop(p)
		if !ok {
			return
		}
		f(h, rtnl.Hops(p).Flags())
		p = rest
	}
}

// allAlive clears RTNH_F_DEAD in an event about a route: the kernel accepts no
// dead nexthop, so that the bit only says that a link has no carrier and the
// sysctl ignore_routes_with_linkdown is set. Nexthops that have died since the
// route was added are known (inherit).
func allAlive(body []byte) {
	eachHop(body, func(_ hop, flags *byte) { *flags &^= unix.RTNH_F_DEAD })
}

// keepDead gives the nexthops in old, in place, the dead bits that they have in body.
func keepDead(old, body []byte) {
	now := hopsOf(body)
	eachHop(old, func(h hop, flags *byte) {
		if i := h.findIn(now); i >= 0 {
			*flags = *flags&^unix.RTNH_F_DEAD | now[i].flags&unix.RTNH_F_DEAD
		}
	})
}

// inherit gives the nexthops of a route the dead bits that they have in old.
func inherit(old, body []byte) {
	if !multipath(body) {
		return
	}
	before := hopsOf(old)
	eachHop(body, func(h hop, flags *byte) {
		if i := h.findIn(before); i >= 0 {
			*flags |= before[i].flags & unix.RTNH_F_DEAD
		}
	})
}

// sameHops compares RTA_MULTIPATH payloads. An IPv4 route with its nexthops in
// another order is another route, IPv6 has no order.
func sameHops(family uint8, a, b []byte) bool {
	return sameHopsInOrder(a, b) || family == unix.AF_INET6 && sameHopsInAnyOrder(a, b)
}

func sameHopsInOrder(a, b []byte) bool {
	for {
		x, restA, okA := nextHop(a)
		y, restB, okB := nextHop(b)
		if !okA || !okB {
			return okA == okB
		}
		if !x.same(y) {
			return false
		}
		a, b = restA, restB
	}
}

func sameHopsInAnyOrder(a, b []byte) bool {
	return len(a) == len(b) && hopsAmong(a, b) && hopsAmong(b, a)
}

// hopsAmong reports whether each nexthop in a is in b; none is in one twice.
func hopsAmong(a, b []byte) bool {
	for {
		h, rest, ok := nextHop(a)
		if !ok {
			return true
		}
		if !h.among(b) {
			return false
		}
		a = rest
	}
}

func (h hop) among(p []byte) bool {
	for {
		o, rest, ok := nextHop(p)
		if !ok || h.same(o) {
			return ok
		}
		p = rest
	}
}

// keepHops returns the route in body with what the mirror alone knows of the
// nexthops in old: which are dead, and in which order those of an IPv6 group
// have been reported.
func (s routeClass) keepHops(old, body []byte) []byte {
	if s.told() {
		inherit(old, body)
	}
	before, now := routeAttr(old, unix.RTA_MULTIPATH), routeAttr(body, unix.RTA_MULTIPATH)
	if body[0] == unix.AF_INET6 && before != nil && !sameHopsInOrder(before, now) && same(rtnl.Route, old, body) {
		return withHops(body, mergeHops(hopsOf(old), hopsOf(body)))
	}
	return body
}
