package rtnl

// Object is a class of rtnetlink objects. Its zero value is Link.
type Object uint8

// The classes of objects, in the order in which they are enumerated: a class
// refers only to classes before it (an address to its link, a route to its
// nexthop object). Each has a row in classes.
const (
	Link Object = iota
	Nexthop
	Address
	Route
	Rule
	Neighbor
	Netconf
	NSID
	MDB
	VLAN
	Notice
	NumObjects = iota
)

// Listed is the classes in the order in which manuals list them. It must not
// be changed.
var Listed = [NumObjects]Object{Link, Address, Route, Neighbor, Rule, Nexthop, Netconf, NSID, MDB, VLAN, Notice}

// Query asks for objects of one class. The zero value of each member but
// Object means "any".
type Query struct {
	Object  Object
	Family  uint8  // AF_*
	Ifindex uint32 // objects on this link: routes with a nexthop there, its addresses, …
	Table   uint32 // routes of this table
	Master  uint32 // neighbors: FDB entries of this bridge
	Proxy   bool   // neighbors: the proxy entries instead of the others
	One     bool   // links: just link Ifindex, without a dump
	// Barrier waits first until the kernel is through with the operation that
	// it is announcing: a flush follows the message about its cause.
	Barrier bool
	// Late asks a second from now at the earliest: something is known to be
	// still under way, in several system calls of a program.
	Late bool `json:",omitempty"`
	// Round is the caller's: it comes back with the reply.
	Round uint32
}

// The families of multicast routes and the rules for them, RTNL_FAMILY_IPMR and RTNL_FAMILY_IP6MR
// (uapi/linux/rtnetlink.h).
const (
	IPMR  = 128
	IP6MR = 129
)
