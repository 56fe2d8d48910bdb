package event

import (
	"maps"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// idNames is a table of iproute2: names by number.
type idNames map[uint32]string

// name returns the name of id, id in decimal where it has none.
func (n idNames) name(id uint32) string {
	if s, ok := n[id]; ok {
		return s
	}
	return decimal(id)
}

// nameTable is idNames with the names of the first numbers, which nearly all
// are, at hand.
type nameTable struct {
	all   idNames
	first [256]string
}

func (t *nameTable) name(id uint32) string {
	if id < uint32(len(t.first)) {
		return t.first[id]
	}
	return t.all.name(id)
}

// nameTables are the numbers that an administrator may give names to.
type nameTables struct {
	table, protocol, scope, group, addrProtocol, realm, dsfield, protoDown nameTable
}

// use makes t the names of the process; t must not be changed any more.
func (t *nameTables) use() {
	for _, n := range []*nameTable{&t.table, &t.protocol, &t.scope, &t.group, &t.addrProtocol, &t.realm, &t.dsfield, &t.protoDown} {
		for id := range n.first {
			n.first[id] = n.all.name(uint32(id))
		}
	}
	names.Store(t)
}

// names is what LoadNames read last. It is replaced, never changed.
var names atomic.Pointer[nameTables]

func init() { builtinNames().use() }

// builtinNames are the tables that iproute2 has compiled in or ships
// (etc/iproute2; RT_TABLE_*, RTPROT_*, RT_SCOPE_* in uapi/linux/rtnetlink.h,
// IFAPROT_* in uapi/linux/if_addr.h).
func builtinNames() *nameTables {
	return &nameTables{
		table: nameTable{all: idNames{unix.RT_TABLE_UNSPEC: "unspec", unix.RT_TABLE_DEFAULT: "default",
			unix.RT_TABLE_MAIN: "main", unix.RT_TABLE_LOCAL: "local"}},
		protocol: nameTable{all: maps.Clone(routeProtocols)},
		scope: nameTable{all: idNames{unix.RT_SCOPE_UNIVERSE: "global", unix.RT_SCOPE_SITE: "site",
			unix.RT_SCOPE_LINK: "link", unix.RT_SCOPE_HOST: "host", unix.RT_SCOPE_NOWHERE: "nowhere"}},
		group:        nameTable{all: idNames{0: "default"}},
		addrProtocol: nameTable{all: idNames{0: "unspec", 1: "kernel_lo", 2: "kernel_ra", 3: "kernel_ll"}},
		realm:        nameTable{all: idNames{0: "unknown"}},
		protoDown:    nameTable{all: idNames{}},
		dsfield:      nameTable{all: idNames{0: "0"}},
	}
}

var routeProtocols = idNames{
	unix.RTPROT_UNSPEC: "unspec", unix.RTPROT_REDIRECT: "redirect", unix.RTPROT_KERNEL: "kernel",
	unix.RTPROT_BOOT: "boot", unix.RTPROT_STATIC: "static", unix.RTPROT_GATED: "gated",
	unix.RTPROT_RA: "ra", unix.RTPROT_MRT: "mrt", unix.RTPROT_ZEBRA: "zebra",
	unix.RTPROT_BIRD: "bird", unix.RTPROT_DNROUTED: "dnrouted", unix.RTPROT_XORP: "xorp",
	unix.RTPROT_NTK: "ntk", unix.RTPROT_DHCP: "dhcp", unix.RTPROT_MROUTED: "mrouted", unix.RTPROT_KEEPALIVED: "keepalived",
	unix.RTPROT_BABEL: "babel", unix.RTPROT_OVN: "ovn", unix.RTPROT_OPENR: "openr",
	unix.RTPROT_BGP: "bgp", unix.RTPROT_ISIS: "isis", unix.RTPROT_OSPF: "ospf",
	unix.RTPROT_RIP: "rip", unix.RTPROT_EIGRP: "eigrp",
}

func tableName(id uint32) string       { return names.Load().table.name(id) }
func protocolName(id uint8) string     { return names.Load().protocol.name(uint32(id)) }
func scopeName(id uint8) string        { return names.Load().scope.name(uint32(id)) }
func groupName(id uint32) string       { return names.Load().group.name(id) }
func protoDownName(id uint32) string   { return names.Load().protoDown.name(id) }
func realmName(id uint32) string       { return names.Load().realm.name(id) }
func addrProtocolName(id uint8) string { return names.Load().addrProtocol.name(uint32(id)) }

// dscpName prints the upper six bits of a DS field, by the names of whole ones.
func dscpName(n uint8) string {
	if name, ok := names.Load().dsfield.all[uint32(n)<<2]; ok {
		return name
	}
	return decimal(n)
}

// wordOf returns words[n], n in decimal where it has no word.
func wordOf[T uint8 | uint16 | uint32](words []string, n T) string {
	if uint64(n) < uint64(len(words)) {
		return words[n]
	}
	return decimal(n)
}

var families = []string{"inet", "inet6"}

// ruleFamilies are those of rules.
var ruleFamilies = []string{"inet", "inet6", "ipmr", "ip6mr"}

// routeFamilies are those of routes. iproute2 has no words for the two of
// multicast routes: they are the kernel's (net/ipv4/ipmr.c, net/ipv6/ip6mr.c).
var routeFamilies = []string{"inet", "inet6", "mpls", "ipmr", "ip6mr"}

// familyName prints an address family as iproute2 does (AF_*, socket(2)).
func familyName(n uint8) string {
	switch n {
	case unix.AF_UNSPEC:
		return "unspec"
	case unix.AF_INET:
		return "inet"
	case unix.AF_INET6:
		return "inet6"
	case unix.AF_BRIDGE:
		return "bridge"
	case unix.AF_PACKET:
		return "link"
	case unix.AF_MPLS:
		return "mpls"
	case rtnl.IPMR:
		return "ipmr"
	case rtnl.IP6MR:
		return "ip6mr"
	}
	return decimal(n)
}

// ipProtocols are the names of /etc/protocols for what rules select by.
var ipProtocols = idNames{
	0: "ip", 1: "icmp", 2: "igmp", 4: "ipencap", 6: "tcp", 8: "egp", 17: "udp", 33: "dccp",
	41: "ipv6", 43: "ipv6-route", 44: "ipv6-frag", 46: "rsvp", 47: "gre", 50: "esp", 51: "ah",
	58: "ipv6-icmp", 59: "ipv6-nonxt", 60: "ipv6-opts", 88: "eigrp", 89: "ospf", 94: "ipip",
	97: "etherip", 98: "encap", 103: "pim", 108: "ipcomp", 112: "vrrp", 115: "l2tp", 124: "isis",
	132: "sctp", 133: "fc", 135: "mobility-header", 136: "udplite", 137: "mpls-in-ip",
	138: "manet", 139: "hip", 140: "shim6", 141: "wesp", 142: "rohc", 143: "ethernet",
}
