package mirror

import (
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

// dump is one enumeration under way: the time from before its request until all
// events that it can have raced with are applied, and what may be believed of it.
// What events say of a key in that time stands: a record can be older. And a dump
// can lack objects that were there all the time. The nil dump is none: events
// have nothing to note then.
type dump struct {
	s      *State // what it is taken over into
	query  rtnl.Query
	origin event.Origin // of the differences that it shows

	// Keys that events have changed, by hash; true: an event has told all there
	// is of the key. Their records say nothing.
	changedByEvent map[uint64]bool
	silent         silent // what may have gone or changed without an event
	undisturbed    bool   // nothing has happened to the class and family so far: it lacks nothing
	inconclusive   bool   // an event found a state that may have contained it already: another dump has to tell
	torn           bool   // the kernel says that the reply does not fit together
	refused        bool   // a record made no sense: whose it was is not known
	repeated       bool   // a record came twice and is taken for two objects
	beyond         bool   // the reply has shown what was not asked for

	sought []uint32 // the links that are waited for and will have been shown, if there are any
	size   int      // bytes of the reply
	before uint64   // Counts.Resync at its beginning

	// The records of one key come together, but for equal rules. They are taken
	// over together, since their order is the list's. Of links it is all records.
	records   []byte
	ends      []int
	key, next []byte // of the records, and of the one that comes
	plain     bool   // there is one record, of a plain route
	path      path   // of that
}

// silence returns where to note what happens silently to objects of class o,
// nil while there is no dump of them.
func (d *dump) silence(o rtnl.Object) *silent {
	if d == nil || d.query.Object != o {
		return nil
	}
	return &d.silent
}

// silentOn notes that objects of a class on a link may be gone or changed.
func (d *dump) silentOn(index uint32, o rtnl.Object) {
	if g := d.silence(o); g != nil {
		note(&g.links, index)
	}
}

// silentOver notes that what leads over nexthop object id may be gone.
func (d *dump) silentOver(id uint32, classes ...rtnl.Object) {
	for _, o := range classes {
		if g := d.silence(o); g != nil {
			note(&g.nexthops, id)
		}
	}
}

// silentFrom notes that routes that prefer addr as source may be gone or changed.
func (d *dump) silentFrom(addr []byte) {
	if g := d.silence(rtnl.Route); g != nil {
		note(&g.sources, string(addr))
	}
}

// asks reports whether the dump was to show the object in body.
func (d *dump) asks(body []byte) bool { return rows[d.query.Object].covered(d.query, body) }

// whole reports whether the dump shows all objects of a key, in their order.
func (d *dump) whole() bool { return d.query.Ifindex == 0 }

// at returns the i-th record of the key at hand.
func (d *dump) at(i int) []byte {
	start := 0
	if i > 0 {
		start = d.ends[i-1]
	}
	return d.records[start:d.ends[i]]
}
