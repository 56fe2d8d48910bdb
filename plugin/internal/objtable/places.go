package objtable

import "slices"

// Places is where the objects are that refer to something: the pages of the
// slab on which they begin, and how many on each. A million routes over one link
// cost less than a byte each, and the few of another are found among some dozens.
// The zero value is none.
type Places struct {
	last spot   // that changes now, not yet in the others
	few  []spot // while there are few, in no order
	many map[Page]int32
	top  Page    // the highest page that many has had
	all  []int32 // by page, where objects are on most
	used int     // pages in all with an object
}

type spot struct {
	page Page
	n    int32
}

// fewPlaces is up to how many places are looked through one by one; of
// minPlaces at least, and of one page in sparse of all up to the last, the number
// is kept by page.
const (
	fewPlaces = 8
	minPlaces = 64
	sparse    = 4
)

// Add changes the number of objects on a page by d. Changes come in runs of one
// page.
func (p *Places) Add(at Page, d int32) {
	if p.last.page != at {
		p.flush()
		p.last.page = at
	}
	p.last.n += d
}

func (p *Places) flush() {
	at, d := p.last.page, p.last.n
	if p.last.n = 0; d == 0 {
		return
	}
	switch {
	case p.all != nil:
		p.count(at, d)
	case p.many != nil:
		if p.many[at] += d; p.many[at] == 0 {
			delete(p.many, at)
		}
		p.top = max(p.top, at)
		p.fill()
	default:
		p.countFew(at, d)
	}
}

func (p *Places) countFew(at Page, d int32) {
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
func (p *Places) spread() {
	if len(p.few) <= fewPlaces {
		return
	}
	p.many, p.top = make(map[Page]int32, 2*fewPlaces), 0
	for _, f := range p.few {
		p.many[f.page], p.top = f.n, max(p.top, f.page)
	}
	p.few = nil
}

// fill goes over from the map to all pages where most are in use.
func (p *Places) fill() {
	if n := len(p.many); n < minPlaces || n*sparse <= int(p.top) {
		return
	}
	p.all, p.used = make([]int32, p.top+1, p.top+p.top/2+1), len(p.many)
	for at, n := range p.many {
		p.all[at] = n
	}
	p.many = nil
}

// count is add for all pages, and goes back to the map where few of them are in use.
func (p *Places) count(at Page, d int32) {
	if int(at) >= len(p.all) {
		p.all = append(p.all, make([]int32, int(at)+1-len(p.all))...)
	}
	n := &p.all[at]
	if *n == 0 {
		p.used++
	}
	if *n += d; *n == 0 {
		p.used--
	}
	if p.used*4*sparse >= len(p.all) {
		return
	}
	p.many = make(map[Page]int32, p.used) // top may be too high: then it stays a map for longer
	p.top = Page(len(p.all) - 1)
	for at, n := range p.all {
		if n != 0 {
			p.many[Page(at)] = n
		}
	}
	p.all = nil
}

// AppendTo appends the pages to dst, in no order.
func (p *Places) AppendTo(dst []Page) []Page {
	p.flush()
	for _, f := range p.few {
		dst = append(dst, f.page)
	}
	for at := range p.many {
		dst = append(dst, at)
	}
	for at, n := range p.all {
		if n != 0 {
			dst = append(dst, Page(at))
		}
	}
	return dst
}
