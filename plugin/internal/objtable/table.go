package objtable

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"

	"github.com/cespare/xxhash/v2"
)

// KeyFunc appends the key of the object in body to dst. Objects with one key
// form one list.
type KeyFunc func(dst, body []byte) []byte

// Table holds the objects of one class: for every key the list of objects that
// share it, in the kernel's order. For most classes a list has one entry; IPv4
// routes of one prefix, TOS and metric, IPv6 routes of one prefix and metric,
// and equal rules have more.
type Table struct {
	slab    slab
	index   index
	key     KeyFunc
	spread  uint64 // odd: makes places in the index that nobody can foretell
	n       int
	layout  int // how often the entries were laid out anew
	numbers numbers

	mine, other []byte // scratch for keys; mine begins with the class
}

// New returns an empty table of the objects of a class, which key makes the key of.
func New(class byte, key KeyFunc) *Table {
	return &Table{key: key, spread: rand.Uint64() | 1, mine: []byte{class}}
}

// List is a place in a table: the objects of one key. It is good until the
// next change of the table that does not go through it.
type List struct {
	t    *Table
	hash uint64
	slot int // position in the index; -1: no objects
	Head Ref // the first object, 0 for none; not to be set
}

// Find returns the list that the object in body belongs to.
func (t *Table) Find(body []byte) List {
	t.mine = t.key(t.mine[:1], body)
	return t.lookup(body)
}

// FindID returns the list of a number: links and nexthop objects have one.
func (t *Table) FindID(id uint32) List {
	t.mine = binary.LittleEndian.AppendUint32(t.mine[:1], id)
	return t.lookup(nil)
}

// FindKey returns the list of a key. like is an object that has it, nil where there
// is none at hand.
func (t *Table) FindKey(key, like []byte) List {
	t.mine = append(t.mine[:1], key...)
	return t.lookup(like)
}

// lookup returns the list of the key in mine. What is as like has that key.
func (t *Table) lookup(like []byte) List {
	l := List{t: t, hash: xxhash.Sum64(t.mine)}
	l.slot = t.index.find(l.place(), func(r Ref) bool {
		have := t.slab.body(r)
		if bytes.Equal(have, like) {
			return true
		}
		t.other = t.key(t.other[:0], have)
		return bytes.Equal(t.other, t.mine[1:])
	})
	if l.slot != -1 {
		l.Head = t.index.at(l.slot).Ref
	}
	return l
}

// Identity returns a hash of the class of an object, its key, and a number. It is
// the same in every process.
func (t *Table) Identity(body []byte, number uint32) uint64 {
	t.mine = t.key(t.mine[:1], body)
	if number != 0 {
		t.mine = binary.LittleEndian.AppendUint32(t.mine, number)
	}
	return xxhash.Sum64(t.mine)
}

// place returns where in the index the list is.
func (l *List) place() uint32 { return uint32(l.hash * l.t.spread >> 32) }

// Insert puts body behind entry after, at the front if that is 0.
func (l *List) Insert(after Ref, body []byte) Ref {
	r := l.t.slab.alloc(body)
	l.t.n++
	l.t.numbers.take(l.hash, r, l.Head == 0)
	l.link(after, r)
	return r
}

// link puts entry r behind entry after, at the front if that is 0.
func (l *List) link(after, r Ref) {
	s := &l.t.slab
	if after != 0 {
		s.setNext(r, s.next(after))
		s.setNext(after, r)
		return
	}
	s.setNext(r, l.Head)
	l.setHead(r)
}

// Push puts body at the end.
func (l *List) Push(body []byte) Ref { return l.Insert(l.Last(), body) }

// Replace puts body in the place of entry r, and returns its entry; flags are kept.
func (l *List) Replace(r Ref, body []byte) Ref {
	s := &l.t.slab
	old := s.info(r)
	if int(old&sizeMask+3)&^3 == (len(body)+3)&^3 {
		s.setInfo(r, old&^sizeMask|uint32(len(body)))
		copy(s.body(r), body)
		return r
	}
	fresh := s.alloc(body)
	s.setFlags(fresh, uint8(old>>24))
	l.link(r, fresh)
	l.t.numbers.moved(r, fresh)
	l.unlink(r)
	return fresh
}

// Remove frees entry r.
func (l *List) Remove(r Ref) {
	l.t.numbers.free(l.hash, r)
	l.unlink(r)
	l.t.n--
	l.t.tidy()
}

// unlink takes entry r out of the list and frees its memory.
func (l *List) unlink(r Ref) {
	s := &l.t.slab
	next := s.next(r)
	if r == l.Head {
		l.setHead(next)
	} else {
		p := l.Head
		for s.next(p) != r {
			p = s.next(p)
		}
		s.setNext(p, next)
	}
	s.release(r)
}

// Move puts entry r behind entry after, at the front if that is 0.
func (l *List) Move(r, after Ref) {
	s := &l.t.slab
	if r == after || after != 0 && s.next(after) == r || after == 0 && r == l.Head {
		return
	}
	if p := l.before(r); p != 0 {
		s.setNext(p, s.next(r))
	} else {
		l.setHead(s.next(r))
	}
	l.link(after, r)
}

// before returns the entry in front of r, 0 for the first.
func (l *List) before(r Ref) (p Ref) {
	for e := l.Head; e != r && e != 0; e = l.t.slab.next(e) {
		p = e
	}
	return p
}

// setHead makes r the first entry, which may be the first ever or none.
func (l *List) setHead(r Ref) {
	x := &l.t.index
	switch {
	case l.slot == -1:
		l.slot = x.insert(l.place(), r)
	case r == 0:
		x.remove(l.slot)
		l.slot = -1
	default:
		x.at(l.slot).Ref = r
	}
	l.Head = r
}

// Last returns the last entry, 0 if there is none.
func (l *List) Last() (r Ref) {
	for e := l.Head; e != 0; e = l.t.slab.next(e) {
		r = e
	}
	return r
}

// Len returns the number of entries, counted.
func (l *List) Len() (n int) {
	for e := l.Head; e != 0; e = l.t.slab.next(e) {
		n++
	}
	return n
}

// tidy gives all memory back when the table is empty.
func (t *Table) tidy() {
	if t.n == 0 {
		t.slab, t.index, t.numbers = slab{visited: t.slab.visited}, index{}, numbers{}
		t.layout++
	}
}

// Bytes returns the memory held.
func (t *Table) Bytes() int { return t.slab.bytes() + t.index.bytes() }
