package rtnl

import (
	"iter"

	"golang.org/x/sys/unix"
)

// Multicast reports whether a family is one of multicast routes.
func Multicast(family uint8) bool { return family == IPMR || family == IP6MR }

// RTAMulticastStats is RTA_MFC_STATS, what a multicast route has passed on; its
// RTA_EXPIRES is the time since it was used last, not until it goes.
const RTAMulticastStats = 17

// RouteMsg is the body of RTM_NEWROUTE and RTM_DELROUTE, a view as LinkMsg is.
type RouteMsg []byte

// Family returns AF_INET, AF_INET6, AF_MPLS, IPMR or IP6MR.
func (m RouteMsg) Family() uint8 { return Family.Uint8(m) }

// DstLen returns the length of the destination's prefix in bits.
func (m RouteMsg) DstLen() uint8 { return RouteDstLen.Uint8(m) }

// SrcLen returns the length of the source's prefix in bits.
func (m RouteMsg) SrcLen() uint8 { return RouteSrcLen.Uint8(m) }

// TOS returns the type of service that it is for, 0 for any.
func (m RouteMsg) TOS() uint8 { return RouteTOS.Uint8(m) }

// Table returns the routing table that it is in.
func (m RouteMsg) Table() uint32 { return wideTable(m, m.Attrs().Get(unix.RTA_TABLE)) }

// wideTable is the table of a route or a rule: an attribute, or the byte of the
// fixed structure, which has room for the first 256 only.
func wideTable(body, attr []byte) uint32 {
	if attr != nil {
		return Uint32(attr)
	}
	return uint32(RouteTable.Uint8(body))
}

// Protocol returns RTPROT_*.
func (m RouteMsg) Protocol() uint8 { return RouteProtocol.Uint8(m) }

// Scope returns RT_SCOPE_*.
func (m RouteMsg) Scope() uint8 { return RouteScope.Uint8(m) }

// Type returns RTN_*.
func (m RouteMsg) Type() uint8 { return RouteType.Uint8(m) }

// Flags returns RTNH_F_* of a single path and RTM_F_*.
func (m RouteMsg) Flags() uint32 { return RouteFlags.Uint32(m) }

// Attrs returns the attributes, RTA_*.
func (m RouteMsg) Attrs() Attrs { return AttrsOf(Route, m) }

// ExpiresIn returns how long a route lasts still, in 1/100 s: rta_expires of struct
// rta_cacheinfo, which is RTA_CACHEINFO's payload; 0 for ever, below 0 where it is
// over.
func ExpiresIn(cacheinfo []byte) int32 {
	const at = 8
	if len(cacheinfo) < at+4 {
		return 0
	}
	return int32(Uint32(cacheinfo[at:]))
}

// RTANexthop is RTA_NH_ID (uapi/linux/rtnetlink.h), since Linux 5.3.
const RTANexthop = 30

// Nexthop returns the id of the nexthop object that has its paths, 0 for none.
func (m RouteMsg) Nexthop() uint32 { return Uint32(m.Attrs().Get(RTANexthop)) }

// Hops returns the paths of a multipath route; nil for a route with a single
// path or none.
func (m RouteMsg) Hops() Hops { return m.Attrs().Get(unix.RTA_MULTIPATH) }

// Hops is a payload of RTA_MULTIPATH: struct rtnexthop and attributes, and so
// on (uapi/linux/rtnetlink.h).
type Hops []byte

// Hop is one path.
type Hop struct {
	Flags  uint8  // RTNH_F_*
	Weight uint8  // less one
	Link   uint32 // index
	Attrs  Attrs  // RTA_GATEWAY, RTA_VIA, RTA_ENCAP, …: a view
}

// Next splits off the first path. ok is false at the end and at bytes that are
// none.
func (h Hops) Next() (first Hop, rest Hops, ok bool) {
	if len(h) < unix.SizeofRtNexthop {
		return Hop{}, nil, false
	}
	n := int(Uint16(h))
	if n < unix.SizeofRtNexthop || n > len(h) {
		return Hop{}, nil, false
	}
	first = Hop{Flags: h[hopFlags], Weight: h[hopWeight], Link: Uint32(h[hopLink:]),
		Attrs: Attrs(h[unix.SizeofRtNexthop:n:n])}
	return first, h[min(align(n), len(h)):], true
}

// All returns the paths as Next does, one after the other.
func (h Hops) All() iter.Seq[Hop] {
	return func(yield func(Hop) bool) {
		for hop, rest, ok := h.Next(); ok && yield(hop); hop, rest, ok = rest.Next() {
		}
	}
}

// Offsets in struct rtnexthop.
const (
	hopFlags  = 2
	hopWeight = 3
	hopLink   = 4
)

// Flags returns the flags of the first path, to be changed in place. There must
// be one.
func (h Hops) Flags() *uint8 { return &h[hopFlags] }

// Append appends a path to a payload of RTA_MULTIPATH.
func (h Hops) Append(hop Hop) Hops {
	n := unix.SizeofRtNexthop + len(hop.Attrs)
	h = appendUint16(h, uint16(n))
	h = append(h, hop.Flags, hop.Weight)
	h = AppendUint32(h, hop.Link)
	h = append(h, hop.Attrs...)
	for ; n%4 != 0; n++ {
		h = append(h, 0)
	}
	return h
}

// Via returns the gateway's address and its family, AF_UNSPEC for the
// route's own: RTA_GATEWAY, or RTA_VIA of another family (struct rtvia: 16 bits
// of family, then the address). The address is nil for none.
func Via(a Attrs) (family uint8, addr []byte) {
	if gw := a.Get(unix.RTA_GATEWAY); gw != nil {
		return unix.AF_UNSPEC, gw
	}
	if via := a.Get(unix.RTA_VIA); len(via) > 2 {
		return uint8(Uint16(via)), via[2:]
	}
	return unix.AF_UNSPEC, nil
}
