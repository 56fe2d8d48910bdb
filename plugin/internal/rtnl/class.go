package rtnl

import (
	"fmt"
	"slices"

	"golang.org/x/sys/unix"
)

// class is all that the wire says about a class of objects. A row that lacks a
// part ends the program when it starts (check). Nothing names what tests read
// besides: a column of nstest/iproute/row.go, the words of
// recordings/summary_test.go, the manual's table of groups, and a recording.
//
// A new family of a class, as multicast routes are one of routes, is its groups and
// questions in the class's row; its name in event/names.go and ids.go; and a file of
// the mirror for what its messages do, which the class's own file calls. All else
// that the class does with links and dumps is to be looked at by hand: nothing names
// what was written for IPv4 and IPv6 alone. Query.Part tells recordings that lack
// the family.
type class struct {
	name, plural string
	attributes   string  // prefix of the names of its attributes
	header       int     // bytes of the fixed structure behind nlmsghdr
	add, del     uint16  // RTM_NEW…, RTM_DEL…
	get          uint16  // RTM_GET…
	answer       uint16  // another type that says what add does: that of dumps, or of some events
	groups       []group // with its events
	dumps        []Query // together all of it; Object is filled in
	// byLink is the attribute of a query that selects by link. noAttribute: the
	// fixed structure has a member for it, or nothing has.
	byLink uint16
	// always: its events pass every Filter, since other classes depend on it or
	// it has no family.
	always bool
	// stateless: its messages leave nothing behind, so there is neither del nor
	// get, and nothing to dump.
	stateless bool
}

// group is a multicast group and the address family of its messages; AF_UNSPEC
// where it has all (rtnetlink(7)).
type group struct {
	number uint32
	family uint8
}

const noAttribute = 0xffff

var classes = [NumObjects]class{
	Link: { // struct ifinfomsg, uapi/linux/rtnetlink.h, if_link.h
		name: "link", plural: "links", attributes: "IFLA", header: 16,
		add: unix.RTM_NEWLINK, del: unix.RTM_DELLINK, get: unix.RTM_GETLINK,
		groups: []group{{unix.RTNLGRP_LINK, unix.AF_UNSPEC}},
		dumps:  []Query{{}},
		byLink: noAttribute, always: true,
	},
	Nexthop: { // struct nhmsg, uapi/linux/nexthop.h
		name: "nexthop", plural: "nexthops", attributes: "NHA", header: 8,
		add: unix.RTM_NEWNEXTHOP, del: unix.RTM_DELNEXTHOP, get: unix.RTM_GETNEXTHOP,
		groups: []group{{unix.RTNLGRP_NEXTHOP, unix.AF_UNSPEC}},
		dumps:  []Query{{Barrier: true}},
		byLink: unix.NHA_OIF, always: true,
	},
	Address: { // struct ifaddrmsg, uapi/linux/if_addr.h
		name: "address", plural: "addresses", attributes: "IFA", header: 8,
		add: unix.RTM_NEWADDR, del: unix.RTM_DELADDR, get: unix.RTM_GETADDR,
		groups: []group{{unix.RTNLGRP_IPV4_IFADDR, unix.AF_INET}, {unix.RTNLGRP_IPV6_IFADDR, unix.AF_INET6}},
		dumps:  []Query{{Family: unix.AF_INET}, {Family: unix.AF_INET6}},
		byLink: noAttribute,
	},
	Route: { // struct rtmsg, uapi/linux/rtnetlink.h
		name: "route", plural: "routes", attributes: "RTA", header: 12,
		add: unix.RTM_NEWROUTE, del: unix.RTM_DELROUTE, get: unix.RTM_GETROUTE,
		groups: []group{{unix.RTNLGRP_IPV4_ROUTE, unix.AF_INET}, {unix.RTNLGRP_IPV6_ROUTE, unix.AF_INET6},
			{unix.RTNLGRP_IPV4_MROUTE, IPMR}, {unix.RTNLGRP_IPV6_MROUTE, IP6MR}, {unix.RTNLGRP_MPLS_ROUTE, unix.AF_MPLS}},
		dumps: []Query{{Family: unix.AF_INET, Barrier: true}, {Family: unix.AF_INET6, Barrier: true},
			{Family: IPMR, Barrier: true}, {Family: IP6MR, Barrier: true}, {Family: unix.AF_MPLS, Barrier: true}},
		byLink: unix.RTA_OIF,
	},
	Rule: { // struct fib_rule_hdr, uapi/linux/fib_rules.h
		name: "rule", plural: "rules", attributes: "FRA", header: 12,
		add: unix.RTM_NEWRULE, del: unix.RTM_DELRULE, get: unix.RTM_GETRULE,
		groups: []group{{unix.RTNLGRP_IPV4_RULE, unix.AF_INET}, {unix.RTNLGRP_IPV6_RULE, unix.AF_INET6},
			{unix.RTNLGRP_IPV4_RULE, IPMR}, {unix.RTNLGRP_IPV6_RULE, IP6MR}}, // these have no others
		dumps:  []Query{{Family: unix.AF_INET}, {Family: unix.AF_INET6}, {Family: IPMR}, {Family: IP6MR}},
		byLink: noAttribute,
	},
	Neighbor: { // struct ndmsg, uapi/linux/neighbour.h
		name: "neighbor", plural: "neighbors", attributes: "NDA", header: 12,
		add: unix.RTM_NEWNEIGH, del: unix.RTM_DELNEIGH, get: unix.RTM_GETNEIGH,
		groups: []group{{unix.RTNLGRP_NEIGH, unix.AF_UNSPEC}},
		dumps: []Query{{Family: unix.AF_INET}, {Family: unix.AF_INET6},
			{Family: unix.AF_INET, Proxy: true}, {Family: unix.AF_INET6, Proxy: true}, {Family: unix.AF_BRIDGE}},
		byLink: unix.NDA_IFINDEX,
	},
	Netconf: { // struct netconfmsg, uapi/linux/netconf.h: one byte
		name: "netconf", plural: "netconfs", attributes: "NETCONFA", header: 4,
		add: unix.RTM_NEWNETCONF, del: unix.RTM_DELNETCONF, get: unix.RTM_GETNETCONF,
		groups: []group{{unix.RTNLGRP_IPV4_NETCONF, unix.AF_INET}, {unix.RTNLGRP_IPV6_NETCONF, unix.AF_INET6},
			{unix.RTNLGRP_MPLS_NETCONF, unix.AF_MPLS}},
		dumps:  []Query{{Family: unix.AF_INET}, {Family: unix.AF_INET6}, {Family: unix.AF_MPLS}},
		byLink: noAttribute,
	},
	NSID: { // struct rtgenmsg, uapi/linux/rtnetlink.h, net_namespace.h: one byte
		name: "nsid", plural: "nsids", attributes: "NETNSA", header: 4,
		add: unix.RTM_NEWNSID, del: unix.RTM_DELNSID, get: unix.RTM_GETNSID,
		groups: []group{{unix.RTNLGRP_NSID, unix.AF_UNSPEC}},
		dumps:  []Query{{}},
		byLink: noAttribute, always: true,
	},
	MDB: { // struct br_port_msg, uapi/linux/if_bridge.h; the rest is as Parts makes it
		name: "mdb", plural: "mdbs", attributes: "MDBA_MDB_EATTR", header: 8,
		add: unix.RTM_NEWMDB, del: unix.RTM_DELMDB, get: unix.RTM_GETMDB, answer: unix.RTM_GETMDB,
		groups: []group{{unix.RTNLGRP_MDB, unix.AF_BRIDGE}},
		dumps:  []Query{{Family: unix.AF_BRIDGE}},
		byLink: noAttribute,
	},
	VLAN: { // struct br_vlan_msg, uapi/linux/if_bridge.h; the rest is as Parts makes it
		name: "vlan", plural: "vlans", attributes: "BRIDGE_VLANDB_ENTRY", header: 8,
		add: unix.RTM_NEWVLAN, del: unix.RTM_DELVLAN, get: unix.RTM_GETVLAN,
		groups: []group{{unix.RTNLGRP_BRVLAN, unix.AF_BRIDGE}},
		dumps:  []Query{{Family: unix.AF_BRIDGE}},
		byLink: noAttribute,
	},
	Notice: { // struct prefixmsg and nduseroptmsg, uapi/linux/rtnetlink.h; all of it is as NoticeBody makes it
		name: "notice", plural: "notices", attributes: "NOTICE", header: 8,
		add: unix.RTM_NEWPREFIX, answer: unix.RTM_NEWNDUSEROPT, stateless: true,
		groups: []group{{unix.RTNLGRP_IPV6_PREFIX, unix.AF_INET6}, {unix.RTNLGRP_ND_USEROPT, unix.AF_INET6}},
		byLink: noAttribute,
	},
}

// carrier says what a message type carries.
type carrier struct {
	object  Object
	del, ok bool
}

// header and carriers are what is asked for with each message, from the rows:
// the size of the fixed structure by class, the class by message type.
var header, carriers = lookups(&classes, &Listed)

func lookups(rows *[NumObjects]class, listed *[NumObjects]Object) (header [NumObjects]int, carriers [256]carrier) {
	if problem := check(rows, listed); problem != "" {
		panic("rtnl: " + problem)
	}
	for o := range Object(NumObjects) {
		c := &rows[o]
		header[o] = c.header
		carriers[c.add] = carrier{o, false, true}
		if !c.stateless {
			carriers[c.del] = carrier{o, true, true}
		}
		if c.answer != 0 {
			carriers[c.answer] = carrier{o, false, true}
		}
		for i := range c.dumps {
			c.dumps[i].Object = o
		}
	}
	return header, carriers
}

// check returns what is wrong with the rows, naming class and part; "" for
// nothing.
func check(rows *[NumObjects]class, listed *[NumObjects]Object) string {
	seen := map[any]Object{}
	for o := range rows {
		c := &rows[o]
		for _, part := range []struct {
			name    string
			missing bool
		}{
			{"name", c.name == ""}, {"plural", c.plural == ""}, {"attributes", c.attributes == ""},
			{"header", c.header == 0 || c.header%4 != 0}, {"add", c.add == 0},
			{"del", c.del == 0 != c.stateless}, {"get", c.get == 0 != c.stateless},
			{"groups", len(c.groups) == 0}, {"dumps", len(c.dumps) == 0 != c.stateless}, {"byLink", c.byLink == 0},
		} {
			if part.missing {
				return fmt.Sprintf("class %d %q has no %s in its row", o, c.name, part.name)
			}
		}
		for _, unique := range []any{c.name, c.plural, c.add, c.del, c.get} {
			if unique == uint16(0) {
				continue
			}
			if other, twice := seen[unique]; twice {
				return fmt.Sprintf("class %d %q has %v in its row, as %q has", o, c.name, unique, rows[other].name)
			}
			seen[unique] = Object(o)
		}
	}
	return checkListed(rows, listed)
}

// checkListed sees to it that each class is listed once.
func checkListed(rows *[NumObjects]class, listed *[NumObjects]Object) string {
	var times [NumObjects]int
	for _, o := range listed {
		times[o]++
	}
	for o, n := range times {
		if n != 1 {
			return fmt.Sprintf("class %q is %d times in Listed", rows[o].name, n)
		}
	}
	return ""
}

// String returns the name used in configuration, tags and Lua: "link".
func (o Object) String() string { return classes[o].name }

// Plural returns the name of many of them: "links".
func (o Object) Plural() string { return classes[o].plural }

// AttributeSpace returns how the kernel's headers begin the names of the
// class's attributes: "IFLA".
func (o Object) AttributeSpace() string { return classes[o].attributes }

// Names lists the names of all classes in the order of Listed.
func Names() []string {
	list := make([]string, NumObjects)
	for i, o := range Listed {
		list[i] = o.String()
	}
	return list
}

// Stateless reports whether messages of class o leave nothing behind: there is
// nothing to enumerate, to hold or to end.
func (o Object) Stateless() bool { return len(classes[o].dumps) == 0 }

// StateNames lists the names of the classes that have a state, in the order of
// Listed.
func StateNames() (list []string) {
	for _, o := range Listed {
		if !o.Stateless() {
			list = append(list, o.String())
		}
	}
	return list
}

// ParseObject returns the class called name, and whether there is one.
func ParseObject(name string) (Object, bool) {
	for o := range Object(NumObjects) {
		if o.String() == name {
			return o, true
		}
	}
	return 0, false
}

// HeaderLen returns the size in bytes of the fixed structure that starts a
// message body of class o; attributes follow it.
func (o Object) HeaderLen() int { return header[o] }

// ObjectOf returns the class that a message of type typ carries and whether it
// announces a deletion. ok is false for every other message type.
func ObjectOf(typ uint16) (o Object, del, ok bool) {
	if int(typ) >= len(carriers) {
		return 0, false, false
	}
	c := carriers[typ]
	return c.object, c.del, c.ok
}

// Groups returns the multicast groups, each once, of the classes and families that
// wanted accepts; it is asked with AF_UNSPEC for a group of several families.
func Groups(wanted func(o Object, family uint8) bool) (out []uint32) {
	for o := range Object(NumObjects) {
		for _, g := range classes[o].groups {
			if wanted(o, g.family) && !slices.Contains(out, g.number) {
				out = append(out, g.number)
			}
		}
	}
	return out
}

// Dumps returns the queries whose replies together are all objects of class o.
// What the kernel may be flushing at the moment, because of a message about a
// link, comes with a barrier. The slice must not be changed.
func (o Object) Dumps() []Query { return classes[o].dumps }
