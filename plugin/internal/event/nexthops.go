package event

import (
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func nexthopCount(v *View) Value {
	if b := v.Attr(unix.RTA_MULTIPATH); b != nil {
		n := 0
		for _, rest, ok := rtnl.Hops(b).Next(); ok; _, rest, ok = rest.Next() {
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
	for h, rest, ok := rtnl.Hops(b).Next(); ok; h, rest, ok = rest.Next() {
		if len(s) > 0 {
			s = append(s, "; "...)
		}
		s = v.appendHop(s, h)
	}
	return str(string(s))
}

// appendHop appends "encap TYPE … as to LABELS via [FAMILY] ADDR realms R dev
// NAME weight N FLAG…".
func (v *View) appendHop(dst []byte, h rtnl.Hop) []byte {
	if typ := h.Attrs.Get(unix.RTA_ENCAP_TYPE); typ != nil {
		dst = append(append(dst, "encap "...), wordOf(encapTypes, rtnl.Uint16(typ))...)
		dst = append(v.appendEncap(append(dst, ' '), rtnl.Uint16(typ), h.Attrs.Get(unix.RTA_ENCAP)), ' ')
	}
	if labels := h.Attrs.Get(unix.RTA_NEWDST); labels != nil {
		dst = append(appendLabels(append(dst, "as to "...), labels), ' ')
	}
	if family, addr := rtnl.Via(h.Attrs); addr != nil {
		dst = append(dst, "via "...)
		if family != unix.AF_UNSPEC {
			dst = append(append(dst, familyName(family)...), ' ')
		}
		dst = append(appendAddr(dst, addr), ' ')
	}
	if flow := h.Attrs.Get(unix.RTA_FLOW); flow != nil {
		dst = append(append(append(dst, "realms "...), realms(rtnl.Uint32(flow))...), ' ')
	}
	dst = append(append(dst, "dev "...), v.linkName(h.Link)...)
	dst = strconv.AppendInt(append(dst, " weight "...), int64(h.Weight)+1, 10)
	if flags := v.pathFlags(uint32(h.Flags), h.Link); flags != 0 {
		dst = append(dst, ' ')
		dst = appendBits(dst, len(dst), flags, routeFlagBits, ' ')
	}
	return dst
}

// gateway is that of a single path, whatever its family.
func gateway(v *View) Value {
	_, addr := rtnl.Via(rtnl.RouteMsg(v.body).Attrs())
	return str(formatAddr(addr))
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
	flags := rtnl.RouteMsg(v.body).Flags() &^ derivedFlags
	switch multi := v.Attr(unix.RTA_MULTIPATH); {
	case v.Attr(rtnl.RTANexthop) != nil:
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
	first, rest, ok := rtnl.Hops(multi).Next()
	if !ok || v.family() != unix.AF_INET {
		return 0
	}
	for h, rest, ok := rest.Next(); ok; h, rest, ok = rest.Next() {
		if h.Link != first.Link {
			return 0
		}
	}
	return v.pathFlags(0, first.Link)
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
		typ := rtnl.RouteMsg(v.body).Type()
		return typ == unix.RTN_LOCAL || typ == unix.RTN_ANYCAST
	}
	return rtnl.RouteMsg(v.body).Scope() >= unix.RT_SCOPE_HOST
}
