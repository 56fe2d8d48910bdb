package lua51

// classEnd returns the offset behind the character class that begins at p.
func (m *matcher) classEnd(p int) int {
	c := m.pat[p]
	p++
	switch c {
	case patternEscape:
		if p >= len(m.pat) {
			panic(errPatternEnd)
		}
		return p + 1
	case '[':
		return m.setEnd(p)
	}
	return p
}

// setEnd returns the offset behind the ']' of the set whose inside begins at p.
func (m *matcher) setEnd(p int) int {
	if p < len(m.pat) && m.pat[p] == '^' {
		p++
	}
	for first := true; first || p >= len(m.pat) || m.pat[p] != ']'; first = false {
		if p >= len(m.pat) {
			panic(errPatternBracket)
		}
		c := m.pat[p]
		p++
		if c == patternEscape {
			p++ // whatever follows belongs to the escape
		}
	}
	return p + 1
}

// one reports whether the class pat[p:ep] matches the subject's byte at s.
func (m *matcher) one(s, p, ep int) bool {
	if s >= len(m.src) {
		return false
	}
	c := m.src[s]
	switch m.pat[p] {
	case '.':
		return true
	case patternEscape:
		return inClass(c, m.pat[p+1])
	case '[':
		return m.inSet(c, p, ep-1)
	}
	return m.pat[p] == c
}

// inSet reports whether c is in the set that begins with '[' at p and whose
// ']' is at end.
func (m *matcher) inSet(c byte, p, end int) bool {
	m.step()
	in := true
	p++
	if m.pat[p] == '^' {
		in = false
		p++
	}
	for ; p < end; p++ {
		switch {
		case m.pat[p] == patternEscape:
			p++
			if inClass(c, m.pat[p]) {
				return in
			}
		case p+2 < end && m.pat[p+1] == '-':
			if m.pat[p] <= c && c <= m.pat[p+2] {
				return in
			}
			p += 2
		case m.pat[p] == c:
			return in
		}
	}
	return !in
}

// inClass reports whether c is in the class %class, as isalpha(3) and its
// siblings in the C locale.
func inClass(c, class byte) bool {
	in, known := classOf(c, class|0x20)
	if !known {
		return c == class
	}
	if isUpper(class) {
		return !in
	}
	return in
}

func classOf(c, class byte) (in, known bool) {
	switch class {
	case 'a':
		return isAlpha(c), true
	case 'c':
		return c < 0x20 || c == 0x7f, true
	case 'd':
		return isDigit(c), true
	case 'l':
		return c >= 'a' && c <= 'z', true
	case 'p':
		return c > 0x20 && c < 0x7f && !isAlpha(c) && !isDigit(c), true
	case 's':
		return c == ' ' || c >= '\t' && c <= '\r', true
	case 'u':
		return isUpper(c), true
	case 'w':
		return isAlpha(c) || isDigit(c), true
	case 'x':
		return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f', true
	case 'z':
		return c == 0, true
	}
	return false, false
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
