package event

import (
	"bytes"
	"fmt"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// readers says which fields read which bytes of a class's bodies.
type readers struct {
	attr  [maxAttr]bitset.Set // by type of attribute
	plain [maxAttr]bitset.Set // the same without fields of a kind of links
	kinds map[string]*kindReaders
	ports map[string]*kindReaders
	head  [16]bitset.Set // by byte of the fixed structure
	used  []uint16       // types of attributes that Diff compares
	diff  [maxAttr]bool  // the same by type
	all   bitset.Set     // every field that Diff compares
	tell  bitset.Set     // those of which a difference is an event
	needs bitset.Set     // the fields that have no value without an attribute
	free  bitset.Set     // the others
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
	if len(table) > bitset.Size {
		panic(fmt.Sprintf("event: %s has %d fields, a set of them holds %d", o, len(table), bitset.Size))
	}
	if len(table) == 0 {
		panic(fmt.Sprintf("event: class %s has no fields", o))
	}
	bare := View{Object: o, body: make([]byte, o.HeaderLen())}
	for i, f := range table {
		for off := range r.head {
			if f.head>>off&1 != 0 {
				r.head[off].Add(i)
			}
		}
		for _, typ := range f.attrs {
			r.attr[typ].Add(i)
			if f.inside == nil || typ != unix.IFLA_LINKINFO {
				r.plain[typ].Add(i)
			}
		}
		for _, at := range f.inside {
			r.kindsOf(at.kind, at.port).add(at.typ, i)
		}
		if len(f.attrs) > 0 && f.head == 0 && f.get(&bare) == (Value{}) {
			r.needs.Add(i)
		} else {
			r.free.Add(i)
		}
		if !f.NoChange {
			r.all.Add(i)
			if !f.Volatile {
				r.tell.Add(i)
			}
		}
	}
	for typ := range r.attr {
		if r.attr[typ].Meets(&r.all) {
			r.used, r.diff[typ] = append(r.used, uint16(typ)), true
		}
	}
	return r
}

// Diff returns which fields and tags differ between two versions of an object:
// i stands for Fields(Object)[i]. Fields that are NoChange are not compared.
// Both views should have the same Env: fields whose bytes are equal are not
// decoded, so that the name of a link makes no difference (DiffNames). Views of
// different classes, or of which one is not valid, have no
// difference.
//
// Fields are decoded only where the bytes they read differ, so that nothing is
// allocated for messages that differ in other things.
func Diff(before, after *View) (changed bitset.Set) {
	if before.Object != after.Object || !before.Valid() || !after.Valid() {
		return changed
	}
	var mask bitset.Set
	suspects(before, after, &mask)
	mask = mask.And(&readersOf[before.Object].all)
	for i := mask.Next(0); i >= 0; i = mask.Next(i + 1) {
		if before.Value(i) != after.Value(i) {
			changed.Add(i)
		}
	}
	return changed
}

// DiffNames is Diff for two views of the same bytes, one with the old name of a
// link and one with the new.
func DiffNames(before, after *View) (changed bitset.Set) {
	all := &readersOf[after.Object].all
	for i := all.Next(0); i >= 0; i = all.Next(i + 1) {
		if before.Value(i) != after.Value(i) {
			changed.Add(i)
		}
	}
	return changed
}

// Tells reports whether one of the fields in changed is an event by itself:
// one that is not Volatile.
func Tells(o rtnl.Object, changed *bitset.Set) bool { return readersOf[o].tell.Meets(changed) }

// Index returns the place of a field in Fields(o), -1 if there is none.
func Index(o rtnl.Object, name string) int {
	for i, f := range fields[o] {
		if f.Name == name {
			return i
		}
	}
	return -1
}

// suspects adds the fields that read bytes which differ. Two messages of one
// object have the same attributes in the same order nearly always, so the walk
// reads only one side's headers; where they part, it looks by type.
func suspects(before, after *View, mask *bitset.Set) {
	r := &readersOf[before.Object]
	r.headers(before, after, mask)
	a, b := rtnl.AttrsOf(before.Object, before.body), rtnl.AttrsOf(after.Object, after.body)
	for {
		typ, payload, rest, ok := a.Next()
		if !ok {
			if _, _, _, more := b.Next(); more {
				r.attributes(before, after, mask)
			}
			return
		}
		size := len(a) - len(rest) // without padding where it ends the message
		if len(b) < size || len(rest) == 0 && len(b) > size || rtnl.Uint32(a) != rtnl.Uint32(b) {
			r.attributes(before, after, mask)
			return
		}
		if typ < maxAttr && r.diff[typ] && !equal(payload, b[attrHeader:]) {
			r.merge(typ, payload, b[attrHeader:attrHeader+len(payload)], mask)
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
func (r *readers) headers(before, after *View, mask *bitset.Set) {
	n := before.Object.HeaderLen()
	if len(before.body) < n || len(after.body) < n {
		mask.Merge(&r.all) // malformed
		return
	}
	if bytes.Equal(before.body[:n], after.body[:n]) {
		return
	}
	for off := range n {
		if before.body[off] != after.body[off] {
			mask.Merge(&r.head[off])
		}
	}
}

// attributes compares attributes by type.
func (r *readers) attributes(before, after *View, mask *bitset.Set) {
	for _, typ := range r.used {
		a, b := before.Attr(typ), after.Attr(typ)
		if (a == nil) != (b == nil) || !bytes.Equal(a, b) {
			r.merge(typ, a, b, mask)
		}
	}
}

// merge adds the fields that read attribute typ, whose payload is a before and
// b after.
func (r *readers) merge(typ uint16, a, b []byte, mask *bitset.Set) {
	if typ == unix.IFLA_LINKINFO && r.kinds != nil {
		r.infoDiffers(a, b, mask)
		return
	}
	mask.Merge(&r.attr[typ])
}
