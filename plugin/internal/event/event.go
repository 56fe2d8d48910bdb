// Package event turns two message bodies, the object before and after, into
// named values: the fields of the metrics and of the Lua hooks.
//
// The table in fields_*.go is the only list of fields there is: metrics, Lua,
// stubs and the README's tables are made from it. Values are decoded when they
// are asked for, from the bytes that the mirror holds; nothing here keeps or
// changes those bytes. A View and an Event belong to one goroutine at a time.
//
// # Values
//
// Values are what `ip -j -d` and `bridge -j` print (iproute2 6.1), words in
// lower case except the flags of links, lists joined by commas. What an object
// does not have has no value, and neither has an empty list. Numbers without a
// name are printed in decimal.
//
// Names come from whoever created the object and may be any bytes. Text makes
// them valid UTF-8; control characters stay, since escaping is the business of
// the output format. Links have names that stand in tags, of which line protocol
// cannot escape all: Name replaces these.
package event

import (
	"encoding/binary"
	"encoding/hex"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Action says what became of an object.
type Action uint8

// The actions, as the tag `action` spells them.
const (
	New Action = iota
	Change
	Delete
	NumActions = 3
)

var actionNames = [NumActions]string{"new", "change", "delete"}

// String returns the action's word.
func (a Action) String() string { return actionNames[a] }

// Origin says how a change became known.
type Origin uint8

// The origins, as the tag `origin` spells them.
const (
	Dump       Origin = iota // first enumeration
	Notify                   // the kernel said so
	Implied                  // follows from another event by the kernel's own rules
	Resync                   // found by a dump after an overrun or a doubt
	NumOrigins = 4
)

var originNames = [NumOrigins]string{"dump", "notify", "implied", "resync"}

// String returns the origin's word.
func (o Origin) String() string { return originNames[o] }

// Kind is the type of a field's value. A field has one kind for ever.
type Kind uint8

// The kinds of values.
const (
	None   Kind = iota // the object does not have the field
	String             // Value.Str
	Int                // Value.Num
	Bool               // Value.Num, 0 or 1
)

// Value is one decoded field. The zero value means that the object does not
// have the field. Values are comparable with ==.
type Value struct {
	Kind Kind
	Num  int64
	Str  string
}

// Env answers what an object's bytes do not say: it reads the link table at
// the time of the event.
type Env interface {
	// LinkName returns the name of link index, "if<index>" for an unknown one.
	LinkName(index uint32) string
}

// Field is one row of the table.
type Field struct {
	Name string // the name in metrics and in Lua
	Kind Kind
	Tag  bool   // a tag of the event's metric, otherwise a field
	Unit string // "bytes", "s", …; empty for none
	Doc  string // one line: meaning and where the kernel defines it
	// Choices lists the values a word can take where the list is closed, nil
	// otherwise. Numbers that the kernel may add later print in decimal.
	Choices []string
	// Volatile fields change by themselves: a difference in them alone is no event.
	Volatile bool
	// NoChange fields are reported but never listed in `changed`: they say
	// something of the event, not of the object.
	NoChange bool

	source
}

// source is where a field's value comes from: its decoder, and which bytes
// that one reads, so that Diff decodes only what can have changed.
type source struct {
	get   func(v *View) Value
	attrs []uint16 // types of attributes
	head  uint16   // bit n: byte n of the fixed structure
	// inside is which attributes within IFLA_LINKINFO; without any, all of
	// those that attrs names.
	inside []inside
	most   int64 // Most
}

// Most returns the largest number that the field can be, which is 0 or above then; 0
// where there is no such bound.
func (f *Field) Most() int64 { return f.most }

// Event is one change. Old is unset for New, and for Delete both views show
// the last known object. The views are valid during the call that delivers it.
type Event struct {
	Object  rtnl.Object
	Action  Action
	Origin  Origin
	Time    int64      // ns since the epoch: when the datagram was read
	Netns   string     // empty when no namespaces are configured
	Changed bitset.Set // on Change: i stands for Fields(Object)[i]
	New     View
	Old     View
	Key     uint64 // of the object, the same from its New to its Delete (KeyText)
}

// KeyText returns Key as metrics and Lua have it: 16 hexadecimal digits.
func (e *Event) KeyText() string {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], e.Key)
	var text [16]byte
	hex.Encode(text[:], raw[:])
	return string(text[:])
}
