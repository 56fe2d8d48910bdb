package mirror

import (
	"slices"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// places is where the objects are that refer to something: the pages of the
// slab on which they begin, and how many on each. A million routes over one link
// cost less than a byte each, and the few of another are found among some dozens.
// The zero value is none.
type places struct {
	last spot   // that changes now, not yet in the others
	few  []spot // while there are few, in no order
	many map[page]int32
}

type spot struct {
	page page
	n    int32
}

// fewPlaces is up to how many places are looked through one by one.
const fewPlaces = 8

// add changes the number of objects on a page by d. Changes come in runs of one
// page.
func (p *places) add(at page, d int32) {
	if p.last.page != at {
		p.flush()
		p.last.page = at
	}
	p.last.n += d
}

func (p *places) flush() {
	at, d := p.last.page, p.last.n
	if p.last.n = 0; d == 0 {
		return
	}
	if p.many != nil {
		if p.many[at] += d; p.many[at] == 0 {
			delete(p.many, at)
		}
		return
	}
	for i := range p.few {
		if f := &p.few[i]; f.page == at {
			if f.n += d; f.n == 0 {
				p.few = slices.Delete(p.few, i, i+1)
			}
			return
		}
	}
	p.few = append(p.few, spot{at, d})
	p.spread()
}

// spread goes over to the map where there are too many places.
func (p *places) spread() {
	if len(p.few) <= fewPlaces {
		return
	}
	p.many = make(map[page]int32, 2*fewPlaces)
	for _, f := range p.few {
		p.many[f.page] = f.n
	}
	p.few = nil
}

// appendTo appends the pages.
func (p *places) appendTo(dst []page) []page {
	p.flush()
	for _, f := range p.few {
		dst = append(dst, f.page)
	}
	for at := range p.many {
		dst = append(dst, at)
	}
	return dst
}

// pages returns where the objects are that the counters count, in order.
func (t *tally) pages(of []tallyKey) (out []page) {
	for _, k := range of {
		if c := t.counts[k]; c != nil {
			out = c.places.appendTo(out)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// visit calls f for the objects of class o that the counters of some keys count,
// and for what else is on their pages, in the order of their places, until f
// returns false. What f may do is said at slab.each.
func (s *State) visit(o rtnl.Object, f func(r ref, body []byte) bool, of ...tallyKey) {
	slab := &s.tables[o].slab
	for _, at := range s.tally.pages(of) {
		if !slab.eachOn(at, func(r ref) bool { return f(r, slab.body(r)) }) {
			return
		}
	}
}

// moved is for an object that has another place from now on.
func (s *State) moved(o rtnl.Object, from, to ref) {
	before, after := from.page(), to.page()
	if before == after {
		return
	}
	s.eachSubject(o, s.tables[o].slab.body(to), func(k tallyKey) {
		if c := s.tally.counts[k]; placed[k.kind] && c != nil {
			c.places.add(before, -1)
			c.places.add(after, 1)
		}
	})
}
