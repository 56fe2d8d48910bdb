package event

import (
	"encoding/binary"
	"strconv"

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
	_ // of 6rd, four
	_
	_
	_
	iptunEncapType
	_ // IFLA_IPTUN_ENCAP_FLAGS
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
	_ // IFLA_GRE_FLAGS
	greEncapType
	_ // IFLA_GRE_ENCAP_FLAGS
	greEncapSport
	greEncapDport
	greCollectMetadata
	_ // IFLA_GRE_IGNORE_DF
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

// tunnelFields are those of tunnels, VXLANs and GENEVE among them: what tells
// one from another.
var tunnelFields = []Field{
	{Name: "vni", Kind: Int, Doc: "network of a VXLAN or GENEVE: IFLA_VXLAN_ID, IFLA_GENEVE_ID (uapi/linux/if_link.h)",
		source: from(word32, own("vxlan", unix.IFLA_VXLAN_ID), own("geneve", unix.IFLA_GENEVE_ID))},
	{Name: "local", Kind: String, Doc: "a tunnel's own end, absent for any: IFLA_GRE_LOCAL, IFLA_IPTUN_LOCAL, IFLA_VXLAN_LOCAL, … (uapi/linux/if_tunnel.h, if_link.h)",
		source: tunnel(anyAddr, greLocal, iptunLocal, vtiLocal, own("vxlan", unix.IFLA_VXLAN_LOCAL), own("vxlan", unix.IFLA_VXLAN_LOCAL6))},
	{Name: "remote", Kind: String, Doc: "its other end, or a VXLAN's multicast group, absent for any: IFLA_GRE_REMOTE, IFLA_IPTUN_REMOTE, IFLA_VXLAN_GROUP, … (uapi/linux/if_tunnel.h, if_link.h)",
		source: tunnel(anyAddr, greRemote, iptunRemote, vtiRemote, own("vxlan", unix.IFLA_VXLAN_GROUP), own("vxlan", unix.IFLA_VXLAN_GROUP6),
			own("geneve", unix.IFLA_GENEVE_REMOTE), own("geneve", unix.IFLA_GENEVE_REMOTE6))},
	{Name: "tunnel_link", Kind: String, Doc: "the link that it is over, absent for any: IFLA_GRE_LINK, IFLA_IPTUN_LINK, IFLA_VXLAN_LINK, IFLA_XFRM_LINK, … (uapi/linux/if_tunnel.h, if_link.h)",
		source: tunnel(linkOf, greLink, iptunLink, vtiLink, own("vxlan", unix.IFLA_VXLAN_LINK), own("xfrm", unix.IFLA_XFRM_LINK))},
	{Name: "dstport", Kind: Int, Doc: "UDP port of the other end: IFLA_VXLAN_PORT, IFLA_GENEVE_PORT, IFLA_BAREUDP_PORT (uapi/linux/if_link.h)",
		source: from(netPort, own("vxlan", unix.IFLA_VXLAN_PORT), own("geneve", unix.IFLA_GENEVE_PORT), own("bareudp", unix.IFLA_BAREUDP_PORT))},
	{Name: "srcport", Kind: String, Doc: "UDP ports that a VXLAN sends from, \"low-high\", 0-0 for any: IFLA_VXLAN_PORT_RANGE (uapi/linux/if_link.h)",
		source: from(vxlanPorts, own("vxlan", unix.IFLA_VXLAN_PORT_RANGE))},
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
	{Name: "tunnel_flags", Kind: String, Doc: "of a tunnel over IPv6, IP6_TNL_F_* in hex, or of sit: IFLA_IPTUN_FLAGS (uapi/linux/ip6_tunnel.h)",
		source: either(from(hex32, own("ip6tnl", iptunFlags)), from(hex16, own("sit", iptunFlags)))},
	{Name: "encap_type", Kind: String, Doc: "fou or gue, absent for none: IFLA_GRE_ENCAP_TYPE, IFLA_IPTUN_ENCAP_TYPE (uapi/linux/if_tunnel.h)",
		source: tunnel(tunnelEncap, greEncapType, iptunEncapType, 0)},
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
	{Name: "flowlabel", Kind: String, Doc: "IPv6 flow label of its packets, in hex, absent for 0: IFLA_VXLAN_LABEL, IFLA_GENEVE_LABEL (uapi/linux/if_link.h)",
		source: from(func(_ *View, b []byte) Value {
			if len(b) >= 4 && binary.BigEndian.Uint32(b) != 0 {
				return networkHex(b)
			}
			return Value{}
		}, own("vxlan", unix.IFLA_VXLAN_LABEL), own("geneve", unix.IFLA_GENEVE_LABEL))},
	{Name: "vxlan_flags", Kind: String, Doc: "proxy, rsc, l2miss, l3miss, gbp, gpe, vnifilter, localbypass, udp_csum, udp_zero_csum6_tx, udp_zero_csum6_rx, remcsum_tx, remcsum_rx, comma-joined: IFLA_VXLAN_* (uapi/linux/if_link.h)",
		source: source{attrs: []uint16{unix.IFLA_LINKINFO}, inside: kindFlagPlaces("vxlan", vxlanFlags), get: vxlanFlagWords}},
}

// vxlanPorts reads struct ifla_vxlan_port_range.
func vxlanPorts(_ *View, b []byte) Value {
	if len(b) < 4 {
		return Value{}
	}
	s := strconv.AppendUint(nil, uint64(binary.BigEndian.Uint16(b)), 10)
	return str(string(strconv.AppendUint(append(s, '-'), uint64(binary.BigEndian.Uint16(b[2:])), 10)))
}

func whereTrue(_ *View, b []byte) Value { return onlyTrue(rtnl.Uint8(b) != 0) }

// whereInherit is "inherit" for a flag, or a byte that is not 0.
func whereInherit(_ *View, b []byte) Value {
	if len(b) > 0 && b[0] == 0 {
		return Value{}
	}
	return str("inherit")
}

func tunnelEncap(_ *View, b []byte) Value {
	if n := rtnl.Uint16(b); n != 0 {
		return str(wordOf([]string{"none", "fou", "gue", "mpls"}, n))
	}
	return Value{}
}

func somePort(_ *View, b []byte) Value {
	if len(b) < 2 {
		return Value{}
	}
	return nonZero(int64(binary.BigEndian.Uint16(b)))
}

// iptunProtocol prints IPPROTO_IPIP and IPPROTO_IPV6; 0 is any.
func iptunProtocol(v4, v6 string) decoder {
	return func(_ *View, b []byte) Value {
		switch n := rtnl.Uint8(b); n {
		case unix.IPPROTO_IPIP:
			return str(v4)
		case unix.IPPROTO_IPV6:
			return str(v6)
		case 0:
			return str("any")
		default:
			return str(decimal(n))
		}
	}
}

// Flags of GRE in network order (uapi/linux/if_tunnel.h).
const (
	greCsum   = 0x8000
	greHasKey = 0x2000
	greSeq    = 0x1000
)

// greKey is a key where the flags say that there is one.
func greKey(flags, key uint16) source {
	places := append(of(flags, greKinds...), of(key, greKinds...)...)
	return source{attrs: []uint16{unix.IFLA_LINKINFO}, inside: places, get: func(v *View) Value {
		if v.greAttr(flags)&greHasKey == 0 {
			return Value{}
		}
		for i := range places {
			if places[i].typ == key {
				if b := v.insideOf(&places[i]); b != nil {
					return tunnelKey(v, b)
				}
			}
		}
		return Value{}
	}}
}

// greAttr returns flags of a GRE tunnel.
func (v *View) greAttr(typ uint16) uint16 {
	for _, kind := range greKinds {
		if b := v.insideOf(&inside{kind: kind, typ: typ}); len(b) >= 2 {
			return binary.BigEndian.Uint16(b)
		}
	}
	return 0
}

func greFlags(v *View) Value {
	in, out := v.greAttr(greIFlags), v.greAttr(greOFlags)
	set := uint32(in&(greSeq|greCsum)) | uint32(out&(greSeq|greCsum))<<16
	return str(formatBits(set, []bitWord{{greSeq, "iseq"}, {greSeq << 16, "oseq"}, {greCsum, "icsum"}, {greCsum << 16, "ocsum"}}))
}

// vxlanFlags are the attributes that are true or false.
var vxlanFlags = []kindFlag{
	{unix.IFLA_VXLAN_PROXY, "proxy"}, {unix.IFLA_VXLAN_RSC, "rsc"}, {unix.IFLA_VXLAN_L2MISS, "l2miss"},
	{unix.IFLA_VXLAN_L3MISS, "l3miss"}, {unix.IFLA_VXLAN_GBP, "gbp"}, {unix.IFLA_VXLAN_GPE, "gpe"},
	{unix.IFLA_VXLAN_VNIFILTER, "vnifilter"}, {unix.IFLA_VXLAN_LOCALBYPASS, "localbypass"},
	{unix.IFLA_VXLAN_UDP_CSUM, "udp_csum"}, {unix.IFLA_VXLAN_UDP_ZERO_CSUM6_TX, "udp_zero_csum6_tx"},
	{unix.IFLA_VXLAN_UDP_ZERO_CSUM6_RX, "udp_zero_csum6_rx"}, {unix.IFLA_VXLAN_REMCSUM_TX, "remcsum_tx"},
	{unix.IFLA_VXLAN_REMCSUM_RX, "remcsum_rx"},
}

func vxlanFlagWords(v *View) Value {
	return kindFlagWords(v, "vxlan", vxlanFlags, func(b []byte) bool { return b != nil && (len(b) == 0 || b[0] != 0) })
}
