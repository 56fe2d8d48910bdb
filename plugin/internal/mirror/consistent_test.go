package mirror

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// consistent checks what must hold in a mirror at any time, whatever came in.
func (s *State) consistent() error {
	for o, t := range s.tables {
		if err := t.Check(); err != nil {
			return fmt.Errorf("%s: %w", rtnl.Object(o), err)
		}
	}
	if err := s.recount(); err != nil {
		return err
	}
	if err := s.namesCounted(); err != nil {
		return err
	}
	return s.namesMatch()
}

// namesCounted checks that a link is found by each of those that a field of it
// names.
func (s *State) namesCounted() error {
	var bad error
	t := s.tables[rtnl.Link]
	t.Each(func(r ref) bool {
		counted := map[uint32]bool{}
		for _, k := range linkSubjects(nil, &s.objects, s.index(rtnl.Link, t.Body(r))) {
			counted[k.id] = true
		}
		for _, index := range s.namesIn(t.Body(r)) {
			if !counted[index] {
				bad = fmt.Errorf("link %d names link %d, which does not lead to it", linkIndex(t.Body(r)), index)
			}
		}
		return bad == nil
	})
	return bad
}

// recount compares the counters with ones made anew.
func (s *State) recount() error {
	fresh := objects{cfg: s.cfg, tables: s.tables, links: newLinks(), tally: newTally()}
	for o, t := range s.tables {
		t.Each(func(r ref) bool {
			fresh.enter(rtnl.Object(o), r, t.Body(r), 1)
			return true
		})
	}
	same := func(a, b *counter) bool { return a.n == b.n && maps.Equal(a.places.ByPage(), b.places.ByPage()) }
	if !reflect.DeepEqual(s.tally.shapes, fresh.tally.shapes) {
		return fmt.Errorf("shapes of routes: %v, %v when counted again", s.tally.shapes, fresh.tally.shapes)
	}
	if !maps.EqualFunc(s.tally.counts, fresh.tally.counts, same) {
		return fmt.Errorf("%d counters, %d when counted again", len(s.tally.counts), len(fresh.tally.counts))
	}
	return nil
}

// namesMatch checks that every name leads to a link that has it, and that the
// state of each link is known.
func (s *State) namesMatch() error {
	for name, index := range s.links.byName {
		if s.LinkByIndex(index) == nil {
			return fmt.Errorf("name %q leads to link %d, which is not there", name, index)
		}
		l := s.links.byIndex[index]
		if l.name != name && !slices.Contains(l.altnames, name) {
			return fmt.Errorf("name %q leads to link %d, which is called %q and %q", name, index, l.name, l.altnames)
		}
	}
	if len(s.links.byIndex) != s.Len(rtnl.Link) {
		return fmt.Errorf("%d links, %d by index", s.Len(rtnl.Link), len(s.links.byIndex))
	}
	return nil
}
