package lua51

import (
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// The functions that the corrector puts in place of operators, as globals that
// no script can spell.
const (
	opConcat = "(concat)"
	opLen    = "(len)"
	opMod    = "(mod)"
	opBound  = "(bound)"
	opAppend = "(append)"
)

// operatorLib is what operators do where gopher-lua does otherwise, and the
// messages of those that fail.
type operatorLib struct{ st *State }

func (lib operatorLib) functions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		opConcat: lib.concat, opLen: lib.length, opMod: lib.mod, opBound: bound, opAppend: appendItems,
	}
}

// concat is a .. b .. c: from the right, in one piece as far as there are
// strings and numbers.
func (lib operatorLib) concat(L *lua.LState) int {
	n := L.GetTop()
	right, at := L.Get(n), n-1 // at: the operand that right is, if it is one
	for n--; n > 0; {
		text, ok := toText(right)
		left, also := toText(L.Get(n))
		if !ok || !also {
			right = lib.metaConcat(L, n-1, L.Get(n), at, right)
			n, at = n-1, -1
			continue
		}
		first, size := n, len(text)+len(left)
		for first > 1 {
			more, ok := toText(L.Get(first - 1))
			if !ok {
				break
			}
			size += len(more)
			first--
		}
		lib.st.grow(L, size)
		var b strings.Builder
		b.Grow(size)
		for i := first; i <= n; i++ {
			s, _ := toText(L.Get(i))
			b.WriteString(s)
		}
		b.WriteString(text)
		right, n, at = lib.st.text(b.String()), first-1, -1
	}
	L.Push(right)
	return 1
}

func (lib operatorLib) metaConcat(L *lua.LState, atA int, a lua.LValue, atB int, b lua.LValue) lua.LValue {
	fn := metamethod(a, "__concat")
	if fn == lua.LNil {
		fn = metamethod(b, "__concat")
	}
	if fn == lua.LNil {
		if _, ok := toText(a); ok {
			a, atA = b, atB
		}
		lib.st.badOperand(L, "concatenate", atA, a)
	}
	return call(L, fn, a, b)
}

// metamethod returns a table's or userdata's metamethod, or nil.
func metamethod(v lua.LValue, event string) lua.LValue {
	var meta lua.LValue
	switch v := v.(type) {
	case *lua.LTable:
		meta = v.Metatable
	case *lua.LUserData:
		meta = v.Metatable
	}
	if t, ok := meta.(*lua.LTable); ok {
		return t.RawGetString(event)
	}
	return lua.LNil
}

// call calls a value and returns its first result.
func call(L *lua.LState, fn lua.LValue, args ...lua.LValue) lua.LValue {
	L.Push(fn)
	for _, a := range args {
		L.Push(a)
	}
	L.Call(len(args), 1)
	v := L.Get(-1)
	L.Pop(1)
	return v
}

// length is #v. Lua 5.1 asks no __len of a table.
func (lib operatorLib) length(L *lua.LState) int {
	switch v := L.Get(1).(type) {
	case lua.LString:
		L.Push(lib.st.Box.Int(int64(len(v))))
	case *lua.LTable:
		L.Push(lib.st.Box.Int(int64(Len(v))))
	default:
		fn := metamethod(v, "__len")
		if fn == lua.LNil {
			lib.st.badOperand(L, "get length of", 0, v)
		}
		L.Push(call(L, fn, v))
	}
	return 1
}

// Len returns #t. gopher-lua only counts up to maxArrayIndex.
func Len(t *lua.LTable) int {
	n := t.Len()
	if n < maxArrayIndex-1 {
		return n
	}
	at := func(i int) lua.LValue { return t.RawGet(lua.LNumber(i)) }
	step := n
	for at(n+step) != lua.LNil {
		n, step = n+step, 2*step
	}
	for step > 1 { // at(n) is there, at(n+step) is not
		step = (step + 1) / 2
		if at(n+step) != lua.LNil {
			n += step
		}
	}
	if at(n+1) != lua.LNil {
		n++
	}
	return n
}

// mod is a % b with the rounding of Lua 5.1, which C's fmod has not.
func (lib operatorLib) mod(L *lua.LState) int {
	modulo := func(a, b float64) float64 { return a - math.Floor(a/b)*b }
	a, ok := L.Get(1).(lua.LNumber)
	b, also := L.Get(2).(lua.LNumber)
	if ok && also {
		L.Push(lib.st.Box.Float(modulo(float64(a), float64(b))))
	} else {
		L.Push(lib.arith(L, "__mod", L.Get(1), L.Get(2), modulo))
	}
	return 1
}

// arith computes with numbers, strings that are numbers, or by a metamethod.
func (lib operatorLib) arith(L *lua.LState, event string, a, b lua.LValue, op func(a, b float64) float64) lua.LValue {
	x, ok := ToNumber(a)
	y, also := ToNumber(b)
	if ok && also {
		return lua.LNumber(op(x, y))
	}
	fn := metamethod(a, event)
	if fn == lua.LNil {
		fn = metamethod(b, event)
	}
	if fn == lua.LNil {
		at := 0
		if ok {
			a, at = b, 1
		}
		lib.st.badOperand(L, "perform arithmetic on", at, a)
	}
	return call(L, fn, a, b)
}

// bound is what a numeric loop begins, ends or goes on with.
func bound(L *lua.LState) int {
	f, ok := ToNumber(L.Get(1))
	if !ok {
		what := "'for' " + L.Get(2).String()
		if L.Get(2) != lua.LString("limit") && L.Get(2) != lua.LString("step") {
			what += " value"
		}
		L.RaiseError("%s must be a number", what)
	}
	L.Push(lua.LNumber(f))
	return 1
}

// appendItems puts the last items of a constructor behind the first n.
func appendItems(L *lua.LState) int {
	t, n := L.Get(1).(*lua.LTable), int(L.Get(2).(lua.LNumber))
	for i := 3; i <= L.GetTop(); i++ {
		t.RawSetInt(n+i-2, L.Get(i))
	}
	L.SetTop(1)
	return 1
}

// stringArith makes the metamethods by which gopher-lua computes with strings.
func (lib operatorLib) stringArith(meta *lua.LTable) {
	for event, op := range map[string]func(a, b float64) float64{
		"__add": func(a, b float64) float64 { return a + b },
		"__sub": func(a, b float64) float64 { return a - b },
		"__mul": func(a, b float64) float64 { return a * b },
		"__div": func(a, b float64) float64 { return a / b },
		"__pow": math.Pow,
	} {
		meta.RawSetString(event, lib.st.L.NewFunction(func(L *lua.LState) int {
			L.Push(lib.arith(L, event, L.Get(1), L.Get(2), op))
			return 1
		}))
	}
	meta.RawSetString("__unm", lib.st.L.NewFunction(func(L *lua.LState) int {
		L.Push(lib.arith(L, "__unm", L.Get(1), L.Get(1), func(a, _ float64) float64 { return -a }))
		return 1
	}))
}

// typeErrors makes a metatable for a type that is no table, so that an error
// names what was called or negated.
func (lib operatorLib) typeErrors(callable bool) *lua.LTable {
	meta := lib.st.L.CreateTable(0, 2)
	meta.RawSetString("__unm", lib.st.L.NewFunction(func(L *lua.LState) int {
		lib.st.badOperand(L, "perform arithmetic on", 0, L.Get(1))
		return 0
	}))
	if callable {
		return meta
	}
	meta.RawSetString("__call", lib.st.L.NewFunction(func(L *lua.LState) int {
		_, p := lib.st.site(L)
		kind := TypeOf(L.Get(1))
		L.RaiseError("%s", "attempt to call "+named(p.call, kind)+lib.st.hintOf(p, kind))
		return 0
	}))
	return meta
}
