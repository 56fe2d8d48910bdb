package rtnl

import "golang.org/x/sys/unix"

// Object is a class of rtnetlink objects. Its zero value is Link.
type Object uint8

// The classes of objects, in the order in which they are enumerated: a class
// refers only to classes before it (an address to its link, a route to its
// nexthop object).
const (
	Link Object = iota
	Nexthop
	Address
	Route
	Rule
	Neighbor
	NumObjects = 6
)

var objectNames = [NumObjects]string{"link", "nexthop", "address", "route", "rule", "neighbor"}

// String returns the name used in configuration, tags and Lua: "link".
func (o Object) String() string { return objectNames[o] }

// ParseObject returns the class called name, and whether there is one.
func ParseObject(name string) (Object, bool) {
	for o, n := range objectNames {
		if n == name {
			return Object(o), true
		}
	}
	return 0, false
}

// header is the size of the fixed structure behind nlmsghdr, by class:
// ifinfomsg, nhmsg, ifaddrmsg, rtmsg, fib_rule_hdr, ndmsg (uapi/linux/rtnetlink.h,
// if_addr.h, nexthop.h, fib_rules.h, neighbour.h).
var header = [NumObjects]int{16, 8, 8, 12, 12, 12}

// HeaderLen returns the size in bytes of the fixed structure that starts a
// message body of class o; attributes follow it.
func (o Object) HeaderLen() int { return header[o] }

// ObjectOf returns the class that a message of type typ carries and whether it
// announces a deletion. ok is false for every other message type.
func ObjectOf(typ uint16) (o Object, del, ok bool) {
	switch typ {
	case unix.RTM_NEWLINK, unix.RTM_DELLINK:
		return Link, typ == unix.RTM_DELLINK, true
	case unix.RTM_NEWADDR, unix.RTM_DELADDR:
		return Address, typ == unix.RTM_DELADDR, true
	case unix.RTM_NEWROUTE, unix.RTM_DELROUTE:
		return Route, typ == unix.RTM_DELROUTE, true
	case unix.RTM_NEWNEIGH, unix.RTM_DELNEIGH:
		return Neighbor, typ == unix.RTM_DELNEIGH, true
	case unix.RTM_NEWRULE, unix.RTM_DELRULE:
		return Rule, typ == unix.RTM_DELRULE, true
	case unix.RTM_NEWNEXTHOP, unix.RTM_DELNEXTHOP:
		return Nexthop, typ == unix.RTM_DELNEXTHOP, true
	}
	return 0, false, false
}
