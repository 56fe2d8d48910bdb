// Package schema looks up the names of a model.Schema, and says what is wrong with
// a name that is not there.
package schema

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"
)

// What there is of an event beside the fields of its object.
const (
	MetaAction = iota
	MetaOrigin
	MetaObject
	MetaNetns
	metaTime
	MetaKey
)

// Meta are these names.
var Meta = map[string]int{
	"action": MetaAction, "origin": MetaOrigin, "object": MetaObject, "netns": MetaNetns, "time": metaTime,
	"key": MetaKey,
}

// MethodNames are the names of an event's methods.
var MethodNames = []string{"tag", "field", "measurement", "within", "is_default", "copy", "fields", "attribute", "get_tag", "get_field"}

// Part is what kind of thing of an event is read.
type Part uint8

// The kinds: of ev itself, action, origin and the like included; of ev.old; of
// ev.changed; and ev's methods.
const (
	OfEvent Part = iota
	OfOld
	OfChanged
	Methods
)

// Index is a Schema with its names looked up.
type Index struct {
	*model.Schema
	ByName map[string]int   // of the objects
	Fields []map[string]int // of an object's fields by their names, by object
	Prefix []int            // by object; -1: none
	Link   int              // the object called "link", -1: none
}

// New looks up the names of a schema. Its error names what is taken twice, too many or
// missing.
func New(s *model.Schema) (*Index, error) {
	if s == nil || len(s.Objects) == 0 || len(s.Actions) == 0 || len(s.Origins) == 0 {
		return nil, errors.New("luahooks: the schema needs objects, actions and origins")
	}
	x := &Index{Schema: s, ByName: map[string]int{}, Link: -1}
	for i, o := range s.Objects {
		x.ByName[o.Name] = i
		fields, err := fieldIndex(o)
		if err != nil {
			return nil, err
		}
		x.Fields = append(x.Fields, fields)
		prefix := -1
		if o.Prefix != "" {
			prefix = fields[o.Prefix]
		}
		x.Prefix = append(x.Prefix, prefix)
	}
	if i, ok := x.ByName["link"]; ok {
		x.Link = i
	}
	return x, nil
}

func fieldIndex(o model.Object) (map[string]int, error) {
	if len(o.Fields) > bitset.Size {
		return nil, fmt.Errorf("luahooks: %s has %d fields, at most %d fit", o.Name, len(o.Fields), bitset.Size)
	}
	fields := map[string]int{}
	for j, f := range o.Fields {
		_, isMeta := Meta[f.Name]
		_, twice := fields[f.Name]
		if isMeta || twice || f.Name == "old" || f.Name == "changed" || slices.Contains(MethodNames, f.Name) {
			return nil, fmt.Errorf("luahooks: the field name %s.%s is taken", o.Name, f.Name)
		}
		fields[f.Name] = j
	}
	if _, ok := fields[o.Prefix]; !ok && o.Prefix != "" {
		return nil, fmt.Errorf("luahooks: %s has no field %q for its prefix", o.Name, o.Prefix)
	}
	return fields, nil
}

// KindOf returns the kind of a metric's field by its name, None for one that no
// metric of the object has by itself.
func (x *Index) KindOf(object int, name string) model.Kind {
	i, ok := x.Fields[object][strings.TrimPrefix(name, "previous_")]
	if !ok || x.Objects[object].Fields[i].Tag {
		return model.None
	}
	return x.Objects[object].Fields[i].Kind
}

// classes returns the objects that a hook's objects mean: all for "*" and for
// what is not a literal.
func (x *Index) classes(names []string) []int {
	if len(names) == 0 {
		return x.All()
	}
	var out []int
	for _, name := range names {
		i, ok := x.ByName[name]
		if !ok {
			return x.All()
		}
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

// All returns all objects.
func (x *Index) All() []int {
	out := make([]int, len(x.Objects))
	for i := range out {
		out[i] = i
	}
	return out
}

// Cheap reports whether a value costs little to decode: no text is made for it.
func (x *Index) Cheap(g Part, name string) bool {
	if g == Methods || g == OfChanged {
		return true
	}
	if _, ok := Meta[name]; ok {
		return true
	}
	for i, o := range x.Objects {
		if j, ok := x.Fields[i][name]; ok {
			f := &o.Fields[j]
			if f.Kind == model.String && !f.Tag && f.Choices == nil {
				return false
			}
		}
	}
	return true
}

// Unknown returns what is wrong with a read by hooks on the named objects,
// empty if nothing is.
func (x *Index) Unknown(objects []string, g Part, name string) string {
	if g == Methods {
		if !slices.Contains(MethodNames, name) {
			return fmt.Sprintf("an event has no method %q; there are: %s", name, choices.Join(MethodNames))
		}
		return ""
	}
	if g == OfEvent {
		if _, ok := Meta[name]; ok || slices.Contains(MethodNames, name) {
			return ""
		}
	}
	classes := x.classes(objects)
	for _, i := range classes {
		if _, ok := x.Fields[i][name]; ok {
			return ""
		}
	}
	return fmt.Sprintf("%s no field %q; %s", x.subject(classes), name, choices.There(name, x.FieldNames(classes)))
}

func (x *Index) subject(classes []int) string {
	if len(classes) == 1 {
		return Article(x.Objects[classes[0]].Name) + " has"
	}
	return "events have"
}

// FieldNames lists the fields of classes, each name once.
func (x *Index) FieldNames(classes []int) []string {
	var names []string
	for _, i := range classes {
		for _, f := range x.Objects[i].Fields {
			if !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		}
	}
	return names
}

// ObjectNames lists the names of all objects.
func (x *Index) ObjectNames() []string {
	var names []string
	for _, o := range x.Objects {
		names = append(names, o.Name)
	}
	return names
}

// Words returns the words that a field of some objects can have, nil if the
// list is not closed.
func (x *Index) Words(objects []string, name string) []string {
	switch name {
	case "action":
		return x.Actions
	case "origin":
		return x.Origins
	case "object":
		return x.ObjectNames()
	}
	var words []string
	for _, i := range x.classes(objects) {
		j, ok := x.Fields[i][name]
		if !ok {
			continue
		}
		f := &x.Objects[i].Fields[j]
		if f.Choices == nil || f.List {
			return nil
		}
		words = append(words, f.Choices...)
	}
	return words
}

// Article returns a noun with "a" or "an".
func Article(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
}
