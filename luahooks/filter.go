package luahooks

import (
	"net/netip"
	"slices"
	"strings"

	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"
)

// test is one native condition of a filter.
type test struct {
	kind    testKind
	field   int        // index in the object's fields
	mask    uint64     // of testAction, testOrigin
	fields  bitset.Set // of testChanged, testUnchanged
	text    string     // of testIs
	match   *words     // of testText, testListed, testNetns
	family  int        // of testFamily, testNotFamily: the field `family`
	of      string     // of testFamily, testNotFamily: that field's value
	numbers *numbers
	want    int64 // of testEqual
	nets    []netip.Prefix
}

type testKind uint8

// The tests in the order in which they run: the cheapest first.
const (
	testAction    testKind = iota // bit of the action in mask
	testNever                     // the object does not have the field
	testChanged                   // any of fields changed
	testUnchanged                 // none of them did
	testOrigin                    // bit of the origin in mask
	testIs                        // one text
	testEqual                     // one integer
	testNumber
	testTrue
	testFalse   // false or absent
	testPresent // any value
	testAbsent
	testNetns
	testText
	testListed    // a member of a comma-joined list
	testFamily    // if the field is text, the object's family is of
	testNotFamily // if the field is text, it is not
	testWithin
)

// filter is a list of tests that must all hold.
type filter []test

// sorted puts the cheapest tests first.
func (f filter) sorted() filter {
	slices.SortStableFunc(f, func(a, b test) int { return int(a.kind) - int(b.kind) })
	return f
}

// match tests the current event.
func (f filter) match(c *current) bool {
	for i := range f {
		t := &f[i]
		switch t.kind {
		case testAction:
			if t.mask>>uint(c.action)&1 == 0 {
				return false
			}
		case testNever:
			return false
		case testChanged:
			if !t.fields.Meets(c.ev.Changed()) {
				return false
			}
		case testUnchanged:
			if t.fields.Meets(c.ev.Changed()) {
				return false
			}
		case testOrigin:
			if t.mask>>uint(c.ev.Origin())&1 == 0 {
				return false
			}
		case testIs:
			if c.field(t.field).value.Str != t.text {
				return false
			}
		case testNetns:
			if !t.match.has(c.ev.Netns()) {
				return false
			}
		case testFamily, testNotFamily:
			if !t.holdsFamily(c.field(t.field).value.Str, c.field(t.family).value.Str) {
				return false
			}
		default:
			if !t.holds(&c.field(t.field).value) {
				return false
			}
		}
	}
	return true
}

// matchRow tests an object of the mirror; tests of events do not occur.
func (f filter) matchRow(r model.Row) bool {
	for i := range f {
		t := &f[i]
		v := r.Field(t.field)
		if t.kind == testFamily || t.kind == testNotFamily {
			if !t.holdsFamily(v.Str, r.Field(t.family).Str) {
				return false
			}
		} else if !t.holds(&v) {
			return false
		}
	}
	return true
}

// holdsFamily tests a field whose text stands for one thing in each family.
func (t *test) holdsFamily(text, family string) bool {
	return text != t.text || (family == t.of) == (t.kind == testFamily)
}

// holds tests the value of a field.
func (t *test) holds(v *model.Value) bool {
	switch t.kind {
	case testIs:
		return v.Str == t.text
	case testEqual:
		return v.Kind == model.Int && v.Num == t.want
	case testNumber:
		return v.Kind == model.Int && t.numbers.has(v.Num)
	case testTrue:
		return v.Kind == model.Bool && v.Num != 0
	case testFalse:
		return v.Kind != model.Bool || v.Num == 0
	case testPresent:
		return v.Kind != model.None
	case testAbsent:
		return v.Kind == model.None
	case testText:
		return t.match.has(v.Str)
	case testListed:
		return t.match.hasMember(v.Str)
	case testWithin:
		return slices.ContainsFunc(t.nets, func(p netip.Prefix) bool { return address.Within(p, v.Str) })
	}
	return false
}

// words matches texts: any of only and globs (or anything, if both are empty),
// and none of not and notGlobs.
type words struct {
	only, globs, not, notGlobs []string
	families                   []familyWord
}

func (w *words) add(word string, negated bool) {
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
func (w *words) single() (string, bool) {
	if len(w.only) == 1 && len(w.globs)+len(w.not)+len(w.notGlobs) == 0 {
		return w.only[0], true
	}
	return "", false
}

func (w *words) has(s string) bool {
	if len(w.only)+len(w.globs) > 0 && !slices.Contains(w.only, s) && !anyGlob(w.globs, s) {
		return false
	}
	return !slices.Contains(w.not, s) && !anyGlob(w.notGlobs, s)
}

// hasMember matches a comma-joined list: a positive word must be a member, a
// negated one must not be.
func (w *words) hasMember(list string) bool {
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
	return slices.ContainsFunc(globs, func(g string) bool { return glob(g, s) })
}

// glob matches '*' for any text and '?' for any byte, in linear space and at
// most len(pattern)*len(s) steps.
func glob(pattern, s string) bool {
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

// numbers matches integers: any of only and ranges (or anything, if both are
// empty), and none of not.
type numbers struct {
	only, not []int64
	ranges    []span
}

// span is the integers from low to high, both included.
type span struct{ low, high int64 }

func (n *numbers) has(x int64) bool {
	if len(n.only)+len(n.ranges) > 0 && !slices.Contains(n.only, x) && !n.inRange(x) {
		return false
	}
	return !slices.Contains(n.not, x)
}

func (n *numbers) inRange(x int64) bool {
	return slices.ContainsFunc(n.ranges, func(s span) bool { return s.low <= x && x <= s.high })
}
