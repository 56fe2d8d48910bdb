package lua51

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Stopped is the panic by which a Guard ends a call; no script can catch it.
type Stopped struct{ Err error }

// raise is every thread's Panic: it rewrites the message of an error into that
// of Lua 5.1, calls the handler of an xpcall and unwinds.
func (st *State) raise(L *lua.LState) {
	v := L.Get(-1)
	if s, ok := v.(lua.LString); ok && !st.verbatim {
		v = lua.LString(st.message(L, string(s)))
	}
	st.verbatim = false
	panic(&lua.ApiError{Type: lua.ApiErrorRun, Object: st.handle(L, v), StackTrace: "none"})
}

// throw raises a value as it is.
func (st *State) throw(L *lua.LState, v lua.LValue) {
	st.verbatim = true
	L.Error(v, 0)
}

// frame is what is known of a level of a thread's stack.
type frame struct {
	fn       *lua.LFunction
	name     string // by which it was called
	position int    // number and line of a Lua function
	tail     bool
	lost     bool // it is that of a function that has gone by a tail call
}

// frameAt returns a level of one thread; 0 is the running function.
func frameAt(L *lua.LState, level int) (f frame, ok bool) {
	d, ok := L.GetStack(level)
	if !ok {
		return f, false
	}
	fn, err := L.GetInfo("fnSl", d, lua.LNil)
	if err != nil {
		return f, false
	}
	f.fn, f.name, f.tail = fn.(*lua.LFunction), d.Name, d.What == "tail"
	if !f.fn.IsG {
		f.position = max(0, d.CurrentLine)
	}
	return f, true
}

// isLost reports whether a level above one that was called by a tail call is that
// of a function that has gone by it: gopher-lua has its lowest frame stand for it.
func (f frame) isLost(L *lua.LState, level int) bool {
	lowest := frame{}
	for above, ok := frameAt(L, level+1); ok; above, ok = frameAt(L, level+1) {
		lowest = above
		level++
	}
	return lowest.fn == f.fn && lowest.position == f.position
}

// source is the file of a Lua function.
func (f frame) source() string { return f.fn.Proto.SourceName }

// where returns "file:line: " of a Lua function, otherwise nothing.
func (f frame) where() string {
	if f.fn == nil || f.fn.IsG {
		return ""
	}
	return f.source() + ":" + strconv.Itoa(Line(f.position)) + ": "
}

// site returns the Lua function that an error belongs to: the running one, or
// the one that called the running Go function, and the expression it is at.
func (st *State) site(L *lua.LState) (frame, *place) {
	f, ok := frameAt(L, 0)
	if ok && f.fn.IsG {
		f, ok = frameAt(L, 1)
	}
	if ok && f.fn.IsG && strings.HasPrefix(f.name, "(") {
		f, ok = frameAt(L, 2) // an operator of this package, which calls a metamethod
	}
	if !ok || f.fn.IsG {
		return frame{}, &place{}
	}
	number := f.position >> lineBits
	for _, t := range st.places {
		if t.file == f.source() && number > 0 && number <= len(t.all) {
			return f, &t.all[number-1]
		}
	}
	return f, &place{}
}

// message translates what gopher-lua says.
func (st *State) message(L *lua.LState, text string) string {
	f, p := st.site(L)
	text = st.translate(p, stripPosition(L, text))
	if len(text) > maxMessage {
		text = strings.ToValidUTF8(text[:maxMessage], "") + "…"
	}
	return f.where() + text
}

// maxMessage bounds what the host says of a script's mistake, in bytes: names and
// values in it may be long.
const maxMessage = 1000

// stripPosition removes the position that gopher-lua puts before a message: of
// the next Lua function on the stack.
func stripPosition(L *lua.LState, text string) string {
	for level := 0; ; level++ {
		f, ok := frameAt(L, level)
		if !ok {
			return strings.TrimPrefix(text, " ")
		}
		if !f.fn.IsG {
			return strings.TrimPrefix(text, f.source()+":"+strconv.Itoa(f.position)+": ")
		}
	}
}

var (
	indexError   = regexp.MustCompile(`^attempt to index a non-table object\(([a-z]+)\) with key '(?s:.*)'$`)
	arithError   = regexp.MustCompile(`^cannot perform [a-z]+ operation between ([a-z]+) and ([a-z]+)$`)
	compareError = regexp.MustCompile(`^attempt to compare ([a-z]+) with ([a-z]+)$`)
	argError     = regexp.MustCompile(`^bad argument #(\d+) to (\S+|main chunk) \(((?s:.*))\)$`)
)

// translate puts a message into Lua 5.1's words.
func (st *State) translate(p *place, text string) string {
	if !slices.ContainsFunc([]string{"attempt to ", "cannot perf", "bad argumen", "__unm undef", "registry ov", "too many re"},
		func(prefix string) bool { return strings.HasPrefix(text, prefix) }) {
		return text
	}
	if m := indexError.FindStringSubmatch(text); m != nil {
		return "attempt to index " + p.operand(0, m[1]) + st.hintOf(p, m[1])
	}
	if m := arithError.FindStringSubmatch(text); m != nil {
		if m[1] == "number" || m[1] == "string" && m[2] != "number" {
			return "attempt to perform arithmetic on " + p.operand(1, m[2])
		}
		return "attempt to perform arithmetic on " + p.operand(0, m[1])
	}
	if m := compareError.FindStringSubmatch(text); m != nil && m[1] == m[2] {
		return "attempt to compare two " + m[1] + " values"
	}
	if m := argError.FindStringSubmatch(text); m != nil {
		return p.argument(m[1], m[2], m[3])
	}
	switch text {
	case "attempt to call a non-function object":
		return "attempt to call " + named(p.call, "table") + st.hintOf(p, "table")
	case "__unm undefined":
		return "attempt to perform arithmetic on " + p.operand(0, "table")
	case "registry overflow":
		return "stack overflow"
	case "too many recursions in gettable", "too many recursions in settable":
		return "loop in " + text[len(text)-len("gettable"):]
	}
	return text
}

func (p *place) operand(i int, kind string) string {
	name := ""
	if i < len(p.operands) {
		name = p.operands[i]
	}
	return named(name, kind)
}

// hintOf is what the host has to say about what cannot be called or indexed.
func (st *State) hintOf(p *place, kind string) string {
	if st.hint == nil || p.path == "" {
		return ""
	}
	if text := st.hint(p.path, kind); text != "" {
		return "; " + text
	}
	return ""
}

func named(name, kind string) string {
	if name == "" {
		return "a " + kind + " value"
	}
	return name + " (a " + kind + " value)"
}

func (p *place) argument(number, name, problem string) string {
	n, _ := strconv.Atoi(number)
	if p.method {
		if n--; n == 0 {
			return fmt.Sprintf("calling '%s' on bad self (%s)", name, problem)
		}
	}
	if name == "(anonymous)" || name == "main chunk" || strings.HasPrefix(name, "<") {
		name = "?"
	}
	if i := strings.LastIndexAny(name, ".:"); i >= 0 && name != "?" {
		name = name[i+1:]
	}
	if !p.method && strings.HasPrefix(p.path, "nl.") && strings.HasSuffix(p.path, "."+name) {
		name = p.path // a Lua programmer knows the library's names, but not the host's
	}
	return fmt.Sprintf("bad argument #%d to '%s' (%s)", n, name, problem)
}

// badOperand raises the error of an operator of this package: at is the
// operand's number, -1 if it is none of those that the source names.
func (st *State) badOperand(L *lua.LState, what string, at int, v lua.LValue) {
	_, p := st.site(L)
	if at < 0 {
		p = &place{}
	}
	L.RaiseError("%s", "attempt to "+what+" "+p.operand(max(at, 0), TypeOf(v)))
}
