package event

import (
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// mdbFields describe one port's part in a multicast group of a bridge, or where
// a VXLAN sends a group (uapi/linux/if_bridge.h). Timers run, and are no fields.
var mdbFields = []Field{
	{Name: "interface", Kind: String, Tag: true, Doc: "the bridge, or the VXLAN: ifindex of struct br_port_msg (uapi/linux/if_bridge.h)",
		source: partLink(rtnl.MDBIndex)},
	{Name: "ifindex", Kind: Int, Doc: "its index: ifindex of struct br_port_msg (uapi/linux/if_bridge.h)",
		source: part(rtnl.MDBIndex)},
	{Name: "port", Kind: String, Doc: "the port that has receivers, the bridge itself where that has: ifindex of struct br_mdb_entry (uapi/linux/if_bridge.h)",
		source: attrLink(rtnl.MDBPort)},
	{Name: "group", Kind: String, Doc: "the multicast address, of IP or of the link layer: addr of struct br_mdb_entry (uapi/linux/if_bridge.h)",
		source: attr(rtnl.MDBGroup, func(b []byte) Value { return str(addressOrMAC(b)) })},
	{Name: "src", Kind: String, Doc: "the only source that it is for, absent for any: MDBA_MDB_EATTR_SOURCE (uapi/linux/if_bridge.h)",
		source: attrAddr(rtnl.MDBSource)},
	{Name: "vlan", Kind: Int, Doc: "the VLAN, absent without one: vid of struct br_mdb_entry (uapi/linux/if_bridge.h)",
		source: attr(rtnl.MDBVlan, func(b []byte) Value { return nonZero(int64(rtnl.Uint16(b))) })},
	{Name: "state", Kind: String, Choices: mdbStates, Doc: "permanent by hand, temp where it goes by time: MDB_* (uapi/linux/if_bridge.h)",
		source: attr(rtnl.MDBState, func(b []byte) Value { return str(wordOf(mdbStates, rtnl.Uint8(b)&1)) })},
	{Name: "flags", Kind: String, Doc: "MDB_FLAGS_*: offload, fast_leave, added_by_star_ex, blocked, offload_failed (uapi/linux/if_bridge.h)",
		source: attr(rtnl.MDBFlags, func(b []byte) Value { return str(formatBits(uint32(rtnl.Uint8(b)), mdbFlagBits)) })},
	{Name: "filter_mode", Kind: String, Choices: mdbModes, Doc: "whether source_list names the wanted sources or the others (IGMPv3, MLDv2): MDBA_MDB_EATTR_GROUP_MODE (uapi/linux/if_bridge.h)",
		source: attr(rtnl.MDBMode, func(b []byte) Value { return str(wordOf(mdbModes, rtnl.Uint8(b))) })},
	{Name: "source_list", Kind: String, Doc: "these sources, comma-joined, in the order of their numbers: MDBA_MDB_EATTR_SRC_LIST (uapi/linux/if_bridge.h)",
		source: source{attrs: []uint16{rtnl.MDBSources, rtnl.MDBGroup}, get: mdbSources}},
	{Name: "protocol", Kind: String, Doc: "who added it, named in /etc/iproute2/rt_protos: MDBA_MDB_EATTR_RTPROT (uapi/linux/if_bridge.h)",
		source: attr(rtnl.MDBProtocol, func(b []byte) Value { return str(protocolName(rtnl.Uint8(b))) })},
	{Name: "dst", Kind: String, Doc: "of a VXLAN, the remote end that gets it: MDBA_MDB_EATTR_DST (uapi/linux/if_bridge.h)",
		source: attrAddr(rtnl.MDBDst)},
	{Name: "dst_port", Kind: Int, Doc: "UDP port of that end where it is not the link's: MDBA_MDB_EATTR_DST_PORT (uapi/linux/if_bridge.h)",
		source: attr16(rtnl.MDBDstPort)},
	{Name: "vni", Kind: Int, Doc: "VXLAN network that it gets: MDBA_MDB_EATTR_VNI (uapi/linux/if_bridge.h)",
		source: attr32(rtnl.MDBVNI)},
	{Name: "src_vni", Kind: Int, Doc: "VXLAN network whose packets it is for: MDBA_MDB_EATTR_SRC_VNI (uapi/linux/if_bridge.h)",
		source: attr32(rtnl.MDBSourceVNI)},
	{Name: "via", Kind: String, Doc: "the link that the remote end is behind: MDBA_MDB_EATTR_IFINDEX (uapi/linux/if_bridge.h)",
		source: attrLink(rtnl.MDBVia)},
}

var (
	mdbStates = []string{"temp", "permanent"}
	mdbModes  = []string{"exclude", "include"} // MCAST_*, uapi/linux/in.h
)

// mdbFlagBits are MDB_FLAGS_* in the order of `bridge mdb`.
var mdbFlagBits = []bitWord{
	{1, "offload"}, {2, "fast_leave"}, {4, "added_by_star_ex"}, {8, "blocked"}, {16, "offload_failed"},
}

// addressOrMAC prints what has 6 bytes as a MAC, other lengths as IP.
func addressOrMAC(b []byte) string {
	if len(b) == 6 {
		return formatHardware(b)
	}
	return formatAddr(b)
}

// mdbSources prints addresses of the family of the group.
func mdbSources(v *View) Value {
	list, size := v.Attr(rtnl.MDBSources), len(v.Attr(rtnl.MDBGroup))
	if size != 4 && size != 16 {
		return Value{}
	}
	var out []byte
	for ; len(list) >= size; list = list[size:] {
		out = appendAddr(appendSep(out, ','), list[:size])
	}
	return str(string(out))
}
