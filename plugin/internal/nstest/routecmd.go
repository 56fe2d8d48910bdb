package nstest

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// The words of iproute2 for route types, tables, protocols and metrics.
var (
	routeTypes = map[string]uint32{
		"unicast": unix.RTN_UNICAST, "local": unix.RTN_LOCAL, "broadcast": unix.RTN_BROADCAST,
		"anycast": unix.RTN_ANYCAST, "multicast": unix.RTN_MULTICAST, "blackhole": unix.RTN_BLACKHOLE,
		"unreachable": unix.RTN_UNREACHABLE, "prohibit": unix.RTN_PROHIBIT, "throw": unix.RTN_THROW,
	}
	tables = map[string]uint32{
		"local": unix.RT_TABLE_LOCAL, "main": unix.RT_TABLE_MAIN, "default": unix.RT_TABLE_DEFAULT,
	}
	protocols = map[string]uint32{
		"redirect": unix.RTPROT_REDIRECT, "kernel": unix.RTPROT_KERNEL, "boot": unix.RTPROT_BOOT,
		"static": unix.RTPROT_STATIC, "ra": unix.RTPROT_RA, "zebra": unix.RTPROT_ZEBRA,
		"bird": unix.RTPROT_BIRD, "dhcp": unix.RTPROT_DHCP, "bgp": unix.RTPROT_BGP,
	}
	routeMetrics = map[string]uint16{
		"mtu": unix.RTAX_MTU, "advmss": unix.RTAX_ADVMSS, "hoplimit": unix.RTAX_HOPLIMIT,
		"window": unix.RTAX_WINDOW, "rtt": unix.RTAX_RTT, "cwnd": unix.RTAX_CWND,
		"initcwnd": unix.RTAX_INITCWND, "initrwnd": unix.RTAX_INITRWND, "quickack": unix.RTAX_QUICKACK,
	}
	prefs = map[string]uint32{"low": 3, "medium": 0, "high": 1} // ICMPV6_ROUTER_PREF_*
)

// routeCmd collects what a route command says.
type routeCmd struct {
	Route
	*args
	only Nexthop // what was said outside of "nexthop"
}

// parseRoute reads the rest of "route VERB [TYPE] PREFIX …", with any number of
// "nexthop [via ADDR] [dev DEV] [weight N] [onlink]" at the end.
func parseRoute(a *args, r *Request) {
	w := &routeCmd{args: a}
	if len(a.words) > 0 && routeTypes[a.words[0]] != 0 {
		w.Type = uint8(a.word(routeTypes))
	}
	if a.skip("default") {
		a.words = append(a.words, "to", "default") // once the family is known
	} else {
		w.Dst = a.prefix()
	}
	a.keywords(w.options())
	if w.only != (Nexthop{}) {
		w.Nexthops = append(w.Nexthops, w.only)
	}
	w.Flags |= uint32(w.only.Flags)
	w.Route.Family = a.family
	req, err := w.Request(a.verb)
	if err != nil {
		a.fail("encode: %w", err)
	}
	r.Body = req.Body
}

func (w *routeCmd) options() map[string]func() {
	table := map[string]func(){
		"to":      func() { w.Dst = w.prefix() },
		"from":    func() { w.Src = w.prefix() },
		"table":   func() { w.Table = w.word(tables) },
		"metric":  func() { w.Metric = w.u32() },
		"proto":   func() { w.Protocol = uint8(w.word(protocols)) },
		"scope":   func() { s := uint8(w.word(scopes)); w.Scope = &s },
		"src":     func() { w.PrefSrc = w.addr() },
		"tos":     func() { w.TOS = w.u8() },
		"nhid":    func() { w.NHID = w.u32() },
		"expires": func() { w.Expires = w.u32() },
		"pref":    func() { p := uint8(w.word(prefs)); w.Pref = &p },
		"nexthop": w.nexthop,
	}
	for word, typ := range routeMetrics {
		table[word] = func() { w.metric(typ) }
	}
	for _, word := range []string{"via", "dev", "onlink", "weight", "encap"} {
		table[word] = func() { w.pathWord(word, &w.only) }
	}
	return table
}

func (w *routeCmd) metric(typ uint16) {
	if w.Metrics == nil {
		w.Metrics = map[uint16]uint32{}
	}
	w.Metrics[typ] = w.u32()
}

// segment reads "seg6 mode encap segs ADDRESS", the only encapsulation there is.
func (w *routeCmd) segment() netip.Addr {
	for _, word := range []string{"seg6", "mode", "encap", "segs"} {
		w.skip(word)
	}
	return w.addr()
}

// nexthop reads one path.
func (w *routeCmd) nexthop() {
	var nh Nexthop
	for w.more() && w.pathWord(w.words[0], &nh) {
	}
	w.Nexthops = append(w.Nexthops, nh)
}

// pathWord reads one property of a path; it reports whether word starts one.
// The word itself may have been read before.
func (w *routeCmd) pathWord(word string, nh *Nexthop) bool {
	switch word {
	case "via", "dev", "onlink", "weight", "encap":
		w.skip(word)
	default:
		return false
	}
	switch word {
	case "via":
		if !w.skip("inet") {
			w.skip("inet6")
		}
		nh.Via = w.addr()
	case "dev":
		nh.Dev = w.dev()
	case "encap":
		nh.Segment = w.segment()
	case "weight":
		nh.Weight = w.u16()
	case "onlink":
		nh.Flags |= unix.RTNH_F_ONLINK
	}
	return true
}
