package event

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// routeFields describe a route (uapi/linux/rtnetlink.h). A route with a nexthop
// object (nhid) has no path of its own: interface, gateway, nexthops,
// nexthop_count and encap are the object's, whatever the message repeats of it.
// When it expires is volatile: it counts down. That somebody sets it anew is a
// change all the same (mirror).
var routeFields = []Field{
	{Name: "family", Kind: String, Tag: true, Choices: routeFamilies, Doc: "rtm_family (uapi/linux/rtnetlink.h); ipmr and ip6mr are multicast routes of IPv4 and IPv6",
		source: family},
	{Name: "table", Kind: String, Tag: true, Doc: "routing table, named in /etc/iproute2/rt_tables: RTA_TABLE or rtm_table (uapi/linux/rtnetlink.h)",
		source: routingTable},
	{Name: "protocol", Kind: String, Tag: true, Doc: "who added it, named in /etc/iproute2/rt_protos: rtm_protocol (uapi/linux/rtnetlink.h)",
		source: partWord(rtnl.RouteProtocol, protocolName)},
	{Name: "type", Kind: String, Tag: true, Choices: routeTypes, Doc: "rtm_type, RTN_* (uapi/linux/rtnetlink.h)",
		source: partWord(rtnl.RouteType, func(n uint8) string { return wordOf(routeTypes, n) })},
	{Name: "interface", Kind: String, Tag: true, Doc: "the link of a route with a single path: RTA_OIF (uapi/linux/rtnetlink.h)",
		source: ownPath(attrLink(unix.RTA_OIF))},
	{Name: "dst", Kind: String, Doc: "destination, \"default\" for any: RTA_DST and rtm_dst_len (uapi/linux/rtnetlink.h)",
		source: prefixSource(unix.RTA_DST, rtnl.RouteDstLen, "default")},
	{Name: "ifindex", Kind: Int, Doc: "that link's index: RTA_OIF (uapi/linux/rtnetlink.h)",
		source: ownPath(attr32(unix.RTA_OIF))},
	{Name: "gateway", Kind: String, Doc: "next router of a route with a single path: RTA_GATEWAY, or RTA_VIA of another family (uapi/linux/rtnetlink.h)",
		source: ownPath(source{attrs: []uint16{unix.RTA_GATEWAY, unix.RTA_VIA}, get: gateway})},
	{Name: "prefsrc", Kind: String, Doc: "source address for what starts here: RTA_PREFSRC (uapi/linux/rtnetlink.h)",
		source: attrAddr(unix.RTA_PREFSRC)},
	{Name: "metric", Kind: Int, Doc: "priority, the lowest wins; IPv4 has none for 0: RTA_PRIORITY (uapi/linux/rtnetlink.h)",
		source: attr32(unix.RTA_PRIORITY)},
	{Name: "scope", Kind: String, Doc: "distance to the destination, named in /etc/iproute2/rt_scopes: rtm_scope (uapi/linux/rtnetlink.h)",
		source: partWord(rtnl.RouteScope, scopeName)},
	{Name: "tos", Kind: Int, Doc: "type of service it is for, absent for any: rtm_tos (uapi/linux/rtnetlink.h)",
		source: typeOfService},
	{Name: "src", Kind: String, Doc: "source prefix it is for, absent for any: RTA_SRC and rtm_src_len (uapi/linux/rtnetlink.h)",
		source: prefixSource(unix.RTA_SRC, rtnl.RouteSrcLen, "")},
	{Name: "iif", Kind: String, Doc: "the link that it is for packets from: RTA_IIF (uapi/linux/rtnetlink.h)",
		source: attrLink(unix.RTA_IIF)},
	{Name: "flags", Kind: String, Doc: "RTNH_F_* and RTM_F_* (uapi/linux/rtnetlink.h) but for dead and linkdown, which follow from the state of the link",
		source: source{head: head(rtnl.RouteFlags), get: routeFlags}},
	{Name: "realms", Kind: String, Doc: "\"from/to\" or \"to\", named in /etc/iproute2/rt_realms: RTA_FLOW (uapi/linux/rtnetlink.h)",
		source: attr(unix.RTA_FLOW, func(b []byte) Value { return str(realms(rtnl.Uint32(b))) })},
	{Name: "nhid", Kind: Int, Doc: "the nexthop object that has its path: RTA_NH_ID (uapi/linux/rtnetlink.h)",
		source: attr32(rtnl.RTANexthop)},
	{Name: "nexthop_count", Kind: Int, Doc: "number of its paths: RTA_MULTIPATH, or 1 with RTA_OIF (uapi/linux/rtnetlink.h)",
		source: ownPath(source{attrs: []uint16{unix.RTA_MULTIPATH, unix.RTA_OIF}, get: nexthopCount})},
	{Name: "nexthops", Kind: String, Doc: "its paths where there are several: via, dev, weight and flags of each, \"; \" between; MPLS has no weights; of multicast routes dev and ttl, which a packet needs at least: RTA_MULTIPATH (uapi/linux/rtnetlink.h)",
		source: ownPath(source{attrs: []uint16{unix.RTA_MULTIPATH}, get: nexthopList})},
	{Name: "pref", Kind: String, Choices: []string{"low", "medium", "high"}, Doc: "IPv6 router preference (RFC 4191): RTA_PREF (uapi/linux/rtnetlink.h)",
		source: attr(unix.RTA_PREF, func(b []byte) Value { return str(routerPref(rtnl.Uint8(b))) })},
	{Name: "expires", Kind: Int, Unit: "s", Volatile: true, Doc: "time until it goes, absent for ever: rta_expires of RTA_CACHEINFO (uapi/linux/rtnetlink.h)",
		source: attr(unix.RTA_CACHEINFO, routeExpires)},
	{Name: "newdst", Kind: String, Doc: "MPLS: the labels that take the place of dst, \"200/300\", of a route with a single path: RTA_NEWDST (uapi/linux/rtnetlink.h)",
		source: attr(unix.RTA_NEWDST, func(b []byte) Value { return str(string(appendLabels(nil, b))) })},
	{Name: "ttl_propagate", Kind: Bool, Doc: "MPLS: whether the TTL goes over into the label: RTA_TTL_PROPAGATE (uapi/linux/rtnetlink.h)",
		source: attr(unix.RTA_TTL_PROPAGATE, func(b []byte) Value { return truth(rtnl.Uint8(b) != 0) })},
	{Name: "mtu", Kind: Int, Unit: "bytes", Doc: "path MTU: RTAX_MTU (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_MTU, 1)},
	{Name: "mtu_lock", Kind: Bool, Doc: "true where path MTU discovery may not lower mtu: RTAX_LOCK (uapi/linux/rtnetlink.h)",
		source: attr(unix.RTA_METRICS, func(b []byte) Value { return onlyTrue(lockedMetrics(b)&(1<<unix.RTAX_MTU) != 0) })},
	{Name: "locks", Kind: String, Doc: "other metrics that may not change by themselves, comma-joined: RTAX_LOCK (uapi/linux/rtnetlink.h)",
		source: attr(unix.RTA_METRICS, func(b []byte) Value { return str(formatBits(lockedMetrics(b), metricBits)) })},
	{Name: "window", Kind: Int, Unit: "bytes", Doc: "largest TCP window: RTAX_WINDOW (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_WINDOW, 1)},
	{Name: "rtt", Kind: Int, Unit: "ms", Doc: "initial round trip time: RTAX_RTT / 8 (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_RTT, 8)},
	{Name: "rttvar", Kind: Int, Unit: "ms", Doc: "initial variance of it: RTAX_RTTVAR / 4 (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_RTTVAR, 4)},
	{Name: "ssthresh", Kind: Int, Doc: "initial slow start threshold: RTAX_SSTHRESH (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_SSTHRESH, 1)},
	{Name: "cwnd", Kind: Int, Doc: "clamp of the congestion window: RTAX_CWND (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_CWND, 1)},
	{Name: "advmss", Kind: Int, Unit: "bytes", Doc: "MSS to advertise: RTAX_ADVMSS (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_ADVMSS, 1)},
	{Name: "reordering", Kind: Int, Doc: "initial reordering: RTAX_REORDERING (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_REORDERING, 1)},
	{Name: "hoplimit", Kind: Int, Doc: "TTL or hop limit to send with: RTAX_HOPLIMIT (uapi/linux/rtnetlink.h)",
		source: source{attrs: []uint16{unix.RTA_METRICS}, get: hopLimit}},
	{Name: "initcwnd", Kind: Int, Doc: "initial congestion window: RTAX_INITCWND (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_INITCWND, 1)},
	{Name: "features", Kind: String, Doc: "\"ecn\", other bits in hex: RTAX_FEATURES (uapi/linux/rtnetlink.h)",
		source: attr(unix.RTA_METRICS, routeFeatures)},
	{Name: "rto_min", Kind: Int, Unit: "ms", Doc: "least TCP retransmission timeout: RTAX_RTO_MIN (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_RTO_MIN, 1)},
	{Name: "initrwnd", Kind: Int, Doc: "initial receive window: RTAX_INITRWND (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_INITRWND, 1)},
	{Name: "quickack", Kind: Int, Doc: "quick TCP acknowledgements: RTAX_QUICKACK (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_QUICKACK, 1)},
	{Name: "congestion", Kind: String, Doc: "TCP congestion control: RTAX_CC_ALGO (uapi/linux/rtnetlink.h)",
		source: attr(unix.RTA_METRICS, func(b []byte) Value { return str(Text(rtnl.Attrs(b).Get(unix.RTAX_CC_ALGO))) })},
	{Name: "fastopen_no_cookie", Kind: Int, Doc: "TCP fast open without cookies: RTAX_FASTOPEN_NO_COOKIE (uapi/linux/rtnetlink.h)",
		source: metric(unix.RTAX_FASTOPEN_NO_COOKIE, 1)},
	{Name: "encap", Kind: String, Choices: encapTypes, Doc: "encapsulation of a single path: RTA_ENCAP_TYPE (uapi/linux/lwtunnel.h)",
		source: ownPath(encapType(unix.RTA_ENCAP_TYPE, unix.RTA_ENCAP))},
	{Name: "encap_info", Kind: String, Doc: "its parameters as ip prints them, in hex for types without such a form: RTA_ENCAP (uapi/linux/lwtunnel.h)",
		source: ownPath(encapInfo(unix.RTA_ENCAP_TYPE, unix.RTA_ENCAP))},
}

// routeTypes are RTN_* from 0 (uapi/linux/rtnetlink.h).
var routeTypes = []string{"none", "unicast", "local", "broadcast", "anycast", "multicast",
	"blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve"}

// ownPath makes s absent where a nexthop object has the path.
func ownPath(s source) source {
	get := s.get
	s.attrs = append(s.attrs[:len(s.attrs):len(s.attrs)], rtnl.RTANexthop)
	s.get = func(v *View) Value {
		if v.Attr(rtnl.RTANexthop) != nil {
			return Value{}
		}
		return get(v)
	}
	return s
}

// routingTable is a route's or a rule's table: RTA_TABLE or FRA_TABLE, which
// have the same number, or the byte of the fixed structure, which has room for
// the first 256 only. Table 0 is none.
var routingTable = source{attrs: []uint16{unix.RTA_TABLE}, head: head(rtnl.RouteTable), get: func(v *View) Value {
	if id := rtnl.RouteMsg(v.body).Table(); id != 0 {
		return str(tableName(id))
	}
	return Value{}
}}

// typeOfService is that of a route or a rule.
var typeOfService = source{head: head(rtnl.RouteTOS), get: func(v *View) Value {
	return nonZero(int64(rtnl.RouteTOS.Uint8(v.body)))
}}

// prefixSource is the address in attribute typ with the length in
// the fixed structure, or the word whole where both are missing.
func prefixSource(typ uint16, length rtnl.Part, whole string) source {
	return source{attrs: []uint16{typ}, head: head(length, rtnl.Family), get: func(v *View) Value {
		b, bits := v.Attr(typ), length.Uint8(v.body)
		switch {
		case b == nil && bits == 0:
			return str(whole)
		case b == nil:
			return str("0/" + decimal(bits))
		case v.family() == unix.AF_MPLS:
			var buf [32]byte
			return str(string(appendLabels(buf[:0], b)))
		}
		return str(formatPrefix(b, bits))
	}}
}

func routerPref(n uint8) string {
	switch n { // ICMPV6_ROUTER_PREF_*, uapi/linux/icmpv6.h
	case 0:
		return "medium"
	case 1:
		return "high"
	case 3:
		return "low"
	}
	return decimal(n)
}

// metric is one of RTA_METRICS, divided.
func metric(typ uint16, by uint32) source {
	return attr(unix.RTA_METRICS, func(metrics []byte) Value {
		if b := rtnl.Attrs(metrics).Get(typ); b != nil {
			return num(rtnl.Uint32(b) / by)
		}
		return Value{}
	})
}

// hopLimit leaves out -1, the default.
func hopLimit(v *View) Value {
	b := rtnl.Attrs(v.Attr(unix.RTA_METRICS)).Get(unix.RTAX_HOPLIMIT)
	if b == nil || rtnl.Uint32(b) == 0xffffffff {
		return Value{}
	}
	return num(rtnl.Uint32(b))
}

// lockedMetrics are the bits of RTAX_LOCK: bit n for RTAX_* n.
func lockedMetrics(metrics []byte) uint32 {
	return rtnl.Uint32(rtnl.Attrs(metrics).Get(unix.RTAX_LOCK))
}

// metricBits are those but that of the MTU, which has a field of its own.
var metricBits = []bitWord{
	{1 << unix.RTAX_WINDOW, "window"}, {1 << unix.RTAX_RTT, "rtt"}, {1 << unix.RTAX_RTTVAR, "rttvar"},
	{1 << unix.RTAX_SSTHRESH, "ssthresh"}, {1 << unix.RTAX_CWND, "cwnd"}, {1 << unix.RTAX_ADVMSS, "advmss"},
	{1 << unix.RTAX_REORDERING, "reordering"}, {1 << unix.RTAX_HOPLIMIT, "hoplimit"},
	{1 << unix.RTAX_INITCWND, "initcwnd"}, {1 << unix.RTAX_RTO_MIN, "rto_min"},
	{1 << unix.RTAX_INITRWND, "initrwnd"}, {1 << unix.RTAX_QUICKACK, "quickack"}, {1 << unix.RTAX_CC_ALGO, "congestion"},
}

// userHZ is how many ticks a second there are in what the kernel tells users.
const userHZ = 100

func routeExpires(b []byte) Value {
	ticks := rtnl.ExpiresIn(b)
	if ticks == 0 {
		return Value{}
	}
	return num(ticks / userHZ)
}

// realms prints RTA_FLOW or FRA_FLOW: the realm of the source above 16 bits of
// that of the destination.
func realms(n uint32) string {
	to := realmName(n & 0xffff)
	if from := n >> 16; from != 0 {
		return realmName(from) + "/" + to
	}
	return to
}

func routeFeatures(metrics []byte) Value {
	b := rtnl.Attrs(metrics).Get(unix.RTAX_FEATURES)
	if b == nil {
		return Value{}
	}
	features := rtnl.Uint32(b)
	if features&^unix.RTAX_FEATURE_ECN == 0 {
		return str(formatBits(features, []bitWord{{unix.RTAX_FEATURE_ECN, "ecn"}}))
	}
	if features&unix.RTAX_FEATURE_ECN != 0 {
		return str("ecn," + hexadecimal(features))
	}
	return str(hexadecimal(features))
}
