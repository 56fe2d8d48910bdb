package event

import (
	"encoding/binary"
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// kindFields are those of the other kinds of links.
var kindFields = []Field{
	{Name: "vlan_id", Kind: Int, Doc: "of a VLAN: IFLA_VLAN_ID (uapi/linux/if_link.h)",
		source: from(half16, own("vlan", unix.IFLA_VLAN_ID))},
	{Name: "vlan_protocol", Kind: String, Doc: "802.1Q or 802.1ad, of a VLAN or a bridge: IFLA_VLAN_PROTOCOL, IFLA_BR_VLAN_PROTOCOL (uapi/linux/if_link.h)",
		source: from(ethertype, own("vlan", unix.IFLA_VLAN_PROTOCOL), own("bridge", unix.IFLA_BR_VLAN_PROTOCOL))},
	{Name: "vlan_flags", Kind: String, Doc: "IFLA_VLAN_FLAGS, VLAN_FLAG_* (uapi/linux/if_vlan.h)",
		source: from(func(_ *View, b []byte) Value { return str(formatBits(rtnl.Uint32(b), vlanFlagBits)) }, own("vlan", unix.IFLA_VLAN_FLAGS))},
	{Name: "vlan_ingress_qos", Kind: String, Doc: "802.1p priorities to the kernel's, \"from:to\", comma-joined: IFLA_VLAN_INGRESS_QOS (uapi/linux/if_link.h)",
		source: from(listed(vlanQoS), own("vlan", unix.IFLA_VLAN_INGRESS_QOS))},
	{Name: "vlan_egress_qos", Kind: String, Doc: "and back: IFLA_VLAN_EGRESS_QOS (uapi/linux/if_link.h)",
		source: from(listed(vlanQoS), own("vlan", unix.IFLA_VLAN_EGRESS_QOS))},
	{Name: "vrf_table", Kind: Int, Doc: "routing table of a VRF, and of its members: IFLA_VRF_TABLE, IFLA_VRF_PORT_TABLE (uapi/linux/if_link.h)",
		source: from(word32, own("vrf", unix.IFLA_VRF_TABLE), port("vrf", unix.IFLA_VRF_PORT_TABLE))},
	{Name: "mode", Kind: String, Doc: "of macvlan private, vepa, bridge, passthru, source; of ipvlan and netkit l2, l3, l3s; of ipoib datagram, connected; of ovpn p2p, mp; of AMT gateway, relay: IFLA_MACVLAN_MODE, IFLA_IPVLAN_MODE, IFLA_NETKIT_MODE, IFLA_IPOIB_MODE, IFLA_OVPN_MODE, IFLA_AMT_MODE (uapi/linux/if_link.h, amt.h)",
		source: either(from(macvlanMode, of(unix.IFLA_MACVLAN_MODE, "macvlan", "macvtap")...),
			from(words16([]string{"l2", "l3", "l3s"}), of(unix.IFLA_IPVLAN_MODE, "ipvlan", "ipvtap")...),
			from(words32([]string{"l2", "l3"}), own("netkit", unix.IFLA_NETKIT_MODE)),
			from(words16([]string{"datagram", "connected"}), own("ipoib", unix.IFLA_IPOIB_MODE)),
			from(words8([]string{"p2p", "mp"}), own("ovpn", ovpnMode)),
			from(words32([]string{"gateway", "relay"}), own("amt", amtMode)))},
	{Name: "mode_flags", Kind: String, Doc: "of macvlan nopromisc, nodst; of ipvlan private, vepa: IFLA_MACVLAN_FLAGS, IFLA_IPVLAN_FLAGS (uapi/linux/if_link.h)",
		source: either(from(func(_ *View, b []byte) Value {
			return str(formatBits(uint32(rtnl.Uint16(b)), []bitWord{{1, "nopromisc"}, {2, "nodst"}}))
		}, of(unix.IFLA_MACVLAN_FLAGS, "macvlan", "macvtap")...),
			from(func(_ *View, b []byte) Value {
				return str(formatBits(uint32(rtnl.Uint16(b)), []bitWord{{1, "private"}, {2, "vepa"}}))
			}, of(unix.IFLA_IPVLAN_FLAGS, "ipvlan", "ipvtap")...))},
	{Name: "macaddr_list", Kind: String, Doc: "addresses that macvlan of mode source takes, comma-joined: IFLA_MACVLAN_MACADDR_DATA (uapi/linux/if_link.h)",
		source: from(listed(func(dst, b []byte) []byte { return append(dst, formatHardware(b)...) }), of(unix.IFLA_MACVLAN_MACADDR_DATA, "macvlan", "macvtap")...)},
	{Name: "bcqueuelen", Kind: Int, Doc: "broadcasts that macvlan may queue: IFLA_MACVLAN_BC_QUEUE_LEN (uapi/linux/if_link.h)",
		source: from(word32, of(unix.IFLA_MACVLAN_BC_QUEUE_LEN, "macvlan", "macvtap")...)},
	{Name: "bc_cutoff", Kind: Int, Doc: "macvlan of the link below that broadcasts skip the queue up to: IFLA_MACVLAN_BC_CUTOFF (uapi/linux/if_link.h)",
		source: from(int32s, of(unix.IFLA_MACVLAN_BC_CUTOFF, "macvlan", "macvtap")...)},
	{Name: "tun_type", Kind: String, Doc: "IFLA_TUN_TYPE (uapi/linux/if_link.h)",
		source: from(words8([]string{"0", "tun", "tap"}), own("tun", unix.IFLA_TUN_TYPE))},
	{Name: "tun_owner", Kind: Int, Doc: "the user who may attach: IFLA_TUN_OWNER (uapi/linux/if_link.h)",
		source: from(word32, own("tun", unix.IFLA_TUN_OWNER))},
	{Name: "tun_group", Kind: Int, Doc: "the group: IFLA_TUN_GROUP (uapi/linux/if_link.h)",
		source: from(word32, own("tun", unix.IFLA_TUN_GROUP))},
	{Name: "persist", Kind: Bool, Doc: "a tun or tap stays without a program: IFLA_TUN_PERSIST (uapi/linux/if_link.h)",
		source: from(yes8, own("tun", unix.IFLA_TUN_PERSIST))},
	{Name: "pi", Kind: Bool, Doc: "packets come with a header of their protocol: IFLA_TUN_PI (uapi/linux/if_link.h)",
		source: from(yes8, own("tun", unix.IFLA_TUN_PI))},
	{Name: "vnet_hdr", Kind: Bool, Doc: "and with one of offloads: IFLA_TUN_VNET_HDR (uapi/linux/if_link.h)",
		source: from(yes8, own("tun", unix.IFLA_TUN_VNET_HDR))},
	{Name: "multi_queue", Kind: Bool, Doc: "several programs may attach: IFLA_TUN_MULTI_QUEUE (uapi/linux/if_link.h)",
		source: from(yes8, own("tun", unix.IFLA_TUN_MULTI_QUEUE))},
	{Name: "numqueues", Kind: Int, Doc: "how many have: IFLA_TUN_NUM_QUEUES (uapi/linux/if_link.h)",
		source: from(word32, own("tun", unix.IFLA_TUN_NUM_QUEUES))},
	{Name: "numdisabled", Kind: Int, Doc: "of these turned off: IFLA_TUN_NUM_DISABLED_QUEUES (uapi/linux/if_link.h)",
		source: from(word32, own("tun", unix.IFLA_TUN_NUM_DISABLED_QUEUES))},
	{Name: "sci", Kind: String, Doc: "a MACsec link's channel, in hex: IFLA_MACSEC_SCI (uapi/linux/if_link.h)",
		source: from(macsecSCI, own("macsec", unix.IFLA_MACSEC_SCI))},
	{Name: "cipher_suite", Kind: String, Doc: "IFLA_MACSEC_CIPHER_SUITE (uapi/linux/if_macsec.h)",
		source: from(macsecCipher, own("macsec", unix.IFLA_MACSEC_CIPHER_SUITE))},
	{Name: "icv_len", Kind: Int, Unit: "bytes", Doc: "IFLA_MACSEC_ICV_LEN (uapi/linux/if_link.h)",
		source: from(byte8, own("macsec", unix.IFLA_MACSEC_ICV_LEN))},
	{Name: "encoding_sa", Kind: Int, Doc: "the association that it sends with: IFLA_MACSEC_ENCODING_SA (uapi/linux/if_link.h)",
		source: from(byte8, own("macsec", unix.IFLA_MACSEC_ENCODING_SA))},
	{Name: "validate", Kind: String, Doc: "what becomes of frames that are not right: IFLA_MACSEC_VALIDATION (uapi/linux/if_link.h)",
		source: from(words8([]string{"disabled", "check", "strict"}), own("macsec", unix.IFLA_MACSEC_VALIDATION))},
	{Name: "macsec_offload", Kind: String, Doc: "who does the work: IFLA_MACSEC_OFFLOAD (uapi/linux/if_link.h)",
		source: from(words8([]string{"off", "phy", "mac"}), own("macsec", unix.IFLA_MACSEC_OFFLOAD))},
	{Name: "macsec_window", Kind: Int, Doc: "frames that may come late: IFLA_MACSEC_WINDOW (uapi/linux/if_link.h)",
		source: from(word32, own("macsec", unix.IFLA_MACSEC_WINDOW))},
	{Name: "macsec_flags", Kind: String, Doc: "encrypt, protect, send_sci, end_station, scb, replay_protect: IFLA_MACSEC_* (uapi/linux/if_link.h)",
		source: source{attrs: []uint16{unix.IFLA_LINKINFO}, inside: kindFlagPlaces("macsec", macsecFlags), get: macsecFlagWords}},
	{Name: "slave1", Kind: String, Doc: "first link of HSR or PRP: IFLA_HSR_SLAVE1 (uapi/linux/if_link.h)",
		source: from(linkOf, own("hsr", unix.IFLA_HSR_SLAVE1))},
	{Name: "slave2", Kind: String, Doc: "second: IFLA_HSR_SLAVE2 (uapi/linux/if_link.h)",
		source: from(linkOf, own("hsr", unix.IFLA_HSR_SLAVE2))},
	{Name: "interlink", Kind: String, Doc: "third: IFLA_HSR_INTERLINK (uapi/linux/if_link.h)",
		source: from(linkOf, own("hsr", unix.IFLA_HSR_INTERLINK))},
	{Name: "supervision_addr", Kind: String, Doc: "IFLA_HSR_SUPERVISION_ADDR (uapi/linux/if_link.h)",
		source: from(macAddr, own("hsr", unix.IFLA_HSR_SUPERVISION_ADDR))},
	{Name: "hsr_protocol", Kind: Int, Doc: "0 HSR, 1 PRP: IFLA_HSR_PROTOCOL (uapi/linux/if_link.h)",
		source: from(byte8, own("hsr", unix.IFLA_HSR_PROTOCOL))},
	{Name: "conduit", Kind: String, Doc: "the link to a switch that a port of it is behind: IFLA_DSA_CONDUIT (uapi/linux/if_link.h)",
		source: from(linkOf, own("dsa", unix.IFLA_DSA_CONDUIT))},
	{Name: "pkey", Kind: String, Doc: "partition of InfiniBand, in hex: IFLA_IPOIB_PKEY (uapi/linux/if_link.h)",
		source: from(hex16, own("ipoib", unix.IFLA_IPOIB_PKEY))},
	{Name: "umcast", Kind: Int, Doc: "1 where an InfiniBand link takes multicast that a program joined: IFLA_IPOIB_UMCAST (uapi/linux/if_link.h)",
		source: from(half16, own("ipoib", unix.IFLA_IPOIB_UMCAST))},
	{Name: "netkit_policy", Kind: String, Doc: "what becomes of packets without a program: IFLA_NETKIT_POLICY (uapi/linux/if_link.h)",
		source: from(netkitPolicy, own("netkit", unix.IFLA_NETKIT_POLICY))},
	{Name: "netkit_peer_policy", Kind: String, Doc: "the same of its peer, where that is told: IFLA_NETKIT_PEER_POLICY (uapi/linux/if_link.h)",
		source: from(netkitPolicy, own("netkit", unix.IFLA_NETKIT_PEER_POLICY))},
	{Name: "netkit_scrub", Kind: String, Choices: netkitScrubs, Doc: "what packets lose on the way, none for nothing: IFLA_NETKIT_SCRUB (uapi/linux/if_link.h, Linux 6.13)",
		source: from(words32(netkitScrubs), own("netkit", netkitScrub))},
	{Name: "netkit_peer_scrub", Kind: String, Choices: netkitScrubs, Doc: "the same of its peer: IFLA_NETKIT_PEER_SCRUB (uapi/linux/if_link.h, Linux 6.13)",
		source: from(words32(netkitScrubs), own("netkit", netkitPeerScrub))},
	{Name: "netkit_pairing", Kind: String, Choices: netkitPairings, Doc: "whether it has a peer: IFLA_NETKIT_PAIRING (uapi/linux/if_link.h, Linux 7)",
		source: from(words32(netkitPairings), own("netkit", netkitPairing))},
	{Name: "netkit_type", Kind: String, Doc: "primary or peer: IFLA_NETKIT_PRIMARY (uapi/linux/if_link.h)",
		source: from(words8([]string{"peer", "primary"}), own("netkit", unix.IFLA_NETKIT_PRIMARY))},
	{Name: "can_state", Kind: String, Doc: "of a CAN controller: IFLA_CAN_STATE (uapi/linux/can/netlink.h)",
		source: from(words32([]string{"error-active", "error-warning", "error-passive", "bus-off", "stopped", "sleeping"}), own("can", unix.IFLA_CAN_STATE))},
	{Name: "can_bitrate", Kind: Int, Unit: "bit/s", Doc: "IFLA_CAN_BITTIMING (uapi/linux/can/netlink.h)",
		source: from(word32, own("can", unix.IFLA_CAN_BITTIMING))},
	{Name: "can_restart_ms", Kind: Int, Unit: "ms", Doc: "after bus-off, 0 for never: IFLA_CAN_RESTART_MS (uapi/linux/can/netlink.h)",
		source: from(word32, own("can", unix.IFLA_CAN_RESTART_MS))},
	{Name: "can_dbitrate", Kind: Int, Unit: "bit/s", Doc: "of the data of CAN FD: IFLA_CAN_DATA_BITTIMING (uapi/linux/can/netlink.h)",
		source: from(word32, own("can", unix.IFLA_CAN_DATA_BITTIMING))},
	{Name: "can_ctrlmode", Kind: String, Doc: "LOOPBACK, LISTEN-ONLY, FD, …, comma-joined: IFLA_CAN_CTRLMODE, CAN_CTRLMODE_* (uapi/linux/can/netlink.h)",
		source: from(canModes, own("can", unix.IFLA_CAN_CTRLMODE))},
	{Name: "can_termination", Kind: Int, Unit: "Ω", Doc: "of the bus's end that the controller has turned on, 0 for none: IFLA_CAN_TERMINATION (uapi/linux/can/netlink.h)",
		source: from(half16, own("can", unix.IFLA_CAN_TERMINATION))},
	{Name: "mux_id", Kind: Int, Doc: "the channel of a modem that an rmnet stands for: IFLA_RMNET_MUX_ID (uapi/linux/if_link.h)",
		source: from(half16, own("rmnet", unix.IFLA_RMNET_MUX_ID))},
	{Name: "rmnet_flags", Kind: String, Doc: "ingress-deaggregation, ingress-commands, ingress-chksumv4, …, comma-joined: IFLA_RMNET_FLAGS (uapi/linux/if_link.h)",
		source: from(rmnetFlags, own("rmnet", unix.IFLA_RMNET_FLAGS))},
	{Name: "gtp_role", Kind: String, Choices: gtpRoles, Doc: "which end of a GTP tunnel it is: IFLA_GTP_ROLE (uapi/linux/if_link.h)",
		source: from(words32(gtpRoles), own("gtp", unix.IFLA_GTP_ROLE))},
	{Name: "gtp_restart_count", Kind: Int, Doc: "what a GTP link tells of its own restarts: IFLA_GTP_RESTART_COUNT (uapi/linux/if_link.h)",
		source: from(byte8, own("gtp", unix.IFLA_GTP_RESTART_COUNT))},
}

// Attributes that x/sys/unix does not have (uapi/linux/if_link.h).
const (
	netkitScrub     = 6
	netkitPeerScrub = 7
	netkitPairing   = 10

	ovpnMode = 1
)

var (
	netkitScrubs   = []string{"none", "default"}
	netkitPairings = []string{"pair", "single"}
	gtpRoles       = []string{"ggsn", "sgsn"}
)

// vlanFlagBits are VLAN_FLAG_* (uapi/linux/if_vlan.h).
var vlanFlagBits = []bitWord{{1, "REORDER_HDR"}, {2, "GVRP"}, {4, "LOOSE_BINDING"}, {8, "MVRP"}, {16, "BRIDGE_BINDING"}}

// vlanQoS prints struct ifla_vlan_qos_mapping.
func vlanQoS(dst, b []byte) []byte {
	if len(b) < 8 {
		return dst
	}
	dst = strconv.AppendUint(dst, uint64(rtnl.Uint32(b)), 10)
	return strconv.AppendUint(append(dst, ':'), uint64(rtnl.Uint32(b[4:])), 10)
}

// macvlanMode prints MACVLAN_MODE_*, which are bits.
func macvlanMode(_ *View, b []byte) Value {
	mode := rtnl.Uint32(b)
	for _, w := range []bitWord{{1, "private"}, {2, "vepa"}, {4, "bridge"}, {8, "passthru"}, {16, "source"}} {
		if mode == w.bit {
			return str(w.word)
		}
	}
	return str(decimal(mode))
}

func macsecSCI(_ *View, b []byte) Value {
	if len(b) < 8 {
		return Value{}
	}
	return str(strconv.FormatUint(binary.BigEndian.Uint64(b), 16))
}

// macsecCipher prints MACSEC_CIPHER_ID_* (uapi/linux/if_macsec.h).
func macsecCipher(_ *View, b []byte) Value {
	switch id := rtnl.Uint64(b); id {
	case 0x0080020001000001, 0x0080C20001000001:
		return str("GCM-AES-128")
	case 0x0080C20001000002:
		return str("GCM-AES-256")
	case 0x0080C20001000003:
		return str("GCM-AES-XPN-128")
	case 0x0080C20001000004:
		return str("GCM-AES-XPN-256")
	default:
		return str("0x" + strconv.FormatUint(id, 16))
	}
}

var macsecFlags = []kindFlag{
	{unix.IFLA_MACSEC_ENCRYPT, "encrypt"}, {unix.IFLA_MACSEC_PROTECT, "protect"}, {unix.IFLA_MACSEC_INC_SCI, "send_sci"},
	{unix.IFLA_MACSEC_ES, "end_station"}, {unix.IFLA_MACSEC_SCB, "scb"}, {unix.IFLA_MACSEC_REPLAY_PROTECT, "replay_protect"},
}

func macsecFlagWords(v *View) Value {
	return kindFlagWords(v, "macsec", macsecFlags, func(b []byte) bool { return rtnl.Uint8(b) != 0 })
}

// kindFlag is an attribute of a kind of link that is true or false, and its word.
type kindFlag struct {
	typ  uint16
	word string
}

// kindFlagPlaces are where the flags of a kind stand.
func kindFlagPlaces(kind string, flags []kindFlag) (list []inside) {
	for _, f := range flags {
		list = append(list, own(kind, f.typ))
	}
	return list
}

// kindFlagWords are the words of the flags whose payload, nil for none, is set.
func kindFlagWords(v *View, kind string, flags []kindFlag, set func(payload []byte) bool) Value {
	var buf [128]byte
	s := buf[:0]
	for _, f := range flags {
		if set(v.insideOf(&inside{kind: kind, typ: f.typ})) {
			s = append(appendSep(s, ','), f.word...)
		}
	}
	return str(string(s))
}

// netkitPolicy prints NETKIT_PASS and NETKIT_DROP.
func netkitPolicy(_ *View, b []byte) Value {
	switch n := rtnl.Uint32(b); n {
	case 0:
		return str("forward")
	case 2:
		return str("blackhole")
	default:
		return str(decimal(n))
	}
}

// canModes prints the flags of struct can_ctrlmode as ip does.
func canModes(_ *View, b []byte) Value {
	if len(b) < 8 {
		return Value{}
	}
	return str(formatBits(rtnl.Uint32(b[4:]), canModeBits))
}

// canModeBits are CAN_CTRLMODE_* (uapi/linux/can/netlink.h).
var canModeBits = []bitWord{
	{1, "LOOPBACK"}, {2, "LISTEN-ONLY"}, {4, "TRIPLE-SAMPLING"}, {8, "ONE-SHOT"}, {0x10, "BERR-REPORTING"}, {0x20, "FD"},
	{0x40, "PRESUME-ACK"}, {0x80, "FD-NON-ISO"}, {0x100, "CC-LEN8-DLC"}, {0x200, "TDC-AUTO"}, {0x400, "TDC-MANUAL"},
	{0x800, "RESTRICTED"}, {0x1000, "XL"}, {0x2000, "XL-TDC-AUTO"}, {0x4000, "XL-TDC-MANUAL"}, {0x8000, "XL-TMS"},
}

// rmnetFlags prints the flags of struct ifla_rmnet_flags as ip does.
func rmnetFlags(_ *View, b []byte) Value {
	return str(formatBits(rtnl.Uint32(b), []bitWord{{1, "ingress-deaggregation"}, {2, "ingress-commands"}, {4, "ingress-chksumv4"},
		{8, "egress-chksumv4"}, {0x10, "ingress-chksumv5"}, {0x20, "egress-chksumv5"}}))
}
