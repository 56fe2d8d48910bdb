package mirror

import (
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// begin makes s empty.
func (s *objects) begin(cfg Config) {
	s.cfg, s.links, s.tally = cfg, newLinks(), newTally()
	need(&s.cfg.Track)
	for o := range s.tables {
		s.tables[o] = objtable.New(byte(o), func(dst, body []byte) []byte { return s.key(rtnl.Object(o), dst, body) })
	}
}

// key appends the key of an object.
func (s *objects) key(o rtnl.Object, dst, body []byte) []byte {
	return rows[o].key(dst, s.index(o, body))
}

// index returns where the attributes of an object are, which is known of the
// message at hand, and of what is held as that says it. It is good until index is
// called for the next.
func (s *objects) index(o rtnl.Object, body []byte) *rtnl.Index {
	if s.msg.Of(o, body) {
		return &s.msg
	}
	s.other.Read(o, body)
	return &s.other
}

func (s *objects) has(o rtnl.Object, body []byte) bool {
	l := s.tables[o].Find(body)
	return l.Head != 0
}

// need adds the classes that those in track depend on: every name of an
// interface comes from a link.
func need(track *[rtnl.NumObjects]bool) {
	track[rtnl.Link] = true
	for o := range rows {
		for _, other := range rows[o].needs {
			track[other] = track[other] || track[o]
		}
	}
}

// Tracks reports whether the state of class o is held.
func (s *objects) Tracks(o rtnl.Object) bool { return s.cfg.Track[o] }

// Len returns the number of objects of class o.
func (s *objects) Len(o rtnl.Object) int { return s.tables[o].Len() - s.unseen[o] }

// Bytes returns the memory that the objects take.
func (s *objects) Bytes() (n int) {
	for _, t := range s.tables {
		n += t.Bytes()
	}
	return n
}

// keep reports whether an object belongs into the mirror.
func (s *objects) keep(o rtnl.Object, body []byte) bool {
	return s.cfg.Keep == nil || s.cfg.Keep(o, body)
}

// shows reports whether an object that is kept is to be seen.
func (s *objects) shows(o rtnl.Object, body []byte) bool {
	return s.cfg.Show == nil || !rows[o].screened || s.cfg.Show(body)
}

// enter keeps what is derived from the objects in step: d is 1 for entry r, with
// what is in body, that comes, -1 for one that goes.
func (s *objects) enter(o rtnl.Object, r ref, body []byte, d int32) {
	x, at, c := s.index(o, body), r.Page(), &rows[o]
	if o == rtnl.Link {
		s.links.enter(body, d)
	}
	s.shown = s.shows(o, body)
	if !s.shown {
		s.unseen[o] += int(d)
	}
	if s.only = 0; c.brief != nil {
		if s.only = c.brief(&s.tally, x, s.shown, at, d); s.only != 0 {
			return
		}
	}
	s.subjects = c.counted(s.subjects[:0], s, x)
	for i := range s.subjects {
		s.tally.add(s.subjects[i], at, d)
	}
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
	body := s.tables[o].Body(to)
	s.shown = s.shows(o, body)
	s.subjects = rows[o].counted(s.subjects[:0], s, s.index(o, body))
	for _, k := range s.subjects {
		if c := s.tally.counts[k]; placed[k.kind] && c != nil {
			c.places.Add(before, -1)
			c.places.Add(after, 1)
		}
	}
}

// refersTo reports whether an object is held that may name link index.
func (s *objects) refersTo(index uint32) bool {
	for _, o := range classes {
		for _, key := range rows[o].naming(index) {
			if s.tally.get(key) > 0 {
				return true
			}
		}
	}
	return false
}

// eachOn calls f for the objects of class o that may refer to link index. f
// must not change the mirror.
func (s *objects) eachOn(o rtnl.Object, index uint32, f func(r ref, body []byte)) {
	s.visit(o, func(r ref, body []byte) bool {
		if mentions(body, index) {
			f(r, body)
		}
		return true
	}, rows[o].naming(index)...)
}

// namesIn returns the links that the link in body names.
func (s *objects) namesIn(body []byte) []uint32 { return namesOf(&s.named.view, body) }
