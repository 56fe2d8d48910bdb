package event

import (
	"encoding/json"
	"fmt"
	"strings"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// linkKeys are keys of `ip -j -d link` whose fields have other names; "" for
// those that have none, each for a reason.
var linkKeys = map[string]string{
	"ifname": "interface", "link_index": "link", "parentdev": "parent_device", "parentbus": "parent_bus",
	"linkinfo": "", "info_kind": "kind", "info_slave_kind": "port_kind", // info_data and info_slave_data: below
	"info_data": "", "info_slave_data": "",
	"inet6_addr_gen_mode": "", // of IFLA_AF_SPEC, which is volatile as a whole
	"link_pointtopoint":   "", // in flags
	"vfinfo_list":         "", // only asked for by ip: a card may have hundreds
	"num_vf":              "",
	"address":             "address",
}

// infoKeys are keys of info_data and info_slave_data, "kind.key" and
// "port.kind.key", likewise.
var infoKeys = map[string]string{
	// timers run, and ip prints the mask of groups twice
	"bridge.hello_timer": "", "bridge.tcn_timer": "", "bridge.topology_change_timer": "", "bridge.gc_timer": "",
	"bridge.mcast_querier_state": "",
	"port.bridge.hold_timer":     "", "port.bridge.message_age_timer": "", "port.bridge.forward_delay_timer": "",
	"port.bridge.group_fwd_mask_str": "", "port.bridge.topology_change_ack": "", "port.bridge.config_pending": "",
	"port.bridge.mrp_ring_open": "", "port.bridge.mrp_in_open": "",
	"port.bridge.mcast_eht_hosts_limit": "", "port.bridge.mcast_eht_hosts_cnt": "",
	"port.bridge.state": "port_state", "port.bridge.priority": "port_priority", "port.bridge.id": "port_id",
	"port.bridge.no": "port_no", "port.bridge.root_id": "designated_root", "port.bridge.bridge_id": "designated_bridge",
	"port.bridge.multicast_router": "mcast_router",

	"vxlan.id": "vni", "vxlan.link": "tunnel_link", "vxlan.port": "dstport", "vxlan.port_range": "srcport",
	"vxlan.group": "remote", "vxlan.group6": "remote", "vxlan.remote6": "remote", "vxlan.local6": "local", "vxlan.label": "flowlabel",
	"vxlan.proxy": "vxlan_flags", "vxlan.rsc": "vxlan_flags", "vxlan.l2miss": "vxlan_flags", "vxlan.l3miss": "vxlan_flags",
	"vxlan.gbp": "vxlan_flags", "vxlan.gpe": "vxlan_flags", "vxlan.vnifilter": "vxlan_flags", "vxlan.localbypass": "vxlan_flags",
	"vxlan.udp_csum": "vxlan_flags", "vxlan.udp_zero_csum6_tx": "vxlan_flags", "vxlan.udp_zero_csum6_rx": "vxlan_flags",
	"vxlan.remcsum_tx": "vxlan_flags", "vxlan.remcsum_rx": "vxlan_flags",

	"geneve.port_range": "srcport", "geneve.local6": "local", "geneve.udp_csum": "geneve_flags", "geneve.udp_zero_csum6_tx": "geneve_flags",
	"geneve.udp_zero_csum6_rx": "geneve_flags", "geneve.innerprotoinherit": "geneve_flags", "geneve.gro_hint": "geneve_flags",
	"bareudp.port": "dstport", "netkit.peer_policy": "netkit_peer_policy", "netkit.policy": "netkit_policy", "netkit.type": "netkit_type",
	"netkit.scrub": "netkit_scrub", "netkit.peer_scrub": "netkit_peer_scrub", "vxlan.mcroute": "vxlan_flags",
	"amt.link": "tunnel_link", "amt.discovery": "amt_discovery", "amt.relay_port": "amt_relay_port", "amt.gateway_port": "amt_gateway_port", "amt.max_tunnels": "amt_max_tunnels",
	"port.bond.actor_port_prio": "ad_actor_port_prio", "hsr.seq_nr": "", // it runs
	"ip6tnl.6rd": "sixrd_prefix", "ip6tnl.prefix": "sixrd_prefix", "ip6tnl.prefixlen": "sixrd_prefix",
	"ip6tnl.relay_prefix": "sixrd_relay_prefix", "ip6tnl.relay_prefixlen": "sixrd_relay_prefix", "gre.encap_limit": "encaplimit", "gre.tclass": "", "gre.flowlabel": "",
	"ipvlan.bridge": "mode_flags", "ipvlan.private": "mode_flags", "ipvlan.vepa": "mode_flags", "macsec.encrypt": "macsec_flags", "macsec.protect": "macsec_flags",
	"macsec.inc_sci": "macsec_flags", "macsec.es": "macsec_flags", "macsec.scb": "macsec_flags", "macsec.replay_protect": "macsec_flags",
	"macsec.validation": "validate", "macsec.window": "macsec_window", "macsec.offload": "macsec_offload",
	"geneve.id": "vni", "geneve.port": "dstport", "geneve.remote6": "remote", "geneve.label": "flowlabel",
	"vlan.protocol": "vlan_protocol", "vlan.id": "vlan_id", "vlan.flags": "vlan_flags",
	"vlan.ingress_qos": "vlan_ingress_qos", "vlan.egress_qos": "vlan_egress_qos",
	"vrf.table": "vrf_table", "port.vrf.table": "vrf_table",
	"macvlan.macaddr_count":  "", // macaddr_list has them
	"macvlan.usedbcqueuelen": "", "macvlan.nopromisc": "mode_flags", "macvlan.nodst": "mode_flags",
	"ipvlan.mode_flag": "mode_flags",
	"tun.type":         "tun_type", "tun.user": "tun_owner", "tun.group": "tun_group",
	"tun.numdisabled": "numdisabled",
	"gre.link":        "tunnel_link", "gre.iseq": "gre_flags", "gre.oseq": "gre_flags", "gre.icsum": "gre_flags", "gre.ocsum": "gre_flags",
	"ip6tnl.link": "tunnel_link", "ip6tnl.encap_limit": "encaplimit",
	"ip6tnl.tclass": "", "ip6tnl.flowlabel": "", // flowinfo has both
	"bond.mode": "bond_mode", "bond.arp_missed_max": "bond_missed_max", "bond.ad_info": "ad_aggregator", "bond.num_grat_arp": "bond_num_peer_notif",
	"port.bond.state": "bond_state", "port.bond.mii_status": "bond_mii_status",
	"port.bond.link_failure_count": "bond_link_failures", "port.bond.perm_hwaddr": "bond_perm_hwaddr",
	"port.bond.queue_id": "bond_queue_id", "port.bond.prio": "bond_prio",
	"port.bond.ad_actor_oper_port_state_str": "", "port.bond.ad_partner_oper_port_state_str": "",
}

// alike are kinds that ip prints as another.
var alike = map[string]string{
	"macvtap": "macvlan", "ipvtap": "ipvlan", "gretap": "gre", "erspan": "gre", "ip6gre": "gre", "ip6gretap": "gre", "ip6erspan": "gre",
	"vti6": "vti", "ipip": "ip6tnl", "sit": "ip6tnl",
}

// fieldOfInfo returns the field that has a key of a kind's data; "" for none.
func fieldOfInfo(prefix, kind, key string) string {
	if like := alike[kind]; like != "" {
		kind = like
	}
	if name, renamed := infoKeys[prefix+kind+"."+key]; renamed {
		return name
	}
	if kind == "bond" && !strings.HasPrefix(key, "ad_") {
		return "bond_" + key
	}
	return key
}

// kindOf returns the kind of a field of links, None where there is none.
func kindOf(name string) Kind {
	for _, f := range Fields(rtnl.Link) {
		if f.Name == name {
			return f.Kind
		}
	}
	return None
}

// info adds info_data or info_slave_data of the kinds that every test kernel
// has and whose values ip prints as such.
func (w want) info(prefix, kind string, data object) {
	var flags []string
	for key, v := range data {
		name := fieldOfInfo(prefix, kind, key)
		switch text := fmt.Sprint(v); name {
		case "":
		case "local", "remote":
			if text != "any" { // of a tunnel that a module makes in each namespace
				w[name] = text
			}
		case "ttl":
			if w[name] = text; text == "0" && kind != "vxlan" && kind != "geneve" {
				w[name] = "inherit"
			}
		case "vxlan_flags":
			if v == true {
				flags = append(flags, key)
			}
		case "srcport":
			r := object(v.(map[string]any))
			w[name] = r.str("low") + "-" + r.str("high")
		default:
			w.value(name, v)
		}
	}
	if flags != nil {
		var ordered []string
		for _, f := range vxlanFlags {
			for _, have := range flags {
				if have == f.word {
					ordered = append(ordered, have)
				}
			}
		}
		w["vxlan_flags"] = strings.Join(ordered, ",")
	}
}

// value takes a JSON value over in the kind of the field.
func (w want) value(name string, v any) {
	if v == nil { // as ip prints a word that is "none" otherwise
		w[name] = "none"
		return
	}
	switch kindOf(name) {
	case Int:
		n, err := v.(json.Number).Int64()
		if err != nil {
			panic(err)
		}
		w[name] = n
	case Bool:
		w[name] = v == true
	default:
		if words, several := v.([]any); several {
			w[name] = object{name: words}.list(name)
			return
		}
		text := fmt.Sprint(v)
		if name != "vlan_protocol" {
			text = strings.ToLower(text)
		}
		if strings.HasSuffix(name, "mask") && text != "0" {
			text = "0x" + strings.TrimPrefix(text, "0x")
		}
		w[name] = text
	}
}
