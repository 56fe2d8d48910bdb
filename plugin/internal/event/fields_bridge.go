package event

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// bridge and bridgePort are attributes of bridges and of their ports
// (IFLA_BR_*, IFLA_BRPORT_*, uapi/linux/if_link.h).
func bridge(typ uint16, decode decoder) source     { return from(decode, own("bridge", typ)) }
func bridgePort(typ uint16, decode decoder) source { return from(decode, port("bridge", typ)) }

// Bits of struct br_boolopt_multi, IFLA_BR_MULTI_BOOLOPT (uapi/linux/if_bridge.h).
const (
	boolNoLinkLocalLearn = iota
	boolMcastVlanSnooping
	boolMST
	boolMDBOffloadFail
	boolFDBLocalVLAN0
)

// Attributes that x/sys/unix does not have (uapi/linux/if_link.h).
const (
	brSTPMode              = 50
	brportNeighForwardGrat = 45
)

var bridgeSTPModes = []string{"auto", "user", "kernel"}

// boolOpt is 0 or 1 where the kernel knows the bit.
func boolOpt(bit int) source {
	return bridge(unix.IFLA_BR_MULTI_BOOLOPT, func(_ *View, b []byte) Value {
		if len(b) < 8 || rtnl.Uint32(b[4:])>>bit&1 == 0 {
			return Value{}
		}
		return num(rtnl.Uint32(b) >> bit & 1)
	})
}

// bridgeFields are those of bridges. Times are in ticks of 1/100 s, as ip has
// them; the timers are left out, since they run.
var bridgeFields = []Field{
	{Name: "stp_state", Kind: Int, Doc: "spanning tree: 0 off, 1 the kernel's, 2 a program's: IFLA_BR_STP_STATE (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_STP_STATE, word32)},
	{Name: "stp_mode", Kind: String, Choices: bridgeSTPModes, Doc: "who runs it, auto where a program is asked first: IFLA_BR_STP_MODE (uapi/linux/if_link.h, Linux 7)",
		source: bridge(brSTPMode, words32(bridgeSTPModes))},
	{Name: "priority", Kind: Int, Doc: "of a bridge in the spanning tree: IFLA_BR_PRIORITY (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_PRIORITY, half16)},
	{Name: "bridge_id", Kind: String, Doc: "a bridge's own id, priority and address: IFLA_BR_BRIDGE_ID (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_BRIDGE_ID, bridgeID)},
	{Name: "root_id", Kind: String, Doc: "the id of the root of its spanning tree: IFLA_BR_ROOT_ID (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_ROOT_ID, bridgeID)},
	{Name: "root_port", Kind: Int, Doc: "port_no of the port towards the root, 0 where it is the root: IFLA_BR_ROOT_PORT (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_ROOT_PORT, half16)},
	{Name: "root_path_cost", Kind: Int, Doc: "distance to the root: IFLA_BR_ROOT_PATH_COST (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_ROOT_PATH_COST, word32)},
	{Name: "topology_change", Kind: Int, Doc: "1 while the tree changes: IFLA_BR_TOPOLOGY_CHANGE (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_TOPOLOGY_CHANGE, byte8)},
	{Name: "topology_change_detected", Kind: Int, Doc: "1 where the bridge saw it first: IFLA_BR_TOPOLOGY_CHANGE_DETECTED (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_TOPOLOGY_CHANGE_DETECTED, byte8)},
	{Name: "forward_delay", Kind: Int, Unit: "1/100 s", Doc: "listening and learning: IFLA_BR_FORWARD_DELAY (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_FORWARD_DELAY, word32)},
	{Name: "hello_time", Kind: Int, Unit: "1/100 s", Doc: "between hellos of the root: IFLA_BR_HELLO_TIME (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_HELLO_TIME, word32)},
	{Name: "max_age", Kind: Int, Unit: "1/100 s", Doc: "how long a hello is good: IFLA_BR_MAX_AGE (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MAX_AGE, word32)},
	{Name: "ageing_time", Kind: Int, Unit: "1/100 s", Doc: "how long an address is remembered: IFLA_BR_AGEING_TIME (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_AGEING_TIME, word32)},
	{Name: "vlan_filtering", Kind: Int, Doc: "1 where a bridge knows VLANs: IFLA_BR_VLAN_FILTERING (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_VLAN_FILTERING, byte8)},
	{Name: "vlan_default_pvid", Kind: Int, Doc: "VLAN of new ports, 0 for none: IFLA_BR_VLAN_DEFAULT_PVID (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_VLAN_DEFAULT_PVID, half16)},
	{Name: "vlan_stats_enabled", Kind: Int, Doc: "1 where it counts by VLAN: IFLA_BR_VLAN_STATS_ENABLED (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_VLAN_STATS_ENABLED, byte8)},
	{Name: "vlan_stats_per_port", Kind: Int, Doc: "1 where also by port: IFLA_BR_VLAN_STATS_PER_PORT (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_VLAN_STATS_PER_PORT, byte8)},
	{Name: "group_addr", Kind: String, Doc: "address of its hellos: IFLA_BR_GROUP_ADDR (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_GROUP_ADDR, macAddr)},
	{Name: "group_fwd_mask", Kind: String, Doc: "which link-local groups a bridge, or one of its ports, forwards, in hex: IFLA_BR_GROUP_FWD_MASK, IFLA_BRPORT_GROUP_FWD_MASK (uapi/linux/if_link.h)",
		source: either(bridge(unix.IFLA_BR_GROUP_FWD_MASK, hex16), bridgePort(unix.IFLA_BRPORT_GROUP_FWD_MASK, hex16))},
	{Name: "fdb_n_learned", Kind: Int, Volatile: true, Doc: "addresses that a bridge has learned: IFLA_BR_FDB_N_LEARNED (uapi/linux/if_link.h, Linux 6.7)",
		source: bridge(unix.IFLA_BR_FDB_N_LEARNED, word32)},
	{Name: "fdb_max_learned", Kind: Int, Doc: "how many it may, 0 for any: IFLA_BR_FDB_MAX_LEARNED (uapi/linux/if_link.h, Linux 6.7)",
		source: bridge(unix.IFLA_BR_FDB_MAX_LEARNED, word32)},
	{Name: "no_linklocal_learn", Kind: Int, Doc: "1 where nothing is learned from link-local frames: BR_BOOLOPT_NO_LL_LEARN (uapi/linux/if_bridge.h)",
		source: boolOpt(boolNoLinkLocalLearn)},
	{Name: "mcast_vlan_snooping", Kind: Int, Doc: "1 where multicast is snooped by VLAN: BR_BOOLOPT_MCAST_VLAN_SNOOPING (uapi/linux/if_bridge.h)",
		source: boolOpt(boolMcastVlanSnooping)},
	{Name: "mst_enabled", Kind: Int, Doc: "1 where VLANs have trees of their own: BR_BOOLOPT_MST_ENABLE (uapi/linux/if_bridge.h)",
		source: boolOpt(boolMST)},
	{Name: "mdb_offload_fail_notification", Kind: Int, Doc: "1 where a switch's refusal is announced: BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION (uapi/linux/if_bridge.h)",
		source: boolOpt(boolMDBOffloadFail)},
	{Name: "fdb_local_vlan_0", Kind: Int, Doc: "1 where local addresses are in VLAN 0 only: BR_BOOLOPT_FDB_LOCAL_VLAN_0 (uapi/linux/if_bridge.h)",
		source: boolOpt(boolFDBLocalVLAN0)},
	{Name: "mcast_snooping", Kind: Int, Doc: "1 where multicast goes to listeners only: IFLA_BR_MCAST_SNOOPING (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_SNOOPING, byte8)},
	{Name: "mcast_querier", Kind: Int, Doc: "1 where a bridge asks who listens: IFLA_BR_MCAST_QUERIER (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_QUERIER, byte8)},
	{Name: "mcast_query_use_ifaddr", Kind: Int, Doc: "1 where it asks with its own address: IFLA_BR_MCAST_QUERY_USE_IFADDR (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_QUERY_USE_IFADDR, byte8)},
	{Name: "mcast_router", Kind: Int, Doc: "0 never, 1 learned, 2 always a way to multicast routers, of a bridge or a port: IFLA_BR_MCAST_ROUTER, IFLA_BRPORT_MULTICAST_ROUTER (uapi/linux/if_link.h)",
		source: either(bridge(unix.IFLA_BR_MCAST_ROUTER, byte8), bridgePort(unix.IFLA_BRPORT_MULTICAST_ROUTER, byte8))},
	{Name: "mcast_hash_elasticity", Kind: Int, Doc: "without effect since Linux 5.2: IFLA_BR_MCAST_HASH_ELASTICITY (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_HASH_ELASTICITY, word32)},
	{Name: "mcast_hash_max", Kind: Int, Doc: "groups that it may know: IFLA_BR_MCAST_HASH_MAX (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_HASH_MAX, word32)},
	{Name: "mcast_last_member_cnt", Kind: Int, Doc: "queries before a group is given up: IFLA_BR_MCAST_LAST_MEMBER_CNT (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_LAST_MEMBER_CNT, word32)},
	{Name: "mcast_startup_query_cnt", Kind: Int, Doc: "queries at the start: IFLA_BR_MCAST_STARTUP_QUERY_CNT (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_STARTUP_QUERY_CNT, word32)},
	{Name: "mcast_last_member_intvl", Kind: Int, Unit: "1/100 s", Doc: "IFLA_BR_MCAST_LAST_MEMBER_INTVL (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_LAST_MEMBER_INTVL, word64)},
	{Name: "mcast_membership_intvl", Kind: Int, Unit: "1/100 s", Doc: "IFLA_BR_MCAST_MEMBERSHIP_INTVL (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_MEMBERSHIP_INTVL, word64)},
	{Name: "mcast_querier_intvl", Kind: Int, Unit: "1/100 s", Doc: "IFLA_BR_MCAST_QUERIER_INTVL (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_QUERIER_INTVL, word64)},
	{Name: "mcast_query_intvl", Kind: Int, Unit: "1/100 s", Doc: "IFLA_BR_MCAST_QUERY_INTVL (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_QUERY_INTVL, word64)},
	{Name: "mcast_query_response_intvl", Kind: Int, Unit: "1/100 s", Doc: "IFLA_BR_MCAST_QUERY_RESPONSE_INTVL (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_QUERY_RESPONSE_INTVL, word64)},
	{Name: "mcast_startup_query_intvl", Kind: Int, Unit: "1/100 s", Doc: "IFLA_BR_MCAST_STARTUP_QUERY_INTVL (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_STARTUP_QUERY_INTVL, word64)},
	{Name: "mcast_stats_enabled", Kind: Int, Doc: "1 where it counts queries and reports: IFLA_BR_MCAST_STATS_ENABLED (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_STATS_ENABLED, byte8)},
	{Name: "mcast_igmp_version", Kind: Int, Doc: "IFLA_BR_MCAST_IGMP_VERSION (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_IGMP_VERSION, byte8)},
	{Name: "mcast_mld_version", Kind: Int, Doc: "IFLA_BR_MCAST_MLD_VERSION (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_MCAST_MLD_VERSION, byte8)},
	{Name: "nf_call_iptables", Kind: Int, Doc: "1 where bridged packets pass iptables: IFLA_BR_NF_CALL_IPTABLES (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_NF_CALL_IPTABLES, byte8)},
	{Name: "nf_call_ip6tables", Kind: Int, Doc: "1 where they pass ip6tables: IFLA_BR_NF_CALL_IP6TABLES (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_NF_CALL_IP6TABLES, byte8)},
	{Name: "nf_call_arptables", Kind: Int, Doc: "1 where they pass arptables: IFLA_BR_NF_CALL_ARPTABLES (uapi/linux/if_link.h)",
		source: bridge(unix.IFLA_BR_NF_CALL_ARPTABLES, byte8)},
}

// portStates are BR_STATE_* from 0 (uapi/linux/if_bridge.h).
var portStates = []string{"disabled", "listening", "learning", "forwarding", "blocking"}

// bridgePortFields are those of a bridge's ports, without the timers.
var bridgePortFields = []Field{
	{Name: "port_state", Kind: String, Choices: portStates, Doc: "of a bridge's port in the spanning tree: IFLA_BRPORT_STATE, BR_STATE_* (uapi/linux/if_bridge.h)",
		source: bridgePort(unix.IFLA_BRPORT_STATE, words8(portStates))},
	{Name: "port_priority", Kind: Int, Doc: "IFLA_BRPORT_PRIORITY (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_PRIORITY, half16)},
	{Name: "cost", Kind: Int, Doc: "of a way over the port: IFLA_BRPORT_COST (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_COST, word32)},
	{Name: "port_id", Kind: String, Doc: "priority and number, in hex: IFLA_BRPORT_ID (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_ID, hex16)},
	{Name: "port_no", Kind: String, Doc: "number in its bridge, in hex: IFLA_BRPORT_NO (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_NO, hex16)},
	{Name: "designated_root", Kind: String, Doc: "the root that the port hears of: IFLA_BRPORT_ROOT_ID (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_ROOT_ID, bridgeID)},
	{Name: "designated_bridge", Kind: String, Doc: "the bridge towards it: IFLA_BRPORT_BRIDGE_ID (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_BRIDGE_ID, bridgeID)},
	{Name: "designated_port", Kind: Int, Doc: "that one's port: IFLA_BRPORT_DESIGNATED_PORT (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_DESIGNATED_PORT, half16)},
	{Name: "designated_cost", Kind: Int, Doc: "its distance: IFLA_BRPORT_DESIGNATED_COST (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_DESIGNATED_COST, half16)},
	{Name: "hairpin", Kind: Bool, Doc: "frames may leave where they came in: IFLA_BRPORT_MODE (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_MODE, yes8)},
	{Name: "guard", Kind: Bool, Doc: "hellos that come in are refused: IFLA_BRPORT_GUARD (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_GUARD, yes8)},
	{Name: "root_block", Kind: Bool, Doc: "it never is the way to the root: IFLA_BRPORT_PROTECT (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_PROTECT, yes8)},
	{Name: "fastleave", Kind: Bool, Doc: "a group ends with the first leave: IFLA_BRPORT_FAST_LEAVE (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_FAST_LEAVE, yes8)},
	{Name: "learning", Kind: Bool, Doc: "a bridge's port, or a VXLAN, learns addresses: IFLA_BRPORT_LEARNING, IFLA_VXLAN_LEARNING (uapi/linux/if_link.h)",
		source: either(bridgePort(unix.IFLA_BRPORT_LEARNING, yes8), from(yes8, own("vxlan", unix.IFLA_VXLAN_LEARNING)))},
	{Name: "flood", Kind: Bool, Doc: "frames to unknown addresses go out: IFLA_BRPORT_UNICAST_FLOOD (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_UNICAST_FLOOD, yes8)},
	{Name: "mcast_flood", Kind: Bool, Doc: "those to unknown groups: IFLA_BRPORT_MCAST_FLOOD (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_MCAST_FLOOD, yes8)},
	{Name: "bcast_flood", Kind: Bool, Doc: "broadcasts: IFLA_BRPORT_BCAST_FLOOD (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_BCAST_FLOOD, yes8)},
	{Name: "mcast_to_unicast", Kind: Bool, Doc: "each listener gets multicast as unicast: IFLA_BRPORT_MCAST_TO_UCAST (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_MCAST_TO_UCAST, yes8)},
	{Name: "neigh_suppress", Kind: Bool, Doc: "the bridge answers ARP and neighbor discovery: IFLA_BRPORT_NEIGH_SUPPRESS (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_NEIGH_SUPPRESS, yes8)},
	{Name: "neigh_vlan_suppress", Kind: Bool, Doc: "by VLAN: IFLA_BRPORT_NEIGH_VLAN_SUPPRESS (uapi/linux/if_link.h, Linux 6.4)",
		source: bridgePort(unix.IFLA_BRPORT_NEIGH_VLAN_SUPPRESS, yes8)},
	{Name: "neigh_forward_grat", Kind: Bool, Doc: "gratuitous ARP goes out in spite of that: IFLA_BRPORT_NEIGH_FORWARD_GRAT (uapi/linux/if_link.h, Linux 7)",
		source: bridgePort(brportNeighForwardGrat, yes8)},
	{Name: "proxy_arp", Kind: Bool, Doc: "IFLA_BRPORT_PROXYARP (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_PROXYARP, yes8)},
	{Name: "proxy_arp_wifi", Kind: Bool, Doc: "IFLA_BRPORT_PROXYARP_WIFI (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_PROXYARP_WIFI, yes8)},
	{Name: "vlan_tunnel", Kind: Bool, Doc: "VLANs stand for tunnels: IFLA_BRPORT_VLAN_TUNNEL (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_VLAN_TUNNEL, yes8)},
	{Name: "isolated", Kind: Bool, Doc: "no frames between isolated ports: IFLA_BRPORT_ISOLATED (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_ISOLATED, yes8)},
	{Name: "locked", Kind: Bool, Doc: "only known addresses may send: IFLA_BRPORT_LOCKED (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_LOCKED, yes8)},
	{Name: "mab", Kind: Bool, Doc: "others are noted as locked: IFLA_BRPORT_MAB (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_MAB, yes8)},
	{Name: "backup_port", Kind: String, Doc: "the port that takes over without carrier: IFLA_BRPORT_BACKUP_PORT (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_BACKUP_PORT, linkOf)},
	{Name: "backup_nhid", Kind: Int, Doc: "the nexthop object that it sends with: IFLA_BRPORT_BACKUP_NHID (uapi/linux/if_link.h, Linux 6.6)",
		source: bridgePort(unix.IFLA_BRPORT_BACKUP_NHID, word32)},
	{Name: "mcast_max_groups", Kind: Int, Doc: "groups that the port may have, 0 for any: IFLA_BRPORT_MCAST_MAX_GROUPS (uapi/linux/if_link.h, Linux 6.3)",
		source: bridgePort(unix.IFLA_BRPORT_MCAST_MAX_GROUPS, word32)},
	{Name: "mrp_ring_open", Kind: Bool, Doc: "true where test frames of a media redundancy ring do not come: IFLA_BRPORT_MRP_RING_OPEN (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_MRP_RING_OPEN, whereTrue)},
	{Name: "mrp_in_open", Kind: Bool, Doc: "true where those of an interconnection of rings do not: IFLA_BRPORT_MRP_IN_OPEN (uapi/linux/if_link.h)",
		source: bridgePort(unix.IFLA_BRPORT_MRP_IN_OPEN, whereTrue)},
	{Name: "mcast_n_groups", Kind: Int, Volatile: true, Doc: "groups that it has: IFLA_BRPORT_MCAST_N_GROUPS (uapi/linux/if_link.h, Linux 6.3)",
		source: bridgePort(unix.IFLA_BRPORT_MCAST_N_GROUPS, word32)},
}
