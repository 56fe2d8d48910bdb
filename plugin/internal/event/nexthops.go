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
// NAME weight N FLAG…", of a multicast route "dev NAME ttl N"; MPLS
// has no weights.
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
		if family == unix.AF_PACKET {
			dst = append(dst, formatHardware(addr)...)
		} else {
			dst = appendAddr(dst, addr)
		}
		dst = append(dst, ' ')
	}
	if flow := h.Attrs.Get(unix.RTA_FLOW); flow != nil {
		dst = append(append(append(dst, "realms "...), realms(rtnl.Uint32(flow))...), ' ')
	}
	dst = append(append(dst, "dev "...), v.linkName(h.Link)...)
	if rtnl.Multicast(v.family()) {
		return strconv.AppendInt(append(dst, " ttl "...), int64(h.Weight), 10)
	}
	if v.family() != unix.AF_MPLS { // which has none
		dst = strconv.AppendInt(append(dst, " weight "...), int64(h.Weight)+1, 10)
	}
	if flags := uint32(h.Flags) &^ derivedFlags; flags != 0 {
		dst = append(dst, ' ')
		dst = appendBits(dst, len(dst), flags, routeFlagBits, ' ')
	}
	return dst
}

// gateway is that of a single path, whatever its family.
func gateway(v *View) Value {
	family, addr := rtnl.Via(rtnl.RouteMsg(v.body).Attrs())
	if family == unix.AF_PACKET { // MPLS may name it by its link-layer address
		return str(formatHardware(addr))
	}
	return str(formatAddr(addr))
}

// routeFlagBits are RTNH_F_* and RTM_F_* in iproute2's order, less derivedFlags.
var routeFlagBits = []bitWord{
	{unix.RTNH_F_ONLINK, "onlink"}, {unix.RTNH_F_PERVASIVE, "pervasive"},
	{unix.RTNH_F_OFFLOAD, "offload"}, {unix.RTNH_F_TRAP, "trap"}, {unix.RTM_F_NOTIFY, "notify"},
	{unix.RTNH_F_UNRESOLVED, "unresolved"},
	{unix.RTM_F_OFFLOAD, "rt_offload"}, {unix.RTM_F_TRAP, "rt_trap"},
	{unix.RTM_F_OFFLOAD_FAILED, "rt_offload_failed"},
}

// derivedFlags are the bits that follow from the state of links, which has
// metrics of its own.
const derivedFlags = unix.RTNH_F_DEAD | unix.RTNH_F_LINKDOWN

// ownFlags prints RTNH_F_* and RTM_F_* without derivedFlags.
func ownFlags(flags uint32) Value { return str(formatBits(flags&^derivedFlags, routeFlagBits)) }

func routeFlags(v *View) Value { return ownFlags(rtnl.RouteMsg(v.body).Flags()) }
