package nstest

import (
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// ruleTypes are the actions that iproute2 spells as route types.
var ruleTypes = map[string]uint8{
	"blackhole": unix.FR_ACT_BLACKHOLE, "unreachable": unix.FR_ACT_UNREACHABLE,
	"prohibit": unix.FR_ACT_PROHIBIT,
}

var ipProtocols = map[string]uint32{"icmp": 1, "tcp": 6, "udp": 17, "ipv6-icmp": 58}

// rule collects what a rule command says.
type rule struct {
	*args
	ae       *netlink.AttributeEncoder
	src, dst netip.Prefix
	tos      uint8
	action   uint8
	flags    uint32
	table    uint32
}

// parseRule reads the rest of "rule add|dup|del [not] [from P] [to P] [iif DEV]
// [oif DEV] [fwmark N[/M]] … [pref N] [table T | TYPE | goto N | nop]". The
// words of iif and oif are names, which need not exist.
func parseRule(a *args, r *Request) {
	w := &rule{args: a, ae: netlink.NewAttributeEncoder()}
	if a.verb != "del" {
		w.action, w.table = unix.FR_ACT_TO_TBL, unix.RT_TABLE_MAIN
	}
	a.keywords(w.options())
	prefixAttr(w.ae, unix.FRA_SRC, w.src)
	prefixAttr(w.ae, unix.FRA_DST, w.dst)
	if w.action == unix.FR_ACT_TO_TBL || a.verb == "del" {
		u32Attr(w.ae, unix.FRA_TABLE, w.table)
	}
	r.Body = a.encode(w.header(), w.ae)
}

// parseMulticastRule is parseRule for the rules of multicast routing.
func parseMulticastRule(a *args, r *Request) {
	parseRule(a, r)
	if r.Body[0] == unix.AF_INET6 {
		r.Body[0] = familyIP6MR
	} else {
		r.Body[0] = familyIPMR
	}
}

// header is struct fib_rule_hdr (uapi/linux/fib_rules.h).
func (w *rule) header() []byte {
	family := orElse(w.family, unix.AF_INET)
	b := []byte{family, bits(w.dst), bits(w.src), w.tos, 0, 0, 0, w.action}
	return binary.NativeEndian.AppendUint32(b, w.flags)
}

func (w *rule) options() map[string]func() {
	u32 := func(typ uint16) func() { return func() { w.ae.Uint32(typ, w.u32()) } }
	text := func(typ uint16) func() { return func() { w.ae.String(typ, w.next()) } }
	table := map[string]func(){
		"not":  func() { w.flags |= unix.FIB_RULE_INVERT },
		"from": func() { w.src = w.prefix() },
		"to":   func() { w.dst = w.prefix() },
		"tos":  func() { w.tos = w.u8() },
		"dscp": w.masked(8, fraDSCP, fraDSCPMask, func(typ uint16, n uint32) { w.ae.Uint8(typ, uint8(n)) }),
		"flowlabel": w.masked(32, fraFlowLabel, fraFlowLabelMask, func(typ uint16, n uint32) {
			w.ae.Bytes(typ, binary.BigEndian.AppendUint32(nil, n))
		}),
		"iif":     text(unix.FRA_IIFNAME),
		"oif":     text(unix.FRA_OIFNAME),
		"pref":    u32(unix.FRA_PRIORITY),
		"fwmark":  w.masked(32, unix.FRA_FWMARK, unix.FRA_FWMASK, w.ae.Uint32),
		"proto":   func() { w.ae.Uint8(unix.FRA_PROTOCOL, uint8(w.word(protocols))) },
		"ipproto": func() { w.ae.Uint8(unix.FRA_IP_PROTO, uint8(w.word(ipProtocols))) },
		"sport":   func() { w.ports(unix.FRA_SPORT_RANGE) },
		"dport":   func() { w.ports(unix.FRA_DPORT_RANGE) },
		"uidrange": func() {
			from, to := w.pair(32)
			b := binary.NativeEndian.AppendUint32(nil, from)
			w.ae.Bytes(unix.FRA_UID_RANGE, binary.NativeEndian.AppendUint32(b, to))
		},
		"suppress_prefixlength": u32(unix.FRA_SUPPRESS_PREFIXLEN),
		"table":                 func() { w.table = w.word(tables) },
		"lookup":                func() { w.table = w.word(tables) },
		"goto":                  func() { w.action = unix.FR_ACT_GOTO; w.ae.Uint32(unix.FRA_GOTO, w.u32()) },
		"nop":                   func() { w.action = unix.FR_ACT_NOP },
	}
	for word, action := range ruleTypes {
		table[word] = func() { w.action = action }
	}
	return table
}

// masked reads "VALUE" or "VALUE/MASK" and has put encode each.
func (w *rule) masked(size int, value, mask uint16, put func(typ uint16, n uint32)) func() {
	return func() {
		first, second, both := strings.Cut(w.next(), "/")
		put(value, w.number(first, size))
		if both {
			put(mask, w.number(second, size))
		}
	}
}

func (w *rule) number(word string, size int) uint32 {
	n, err := strconv.ParseUint(word, 0, size)
	if err != nil {
		w.fail("%q is no number of %d bits", word, size)
	}
	return uint32(n)
}

// ports encodes struct fib_rule_port_range.
func (w *rule) ports(typ uint16) {
	from, to := w.pair(16)
	b := binary.NativeEndian.AppendUint16(nil, uint16(from))
	w.ae.Bytes(typ, binary.NativeEndian.AppendUint16(b, uint16(to)))
}

// pair reads "N" or "N-M".
func (a *args) pair(bits int) (from, to uint32) {
	word := a.next()
	low, high, ranged := strings.Cut(word, "-")
	if !ranged {
		high = low
	}
	f, err := strconv.ParseUint(low, 10, bits)
	t, err2 := strconv.ParseUint(high, 10, bits)
	if err != nil || err2 != nil {
		a.fail("%q is no number or range", word)
	}
	return uint32(f), uint32(t)
}
