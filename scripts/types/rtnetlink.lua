---@meta rtnetlink

-- Type definitions of the module rtnetlink for the Lua language server.
-- Generated from the plugin's field table; do not edit.

---@alias Action "new"|"change"|"delete"
---@alias Origin "dump"|"notify"|"implied"|"resync"
---@alias Object "link"|"nexthop"|"address"|"route"|"rule"|"neighbor"|"netconf"|"nsid"|"mdb"|"vlan"

---A copy of one link of the mirror.
---@class Link
---@field object "link"
---@field interface string? the link's name: IFLA_IFNAME (uapi/linux/if_link.h) [tag]
---@field kind string? what created it (bridge, veth, vlan, …), absent for hardware: IFLA_INFO_KIND (uapi/linux/if_link.h) [tag]
---@field ifindex integer? the link's index, unique in its namespace: ifi_index (uapi/linux/rtnetlink.h)
---@field link_type string? hardware type (ether, loopback, …): ifi_type, ARPHRD_* (uapi/linux/if_arp.h)
---@field mtu integer? largest packet: IFLA_MTU (uapi/linux/if_link.h) (bytes)
---@field operstate (string|"unknown"|"notpresent"|"down"|"lowerlayerdown"|"testing"|"dormant"|"up")? RFC 2863 state: IFLA_OPERSTATE, IF_OPER_* (uapi/linux/if.h)
---@field operstate_code integer? operstate as the kernel's number, 0 unknown to 6 up: IFLA_OPERSTATE (uapi/linux/if.h)
---@field up boolean? set up by the administrator: IFF_UP (uapi/linux/if.h)
---@field carrier boolean? the device has carrier, up or not: IFLA_CARRIER (uapi/linux/if_link.h)
---@field flags string? IFF_* (uapi/linux/if.h) as ip prints them: NO-CARRIER for up without IFF_RUNNING; not M-DOWN, which is the state of `link`
---@field address string? link-layer address: IFLA_ADDRESS (uapi/linux/if_link.h)
---@field broadcast string? link-layer broadcast address or the peer of a point-to-point link: IFLA_BROADCAST (uapi/linux/if_link.h)
---@field permaddr string? the hardware's own address where `address` is another: IFLA_PERM_ADDRESS (uapi/linux/if_link.h)
---@field master string? the bridge, bond or VRF it belongs to: IFLA_MASTER (uapi/linux/if_link.h)
---@field link string? the link below it or its peer, if<index> where that is in another namespace: IFLA_LINK (uapi/linux/if_link.h)
---@field qdisc string? root queueing discipline: IFLA_QDISC (uapi/linux/if_link.h)
---@field txqlen integer? transmit queue length: IFLA_TXQLEN (uapi/linux/if_link.h) (packets)
---@field group string? group of links, named in /etc/iproute2/group: IFLA_GROUP (uapi/linux/if_link.h)
---@field ifalias string? free text for people: IFLA_IFALIAS (uapi/linux/if_link.h)
---@field altnames string? alternative names, comma-joined: IFLA_PROP_LIST, IFLA_ALT_IFNAME (uapi/linux/if_link.h)
---@field num_tx_queues integer? transmit queues: IFLA_NUM_TX_QUEUES (uapi/linux/if_link.h)
---@field num_rx_queues integer? receive queues: IFLA_NUM_RX_QUEUES (uapi/linux/if_link.h)
---@field promiscuity integer? how many want it promiscuous: IFLA_PROMISCUITY (uapi/linux/if_link.h)
---@field allmulti integer? how many want all multicast: IFLA_ALLMULTI (uapi/linux/if_link.h, Linux 6.0)
---@field min_mtu integer? least mtu: IFLA_MIN_MTU (uapi/linux/if_link.h) (bytes)
---@field max_mtu integer? largest mtu, 0 for no bound: IFLA_MAX_MTU (uapi/linux/if_link.h) (bytes)
---@field linkmode (string|"default"|"dormant")? dormant where a program says when it is up: IFLA_LINKMODE (uapi/linux/if.h)
---@field proto_down boolean? true where a protocol holds it down: IFLA_PROTO_DOWN (uapi/linux/if_link.h)
---@field proto_down_reason string? why, named in /etc/iproute2/protodown_reasons, comma-joined: IFLA_PROTO_DOWN_REASON (uapi/linux/if_link.h)
---@field xdp (string|"none"|"xdp"|"xdpgeneric"|"xdpoffload"|"xdpmulti")? how a BPF program is attached: IFLA_XDP_ATTACHED (uapi/linux/if_link.h)
---@field xdp_prog_id integer? that program: IFLA_XDP_PROG_ID (uapi/linux/if_link.h)
---@field parent_device string? the device on its bus, "0000:03:00.0": IFLA_PARENT_DEV_NAME (uapi/linux/if_link.h)
---@field parent_bus string? the bus, "pci": IFLA_PARENT_DEV_BUS_NAME (uapi/linux/if_link.h)
---@field phys_port_name string? what is printed at the port: IFLA_PHYS_PORT_NAME (uapi/linux/if_link.h)
---@field phys_port_id string? in hex: IFLA_PHYS_PORT_ID (uapi/linux/if_link.h)
---@field phys_switch_id string? the switch that it is a port of, in hex: IFLA_PHYS_SWITCH_ID (uapi/linux/if_link.h)
---@field link_netnsid integer? the namespace of `link`: IFLA_LINK_NETNSID (uapi/linux/if_link.h)
---@field gso_max_size integer? largest packet to be cut up later: IFLA_GSO_MAX_SIZE (uapi/linux/if_link.h) (bytes)
---@field gso_max_segs integer? into how many: IFLA_GSO_MAX_SEGS (uapi/linux/if_link.h)
---@field tso_max_size integer? largest that the device cuts up: IFLA_TSO_MAX_SIZE (uapi/linux/if_link.h) (bytes)
---@field tso_max_segs integer? into how many: IFLA_TSO_MAX_SEGS (uapi/linux/if_link.h)
---@field gro_max_size integer? largest that is put together: IFLA_GRO_MAX_SIZE (uapi/linux/if_link.h) (bytes)
---@field gso_ipv4_max_size integer? IFLA_GSO_IPV4_MAX_SIZE (uapi/linux/if_link.h, Linux 6.3) (bytes)
---@field gro_ipv4_max_size integer? IFLA_GRO_IPV4_MAX_SIZE (uapi/linux/if_link.h, Linux 6.3) (bytes)
---@field netns_immutable boolean? true where it cannot move to another namespace: IFLA_NETNS_IMMUTABLE (uapi/linux/if_link.h, Linux 6.15)
---@field port_kind string? what its master made of it (bridge, bond, vrf, …): IFLA_INFO_SLAVE_KIND (uapi/linux/if_link.h)
---@field carrier_changes integer? carrier changes since creation: IFLA_CARRIER_CHANGES (uapi/linux/if_link.h)
---@field carrier_up_count integer? how often carrier came: IFLA_CARRIER_UP_COUNT (uapi/linux/if_link.h)
---@field carrier_down_count integer? how often carrier went: IFLA_CARRIER_DOWN_COUNT (uapi/linux/if_link.h)
---@field missed_carrier_changes integer? carrier changes since the last message that no message showed, from the counters; absent when 0
---@field irq integer? the device's interrupt, absent when it has none: ifmap.irq, IFLA_MAP (uapi/linux/if_link.h)
---@field irq_count integer? the device's interrupts: entries of /sys/class/net/<interface>/device/msi_irqs; absent when there are none
---@field new_netnsid integer? on delete: the namespace that the link has moved to, IFLA_NEW_NETNSID (uapi/linux/if_link.h); absent when it is gone for good
---@field new_ifindex integer? on delete: the link's index in the namespace that it has moved to, IFLA_NEW_IFINDEX (uapi/linux/if_link.h)
---@field bond_mode (string|"balance-rr"|"active-backup"|"balance-xor"|"broadcast"|"802.3ad"|"balance-tlb"|"balance-alb")? how a bond chooses: IFLA_BOND_MODE (uapi/linux/if_bonding.h)
---@field bond_active_slave string? the port that a bond sends with, in modes that use one at a time: IFLA_BOND_ACTIVE_SLAVE (uapi/linux/if_link.h)
---@field bond_miimon integer? how often a bond looks at its ports' carrier: IFLA_BOND_MIIMON (uapi/linux/if_link.h) (ms)
---@field bond_updelay integer? from carrier to use: IFLA_BOND_UPDELAY (uapi/linux/if_link.h) (ms)
---@field bond_downdelay integer? from loss of carrier to disuse: IFLA_BOND_DOWNDELAY (uapi/linux/if_link.h) (ms)
---@field bond_use_carrier integer? 1 where carrier is asked of the driver's state: IFLA_BOND_USE_CARRIER (uapi/linux/if_link.h)
---@field bond_arp_interval integer? how often a bond asks bond_arp_ip_target: IFLA_BOND_ARP_INTERVAL (uapi/linux/if_link.h) (ms)
---@field bond_arp_ip_target string? IPv4 addresses that it asks, comma-joined: IFLA_BOND_ARP_IP_TARGET (uapi/linux/if_link.h)
---@field bond_ns_ip6_target string? IPv6 addresses that it asks, comma-joined: IFLA_BOND_NS_IP6_TARGET (uapi/linux/if_link.h)
---@field bond_arp_validate string? which ports' answers are looked at: IFLA_BOND_ARP_VALIDATE (uapi/linux/if_link.h)
---@field bond_arp_all_targets string? how many have to answer: IFLA_BOND_ARP_ALL_TARGETS (uapi/linux/if_link.h)
---@field bond_missed_max integer? answers that may fail to come: IFLA_BOND_MISSED_MAX (uapi/linux/if_link.h)
---@field bond_primary string? the preferred port: IFLA_BOND_PRIMARY (uapi/linux/if_link.h)
---@field bond_primary_reselect string? when to go back to it: IFLA_BOND_PRIMARY_RESELECT (uapi/linux/if_link.h)
---@field bond_fail_over_mac string? which addresses the ports have: IFLA_BOND_FAIL_OVER_MAC (uapi/linux/if_link.h)
---@field bond_xmit_hash_policy string? what decides which port a packet takes: IFLA_BOND_XMIT_HASH_POLICY (uapi/linux/if_link.h)
---@field bond_resend_igmp integer? membership reports after a failover: IFLA_BOND_RESEND_IGMP (uapi/linux/if_link.h)
---@field bond_num_peer_notif integer? gratuitous ARPs after a failover: IFLA_BOND_NUM_PEER_NOTIF (uapi/linux/if_link.h)
---@field bond_peer_notify_delay integer? time between these: IFLA_BOND_PEER_NOTIF_DELAY (uapi/linux/if_link.h) (ms)
---@field bond_all_slaves_active integer? 1 where idle ports receive: IFLA_BOND_ALL_SLAVES_ACTIVE (uapi/linux/if_link.h)
---@field bond_min_links integer? ports that it needs for carrier: IFLA_BOND_MIN_LINKS (uapi/linux/if_link.h)
---@field bond_lp_interval integer? between learning packets: IFLA_BOND_LP_INTERVAL (uapi/linux/if_link.h) (s)
---@field bond_packets_per_slave integer? balance-rr: before the next port's turn: IFLA_BOND_PACKETS_PER_SLAVE (uapi/linux/if_link.h)
---@field bond_tlb_dynamic_lb integer? balance-tlb: 1 where load moves flows: IFLA_BOND_TLB_DYNAMIC_LB (uapi/linux/if_link.h)
---@field bond_coupled_control string? LACP: on where receiving and sending start together: IFLA_BOND_COUPLED_CONTROL (uapi/linux/if_link.h)
---@field ad_lacp_active string? LACP: on where a bond speaks first: IFLA_BOND_AD_LACP_ACTIVE (uapi/linux/if_link.h)
---@field ad_lacp_rate string? LACP: how often the partner is to speak: IFLA_BOND_AD_LACP_RATE (uapi/linux/if_link.h)
---@field ad_select string? LACP: how an aggregator is chosen: IFLA_BOND_AD_SELECT (uapi/linux/if_link.h)
---@field ad_aggregator integer? LACP: the aggregator in use: IFLA_BOND_AD_INFO_AGGREGATOR (uapi/linux/if_link.h)
---@field ad_num_ports integer? LACP: ports in it: IFLA_BOND_AD_INFO_NUM_PORTS (uapi/linux/if_link.h)
---@field ad_actor_key integer? LACP: the bond's key: IFLA_BOND_AD_INFO_ACTOR_KEY (uapi/linux/if_link.h)
---@field ad_partner_key integer? LACP: the partner's key: IFLA_BOND_AD_INFO_PARTNER_KEY (uapi/linux/if_link.h)
---@field ad_partner_mac string? LACP: the partner's system, zeros while there is none: IFLA_BOND_AD_INFO_PARTNER_MAC (uapi/linux/if_link.h)
---@field ad_actor_sys_prio integer? LACP: the bond's system priority: IFLA_BOND_AD_ACTOR_SYS_PRIO (uapi/linux/if_link.h)
---@field ad_user_port_key integer? LACP: upper bits of its ports' keys: IFLA_BOND_AD_USER_PORT_KEY (uapi/linux/if_link.h)
---@field ad_actor_system string? LACP: the bond's system: IFLA_BOND_AD_ACTOR_SYSTEM (uapi/linux/if_link.h)
---@field bond_state (string|"active"|"backup")? of a bond's port, whether it is in use: IFLA_BOND_SLAVE_STATE (uapi/linux/if_link.h)
---@field bond_mii_status (string|"up"|"going_down"|"down"|"going_back")? of a bond's port, what the bond thinks of its carrier: IFLA_BOND_SLAVE_MII_STATUS (uapi/linux/if_link.h)
---@field bond_link_failures integer? of a bond's port, how often it lost carrier: IFLA_BOND_SLAVE_LINK_FAILURE_COUNT (uapi/linux/if_link.h)
---@field bond_perm_hwaddr string? of a bond's port, its own address: IFLA_BOND_SLAVE_PERM_HWADDR (uapi/linux/if_link.h)
---@field bond_queue_id integer? of a bond's port, the queue that is its own: IFLA_BOND_SLAVE_QUEUE_ID (uapi/linux/if_link.h)
---@field bond_prio integer? of a bond's port, the highest is chosen: IFLA_BOND_SLAVE_PRIO (uapi/linux/if_link.h)
---@field ad_aggregator_id integer? LACP, of a bond's port: its aggregator: IFLA_BOND_SLAVE_AD_AGGREGATOR_ID (uapi/linux/if_link.h)
---@field ad_actor_oper_port_state integer? LACP, of a bond's port: its state's bits: IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE (IEEE 802.1AX 6.4.2.3)
---@field ad_partner_oper_port_state integer? LACP, of a bond's port: the partner's: IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE (IEEE 802.1AX 6.4.2.3)
---@field stp_state integer? spanning tree: 0 off, 1 the kernel's, 2 a program's: IFLA_BR_STP_STATE (uapi/linux/if_link.h)
---@field priority integer? of a bridge in the spanning tree: IFLA_BR_PRIORITY (uapi/linux/if_link.h)
---@field bridge_id string? a bridge's own id, priority and address: IFLA_BR_BRIDGE_ID (uapi/linux/if_link.h)
---@field root_id string? the id of the root of its spanning tree: IFLA_BR_ROOT_ID (uapi/linux/if_link.h)
---@field root_port integer? port_no of the port towards the root, 0 where it is the root: IFLA_BR_ROOT_PORT (uapi/linux/if_link.h)
---@field root_path_cost integer? distance to the root: IFLA_BR_ROOT_PATH_COST (uapi/linux/if_link.h)
---@field topology_change integer? 1 while the tree changes: IFLA_BR_TOPOLOGY_CHANGE (uapi/linux/if_link.h)
---@field topology_change_detected integer? 1 where the bridge saw it first: IFLA_BR_TOPOLOGY_CHANGE_DETECTED (uapi/linux/if_link.h)
---@field forward_delay integer? listening and learning: IFLA_BR_FORWARD_DELAY (uapi/linux/if_link.h) (1/100 s)
---@field hello_time integer? between hellos of the root: IFLA_BR_HELLO_TIME (uapi/linux/if_link.h) (1/100 s)
---@field max_age integer? how long a hello is good: IFLA_BR_MAX_AGE (uapi/linux/if_link.h) (1/100 s)
---@field ageing_time integer? how long an address is remembered: IFLA_BR_AGEING_TIME (uapi/linux/if_link.h) (1/100 s)
---@field vlan_filtering integer? 1 where a bridge knows VLANs: IFLA_BR_VLAN_FILTERING (uapi/linux/if_link.h)
---@field vlan_default_pvid integer? VLAN of new ports, 0 for none: IFLA_BR_VLAN_DEFAULT_PVID (uapi/linux/if_link.h)
---@field vlan_stats_enabled integer? 1 where it counts by VLAN: IFLA_BR_VLAN_STATS_ENABLED (uapi/linux/if_link.h)
---@field vlan_stats_per_port integer? 1 where also by port: IFLA_BR_VLAN_STATS_PER_PORT (uapi/linux/if_link.h)
---@field group_addr string? address of its hellos: IFLA_BR_GROUP_ADDR (uapi/linux/if_link.h)
---@field group_fwd_mask string? which link-local groups a bridge, or one of its ports, forwards, in hex: IFLA_BR_GROUP_FWD_MASK, IFLA_BRPORT_GROUP_FWD_MASK (uapi/linux/if_link.h)
---@field fdb_n_learned integer? addresses that a bridge has learned: IFLA_BR_FDB_N_LEARNED (uapi/linux/if_link.h, Linux 6.7)
---@field fdb_max_learned integer? how many it may, 0 for any: IFLA_BR_FDB_MAX_LEARNED (uapi/linux/if_link.h, Linux 6.7)
---@field no_linklocal_learn integer? 1 where nothing is learned from link-local frames: BR_BOOLOPT_NO_LL_LEARN (uapi/linux/if_bridge.h)
---@field mcast_vlan_snooping integer? 1 where multicast is snooped by VLAN: BR_BOOLOPT_MCAST_VLAN_SNOOPING (uapi/linux/if_bridge.h)
---@field mst_enabled integer? 1 where VLANs have trees of their own: BR_BOOLOPT_MST_ENABLE (uapi/linux/if_bridge.h)
---@field mdb_offload_fail_notification integer? 1 where a switch's refusal is announced: BR_BOOLOPT_MDB_OFFLOAD_FAIL_NOTIFICATION (uapi/linux/if_bridge.h)
---@field fdb_local_vlan_0 integer? 1 where local addresses are in VLAN 0 only: BR_BOOLOPT_FDB_LOCAL_VLAN_0 (uapi/linux/if_bridge.h)
---@field mcast_snooping integer? 1 where multicast goes to listeners only: IFLA_BR_MCAST_SNOOPING (uapi/linux/if_link.h)
---@field mcast_querier integer? 1 where a bridge asks who listens: IFLA_BR_MCAST_QUERIER (uapi/linux/if_link.h)
---@field mcast_query_use_ifaddr integer? 1 where it asks with its own address: IFLA_BR_MCAST_QUERY_USE_IFADDR (uapi/linux/if_link.h)
---@field mcast_router integer? 0 never, 1 learned, 2 always a way to multicast routers, of a bridge or a port: IFLA_BR_MCAST_ROUTER, IFLA_BRPORT_MULTICAST_ROUTER (uapi/linux/if_link.h)
---@field mcast_hash_elasticity integer? without effect since Linux 5.2: IFLA_BR_MCAST_HASH_ELASTICITY (uapi/linux/if_link.h)
---@field mcast_hash_max integer? groups that it may know: IFLA_BR_MCAST_HASH_MAX (uapi/linux/if_link.h)
---@field mcast_last_member_cnt integer? queries before a group is given up: IFLA_BR_MCAST_LAST_MEMBER_CNT (uapi/linux/if_link.h)
---@field mcast_startup_query_cnt integer? queries at the start: IFLA_BR_MCAST_STARTUP_QUERY_CNT (uapi/linux/if_link.h)
---@field mcast_last_member_intvl integer? IFLA_BR_MCAST_LAST_MEMBER_INTVL (uapi/linux/if_link.h) (1/100 s)
---@field mcast_membership_intvl integer? IFLA_BR_MCAST_MEMBERSHIP_INTVL (uapi/linux/if_link.h) (1/100 s)
---@field mcast_querier_intvl integer? IFLA_BR_MCAST_QUERIER_INTVL (uapi/linux/if_link.h) (1/100 s)
---@field mcast_query_intvl integer? IFLA_BR_MCAST_QUERY_INTVL (uapi/linux/if_link.h) (1/100 s)
---@field mcast_query_response_intvl integer? IFLA_BR_MCAST_QUERY_RESPONSE_INTVL (uapi/linux/if_link.h) (1/100 s)
---@field mcast_startup_query_intvl integer? IFLA_BR_MCAST_STARTUP_QUERY_INTVL (uapi/linux/if_link.h) (1/100 s)
---@field mcast_stats_enabled integer? 1 where it counts queries and reports: IFLA_BR_MCAST_STATS_ENABLED (uapi/linux/if_link.h)
---@field mcast_igmp_version integer? IFLA_BR_MCAST_IGMP_VERSION (uapi/linux/if_link.h)
---@field mcast_mld_version integer? IFLA_BR_MCAST_MLD_VERSION (uapi/linux/if_link.h)
---@field nf_call_iptables integer? 1 where bridged packets pass iptables: IFLA_BR_NF_CALL_IPTABLES (uapi/linux/if_link.h)
---@field nf_call_ip6tables integer? 1 where they pass ip6tables: IFLA_BR_NF_CALL_IP6TABLES (uapi/linux/if_link.h)
---@field nf_call_arptables integer? 1 where they pass arptables: IFLA_BR_NF_CALL_ARPTABLES (uapi/linux/if_link.h)
---@field port_state (string|"disabled"|"listening"|"learning"|"forwarding"|"blocking")? of a bridge's port in the spanning tree: IFLA_BRPORT_STATE, BR_STATE_* (uapi/linux/if_bridge.h)
---@field port_priority integer? IFLA_BRPORT_PRIORITY (uapi/linux/if_link.h)
---@field cost integer? of a way over the port: IFLA_BRPORT_COST (uapi/linux/if_link.h)
---@field port_id string? priority and number, in hex: IFLA_BRPORT_ID (uapi/linux/if_link.h)
---@field port_no string? number in its bridge, in hex: IFLA_BRPORT_NO (uapi/linux/if_link.h)
---@field designated_root string? the root that the port hears of: IFLA_BRPORT_ROOT_ID (uapi/linux/if_link.h)
---@field designated_bridge string? the bridge towards it: IFLA_BRPORT_BRIDGE_ID (uapi/linux/if_link.h)
---@field designated_port integer? that one's port: IFLA_BRPORT_DESIGNATED_PORT (uapi/linux/if_link.h)
---@field designated_cost integer? its distance: IFLA_BRPORT_DESIGNATED_COST (uapi/linux/if_link.h)
---@field hairpin boolean? frames may leave where they came in: IFLA_BRPORT_MODE (uapi/linux/if_link.h)
---@field guard boolean? hellos that come in are refused: IFLA_BRPORT_GUARD (uapi/linux/if_link.h)
---@field root_block boolean? it never is the way to the root: IFLA_BRPORT_PROTECT (uapi/linux/if_link.h)
---@field fastleave boolean? a group ends with the first leave: IFLA_BRPORT_FAST_LEAVE (uapi/linux/if_link.h)
---@field learning boolean? a bridge's port, or a VXLAN, learns addresses: IFLA_BRPORT_LEARNING, IFLA_VXLAN_LEARNING (uapi/linux/if_link.h)
---@field flood boolean? frames to unknown addresses go out: IFLA_BRPORT_UNICAST_FLOOD (uapi/linux/if_link.h)
---@field mcast_flood boolean? those to unknown groups: IFLA_BRPORT_MCAST_FLOOD (uapi/linux/if_link.h)
---@field bcast_flood boolean? broadcasts: IFLA_BRPORT_BCAST_FLOOD (uapi/linux/if_link.h)
---@field mcast_to_unicast boolean? each listener gets multicast as unicast: IFLA_BRPORT_MCAST_TO_UCAST (uapi/linux/if_link.h)
---@field neigh_suppress boolean? the bridge answers ARP and neighbor discovery: IFLA_BRPORT_NEIGH_SUPPRESS (uapi/linux/if_link.h)
---@field neigh_vlan_suppress boolean? by VLAN: IFLA_BRPORT_NEIGH_VLAN_SUPPRESS (uapi/linux/if_link.h, Linux 6.4)
---@field proxy_arp boolean? IFLA_BRPORT_PROXYARP (uapi/linux/if_link.h)
---@field proxy_arp_wifi boolean? IFLA_BRPORT_PROXYARP_WIFI (uapi/linux/if_link.h)
---@field vlan_tunnel boolean? VLANs stand for tunnels: IFLA_BRPORT_VLAN_TUNNEL (uapi/linux/if_link.h)
---@field isolated boolean? no frames between isolated ports: IFLA_BRPORT_ISOLATED (uapi/linux/if_link.h)
---@field locked boolean? only known addresses may send: IFLA_BRPORT_LOCKED (uapi/linux/if_link.h)
---@field mab boolean? others are noted as locked: IFLA_BRPORT_MAB (uapi/linux/if_link.h)
---@field backup_port string? the port that takes over without carrier: IFLA_BRPORT_BACKUP_PORT (uapi/linux/if_link.h)
---@field backup_nhid integer? the nexthop object that it sends with: IFLA_BRPORT_BACKUP_NHID (uapi/linux/if_link.h, Linux 6.6)
---@field mcast_max_groups integer? groups that the port may have, 0 for any: IFLA_BRPORT_MCAST_MAX_GROUPS (uapi/linux/if_link.h, Linux 6.3)
---@field mcast_n_groups integer? groups that it has: IFLA_BRPORT_MCAST_N_GROUPS (uapi/linux/if_link.h, Linux 6.3)
---@field vni integer? network of a VXLAN or GENEVE: IFLA_VXLAN_ID, IFLA_GENEVE_ID (uapi/linux/if_link.h)
---@field ["local"] string? a tunnel's own end, absent for any: IFLA_GRE_LOCAL, IFLA_IPTUN_LOCAL, IFLA_VXLAN_LOCAL, … (uapi/linux/if_tunnel.h, if_link.h)
---@field remote string? its other end, or a VXLAN's multicast group, absent for any: IFLA_GRE_REMOTE, IFLA_IPTUN_REMOTE, IFLA_VXLAN_GROUP, … (uapi/linux/if_tunnel.h, if_link.h)
---@field tunnel_link string? the link that it is over, absent for any: IFLA_GRE_LINK, IFLA_IPTUN_LINK, IFLA_VXLAN_LINK, IFLA_XFRM_LINK, … (uapi/linux/if_tunnel.h, if_link.h)
---@field dstport integer? UDP port of the other end: IFLA_VXLAN_PORT, IFLA_GENEVE_PORT, IFLA_BAREUDP_PORT (uapi/linux/if_link.h)
---@field srcport string? UDP ports that a VXLAN sends from, "low-high", 0-0 for any: IFLA_VXLAN_PORT_RANGE (uapi/linux/if_link.h)
---@field external boolean? true where routes and forwarding entries say the end: IFLA_VXLAN_COLLECT_METADATA, … (uapi/linux/if_link.h)
---@field ttl string? TTL or hop limit of a tunnel's packets, "inherit" for the packet's own; of VXLAN and GENEVE 0 for the default (uapi/linux/if_tunnel.h)
---@field tos string? type of service of its packets, in hex or "inherit", absent for 0 (uapi/linux/if_tunnel.h)
---@field pmtudisc boolean? its packets may not be fragmented: IFLA_GRE_PMTUDISC, IFLA_IPTUN_PMTUDISC (uapi/linux/if_tunnel.h)
---@field df string? the same of VXLAN and GENEVE: IFLA_VXLAN_DF, IFLA_GENEVE_DF (uapi/linux/if_link.h)
---@field ikey string? key of what comes in, as an address, absent without keys: IFLA_GRE_IKEY, IFLA_VTI_IKEY (uapi/linux/if_tunnel.h)
---@field okey string? key of what goes out: IFLA_GRE_OKEY, IFLA_VTI_OKEY (uapi/linux/if_tunnel.h)
---@field gre_flags string? iseq, oseq, icsum, ocsum: IFLA_GRE_IFLAGS, IFLA_GRE_OFLAGS (uapi/linux/if_tunnel.h)
---@field proto string? what it carries: IFLA_IPTUN_PROTO (uapi/linux/if_tunnel.h)
---@field encaplimit integer? tunnels within it over IPv6: IFLA_GRE_ENCAP_LIMIT, IFLA_IPTUN_ENCAP_LIMIT (uapi/linux/if_tunnel.h)
---@field flowinfo string? traffic class and flow label over IPv6, in hex: IFLA_GRE_FLOWINFO, IFLA_IPTUN_FLOWINFO (uapi/linux/if_tunnel.h)
---@field tunnel_flags string? of a tunnel over IPv6, IP6_TNL_F_* in hex, or of sit: IFLA_IPTUN_FLAGS (uapi/linux/ip6_tunnel.h)
---@field encap_type string? fou or gue, absent for none: IFLA_GRE_ENCAP_TYPE, IFLA_IPTUN_ENCAP_TYPE (uapi/linux/if_tunnel.h)
---@field encap_sport integer? its UDP port, absent for 0: IFLA_GRE_ENCAP_SPORT, IFLA_IPTUN_ENCAP_SPORT (uapi/linux/if_tunnel.h)
---@field encap_dport integer? that of the other end: IFLA_GRE_ENCAP_DPORT, IFLA_IPTUN_ENCAP_DPORT (uapi/linux/if_tunnel.h)
---@field fwmark string? mark of its packets, in hex, absent for 0: IFLA_GRE_FWMARK, IFLA_IPTUN_FWMARK, IFLA_VTI_FWMARK (uapi/linux/if_tunnel.h)
---@field erspan_ver integer? IFLA_GRE_ERSPAN_VER (uapi/linux/if_tunnel.h)
---@field erspan_index integer? IFLA_GRE_ERSPAN_INDEX (uapi/linux/if_tunnel.h)
---@field erspan_dir string? IFLA_GRE_ERSPAN_DIR (uapi/linux/if_tunnel.h)
---@field erspan_hwid string? in hex: IFLA_GRE_ERSPAN_HWID (uapi/linux/if_tunnel.h)
---@field if_id string? which IPsec policies an xfrm link is for, in hex: IFLA_XFRM_IF_ID (uapi/linux/if_link.h)
---@field ageing integer? how long a VXLAN remembers an address: IFLA_VXLAN_AGEING (uapi/linux/if_link.h) (s)
---@field limit integer? addresses that it may remember, absent for any: IFLA_VXLAN_LIMIT (uapi/linux/if_link.h)
---@field flowlabel string? IPv6 flow label of its packets, in hex, absent for 0: IFLA_VXLAN_LABEL, IFLA_GENEVE_LABEL (uapi/linux/if_link.h)
---@field vxlan_flags string? proxy, rsc, l2miss, l3miss, gbp, gpe, vnifilter, localbypass, udp_csum, udp_zero_csum6_tx, udp_zero_csum6_rx, remcsum_tx, remcsum_rx, comma-joined: IFLA_VXLAN_* (uapi/linux/if_link.h)
---@field vlan_id integer? of a VLAN: IFLA_VLAN_ID (uapi/linux/if_link.h)
---@field vlan_protocol string? 802.1Q or 802.1ad, of a VLAN or a bridge: IFLA_VLAN_PROTOCOL, IFLA_BR_VLAN_PROTOCOL (uapi/linux/if_link.h)
---@field vlan_flags string? IFLA_VLAN_FLAGS, VLAN_FLAG_* (uapi/linux/if_vlan.h)
---@field vlan_ingress_qos string? 802.1p priorities to the kernel's, "from:to", comma-joined: IFLA_VLAN_INGRESS_QOS (uapi/linux/if_link.h)
---@field vlan_egress_qos string? and back: IFLA_VLAN_EGRESS_QOS (uapi/linux/if_link.h)
---@field vrf_table integer? routing table of a VRF, and of its members: IFLA_VRF_TABLE, IFLA_VRF_PORT_TABLE (uapi/linux/if_link.h)
---@field mode string? of macvlan private, vepa, bridge, passthru, source; of ipvlan and netkit l2, l3, l3s; of ipoib datagram, connected: IFLA_MACVLAN_MODE, IFLA_IPVLAN_MODE, IFLA_NETKIT_MODE, IFLA_IPOIB_MODE (uapi/linux/if_link.h)
---@field mode_flags string? of macvlan nopromisc, nodst; of ipvlan private, vepa: IFLA_MACVLAN_FLAGS, IFLA_IPVLAN_FLAGS (uapi/linux/if_link.h)
---@field macaddr_list string? addresses that macvlan of mode source takes, comma-joined: IFLA_MACVLAN_MACADDR_DATA (uapi/linux/if_link.h)
---@field bcqueuelen integer? broadcasts that macvlan may queue: IFLA_MACVLAN_BC_QUEUE_LEN (uapi/linux/if_link.h)
---@field bc_cutoff integer? macvlan of the link below that broadcasts skip the queue up to: IFLA_MACVLAN_BC_CUTOFF (uapi/linux/if_link.h)
---@field tun_type string? IFLA_TUN_TYPE (uapi/linux/if_link.h)
---@field tun_owner integer? the user who may attach: IFLA_TUN_OWNER (uapi/linux/if_link.h)
---@field tun_group integer? the group: IFLA_TUN_GROUP (uapi/linux/if_link.h)
---@field persist boolean? a tun or tap stays without a program: IFLA_TUN_PERSIST (uapi/linux/if_link.h)
---@field pi boolean? packets come with a header of their protocol: IFLA_TUN_PI (uapi/linux/if_link.h)
---@field vnet_hdr boolean? and with one of offloads: IFLA_TUN_VNET_HDR (uapi/linux/if_link.h)
---@field multi_queue boolean? several programs may attach: IFLA_TUN_MULTI_QUEUE (uapi/linux/if_link.h)
---@field numqueues integer? how many have: IFLA_TUN_NUM_QUEUES (uapi/linux/if_link.h)
---@field numdisabled integer? of these turned off: IFLA_TUN_NUM_DISABLED_QUEUES (uapi/linux/if_link.h)
---@field sci string? a MACsec link's channel, in hex: IFLA_MACSEC_SCI (uapi/linux/if_link.h)
---@field cipher_suite string? IFLA_MACSEC_CIPHER_SUITE (uapi/linux/if_macsec.h)
---@field icv_len integer? IFLA_MACSEC_ICV_LEN (uapi/linux/if_link.h) (bytes)
---@field encoding_sa integer? the association that it sends with: IFLA_MACSEC_ENCODING_SA (uapi/linux/if_link.h)
---@field validate string? what becomes of frames that are not right: IFLA_MACSEC_VALIDATION (uapi/linux/if_link.h)
---@field macsec_offload string? who does the work: IFLA_MACSEC_OFFLOAD (uapi/linux/if_link.h)
---@field macsec_window integer? frames that may come late: IFLA_MACSEC_WINDOW (uapi/linux/if_link.h)
---@field macsec_flags string? encrypt, protect, send_sci, end_station, scb, replay_protect: IFLA_MACSEC_* (uapi/linux/if_link.h)
---@field slave1 string? first link of HSR or PRP: IFLA_HSR_SLAVE1 (uapi/linux/if_link.h)
---@field slave2 string? second: IFLA_HSR_SLAVE2 (uapi/linux/if_link.h)
---@field interlink string? third: IFLA_HSR_INTERLINK (uapi/linux/if_link.h)
---@field supervision_addr string? IFLA_HSR_SUPERVISION_ADDR (uapi/linux/if_link.h)
---@field hsr_protocol integer? 0 HSR, 1 PRP: IFLA_HSR_PROTOCOL (uapi/linux/if_link.h)
---@field conduit string? the link to a switch that a port of it is behind: IFLA_DSA_CONDUIT (uapi/linux/if_link.h)
---@field pkey string? partition of InfiniBand, in hex: IFLA_IPOIB_PKEY (uapi/linux/if_link.h)
---@field netkit_policy string? what becomes of packets without a program: IFLA_NETKIT_POLICY (uapi/linux/if_link.h)
---@field netkit_type string? primary or peer: IFLA_NETKIT_PRIMARY (uapi/linux/if_link.h)
---@field can_state string? of a CAN controller: IFLA_CAN_STATE (uapi/linux/can/netlink.h)
---@field can_bitrate integer? IFLA_CAN_BITTIMING (uapi/linux/can/netlink.h) (bit/s)
---@field can_restart_ms integer? after bus-off, 0 for never: IFLA_CAN_RESTART_MS (uapi/linux/can/netlink.h) (ms)
---@field fields fun(self): fun(): string, any

---@class LinkEvent: Link, Event
---@field old Link the values before; all nil for a new link
---@field changed LinkChanged

---@class LinkChanged
---@field interface boolean
---@field kind boolean
---@field ifindex boolean
---@field link_type boolean
---@field mtu boolean
---@field operstate boolean
---@field operstate_code boolean
---@field up boolean
---@field carrier boolean
---@field flags boolean
---@field address boolean
---@field broadcast boolean
---@field permaddr boolean
---@field master boolean
---@field link boolean
---@field qdisc boolean
---@field txqlen boolean
---@field group boolean
---@field ifalias boolean
---@field altnames boolean
---@field num_tx_queues boolean
---@field num_rx_queues boolean
---@field promiscuity boolean
---@field allmulti boolean
---@field min_mtu boolean
---@field max_mtu boolean
---@field linkmode boolean
---@field proto_down boolean
---@field proto_down_reason boolean
---@field xdp boolean
---@field xdp_prog_id boolean
---@field parent_device boolean
---@field parent_bus boolean
---@field phys_port_name boolean
---@field phys_port_id boolean
---@field phys_switch_id boolean
---@field link_netnsid boolean
---@field gso_max_size boolean
---@field gso_max_segs boolean
---@field tso_max_size boolean
---@field tso_max_segs boolean
---@field gro_max_size boolean
---@field gso_ipv4_max_size boolean
---@field gro_ipv4_max_size boolean
---@field netns_immutable boolean
---@field port_kind boolean
---@field carrier_changes boolean
---@field carrier_up_count boolean
---@field carrier_down_count boolean
---@field missed_carrier_changes boolean
---@field irq boolean
---@field irq_count boolean
---@field new_netnsid boolean
---@field new_ifindex boolean
---@field bond_mode boolean
---@field bond_active_slave boolean
---@field bond_miimon boolean
---@field bond_updelay boolean
---@field bond_downdelay boolean
---@field bond_use_carrier boolean
---@field bond_arp_interval boolean
---@field bond_arp_ip_target boolean
---@field bond_ns_ip6_target boolean
---@field bond_arp_validate boolean
---@field bond_arp_all_targets boolean
---@field bond_missed_max boolean
---@field bond_primary boolean
---@field bond_primary_reselect boolean
---@field bond_fail_over_mac boolean
---@field bond_xmit_hash_policy boolean
---@field bond_resend_igmp boolean
---@field bond_num_peer_notif boolean
---@field bond_peer_notify_delay boolean
---@field bond_all_slaves_active boolean
---@field bond_min_links boolean
---@field bond_lp_interval boolean
---@field bond_packets_per_slave boolean
---@field bond_tlb_dynamic_lb boolean
---@field bond_coupled_control boolean
---@field ad_lacp_active boolean
---@field ad_lacp_rate boolean
---@field ad_select boolean
---@field ad_aggregator boolean
---@field ad_num_ports boolean
---@field ad_actor_key boolean
---@field ad_partner_key boolean
---@field ad_partner_mac boolean
---@field ad_actor_sys_prio boolean
---@field ad_user_port_key boolean
---@field ad_actor_system boolean
---@field bond_state boolean
---@field bond_mii_status boolean
---@field bond_link_failures boolean
---@field bond_perm_hwaddr boolean
---@field bond_queue_id boolean
---@field bond_prio boolean
---@field ad_aggregator_id boolean
---@field ad_actor_oper_port_state boolean
---@field ad_partner_oper_port_state boolean
---@field stp_state boolean
---@field priority boolean
---@field bridge_id boolean
---@field root_id boolean
---@field root_port boolean
---@field root_path_cost boolean
---@field topology_change boolean
---@field topology_change_detected boolean
---@field forward_delay boolean
---@field hello_time boolean
---@field max_age boolean
---@field ageing_time boolean
---@field vlan_filtering boolean
---@field vlan_default_pvid boolean
---@field vlan_stats_enabled boolean
---@field vlan_stats_per_port boolean
---@field group_addr boolean
---@field group_fwd_mask boolean
---@field fdb_n_learned boolean
---@field fdb_max_learned boolean
---@field no_linklocal_learn boolean
---@field mcast_vlan_snooping boolean
---@field mst_enabled boolean
---@field mdb_offload_fail_notification boolean
---@field fdb_local_vlan_0 boolean
---@field mcast_snooping boolean
---@field mcast_querier boolean
---@field mcast_query_use_ifaddr boolean
---@field mcast_router boolean
---@field mcast_hash_elasticity boolean
---@field mcast_hash_max boolean
---@field mcast_last_member_cnt boolean
---@field mcast_startup_query_cnt boolean
---@field mcast_last_member_intvl boolean
---@field mcast_membership_intvl boolean
---@field mcast_querier_intvl boolean
---@field mcast_query_intvl boolean
---@field mcast_query_response_intvl boolean
---@field mcast_startup_query_intvl boolean
---@field mcast_stats_enabled boolean
---@field mcast_igmp_version boolean
---@field mcast_mld_version boolean
---@field nf_call_iptables boolean
---@field nf_call_ip6tables boolean
---@field nf_call_arptables boolean
---@field port_state boolean
---@field port_priority boolean
---@field cost boolean
---@field port_id boolean
---@field port_no boolean
---@field designated_root boolean
---@field designated_bridge boolean
---@field designated_port boolean
---@field designated_cost boolean
---@field hairpin boolean
---@field guard boolean
---@field root_block boolean
---@field fastleave boolean
---@field learning boolean
---@field flood boolean
---@field mcast_flood boolean
---@field bcast_flood boolean
---@field mcast_to_unicast boolean
---@field neigh_suppress boolean
---@field neigh_vlan_suppress boolean
---@field proxy_arp boolean
---@field proxy_arp_wifi boolean
---@field vlan_tunnel boolean
---@field isolated boolean
---@field locked boolean
---@field mab boolean
---@field backup_port boolean
---@field backup_nhid boolean
---@field mcast_max_groups boolean
---@field mcast_n_groups boolean
---@field vni boolean
---@field ["local"] boolean
---@field remote boolean
---@field tunnel_link boolean
---@field dstport boolean
---@field srcport boolean
---@field external boolean
---@field ttl boolean
---@field tos boolean
---@field pmtudisc boolean
---@field df boolean
---@field ikey boolean
---@field okey boolean
---@field gre_flags boolean
---@field proto boolean
---@field encaplimit boolean
---@field flowinfo boolean
---@field tunnel_flags boolean
---@field encap_type boolean
---@field encap_sport boolean
---@field encap_dport boolean
---@field fwmark boolean
---@field erspan_ver boolean
---@field erspan_index boolean
---@field erspan_dir boolean
---@field erspan_hwid boolean
---@field if_id boolean
---@field ageing boolean
---@field limit boolean
---@field flowlabel boolean
---@field vxlan_flags boolean
---@field vlan_id boolean
---@field vlan_protocol boolean
---@field vlan_flags boolean
---@field vlan_ingress_qos boolean
---@field vlan_egress_qos boolean
---@field vrf_table boolean
---@field mode boolean
---@field mode_flags boolean
---@field macaddr_list boolean
---@field bcqueuelen boolean
---@field bc_cutoff boolean
---@field tun_type boolean
---@field tun_owner boolean
---@field tun_group boolean
---@field persist boolean
---@field pi boolean
---@field vnet_hdr boolean
---@field multi_queue boolean
---@field numqueues boolean
---@field numdisabled boolean
---@field sci boolean
---@field cipher_suite boolean
---@field icv_len boolean
---@field encoding_sa boolean
---@field validate boolean
---@field macsec_offload boolean
---@field macsec_window boolean
---@field macsec_flags boolean
---@field slave1 boolean
---@field slave2 boolean
---@field interlink boolean
---@field supervision_addr boolean
---@field hsr_protocol boolean
---@field conduit boolean
---@field pkey boolean
---@field netkit_policy boolean
---@field netkit_type boolean
---@field can_state boolean
---@field can_bitrate boolean
---@field can_restart_ms boolean

---@class LinkFilter
---@field interface string|string[]|boolean|nil
---@field kind string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field link_type string|string[]|boolean|nil
---@field mtu integer|string|(integer|string)[]|boolean|nil
---@field operstate string|string[]|boolean|nil
---@field operstate_code integer|string|(integer|string)[]|boolean|nil
---@field up boolean|nil
---@field carrier boolean|nil
---@field flags string|string[]|boolean|nil
---@field address string|string[]|boolean|nil
---@field broadcast string|string[]|boolean|nil
---@field permaddr string|string[]|boolean|nil
---@field master string|string[]|boolean|nil
---@field link string|string[]|boolean|nil
---@field qdisc string|string[]|boolean|nil
---@field txqlen integer|string|(integer|string)[]|boolean|nil
---@field group string|string[]|boolean|nil
---@field ifalias string|string[]|boolean|nil
---@field altnames string|string[]|boolean|nil
---@field num_tx_queues integer|string|(integer|string)[]|boolean|nil
---@field num_rx_queues integer|string|(integer|string)[]|boolean|nil
---@field promiscuity integer|string|(integer|string)[]|boolean|nil
---@field allmulti integer|string|(integer|string)[]|boolean|nil
---@field min_mtu integer|string|(integer|string)[]|boolean|nil
---@field max_mtu integer|string|(integer|string)[]|boolean|nil
---@field linkmode string|string[]|boolean|nil
---@field proto_down boolean|nil
---@field proto_down_reason string|string[]|boolean|nil
---@field xdp string|string[]|boolean|nil
---@field xdp_prog_id integer|string|(integer|string)[]|boolean|nil
---@field parent_device string|string[]|boolean|nil
---@field parent_bus string|string[]|boolean|nil
---@field phys_port_name string|string[]|boolean|nil
---@field phys_port_id string|string[]|boolean|nil
---@field phys_switch_id string|string[]|boolean|nil
---@field link_netnsid integer|string|(integer|string)[]|boolean|nil
---@field gso_max_size integer|string|(integer|string)[]|boolean|nil
---@field gso_max_segs integer|string|(integer|string)[]|boolean|nil
---@field tso_max_size integer|string|(integer|string)[]|boolean|nil
---@field tso_max_segs integer|string|(integer|string)[]|boolean|nil
---@field gro_max_size integer|string|(integer|string)[]|boolean|nil
---@field gso_ipv4_max_size integer|string|(integer|string)[]|boolean|nil
---@field gro_ipv4_max_size integer|string|(integer|string)[]|boolean|nil
---@field netns_immutable boolean|nil
---@field port_kind string|string[]|boolean|nil
---@field carrier_changes integer|string|(integer|string)[]|boolean|nil
---@field carrier_up_count integer|string|(integer|string)[]|boolean|nil
---@field carrier_down_count integer|string|(integer|string)[]|boolean|nil
---@field missed_carrier_changes integer|string|(integer|string)[]|boolean|nil
---@field irq integer|string|(integer|string)[]|boolean|nil
---@field irq_count integer|string|(integer|string)[]|boolean|nil
---@field new_netnsid integer|string|(integer|string)[]|boolean|nil
---@field new_ifindex integer|string|(integer|string)[]|boolean|nil
---@field bond_mode string|string[]|boolean|nil
---@field bond_active_slave string|string[]|boolean|nil
---@field bond_miimon integer|string|(integer|string)[]|boolean|nil
---@field bond_updelay integer|string|(integer|string)[]|boolean|nil
---@field bond_downdelay integer|string|(integer|string)[]|boolean|nil
---@field bond_use_carrier integer|string|(integer|string)[]|boolean|nil
---@field bond_arp_interval integer|string|(integer|string)[]|boolean|nil
---@field bond_arp_ip_target string|string[]|boolean|nil
---@field bond_ns_ip6_target string|string[]|boolean|nil
---@field bond_arp_validate string|string[]|boolean|nil
---@field bond_arp_all_targets string|string[]|boolean|nil
---@field bond_missed_max integer|string|(integer|string)[]|boolean|nil
---@field bond_primary string|string[]|boolean|nil
---@field bond_primary_reselect string|string[]|boolean|nil
---@field bond_fail_over_mac string|string[]|boolean|nil
---@field bond_xmit_hash_policy string|string[]|boolean|nil
---@field bond_resend_igmp integer|string|(integer|string)[]|boolean|nil
---@field bond_num_peer_notif integer|string|(integer|string)[]|boolean|nil
---@field bond_peer_notify_delay integer|string|(integer|string)[]|boolean|nil
---@field bond_all_slaves_active integer|string|(integer|string)[]|boolean|nil
---@field bond_min_links integer|string|(integer|string)[]|boolean|nil
---@field bond_lp_interval integer|string|(integer|string)[]|boolean|nil
---@field bond_packets_per_slave integer|string|(integer|string)[]|boolean|nil
---@field bond_tlb_dynamic_lb integer|string|(integer|string)[]|boolean|nil
---@field bond_coupled_control string|string[]|boolean|nil
---@field ad_lacp_active string|string[]|boolean|nil
---@field ad_lacp_rate string|string[]|boolean|nil
---@field ad_select string|string[]|boolean|nil
---@field ad_aggregator integer|string|(integer|string)[]|boolean|nil
---@field ad_num_ports integer|string|(integer|string)[]|boolean|nil
---@field ad_actor_key integer|string|(integer|string)[]|boolean|nil
---@field ad_partner_key integer|string|(integer|string)[]|boolean|nil
---@field ad_partner_mac string|string[]|boolean|nil
---@field ad_actor_sys_prio integer|string|(integer|string)[]|boolean|nil
---@field ad_user_port_key integer|string|(integer|string)[]|boolean|nil
---@field ad_actor_system string|string[]|boolean|nil
---@field bond_state string|string[]|boolean|nil
---@field bond_mii_status string|string[]|boolean|nil
---@field bond_link_failures integer|string|(integer|string)[]|boolean|nil
---@field bond_perm_hwaddr string|string[]|boolean|nil
---@field bond_queue_id integer|string|(integer|string)[]|boolean|nil
---@field bond_prio integer|string|(integer|string)[]|boolean|nil
---@field ad_aggregator_id integer|string|(integer|string)[]|boolean|nil
---@field ad_actor_oper_port_state integer|string|(integer|string)[]|boolean|nil
---@field ad_partner_oper_port_state integer|string|(integer|string)[]|boolean|nil
---@field stp_state integer|string|(integer|string)[]|boolean|nil
---@field priority integer|string|(integer|string)[]|boolean|nil
---@field bridge_id string|string[]|boolean|nil
---@field root_id string|string[]|boolean|nil
---@field root_port integer|string|(integer|string)[]|boolean|nil
---@field root_path_cost integer|string|(integer|string)[]|boolean|nil
---@field topology_change integer|string|(integer|string)[]|boolean|nil
---@field topology_change_detected integer|string|(integer|string)[]|boolean|nil
---@field forward_delay integer|string|(integer|string)[]|boolean|nil
---@field hello_time integer|string|(integer|string)[]|boolean|nil
---@field max_age integer|string|(integer|string)[]|boolean|nil
---@field ageing_time integer|string|(integer|string)[]|boolean|nil
---@field vlan_filtering integer|string|(integer|string)[]|boolean|nil
---@field vlan_default_pvid integer|string|(integer|string)[]|boolean|nil
---@field vlan_stats_enabled integer|string|(integer|string)[]|boolean|nil
---@field vlan_stats_per_port integer|string|(integer|string)[]|boolean|nil
---@field group_addr string|string[]|boolean|nil
---@field group_fwd_mask string|string[]|boolean|nil
---@field fdb_n_learned integer|string|(integer|string)[]|boolean|nil
---@field fdb_max_learned integer|string|(integer|string)[]|boolean|nil
---@field no_linklocal_learn integer|string|(integer|string)[]|boolean|nil
---@field mcast_vlan_snooping integer|string|(integer|string)[]|boolean|nil
---@field mst_enabled integer|string|(integer|string)[]|boolean|nil
---@field mdb_offload_fail_notification integer|string|(integer|string)[]|boolean|nil
---@field fdb_local_vlan_0 integer|string|(integer|string)[]|boolean|nil
---@field mcast_snooping integer|string|(integer|string)[]|boolean|nil
---@field mcast_querier integer|string|(integer|string)[]|boolean|nil
---@field mcast_query_use_ifaddr integer|string|(integer|string)[]|boolean|nil
---@field mcast_router integer|string|(integer|string)[]|boolean|nil
---@field mcast_hash_elasticity integer|string|(integer|string)[]|boolean|nil
---@field mcast_hash_max integer|string|(integer|string)[]|boolean|nil
---@field mcast_last_member_cnt integer|string|(integer|string)[]|boolean|nil
---@field mcast_startup_query_cnt integer|string|(integer|string)[]|boolean|nil
---@field mcast_last_member_intvl integer|string|(integer|string)[]|boolean|nil
---@field mcast_membership_intvl integer|string|(integer|string)[]|boolean|nil
---@field mcast_querier_intvl integer|string|(integer|string)[]|boolean|nil
---@field mcast_query_intvl integer|string|(integer|string)[]|boolean|nil
---@field mcast_query_response_intvl integer|string|(integer|string)[]|boolean|nil
---@field mcast_startup_query_intvl integer|string|(integer|string)[]|boolean|nil
---@field mcast_stats_enabled integer|string|(integer|string)[]|boolean|nil
---@field mcast_igmp_version integer|string|(integer|string)[]|boolean|nil
---@field mcast_mld_version integer|string|(integer|string)[]|boolean|nil
---@field nf_call_iptables integer|string|(integer|string)[]|boolean|nil
---@field nf_call_ip6tables integer|string|(integer|string)[]|boolean|nil
---@field nf_call_arptables integer|string|(integer|string)[]|boolean|nil
---@field port_state string|string[]|boolean|nil
---@field port_priority integer|string|(integer|string)[]|boolean|nil
---@field cost integer|string|(integer|string)[]|boolean|nil
---@field port_id string|string[]|boolean|nil
---@field port_no string|string[]|boolean|nil
---@field designated_root string|string[]|boolean|nil
---@field designated_bridge string|string[]|boolean|nil
---@field designated_port integer|string|(integer|string)[]|boolean|nil
---@field designated_cost integer|string|(integer|string)[]|boolean|nil
---@field hairpin boolean|nil
---@field guard boolean|nil
---@field root_block boolean|nil
---@field fastleave boolean|nil
---@field learning boolean|nil
---@field flood boolean|nil
---@field mcast_flood boolean|nil
---@field bcast_flood boolean|nil
---@field mcast_to_unicast boolean|nil
---@field neigh_suppress boolean|nil
---@field neigh_vlan_suppress boolean|nil
---@field proxy_arp boolean|nil
---@field proxy_arp_wifi boolean|nil
---@field vlan_tunnel boolean|nil
---@field isolated boolean|nil
---@field locked boolean|nil
---@field mab boolean|nil
---@field backup_port string|string[]|boolean|nil
---@field backup_nhid integer|string|(integer|string)[]|boolean|nil
---@field mcast_max_groups integer|string|(integer|string)[]|boolean|nil
---@field mcast_n_groups integer|string|(integer|string)[]|boolean|nil
---@field vni integer|string|(integer|string)[]|boolean|nil
---@field ["local"] string|string[]|boolean|nil
---@field remote string|string[]|boolean|nil
---@field tunnel_link string|string[]|boolean|nil
---@field dstport integer|string|(integer|string)[]|boolean|nil
---@field srcport string|string[]|boolean|nil
---@field external boolean|nil
---@field ttl string|string[]|boolean|nil
---@field tos string|string[]|boolean|nil
---@field pmtudisc boolean|nil
---@field df string|string[]|boolean|nil
---@field ikey string|string[]|boolean|nil
---@field okey string|string[]|boolean|nil
---@field gre_flags string|string[]|boolean|nil
---@field proto string|string[]|boolean|nil
---@field encaplimit integer|string|(integer|string)[]|boolean|nil
---@field flowinfo string|string[]|boolean|nil
---@field tunnel_flags string|string[]|boolean|nil
---@field encap_type string|string[]|boolean|nil
---@field encap_sport integer|string|(integer|string)[]|boolean|nil
---@field encap_dport integer|string|(integer|string)[]|boolean|nil
---@field fwmark string|string[]|boolean|nil
---@field erspan_ver integer|string|(integer|string)[]|boolean|nil
---@field erspan_index integer|string|(integer|string)[]|boolean|nil
---@field erspan_dir string|string[]|boolean|nil
---@field erspan_hwid string|string[]|boolean|nil
---@field if_id string|string[]|boolean|nil
---@field ageing integer|string|(integer|string)[]|boolean|nil
---@field limit integer|string|(integer|string)[]|boolean|nil
---@field flowlabel string|string[]|boolean|nil
---@field vxlan_flags string|string[]|boolean|nil
---@field vlan_id integer|string|(integer|string)[]|boolean|nil
---@field vlan_protocol string|string[]|boolean|nil
---@field vlan_flags string|string[]|boolean|nil
---@field vlan_ingress_qos string|string[]|boolean|nil
---@field vlan_egress_qos string|string[]|boolean|nil
---@field vrf_table integer|string|(integer|string)[]|boolean|nil
---@field mode string|string[]|boolean|nil
---@field mode_flags string|string[]|boolean|nil
---@field macaddr_list string|string[]|boolean|nil
---@field bcqueuelen integer|string|(integer|string)[]|boolean|nil
---@field bc_cutoff integer|string|(integer|string)[]|boolean|nil
---@field tun_type string|string[]|boolean|nil
---@field tun_owner integer|string|(integer|string)[]|boolean|nil
---@field tun_group integer|string|(integer|string)[]|boolean|nil
---@field persist boolean|nil
---@field pi boolean|nil
---@field vnet_hdr boolean|nil
---@field multi_queue boolean|nil
---@field numqueues integer|string|(integer|string)[]|boolean|nil
---@field numdisabled integer|string|(integer|string)[]|boolean|nil
---@field sci string|string[]|boolean|nil
---@field cipher_suite string|string[]|boolean|nil
---@field icv_len integer|string|(integer|string)[]|boolean|nil
---@field encoding_sa integer|string|(integer|string)[]|boolean|nil
---@field validate string|string[]|boolean|nil
---@field macsec_offload string|string[]|boolean|nil
---@field macsec_window integer|string|(integer|string)[]|boolean|nil
---@field macsec_flags string|string[]|boolean|nil
---@field slave1 string|string[]|boolean|nil
---@field slave2 string|string[]|boolean|nil
---@field interlink string|string[]|boolean|nil
---@field supervision_addr string|string[]|boolean|nil
---@field hsr_protocol integer|string|(integer|string)[]|boolean|nil
---@field conduit string|string[]|boolean|nil
---@field pkey string|string[]|boolean|nil
---@field netkit_policy string|string[]|boolean|nil
---@field netkit_type string|string[]|boolean|nil
---@field can_state string|string[]|boolean|nil
---@field can_bitrate integer|string|(integer|string)[]|boolean|nil
---@field can_restart_ms integer|string|(integer|string)[]|boolean|nil
---@field within? table<string, string|string[]> prefixes that hold a field

---@class LinkEventFilter: LinkFilter, EventFilter

---@class LinkQuery: LinkFilter
---@field limit? integer
---@field netns? string

---A copy of one nexthop of the mirror.
---@class Nexthop
---@field object "nexthop"
---@field family (string|"inet"|"inet6"|"unspec")? nh_family, unspec for a group (uapi/linux/nexthop.h) [tag]
---@field protocol string? who added it, named in /etc/iproute2/rt_protos: nh_protocol (uapi/linux/nexthop.h) [tag]
---@field interface string? the link that it is over: NHA_OIF (uapi/linux/nexthop.h) [tag]
---@field ifindex integer? that link's index: NHA_OIF (uapi/linux/nexthop.h)
---@field id integer? a route's nhid: NHA_ID (uapi/linux/nexthop.h)
---@field gateway string? next router: NHA_GATEWAY (uapi/linux/nexthop.h)
---@field scope string? distance to the gateway, named in /etc/iproute2/rt_scopes: nh_scope (uapi/linux/nexthop.h)
---@field flags string? nh_flags, RTNH_F_* (uapi/linux/rtnetlink.h) but for dead and linkdown, which follow from the state of the link
---@field group string? members of a group, "1,5;2,1" for object 1 with weight 5 and object 2: NHA_GROUP (uapi/linux/nexthop.h)
---@field type (string|"mpath"|"resilient")? how a group chooses: NHA_GROUP_TYPE, NEXTHOP_GRP_TYPE_* (uapi/linux/nexthop.h)
---@field buckets integer? of a resilient group: NHA_RES_GROUP_BUCKETS (uapi/linux/nexthop.h)
---@field idle_timer integer? how long a bucket of a resilient group must be idle to move: NHA_RES_GROUP_IDLE_TIMER (uapi/linux/nexthop.h) (s)
---@field unbalanced_timer integer? how long a resilient group may be out of balance before busy buckets move: NHA_RES_GROUP_UNBALANCED_TIMER (uapi/linux/nexthop.h) (s)
---@field unbalanced_time integer? for how long it has been: NHA_RES_GROUP_UNBALANCED_TIME (uapi/linux/nexthop.h) (s)
---@field blackhole boolean? true where it drops packets: NHA_BLACKHOLE (uapi/linux/nexthop.h)
---@field fdb boolean? true where it is for VXLAN forwarding entries: NHA_FDB (uapi/linux/nexthop.h)
---@field encap (string|"none"|"mpls"|"ip"|"ila"|"ip6"|"seg6"|"bpf"|"seg6local"|"rpl"|"ioam6"|"xfrm")? encapsulation: NHA_ENCAP_TYPE (uapi/linux/lwtunnel.h)
---@field encap_info string? its parameters as ip prints them, in hex for types without such a form: NHA_ENCAP (uapi/linux/lwtunnel.h)
---@field portid integer? who asked for the change: the netlink port id of its socket, mostly its process id; absent for what the kernel did by itself and for what no message said: nlmsg_pid (uapi/linux/netlink.h)
---@field process string? the name of that process, where it is certain: it lives, in the same network namespace, and the socket is its own: /proc/PID/comm
---@field fields fun(self): fun(): string, any

---@class NexthopEvent: Nexthop, Event
---@field old Nexthop the values before; all nil for a new nexthop
---@field changed NexthopChanged

---@class NexthopChanged
---@field family boolean
---@field protocol boolean
---@field interface boolean
---@field ifindex boolean
---@field id boolean
---@field gateway boolean
---@field scope boolean
---@field flags boolean
---@field group boolean
---@field type boolean
---@field buckets boolean
---@field idle_timer boolean
---@field unbalanced_timer boolean
---@field unbalanced_time boolean
---@field blackhole boolean
---@field fdb boolean
---@field encap boolean
---@field encap_info boolean
---@field portid boolean
---@field process boolean

---@class NexthopFilter
---@field family string|string[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field interface string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field id integer|string|(integer|string)[]|boolean|nil
---@field gateway string|string[]|boolean|nil
---@field scope string|string[]|boolean|nil
---@field flags string|string[]|boolean|nil
---@field group string|string[]|boolean|nil
---@field type string|string[]|boolean|nil
---@field buckets integer|string|(integer|string)[]|boolean|nil
---@field idle_timer integer|string|(integer|string)[]|boolean|nil
---@field unbalanced_timer integer|string|(integer|string)[]|boolean|nil
---@field unbalanced_time integer|string|(integer|string)[]|boolean|nil
---@field blackhole boolean|nil
---@field fdb boolean|nil
---@field encap string|string[]|boolean|nil
---@field encap_info string|string[]|boolean|nil
---@field portid integer|string|(integer|string)[]|boolean|nil
---@field process string|string[]|boolean|nil
---@field within? string|string[]|table<string, string|string[]> prefixes that hold `gateway`, or another field

---@class NexthopEventFilter: NexthopFilter, EventFilter

---@class NexthopQuery: NexthopFilter
---@field limit? integer
---@field netns? string

---A copy of one address of the mirror.
---@class Address
---@field object "address"
---@field interface string? the link it is on: ifa_index (uapi/linux/if_addr.h) [tag]
---@field family (string|"inet"|"inet6")? ifa_family (uapi/linux/if_addr.h) [tag]
---@field scope string? how far it is valid, named in /etc/iproute2/rt_scopes: ifa_scope (uapi/linux/rtnetlink.h) [tag]
---@field ifindex integer? the link's index: ifa_index (uapi/linux/if_addr.h)
---@field ["local"] string? the address: IFA_LOCAL, or IFA_ADDRESS without one (uapi/linux/if_addr.h)
---@field prefixlen integer? length of the prefix on the link: ifa_prefixlen (uapi/linux/if_addr.h) (bits)
---@field address string? the peer of a point-to-point address: IFA_ADDRESS where it is not IFA_LOCAL (uapi/linux/if_addr.h)
---@field broadcast string? broadcast address: IFA_BROADCAST (uapi/linux/if_addr.h)
---@field anycast string? anycast address: IFA_ANYCAST (uapi/linux/if_addr.h)
---@field metric integer? priority of the route to its prefix, absent for the default: IFA_RT_PRIORITY (uapi/linux/if_addr.h)
---@field label string? IPv4: its name for old tools, the link's or <link>:<text>: IFA_LABEL (uapi/linux/if_addr.h)
---@field flags string? IFA_F_* (uapi/linux/if_addr.h) as ip prints them: dynamic for want of IFA_F_PERMANENT, the rest in hex
---@field protocol string? who added it, named in /etc/iproute2/rt_addrprotos: IFA_PROTO (uapi/linux/if_addr.h, Linux 5.18)
---@field valid_lft integer? time until it is removed, 4294967295 for never: ifa_valid, IFA_CACHEINFO (uapi/linux/if_addr.h) (s)
---@field preferred_lft integer? time until it is deprecated, 4294967295 for never: ifa_prefered, IFA_CACHEINFO (uapi/linux/if_addr.h) (s)
---@field portid integer? who asked for the change: the netlink port id of its socket, mostly its process id; absent for what the kernel did by itself and for what no message said: nlmsg_pid (uapi/linux/netlink.h)
---@field process string? the name of that process, where it is certain: it lives, in the same network namespace, and the socket is its own: /proc/PID/comm
---@field fields fun(self): fun(): string, any

---@class AddressEvent: Address, Event
---@field old Address the values before; all nil for a new address
---@field changed AddressChanged

---@class AddressChanged
---@field interface boolean
---@field family boolean
---@field scope boolean
---@field ifindex boolean
---@field ["local"] boolean
---@field prefixlen boolean
---@field address boolean
---@field broadcast boolean
---@field anycast boolean
---@field metric boolean
---@field label boolean
---@field flags boolean
---@field protocol boolean
---@field valid_lft boolean
---@field preferred_lft boolean
---@field portid boolean
---@field process boolean

---@class AddressFilter
---@field interface string|string[]|boolean|nil
---@field family string|string[]|boolean|nil
---@field scope string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field ["local"] string|string[]|boolean|nil
---@field prefixlen integer|string|(integer|string)[]|boolean|nil
---@field address string|string[]|boolean|nil
---@field broadcast string|string[]|boolean|nil
---@field anycast string|string[]|boolean|nil
---@field metric integer|string|(integer|string)[]|boolean|nil
---@field label string|string[]|boolean|nil
---@field flags string|string[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field valid_lft integer|string|(integer|string)[]|boolean|nil
---@field preferred_lft integer|string|(integer|string)[]|boolean|nil
---@field portid integer|string|(integer|string)[]|boolean|nil
---@field process string|string[]|boolean|nil
---@field within? string|string[]|table<string, string|string[]> prefixes that hold `local`, or another field

---@class AddressEventFilter: AddressFilter, EventFilter

---@class AddressQuery: AddressFilter
---@field limit? integer
---@field netns? string

---A copy of one route of the mirror.
---@class Route
---@field object "route"
---@field family (string|"inet"|"inet6")? rtm_family (uapi/linux/rtnetlink.h) [tag]
---@field table string? routing table, named in /etc/iproute2/rt_tables: RTA_TABLE or rtm_table (uapi/linux/rtnetlink.h) [tag]
---@field protocol string? who added it, named in /etc/iproute2/rt_protos: rtm_protocol (uapi/linux/rtnetlink.h) [tag]
---@field type (string|"none"|"unicast"|"local"|"broadcast"|"anycast"|"multicast"|"blackhole"|"unreachable"|"prohibit"|"throw"|"nat"|"xresolve")? rtm_type, RTN_* (uapi/linux/rtnetlink.h) [tag]
---@field interface string? the link of a route with a single path: RTA_OIF (uapi/linux/rtnetlink.h) [tag]
---@field dst string? destination, "default" for any: RTA_DST and rtm_dst_len (uapi/linux/rtnetlink.h)
---@field ifindex integer? that link's index: RTA_OIF (uapi/linux/rtnetlink.h)
---@field gateway string? next router of a route with a single path: RTA_GATEWAY, or RTA_VIA of another family (uapi/linux/rtnetlink.h)
---@field prefsrc string? source address for what starts here: RTA_PREFSRC (uapi/linux/rtnetlink.h)
---@field metric integer? priority, the lowest wins; IPv4 has none for 0: RTA_PRIORITY (uapi/linux/rtnetlink.h)
---@field scope string? distance to the destination, named in /etc/iproute2/rt_scopes: rtm_scope (uapi/linux/rtnetlink.h)
---@field tos integer? type of service it is for, absent for any: rtm_tos (uapi/linux/rtnetlink.h)
---@field src string? source prefix it is for, absent for any: RTA_SRC and rtm_src_len (uapi/linux/rtnetlink.h)
---@field iif string? the link that it is for packets from: RTA_IIF (uapi/linux/rtnetlink.h)
---@field flags string? RTNH_F_* and RTM_F_* (uapi/linux/rtnetlink.h) but for dead and linkdown, which follow from the state of the link
---@field realms string? "from/to" or "to", named in /etc/iproute2/rt_realms: RTA_FLOW (uapi/linux/rtnetlink.h)
---@field nhid integer? the nexthop object that has its path: RTA_NH_ID (uapi/linux/rtnetlink.h)
---@field nexthop_count integer? number of its paths: RTA_MULTIPATH, or 1 with RTA_OIF (uapi/linux/rtnetlink.h)
---@field nexthops string? its paths where there are several: via, dev, weight and flags of each, "; " between: RTA_MULTIPATH (uapi/linux/rtnetlink.h)
---@field pref (string|"low"|"medium"|"high")? IPv6 router preference (RFC 4191): RTA_PREF (uapi/linux/rtnetlink.h)
---@field expires integer? time until it goes, absent for ever: rta_expires of RTA_CACHEINFO (uapi/linux/rtnetlink.h) (s)
---@field ttl_propagate boolean? MPLS: whether the TTL goes over into the label: RTA_TTL_PROPAGATE (uapi/linux/rtnetlink.h)
---@field mtu integer? path MTU: RTAX_MTU (uapi/linux/rtnetlink.h) (bytes)
---@field mtu_lock boolean? true where path MTU discovery may not lower mtu: RTAX_LOCK (uapi/linux/rtnetlink.h)
---@field locks string? other metrics that may not change by themselves, comma-joined: RTAX_LOCK (uapi/linux/rtnetlink.h)
---@field window integer? largest TCP window: RTAX_WINDOW (uapi/linux/rtnetlink.h) (bytes)
---@field rtt integer? initial round trip time: RTAX_RTT / 8 (uapi/linux/rtnetlink.h) (ms)
---@field rttvar integer? initial variance of it: RTAX_RTTVAR / 4 (uapi/linux/rtnetlink.h) (ms)
---@field ssthresh integer? initial slow start threshold: RTAX_SSTHRESH (uapi/linux/rtnetlink.h)
---@field cwnd integer? clamp of the congestion window: RTAX_CWND (uapi/linux/rtnetlink.h)
---@field advmss integer? MSS to advertise: RTAX_ADVMSS (uapi/linux/rtnetlink.h) (bytes)
---@field reordering integer? initial reordering: RTAX_REORDERING (uapi/linux/rtnetlink.h)
---@field hoplimit integer? TTL or hop limit to send with: RTAX_HOPLIMIT (uapi/linux/rtnetlink.h)
---@field initcwnd integer? initial congestion window: RTAX_INITCWND (uapi/linux/rtnetlink.h)
---@field features string? "ecn", other bits in hex: RTAX_FEATURES (uapi/linux/rtnetlink.h)
---@field rto_min integer? least TCP retransmission timeout: RTAX_RTO_MIN (uapi/linux/rtnetlink.h) (ms)
---@field initrwnd integer? initial receive window: RTAX_INITRWND (uapi/linux/rtnetlink.h)
---@field quickack integer? quick TCP acknowledgements: RTAX_QUICKACK (uapi/linux/rtnetlink.h)
---@field congestion string? TCP congestion control: RTAX_CC_ALGO (uapi/linux/rtnetlink.h)
---@field fastopen_no_cookie integer? TCP fast open without cookies: RTAX_FASTOPEN_NO_COOKIE (uapi/linux/rtnetlink.h)
---@field encap (string|"none"|"mpls"|"ip"|"ila"|"ip6"|"seg6"|"bpf"|"seg6local"|"rpl"|"ioam6"|"xfrm")? encapsulation of a single path: RTA_ENCAP_TYPE (uapi/linux/lwtunnel.h)
---@field encap_info string? its parameters as ip prints them, in hex for types without such a form: RTA_ENCAP (uapi/linux/lwtunnel.h)
---@field portid integer? who asked for the change: the netlink port id of its socket, mostly its process id; absent for what the kernel did by itself and for what no message said: nlmsg_pid (uapi/linux/netlink.h)
---@field process string? the name of that process, where it is certain: it lives, in the same network namespace, and the socket is its own: /proc/PID/comm
---@field fields fun(self): fun(): string, any

---@class RouteEvent: Route, Event
---@field old Route the values before; all nil for a new route
---@field changed RouteChanged

---@class RouteChanged
---@field family boolean
---@field table boolean
---@field protocol boolean
---@field type boolean
---@field interface boolean
---@field dst boolean
---@field ifindex boolean
---@field gateway boolean
---@field prefsrc boolean
---@field metric boolean
---@field scope boolean
---@field tos boolean
---@field src boolean
---@field iif boolean
---@field flags boolean
---@field realms boolean
---@field nhid boolean
---@field nexthop_count boolean
---@field nexthops boolean
---@field pref boolean
---@field expires boolean
---@field ttl_propagate boolean
---@field mtu boolean
---@field mtu_lock boolean
---@field locks boolean
---@field window boolean
---@field rtt boolean
---@field rttvar boolean
---@field ssthresh boolean
---@field cwnd boolean
---@field advmss boolean
---@field reordering boolean
---@field hoplimit boolean
---@field initcwnd boolean
---@field features boolean
---@field rto_min boolean
---@field initrwnd boolean
---@field quickack boolean
---@field congestion boolean
---@field fastopen_no_cookie boolean
---@field encap boolean
---@field encap_info boolean
---@field portid boolean
---@field process boolean

---@class RouteFilter
---@field family string|string[]|boolean|nil
---@field table string|string[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field type string|string[]|boolean|nil
---@field interface string|string[]|boolean|nil
---@field dst string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field gateway string|string[]|boolean|nil
---@field prefsrc string|string[]|boolean|nil
---@field metric integer|string|(integer|string)[]|boolean|nil
---@field scope string|string[]|boolean|nil
---@field tos integer|string|(integer|string)[]|boolean|nil
---@field src string|string[]|boolean|nil
---@field iif string|string[]|boolean|nil
---@field flags string|string[]|boolean|nil
---@field realms string|string[]|boolean|nil
---@field nhid integer|string|(integer|string)[]|boolean|nil
---@field nexthop_count integer|string|(integer|string)[]|boolean|nil
---@field nexthops string|string[]|boolean|nil
---@field pref string|string[]|boolean|nil
---@field expires integer|string|(integer|string)[]|boolean|nil
---@field ttl_propagate boolean|nil
---@field mtu integer|string|(integer|string)[]|boolean|nil
---@field mtu_lock boolean|nil
---@field locks string|string[]|boolean|nil
---@field window integer|string|(integer|string)[]|boolean|nil
---@field rtt integer|string|(integer|string)[]|boolean|nil
---@field rttvar integer|string|(integer|string)[]|boolean|nil
---@field ssthresh integer|string|(integer|string)[]|boolean|nil
---@field cwnd integer|string|(integer|string)[]|boolean|nil
---@field advmss integer|string|(integer|string)[]|boolean|nil
---@field reordering integer|string|(integer|string)[]|boolean|nil
---@field hoplimit integer|string|(integer|string)[]|boolean|nil
---@field initcwnd integer|string|(integer|string)[]|boolean|nil
---@field features string|string[]|boolean|nil
---@field rto_min integer|string|(integer|string)[]|boolean|nil
---@field initrwnd integer|string|(integer|string)[]|boolean|nil
---@field quickack integer|string|(integer|string)[]|boolean|nil
---@field congestion string|string[]|boolean|nil
---@field fastopen_no_cookie integer|string|(integer|string)[]|boolean|nil
---@field encap string|string[]|boolean|nil
---@field encap_info string|string[]|boolean|nil
---@field portid integer|string|(integer|string)[]|boolean|nil
---@field process string|string[]|boolean|nil
---@field within? string|string[]|table<string, string|string[]> prefixes that hold `dst`, or another field

---@class RouteEventFilter: RouteFilter, EventFilter

---@class RouteQuery: RouteFilter
---@field limit? integer
---@field netns? string

---A copy of one rule of the mirror.
---@class Rule
---@field object "rule"
---@field family (string|"inet"|"inet6")? fib_rule_hdr.family (uapi/linux/fib_rules.h) [tag]
---@field table string? routing table to look in, named in /etc/iproute2/rt_tables: FRA_TABLE or fib_rule_hdr.table (uapi/linux/fib_rules.h) [tag]
---@field type (string|"unicast"|"goto"|"nop"|"blackhole"|"unreachable"|"prohibit"|"nat")? what to do, unicast for a lookup: fib_rule_hdr.action, FR_ACT_* (uapi/linux/fib_rules.h) [tag]
---@field priority integer? rules are tried in this order: FRA_PRIORITY (uapi/linux/fib_rules.h)
---@field src string? source prefix, "all" for any: FRA_SRC and src_len (uapi/linux/fib_rules.h)
---@field dst string? destination prefix, absent for any: FRA_DST and dst_len (uapi/linux/fib_rules.h)
---@field iif string? incoming link, which need not exist: FRA_IIFNAME (uapi/linux/fib_rules.h)
---@field oif string? outgoing link, which need not exist: FRA_OIFNAME (uapi/linux/fib_rules.h)
---@field fwmark string? netfilter mark, in hex: FRA_FWMARK (uapi/linux/fib_rules.h)
---@field fwmask string? which bits of the mark count, in hex, absent for all: FRA_FWMASK (uapi/linux/fib_rules.h)
---@field ipproto string? IP protocol, tcp or a number: FRA_IP_PROTO (uapi/linux/fib_rules.h)
---@field sport string? source ports, "5" or "5-10": FRA_SPORT_RANGE (uapi/linux/fib_rules.h)
---@field dport string? destination ports, "5" or "5-10": FRA_DPORT_RANGE (uapi/linux/fib_rules.h)
---@field uid_range string? users, "1000-1999": FRA_UID_RANGE (uapi/linux/fib_rules.h)
---@field tos integer? type of service, absent for any: fib_rule_hdr.tos (uapi/linux/fib_rules.h)
---@field realms string? "from/to" or "to" for what it matches, named in /etc/iproute2/rt_realms: FRA_FLOW (uapi/linux/fib_rules.h)
---@field dscp string? DSCP, named in /etc/iproute2/rt_dsfield: FRA_DSCP (uapi/linux/fib_rules.h, Linux 6.12)
---@field dscp_mask string? which bits of it count, in hex, absent for all: FRA_DSCP_MASK (uapi/linux/fib_rules.h, Linux 6.15)
---@field flowlabel string? IPv6 flow label, in hex: FRA_FLOWLABEL (uapi/linux/fib_rules.h, Linux 6.14)
---@field flowlabel_mask string? which bits of it count, in hex: FRA_FLOWLABEL_MASK (uapi/linux/fib_rules.h, Linux 6.14)
---@field sport_mask string? which bits of sport count, in hex, absent for all: FRA_SPORT_MASK (uapi/linux/fib_rules.h, Linux 6.15)
---@field dport_mask string? which bits of dport count, in hex, absent for all: FRA_DPORT_MASK (uapi/linux/fib_rules.h, Linux 6.15)
---@field ["not"] boolean? true where the selector is inverted: FIB_RULE_INVERT (uapi/linux/fib_rules.h)
---@field ["goto"] integer? priority of the rule to go on with: FRA_GOTO (uapi/linux/fib_rules.h)
---@field suppress_prefixlength integer? refuse results with a prefix no longer than this: FRA_SUPPRESS_PREFIXLEN (uapi/linux/fib_rules.h)
---@field suppress_ifgroup string? refuse results over links of this group: FRA_SUPPRESS_IFGROUP (uapi/linux/fib_rules.h)
---@field l3mdev boolean? true where the table is that of the packet's VRF: FRA_L3MDEV (uapi/linux/fib_rules.h)
---@field tun_id integer? tunnel key: FRA_TUN_ID (uapi/linux/fib_rules.h)
---@field protocol string? who added it, named in /etc/iproute2/rt_protos: FRA_PROTOCOL (uapi/linux/fib_rules.h)
---@field portid integer? who asked for the change: the netlink port id of its socket, mostly its process id; absent for what the kernel did by itself and for what no message said: nlmsg_pid (uapi/linux/netlink.h)
---@field process string? the name of that process, where it is certain: it lives, in the same network namespace, and the socket is its own: /proc/PID/comm
---@field fields fun(self): fun(): string, any

---@class RuleEvent: Rule, Event
---@field old Rule the values before; all nil for a new rule
---@field changed RuleChanged

---@class RuleChanged
---@field family boolean
---@field table boolean
---@field type boolean
---@field priority boolean
---@field src boolean
---@field dst boolean
---@field iif boolean
---@field oif boolean
---@field fwmark boolean
---@field fwmask boolean
---@field ipproto boolean
---@field sport boolean
---@field dport boolean
---@field uid_range boolean
---@field tos boolean
---@field realms boolean
---@field dscp boolean
---@field dscp_mask boolean
---@field flowlabel boolean
---@field flowlabel_mask boolean
---@field sport_mask boolean
---@field dport_mask boolean
---@field ["not"] boolean
---@field ["goto"] boolean
---@field suppress_prefixlength boolean
---@field suppress_ifgroup boolean
---@field l3mdev boolean
---@field tun_id boolean
---@field protocol boolean
---@field portid boolean
---@field process boolean

---@class RuleFilter
---@field family string|string[]|boolean|nil
---@field table string|string[]|boolean|nil
---@field type string|string[]|boolean|nil
---@field priority integer|string|(integer|string)[]|boolean|nil
---@field src string|string[]|boolean|nil
---@field dst string|string[]|boolean|nil
---@field iif string|string[]|boolean|nil
---@field oif string|string[]|boolean|nil
---@field fwmark string|string[]|boolean|nil
---@field fwmask string|string[]|boolean|nil
---@field ipproto string|string[]|boolean|nil
---@field sport string|string[]|boolean|nil
---@field dport string|string[]|boolean|nil
---@field uid_range string|string[]|boolean|nil
---@field tos integer|string|(integer|string)[]|boolean|nil
---@field realms string|string[]|boolean|nil
---@field dscp string|string[]|boolean|nil
---@field dscp_mask string|string[]|boolean|nil
---@field flowlabel string|string[]|boolean|nil
---@field flowlabel_mask string|string[]|boolean|nil
---@field sport_mask string|string[]|boolean|nil
---@field dport_mask string|string[]|boolean|nil
---@field ["not"] boolean|nil
---@field ["goto"] integer|string|(integer|string)[]|boolean|nil
---@field suppress_prefixlength integer|string|(integer|string)[]|boolean|nil
---@field suppress_ifgroup string|string[]|boolean|nil
---@field l3mdev boolean|nil
---@field tun_id integer|string|(integer|string)[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field portid integer|string|(integer|string)[]|boolean|nil
---@field process string|string[]|boolean|nil
---@field within? string|string[]|table<string, string|string[]> prefixes that hold `dst`, or another field

---@class RuleEventFilter: RuleFilter, EventFilter

---@class RuleQuery: RuleFilter
---@field limit? integer
---@field netns? string

---A copy of one neighbor of the mirror.
---@class Neighbor
---@field object "neighbor"
---@field interface string? the link it is on, in a bridge the port: ndm_ifindex (uapi/linux/neighbour.h) [tag]
---@field family (string|"inet"|"inet6"|"bridge")? ndm_family (uapi/linux/neighbour.h) [tag]
---@field ifindex integer? the link's index: ndm_ifindex (uapi/linux/neighbour.h)
---@field dst string? the neighbor's address, in a VXLAN the remote end: NDA_DST (uapi/linux/neighbour.h)
---@field lladdr string? link-layer address: NDA_LLADDR (uapi/linux/neighbour.h)
---@field state (string|"incomplete"|"reachable"|"stale"|"delay"|"probe"|"failed"|"noarp"|"permanent"|"static")? ndm_state, NUD_* (uapi/linux/neighbour.h); static is noarp of family bridge
---@field state_code integer? state as the kernel's bit: 1 incomplete, 2 reachable, 4 stale, 8 delay, 16 probe, 32 failed, 64 noarp, 128 permanent: ndm_state (uapi/linux/neighbour.h)
---@field flags string? ndm_flags and NDA_FLAGS_EXT: router, proxy, extern_learn, …, of family bridge self, master, sticky, … (uapi/linux/neighbour.h)
---@field vlan integer? VLAN of a bridge's entry: NDA_VLAN (uapi/linux/neighbour.h)
---@field vni integer? VXLAN network that the remote end gets: NDA_VNI (uapi/linux/neighbour.h)
---@field src_vni integer? VXLAN network whose packets it is for: NDA_SRC_VNI (uapi/linux/neighbour.h)
---@field port integer? UDP port of the remote end where it is not the link's: NDA_PORT (uapi/linux/neighbour.h)
---@field via string? the link that the remote end is behind, if<index> where that is in another namespace: NDA_IFINDEX (uapi/linux/neighbour.h)
---@field link_netnsid integer? the namespace of `via`: NDA_LINK_NETNSID (uapi/linux/neighbour.h)
---@field nhid integer? the nexthop object that has the remote ends: NDA_NH_ID (uapi/linux/neighbour.h)
---@field protocol string? who added it, named in /etc/iproute2/rt_protos: NDA_PROTOCOL (uapi/linux/neighbour.h)
---@field activity_notify boolean? true where a bridge tells when it goes inactive: FDB_NOTIFY_BIT of NDA_FDB_EXT_ATTRS (uapi/linux/neighbour.h)
---@field inactive boolean? true where it is: FDB_NOTIFY_INACTIVE_BIT of NDA_FDB_EXT_ATTRS (uapi/linux/neighbour.h)
---@field master string? the bridge whose entry it is: NDA_MASTER (uapi/linux/neighbour.h)
---@field probes integer? solicitations without an answer: NDA_PROBES (uapi/linux/neighbour.h)
---@field portid integer? who asked for the change: the netlink port id of its socket, mostly its process id; absent for what the kernel did by itself and for what no message said: nlmsg_pid (uapi/linux/netlink.h)
---@field process string? the name of that process, where it is certain: it lives, in the same network namespace, and the socket is its own: /proc/PID/comm
---@field fields fun(self): fun(): string, any

---@class NeighborEvent: Neighbor, Event
---@field old Neighbor the values before; all nil for a new neighbor
---@field changed NeighborChanged

---@class NeighborChanged
---@field interface boolean
---@field family boolean
---@field ifindex boolean
---@field dst boolean
---@field lladdr boolean
---@field state boolean
---@field state_code boolean
---@field flags boolean
---@field vlan boolean
---@field vni boolean
---@field src_vni boolean
---@field port boolean
---@field via boolean
---@field link_netnsid boolean
---@field nhid boolean
---@field protocol boolean
---@field activity_notify boolean
---@field inactive boolean
---@field master boolean
---@field probes boolean
---@field portid boolean
---@field process boolean

---@class NeighborFilter
---@field interface string|string[]|boolean|nil
---@field family string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field dst string|string[]|boolean|nil
---@field lladdr string|string[]|boolean|nil
---@field state string|string[]|boolean|nil
---@field state_code integer|string|(integer|string)[]|boolean|nil
---@field flags string|string[]|boolean|nil
---@field vlan integer|string|(integer|string)[]|boolean|nil
---@field vni integer|string|(integer|string)[]|boolean|nil
---@field src_vni integer|string|(integer|string)[]|boolean|nil
---@field port integer|string|(integer|string)[]|boolean|nil
---@field via string|string[]|boolean|nil
---@field link_netnsid integer|string|(integer|string)[]|boolean|nil
---@field nhid integer|string|(integer|string)[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field activity_notify boolean|nil
---@field inactive boolean|nil
---@field master string|string[]|boolean|nil
---@field probes integer|string|(integer|string)[]|boolean|nil
---@field portid integer|string|(integer|string)[]|boolean|nil
---@field process string|string[]|boolean|nil
---@field within? string|string[]|table<string, string|string[]> prefixes that hold `dst`, or another field

---@class NeighborEventFilter: NeighborFilter, EventFilter

---@class NeighborQuery: NeighborFilter
---@field limit? integer
---@field netns? string

---A copy of one netconf of the mirror.
---@class Netconf
---@field object "netconf"
---@field interface string? the link, all for the namespace's own settings, default for those of new links: NETCONFA_IFINDEX (uapi/linux/netconf.h) [tag]
---@field family (string|"inet"|"inet6"|"mpls")? ncm_family (uapi/linux/netconf.h) [tag]
---@field ifindex integer? that link's index, absent for all and default: NETCONFA_IFINDEX (uapi/linux/netconf.h)
---@field forwarding boolean? packets are passed on: NETCONFA_FORWARDING (uapi/linux/netconf.h)
---@field rp_filter (string|"off"|"strict"|"loose")? whether a packet's source must be reachable, over the link that it came by if strict: NETCONFA_RP_FILTER (uapi/linux/netconf.h)
---@field mc_forwarding boolean? multicast packets are passed on, by a multicast routing daemon: NETCONFA_MC_FORWARDING (uapi/linux/netconf.h)
---@field bc_forwarding boolean? directed broadcasts are passed on: NETCONFA_BC_FORWARDING (uapi/linux/netconf.h)
---@field proxy_neigh boolean? ARP or neighbor discovery is answered for others: NETCONFA_PROXY_NEIGH (uapi/linux/netconf.h)
---@field ignore_routes_with_linkdown boolean? routes over a link without carrier are not used: NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN (uapi/linux/netconf.h)
---@field input boolean? labelled packets are taken, MPLS alone: NETCONFA_INPUT (uapi/linux/netconf.h)
---@field fields fun(self): fun(): string, any

---@class NetconfEvent: Netconf, Event
---@field old Netconf the values before; all nil for a new netconf
---@field changed NetconfChanged

---@class NetconfChanged
---@field interface boolean
---@field family boolean
---@field ifindex boolean
---@field forwarding boolean
---@field rp_filter boolean
---@field mc_forwarding boolean
---@field bc_forwarding boolean
---@field proxy_neigh boolean
---@field ignore_routes_with_linkdown boolean
---@field input boolean

---@class NetconfFilter
---@field interface string|string[]|boolean|nil
---@field family string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field forwarding boolean|nil
---@field rp_filter string|string[]|boolean|nil
---@field mc_forwarding boolean|nil
---@field bc_forwarding boolean|nil
---@field proxy_neigh boolean|nil
---@field ignore_routes_with_linkdown boolean|nil
---@field input boolean|nil
---@field within? table<string, string|string[]> prefixes that hold a field

---@class NetconfEventFilter: NetconfFilter, EventFilter

---@class NetconfQuery: NetconfFilter
---@field limit? integer
---@field netns? string

---A copy of one nsid of the mirror.
---@class Nsid
---@field object "nsid"
---@field nsid integer? the id, a link's link_netnsid: NETNSA_NSID (uapi/linux/net_namespace.h)
---@field fields fun(self): fun(): string, any

---@class NsidEvent: Nsid, Event
---@field old Nsid the values before; all nil for a new nsid
---@field changed NsidChanged

---@class NsidChanged
---@field nsid boolean

---@class NsidFilter
---@field nsid integer|string|(integer|string)[]|boolean|nil
---@field within? table<string, string|string[]> prefixes that hold a field

---@class NsidEventFilter: NsidFilter, EventFilter

---@class NsidQuery: NsidFilter
---@field limit? integer
---@field netns? string

---A copy of one mdb of the mirror.
---@class Mdb
---@field object "mdb"
---@field interface string? the bridge, or the VXLAN: ifindex of struct br_port_msg (uapi/linux/if_bridge.h) [tag]
---@field ifindex integer? its index: ifindex of struct br_port_msg (uapi/linux/if_bridge.h)
---@field port string? the port that has receivers, the bridge itself where that has: ifindex of struct br_mdb_entry (uapi/linux/if_bridge.h)
---@field group string? the multicast address, of IP or of the link layer: addr of struct br_mdb_entry (uapi/linux/if_bridge.h)
---@field src string? the only source that it is for, absent for any: MDBA_MDB_EATTR_SOURCE (uapi/linux/if_bridge.h)
---@field vlan integer? the VLAN, absent without one: vid of struct br_mdb_entry (uapi/linux/if_bridge.h)
---@field state (string|"temp"|"permanent")? permanent by hand, temp where it goes by time: MDB_* (uapi/linux/if_bridge.h)
---@field flags string? MDB_FLAGS_*: offload, fast_leave, added_by_star_ex, blocked, offload_failed (uapi/linux/if_bridge.h)
---@field filter_mode (string|"exclude"|"include")? whether source_list names the wanted sources or the others (IGMPv3, MLDv2): MDBA_MDB_EATTR_GROUP_MODE (uapi/linux/if_bridge.h)
---@field source_list string? these sources, comma-joined, in the order of their numbers: MDBA_MDB_EATTR_SRC_LIST (uapi/linux/if_bridge.h)
---@field protocol string? who added it, named in /etc/iproute2/rt_protos: MDBA_MDB_EATTR_RTPROT (uapi/linux/if_bridge.h)
---@field dst string? of a VXLAN, the remote end that gets it: MDBA_MDB_EATTR_DST (uapi/linux/if_bridge.h)
---@field dst_port integer? UDP port of that end where it is not the link's: MDBA_MDB_EATTR_DST_PORT (uapi/linux/if_bridge.h)
---@field vni integer? VXLAN network that it gets: MDBA_MDB_EATTR_VNI (uapi/linux/if_bridge.h)
---@field src_vni integer? VXLAN network whose packets it is for: MDBA_MDB_EATTR_SRC_VNI (uapi/linux/if_bridge.h)
---@field via string? the link that the remote end is behind: MDBA_MDB_EATTR_IFINDEX (uapi/linux/if_bridge.h)
---@field fields fun(self): fun(): string, any

---@class MdbEvent: Mdb, Event
---@field old Mdb the values before; all nil for a new mdb
---@field changed MdbChanged

---@class MdbChanged
---@field interface boolean
---@field ifindex boolean
---@field port boolean
---@field group boolean
---@field src boolean
---@field vlan boolean
---@field state boolean
---@field flags boolean
---@field filter_mode boolean
---@field source_list boolean
---@field protocol boolean
---@field dst boolean
---@field dst_port boolean
---@field vni boolean
---@field src_vni boolean
---@field via boolean

---@class MdbFilter
---@field interface string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field port string|string[]|boolean|nil
---@field group string|string[]|boolean|nil
---@field src string|string[]|boolean|nil
---@field vlan integer|string|(integer|string)[]|boolean|nil
---@field state string|string[]|boolean|nil
---@field flags string|string[]|boolean|nil
---@field filter_mode string|string[]|boolean|nil
---@field source_list string|string[]|boolean|nil
---@field protocol string|string[]|boolean|nil
---@field dst string|string[]|boolean|nil
---@field dst_port integer|string|(integer|string)[]|boolean|nil
---@field vni integer|string|(integer|string)[]|boolean|nil
---@field src_vni integer|string|(integer|string)[]|boolean|nil
---@field via string|string[]|boolean|nil
---@field within? table<string, string|string[]> prefixes that hold a field

---@class MdbEventFilter: MdbFilter, EventFilter

---@class MdbQuery: MdbFilter
---@field limit? integer
---@field netns? string

---A copy of one vlan of the mirror.
---@class Vlan
---@field object "vlan"
---@field interface string? the port, or the bridge itself: ifindex of struct br_vlan_msg (uapi/linux/if_bridge.h) [tag]
---@field ifindex integer? its index: ifindex of struct br_vlan_msg (uapi/linux/if_bridge.h)
---@field vlan integer? the VLAN's number: vid of BRIDGE_VLANDB_ENTRY_INFO (uapi/linux/if_bridge.h)
---@field flags string? PVID for what comes untagged, Egress Untagged where it leaves so: BRIDGE_VLAN_INFO_* (uapi/linux/if_bridge.h)
---@field state (string|"disabled"|"listening"|"learning"|"forwarding"|"blocking")? of the spanning tree in this VLAN: BRIDGE_VLANDB_ENTRY_STATE (uapi/linux/if_bridge.h)
---@field tunnel_id integer? the tunnel's network that it goes to and comes from: BRIDGE_VLANDB_TINFO_ID (uapi/linux/if_bridge.h)
---@field mcast_router integer? whether a multicast router is there: 0 never, 1 where one is heard, 2 always: BRIDGE_VLANDB_ENTRY_MCAST_ROUTER (uapi/linux/if_bridge.h)
---@field mcast_max_groups integer? how many multicast groups it may have, 0 for any: BRIDGE_VLANDB_ENTRY_MCAST_MAX_GROUPS (uapi/linux/if_bridge.h)
---@field neigh_suppress boolean? ARP and neighbor discovery are answered by the bridge: BRIDGE_VLANDB_ENTRY_NEIGH_SUPPRESS (uapi/linux/if_bridge.h)
---@field fields fun(self): fun(): string, any

---@class VlanEvent: Vlan, Event
---@field old Vlan the values before; all nil for a new vlan
---@field changed VlanChanged

---@class VlanChanged
---@field interface boolean
---@field ifindex boolean
---@field vlan boolean
---@field flags boolean
---@field state boolean
---@field tunnel_id boolean
---@field mcast_router boolean
---@field mcast_max_groups boolean
---@field neigh_suppress boolean

---@class VlanFilter
---@field interface string|string[]|boolean|nil
---@field ifindex integer|string|(integer|string)[]|boolean|nil
---@field vlan integer|string|(integer|string)[]|boolean|nil
---@field flags string|string[]|boolean|nil
---@field state string|string[]|boolean|nil
---@field tunnel_id integer|string|(integer|string)[]|boolean|nil
---@field mcast_router integer|string|(integer|string)[]|boolean|nil
---@field mcast_max_groups integer|string|(integer|string)[]|boolean|nil
---@field neigh_suppress boolean|nil
---@field within? table<string, string|string[]> prefixes that hold a field

---@class VlanEventFilter: VlanFilter, EventFilter

---@class VlanQuery: VlanFilter
---@field limit? integer
---@field netns? string

---An event of any object; fields that the object does not have are nil.
---@class AnyEvent: Event
---@field interface string?
---@field kind string?
---@field ifindex integer?
---@field link_type string?
---@field mtu integer?
---@field operstate string?
---@field operstate_code integer?
---@field up boolean?
---@field carrier boolean?
---@field flags string?
---@field address string?
---@field broadcast string?
---@field permaddr string?
---@field master string?
---@field link string?
---@field qdisc string?
---@field txqlen integer?
---@field group string?
---@field ifalias string?
---@field altnames string?
---@field num_tx_queues integer?
---@field num_rx_queues integer?
---@field promiscuity integer?
---@field allmulti integer?
---@field min_mtu integer?
---@field max_mtu integer?
---@field linkmode string?
---@field proto_down boolean?
---@field proto_down_reason string?
---@field xdp string?
---@field xdp_prog_id integer?
---@field parent_device string?
---@field parent_bus string?
---@field phys_port_name string?
---@field phys_port_id string?
---@field phys_switch_id string?
---@field link_netnsid integer?
---@field gso_max_size integer?
---@field gso_max_segs integer?
---@field tso_max_size integer?
---@field tso_max_segs integer?
---@field gro_max_size integer?
---@field gso_ipv4_max_size integer?
---@field gro_ipv4_max_size integer?
---@field netns_immutable boolean?
---@field port_kind string?
---@field carrier_changes integer?
---@field carrier_up_count integer?
---@field carrier_down_count integer?
---@field missed_carrier_changes integer?
---@field irq integer?
---@field irq_count integer?
---@field new_netnsid integer?
---@field new_ifindex integer?
---@field bond_mode string?
---@field bond_active_slave string?
---@field bond_miimon integer?
---@field bond_updelay integer?
---@field bond_downdelay integer?
---@field bond_use_carrier integer?
---@field bond_arp_interval integer?
---@field bond_arp_ip_target string?
---@field bond_ns_ip6_target string?
---@field bond_arp_validate string?
---@field bond_arp_all_targets string?
---@field bond_missed_max integer?
---@field bond_primary string?
---@field bond_primary_reselect string?
---@field bond_fail_over_mac string?
---@field bond_xmit_hash_policy string?
---@field bond_resend_igmp integer?
---@field bond_num_peer_notif integer?
---@field bond_peer_notify_delay integer?
---@field bond_all_slaves_active integer?
---@field bond_min_links integer?
---@field bond_lp_interval integer?
---@field bond_packets_per_slave integer?
---@field bond_tlb_dynamic_lb integer?
---@field bond_coupled_control string?
---@field ad_lacp_active string?
---@field ad_lacp_rate string?
---@field ad_select string?
---@field ad_aggregator integer?
---@field ad_num_ports integer?
---@field ad_actor_key integer?
---@field ad_partner_key integer?
---@field ad_partner_mac string?
---@field ad_actor_sys_prio integer?
---@field ad_user_port_key integer?
---@field ad_actor_system string?
---@field bond_state string?
---@field bond_mii_status string?
---@field bond_link_failures integer?
---@field bond_perm_hwaddr string?
---@field bond_queue_id integer?
---@field bond_prio integer?
---@field ad_aggregator_id integer?
---@field ad_actor_oper_port_state integer?
---@field ad_partner_oper_port_state integer?
---@field stp_state integer?
---@field priority integer?
---@field bridge_id string?
---@field root_id string?
---@field root_port integer?
---@field root_path_cost integer?
---@field topology_change integer?
---@field topology_change_detected integer?
---@field forward_delay integer?
---@field hello_time integer?
---@field max_age integer?
---@field ageing_time integer?
---@field vlan_filtering integer?
---@field vlan_default_pvid integer?
---@field vlan_stats_enabled integer?
---@field vlan_stats_per_port integer?
---@field group_addr string?
---@field group_fwd_mask string?
---@field fdb_n_learned integer?
---@field fdb_max_learned integer?
---@field no_linklocal_learn integer?
---@field mcast_vlan_snooping integer?
---@field mst_enabled integer?
---@field mdb_offload_fail_notification integer?
---@field fdb_local_vlan_0 integer?
---@field mcast_snooping integer?
---@field mcast_querier integer?
---@field mcast_query_use_ifaddr integer?
---@field mcast_router integer?
---@field mcast_hash_elasticity integer?
---@field mcast_hash_max integer?
---@field mcast_last_member_cnt integer?
---@field mcast_startup_query_cnt integer?
---@field mcast_last_member_intvl integer?
---@field mcast_membership_intvl integer?
---@field mcast_querier_intvl integer?
---@field mcast_query_intvl integer?
---@field mcast_query_response_intvl integer?
---@field mcast_startup_query_intvl integer?
---@field mcast_stats_enabled integer?
---@field mcast_igmp_version integer?
---@field mcast_mld_version integer?
---@field nf_call_iptables integer?
---@field nf_call_ip6tables integer?
---@field nf_call_arptables integer?
---@field port_state string?
---@field port_priority integer?
---@field cost integer?
---@field port_id string?
---@field port_no string?
---@field designated_root string?
---@field designated_bridge string?
---@field designated_port integer?
---@field designated_cost integer?
---@field hairpin boolean?
---@field guard boolean?
---@field root_block boolean?
---@field fastleave boolean?
---@field learning boolean?
---@field flood boolean?
---@field mcast_flood boolean?
---@field bcast_flood boolean?
---@field mcast_to_unicast boolean?
---@field neigh_suppress boolean?
---@field neigh_vlan_suppress boolean?
---@field proxy_arp boolean?
---@field proxy_arp_wifi boolean?
---@field vlan_tunnel boolean?
---@field isolated boolean?
---@field locked boolean?
---@field mab boolean?
---@field backup_port string?
---@field backup_nhid integer?
---@field mcast_max_groups integer?
---@field mcast_n_groups integer?
---@field vni integer?
---@field ["local"] string?
---@field remote string?
---@field tunnel_link string?
---@field dstport integer?
---@field srcport string?
---@field external boolean?
---@field ttl string?
---@field tos string?
---@field pmtudisc boolean?
---@field df string?
---@field ikey string?
---@field okey string?
---@field gre_flags string?
---@field proto string?
---@field encaplimit integer?
---@field flowinfo string?
---@field tunnel_flags string?
---@field encap_type string?
---@field encap_sport integer?
---@field encap_dport integer?
---@field fwmark string?
---@field erspan_ver integer?
---@field erspan_index integer?
---@field erspan_dir string?
---@field erspan_hwid string?
---@field if_id string?
---@field ageing integer?
---@field limit integer?
---@field flowlabel string?
---@field vxlan_flags string?
---@field vlan_id integer?
---@field vlan_protocol string?
---@field vlan_flags string?
---@field vlan_ingress_qos string?
---@field vlan_egress_qos string?
---@field vrf_table integer?
---@field mode string?
---@field mode_flags string?
---@field macaddr_list string?
---@field bcqueuelen integer?
---@field bc_cutoff integer?
---@field tun_type string?
---@field tun_owner integer?
---@field tun_group integer?
---@field persist boolean?
---@field pi boolean?
---@field vnet_hdr boolean?
---@field multi_queue boolean?
---@field numqueues integer?
---@field numdisabled integer?
---@field sci string?
---@field cipher_suite string?
---@field icv_len integer?
---@field encoding_sa integer?
---@field validate string?
---@field macsec_offload string?
---@field macsec_window integer?
---@field macsec_flags string?
---@field slave1 string?
---@field slave2 string?
---@field interlink string?
---@field supervision_addr string?
---@field hsr_protocol integer?
---@field conduit string?
---@field pkey string?
---@field netkit_policy string?
---@field netkit_type string?
---@field can_state string?
---@field can_bitrate integer?
---@field can_restart_ms integer?
---@field family string?
---@field protocol string?
---@field id integer?
---@field gateway string?
---@field scope string?
---@field type string?
---@field buckets integer?
---@field idle_timer integer?
---@field unbalanced_timer integer?
---@field unbalanced_time integer?
---@field blackhole boolean?
---@field fdb boolean?
---@field encap string?
---@field encap_info string?
---@field portid integer?
---@field process string?
---@field prefixlen integer?
---@field anycast string?
---@field metric integer?
---@field label string?
---@field valid_lft integer?
---@field preferred_lft integer?
---@field table string?
---@field dst string?
---@field prefsrc string?
---@field src string?
---@field iif string?
---@field realms string?
---@field nhid integer?
---@field nexthop_count integer?
---@field nexthops string?
---@field pref string?
---@field expires integer?
---@field ttl_propagate boolean?
---@field mtu_lock boolean?
---@field locks string?
---@field window integer?
---@field rtt integer?
---@field rttvar integer?
---@field ssthresh integer?
---@field cwnd integer?
---@field advmss integer?
---@field reordering integer?
---@field hoplimit integer?
---@field initcwnd integer?
---@field features string?
---@field rto_min integer?
---@field initrwnd integer?
---@field quickack integer?
---@field congestion string?
---@field fastopen_no_cookie integer?
---@field oif string?
---@field fwmask string?
---@field ipproto string?
---@field sport string?
---@field dport string?
---@field uid_range string?
---@field dscp string?
---@field dscp_mask string?
---@field flowlabel_mask string?
---@field sport_mask string?
---@field dport_mask string?
---@field ["not"] boolean?
---@field ["goto"] integer?
---@field suppress_prefixlength integer?
---@field suppress_ifgroup string?
---@field l3mdev boolean?
---@field tun_id integer?
---@field lladdr string?
---@field state string?
---@field state_code integer?
---@field vlan integer?
---@field src_vni integer?
---@field port integer?
---@field via string?
---@field activity_notify boolean?
---@field inactive boolean?
---@field probes integer?
---@field forwarding boolean?
---@field rp_filter string?
---@field mc_forwarding boolean?
---@field bc_forwarding boolean?
---@field proxy_neigh boolean?
---@field ignore_routes_with_linkdown boolean?
---@field input boolean?
---@field nsid integer?
---@field filter_mode string?
---@field source_list string?
---@field dst_port integer?
---@field tunnel_id integer?
---@field old table<string, any>
---@field changed table<string, boolean>

---@class EventFilter
---@field action? Action|string|string[] "new", "!delete", {"new", "change"}
---@field origin? Origin|string|string[]
---@field netns? string|string[]
---@field changed? string|string[] fields of which one has changed; "!mtu": has not

---What a hook gets. It can only be used during the call; use copy() to keep it.
---@class Event
---@field action Action
---@field origin Origin
---@field object Object
---@field netns string empty when no namespaces are configured
---@field key string what the object is known by, 16 hexadecimal digits: the same from its new to its delete
---@field time number seconds since the epoch
local Event = {}

---Sets a tag of the event's metric; nil removes it.
---@param key string
---@param value string|number|boolean|nil
function Event:tag(key, value) end

---Sets a field of the event's metric; nil removes it. A field that the event has
---keeps its type; for another one "name:int" writes integers.
---@param key string
---@param value string|number|boolean|nil
function Event:field(key, value) end

---Returns a tag of the outgoing metric, with what hooks have changed so far.
---@param key string
---@return string?
function Event:get_tag(key) end

---Returns a field of the outgoing metric, with what hooks have changed so far.
---@param key string
---@return Scalar?
function Event:get_field(key) end

---Renames the event's metric.
---@param name string
function Event:measurement(name) end

---Reports whether the object's prefix or address, or another field, lies in a prefix.
---@param prefix string
---@param field? string
---@return boolean
function Event:within(prefix, field) end

---Reports whether the object is a default route.
---@return boolean
function Event:is_default() end

---Returns all of the event as a table that can be kept.
---@return table
function Event:copy() end

---Iterates over names and values of the fields that the object has.
---@return fun(): string, any
function Event:fields() end

---Returns the raw bytes of a netlink attribute.
---@param number integer
---@return string?
function Event:attribute(number) end

---A gauge or counter before it is sent. It can only be used during the call.
---@class Reading
---@field measurement string
local Reading = {}
---@param key string
---@return string?
function Reading:get_tag(key) end
---@param key string
---@return Scalar?
function Reading:get_field(key) end
---Sets a tag; nil removes it.
---@param key string
---@param value string|number|boolean|nil
function Reading:tag(key, value) end

---@class Handle
local Handle = {}
---Ends a hook.
function Handle:off() end

---@class Timer
local Timer = {}
function Timer:cancel() end

---@class Moment
---@field moment "start"|"stop"|"reload"|"resync"|"overrun"
---@field reason string? of a reload: "changed", "forced", "killed", "suspended"
---@field netns string?
---@field changes integer? of a resync

---@class NativeAction
local NativeAction = {}

---@class Counter
local Counter = {}
---@param n? number
---@param ... string|number|boolean|nil the tags' values
function Counter:inc(n, ...) end
---A native action that counts by fields of the event, one for each tag.
---@param ... string
---@return NativeAction
function Counter:by(...) end

---@class Gauge
local Gauge = {}
---@param value number
---@param ... string|number|boolean|nil the tags' values
function Gauge:set(value, ...) end
---@param n? number
---@param ... string|number|boolean|nil the tags' values
function Gauge:inc(n, ...) end
---@param ... string|number|boolean|nil the tags' values
function Gauge:remove(...) end

---@alias Scalar string|number|boolean

---@class State
local State = {}
---@param key Scalar
---@return Scalar?
function State:get(key) end
---@param key Scalar
---@param value Scalar? nil removes the key
function State:set(key, value) end
---@param key Scalar
---@param value Scalar?
---@return Scalar? # the old value
function State:swap(key, value) end
---@param key Scalar
---@return Scalar? # the old value
function State:del(key) end
---@param key Scalar
---@param n? number
---@return number # the sum
function State:incr(key, n) end
---@return integer
function State:len() end
---@return fun(): string, Scalar
function State:each() end
---Counts one for the key and returns how many there were in the last seconds.
---@param key Scalar
---@param seconds number
---@return integer
function State:hits(key, seconds) end
function State:clear() end

---@class StateOptions
---@field max? integer entries; the least recently used one goes first
---@field ttl? number seconds that an entry lives after it was last written
---@field persist? boolean survive a restart

---@class ExecOptions
---@field [integer] string|number the command's absolute path and its arguments
---@field key? string what min_interval counts by; default: the path
---@field min_interval? number seconds between two runs for one key
---@field timeout? number seconds; default 10
---@field env? table<string, string>
---@field stdin? string
---@field on_done? fun(result: ExecResult)

---@class ExecResult
---@field code integer exit status; -1 when it did not run or was killed
---@field output string the first 4 KiB of standard output and error
---@field timed_out boolean
---@field error string?
---@field duration number seconds
---@field key string?

---@class nl
---@field DROP NativeAction drops the event's metric
---@field KEEP NativeAction does nothing
local nl = {}

---@overload fun(object: "link", filter: LinkEventFilter, fn: fun(ev: LinkEvent): boolean?): Handle
---@overload fun(object: "link", fn: fun(ev: LinkEvent): boolean?): Handle
---@overload fun(object: "nexthop", filter: NexthopEventFilter, fn: fun(ev: NexthopEvent): boolean?): Handle
---@overload fun(object: "nexthop", fn: fun(ev: NexthopEvent): boolean?): Handle
---@overload fun(object: "address", filter: AddressEventFilter, fn: fun(ev: AddressEvent): boolean?): Handle
---@overload fun(object: "address", fn: fun(ev: AddressEvent): boolean?): Handle
---@overload fun(object: "route", filter: RouteEventFilter, fn: fun(ev: RouteEvent): boolean?): Handle
---@overload fun(object: "route", fn: fun(ev: RouteEvent): boolean?): Handle
---@overload fun(object: "rule", filter: RuleEventFilter, fn: fun(ev: RuleEvent): boolean?): Handle
---@overload fun(object: "rule", fn: fun(ev: RuleEvent): boolean?): Handle
---@overload fun(object: "neighbor", filter: NeighborEventFilter, fn: fun(ev: NeighborEvent): boolean?): Handle
---@overload fun(object: "neighbor", fn: fun(ev: NeighborEvent): boolean?): Handle
---@overload fun(object: "netconf", filter: NetconfEventFilter, fn: fun(ev: NetconfEvent): boolean?): Handle
---@overload fun(object: "netconf", fn: fun(ev: NetconfEvent): boolean?): Handle
---@overload fun(object: "nsid", filter: NsidEventFilter, fn: fun(ev: NsidEvent): boolean?): Handle
---@overload fun(object: "nsid", fn: fun(ev: NsidEvent): boolean?): Handle
---@overload fun(object: "mdb", filter: MdbEventFilter, fn: fun(ev: MdbEvent): boolean?): Handle
---@overload fun(object: "mdb", fn: fun(ev: MdbEvent): boolean?): Handle
---@overload fun(object: "vlan", filter: VlanEventFilter, fn: fun(ev: VlanEvent): boolean?): Handle
---@overload fun(object: "vlan", fn: fun(ev: VlanEvent): boolean?): Handle
---@overload fun(object: "*", filter: EventFilter, fn: fun(ev: AnyEvent): boolean?): Handle
---@overload fun(object: "*", fn: fun(ev: AnyEvent): boolean?): Handle
---@overload fun(object: "start"|"stop"|"reload"|"resync"|"overrun", fn: fun(info: Moment)): Handle
---@overload fun(object: "gather", filter: table<string, string|string[]|boolean>, fn: fun(m: Reading): boolean?): Handle
---@overload fun(object: "gather", fn: fun(m: Reading): boolean?): Handle
---Registers a hook. The function's result: false drops the event's metric and
---ends the event's hooks; true or nothing keeps it.
---@param object Object|"*"|"start"|"stop"|"reload"|"resync"|"overrun"|"gather"
---@param filter? table|function|NativeAction
---@param fn? function|NativeAction|(function|NativeAction)[]
---@return Handle
function nl.on(object, filter, fn) end

---Declares a metric; the result takes the values of tags and fields in order.
---@param name string
---@param tags string[]
---@param fields string[] "n", or with a type: "n:int", "s:string", "b:bool", "f:float"
---@return fun(...)
function nl.metric(name, tags, fields) end

---Emits a metric; slower than a declared one.
---@param name string
---@param tags table<string, Scalar>?
---@param fields table<string, Scalar>
function nl.emit(name, tags, fields) end

---@param name string
---@param tags? string[]
---@param options? {max: integer?, per_interval: boolean?}
---@return Counter
function nl.counter(name, tags, options) end

---@param name string
---@param tags? string[]
---@param options? {max: integer?}
---@return Gauge
function nl.gauge(name, tags, options) end

---@param name_or_index string|integer
---@param netns? string default: that of the event
---@return Link?
function nl.link(name_or_index, netns) end

---@param object Object
---@param filter? table
---@return integer
function nl.count(object, filter) end

---Returns the route with the longest prefix that holds the address.
---@param address string
---@param table? string|integer default "main"
---@param netns? string default: that of the event
---@return Route?
---@return string? problem
function nl.lookup(address, table, netns) end

---Returns the route to exactly that destination, with the lowest metric.
---@param table string
---@param dst string "default", a prefix or an address
---@param netns? string default: that of the event
---@return Route?
---@return string? problem
function nl.route(table, dst, netns) end

---@param interface string
---@param dst string
---@param netns? string default: that of the event
---@return Neighbor?
---@return string? problem
function nl.neighbor(interface, dst, netns) end

---@return string[] # the namespaces that are mirrored, as ev.netns spells them
function nl.netns() end

---@return string? # the machine's name
---@return string? problem
function nl.hostname() end

---@param name string
---@param options? StateOptions
---@return State
function nl.state(name, options) end

---@param seconds number
---@param fn fun()
---@return Timer
function nl.after(seconds, fn) end

---@param seconds number at least 0.01
---@param fn fun()
---@return Timer
function nl.every(seconds, fn) end

---Runs a command of allow_exec in the background.
---@param command ExecOptions
---@return boolean
---@return string? problem
function nl.exec(command) end

---@return number # seconds since the epoch
function nl.now() end

---@return number # seconds on a clock that nobody sets
function nl.monotonic() end

nl.log = {}
---@param format string
---@param ... any
function nl.log.error(format, ...) end
---@param format string
---@param ... any
function nl.log.warn(format, ...) end
---@param format string
---@param ... any
function nl.log.info(format, ...) end
---@param format string
---@param ... any
function nl.log.debug(format, ...) end

nl.ip = {}
---@param text string
---@return string? address
---@return integer|string bits or the problem
function nl.ip.parse(text) end
---@param text string
---@return "inet"|"inet6"|nil
function nl.ip.family(text) end
---@param text string
---@return "unspecified"|"loopback"|"multicast"|"link-local"|"private"|"global"|nil
function nl.ip.kind(text) end
---@param text string
---@param bits? integer
---@return string?
function nl.ip.network(text, bits) end
---@param address string
---@param prefix string
---@return boolean
function nl.ip.within(address, prefix) end
---@class PrefixSet
local PrefixSet = {}
---@param address string
---@return string? # the longest prefix of the set that holds the address
function PrefixSet:find(address) end
---@param prefixes string[]
---@return PrefixSet
function nl.ip.set(prefixes) end

nl.json = {}
nl.json.null = nil
---@param value any
---@return string?
---@return string? problem
function nl.json.encode(value) end
---@param text string
---@return any
---@return string? problem
function nl.json.decode(text) end

nl.time = {}
---@param seconds number since the epoch
---@param format? string as strftime; without one RFC 3339
---@param zone? "UTC"|"local"
---@return string
function nl.time.format(seconds, format, zone) end

nl.str = {}
---@param text string
---@param separator string
---@param pieces? integer the last of so many is the rest
---@return string[]
function nl.str.split(text, separator, pieces) end
---@param text string
---@return string # without white space at both ends
function nl.str.trim(text) end

nl.bit = {}
---@param n integer
---@param ... integer
---@return integer
function nl.bit.band(n, ...) end
---@param n integer
---@param ... integer
---@return integer
function nl.bit.bor(n, ...) end
---@param n integer
---@param ... integer
---@return integer
function nl.bit.bxor(n, ...) end
---@param n integer
---@return integer
function nl.bit.bnot(n) end
---@param n integer
---@param by integer 0 to 31
---@return integer
function nl.bit.lshift(n, by) end
---@param n integer
---@param by integer 0 to 31
---@return integer
function nl.bit.rshift(n, by) end

nl.re = {}
---@param text string
---@param pattern string in RE2 syntax
---@return string? ... the groups, or the whole match
function nl.re.match(text, pattern) end
---@param text string
---@param pattern string
---@return string[]
function nl.re.find_all(text, pattern) end
---@param text string
---@param pattern string
---@param with string $1 is the first group
---@return string
function nl.re.replace(text, pattern, with) end

---The script's constants, read-only.
---@type table<string, any>
config = {}

---Iterates over copies of the links in the mirror that match.
---@param filter? LinkQuery
---@return fun(): Link
function nl.links(filter) end

---Iterates over copies of the nexthops in the mirror that match.
---@param filter? NexthopQuery
---@return fun(): Nexthop
function nl.nexthops(filter) end

---Iterates over copies of the addresses in the mirror that match.
---@param filter? AddressQuery
---@return fun(): Address
function nl.addresses(filter) end

---Iterates over copies of the routes in the mirror that match.
---@param filter? RouteQuery
---@return fun(): Route
function nl.routes(filter) end

---Iterates over copies of the rules in the mirror that match.
---@param filter? RuleQuery
---@return fun(): Rule
function nl.rules(filter) end

---Iterates over copies of the neighbors in the mirror that match.
---@param filter? NeighborQuery
---@return fun(): Neighbor
function nl.neighbors(filter) end

---Iterates over copies of the netconfs in the mirror that match.
---@param filter? NetconfQuery
---@return fun(): Netconf
function nl.netconfs(filter) end

---Iterates over copies of the nsids in the mirror that match.
---@param filter? NsidQuery
---@return fun(): Nsid
function nl.nsids(filter) end

---Iterates over copies of the mdbs in the mirror that match.
---@param filter? MdbQuery
---@return fun(): Mdb
function nl.mdbs(filter) end

---Iterates over copies of the vlans in the mirror that match.
---@param filter? VlanQuery
---@return fun(): Vlan
function nl.vlans(filter) end

return nl
