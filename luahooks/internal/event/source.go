package event

import (
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/model"
)

// Source says where a value that a hook reads of the event comes from.
type Source struct {
	kind  sourceKind
	field int        // of fromField, fromOld, fromChanged; a constant schema.Meta… of fromMeta
	fixed lua.LValue // of fromFixed
}

type sourceKind uint8

const (
	fromFixed sourceKind = iota // a method, or nil for a field that the class does not have
	fromField
	fromOld
	fromChanged
	fromMeta
)

// Fixed is the same value for every event.
func Fixed(v lua.LValue) Source { return Source{fixed: v} }

// NewSource finds where object's value of a kind of read comes from; methods are
// those of events. An unknown name is nil: it has been checked before that some class
// has it.
func NewSource(x *schema.Index, methods map[string]lua.LValue, object int, p schema.Part, name string) Source {
	if m, ok := methods[name]; ok && (p == schema.Methods || p == schema.OfEvent) {
		return Fixed(m)
	}
	if m, ok := schema.Meta[name]; ok && p == schema.OfEvent {
		return Source{kind: fromMeta, field: m}
	}
	i, ok := x.Fields[object][name]
	if !ok || p == schema.Methods {
		return Fixed(lua.LNil)
	}
	return Source{kind: [...]sourceKind{fromField, fromOld, fromChanged}[p], field: i}
}

// IsNil reports whether the value is nil whatever the event.
func (s *Source) IsNil() bool { return s.kind == fromFixed && s.fixed == lua.LNil }

// ToLua converts a field; None becomes nil.
func ToLua(b *lua51.Box, v model.Value) lua.LValue {
	switch v.Kind {
	case model.String:
		return b.String(v.Str)
	case model.Int:
		return b.Int(v.Num)
	case model.Bool:
		return lua51.BoxBool(v.Num != 0)
	}
	return lua.LNil
}

// AppendValue appends a value as a tag spells it.
func AppendValue(to []byte, v *model.Value) []byte {
	switch v.Kind {
	case model.String:
		return append(to, v.Str...)
	case model.Int:
		return strconv.AppendInt(to, v.Num, 10)
	case model.Bool:
		return strconv.AppendBool(to, v.Num != 0)
	}
	return to
}
