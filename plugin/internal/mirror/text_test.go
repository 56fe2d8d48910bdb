package mirror

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest/iproute"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// This file describes objects by their bytes, with nothing taken from the code
// under test but the walking of attributes. What it leaves out is what the
// kernel changes without a message and without consequence.

// uncompared lists such attributes.
var uncompared = [rtnl.NumObjects]map[uint16]bool{
	rtnl.Link: set(unix.IFLA_STATS, unix.IFLA_STATS64, unix.IFLA_AF_SPEC, unix.IFLA_EVENT, unix.IFLA_MAP,
		unix.IFLA_PROTINFO, unix.IFLA_EXT_MASK, unix.IFLA_NEW_NETNSID, unix.IFLA_NEW_IFINDEX,
		unix.IFLA_QDISC, unix.IFLA_PROMISCUITY, ifla.allmulti, unix.IFLA_GSO_MAX_SIZE, unix.IFLA_GSO_MAX_SEGS,
		ifla.groMaxSize, ifla.tsoMaxSize, ifla.tsoMaxSegs, ifla.gsoIPv4, ifla.groIPv4, ifla.headroom, ifla.tailroom, unix.IFLA_XDP),
	rtnl.Route:    set(unix.RTA_CACHEINFO, unix.RTA_EXPIRES, unix.RTA_MFC_STATS, unix.RTA_PAD),
	rtnl.Neighbor: set(unix.NDA_CACHEINFO, unix.NDA_PROBES),
}

// ifla are constants of uapi/linux/if_link.h that x/sys/unix lacks.
var ifla = struct{ groMaxSize, tsoMaxSize, tsoMaxSegs, allmulti, gsoIPv4, groIPv4, headroom, tailroom uint16 }{58, 59, 60, 61, 63, 64, 68, 69}

func set(types ...uint16) map[uint16]bool {
	m := map[uint16]bool{}
	for _, t := range types {
		m[t] = true
	}
	return m
}

// objectText describes an object that stands at a place in the list of its
// key. It returns nothing for what is not compared at all.
func objectText(o rtnl.Object, body []byte, place int) []string {
	h := slices.Clone(body[:o.HeaderLen()])
	at := ""
	if o == rtnl.Address && body[0] == unix.AF_INET6 && body[2]&unix.IFA_F_TENTATIVE != 0 {
		return []string{fmt.Sprintf("%s tentative %x %x", o, h[4:], localAddress(body))}
	}
	switch o {
	case rtnl.Link:
		clear(h[12:]) // ifi_change
	case rtnl.Nexthop:
		clearBits(h[4:], unix.RTNH_F_DEAD|unix.RTNH_F_LINKDOWN)
	case rtnl.Route:
		clearBits(h[8:], unix.RTNH_F_DEAD|unix.RTNH_F_LINKDOWN|unix.RTNH_F_OFFLOAD)
		if rtnl.AttrsOf(o, body).Get(rtnl.RTANexthop) != nil {
			clearBits(h[8:], 0xff) // those of the nexthop object
		}
		if body[0] == unix.AF_INET {
			at = fmt.Sprintf("[%d] ", place)
		}
	case rtnl.Rule:
		clearBits(h[8:], 0x4|0x8|0x10) // unresolved, iif and oif detached
	case rtnl.Neighbor:
		if !announcedState(h) {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s %s%s %s", o, at, hex.EncodeToString(h), strings.Join(attrTexts(o, body), " "))}
}

// localAddress is what identifies a tentative address of a link. Whatever else
// changes of it is announced when the address is no longer tentative
// (inet6_addr_modify(), net/ipv6/addrconf.c).
func localAddress(body []byte) []byte {
	a := rtnl.AttrsOf(rtnl.Address, body)
	if local := a.Get(unix.IFA_LOCAL); local != nil {
		return local
	}
	return a.Get(unix.IFA_ADDRESS)
}

// announcedState maps the state of a neighbor to the one that the kernel
// announced, and reports whether it announces it at all.
func announcedState(h []byte) bool {
	if h[0] == unix.AF_BRIDGE && h[8]&unix.NUD_PERMANENT != 0 && h[10]&unix.NTF_SELF == 0 {
		clear(h[4:8]) // an address of the bridge itself passes from port to port silently
	}
	if h[0] == unix.AF_BRIDGE && h[8]&unix.NUD_STALE != 0 {
		h[8] = h[8]&^unix.NUD_STALE | unix.NUD_REACHABLE // by age alone
	}
	if h[0] == unix.AF_BRIDGE || h[10]&unix.NTF_PROXY != 0 {
		return h[10]&unix.NTF_PROXY == 0
	}
	switch h[8] {
	case unix.NUD_NONE, unix.NUD_INCOMPLETE, unix.NUD_NOARP:
		return false
	case unix.NUD_DELAY:
		h[8] = unix.NUD_STALE
	}
	return true
}

// attrTexts describes attributes in the order of their numbers.
func attrTexts(o rtnl.Object, body []byte) (out []string) {
	objectRoute := o == rtnl.Route && rtnl.AttrsOf(o, body).Get(rtnl.RTANexthop) != nil
	for a := rtnl.AttrsOf(o, body); ; {
		typ, p, rest, ok := a.Next()
		if !ok {
			break
		}
		a = rest
		if uncompared[o][typ] || (o == rtnl.Address || o == rtnl.Route) && typ == readAt || objectRoute && pathAttr(typ) || o == rtnl.Link && quietWhileDown(body, typ) {
			continue
		}
		out = append(out, fmt.Sprintf("%02d=%s", typ, payloadText(o, body, typ, p)))
	}
	slices.Sort(out)
	return out
}

// quietWhileDown reports whether a link's attribute changes without a message
// as long as the link is down: the kernel announces it with the next thing that
// it does announce (netdev_state_change(), net/core/dev.c).
func quietWhileDown(body []byte, typ uint16) bool {
	if body[8]&unix.IFF_UP != 0 {
		return false
	}
	switch typ {
	case unix.IFLA_IFALIAS, unix.IFLA_GROUP, unix.IFLA_PROP_LIST, unix.IFLA_OPERSTATE, unix.IFLA_CARRIER,
		unix.IFLA_CARRIER_CHANGES, unix.IFLA_CARRIER_UP_COUNT, unix.IFLA_CARRIER_DOWN_COUNT:
		return true
	}
	return false
}

// pathAttr reports whether an attribute of a route repeats its nexthop object,
// which depends on the sysctl nexthop_compat_mode.
func pathAttr(typ uint16) bool {
	switch typ {
	case unix.RTA_OIF, unix.RTA_GATEWAY, unix.RTA_VIA, unix.RTA_MULTIPATH, unix.RTA_ENCAP, unix.RTA_ENCAP_TYPE:
		return true
	}
	return false
}

func payloadText(o rtnl.Object, body []byte, typ uint16, p []byte) string {
	switch {
	case o == rtnl.Route && typ == unix.RTA_MULTIPATH:
		return hopTexts(body[0], p)
	case o == rtnl.Link && typ == unix.IFLA_LINKINFO:
		return rtnl.String(rtnl.Attrs(p).Get(unix.IFLA_INFO_KIND)) // the rest changes silently
	case o == rtnl.Address && typ == unix.IFA_CACHEINFO:
		return fmt.Sprint(rtnl.Uint32(p) == 1<<32-1, rtnl.Uint32(p[4:]) == 1<<32-1)
	}
	return hex.EncodeToString(p)
}

// hopTexts describes struct rtnexthop after struct rtnexthop; IPv6 has no order.
func hopTexts(family byte, p []byte) string {
	var hops []string
	for len(p) >= unix.SizeofRtNexthop {
		n := int(rtnl.Uint16(p))
		flags := p[2] &^ (unix.RTNH_F_DEAD | unix.RTNH_F_LINKDOWN)
		hops = append(hops, fmt.Sprintf("(%x*%d dev %d %x)", flags, p[3]+1, rtnl.Uint32(p[4:]), p[8:n]))
		p = p[min((n+3)&^3, len(p)):]
	}
	if family == unix.AF_INET6 {
		slices.Sort(hops)
	}
	return strings.Join(hops, "")
}

// difference compares two multisets of lines.
func difference(want, got []string) string {
	count := map[string]int{}
	for _, l := range want {
		count[l]--
	}
	for _, l := range got {
		count[l]++
	}
	return iproute.Difference(count)
}
