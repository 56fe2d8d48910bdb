package event

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// encapTypes are LWTUNNEL_ENCAP_* from 0 (uapi/linux/lwtunnel.h).
var encapTypes = []string{"none", "mpls", "ip", "ila", "ip6", "seg6", "bpf", "seg6local", "rpl", "ioam6", "xfrm"}

// encapType is the word for the encapsulation in attributes typ and data.
func encapType(typ, data uint16) source {
	return source{attrs: []uint16{typ, data}, get: func(v *View) Value {
		if v.Attr(typ) == nil || v.Attr(data) == nil {
			return Value{}
		}
		return str(wordOf(encapTypes, rtnl.Uint16(v.Attr(typ))))
	}}
}

// encapInfo is its parameters.
func encapInfo(typ, data uint16) source {
	return source{attrs: []uint16{typ, data}, get: func(v *View) Value {
		if v.Attr(typ) == nil || v.Attr(data) == nil {
			return Value{}
		}
		var buf [256]byte
		return str(string(v.appendEncap(buf[:0], rtnl.Uint16(v.Attr(typ)), v.Attr(data))))
	}}
}

// appendEncap appends the parameters of an encapsulation.
func (v *View) appendEncap(dst []byte, typ uint16, b []byte) []byte {
	attrs := rtnl.Attrs(b)
	switch typ {
	case unix.LWTUNNEL_ENCAP_MPLS:
		return encapMPLS(dst, attrs)
	case unix.LWTUNNEL_ENCAP_IP:
		return encapIP(dst, attrs, "ttl", "tos")
	case unix.LWTUNNEL_ENCAP_IP6:
		return encapIP(dst, attrs, "hoplimit", "tc")
	case unix.LWTUNNEL_ENCAP_SEG6:
		return encapSeg6(dst, attrs)
	case unix.LWTUNNEL_ENCAP_SEG6_LOCAL:
		return v.encapSeg6Local(dst, attrs)
	case unix.LWTUNNEL_ENCAP_XFRM:
		return v.encapXfrm(dst, attrs)
	}
	return hex.AppendEncode(dst, b)
}

// appendWord appends a word, and a space before it where needed.
func appendWord(dst []byte, word string) []byte {
	if n := len(dst); n > 0 && dst[n-1] != ' ' {
		dst = append(dst, ' ')
	}
	return append(dst, word...)
}

// appendNumber appends "word n".
func appendNumber(dst []byte, word string, n uint64) []byte {
	return strconv.AppendUint(append(appendWord(dst, word), ' '), n, 10)
}

// appendAttrAddr appends "word ADDR" where b is there.
func appendAttrAddr(dst []byte, word string, b []byte) []byte {
	if b == nil {
		return dst
	}
	return appendAddr(append(appendWord(dst, word), ' '), b)
}

// MPLS_IPTUNNEL_* (uapi/linux/mpls_iptunnel.h).
const (
	mplsDst = 1
	mplsTTL = 2
)

func encapMPLS(dst []byte, attrs rtnl.Attrs) []byte {
	dst = appendLabels(dst, attrs.Get(mplsDst))
	if ttl := attrs.Get(mplsTTL); ttl != nil {
		dst = appendNumber(dst, "ttl", uint64(rtnl.Uint8(ttl)))
	}
	return dst
}

// LWTUNNEL_IP_* and LWTUNNEL_IP6_*, which are alike (uapi/linux/lwtunnel.h).
const (
	lwtID    = 1
	lwtDst   = 2
	lwtSrc   = 3
	lwtTTL   = 4
	lwtTOS   = 5
	lwtFlags = 6
)

// tunnelFlags are TUNNEL_* (uapi/linux/if_tunnel.h), big-endian in messages.
var tunnelFlags = []bitWord{{4, "key"}, {1, "csum"}, {8, "seq"}}

func encapIP(dst []byte, attrs rtnl.Attrs, ttl, tos string) []byte {
	if b := attrs.Get(lwtID); len(b) == 8 {
		dst = appendNumber(dst, "id", binary.BigEndian.Uint64(b))
	}
	dst = appendAttrAddr(dst, "src", attrs.Get(lwtSrc))
	dst = appendAttrAddr(dst, "dst", attrs.Get(lwtDst))
	if b := attrs.Get(lwtTTL); b != nil {
		dst = appendNumber(dst, ttl, uint64(rtnl.Uint8(b)))
	}
	if b := attrs.Get(lwtTOS); b != nil {
		dst = appendNumber(dst, tos, uint64(rtnl.Uint8(b)))
	}
	if b := attrs.Get(lwtFlags); len(b) == 2 {
		dst = appendBits(dst, 0, uint32(binary.BigEndian.Uint16(b)), tunnelFlags, ' ')
	}
	return dst
}

// seg6SRH is SEG6_IPTUNNEL_SRH, a mode of 32 bits and a segment routing header
// (struct seg6_iptunnel_encap, uapi/linux/seg6_iptunnel.h).
const seg6SRH = 1

var seg6Modes = []string{"inline", "encap", "l2encap", "encap.red", "l2encap.red"}

func encapSeg6(dst []byte, attrs rtnl.Attrs) []byte {
	b := attrs.Get(seg6SRH)
	if len(b) < 4 {
		return dst
	}
	dst = append(appendWord(dst, "mode "), wordOf(seg6Modes, rtnl.Uint32(b))...)
	return appendSegments(dst, b[4:])
}

// appendSegments appends the segments of struct ipv6_sr_hdr
// (uapi/linux/seg6.h), which has them in reverse: "segs N [ ADDR … ]".
func appendSegments(dst, srh []byte) []byte {
	const header, firstSegment = 8, 4
	if len(srh) < header {
		return dst
	}
	last := int(srh[firstSegment])
	dst = append(appendNumber(dst, "segs", uint64(last)+1), " [ "...)
	for i := last; i >= 0; i-- {
		if at := header + 16*i; at+16 <= len(srh) {
			dst = append(appendAddr(dst, srh[at:at+16]), ' ')
		}
	}
	return append(dst, ']')
}

// SEG6_LOCAL_* (uapi/linux/seg6_local.h).
const (
	seg6Action   = 1
	seg6LocalSRH = 2
	seg6Table    = 3
	seg6NH4      = 4
	seg6NH6      = 5
	seg6IIF      = 6
	seg6OIF      = 7
	seg6VRFTable = 9
)

var seg6Actions = []string{"unspec", "End", "End.X", "End.T", "End.DX2", "End.DX6", "End.DX4", "End.DT6",
	"End.DT4", "End.B6", "End.B6.Encaps", "End.BM", "End.S", "End.AS", "End.AM", "End.BPF", "End.DT46"}

func (v *View) encapSeg6Local(dst []byte, attrs rtnl.Attrs) []byte {
	dst = append(appendWord(dst, "action "), wordOf(seg6Actions, rtnl.Uint32(attrs.Get(seg6Action)))...)
	if b := attrs.Get(seg6LocalSRH); b != nil {
		dst = appendSegments(dst, b)
	}
	if b := attrs.Get(seg6Table); b != nil {
		dst = append(appendWord(dst, "table "), tableName(rtnl.Uint32(b))...)
	}
	if b := attrs.Get(seg6VRFTable); b != nil {
		dst = append(appendWord(dst, "vrftable "), tableName(rtnl.Uint32(b))...)
	}
	dst = appendAttrAddr(dst, "nh4", attrs.Get(seg6NH4))
	dst = appendAttrAddr(dst, "nh6", attrs.Get(seg6NH6))
	dst = v.appendAttrLink(dst, "iif ", attrs.Get(seg6IIF))
	return v.appendAttrLink(dst, "oif ", attrs.Get(seg6OIF))
}

func (v *View) appendAttrLink(dst []byte, word string, b []byte) []byte {
	if b == nil {
		return dst
	}
	return append(appendWord(dst, word), v.linkName(rtnl.Uint32(b))...)
}

// LWT_XFRM_* (uapi/linux/lwtunnel.h).
const (
	xfrmIfID = 1
	xfrmLink = 2
)

func (v *View) encapXfrm(dst []byte, attrs rtnl.Attrs) []byte {
	if b := attrs.Get(xfrmIfID); b != nil {
		dst = appendNumber(dst, "if_id", uint64(rtnl.Uint32(b)))
	}
	return v.appendAttrLink(dst, "link_dev ", attrs.Get(xfrmLink))
}
