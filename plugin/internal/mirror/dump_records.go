package mirror

import (
	"bytes"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// settle takes over the records of one key (R58).
func (d *dump) settle() {
	if len(d.ends) == 0 {
		return
	}
	d.s.origin = d.origin
	if together := rows[d.query.Object].together; together != nil {
		together(d.s)
	} else if d.settlePlain() {
	} else if l := d.s.tables[d.query.Object].FindKey(d.key, d.at(0)); d.overtaken() {
		d.question(&l)
	} else if !d.isTouched(&l) {
		d.reconcile(&l)
	} else if !d.toldAll(&l) {
		d.compare(&l)
	}
	d.records, d.ends = d.records[:0], d.ends[:0]
}

// question is for records that may be older than a silent change: what they
// show stays if it is held, and another dump has to tell.
func (d *dump) question(l *objtable.List) {
	d.touch(l)
	d.inconclusive = true
	d.compare(l)
}

// reconcile brings a list in line with the records of its key.
func (d *dump) reconcile(l *objtable.List) {
	o := d.query.Object
	switch {
	case rows[o].perKey == one:
		for i := range d.ends { // dumps can repeat a record
			d.reconcileOne(l, d.at(i))
		}
		return
	case l.Head != 0 && d.whole() && len(d.ends) == 1 && lone(l):
		if !same(o, l.Body(l.Head), d.at(0)) {
			l.SetFlags(l.Head, l.Flags(l.Head)&^flagGroup) // of what is no more
		}
		d.fill(l, d.s.update(o, l, l.Head, d.at(0)))
		return
	}
	var last ref
	if !d.whole() {
		last = l.Last()
	}
	for i := range d.ends {
		last = d.place(l, last, d.at(i))
	}
}

// reconcileOne brings the only object of a key in line with a record.
func (d *dump) reconcileOne(l *objtable.List, body []byte) {
	switch o := d.query.Object; {
	case l.Head == 0:
		d.fill(l, d.s.add(o, l, 0, body))
	case rows[o].passing != nil && rows[o].passing(body):
		d.seen(l, l.Head)
	default:
		d.fill(l, d.s.update(o, l, l.Head, body))
	}
}

// lone reports whether the list has one entry that the dump has not shown yet:
// equal rules need not follow each other.
func lone(l *objtable.List) bool {
	return l.Next(l.Head) == 0 && l.Flags(l.Head)&flagSeen == 0
}

// place finds the entry that a record means, or adds it, behind entry last.
// Equal rules exist, and equal IPv6 routes that a replacement has made.
func (d *dump) place(l *objtable.List, last ref, body []byte) ref {
	o, c, twice := d.query.Object, &rows[d.query.Object], false
	for r := d.nextUnseen(l, last, body); r != 0; r = l.Next(r) {
		if !same(o, l.Body(r), body) {
			continue
		}
		if l.Flags(r)&flagSeen != 0 {
			if !c.alike(body) {
				return last
			}
			twice = true
			continue
		}
		if c.means != nil {
			r, last = d.renew(l, r, last, body)
		}
		if d.whole() {
			l.Move(r, last)
			last = r
		}
		d.seen(l, r)
		return last
	}
	d.repeated = d.repeated || twice
	if c.means != nil {
		if other := c.means(d.s, *l, body); other != 0 {
			other, last = d.renew(l, other, last, body)
			d.fill(l, other)
			return last
		}
	}
	r := d.s.add(o, l, last, body)
	d.fill(l, r)
	return r
}

// renew gives entry r another state, which may put it elsewhere in memory: so it
// returns it, and entry last, which may be the same.
func (d *dump) renew(l *objtable.List, r, last ref, body []byte) (now, lastNow ref) {
	if now = d.s.update(d.query.Object, l, r, body); last == r {
		last = now
	}
	return now, last
}

// nextUnseen returns where place begins: at the entry behind last if the record
// means that, as nearly always, since a list can have thousands of entries.
func (d *dump) nextUnseen(l *objtable.List, last ref, body []byte) ref {
	if last == 0 {
		return l.Head
	}
	if r := l.Next(last); r != 0 && l.Flags(r)&flagSeen == 0 && same(d.query.Object, l.Body(r), body) {
		return r
	}
	return l.Head
}

func (d *dump) seen(l *objtable.List, r ref) {
	l.SetFlags(r, l.Flags(r)&^flagBehind|flagSeen)
}

// fill marks an entry as seen, and as written by this dump.
func (d *dump) fill(l *objtable.List, r ref) {
	flags := l.Flags(r)&^flagBehind | flagSeen | flagFilled
	if shown := rows[d.query.Object].shown; shown != nil {
		flags |= shown(l.Body(r))
	}
	l.SetFlags(r, flags)
}

// compare looks at the records of a touched key: one that no event has brought
// may have been there before, or be gone since. Only another dump can tell.
func (d *dump) compare(l *objtable.List) {
	last := ref(0)
	for i := range d.ends {
		if e := d.match(l, last, d.at(i)); e != 0 {
			l.SetFlags(e, l.Flags(e)|flagSeen|flagTaken)
			last = e
		} else {
			d.inconclusive = true
		}
	}
}

// match returns the entry that a record means, 0 for none. Of equal ones each
// record means another. It looks from the last match on and comes to what is before
// that at the end: dumps follow the list's order, and a list can have thousands.
func (d *dump) match(l *objtable.List, last ref, body []byte) ref {
	fits := func(r ref) bool { return l.Flags(r)&flagTaken == 0 && same(d.query.Object, l.Body(r), body) }
	if last != 0 {
		for r := l.Next(last); r != 0; r = l.Next(r) {
			if fits(r) {
				return r
			}
		}
	}
	for r := l.Head; r != 0 && r != last; r = l.Next(r) {
		if fits(r) {
			return r
		}
	}
	return 0
}

// arrive is for an event that comes during a dump. Records of its key that came
// before are taken over first, but for links: those are taken over together.
func (d *dump) arrive(o rtnl.Object, body []byte) {
	if d == nil || o != d.query.Object {
		return
	}
	if d.next = d.s.key(o, d.next[:0], body); o != rtnl.Link && bytes.Equal(d.key, d.next) {
		d.settle()
	}
	d.disturb(o, familyOf(body))
}

// append adds a record whose key is next to those of the key at hand.
func (d *dump) append(body []byte) {
	d.key, d.next = d.next, d.key
	d.records = append(d.records, body...)
	d.ends = append(d.ends, len(d.records))
}

// settlePlain is settle where the one record at hand is of a plain route and
// nothing has happened meanwhile. It reports whether the key had no other object.
func (d *dump) settlePlain() bool {
	if !d.plain || len(d.changedByEvent) > 0 || d.silent.any() || !d.whole() {
		return false
	}
	s, t := d.s, d.s.tables[rtnl.Route]
	r, hash, came := t.Only(d.key, d.records)
	switch {
	case r == 0:
		return false
	case came:
		s.tally.addPath(&d.path, r.Page(), 1)
		s.only, s.hash = d.path.oif, hash
		s.emit(rtnl.Route, event.New, 0, t.Body(r))
		t.SetFlags(r, flagSeen|flagFilled)
	case t.Flags(r)&flagSeen != 0: // it comes twice
		return false
	default:
		s.counts.Refreshed++
		t.SetFlags(r, t.Flags(r)&^flagBehind|flagSeen|flagFilled)
	}
	return true
}

// overtaken reports whether one of the records of the key at hand shows what a
// silent change meanwhile may have removed.
func (d *dump) overtaken() bool {
	if !d.silent.any() {
		return false
	}
	found := false
	for i := range d.ends { // all, since one can tell of others
		found = rows[d.query.Object].overtaken(d.s, &d.silent, d.at(i)) || found
	}
	return found
}
