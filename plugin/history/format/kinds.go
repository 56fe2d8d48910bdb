package format

import (
	"net/netip"
	"strings"
)

// ofKind prints what a kind of link has of its own, in the order of its print_opt()
// (ip/iplink_vlan.c and the others). Fields that are not named here follow by their names.
func (l *line) ofKind(kind string) {
	switch kind {
	case "vlan":
		l.word("protocol", "vlan_protocol")
		l.word("id", "vlan_id")
		if flags, ok := l.take("vlan_flags"); ok && flags != "" {
			l.add("<" + flags + ">")
		}
		l.priorities("ingress-qos-map", "vlan_ingress_qos")
		l.priorities("egress-qos-map", "vlan_egress_qos")
	case "vxlan":
		l.vxlan()
	case "geneve":
		l.word("id", "vni")
		l.word("remote", "remote")
		l.hops()
		l.word("dstport", "dstport")
	case "vrf":
		l.word("table", "vrf_table")
	case "bridge":
		l.each(ofBridge)
	case "bond":
		l.each(ofBond)
	case "gre", "gretap", "erspan", "ipip", "sit", "vti", "ip6gre", "ip6gretap", "ip6erspan", "ip6tnl", "vti6":
		l.tunnel(kind)
	}
}

// ofPort prints what a link has as a port of a link of a kind: bridge_slave_print_opt()
// and the others.
func (l *line) ofPort(kind string) {
	switch kind {
	case "bridge":
		l.word("state", "port_state")
		l.word("priority", "port_priority")
		l.word("cost", "cost")
		l.toggles("hairpin", "guard", "root_block", "fastleave", "learning", "flood")
		l.each([]words{{"port_id", "port_id"}, {"port_no", "port_no"}, {"designated_port", "designated_port"},
			{"designated_cost", "designated_cost"}, {"designated_bridge", "designated_bridge"}, {"designated_root", "designated_root"}})
		l.toggles("proxy_arp", "proxy_arp_wifi")
		l.word("mcast_router", "mcast_router")
		l.toggles("mcast_flood", "bcast_flood", "mcast_to_unicast", "neigh_suppress", "neigh_vlan_suppress")
		l.word("group_fwd_mask", "group_fwd_mask")
		l.toggles("vlan_tunnel", "isolated", "locked", "mab")
	case "bond":
		l.upper("state", "bond_state")
		l.upper("mii_status", "bond_mii_status")
		l.word("link_failure_count", "bond_link_failures")
		l.word("perm_hwaddr", "bond_perm_hwaddr")
		l.word("queue_id", "bond_queue_id")
		l.word("prio", "bond_prio")
		l.word("ad_aggregator_id", "ad_aggregator_id")
	case "vrf":
		l.word("table", "vrf_table")
	}
}

// each prints fields, with iproute2's words for them.
func (l *line) each(list []words) {
	for _, w := range list {
		l.word(w.word, w.field)
	}
}

// toggles prints fields that are on or off.
func (l *line) toggles(fields ...string) {
	for _, f := range fields {
		if v, ok := l.take(f); ok {
			l.add(f, onOff(v))
		}
	}
}

// priorities prints how a VLAN maps priorities.
func (l *line) priorities(word, field string) {
	if v, ok := l.take(field); ok {
		l.add(word, "{")
		l.add(strings.Split(v, ",")...)
		l.add("}")
	}
}

// vxlan prints in the order of vxlan_print_opt(), ip/iplink_vxlan.c.
func (l *line) vxlan() {
	l.word("id", "vni")
	if v, ok := l.take("remote"); ok {
		l.add(remoteWord(v), v)
	}
	l.word("local", "local")
	l.word("dev", "tunnel_link")
	if v, ok := l.take("srcport"); ok {
		l.add("srcport")
		l.add(strings.Split(v, "-")...)
	}
	l.word("dstport", "dstport")
	if v, ok := l.take("learning"); ok && v == "false" {
		l.add("nolearning")
	}
	l.hops()
	l.word("ageing", "ageing")
}

// remoteWord is group where the other end is a group of multicast.
func remoteWord(address string) string {
	if a, err := netip.ParseAddr(address); err == nil && a.IsMulticast() {
		return "group"
	}
	return "remote"
}

// hops prints the hop limit of tunnels that choose one, and what goes with it.
func (l *line) hops() {
	if v, ok := l.take("ttl"); ok {
		if v == "0" {
			v = "auto"
		}
		l.add("ttl", v)
	}
	l.unless("unset", "df", "df")
}

// tunnel prints in the order of gre_print_opt(), iptunnel_print_opt() and the others:
// an end that is not set is any.
func (l *line) tunnel(kind string) {
	if v, ok := l.take("proto"); ok {
		l.add(strings.Replace(v, "ip6ip4", "ip6ip", 1))
	}
	for _, end := range []string{"remote", "local"} {
		if v, ok := l.take(end); ok {
			l.add(end, v)
		} else {
			l.add(end, "any")
		}
	}
	l.word("dev", "tunnel_link")
	limit := "ttl"
	if strings.HasPrefix(kind, "ip6") {
		limit = "hoplimit"
	}
	l.word(limit, "ttl")
	l.word("encaplimit", "encaplimit")
	l.word("tos", "tos")
	switch v, ok := l.take("pmtudisc"); {
	case ok && v == "false":
		l.add("nopmtudisc")
	case ok && (kind == "ipip" || kind == "sit"):
		l.add("pmtudisc")
	}
	l.word("ikey", "ikey")
	l.word("okey", "okey")
}

// ofBond is in the order of bond_print_opt(), ip/iplink_bond.c.
var ofBond = []words{
	{"mode", "bond_mode"}, {"active_slave", "bond_active_slave"}, {"miimon", "bond_miimon"},
	{"updelay", "bond_updelay"}, {"downdelay", "bond_downdelay"}, {"peer_notify_delay", "bond_peer_notify_delay"},
	{"use_carrier", "bond_use_carrier"}, {"arp_interval", "bond_arp_interval"}, {"arp_missed_max", "bond_missed_max"},
	{"arp_ip_target", "bond_arp_ip_target"}, {"ns_ip6_target", "bond_ns_ip6_target"},
	{"arp_validate", "bond_arp_validate"}, {"arp_all_targets", "bond_arp_all_targets"},
	{"primary", "bond_primary"}, {"primary_reselect", "bond_primary_reselect"}, {"fail_over_mac", "bond_fail_over_mac"},
	{"xmit_hash_policy", "bond_xmit_hash_policy"}, {"resend_igmp", "bond_resend_igmp"}, {"num_grat_arp", "bond_num_peer_notif"},
	{"all_slaves_active", "bond_all_slaves_active"}, {"min_links", "bond_min_links"}, {"lp_interval", "bond_lp_interval"},
	{"packets_per_slave", "bond_packets_per_slave"}, {"lacp_active", "ad_lacp_active"}, {"lacp_rate", "ad_lacp_rate"},
	{"coupled_control", "bond_coupled_control"}, {"ad_select", "ad_select"},
	{"ad_aggregator", "ad_aggregator"}, {"ad_num_ports", "ad_num_ports"}, {"ad_actor_key", "ad_actor_key"},
	{"ad_partner_key", "ad_partner_key"}, {"ad_partner_mac", "ad_partner_mac"},
	{"ad_actor_sys_prio", "ad_actor_sys_prio"}, {"ad_user_port_key", "ad_user_port_key"},
	{"ad_actor_system", "ad_actor_system"}, {"tlb_dynamic_lb", "bond_tlb_dynamic_lb"},
}

// ofBridge is in the order of bridge_print_opt(), ip/iplink_bridge.c.
var ofBridge = []words{
	{"forward_delay", "forward_delay"}, {"hello_time", "hello_time"}, {"max_age", "max_age"}, {"ageing_time", "ageing_time"},
	{"stp_state", "stp_state"}, {"priority", "priority"}, {"vlan_filtering", "vlan_filtering"}, {"vlan_protocol", "vlan_protocol"},
	{"bridge_id", "bridge_id"}, {"designated_root", "root_id"}, {"root_port", "root_port"}, {"root_path_cost", "root_path_cost"},
	{"topology_change", "topology_change"}, {"topology_change_detected", "topology_change_detected"},
	{"vlan_default_pvid", "vlan_default_pvid"}, {"vlan_stats_enabled", "vlan_stats_enabled"},
	{"vlan_stats_per_port", "vlan_stats_per_port"}, {"group_fwd_mask", "group_fwd_mask"}, {"group_address", "group_addr"},
	{"mcast_snooping", "mcast_snooping"}, {"no_linklocal_learn", "no_linklocal_learn"},
	{"mcast_vlan_snooping", "mcast_vlan_snooping"}, {"mcast_router", "mcast_router"},
	{"mcast_query_use_ifaddr", "mcast_query_use_ifaddr"}, {"mcast_querier", "mcast_querier"},
	{"mcast_hash_elasticity", "mcast_hash_elasticity"}, {"mcast_hash_max", "mcast_hash_max"},
	{"mcast_last_member_count", "mcast_last_member_cnt"}, {"mcast_startup_query_count", "mcast_startup_query_cnt"},
	{"mcast_last_member_interval", "mcast_last_member_intvl"}, {"mcast_membership_interval", "mcast_membership_intvl"},
	{"mcast_querier_interval", "mcast_querier_intvl"}, {"mcast_query_interval", "mcast_query_intvl"},
	{"mcast_query_response_interval", "mcast_query_response_intvl"}, {"mcast_startup_query_interval", "mcast_startup_query_intvl"},
	{"mcast_stats_enabled", "mcast_stats_enabled"}, {"mcast_igmp_version", "mcast_igmp_version"},
	{"mcast_mld_version", "mcast_mld_version"}, {"nf_call_iptables", "nf_call_iptables"},
	{"nf_call_ip6tables", "nf_call_ip6tables"}, {"nf_call_arptables", "nf_call_arptables"},
}
