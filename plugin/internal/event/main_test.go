package event

import (
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func TestMain(m *testing.M) { nstest.Main(m) }

// linkTable is an Env of a few links; the zero value knows none.
type linkTable map[uint32]linkEntry

type linkEntry struct {
	Name    string
	Up      bool
	Carrier bool
}

func (t linkTable) LinkName(index uint32) string {
	if l, ok := t[index]; ok {
		return l.Name
	}
	return "if" + decimal(index)
}

// viewOf returns a view of body.
func viewOf(o rtnl.Object, body []byte, env Env) *View {
	v := new(View)
	v.Reset(o, body, env)
	return v
}

// valuesOf decodes every field that the object has: string, int64 or bool.
func valuesOf(v *View) map[string]any {
	values := map[string]any{}
	for i, f := range Fields(v.Object) {
		switch x := v.Value(i); x.Kind {
		case String:
			values[f.Name] = x.Str
		case Int:
			values[f.Name] = x.Num
		case Bool:
			values[f.Name] = x.Num != 0
		}
	}
	return values
}
