package luahooks

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/emit"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/model"
)

func (lib *eventLib) evMeasurement(L *lua.LState) int {
	c, name := lib.ev(L), arg.Name(L, 2)
	if x := lib.in.rt.schema; name != x.Measurements+x.Objects[c.Object].Name {
		emit.NotOurs(L, 2, name, x.Measurements)
	}
	c.Out.SetMeasurement(strings.Clone(name))
	return 0
}

// evWithin is ev:within(cidr [, field]).
func (lib *eventLib) evWithin(L *lua.LState) int {
	c := lib.ev(L)
	prefix, err := lib.in.rt.prefixes.Prefix(L.CheckString(2))
	if err != nil {
		L.ArgError(2, err.Error())
	}
	L.Push(lua51.BoxBool(address.Within(prefix, c.Field(lib.addressField(L, c.Object)).Value.Str)))
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
		L.ArgError(3, fmt.Sprintf("%s has no field %q; %s", schema.Article(o.Name), arg.Clip(name), choices.There(name, x.FieldNames([]int{object}))))
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
	L.Push(lua51.BoxBool(i >= 0 && c.Field(i).Value.Str == "default"))
	return 1
}
