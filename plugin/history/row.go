package history

import (
	"bytes"
	"math"
	"slices"
	"strconv"
)

// Kind is the type of a cell's value.
type Kind uint8

// The kinds of values, those of line protocol.
const (
	String Kind = iota
	Int
	Bool
	Float
)

// Cell is a named value: a tag, which is always a String, or a field.
type Cell struct {
	Name []byte
	Kind Kind
	Str  []byte // String
	Num  int64  // Int; Bool as 0 or 1; Float as math.Float64bits
}

// AppendText appends the value as text: a number in decimal, a truth as "true".
func (c *Cell) AppendText(dst []byte) []byte {
	switch c.Kind {
	case Int:
		return strconv.AppendInt(dst, c.Num, 10)
	case Bool:
		return strconv.AppendBool(dst, c.Num != 0)
	case Float:
		return strconv.AppendFloat(dst, math.Float64frombits(uint64(c.Num)), 'g', -1, 64)
	}
	return append(dst, c.Str...)
}

// Row is one metric. A source fills the same Row again and again: its bytes
// belong to it and are good until Reset. The zero Row is empty.
type Row struct {
	Measurement []byte
	Time        int64 // ns since the epoch
	Tags        []Cell
	Fields      []Cell

	arena []byte
}

// Reset empties r for the next metric.
func (r *Row) Reset() {
	r.Measurement, r.Time = nil, 0
	r.Tags, r.Fields, r.arena = r.Tags[:0], r.Fields[:0], r.arena[:0]
}

// keep copies b to where Reset clears it.
func (r *Row) keep(b []byte) []byte {
	start := len(r.arena)
	r.arena = append(r.arena, b...)
	return r.arena[start:len(r.arena):len(r.arena)]
}

// SetMeasurement copies the measurement's name.
func (r *Row) SetMeasurement(name []byte) { r.Measurement = r.keep(name) }

// Tag adds a tag; both are copied.
func (r *Row) Tag(name, value []byte) {
	r.Tags = append(r.Tags, Cell{Name: r.keep(name), Str: r.keep(value)})
}

// Text adds a field of text; both are copied.
func (r *Row) Text(name, value []byte) {
	r.Fields = append(r.Fields, Cell{Name: r.keep(name), Str: r.keep(value)})
}

// Number adds a field of another kind than String; name is copied.
func (r *Row) Number(name []byte, kind Kind, num int64) {
	r.Fields = append(r.Fields, Cell{Name: r.keep(name), Kind: kind, Num: num})
}

// repeats reports whether two events with one number are the same one.
func (r *Row) repeats(other *Row) bool {
	return r.Time == other.Time && bytes.Equal(r.text("key"), other.text("key")) && bytes.Equal(r.tag("action"), other.tag("action"))
}

// clone returns a copy that outlives r.
func (r *Row) clone() *Row {
	c := &Row{Time: r.Time, Tags: make([]Cell, 0, len(r.Tags)), Fields: make([]Cell, 0, len(r.Fields)),
		arena: make([]byte, 0, len(r.arena))}
	c.SetMeasurement(r.Measurement)
	for i := range r.Tags {
		c.Tag(r.Tags[i].Name, r.Tags[i].Str)
	}
	for i := range r.Fields {
		f := &r.Fields[i]
		if f.Kind == String {
			c.Text(f.Name, f.Str)
		} else {
			c.Number(f.Name, f.Kind, f.Num)
		}
	}
	return c
}

// tag returns a tag's value, nil without it.
func (r *Row) tag(name string) []byte { return text(r.Tags, name) }

// text returns a field's text, nil without it.
func (r *Row) text(name string) []byte { return text(r.Fields, name) }

// number returns a field's number, and whether there is one.
func (r *Row) number(name string) (int64, bool) {
	i := slices.IndexFunc(r.Fields, func(c Cell) bool { return string(c.Name) == name })
	if i < 0 {
		return 0, false
	}
	switch f := &r.Fields[i]; f.Kind {
	case Int:
		return f.Num, true
	case Float: // JSON has one kind of numbers
		return int64(math.Float64frombits(uint64(f.Num))), true
	}
	return 0, false
}

func text(cells []Cell, name string) []byte {
	for i := range cells {
		if string(cells[i].Name) == name {
			return cells[i].Str
		}
	}
	return nil
}

// prefix starts the measurements of the stream.
var prefix = []byte("rtnetlink_")

// kind sorts rows.
func (r *Row) kind() rowKind {
	class, ok := bytes.CutPrefix(r.Measurement, prefix)
	switch {
	case !ok:
		return foreignRow
	case string(class) == "sync" && r.tag("moment") != nil:
		return syncRow
	case string(class) == "events":
		return gaugeRow // the counter of events, which has their tag action
	case r.tag("action") != nil, string(class) == "notice":
		return eventRow
	}
	return gaugeRow
}

// rowKind is what a row is to the replay.
type rowKind uint8

const (
	foreignRow rowKind = iota // of another program
	gaugeRow                  // proves that the plugin was at work, no more
	eventRow
	syncRow
)
