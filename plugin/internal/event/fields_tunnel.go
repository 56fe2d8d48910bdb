package event

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Attributes of tunnels (uapi/linux/if_tunnel.h), which x/sys/unix does not have.
const (
	iptunLink = 1 + iota
	iptunLocal
	iptunRemote
	iptunTTL
	iptunTOS
	iptunEncapLimit
	iptunFlowInfo
	iptunFlags
	iptunProto
	iptunPMTUDisc
	iptun6RDPrefix
	iptun6RDRelay
	iptun6RDPrefixLen
	iptun6RDRelayLen
	iptunEncapType
	iptunEncapFlags
	iptunEncapSport
	iptunEncapDport
	iptunCollectMetadata
	iptunFwmark
)

const (
	greLink = 1 + iota
	greIFlags
	greOFlags
	greIKey
	greOKey
	greLocal
	greRemote
	greTTL
	greTOS
	grePMTUDisc
	greEncapLimit
	greFlowInfo
	greTunnelFlags
	greEncapType
	greEncapFlags
	greEncapSport
	greEncapDport
	greCollectMetadata
	greIgnoreDF
	greFwmark
	greErspanIndex
	greErspanVer
	greErspanDir
	greErspanHwid
)

const (
	vtiLink = 1 + iota
	vtiIKey
	vtiOKey
	vtiLocal
	vtiRemote
	vtiFwmark
)

// Attributes that x/sys/unix does not have (uapi/linux/if_link.h, amt.h).
const (
	vxlanLabelPolicy = 32
	vxlanMCRoute     = 34

	geneveInnerProto = 14
	genevePortRange  = 15
	geneveGROHint    = 16
	geneveLocal      = 17
	geneveLocal6     = 18
)

const (
	amtMode = 1 + iota
	amtRelayPort
	amtGatewayPort
	amtLink
	amtLocal
	amtRemote
	amtDiscovery
	amtMaxTunnels
)

// The kinds that have them.
var (
	greKinds   = []string{"gre", "gretap", "erspan", "ip6gre", "ip6gretap", "ip6erspan"}
	iptunKinds = []string{"ipip", "sit", "ip6tnl"}
	vtiKinds   = []string{"vti", "vti6"}
	overIPv6   = []string{"ip6gre", "ip6gretap", "ip6erspan"}
)

// tunnel is an attribute that the tunnels have; 0 where one has none.
func tunnel(decode decoder, gre, iptun, vti uint16, more ...inside) source {
	places := more
	for typ, kinds := range map[uint16][]string{gre: greKinds, iptun | 1<<8: iptunKinds, vti | 2<<8: vtiKinds} {
		if typ&0xff != 0 {
			places = append(places, of(typ&0xff, kinds...)...)
		}
	}
	return from(decode, places...)
}

var tunnelEncapType = tunnel(tunnelEncap, greEncapType, iptunEncapType, 0)

// tunnelFields are those of tunnels, VXLANs and GENEVE among them: what tells
// one from another.
var tunnelFields = []Field{
	{Name: "vni", Kind: Int, Doc: "network of a VXLAN or GENEVE: IFLA_VXLAN_ID, IFLA_GENEVE_ID (uapi/linux/if_link.h)",
		source: from(word32, own("vxlan", unix.IFLA_VXLAN_ID), own("geneve", unix.IFLA_GENEVE_ID))},
	{Name: "local", Kind: String, Doc: "a tunnel's own end, absent for any: IFLA_GRE_LOCAL, IFLA_IPTUN_LOCAL, IFLA_VXLAN_LOCAL, … (uapi/linux/if_tunnel.h, if_link.h)",
		source: tunnel(anyAddr, greLocal, iptunLocal, vtiLocal, own("vxlan", unix.IFLA_VXLAN_LOCAL), own("vxlan", unix.IFLA_VXLAN_LOCAL6),
			own("geneve", geneveLocal), own("geneve", geneveLocal6), own("gtp", unix.IFLA_GTP_LOCAL), own("gtp", unix.IFLA_GTP_LOCAL6), own("amt", amtLocal))},
	{Name: "remote", Kind: String, Doc: "its other end, or a VXLAN's multicast group, absent for any: IFLA_GRE_REMOTE, IFLA_IPTUN_REMOTE, IFLA_VXLAN_GROUP, … (uapi/linux/if_tunnel.h, if_link.h)",
		source: tunnel(anyAddr, greRemote, iptunRemote, vtiRemote, own("vxlan", unix.IFLA_VXLAN_GROUP), own("vxlan", unix.IFLA_VXLAN_GROUP6),
			own("geneve", unix.IFLA_GENEVE_REMOTE), own("geneve", unix.IFLA_GENEVE_REMOTE6), own("amt", amtRemote))},
	{Name: "tunnel_link", Kind: String, Doc: "the link that it is over, absent for any: IFLA_GRE_LINK, IFLA_IPTUN_LINK, IFLA_VXLAN_LINK, IFLA_XFRM_LINK, … (uapi/linux/if_tunnel.h, if_link.h)",
		source: tunnel(linkOf, greLink, iptunLink, vtiLink, own("vxlan", unix.IFLA_VXLAN_LINK), own("xfrm", unix.IFLA_XFRM_LINK), own("amt", amtLink))},
	{Name: "dstport", Kind: Int, Doc: "UDP port of the other end: IFLA_VXLAN_PORT, IFLA_GENEVE_PORT, IFLA_BAREUDP_PORT (uapi/linux/if_link.h)",
		source: from(netPort, own("vxlan", unix.IFLA_VXLAN_PORT), own("geneve", unix.IFLA_GENEVE_PORT), own("bareudp", unix.IFLA_BAREUDP_PORT))},
	{Name: "srcport", Kind: String, Doc: "UDP ports that a VXLAN or GENEVE sends from, \"low-high\", 0-0 for any: IFLA_VXLAN_PORT_RANGE, IFLA_GENEVE_PORT_RANGE (uapi/linux/if_link.h)",
		source: from(sourcePorts, own("vxlan", unix.IFLA_VXLAN_PORT_RANGE), own("geneve", genevePortRange))},
	{Name: "srcportmin", Kind: Int, Doc: "the lowest that a bareudp sends from: IFLA_BAREUDP_SRCPORT_MIN (uapi/linux/if_link.h)",
		source: from(half16, own("bareudp", unix.IFLA_BAREUDP_SRCPORT_MIN))},
	{Name: "ethertype", Kind: String, Doc: "what a bareudp carries: IFLA_BAREUDP_ETHERTYPE (uapi/linux/if_link.h)",
		source: from(carriedProtocol, own("bareudp", unix.IFLA_BAREUDP_ETHERTYPE))},
	{Name: "multiproto", Kind: Bool, Doc: "true where a bareudp carries the other version of IP, or multicast MPLS, too: IFLA_BAREUDP_MULTIPROTO_MODE (uapi/linux/if_link.h)",
		source: from(there, own("bareudp", unix.IFLA_BAREUDP_MULTIPROTO_MODE))},
	{Name: "external", Kind: Bool, Doc: "true where routes and forwarding entries say the end: IFLA_VXLAN_COLLECT_METADATA, … (uapi/linux/if_link.h)",
		source: either(tunnel(there, greCollectMetadata, iptunCollectMetadata, 0, own("geneve", unix.IFLA_GENEVE_COLLECT_METADATA), own("xfrm", unix.IFLA_XFRM_COLLECT_METADATA)),
			from(whereTrue, own("vxlan", unix.IFLA_VXLAN_COLLECT_METADATA)))},
	{Name: "ttl", Kind: String, Doc: "TTL or hop limit of a tunnel's packets, \"inherit\" for the packet's own; of VXLAN and GENEVE 0 for the default (uapi/linux/if_tunnel.h)",
		source: either(tunnel(ttl("inherit"), greTTL, iptunTTL, 0),
			from(whereInherit, own("vxlan", unix.IFLA_VXLAN_TTL_INHERIT), own("geneve", unix.IFLA_GENEVE_TTL_INHERIT)),
			from(ttl("0"), own("vxlan", unix.IFLA_VXLAN_TTL), own("geneve", unix.IFLA_GENEVE_TTL)))},
	{Name: "tos", Kind: String, Doc: "type of service of its packets, in hex or \"inherit\", absent for 0 (uapi/linux/if_tunnel.h)",
		source: from(tos, append(append(of(greTOS, "gre", "gretap", "erspan"), of(iptunTOS, "ipip", "sit")...),
			own("vxlan", unix.IFLA_VXLAN_TOS), own("geneve", unix.IFLA_GENEVE_TOS))...)},
	{Name: "pmtudisc", Kind: Bool, Doc: "its packets may not be fragmented: IFLA_GRE_PMTUDISC, IFLA_IPTUN_PMTUDISC (uapi/linux/if_tunnel.h)",
		source: from(yes8, append(of(grePMTUDisc, "gre", "gretap", "erspan"), of(iptunPMTUDisc, "ipip", "sit")...)...)},
	{Name: "ignore_df", Kind: Bool, Doc: "true where it fragments what may not be: IFLA_GRE_IGNORE_DF (uapi/linux/if_tunnel.h)",
		source: from(whereTrue, of(greIgnoreDF, "gre", "gretap", "erspan")...)},
	{Name: "df", Kind: String, Doc: "the same of VXLAN and GENEVE: IFLA_VXLAN_DF, IFLA_GENEVE_DF (uapi/linux/if_link.h)",
		source: from(words8([]string{"unset", "set", "inherit"}), own("vxlan", unix.IFLA_VXLAN_DF), own("geneve", unix.IFLA_GENEVE_DF))},
	{Name: "ikey", Kind: String, Doc: "key of what comes in, as an address, absent without keys: IFLA_GRE_IKEY, IFLA_VTI_IKEY (uapi/linux/if_tunnel.h)",
		source: either(from(tunnelKey, of(vtiIKey, vtiKinds...)...), greKey(greIFlags, greIKey))},
	{Name: "okey", Kind: String, Doc: "key of what goes out: IFLA_GRE_OKEY, IFLA_VTI_OKEY (uapi/linux/if_tunnel.h)",
		source: either(from(tunnelKey, of(vtiOKey, vtiKinds...)...), greKey(greOFlags, greOKey))},
	{Name: "gre_flags", Kind: String, Doc: "iseq, oseq, icsum, ocsum: IFLA_GRE_IFLAGS, IFLA_GRE_OFLAGS (uapi/linux/if_tunnel.h)",
		source: source{attrs: []uint16{unix.IFLA_LINKINFO}, inside: append(of(greIFlags, greKinds...), of(greOFlags, greKinds...)...), get: greFlags}},
	{Name: "proto", Kind: String, Doc: "what it carries: IFLA_IPTUN_PROTO (uapi/linux/if_tunnel.h)",
		source: either(from(iptunProtocol("ipip", "ip4ip4"), own("ipip", iptunProto)), from(iptunProtocol("ip6ip", "ip6ip4"), own("sit", iptunProto)),
			from(iptunProtocol("ipip6", "ip6ip6"), own("ip6tnl", iptunProto)))},
	{Name: "encaplimit", Kind: Int, Doc: "tunnels within it over IPv6: IFLA_GRE_ENCAP_LIMIT, IFLA_IPTUN_ENCAP_LIMIT (uapi/linux/if_tunnel.h)",
		source: from(byte8, append(of(greEncapLimit, overIPv6...), own("ip6tnl", iptunEncapLimit))...)},
	{Name: "flowinfo", Kind: String, Doc: "traffic class and flow label over IPv6, in hex: IFLA_GRE_FLOWINFO, IFLA_IPTUN_FLOWINFO (uapi/linux/if_tunnel.h)",
		source: from(func(_ *View, b []byte) Value { return networkHex(b) }, append(of(greFlowInfo, overIPv6...), own("ip6tnl", iptunFlowInfo))...)},
	{Name: "tunnel_flags", Kind: String, Doc: "of a tunnel over IPv6, IP6_TNL_F_* in hex, or of sit: IFLA_IPTUN_FLAGS, IFLA_GRE_FLAGS (uapi/linux/ip6_tunnel.h)",
		source: either(from(hex32, append(of(greTunnelFlags, overIPv6...), own("ip6tnl", iptunFlags))...), from(hex16, own("sit", iptunFlags)))},
	{Name: "sixrd_prefix", Kind: String, Doc: "prefix in which a sit finds the other end's IPv4 address: IFLA_IPTUN_6RD_PREFIX, IFLA_IPTUN_6RD_PREFIXLEN (uapi/linux/if_tunnel.h)",
		source: sixRD(iptun6RDPrefix, iptun6RDPrefixLen)},
	{Name: "sixrd_relay_prefix", Kind: String, Doc: "the IPv4 prefix that these addresses share, absent for none: IFLA_IPTUN_6RD_RELAY_PREFIX, IFLA_IPTUN_6RD_RELAY_PREFIXLEN (uapi/linux/if_tunnel.h)",
		source: sixRD(iptun6RDRelay, iptun6RDRelayLen)},
	{Name: "encap_type", Kind: String, Doc: "fou or gue, absent for none: IFLA_GRE_ENCAP_TYPE, IFLA_IPTUN_ENCAP_TYPE (uapi/linux/if_tunnel.h)",
		source: tunnelEncapType},
	{Name: "encap_flags", Kind: String, Doc: "its checksums: csum, csum6, remcsum, absent for none: IFLA_GRE_ENCAP_FLAGS, IFLA_IPTUN_ENCAP_FLAGS (uapi/linux/if_tunnel.h)",
		source: where(tunnelEncapType, tunnel(tunnelEncapFlags, greEncapFlags, iptunEncapFlags, 0))},
	{Name: "encap_sport", Kind: Int, Doc: "its UDP port, absent for 0: IFLA_GRE_ENCAP_SPORT, IFLA_IPTUN_ENCAP_SPORT (uapi/linux/if_tunnel.h)",
		source: tunnel(somePort, greEncapSport, iptunEncapSport, 0)},
	{Name: "encap_dport", Kind: Int, Doc: "that of the other end: IFLA_GRE_ENCAP_DPORT, IFLA_IPTUN_ENCAP_DPORT (uapi/linux/if_tunnel.h)",
		source: tunnel(somePort, greEncapDport, iptunEncapDport, 0)},
	{Name: "fwmark", Kind: String, Doc: "mark of its packets, in hex, absent for 0: IFLA_GRE_FWMARK, IFLA_IPTUN_FWMARK, IFLA_VTI_FWMARK (uapi/linux/if_tunnel.h)",
		source: tunnel(func(_ *View, b []byte) Value {
			if n := rtnl.Uint32(b); n != 0 {
				return str(hexadecimal(n))
			}
			return Value{}
		}, greFwmark, iptunFwmark, vtiFwmark)},
	{Name: "erspan_ver", Kind: Int, Doc: "IFLA_GRE_ERSPAN_VER (uapi/linux/if_tunnel.h)",
		source: from(byte8, of(greErspanVer, "erspan", "ip6erspan")...)},
	{Name: "erspan_index", Kind: Int, Doc: "IFLA_GRE_ERSPAN_INDEX (uapi/linux/if_tunnel.h)",
		source: from(word32, of(greErspanIndex, "erspan", "ip6erspan")...)},
	{Name: "erspan_dir", Kind: String, Doc: "IFLA_GRE_ERSPAN_DIR (uapi/linux/if_tunnel.h)",
		source: from(words8([]string{"ingress", "egress"}), of(greErspanDir, "erspan", "ip6erspan")...)},
	{Name: "erspan_hwid", Kind: String, Doc: "in hex: IFLA_GRE_ERSPAN_HWID (uapi/linux/if_tunnel.h)",
		source: from(hex16, of(greErspanHwid, "erspan", "ip6erspan")...)},
	{Name: "if_id", Kind: String, Doc: "which IPsec policies an xfrm link is for, in hex: IFLA_XFRM_IF_ID (uapi/linux/if_link.h)",
		source: from(hex32, own("xfrm", unix.IFLA_XFRM_IF_ID))},
	{Name: "ageing", Kind: Int, Unit: "s", Doc: "how long a VXLAN remembers an address: IFLA_VXLAN_AGEING (uapi/linux/if_link.h)",
		source: from(word32, own("vxlan", unix.IFLA_VXLAN_AGEING))},
	{Name: "limit", Kind: Int, Doc: "addresses that it may remember, absent for any: IFLA_VXLAN_LIMIT (uapi/linux/if_link.h)",
		source: from(func(_ *View, b []byte) Value { return nonZero(int64(rtnl.Uint32(b))) }, own("vxlan", unix.IFLA_VXLAN_LIMIT))},
	{Name: "flowlabel", Kind: String, Doc: "IPv6 flow label of its packets, in hex, absent for 0, \"inherit\" for the packet's own: IFLA_VXLAN_LABEL, IFLA_VXLAN_LABEL_POLICY, IFLA_GENEVE_LABEL (uapi/linux/if_link.h)",
		source: either(from(labelPolicy, own("vxlan", vxlanLabelPolicy)), from(func(_ *View, b []byte) Value {
			if len(b) >= 4 && binary.BigEndian.Uint32(b) != 0 {
				return networkHex(b)
			}
			return Value{}
		}, own("vxlan", unix.IFLA_VXLAN_LABEL), own("geneve", unix.IFLA_GENEVE_LABEL)))},
	{Name: "vxlan_flags", Kind: String, Doc: "proxy, rsc, l2miss, l3miss, gbp, gpe, vnifilter, localbypass, udp_csum, udp_zero_csum6_tx, udp_zero_csum6_rx, remcsum_tx, remcsum_rx, remcsum_nopartial, mcroute, comma-joined: IFLA_VXLAN_* (uapi/linux/if_link.h)",
		source: source{attrs: []uint16{unix.IFLA_LINKINFO}, inside: kindFlagPlaces("vxlan", vxlanFlags), get: vxlanFlagWords}},
	{Name: "geneve_flags", Kind: String, Doc: "udp_csum, udp_zero_csum6_tx, udp_zero_csum6_rx, innerprotoinherit, gro_hint, comma-joined: IFLA_GENEVE_* (uapi/linux/if_link.h)",
		source: source{attrs: []uint16{unix.IFLA_LINKINFO}, inside: kindFlagPlaces("geneve", geneveFlags), get: geneveFlagWords}},
	{Name: "amt_discovery", Kind: String, Doc: "where an AMT gateway asks for relays: IFLA_AMT_DISCOVERY_IP (uapi/linux/amt.h)",
		source: from(anyAddr, own("amt", amtDiscovery))},
	{Name: "amt_relay_port", Kind: Int, Doc: "UDP port of AMT relays: IFLA_AMT_RELAY_PORT (uapi/linux/amt.h)",
		source: from(netPort, own("amt", amtRelayPort))},
	{Name: "amt_gateway_port", Kind: Int, Doc: "UDP port of an AMT gateway: IFLA_AMT_GATEWAY_PORT (uapi/linux/amt.h)",
		source: from(netPort, own("amt", amtGatewayPort))},
	{Name: "amt_max_tunnels", Kind: Int, Doc: "gateways that an AMT relay takes: IFLA_AMT_MAX_TUNNELS (uapi/linux/amt.h)",
		source: from(word32, own("amt", amtMaxTunnels))},
}
