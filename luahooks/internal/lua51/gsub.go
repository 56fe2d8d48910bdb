package lua51

import lua "github.com/yuin/gopher-lua"

// gsub is one call of string.gsub. It has a matcher of its own, since a
// replacement function may match as well.
type gsub struct {
	matcher
	st    *State
	L     *lua.LState
	with  lua.LValue // string, table or function
	out   []byte
	count int
}

func (lib textLib) gsub(L *lua.LState) int {
	m := lib.st.subject(L)
	g := &gsub{matcher: matcher{guard: lib.st.guard}, st: lib.st, L: L, with: L.Get(3)}
	g.reset(m.src, m.pat)
	limit := optInt(L, 4, len(m.src)+1) // Lua 5.1 looks at it first
	switch g.with.Type() {
	case lua.LTString, lua.LTNumber, lua.LTTable, lua.LTFunction:
	default:
		ArgError(L, 3, "string/function/table expected")
	}
	g.run(limit)
	L.Push(lib.st.text(string(g.out)))
	L.Push(lib.st.Box.Int(int64(g.count)))
	return 2
}

func (g *gsub) run(limit int) {
	p, s := 0, 0
	if g.pat != "" && g.pat[0] == '^' {
		p = 1
	}
	for g.count < limit {
		end, err := g.at(s, p)
		if err != nil {
			g.L.RaiseError("%s", err.Error())
		}
		if end >= 0 {
			g.count++
			g.replace(s, end)
		}
		switch {
		case end > s:
			s = end
		case s < len(g.src):
			g.append(g.src[s : s+1])
			s++
		default:
			return
		}
		if p == 1 {
			break
		}
	}
	g.append(g.src[s:])
}

func (g *gsub) append(s string) {
	g.st.grow(g.L, len(g.out)+len(s))
	g.out = append(g.out, s...)
}

// replace appends what stands for the match src[s:end].
func (g *gsub) replace(s, end int) {
	var v lua.LValue
	switch with := g.with.(type) {
	case *lua.LTable:
		v = g.L.GetTable(with, g.first(s, end))
	case *lua.LFunction:
		v = g.call(with, s, end)
	default:
		text, _ := toText(with)
		g.expand(text, s, end)
		return
	}
	if !lua.LVAsBool(v) {
		g.append(g.src[s:end]) // nil or false: keep the match
		return
	}
	text, ok := toText(v)
	if !ok {
		g.L.RaiseError("invalid replacement value (a %s)", TypeOf(v))
	}
	g.append(text)
}

// first returns the first capture, or the whole match.
func (g *gsub) first(s, end int) lua.LValue {
	if g.level == 0 {
		return lua.LString(g.src[s:end])
	}
	return g.value(g.L, 0)
}

func (g *gsub) call(fn *lua.LFunction, s, end int) lua.LValue {
	g.guard.Check()
	top := g.L.GetTop()
	g.L.Push(fn)
	n := pushCaptures(g.L, &g.matcher, s, end)
	g.L.Call(n, 1)
	v := g.L.Get(-1)
	g.L.SetTop(top)
	return v
}

// expand appends a replacement string with its %0 to %9.
func (g *gsub) expand(with string, s, end int) {
	for i := 0; i < len(with); i++ {
		if with[i] != patternEscape {
			g.append(with[i : i+1])
			continue
		}
		i++
		switch {
		case i == len(with):
			g.append("\x00") // what C finds there
		case !isDigit(with[i]):
			g.append(with[i : i+1])
		case with[i] == '0':
			g.append(g.src[s:end])
		case with[i] == '1' && g.level == 0:
			g.append(g.src[s:end])
		default:
			g.appendCapture(int(with[i] - '1'))
		}
	}
}

func (g *gsub) appendCapture(i int) {
	if i >= g.level {
		g.L.RaiseError("invalid capture index")
	}
	text, _ := toText(g.value(g.L, i))
	g.append(text)
}
