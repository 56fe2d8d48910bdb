package history

import (
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"math"
	"slices"
)

// A record is an object as a slab holds it: the length of what follows the
// length, the time of its metric (8 bytes), seq, then its cells: number of the
// name and kind, and the value.

// form is how a cell's value is held.
type form uint8

const (
	formText   form = iota // length and bytes
	formShared             // number in the dictionary
	formInt                // zigzag
	formTrue
	formFalse
	formFloat // 8 bytes
	numForms  = 8
)

// digest is an event's row taken apart. It is used again for each row.
type digest struct {
	class   int
	time    int64
	seq     int64
	hasSeq  bool
	key     uint64
	hasKey  bool
	action  []byte
	origin  []byte
	netns   []byte
	changed []byte
	process []byte
	portID  int64
	sender  []byte // the values of the identity's tags
	cells   []byte // encoded
}

// digest takes a row apart. With cells only where they are asked for.
func (d *dictionary) digest(r *Row, out *digest, cells bool) {
	*out = digest{time: r.Time, cells: out.cells[:0], sender: out.sender[:0]}
	for i := range r.Tags {
		d.cell(&r.Tags[i], out, cells)
	}
	for i := range r.Fields {
		d.cell(&r.Fields[i], out, cells)
	}
}

func (d *dictionary) cell(c *Cell, out *digest, cells bool) {
	id, ok := d.name(c.Name)
	if !ok {
		return
	}
	switch d.names[id].role {
	case value:
		if cells {
			out.cells = d.appendCell(out.cells, id, c, false)
		}
	case repeated:
		if cells {
			out.cells = d.appendCell(out.cells, id, c, true)
		}
	case identity:
		out.sender = append(append(append(append(out.sender, c.Name...), '='), c.Str...), 0)
	case netnsTag:
		out.netns = c.Str
	case action:
		out.action = c.Str
	case origin:
		out.origin = c.Str
	case key:
		out.key, out.hasKey = parseKey(c.Str)
	case seq:
		out.seq, out.hasSeq = c.whole()
	case changed:
		out.changed = c.Str
	case portID:
		out.portID, _ = c.whole()
	case process:
		out.process = c.Str
	}
}

// whole is the cell's value as a whole number.
func (c *Cell) whole() (int64, bool) {
	switch c.Kind {
	case Int:
		return c.Num, true
	case Float:
		return int64(math.Float64frombits(uint64(c.Num))), true
	}
	return 0, false
}

// parseKey reads the 16 digits of a key. Another text is one too, by its hash.
func parseKey(b []byte) (uint64, bool) {
	var raw [8]byte
	if len(b) == 16 {
		if _, err := hex.Decode(raw[:], b); err == nil {
			return binary.BigEndian.Uint64(raw[:]), true
		}
	}
	h := fnv.New64a()
	_, _ = h.Write(b) // never fails
	return h.Sum64(), len(b) > 0
}

func (d *dictionary) appendCell(dst []byte, id uint32, c *Cell, shared bool) []byte {
	head := func(f form) { dst = binary.AppendUvarint(dst, uint64(id)*numForms+uint64(f)) }
	switch c.Kind {
	case Int:
		head(formInt)
		return binary.AppendVarint(dst, c.Num)
	case Bool:
		head(formFalse - form(c.Num&1))
		return dst
	case Float:
		head(formFloat)
		return binary.BigEndian.AppendUint64(dst, uint64(c.Num))
	}
	if shared {
		if text, ok := d.text(c.Str); ok {
			head(formShared)
			return binary.AppendUvarint(dst, uint64(text))
		}
	}
	head(formText)
	return append(binary.AppendUvarint(dst, uint64(len(c.Str))), c.Str...)
}

// appendRecord makes a record of a digest.
func appendRecord(dst []byte, e *digest) []byte {
	var head [18]byte
	binary.BigEndian.PutUint64(head[:], uint64(e.time))
	n := 8 + binary.PutUvarint(head[8:], uint64(e.seq))
	dst = binary.AppendUvarint(dst, uint64(n+len(e.cells)))
	return append(append(dst, head[:n]...), e.cells...)
}

// recordAt returns the record that b starts with.
func recordAt(b []byte) []byte {
	size, n := binary.Uvarint(b)
	return b[:n+int(size)]
}

// Object is what a metric shows of an object. It is valid until the next call
// of the Replay that it comes from.
type Object struct {
	Class string // "route"
	Key   uint64
	Time  int64 // ns: of the newest metric
	Seq   int64 // of that metric
	Scope *Scope
	// Cells are its tags and fields, without those that describe the event,
	// in the order of the row.
	Cells []Cell
}

// object decodes a record into o, whose Cells are used again.
func (d *dictionary) object(rec []byte, o *Object) {
	_, n := binary.Uvarint(rec)
	rec = rec[n:]
	o.Time = int64(binary.BigEndian.Uint64(rec))
	s, n := binary.Uvarint(rec[8:])
	o.Seq, rec, o.Cells = int64(s), rec[8+n:], o.Cells[:0]
	for len(rec) > 0 {
		var c Cell
		c, rec = d.decodeCell(rec)
		o.Cells = append(o.Cells, c)
	}
}

func (d *dictionary) decodeCell(rec []byte) (Cell, []byte) {
	head, n := binary.Uvarint(rec)
	rec = rec[n:]
	c := Cell{Name: d.names[head/numForms].text}
	switch form(head % numForms) {
	case formText:
		size, n := binary.Uvarint(rec)
		c.Str, rec = rec[n:n+int(size)], rec[n+int(size):]
	case formShared:
		id, n := binary.Uvarint(rec)
		c.Str, rec = []byte(d.texts[id]), rec[n:]
	case formInt:
		v, n := binary.Varint(rec)
		c.Kind, c.Num, rec = Int, v, rec[n:]
	case formTrue:
		c.Kind, c.Num = Bool, 1
	case formFalse:
		c.Kind = Bool
	case formFloat:
		c.Kind, c.Num, rec = Float, int64(binary.BigEndian.Uint64(rec)), rec[8:]
	}
	return c, rec
}

// body returns a record's cells: two records of equal body show the same.
func body(rec []byte) []byte {
	_, n := binary.Uvarint(rec)
	_, m := binary.Uvarint(rec[n+8:])
	return rec[n+8+m:]
}

// Cell returns the tag or field called name, false without it.
func (o *Object) Cell(name string) (Cell, bool) {
	i := slices.IndexFunc(o.Cells, func(c Cell) bool { return string(c.Name) == name })
	if i < 0 {
		return Cell{}, false
	}
	return o.Cells[i], true
}

// Text returns a tag or field as text, empty without it.
func (o *Object) Text(name string) string {
	c, ok := o.Cell(name)
	if !ok {
		return ""
	}
	return string(c.AppendText(nil))
}
