package event

import (
	"encoding/binary"
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Decoders of what tunnels have.

// sourcePorts reads struct ifla_vxlan_port_range, which that of GENEVE is as well.
func sourcePorts(_ *View, b []byte) Value {
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
	{unix.IFLA_VXLAN_REMCSUM_RX, "remcsum_rx"}, {unix.IFLA_VXLAN_REMCSUM_NOPARTIAL, "remcsum_nopartial"},
	{vxlanMCRoute, "mcroute"},
}

func vxlanFlagWords(v *View) Value { return kindFlagWords(v, "vxlan", vxlanFlags, flagOrByte) }

var geneveFlags = []kindFlag{
	{unix.IFLA_GENEVE_UDP_CSUM, "udp_csum"}, {unix.IFLA_GENEVE_UDP_ZERO_CSUM6_TX, "udp_zero_csum6_tx"},
	{unix.IFLA_GENEVE_UDP_ZERO_CSUM6_RX, "udp_zero_csum6_rx"}, {geneveInnerProto, "innerprotoinherit"}, {geneveGROHint, "gro_hint"},
}

func geneveFlagWords(v *View) Value { return kindFlagWords(v, "geneve", geneveFlags, flagOrByte) }

// flagOrByte is true of an attribute that is there and is nothing but that, or a
// byte that is not 0.
func flagOrByte(b []byte) bool { return b != nil && (len(b) == 0 || b[0] != 0) }

// sixRD prints a prefix by which sit finds the other end, of two attributes.
func sixRD(prefix, length uint16) source {
	places := []inside{own("sit", prefix), own("sit", length)}
	return source{attrs: []uint16{unix.IFLA_LINKINFO}, inside: places, get: func(v *View) Value {
		address, bits := v.insideOf(&places[0]), rtnl.Uint16(v.insideOf(&places[1]))
		if address == nil || bits == 0 || int(bits) > 8*len(address) {
			return Value{}
		}
		return str(formatPrefix(address, uint8(bits)))
	}}
}

// tunnelEncapFlags prints TUNNEL_ENCAP_FLAG_* (uapi/linux/if_tunnel.h).
func tunnelEncapFlags(_ *View, b []byte) Value {
	return str(formatBits(uint32(rtnl.Uint16(b)), []bitWord{{1, "csum"}, {2, "csum6"}, {4, "remcsum"}}))
}

// labelPolicy is a value where the label is none of the tunnel's own.
func labelPolicy(_ *View, b []byte) Value {
	if rtnl.Uint32(b) == 1 { // VXLAN_LABEL_INHERIT
		return str("inherit")
	}
	return Value{}
}

// carriedProtocol prints ETH_P_* (uapi/linux/if_ether.h) as ip does.
func carriedProtocol(_ *View, b []byte) Value {
	if len(b) < 2 {
		return Value{}
	}
	switch n := binary.BigEndian.Uint16(b); n {
	case unix.ETH_P_IP:
		return str("ip")
	case unix.ETH_P_IPV6:
		return str("ipv6")
	case unix.ETH_P_MPLS_UC:
		return str("mpls_uc")
	case unix.ETH_P_MPLS_MC:
		return str("mpls_mc")
	default:
		return str(hexadecimal(uint32(n)))
	}
}
