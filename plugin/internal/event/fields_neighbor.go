package event

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Of uapi/linux/neighbour.h.
const (
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
	{Name: "state_code", Kind: Int, NoChange: true, Doc: "state as the kernel's bit: 1 incomplete, 2 reachable, 4 stale, 8 delay, 16 probe, 32 failed, 64 noarp, 128 permanent: ndm_state (uapi/linux/neighbour.h)",
		source: part(rtnl.NeighborState)},
	{Name: "flags", Kind: String, Doc: "ndm_flags and NDA_FLAGS_EXT: router, proxy, extern_learn, …, of family bridge self, master, sticky, … (uapi/linux/neighbour.h)",
		source: source{head: head(rtnl.Family, rtnl.NeighborFlags), attrs: []uint16{ndaFlagsExt}, get: neighborFlags}},
	{Name: "vlan", Kind: Int, Doc: "VLAN of a bridge's entry: NDA_VLAN (uapi/linux/neighbour.h)",
		source: attr16(unix.NDA_VLAN)},
	{Name: "vni", Kind: Int, Doc: "VXLAN network that the remote end gets: NDA_VNI (uapi/linux/neighbour.h)",
		source: attr32(unix.NDA_VNI)},
	{Name: "master", Kind: String, Doc: "the bridge whose entry it is: NDA_MASTER (uapi/linux/neighbour.h)",
		source: attrLink(unix.NDA_MASTER)},
	{Name: "probes", Kind: Int, Volatile: true, Doc: "solicitations without an answer: NDA_PROBES (uapi/linux/neighbour.h)",
		source: attr32(unix.NDA_PROBES)},
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
