package rtnl

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// The attributes of a notice, by NoticeBody: one option of a router's
// advertisement, as RTM_NEWNDUSEROPT has it whole, or the prefix that the kernel
// took from one (RTM_NEWPREFIX). Numbers are in the machine's order.
const (
	NoticeOption    = 1  // ND_OPT_*, 8 bits; 0 for RTM_NEWPREFIX
	NoticeRouter    = 2  // NDUSEROPT_SRCADDR, who sent the advertisement
	NoticePrefix    = 3  // an address
	NoticePrefixLen = 4  // 8 bits
	NoticeFlags     = 5  // NoticeOnLink and others, 8 bits
	NoticeValid     = 6  // s, 32 bits
	NoticePreferred = 7  // s, 32 bits
	NoticeLifetime  = 8  // s, 32 bits
	NoticeServers   = 9  // addresses, one behind the other
	NoticeDomains   = 10 // names in the form of DNS, one behind the other
	NoticeURI       = 11 // text
	NoticeData      = 12 // an option that is none of these, or makes no sense: without type and length
)

// The flags of a prefix.
const (
	NoticeOnLink  = 1 << iota // IF_PREFIX_ONLINK (net/if_inet6.h), L
	NoticeAuto                // IF_PREFIX_AUTOCONF, A
	NoticeRouterA             // R (RFC 6275)
	NoticePD                  // P (RFC 9762)
)

// The options, by their numbers at IANA.
const (
	OptionPrefix        = 3  // RFC 4861
	OptionDNS           = 25 // RFC 8106
	OptionSearch        = 31 // RFC 8106
	OptionCaptivePortal = 37 // RFC 8910
	OptionPREF64        = 38 // RFC 8781
)

// Sizes of struct prefixmsg and struct nduseroptmsg (uapi/linux/rtnetlink.h).
const (
	prefixMsgLen = 12
	userOptLen   = 16
)

// NoticeBody appends the body of the notice in a message of type typ, whose body
// is given: the class's fixed structure, which is family and link as in struct
// ifaddrmsg, and its own attributes. An error wraps ErrMalformed: what routers may
// send is none.
func NoticeBody(typ uint16, body, dst []byte) ([]byte, error) {
	size := prefixMsgLen
	if typ == unix.RTM_NEWNDUSEROPT {
		size = userOptLen
	}
	if len(body) < size {
		return dst, fmt.Errorf("%w: a notice of %d bytes, the fixed part alone has %d", ErrMalformed, len(body), size)
	}
	dst = append(dst, Family.Uint8(body), 0, 0, 0)
	dst = append(dst, body[4:8]...) // prefix_ifindex, nduseropt_ifindex
	if typ == unix.RTM_NEWNDUSEROPT {
		return userOption(dst, body)
	}
	return newPrefix(dst, body)
}

// newPrefix appends what RTM_NEWPREFIX says (inet6_fill_prefix(),
// net/ipv6/addrconf.c).
func newPrefix(dst, body []byte) ([]byte, error) {
	const address, cacheinfo = 1, 2 // PREFIX_ADDRESS, PREFIX_CACHEINFO
	const prefixLen, flags = 9, 10  // in struct prefixmsg
	a := Attrs(body[prefixMsgLen:])
	if !a.Valid() {
		return dst, fmt.Errorf("%w: a prefix whose attributes do not add up", ErrMalformed)
	}
	dst = AppendAttr(dst, NoticeOption, []byte{0})
	if p := a.Get(address); len(p) == 16 {
		dst = AppendAttr(dst, NoticePrefix, p)
		dst = AppendAttr(dst, NoticePrefixLen, body[prefixLen:prefixLen+1])
	}
	// Older kernels have flags of their own, newer ones those of the option.
	dst = AppendAttr(dst, NoticeFlags, []byte{body[flags]&(NoticeOnLink|NoticeAuto) | prefixFlags(body[flags])})
	if p := a.Get(cacheinfo); len(p) >= 8 { // struct prefix_cacheinfo: preferred, valid
		dst = AppendAttr(dst, NoticeValid, p[4:8])
		dst = AppendAttr(dst, NoticePreferred, p[:4])
	}
	return dst, nil
}

// userOption appends what RTM_NEWNDUSEROPT says: the option as the router sent
// it, and who that is (ndisc_ra_useropt(), net/ipv6/ndisc.c).
func userOption(dst, body []byte) ([]byte, error) {
	const optsLen, srcAddr = 2, 1 // in struct nduseroptmsg; NDUSEROPT_SRCADDR
	n := int(Uint16(body[optsLen:]))
	rest := body[userOptLen:]
	if n < 2 || n > len(rest) {
		return dst, fmt.Errorf("%w: an option of a router's advertisement of %d bytes in %d", ErrMalformed, n, len(rest))
	}
	option := rest[:n]
	a := Attrs(rest[min(align(n), len(rest)):])
	if !a.Valid() {
		return dst, fmt.Errorf("%w: an option of a router's advertisement whose attributes do not add up", ErrMalformed)
	}
	dst = AppendAttr(dst, NoticeOption, option[:1])
	if p := a.Get(srcAddr); len(p) == 16 {
		dst = AppendAttr(dst, NoticeRouter, p)
	}
	if out, ok := optionParts(dst, option[0], option[2:]); ok {
		return out, nil
	}
	return AppendAttr(dst, NoticeData, option[2:]), nil
}

// optionParts appends what an option says, without its type and length. ok is
// false for one that is not known, or that makes no sense.
func optionParts(dst []byte, number uint8, p []byte) (out []byte, ok bool) {
	switch {
	case number == OptionPrefix && len(p) >= 30: // length, flags, valid, preferred, reserved, prefix
		dst = AppendAttr(dst, NoticePrefix, p[14:30])
		dst = AppendAttr(dst, NoticePrefixLen, p[:1])
		dst = AppendAttr(dst, NoticeFlags, []byte{prefixFlags(p[1])})
		dst = appendSeconds(dst, NoticeValid, binary.BigEndian.Uint32(p[2:]))
		return appendSeconds(dst, NoticePreferred, binary.BigEndian.Uint32(p[6:])), true
	case number == OptionDNS && len(p) >= 22 && (len(p)-6)%16 == 0: // reserved, lifetime, addresses
		dst = appendSeconds(dst, NoticeLifetime, binary.BigEndian.Uint32(p[2:]))
		return AppendAttr(dst, NoticeServers, p[6:]), true
	case number == OptionSearch && len(p) > 6: // the same, names
		dst = appendSeconds(dst, NoticeLifetime, binary.BigEndian.Uint32(p[2:]))
		return AppendAttr(dst, NoticeDomains, p[6:]), true
	case number == OptionCaptivePortal && len(p) > 0:
		return AppendAttr(dst, NoticeURI, p), true
	case number == OptionPREF64 && len(p) >= 14:
		return pref64(dst, p)
	}
	return dst, false
}

// pref64 appends the prefix of a NAT64: 13 bits of lifetime in 8 s and 3 of a
// code for the length, and the first 96 bits of the prefix.
func pref64(dst, p []byte) (out []byte, ok bool) {
	lengths := [...]byte{96, 64, 56, 48, 40, 32}
	head := binary.BigEndian.Uint16(p)
	if int(head&7) >= len(lengths) {
		return dst, false
	}
	var prefix [16]byte
	copy(prefix[:12], p[2:14])
	dst = AppendAttr(dst, NoticePrefix, prefix[:])
	dst = AppendAttr(dst, NoticePrefixLen, lengths[head&7:][:1])
	return appendSeconds(dst, NoticeLifetime, uint32(head&^7)), true
}

// prefixFlags turns the bits of the option into those of the kernel's message,
// and two more.
func prefixFlags(b byte) (flags byte) {
	for i, bit := range [...]byte{0x80, 0x40, 0x20, 0x10} {
		if b&bit != 0 {
			flags |= 1 << i
		}
	}
	return flags
}

func appendSeconds(dst []byte, typ uint16, n uint32) []byte {
	var number [4]byte
	PutUint32(number[:], n)
	return AppendAttr(dst, typ, number[:])
}
