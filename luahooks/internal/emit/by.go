package emit

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/event"
	"telegraf-rtnetlink/luahooks/internal/schema"
)

// By is counter:by(…): the counter as a native action.
type By struct {
	counter *Counter
	fields  []string
	sources [][]event.Source // by object; nil until it is bound to a hook
}

// by is counter:by(field, …): one field of the event for each tag.
func (c *Counter) by(L *lua.LState) int {
	b := &By{counter: c}
	for i := 2; i <= L.GetTop(); i++ {
		b.fields = append(b.fields, L.CheckString(i))
	}
	if len(b.fields) != len(c.tags) {
		L.RaiseError("%s:by takes one field of the event for each of the tags %s, got %d", c.name, choices.Join(c.tags), len(b.fields))
	}
	L.Push(&lua.LUserData{Value: b})
	return 1
}

// Bind looks up the fields for a hook on an object, or "*", and its classes.
func (b *By) Bind(x *schema.Index, object string, classes []int) (*By, error) {
	bound := &By{counter: b.counter, fields: b.fields, sources: make([][]event.Source, len(x.Objects))}
	for _, name := range b.fields {
		if problem := x.Unknown([]string{object}, schema.OfEvent, name); problem != "" {
			return nil, fmt.Errorf("%s:by: %s", b.counter.name, problem)
		}
	}
	for _, class := range classes {
		for _, name := range b.fields {
			bound.sources[class] = append(bound.sources[class], event.NewSource(x, nil, class, schema.OfEvent, name))
		}
	}
	return bound, nil
}

// Add counts the event being run.
func (b *By) Add(cur *event.Current) {
	c := b.counter
	c.key = c.key[:0]
	for i := range b.sources[cur.Object] {
		if i > 0 {
			c.key = append(c.key, keySeparator...)
		}
		c.key = cur.Text(c.key, &b.sources[cur.Object][i])
	}
	c.at(c.key).change(1)
}
