package rtnl

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// Index is a message body and where its attributes are, found in one walk: for
// who asks for several. Of several attributes of a type the first counts, and of
// types the lowest 64. The zero value has none. Only one goroutine at a time may
// use it.
type Index struct {
	Body  []byte // a view
	class Object
	held  []byte // of Hold: what Body was then
	types uint64
	at    [64]uint32 // by type: where in Body the attribute begins, where types has it
}

// Read makes x that of the body of a message of class o. ok is Attrs.Valid.
func (x *Index) Read(o Object, body []byte) (ok bool) {
	x.Body, x.class, x.types = body, o, 0
	at := min(header[o], len(body))
	for rest := body[at:]; len(rest) >= unix.SizeofNlAttr; {
		n := int(binary.NativeEndian.Uint16(rest))
		if n < unix.SizeofNlAttr || n > len(rest) {
			return false
		}
		if typ := binary.NativeEndian.Uint16(rest[2:]) & attrTypeMask; typ < 64 && !x.Has(typ) {
			x.types |= 1 << typ
			x.at[typ] = uint32(at)
		}
		n = min(align(n), len(rest))
		at, rest = at+n, rest[n:]
	}
	return true
}

// Hold is Read for an Index that is asked whether it is Of a body: it keeps a copy of
// this one, whose memory may hold something else by then.
func (x *Index) Hold(o Object, body []byte) (ok bool) {
	x.held = append(x.held[:0], body...)
	return x.Read(o, body)
}

// Of reports whether x is that of the body of a message of class o, since the last one
// that it was to Hold had the same bytes. It is a view of this body then.
func (x *Index) Of(o Object, body []byte) bool {
	if x.class != o || !bytes.Equal(x.held, body) {
		return false
	}
	x.Body = body
	return true
}

// Types returns which types there are, bit by bit.
func (x *Index) Types() uint64 { return x.types }

// Get returns the payload of the attribute of type typ, a view; nil if there is
// none. An empty payload is not nil.
func (x *Index) Get(typ uint16) []byte {
	if !x.Has(typ) {
		return nil
	}
	at := int(x.at[typ&63])
	end := at + int(Uint16(x.Body[at:]))
	return x.Body[at+unix.SizeofNlAttr : end : end]
}

// Has reports whether there is an attribute of type typ.
func (x *Index) Has(typ uint16) bool { return x.types>>typ&1 != 0 }

// Uint32 returns a number in the machine's order, 0 where there is none.
func (x *Index) Uint32(typ uint16) uint32 {
	if p := x.Get(typ); len(p) >= 4 {
		return binary.NativeEndian.Uint32(p)
	}
	return 0
}

// Table is RouteMsg.Table.
func (x *Index) Table() uint32 {
	if x.Has(unix.RTA_TABLE) {
		return x.Uint32(unix.RTA_TABLE)
	}
	return uint32(RouteTable.Uint8(x.Body))
}
