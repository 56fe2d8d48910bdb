package filter

import (
	"slices"
	"strings"
)

// Words matches texts: any of only and globs (or anything, if both are empty),
// and none of not and notGlobs.
type Words struct {
	only, globs, not, notGlobs []string
	families                   []familyWord
}

func (w *Words) add(word string, negated bool) {
	list := &w.only
	switch {
	case negated && isGlob(word):
		list = &w.notGlobs
	case negated:
		list = &w.not
	case isGlob(word):
		list = &w.globs
	}
	*list = append(*list, word)
}

func isGlob(s string) bool { return strings.ContainsAny(s, "*?") }

// single returns the text if just that one matches.
func (w *Words) single() (string, bool) {
	if len(w.only) == 1 && len(w.globs)+len(w.not)+len(w.notGlobs) == 0 {
		return w.only[0], true
	}
	return "", false
}

// Has reports whether s matches.
func (w *Words) Has(s string) bool {
	if len(w.only)+len(w.globs) > 0 && !slices.Contains(w.only, s) && !anyGlob(w.globs, s) {
		return false
	}
	return !slices.Contains(w.not, s) && !anyGlob(w.notGlobs, s)
}

// hasMember matches a comma-joined list: a positive word must be a member, a
// negated one must not be.
func (w *Words) hasMember(list string) bool {
	found := len(w.only)+len(w.globs) == 0
	for member := range strings.SplitSeq(list, ",") {
		if slices.Contains(w.not, member) || anyGlob(w.notGlobs, member) {
			return false
		}
		found = found || slices.Contains(w.only, member) || anyGlob(w.globs, member)
	}
	return found
}

func anyGlob(globs []string, s string) bool {
	return slices.ContainsFunc(globs, func(g string) bool { return Glob(g, s) })
}

// Glob matches '*' for any text and '?' for any byte, in linear space and at
// most len(pattern)*len(s) steps.
func Glob(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
