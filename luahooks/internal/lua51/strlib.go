package lua51

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// MaxString bounds every string that a script or a library function makes, in
// bytes.
const MaxString = 1 << 20

// textLib is the functions of string.
type textLib struct{ st *State }

func (lib textLib) functions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"byte":    lib.byte,
		"char":    strChar,
		"find":    lib.find,
		"format":  lib.format,
		"gmatch":  lib.gmatch,
		"gsub":    lib.gsub,
		"len":     func(L *lua.LState) int { return pushNumbers(L, float64(len(CheckText(L, 1)))) },
		"lower":   func(L *lua.LState) int { return lib.mapCase(L, isUpper) },
		"match":   lib.match,
		"rep":     lib.rep,
		"reverse": lib.reverse,
		"sub":     lib.sub,
		"upper":   func(L *lua.LState) int { return lib.mapCase(L, isLower) },
	}
}

// position converts an index that may count from the end.
func position(i, n int) int {
	if i < 0 {
		return max(0, i+n+1)
	}
	return i
}

func (lib textLib) byte(L *lua.LState) int {
	s := CheckText(L, 1)
	from := position(optInt(L, 2, 1), len(s))
	to := min(position(optInt(L, 3, from), len(s)), len(s))
	from = max(from, 1)
	if to-from >= MaxStack {
		L.RaiseError("string slice too long")
	}
	for i := from; i <= to; i++ {
		L.Push(lib.st.Box.Int(int64(s[i-1])))
	}
	return max(0, to-from+1)
}

func strChar(L *lua.LState) int {
	out := make([]byte, L.GetTop())
	for i := range out {
		c := CheckInt(L, i+1)
		if c != int(byte(c)) {
			ArgError(L, i+1, "invalid value")
		}
		out[i] = byte(c)
	}
	L.Push(lua.LString(out))
	return 1
}

// mapCase turns over the case of the ASCII letters of one case.
func (lib textLib) mapCase(L *lua.LState, of func(byte) bool) int {
	out := []byte(CheckText(L, 1))
	for i, c := range out {
		if of(c) {
			out[i] = c ^ 0x20
		}
	}
	L.Push(lib.st.text(string(out)))
	return 1
}

func (lib textLib) reverse(L *lua.LState) int {
	s := CheckText(L, 1)
	out := make([]byte, len(s))
	for i := range len(s) {
		out[len(s)-1-i] = s[i]
	}
	L.Push(lib.st.text(string(out)))
	return 1
}

func (lib textLib) sub(L *lua.LState) int {
	s := CheckText(L, 1)
	from := max(1, position(CheckInt(L, 2), len(s)))
	to := min(position(optInt(L, 3, -1), len(s)), len(s))
	if from > to {
		L.Push(Empty)
	} else {
		L.Push(lib.st.text(part(s, from-1, to)))
	}
	return 1
}

// part returns s[from:to] so that a few bytes do not keep a long string.
func part(s string, from, to int) string {
	if to-from < len(s)/2 {
		return strings.Clone(s[from:to])
	}
	return s[from:to]
}

func (lib textLib) rep(L *lua.LState) int {
	s, n := CheckText(L, 1), int(int32(CheckInt(L, 2))) // an int of C
	if n <= 0 || s == "" {
		L.Push(Empty)
		return 1
	}
	if n > MaxString/len(s) {
		n = MaxString/len(s) + 1
	}
	lib.st.grow(L, n*len(s))
	L.Push(lib.st.text(strings.Repeat(s, n)))
	return 1
}

// subject returns a function's first two arguments, ready to match.
func (st *State) subject(L *lua.LState) *matcher {
	s, p := CheckText(L, 1), CheckText(L, 2)
	st.matcher.reset(s, p)
	return &st.matcher
}

// search looks for a match at or behind init. It returns start -1 if there is none.
func search(L *lua.LState, m *matcher, init int) (start, end int) {
	p := 0
	anchored := m.pat != "" && m.pat[0] == '^'
	if anchored {
		p = 1
	}
	for s := init; s <= len(m.src); s++ {
		end, err := m.at(s, p)
		if err != nil {
			L.RaiseError("%s", err.Error())
		}
		if end >= 0 {
			return s, end
		}
		if anchored {
			break
		}
	}
	return -1, -1
}

// startIndex converts the third argument to an offset.
func startIndex(L *lua.LState, n int) int {
	return min(max(0, position(optInt(L, 3, 1), n)-1), n)
}

func (lib textLib) find(L *lua.LState) int {
	m := lib.st.subject(L)
	init := startIndex(L, len(m.src))
	if lua.LVAsBool(L.Get(4)) || !strings.ContainsAny(m.pat, "^$*+?.([%-") {
		return lib.findPlain(L, m.src, m.pat, init)
	}
	start, end := search(L, m, init)
	if start < 0 {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lib.st.Box.Int(int64(start + 1)))
	L.Push(lib.st.Box.Int(int64(end)))
	return 2 + pushCaptures(L, m, -1, 0)
}

func (lib textLib) findPlain(L *lua.LState, s, sub string, init int) int {
	i := strings.Index(s[init:], sub)
	if i < 0 {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lib.st.Box.Int(int64(init + i + 1)))
	L.Push(lib.st.Box.Int(int64(init + i + len(sub))))
	return 2
}

func (lib textLib) match(L *lua.LState) int {
	m := lib.st.subject(L)
	start, end := search(L, m, startIndex(L, len(m.src)))
	if start < 0 {
		L.Push(lua.LNil)
		return 1
	}
	return pushCaptures(L, m, start, end)
}

// pushCaptures pushes all captures; the whole match if there are none and
// start is not -1.
func pushCaptures(L *lua.LState, m *matcher, start, end int) int {
	if m.level == 0 && start >= 0 {
		L.Push(lua.LString(part(m.src, start, end)))
		return 1
	}
	for i := range m.level {
		L.Push(m.value(L, i))
	}
	return m.level
}

// value returns capture i.
func (m *matcher) value(L *lua.LState, i int) lua.LValue {
	c := m.capture[i]
	if c.length == capUnfinished {
		L.RaiseError("unfinished capture")
	}
	if c.length == capPosition {
		return lua.LNumber(c.start + 1)
	}
	return lua.LString(part(m.src, c.start, c.start+c.length))
}

func (lib textLib) gmatch(L *lua.LState) int {
	m := lib.st.subject(L)
	at := 0
	// The subject is an upvalue, where what the script holds is measured.
	L.Push(L.NewClosure(func(L *lua.LState) int {
		m := &lib.st.matcher
		src, _ := L.Get(lua.UpvalueIndex(1)).(lua.LString)
		pat, _ := L.Get(lua.UpvalueIndex(2)).(lua.LString)
		m.reset(string(src), string(pat))
		for s := at; s <= len(src); s++ {
			end, err := m.at(s, 0)
			if err != nil {
				L.RaiseError("%s", err.Error())
			}
			if end < 0 {
				continue
			}
			at = end
			if end == s {
				at++ // an empty match: go on behind it
			}
			return pushCaptures(L, m, s, end)
		}
		return 0
	}, lua.LString(m.src), lua.LString(m.pat)))
	return 1
}
