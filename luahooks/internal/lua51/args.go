// Package lua51 is the language of the scripts: it checks their source, brings
// what gopher-lua would compile wrongly into a form that it compiles rightly,
// has Lua 5.1's libraries, and bounds what a script may take. A State belongs to
// one goroutine at a time.
package lua51

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// The arguments of library functions, with the messages of Lua 5.1.

// ArgError raises an error about argument n.
func ArgError(L *lua.LState, n int, format string, args ...any) {
	L.ArgError(n, fmt.Sprintf(format, args...)) // state.raise rewrites it
}

func typeError(L *lua.LState, n int, want string) {
	got := "no value"
	if n <= L.GetTop() {
		got = TypeOf(L.Get(n))
	}
	ArgError(L, n, "%s expected, got %s", want, got)
}

// CheckText returns argument n, a string or a number.
func CheckText(L *lua.LState, n int) string {
	s, ok := toText(L.Get(n))
	if !ok {
		typeError(L, n, "string")
	}
	return s
}

func optText(L *lua.LState, n int, otherwise string) string {
	if L.Get(n) == lua.LNil {
		return otherwise
	}
	return CheckText(L, n)
}

// CheckNumber returns argument n, a number or a string that is one.
func CheckNumber(L *lua.LState, n int) float64 {
	f, ok := ToNumber(L.Get(n))
	if !ok {
		typeError(L, n, "number")
	}
	return f
}

// CheckInt returns argument n as C would convert it to an int of 64 bits.
func CheckInt(L *lua.LState, n int) int { return int(ToInt(CheckNumber(L, n))) }

func optInt(L *lua.LState, n, otherwise int) int {
	if L.Get(n) == lua.LNil {
		return otherwise
	}
	return CheckInt(L, n)
}

func checkAny(L *lua.LState, n int) lua.LValue {
	if n > L.GetTop() {
		ArgError(L, n, "value expected")
	}
	return L.Get(n)
}

// CheckTable returns argument n, a table that may be changed.
func CheckTable(L *lua.LState, n int) *lua.LTable {
	t, ok := L.Get(n).(*lua.LTable)
	if !ok && TableOf(L.Get(n)) != nil {
		ArgError(L, n, "the table is read-only")
	} else if !ok {
		typeError(L, n, "table")
	}
	return t
}

func checkFunction(L *lua.LState, n int) *lua.LFunction {
	f, ok := L.Get(n).(*lua.LFunction)
	if !ok {
		typeError(L, n, "function")
	}
	return f
}
