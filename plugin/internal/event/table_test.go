package event

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// eachClass runs test for every class of objects.
func eachClass(t *testing.T, test func(t *testing.T, o rtnl.Object)) {
	t.Helper()
	for o := range rtnl.Object(rtnl.NumObjects) {
		t.Run(o.String(), func(t *testing.T) { test(t, o) })
	}
}

func TestTableIsWellFormed(t *testing.T) {
	eachClass(t, func(t *testing.T, o rtnl.Object) {
		seen := map[string]bool{}
		for _, f := range Common() {
			seen[f.Name] = true
		}
		table := Fields(o)
		tagsOver := false
		for _, f := range table {
			assert.False(t, seen[f.Name], "two fields %q", f.Name)
			seen[f.Name] = true
			assert.NotNil(t, f.get, f.Name)
			assert.NotEqual(t, None, f.Kind, f.Name)
			assert.False(t, f.Tag && tagsOver, "tag %q after a field", f.Name)
			tagsOver = tagsOver || !f.Tag
			assert.True(t, !f.Tag || f.Kind == String, "tag %q is no text", f.Name)
			assert.NotEmpty(t, f.Doc, f.Name)
			assert.NotContains(t, f.Doc, "\n", f.Name)
			assert.True(t, f.Choices == nil || f.Kind == String, f.Name)
			assert.True(t, f.attrs != nil || f.head != 0 || f.NoChange, "Diff cannot see %q", f.Name)
		}
	})
}

func TestTableHasTheContractsNames(t *testing.T) {
	want := map[rtnl.Object][2]string{
		rtnl.Link: {"interface kind", "ifindex link_type mtu operstate operstate_code up carrier flags address broadcast permaddr master link qdisc " +
			"txqlen group ifalias altnames num_tx_queues num_rx_queues promiscuity allmulti min_mtu max_mtu linkmode " +
			"proto_down proto_down_reason xdp xdp_prog_id speed duplex parent_device parent_bus phys_port_name phys_port_id " +
			"phys_switch_id link_netnsid gso_max_size gso_max_segs tso_max_size tso_max_segs gro_max_size gso_ipv4_max_size " +
			"gro_ipv4_max_size netns_immutable port_kind carrier_changes carrier_up_count carrier_down_count " +
			"missed_carrier_changes irq irq_count new_netnsid new_ifindex bond_mode bond_active_slave bond_miimon " +
			"bond_updelay bond_downdelay bond_use_carrier bond_arp_interval bond_arp_ip_target bond_ns_ip6_target " +
			"bond_arp_validate bond_arp_all_targets bond_missed_max bond_primary bond_primary_reselect bond_fail_over_mac " +
			"bond_xmit_hash_policy bond_resend_igmp bond_num_peer_notif bond_peer_notify_delay bond_all_slaves_active " +
			"bond_min_links bond_lp_interval bond_packets_per_slave bond_tlb_dynamic_lb bond_coupled_control " +
			"bond_broadcast_neighbor bond_lacp_strict ad_lacp_active " +
			"ad_lacp_rate ad_select ad_aggregator ad_num_ports ad_actor_key ad_partner_key ad_partner_mac ad_actor_sys_prio " +
			"ad_user_port_key ad_actor_system bond_state bond_mii_status bond_link_failures bond_perm_hwaddr bond_queue_id " +
			"bond_prio ad_actor_port_prio ad_aggregator_id ad_actor_oper_port_state ad_partner_oper_port_state stp_state stp_mode priority bridge_id " +
			"root_id root_port root_path_cost topology_change topology_change_detected forward_delay hello_time max_age " +
			"ageing_time vlan_filtering vlan_default_pvid vlan_stats_enabled vlan_stats_per_port group_addr group_fwd_mask " +
			"fdb_n_learned fdb_max_learned no_linklocal_learn mcast_vlan_snooping mst_enabled mdb_offload_fail_notification " +
			"fdb_local_vlan_0 mcast_snooping mcast_querier mcast_query_use_ifaddr mcast_router mcast_hash_elasticity " +
			"mcast_hash_max mcast_last_member_cnt mcast_startup_query_cnt mcast_last_member_intvl mcast_membership_intvl " +
			"mcast_querier_intvl mcast_query_intvl mcast_query_response_intvl mcast_startup_query_intvl mcast_stats_enabled " +
			"mcast_igmp_version mcast_mld_version nf_call_iptables nf_call_ip6tables nf_call_arptables port_state " +
			"port_priority cost port_id port_no designated_root designated_bridge designated_port designated_cost hairpin " +
			"guard root_block fastleave learning flood mcast_flood bcast_flood mcast_to_unicast neigh_suppress " +
			"neigh_vlan_suppress neigh_forward_grat proxy_arp proxy_arp_wifi vlan_tunnel isolated locked mab backup_port backup_nhid " +
			"mcast_max_groups mrp_ring_open mrp_in_open mcast_n_groups vni local remote tunnel_link dstport srcport srcportmin " +
			"ethertype multiproto external ttl tos pmtudisc ignore_df df ikey " +
			"okey gre_flags proto encaplimit flowinfo tunnel_flags sixrd_prefix sixrd_relay_prefix encap_type encap_flags " +
			"encap_sport encap_dport fwmark erspan_ver " +
			"erspan_index erspan_dir erspan_hwid if_id ageing limit flowlabel vxlan_flags geneve_flags amt_discovery amt_relay_port " +
			"amt_gateway_port amt_max_tunnels vlan_id vlan_protocol vlan_flags " +
			"vlan_ingress_qos vlan_egress_qos vrf_table mode mode_flags macaddr_list bcqueuelen bc_cutoff tun_type " +
			"tun_owner tun_group persist pi vnet_hdr multi_queue numqueues numdisabled sci cipher_suite icv_len encoding_sa " +
			"validate macsec_offload macsec_window macsec_flags slave1 slave2 interlink supervision_addr hsr_protocol " +
			"conduit pkey umcast netkit_policy netkit_peer_policy netkit_scrub netkit_peer_scrub netkit_pairing netkit_type can_state can_bitrate can_restart_ms can_dbitrate can_ctrlmode can_termination mux_id rmnet_flags gtp_role gtp_restart_count"},
		rtnl.Address: {"interface family scope", "ifindex local prefixlen address broadcast anycast metric label flags protocol " +
			"valid_lft preferred_lft portid process"},
		rtnl.Route: {"family table protocol type interface", "dst ifindex gateway prefsrc metric scope tos src iif flags " +
			"realms nhid nexthop_count nexthops pref expires newdst ttl_propagate mtu mtu_lock locks window rtt rttvar ssthresh " +
			"cwnd advmss reordering hoplimit " +
			"initcwnd features rto_min initrwnd quickack congestion fastopen_no_cookie encap encap_info portid process"},
		rtnl.Neighbor: {"interface family", "ifindex dst lladdr state state_code flags vlan vni src_vni port via link_netnsid " +
			"nhid protocol activity_notify inactive master probes portid process"},
		rtnl.Rule: {"family table type", "priority src dst iif oif fwmark fwmask ipproto sport dport uid_range tos " +
			"realms dscp dscp_mask flowlabel flowlabel_mask sport_mask dport_mask not goto suppress_prefixlength suppress_ifgroup l3mdev tun_id protocol portid process"},
		rtnl.Nexthop: {"family protocol interface", "ifindex id gateway scope flags group type buckets idle_timer unbalanced_timer unbalanced_time blackhole fdb encap encap_info portid process"},
		rtnl.Netconf: {"interface family", "ifindex forwarding rp_filter mc_forwarding bc_forwarding proxy_neigh ignore_routes_with_linkdown input"},
		rtnl.NSID:    {"", "nsid"},
		rtnl.MDB:     {"interface", "ifindex port group src vlan state flags filter_mode source_list protocol dst dst_port vni src_vni via"},
		rtnl.VLAN:    {"interface", "ifindex vlan flags state tunnel_id mcast_router mcast_max_groups neigh_suppress"},
		rtnl.Notice:  {"interface type", "ifindex router prefix flags valid_lft preferred_lft lifetime servers domains uri data"},
	}
	eachClass(t, func(t *testing.T, o rtnl.Object) {
		var tags, rest []string
		for _, f := range Fields(o) {
			if f.Tag {
				tags = append(tags, f.Name)
			} else {
				rest = append(rest, f.Name)
			}
		}
		assert.Equal(t, want[o], [2]string{strings.Join(tags, " "), strings.Join(rest, " ")})
	})
}
