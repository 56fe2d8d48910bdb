package mirror

import (
	"bytes"
	"hash/maphash"
)

// keyFunc appends the key of the object in body to dst. Objects with one key
// form one list.
type keyFunc func(dst, body []byte) []byte

// table holds the objects of one class: for every key the list of objects that
// share it, in the kernel's order. For most classes a list has one entry; IPv4
// routes of one prefix, TOS and metric, IPv6 routes of one prefix and metric,
// and equal rules have more.
type table struct {
	slab    slab
	index   index
	key     keyFunc
	seed    maphash.Seed
	n       int
	layout  int // how often the entries were laid out anew
	numbers numbers

	mine, other []byte // scratch for keys
	looked      uint64 // how often a list was looked for: which one mine is the key of
}

func newTable(key keyFunc) *table { return &table{key: key, seed: maphash.MakeSeed()} }

// list is a place in a table: the objects of one key. It is good until the
// next change of the table that does not go through it.
type list struct {
	t      *table
	hash   uint64
	slot   int // in the index; -1: no objects
	head   ref
	looked uint64
}

// find returns the list that the object in body belongs to.
func (t *table) find(body []byte) list {
	t.mine = t.key(t.mine[:0], body)
	return t.lookup()
}

// findID returns the list of a number: links and nexthop objects have one.
func (t *table) findID(id uint32) list {
	t.mine = appendUint32(t.mine[:0], id)
	return t.lookup()
}

// findKey returns the list of a key.
func (t *table) findKey(key []byte) list {
	t.mine = append(t.mine[:0], key...)
	return t.lookup()
}

// lookup returns the list of the key in mine.
func (t *table) lookup() list {
	t.looked++
	l := list{t: t, hash: t.hash(t.mine), looked: t.looked}
	l.slot = t.index.find(uint32(l.hash>>32), func(r ref) bool {
		t.other = t.key(t.other[:0], t.slab.body(r))
		return bytes.Equal(t.other, t.mine)
	})
	if l.slot >= 0 {
		l.head = t.index.slots[l.slot].ref
	}
	return l
}

// key returns the list's key if no other has been looked for since, nil otherwise.
func (l *list) key() []byte {
	if l.t == nil || l.looked != l.t.looked {
		return nil
	}
	return l.t.mine
}

func (t *table) hash(key []byte) uint64 { return maphash.Bytes(t.seed, key) }

// insert puts body behind entry after, at the front if that is 0.
func (l *list) insert(after ref, body []byte) ref {
	r := l.t.slab.alloc(body)
	l.t.n++
	l.t.numbers.take(l.hash, r, l.head == 0)
	l.link(after, r)
	return r
}

// link puts entry r behind entry after, at the front if that is 0.
func (l *list) link(after, r ref) {
	s := &l.t.slab
	if after != 0 {
		s.setNext(r, s.next(after))
		s.setNext(after, r)
		return
	}
	s.setNext(r, l.head)
	l.setHead(r)
}

// push puts body at the end.
func (l *list) push(body []byte) ref { return l.insert(l.last(), body) }

// replace puts body in the place of entry r, and returns its entry; flags are kept.
func (l *list) replace(r ref, body []byte) ref {
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

// remove frees entry r.
func (l *list) remove(r ref) {
	l.t.numbers.free(l.hash, r)
	l.unlink(r)
	l.t.n--
	l.t.tidy()
}

// unlink takes entry r out of the list and frees its memory.
func (l *list) unlink(r ref) {
	s := &l.t.slab
	next := s.next(r)
	if r == l.head {
		l.setHead(next)
	} else {
		p := l.head
		for s.next(p) != r {
			p = s.next(p)
		}
		s.setNext(p, next)
	}
	s.release(r)
}

// move puts entry r behind entry after, at the front if that is 0.
func (l *list) move(r, after ref) {
	s := &l.t.slab
	if r == after || l.before(r) == after {
		return
	}
	if p := l.before(r); p != 0 {
		s.setNext(p, s.next(r))
	} else {
		l.setHead(s.next(r))
	}
	if after != 0 {
		s.setNext(r, s.next(after))
		s.setNext(after, r)
		return
	}
	s.setNext(r, l.head)
	l.setHead(r)
}

// before returns the entry in front of r, 0 for the first.
func (l *list) before(r ref) (p ref) {
	for e := l.head; e != r && e != 0; e = l.t.slab.next(e) {
		p = e
	}
	return p
}

// setHead makes r the first entry, which may be the first ever or none.
func (l *list) setHead(r ref) {
	x := &l.t.index
	switch {
	case l.slot < 0:
		l.slot = x.insert(uint32(l.hash>>32), r)
	case r == 0:
		x.remove(l.slot)
		l.slot = -1
	default:
		x.slots[l.slot].ref = r
	}
	l.head = r
}

// last returns the last entry, 0 if there is none.
func (l *list) last() (r ref) {
	for e := l.head; e != 0; e = l.t.slab.next(e) {
		r = e
	}
	return r
}

// len returns the number of entries, counted.
func (l *list) len() (n int) {
	for e := l.head; e != 0; e = l.t.slab.next(e) {
		n++
	}
	return n
}

// tidy gives all memory back when the table is empty.
func (t *table) tidy() {
	if t.n == 0 {
		t.slab, t.index, t.numbers = slab{visited: t.slab.visited}, index{}, numbers{}
		t.layout++
	}
}

// bytes returns the memory held.
func (t *table) bytes() int { return t.slab.bytes() + t.index.bytes() }
