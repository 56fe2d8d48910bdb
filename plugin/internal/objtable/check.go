package objtable

import (
	"fmt"
	"maps"
)

// Check checks that index, lists and slab hold the same entries, each
// where its key says.
func (t *Table) Check() error {
	entries, lists, live := 0, 0, 0
	var bad error
	t.slab.each(func(r Ref) bool {
		entries++
		live += entryHeader + (len(t.slab.body(r))+3)&^3
		l := t.Find(t.slab.body(r))
		if l.Head == r {
			lists++
		}
		for e := l.Head; e != r; e = t.slab.next(e) {
			if e == 0 {
				bad = fmt.Errorf("entry %d is not in the list of its key", r)
				return false
			}
		}
		return true
	})
	switch {
	case bad != nil:
		return bad
	case entries != t.n:
		return fmt.Errorf("%d entries, counted as %d", entries, t.n)
	case lists != t.index.n:
		return fmt.Errorf("%d lists, %d in the index", lists, t.index.n)
	case live != t.slab.live:
		return fmt.Errorf("%d bytes live, counted as %d", live, t.slab.live)
	}
	return nil
}

// ByPage returns the number of objects by page.
func (p *Places) ByPage() map[Page]int32 {
	p.flush()
	all := maps.Clone(p.many)
	if all == nil {
		all = map[Page]int32{}
	}
	for at, n := range p.all {
		if n != 0 {
			all[Page(at)] = n
		}
	}
	for _, f := range p.few {
		all[f.page] = f.n
	}
	return all
}
