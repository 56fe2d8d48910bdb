package mirror

import (
	"math/bits"
	"slices"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// pages returns where the objects are that the counters count, in order.
func (t *tally) pages(of []tallyKey) (out []objtable.Page) {
	for _, k := range of {
		if c := t.counts[k]; c != nil {
			out = c.places.AppendTo(out)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// visit calls f for the objects of class o that the counters of some keys count,
// and for what else is on their pages, in the order of their places, until f
// returns false. What f may do is said at objtable.Table.Each.
func (s *objects) visit(o rtnl.Object, f func(r ref, body []byte) bool, of ...tallyKey) {
	t := s.tables[o]
	for _, at := range s.tally.pages(of) {
		if !t.EachOn(at, func(r ref) bool { return f(r, t.Body(r)) }) {
			return
		}
	}
}

// moved is for an object that has another place from now on.
func (s *objects) moved(o rtnl.Object, from, to ref) {
	before, after := from.Page(), to.Page()
	if before == after {
		return
	}
	s.subjects = rows[o].counted(s.subjects[:0], s, s.index(o, s.tables[o].Body(to)))
	for _, k := range s.subjects {
		if c := s.tally.counts[k]; placed[k.kind] && c != nil {
			c.places.Add(before, -1)
			c.places.Add(after, 1)
		}
	}
}

// compact makes memory of objects that have gone chunks again, a piece at a time.
// No list or ref may be held across it. A listing under way would meet again
// what has moved: it comes first. Only classes that have freed memory are looked
// at, until they have none to spare.
func (s *State) compact() {
	if s.snap != nil {
		return
	}
	for freed := s.freed; freed != 0; freed &= freed - 1 {
		o := bits.TrailingZeros32(freed)
		if t := s.tables[o]; t.Wasteful() {
			t.Compact(func(from, to ref) { s.moved(rtnl.Object(o), from, to) })
		} else {
			s.freed &^= 1 << o
		}
	}
}
