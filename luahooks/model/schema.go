// Package model is what hooks and the program around them speak of: the names
// and types of what can be read, events and the objects of the mirror, and the
// metrics that scripts make. It has no list of kernel fields of its own.
package model

import "fmt"

// Kind is the type of a Value.
type Kind uint8

// The kinds of values.
const (
	None   Kind = iota // the object does not have the field
	String             // Value.Str
	Int                // Value.Num
	Bool               // Value.Num, 0 or 1
)

// Value is one field of an event or of a row. The zero value means that the
// object does not have the field.
type Value struct {
	Kind Kind
	Num  int64
	Str  string
}

// Schema names everything a script can read. The host makes it from its own
// field table; nobody in luahooks has a list of kernel fields. It must
// not be changed after luahooks.New.
type Schema struct {
	Objects []Object // Event.Object and Store use the index in this list
	Actions []string // Event.Action is the index in this list
	Origins []string // Event.Origin is the index in this list
	// Measurements is what the names of the host's own metrics begin with. Readers
	// of the stream take them for events, so that scripts may not use it. Empty:
	// any name.
	Measurements string
}

// Object is one class of objects: "link", "route" and so on.
type Object struct {
	Name   string
	Prefix string  // the field that `within` and is_default test ("dst"); empty: none
	Fields []Field // at most bitset.Size
	// Stateless: there are events of it, but nothing to query.
	Stateless bool
}

// Field is one named value of an Object.
type Field struct {
	Name    string
	Kind    Kind
	Tag     bool // a tag of the event's metric: few distinct values
	Doc     string
	Unit    string   // "bytes", "s", …; empty for none
	Choices []string // the words a String can take where the list is closed, otherwise nil
	List    bool     // a comma-joined list: filters test for one member
	Most    int64    // of an Int from 0 on: the largest that it can be; 0 for any number
	// Spell returns how the field spells a word of a filter: 254 may be "main",
	// and one prefix can be written in several ways. Its error says in one line
	// what the field can be. Nil: any text.
	Spell func(word string) (Spelling, error)
}

// CanBeIn returns an error that says what the field, an Int, can be, where that is
// nothing from low to high.
func (f *Field) CanBeIn(low, high int64) error {
	if f.Most == 0 || high >= 0 && low <= f.Most {
		return nil
	}
	return fmt.Errorf("it is a number from 0 to %d", f.Most)
}

// Spelling is what a field has to be to match a word: Text, and unless empty,
// Family in the object's field `family` ("default" is two prefixes).
type Spelling struct{ Text, Family string }
