// Package mirror holds the kernel's networking state of one namespace and says
// what each message changes in it.
//
// The kernel does not announce all it does: routes over a link that goes down,
// members of nexthop groups and more vanish silently. The mirror applies the
// kernel's own rules at the message that causes them, and asks for a narrow dump
// to make sure (Wants). A dump is a fuzzy read: its records can be older than
// events that came before them, and lack objects that were there all the time;
// dump.go says what may be believed of one.
//
// The rules are those of kernel.md, cited by their numbers (R24).
//
// What there is stands on floors, each of which uses those below it:
//
//	message.go, dump.go, dump_*.go   what a message does, and what a dump does
//	classes.go                       the rows of the classes
//	link.go, address.go, route.go …  a class each: all that the kernel does with it
//	change.go                        what changes objects and has it told
//	teller.go, names.go, late.go …   what is told of changes, and when
//	objects.go, tally.go, links.go   what is held, counted, and called how
//	state.go                         the types of all that, and of a class's row
//
// What follows from a change for another class goes by way of that one's row.
//
// There is one mechanism for all classes (package objtable): a key made from the
// message, a list of objects with that key, and the raw bytes as the
// value. Whatever the package does not know of an object it keeps.
//
// Nothing here does I/O, starts goroutines or reads a clock. A State must be
// used by one goroutine at a time.
package mirror

import (
	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Config says what to hold and where changes go.
type Config struct {
	Netns string // passed on in every event
	// Report, Track: which classes give events, and of which the state is held.
	// A class that is reported but not tracked has neither old values nor
	// queries. Classes that others depend on are held in any case.
	Report, Track [rtnl.NumObjects]bool
	// Initial: the classes whose first enumeration gives events.
	Initial [rtnl.NumObjects]bool
	// Keep decides about objects by their body; nil keeps all. It must be
	// a function of the key: objects with one key are kept all or none.
	Keep func(o rtnl.Object, body []byte) bool
	// Show decides about the routes that are kept, by what may differ under one
	// key; nil shows all. A route that is not shown may be held all the same,
	// where it can turn into one that is. What changes from one into the other
	// is reported as an end or a beginning.
	Show func(route []byte) bool
	// Emit gets each change after it is in the mirror. The event and its
	// bytes are valid during the call; it must not change the mirror.
	Emit func(*event.Event)
}

// Counts are totals since New.
type Counts struct {
	Messages  uint64 // applied, of the classes held or reported
	Unknown   uint64 // deletions of objects that the mirror did not have
	Resync    uint64 // changes found by dumps, the first enumeration left out
	Implied   uint64 // changes by the kernel's rules
	Ignored   uint64 // messages that are no objects of ours
	Refreshed uint64 // messages without a difference
}

// State is the mirror of one namespace. New makes one.
//
// It is made of three layers: the objects, and what is known from their being
// there; what tells of them; and here what changes them. The classes (class.go)
// say which changes a message makes, and dump says what a dump does.
type State struct {
	teller
	dump *dump // nil: none under way
	// How often in a row a question was answered while its class changed.
	restless    map[rtnl.Query]int
	oneDatagram int
	shaded      map[string]uint32 // lists of routes, by their keys, of which a group may hide some from dumps: their tables

	drivers []rtnl.DriverQuestion

	freed   uint32 // the classes, bit by bit, that may have memory to compact
	notices uint32 // how many there were
	last    cause  // of the last new nexthop object
	scratch []byte // the body before a change
	former  []byte // a link before a change
	part    []byte // an object taken out of a message
	canon   []byte // a body in the form that is held
}

// cause identifies the request behind a message.
type cause struct{ pid, seq uint32 }

// objects are the objects of a namespace, and what is known from their being
// there: the names of links, how many objects there are of which sort, and where.
type objects struct {
	cfg    Config
	tables [rtnl.NumObjects]*objtable.Table
	links  links
	tally  tally
	unseen [rtnl.NumObjects]int // objects held that are not shown

	shown    bool       // whether the object at hand is
	only     uint32     // the only link that the object at hand names, 0 where it is not known
	subjects []tallyKey // that it counts in
	named    naming
	shapeKey []byte // the key of a lookup

	msg   rtnl.Index // the message at hand
	other rtnl.Index // another object, until the next is looked at
}

// teller says of each change of the objects what happened: with names, held back
// until those are known (late), or as part of a listing of all there is (snapshot).
type teller struct {
	objects
	late   late
	snap   *snapshot // nil: none under way
	wants  []rtnl.Query
	counts Counts

	ev     event.Event
	now    int64
	origin event.Origin
	pid    uint32 // of the message that is being applied
	missed int64
	before event.Env // of the event's old view, where a link is called otherwise now; nil: as the new one
	hash   uint64    // of the key of the object at hand, 0 where it is not known
	refs   []uint32  // the links that the object at hand names
	// unheard are links of which no event has told, nor has their driver.
	unheard map[uint32]bool
}

// snapshot is a listing of all objects under way, in steps between which the
// mirror goes on to change. Each object is listed once, as new, before the first
// event of it that comes after the beginning; one that comes up meanwhile is not
// listed, since its own event says the same.
//
// A link comes before what names it: the links that an object names are listed
// before it. Of links that name each other, as the ends of a pair do, the first
// leaves out the name of the second, and tells it when that is listed.
type snapshot struct {
	telling uint64 // the key of an event before which links are listed, 0: none
	class   rtnl.Object
	place   objtable.Place
	layout  int             // of the class's table when place was reached
	listed  map[uint64]bool // by Event.Key: listed, or new since the beginning; false: about to be
	owed    map[uint32]bool // links of which another has left out the name
}

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
	// needs are the classes that have to be held where this one is.
	needs []rtnl.Object
	// screened says that Config.Show decides which objects are seen.
	screened bool
	// brief enters or removes an object that counts in what it names one link by, and
	// in nothing else: as counted would, and at less cost. It returns the link, 0
	// where the object is not of that sort and nothing has been done.
	brief func(t *tally, x *rtnl.Index, shown bool, at objtable.Page, d int32) uint32
	// alone reports a message of a class without a state.
	alone func(s *State, m rtnl.Message, now int64) error
	// together takes over the records of a dump, all of them when it ends.
	together func(s *State)
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
	// renew puts into the old one, in place, what a new state that is not held says.
	adopt func(s *State, old, body []byte) []byte
	renew func(old, body []byte)
	// renewed returns the fields that count as changed since somebody has set them
	// anew, even if their values are the same. told is that an event says so.
	renewed func(old, body []byte, told bool) bitset.Set
	// follows does what follows from a change or an end that has been told. old is
	// what the object was.
	follows func(s *State, l objtable.List, old []byte)

	// What follows from changes of other classes, in the order of followers: a link
	// that is up has its first address of IPv4; an address goes, perhaps the last of
	// its family on the link; a nexthop object drops packets from now on, or does not
	// any more; one ends; settings of a link have changed.
	addressCame    func(s *State, link uint32)
	addressGoes    func(s *State, address []byte, last bool)
	nexthopTurned  func(s *State, id uint32, blackhole bool)
	nexthopEnds    func(s *State, id uint32)
	settingsTurned func(s *State, settings []byte)
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

// classes is all of them, links first.
var classes = func() (all []rtnl.Object) {
	for o := range rtnl.Object(rtnl.NumObjects) {
		all = append(all, o)
	}
	return all
}()
