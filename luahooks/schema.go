package luahooks

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"
)

// Names of an event that are not fields of its object.
const (
	metaAction = iota
	metaOrigin
	metaObject
	metaNetns
	metaTime
	metaKey
)

var metaNames = map[string]int{
	"action": metaAction, "origin": metaOrigin, "object": metaObject, "netns": metaNetns, "time": metaTime,
	"key": metaKey,
}

// eventMethods are the names of an event's methods.
var eventMethods = []string{"tag", "field", "measurement", "within", "is_default", "copy", "fields", "attribute", "get_tag", "get_field"}

// index is a Schema with its names looked up.
type index struct {
	*model.Schema
	objects map[string]int
	fields  []map[string]int // by object
	prefix  []int            // by object; -1: none
	link    int              // the object called "link", -1: none
	ifindex int              // its field `ifindex`, -1: none
}

func newIndex(s *model.Schema) (*index, error) {
	if s == nil || len(s.Objects) == 0 || len(s.Actions) == 0 || len(s.Origins) == 0 {
		return nil, errors.New("luahooks: the schema needs objects, actions and origins")
	}
	x := &index{Schema: s, objects: map[string]int{}, link: -1, ifindex: -1}
	for i, o := range s.Objects {
		x.objects[o.Name] = i
		fields, err := fieldIndex(o)
		if err != nil {
			return nil, err
		}
		x.fields = append(x.fields, fields)
		prefix := -1
		if o.Prefix != "" {
			prefix = fields[o.Prefix]
		}
		x.prefix = append(x.prefix, prefix)
	}
	if i, ok := x.objects["link"]; ok {
		x.link = i
		if f, ok := x.fields[i]["ifindex"]; ok {
			x.ifindex = f
		}
	}
	return x, nil
}

func fieldIndex(o model.Object) (map[string]int, error) {
	if len(o.Fields) > bitset.Size {
		return nil, fmt.Errorf("luahooks: %s has %d fields, at most %d fit", o.Name, len(o.Fields), bitset.Size)
	}
	fields := map[string]int{}
	for j, f := range o.Fields {
		_, isMeta := metaNames[f.Name]
		_, twice := fields[f.Name]
		if isMeta || twice || f.Name == "old" || f.Name == "changed" || slices.Contains(eventMethods, f.Name) {
			return nil, fmt.Errorf("luahooks: the field name %s.%s is taken", o.Name, f.Name)
		}
		fields[f.Name] = j
	}
	if _, ok := fields[o.Prefix]; !ok && o.Prefix != "" {
		return nil, fmt.Errorf("luahooks: %s has no field %q for its prefix", o.Name, o.Prefix)
	}
	return fields, nil
}

// kindOf returns the kind of a metric's field by its name, None for one that no
// metric of the object has by itself.
func (x *index) kindOf(object int, name string) model.Kind {
	i, ok := x.fields[object][strings.TrimPrefix(name, "previous_")]
	if !ok || x.Objects[object].Fields[i].Tag {
		return model.None
	}
	return x.Objects[object].Fields[i].Kind
}

// classes returns the objects that a hook's objects mean: all for "*" and for
// what is not a literal.
func (x *index) classes(names []string) []int {
	if len(names) == 0 {
		return x.all()
	}
	var out []int
	for _, name := range names {
		i, ok := x.objects[name]
		if !ok {
			return x.all()
		}
		if !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	return out
}

func (x *index) all() []int {
	out := make([]int, len(x.Objects))
	for i := range out {
		out[i] = i
	}
	return out
}

// cheap reports whether a value costs little to decode: no text is made for it.
func (x *index) cheap(r read) bool {
	if r.group == callMethod || r.group == readChanged {
		return true
	}
	if _, ok := metaNames[r.name]; ok {
		return true
	}
	for i, o := range x.Objects {
		if j, ok := x.fields[i][r.name]; ok {
			f := &o.Fields[j]
			if f.Kind == model.String && !f.Tag && f.Choices == nil {
				return false
			}
		}
	}
	return true
}

// unknown returns what is wrong with a read by hooks on the named objects,
// empty if nothing is.
func (x *index) unknown(objects []string, r read) string {
	if r.group == callMethod {
		if !slices.Contains(eventMethods, r.name) {
			return fmt.Sprintf("an event has no method %q; there are: %s", r.name, join(eventMethods))
		}
		return ""
	}
	if r.group == readField {
		if _, ok := metaNames[r.name]; ok || slices.Contains(eventMethods, r.name) {
			return ""
		}
	}
	classes := x.classes(objects)
	for _, i := range classes {
		if _, ok := x.fields[i][r.name]; ok {
			return ""
		}
	}
	return fmt.Sprintf("%s no field %q; %s", x.subject(classes), r.name, there(r.name, x.fieldNames(classes)))
}

func (x *index) subject(classes []int) string {
	if len(classes) == 1 {
		return article(x.Objects[classes[0]].Name) + " has"
	}
	return "events have"
}

// fieldNames lists the fields of classes, each name once.
func (x *index) fieldNames(classes []int) []string {
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

func (x *index) objectNames() []string {
	var names []string
	for _, o := range x.Objects {
		names = append(names, o.Name)
	}
	return names
}

// momentNames are the lifecycle moments that nl.on takes in place of an object.
func momentNames() []string {
	var names []string
	for m := range numMoments {
		names = append(names, m.String())
	}
	return names
}

func isMoment(name string) bool { return slices.Contains(momentNames(), name) }
