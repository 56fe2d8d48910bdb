package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// clearBits clears bits of a 32-bit number in the machine's order, in place.
func clearBits(b []byte, bits uint32) {
	rtnl.PutUint32(b, rtnl.Uint32(b)&^bits)
}

func appendUint32(dst []byte, v uint32) []byte {
	return append(dst, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
}

// appendNumber appends an attribute's payload of 16 or 32 bits, or its absence.
func appendNumber(dst, p []byte) []byte {
	dst = append(dst, byte(len(p)))
	switch len(p) {
	case 0:
		return dst
	case 2:
		return appendUint32(dst, uint32(rtnl.Uint16(p)))
	}
	return appendUint32(dst, rtnl.Uint32(p))
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

func (s attrSet) hasNot(typ uint16) bool { return !s.has(typ) }

// noAttribute is a type that no message has (*_UNSPEC): nothing is volatile.
const noAttribute attrSet = 1

// familyOf returns the address family of any object, linkIndex the link that it is
// on where its fixed structure says so.
func familyOf(body []byte) uint8 { return rtnl.Family.Uint8(body) }

func linkIndex(body []byte) uint32 { return rtnl.LinkIndex.Uint32(body) }

// ofIP reports whether an object is of IPv4 or IPv6: multicast routing has
// families of its own (R43), and MPLS one.
func ofIP(body []byte) bool { return familyOf(body) == unix.AF_INET || familyOf(body) == unix.AF_INET6 }

func linkAttr(body []byte, typ uint16) []byte { return rtnl.AttrsOf(rtnl.Link, body).Get(typ) }

func routeAttr(body []byte, typ uint16) []byte { return rtnl.RouteMsg(body).Attrs().Get(typ) }

// mentions reports whether one of the words of 32 bits in body is n: every index
// of a link is one.
func mentions(body []byte, n uint32) bool {
	for ; len(body) >= 4; body = body[4:] {
		if rtnl.Uint32(body) == n {
			return true
		}
	}
	return false
}

// replaceAttr appends attributes to dst, that of type typ with another payload.
func replaceAttr(dst []byte, a rtnl.Attrs, typ uint16, payload func([]byte) []byte) []byte {
	for {
		t, p, rest, ok := a.Next()
		switch {
		case !ok:
			return dst
		case t == typ:
			dst = rtnl.AppendAttr(dst, typ, payload(p))
		default:
			dst = append(dst, a[:len(a)-len(rest)]...)
		}
		a = rest
	}
}
