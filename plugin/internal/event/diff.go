package event

import (
	"bytes"
	"math/bits"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// MaxFields is the most fields that a class may have: Event.Changed has a bit
// for each.
const MaxFields = 64

// readers says which fields read which bytes of a class's bodies.
type readers struct {
	attr  [maxAttr]uint64 // by type of attribute
	head  [16]uint64      // by byte of the fixed structure
	used  []uint16        // types of attributes that Diff compares
	all   uint64          // every field that Diff compares
	needs uint64          // the fields that have no value without an attribute
}

var readersOf [rtnl.NumObjects]readers

// The table's decoders use readersOf themselves, so that it cannot be
// initialized where it is declared.
func init() {
	for o := range readersOf {
		readersOf[o] = newReaders(rtnl.Object(o), fields[o])
	}
}

func newReaders(o rtnl.Object, table []Field) (r readers) {
	bare := View{Object: o, body: make([]byte, o.HeaderLen())}
	for i, f := range table {
		for off := range r.head {
			if f.head>>off&1 != 0 {
				r.head[off] |= 1 << i
			}
		}
		for _, typ := range f.attrs {
			r.attr[typ] |= 1 << i
		}
		if len(f.attrs) > 0 && f.head == 0 && f.get(&bare) == (Value{}) {
			r.needs |= 1 << i
		}
		if !f.Volatile && !f.NoChange {
			r.all |= 1 << i
		}
	}
	for typ, mask := range r.attr {
		if mask&r.all != 0 {
			r.used = append(r.used, uint16(typ))
		}
	}
	return r
}

// Diff returns which fields and tags differ between two versions of an object:
// bit i stands for Fields(Object)[i]. Fields that are Volatile or NoChange are
// not compared. Both views should have the same Env: what is derived from links
// is then the same for the same bytes, so a route does not change when its link
// does. Views of different classes, or of which one is not valid, have no
// difference.
//
// Fields are decoded only where the bytes they read differ, so that nothing is
// allocated for messages that differ in other things.
func Diff(before, after *View) uint64 {
	if before.Object != after.Object || !before.Valid() || !after.Valid() {
		return 0
	}
	var changed uint64
	for left := suspects(before, after) & readersOf[before.Object].all; left != 0; left &= left - 1 {
		i := bits.TrailingZeros64(left)
		if before.Value(i) != after.Value(i) {
			changed |= 1 << i
		}
	}
	return changed
}

// suspects returns the fields that read bytes which differ. Two messages of one
// object have the same attributes in the same order nearly always, so the walk
// reads only one side's headers; where they part, it looks by type.
func suspects(before, after *View) uint64 {
	r := &readersOf[before.Object]
	mask := r.headers(before, after)
	a, b := rtnl.AttrsOf(before.Object, before.body), rtnl.AttrsOf(after.Object, after.body)
	for {
		typ, payload, rest, ok := a.Next()
		if !ok {
			if _, _, _, more := b.Next(); more {
				return mask | r.attributes(before, after)
			}
			return mask
		}
		size := len(a) - len(rest) // without padding where it ends the message
		if len(b) < size || len(rest) == 0 && len(b) > size || rtnl.Uint32(a) != rtnl.Uint32(b) {
			return mask | r.attributes(before, after)
		}
		if typ < maxAttr && r.attr[typ]&r.all != 0 && !equal(payload, b[attrHeader:]) {
			mask |= r.attr[typ]
		}
		a, b = rest, b[size:]
	}
}

// equal reports whether b starts with a. Most payloads are 32 bits.
func equal(a, b []byte) bool {
	if len(a) == 4 {
		return rtnl.Uint32(a) == rtnl.Uint32(b)
	}
	return string(a) == string(b[:len(a)])
}

// attrHeader is the size of struct nlattr.
const attrHeader = 4

// headers compares the fixed structures byte by byte.
func (r *readers) headers(before, after *View) (mask uint64) {
	n := before.Object.HeaderLen()
	if len(before.body) < n || len(after.body) < n {
		return r.all // malformed
	}
	if bytes.Equal(before.body[:n], after.body[:n]) {
		return 0
	}
	for off := range n {
		if before.body[off] != after.body[off] {
			mask |= r.head[off]
		}
	}
	return mask
}

// attributes compares attributes by type.
func (r *readers) attributes(before, after *View) (mask uint64) {
	for _, typ := range r.used {
		a, b := before.Attr(typ), after.Attr(typ)
		if (a == nil) != (b == nil) || !bytes.Equal(a, b) {
			mask |= r.attr[typ]
		}
	}
	return mask
}
