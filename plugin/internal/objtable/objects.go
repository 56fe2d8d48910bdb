package objtable

// Len returns the number of objects.
func (t *Table) Len() int { return t.n }

// Live returns the bytes of the objects and their headers, Visited how many
// entries walks have looked at, ever.
func (t *Table) Live() int { return t.slab.live }

// Visited returns how many entries walks have looked at, ever.
func (t *Table) Visited() int { return t.slab.visited }

// Layout returns how often the table was laid out anew: a Place that was reached
// before is of no use then.
func (t *Table) Layout() int { return t.layout }

// Body returns the bytes of an object: good until it goes, and to be written
// until the next insertion.
func (t *Table) Body(r Ref) []byte { return t.slab.body(r) }

// Number returns the number of an object among those of its key: the smallest
// that was free when it came.
func (t *Table) Number(r Ref) uint32 { return t.numbers.get(r) }

// Flags returns the bits that SetFlags has set, of Free.
func (t *Table) Flags(r Ref) uint8 { return t.slab.flags(r) & Free }

// SetFlags sets the bits of an object that are the user's. They stay with it.
func (t *Table) SetFlags(r Ref, f uint8) { t.slab.setFlags(r, f&Free|flagLive) }

// Next returns the object behind r in its list, 0 for none.
func (t *Table) Next(r Ref) Ref { return t.slab.next(r) }

// Each calls f for every object in the order of their places, until f returns
// false. f may remove objects, and insert some if a visit of those does no harm.
func (t *Table) Each(f func(Ref) bool) { t.slab.each(f) }

// EachOn is Each for the objects that begin on a page. It reports whether f has
// always returned true.
func (t *Table) EachOn(p Page, f func(Ref) bool) bool { return t.slab.eachOn(p, f) }

// Walk returns the object at or behind a place, 0 for none, and moves the place
// behind it. The place stays good while Layout stays the same.
func (t *Table) Walk(p *Place) Ref { return t.slab.walk(p) }

// Wasteful reports whether Compact has anything to do.
func (t *Table) Wasteful() bool { return t.slab.wasteful() }

// Compact makes memory of removed objects that is left over chunks again, a
// bounded piece at a time. moved is told of objects that have another place. No
// List or Ref may be held across it.
func (t *Table) Compact(moved func(from, to Ref)) {
	t.slab.evacuate(func(r Ref) { moved(r, t.relocate(r)) })
}

// In reports whether the list is one of a table.
func (l *List) In(t *Table) bool { return l.t == t }

// Table returns the table of the list, nil for the zero list.
func (l *List) Table() *Table { return l.t }

// Hash returns the hash of the list's key, which lists of other keys can share: it
// is the Identity of an object with the number 0.
func (l *List) Hash() uint64 { return l.hash }

// Body, Flags, SetFlags, Number and Next are those of the table.

// Body is Table.Body.
func (l *List) Body(r Ref) []byte { return l.t.slab.body(r) }

// Flags is Table.Flags.
func (l *List) Flags(r Ref) uint8 { return l.t.Flags(r) }

// SetFlags is Table.SetFlags.
func (l *List) SetFlags(r Ref, f uint8) { l.t.SetFlags(r, f) }

// Number is Table.Number.
func (l *List) Number(r Ref) uint32 { return l.t.numbers.get(r) }

// Next is Table.Next.
func (l *List) Next(r Ref) Ref { return l.t.slab.next(r) }

// First returns the body of the list's first object, nil if it is empty.
func (l *List) First() []byte {
	if l.Head == 0 {
		return nil
	}
	return l.t.slab.body(l.Head)
}
