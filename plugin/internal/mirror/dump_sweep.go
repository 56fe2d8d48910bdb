package mirror

import (
	"errors"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// settled reports whether the dump needs no other to find what it lacked, and
// the mirror too: objects never heard of. exact says that it lacked none.
func (d *dump) settled(exact bool) bool {
	q := d.query
	q.Round = 0
	if exact {
		delete(d.s.restless, q)
		return true
	}
	if d.s.restless[q]++; d.s.restless[q] < missedLimit {
		return false
	}
	delete(d.s.restless, q)
	return true
}

// sweep looks for objects that the dump lacked, and returns how many of them
// it keeps for now.
func (d *dump) sweep(exact bool) (suspects int) {
	t := d.s.tables[d.query.Object]
	d.eachAsked(func(r ref) bool {
		switch flags := t.Flags(r); {
		case flags&flagSeen != 0:
			t.SetFlags(r, flags&^(flagSeen|flagFilled|flagTaken|flagMissed))
		case d.asks(t.Body(r)) && d.suspect(r, exact):
			suspects++
		}
		return true
	})
	return suspects
}

// eachAsked calls f for what the dump was to show, and perhaps for more. Only
// that is marked: what a kernel that does not know the filter shows beyond is
// looked for everywhere.
func (d *dump) eachAsked(f func(ref) bool) {
	q, t := d.query, d.s.tables[d.query.Object]
	of, all := d.asked()
	switch {
	case q.One && !d.beyond:
		if l := t.FindID(q.Ifindex); l.Head != 0 {
			f(l.Head)
		}
	case !all && !d.beyond:
		d.s.visit(q.Object, func(r ref, _ []byte) bool { return f(r) }, of...)
	default:
		t.Each(f)
	}
}

// suspect decides about an object that the dump lacked, and reports whether it
// keeps it for now. It goes if the dump was exact, or if dump after dump lacks it (R56).
func (d *dump) suspect(r ref, exact bool) bool {
	t := d.s.tables[d.query.Object]
	l := t.Find(t.Body(r))
	if d.isTouched(&l) {
		d.inconclusive = d.inconclusive || !d.toldAll(&l)
		return false
	}
	flags := t.Flags(r)
	if lacked := rows[d.query.Object].lacked; lacked != nil && lacked(d.s, l, r) {
		t.SetFlags(r, flags|missedOne)
		return false
	}
	missed := flags&flagMissed/missedOne + 1
	if exact || missed >= missedLimit {
		rows[d.query.Object].swept(d.s, l, r)
		return false
	}
	t.SetFlags(r, flags&^flagMissed|missed*missedOne)
	return true
}

// unmark removes the marks of a dump that is of no use.
func (d *dump) unmark() {
	t := d.s.tables[d.query.Object]
	d.eachAsked(func(r ref) bool {
		t.SetFlags(r, t.Flags(r)&^(flagSeen|flagFilled|flagTaken))
		return true
	})
}

// asked names the counters of the objects that the question is about; all says
// that those of the whole class are to be looked at.
func (d *dump) asked() (of []tallyKey, all bool) {
	switch q := d.query; {
	case q.Ifindex != 0:
		of = rows[q.Object].naming(q.Ifindex)
	case q.Master != 0:
		of = rows[q.Object].naming(q.Master)
	case q.Family == unix.AF_UNSPEC:
	case q.Table != 0:
		of = []tallyKey{{kind: tallyTable, family: q.Family, id: q.Table}}
	case q.Object == rtnl.Route:
		return d.s.routesOf(q.Family)
	}
	return of, of == nil
}

// routesOf names the counters of the routes of a family, unless those are most.
func (s *objects) routesOf(family uint8) (of []tallyKey, most bool) {
	n := 0
	for k, c := range s.tally.tables {
		if k.family == family {
			of, n = append(of, k), n+int(c.n)
		}
	}
	return of, 2*n > s.tables[rtnl.Route].Len()
}

// gone reports whether a filtered dump failed because what it asked for is not
// there: the link, or the table (R62).
func gone(q rtnl.Query, err error) bool {
	return (q.Ifindex != 0 || q.Table != 0 || q.Master != 0) &&
		(errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ENOENT))
}

// missedLimit is how many dumps in a row must lack an object, while others of
// its class change, until it counts as deleted; and how many are asked for to
// find those that each may lack.
const missedLimit = 3
