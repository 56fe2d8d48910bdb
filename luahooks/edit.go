package luahooks

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/model"

	lua "github.com/yuin/gopher-lua"
)

func (lib *eventLib) evMeasurement(L *lua.LState) int {
	c, name := lib.ev(L), checkName(L, 2)
	if x := lib.in.rt.schema; name != x.Measurements+x.Objects[c.Object].Name {
		lib.notOurs(L, 2, name)
	}
	c.Out.SetMeasurement(strings.Clone(name))
	return 0
}

// checkMeasurement returns argument n, the name of a script's own metric.
func (lib *eventLib) checkMeasurement(L *lua.LState, n int) string {
	name := checkName(L, n)
	lib.notOurs(L, n, name)
	return name
}

// notOurs refuses the names of the host's own metrics.
func (lib *eventLib) notOurs(L *lua.LState, n int, name string) {
	if own := lib.in.rt.schema.Measurements; own != "" && strings.HasPrefix(name, own) {
		L.ArgError(n, fmt.Sprintf("%q: names that begin with %s are the plugin's own, and readers of the stream rely on them; choose another one", clip(name), own))
	}
}

// checkName returns argument n, the name of a tag, field or measurement.
func checkName(L *lua.LState, n int) string {
	name := L.CheckString(n)
	if err := nameError(name); err != nil {
		L.ArgError(n, err.Error())
	}
	return name
}

// maxNameLen bounds names of metrics, tags, fields and maps, in bytes.
const maxNameLen = 256

// nameError says what is wrong with the name of a metric, tag, field or map.
func nameError(name string) error {
	if name == "" || len(name) > maxNameLen {
		return fmt.Errorf("a name of 1 to %d bytes expected", maxNameLen)
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("%q is no name: databases take UTF-8 without control characters", clip(name))
	}
	return nil
}

// cleanText makes a text fit for a metric. Databases take UTF-8 without NUL only,
// and some refuse all that comes with another text.
func cleanText(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// tagValue returns argument n as a tag's value, empty for nil.
func tagValue(L *lua.LState, n int) string {
	switch v := L.Get(n).(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber, lua.LBool:
		return v.String()
	case *lua.LNilType:
		return ""
	}
	L.ArgError(n, "string, number, boolean or nil expected, got "+luaType(L.Get(n)))
	return ""
}

// describe names a value in a message: its type, or the number itself where
// that is what is wrong.
func describe(v lua.LValue) string {
	if n, ok := v.(lua.LNumber); ok {
		return n.String()
	}
	return luaType(v)
}

// maxShown bounds a value in a message, in bytes.
const maxShown = 40

// clip is a text of a script's in a message.
func clip(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return strings.ToValidUTF8(s[:maxShown], "") + "…"
}

// shown is a value in a message: its type and, where that says something, the
// value itself.
func shown(v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString:
		return fmt.Sprintf("the string %q", clip(string(v)))
	case lua.LNumber, lua.LBool:
		return "the " + luaType(v) + " " + v.String()
	}
	return "a " + luaType(v)
}

// evWithin is ev:within(cidr [, field]).
func (lib *eventLib) evWithin(L *lua.LState) int {
	c := lib.ev(L)
	prefix, err := lib.in.rt.prefixes.Prefix(L.CheckString(2))
	if err != nil {
		L.ArgError(2, err.Error())
	}
	L.Push(boxBool(address.Within(prefix, c.Field(lib.addressField(L, c.Object)).Value.Str)))
	return 1
}

// addressField returns the field that argument 3 names, or else the one that
// holds the object's prefix or address.
func (lib *eventLib) addressField(L *lua.LState, object int) int {
	x, o := lib.in.rt.schema, &lib.in.rt.schema.Objects[object]
	if L.Get(3) == lua.LNil && o.Prefix == "" {
		L.ArgError(3, fmt.Sprintf("%s has no prefix or address of its own: name the field that is meant, ev:within(prefix, field)", schema.Article(o.Name)))
	}
	name := L.OptString(3, o.Prefix)
	i, ok := x.Fields[object][name]
	if !ok {
		L.ArgError(3, fmt.Sprintf("%s has no field %q; %s", schema.Article(o.Name), clip(name), choices.There(name, x.FieldNames([]int{object}))))
	}
	if f := &o.Fields[i]; f.Kind != model.String || f.Choices != nil {
		L.ArgError(3, f.Name+" is no address or prefix")
	}
	return i
}

// evIsDefault reports whether the object is a default route.
func (lib *eventLib) evIsDefault(L *lua.LState) int {
	c := lib.ev(L)
	i := lib.in.rt.schema.Prefix[c.Object]
	L.Push(boxBool(i >= 0 && c.Field(i).Value.Str == "default"))
	return 1
}
