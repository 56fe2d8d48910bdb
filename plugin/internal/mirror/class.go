package mirror

import (
	"fmt"
	"reflect"

	"golang.org/x/sys/unix"

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

func init() {
	rows = [rtnl.NumObjects]class{
		rtnl.Link:     linkRow,
		rtnl.Nexthop:  nexthopRow,
		rtnl.Address:  addressRow,
		rtnl.Route:    routeRow,
		rtnl.Rule:     ruleRow,
		rtnl.Neighbor: neighborRow,
		rtnl.Netconf:  netconfRow,
		rtnl.NSID:     nsidRow,
		rtnl.MDB:      mdbRow,
		rtnl.VLAN:     vlanRow,
		rtnl.Notice:   noticeRow,
	}
	if problem := incomplete(&rows, followers[:]); problem != "" {
		panic("mirror: " + problem)
	}
}

// followers are the classes in the order in which the kernel, or the mirror in
// its place, looks at what follows from a link's change or end.
var followers = [rtnl.NumObjects]rtnl.Object{rtnl.MDB, rtnl.VLAN, rtnl.Nexthop, rtnl.Route, rtnl.Neighbor,
	rtnl.Address, rtnl.Rule, rtnl.Netconf, rtnl.NSID, rtnl.Notice, rtnl.Link}

// incomplete returns what is wrong with the rows, naming class and part; "" for
// nothing.
func incomplete(rows *[rtnl.NumObjects]class, followers []rtnl.Object) string {
	for o := range rows {
		row := reflect.ValueOf(rows[o])
		for i := range row.NumField() {
			part := row.Type().Field(i)
			if !part.Anonymous && row.Field(i).IsZero() {
				return fmt.Sprintf("class %s has no %s in its row", rtnl.Object(o), part.Name)
			}
		}
		if rows[o].perKey == several && rows[o].alike == nil {
			return fmt.Sprintf("class %s has no alike in its row, and several objects can have one key", rtnl.Object(o))
		}
	}
	for o := range rtnl.Object(rtnl.NumObjects) {
		n := 0
		for _, f := range followers {
			if f == o {
				n++
			}
		}
		if n != 1 {
			return fmt.Sprintf("class %s is %d times among the followers of a link", o, n)
		}
	}
	return ""
}

// What classes have in common.

// noAttribute is a type that no message has (*_UNSPEC): nothing is volatile.
const noAttribute attrSet = 1

func asItComes(_ *State, x *rtnl.Index) []byte { return x.Body }

func anyObject([]byte) bool { return true }

// ofIP reports whether an object is of IPv4 or IPv6: multicast routing has
// families of its own (R43), and MPLS one.
func ofIP(body []byte) bool { return familyOf(body) == unix.AF_INET || familyOf(body) == unix.AF_INET6 }

// familyOf returns the address family of any object, linkIndex the link that it is
// on where its fixed structure says so.
func familyOf(body []byte) uint8 { return rtnl.Family.Uint8(body) }

func linkIndex(body []byte) uint32 { return rtnl.LinkIndex.Uint32(body) }

func sameBytes(_ uint8, _ uint16, a, b []byte) bool { return string(a) == string(b) }

// sameHeader compares fixed structures of n bytes.
func sameHeader(n int) func(a, b []byte) bool {
	return func(a, b []byte) bool { return string(a[:n]) == string(b[:n]) }
}

// sameButFlags compares fixed structures that end with flags, but for those that
// follow from others (R31).
func sameButFlags(flags rtnl.Part, bits uint32) func(a, b []byte) bool {
	before := sameHeader(flags.Offset())
	return func(a, b []byte) bool { return before(a, b) && (flags.Uint32(a)^flags.Uint32(b))&^bits == 0 }
}

// ofFamily reports whether a question about a family covers an object.
func ofFamily(q rtnl.Query, body []byte) bool {
	return q.Family == unix.AF_UNSPEC || familyOf(body) == q.Family
}

// onOwnLink is ofFamily and on the link that is asked for, which is where linkIndex has it.
func onOwnLink(q rtnl.Query, body []byte) bool {
	return ofFamily(q, body) && (q.Ifindex == 0 || linkIndex(body) == q.Ifindex)
}

// kept reports whether an object of a class is to be held.
func kept(o rtnl.Object) func(*State, []byte) bool {
	return func(s *State, record []byte) bool { return s.keep(o, record) }
}

// droppedFrom removes an object of a class.
func droppedFrom(o rtnl.Object) func(*State, objtable.List, ref) {
	return func(s *State, l objtable.List, r ref) { s.drop(o, &l, r) }
}

// removedByKey applies a deletion of what a class has one object of for each key.
func removedByKey(o rtnl.Object) func(*State, rtnl.Message) {
	return func(s *State, m rtnl.Message) { s.remove(o, m.Body) }
}

// onOneLink names the counter of the objects on a link.
func onOneLink(kind uint8) func(index uint32) []tallyKey {
	return func(index uint32) []tallyKey { return []tallyKey{{kind: kind, id: index}} }
}

// linksAt returns the links that an object's own index is, where it has one, and
// those in some attributes.
func linksAt(own bool, o rtnl.Object, in attrSet) func(dst []uint32, body []byte) []uint32 {
	return func(dst []uint32, body []byte) []uint32 {
		if own {
			dst = append(dst, linkIndex(body))
		}
		for typ, p := range rtnl.AttrsOf(o, body).All() {
			if in.has(typ) {
				dst = append(dst, rtnl.Uint32(p))
			}
		}
		return dst
	}
}

func neverOvertaken(*State, *silent, []byte) bool { return false }

func uncounted(keys []tallyKey, _ *objects, _ *rtnl.Index) []tallyKey { return keys }

func noLinks(dst []uint32, _ []byte) []uint32 { return dst }

func foundByNone(uint32) []tallyKey { return nil }

func regardless(*State, linkTurn) {}

func staysWhenLinkEnds(*State, uint32) {}
