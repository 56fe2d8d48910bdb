package event

import (
	"encoding/binary"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/assert"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// ofKind is the body of a link of a kind, and of a port of another.
func ofKind(kind string, data fill, portKind string, portData fill) []byte {
	nested := func(f fill) func(*netlink.AttributeEncoder) error {
		return func(ae *netlink.AttributeEncoder) error { f(ae); return nil }
	}
	return append(fixed(rtnl.Link), attrs(func(ae *netlink.AttributeEncoder) {
		ae.String(unix.IFLA_IFNAME, "x0")
		ae.Nested(unix.IFLA_LINKINFO, nested(func(ae *netlink.AttributeEncoder) {
			ae.String(unix.IFLA_INFO_KIND, kind)
			ae.Nested(unix.IFLA_INFO_DATA, nested(data))
			if portKind != "" {
				ae.String(unix.IFLA_INFO_SLAVE_KIND, portKind)
				ae.Nested(unix.IFLA_INFO_SLAVE_DATA, nested(portData))
			}
		}))
	})...)
}

func bond(active uint32, partner byte) []byte {
	return ofKind("bond", func(ae *netlink.AttributeEncoder) {
		ae.Uint8(unix.IFLA_BOND_MODE, 4)
		ae.Uint32(unix.IFLA_BOND_ACTIVE_SLAVE, active)
		ae.Nested(unix.IFLA_BOND_ARP_IP_TARGET, func(ae *netlink.AttributeEncoder) error {
			ae.Bytes(0, []byte{10, 0, 0, 1})
			ae.Bytes(1, []byte{0, 0, 0, 0})
			ae.Bytes(2, []byte{10, 0, 0, 3})
			return nil
		})
		ae.Nested(unix.IFLA_BOND_AD_INFO, func(ae *netlink.AttributeEncoder) error {
			ae.Uint16(unix.IFLA_BOND_AD_INFO_NUM_PORTS, 2)
			ae.Bytes(unix.IFLA_BOND_AD_INFO_PARTNER_MAC, []byte{2, 0, 0, 0, 0, partner})
			return nil
		})
	}, "", nil)
}

func bondPort(state uint8) []byte {
	return ofKind("veth", none, "bond", func(ae *netlink.AttributeEncoder) {
		ae.Uint8(unix.IFLA_BOND_SLAVE_STATE, state)
		ae.Uint8(unix.IFLA_BOND_SLAVE_MII_STATUS, 2)
		ae.Uint32(unix.IFLA_BOND_SLAVE_LINK_FAILURE_COUNT, 7)
		ae.Uint16(unix.IFLA_BOND_SLAVE_AD_AGGREGATOR_ID, 3)
	})
}

func TestValuesOfKinds(t *testing.T) {
	v6 := make([]byte, 16)
	v6[0], v6[15] = 0x20, 1
	for name, tt := range map[string]struct {
		body []byte
		want map[string]any
	}{
		"bond": {bond(4, 9), map[string]any{"bond_mode": "802.3ad", "bond_active_slave": "eth4", "ad_num_ports": int64(2),
			"ad_partner_mac": "02:00:00:00:00:09", "bond_arp_ip_target": "10.0.0.1,10.0.0.3", "bond_state": nil}},
		"port of a bond": {bondPort(1), map[string]any{"bond_state": "backup", "bond_mii_status": "down", "bond_link_failures": int64(7),
			"ad_aggregator_id": int64(3), "port_kind": "bond", "kind": "veth", "bond_mode": nil}},
		"VLAN": {ofKind("vlan", func(ae *netlink.AttributeEncoder) {
			ae.Uint16(unix.IFLA_VLAN_ID, 5)
			ae.Bytes(unix.IFLA_VLAN_PROTOCOL, []byte{0x88, 0xa8})
			ae.Bytes(unix.IFLA_VLAN_FLAGS, append(binary.NativeEndian.AppendUint32(nil, 9), 255, 255, 255, 255))
		}, "vrf", func(ae *netlink.AttributeEncoder) { ae.Uint32(unix.IFLA_VRF_PORT_TABLE, 70_000) }),
			map[string]any{"vlan_id": int64(5), "vlan_protocol": "802.1ad", "vlan_flags": "REORDER_HDR,MVRP", "vrf_table": int64(70_000)}},
		"GRE": {ofKind("gre", func(ae *netlink.AttributeEncoder) {
			ae.Bytes(greIFlags, []byte{0x20, 0})
			ae.Bytes(greOFlags, []byte{0x10, 0})
			ae.Bytes(greIKey, []byte{0, 0, 0, 5})
			ae.Bytes(greOKey, []byte{0, 0, 0, 6})
			ae.Bytes(greLocal, []byte{10, 0, 0, 1})
			ae.Bytes(greRemote, []byte{0, 0, 0, 0})
			ae.Uint8(greTTL, 0)
			ae.Uint8(greTOS, 1)
		}, "", nil), map[string]any{"ikey": "0.0.0.5", "okey": nil, "gre_flags": "oseq", "local": "10.0.0.1", "remote": nil, "ttl": "inherit", "tos": "inherit"}},
		"ip6tnl": {ofKind("ip6tnl", func(ae *netlink.AttributeEncoder) {
			ae.Bytes(iptunRemote, v6)
			ae.Uint8(iptunProto, unix.IPPROTO_IPIP)
			ae.Uint8(iptunTTL, 64)
			ae.Uint32(iptunLink, 4)
		}, "", nil), map[string]any{"remote": "2000::1", "proto": "ipip6", "ttl": "64", "tunnel_link": "eth4"}},
		"vti": {ofKind("vti", func(ae *netlink.AttributeEncoder) {
			ae.Bytes(vtiIKey, []byte{0, 0, 1, 0})
			ae.Uint32(vtiFwmark, 16)
		}, "", nil), map[string]any{"ikey": "0.0.1.0", "fwmark": "0x10"}},
		"sit with 6rd, over UDP": {ofKind("sit", func(ae *netlink.AttributeEncoder) {
			ae.Bytes(iptun6RDPrefix, v6)
			ae.Uint16(iptun6RDPrefixLen, 32)
			ae.Bytes(iptun6RDRelay, []byte{10, 0, 0, 0})
			ae.Uint16(iptun6RDRelayLen, 8)
			ae.Uint16(iptunEncapType, 2)
			ae.Uint16(iptunEncapFlags, 5)
		}, "", nil), map[string]any{"sixrd_prefix": "2000::1/32", "sixrd_relay_prefix": "10.0.0.0/8", "encap_type": "gue", "encap_flags": "csum,remcsum"}},
		"sit with prefixes that cannot be": {ofKind("sit", func(ae *netlink.AttributeEncoder) {
			ae.Uint16(iptunEncapType, 0)
			ae.Uint16(iptunEncapFlags, 2)
			ae.Bytes(iptun6RDPrefix, v6)
			ae.Uint16(iptun6RDPrefixLen, 129)
			ae.Bytes(iptun6RDRelay, []byte{10, 0, 0, 0})
			ae.Uint16(iptun6RDRelayLen, 0)
		}, "", nil), map[string]any{"sixrd_prefix": nil, "sixrd_relay_prefix": nil, "encap_type": nil, "encap_flags": nil}},
		"GENEVE": {ofKind("geneve", func(ae *netlink.AttributeEncoder) {
			ae.Bytes(geneveLocal, []byte{10, 0, 0, 1})
			ae.Bytes(genevePortRange, []byte{0x10, 0, 0x20, 0})
			ae.Uint8(unix.IFLA_GENEVE_UDP_CSUM, 0)
			ae.Uint8(unix.IFLA_GENEVE_UDP_ZERO_CSUM6_RX, 1)
			ae.Bytes(geneveInnerProto, nil)
		}, "", nil), map[string]any{"local": "10.0.0.1", "srcport": "4096-8192", "geneve_flags": "udp_zero_csum6_rx,innerprotoinherit"}},
		"VXLAN with the packet's label": {ofKind("vxlan", func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_VXLAN_LABEL, []byte{0, 0, 0, 0})
			ae.Uint32(vxlanLabelPolicy, 1)
			ae.Uint8(vxlanMCRoute, 1)
		}, "", nil), map[string]any{"flowlabel": "inherit", "vxlan_flags": "mcroute"}},
		"VXLAN with a label of its own": {ofKind("vxlan", func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_VXLAN_LABEL, []byte{0, 0, 0, 5})
			ae.Uint32(vxlanLabelPolicy, 0)
		}, "", nil), map[string]any{"flowlabel": "0x5"}},
		"bareudp": {ofKind("bareudp", func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_BAREUDP_ETHERTYPE, []byte{0x88, 0x47})
			ae.Uint16(unix.IFLA_BAREUDP_SRCPORT_MIN, 49152)
			ae.Bytes(unix.IFLA_BAREUDP_MULTIPROTO_MODE, nil)
		}, "", nil), map[string]any{"ethertype": "mpls_uc", "srcportmin": int64(49152), "multiproto": true}},
		"AMT": {ofKind("amt", func(ae *netlink.AttributeEncoder) {
			ae.Uint32(amtMode, 1)
			ae.Bytes(amtRelayPort, []byte{0x08, 0xcc})
			ae.Uint32(amtLink, 4)
			ae.Bytes(amtLocal, []byte{10, 0, 0, 1})
			ae.Bytes(amtDiscovery, []byte{0, 0, 0, 0})
			ae.Uint32(amtMaxTunnels, 128)
		}, "", nil), map[string]any{"mode": "relay", "amt_relay_port": int64(2252), "tunnel_link": "eth4", "local": "10.0.0.1",
			"amt_discovery": nil, "amt_max_tunnels": int64(128)}},
		"CAN": {ofKind("can", func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_CAN_CTRLMODE, binary.NativeEndian.AppendUint32([]byte{0, 0, 0, 0}, 0x22))
			ae.Bytes(unix.IFLA_CAN_DATA_BITTIMING, binary.NativeEndian.AppendUint32(nil, 2_000_000))
			ae.Uint16(unix.IFLA_CAN_TERMINATION, 120)
		}, "", nil), map[string]any{"can_ctrlmode": "LISTEN-ONLY,FD", "can_dbitrate": int64(2_000_000), "can_termination": int64(120)}},
		"rmnet": {ofKind("rmnet", func(ae *netlink.AttributeEncoder) {
			ae.Uint16(unix.IFLA_RMNET_MUX_ID, 3)
			ae.Bytes(unix.IFLA_RMNET_FLAGS, append(binary.NativeEndian.AppendUint32(nil, 0x21), 255, 255, 255, 255))
		}, "", nil), map[string]any{"mux_id": int64(3), "rmnet_flags": "ingress-deaggregation,egress-chksumv5"}},
		"GTP": {ofKind("gtp", func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.IFLA_GTP_ROLE, 1)
			ae.Uint8(unix.IFLA_GTP_RESTART_COUNT, 7)
		}, "", nil), map[string]any{"gtp_role": "sgsn", "gtp_restart_count": int64(7)}},
		"netkit": {ofKind("netkit", func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.IFLA_NETKIT_PEER_POLICY, 2)
			ae.Uint32(netkitScrub, 1)
			ae.Uint32(netkitPeerScrub, 0)
			ae.Uint32(netkitPairing, 1)
		}, "", nil), map[string]any{"netkit_peer_policy": "blackhole", "netkit_scrub": "default", "netkit_peer_scrub": "none", "netkit_pairing": "single"}},
		"ovpn":   {ofKind("ovpn", func(ae *netlink.AttributeEncoder) { ae.Uint8(ovpnMode, 1) }, "", nil), map[string]any{"mode": "mp"}},
		"bridge": {ofKind("bridge", func(ae *netlink.AttributeEncoder) { ae.Uint32(brSTPMode, 2) }, "", nil), map[string]any{"stp_mode": "kernel"}},
		"ports of newer kernels": {ofKind("bond", func(ae *netlink.AttributeEncoder) {
			ae.Uint8(bondBroadcastNeigh, 1)
			ae.Uint8(bondLACPStrict, 0)
		}, "bridge", func(ae *netlink.AttributeEncoder) {
			ae.Uint8(unix.IFLA_BRPORT_MRP_RING_OPEN, 1)
			ae.Uint8(unix.IFLA_BRPORT_MRP_IN_OPEN, 0)
			ae.Uint8(brportNeighForwardGrat, 1)
		}), map[string]any{"bond_broadcast_neighbor": "on", "bond_lacp_strict": "off", "mrp_ring_open": true, "mrp_in_open": nil, "neigh_forward_grat": true}},
		"port in LACP of newer kernels": {ofKind("veth", none, "bond", func(ae *netlink.AttributeEncoder) {
			ae.Uint16(bondSlaveActorPortPrio, 255)
		}), map[string]any{"ad_actor_port_prio": int64(255)}},
		"a kind without fields": {ofKind("wireguard", func(ae *netlink.AttributeEncoder) { ae.Uint32(1, 5) }, "team", none),
			map[string]any{"kind": "wireguard", "port_kind": "team", "vni": nil, "vlan_id": nil}},
		"cut short": {ofKind("macsec", func(ae *netlink.AttributeEncoder) { ae.Bytes(unix.IFLA_MACSEC_SCI, []byte{1}) }, "bridge",
			func(ae *netlink.AttributeEncoder) { ae.Bytes(unix.IFLA_BRPORT_ROOT_ID, []byte{1, 2}) }), map[string]any{"sci": nil, "designated_root": nil}},
	} {
		got := valuesOf(viewOf(rtnl.Link, tt.body, linkTable{4: {"eth4", true, true}}))
		for field, want := range tt.want {
			assert.Equal(t, want, got[field], "%s: %s", name, field)
		}
	}
}

func TestAFailoverIsOneChangeOfTheBondAndOneOfEachPort(t *testing.T) {
	diff := func(before, after []byte) string {
		return changedNames(rtnl.Link, Diff(viewOf(rtnl.Link, before, nil), viewOf(rtnl.Link, after, nil)))
	}
	assert.Equal(t, "bond_active_slave", diff(bond(4, 9), bond(5, 9)))
	assert.Equal(t, "ad_partner_mac", diff(bond(4, 9), bond(4, 8)))
	assert.Equal(t, "bond_state", diff(bondPort(0), bondPort(1)))
	assert.Empty(t, diff(bond(4, 9), bond(4, 9)))
	vlan := ofKind("vlan", func(ae *netlink.AttributeEncoder) { ae.Uint16(unix.IFLA_VLAN_ID, 5) }, "", nil)
	other := ofKind("vlan", func(ae *netlink.AttributeEncoder) { ae.Uint16(unix.IFLA_VLAN_ID, 6) }, "", nil)
	assert.Equal(t, "vlan_id", diff(vlan, other))
	assert.Equal(t, "port_kind,bond_state,bond_mii_status,bond_link_failures,ad_aggregator_id", diff(bondPort(0), ofKind("veth", none, "", nil)))
}
