package lua51

import (
	"maps"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// EachPair calls fn for the pairs of a table in the order in which they were
// set, until it returns an error.
func EachPair(t *lua.LTable, fn func(k, v lua.LValue) error) error {
	for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
		if err := fn(k, v); err != nil {
			return err
		}
	}
	return nil
}

// MethodTable makes the metatable of values with methods; what names them in
// messages.
func (st *State) MethodTable(what string, methods map[string]lua.LGFunction) *lua.LTable {
	t := st.L.CreateTable(0, len(methods))
	for name, fn := range methods {
		t.RawSetString(name, st.L.NewFunction(fn))
	}
	missing := st.L.CreateTable(0, 1)
	missing.RawSetString("__index", st.L.NewFunction(func(L *lua.LState) int {
		L.RaiseError("%s has no %q; there are: %s", what, L.Get(2).String(), strings.Join(slices.Sorted(maps.Keys(methods)), ", "))
		return 0
	}))
	t.Metatable = missing
	meta := st.L.CreateTable(0, 2)
	meta.RawSetString("__index", t)
	meta.RawSetString("__newindex", st.L.NewFunction(func(L *lua.LState) int {
		L.RaiseError("cannot set %q of %s", L.Get(2).String(), what)
		return 0
	}))
	return meta
}

// Holding is a function of the library that keeps something alive for as long
// as a script keeps it, where the meter of memory finds it.
func Holding(L *lua.LState, what Holder, fn lua.LGFunction) *lua.LFunction {
	return L.NewClosure(fn, &lua.LUserData{Value: what, Metatable: lua.LNil})
}
