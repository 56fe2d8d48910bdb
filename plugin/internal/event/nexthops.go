package event

import (
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// leg is one path of a multipath route: struct rtnexthop
// (uapi/linux/rtnetlink.h) and its attributes.
type leg struct {
	flags   uint32
	weight  int // from 1
	ifindex uint32
	attrs   rtnl.Attrs
}

// sizeofRtNexthop is the size of struct rtnexthop.
const sizeofRtNexthop = 8

// nextLeg splits off the first path; ok is false at the end and at bytes that
// are none.
func nextLeg(b []byte) (l leg, rest []byte, ok bool) {
	n := int(rtnl.Uint16(b))
	if len(b) < sizeofRtNexthop || n < sizeofRtNexthop || n > len(b) {
		return leg{}, nil, false
	}
	l = leg{flags: uint32(b[2]), weight: int(b[3]) + 1, ifindex: rtnl.Uint32(b[4:]),
		attrs: rtnl.Attrs(b[sizeofRtNexthop:n])}
	return l, b[min((n+3)&^3, len(b)):], true
}

func nexthopCount(v *View) Value {
	if b := v.Attr(unix.RTA_MULTIPATH); b != nil {
		n := 0
		for _, rest, ok := nextLeg(b); ok; _, rest, ok = nextLeg(rest) {
			n++
		}
		return num(n)
	}
	if v.Attr(unix.RTA_OIF) != nil {
		return num(1)
	}
	return Value{}
}

func nexthopList(v *View) Value {
	b := v.Attr(unix.RTA_MULTIPATH)
	if b == nil {
		return Value{}
	}
	var buf [512]byte
	s := buf[:0]
	for l, rest, ok := nextLeg(b); ok; l, rest, ok = nextLeg(rest) {
		if len(s) > 0 {
			s = append(s, "; "...)
		}
		s = v.appendLeg(s, l)
	}
	return str(string(s))
}

// appendLeg appends "encap TYPE … via [FAMILY] ADDR dev NAME weight N FLAG…".
func (v *View) appendLeg(dst []byte, l leg) []byte {
	if typ := l.attrs.Get(unix.RTA_ENCAP_TYPE); typ != nil {
		dst = append(append(dst, "encap "...), wordOf(encapTypes, rtnl.Uint16(typ))...)
		dst = append(v.appendEncap(append(dst, ' '), rtnl.Uint16(typ), l.attrs.Get(unix.RTA_ENCAP)), ' ')
	}
	if gw := l.attrs.Get(unix.RTA_GATEWAY); gw != nil {
		dst = append(appendAddr(append(dst, "via "...), gw), ' ')
	} else if via := l.attrs.Get(unix.RTA_VIA); len(via) > 2 { // struct rtvia
		dst = append(append(dst, "via "...), familyName(uint8(rtnl.Uint16(via)))...)
		dst = append(appendAddr(append(dst, ' '), via[2:]), ' ')
	}
	dst = append(append(dst, "dev "...), v.linkName(l.ifindex)...)
	dst = strconv.AppendInt(append(dst, " weight "...), int64(l.weight), 10)
	if flags := v.pathFlags(l.flags, l.ifindex); flags != 0 {
		dst = append(dst, ' ')
		dst = appendBits(dst, len(dst), flags, routeFlagBits, ' ')
	}
	return dst
}

// gateway is RTA_GATEWAY or the address of RTA_VIA, a gateway of another family
// than the route's (struct rtvia: 16 bits of family, then the address).
func gateway(v *View) Value {
	if b := v.Attr(unix.RTA_GATEWAY); b != nil {
		return str(formatAddr(b))
	}
	if b := v.Attr(unix.RTA_VIA); len(b) > 2 {
		return str(formatAddr(b[2:]))
	}
	return Value{}
}

// routeFlagBits are RTNH_F_* and RTM_F_* in iproute2's order.
var routeFlagBits = []bitWord{
	{unix.RTNH_F_DEAD, "dead"}, {unix.RTNH_F_ONLINK, "onlink"}, {unix.RTNH_F_PERVASIVE, "pervasive"},
	{unix.RTNH_F_OFFLOAD, "offload"}, {unix.RTNH_F_TRAP, "trap"}, {unix.RTM_F_NOTIFY, "notify"},
	{unix.RTNH_F_LINKDOWN, "linkdown"}, {unix.RTNH_F_UNRESOLVED, "unresolved"},
	{unix.RTM_F_OFFLOAD, "rt_offload"}, {unix.RTM_F_TRAP, "rt_trap"},
	{unix.RTM_F_OFFLOAD_FAILED, "rt_offload_failed"},
}

// derivedFlags are the bits that change without a message, as links change.
const derivedFlags = unix.RTNH_F_DEAD | unix.RTNH_F_LINKDOWN

func routeFlags(v *View) Value {
	flags := rtnl.Uint32(v.head(rtmFlags)) &^ derivedFlags
	switch multi := v.Attr(unix.RTA_MULTIPATH); {
	case v.Attr(rtaNHID) != nil:
	case multi != nil:
		flags |= v.commonState(multi)
	case v.Attr(unix.RTA_OIF) != nil:
		flags = v.pathFlags(flags, rtnl.Uint32(v.Attr(unix.RTA_OIF)))
	}
	return str(formatBits(flags, routeFlagBits))
}

// commonState is what an IPv4 route has of all its paths: the kernel marks the
// route itself when they all go at once (fib_sync_down_dev(), net/ipv4/
// fib_semantics.c), so when they are over one link. IPv6 marks paths only.
func (v *View) commonState(multi []byte) uint32 {
	first, rest, ok := nextLeg(multi)
	if !ok || v.family() != unix.AF_INET {
		return 0
	}
	for l, rest, ok := nextLeg(rest); ok; l, rest, ok = nextLeg(rest) {
		if l.ifindex != first.ifindex {
			return 0
		}
	}
	return v.pathFlags(0, first.ifindex)
}

// pathFlags replaces the derived bits of a path's flags by what the kernel
// derives them from: the state of the link.
func (v *View) pathFlags(flags, ifindex uint32) uint32 {
	flags &^= derivedFlags
	if v.immortal() {
		return flags
	}
	up, carrier := v.linkState(ifindex)
	switch {
	case !up:
		return flags | unix.RTNH_F_DEAD | unix.RTNH_F_LINKDOWN
	case !carrier:
		return flags | unix.RTNH_F_LINKDOWN
	}
	return flags
}

// immortal reports whether the kernel leaves the route alone when its link
// goes: IPv4 of scope host or nowhere (fib_create_info()), IPv6 local and
// anycast (fib6_ifdown(), net/ipv6/route.c).
func (v *View) immortal() bool {
	if v.family() == unix.AF_INET6 {
		typ := rtnl.Uint8(v.head(rtmType))
		return typ == unix.RTN_LOCAL || typ == unix.RTN_ANYCAST
	}
	return rtnl.Uint8(v.head(rtmScope)) >= unix.RT_SCOPE_HOST
}
