package luahooks

import (
	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// snapshot is a copy of one object of the mirror: a script may keep it.
type snapshot struct {
	object int
	have   FieldSet // the fields that the object has
	values []Value  // of these, in their order
}

func (in *instance) snap(object int, r Row) *lua.LUserData {
	s := &snapshot{object: object}
	for i := range in.rt.schema.Objects[object].Fields {
		if v := r.Field(i); v.Kind != None {
			s.have.Add(i)
			s.values = append(s.values, v)
		}
	}
	return &lua.LUserData{Value: s, Metatable: in.rowMeta}
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
func (s *snapshot) field(i int) Value {
	if !s.have.Has(i) {
		return Value{}
	}
	return s.values[s.have.Below(i)]
}

// rowTypes makes the metatable of snapshots.
func (in *instance) rowTypes() {
	in.rowMeta = in.L.NewTable()
	fields := in.L.NewFunction(in.rowFields)
	in.rowMeta.RawSetString("__index", in.L.NewFunction(func(L *lua.LState) int {
		s, name := in.row(L), L.CheckString(2)
		if name == "fields" {
			L.Push(fields)
			return 1
		}
		L.Push(in.rowField(L, s, name))
		return 1
	}))
	in.rowMeta.RawSetString("__newindex", in.L.NewFunction(lua51.RefuseWrite))
}

func (in *instance) row(L *lua.LState) *snapshot {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if s, ok := ud.Value.(*snapshot); ok {
			return s
		}
	}
	L.ArgError(1, "object of the mirror expected (call methods as row:name())")
	return nil
}

func (in *instance) rowField(L *lua.LState, s *snapshot, name string) lua.LValue {
	x := in.rt.schema
	if name == "object" {
		return in.rt.objectBoxes[s.object]
	}
	i, ok := x.fields[s.object][name]
	if !ok {
		L.RaiseError("%s has no field %q; %s", article(x.Objects[s.object].Name), name, there(name, x.fieldNames([]int{s.object})))
	}
	return boxValue(in.rt.box, s.field(i))
}

// rowFields is row:fields(): names and values of the fields that it has.
func (in *instance) rowFields(L *lua.LState) int {
	s, i := in.row(L), 0
	fields := in.rt.schema.Objects[s.object].Fields
	L.Push(L.NewFunction(func(L *lua.LState) int {
		for ; i < len(fields); i++ {
			if v := s.field(i); v.Kind != None {
				L.Push(in.rt.box.String(fields[i].Name))
				L.Push(boxValue(in.rt.box, v))
				i++
				return 2
			}
		}
		return 0
	}))
	return 1
}

// members has nl.json.encode write snapshots (library.Members).
func (in *instance) members(v any, member func(string, lua.LValue) error) (bool, error) {
	s, ok := v.(*snapshot)
	if !ok {
		return false, nil
	}
	for i, f := range in.rt.schema.Objects[s.object].Fields {
		if v := s.field(i); v.Kind != None {
			if err := member(f.Name, boxValue(in.rt.box, v)); err != nil {
				return true, err
			}
		}
	}
	return true, nil
}
