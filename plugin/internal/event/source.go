package event

import (
	"strings"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// The constructors below make a field's source from an attribute or from the
// fixed structure, so that the tables read as tables.

// str is a text value; empty text is no value.
func str(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{Kind: String, Str: s}
}

// num is a number.
func num[T uint8 | uint16 | uint32 | int32 | int | int64](n T) Value {
	return Value{Kind: Int, Num: int64(n)}
}

// truth is a boolean.
func truth(b bool) Value {
	v := Value{Kind: Bool}
	if b {
		v.Num = 1
	}
	return v
}

// Text decodes a name from the kernel: up to the first NUL, with each run of
// bytes that is not UTF-8 replaced by U+FFFD. Control characters stay.
func Text(b []byte) string { return strings.ToValidUTF8(rtnl.String(b), "\uFFFD") }

// span is the set of bytes [off, off+n) of the fixed structure.
func span(off, n int) uint16 { return (1<<n - 1) << off }

// head8 is the number in byte off of the fixed structure.
func head8(off int) source {
	return source{head: span(off, 1), get: func(v *View) Value { return num(rtnl.Uint8(v.head(off))) }}
}

// indexOff is the offset of ifi_index, ifa_index and ndm_ifindex.
const indexOff = 4

// ownIndex is the index of the link that the object is or is on.
var ownIndex = source{head: span(indexOff, 4), get: func(v *View) Value { return num(rtnl.Uint32(v.head(indexOff))) }}

// ownLink is the name of the link that the object is on.
var ownLink = source{head: span(indexOff, 4), get: func(v *View) Value {
	if index := rtnl.Uint32(v.head(indexOff)); index != 0 {
		return str(v.linkName(index))
	}
	return Value{}
}}

// familyOff is the offset of the address family in every fixed structure.
const familyOff = 0

// family is the address family's word.
var family = headWord(familyOff, familyName)

func (v *View) family() uint8 { return rtnl.Uint8(v.head(familyOff)) }

// headWord is the word that stands for byte off of the fixed structure.
func headWord(off int, word func(uint8) string) source {
	return source{head: span(off, 1), get: func(v *View) Value { return str(word(rtnl.Uint8(v.head(off)))) }}
}

// attr decodes the payload of one attribute where the object has it.
func attr(typ uint16, decode func([]byte) Value) source {
	return source{attrs: []uint16{typ}, get: func(v *View) Value {
		if b := v.Attr(typ); b != nil {
			return decode(b)
		}
		return Value{}
	}}
}

func attr8(typ uint16) source {
	return attr(typ, func(b []byte) Value { return num(rtnl.Uint8(b)) })
}

func attr16(typ uint16) source {
	return attr(typ, func(b []byte) Value { return num(rtnl.Uint16(b)) })
}

func attr32(typ uint16) source {
	return attr(typ, func(b []byte) Value { return num(rtnl.Uint32(b)) })
}

// attrText is a name that anybody may have chosen.
func attrText(typ uint16) source {
	return attr(typ, func(b []byte) Value { return str(Text(b)) })
}

// attrAddr is an IP address, whose length tells its family.
func attrAddr(typ uint16) source {
	return attr(typ, func(b []byte) Value { return str(formatAddr(b)) })
}

// attrHardware is a link-layer address.
func attrHardware(typ uint16) source {
	return attr(typ, func(b []byte) Value { return str(formatHardware(b)) })
}

// attrLink is the name of the link whose index the attribute holds.
func attrLink(typ uint16) source {
	return source{attrs: []uint16{typ}, get: func(v *View) Value {
		if index := rtnl.Uint32(v.Attr(typ)); index != 0 {
			return str(v.linkName(index))
		}
		return Value{}
	}}
}

// present is true where the object has the attribute; otherwise there is no value.
func present(typ uint16) source {
	return attr(typ, func([]byte) Value { return truth(true) })
}

// nonZero is a number that is absent when 0.
func nonZero(n int64) Value {
	if n == 0 {
		return Value{}
	}
	return num(n)
}
