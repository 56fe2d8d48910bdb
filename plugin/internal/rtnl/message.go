package rtnl

import (
	"iter"

	"golang.org/x/sys/unix"
)

// The types below are views of message bodies: a class's fixed structure and
// attributes, as Message.Body has them. They are valid as long as those bytes
// are. Of a body that is too short, numbers are 0 and payloads nil.

// LinkMsg is the body of RTM_NEWLINK and RTM_DELLINK.
type LinkMsg []byte

// Family returns AF_UNSPEC for a link as a whole, AF_BRIDGE and AF_INET6 where
// a bridge or IPv6 tells of its part.
func (m LinkMsg) Family() uint8 { return Family.Uint8(m) }

// Index returns the link's index.
func (m LinkMsg) Index() uint32 { return LinkIndex.Uint32(m) }

// Type returns the hardware type, ARPHRD_*.
func (m LinkMsg) Type() uint16 { return LinkType.Uint16(m) }

// Flags returns IFF_*.
func (m LinkMsg) Flags() uint32 { return LinkFlags.Uint32(m) }

// Attrs returns the attributes, IFLA_*.
func (m LinkMsg) Attrs() Attrs { return AttrsOf(Link, m) }

// Info returns what the link's own kind and that of its master say of it.
func (m LinkMsg) Info() LinkInfo { return LinkInfoOf(m.Attrs().Get(unix.IFLA_LINKINFO)) }

// LinkInfo is IFLA_LINKINFO: what drivers say of a link. Data is of the link's
// own kind ("bridge"), PortData of its master's (a port of a bridge). Members
// that are not there are nil.
type LinkInfo struct {
	Kind, PortKind []byte // text that may end with NUL
	Data, PortData Attrs
}

// LinkInfoOf takes a payload of IFLA_LINKINFO apart.
func LinkInfoOf(b []byte) (i LinkInfo) {
	for a := Attrs(b); ; {
		typ, p, rest, ok := a.Next()
		if !ok {
			return i
		}
		switch typ {
		case unix.IFLA_INFO_KIND:
			i.Kind = trimNUL(p)
		case unix.IFLA_INFO_DATA:
			i.Data = p
		case unix.IFLA_INFO_SLAVE_KIND:
			i.PortKind = trimNUL(p)
		case unix.IFLA_INFO_SLAVE_DATA:
			i.PortData = p
		}
		a = rest
	}
}

// trimNUL returns b up to the first NUL.
func trimNUL(b []byte) []byte {
	for i, c := range b {
		if c == 0 {
			return b[:i]
		}
	}
	return b
}

// AddressMsg is the body of RTM_NEWADDR and RTM_DELADDR.
type AddressMsg []byte

// Family returns AF_INET or AF_INET6.
func (m AddressMsg) Family() uint8 { return Family.Uint8(m) }

// Index returns the index of the link that it is on.
func (m AddressMsg) Index() uint32 { return AddressIndex.Uint32(m) }

// PrefixLen returns the length of the prefix in bits.
func (m AddressMsg) PrefixLen() uint8 { return AddressPrefixLen.Uint8(m) }

// Scope returns RT_SCOPE_*.
func (m AddressMsg) Scope() uint8 { return AddressScope.Uint8(m) }

// Flags returns IFA_F_*: IFA_FLAGS, of 32 bits, or else the header's 8.
func (m AddressMsg) Flags() uint32 {
	if b := m.Attrs().Get(unix.IFA_FLAGS); b != nil {
		return Uint32(b)
	}
	return AddressFlags.Uint(m)
}

// Attrs returns the attributes, IFA_*.
func (m AddressMsg) Attrs() Attrs { return AttrsOf(Address, m) }

// Local returns the address itself: IFA_LOCAL, or IFA_ADDRESS without one.
func (m AddressMsg) Local() []byte {
	if b := m.Attrs().Get(unix.IFA_LOCAL); b != nil {
		return b
	}
	return m.Attrs().Get(unix.IFA_ADDRESS)
}

// RuleMsg is the body of RTM_NEWRULE and RTM_DELRULE.
type RuleMsg []byte

// Family returns the family of the packets that it is for.
func (m RuleMsg) Family() uint8 { return Family.Uint8(m) }

// Table returns the routing table to look in, 0 for none.
func (m RuleMsg) Table() uint32 { return wideTable(m, m.Attrs().Get(unix.FRA_TABLE)) }

// Action returns FR_ACT_*.
func (m RuleMsg) Action() uint8 { return RuleAction.Uint8(m) }

// Flags returns FIB_RULE_*.
func (m RuleMsg) Flags() uint32 { return RuleFlags.Uint32(m) }

// Attrs returns the attributes, FRA_*.
func (m RuleMsg) Attrs() Attrs { return AttrsOf(Rule, m) }

// NeighborMsg is the body of RTM_NEWNEIGH and RTM_DELNEIGH.
type NeighborMsg []byte

// Family returns AF_INET, AF_INET6, or AF_BRIDGE for a forwarding entry.
func (m NeighborMsg) Family() uint8 { return Family.Uint8(m) }

// Index returns the index of the link that it is on, a bridge's port.
func (m NeighborMsg) Index() uint32 { return NeighborIndex.Uint32(m) }

// State returns NUD_*.
func (m NeighborMsg) State() uint16 { return NeighborState.Uint16(m) }

// Standing returns the state and the flags of the header, to be changed in place.
func (m NeighborMsg) Standing() *[3]byte {
	return (*[3]byte)(m[NeighborState.Offset():NeighborType.Offset()])
}

// ndaFlagsExt is NDA_FLAGS_EXT (uapi/linux/neighbour.h), since Linux 5.16.
const ndaFlagsExt = 15

// Flags returns NTF_*, those of NDA_FLAGS_EXT 8 bits up.
func (m NeighborMsg) Flags() uint32 {
	return NeighborFlags.Uint(m) | Uint32(m.Attrs().Get(ndaFlagsExt))<<8
}

// Master returns the index of the bridge that a forwarding entry is of, 0 for none.
func (m NeighborMsg) Master() uint32 { return Uint32(m.Attrs().Get(unix.NDA_MASTER)) }

// Proxied reports whether the entry says that others are answered for.
func (m NeighborMsg) Proxied() bool {
	return m.Family() != unix.AF_BRIDGE && NeighborFlags.Uint8(m)&unix.NTF_PROXY != 0
}

// Own reports whether it is an entry of a device's own, as those of tunnels are,
// and not of the bridge that it is a port of.
func (m NeighborMsg) Own() bool {
	return m.Family() == unix.AF_BRIDGE && NeighborFlags.Uint8(m)&unix.NTF_SELF != 0
}

// NDANexthop is NDA_NH_ID (uapi/linux/neighbour.h), since Linux 5.8.
const NDANexthop = 13

// Nexthop returns the id of the nexthop object that a tunnel's entry leads over,
// 0 for none.
func (m NeighborMsg) Nexthop() uint32 {
	if !m.Own() {
		return 0
	}
	return Uint32(m.Attrs().Get(NDANexthop))
}

// Attrs returns the attributes, NDA_*.
func (m NeighborMsg) Attrs() Attrs { return AttrsOf(Neighbor, m) }

// NexthopMsg is the body of RTM_NEWNEXTHOP and RTM_DELNEXTHOP.
type NexthopMsg []byte

// Family returns AF_INET, AF_INET6, or AF_UNSPEC for a group.
func (m NexthopMsg) Family() uint8 { return Family.Uint8(m) }

// Scope returns RT_SCOPE_*.
func (m NexthopMsg) Scope() uint8 { return NexthopScope.Uint8(m) }

// Protocol returns RTPROT_*.
func (m NexthopMsg) Protocol() uint8 { return NexthopProtocol.Uint8(m) }

// Flags returns RTNH_F_*.
func (m NexthopMsg) Flags() uint32 { return NexthopFlags.Uint32(m) }

// ID returns what routes and groups call it by.
func (m NexthopMsg) ID() uint32 { return Uint32(m.Attrs().Get(unix.NHA_ID)) }

// Link returns the index of the link that it is over, 0 for none.
func (m NexthopMsg) Link() uint32 { return Uint32(m.Attrs().Get(unix.NHA_OIF)) }

// Members returns the members of a group, nil for another object.
func (m NexthopMsg) Members() Members { return m.Attrs().Get(unix.NHA_GROUP) }

// Attrs returns the attributes, NHA_*.
func (m NexthopMsg) Attrs() Attrs { return AttrsOf(Nexthop, m) }

// Members is a payload of NHA_GROUP: an array of struct nexthop_grp
// (uapi/linux/nexthop.h).
type Members []byte

// Member is one nexthop object of a group.
type Member struct {
	ID     uint32
	Weight uint32 // from 1
	Raw    []byte // a view of the whole
}

// All returns the members as Next does, one after the other.
func (g Members) All() iter.Seq[Member] {
	return func(yield func(Member) bool) {
		for m, rest, ok := g.Next(); ok && yield(m); m, rest, ok = rest.Next() {
		}
	}
}

// Next splits off the first member. ok is false at the end, and where less
// than a member is left.
func (g Members) Next() (m Member, rest Members, ok bool) {
	const size = 8 // 32 bits of id, 8 of weight less one, 8 above those (Linux 6.12), 16 reserved
	if len(g) < size {
		return Member{}, nil, false
	}
	m = Member{ID: Uint32(g), Weight: 1 + uint32(g[4]) + uint32(g[5])<<8, Raw: g[:size:size]}
	return m, g[size:], true
}
