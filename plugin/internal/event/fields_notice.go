package event

import (
	"encoding/hex"
	"strconv"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// noticeFields describe what passed: one option of a router's advertisement
// (uapi/linux/rtnetlink.h, struct nduseroptmsg), or the prefix that the kernel took
// from one (struct prefixmsg).
var noticeFields = []Field{
	{Name: "interface", Kind: String, Tag: true, Doc: "the link that it came by: nduseropt_ifindex, prefix_ifindex (uapi/linux/rtnetlink.h)",
		source: partLink(rtnl.NoticeIndex)},
	{Name: "type", Kind: String, Tag: true, Choices: noticeTypes, Doc: "what it says: prefix where the kernel took one, otherwise the option as it came, by its number at IANA where that has no word: RTM_NEWPREFIX, RTM_NEWNDUSEROPT (uapi/linux/rtnetlink.h)",
		source: attr(rtnl.NoticeOption, func(b []byte) Value { return str(noticeType(rtnl.Uint8(b))) })},
	{Name: "ifindex", Kind: Int, Doc: "that link's index: nduseropt_ifindex, prefix_ifindex (uapi/linux/rtnetlink.h)",
		source: part(rtnl.NoticeIndex)},
	{Name: "router", Kind: String, Doc: "who sent it, absent for prefix: NDUSEROPT_SRCADDR (uapi/linux/rtnetlink.h)",
		source: attrAddr(rtnl.NoticeRouter)},
	{Name: "prefix", Kind: String, Doc: "of prefix and prefix_info the prefix, of pref64 that of a NAT64: PREFIX_ADDRESS, prefix_len (uapi/linux/rtnetlink.h), RFC 4861, RFC 8781",
		source: source{attrs: []uint16{rtnl.NoticePrefix, rtnl.NoticePrefixLen}, get: noticePrefix}},
	{Name: "flags", Kind: String, Doc: "of a prefix: onlink, autoconf where hosts may choose addresses of it, of prefix_info also router_address (RFC 6275) and pd (RFC 9762): prefix_flags (uapi/linux/rtnetlink.h)",
		source: attr(rtnl.NoticeFlags, func(b []byte) Value { return str(formatBits(uint32(rtnl.Uint8(b)), noticeFlagBits)) })},
	{Name: "valid_lft", Kind: Int, Unit: "s", Doc: "time for which a prefix is valid, 4294967295 for ever: valid_time, PREFIX_CACHEINFO (uapi/linux/rtnetlink.h)",
		source: attr32(rtnl.NoticeValid)},
	{Name: "preferred_lft", Kind: Int, Unit: "s", Doc: "time until addresses of a prefix are deprecated, 4294967295 for never: preferred_time, PREFIX_CACHEINFO (uapi/linux/rtnetlink.h)",
		source: attr32(rtnl.NoticePreferred)},
	{Name: "lifetime", Kind: Int, Unit: "s", Doc: "of rdnss, dnssl and pref64: time for which they may be used, 0 for no longer: RFC 8106, RFC 8781",
		source: attr32(rtnl.NoticeLifetime)},
	{Name: "servers", Kind: String, Doc: "of rdnss: addresses of DNS servers, comma-joined: RFC 8106",
		source: attr(rtnl.NoticeServers, noticeServers)},
	{Name: "domains", Kind: String, Doc: "of dnssl: domains to search names in, comma-joined, with other characters than letters, digits, - and _ as \\DDD: RFC 8106",
		source: attr(rtnl.NoticeDomains, func(b []byte) Value { return str(noticeDomains(b)) })},
	{Name: "uri", Kind: String, Doc: "of captive_portal: where to ask for access: RFC 8910",
		source: attrText(rtnl.NoticeURI)},
	{Name: "data", Kind: String, Doc: "hexadecimal, what follows type and length of an option that is none of these or makes no sense",
		source: attr(rtnl.NoticeData, func(b []byte) Value { return str(hex.EncodeToString(b)) })},
}

var noticeTypes = []string{"prefix", "prefix_info", "rdnss", "dnssl", "6co", "captive_portal", "pref64"}

// noticeType is the word for an option, its number where it has none.
func noticeType(option uint8) string {
	switch option {
	case 0:
		return "prefix"
	case rtnl.OptionPrefix:
		return "prefix_info"
	case rtnl.OptionDNS:
		return "rdnss"
	case rtnl.OptionSearch:
		return "dnssl"
	case 34: // contexts of 6LoWPAN, RFC 6775
		return "6co"
	case rtnl.OptionCaptivePortal:
		return "captive_portal"
	case rtnl.OptionPREF64:
		return "pref64"
	}
	return decimal(option)
}

var noticeFlagBits = []bitWord{{rtnl.NoticeOnLink, "onlink"}, {rtnl.NoticeAuto, "autoconf"},
	{rtnl.NoticeRouterA, "router_address"}, {rtnl.NoticePD, "pd"}}

func noticePrefix(v *View) Value {
	p, bits := v.Attr(rtnl.NoticePrefix), v.Attr(rtnl.NoticePrefixLen)
	if p == nil || bits == nil {
		return Value{}
	}
	return str(string(strconv.AppendUint(append(appendAddr(nil, p), '/'), uint64(rtnl.Uint8(bits)), 10)))
}

func noticeServers(b []byte) Value {
	var out []byte
	for ; len(b) >= 16; b = b[16:] {
		out = appendAddr(appendSep(out, ','), b[:16])
	}
	return str(string(out))
}

// noticeDomains prints names in the form of DNS: labels behind their lengths, each
// name ended by an empty one. What is behind the last is padding; a name that
// breaks off is left out.
func noticeDomains(b []byte) string {
	var out, name []byte
	for len(b) > 0 {
		n := int(b[0])
		if n > 63 || n >= len(b) && n > 0 {
			break
		}
		label := b[1 : 1+n]
		b = b[1+n:]
		switch {
		case n > 0:
			name = appendLabel(appendSep(name, '.'), label)
		case len(name) > 0:
			out = append(appendSep(out, ','), name...)
			name = name[:0]
		}
	}
	return string(out)
}

// appendLabel appends a label of a name, with what could be taken for something
// else as zone files have it.
func appendLabel(dst, label []byte) []byte {
	for _, c := range label {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			dst = append(dst, c)
		default:
			dst = append(dst, '\\', '0'+c/100, '0'+c/10%10, '0'+c%10)
		}
	}
	return dst
}
