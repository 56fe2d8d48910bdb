package strict

import (
	"strconv"
	"strings"

	"telegraf-rtnetlink/plugin/internal/event"
)

// Event returns what the metric of e says.
func Event(e *event.Event) (class string, v Values) {
	v = Values{"action": e.Action.String(), "origin": e.Origin.String(), "key": e.KeyText()}
	var changed []string
	for i, f := range event.Fields(e.Object) {
		put(v, f.Name, e.New.Value(i))
		if e.Action == event.Change && e.Changed.Has(i) {
			changed = append(changed, f.Name)
			put(v, "previous_"+f.Name, e.Old.Value(i))
		}
	}
	if len(changed) > 0 {
		v["changed"] = strings.Join(changed, ",")
	}
	return e.Object.String(), v
}

func put(v Values, name string, value event.Value) {
	switch value.Kind {
	case event.String:
		v[name] = value.Str
	case event.Int:
		v[name] = strconv.FormatInt(value.Num, 10)
	case event.Bool:
		v[name] = strconv.FormatBool(value.Num != 0)
	}
}
