// Package event has the event being run: each of its values is asked of the host
// once and converted to Lua once, however many filters and hooks read it.
package event

import (
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"
)

// Current is the event being run. It belongs to the goroutine of the hooks.
type Current struct {
	Ev     model.Event // nil between events
	Out    model.Output
	Serial uint64 // of the event; what a script kept from another one is stale
	Object int
	Action int

	cells   *cells     // of the object
	have    bitset.Set // i: cells.new[i] is this event's
	haveOld bitset.Set // i: cells.old[i] is this event's

	all    []cells // by object
	schema *schema.Index
	box    *lua51.Box

	actions, origins, objects []lua.LValue
}

// New returns one between events, for the objects of a schema.
func New(x *schema.Index, b *lua51.Box) *Current {
	c := &Current{schema: x, box: b, actions: boxAll(x.Actions), origins: boxAll(x.Origins), objects: boxAll(x.ObjectNames())}
	for _, o := range x.Objects {
		n := len(o.Fields)
		c.all = append(c.all, cells{make([]Cell, n), make([]Cell, n)})
	}
	return c
}

func boxAll(words []string) []lua.LValue {
	out := make([]lua.LValue, len(words))
	for i, w := range words {
		out[i] = lua.LString(w)
	}
	return out
}

// cells are the values of one class's fields. From one event to the next many
// are the same, and then their Lua values are as well.
type cells struct{ new, old []Cell }

// Cell is one value of an event.
type Cell struct {
	Value model.Value
	box   lua.LValue // of value, nil until it is needed
}

func (c *Cell) set(v model.Value) {
	if c.Value != v {
		c.Value, c.box = v, nil
	}
}

// Lua is the value as scripts see it; nil is what the object does not have.
func (c *Cell) Lua(b *lua51.Box) lua.LValue {
	if c.box == nil {
		c.box = ToLua(b, c.Value)
	}
	return c.box
}

// Set begins an event.
func (c *Current) Set(ev model.Event, out model.Output, object, action int) {
	c.Serial++
	c.Ev, c.Out = ev, out
	c.Object, c.Action, c.cells = object, action, &c.all[object]
	c.have, c.haveOld = bitset.Set{}, bitset.Set{}
}

// Clear ends the event.
func (c *Current) Clear() { c.Ev, c.Out = nil, nil }

// Field returns field i of the event's object.
func (c *Current) Field(i int) *Cell {
	f := &c.cells.new[i]
	if !c.have.Has(i) {
		c.have.Add(i)
		f.set(c.Ev.Field(i))
	}
	return f
}

// Old returns field i as it was before the event.
func (c *Current) Old(i int) *Cell {
	f := &c.cells.old[i]
	if !c.haveOld.Has(i) {
		c.haveOld.Add(i)
		f.set(c.Ev.Old(i))
	}
	return f
}

// Get returns the value of a source for the event.
func (c *Current) Get(s *Source) lua.LValue {
	switch s.kind {
	case fromField:
		return c.Field(s.field).Lua(c.box)
	case fromOld:
		return c.Old(s.field).Lua(c.box)
	case fromChanged:
		return lua51.BoxBool(c.Ev.Changed().Has(s.field))
	case fromMeta:
		return c.Meta(s.field)
	}
	return s.fixed
}

// Meta returns what is no field of the object.
func (c *Current) Meta(what int) lua.LValue {
	switch what {
	case schema.MetaAction:
		return c.actions[c.Action]
	case schema.MetaOrigin:
		return c.origins[c.Ev.Origin()]
	case schema.MetaObject:
		return c.objects[c.Object]
	case schema.MetaNetns:
		return c.box.String(c.Ev.Netns())
	case schema.MetaKey:
		return c.box.String(c.Ev.Key())
	}
	return lua.LNumber(float64(c.Ev.Time()) / 1e9)
}

// Text appends a source's value as a tag spells it.
func (c *Current) Text(to []byte, s *Source) []byte {
	switch s.kind {
	case fromField:
		return AppendValue(to, &c.Field(s.field).Value)
	case fromMeta:
		switch s.field {
		case schema.MetaAction:
			return append(to, c.schema.Actions[c.Action]...)
		case schema.MetaOrigin:
			return append(to, c.schema.Origins[c.Ev.Origin()]...)
		case schema.MetaObject:
			return append(to, c.schema.Objects[c.Object].Name...)
		case schema.MetaNetns:
			return append(to, c.Ev.Netns()...)
		case schema.MetaKey:
			return append(to, c.Ev.Key()...)
		}
		return strconv.AppendFloat(to, float64(c.Ev.Time())/1e9, 'f', -1, 64)
	}
	return to
}

// ChangedNames lists the changed fields as the metric's field `changed` does.
func (c *Current) ChangedNames() string {
	var names []string
	changed := c.Ev.Changed()
	for i, f := range c.schema.Objects[c.Object].Fields {
		if changed.Has(i) {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ",")
}
