package luahooks

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/event"
	"telegraf-rtnetlink/luahooks/internal/schema"
)

// countBy is counter:by(…): the counter as a native action.
type countBy struct {
	counter *counter
	fields  []string
	sources [][]event.Source // by object; nil until it is bound to a hook
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
	bound := &countBy{counter: b.counter, fields: b.fields, sources: make([][]event.Source, len(x.Objects))}
	for _, name := range b.fields {
		if problem := x.Unknown([]string{h.object}, schema.OfEvent, name); problem != "" {
			return nil, fmt.Errorf("%s:by: %s", b.counter.name, problem)
		}
	}
	for _, f := range h.filters {
		for _, name := range b.fields {
			bound.sources[f.object] = append(bound.sources[f.object], event.NewSource(x, nil, f.object, schema.OfEvent, name))
		}
	}
	return bound, nil
}

// add counts the current event.
func (b *countBy) add(r *Runtime) {
	c := b.counter
	c.key = c.key[:0]
	for i := range b.sources[r.cur.Object] {
		if i > 0 {
			c.key = append(c.key, keySeparator...)
		}
		c.key = r.cur.Text(c.key, &b.sources[r.cur.Object][i])
	}
	c.at(c.key).change(1)
}
