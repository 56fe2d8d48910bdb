package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// upsert stores the object in body where one of its key can exist.
func (s *State) upsert(o rtnl.Object, body []byte) {
	l := s.tables[o].find(body)
	s.touch(&l)
	if l.head == 0 {
		s.add(o, &l, 0, body)
	} else {
		s.update(o, &l, l.head, body)
	}
}

// remove deletes the object in body, by key.
func (s *State) remove(o rtnl.Object, body []byte) {
	l := s.tables[o].find(body)
	s.touch(&l)
	if l.head == 0 {
		s.counts.Unknown++
		return
	}
	s.drop(o, &l, l.head)
}

// add puts a new object behind entry after of its list, and reports it.
func (s *State) add(o rtnl.Object, l *list, after ref, body []byte) ref {
	r := l.insert(after, body)
	s.spoken(l, r)
	kept := l.t.slab.body(r)
	s.enter(o, kept, 1)
	s.emit(o, event.New, l.t.numbers.get(r), kept, nil)
	return r
}

// update gives entry r another state, and reports the difference if there is one.
func (s *State) update(o rtnl.Object, l *list, r ref, body []byte) ref {
	old := l.t.slab.body(r)
	if same(o, old, body) {
		return s.refresh(o, l, r, body)
	}
	if o == rtnl.Route && s.told() {
		inherit(old, body)
	}
	s.scratch = append(s.scratch[:0], old...)
	s.enter(o, old, -1)
	r = l.replace(r, body)
	s.spoken(l, r)
	kept := l.t.slab.body(r)
	s.enter(o, kept, 1)
	s.emit(o, event.Change, l.t.numbers.get(r), kept, s.scratch)
	if o == rtnl.Route {
		s.unhide(l, s.scratch)
	}
	return r
}

// refresh takes over what changes without being a change: lifetimes, and the
// dead bits of nexthops. It returns the entry, which may have moved.
func (s *State) refresh(o rtnl.Object, l *list, r ref, body []byte) ref {
	s.counts.Refreshed++
	if (o == rtnl.Address || o == rtnl.Route) && !bytes.Equal(l.t.slab.body(r), body) {
		r = s.take(o, l, r, body)
	}
	s.spoken(l, r)
	return r
}

// take puts body in the place of entry r, which is in the same state. The nexthops of a
// group stay in the order that has been reported.
func (s *State) take(o rtnl.Object, l *list, r ref, body []byte) ref {
	old := l.t.slab.body(r)
	s.precede(o, event.Change, l.t.numbers.get(r), nil, old) // it may move behind the walk
	if o == rtnl.Route {
		if s.told() {
			inherit(old, body)
		}
		if !sameHopsInOrder(routeAttr(old, unix.RTA_MULTIPATH), routeAttr(body, unix.RTA_MULTIPATH)) {
			if body = withHops(body, mergeHops(hopsOf(old), hopsOf(body))); bytes.Equal(old, body) {
				return r
			}
		}
	}
	s.enter(o, old, -1)
	r = l.replace(r, body)
	s.enter(o, l.t.slab.body(r), 1)
	return r
}

// drop removes entry r and reports it.
func (s *State) drop(o rtnl.Object, l *list, r ref) { s.dropWith(o, l, r, nil) }

// dropWith is drop with more attributes for the report.
func (s *State) dropWith(o rtnl.Object, l *list, r ref, more []byte) {
	old := append(append(s.scratch[:0], l.t.slab.body(r)...), more...)
	s.scratch = old
	s.enter(o, old, -1)
	number := l.t.numbers.get(r)
	l.remove(r)
	s.emit(o, event.Delete, number, nil, old)
	if o == rtnl.Route {
		s.unhide(l, old)
	}
}

// imply runs f with changes reported as implied by another message.
func (s *State) imply(f func()) {
	before := s.origin
	if before == event.Notify {
		s.origin = event.Implied
	}
	f()
	s.origin = before
}

// enter keeps what is derived from the objects in step: d is 1 for an object
// that comes, -1 for one that goes.
func (s *State) enter(o rtnl.Object, body []byte, d int32) {
	switch o {
	case rtnl.Link:
		s.links.enter(body, d)
	case rtnl.Address:
		s.tally.add(addressKeyOf(body), d)
	case rtnl.Nexthop:
		s.tally.add(tallyKey{kind: tallyNexthop, id: rtnl.Uint32(rtnl.AttrsOf(o, body).Get(unix.NHA_OIF))}, d)
	case rtnl.Neighbor:
		if id := fdbNexthop(body); id != 0 {
			s.tally.add(tallyKey{kind: tallyFDB, id: id}, d)
		}
	case rtnl.Route:
		s.tally.route(body, d)
		if !s.shows(o, body) {
			s.unseen += int(d)
		}
	}
}

// held returns a message's body in the form that is held, perhaps in scratch
// memory that is good until the next message: links without statistics, routes
// over a nexthop object without a copy of it.
func (s *State) held(o rtnl.Object, body []byte) []byte {
	var leave attrSet
	switch {
	case o == rtnl.Link:
		leave = attrs(unix.IFLA_STATS, unix.IFLA_STATS64)
	case o == rtnl.Route && nhid(body) != 0:
		leave = movable
	default:
		return body
	}
	n := o.HeaderLen()
	s.canon = append(s.canon[:0], body[:n]...)
	if o == rtnl.Route {
		clearBits(rtnl.RouteFlags.Bytes(s.canon), hopBits) // the object's
	}
	a := rtnl.Attrs(body[n:])
	for {
		typ, _, rest, ok := a.Next()
		if !ok {
			return s.canon
		}
		if !leave.has(typ) {
			s.canon = append(s.canon, a[:len(a)-len(rest)]...)
		}
		a = rest
	}
}

// object reports whether the body of an RTM_NEW or RTM_DEL message is an
// object of the mirror at all.
func object(o rtnl.Object, body []byte) bool {
	switch o {
	case rtnl.Link:
		return wholeLink(body)
	case rtnl.Route:
		return ipFamily(body[0]) && rtnl.Uint32(body[8:])&unix.RTM_F_CLONED == 0
	case rtnl.Address, rtnl.Rule:
		return ipFamily(body[0])
	case rtnl.Neighbor:
		return ipFamily(body[0]) || body[0] == unix.AF_BRIDGE && !ownMAC(body)
	}
	return true
}

func ipFamily(f byte) bool { return f == unix.AF_INET || f == unix.AF_INET6 }
