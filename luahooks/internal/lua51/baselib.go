package lua51

import (
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// baseLib is the global functions.
type baseLib struct{ st *State }

// functions is Lua 5.1's base library without what loads code or reads files.
func (lib baseLib) functions(require lua.LGFunction) map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"assert":       lib.assert,
		"error":        lib.st.baseError,
		"getmetatable": baseGetMetatable,
		"ipairs":       lib.ipairs,
		"next":         lib.next,
		"pairs":        lib.pairs,
		"pcall":        lib.st.pcall,
		"print":        lib.print,
		"rawequal":     baseRawEqual,
		"rawget":       baseRawGet,
		"rawset":       lib.rawSet,
		"require":      require,
		"select":       baseSelect,
		"setmetatable": baseSetMetatable,
		"tonumber":     baseToNumber,
		"tostring":     lib.toString,
		"type":         baseType,
		"unpack":       baseUnpack,
		"xpcall":       lib.st.xpcall,
	}
}

func (lib baseLib) assert(L *lua.LState) int {
	if lua.LVAsBool(checkAny(L, 1)) {
		return L.GetTop()
	}
	L.RaiseError("%s", optText(L, 2, "assertion failed!"))
	return 0
}

// baseGetMetatable only shows the metatables of tables: those of strings and
// of the sandbox's own values are out of reach.
func baseGetMetatable(L *lua.LState) int {
	t, ok := checkAny(L, 1).(*lua.LTable)
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	if shown := metamethod(t, "__metatable"); shown != lua.LNil {
		L.Push(shown)
		return 1
	}
	L.Push(t.Metatable)
	return 1
}

// baseSetMetatable only changes tables: the metatable of strings is shared by
// all of them.
func baseSetMetatable(L *lua.LState) int {
	t := CheckTable(L, 1)
	if _, ok := L.Get(2).(*lua.LTable); !ok && (L.Get(2) != lua.LNil || L.GetTop() < 2) {
		ArgError(L, 2, "nil or table expected")
	}
	if metamethod(t, "__metatable") != lua.LNil {
		L.RaiseError("cannot change a protected metatable")
	}
	t.Metatable = L.Get(2)
	L.SetTop(1)
	return 1
}

func baseRawEqual(L *lua.LState) int {
	L.Push(BoxBool(L.RawEqual(checkAny(L, 1), checkAny(L, 2))))
	return 1
}

func baseRawGet(L *lua.LState) int {
	t := CheckTable(L, 1)
	L.Push(t.RawGet(checkAny(L, 2)))
	return 1
}

func (lib baseLib) rawSet(L *lua.LState) int {
	t, k, v := CheckTable(L, 1), checkAny(L, 2), checkAny(L, 3)
	if n, ok := k.(lua.LNumber); ok && n != n {
		lib.st.throw(L, lua.LString("table index is NaN"))
	} else if k == lua.LNil {
		lib.st.throw(L, lua.LString("table index is nil"))
	}
	L.RawSet(t, k, v)
	L.SetTop(1)
	return 1
}

func baseSelect(L *lua.LState) int {
	top := L.GetTop()
	if s, ok := L.Get(1).(lua.LString); ok && strings.HasPrefix(string(s), "#") {
		L.Push(lua.LNumber(top - 1))
		return 1
	}
	n := int(int32(CheckInt(L, 1))) // an int of C
	if n < 0 {
		n += top
	} else if n > top {
		n = top
	}
	if n < 1 {
		ArgError(L, 1, "index out of range")
	}
	return top - n
}

func baseToNumber(L *lua.LState) int {
	base := optInt(L, 2, 10)
	if base == 10 {
		if f, ok := ToNumber(checkAny(L, 1)); ok {
			L.Push(lua.LNumber(f))
		} else {
			L.Push(lua.LNil)
		}
		return 1
	}
	s := CheckText(L, 1)
	if base < 2 || base > 36 {
		ArgError(L, 2, "base out of range")
	}
	if f, ok := parseUnsigned(s, base); ok {
		L.Push(lua.LNumber(f))
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

// parseUnsigned is C's strtoul: a minus sign wraps around, what is too large is
// the largest number.
func parseUnsigned(s string, base int) (float64, bool) {
	if i := strings.IndexByte(s, 0); i >= 0 {
		s = s[:i]
	}
	s = strings.Trim(s, spaces)
	digits := strings.TrimPrefix(s, "-")
	negative := digits != s
	if !negative {
		digits = strings.TrimPrefix(s, "+")
	}
	if base == 16 && len(digits) > 2 && (digits[:2] == "0x" || digits[:2] == "0X") {
		digits = digits[2:]
	}
	var n uint64
	over := false
	for i := range len(digits) {
		d := digitOf(digits[i])
		if d >= base {
			return 0, false
		}
		over = over || n > (math.MaxUint64-uint64(d))/uint64(base)
		n = n*uint64(base) + uint64(d)
	}
	switch {
	case over:
		n = math.MaxUint64
	case negative:
		n = -n
	}
	return float64(n), digits != ""
}

func digitOf(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case isAlpha(c):
		return int(c|0x20-'a') + 10
	}
	return 99
}

func (lib baseLib) toString(L *lua.LState) int {
	L.Push(lib.st.ToString(L, checkAny(L, 1)))
	return 1
}

// ToString is tostring(v).
func (st *State) ToString(L *lua.LState, v lua.LValue) lua.LValue {
	switch v := v.(type) {
	case lua.LString:
		return v
	case lua.LNumber:
		return st.Box.String(FormatNumber(float64(v)))
	}
	if fn := metamethod(v, "__tostring"); fn != lua.LNil {
		return call(L, fn, v)
	}
	if TypeOf(v) == "table" {
		return lua.LString(fmt.Sprintf("table: %p", v)) // a read-only one
	}
	return lua.LString(v.String())
}

func baseType(L *lua.LState) int {
	L.Push(lua.LString(TypeOf(checkAny(L, 1))))
	return 1
}

func (lib baseLib) ipairs(L *lua.LState) int {
	ReadTable(L, 1)
	L.Push(lib.st.ipairsNext)
	L.Push(L.Get(1))
	L.Push(lib.st.Box.Int(0))
	return 3
}

func (lib baseLib) ipairsStep(L *lua.LState) int {
	t, i := ReadTable(L, 1), CheckInt(L, 2)+1
	v := item(t, i)
	if v == lua.LNil {
		return 0
	}
	L.Push(lib.st.Box.Int(int64(i)))
	L.Push(v)
	return 2
}

func (lib baseLib) pairs(L *lua.LState) int {
	ReadTable(L, 1)
	L.Push(lib.st.pairsNext)
	L.Push(L.Get(1))
	L.Push(lua.LNil)
	return 3
}

func (lib baseLib) next(L *lua.LState) int {
	t := ReadTable(L, 1)
	if !hasKey(t, L.Get(2)) {
		lib.st.throw(L, lua.LString("invalid key to 'next'"))
	}
	k, v := t.Next(L.Get(2))
	L.Push(k)
	if k == lua.LNil {
		return 1
	}
	L.Push(v)
	return 2
}

func baseUnpack(L *lua.LState) int {
	t := ReadTable(L, 1)
	from := optInt(L, 2, 1)
	to := optInt(L, 3, Len(t))
	if to >= from && (to-from >= MaxStack || to-from < 0) {
		L.RaiseError("too many results to unpack")
	}
	for i := from; i <= to; i++ {
		L.Push(item(t, i))
	}
	return max(0, to-from+1)
}

// maxPrint is where print stops adding its arguments, in bytes.
const maxPrint = 1000

// print hands its text to the host: standard output is not for scripts.
func (lib baseLib) print(L *lua.LState) int {
	var b strings.Builder
	for i := range L.GetTop() {
		if i > 0 {
			b.WriteByte('\t')
		}
		s, ok := toText(lib.st.ToString(L, L.Get(i+1)))
		if !ok {
			L.RaiseError("'tostring' must return a string to 'print'")
		}
		if b.Len() < maxPrint {
			b.WriteString(s)
		}
	}
	lib.st.say(L, b.String())
	return 0
}
