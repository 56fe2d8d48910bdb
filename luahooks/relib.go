package luahooks

import (
	"fmt"
	"regexp"

	lua "github.com/yuin/gopher-lua"
)

const (
	maxRegexps   = 256 // compiled ones that a script keeps
	maxRegexp    = 1000
	maxREMatches = 10_000
	maxREWith    = 256 // each $1 in a replacement can stand for the whole subject
	// maxRESubject keeps a match, whose time is linear, far below the limit of a hook.
	maxRESubject = 64 << 10
)

// reLib is nl.re: Go's regular expressions (RE2 syntax), which take linear
// time. Compiled ones are kept.
func (in *instance) reLib() *lua.LTable {
	cache := map[string]*regexp.Regexp{}
	get := func(L *lua.LState) (*regexp.Regexp, string) {
		s, pattern := L.CheckString(1), L.CheckString(2)
		if len(s) > maxRESubject {
			L.ArgError(1, fmt.Sprintf("longer than %d bytes", maxRESubject))
		}
		re := cache[pattern]
		if re == nil {
			re = compileRegexp(L, pattern)
			if len(cache) >= maxRegexps {
				clear(cache)
			}
			cache[pattern] = re
		}
		return re, s
	}
	t := in.L.NewTable()
	t.RawSetString("match", in.L.NewFunction(func(L *lua.LState) int {
		re, s := get(L)
		return reMatch(L, re, s)
	}))
	t.RawSetString("find_all", in.L.NewFunction(func(L *lua.LState) int {
		re, s := get(L)
		out := L.NewTable()
		for i, m := range re.FindAllString(s, maxREMatches) {
			out.RawSetInt(i+1, lua.LString(m))
		}
		L.Push(out)
		return 1
	}))
	t.RawSetString("replace", in.L.NewFunction(func(L *lua.LState) int {
		re, s := get(L)
		return reReplace(L, re, s, L.CheckString(3))
	}))
	return t
}

func compileRegexp(L *lua.LState, pattern string) *regexp.Regexp {
	if len(pattern) > maxRegexp {
		L.ArgError(2, fmt.Sprintf("longer than %d bytes", maxRegexp))
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		L.ArgError(2, err.Error())
	}
	return re
}

// reMatch is nl.re.match(text, pattern): the groups, or the whole match if
// there are none; nil if nothing matches. A group that took no part is nil.
func reMatch(L *lua.LState, re *regexp.Regexp, s string) int {
	m := re.FindStringSubmatchIndex(s)
	if m == nil {
		L.Push(lua.LNil)
		return 1
	}
	if len(m) == 2 {
		L.Push(lua.LString(s[m[0]:m[1]]))
		return 1
	}
	for i := 2; i < len(m); i += 2 {
		if m[i] < 0 {
			L.Push(lua.LNil)
			continue
		}
		L.Push(lua.LString(s[m[i]:m[i+1]]))
	}
	return len(m)/2 - 1
}

// reReplace is nl.re.replace(text, pattern, with): $1 in with is group 1.
func reReplace(L *lua.LState, re *regexp.Regexp, s, with string) int {
	if len(with) > maxREWith {
		L.ArgError(3, fmt.Sprintf("longer than %d bytes", maxREWith))
	}
	if len(with) > 0 && len(s)+1 > maxString/len(with) {
		L.RaiseError("nl.re.replace: the result could be over %d bytes", maxString)
	}
	out := re.ReplaceAllString(s, with)
	if len(out) > maxString {
		L.RaiseError("nl.re.replace: the result is over %d bytes", maxString)
	}
	L.Push(lua.LString(out))
	return 1
}
