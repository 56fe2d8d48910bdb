package event

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Of uapi/linux/neighbour.h.
const (
	ndaProtocol     = 12      // NDA_PROTOCOL
	ndaNHID         = 13      // NDA_NH_ID
	ndaFDBExtAttrs  = 14      // NDA_FDB_EXT_ATTRS
	nfeaActivity    = 1       // NFEA_ACTIVITY_NOTIFY, in it
	ndaFlagsExt     = 15      // NDA_FLAGS_EXT
	ntfSticky       = 1 << 6  // NTF_STICKY
	ntfExtManaged   = 1 << 8  // NTF_EXT_MANAGED, above the 8 bits of ndm_flags
	ntfExtLocked    = 1 << 9  // NTF_EXT_LOCKED, likewise
	ntfExtValidated = 1 << 10 // NTF_EXT_EXT_VALIDATED, likewise
)

// neighborFields describe an entry of the ARP or neighbor discovery tables, and
// of a bridge's or VXLAN's forwarding table (family bridge), whose key is
// lladdr (uapi/linux/neighbour.h). The entry's ages and its probes are no
// events.
var neighborFields = []Field{
	{Name: "interface", Kind: String, Tag: true, Doc: "the link it is on, in a bridge the port: ndm_ifindex (uapi/linux/neighbour.h)",
		source: partLink(rtnl.NeighborIndex)},
	{Name: "family", Kind: String, Tag: true, Choices: []string{"inet", "inet6", "bridge"}, Doc: "ndm_family (uapi/linux/neighbour.h)",
		source: family},
	{Name: "ifindex", Kind: Int, Doc: "the link's index: ndm_ifindex (uapi/linux/neighbour.h)",
		source: part(rtnl.NeighborIndex)},
	{Name: "dst", Kind: String, Doc: "the neighbor's address, in a VXLAN the remote end: NDA_DST (uapi/linux/neighbour.h)",
		source: attrAddr(unix.NDA_DST)},
	{Name: "lladdr", Kind: String, Doc: "link-layer address: NDA_LLADDR (uapi/linux/neighbour.h)",
		source: attrHardware(unix.NDA_LLADDR)},
	{Name: "state", Kind: String, Choices: neighborStates, Doc: "ndm_state, NUD_* (uapi/linux/neighbour.h); static is noarp of family bridge",
		source: source{head: head(rtnl.Family, rtnl.NeighborState), get: neighborState}},
	{Name: "state_code", Kind: Int, Doc: "state as the kernel's bit: 1 incomplete, 2 reachable, 4 stale, 8 delay, 16 probe, 32 failed, 64 noarp, 128 permanent: ndm_state (uapi/linux/neighbour.h)",
		source: part(rtnl.NeighborState)},
	{Name: "flags", Kind: String, Doc: "ndm_flags and NDA_FLAGS_EXT: router, proxy, extern_learn, …, of family bridge self, master, sticky, … (uapi/linux/neighbour.h)",
		source: source{head: head(rtnl.Family, rtnl.NeighborFlags), attrs: []uint16{ndaFlagsExt}, get: neighborFlags}},
	{Name: "vlan", Kind: Int, Doc: "VLAN of a bridge's entry: NDA_VLAN (uapi/linux/neighbour.h)",
		source: attr16(unix.NDA_VLAN)},
	{Name: "vni", Kind: Int, Doc: "VXLAN network that the remote end gets: NDA_VNI (uapi/linux/neighbour.h)",
		source: attr32(unix.NDA_VNI)},
	{Name: "src_vni", Kind: Int, Doc: "VXLAN network whose packets it is for: NDA_SRC_VNI (uapi/linux/neighbour.h)",
		source: attr32(unix.NDA_SRC_VNI)},
	{Name: "port", Kind: Int, Doc: "UDP port of the remote end where it is not the link's: NDA_PORT (uapi/linux/neighbour.h)",
		source: attr(unix.NDA_PORT, networkShort)},
	{Name: "via", Kind: String, Doc: "the link that the remote end is behind, if<index> where that is in another namespace: NDA_IFINDEX (uapi/linux/neighbour.h)",
		source: source{attrs: []uint16{unix.NDA_IFINDEX, unix.NDA_LINK_NETNSID}, get: neighborVia}},
	{Name: "link_netnsid", Kind: Int, Doc: "the namespace of `via`: NDA_LINK_NETNSID (uapi/linux/neighbour.h)",
		source: attr(unix.NDA_LINK_NETNSID, signed32)},
	{Name: "nhid", Kind: Int, Doc: "the nexthop object that has the remote ends: NDA_NH_ID (uapi/linux/neighbour.h)",
		source: attr32(ndaNHID)},
	{Name: "protocol", Kind: String, Doc: "who added it, named in /etc/iproute2/rt_protos: NDA_PROTOCOL (uapi/linux/neighbour.h)",
		source: attr(ndaProtocol, func(b []byte) Value { return str(protocolName(rtnl.Uint8(b))) })},
	{Name: "activity_notify", Kind: Bool, Doc: "true where a bridge tells when it goes inactive: FDB_NOTIFY_BIT of NDA_FDB_EXT_ATTRS (uapi/linux/neighbour.h)",
		source: attr(ndaFDBExtAttrs, activity(1))},
	{Name: "inactive", Kind: Bool, Doc: "true where it is: FDB_NOTIFY_INACTIVE_BIT of NDA_FDB_EXT_ATTRS (uapi/linux/neighbour.h)",
		source: attr(ndaFDBExtAttrs, activity(2))},
	{Name: "master", Kind: String, Doc: "the bridge whose entry it is: NDA_MASTER (uapi/linux/neighbour.h)",
		source: attrLink(unix.NDA_MASTER)},
	{Name: "probes", Kind: Int, Volatile: true, Doc: "solicitations without an answer: NDA_PROBES (uapi/linux/neighbour.h)",
		source: attr32(unix.NDA_PROBES)},
}

// networkShort is 16 bits in network order.
func networkShort(b []byte) Value {
	if len(b) < 2 {
		return Value{}
	}
	return num(binary.BigEndian.Uint16(b))
}

func neighborVia(v *View) Value {
	index := rtnl.Uint32(v.Attr(unix.NDA_IFINDEX))
	switch {
	case index == 0:
		return Value{}
	case v.Attr(unix.NDA_LINK_NETNSID) != nil:
		return str("if" + decimal(index))
	}
	return str(v.linkName(index))
}

// activity decodes a bit of NFEA_ACTIVITY_NOTIFY.
func activity(bit uint8) func([]byte) Value {
	return func(b []byte) Value {
		return onlyTrue(rtnl.Uint8(rtnl.Attrs(b).Get(nfeaActivity))&bit != 0)
	}
}

var neighborStates = []string{"incomplete", "reachable", "stale", "delay", "probe", "failed", "noarp", "permanent", "static"}

// neighborStateBits are NUD_*.
var neighborStateBits = []bitWord{
	{unix.NUD_INCOMPLETE, "incomplete"}, {unix.NUD_REACHABLE, "reachable"}, {unix.NUD_STALE, "stale"},
	{unix.NUD_DELAY, "delay"}, {unix.NUD_PROBE, "probe"}, {unix.NUD_FAILED, "failed"},
	{unix.NUD_NOARP, "noarp"}, {unix.NUD_PERMANENT, "permanent"},
}

// forwardingStateBits are the words of `bridge fdb`: the first that applies.
// It prints none for a learned entry, which is reachable.
var forwardingStateBits = []bitWord{
	{unix.NUD_PERMANENT, "permanent"}, {unix.NUD_NOARP, "static"}, {unix.NUD_STALE, "stale"},
	{unix.NUD_REACHABLE, "reachable"},
}

func (v *View) isForwarding() bool { return v.family() == unix.AF_BRIDGE }

func neighborState(v *View) Value {
	state := uint32(rtnl.NeighborMsg(v.body).State())
	if v.isForwarding() {
		for _, w := range forwardingStateBits {
			if state&w.bit != 0 {
				return str(w.word)
			}
		}
	}
	return str(formatBits(state, neighborStateBits))
}

// neighborFlagBits are NTF_* in the order of `ip neigh`.
var neighborFlagBits = []bitWord{
	{unix.NTF_ROUTER, "router"}, {unix.NTF_PROXY, "proxy"}, {ntfExtManaged, "managed"},
	{unix.NTF_EXT_LEARNED, "extern_learn"}, {unix.NTF_OFFLOADED, "offload"}, {ntfExtValidated, "extern_valid"},
}

// forwardingFlagBits are NTF_* in the order of `bridge fdb`.
var forwardingFlagBits = []bitWord{
	{unix.NTF_SELF, "self"}, {unix.NTF_ROUTER, "router"}, {unix.NTF_EXT_LEARNED, "extern_learn"},
	{unix.NTF_OFFLOADED, "offload"}, {unix.NTF_MASTER, "master"}, {ntfSticky, "sticky"}, {ntfExtLocked, "locked"},
}

func neighborFlags(v *View) Value {
	flags := rtnl.NeighborMsg(v.body).Flags()
	if v.isForwarding() {
		return str(formatBits(flags, forwardingFlagBits))
	}
	return str(formatBits(flags, neighborFlagBits))
}
