package luahooks

import (
	lua "github.com/yuin/gopher-lua"
)

// eventRef is the Value of the userdata that scripts see as ev, ev.old and
// ev.changed: the general, slow way to an event's values. One whose serial is
// not the current event's is stale.
type eventRef struct {
	serial uint64
	group  group // readField for ev itself
}

// eventTypes makes the metatables and methods of events.
func (in *instance) eventTypes() {
	L := in.L
	in.methods = map[string]lua.LValue{}
	for name, fn := range map[string]lua.LGFunction{
		"tag":         in.evTag,
		"field":       in.evField,
		"measurement": in.evMeasurement,
		"within":      in.evWithin,
		"is_default":  in.evIsDefault,
		"copy":        in.evCopy,
		"fields":      in.evFields,
		"attribute":   in.evAttribute,
		"get_tag":     in.evGetTag,
		"get_field":   in.evGetField,
	} {
		in.methods[name] = L.NewFunction(fn)
	}
	in.eventMeta = L.NewTable()
	in.eventMeta.RawSetString("__index", L.NewFunction(in.evIndex))
	in.eventMeta.RawSetString("__newindex", L.NewFunction(evNewIndex))
	in.eventMeta.RawSetString("__tostring", L.NewFunction(in.evString))
	in.reusedRef = &eventRef{}
	in.reused = &lua.LUserData{Value: in.reusedRef, Metatable: in.eventMeta}
}

// event returns the userdata for the current event: the same one each time for
// hooks that cannot keep it, otherwise a fresh one.
func (in *instance) event(escapes bool) *lua.LUserData {
	if escapes {
		return in.newRef(readField)
	}
	return in.reusedEvent()
}

func (in *instance) reusedEvent() *lua.LUserData {
	in.reusedRef.serial = in.rt.cur.serial
	return in.reused
}

func (in *instance) newRef(g group) *lua.LUserData {
	return &lua.LUserData{Value: &eventRef{in.rt.cur.serial, g}, Metatable: in.eventMeta}
}

// ref checks that argument 1 is the current event, or a part of it.
func (in *instance) ref(L *lua.LState) *eventRef {
	ud, ok := L.Get(1).(*lua.LUserData)
	if ok {
		if ref, ok := ud.Value.(*eventRef); ok {
			if in.rt.cur.ev == nil || ref.serial != in.rt.cur.serial {
				L.RaiseError("this event is over: an event can only be used in the hook that it is given to, use ev:copy()")
			}
			return ref
		}
	}
	L.ArgError(1, "event expected (call methods as ev:name())")
	return nil
}

// ev is ref for methods, which only the event itself has.
func (in *instance) ev(L *lua.LState) *current {
	if in.ref(L).group != readField {
		L.ArgError(1, "event expected (call methods as ev:name())")
	}
	return &in.rt.cur
}

func (in *instance) evIndex(L *lua.LState) int {
	ref := in.ref(L)
	name := L.CheckString(2)
	if ref.group == readField {
		switch name {
		case "old":
			L.Push(in.newRef(readOld))
			return 1
		case "changed":
			L.Push(in.newRef(readChanged))
			return 1
		}
	}
	L.Push(in.slowRead(L, ref.group, name))
	return 1
}

// slowRead is what a hidden parameter is for other hooks. Names are checked as
// strictly as the loader does.
func (in *instance) slowRead(L *lua.LState, g group, name string) lua.LValue {
	s := in.source(in.rt.cur.object, g, name)
	if s.kind == fromFixed && s.fixed == lua.LNil {
		if problem := in.rt.schema.unknown(nil, read{group: g, name: name}); problem != "" {
			L.RaiseError("%s", problem)
		}
	}
	return in.rt.get(&s)
}

func evNewIndex(L *lua.LState) int {
	L.RaiseError("cannot set %q of an event: use ev:tag(name, value) or ev:field(name, value) to change the metric",
		L.Get(2).String())
	return 0
}

// evString makes tostring(ev) readable in logs: "route delete".
func (in *instance) evString(L *lua.LState) int {
	ref := in.ref(L)
	switch ref.group {
	case readChanged:
		L.Push(lua.LString(in.rt.changedNames()))
	case readOld:
		L.Push(lua.LString("old"))
	default:
		L.Push(lua.LString(in.rt.schema.Objects[in.rt.cur.object].Name + " " + in.rt.schema.Actions[in.rt.cur.action]))
	}
	return 1
}

// changedNames lists the changed fields as the metric's field `changed` does.
func (r *Runtime) changedNames() string {
	var names []string
	changed := r.cur.ev.Changed()
	for i, f := range r.schema.Objects[r.cur.object].Fields {
		if changed.Has(i) {
			names = append(names, f.Name)
		}
	}
	return join2(names)
}

// evCopy returns a table of all that the event holds; it can be kept.
func (in *instance) evCopy(L *lua.LState) int {
	c := in.ev(L)
	t := L.NewTable()
	for name, what := range metaNames {
		t.RawSetString(name, in.rt.meta(what))
	}
	old, changed := L.NewTable(), L.NewTable()
	mask := c.ev.Changed()
	for i, f := range in.rt.schema.Objects[c.object].Fields {
		t.RawSetString(f.Name, c.field(i).lua(in.rt.box))
		old.RawSetString(f.Name, c.old(i).lua(in.rt.box))
		if mask.Has(i) {
			changed.RawSetString(f.Name, boxedTrue)
		}
	}
	t.RawSetString("old", old)
	t.RawSetString("changed", changed)
	L.Push(t)
	return 1
}

// evFields returns an iterator over the names and values of the fields that
// the object has, in the schema's order.
func (in *instance) evFields(L *lua.LState) int {
	in.ev(L)
	self, i := L.Get(1), 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		L.SetTop(0)
		L.Push(self)
		c := in.ev(L)
		fields := in.rt.schema.Objects[c.object].Fields
		for ; i < len(fields); i++ {
			if c.field(i).value.Kind != None {
				L.Push(in.rt.box.String(fields[i].Name))
				L.Push(c.field(i).lua(in.rt.box))
				i++
				return 2
			}
		}
		return 0
	}))
	return 1
}

// evAttribute returns the raw bytes of a netlink attribute as a string.
func (in *instance) evAttribute(L *lua.LState) int {
	c := in.ev(L)
	raw := c.ev.Attribute(L.CheckInt(2))
	if raw == nil {
		L.Push(lua.LNil)
	} else {
		L.Push(lua.LString(raw))
	}
	return 1
}
