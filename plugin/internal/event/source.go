package event

import (
	"strings"
	"unicode"
	"unicode/utf8"

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

// Name decodes the name of a link: as Text, with U+FFFD also for what line protocol
// has no form for, control characters and backslashes at the end. So a link is
// called the same in tags, in fields and in scripts.
func Name(b []byte) string {
	s := Text(b)
	if strings.IndexFunc(s, unicode.IsControl) >= 0 {
		s = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return utf8.RuneError
			}
			return r
		}, s)
	}
	if end := strings.TrimRight(s, `\`); end != s {
		s = end + strings.Repeat("\uFFFD", len(s)-len(end))
	}
	return s
}

// head is the set of the bytes of the fixed structure that parts have.
func head(parts ...rtnl.Part) (set uint16) {
	for _, p := range parts {
		set |= (1<<p.Size() - 1) << p.Offset()
	}
	return set
}

// part is a number of the fixed structure.
func part(p rtnl.Part) source {
	return upTo(1<<(8*p.Size())-1, source{head: head(p), get: func(v *View) Value { return num(p.Uint(v.body)) }})
}

// partLink is the name of the link whose index is in the fixed structure.
func partLink(p rtnl.Part) source { //nolint:unparam // each structure names its own, at the same place
	return source{head: head(p), get: func(v *View) Value {
		if index := p.Uint(v.body); index != 0 {
			return str(v.linkName(index))
		}
		return Value{}
	}}
}

// family is the address family's word.
var family = partWord(rtnl.Family, familyName)

func (v *View) family() uint8 { return rtnl.Family.Uint8(v.body) }

// partWord is the word that stands for a byte of the fixed structure.
func partWord(p rtnl.Part, word func(uint8) string) source {
	return source{head: head(p), get: func(v *View) Value { return str(word(p.Uint8(v.body))) }}
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
	return upTo(1<<8-1, attr(typ, func(b []byte) Value { return num(rtnl.Uint8(b)) }))
}

func attr16(typ uint16) source {
	return upTo(1<<16-1, attr(typ, func(b []byte) Value { return num(rtnl.Uint16(b)) }))
}

func attr32(typ uint16) source {
	return upTo(1<<32-1, attr(typ, func(b []byte) Value { return num(rtnl.Uint32(b)) }))
}

// upTo says how large a number can be that has no sign.
func upTo(most int64, s source) source {
	s.most = most
	return s
}

// signed32 is a number of 32 bits with a sign.
func signed32(b []byte) Value { return num(int32(rtnl.Uint32(b))) }

// attrText is a name that anybody may have chosen.
func attrText(typ uint16) source {
	return attr(typ, func(b []byte) Value { return str(Text(b)) })
}

// attrName is the name of a link.
func attrName(typ uint16) source {
	return attr(typ, func(b []byte) Value { return str(Name(b)) })
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
