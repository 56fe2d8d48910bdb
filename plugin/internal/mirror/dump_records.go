package mirror

import (
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// settle takes over the records of one key (R58).
func (d *dump) settle() {
	if len(d.ends) == 0 {
		return
	}
	d.s.origin = d.origin
	if d.query.Object == rtnl.Link {
		d.settleLinks()
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

// at returns the i-th record of the key at hand.
func (d *dump) at(i int) []byte {
	start := 0
	if i > 0 {
		start = d.ends[i-1]
	}
	return d.records[start:d.ends[i]]
}
