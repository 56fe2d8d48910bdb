package lua51

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func baseAssert(L *lua.LState) int {
	if lua.LVAsBool(L.CheckAny(1)) {
		return L.GetTop()
	}
	if L.GetTop() < 2 {
		L.RaiseError("assertion failed!")
	}
	L.Error(L.Get(2), 1)
	return 0
}

// baseGetMetatable only shows the metatables of tables: those of strings and
// of the sandbox's own values are out of reach.
func baseGetMetatable(L *lua.LState) int {
	t, ok := L.CheckAny(1).(*lua.LTable)
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	if meta, ok := t.Metatable.(*lua.LTable); ok {
		if shown := meta.RawGetString("__metatable"); shown != lua.LNil {
			L.Push(shown)
			return 1
		}
	}
	L.Push(t.Metatable)
	return 1
}

// baseSetMetatable only changes tables: the metatable of strings is shared by
// all of them.
func baseSetMetatable(L *lua.LState) int {
	t := L.CheckTable(1)
	L.CheckTypes(2, lua.LTNil, lua.LTTable)
	if meta, ok := t.Metatable.(*lua.LTable); ok && meta.RawGetString("__metatable") != lua.LNil {
		L.RaiseError("cannot change a protected metatable")
	}
	t.Metatable = L.Get(2)
	L.SetTop(1)
	return 1
}

func baseType(L *lua.LState) int {
	L.Push(lua.LString(TypeOf(L.CheckAny(1))))
	return 1
}

func (st *State) baseIpairs(L *lua.LState) int {
	ReadTable(L, 1)
	L.Push(st.ipairsNext)
	L.Push(L.Get(1))
	L.Push(st.Box.Int(0))
	return 3
}

func (st *State) ipairsStep(L *lua.LState) int {
	t, i := ReadTable(L, 1), L.CheckInt(2)+1
	v := t.RawGetInt(i)
	if v == lua.LNil {
		return 0
	}
	L.Push(st.Box.Int(int64(i)))
	L.Push(v)
	return 2
}

func (st *State) basePairs(L *lua.LState) int {
	ReadTable(L, 1)
	L.Push(st.pairsNext)
	L.Push(L.Get(1))
	L.Push(lua.LNil)
	return 3
}

func (st *State) pairsStep(L *lua.LState) int {
	k, v := ReadTable(L, 1).Next(L.Get(2))
	if k == lua.LNil {
		return 0
	}
	L.Push(k)
	L.Push(v)
	return 2
}

func (st *State) baseNext(L *lua.LState) int {
	k, v := ReadTable(L, 1).Next(L.Get(2))
	if k == lua.LNil {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(k)
	L.Push(v)
	return 2
}

func (st *State) baseUnpack(L *lua.LState) int {
	t := ReadTable(L, 1)
	from, to := L.OptInt(2, 1), L.OptInt(3, t.Len())
	if to-from >= registrySize {
		L.RaiseError("too many results to unpack")
	}
	for i := from; i <= to; i++ {
		L.Push(t.RawGetInt(i))
	}
	return max(0, to-from+1)
}

// maxPrint is where print stops adding its arguments, in bytes.
const maxPrint = 1000

// basePrint logs: standard output is the metric stream.
func (st *State) basePrint(L *lua.LState) int {
	var b strings.Builder
	for i := range L.GetTop() {
		if i > 0 {
			b.WriteByte('\t')
		}
		if b.Len() < maxPrint {
			b.WriteString(L.ToStringMeta(L.Get(i + 1)).String())
		}
	}
	st.print(L, b.String())
	return 0
}

func (st *State) tableConcat(L *lua.LState) int {
	t, sep := ReadTable(L, 1), L.OptString(2, "")
	from, to := L.OptInt(3, 1), L.OptInt(4, t.Len())
	var out []byte
	for i := from; i <= to; i++ {
		v := t.RawGetInt(i)
		if !lua.LVCanConvToString(v) {
			L.RaiseError("invalid value (%s) at index %d in table for concat", TypeOf(v), i)
		}
		s := lua.LVAsString(v)
		if len(out)+len(s)+len(sep) > MaxString {
			L.RaiseError("table.concat: result over %d bytes", MaxString)
		}
		out = append(out, s...)
		if i < to {
			out = append(out, sep...)
		}
	}
	L.Push(lua.LString(out))
	return 1
}
