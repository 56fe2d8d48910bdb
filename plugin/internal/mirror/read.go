package mirror

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Each calls f for the objects of class o until it returns false. The bodies
// are views, good until the next change of the mirror; f must not change it.
func (s *objects) Each(o rtnl.Object, f func(body []byte) bool) {
	t := s.tables[o]
	t.Each(func(r ref) bool {
		body := t.Body(r)
		return !s.shows(o, body) || f(body)
	})
}

// LinkByIndex returns the body of a link, nil if there is none.
func (s *objects) LinkByIndex(index uint32) []byte {
	l := s.tables[rtnl.Link].FindID(index)
	return l.First()
}

// NexthopByID returns the body of a nexthop object, nil if there is none.
func (s *objects) NexthopByID(id uint32) []byte {
	l := s.tables[rtnl.Nexthop].FindID(id)
	return l.First()
}

// LinkByName returns the body of the link with a name or alternative name, nil
// if there is none.
func (s *objects) LinkByName(name string) []byte {
	index, ok := s.links.byName[name]
	if !ok {
		return nil
	}
	return s.LinkByIndex(index)
}

// Lookup returns the route that a packet to addr takes in a table: the longest
// prefix, then the lowest metric, then the first of the list. Routes with a TOS
// or for some sources only are left out. It is nil if there is none.
//
// There is no tree of prefixes: it tries the prefix lengths and metrics that
// occur, of which there are few.
func (s *objects) Lookup(addr netip.Addr, table uint32) []byte {
	family := uint8(unix.AF_INET6)
	if addr = addr.Unmap(); addr.Is4() {
		family = unix.AF_INET
	}
	return s.shaped(addr, family, table, func(uint8) bool { return true }, s.shows)
}

// Route returns the route to exactly dst in a table, the one with the lowest
// metric if there are several, nil if there is none. It is good as long as what
// Lookup returns.
func (s *objects) Route(dst netip.Prefix, table uint32) []byte {
	family := uint8(unix.AF_INET6)
	if dst.Addr().Is4() {
		family = unix.AF_INET
	}
	return s.shaped(dst.Addr(), family, table, func(length uint8) bool { return int(length) == dst.Bits() }, s.shows)
}

// shaped returns the first route, by prefix length and metric, to a prefix of
// addr whose length is wanted, and that is not left out itself.
func (s *objects) shaped(addr netip.Addr, family uint8, table uint32, wanted func(length uint8) bool, route func(rtnl.Object, []byte) bool) []byte {
	for _, shape := range s.tally.shapes[shapeTable{family, table}] {
		prefix, err := addr.Prefix(int(shape.len))
		if err != nil || !wanted(shape.len) {
			continue
		}
		s.shapeKey = appendShapeKey(s.shapeKey[:0], shape, prefix)
		l := s.tables[rtnl.Route].FindKey(s.shapeKey, nil)
		for r := l.Head; r != 0; r = l.Next(r) {
			if body := l.Body(r); route(rtnl.Route, body) {
				return body
			}
		}
	}
	return nil
}

// appendShapeKey is routeKey for a prefix.
func appendShapeKey(key []byte, shape tallyKey, prefix netip.Prefix) []byte {
	key = append(key, shape.family, shape.len, 0, 0)
	key = appendUint32(appendUint32(key, shape.id), shape.metric)
	switch {
	case shape.len == 0: // no RTA_DST
		return key
	case shape.family == unix.AF_INET:
		a := prefix.Addr().As4()
		return append(key, a[:]...)
	}
	a := prefix.Addr().As16()
	return append(key, a[:]...)
}

// Clear removes all objects, as implied by the end of the namespace, those
// that refer to others first.
func (s *State) Clear(now int64) {
	s.Settle()
	s.dump, s.snap, s.now, s.origin = nil, nil, now, event.Implied
	for o := rtnl.Object(rtnl.NumObjects); o > 0; o-- {
		s.tables[o-1].Each(func(r ref) bool { s.dropEntry(o-1, r); return true })
	}
}
