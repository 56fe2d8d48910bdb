package mirror

import (
	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// class is all that the mirror knows of a class of objects. A row that lacks a
// part ends the program when it starts, unless the part is optional.
type class struct {
	// key is what the kernel tells the objects apart by, with numbers in one byte
	// order on every machine: State.identity is made from it.
	key    func(dst []byte, x *rtnl.Index) []byte
	perKey number // how many objects can have one key

	object    func(body []byte) bool                             // whether a message is about an object at all
	canonical func(s *State, x *rtnl.Index) []byte               // the form that is held, perhaps in scratch memory
	announced func(s *State, m rtnl.Message)                     // applies RTM_NEW…
	deleted   func(s *State, m rtnl.Message)                     // applies RTM_DEL…
	counted   func([]tallyKey, *objects, *rtnl.Index) []tallyKey // adds the counters that an object counts in

	// What counts as the same: attributes that change by themselves or that only
	// events have, a difference in which is none; the fixed structure; payloads.
	volatile attrSet
	fixed    func(a, b []byte) bool
	payload  func(family uint8, typ uint16, a, b []byte) bool

	// What may be believed of a dump.
	covered   func(q rtnl.Query, body []byte) bool          // whether a dump was to show an object
	mirrored  func(s *State, record []byte) bool            // whether a record is of an object that is held
	overtaken func(s *State, g *silent, record []byte) bool // whether something silent may have happened to it since
	swept     func(s *State, l objtable.List, r ref)        // removes what dumps do not show any more

	// The links that an object names: all of them, and the counters by which the
	// objects that name one are found.
	links  func(dst []uint32, body []byte) []uint32
	naming func(index uint32) []tallyKey
	// What happens silently when a link changes, or ends.
	linkTurned func(s *State, t linkTurn)
	linkEnds   func(s *State, index uint32)

	extras
}

// extras are what only some classes have.
type extras struct {
	// passing reports whether a record shows a state that the kernel does not
	// announce and that does not last: the object is held as it was announced.
	passing func(record []byte) bool
	// enumerated does what follows from a dump that has lacked nothing.
	enumerated func(s *State, q rtnl.Query)
	// silentEnds says that objects go without a message: that an event has brought
	// one does not say that it is there still.
	silentEnds bool
	// Of classes of which several objects can have one key: whether they can be in
	// one state too; the object that a record in a state of its own is about, 0 for
	// none; whether dumps lack one that is there; the flags of one that they show.
	alike  func(body []byte) bool
	means  func(s *State, l objtable.List, body []byte) ref
	lacked func(s *State, l objtable.List, r ref) bool
	shown  func(body []byte) uint8
	// settled says that a state which counts as the same is not held anew.
	settled bool
	// adopt returns a new state with what the mirror alone knows of the old one.
	adopt func(s *State, old, body []byte) []byte
	// renewed returns the fields that count as changed since somebody has set them
	// anew, even if their values are the same. told is that an event says so.
	renewed func(old, body []byte, told bool) bitset.Set
	// follows does what follows from a change or an end that has been told. old is
	// what the object was.
	follows func(s *State, l objtable.List, old []byte)
}

// number is how many objects can have one key.
type number uint8

const (
	one number = iota + 1
	several
)

// rows are the classes. They are filled in when the program starts, since what
// they do leads back to them.
var rows [rtnl.NumObjects]class

// followers are the classes in the order in which the kernel, or the mirror in
// its place, looks at what follows from a link's change or end.
var followers = [rtnl.NumObjects]rtnl.Object{rtnl.MDB, rtnl.VLAN, rtnl.Nexthop, rtnl.Route, rtnl.Neighbor,
	rtnl.Address, rtnl.Rule, rtnl.Netconf, rtnl.NSID, rtnl.Notice, rtnl.Link}

// What classes have in common.
