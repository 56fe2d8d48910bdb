package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// toldAll reports whether events say all there is of a touched key. Where many
// objects can share one, an event speaks of its own alone.
func (d *dump) toldAll(l *objtable.List) bool {
	c := &rows[d.query.Object]
	return d.changedByEvent[l.Hash()] || c.perKey == one && !c.silentEnds
}

// spoken marks an entry that an event brings during a dump: that the dump may
// lack it means nothing, unless objects of its class go silently.
func (d *dump) spoken(l *objtable.List, r ref) {
	if d == nil || !l.In(d.s.tables[d.query.Object]) || !d.s.told() {
		return
	}
	switch flags := l.Flags(r); {
	case !d.asks(l.Body(r)): // it may have been, before
		l.SetFlags(r, flags&^(flagSeen|flagFilled|flagTaken))
	case !rows[d.query.Object].silentEnds:
		l.SetFlags(r, flags|flagSeen)
	}
}

// complete notes that an event has told all there is of a key.
func (d *dump) complete(l *objtable.List) {
	if d != nil && l.In(d.s.tables[d.query.Object]) {
		d.changedByEvent[l.Hash()] = true
	}
}

// touch notes that an event speaks of a list. What is only implied the dump may
// have shown the end of, or the beginning of something new: another has to tell (R58).
func (d *dump) touch(l *objtable.List) {
	if d != nil && l.In(d.s.tables[d.query.Object]) {
		if _, known := d.changedByEvent[l.Hash()]; !known {
			d.changedByEvent[l.Hash()] = false
		}
		if d.s.origin == event.Implied {
			d.undisturbed, d.inconclusive = false, true
		}
	}
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

// disturb notes that something happens to the objects of a class and family.
func (d *dump) disturb(o rtnl.Object, family byte) {
	if d != nil && o == d.query.Object && (d.query.Family == unix.AF_UNSPEC || family == d.query.Family) {
		d.undisturbed = false
	}
}

func (d *dump) isTouched(l *objtable.List) bool {
	_, touched := d.changedByEvent[l.Hash()]
	return touched
}
