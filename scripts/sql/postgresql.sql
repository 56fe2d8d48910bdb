-- The stream of telegraf-rtnetlink in PostgreSQL 15 or newer: tables that
-- Telegraf's outputs.postgresql fills as they are, and functions that read
-- them back. Made from the field table by plugin/internal/ddl; README.md
-- explains. May be run again, also on tables that Telegraf has made.

CREATE TABLE IF NOT EXISTS rtnetlink_sync ("time" timestamp, host text, moment text, netns text);
ALTER TABLE rtnetlink_sync
	ADD COLUMN IF NOT EXISTS "links" bigint,
	ADD COLUMN IF NOT EXISTS "addresses" bigint,
	ADD COLUMN IF NOT EXISTS "routes" bigint,
	ADD COLUMN IF NOT EXISTS "neighbors" bigint,
	ADD COLUMN IF NOT EXISTS "rules" bigint,
	ADD COLUMN IF NOT EXISTS "nexthops" bigint,
	ADD COLUMN IF NOT EXISTS "netconfs" bigint,
	ADD COLUMN IF NOT EXISTS "nsids" bigint,
	ADD COLUMN IF NOT EXISTS "mdbs" bigint,
	ADD COLUMN IF NOT EXISTS "vlans" bigint,
	ADD COLUMN IF NOT EXISTS host text,
	ADD COLUMN IF NOT EXISTS netns text,
	ADD COLUMN IF NOT EXISTS epoch bigint,
	ADD COLUMN IF NOT EXISTS next_seq bigint,
	ADD COLUMN IF NOT EXISTS reason text,
	ADD COLUMN IF NOT EXISTS objects text,
	ADD COLUMN IF NOT EXISTS untracked text,
	ADD COLUMN IF NOT EXISTS initial_events text,
	ADD COLUMN IF NOT EXISTS filters text,
	ADD COLUMN IF NOT EXISTS version text;
CREATE INDEX IF NOT EXISTS rtnetlink_sync_time ON rtnetlink_sync (host, "time");

CREATE TABLE IF NOT EXISTS rtnetlink_link ("time" timestamp);
ALTER TABLE rtnetlink_link
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "kind" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "link_type" text,
	ADD COLUMN IF NOT EXISTS "mtu" bigint,
	ADD COLUMN IF NOT EXISTS "operstate" text,
	ADD COLUMN IF NOT EXISTS "operstate_code" bigint,
	ADD COLUMN IF NOT EXISTS "up" boolean,
	ADD COLUMN IF NOT EXISTS "carrier" boolean,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "address" text,
	ADD COLUMN IF NOT EXISTS "broadcast" text,
	ADD COLUMN IF NOT EXISTS "permaddr" text,
	ADD COLUMN IF NOT EXISTS "master" text,
	ADD COLUMN IF NOT EXISTS "link" text,
	ADD COLUMN IF NOT EXISTS "qdisc" text,
	ADD COLUMN IF NOT EXISTS "txqlen" bigint,
	ADD COLUMN IF NOT EXISTS "group" text,
	ADD COLUMN IF NOT EXISTS "ifalias" text,
	ADD COLUMN IF NOT EXISTS "altnames" text,
	ADD COLUMN IF NOT EXISTS "num_tx_queues" bigint,
	ADD COLUMN IF NOT EXISTS "num_rx_queues" bigint,
	ADD COLUMN IF NOT EXISTS "promiscuity" bigint,
	ADD COLUMN IF NOT EXISTS "allmulti" bigint,
	ADD COLUMN IF NOT EXISTS "min_mtu" bigint,
	ADD COLUMN IF NOT EXISTS "max_mtu" bigint,
	ADD COLUMN IF NOT EXISTS "linkmode" text,
	ADD COLUMN IF NOT EXISTS "proto_down" boolean,
	ADD COLUMN IF NOT EXISTS "proto_down_reason" text,
	ADD COLUMN IF NOT EXISTS "xdp" text,
	ADD COLUMN IF NOT EXISTS "xdp_prog_id" bigint,
	ADD COLUMN IF NOT EXISTS "speed" bigint,
	ADD COLUMN IF NOT EXISTS "duplex" text,
	ADD COLUMN IF NOT EXISTS "parent_device" text,
	ADD COLUMN IF NOT EXISTS "parent_bus" text,
	ADD COLUMN IF NOT EXISTS "phys_port_name" text,
	ADD COLUMN IF NOT EXISTS "phys_port_id" text,
	ADD COLUMN IF NOT EXISTS "phys_switch_id" text,
	ADD COLUMN IF NOT EXISTS "link_netnsid" bigint,
	ADD COLUMN IF NOT EXISTS "gso_max_size" bigint,
	ADD COLUMN IF NOT EXISTS "gso_max_segs" bigint,
	ADD COLUMN IF NOT EXISTS "tso_max_size" bigint,
	ADD COLUMN IF NOT EXISTS "tso_max_segs" bigint,
	ADD COLUMN IF NOT EXISTS "gro_max_size" bigint,
	ADD COLUMN IF NOT EXISTS "gso_ipv4_max_size" bigint,
	ADD COLUMN IF NOT EXISTS "gro_ipv4_max_size" bigint,
	ADD COLUMN IF NOT EXISTS "netns_immutable" boolean,
	ADD COLUMN IF NOT EXISTS "port_kind" text,
	ADD COLUMN IF NOT EXISTS "carrier_changes" bigint,
	ADD COLUMN IF NOT EXISTS "carrier_up_count" bigint,
	ADD COLUMN IF NOT EXISTS "carrier_down_count" bigint,
	ADD COLUMN IF NOT EXISTS "missed_carrier_changes" bigint,
	ADD COLUMN IF NOT EXISTS "irq" bigint,
	ADD COLUMN IF NOT EXISTS "irq_count" bigint,
	ADD COLUMN IF NOT EXISTS "new_netnsid" bigint,
	ADD COLUMN IF NOT EXISTS "new_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "bond_mode" text,
	ADD COLUMN IF NOT EXISTS "bond_active_slave" text,
	ADD COLUMN IF NOT EXISTS "bond_miimon" bigint,
	ADD COLUMN IF NOT EXISTS "bond_updelay" bigint,
	ADD COLUMN IF NOT EXISTS "bond_downdelay" bigint,
	ADD COLUMN IF NOT EXISTS "bond_use_carrier" bigint,
	ADD COLUMN IF NOT EXISTS "bond_arp_interval" bigint,
	ADD COLUMN IF NOT EXISTS "bond_arp_ip_target" text,
	ADD COLUMN IF NOT EXISTS "bond_ns_ip6_target" text,
	ADD COLUMN IF NOT EXISTS "bond_arp_validate" text,
	ADD COLUMN IF NOT EXISTS "bond_arp_all_targets" text,
	ADD COLUMN IF NOT EXISTS "bond_missed_max" bigint,
	ADD COLUMN IF NOT EXISTS "bond_primary" text,
	ADD COLUMN IF NOT EXISTS "bond_primary_reselect" text,
	ADD COLUMN IF NOT EXISTS "bond_fail_over_mac" text,
	ADD COLUMN IF NOT EXISTS "bond_xmit_hash_policy" text,
	ADD COLUMN IF NOT EXISTS "bond_resend_igmp" bigint,
	ADD COLUMN IF NOT EXISTS "bond_num_peer_notif" bigint,
	ADD COLUMN IF NOT EXISTS "bond_peer_notify_delay" bigint,
	ADD COLUMN IF NOT EXISTS "bond_all_slaves_active" bigint,
	ADD COLUMN IF NOT EXISTS "bond_min_links" bigint,
	ADD COLUMN IF NOT EXISTS "bond_lp_interval" bigint,
	ADD COLUMN IF NOT EXISTS "bond_packets_per_slave" bigint,
	ADD COLUMN IF NOT EXISTS "bond_tlb_dynamic_lb" bigint,
	ADD COLUMN IF NOT EXISTS "bond_coupled_control" text,
	ADD COLUMN IF NOT EXISTS "bond_broadcast_neighbor" text,
	ADD COLUMN IF NOT EXISTS "bond_lacp_strict" text,
	ADD COLUMN IF NOT EXISTS "ad_lacp_active" text,
	ADD COLUMN IF NOT EXISTS "ad_lacp_rate" text,
	ADD COLUMN IF NOT EXISTS "ad_select" text,
	ADD COLUMN IF NOT EXISTS "ad_aggregator" bigint,
	ADD COLUMN IF NOT EXISTS "ad_num_ports" bigint,
	ADD COLUMN IF NOT EXISTS "ad_actor_key" bigint,
	ADD COLUMN IF NOT EXISTS "ad_partner_key" bigint,
	ADD COLUMN IF NOT EXISTS "ad_partner_mac" text,
	ADD COLUMN IF NOT EXISTS "ad_actor_sys_prio" bigint,
	ADD COLUMN IF NOT EXISTS "ad_user_port_key" bigint,
	ADD COLUMN IF NOT EXISTS "ad_actor_system" text,
	ADD COLUMN IF NOT EXISTS "bond_state" text,
	ADD COLUMN IF NOT EXISTS "bond_mii_status" text,
	ADD COLUMN IF NOT EXISTS "bond_link_failures" bigint,
	ADD COLUMN IF NOT EXISTS "bond_perm_hwaddr" text,
	ADD COLUMN IF NOT EXISTS "bond_queue_id" bigint,
	ADD COLUMN IF NOT EXISTS "bond_prio" bigint,
	ADD COLUMN IF NOT EXISTS "ad_actor_port_prio" bigint,
	ADD COLUMN IF NOT EXISTS "ad_aggregator_id" bigint,
	ADD COLUMN IF NOT EXISTS "ad_actor_oper_port_state" bigint,
	ADD COLUMN IF NOT EXISTS "ad_partner_oper_port_state" bigint,
	ADD COLUMN IF NOT EXISTS "stp_state" bigint,
	ADD COLUMN IF NOT EXISTS "stp_mode" text,
	ADD COLUMN IF NOT EXISTS "priority" bigint,
	ADD COLUMN IF NOT EXISTS "bridge_id" text,
	ADD COLUMN IF NOT EXISTS "root_id" text,
	ADD COLUMN IF NOT EXISTS "root_port" bigint,
	ADD COLUMN IF NOT EXISTS "root_path_cost" bigint,
	ADD COLUMN IF NOT EXISTS "topology_change" bigint,
	ADD COLUMN IF NOT EXISTS "topology_change_detected" bigint,
	ADD COLUMN IF NOT EXISTS "forward_delay" bigint,
	ADD COLUMN IF NOT EXISTS "hello_time" bigint,
	ADD COLUMN IF NOT EXISTS "max_age" bigint,
	ADD COLUMN IF NOT EXISTS "ageing_time" bigint,
	ADD COLUMN IF NOT EXISTS "vlan_filtering" bigint,
	ADD COLUMN IF NOT EXISTS "vlan_default_pvid" bigint,
	ADD COLUMN IF NOT EXISTS "vlan_stats_enabled" bigint,
	ADD COLUMN IF NOT EXISTS "vlan_stats_per_port" bigint,
	ADD COLUMN IF NOT EXISTS "group_addr" text,
	ADD COLUMN IF NOT EXISTS "group_fwd_mask" text,
	ADD COLUMN IF NOT EXISTS "fdb_n_learned" bigint,
	ADD COLUMN IF NOT EXISTS "fdb_max_learned" bigint,
	ADD COLUMN IF NOT EXISTS "no_linklocal_learn" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_vlan_snooping" bigint,
	ADD COLUMN IF NOT EXISTS "mst_enabled" bigint,
	ADD COLUMN IF NOT EXISTS "mdb_offload_fail_notification" bigint,
	ADD COLUMN IF NOT EXISTS "fdb_local_vlan_0" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_snooping" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_querier" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_query_use_ifaddr" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_router" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_hash_elasticity" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_hash_max" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_last_member_cnt" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_startup_query_cnt" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_last_member_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_membership_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_querier_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_query_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_query_response_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_startup_query_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_stats_enabled" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_igmp_version" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_mld_version" bigint,
	ADD COLUMN IF NOT EXISTS "nf_call_iptables" bigint,
	ADD COLUMN IF NOT EXISTS "nf_call_ip6tables" bigint,
	ADD COLUMN IF NOT EXISTS "nf_call_arptables" bigint,
	ADD COLUMN IF NOT EXISTS "port_state" text,
	ADD COLUMN IF NOT EXISTS "port_priority" bigint,
	ADD COLUMN IF NOT EXISTS "cost" bigint,
	ADD COLUMN IF NOT EXISTS "port_id" text,
	ADD COLUMN IF NOT EXISTS "port_no" text,
	ADD COLUMN IF NOT EXISTS "designated_root" text,
	ADD COLUMN IF NOT EXISTS "designated_bridge" text,
	ADD COLUMN IF NOT EXISTS "designated_port" bigint,
	ADD COLUMN IF NOT EXISTS "designated_cost" bigint,
	ADD COLUMN IF NOT EXISTS "hairpin" boolean,
	ADD COLUMN IF NOT EXISTS "guard" boolean,
	ADD COLUMN IF NOT EXISTS "root_block" boolean,
	ADD COLUMN IF NOT EXISTS "fastleave" boolean,
	ADD COLUMN IF NOT EXISTS "learning" boolean,
	ADD COLUMN IF NOT EXISTS "flood" boolean,
	ADD COLUMN IF NOT EXISTS "mcast_flood" boolean,
	ADD COLUMN IF NOT EXISTS "bcast_flood" boolean,
	ADD COLUMN IF NOT EXISTS "mcast_to_unicast" boolean,
	ADD COLUMN IF NOT EXISTS "neigh_suppress" boolean,
	ADD COLUMN IF NOT EXISTS "neigh_vlan_suppress" boolean,
	ADD COLUMN IF NOT EXISTS "neigh_forward_grat" boolean,
	ADD COLUMN IF NOT EXISTS "proxy_arp" boolean,
	ADD COLUMN IF NOT EXISTS "proxy_arp_wifi" boolean,
	ADD COLUMN IF NOT EXISTS "vlan_tunnel" boolean,
	ADD COLUMN IF NOT EXISTS "isolated" boolean,
	ADD COLUMN IF NOT EXISTS "locked" boolean,
	ADD COLUMN IF NOT EXISTS "mab" boolean,
	ADD COLUMN IF NOT EXISTS "backup_port" text,
	ADD COLUMN IF NOT EXISTS "backup_nhid" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_max_groups" bigint,
	ADD COLUMN IF NOT EXISTS "mrp_ring_open" boolean,
	ADD COLUMN IF NOT EXISTS "mrp_in_open" boolean,
	ADD COLUMN IF NOT EXISTS "mcast_n_groups" bigint,
	ADD COLUMN IF NOT EXISTS "vni" bigint,
	ADD COLUMN IF NOT EXISTS "local" text,
	ADD COLUMN IF NOT EXISTS "remote" text,
	ADD COLUMN IF NOT EXISTS "tunnel_link" text,
	ADD COLUMN IF NOT EXISTS "dstport" bigint,
	ADD COLUMN IF NOT EXISTS "srcport" text,
	ADD COLUMN IF NOT EXISTS "srcportmin" bigint,
	ADD COLUMN IF NOT EXISTS "ethertype" text,
	ADD COLUMN IF NOT EXISTS "multiproto" boolean,
	ADD COLUMN IF NOT EXISTS "external" boolean,
	ADD COLUMN IF NOT EXISTS "ttl" text,
	ADD COLUMN IF NOT EXISTS "tos" text,
	ADD COLUMN IF NOT EXISTS "pmtudisc" boolean,
	ADD COLUMN IF NOT EXISTS "ignore_df" boolean,
	ADD COLUMN IF NOT EXISTS "df" text,
	ADD COLUMN IF NOT EXISTS "ikey" text,
	ADD COLUMN IF NOT EXISTS "okey" text,
	ADD COLUMN IF NOT EXISTS "gre_flags" text,
	ADD COLUMN IF NOT EXISTS "proto" text,
	ADD COLUMN IF NOT EXISTS "encaplimit" bigint,
	ADD COLUMN IF NOT EXISTS "flowinfo" text,
	ADD COLUMN IF NOT EXISTS "tunnel_flags" text,
	ADD COLUMN IF NOT EXISTS "sixrd_prefix" text,
	ADD COLUMN IF NOT EXISTS "sixrd_relay_prefix" text,
	ADD COLUMN IF NOT EXISTS "encap_type" text,
	ADD COLUMN IF NOT EXISTS "encap_flags" text,
	ADD COLUMN IF NOT EXISTS "encap_sport" bigint,
	ADD COLUMN IF NOT EXISTS "encap_dport" bigint,
	ADD COLUMN IF NOT EXISTS "fwmark" text,
	ADD COLUMN IF NOT EXISTS "erspan_ver" bigint,
	ADD COLUMN IF NOT EXISTS "erspan_index" bigint,
	ADD COLUMN IF NOT EXISTS "erspan_dir" text,
	ADD COLUMN IF NOT EXISTS "erspan_hwid" text,
	ADD COLUMN IF NOT EXISTS "if_id" text,
	ADD COLUMN IF NOT EXISTS "ageing" bigint,
	ADD COLUMN IF NOT EXISTS "limit" bigint,
	ADD COLUMN IF NOT EXISTS "flowlabel" text,
	ADD COLUMN IF NOT EXISTS "vxlan_flags" text,
	ADD COLUMN IF NOT EXISTS "geneve_flags" text,
	ADD COLUMN IF NOT EXISTS "amt_discovery" text,
	ADD COLUMN IF NOT EXISTS "amt_relay_port" bigint,
	ADD COLUMN IF NOT EXISTS "amt_gateway_port" bigint,
	ADD COLUMN IF NOT EXISTS "amt_max_tunnels" bigint,
	ADD COLUMN IF NOT EXISTS "vlan_id" bigint,
	ADD COLUMN IF NOT EXISTS "vlan_protocol" text,
	ADD COLUMN IF NOT EXISTS "vlan_flags" text,
	ADD COLUMN IF NOT EXISTS "vlan_ingress_qos" text,
	ADD COLUMN IF NOT EXISTS "vlan_egress_qos" text,
	ADD COLUMN IF NOT EXISTS "vrf_table" bigint,
	ADD COLUMN IF NOT EXISTS "mode" text,
	ADD COLUMN IF NOT EXISTS "mode_flags" text,
	ADD COLUMN IF NOT EXISTS "macaddr_list" text,
	ADD COLUMN IF NOT EXISTS "bcqueuelen" bigint,
	ADD COLUMN IF NOT EXISTS "bc_cutoff" bigint,
	ADD COLUMN IF NOT EXISTS "tun_type" text,
	ADD COLUMN IF NOT EXISTS "tun_owner" bigint,
	ADD COLUMN IF NOT EXISTS "tun_group" bigint,
	ADD COLUMN IF NOT EXISTS "persist" boolean,
	ADD COLUMN IF NOT EXISTS "pi" boolean,
	ADD COLUMN IF NOT EXISTS "vnet_hdr" boolean,
	ADD COLUMN IF NOT EXISTS "multi_queue" boolean,
	ADD COLUMN IF NOT EXISTS "numqueues" bigint,
	ADD COLUMN IF NOT EXISTS "numdisabled" bigint,
	ADD COLUMN IF NOT EXISTS "sci" text,
	ADD COLUMN IF NOT EXISTS "cipher_suite" text,
	ADD COLUMN IF NOT EXISTS "icv_len" bigint,
	ADD COLUMN IF NOT EXISTS "encoding_sa" bigint,
	ADD COLUMN IF NOT EXISTS "validate" text,
	ADD COLUMN IF NOT EXISTS "macsec_offload" text,
	ADD COLUMN IF NOT EXISTS "macsec_window" bigint,
	ADD COLUMN IF NOT EXISTS "macsec_flags" text,
	ADD COLUMN IF NOT EXISTS "slave1" text,
	ADD COLUMN IF NOT EXISTS "slave2" text,
	ADD COLUMN IF NOT EXISTS "interlink" text,
	ADD COLUMN IF NOT EXISTS "supervision_addr" text,
	ADD COLUMN IF NOT EXISTS "hsr_protocol" bigint,
	ADD COLUMN IF NOT EXISTS "conduit" text,
	ADD COLUMN IF NOT EXISTS "pkey" text,
	ADD COLUMN IF NOT EXISTS "umcast" bigint,
	ADD COLUMN IF NOT EXISTS "netkit_policy" text,
	ADD COLUMN IF NOT EXISTS "netkit_peer_policy" text,
	ADD COLUMN IF NOT EXISTS "netkit_scrub" text,
	ADD COLUMN IF NOT EXISTS "netkit_peer_scrub" text,
	ADD COLUMN IF NOT EXISTS "netkit_pairing" text,
	ADD COLUMN IF NOT EXISTS "netkit_type" text,
	ADD COLUMN IF NOT EXISTS "can_state" text,
	ADD COLUMN IF NOT EXISTS "can_bitrate" bigint,
	ADD COLUMN IF NOT EXISTS "can_restart_ms" bigint,
	ADD COLUMN IF NOT EXISTS "can_dbitrate" bigint,
	ADD COLUMN IF NOT EXISTS "can_ctrlmode" text,
	ADD COLUMN IF NOT EXISTS "can_termination" bigint,
	ADD COLUMN IF NOT EXISTS "mux_id" bigint,
	ADD COLUMN IF NOT EXISTS "rmnet_flags" text,
	ADD COLUMN IF NOT EXISTS "gtp_role" text,
	ADD COLUMN IF NOT EXISTS "gtp_restart_count" bigint,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_kind" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_link_type" text,
	ADD COLUMN IF NOT EXISTS "previous_mtu" bigint,
	ADD COLUMN IF NOT EXISTS "previous_operstate" text,
	ADD COLUMN IF NOT EXISTS "previous_operstate_code" bigint,
	ADD COLUMN IF NOT EXISTS "previous_up" boolean,
	ADD COLUMN IF NOT EXISTS "previous_carrier" boolean,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_address" text,
	ADD COLUMN IF NOT EXISTS "previous_broadcast" text,
	ADD COLUMN IF NOT EXISTS "previous_permaddr" text,
	ADD COLUMN IF NOT EXISTS "previous_master" text,
	ADD COLUMN IF NOT EXISTS "previous_link" text,
	ADD COLUMN IF NOT EXISTS "previous_qdisc" text,
	ADD COLUMN IF NOT EXISTS "previous_txqlen" bigint,
	ADD COLUMN IF NOT EXISTS "previous_group" text,
	ADD COLUMN IF NOT EXISTS "previous_ifalias" text,
	ADD COLUMN IF NOT EXISTS "previous_altnames" text,
	ADD COLUMN IF NOT EXISTS "previous_num_tx_queues" bigint,
	ADD COLUMN IF NOT EXISTS "previous_num_rx_queues" bigint,
	ADD COLUMN IF NOT EXISTS "previous_promiscuity" bigint,
	ADD COLUMN IF NOT EXISTS "previous_allmulti" bigint,
	ADD COLUMN IF NOT EXISTS "previous_min_mtu" bigint,
	ADD COLUMN IF NOT EXISTS "previous_max_mtu" bigint,
	ADD COLUMN IF NOT EXISTS "previous_linkmode" text,
	ADD COLUMN IF NOT EXISTS "previous_proto_down" boolean,
	ADD COLUMN IF NOT EXISTS "previous_proto_down_reason" text,
	ADD COLUMN IF NOT EXISTS "previous_xdp" text,
	ADD COLUMN IF NOT EXISTS "previous_xdp_prog_id" bigint,
	ADD COLUMN IF NOT EXISTS "previous_speed" bigint,
	ADD COLUMN IF NOT EXISTS "previous_duplex" text,
	ADD COLUMN IF NOT EXISTS "previous_parent_device" text,
	ADD COLUMN IF NOT EXISTS "previous_parent_bus" text,
	ADD COLUMN IF NOT EXISTS "previous_phys_port_name" text,
	ADD COLUMN IF NOT EXISTS "previous_phys_port_id" text,
	ADD COLUMN IF NOT EXISTS "previous_phys_switch_id" text,
	ADD COLUMN IF NOT EXISTS "previous_link_netnsid" bigint,
	ADD COLUMN IF NOT EXISTS "previous_gso_max_size" bigint,
	ADD COLUMN IF NOT EXISTS "previous_gso_max_segs" bigint,
	ADD COLUMN IF NOT EXISTS "previous_tso_max_size" bigint,
	ADD COLUMN IF NOT EXISTS "previous_tso_max_segs" bigint,
	ADD COLUMN IF NOT EXISTS "previous_gro_max_size" bigint,
	ADD COLUMN IF NOT EXISTS "previous_gso_ipv4_max_size" bigint,
	ADD COLUMN IF NOT EXISTS "previous_gro_ipv4_max_size" bigint,
	ADD COLUMN IF NOT EXISTS "previous_netns_immutable" boolean,
	ADD COLUMN IF NOT EXISTS "previous_port_kind" text,
	ADD COLUMN IF NOT EXISTS "previous_carrier_changes" bigint,
	ADD COLUMN IF NOT EXISTS "previous_carrier_up_count" bigint,
	ADD COLUMN IF NOT EXISTS "previous_carrier_down_count" bigint,
	ADD COLUMN IF NOT EXISTS "previous_irq" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_mode" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_active_slave" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_miimon" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_updelay" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_downdelay" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_use_carrier" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_arp_interval" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_arp_ip_target" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_ns_ip6_target" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_arp_validate" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_arp_all_targets" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_missed_max" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_primary" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_primary_reselect" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_fail_over_mac" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_xmit_hash_policy" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_resend_igmp" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_num_peer_notif" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_peer_notify_delay" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_all_slaves_active" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_min_links" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_lp_interval" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_packets_per_slave" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_tlb_dynamic_lb" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_coupled_control" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_broadcast_neighbor" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_lacp_strict" text,
	ADD COLUMN IF NOT EXISTS "previous_ad_lacp_active" text,
	ADD COLUMN IF NOT EXISTS "previous_ad_lacp_rate" text,
	ADD COLUMN IF NOT EXISTS "previous_ad_select" text,
	ADD COLUMN IF NOT EXISTS "previous_ad_aggregator" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ad_num_ports" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ad_actor_key" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ad_partner_key" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ad_partner_mac" text,
	ADD COLUMN IF NOT EXISTS "previous_ad_actor_sys_prio" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ad_user_port_key" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ad_actor_system" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_state" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_mii_status" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_link_failures" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_perm_hwaddr" text,
	ADD COLUMN IF NOT EXISTS "previous_bond_queue_id" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bond_prio" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ad_actor_port_prio" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ad_aggregator_id" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ad_actor_oper_port_state" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ad_partner_oper_port_state" bigint,
	ADD COLUMN IF NOT EXISTS "previous_stp_state" bigint,
	ADD COLUMN IF NOT EXISTS "previous_stp_mode" text,
	ADD COLUMN IF NOT EXISTS "previous_priority" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bridge_id" text,
	ADD COLUMN IF NOT EXISTS "previous_root_id" text,
	ADD COLUMN IF NOT EXISTS "previous_root_port" bigint,
	ADD COLUMN IF NOT EXISTS "previous_root_path_cost" bigint,
	ADD COLUMN IF NOT EXISTS "previous_topology_change" bigint,
	ADD COLUMN IF NOT EXISTS "previous_topology_change_detected" bigint,
	ADD COLUMN IF NOT EXISTS "previous_forward_delay" bigint,
	ADD COLUMN IF NOT EXISTS "previous_hello_time" bigint,
	ADD COLUMN IF NOT EXISTS "previous_max_age" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ageing_time" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vlan_filtering" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vlan_default_pvid" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vlan_stats_enabled" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vlan_stats_per_port" bigint,
	ADD COLUMN IF NOT EXISTS "previous_group_addr" text,
	ADD COLUMN IF NOT EXISTS "previous_group_fwd_mask" text,
	ADD COLUMN IF NOT EXISTS "previous_fdb_n_learned" bigint,
	ADD COLUMN IF NOT EXISTS "previous_fdb_max_learned" bigint,
	ADD COLUMN IF NOT EXISTS "previous_no_linklocal_learn" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_vlan_snooping" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mst_enabled" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mdb_offload_fail_notification" bigint,
	ADD COLUMN IF NOT EXISTS "previous_fdb_local_vlan_0" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_snooping" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_querier" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_query_use_ifaddr" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_router" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_hash_elasticity" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_hash_max" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_last_member_cnt" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_startup_query_cnt" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_last_member_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_membership_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_querier_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_query_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_query_response_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_startup_query_intvl" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_stats_enabled" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_igmp_version" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_mld_version" bigint,
	ADD COLUMN IF NOT EXISTS "previous_nf_call_iptables" bigint,
	ADD COLUMN IF NOT EXISTS "previous_nf_call_ip6tables" bigint,
	ADD COLUMN IF NOT EXISTS "previous_nf_call_arptables" bigint,
	ADD COLUMN IF NOT EXISTS "previous_port_state" text,
	ADD COLUMN IF NOT EXISTS "previous_port_priority" bigint,
	ADD COLUMN IF NOT EXISTS "previous_cost" bigint,
	ADD COLUMN IF NOT EXISTS "previous_port_id" text,
	ADD COLUMN IF NOT EXISTS "previous_port_no" text,
	ADD COLUMN IF NOT EXISTS "previous_designated_root" text,
	ADD COLUMN IF NOT EXISTS "previous_designated_bridge" text,
	ADD COLUMN IF NOT EXISTS "previous_designated_port" bigint,
	ADD COLUMN IF NOT EXISTS "previous_designated_cost" bigint,
	ADD COLUMN IF NOT EXISTS "previous_hairpin" boolean,
	ADD COLUMN IF NOT EXISTS "previous_guard" boolean,
	ADD COLUMN IF NOT EXISTS "previous_root_block" boolean,
	ADD COLUMN IF NOT EXISTS "previous_fastleave" boolean,
	ADD COLUMN IF NOT EXISTS "previous_learning" boolean,
	ADD COLUMN IF NOT EXISTS "previous_flood" boolean,
	ADD COLUMN IF NOT EXISTS "previous_mcast_flood" boolean,
	ADD COLUMN IF NOT EXISTS "previous_bcast_flood" boolean,
	ADD COLUMN IF NOT EXISTS "previous_mcast_to_unicast" boolean,
	ADD COLUMN IF NOT EXISTS "previous_neigh_suppress" boolean,
	ADD COLUMN IF NOT EXISTS "previous_neigh_vlan_suppress" boolean,
	ADD COLUMN IF NOT EXISTS "previous_neigh_forward_grat" boolean,
	ADD COLUMN IF NOT EXISTS "previous_proxy_arp" boolean,
	ADD COLUMN IF NOT EXISTS "previous_proxy_arp_wifi" boolean,
	ADD COLUMN IF NOT EXISTS "previous_vlan_tunnel" boolean,
	ADD COLUMN IF NOT EXISTS "previous_isolated" boolean,
	ADD COLUMN IF NOT EXISTS "previous_locked" boolean,
	ADD COLUMN IF NOT EXISTS "previous_mab" boolean,
	ADD COLUMN IF NOT EXISTS "previous_backup_port" text,
	ADD COLUMN IF NOT EXISTS "previous_backup_nhid" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_max_groups" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mrp_ring_open" boolean,
	ADD COLUMN IF NOT EXISTS "previous_mrp_in_open" boolean,
	ADD COLUMN IF NOT EXISTS "previous_mcast_n_groups" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vni" bigint,
	ADD COLUMN IF NOT EXISTS "previous_local" text,
	ADD COLUMN IF NOT EXISTS "previous_remote" text,
	ADD COLUMN IF NOT EXISTS "previous_tunnel_link" text,
	ADD COLUMN IF NOT EXISTS "previous_dstport" bigint,
	ADD COLUMN IF NOT EXISTS "previous_srcport" text,
	ADD COLUMN IF NOT EXISTS "previous_srcportmin" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ethertype" text,
	ADD COLUMN IF NOT EXISTS "previous_multiproto" boolean,
	ADD COLUMN IF NOT EXISTS "previous_external" boolean,
	ADD COLUMN IF NOT EXISTS "previous_ttl" text,
	ADD COLUMN IF NOT EXISTS "previous_tos" text,
	ADD COLUMN IF NOT EXISTS "previous_pmtudisc" boolean,
	ADD COLUMN IF NOT EXISTS "previous_ignore_df" boolean,
	ADD COLUMN IF NOT EXISTS "previous_df" text,
	ADD COLUMN IF NOT EXISTS "previous_ikey" text,
	ADD COLUMN IF NOT EXISTS "previous_okey" text,
	ADD COLUMN IF NOT EXISTS "previous_gre_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_proto" text,
	ADD COLUMN IF NOT EXISTS "previous_encaplimit" bigint,
	ADD COLUMN IF NOT EXISTS "previous_flowinfo" text,
	ADD COLUMN IF NOT EXISTS "previous_tunnel_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_sixrd_prefix" text,
	ADD COLUMN IF NOT EXISTS "previous_sixrd_relay_prefix" text,
	ADD COLUMN IF NOT EXISTS "previous_encap_type" text,
	ADD COLUMN IF NOT EXISTS "previous_encap_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_encap_sport" bigint,
	ADD COLUMN IF NOT EXISTS "previous_encap_dport" bigint,
	ADD COLUMN IF NOT EXISTS "previous_fwmark" text,
	ADD COLUMN IF NOT EXISTS "previous_erspan_ver" bigint,
	ADD COLUMN IF NOT EXISTS "previous_erspan_index" bigint,
	ADD COLUMN IF NOT EXISTS "previous_erspan_dir" text,
	ADD COLUMN IF NOT EXISTS "previous_erspan_hwid" text,
	ADD COLUMN IF NOT EXISTS "previous_if_id" text,
	ADD COLUMN IF NOT EXISTS "previous_ageing" bigint,
	ADD COLUMN IF NOT EXISTS "previous_limit" bigint,
	ADD COLUMN IF NOT EXISTS "previous_flowlabel" text,
	ADD COLUMN IF NOT EXISTS "previous_vxlan_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_geneve_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_amt_discovery" text,
	ADD COLUMN IF NOT EXISTS "previous_amt_relay_port" bigint,
	ADD COLUMN IF NOT EXISTS "previous_amt_gateway_port" bigint,
	ADD COLUMN IF NOT EXISTS "previous_amt_max_tunnels" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vlan_id" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vlan_protocol" text,
	ADD COLUMN IF NOT EXISTS "previous_vlan_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_vlan_ingress_qos" text,
	ADD COLUMN IF NOT EXISTS "previous_vlan_egress_qos" text,
	ADD COLUMN IF NOT EXISTS "previous_vrf_table" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mode" text,
	ADD COLUMN IF NOT EXISTS "previous_mode_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_macaddr_list" text,
	ADD COLUMN IF NOT EXISTS "previous_bcqueuelen" bigint,
	ADD COLUMN IF NOT EXISTS "previous_bc_cutoff" bigint,
	ADD COLUMN IF NOT EXISTS "previous_tun_type" text,
	ADD COLUMN IF NOT EXISTS "previous_tun_owner" bigint,
	ADD COLUMN IF NOT EXISTS "previous_tun_group" bigint,
	ADD COLUMN IF NOT EXISTS "previous_persist" boolean,
	ADD COLUMN IF NOT EXISTS "previous_pi" boolean,
	ADD COLUMN IF NOT EXISTS "previous_vnet_hdr" boolean,
	ADD COLUMN IF NOT EXISTS "previous_multi_queue" boolean,
	ADD COLUMN IF NOT EXISTS "previous_numqueues" bigint,
	ADD COLUMN IF NOT EXISTS "previous_numdisabled" bigint,
	ADD COLUMN IF NOT EXISTS "previous_sci" text,
	ADD COLUMN IF NOT EXISTS "previous_cipher_suite" text,
	ADD COLUMN IF NOT EXISTS "previous_icv_len" bigint,
	ADD COLUMN IF NOT EXISTS "previous_encoding_sa" bigint,
	ADD COLUMN IF NOT EXISTS "previous_validate" text,
	ADD COLUMN IF NOT EXISTS "previous_macsec_offload" text,
	ADD COLUMN IF NOT EXISTS "previous_macsec_window" bigint,
	ADD COLUMN IF NOT EXISTS "previous_macsec_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_slave1" text,
	ADD COLUMN IF NOT EXISTS "previous_slave2" text,
	ADD COLUMN IF NOT EXISTS "previous_interlink" text,
	ADD COLUMN IF NOT EXISTS "previous_supervision_addr" text,
	ADD COLUMN IF NOT EXISTS "previous_hsr_protocol" bigint,
	ADD COLUMN IF NOT EXISTS "previous_conduit" text,
	ADD COLUMN IF NOT EXISTS "previous_pkey" text,
	ADD COLUMN IF NOT EXISTS "previous_umcast" bigint,
	ADD COLUMN IF NOT EXISTS "previous_netkit_policy" text,
	ADD COLUMN IF NOT EXISTS "previous_netkit_peer_policy" text,
	ADD COLUMN IF NOT EXISTS "previous_netkit_scrub" text,
	ADD COLUMN IF NOT EXISTS "previous_netkit_peer_scrub" text,
	ADD COLUMN IF NOT EXISTS "previous_netkit_pairing" text,
	ADD COLUMN IF NOT EXISTS "previous_netkit_type" text,
	ADD COLUMN IF NOT EXISTS "previous_can_state" text,
	ADD COLUMN IF NOT EXISTS "previous_can_bitrate" bigint,
	ADD COLUMN IF NOT EXISTS "previous_can_restart_ms" bigint,
	ADD COLUMN IF NOT EXISTS "previous_can_dbitrate" bigint,
	ADD COLUMN IF NOT EXISTS "previous_can_ctrlmode" text,
	ADD COLUMN IF NOT EXISTS "previous_can_termination" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mux_id" bigint,
	ADD COLUMN IF NOT EXISTS "previous_rmnet_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_gtp_role" text,
	ADD COLUMN IF NOT EXISTS "previous_gtp_restart_count" bigint;
CREATE INDEX IF NOT EXISTS rtnetlink_link_key ON rtnetlink_link (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_link_time ON rtnetlink_link (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_address ("time" timestamp);
ALTER TABLE rtnetlink_address
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "scope" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "local" text,
	ADD COLUMN IF NOT EXISTS "prefixlen" bigint,
	ADD COLUMN IF NOT EXISTS "address" text,
	ADD COLUMN IF NOT EXISTS "broadcast" text,
	ADD COLUMN IF NOT EXISTS "anycast" text,
	ADD COLUMN IF NOT EXISTS "metric" bigint,
	ADD COLUMN IF NOT EXISTS "label" text,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "valid_lft" bigint,
	ADD COLUMN IF NOT EXISTS "preferred_lft" bigint,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_scope" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_local" text,
	ADD COLUMN IF NOT EXISTS "previous_prefixlen" bigint,
	ADD COLUMN IF NOT EXISTS "previous_address" text,
	ADD COLUMN IF NOT EXISTS "previous_broadcast" text,
	ADD COLUMN IF NOT EXISTS "previous_anycast" text,
	ADD COLUMN IF NOT EXISTS "previous_metric" bigint,
	ADD COLUMN IF NOT EXISTS "previous_label" text,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text,
	ADD COLUMN IF NOT EXISTS "previous_valid_lft" bigint,
	ADD COLUMN IF NOT EXISTS "previous_preferred_lft" bigint;
CREATE INDEX IF NOT EXISTS rtnetlink_address_key ON rtnetlink_address (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_address_time ON rtnetlink_address (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_route ("time" timestamp);
ALTER TABLE rtnetlink_route
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "table" text,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "type" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "dst" text,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "gateway" text,
	ADD COLUMN IF NOT EXISTS "prefsrc" text,
	ADD COLUMN IF NOT EXISTS "metric" bigint,
	ADD COLUMN IF NOT EXISTS "scope" text,
	ADD COLUMN IF NOT EXISTS "tos" bigint,
	ADD COLUMN IF NOT EXISTS "src" text,
	ADD COLUMN IF NOT EXISTS "iif" text,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "realms" text,
	ADD COLUMN IF NOT EXISTS "nhid" bigint,
	ADD COLUMN IF NOT EXISTS "nexthop_count" bigint,
	ADD COLUMN IF NOT EXISTS "nexthops" text,
	ADD COLUMN IF NOT EXISTS "pref" text,
	ADD COLUMN IF NOT EXISTS "expires" bigint,
	ADD COLUMN IF NOT EXISTS "newdst" text,
	ADD COLUMN IF NOT EXISTS "ttl_propagate" boolean,
	ADD COLUMN IF NOT EXISTS "mtu" bigint,
	ADD COLUMN IF NOT EXISTS "mtu_lock" boolean,
	ADD COLUMN IF NOT EXISTS "locks" text,
	ADD COLUMN IF NOT EXISTS "window" bigint,
	ADD COLUMN IF NOT EXISTS "rtt" bigint,
	ADD COLUMN IF NOT EXISTS "rttvar" bigint,
	ADD COLUMN IF NOT EXISTS "ssthresh" bigint,
	ADD COLUMN IF NOT EXISTS "cwnd" bigint,
	ADD COLUMN IF NOT EXISTS "advmss" bigint,
	ADD COLUMN IF NOT EXISTS "reordering" bigint,
	ADD COLUMN IF NOT EXISTS "hoplimit" bigint,
	ADD COLUMN IF NOT EXISTS "initcwnd" bigint,
	ADD COLUMN IF NOT EXISTS "features" text,
	ADD COLUMN IF NOT EXISTS "rto_min" bigint,
	ADD COLUMN IF NOT EXISTS "initrwnd" bigint,
	ADD COLUMN IF NOT EXISTS "quickack" bigint,
	ADD COLUMN IF NOT EXISTS "congestion" text,
	ADD COLUMN IF NOT EXISTS "fastopen_no_cookie" bigint,
	ADD COLUMN IF NOT EXISTS "encap" text,
	ADD COLUMN IF NOT EXISTS "encap_info" text,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_table" text,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text,
	ADD COLUMN IF NOT EXISTS "previous_type" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_dst" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_gateway" text,
	ADD COLUMN IF NOT EXISTS "previous_prefsrc" text,
	ADD COLUMN IF NOT EXISTS "previous_metric" bigint,
	ADD COLUMN IF NOT EXISTS "previous_scope" text,
	ADD COLUMN IF NOT EXISTS "previous_tos" bigint,
	ADD COLUMN IF NOT EXISTS "previous_src" text,
	ADD COLUMN IF NOT EXISTS "previous_iif" text,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_realms" text,
	ADD COLUMN IF NOT EXISTS "previous_nhid" bigint,
	ADD COLUMN IF NOT EXISTS "previous_nexthop_count" bigint,
	ADD COLUMN IF NOT EXISTS "previous_nexthops" text,
	ADD COLUMN IF NOT EXISTS "previous_pref" text,
	ADD COLUMN IF NOT EXISTS "previous_expires" bigint,
	ADD COLUMN IF NOT EXISTS "previous_newdst" text,
	ADD COLUMN IF NOT EXISTS "previous_ttl_propagate" boolean,
	ADD COLUMN IF NOT EXISTS "previous_mtu" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mtu_lock" boolean,
	ADD COLUMN IF NOT EXISTS "previous_locks" text,
	ADD COLUMN IF NOT EXISTS "previous_window" bigint,
	ADD COLUMN IF NOT EXISTS "previous_rtt" bigint,
	ADD COLUMN IF NOT EXISTS "previous_rttvar" bigint,
	ADD COLUMN IF NOT EXISTS "previous_ssthresh" bigint,
	ADD COLUMN IF NOT EXISTS "previous_cwnd" bigint,
	ADD COLUMN IF NOT EXISTS "previous_advmss" bigint,
	ADD COLUMN IF NOT EXISTS "previous_reordering" bigint,
	ADD COLUMN IF NOT EXISTS "previous_hoplimit" bigint,
	ADD COLUMN IF NOT EXISTS "previous_initcwnd" bigint,
	ADD COLUMN IF NOT EXISTS "previous_features" text,
	ADD COLUMN IF NOT EXISTS "previous_rto_min" bigint,
	ADD COLUMN IF NOT EXISTS "previous_initrwnd" bigint,
	ADD COLUMN IF NOT EXISTS "previous_quickack" bigint,
	ADD COLUMN IF NOT EXISTS "previous_congestion" text,
	ADD COLUMN IF NOT EXISTS "previous_fastopen_no_cookie" bigint,
	ADD COLUMN IF NOT EXISTS "previous_encap" text,
	ADD COLUMN IF NOT EXISTS "previous_encap_info" text;
CREATE INDEX IF NOT EXISTS rtnetlink_route_key ON rtnetlink_route (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_route_time ON rtnetlink_route (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_neighbor ("time" timestamp);
ALTER TABLE rtnetlink_neighbor
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "dst" text,
	ADD COLUMN IF NOT EXISTS "lladdr" text,
	ADD COLUMN IF NOT EXISTS "state" text,
	ADD COLUMN IF NOT EXISTS "state_code" bigint,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "vlan" bigint,
	ADD COLUMN IF NOT EXISTS "vni" bigint,
	ADD COLUMN IF NOT EXISTS "src_vni" bigint,
	ADD COLUMN IF NOT EXISTS "port" bigint,
	ADD COLUMN IF NOT EXISTS "via" text,
	ADD COLUMN IF NOT EXISTS "link_netnsid" bigint,
	ADD COLUMN IF NOT EXISTS "nhid" bigint,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "activity_notify" boolean,
	ADD COLUMN IF NOT EXISTS "inactive" boolean,
	ADD COLUMN IF NOT EXISTS "master" text,
	ADD COLUMN IF NOT EXISTS "probes" bigint,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_dst" text,
	ADD COLUMN IF NOT EXISTS "previous_lladdr" text,
	ADD COLUMN IF NOT EXISTS "previous_state" text,
	ADD COLUMN IF NOT EXISTS "previous_state_code" bigint,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_vlan" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vni" bigint,
	ADD COLUMN IF NOT EXISTS "previous_src_vni" bigint,
	ADD COLUMN IF NOT EXISTS "previous_port" bigint,
	ADD COLUMN IF NOT EXISTS "previous_via" text,
	ADD COLUMN IF NOT EXISTS "previous_link_netnsid" bigint,
	ADD COLUMN IF NOT EXISTS "previous_nhid" bigint,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text,
	ADD COLUMN IF NOT EXISTS "previous_activity_notify" boolean,
	ADD COLUMN IF NOT EXISTS "previous_inactive" boolean,
	ADD COLUMN IF NOT EXISTS "previous_master" text,
	ADD COLUMN IF NOT EXISTS "previous_probes" bigint;
CREATE INDEX IF NOT EXISTS rtnetlink_neighbor_key ON rtnetlink_neighbor (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_neighbor_time ON rtnetlink_neighbor (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_rule ("time" timestamp);
ALTER TABLE rtnetlink_rule
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "table" text,
	ADD COLUMN IF NOT EXISTS "type" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "priority" bigint,
	ADD COLUMN IF NOT EXISTS "src" text,
	ADD COLUMN IF NOT EXISTS "dst" text,
	ADD COLUMN IF NOT EXISTS "iif" text,
	ADD COLUMN IF NOT EXISTS "oif" text,
	ADD COLUMN IF NOT EXISTS "fwmark" text,
	ADD COLUMN IF NOT EXISTS "fwmask" text,
	ADD COLUMN IF NOT EXISTS "ipproto" text,
	ADD COLUMN IF NOT EXISTS "sport" text,
	ADD COLUMN IF NOT EXISTS "dport" text,
	ADD COLUMN IF NOT EXISTS "uid_range" text,
	ADD COLUMN IF NOT EXISTS "tos" bigint,
	ADD COLUMN IF NOT EXISTS "realms" text,
	ADD COLUMN IF NOT EXISTS "dscp" text,
	ADD COLUMN IF NOT EXISTS "dscp_mask" text,
	ADD COLUMN IF NOT EXISTS "flowlabel" text,
	ADD COLUMN IF NOT EXISTS "flowlabel_mask" text,
	ADD COLUMN IF NOT EXISTS "sport_mask" text,
	ADD COLUMN IF NOT EXISTS "dport_mask" text,
	ADD COLUMN IF NOT EXISTS "not" boolean,
	ADD COLUMN IF NOT EXISTS "goto" bigint,
	ADD COLUMN IF NOT EXISTS "suppress_prefixlength" bigint,
	ADD COLUMN IF NOT EXISTS "suppress_ifgroup" text,
	ADD COLUMN IF NOT EXISTS "l3mdev" boolean,
	ADD COLUMN IF NOT EXISTS "tun_id" bigint,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_table" text,
	ADD COLUMN IF NOT EXISTS "previous_type" text,
	ADD COLUMN IF NOT EXISTS "previous_priority" bigint,
	ADD COLUMN IF NOT EXISTS "previous_src" text,
	ADD COLUMN IF NOT EXISTS "previous_dst" text,
	ADD COLUMN IF NOT EXISTS "previous_iif" text,
	ADD COLUMN IF NOT EXISTS "previous_oif" text,
	ADD COLUMN IF NOT EXISTS "previous_fwmark" text,
	ADD COLUMN IF NOT EXISTS "previous_fwmask" text,
	ADD COLUMN IF NOT EXISTS "previous_ipproto" text,
	ADD COLUMN IF NOT EXISTS "previous_sport" text,
	ADD COLUMN IF NOT EXISTS "previous_dport" text,
	ADD COLUMN IF NOT EXISTS "previous_uid_range" text,
	ADD COLUMN IF NOT EXISTS "previous_tos" bigint,
	ADD COLUMN IF NOT EXISTS "previous_realms" text,
	ADD COLUMN IF NOT EXISTS "previous_dscp" text,
	ADD COLUMN IF NOT EXISTS "previous_dscp_mask" text,
	ADD COLUMN IF NOT EXISTS "previous_flowlabel" text,
	ADD COLUMN IF NOT EXISTS "previous_flowlabel_mask" text,
	ADD COLUMN IF NOT EXISTS "previous_sport_mask" text,
	ADD COLUMN IF NOT EXISTS "previous_dport_mask" text,
	ADD COLUMN IF NOT EXISTS "previous_not" boolean,
	ADD COLUMN IF NOT EXISTS "previous_goto" bigint,
	ADD COLUMN IF NOT EXISTS "previous_suppress_prefixlength" bigint,
	ADD COLUMN IF NOT EXISTS "previous_suppress_ifgroup" text,
	ADD COLUMN IF NOT EXISTS "previous_l3mdev" boolean,
	ADD COLUMN IF NOT EXISTS "previous_tun_id" bigint,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text;
CREATE INDEX IF NOT EXISTS rtnetlink_rule_key ON rtnetlink_rule (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_rule_time ON rtnetlink_rule (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_nexthop ("time" timestamp);
ALTER TABLE rtnetlink_nexthop
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "id" bigint,
	ADD COLUMN IF NOT EXISTS "gateway" text,
	ADD COLUMN IF NOT EXISTS "scope" text,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "group" text,
	ADD COLUMN IF NOT EXISTS "type" text,
	ADD COLUMN IF NOT EXISTS "buckets" bigint,
	ADD COLUMN IF NOT EXISTS "idle_timer" bigint,
	ADD COLUMN IF NOT EXISTS "unbalanced_timer" bigint,
	ADD COLUMN IF NOT EXISTS "unbalanced_time" bigint,
	ADD COLUMN IF NOT EXISTS "blackhole" boolean,
	ADD COLUMN IF NOT EXISTS "fdb" boolean,
	ADD COLUMN IF NOT EXISTS "encap" text,
	ADD COLUMN IF NOT EXISTS "encap_info" text,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_id" bigint,
	ADD COLUMN IF NOT EXISTS "previous_gateway" text,
	ADD COLUMN IF NOT EXISTS "previous_scope" text,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_group" text,
	ADD COLUMN IF NOT EXISTS "previous_type" text,
	ADD COLUMN IF NOT EXISTS "previous_buckets" bigint,
	ADD COLUMN IF NOT EXISTS "previous_idle_timer" bigint,
	ADD COLUMN IF NOT EXISTS "previous_unbalanced_timer" bigint,
	ADD COLUMN IF NOT EXISTS "previous_unbalanced_time" bigint,
	ADD COLUMN IF NOT EXISTS "previous_blackhole" boolean,
	ADD COLUMN IF NOT EXISTS "previous_fdb" boolean,
	ADD COLUMN IF NOT EXISTS "previous_encap" text,
	ADD COLUMN IF NOT EXISTS "previous_encap_info" text;
CREATE INDEX IF NOT EXISTS rtnetlink_nexthop_key ON rtnetlink_nexthop (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_nexthop_time ON rtnetlink_nexthop (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_netconf ("time" timestamp);
ALTER TABLE rtnetlink_netconf
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "family" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "forwarding" boolean,
	ADD COLUMN IF NOT EXISTS "rp_filter" text,
	ADD COLUMN IF NOT EXISTS "mc_forwarding" boolean,
	ADD COLUMN IF NOT EXISTS "bc_forwarding" boolean,
	ADD COLUMN IF NOT EXISTS "proxy_neigh" boolean,
	ADD COLUMN IF NOT EXISTS "ignore_routes_with_linkdown" boolean,
	ADD COLUMN IF NOT EXISTS "input" boolean,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_family" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_forwarding" boolean,
	ADD COLUMN IF NOT EXISTS "previous_rp_filter" text,
	ADD COLUMN IF NOT EXISTS "previous_mc_forwarding" boolean,
	ADD COLUMN IF NOT EXISTS "previous_bc_forwarding" boolean,
	ADD COLUMN IF NOT EXISTS "previous_proxy_neigh" boolean,
	ADD COLUMN IF NOT EXISTS "previous_ignore_routes_with_linkdown" boolean,
	ADD COLUMN IF NOT EXISTS "previous_input" boolean;
CREATE INDEX IF NOT EXISTS rtnetlink_netconf_key ON rtnetlink_netconf (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_netconf_time ON rtnetlink_netconf (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_nsid ("time" timestamp);
ALTER TABLE rtnetlink_nsid
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "nsid" bigint,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_nsid" bigint;
CREATE INDEX IF NOT EXISTS rtnetlink_nsid_key ON rtnetlink_nsid (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_nsid_time ON rtnetlink_nsid (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_mdb ("time" timestamp);
ALTER TABLE rtnetlink_mdb
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "port" text,
	ADD COLUMN IF NOT EXISTS "group" text,
	ADD COLUMN IF NOT EXISTS "src" text,
	ADD COLUMN IF NOT EXISTS "vlan" bigint,
	ADD COLUMN IF NOT EXISTS "state" text,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "filter_mode" text,
	ADD COLUMN IF NOT EXISTS "source_list" text,
	ADD COLUMN IF NOT EXISTS "protocol" text,
	ADD COLUMN IF NOT EXISTS "dst" text,
	ADD COLUMN IF NOT EXISTS "dst_port" bigint,
	ADD COLUMN IF NOT EXISTS "vni" bigint,
	ADD COLUMN IF NOT EXISTS "src_vni" bigint,
	ADD COLUMN IF NOT EXISTS "via" text,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_port" text,
	ADD COLUMN IF NOT EXISTS "previous_group" text,
	ADD COLUMN IF NOT EXISTS "previous_src" text,
	ADD COLUMN IF NOT EXISTS "previous_vlan" bigint,
	ADD COLUMN IF NOT EXISTS "previous_state" text,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_filter_mode" text,
	ADD COLUMN IF NOT EXISTS "previous_source_list" text,
	ADD COLUMN IF NOT EXISTS "previous_protocol" text,
	ADD COLUMN IF NOT EXISTS "previous_dst" text,
	ADD COLUMN IF NOT EXISTS "previous_dst_port" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vni" bigint,
	ADD COLUMN IF NOT EXISTS "previous_src_vni" bigint,
	ADD COLUMN IF NOT EXISTS "previous_via" text;
CREATE INDEX IF NOT EXISTS rtnetlink_mdb_key ON rtnetlink_mdb (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_mdb_time ON rtnetlink_mdb (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_vlan ("time" timestamp);
ALTER TABLE rtnetlink_vlan
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "vlan" bigint,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "state" text,
	ADD COLUMN IF NOT EXISTS "tunnel_id" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_router" bigint,
	ADD COLUMN IF NOT EXISTS "mcast_max_groups" bigint,
	ADD COLUMN IF NOT EXISTS "neigh_suppress" boolean,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text,
	ADD COLUMN IF NOT EXISTS "previous_interface" text,
	ADD COLUMN IF NOT EXISTS "previous_ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "previous_vlan" bigint,
	ADD COLUMN IF NOT EXISTS "previous_flags" text,
	ADD COLUMN IF NOT EXISTS "previous_state" text,
	ADD COLUMN IF NOT EXISTS "previous_tunnel_id" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_router" bigint,
	ADD COLUMN IF NOT EXISTS "previous_mcast_max_groups" bigint,
	ADD COLUMN IF NOT EXISTS "previous_neigh_suppress" boolean;
CREATE INDEX IF NOT EXISTS rtnetlink_vlan_key ON rtnetlink_vlan (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_vlan_time ON rtnetlink_vlan (host, "time", seq);

CREATE TABLE IF NOT EXISTS rtnetlink_notice ("time" timestamp);
ALTER TABLE rtnetlink_notice
	ADD COLUMN IF NOT EXISTS "host" text,
	ADD COLUMN IF NOT EXISTS "action" text,
	ADD COLUMN IF NOT EXISTS "origin" text,
	ADD COLUMN IF NOT EXISTS "netns" text,
	ADD COLUMN IF NOT EXISTS "interface" text,
	ADD COLUMN IF NOT EXISTS "type" text,
	ADD COLUMN IF NOT EXISTS "key" text,
	ADD COLUMN IF NOT EXISTS "changed" text,
	ADD COLUMN IF NOT EXISTS "seq" bigint,
	ADD COLUMN IF NOT EXISTS "ifindex" bigint,
	ADD COLUMN IF NOT EXISTS "router" text,
	ADD COLUMN IF NOT EXISTS "prefix" text,
	ADD COLUMN IF NOT EXISTS "flags" text,
	ADD COLUMN IF NOT EXISTS "valid_lft" bigint,
	ADD COLUMN IF NOT EXISTS "preferred_lft" bigint,
	ADD COLUMN IF NOT EXISTS "lifetime" bigint,
	ADD COLUMN IF NOT EXISTS "servers" text,
	ADD COLUMN IF NOT EXISTS "domains" text,
	ADD COLUMN IF NOT EXISTS "uri" text,
	ADD COLUMN IF NOT EXISTS "data" text,
	ADD COLUMN IF NOT EXISTS "portid" bigint,
	ADD COLUMN IF NOT EXISTS "process" text;
CREATE INDEX IF NOT EXISTS rtnetlink_notice_key ON rtnetlink_notice (host, coalesce(netns, ''), key, "time" DESC, seq DESC);
CREATE INDEX IF NOT EXISTS rtnetlink_notice_time ON rtnetlink_notice (host, "time", seq);

-- All events, of which only what all classes have.
CREATE OR REPLACE VIEW rtnetlink_event AS
	SELECT 'link'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_link
	UNION ALL
	SELECT 'address'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_address
	UNION ALL
	SELECT 'route'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_route
	UNION ALL
	SELECT 'neighbor'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_neighbor
	UNION ALL
	SELECT 'rule'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_rule
	UNION ALL
	SELECT 'nexthop'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_nexthop
	UNION ALL
	SELECT 'netconf'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_netconf
	UNION ALL
	SELECT 'nsid'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_nsid
	UNION ALL
	SELECT 'mdb'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_mdb
	UNION ALL
	SELECT 'vlan'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_vlan
	UNION ALL
	SELECT 'notice'::text AS object, "time", host, netns, action, origin, key, seq, changed, portid, process FROM rtnetlink_notice;

-- What is known of the namespaces of a host at a time: exact, or why it is not.
-- epoch is when the epoch began ("time" and seq of its first row: began, first).
CREATE OR REPLACE FUNCTION rtnetlink_verdict(host text, at timestamptz)
RETURNS TABLE (netns text, exact boolean, reason text, began timestamp, first bigint, since timestamp) LANGUAGE plpgsql STABLE SET jit = off AS $$
#variable_conflict use_variable
DECLARE
	t timestamp := at AT TIME ZONE 'UTC';
	b record;
	last record;
	run record;
	follows record;
	whole boolean;
BEGIN
	FOR b IN
		SELECT DISTINCT ON (coalesce(s.netns, '')) coalesce(s.netns, '') AS ns, s."time" AS began, s.next_seq AS first, s.epoch
		FROM rtnetlink_sync s WHERE s.host = host AND s.moment = 'begin' AND s."time" <= t
		ORDER BY coalesce(s.netns, ''), s."time" DESC
	LOOP
		netns := b.ns; exact := false; reason := NULL; began := b.began; first := b.first;
		SELECT s.moment, s."time", s.reason, s.epoch INTO last FROM rtnetlink_sync s
			WHERE s.host = host AND coalesce(s.netns, '') = b.ns AND s."time" >= b.began AND s."time" <= t AND s.moment IS NOT NULL
			ORDER BY s."time" DESC, s.next_seq DESC, array_position('{begin,doubt,complete,end}'::text[], s.moment) DESC LIMIT 1;
		-- Every number from the epoch's first on has to be there, once: there are as many
		-- rows as numbers, and the sums of their hashes are the same. Where they are not,
		-- rows that came again are told from those that are missing.
		SELECT count(*) AS n, max(e.seq) AS top, max(e."time") AS newest, 0::bigint AS twice, coalesce(sum(hashint8extended(e.seq, 0)), 0) AS hash INTO run
			FROM rtnetlink_event e WHERE e.host = host AND e."time" >= b.began AND e."time" <= t AND e.seq >= b.first;
		whole := run.n = coalesce(run.top - b.first + 1, 0);
		IF whole AND run.n > 0 THEN
			SELECT sum(hashint8extended(x.g, 0)) = run.hash INTO whole FROM (SELECT generate_series(b.first, run.top) AS g) x;
		END IF;
		IF NOT whole THEN
			SELECT count(*) AS n, max(g.seq) AS top, max(g.newest) AS newest, count(*) FILTER (WHERE g.oldest <> g.newest) AS twice, NULL::numeric AS hash INTO run
				FROM (SELECT e.seq, min(e."time") AS oldest, max(e."time") AS newest FROM rtnetlink_event e
					WHERE e.host = host AND e."time" >= b.began AND e."time" <= t AND e.seq >= b.first GROUP BY e.seq) g;
		END IF;
		since := greatest(run.newest, b.began);
		SELECT e.seq, e."time" INTO follows FROM (
			SELECT x.seq, x."time" FROM rtnetlink_event x WHERE x.host = host AND x."time" > t ORDER BY x."time", x.seq LIMIT 1) e
			WHERE NOT EXISTS (SELECT FROM rtnetlink_sync s WHERE s.host = host AND s.moment = 'begin' AND s.reason = 'start' AND s."time" > t AND s."time" <= e."time");
		IF last.epoch <> b.epoch THEN
			reason := format('the begin of the epoch before %s is missing', last."time");
		ELSIF last.moment = 'begin' THEN
			reason := format('the plugin began an epoch at %s (%s) and had not told everything', b.began, last.reason);
		ELSIF last.moment = 'doubt' THEN
			reason := format('the plugin was late from %s on: %s', last."time", last.reason);
		ELSIF last.moment = 'end' THEN
			reason := format('the plugin stopped at %s', last."time");
		ELSIF run.twice > 0 THEN
			reason := 'two plugins write the same stream: give each a host of its own';
		ELSIF run.n <> coalesce(run.top - b.first + 1, 0) THEN
			reason := format('%s metrics are missing since %s', run.top - b.first + 1 - run.n, b.began);
		ELSIF follows.seq <> coalesce(run.top, b.first - 1) + 1 THEN
			reason := format('seq %s to %s are missing, between %s and %s', coalesce(run.top, b.first - 1) + 1, follows.seq - 1, run.newest, follows."time");
		ELSE
			exact := true;
		END IF;
		RETURN NEXT;
	END LOOP;
END $$;

-- rtnetlink_known raises an error where the state of a host at a time is not
-- exact, unless partial.
CREATE OR REPLACE FUNCTION rtnetlink_known(host text, at timestamptz, partial boolean)
RETURNS TABLE (netns text, began timestamp, first bigint) LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
	v record;
	found boolean := false;
BEGIN
	FOR v IN SELECT * FROM rtnetlink_verdict(host, at) LOOP
		found := true;
		IF NOT partial AND NOT v.exact THEN
			RAISE EXCEPTION 'host % netns "%": not exact at %: %', host, v.netns, at, v.reason
				USING HINT = 'partial => true shows what there is all the same';
		END IF;
		netns := v.netns; began := v.began; first := v.first;
		RETURN NEXT;
	END LOOP;
	IF NOT found AND NOT partial THEN
		RAISE EXCEPTION 'host %: no epoch begins before %', host, at;
	END IF;
END $$;

-- The links of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_link_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_link LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_link r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_link r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_link r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_link_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_link LANGUAGE sql STABLE SET jit = off AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_link_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The addresses of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_address_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_address LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_address r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_address r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_address r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_address_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_address LANGUAGE sql STABLE SET jit = off AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_address_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The routes of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_route_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_route LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_route r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_route r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_route r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_route_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_route LANGUAGE sql STABLE SET jit = off AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_route_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The neighbors of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_neighbor_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_neighbor LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_neighbor r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_neighbor r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_neighbor r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_neighbor_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_neighbor LANGUAGE sql STABLE SET jit = off AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_neighbor_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The rules of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_rule_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_rule LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_rule r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_rule r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_rule r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_rule_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_rule LANGUAGE sql STABLE SET jit = off AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_rule_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The nexthops of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_nexthop_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_nexthop LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_nexthop r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_nexthop r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_nexthop r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_nexthop_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_nexthop LANGUAGE sql STABLE SET jit = off AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_nexthop_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The netconfs of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_netconf_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_netconf LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_netconf r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_netconf r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_netconf r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_netconf_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_netconf LANGUAGE sql STABLE SET jit = off AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_netconf_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The nsids of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_nsid_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_nsid LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_nsid r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_nsid r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_nsid r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_nsid_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_nsid LANGUAGE sql STABLE SET jit = off AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_nsid_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The mdbs of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_mdb_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_mdb LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_mdb r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_mdb r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_mdb r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_mdb_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_mdb LANGUAGE sql STABLE SET jit = off AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_mdb_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The vlans of a namespace at a time: the newest row of each key since the
-- epoch began. It walks the keys in the index, so it does not matter how many
-- rows a key has.
CREATE OR REPLACE FUNCTION rtnetlink_vlan_newest(host text, ns text, began timestamp, first bigint, t timestamp)
RETURNS SETOF rtnetlink_vlan LANGUAGE sql STABLE ROWS 1000 AS $$
	WITH RECURSIVE k (key) AS (
		(SELECT r.key FROM rtnetlink_vlan r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 ORDER BY r.key LIMIT 1)
		UNION ALL
		SELECT (SELECT r.key FROM rtnetlink_vlan r WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key > k.key ORDER BY r.key LIMIT 1)
		FROM k WHERE k.key IS NOT NULL
	)
	SELECT n.* FROM k, LATERAL (
		SELECT r.* FROM rtnetlink_vlan r
		WHERE r.host = $1 AND coalesce(r.netns, '') = $2 AND r.key = k.key AND r."time" <= $5
		ORDER BY r."time" DESC, r.seq DESC LIMIT 1
	) n WHERE k.key IS NOT NULL AND n."time" >= $3 AND n.seq >= $4 AND n.action <> 'delete'
$$;

CREATE OR REPLACE FUNCTION rtnetlink_vlan_at(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS SETOF rtnetlink_vlan LANGUAGE sql STABLE SET jit = off AS $$
	SELECT n.* FROM rtnetlink_known($1, $2, $3) k, LATERAL rtnetlink_vlan_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- The state of a host at a time, every object of every namespace. state has the
-- object's tags and fields: its row without what describes the event.
CREATE OR REPLACE FUNCTION rtnetlink_state(host text, at timestamptz, partial boolean DEFAULT false)
RETURNS TABLE (netns text, object text, key text, since timestamptz, seq bigint, state jsonb) LANGUAGE sql STABLE SET jit = off AS $$
	WITH known AS MATERIALIZED (SELECT * FROM rtnetlink_known($1, $2, $3))
	SELECT k.netns, 'link', n.key, n."time" AT TIME ZONE 'UTC', n.seq, jsonb_strip_nulls(to_jsonb(n)) - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_interface,previous_kind,previous_ifindex,previous_link_type,previous_mtu,previous_operstate,previous_operstate_code,previous_up,previous_carrier,previous_flags,previous_address,previous_broadcast,previous_permaddr,previous_master,previous_link,previous_qdisc,previous_txqlen,previous_group,previous_ifalias,previous_altnames,previous_num_tx_queues,previous_num_rx_queues,previous_promiscuity,previous_allmulti,previous_min_mtu,previous_max_mtu,previous_linkmode,previous_proto_down,previous_proto_down_reason,previous_xdp,previous_xdp_prog_id,previous_speed,previous_duplex,previous_parent_device,previous_parent_bus,previous_phys_port_name,previous_phys_port_id,previous_phys_switch_id,previous_link_netnsid,previous_gso_max_size,previous_gso_max_segs,previous_tso_max_size,previous_tso_max_segs,previous_gro_max_size,previous_gso_ipv4_max_size,previous_gro_ipv4_max_size,previous_netns_immutable,previous_port_kind,previous_carrier_changes,previous_carrier_up_count,previous_carrier_down_count,previous_irq,previous_bond_mode,previous_bond_active_slave,previous_bond_miimon,previous_bond_updelay,previous_bond_downdelay,previous_bond_use_carrier,previous_bond_arp_interval,previous_bond_arp_ip_target,previous_bond_ns_ip6_target,previous_bond_arp_validate,previous_bond_arp_all_targets,previous_bond_missed_max,previous_bond_primary,previous_bond_primary_reselect,previous_bond_fail_over_mac,previous_bond_xmit_hash_policy,previous_bond_resend_igmp,previous_bond_num_peer_notif,previous_bond_peer_notify_delay,previous_bond_all_slaves_active,previous_bond_min_links,previous_bond_lp_interval,previous_bond_packets_per_slave,previous_bond_tlb_dynamic_lb,previous_bond_coupled_control,previous_bond_broadcast_neighbor,previous_bond_lacp_strict,previous_ad_lacp_active,previous_ad_lacp_rate,previous_ad_select,previous_ad_aggregator,previous_ad_num_ports,previous_ad_actor_key,previous_ad_partner_key,previous_ad_partner_mac,previous_ad_actor_sys_prio,previous_ad_user_port_key,previous_ad_actor_system,previous_bond_state,previous_bond_mii_status,previous_bond_link_failures,previous_bond_perm_hwaddr,previous_bond_queue_id,previous_bond_prio,previous_ad_actor_port_prio,previous_ad_aggregator_id,previous_ad_actor_oper_port_state,previous_ad_partner_oper_port_state,previous_stp_state,previous_stp_mode,previous_priority,previous_bridge_id,previous_root_id,previous_root_port,previous_root_path_cost,previous_topology_change,previous_topology_change_detected,previous_forward_delay,previous_hello_time,previous_max_age,previous_ageing_time,previous_vlan_filtering,previous_vlan_default_pvid,previous_vlan_stats_enabled,previous_vlan_stats_per_port,previous_group_addr,previous_group_fwd_mask,previous_fdb_n_learned,previous_fdb_max_learned,previous_no_linklocal_learn,previous_mcast_vlan_snooping,previous_mst_enabled,previous_mdb_offload_fail_notification,previous_fdb_local_vlan_0,previous_mcast_snooping,previous_mcast_querier,previous_mcast_query_use_ifaddr,previous_mcast_router,previous_mcast_hash_elasticity,previous_mcast_hash_max,previous_mcast_last_member_cnt,previous_mcast_startup_query_cnt,previous_mcast_last_member_intvl,previous_mcast_membership_intvl,previous_mcast_querier_intvl,previous_mcast_query_intvl,previous_mcast_query_response_intvl,previous_mcast_startup_query_intvl,previous_mcast_stats_enabled,previous_mcast_igmp_version,previous_mcast_mld_version,previous_nf_call_iptables,previous_nf_call_ip6tables,previous_nf_call_arptables,previous_port_state,previous_port_priority,previous_cost,previous_port_id,previous_port_no,previous_designated_root,previous_designated_bridge,previous_designated_port,previous_designated_cost,previous_hairpin,previous_guard,previous_root_block,previous_fastleave,previous_learning,previous_flood,previous_mcast_flood,previous_bcast_flood,previous_mcast_to_unicast,previous_neigh_suppress,previous_neigh_vlan_suppress,previous_neigh_forward_grat,previous_proxy_arp,previous_proxy_arp_wifi,previous_vlan_tunnel,previous_isolated,previous_locked,previous_mab,previous_backup_port,previous_backup_nhid,previous_mcast_max_groups,previous_mrp_ring_open,previous_mrp_in_open,previous_mcast_n_groups,previous_vni,previous_local,previous_remote,previous_tunnel_link,previous_dstport,previous_srcport,previous_srcportmin,previous_ethertype,previous_multiproto,previous_external,previous_ttl,previous_tos,previous_pmtudisc,previous_ignore_df,previous_df,previous_ikey,previous_okey,previous_gre_flags,previous_proto,previous_encaplimit,previous_flowinfo,previous_tunnel_flags,previous_sixrd_prefix,previous_sixrd_relay_prefix,previous_encap_type,previous_encap_flags,previous_encap_sport,previous_encap_dport,previous_fwmark,previous_erspan_ver,previous_erspan_index,previous_erspan_dir,previous_erspan_hwid,previous_if_id,previous_ageing,previous_limit,previous_flowlabel,previous_vxlan_flags,previous_geneve_flags,previous_amt_discovery,previous_amt_relay_port,previous_amt_gateway_port,previous_amt_max_tunnels,previous_vlan_id,previous_vlan_protocol,previous_vlan_flags,previous_vlan_ingress_qos,previous_vlan_egress_qos,previous_vrf_table,previous_mode,previous_mode_flags,previous_macaddr_list,previous_bcqueuelen,previous_bc_cutoff,previous_tun_type,previous_tun_owner,previous_tun_group,previous_persist,previous_pi,previous_vnet_hdr,previous_multi_queue,previous_numqueues,previous_numdisabled,previous_sci,previous_cipher_suite,previous_icv_len,previous_encoding_sa,previous_validate,previous_macsec_offload,previous_macsec_window,previous_macsec_flags,previous_slave1,previous_slave2,previous_interlink,previous_supervision_addr,previous_hsr_protocol,previous_conduit,previous_pkey,previous_umcast,previous_netkit_policy,previous_netkit_peer_policy,previous_netkit_scrub,previous_netkit_peer_scrub,previous_netkit_pairing,previous_netkit_type,previous_can_state,previous_can_bitrate,previous_can_restart_ms,previous_can_dbitrate,previous_can_ctrlmode,previous_can_termination,previous_mux_id,previous_rmnet_flags,previous_gtp_role,previous_gtp_restart_count}'::text[]
	FROM known k, LATERAL rtnetlink_link_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'address', n.key, n."time" AT TIME ZONE 'UTC', n.seq, jsonb_strip_nulls(to_jsonb(n)) - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_interface,previous_family,previous_scope,previous_ifindex,previous_local,previous_prefixlen,previous_address,previous_broadcast,previous_anycast,previous_metric,previous_label,previous_flags,previous_protocol,previous_valid_lft,previous_preferred_lft}'::text[]
	FROM known k, LATERAL rtnetlink_address_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'route', n.key, n."time" AT TIME ZONE 'UTC', n.seq, jsonb_strip_nulls(to_jsonb(n)) - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_family,previous_table,previous_protocol,previous_type,previous_interface,previous_dst,previous_ifindex,previous_gateway,previous_prefsrc,previous_metric,previous_scope,previous_tos,previous_src,previous_iif,previous_flags,previous_realms,previous_nhid,previous_nexthop_count,previous_nexthops,previous_pref,previous_expires,previous_newdst,previous_ttl_propagate,previous_mtu,previous_mtu_lock,previous_locks,previous_window,previous_rtt,previous_rttvar,previous_ssthresh,previous_cwnd,previous_advmss,previous_reordering,previous_hoplimit,previous_initcwnd,previous_features,previous_rto_min,previous_initrwnd,previous_quickack,previous_congestion,previous_fastopen_no_cookie,previous_encap,previous_encap_info}'::text[]
	FROM known k, LATERAL rtnetlink_route_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'neighbor', n.key, n."time" AT TIME ZONE 'UTC', n.seq, jsonb_strip_nulls(to_jsonb(n)) - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_interface,previous_family,previous_ifindex,previous_dst,previous_lladdr,previous_state,previous_state_code,previous_flags,previous_vlan,previous_vni,previous_src_vni,previous_port,previous_via,previous_link_netnsid,previous_nhid,previous_protocol,previous_activity_notify,previous_inactive,previous_master,previous_probes}'::text[]
	FROM known k, LATERAL rtnetlink_neighbor_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'rule', n.key, n."time" AT TIME ZONE 'UTC', n.seq, jsonb_strip_nulls(to_jsonb(n)) - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_family,previous_table,previous_type,previous_priority,previous_src,previous_dst,previous_iif,previous_oif,previous_fwmark,previous_fwmask,previous_ipproto,previous_sport,previous_dport,previous_uid_range,previous_tos,previous_realms,previous_dscp,previous_dscp_mask,previous_flowlabel,previous_flowlabel_mask,previous_sport_mask,previous_dport_mask,previous_not,previous_goto,previous_suppress_prefixlength,previous_suppress_ifgroup,previous_l3mdev,previous_tun_id,previous_protocol}'::text[]
	FROM known k, LATERAL rtnetlink_rule_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'nexthop', n.key, n."time" AT TIME ZONE 'UTC', n.seq, jsonb_strip_nulls(to_jsonb(n)) - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_family,previous_protocol,previous_interface,previous_ifindex,previous_id,previous_gateway,previous_scope,previous_flags,previous_group,previous_type,previous_buckets,previous_idle_timer,previous_unbalanced_timer,previous_unbalanced_time,previous_blackhole,previous_fdb,previous_encap,previous_encap_info}'::text[]
	FROM known k, LATERAL rtnetlink_nexthop_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'netconf', n.key, n."time" AT TIME ZONE 'UTC', n.seq, jsonb_strip_nulls(to_jsonb(n)) - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_interface,previous_family,previous_ifindex,previous_forwarding,previous_rp_filter,previous_mc_forwarding,previous_bc_forwarding,previous_proxy_neigh,previous_ignore_routes_with_linkdown,previous_input}'::text[]
	FROM known k, LATERAL rtnetlink_netconf_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'nsid', n.key, n."time" AT TIME ZONE 'UTC', n.seq, jsonb_strip_nulls(to_jsonb(n)) - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_nsid}'::text[]
	FROM known k, LATERAL rtnetlink_nsid_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'mdb', n.key, n."time" AT TIME ZONE 'UTC', n.seq, jsonb_strip_nulls(to_jsonb(n)) - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_interface,previous_ifindex,previous_port,previous_group,previous_src,previous_vlan,previous_state,previous_flags,previous_filter_mode,previous_source_list,previous_protocol,previous_dst,previous_dst_port,previous_vni,previous_src_vni,previous_via}'::text[]
	FROM known k, LATERAL rtnetlink_mdb_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
	UNION ALL
	SELECT k.netns, 'vlan', n.key, n."time" AT TIME ZONE 'UTC', n.seq, jsonb_strip_nulls(to_jsonb(n)) - '{time,host,netns,action,origin,key,changed,seq,portid,process,previous_interface,previous_ifindex,previous_vlan,previous_flags,previous_state,previous_tunnel_id,previous_mcast_router,previous_mcast_max_groups,previous_neigh_suppress}'::text[]
	FROM known k, LATERAL rtnetlink_vlan_newest($1, k.netns, k.began, k.first, $2 AT TIME ZONE 'UTC') n
$$;

-- What differs between two times: before is null for what came, after for what
-- went.
CREATE OR REPLACE FUNCTION rtnetlink_diff(host text, "from" timestamptz, "to" timestamptz, partial boolean DEFAULT false)
RETURNS TABLE (netns text, object text, key text, before jsonb, after jsonb) LANGUAGE sql STABLE SET jit = off AS $$
	SELECT netns, object, key, a.state, b.state
	FROM rtnetlink_state($1, $2, $4) a FULL JOIN rtnetlink_state($1, $3, $4) b USING (netns, object, key)
	WHERE a.state IS DISTINCT FROM b.state
$$;
