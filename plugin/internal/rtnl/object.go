package rtnl

import "slices"

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

// Stateful returns the classes that have a state.
func Stateful() (set ObjectSet) {
	for _, o := range Listed {
		if !o.Stateless() {
			set |= Of(o)
		}
	}
	return set
}

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
