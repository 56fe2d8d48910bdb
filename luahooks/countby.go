package luahooks

import (
	"fmt"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/schema"
	"telegraf-rtnetlink/luahooks/model"
)

// countBy is counter:by(…): the counter as a native action.
type countBy struct {
	counter *counter
	fields  []string
	sources [][]source // by object; nil until it is bound to a hook
}

// by is counter:by(field, …): one field of the event for each tag.
func (c *counter) by(L *lua.LState) int {
	b := &countBy{counter: c}
	for i := 2; i <= L.GetTop(); i++ {
		b.fields = append(b.fields, L.CheckString(i))
	}
	if len(b.fields) != len(c.tags) {
		L.RaiseError("%s:by takes one field of the event for each of the tags %s, got %d", c.name, choices.Join(c.tags), len(b.fields))
	}
	L.Push(&lua.LUserData{Value: action{counter: b}})
	return 1
}

// bind looks up the fields for a hook's classes.
func (b *countBy) bind(h *hook) (*countBy, error) {
	x := h.in.rt.schema
	bound := &countBy{counter: b.counter, fields: b.fields, sources: make([][]source, len(x.Objects))}
	for _, name := range b.fields {
		if problem := x.Unknown([]string{h.object}, schema.OfEvent, name); problem != "" {
			return nil, fmt.Errorf("%s:by: %s", b.counter.name, problem)
		}
	}
	for _, f := range h.filters {
		for _, name := range b.fields {
			bound.sources[f.object] = append(bound.sources[f.object], h.in.events.source(f.object, schema.OfEvent, name))
		}
	}
	return bound, nil
}

// add counts the current event.
func (b *countBy) add(r *Runtime) {
	c := b.counter
	c.key = c.key[:0]
	for i := range b.sources[r.cur.object] {
		if i > 0 {
			c.key = append(c.key, keySeparator...)
		}
		c.key = r.cur.appendText(c.key, r.schema, &b.sources[r.cur.object][i])
	}
	c.at(c.key).change(1)
}

// appendText appends a source's value as a tag spells it.
func (c *current) appendText(to []byte, x *schema.Index, s *source) []byte {
	switch s.kind {
	case fromField:
		return appendValue(to, &c.field(s.field).value)
	case fromMeta:
		switch s.field {
		case schema.MetaAction:
			return append(to, x.Actions[c.action]...)
		case schema.MetaOrigin:
			return append(to, x.Origins[c.ev.Origin()]...)
		case schema.MetaObject:
			return append(to, x.Objects[c.object].Name...)
		case schema.MetaNetns:
			return append(to, c.ev.Netns()...)
		case schema.MetaKey:
			return append(to, c.ev.Key()...)
		}
		return strconv.AppendFloat(to, float64(c.ev.Time())/1e9, 'f', -1, 64)
	}
	return to
}

func appendValue(to []byte, v *model.Value) []byte {
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
