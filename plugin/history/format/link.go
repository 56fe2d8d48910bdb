package format

import (
	"strings"
)

// link prints in the order of print_linkinfo(), ip/ipaddress.c: three lines, as
// `ip -d link` does.
func (l *line) link() {
	name, _ := l.take("interface")
	if lower, ok := l.take("link"); ok {
		name += "@" + lower
	}
	index, _ := l.take("ifindex")
	flags, _ := l.take("flags")
	l.add(index+":", name+":", "<"+flags+">")
	l.word("mtu", "mtu")
	l.word("qdisc", "qdisc")
	l.word("master", "master")
	l.upper("state", "operstate")
	l.upper("mode", "linkmode")
	l.word("group", "group")
	l.word("qlen", "txqlen")
	l.skip("operstate_code", "up", "carrier", "carrier_changes", "carrier_up_count", "carrier_down_count", "irq", "irq_count")
	l.buf = append(l.buf, "\n    link/"...)
	kind, _ := l.take("link_type")
	l.buf = append(l.buf, kind...)
	l.plain("address")
	if strings.Contains(","+flags+",", ",POINTOPOINT,") {
		l.word("peer", "broadcast")
	}
	l.word("brd", "broadcast")
	l.word("permaddr", "permaddr")
	l.word("promiscuity", "promiscuity")
	l.word("allmulti", "allmulti")
	l.word("minmtu", "min_mtu")
	l.word("maxmtu", "max_mtu")
	l.details()
}

// upper prints a word and a field's value in upper case.
func (l *line) upper(word, field string) {
	if v, ok := l.take(field); ok {
		l.add(word, strings.ToUpper(v))
	}
}

// words are a word of iproute2 and the field that it says.
type words struct{ word, field string }

// ofAll are what every link has, the end of the third line.
var ofAll = []words{
	{"numtxqueues", "num_tx_queues"}, {"numrxqueues", "num_rx_queues"},
	{"gso_max_size", "gso_max_size"}, {"gso_max_segs", "gso_max_segs"},
	{"tso_max_size", "tso_max_size"}, {"tso_max_segs", "tso_max_segs"}, {"gro_max_size", "gro_max_size"},
	{"gso_ipv4_max_size", "gso_ipv4_max_size"}, {"gro_ipv4_max_size", "gro_ipv4_max_size"},
	{"portname", "phys_port_name"}, {"portid", "phys_port_id"}, {"switchid", "phys_switch_id"},
	{"parentbus", "parent_bus"}, {"parentdev", "parent_device"},
}

// own are the fields that have lines of their own.
var own = []string{"ifalias", "altnames"}

// last are the fields that come behind those of a kind.
var last = func() []string {
	fields := append([]string{"speed", "duplex", "netns_immutable", "vxlan_flags"}, own...) // no words of iproute2's
	for _, w := range ofAll {
		fields = append(fields, w.field)
	}
	return fields
}()

// details prints the third line: what the kind has of its own, what the link has as a
// port, what every link has, and what iproute2 has no word for.
func (l *line) details() {
	l.buf = append(l.buf, "\n    "...)
	begin := len(l.buf)
	if kind, ok := l.take("kind"); ok {
		l.add(kind)
		l.ofKind(kind)
	}
	if kind, ok := l.take("port_kind"); ok {
		l.add(kind + "_slave")
		l.ofPort(kind)
	}
	l.restBut(last)
	l.each(ofAll)
	l.restBut(own)
	if len(l.buf) == begin {
		l.buf = l.buf[:begin-len("\n    ")]
	}
	if alias, ok := l.take("ifalias"); ok {
		l.buf = append(append(l.buf, "\n    alias "...), alias...)
	}
	if names, ok := l.take("altnames"); ok {
		for n := range strings.SplitSeq(names, ",") {
			l.buf = append(append(l.buf, "\n    altname "...), n...)
		}
	}
}
