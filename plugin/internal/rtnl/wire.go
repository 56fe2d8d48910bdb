package rtnl

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"
)

// ErrMalformed is wrapped by every error about bytes that are not what
// rtnetlink(7) says.
var ErrMalformed = errors.New("malformed netlink message")

// Message is one netlink message of a datagram. Body is a view into the
// datagram: whoever owns the datagram owns it.
type Message struct {
	Type  uint16 // RTM_* or NLMSG_*
	Flags uint16 // NLM_F_*
	Seq   uint32 // of the request that caused it; 0 when the kernel did
	PID   uint32 // port of the requester; 0 when the kernel did
	Body  []byte // the class's fixed structure, then attributes
}

// Next splits the first message off datagram b (struct nlmsghdr,
// uapi/linux/netlink.h). rest is what follows it.
func Next(b []byte) (m Message, rest []byte, err error) {
	if len(b) < unix.SizeofNlMsghdr {
		return Message{}, nil, fmt.Errorf("%w: %d bytes left, a header has %d", ErrMalformed, len(b), unix.SizeofNlMsghdr)
	}
	n := int(Uint32(b))
	if n < unix.SizeofNlMsghdr || n > len(b) {
		return Message{}, nil, fmt.Errorf("%w: length %d of %d bytes", ErrMalformed, n, len(b))
	}
	m = Message{
		Type: Uint16(b[4:]), Flags: Uint16(b[6:]),
		Seq: Uint32(b[8:]), PID: Uint32(b[12:]),
		Body: b[unix.SizeofNlMsghdr:n:n],
	}
	return m, b[min(align(n), len(b)):], nil
}

// Attrs is a sequence of attributes (struct nlattr). The zero value is empty.
type Attrs []byte

// AttrsOf returns the attributes of a message body of class o, or none where
// the body is shorter than the fixed structure.
func AttrsOf(o Object, body []byte) Attrs {
	if len(body) < header[o] {
		return nil
	}
	return Attrs(body[header[o]:])
}

// Next splits off the first attribute: its type without the NLA_F_* bits and
// its payload, a view. ok is false at the end and at the first malformed
// attribute; Valid tells them apart.
func (a Attrs) Next() (typ uint16, payload []byte, rest Attrs, ok bool) {
	if len(a) < unix.SizeofNlAttr {
		return 0, nil, nil, false
	}
	n := int(Uint16(a))
	if n < unix.SizeofNlAttr || n > len(a) {
		return 0, nil, nil, false
	}
	return Uint16(a[2:]) & attrTypeMask, a[unix.SizeofNlAttr:n:n], a[min(align(n), len(a)):], true
}

// All returns the attributes as Next does, one after the other.
func (a Attrs) All() iter.Seq2[uint16, []byte] {
	return func(yield func(uint16, []byte) bool) {
		for typ, p, rest, ok := a.Next(); ok && yield(typ, p); typ, p, rest, ok = rest.Next() {
		}
	}
}

// Append appends the attributes of the types that want accepts, as they are, to
// those in dst.
func (a Attrs) Append(dst []byte, want func(typ uint16) bool) []byte {
	for {
		typ, _, rest, ok := a.Next()
		if !ok {
			return dst
		}
		if want(typ) {
			dst = append(dst, a[:len(a)-len(rest)]...)
		}
		a = rest
	}
}

// Get returns the payload of the first attribute of type typ, nil if there is
// none. An empty payload is not nil.
func (a Attrs) Get(typ uint16) []byte {
	for len(a) >= unix.SizeofNlAttr { // as Next does, without a call: this is where most time goes
		n := int(Uint16(a))
		if n < unix.SizeofNlAttr || n > len(a) {
			return nil
		}
		if Uint16(a[2:])&attrTypeMask == typ {
			return a[unix.SizeofNlAttr:n:n]
		}
		a = a[min(align(n), len(a)):]
	}
	return nil
}

// Valid reports whether a is whole attributes up to its end.
func (a Attrs) Valid() bool {
	for len(a) >= unix.SizeofNlAttr {
		n := int(Uint16(a))
		if n < unix.SizeofNlAttr || n > len(a) {
			return false
		}
		a = a[min(align(n), len(a)):]
	}
	return true
}

// align rounds n up to the alignment of messages and attributes, 4 bytes.
func align(n int) int { return (n + 3) &^ 3 }

// Uint16 reads b in the machine's order; 0 where b is too short.
func Uint16(b []byte) uint16 {
	if len(b) < 2 {
		return 0
	}
	return binary.NativeEndian.Uint16(b)
}

// Uint32 reads b in the machine's order; 0 where b is too short.
func Uint32(b []byte) uint32 {
	if len(b) < 4 {
		return 0
	}
	return binary.NativeEndian.Uint32(b)
}

// Uint64 reads b in the machine's order; 0 where b is too short.
func Uint64(b []byte) uint64 {
	if len(b) < 8 {
		return 0
	}
	return binary.NativeEndian.Uint64(b)
}

// Uint8 reads the first byte of b; 0 where b is empty.
func Uint8(b []byte) uint8 {
	if len(b) < 1 {
		return 0
	}
	return b[0]
}

// String reads a NUL-terminated string.
func String(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// attrTypeMask clears NLA_F_NESTED and NLA_F_NET_BYTEORDER (uapi/linux/netlink.h).
const attrTypeMask = 0x3fff

// BigEndian reports whether this machine stores the high byte of a number first.
var BigEndian = Uint16([]byte{0, 1}) == 1

func appendUint16(b []byte, v uint16) []byte { return binary.NativeEndian.AppendUint16(b, v) }

// AppendUint32 appends a number in the machine's order.
func AppendUint32(b []byte, v uint32) []byte { return binary.NativeEndian.AppendUint32(b, v) }

// PutUint16 writes a number in the machine's order; b has room for it.
func PutUint16(b []byte, v uint16) { binary.NativeEndian.PutUint16(b, v) }

// PutUint32 writes a number in the machine's order; b has room for it.
func PutUint32(b []byte, v uint32) { binary.NativeEndian.PutUint32(b, v) }

// eachOf calls f with the payloads of the attributes of one type, until it
// returns an error.
func eachOf(a Attrs, typ uint16, f func(payload []byte) error) error { //nolint:unparam // each name in the header is a 1
	if !a.Valid() {
		return fmt.Errorf("%w: attributes within others that do not add up", ErrMalformed)
	}
	for {
		t, payload, rest, ok := a.Next()
		if !ok {
			return nil
		}
		if t == typ {
			if err := f(payload); err != nil {
				return err
			}
		}
		a = rest
	}
}

// AppendAttr appends an attribute, and what fills it up to a multiple of 4 bytes.
func AppendAttr(dst []byte, typ uint16, payload []byte) []byte {
	var head [4]byte
	PutUint16(head[:], uint16(len(head)+len(payload)))
	PutUint16(head[2:], typ)
	dst = append(append(dst, head[:]...), payload...)
	for len(dst)%4 != 0 {
		dst = append(dst, 0)
	}
	return dst
}
