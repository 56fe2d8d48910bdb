package nstest

import (
	"encoding/binary"
	"net/netip"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// Route describes a route for a Request without words, for tests that need
// very many. The zero value of each field leaves it to the rules of
// "ip route": unicast, table main, protocol boot.
type Route struct {
	Dst      netip.Prefix // the zero Prefix: default, of the family of what else is set
	Src      netip.Prefix // IPv6 source routing
	Type     uint8        // RTN_*
	Table    uint32
	Protocol uint8 // RTPROT_*
	Scope    *uint8
	TOS      uint8
	Metric   uint32
	PrefSrc  netip.Addr
	NHID     uint32 // id of a nexthop object, instead of nexthops
	Nexthops []Nexthop
	Flags    uint32            // RTNH_F_* of a single nexthop and of nhid
	Expires  uint32            // seconds, IPv6
	Pref     *uint8            // IPv6 router preference
	Metrics  map[uint16]uint32 // RTAX_*
	Family   uint8             // AF_UNSPEC: that of Dst
}

// Nexthop is one path of a route.
type Nexthop struct {
	Via     netip.Addr // may be of the other family; the zero Addr: on the link
	Dev     uint32     // index, 0 for none
	Weight  uint16     // 1 to 256; 0 stands for 1
	Flags   uint8      // RTNH_F_ONLINK
	Segment netip.Addr // of IPv6, through which packets go encapsulated (seg6); the zero Addr: none
}

// Request returns the request that "ip route VERB" sends for the route: verb
// is add, append, prepend, replace, change or del.
func (r Route) Request(verb string) (Request, error) {
	req := Request{Type: unix.RTM_NEWROUTE, Flags: verbs[verb]}
	if verb == "del" {
		req.Type = unix.RTM_DELROUTE
	}
	ae := netlink.NewAttributeEncoder()
	r.attributes(ae)
	attrs, err := ae.Encode()
	req.Body = append(r.header(verb == "del"), attrs...)
	return req, err
}

func (r *Route) family() uint8 {
	if r.Family != unix.AF_UNSPEC {
		return r.Family
	}
	if r.Dst.IsValid() {
		return familyOf(r.Dst.Addr())
	}
	return unix.AF_INET
}

// header is struct rtmsg (uapi/linux/rtnetlink.h) with iproute2's defaults:
// what is not said of a route to delete matches any.
func (r *Route) header(del bool) []byte {
	typ, proto := r.Type, r.Protocol
	if !del {
		typ, proto = orElse(typ, unix.RTN_UNICAST), orElse(proto, unix.RTPROT_BOOT)
	}
	table := uint8(unix.RT_TABLE_COMPAT) // RTA_TABLE says which
	if r.table() < 256 {
		table = uint8(r.table())
	}
	b := []byte{r.family(), bits(r.Dst), bits(r.Src), r.TOS, table, proto, r.scope(del), typ}
	return binary.NativeEndian.AppendUint32(b, r.Flags)
}

func (r *Route) table() uint32 {
	if r.Table != 0 {
		return r.Table
	}
	switch r.Type {
	case unix.RTN_LOCAL, unix.RTN_BROADCAST, unix.RTN_NAT, unix.RTN_ANYCAST:
		return unix.RT_TABLE_LOCAL
	}
	return unix.RT_TABLE_MAIN
}

// scope is iproute2's rule: IPv4 routes without a gateway are of scope link.
func (r *Route) scope(del bool) uint8 {
	switch {
	case r.Scope != nil:
		return *r.Scope
	case r.family() == unix.AF_INET6:
		return unix.RT_SCOPE_UNIVERSE
	}
	switch r.Type {
	case unix.RTN_LOCAL, unix.RTN_NAT:
		return unix.RT_SCOPE_HOST
	case unix.RTN_BROADCAST, unix.RTN_MULTICAST, unix.RTN_ANYCAST:
		return unix.RT_SCOPE_LINK
	case unix.RTN_UNSPEC, unix.RTN_UNICAST:
		return r.unicastScope(del)
	}
	return unix.RT_SCOPE_UNIVERSE
}

func (r *Route) unicastScope(del bool) uint8 {
	single := len(r.Nexthops) == 1
	switch {
	case del:
		return unix.RT_SCOPE_NOWHERE
	case r.NHID == 0 && (len(r.Nexthops) == 0 || single && !r.Nexthops[0].Via.IsValid()):
		return unix.RT_SCOPE_LINK
	}
	return unix.RT_SCOPE_UNIVERSE
}

func (r *Route) attributes(ae *netlink.AttributeEncoder) {
	prefixAttr(ae, unix.RTA_DST, r.Dst)
	prefixAttr(ae, unix.RTA_SRC, r.Src)
	u32Attr(ae, unix.RTA_TABLE, r.table())
	u32Attr(ae, unix.RTA_PRIORITY, r.Metric)
	u32Attr(ae, rtaNHID, r.NHID)
	u32Attr(ae, unix.RTA_EXPIRES, r.Expires)
	if r.PrefSrc.IsValid() {
		ae.Bytes(unix.RTA_PREFSRC, r.PrefSrc.AsSlice())
	}
	if r.Pref != nil {
		ae.Uint8(unix.RTA_PREF, *r.Pref)
	}
	r.metrics(ae)
	switch len(r.Nexthops) {
	case 0:
	case 1:
		r.single(ae, r.Nexthops[0])
	default:
		ae.Do(unix.RTA_MULTIPATH, r.multipath)
	}
}

func (r *Route) metrics(ae *netlink.AttributeEncoder) {
	if len(r.Metrics) == 0 {
		return
	}
	ae.Nested(unix.RTA_METRICS, func(ae *netlink.AttributeEncoder) error {
		for typ := uint16(1); typ <= unix.RTAX_MAX; typ++ {
			if v, ok := r.Metrics[typ]; ok {
				ae.Uint32(typ, v)
			}
		}
		return nil
	})
}

func (r *Route) single(ae *netlink.AttributeEncoder, nh Nexthop) {
	r.gateway(ae, nh)
	u32Attr(ae, unix.RTA_OIF, nh.Dev)
}

// gateway encodes RTA_GATEWAY, or RTA_VIA for a gateway of the other family, and
// the encapsulation.
func (r *Route) gateway(ae *netlink.AttributeEncoder, nh Nexthop) {
	if nh.Segment.IsValid() {
		ae.Nested(unix.RTA_ENCAP, nh.segment)
		ae.Uint16(unix.RTA_ENCAP_TYPE, lwtunnelSeg6)
	}
	switch {
	case !nh.Via.IsValid():
	case familyOf(nh.Via) == r.family():
		ae.Bytes(unix.RTA_GATEWAY, nh.Via.AsSlice())
	default:
		family := binary.NativeEndian.AppendUint16(nil, uint16(familyOf(nh.Via)))
		ae.Bytes(unix.RTA_VIA, append(family, nh.Via.AsSlice()...))
	}
}

const lwtunnelSeg6 = 5 // LWTUNNEL_ENCAP_SEG6, uapi/linux/lwtunnel.h

// segment encodes SEG6_IPTUNNEL_SRH: struct seg6_iptunnel_encap of mode encap,
// with a segment routing header of one segment (uapi/linux/seg6_iptunnel.h, seg6.h).
func (nh *Nexthop) segment(ae *netlink.AttributeEncoder) error {
	b := binary.NativeEndian.AppendUint32(nil, 1)
	b = append(b, 0, 2, 4, 0, 0, 0, 0, 0) // 16 bytes behind the first 8, type 4
	ae.Bytes(1, append(b, nh.Segment.AsSlice()...))
	return nil
}

// multipath encodes a struct rtnexthop and a gateway for each nexthop.
func (r *Route) multipath() ([]byte, error) {
	var b []byte
	for _, nh := range r.Nexthops {
		ae := netlink.NewAttributeEncoder()
		r.gateway(ae, nh)
		attrs, err := ae.Encode()
		if err != nil {
			return nil, err
		}
		b = binary.NativeEndian.AppendUint16(b, uint16(unix.SizeofRtNexthop+len(attrs)))
		b = append(b, nh.Flags, uint8(max(nh.Weight, 1)-1))
		b = binary.NativeEndian.AppendUint32(b, nh.Dev)
		b = append(b, attrs...)
	}
	return b, nil
}

// prefixAttr encodes a prefix unless it matches everything.
func prefixAttr(ae *netlink.AttributeEncoder, typ uint16, p netip.Prefix) {
	if p.IsValid() && p.Bits() > 0 {
		ae.Bytes(typ, p.Addr().AsSlice())
	}
}

func u32Attr(ae *netlink.AttributeEncoder, typ uint16, v uint32) {
	if v != 0 {
		ae.Uint32(typ, v)
	}
}

func bits(p netip.Prefix) uint8 { return uint8(max(p.Bits(), 0)) }

func orElse(v, other uint8) uint8 {
	if v != 0 {
		return v
	}
	return other
}
