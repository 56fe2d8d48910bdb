package event

import (
	"encoding/binary"
	"strconv"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Of uapi/linux/fib_rules.h, since Linux 6.12 to 6.15.
const (
	fraDSCP          = 25
	fraFlowLabel     = 26
	fraFlowLabelMask = 27
	fraSportMask     = 28
	fraDportMask     = 29
	fraDSCPMask      = 30
)

// ruleFields describe a policy routing rule (uapi/linux/fib_rules.h).
var ruleFields = []Field{
	{Name: "family", Kind: String, Tag: true, Choices: ruleFamilies, Doc: "ipmr and ip6mr for the rules of multicast routing: fib_rule_hdr.family (uapi/linux/fib_rules.h)",
		source: family},
	{Name: "table", Kind: String, Tag: true, Doc: "routing table to look in, named in /etc/iproute2/rt_tables: FRA_TABLE or fib_rule_hdr.table (uapi/linux/fib_rules.h)",
		source: routingTable},
	{Name: "type", Kind: String, Tag: true, Choices: []string{"unicast", "goto", "nop", "blackhole", "unreachable", "prohibit", "nat"}, Doc: "what to do, unicast for a lookup: fib_rule_hdr.action, FR_ACT_* (uapi/linux/fib_rules.h)",
		source: partWord(rtnl.RuleAction, func(n uint8) string { return wordOf(ruleActions, n) })},
	{Name: "priority", Kind: Int, Doc: "rules are tried in this order: FRA_PRIORITY (uapi/linux/fib_rules.h)",
		source: source{attrs: []uint16{unix.FRA_PRIORITY}, get: func(v *View) Value { return num(rtnl.Uint32(v.Attr(unix.FRA_PRIORITY))) }}},
	{Name: "src", Kind: String, Doc: "source prefix, \"all\" for any: FRA_SRC and src_len (uapi/linux/fib_rules.h)",
		source: prefixSource(unix.FRA_SRC, rtnl.RuleSrcLen, "all")},
	{Name: "dst", Kind: String, Doc: "destination prefix, absent for any: FRA_DST and dst_len (uapi/linux/fib_rules.h)",
		source: prefixSource(unix.FRA_DST, rtnl.RuleDstLen, "")},
	{Name: "iif", Kind: String, Doc: "incoming link, which need not exist: FRA_IIFNAME (uapi/linux/fib_rules.h)",
		source: attrName(unix.FRA_IIFNAME)},
	{Name: "oif", Kind: String, Doc: "outgoing link, which need not exist: FRA_OIFNAME (uapi/linux/fib_rules.h)",
		source: attrName(unix.FRA_OIFNAME)},
	{Name: "fwmark", Kind: String, Doc: "netfilter mark, in hex: FRA_FWMARK (uapi/linux/fib_rules.h)",
		source: source{attrs: []uint16{unix.FRA_FWMARK, unix.FRA_FWMASK}, get: ruleMark}},
	{Name: "fwmask", Kind: String, Doc: "which bits of the mark count, in hex, absent for all: FRA_FWMASK (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_FWMASK, ruleMask)},
	{Name: "ipproto", Kind: String, Doc: "IP protocol, tcp or a number: FRA_IP_PROTO (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_IP_PROTO, func(b []byte) Value { return str(ipProtocols.name(uint32(rtnl.Uint8(b)))) })},
	{Name: "sport", Kind: String, Doc: "source ports, \"5\" or \"5-10\": FRA_SPORT_RANGE (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_SPORT_RANGE, portRange)},
	{Name: "dport", Kind: String, Doc: "destination ports, \"5\" or \"5-10\": FRA_DPORT_RANGE (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_DPORT_RANGE, portRange)},
	{Name: "uid_range", Kind: String, Doc: "users, \"1000-1999\": FRA_UID_RANGE (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_UID_RANGE, uidRange)},
	{Name: "tos", Kind: Int, Doc: "type of service, absent for any: fib_rule_hdr.tos (uapi/linux/fib_rules.h)",
		source: typeOfService},
	{Name: "realms", Kind: String, Doc: "\"from/to\" or \"to\" for what it matches, named in /etc/iproute2/rt_realms: FRA_FLOW (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_FLOW, func(b []byte) Value { return str(realms(rtnl.Uint32(b))) })},
	{Name: "dscp", Kind: String, Doc: "DSCP, named in /etc/iproute2/rt_dsfield: FRA_DSCP (uapi/linux/fib_rules.h, Linux 6.12)",
		source: attr(fraDSCP, func(b []byte) Value { return str(dscpName(rtnl.Uint8(b))) })},
	{Name: "dscp_mask", Kind: String, Doc: "which bits of it count, in hex, absent for all: FRA_DSCP_MASK (uapi/linux/fib_rules.h, Linux 6.15)",
		source: attr(fraDSCPMask, func(b []byte) Value { return str(hexadecimal(uint32(rtnl.Uint8(b)))) })},
	{Name: "flowlabel", Kind: String, Doc: "IPv6 flow label, in hex: FRA_FLOWLABEL (uapi/linux/fib_rules.h, Linux 6.14)",
		source: attr(fraFlowLabel, networkHex)},
	{Name: "flowlabel_mask", Kind: String, Doc: "which bits of it count, in hex: FRA_FLOWLABEL_MASK (uapi/linux/fib_rules.h, Linux 6.14)",
		source: attr(fraFlowLabelMask, networkHex)},
	{Name: "sport_mask", Kind: String, Doc: "which bits of sport count, in hex, absent for all: FRA_SPORT_MASK (uapi/linux/fib_rules.h, Linux 6.15)",
		source: attr(fraSportMask, portMask)},
	{Name: "dport_mask", Kind: String, Doc: "which bits of dport count, in hex, absent for all: FRA_DPORT_MASK (uapi/linux/fib_rules.h, Linux 6.15)",
		source: attr(fraDportMask, portMask)},
	{Name: "not", Kind: Bool, Doc: "true where the selector is inverted: FIB_RULE_INVERT (uapi/linux/fib_rules.h)",
		source: source{head: head(rtnl.RuleFlags), get: ruleNot}},
	{Name: "goto", Kind: Int, Doc: "priority of the rule to go on with: FRA_GOTO (uapi/linux/fib_rules.h)",
		source: attr32(unix.FRA_GOTO)},
	{Name: "suppress_prefixlength", Kind: Int, Doc: "refuse results with a prefix no longer than this: FRA_SUPPRESS_PREFIXLEN (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_SUPPRESS_PREFIXLEN, func(b []byte) Value { return unlessMinusOne(rtnl.Uint32(b), num) })},
	{Name: "suppress_ifgroup", Kind: String, Doc: "refuse results over links of this group: FRA_SUPPRESS_IFGROUP (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_SUPPRESS_IFGROUP, func(b []byte) Value {
			return unlessMinusOne(rtnl.Uint32(b), func(n uint32) Value { return str(groupName(n)) })
		})},
	{Name: "l3mdev", Kind: Bool, Doc: "true where the table is that of the packet's VRF: FRA_L3MDEV (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_L3MDEV, func(b []byte) Value { return onlyTrue(rtnl.Uint8(b) != 0) })},
	{Name: "tun_id", Kind: Int, Doc: "tunnel key: FRA_TUN_ID (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_TUN_ID, tunnelID)},
	{Name: "protocol", Kind: String, Doc: "who added it, named in /etc/iproute2/rt_protos: FRA_PROTOCOL (uapi/linux/fib_rules.h)",
		source: attr(unix.FRA_PROTOCOL, func(b []byte) Value { return str(protocolName(rtnl.Uint8(b))) })},
}

// ruleActions are FR_ACT_* from 0, and RTN_NAT of old (uapi/linux/fib_rules.h).
var ruleActions = []string{"none", "unicast", "goto", "nop", "4", "5", "blackhole", "unreachable", "prohibit", "9", "nat"}

func ruleMark(v *View) Value {
	mark := v.Attr(unix.FRA_FWMARK)
	if mark == nil && v.Attr(unix.FRA_FWMASK) == nil {
		return Value{}
	}
	return str(hexadecimal(rtnl.Uint32(mark)))
}

func ruleMask(b []byte) Value {
	return unlessMinusOne(rtnl.Uint32(b), func(n uint32) Value { return str(hexadecimal(n)) })
}

// hexadecimal prints n as C's %#x does.
func hexadecimal(n uint32) string {
	if n == 0 {
		return "0"
	}
	return "0x" + strconv.FormatUint(uint64(n), 16)
}

// networkHex prints 32 bits in network order as C's %#x does.
func networkHex(b []byte) Value {
	if len(b) < 4 {
		return Value{}
	}
	return str(hexadecimal(binary.BigEndian.Uint32(b)))
}

// portMask leaves out the mask of all bits, which is the kernel's default.
func portMask(b []byte) Value {
	if mask := rtnl.Uint16(b); mask != 0xffff {
		return str(hexadecimal(uint32(mask)))
	}
	return Value{}
}

// portRange reads struct fib_rule_port_range.
func portRange(b []byte) Value {
	if len(b) < 4 {
		return Value{}
	}
	from, to := rtnl.Uint16(b), rtnl.Uint16(b[2:])
	if from == to {
		return str(decimal(from))
	}
	return str(decimal(from) + "-" + decimal(to))
}

// uidRange reads struct fib_rule_uid_range.
func uidRange(b []byte) Value {
	if len(b) < 8 {
		return Value{}
	}
	return str(decimal(rtnl.Uint32(b)) + "-" + decimal(rtnl.Uint32(b[4:])))
}

func ruleNot(v *View) Value {
	return onlyTrue(rtnl.RuleMsg(v.body).Flags()&unix.FIB_RULE_INVERT != 0)
}

func tunnelID(b []byte) Value {
	if len(b) < 8 {
		return Value{}
	}
	return num(int64(binary.BigEndian.Uint64(b)))
}

// onlyTrue is a boolean that is absent when false.
func onlyTrue(b bool) Value {
	if !b {
		return Value{}
	}
	return truth(true)
}

// unlessMinusOne is value(n), absent for -1: the kernel's "not set".
func unlessMinusOne(n uint32, value func(uint32) Value) Value {
	if n == 0xffffffff {
		return Value{}
	}
	return value(n)
}
