package lua51

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// MaxString bounds every string that a library function makes, in bytes.
const MaxString = 1 << 20

// maxSubject bounds what patterns and regular expressions are matched against.
const maxSubject = 1 << 20

// stringLib replaces those functions of gopher-lua's string library that can
// allocate without bound or run without end.
func (st *State) stringLib() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"find":   st.strFind,
		"match":  st.strMatch,
		"gmatch": st.strGmatch,
		"gsub":   st.strGsub,
		"format": strFormat,
		"rep":    strRep,
	}
}

func strRep(L *lua.LState) int {
	s, n := L.CheckString(1), L.CheckInt(2)
	if n <= 0 || s == "" {
		L.Push(Empty)
		return 1
	}
	if n > MaxString/len(s) {
		L.RaiseError("string.rep: result over %d bytes", MaxString)
	}
	L.Push(lua.LString(strings.Repeat(s, n)))
	return 1
}

// subject returns a function's first two arguments, ready to match.
func (st *State) subject(L *lua.LState) *matcher {
	s, p := L.CheckString(1), L.CheckString(2)
	if len(s) > maxSubject {
		L.RaiseError("string over %d bytes", maxSubject)
	}
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

// startIndex converts Lua's optional third argument to an offset; -1 if it is
// behind the end.
func startIndex(L *lua.LState, n int) int {
	init := L.OptInt(3, 1)
	switch {
	case init < 0:
		return max(0, n+init)
	case init == 0:
		return 0
	case init > n+1:
		return -1
	}
	return init - 1
}

func (st *State) strFind(L *lua.LState) int {
	m := st.subject(L)
	init := startIndex(L, len(m.src))
	if init < 0 {
		L.Push(lua.LNil)
		return 1
	}
	if lua.LVAsBool(L.Get(4)) || !strings.ContainsAny(m.pat, "^$*+?.([%-") {
		return st.findPlain(L, m.src, m.pat, init)
	}
	start, end := search(L, m, init)
	if start < 0 {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(st.Box.Int(int64(start + 1)))
	L.Push(st.Box.Int(int64(end)))
	return 2 + pushCaptures(L, m, -1, 0)
}

func (st *State) findPlain(L *lua.LState, s, sub string, init int) int {
	i := strings.Index(s[init:], sub)
	if i < 0 {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(st.Box.Int(int64(init + i + 1)))
	L.Push(st.Box.Int(int64(init + i + len(sub))))
	return 2
}

func (st *State) strMatch(L *lua.LState) int {
	m := st.subject(L)
	init := startIndex(L, len(m.src))
	if init < 0 {
		L.Push(lua.LNil)
		return 1
	}
	start, end := search(L, m, init)
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
		L.Push(lua.LString(m.src[start:end]))
		return 1
	}
	for i := range m.level {
		L.Push(m.value(i))
	}
	return m.level
}

// value returns capture i.
func (m *matcher) value(i int) lua.LValue {
	c := m.capture[i]
	if c.length == capPosition {
		return lua.LNumber(c.start + 1)
	}
	return lua.LString(m.src[c.start : c.start+c.length])
}

func (st *State) strGmatch(L *lua.LState) int {
	m := st.subject(L)
	src, pat, at := m.src, m.pat, 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		m := &st.matcher
		m.reset(src, pat)
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
	}))
	return 1
}
