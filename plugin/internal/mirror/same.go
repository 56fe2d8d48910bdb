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
