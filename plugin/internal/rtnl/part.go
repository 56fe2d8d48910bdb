package rtnl

import "encoding/binary"

// Part is a member of a fixed structure: 16 times its offset, plus its size of
// 1, 2 or 4 bytes. All of them are in the machine's byte order.
type Part uint8

// Family is the address family, AF_*, in every structure.
const Family = Part(0<<4 | 1)

// Of struct ifinfomsg (uapi/linux/rtnetlink.h).
const (
	LinkType   = Part(2<<4 | 2) // ARPHRD_*
	LinkIndex  = Part(4<<4 | 4)
	LinkFlags  = Part(8<<4 | 4)  // IFF_*
	LinkChange = Part(12<<4 | 4) // which bits of them are new; no state
)

// Of struct ifaddrmsg (uapi/linux/if_addr.h).
const (
	AddressPrefixLen = Part(1<<4 | 1)
	AddressFlags     = Part(2<<4 | 1) // the low bits of IFA_FLAGS
	AddressScope     = Part(3<<4 | 1)
	AddressIndex     = Part(4<<4 | 4) // of the link
)

// Of struct rtmsg (uapi/linux/rtnetlink.h). The flags are RTNH_F_* of a single
// path and RTM_F_*.
const (
	RouteDstLen   = Part(1<<4 | 1)
	RouteSrcLen   = Part(2<<4 | 1)
	RouteTOS      = Part(3<<4 | 1)
	RouteTable    = Part(4<<4 | 1) // the low bits of RTA_TABLE
	RouteProtocol = Part(5<<4 | 1)
	RouteScope    = Part(6<<4 | 1)
	RouteType     = Part(7<<4 | 1)
	RouteFlags    = Part(8<<4 | 4)
)

// Of struct fib_rule_hdr (uapi/linux/fib_rules.h), which begins as rtmsg does.
const (
	RuleDstLen = RouteDstLen
	RuleSrcLen = RouteSrcLen
	RuleTOS    = RouteTOS
	RuleTable  = RouteTable
	RuleAction = Part(7<<4 | 1) // FR_ACT_*
	RuleFlags  = Part(8<<4 | 4) // FIB_RULE_*
)

// Of struct ndmsg (uapi/linux/neighbour.h).
const (
	NeighborIndex = Part(4<<4 | 4)  // of the link
	NeighborState = Part(8<<4 | 2)  // NUD_*
	NeighborFlags = Part(10<<4 | 1) // the low bits of NTF_*
	NeighborType  = Part(11<<4 | 1) // RTN_*
)

// Of struct nhmsg (uapi/linux/nexthop.h).
const (
	NexthopScope    = Part(1<<4 | 1)
	NexthopProtocol = Part(2<<4 | 1)
	NexthopFlags    = Part(4<<4 | 4) // RTNH_F_*
)

// Of struct br_port_msg and struct br_vlan_msg (uapi/linux/if_bridge.h).
const (
	MDBIndex  = Part(4<<4 | 4) // of the bridge
	VLANIndex = Part(4<<4 | 4) // of the port or bridge
)

// NoticeIndex is of the link, in a notice (NoticeBody).
const NoticeIndex = Part(4<<4 | 4)

// Offset returns the offset of p.
func (p Part) Offset() int { return int(p >> 4) }

// Size returns how many bytes p has.
func (p Part) Size() int { return int(p & 15) }

// Bytes returns p of a message body, a view; nil where the body is shorter.
func (p Part) Bytes(body []byte) []byte {
	at, end := p.Offset(), p.Offset()+p.Size()
	if len(body) < end {
		return nil
	}
	return body[at:end:end]
}

// Uint returns p of a message body; 0 where the body is shorter.
func (p Part) Uint(body []byte) uint32 {
	switch b := p.Bytes(body); len(b) {
	case 1:
		return uint32(b[0])
	case 2:
		return uint32(Uint16(b))
	default:
		return Uint32(b)
	}
}

// Uint32 returns p, which has 4 bytes, of a message body; 0 where that is shorter.
func (p Part) Uint32(body []byte) uint32 {
	if at := p.Offset(); at+4 <= len(body) {
		return binary.NativeEndian.Uint32(body[at:])
	}
	return 0
}

// Uint16 is Uint32 for a part of 2 bytes.
func (p Part) Uint16(body []byte) uint16 {
	if at := p.Offset(); at+2 <= len(body) {
		return binary.NativeEndian.Uint16(body[at:])
	}
	return 0
}

// Uint8 returns p, which has one byte, of a message body.
func (p Part) Uint8(body []byte) uint8 {
	if at := p.Offset(); at < len(body) {
		return body[at]
	}
	return 0
}
