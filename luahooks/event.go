package luahooks

import (
	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/event"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/model"
)

// eventRef is the Value of the userdata that scripts see as ev, ev.old and
// ev.changed: the general, slow way to an event's values. One whose serial is
// not the current event's is stale.
type eventRef struct {
	serial uint64
	group  schema.Part // readField for ev itself
}

// eventLib is what events are to a script.
type eventLib struct {
	in        *instance
	methods   map[string]lua.LValue
	eventMeta *lua.LTable
	reused    *lua.LUserData
	reusedRef *eventRef // the Value of reused
}

// make makes the metatables and methods of events.
func (lib *eventLib) make(in *instance) {
	lib.in = in
	L := lib.in.L
	lib.methods = map[string]lua.LValue{}
	for name, fn := range map[string]lua.LGFunction{
		"tag":         lib.evTag,
		"field":       lib.evField,
		"measurement": lib.evMeasurement,
		"within":      lib.evWithin,
		"is_default":  lib.evIsDefault,
		"copy":        lib.evCopy,
		"fields":      lib.evFields,
		"attribute":   lib.evAttribute,
		"get_tag":     lib.evGetTag,
		"get_field":   lib.evGetField,
	} {
		lib.methods[name] = L.NewFunction(fn)
	}
	lib.eventMeta = L.NewTable()
	lib.eventMeta.RawSetString("__index", L.NewFunction(lib.evIndex))
	lib.eventMeta.RawSetString("__newindex", L.NewFunction(evNewIndex))
	lib.eventMeta.RawSetString("__tostring", L.NewFunction(lib.evString))
	lib.reusedRef = &eventRef{}
	lib.reused = &lua.LUserData{Value: lib.reusedRef, Metatable: lib.eventMeta}
}

// event returns the userdata for the current event: the same one each time for
// hooks that cannot keep it, otherwise a fresh one.
func (lib *eventLib) event(escapes bool) *lua.LUserData {
	if escapes {
		return lib.newRef(schema.OfEvent)
	}
	return lib.reusedEvent()
}

func (lib *eventLib) reusedEvent() *lua.LUserData {
	lib.reusedRef.serial = lib.in.rt.cur.Serial
	return lib.reused
}

func (lib *eventLib) newRef(g schema.Part) *lua.LUserData {
	return &lua.LUserData{Value: &eventRef{lib.in.rt.cur.Serial, g}, Metatable: lib.eventMeta}
}

// ref checks that argument 1 is the current event, or a part of it.
func (lib *eventLib) ref(L *lua.LState) *eventRef {
	ud, ok := L.Get(1).(*lua.LUserData)
	if ok {
		if ref, ok := ud.Value.(*eventRef); ok {
			if lib.in.rt.cur.Ev == nil || ref.serial != lib.in.rt.cur.Serial {
				L.RaiseError("this event is over: an event can only be used in the hook that it is given to, use ev:copy()")
			}
			return ref
		}
	}
	L.ArgError(1, "event expected (call methods as ev:name())")
	return nil
}

// ev is ref for methods, which only the event itself has.
func (lib *eventLib) ev(L *lua.LState) *event.Current {
	if lib.ref(L).group != schema.OfEvent {
		L.ArgError(1, "event expected (call methods as ev:name())")
	}
	return lib.in.rt.cur
}

func (lib *eventLib) evIndex(L *lua.LState) int {
	ref := lib.ref(L)
	name := L.CheckString(2)
	if ref.group == schema.OfEvent {
		switch name {
		case "old":
			L.Push(lib.newRef(schema.OfOld))
			return 1
		case "changed":
			L.Push(lib.newRef(schema.OfChanged))
			return 1
		}
	}
	L.Push(lib.slowRead(L, ref.group, name))
	return 1
}

// slowRead is what a hidden parameter is for other hooks. Names are checked as
// strictly as the loader does.
func (lib *eventLib) slowRead(L *lua.LState, g schema.Part, name string) lua.LValue {
	s := event.NewSource(lib.in.rt.schema, lib.methods, lib.in.rt.cur.Object, g, name)
	if s.IsNil() {
		if problem := lib.in.rt.schema.Unknown(nil, g, name); problem != "" {
			L.RaiseError("%s", problem)
		}
	}
	return lib.in.rt.cur.Get(&s)
}

func evNewIndex(L *lua.LState) int {
	L.RaiseError("cannot set %q of an event: use ev:tag(name, value) or ev:field(name, value) to change the metric",
		L.Get(2).String())
	return 0
}

// evString makes tostring(ev) readable in logs: "route delete".
func (lib *eventLib) evString(L *lua.LState) int {
	ref := lib.ref(L)
	switch ref.group {
	case schema.OfChanged:
		L.Push(lua.LString(lib.in.rt.cur.ChangedNames()))
	case schema.OfOld:
		L.Push(lua.LString("old"))
	default:
		L.Push(lua.LString(lib.in.rt.schema.Objects[lib.in.rt.cur.Object].Name + " " + lib.in.rt.schema.Actions[lib.in.rt.cur.Action]))
	}
	return 1
}

// evCopy returns a table of all that the event holds; it can be kept.
func (lib *eventLib) evCopy(L *lua.LState) int {
	c := lib.ev(L)
	t := L.NewTable()
	for name, what := range schema.Meta {
		t.RawSetString(name, c.Meta(what))
	}
	old, changed := L.NewTable(), L.NewTable()
	mask := c.Ev.Changed()
	for i, f := range lib.in.rt.schema.Objects[c.Object].Fields {
		t.RawSetString(f.Name, c.Field(i).Lua(lib.in.rt.box))
		old.RawSetString(f.Name, c.Old(i).Lua(lib.in.rt.box))
		if mask.Has(i) {
			changed.RawSetString(f.Name, lua51.True)
		}
	}
	t.RawSetString("old", old)
	t.RawSetString("changed", changed)
	L.Push(t)
	return 1
}

// evFields returns an iterator over the names and values of the fields that
// the object has, in the schema's order.
func (lib *eventLib) evFields(L *lua.LState) int {
	lib.ev(L)
	self, i := L.Get(1), 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		L.SetTop(0)
		L.Push(self)
		c := lib.ev(L)
		fields := lib.in.rt.schema.Objects[c.Object].Fields
		for ; i < len(fields); i++ {
			if c.Field(i).Value.Kind != model.None {
				L.Push(lib.in.rt.box.String(fields[i].Name))
				L.Push(c.Field(i).Lua(lib.in.rt.box))
				i++
				return 2
			}
		}
		return 0
	}))
	return 1
}

// evAttribute returns the raw bytes of a netlink attribute as a string.
func (lib *eventLib) evAttribute(L *lua.LState) int {
	c := lib.ev(L)
	raw := c.Ev.Attribute(L.CheckInt(2))
	if raw == nil {
		L.Push(lua.LNil)
	} else {
		L.Push(lua.LString(raw))
	}
	return 1
}
