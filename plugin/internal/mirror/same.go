package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// volatile lists, by class, the attributes that change by themselves or that
// only events have: a difference in them is none.
var volatile = [rtnl.NumObjects]attrSet{
	rtnl.Link: attrs(unix.IFLA_STATS, unix.IFLA_STATS64, unix.IFLA_AF_SPEC, unix.IFLA_EVENT,
		unix.IFLA_EXT_MASK, unix.IFLA_NEW_NETNSID, unix.IFLA_NEW_IFINDEX, unix.IFLA_PROTINFO),
	rtnl.Address:  attrs(ifaReadAt),
	rtnl.Route:    attrs(unix.RTA_CACHEINFO, unix.RTA_EXPIRES),
	rtnl.Neighbor: attrs(unix.NDA_CACHEINFO),
}

// attrSet is a set of attribute types below 64; all volatile ones are.
type attrSet uint64

func attrs(types ...uint16) (s attrSet) {
	for _, t := range types {
		s |= 1 << t
	}
	return s
}

func (s attrSet) has(typ uint16) bool { return typ < 64 && s>>typ&1 != 0 }

// same reports whether two bodies of class o describe an object in one state (R11, R39).
func same(o rtnl.Object, a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	if !sameFixed(o, a, b) {
		return false
	}
	x, y := rtnl.AttrsOf(o, a), rtnl.AttrsOf(o, b)
	return sameInOrder(o, a[0], x, y) || sameInAnyOrder(o, a[0], x, y)
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

// sameFixed compares the fixed structures (R31).
func sameFixed(o rtnl.Object, a, b []byte) bool {
	switch o {
	case rtnl.Link: // but ifi_change
		return bytes.Equal(a[:12], b[:12])
	case rtnl.Route:
		return bytes.Equal(a[:8], b[:8]) && differs(a[8:], b[8:])&^routeFlags == 0
	case rtnl.Nexthop:
		return bytes.Equal(a[:4], b[:4]) && differs(a[4:], b[4:])&^hopFlags == 0
	case rtnl.Rule:
		return bytes.Equal(a[:8], b[:8]) && differs(a[8:], b[8:])&^ruleFlags == 0
	case rtnl.Neighbor:
		return bytes.Equal(a[:8], b[:8]) && announced(a) == announced(b) && bytes.Equal(a[10:12], b[10:12])
	}
	n := o.HeaderLen()
	return bytes.Equal(a[:n], b[:n])
}

func differs(a, b []byte) uint32 { return rtnl.Uint32(a) ^ rtnl.Uint32(b) }

// announced returns ndm_state as the kernel last announced it: an entry in use
// goes from stale to delay without a message, and one of a bridge from reachable
// to stale when it has not been heard of for a while.
func announced(body []byte) uint16 {
	state := rtnl.Uint16(body[8:])
	switch {
	case body[0] == unix.AF_BRIDGE && state&unix.NUD_STALE != 0:
		return state&^unix.NUD_STALE | unix.NUD_REACHABLE
	case state&unix.NUD_DELAY != 0:
		return state&^unix.NUD_DELAY | unix.NUD_STALE
	}
	return state
}

// sameInOrder compares attributes pairwise, as the kernel writes them.
func sameInOrder(o rtnl.Object, family uint8, x, y rtnl.Attrs) bool {
	for {
		tx, px, rx, okx := steady(o, x)
		ty, py, ry, oky := steady(o, y)
		if !okx || !oky {
			return okx == oky
		}
		if tx != ty || !samePayload(o, family, tx, px, py) {
			return false
		}
		x, y = rx, ry
	}
}

// sameInAnyOrder compares them one by one; the mirror's own bodies of IPv6
// groups have another order than the kernel's.
func sameInAnyOrder(o rtnl.Object, family uint8, x, y rtnl.Attrs) bool {
	n := 0
	for {
		typ, p, rest, ok := steady(o, x)
		if !ok {
			break
		}
		other := y.Get(typ)
		if other == nil || !samePayload(o, family, typ, p, other) {
			return false
		}
		n, x = n+1, rest
	}
	for {
		_, _, rest, ok := steady(o, y)
		if !ok {
			return n == 0
		}
		n, y = n-1, rest
	}
}

// steady returns the next attribute that is not volatile.
func steady(o rtnl.Object, a rtnl.Attrs) (uint16, []byte, rtnl.Attrs, bool) {
	for {
		typ, p, rest, ok := a.Next()
		if !ok || !volatile[o].has(typ) {
			return typ, p, rest, ok
		}
		a = rest
	}
}

// NHA_RES_GROUP, and what of it runs: NHA_RES_GROUP_UNBALANCED_TIME
// (uapi/linux/nexthop.h).
const (
	nhaResGroup    = 12
	unbalancedTime = 4
)

func samePayload(o rtnl.Object, family uint8, typ uint16, a, b []byte) bool {
	switch {
	case o == rtnl.Route && typ == unix.RTA_MULTIPATH:
		return sameHops(family, a, b)
	case o == rtnl.Route && typ == unix.RTA_ENCAP, o == rtnl.Nexthop && typ == unix.NHA_ENCAP:
		return sameEncap(a, b)
	case o == rtnl.Nexthop && typ == nhaResGroup:
		return sameBut(unbalancedTime, a, b)
	case o == rtnl.Address && typ == unix.IFA_CACHEINFO:
		return endless(a) == endless(b)
	}
	return bytes.Equal(a, b)
}

// endless tells which of the lifetimes in struct ifa_cacheinfo do not count down.
func endless(cacheinfo []byte) (which uint8) {
	for i := range 2 {
		if len(cacheinfo) >= 8 && rtnl.Uint32(cacheinfo[4*i:]) == forever {
			which |= 1 << i
		}
	}
	return which
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
