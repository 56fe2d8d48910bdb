package lua51

import (
	"fmt"
	"maps"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// frozen is a read-only table: a userdata whose metatable reads through to a
// table that no script can reach. type() calls it a table, and pairs, ipairs,
// next, unpack, table.concat and # look into it.
type frozen struct{ table *lua.LTable }

// Freeze returns a read-only view of t.
func (st *State) Freeze(t *lua.LTable) *lua.LUserData {
	meta := st.L.CreateTable(0, 3)
	meta.RawSetString("__index", t)
	meta.RawSetString("__newindex", st.L.NewFunction(RefuseWrite))
	meta.RawSetString("__len", st.L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LNumber(Len(t)))
		return 1
	}))
	return &lua.LUserData{Value: &frozen{t}, Metatable: meta}
}

// RefuseWrite is a __newindex that raises an error.
func RefuseWrite(L *lua.LState) int {
	L.RaiseError("cannot set %q: the table is read-only", L.Get(2).String())
	return 0
}

// ReadTable returns argument n, a table or a read-only one.
func ReadTable(L *lua.LState, n int) *lua.LTable {
	if t := TableOf(L.Get(n)); t != nil {
		return t
	}
	typeError(L, n, "table")
	return nil
}

// TableOf returns the table behind a value, nil if it is none.
func TableOf(v lua.LValue) *lua.LTable {
	switch v := v.(type) {
	case *lua.LTable:
		return v
	case *lua.LUserData:
		if f, ok := v.Value.(*frozen); ok {
			return f.table
		}
	}
	return nil
}

// TypeOf is type() of the sandbox.
func TypeOf(v lua.LValue) string {
	if ud, ok := v.(*lua.LUserData); ok {
		if _, ok := ud.Value.(*frozen); ok {
			return "table"
		}
	}
	return v.Type().String()
}

// ToLua converts configuration and decoded JSON: maps, slices, strings,
// numbers and booleans; maps and slices become read-only if frozen is set.
func (st *State) ToLua(v any, frozen bool) lua.LValue {
	var t *lua.LTable
	switch v := v.(type) {
	case nil:
		return lua.LNil
	case string:
		return lua.LString(v)
	case bool:
		return BoxBool(v)
	case float64:
		return lua.LNumber(v)
	case int64:
		return lua.LNumber(v)
	case int:
		return lua.LNumber(v)
	case map[string]any:
		t = st.L.CreateTable(0, 0)
		for _, k := range slices.Sorted(maps.Keys(v)) {
			t.RawSetString(k, st.ToLua(v[k], frozen))
		}
	case []any:
		t = st.L.CreateTable(0, 0)
		for i, x := range v {
			t.RawSetInt(i+1, st.ToLua(x, frozen))
		}
	case []map[string]any:
		t = st.L.CreateTable(0, 0)
		for i, x := range v {
			t.RawSetInt(i+1, st.ToLua(x, frozen))
		}
	default:
		return lua.LString(fmt.Sprint(v)) // TOML dates
	}
	if frozen {
		return st.Freeze(t)
	}
	return t
}
