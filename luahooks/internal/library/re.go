package library

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"telegraf-rtnetlink/luahooks/internal/lua51"

	lua "github.com/yuin/gopher-lua"
)

// Limits of nl.re: the length of a pattern in bytes, and the matches of find_all.
const (
	MaxRegexp    = 1000
	MaxREMatches = 10_000
	maxREWith    = 256 // each $1 in a replacement can stand for the whole subject
	// MaxRESubject and maxRESteps bound one match, which asks no clock: its time
	// is linear in the text's length times the pattern's, tens of milliseconds.
	MaxRESubject = 64 << 10
	maxRESteps   = 1 << 21
	// MaxREProgram and maxREKept bound a compiled pattern, and those that a
	// script keeps, in instructions of about a hundred bytes.
	MaxREProgram = 5000
	maxREKept    = 50_000
	maxShown     = 40 // bytes of a pattern in a message
)

// regexps are a script's compiled patterns.
type regexps struct {
	by   map[string]compiled
	kept int // instructions
}

// Held implements lua51.Holder.
func (c *regexps) Held() int { return 100 * c.kept }

// compiled is a pattern and its size in instructions.
type compiled struct {
	*regexp.Regexp
	size int
}

// reLib is nl.re: Go's regular expressions (RE2 syntax), which take linear
// time. Compiled ones are kept.
func (l *Library) reLib() *lua.LTable {
	cache := &regexps{by: map[string]compiled{}}
	t := l.st.L.NewTable()
	for name, fn := range map[string]func(L *lua.LState, re compiled, s string) int{
		"match": reMatch, "find_all": l.reFindAll, "replace": l.reReplace,
	} {
		t.RawSetString(name, lua51.Holding(l.st.L, cache, func(L *lua.LState) int {
			re, s := cache.get(L)
			return fn(L, re, s)
		}))
	}
	return t
}

// get returns the pattern of argument 2, and the text of argument 1.
func (c *regexps) get(L *lua.LState) (compiled, string) {
	s, pattern := L.CheckString(1), L.CheckString(2)
	if len(s) > MaxRESubject {
		L.ArgError(1, fmt.Sprintf("longer than %d bytes", MaxRESubject))
	}
	re, ok := c.by[pattern]
	if !ok {
		re = compileRegexp(L, pattern)
		if c.kept += re.size; c.kept > maxREKept {
			clear(c.by)
			c.kept = re.size
		}
		c.by[strings.Clone(pattern)] = re
	}
	if len(s)*re.size > maxRESteps {
		L.ArgError(1, fmt.Sprintf("longer than %d bytes, the limit for a pattern of this size", maxRESteps/re.size))
	}
	return re, s
}

// compileRegexp compiles a pattern unless its repetitions make it too large.
func compileRegexp(L *lua.LState, pattern string) compiled {
	if len(pattern) > MaxRegexp {
		L.ArgError(2, fmt.Sprintf("longer than %d bytes", MaxRegexp))
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	var problem *syntax.Error
	if errors.As(err, &problem) {
		L.ArgError(2, fmt.Sprintf("%s in %q", problem.Code, problem.Expr[:min(len(problem.Expr), maxShown)]))
	}
	size := programSize(tree)
	if size > MaxREProgram {
		L.ArgError(2, "the pattern's repetitions make it too large")
	}
	re, err := regexp.Compile(strings.Clone(pattern))
	if err != nil { // none: it has been parsed
		L.ArgError(2, err.Error())
	}
	return compiled{re, size}
}

// programSize is about how many instructions a pattern compiles to, at least 8.
func programSize(re *syntax.Regexp) int {
	size := 2 + len(re.Rune)
	for _, sub := range re.Sub {
		size += programSize(sub)
	}
	if re.Op == syntax.OpRepeat {
		size *= max(re.Min, re.Max, 1)
	}
	return max(8, min(size, MaxREProgram+1))
}

// reFindAll is nl.re.find_all(text, pattern): all matches.
func (l *Library) reFindAll(L *lua.LState, re compiled, s string) int {
	out := L.CreateTable(0, 0)
	l.eachMatch(re, s, func(match string) bool {
		out.Append(l.piece(match))
		return out.Len() < MaxREMatches
	})
	L.Push(out)
	return 1
}

// eachMatch calls fn for the matches, one after the other, until it returns
// false, and asks the clock at each.
func (l *Library) eachMatch(re compiled, s string, fn func(match string) bool) {
	enough := new(int) // a value of this call's own to stop the search with
	defer func() {
		if p := recover(); p != nil && p != any(enough) {
			panic(p)
		}
	}()
	re.ReplaceAllStringFunc(s, func(match string) string {
		l.guard.Check()
		if !fn(match) {
			panic(enough)
		}
		return ""
	})
}

// piece makes a Lua value of a part of a text that may be much longer.
func (l *Library) piece(s string) lua.LValue {
	return lua.LString(strings.Clone(s))
}

// reMatch is nl.re.match(text, pattern): the groups, or the whole match if
// there are none; nil if nothing matches. A group that took no part is nil.
func reMatch(L *lua.LState, re compiled, s string) int {
	m := re.FindStringSubmatchIndex(s)
	if m == nil {
		L.Push(lua.LNil)
		return 1
	}
	if len(m) == 2 {
		L.Push(lua.LString(strings.Clone(s[m[0]:m[1]])))
		return 1
	}
	for i := 2; i < len(m); i += 2 {
		if m[i] < 0 {
			L.Push(lua.LNil)
			continue
		}
		L.Push(lua.LString(strings.Clone(s[m[i]:m[i+1]])))
	}
	return len(m)/2 - 1
}

// reReplace is nl.re.replace(text, pattern, with): $1 in with is group 1.
func (l *Library) reReplace(L *lua.LState, re compiled, s string) int {
	with := L.CheckString(3)
	if len(with) > maxREWith {
		L.ArgError(3, fmt.Sprintf("longer than %d bytes", maxREWith))
	}
	if len(with) > 0 && len(s)+1 > lua51.MaxString/len(with) {
		L.RaiseError("nl.re.replace: the result could be over %d bytes", lua51.MaxString)
	}
	// Replacing asks no clock, so that the matches are counted first: it takes
	// about as long again.
	l.eachMatch(re, s, func(string) bool { return true })
	out := re.ReplaceAllString(s, with)
	if len(out) > lua51.MaxString {
		L.RaiseError("nl.re.replace: the result is over %d bytes", lua51.MaxString)
	}
	l.st.Charge(len(out))
	L.Push(lua.LString(out))
	return 1
}
