package objtable

import (
	"bytes"

	"github.com/cespare/xxhash/v2"
)

// Only returns the object of a key that has no other and the bytes in body, which
// it puts there where the key has none; came says that it did. It is 0 where the
// key has another object, or may have: Find tells. This is Find and Insert with
// one look at the index.
func (t *Table) Only(key, body []byte) (r Ref, hash uint64, came bool) {
	t.mine = append(t.mine[:1], key...)
	l := List{t: t, hash: xxhash.Sum64(t.mine)}
	place := l.place()
	at, held := t.index.vacancy(place)
	if at < 0 {
		if held != 0 && t.slab.next(held) == 0 && bytes.Equal(t.slab.body(held), body) {
			return held, l.hash, false
		}
		return 0, l.hash, false
	}
	r = t.slab.alloc(body)
	t.n++
	t.index.fill(at, place, r)
	return r, l.hash, true
}
