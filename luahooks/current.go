package luahooks

import (
	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"
)

// current is the event being run. Each of its values is asked for once and
// converted to Lua once, however many hooks read it.
type current struct {
	ev      model.Event // nil between events
	out     model.Output
	serial  uint64 // of the event; what a script kept from another one is stale
	object  int
	action  int
	waited  sharedTime
	cells   *cells     // of the object
	have    bitset.Set // i: cells.new[i] is this event's
	haveOld bitset.Set // i: cells.old[i] is this event's

	edits []edit  // what hooks have changed about the metric
	all   []cells // by object
}

// cells are the values of one class's fields. From one event to the next many
// are the same, and then their Lua values are as well.
type cells struct{ new, old []cell }

type cell struct {
	value model.Value
	box   lua.LValue // of value, nil until it is needed
}

func (c *cell) set(v model.Value) {
	if c.value != v {
		c.value, c.box = v, nil
	}
}

func (c *cell) lua(b *lua51.Box) lua.LValue {
	if c.box == nil {
		c.box = boxValue(b, c.value)
	}
	return c.box
}

func (c *current) set(ev model.Event, out model.Output, object, action int) {
	c.serial++
	c.waited = sharedTime{}
	c.ev, c.out = ev, out
	c.object, c.action, c.cells = object, action, &c.all[object]
	c.have, c.haveOld = bitset.Set{}, bitset.Set{}
	clear(c.edits)
	c.edits = c.edits[:0]
}

// clear ends the event.
func (c *current) clear() { c.ev, c.out = nil, nil }

// field returns field i of the event's object.
func (c *current) field(i int) *cell {
	f := &c.cells.new[i]
	if !c.have.Has(i) {
		c.have.Add(i)
		f.set(c.ev.Field(i))
	}
	return f
}

func (c *current) old(i int) *cell {
	f := &c.cells.old[i]
	if !c.haveOld.Has(i) {
		c.haveOld.Add(i)
		f.set(c.ev.Old(i))
	}
	return f
}

// source says where a hidden parameter's value comes from.
type source struct {
	kind  sourceKind
	field int        // of fromField, fromOld, fromChanged; a meta… constant of fromMeta
	fixed lua.LValue // of fromFixed
}

type sourceKind uint8

const (
	fromFixed sourceKind = iota // a method, or nil for a field that the class does not have
	fromField
	fromOld
	fromChanged
	fromMeta
)

// get returns the value of a source for the current event.
func (r *Runtime) get(s *source) lua.LValue {
	switch s.kind {
	case fromField:
		return r.cur.field(s.field).lua(r.box)
	case fromOld:
		return r.cur.old(s.field).lua(r.box)
	case fromChanged:
		return boxBool(r.cur.ev.Changed().Has(s.field))
	case fromMeta:
		return r.meta(s.field)
	}
	return s.fixed
}

// meta returns what is no field of the object.
func (r *Runtime) meta(what int) lua.LValue {
	switch what {
	case schema.MetaAction:
		return r.actionBoxes[r.cur.action]
	case schema.MetaOrigin:
		return r.originBoxes[r.cur.ev.Origin()]
	case schema.MetaObject:
		return r.objectBoxes[r.cur.object]
	case schema.MetaNetns:
		return r.box.String(r.cur.ev.Netns())
	case schema.MetaKey:
		return r.box.String(r.cur.ev.Key())
	}
	return lua.LNumber(float64(r.cur.ev.Time()) / 1e9)
}

// source finds where object's value of a kind of read comes from. An unknown
// name is nil: it has been checked before that some class has it.
func (lib *eventLib) source(object int, g schema.Part, name string) source {
	if g == schema.Methods {
		return source{fixed: lib.methods[name]}
	}
	if g == schema.OfEvent {
		if m, ok := lib.methods[name]; ok {
			return source{fixed: m}
		}
		if m, ok := schema.Meta[name]; ok {
			return source{kind: fromMeta, field: m}
		}
	}
	i, ok := lib.in.rt.schema.Fields[object][name]
	if !ok {
		return source{fixed: lua.LNil}
	}
	return source{kind: [...]sourceKind{fromField, fromOld, fromChanged}[g], field: i}
}
