package event

import (
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// ifaProto is IFA_PROTO (uapi/linux/if_addr.h), since Linux 5.18.
const ifaProto = 11

// addressFields describe an address (uapi/linux/if_addr.h). The lifetimes are
// volatile: they count down, and every router advertisement sets them back. A
// change from or to a finite valid_lft shows as the flag dynamic.
var addressFields = []Field{
	{Name: "interface", Kind: String, Tag: true, Doc: "the link it is on: ifa_index (uapi/linux/if_addr.h)",
		source: partLink(rtnl.AddressIndex)},
	{Name: "family", Kind: String, Tag: true, Choices: families, Doc: "ifa_family (uapi/linux/if_addr.h)",
		source: family},
	{Name: "scope", Kind: String, Tag: true, Doc: "how far it is valid, named in /etc/iproute2/rt_scopes: ifa_scope (uapi/linux/rtnetlink.h)",
		source: partWord(rtnl.AddressScope, scopeName)},
	{Name: "ifindex", Kind: Int, Doc: "the link's index: ifa_index (uapi/linux/if_addr.h)",
		source: part(rtnl.AddressIndex)},
	{Name: "local", Kind: String, Doc: "the address: IFA_LOCAL, or IFA_ADDRESS without one (uapi/linux/if_addr.h)",
		source: source{attrs: []uint16{unix.IFA_LOCAL, unix.IFA_ADDRESS}, get: localAddr}},
	{Name: "prefixlen", Kind: Int, Unit: "bits", Doc: "length of the prefix on the link: ifa_prefixlen (uapi/linux/if_addr.h)",
		source: part(rtnl.AddressPrefixLen)},
	{Name: "address", Kind: String, Doc: "the peer of a point-to-point address: IFA_ADDRESS where it is not IFA_LOCAL (uapi/linux/if_addr.h)",
		source: source{attrs: []uint16{unix.IFA_LOCAL, unix.IFA_ADDRESS}, get: peerAddr}},
	{Name: "broadcast", Kind: String, Doc: "broadcast address: IFA_BROADCAST (uapi/linux/if_addr.h)",
		source: attrAddr(unix.IFA_BROADCAST)},
	{Name: "anycast", Kind: String, Doc: "anycast address: IFA_ANYCAST (uapi/linux/if_addr.h)",
		source: attrAddr(unix.IFA_ANYCAST)},
	{Name: "metric", Kind: Int, Doc: "priority of the route to its prefix, absent for the default: IFA_RT_PRIORITY (uapi/linux/if_addr.h)",
		source: attr32(unix.IFA_RT_PRIORITY)},
	{Name: "label", Kind: String, Doc: "IPv4: its name for old tools, the link's or <link>:<text>: IFA_LABEL (uapi/linux/if_addr.h)",
		source: attrName(unix.IFA_LABEL)},
	{Name: "flags", Kind: String, Doc: "IFA_F_* (uapi/linux/if_addr.h) as ip prints them: dynamic for want of IFA_F_PERMANENT, the rest in hex",
		source: source{attrs: []uint16{unix.IFA_FLAGS}, head: head(rtnl.Family, rtnl.AddressFlags), get: addrFlagWords}},
	{Name: "protocol", Kind: String, Doc: "who added it, named in /etc/iproute2/rt_addrprotos: IFA_PROTO (uapi/linux/if_addr.h, Linux 5.18)",
		source: attr(ifaProto, func(b []byte) Value { return str(addrProtocolName(rtnl.Uint8(b))) })},
	{Name: "valid_lft", Kind: Int, Unit: "s", Volatile: true, Doc: "time until it is removed, 4294967295 for never: ifa_valid, IFA_CACHEINFO (uapi/linux/if_addr.h)",
		source: attr(unix.IFA_CACHEINFO, validLifetime)},
	{Name: "preferred_lft", Kind: Int, Unit: "s", Volatile: true, Doc: "time until it is deprecated, 4294967295 for never: ifa_prefered, IFA_CACHEINFO (uapi/linux/if_addr.h)",
		source: source{attrs: []uint16{unix.IFA_CACHEINFO, unix.IFA_FLAGS}, head: head(rtnl.AddressFlags), get: preferredLifetime}},
}

func localAddr(v *View) Value {
	return str(formatAddr(rtnl.AddressMsg(v.body).Local()))
}

func peerAddr(v *View) Value {
	local, peer := v.Attr(unix.IFA_LOCAL), v.Attr(unix.IFA_ADDRESS)
	if local == nil || string(local) == string(peer) {
		return Value{}
	}
	return str(formatAddr(peer))
}

// addrFlagBits are IFA_F_* in iproute2's order.
var addrFlagBits = []bitWord{
	{unix.IFA_F_SECONDARY, "secondary"}, {unix.IFA_F_NODAD, "nodad"},
	{unix.IFA_F_OPTIMISTIC, "optimistic"}, {unix.IFA_F_DADFAILED, "dadfailed"},
	{unix.IFA_F_HOMEADDRESS, "home"}, {unix.IFA_F_DEPRECATED, "deprecated"},
	{unix.IFA_F_TENTATIVE, "tentative"}, {unix.IFA_F_PERMANENT, "dynamic"},
	{unix.IFA_F_MANAGETEMPADDR, "mngtmpaddr"}, {unix.IFA_F_NOPREFIXROUTE, "noprefixroute"},
	{unix.IFA_F_MCAUTOJOIN, "autojoin"}, {unix.IFA_F_STABLE_PRIVACY, "stable-privacy"},
}

func addrFlagWords(v *View) Value {
	flags := rtnl.AddressMsg(v.body).Flags() ^ unix.IFA_F_PERMANENT // shown by its absence
	var buf [128]byte
	b := buf[:0]
	if flags&unix.IFA_F_SECONDARY != 0 && v.family() == unix.AF_INET6 {
		b = append(b, "temporary"...) // what the bit means there
		flags &^= unix.IFA_F_SECONDARY
	}
	b = appendBits(b, 0, flags, addrFlagBits, ',')
	if rest := flags &^ bitsOf(addrFlagBits); rest != 0 {
		b = strconv.AppendUint(appendSep(b, ','), uint64(rest), 16)
	}
	return str(string(b))
}

// Offsets in struct ifa_cacheinfo.
const (
	cachePreferred = 0
	cacheValid     = 4
)

func validLifetime(b []byte) Value {
	if len(b) < cacheValid+4 {
		return Value{}
	}
	return num(rtnl.Uint32(b[cacheValid:]))
}

// preferredLifetime is signed for a deprecated address, as ip prints it.
func preferredLifetime(v *View) Value {
	b := v.Attr(unix.IFA_CACHEINFO)
	if len(b) < cachePreferred+4 {
		return Value{}
	}
	left := rtnl.Uint32(b[cachePreferred:])
	if rtnl.AddressMsg(v.body).Flags()&unix.IFA_F_DEPRECATED != 0 && left != forever {
		return num(int32(left))
	}
	return num(left)
}

// forever is INFINITY_LIFE_TIME (net/addrconf.h).
const forever = 0xffffffff
