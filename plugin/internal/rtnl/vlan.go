package rtnl

import (
	"fmt"
)

// The attributes of a VLAN on a bridge or one of its ports, by Parts: those that
// the kernel gives it, BRIDGE_VLANDB_ENTRY_*, and from VLANID on what is taken out
// of those (uapi/linux/if_bridge.h). What counts is left out, and the end of a
// range.
const (
	vlanInfo        = 1 // BRIDGE_VLANDB_ENTRY_INFO, struct bridge_vlan_info
	vlanRange       = 2 // BRIDGE_VLANDB_ENTRY_RANGE
	VLANState       = 3 // BRIDGE_VLANDB_ENTRY_STATE, BR_STATE_*, 8 bits
	vlanTunnel      = 4 // BRIDGE_VLANDB_ENTRY_TUNNEL_INFO
	vlanStats       = 5 // BRIDGE_VLANDB_ENTRY_STATS
	VLANMcastRouter = 6 // BRIDGE_VLANDB_ENTRY_MCAST_ROUTER, 8 bits
	vlanGroups      = 7 // BRIDGE_VLANDB_ENTRY_MCAST_N_GROUPS
	VLANMaxGroups   = 8 // BRIDGE_VLANDB_ENTRY_MCAST_MAX_GROUPS, 32 bits
	VLANSuppress    = 9 // BRIDGE_VLANDB_ENTRY_NEIGH_SUPPRESS, 8 bits

	VLANID       = 32 // 16 bits
	VLANFlags    = 33 // BRIDGE_VLAN_INFO_*, 16 bits
	VLANTunnelID = 34 // BRIDGE_VLANDB_TINFO_ID, 32 bits
)

// maxVLAN is the highest number of a VLAN.
const maxVLAN = 4094

// vlanParts is Parts of the VLANs of bridges. A range is of VLANs that follow
// each other and that are alike but for their number, and that of the tunnel
// where there is one (br_vlan_can_enter_range(), net/bridge/br_vlan.c). What else
// a message has are options of the whole bridge.
func vlanParts(body, scratch []byte, f func(part []byte)) ([]byte, error) {
	const entry = 1 // BRIDGE_VLANDB_ENTRY
	err := eachOf(AttrsOf(VLAN, body), entry, func(p []byte) error {
		a := Attrs(p)
		info := a.Get(vlanInfo)
		if len(info) < 4 || !a.Valid() {
			return fmt.Errorf("%w: a VLAN of a bridge with an info of %d bytes", ErrMalformed, len(info))
		}
		first, last := Uint16(info[2:]), Uint16(info[2:])
		if end := a.Get(vlanRange); end != nil {
			last = Uint16(end)
		}
		if last < first || last > maxVLAN {
			return fmt.Errorf("%w: VLANs of a bridge from %d to %d", ErrMalformed, first, last)
		}
		for vid := first; vid <= last; vid++ {
			scratch = vlanPart(scratch[:0], body, a, vid, vid-first)
			f(scratch)
		}
		return nil
	})
	return scratch, err
}

// vlanPart appends the body of a VLAN in a BRIDGE_VLANDB_ENTRY, the n-th from 0.
func vlanPart(dst, body []byte, a Attrs, vid, n uint16) []byte {
	var number [2]byte
	PutUint16(number[:], vid)
	dst = append(dst, body[:VLAN.HeaderLen()]...)
	dst = AppendAttr(dst, VLANID, number[:])
	for {
		typ, payload, rest, ok := a.Next()
		if !ok {
			return dst
		}
		switch {
		case typ == vlanInfo:
			dst = AppendAttr(dst, VLANFlags, payload[:2])
		case typ == vlanTunnel:
			dst = vlanTunnelPart(dst, payload, n)
		case typ == vlanRange, typ == vlanStats, typ == vlanGroups, typ >= VLANID:
		default:
			dst = AppendAttr(dst, typ, payload)
		}
		a = rest
	}
}

// vlanTunnelPart appends the number of the tunnel of the n-th VLAN of a range.
func vlanTunnelPart(dst []byte, tunnel Attrs, n uint16) []byte {
	const id = 1 // BRIDGE_VLANDB_TINFO_ID
	first := tunnel.Get(id)
	if len(first) < 4 {
		return dst
	}
	var number [4]byte
	PutUint32(number[:], Uint32(first)+uint32(n))
	return AppendAttr(dst, VLANTunnelID, number[:])
}
