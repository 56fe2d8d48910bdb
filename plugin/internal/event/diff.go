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
	attr [maxAttr]uint64 // by type of attribute
	head [16]uint64      // by byte of the fixed structure
	used []uint16        // types of attributes that any field reads
	all  uint64          // every field that Diff compares
}

var readersOf = func() (all [rtnl.NumObjects]readers) {
	for o := range all {
		all[o] = newReaders(fields[o])
	}
	return all
}()

// newReaders leaves out what Diff does not report.
func newReaders(table []Field) (r readers) {
	for i, f := range table {
		if f.Volatile || f.NoChange {
			continue
		}
		r.all |= 1 << i
		for off := range r.head {
			if f.head>>off&1 != 0 {
				r.head[off] |= 1 << i
			}
		}
		for _, typ := range f.attrs {
			if r.attr[typ] == 0 {
				r.used = append(r.used, typ)
			}
			r.attr[typ] |= 1 << i
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
func Diff(old, new *View) uint64 {
	if old.Object != new.Object || !old.Valid() || !new.Valid() {
		return 0
	}
	var changed uint64
	for suspects := suspects(old, new); suspects != 0; suspects &= suspects - 1 {
		i := bits.TrailingZeros64(suspects)
		if old.Value(i) != new.Value(i) {
			changed |= 1 << i
		}
	}
	return changed
}

// suspects returns the fields that read bytes which differ.
func suspects(old, new *View) uint64 {
	r := &readersOf[old.Object]
	mask := r.headers(old, new)
	a, b := rtnl.AttrsOf(old.Object, old.body), rtnl.AttrsOf(new.Object, new.body)
	for {
		typA, payloadA, restA, okA := a.Next()
		typB, payloadB, restB, okB := b.Next()
		if !okA && !okB {
			return mask
		}
		if okA != okB || typA != typB { // not the same sequence of attributes
			return mask | r.attributes(old, new)
		}
		if typA < maxAttr && r.attr[typA] != 0 && !bytes.Equal(payloadA, payloadB) {
			mask |= r.attr[typA]
		}
		a, b = restA, restB
	}
}

// headers compares the fixed structures byte by byte.
func (r *readers) headers(old, new *View) (mask uint64) {
	n := old.Object.HeaderLen()
	if len(old.body) < n || len(new.body) < n {
		return r.all // malformed
	}
	if bytes.Equal(old.body[:n], new.body[:n]) {
		return 0
	}
	for off := range n {
		if old.body[off] != new.body[off] {
			mask |= r.head[off]
		}
	}
	return mask
}

// attributes compares attributes by type.
func (r *readers) attributes(old, new *View) (mask uint64) {
	for _, typ := range r.used {
		a, b := old.Attr(typ), new.Attr(typ)
		if (a == nil) != (b == nil) || !bytes.Equal(a, b) {
			mask |= r.attr[typ]
		}
	}
	return mask
}
