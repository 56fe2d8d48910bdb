package mirror

import (
	"encoding/binary"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// keys holds what the kernel tells the objects of a class apart by, with numbers
// in one byte order on every machine: State.identity is made from it.
var keys = [rtnl.NumObjects]objtable.KeyFunc{
	rtnl.Link:     linkKey,
	rtnl.Nexthop:  nexthopKey,
	rtnl.Address:  addressKey,
	rtnl.Route:    routeKey,
	rtnl.Rule:     ruleKey,
	rtnl.Neighbor: neighborKey,
	rtnl.Netconf:  netconfKey,
	rtnl.NSID:     nsidKey,
	rtnl.MDB:      mdbKey,
	rtnl.VLAN:     vlanKey,
}

func init() {
	for o, key := range keys {
		if key == nil {
			panic(fmt.Sprintf("mirror: class %s has no key", rtnl.Object(o)))
		}
	}
}

// linkKey is ifi_index. Names are data: they can be swapped and reused (R13).
func linkKey(dst, body []byte) []byte { return appendUint32(dst, linkIndex(body)) }

// nexthopKey is NHA_ID.
func nexthopKey(dst, body []byte) []byte {
	return appendUint32(dst, rtnl.Uint32(rtnl.AttrsOf(rtnl.Nexthop, body).Get(unix.NHA_ID)))
}

// addressKey is family, link and local address; IPv4 has the same local
// address on one link with several prefix lengths and peers, IPv6 has not (R19, R20).
func addressKey(dst, body []byte) []byte {
	attrs := rtnl.AttrsOf(rtnl.Address, body)
	local, peer := attrs.Get(unix.IFA_LOCAL), attrs.Get(unix.IFA_ADDRESS)
	if local == nil {
		local = peer
	}
	dst = append(appendUint32(append(dst, body[0]), linkIndex(body)), local...)
	if body[0] == unix.AF_INET {
		dst = append(append(dst, body[1]), peer...)
	}
	return dst
}

// routeKey is family, table, prefix, TOS or source prefix, and metric.
func routeKey(dst, body []byte) []byte {
	var k routeHead
	k.read(body)
	dst = append(dst, body[0], body[1], body[2], body[3])
	dst = appendUint32(dst, k.table)
	dst = appendUint32(dst, k.metric)
	dst = append(dst, k.dst...)
	return append(dst, k.src...)
}

// routeHead is what identifies a route's list.
type routeHead struct {
	table, metric uint32
	dst, src      []byte
}

// read finds the members in one walk. RTA_TABLE, where present, has all 32
// bits of what rtm_table can only hold 8 of.
func (k *routeHead) read(body []byte) {
	k.table = uint32(body[4])
	a := rtnl.AttrsOf(rtnl.Route, body)
	for {
		typ, p, rest, ok := a.Next()
		if !ok {
			return
		}
		switch typ {
		case unix.RTA_TABLE:
			k.table = rtnl.Uint32(p)
		case unix.RTA_PRIORITY:
			k.metric = rtnl.Uint32(p)
		case unix.RTA_DST:
			k.dst = p
		case unix.RTA_SRC:
			k.src = p
		}
		a = rest
	}
}

// ruleFlags are the bits of fib_rule_hdr.flags that follow from the links and
// rules there are: FIB_RULE_UNRESOLVED, _IIF_DETACHED, _OIF_DETACHED.
const ruleFlags = 0x4 | 0x8 | 0x10

// ruleKey is the whole rule but for ruleFlags: equal rules can exist (R52).
func ruleKey(dst, body []byte) []byte {
	at := len(dst)
	dst = append(dst, body...)
	clearBits(rtnl.RuleFlags.Bytes(dst[at:]), ruleFlags)
	if bigEndian {
		swapRule(dst[at:])
	}
	return dst
}

// bigEndian reports whether this machine stores the high byte of a number first.
var bigEndian = binary.NativeEndian.Uint16([]byte{0, 1}) == 1

// ruleNumbers are the attributes of rules that hold numbers in the machine's
// order, and how many bytes each number has.
var ruleNumbers = map[uint16]int{
	unix.FRA_GOTO: 4, unix.FRA_PRIORITY: 4, unix.FRA_FWMARK: 4, unix.FRA_FWMASK: 4, unix.FRA_FLOW: 4, unix.FRA_TABLE: 4,
	unix.FRA_SUPPRESS_IFGROUP: 4, unix.FRA_SUPPRESS_PREFIXLEN: 4, unix.FRA_UID_RANGE: 4,
	unix.FRA_SPORT_RANGE: 2, unix.FRA_DPORT_RANGE: 2,
}

// swapRule turns the numbers in a rule's bytes, those of the attributes' headers
// included, from one byte order into the other.
func swapRule(body []byte) {
	slices.Reverse(rtnl.RuleFlags.Bytes(body))
	for a := rtnl.AttrsOf(rtnl.Rule, body); ; {
		typ, p, rest, ok := a.Next()
		if !ok {
			return
		}
		slices.Reverse(a[0:2])
		slices.Reverse(a[2:4])
		for n := ruleNumbers[typ]; n > 0 && len(p) >= n; p = p[n:] {
			slices.Reverse(p[:n])
		}
		a = rest
	}
}

// neighborKey is family, link, address and whether it is a proxy entry. An
// entry of a bridge's forwarding database is known by bridge, MAC and VLAN, the
// port being data: a MAC moves from port to port without a deletion. An entry of
// a tunnel is known by MAC and VNI: a station is behind one remote end or one
// nexthop object, and moves without a deletion too. Only what is for many can be
// behind many, told apart as vxlan_fdb_find_rdst() does
// (drivers/net/vxlan/vxlan_core.c) (R48, R49, R54).
func neighborKey(dst, body []byte) []byte {
	attrs := rtnl.AttrsOf(rtnl.Neighbor, body)
	if body[0] != unix.AF_BRIDGE {
		dst = appendUint32(append(dst, body[0], body[10]&unix.NTF_PROXY), linkIndex(body))
		return append(dst, attrs.Get(unix.NDA_DST)...)
	}
	dst = append(dst, body[0])
	if master := attrs.Get(unix.NDA_MASTER); master != nil && body[10]&unix.NTF_SELF == 0 {
		dst = append(appendUint32(append(dst, 'm'), rtnl.Uint32(master)), attrs.Get(unix.NDA_LLADDR)...)
		return appendNumber(dst, attrs.Get(unix.NDA_VLAN))
	}
	mac := attrs.Get(unix.NDA_LLADDR)
	dst = appendUint32(append(dst, 's'), linkIndex(body))
	dst = appendNumber(append(dst, mac...), attrs.Get(unix.NDA_SRC_VNI))
	if unicastMAC(mac) {
		return dst
	}
	for _, typ := range []uint16{unix.NDA_DST, unix.NDA_PORT} { // an address, and a port in network order
		p := attrs.Get(typ)
		dst = append(append(dst, byte(len(p))), p...)
	}
	return appendNumber(appendNumber(dst, attrs.Get(unix.NDA_VNI)), attrs.Get(unix.NDA_IFINDEX))
}

// unicastMAC reports whether an address is that of one station.
func unicastMAC(mac []byte) bool {
	return len(mac) > 0 && mac[0]&1 == 0 && string(mac) != string(make([]byte, len(mac)))
}

// ndaNHID is NDA_NH_ID (uapi/linux/neighbour.h).
const ndaNHID = 13

// nsidKey is NETNSA_NSID.
func nsidKey(dst, body []byte) []byte {
	return appendUint32(dst, rtnl.Uint32(rtnl.AttrsOf(rtnl.NSID, body).Get(unix.NETNSA_NSID)))
}

// clearBits clears bits of a 32-bit number in the machine's order, in place.
func clearBits(b []byte, bits uint32) {
	binary.NativeEndian.PutUint32(b, rtnl.Uint32(b)&^bits)
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
