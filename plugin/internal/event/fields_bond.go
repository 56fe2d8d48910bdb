package event

import "golang.org/x/sys/unix"

// bondFields are those of bonds and of their ports (IFLA_BOND_*,
// IFLA_BOND_SLAVE_*, uapi/linux/if_link.h). A failover is a change of the bond's
// bond_active_slave and of bond_state of both ports.
var bondFields = []Field{
	{Name: "bond_mode", Kind: String, Choices: bondModes, Doc: "how a bond chooses: IFLA_BOND_MODE (uapi/linux/if_bonding.h)",
		source: from(words8(bondModes), own("bond", unix.IFLA_BOND_MODE))},
	{Name: "bond_active_slave", Kind: String, Doc: "the port that a bond sends with, in modes that use one at a time: IFLA_BOND_ACTIVE_SLAVE (uapi/linux/if_link.h)",
		source: from(linkOf, own("bond", unix.IFLA_BOND_ACTIVE_SLAVE))},
	{Name: "bond_miimon", Kind: Int, Unit: "ms", Doc: "how often a bond looks at its ports' carrier: IFLA_BOND_MIIMON (uapi/linux/if_link.h)",
		source: from(word32, own("bond", unix.IFLA_BOND_MIIMON))},
	{Name: "bond_updelay", Kind: Int, Unit: "ms", Doc: "from carrier to use: IFLA_BOND_UPDELAY (uapi/linux/if_link.h)",
		source: from(word32, own("bond", unix.IFLA_BOND_UPDELAY))},
	{Name: "bond_downdelay", Kind: Int, Unit: "ms", Doc: "from loss of carrier to disuse: IFLA_BOND_DOWNDELAY (uapi/linux/if_link.h)",
		source: from(word32, own("bond", unix.IFLA_BOND_DOWNDELAY))},
	{Name: "bond_use_carrier", Kind: Int, Doc: "1 where carrier is asked of the driver's state: IFLA_BOND_USE_CARRIER (uapi/linux/if_link.h)",
		source: from(byte8, own("bond", unix.IFLA_BOND_USE_CARRIER))},
	{Name: "bond_arp_interval", Kind: Int, Unit: "ms", Doc: "how often a bond asks bond_arp_ip_target: IFLA_BOND_ARP_INTERVAL (uapi/linux/if_link.h)",
		source: from(word32, own("bond", unix.IFLA_BOND_ARP_INTERVAL))},
	{Name: "bond_arp_ip_target", Kind: String, Doc: "IPv4 addresses that it asks, comma-joined: IFLA_BOND_ARP_IP_TARGET (uapi/linux/if_link.h)",
		source: from(listed(anyHost), own("bond", unix.IFLA_BOND_ARP_IP_TARGET))},
	{Name: "bond_ns_ip6_target", Kind: String, Doc: "IPv6 addresses that it asks, comma-joined: IFLA_BOND_NS_IP6_TARGET (uapi/linux/if_link.h)",
		source: from(listed(anyHost), own("bond", unix.IFLA_BOND_NS_IP6_TARGET))},
	{Name: "bond_arp_validate", Kind: String, Doc: "which ports' answers are looked at: IFLA_BOND_ARP_VALIDATE (uapi/linux/if_link.h)",
		source: from(words32([]string{"none", "active", "backup", "all", "filter", "filter_active", "filter_backup"}), own("bond", unix.IFLA_BOND_ARP_VALIDATE))},
	{Name: "bond_arp_all_targets", Kind: String, Doc: "how many have to answer: IFLA_BOND_ARP_ALL_TARGETS (uapi/linux/if_link.h)",
		source: from(words32([]string{"any", "all"}), own("bond", unix.IFLA_BOND_ARP_ALL_TARGETS))},
	{Name: "bond_missed_max", Kind: Int, Doc: "answers that may fail to come: IFLA_BOND_MISSED_MAX (uapi/linux/if_link.h)",
		source: from(byte8, own("bond", unix.IFLA_BOND_MISSED_MAX))},
	{Name: "bond_primary", Kind: String, Doc: "the preferred port: IFLA_BOND_PRIMARY (uapi/linux/if_link.h)",
		source: from(linkOf, own("bond", unix.IFLA_BOND_PRIMARY))},
	{Name: "bond_primary_reselect", Kind: String, Doc: "when to go back to it: IFLA_BOND_PRIMARY_RESELECT (uapi/linux/if_link.h)",
		source: from(words8([]string{"always", "better", "failure"}), own("bond", unix.IFLA_BOND_PRIMARY_RESELECT))},
	{Name: "bond_fail_over_mac", Kind: String, Doc: "which addresses the ports have: IFLA_BOND_FAIL_OVER_MAC (uapi/linux/if_link.h)",
		source: from(words8([]string{"none", "active", "follow"}), own("bond", unix.IFLA_BOND_FAIL_OVER_MAC))},
	{Name: "bond_xmit_hash_policy", Kind: String, Doc: "what decides which port a packet takes: IFLA_BOND_XMIT_HASH_POLICY (uapi/linux/if_link.h)",
		source: from(words8([]string{"layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"}), own("bond", unix.IFLA_BOND_XMIT_HASH_POLICY))},
	{Name: "bond_resend_igmp", Kind: Int, Doc: "membership reports after a failover: IFLA_BOND_RESEND_IGMP (uapi/linux/if_link.h)",
		source: from(word32, own("bond", unix.IFLA_BOND_RESEND_IGMP))},
	{Name: "bond_num_peer_notif", Kind: Int, Doc: "gratuitous ARPs after a failover: IFLA_BOND_NUM_PEER_NOTIF (uapi/linux/if_link.h)",
		source: from(byte8, own("bond", unix.IFLA_BOND_NUM_PEER_NOTIF))},
	{Name: "bond_peer_notify_delay", Kind: Int, Unit: "ms", Doc: "time between these: IFLA_BOND_PEER_NOTIF_DELAY (uapi/linux/if_link.h)",
		source: from(word32, own("bond", unix.IFLA_BOND_PEER_NOTIF_DELAY))},
	{Name: "bond_all_slaves_active", Kind: Int, Doc: "1 where idle ports receive: IFLA_BOND_ALL_SLAVES_ACTIVE (uapi/linux/if_link.h)",
		source: from(byte8, own("bond", unix.IFLA_BOND_ALL_SLAVES_ACTIVE))},
	{Name: "bond_min_links", Kind: Int, Doc: "ports that it needs for carrier: IFLA_BOND_MIN_LINKS (uapi/linux/if_link.h)",
		source: from(word32, own("bond", unix.IFLA_BOND_MIN_LINKS))},
	{Name: "bond_lp_interval", Kind: Int, Unit: "s", Doc: "between learning packets: IFLA_BOND_LP_INTERVAL (uapi/linux/if_link.h)",
		source: from(word32, own("bond", unix.IFLA_BOND_LP_INTERVAL))},
	{Name: "bond_packets_per_slave", Kind: Int, Doc: "balance-rr: before the next port's turn: IFLA_BOND_PACKETS_PER_SLAVE (uapi/linux/if_link.h)",
		source: from(word32, own("bond", unix.IFLA_BOND_PACKETS_PER_SLAVE))},
	{Name: "bond_tlb_dynamic_lb", Kind: Int, Doc: "balance-tlb: 1 where load moves flows: IFLA_BOND_TLB_DYNAMIC_LB (uapi/linux/if_link.h)",
		source: from(byte8, own("bond", unix.IFLA_BOND_TLB_DYNAMIC_LB))},
	{Name: "bond_coupled_control", Kind: String, Doc: "LACP: on where receiving and sending start together: IFLA_BOND_COUPLED_CONTROL (uapi/linux/if_link.h)",
		source: from(words8(offOn), own("bond", unix.IFLA_BOND_COUPLED_CONTROL))},
	{Name: "bond_broadcast_neighbor", Kind: String, Doc: "LACP: on where ARP and neighbor discovery go out of all ports: IFLA_BOND_BROADCAST_NEIGH (uapi/linux/if_link.h, Linux 6.17)",
		source: from(words8(offOn), own("bond", bondBroadcastNeigh))},
	{Name: "bond_lacp_strict", Kind: String, Doc: "LACP: on where a bond without a partner has no carrier: IFLA_BOND_LACP_STRICT (uapi/linux/if_link.h, Linux 7)",
		source: from(words8(offOn), own("bond", bondLACPStrict))},
	{Name: "ad_lacp_active", Kind: String, Doc: "LACP: on where a bond speaks first: IFLA_BOND_AD_LACP_ACTIVE (uapi/linux/if_link.h)",
		source: from(words8(offOn), own("bond", unix.IFLA_BOND_AD_LACP_ACTIVE))},
	{Name: "ad_lacp_rate", Kind: String, Doc: "LACP: how often the partner is to speak: IFLA_BOND_AD_LACP_RATE (uapi/linux/if_link.h)",
		source: from(words8([]string{"slow", "fast"}), own("bond", unix.IFLA_BOND_AD_LACP_RATE))},
	{Name: "ad_select", Kind: String, Doc: "LACP: how an aggregator is chosen: IFLA_BOND_AD_SELECT (uapi/linux/if_link.h)",
		source: from(words8([]string{"stable", "bandwidth", "count"}), own("bond", unix.IFLA_BOND_AD_SELECT))},
	{Name: "ad_aggregator", Kind: Int, Doc: "LACP: the aggregator in use: IFLA_BOND_AD_INFO_AGGREGATOR (uapi/linux/if_link.h)",
		source: adInfo(unix.IFLA_BOND_AD_INFO_AGGREGATOR, half16)},
	{Name: "ad_num_ports", Kind: Int, Doc: "LACP: ports in it: IFLA_BOND_AD_INFO_NUM_PORTS (uapi/linux/if_link.h)",
		source: adInfo(unix.IFLA_BOND_AD_INFO_NUM_PORTS, half16)},
	{Name: "ad_actor_key", Kind: Int, Doc: "LACP: the bond's key: IFLA_BOND_AD_INFO_ACTOR_KEY (uapi/linux/if_link.h)",
		source: adInfo(unix.IFLA_BOND_AD_INFO_ACTOR_KEY, half16)},
	{Name: "ad_partner_key", Kind: Int, Doc: "LACP: the partner's key: IFLA_BOND_AD_INFO_PARTNER_KEY (uapi/linux/if_link.h)",
		source: adInfo(unix.IFLA_BOND_AD_INFO_PARTNER_KEY, half16)},
	{Name: "ad_partner_mac", Kind: String, Doc: "LACP: the partner's system, zeros while there is none: IFLA_BOND_AD_INFO_PARTNER_MAC (uapi/linux/if_link.h)",
		source: adInfo(unix.IFLA_BOND_AD_INFO_PARTNER_MAC, macAddr)},
	{Name: "ad_actor_sys_prio", Kind: Int, Doc: "LACP: the bond's system priority: IFLA_BOND_AD_ACTOR_SYS_PRIO (uapi/linux/if_link.h)",
		source: from(half16, own("bond", unix.IFLA_BOND_AD_ACTOR_SYS_PRIO))},
	{Name: "ad_user_port_key", Kind: Int, Doc: "LACP: upper bits of its ports' keys: IFLA_BOND_AD_USER_PORT_KEY (uapi/linux/if_link.h)",
		source: from(half16, own("bond", unix.IFLA_BOND_AD_USER_PORT_KEY))},
	{Name: "ad_actor_system", Kind: String, Doc: "LACP: the bond's system: IFLA_BOND_AD_ACTOR_SYSTEM (uapi/linux/if_link.h)",
		source: from(macAddr, own("bond", unix.IFLA_BOND_AD_ACTOR_SYSTEM))},

	{Name: "bond_state", Kind: String, Choices: bondStates, Doc: "of a bond's port, whether it is in use: IFLA_BOND_SLAVE_STATE (uapi/linux/if_link.h)",
		source: from(words8(bondStates), port("bond", unix.IFLA_BOND_SLAVE_STATE))},
	{Name: "bond_mii_status", Kind: String, Choices: bondMIIStates, Doc: "of a bond's port, what the bond thinks of its carrier: IFLA_BOND_SLAVE_MII_STATUS (uapi/linux/if_link.h)",
		source: from(words8(bondMIIStates), port("bond", unix.IFLA_BOND_SLAVE_MII_STATUS))},
	{Name: "bond_link_failures", Kind: Int, Doc: "of a bond's port, how often it lost carrier: IFLA_BOND_SLAVE_LINK_FAILURE_COUNT (uapi/linux/if_link.h)",
		source: from(word32, port("bond", unix.IFLA_BOND_SLAVE_LINK_FAILURE_COUNT))},
	{Name: "bond_perm_hwaddr", Kind: String, Doc: "of a bond's port, its own address: IFLA_BOND_SLAVE_PERM_HWADDR (uapi/linux/if_link.h)",
		source: from(macAddr, port("bond", unix.IFLA_BOND_SLAVE_PERM_HWADDR))},
	{Name: "bond_queue_id", Kind: Int, Doc: "of a bond's port, the queue that is its own: IFLA_BOND_SLAVE_QUEUE_ID (uapi/linux/if_link.h)",
		source: from(half16, port("bond", unix.IFLA_BOND_SLAVE_QUEUE_ID))},
	{Name: "bond_prio", Kind: Int, Doc: "of a bond's port, the highest is chosen: IFLA_BOND_SLAVE_PRIO (uapi/linux/if_link.h)",
		source: from(int32s, port("bond", unix.IFLA_BOND_SLAVE_PRIO))},
	{Name: "ad_actor_port_prio", Kind: Int, Doc: "LACP, of a bond's port: its priority: IFLA_BOND_SLAVE_ACTOR_PORT_PRIO (uapi/linux/if_link.h, Linux 6.18)",
		source: from(half16, port("bond", bondSlaveActorPortPrio))},
	{Name: "ad_aggregator_id", Kind: Int, Doc: "LACP, of a bond's port: its aggregator: IFLA_BOND_SLAVE_AD_AGGREGATOR_ID (uapi/linux/if_link.h)",
		source: from(half16, port("bond", unix.IFLA_BOND_SLAVE_AD_AGGREGATOR_ID))},
	{Name: "ad_actor_oper_port_state", Kind: Int, Doc: "LACP, of a bond's port: its state's bits: IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE (IEEE 802.1AX 6.4.2.3)",
		source: from(byte8, port("bond", unix.IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE))},
	{Name: "ad_partner_oper_port_state", Kind: Int, Doc: "LACP, of a bond's port: the partner's: IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE (IEEE 802.1AX 6.4.2.3)",
		source: from(half16, port("bond", unix.IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE))},
}

var (
	bondModes     = []string{"balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"}
	bondStates    = []string{"active", "backup"}
	bondMIIStates = []string{"up", "going_down", "down", "going_back"}
	offOn         = []string{"off", "on"}
)

// Attributes that x/sys/unix does not have (uapi/linux/if_link.h).
const (
	bondBroadcastNeigh     = 33
	bondLACPStrict         = 34
	bondSlaveActorPortPrio = 10
)

// adInfo decodes an attribute in IFLA_BOND_AD_INFO.
func adInfo(typ uint16, decode decoder) source {
	return from(within(typ, decode), own("bond", unix.IFLA_BOND_AD_INFO))
}
