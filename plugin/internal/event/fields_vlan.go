package event

import "telegraf-rtnetlink/plugin/internal/rtnl"

// vlanFields describe one VLAN on a port of a bridge, or on the bridge itself
// (uapi/linux/if_bridge.h). What counts packets and groups is no field.
var vlanFields = []Field{
	{Name: "interface", Kind: String, Tag: true, Doc: "the port, or the bridge itself: ifindex of struct br_vlan_msg (uapi/linux/if_bridge.h)",
		source: partLink(rtnl.VLANIndex)},
	{Name: "ifindex", Kind: Int, Doc: "its index: ifindex of struct br_vlan_msg (uapi/linux/if_bridge.h)",
		source: part(rtnl.VLANIndex)},
	{Name: "vlan", Kind: Int, Doc: "the VLAN's number: vid of BRIDGE_VLANDB_ENTRY_INFO (uapi/linux/if_bridge.h)",
		source: attr16(rtnl.VLANID)},
	{Name: "flags", Kind: String, Doc: "PVID for what comes untagged, Egress Untagged where it leaves so: BRIDGE_VLAN_INFO_* (uapi/linux/if_bridge.h)",
		source: attr(rtnl.VLANFlags, func(b []byte) Value { return str(formatBits(uint32(rtnl.Uint16(b))&bridgeVLANMask, bridgeVLANBits)) })},
	{Name: "state", Kind: String, Choices: vlanStates, Doc: "of the spanning tree in this VLAN: BRIDGE_VLANDB_ENTRY_STATE (uapi/linux/if_bridge.h)",
		source: attr(rtnl.VLANState, func(b []byte) Value { return str(wordOf(vlanStates, rtnl.Uint8(b))) })},
	{Name: "tunnel_id", Kind: Int, Doc: "the tunnel's network that it goes to and comes from: BRIDGE_VLANDB_TINFO_ID (uapi/linux/if_bridge.h)",
		source: attr32(rtnl.VLANTunnelID)},
	{Name: "mcast_router", Kind: Int, Doc: "whether a multicast router is there: 0 never, 1 where one is heard, 2 always: BRIDGE_VLANDB_ENTRY_MCAST_ROUTER (uapi/linux/if_bridge.h)",
		source: attr8(rtnl.VLANMcastRouter)},
	{Name: "mcast_max_groups", Kind: Int, Doc: "how many multicast groups it may have, 0 for any: BRIDGE_VLANDB_ENTRY_MCAST_MAX_GROUPS (uapi/linux/if_bridge.h)",
		source: attr32(rtnl.VLANMaxGroups)},
	{Name: "neigh_suppress", Kind: Bool, Doc: "ARP and neighbor discovery are answered by the bridge: BRIDGE_VLANDB_ENTRY_NEIGH_SUPPRESS (uapi/linux/if_bridge.h)",
		source: attr(rtnl.VLANSuppress, func(b []byte) Value { return truth(rtnl.Uint8(b) != 0) })},
}

// vlanStates are BR_STATE_* from 0.
var vlanStates = []string{"disabled", "listening", "learning", "forwarding", "blocking"}

// bridgeVLANBits are BRIDGE_VLAN_INFO_* in the order of `bridge vlan`; the others
// are of requests.
var bridgeVLANBits = []bitWord{{1 << 1, "PVID"}, {1 << 2, "Egress Untagged"}}

const bridgeVLANMask = 1<<1 | 1<<2
