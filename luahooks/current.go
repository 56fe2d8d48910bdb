package luahooks

import (
	lua "github.com/yuin/gopher-lua"
)

// current is the event being run. Each of its values is asked for once and
// converted to Lua once, however many hooks read it.
type current struct {
	ev      Event // nil between events
	out     Output
	serial  uint64 // of the event; what a script kept from another one is stale
	object  int
	action  int
	have    uint64 // bit i: values[i] is valid
	haveOld uint64
	box     uint64 // bit i: the box of field i is this event's
	boxOld  uint64

	values, olds [64]Value
	boxes        []boxes // by object
}

// boxes are the Lua values of one class's fields, with the values that they
// were made of: from one event to the next, many fields are the same.
type boxes struct{ new, old [64]memo }

type memo struct {
	of  Value
	box lua.LValue // nil at first
}

// get returns the Lua value of v.
func (m *memo) get(v *Value, b *boxer) lua.LValue {
	if m.box == nil || m.of != *v {
		m.of, m.box = *v, b.value(*v)
	}
	return m.box
}

func (c *current) set(ev Event, out Output, object, action int) {
	c.serial++
	c.ev, c.out = ev, out
	c.object, c.action = object, action
	c.have, c.haveOld, c.box, c.boxOld = 0, 0, 0, 0
}

// clear ends the event.
func (c *current) clear() { c.ev, c.out = nil, nil }

// field returns field i of the event's object.
func (c *current) field(i int) *Value {
	if c.have&(1<<i) == 0 {
		c.values[i] = c.ev.Field(i)
		c.have |= 1 << i
	}
	return &c.values[i]
}

func (c *current) old(i int) *Value {
	if c.haveOld&(1<<i) == 0 {
		c.olds[i] = c.ev.Old(i)
		c.haveOld |= 1 << i
	}
	return &c.olds[i]
}

func (c *current) fieldBox(i int, b *boxer) lua.LValue {
	m := &c.boxes[c.object].new[i]
	if c.box&(1<<i) == 0 {
		c.box |= 1 << i
		return m.get(c.field(i), b)
	}
	return m.box
}

func (c *current) oldBox(i int, b *boxer) lua.LValue {
	m := &c.boxes[c.object].old[i]
	if c.boxOld&(1<<i) == 0 {
		c.boxOld |= 1 << i
		return m.get(c.old(i), b)
	}
	return m.box
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
		return r.cur.fieldBox(s.field, r.box)
	case fromOld:
		return r.cur.oldBox(s.field, r.box)
	case fromChanged:
		return boxBool(r.cur.ev.Changed()&(1<<s.field) != 0)
	case fromMeta:
		return r.meta(s.field)
	}
	return s.fixed
}

// meta returns what is no field of the object.
func (r *Runtime) meta(what int) lua.LValue {
	switch what {
	case metaAction:
		return r.actionBoxes[r.cur.action]
	case metaOrigin:
		return r.originBoxes[r.cur.ev.Origin()]
	case metaObject:
		return r.objectBoxes[r.cur.object]
	case metaNetns:
		return r.box.string(r.cur.ev.Netns())
	}
	return lua.LNumber(float64(r.cur.ev.Time()) / 1e9)
}

// source finds where object's value of a kind of read comes from. An unknown
// name is nil: it has been checked before that some class has it.
func (in *instance) source(object int, g group, name string) source {
	if g == callMethod {
		return source{fixed: in.methods[name]}
	}
	if g == readField {
		if m, ok := in.methods[name]; ok {
			return source{fixed: m}
		}
		if m, ok := metaNames[name]; ok {
			return source{kind: fromMeta, field: m}
		}
	}
	i, ok := in.rt.schema.fields[object][name]
	if !ok {
		return source{fixed: lua.LNil}
	}
	return source{kind: [...]sourceKind{fromField, fromOld, fromChanged}[g], field: i}
}
