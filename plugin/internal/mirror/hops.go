package mirror

import (
	"bytes"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// hop is one nexthop of a route: a view into its body.
type hop rtnl.Hop

// hopAttrs are the attributes that belong to a nexthop.
var hopAttrs = attrs(unix.RTA_GATEWAY, unix.RTA_VIA, unix.RTA_ENCAP, unix.RTA_ENCAP_TYPE, unix.RTA_NEWDST, unix.RTA_FLOW)

// movable are the attributes of a route that say where it leads: with a
// nexthop object they repeat what that says, or are left out, by a sysctl.
var movable = attrs(unix.RTA_OIF, unix.RTA_GATEWAY, unix.RTA_VIA, unix.RTA_MULTIPATH, unix.RTA_ENCAP, unix.RTA_ENCAP_TYPE)

// multipath reports whether a route has several nexthops, or may have: one of IPv6
// that has them is a group.
func multipath(body []byte) bool { return rtnl.RouteMsg(body).Hops() != nil }

// hops returns the nexthops of a route. Attrs of a single path are only
// collected where they are wanted, by hopsOf.
func hops(body []byte) (list []hop) {
	m := rtnl.RouteMsg(body)
	if paths := m.Hops(); paths != nil {
		for h := range paths.All() {
			list = append(list, hop(h))
		}
	} else if oif := m.Attrs().Get(unix.RTA_OIF); oif != nil {
		list = append(list, hop{Flags: uint8(m.Flags()), Link: rtnl.Uint32(oif)})
	}
	return list
}

// hopsOf is hops with the attributes of a single path.
func hopsOf(body []byte) []hop {
	list := hops(body)
	if len(list) == 1 && !multipath(body) {
		own := hopAttrs &^ attrs(unix.RTA_FLOW)
		list[0].Attrs = rtnl.RouteMsg(body).Attrs().Append(nil, own.has)
	}
	return list
}

// appendRest appends the attributes of a route that are not in leave.
func appendRest(dst, body []byte, leave attrSet) []byte {
	return rtnl.RouteMsg(body).Attrs().Append(dst, leave.hasNot)
}

// hopID are the attributes by which the kernel tells the nexthops of one link
// apart; a list has none twice (rt6_duplicate_nexthop(), net/ipv6/ip6_fib.c).
var hopID = [...]uint16{unix.RTA_GATEWAY, unix.RTA_VIA, unix.RTA_ENCAP_TYPE, unix.RTA_NEWDST}

// sameWay reports whether two nexthops are one for the kernel: of one link,
// gateway and encapsulation. The weight is none of it.
func (h hop) sameWay(o hop) bool {
	if h.Link != o.Link {
		return false
	}
	a, b := h.Attrs, o.Attrs
	for _, typ := range hopID {
		if !bytes.Equal(a.Get(typ), b.Get(typ)) {
			return false
		}
	}
	return sameEncap(a.Get(unix.RTA_ENCAP), b.Get(unix.RTA_ENCAP))
}

// same reports whether two nexthops are alike but for what follows from links.
func (h hop) same(o hop) bool {
	return h.Link == o.Link && h.Weight == o.Weight && (h.Flags^o.Flags)&^hopFlags == 0 &&
		(bytes.Equal(h.Attrs, o.Attrs) || h.sameWay(o) && sameBut(unix.RTA_ENCAP, h.Attrs, o.Attrs))
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
		out = append(out, list[0].Attrs...)
		return rtnl.AppendAttr(out, unix.RTA_OIF, rtnl.AppendUint32(nil, list[0].Link))
	}
	p := make(rtnl.Hops, 0, len(body))
	for _, h := range list {
		p = p.Append(rtnl.Hop(h))
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
		if h.Link == oif {
			any = true
			*flags |= unix.RTNH_F_DEAD
		} else if h.Flags&unix.RTNH_F_DEAD == 0 || alive(h.Link) {
			all = false
		}
	})
	return any, any && all
}

// revive clears RTNH_F_DEAD on the nexthops of a group over link oif, in place.
func revive(body []byte, oif uint32) {
	eachHop(body, func(h hop, flags *byte) {
		if h.Link == oif {
			*flags &^= unix.RTNH_F_DEAD
		}
	})
}

// eachHop calls f with every nexthop of a group and its flags, which f may
// change in place.
func eachHop(body []byte, f func(h hop, flags *byte)) {
	p := rtnl.RouteMsg(body).Hops()
	for h, rest, ok := p.Next(); ok; h, rest, ok = p.Next() {
		f(hop(h), p.Flags())
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
			*flags = *flags&^unix.RTNH_F_DEAD | now[i].Flags&unix.RTNH_F_DEAD
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
			*flags |= before[i].Flags & unix.RTNH_F_DEAD
		}
	})
}

// sameHops compares RTA_MULTIPATH payloads. An IPv4 route with its nexthops in
// another order is another route, IPv6 has no order.
func sameHops(family uint8, a, b rtnl.Hops) bool {
	return sameHopsInOrder(a, b) || family == unix.AF_INET6 && sameHopsInAnyOrder(a, b)
}

func sameHopsInOrder(a, b rtnl.Hops) bool {
	for {
		x, restA, okA := a.Next()
		y, restB, okB := b.Next()
		if !okA || !okB {
			return okA == okB
		}
		if !hop(x).same(hop(y)) {
			return false
		}
		a, b = restA, restB
	}
}

func sameHopsInAnyOrder(a, b rtnl.Hops) bool {
	return len(a) == len(b) && hopsAmong(a, b) && hopsAmong(b, a)
}

// hopsAmong reports whether each nexthop in a is in b; none is in one twice.
func hopsAmong(a, b rtnl.Hops) bool {
	for h := range a.All() {
		if !hop(h).among(b) {
			return false
		}
	}
	return true
}

func (h hop) among(p rtnl.Hops) bool {
	for o := range p.All() {
		if h.same(hop(o)) {
			return true
		}
	}
	return false
}

// hopBits are all RTNH_F_* bits: those of a single path in rtm_flags.
const hopBits = 0xff

// routeFlags are the bits of rtm_flags and rtnh_flags that follow from links
// and addresses or from hardware: RTNH_F_DEAD, _OFFLOAD, _LINKDOWN,
// _UNRESOLVED, _TRAP and RTM_F_OFFLOAD, _TRAP, _OFFLOAD_FAILED
// (uapi/linux/rtnetlink.h). They change without a message.
const (
	hopFlags   = unix.RTNH_F_DEAD | unix.RTNH_F_OFFLOAD | unix.RTNH_F_LINKDOWN | unix.RTNH_F_UNRESOLVED | 64
	routeFlags = hopFlags | 0x4000 | 0x8000 | 0x20000000
)

// routeTimers are attributes that count down.
var routeTimers = attrs(unix.RTA_CACHEINFO, unix.RTA_EXPIRES, rtnl.RTAMulticastStats, unix.RTA_PAD, readAt)

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

// hopsWhere returns the nexthops of a route that keep accepts.
func hopsWhere(body []byte, keep func(hop) bool) (out []hop) {
	for _, h := range hopsOf(body) {
		if keep(h) {
			out = append(out, h)
		}
	}
	return out
}

// RouteProtocol returns the protocol (RTPROT_*) of a route's body.
func RouteProtocol(body []byte) uint8 { return rtnl.RouteMsg(body).Protocol() }

// RouteTable returns the routing table of a route's body (R32).
func RouteTable(body []byte) uint32 { return rtnl.RouteMsg(body).Table() }
