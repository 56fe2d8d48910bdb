// Package filter reads what scripts write to choose events and objects of the mirror,
// and tests them. What can never hold is an error that says so.
package filter

import (
	"net/netip"
	"slices"

	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/internal/event"
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
	match   *Words     // of testText, testListed, testNetns
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

// Filter is a list of tests that must all hold.
type Filter []test

// sorted puts the cheapest tests first.
func (f Filter) sorted() Filter {
	slices.SortStableFunc(f, func(a, b test) int { return int(a.kind) - int(b.kind) })
	return f
}

// Actions takes the test of the action out of a filter, where it is first: a bit for
// each one that it lets through, and the other tests.
func (f Filter) Actions() (mask uint64, rest Filter) {
	if len(f) > 0 && f[0].kind == testAction {
		return f[0].mask, f[1:]
	}
	return ^uint64(0), f
}

// Match tests the current event.
func (f Filter) Match(c *event.Current) bool {
	for i := range f {
		t := &f[i]
		switch t.kind {
		case testAction:
			if t.mask>>uint(c.Action)&1 == 0 {
				return false
			}
		case testNever:
			return false
		case testChanged:
			if !t.fields.Meets(c.Ev.Changed()) {
				return false
			}
		case testUnchanged:
			if t.fields.Meets(c.Ev.Changed()) {
				return false
			}
		case testOrigin:
			if t.mask>>uint(c.Ev.Origin())&1 == 0 {
				return false
			}
		case testIs:
			if c.Field(t.field).Value.Str != t.text {
				return false
			}
		case testNetns:
			if !t.match.Has(c.Ev.Netns()) {
				return false
			}
		case testFamily, testNotFamily:
			if !t.holdsFamily(c.Field(t.field).Value.Str, c.Field(t.family).Value.Str) {
				return false
			}
		default:
			if !t.holds(&c.Field(t.field).Value) {
				return false
			}
		}
	}
	return true
}

// MatchRow tests an object of the mirror; tests of events do not occur.
func (f Filter) MatchRow(r model.Row) bool {
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
		return t.match.Has(v.Str)
	case testListed:
		return t.match.hasMember(v.Str)
	case testWithin:
		return slices.ContainsFunc(t.nets, func(p netip.Prefix) bool { return address.Within(p, v.Str) })
	}
	return false
}

// Wants lists the equalities among the tests, for the store to choose rows by.
func (f Filter) Wants() []model.Want {
	var out []model.Want
	for i := range f {
		t := &f[i]
		switch t.kind {
		case testEqual:
			out = append(out, model.Want{Field: t.field, Value: model.Value{Kind: model.Int, Num: t.want}})
		case testIs:
			out = append(out, model.Want{Field: t.field, Value: model.Value{Kind: model.String, Str: t.text}})
		}
	}
	return out
}

// Is is the filter whose field is that text.
func Is(field int, text string) Filter { return Filter{{kind: testIs, field: field, text: text}} }
