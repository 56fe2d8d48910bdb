package lua51

import (
	"errors"

	lua "github.com/yuin/gopher-lua"
)

// Limits of one pattern match. Lua's patterns backtrack, so that 18 characters
// can take seconds; with a budget of steps a match either ends within some
// milliseconds or is an error.
const (
	maxCaptures     = 32 // LUA_MAXCAPTURES of Lua 5.1
	maxPatternDepth = 200
	PatternSteps    = 1_000_000
)

const (
	capUnfinished = -1
	capPosition   = -2
	patternEscape = '%'
)

var (
	errPatternSteps    = errors.New("pattern takes too many steps, make it more specific")
	errPatternDepth    = errors.New("pattern too complex")
	errPatternEnd      = errors.New("malformed pattern (ends with '%')")
	errPatternBracket  = errors.New("malformed pattern (missing ']')")
	errPatternBalance  = errors.New("unbalanced pattern")
	errPatternFrontier = errors.New("missing '[' after '%f' in pattern")
	errPatternCapture  = errors.New("invalid capture index")
	errPatternCaptures = errors.New("too many captures")
	errPatternClose    = errors.New("invalid pattern capture")
)

// matcher matches a Lua 5.1 pattern; it follows lstrlib.c of the reference
// implementation. Errors are panics of type error, caught by exec.
type matcher struct {
	src, pat string
	guard    Guard
	level    int
	depth    int
	steps    int
	capture  [maxCaptures]struct{ start, length int }
}

// stepsPerLook is how many steps a match takes between looks at the time limit.
const stepsPerLook = 1 << 14

// reset prepares for a subject and pattern, with a full budget of steps.
func (m *matcher) reset(src, pat string) {
	m.src, m.pat, m.steps = src, pat, PatternSteps+4*len(src)
}

// at matches the pattern from offset p on against the subject at s. It returns
// the end of the match, or -1.
func (m *matcher) at(s, p int) (end int, err error) {
	m.level, m.depth = 0, 0
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(error)
			if !ok || isLua(e) {
				panic(r)
			}
			end, err = -1, e
		}
	}()
	return m.match(s, p), nil
}

func (m *matcher) step() {
	m.steps--
	if m.steps < 0 {
		panic(errPatternSteps)
	}
	if m.steps%stepsPerLook == 0 {
		m.guard.Check()
	}
}

func (m *matcher) match(s, p int) int {
	if m.depth++; m.depth > maxPatternDepth {
		panic(errPatternDepth)
	}
	done := false
	for !done && p < len(m.pat) {
		m.step()
		s, p, done = m.item(s, p)
	}
	m.depth--
	return s
}

// item matches one pattern item. It returns either the final result with done
// set, or where to go on.
func (m *matcher) item(s, p int) (at, next int, done bool) {
	switch m.pat[p] {
	case '(':
		if p+1 < len(m.pat) && m.pat[p+1] == ')' {
			return m.open(s, p+2, capPosition), 0, true
		}
		return m.open(s, p+1, capUnfinished), 0, true
	case ')':
		return m.close(s, p+1), 0, true
	case '$':
		if p+1 == len(m.pat) {
			if s == len(m.src) {
				return s, 0, true
			}
			return -1, 0, true
		}
	case patternEscape:
		if p+1 < len(m.pat) {
			switch c := m.pat[p+1]; {
			case c == 'b':
				s = m.balance(s, p+2)
				return s, p + 4, s < 0
			case c == 'f':
				return m.frontier(s, p+2)
			case c >= '0' && c <= '9':
				s = m.backReference(s, c)
				return s, p + 2, s < 0
			}
		}
	}
	return m.single(s, p)
}

// single matches one character class and the repetition that may follow it.
func (m *matcher) single(s, p int) (at, next int, done bool) {
	ep := m.classEnd(p)
	var rep byte
	if ep < len(m.pat) {
		rep = m.pat[ep]
	}
	switch rep {
	case '?':
		if m.one(s, p, ep) {
			if r := m.match(s+1, ep+1); r >= 0 {
				return r, 0, true
			}
		}
		return s, ep + 1, false
	case '*':
		return m.maxExpand(s, p, ep), 0, true
	case '+':
		if !m.one(s, p, ep) {
			return -1, 0, true
		}
		return m.maxExpand(s+1, p, ep), 0, true
	case '-':
		return m.minExpand(s, p, ep), 0, true
	}
	if !m.one(s, p, ep) {
		return -1, 0, true
	}
	return s + 1, ep, false
}

func (m *matcher) maxExpand(s, p, ep int) int {
	i := 0
	for m.one(s+i, p, ep) {
		m.step()
		i++
	}
	if ep+1 == len(m.pat) {
		return s + i // nothing follows: no need to try
	}
	for ; i >= 0; i-- {
		if r := m.match(s+i, ep+1); r >= 0 {
			return r
		}
	}
	return -1
}

func (m *matcher) minExpand(s, p, ep int) int {
	for {
		if r := m.match(s, ep+1); r >= 0 {
			return r
		}
		if !m.one(s, p, ep) {
			return -1
		}
		m.step()
		s++
	}
}

func (m *matcher) open(s, p, what int) int {
	if m.level >= maxCaptures {
		panic(errPatternCaptures)
	}
	m.capture[m.level].start, m.capture[m.level].length = s, what
	m.level++
	r := m.match(s, p)
	if r < 0 {
		m.level--
	}
	return r
}

func (m *matcher) close(s, p int) int {
	l := m.level - 1
	for l >= 0 && m.capture[l].length != capUnfinished {
		l--
	}
	if l < 0 {
		panic(errPatternClose)
	}
	m.capture[l].length = s - m.capture[l].start
	r := m.match(s, p)
	if r < 0 {
		m.capture[l].length = capUnfinished
	}
	return r
}

// balance matches %bxy with x and y at p.
func (m *matcher) balance(s, p int) int {
	if p+1 >= len(m.pat) {
		panic(errPatternBalance)
	}
	if s >= len(m.src) || m.src[s] != m.pat[p] {
		return -1
	}
	open, shut, nesting := m.pat[p], m.pat[p+1], 1
	for i := s + 1; i < len(m.src); i++ {
		m.step()
		switch m.src[i] {
		case shut:
			if nesting--; nesting == 0 {
				return i + 1
			}
		case open:
			nesting++
		}
	}
	return -1
}

// frontier matches %f with its set at p.
func (m *matcher) frontier(s, p int) (at, next int, done bool) {
	if p >= len(m.pat) || m.pat[p] != '[' {
		panic(errPatternFrontier)
	}
	ep := m.classEnd(p)
	var before, after byte
	if s > 0 {
		before = m.src[s-1]
	}
	if s < len(m.src) {
		after = m.src[s]
	}
	if m.inSet(before, p, ep-1) || !m.inSet(after, p, ep-1) {
		return -1, 0, true
	}
	return s, ep, false
}

func (m *matcher) backReference(s int, digit byte) int {
	i := int(digit - '1')
	if i < 0 || i >= m.level || m.capture[i].length == capUnfinished {
		panic(errPatternCapture)
	}
	c := m.capture[i]
	if c.length == capPosition {
		return -1
	}
	end := s + c.length
	if end > len(m.src) || m.src[s:end] != m.src[c.start:c.start+c.length] {
		return -1
	}
	return end
}

// isLua reports whether an error is one that Lua raised, such as that of the
// time limit.
func isLua(err error) bool {
	var e *lua.ApiError
	return errors.As(err, &e)
}
