package luahooks

import (
	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/event"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"
)

// snapshot is a copy of one object of the mirror: a script may keep it.
type snapshot struct {
	object int
	have   bitset.Set    // the fields that the object has
	values []model.Value // of these, in their order
}

func (lib *mirrorLib) snap(object int, r model.Row) *lua.LUserData {
	s := &snapshot{object: object}
	for i := range lib.in.rt.schema.Objects[object].Fields {
		if v := r.Field(i); v.Kind != model.None {
			s.have.Add(i)
			s.values = append(s.values, v)
		}
	}
	return &lua.LUserData{Value: s, Metatable: lib.rowMeta}
}

// Held implements lua51.Holder.
func (s *snapshot) Held() int {
	n := 64 + 40*cap(s.values)
	for i := range s.values {
		n += len(s.values[i].Str)
	}
	return n
}

// field returns field i.
func (s *snapshot) field(i int) model.Value {
	if !s.have.Has(i) {
		return model.Value{}
	}
	return s.values[s.have.Below(i)]
}

// make makes the metatable of snapshots.
func (lib *mirrorLib) make(in *instance) {
	lib.in = in
	lib.rowMeta = lib.in.L.NewTable()
	fields := lib.in.L.NewFunction(lib.rowFields)
	lib.rowMeta.RawSetString("__index", lib.in.L.NewFunction(func(L *lua.LState) int {
		s, name := lib.row(L), L.CheckString(2)
		if name == "fields" {
			L.Push(fields)
			return 1
		}
		L.Push(lib.rowField(L, s, name))
		return 1
	}))
	lib.rowMeta.RawSetString("__newindex", lib.in.L.NewFunction(lua51.RefuseWrite))
}

func (lib *mirrorLib) row(L *lua.LState) *snapshot {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if s, ok := ud.Value.(*snapshot); ok {
			return s
		}
	}
	L.ArgError(1, "object of the mirror expected (call methods as row:name())")
	return nil
}

func (lib *mirrorLib) rowField(L *lua.LState, s *snapshot, name string) lua.LValue {
	x := lib.in.rt.schema
	if name == "object" {
		return lib.in.rt.box.String(x.Objects[s.object].Name)
	}
	i, ok := x.Fields[s.object][name]
	if !ok {
		L.RaiseError("%s has no field %q; %s", schema.Article(x.Objects[s.object].Name), name, choices.There(name, x.FieldNames([]int{s.object})))
	}
	return event.ToLua(lib.in.rt.box, s.field(i))
}

// rowFields is row:fields(): names and values of the fields that it has.
func (lib *mirrorLib) rowFields(L *lua.LState) int {
	s, i := lib.row(L), 0
	fields := lib.in.rt.schema.Objects[s.object].Fields
	L.Push(lua51.Holding(L, s, func(L *lua.LState) int {
		for ; i < len(fields); i++ {
			if v := s.field(i); v.Kind != model.None {
				L.Push(lib.in.rt.box.String(fields[i].Name))
				L.Push(event.ToLua(lib.in.rt.box, v))
				i++
				return 2
			}
		}
		return 0
	}))
	return 1
}

// members has nl.json.encode write snapshots (library.Members).
func (lib *mirrorLib) members(v any, member func(string, lua.LValue) error) (bool, error) {
	s, ok := v.(*snapshot)
	if !ok {
		return false, nil
	}
	for i, f := range lib.in.rt.schema.Objects[s.object].Fields {
		if v := s.field(i); v.Kind != model.None {
			if err := member(f.Name, event.ToLua(lib.in.rt.box, v)); err != nil {
				return true, err
			}
		}
	}
	return true, nil
}
