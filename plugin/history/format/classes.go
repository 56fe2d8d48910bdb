package format

import (
	"strconv"
	"strings"
)

// route prints in the order of print_route(), ip/iproute.c.
func (l *line) route() {
	l.skip("ifindex", "nexthop_count", "family")
	l.unless("unicast", "", "type")
	l.plain("dst")
	l.word("from", "src")
	l.word("nhid", "nhid")
	l.encap()
	l.hex("tos", "tos")
	l.via()
	l.word("dev", "interface")
	l.unless("main", "table", "table")
	l.unless("boot", "proto", "protocol")
	l.unless("global", "scope", "scope")
	l.word("src", "prefsrc")
	l.word("metric", "metric")
	l.flags()
	l.word("realms", "realms")
	if v, ok := l.take("expires"); ok {
		l.add("expires", v+"sec")
	}
	l.metrics()
	l.word("iif", "iif")
	l.word("pref", "pref")
	l.paths()
}

// encap prints an encapsulation and its parameters.
func (l *line) encap() {
	l.word("encap", "encap")
	l.plain("encap_info")
}

// via prints a gateway, with its family where it is not the route's.
func (l *line) via() {
	v, ok := l.take("gateway")
	if !ok {
		return
	}
	family := l.o.Text("family")
	if family == "inet" && strings.Contains(v, ":") {
		l.add("via", "inet6", v)
		return
	}
	l.add("via", v)
}

func (l *line) hex(word, field string) {
	v, ok := l.take(field)
	if !ok {
		return
	}
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		v = "0x" + strconv.FormatInt(n, 16)
	}
	l.add(word, v)
}

// metrics prints RTA_METRICS in the order of their numbers.
func (l *line) metrics() {
	if lock, _ := l.take("mtu_lock"); lock == "true" {
		l.word("mtu lock", "mtu")
	}
	for _, f := range []string{"mtu", "window", "rtt", "rttvar", "ssthresh", "cwnd", "advmss", "reordering", "hoplimit",
		"initcwnd", "features", "rto_min", "initrwnd", "quickack", "congestion", "fastopen_no_cookie"} {
		v, ok := l.take(f)
		switch {
		case !ok:
		case f == "rtt" || f == "rttvar" || f == "rto_min":
			l.add(f, v+"ms")
		case f == "congestion":
			l.add("congctl", v)
		default:
			l.add(f, v)
		}
	}
}

// paths prints a line for each path of a multipath route.
func (l *line) paths() {
	v, ok := l.take("nexthops")
	if !ok {
		return
	}
	for path := range strings.SplitSeq(v, "; ") {
		l.buf = append(l.buf, "\n\tnexthop "...)
		l.buf = append(l.buf, path...)
	}
}

// address prints as `ip -o address` does.
func (l *line) address() {
	index, _ := l.take("ifindex")
	name, _ := l.take("interface")
	l.add(index+":", name)
	l.plain("family")
	local, _ := l.take("local")
	bits, _ := l.take("prefixlen")
	if peer, ok := l.take("address"); ok {
		l.add(local, "peer", peer+"/"+bits)
	} else {
		l.add(local + "/" + bits)
	}
	l.word("metric", "metric")
	l.word("brd", "broadcast")
	l.word("scope", "scope")
	l.flags()
	l.word("proto", "protocol")
	l.plain("label")
	for _, f := range []string{"valid_lft", "preferred_lft"} {
		v, ok := l.take(f)
		switch {
		case !ok:
		case v == "4294967295":
			l.add(f, "forever")
		default:
			l.add(f, v+"sec")
		}
	}
}

// neighbor prints as `ip neigh` or `bridge fdb` does.
func (l *line) neighbor() {
	family, _ := l.take("family")
	l.skip("ifindex", "state_code", "probes")
	if family == "bridge" {
		l.plain("lladdr")
		l.word("dev", "interface")
		l.word("dst", "dst")
		l.word("vlan", "vlan")
		l.word("port", "port")
		l.word("vni", "vni")
		l.word("src_vni", "src_vni")
		l.word("via", "via")
		l.word("nhid", "nhid")
		l.flags()
		l.word("master", "master")
		l.unless("reachable", "", "state")
		return
	}
	l.plain("dst")
	l.word("dev", "interface")
	l.word("lladdr", "lladdr")
	l.flags()
	if v, ok := l.take("state"); ok {
		l.add(strings.ToUpper(v))
	}
}

// rule prints as `ip rule` does.
func (l *line) rule() {
	l.skip("family")
	priority, _ := l.take("priority")
	l.buf = append(append(l.buf, priority...), ":\t"...)
	l.flag("not", "not")
	l.word("from", "src")
	l.word("to", "dst")
	l.hex("tos", "tos")
	if mark, ok := l.take("fwmark"); ok {
		if mask, ok := l.take("fwmask"); ok {
			mark += "/" + mask
		}
		l.add("fwmark", mark)
	}
	l.word("iif", "iif")
	l.word("oif", "oif")
	l.flag("lookup [l3mdev-table]", "l3mdev")
	l.word("uidrange", "uid_range")
	l.word("ipproto", "ipproto")
	l.word("sport", "sport")
	l.word("dport", "dport")
	l.word("tun_id", "tun_id")
	l.word("lookup", "table")
	l.word("suppress_prefixlength", "suppress_prefixlength")
	l.word("suppress_ifgroup", "suppress_ifgroup")
	l.word("realms", "realms")
	l.unless("unicast", "", "type")
	l.plain("goto")
	if v, ok := l.take("protocol"); ok && v != "kernel" && v != "unspec" {
		l.add("proto", v)
	}
}

// nexthop prints as `ip nexthop` does.
func (l *line) nexthop() {
	l.skip("family", "ifindex")
	l.word("id", "id")
	if v, ok := l.take("group"); ok {
		members := strings.Split(v, ";")
		for i, m := range members {
			id, weight, _ := strings.Cut(m, ",")
			if members[i] = id; weight != "1" {
				members[i] = id + "," + weight
			}
		}
		l.add("group", strings.Join(members, "/"))
	}
	l.unless("mpath", "type", "type")
	l.encap()
	l.word("via", "gateway")
	l.word("dev", "interface")
	l.unless("global", "scope", "scope")
	l.flag("blackhole", "blackhole")
	l.unless("unspec", "proto", "protocol")
	l.flags()
	l.flag("fdb", "fdb")
}

// netconf prints in the order of print_netconf(), ip/ipnetconf.c.
func (l *line) netconf() {
	l.skip("ifindex")
	l.plain("family")
	l.plain("interface")
	for _, field := range []string{
		"forwarding", "rp_filter", "mc_forwarding", "bc_forwarding", "proxy_neigh", "ignore_routes_with_linkdown", "input",
	} {
		if v, ok := l.take(field); ok {
			l.add(field, onOff(v))
		}
	}
}

func onOff(v string) string {
	switch v {
	case "true":
		return "on"
	case "false":
		return "off"
	}
	return v
}
