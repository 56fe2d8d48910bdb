package metric

import (
	"strconv"

	"telegraf-rtnetlink/plugin/internal/event"
)

// Text returns a value as a tag has it, empty if there is none.
func Text(v event.Value) string {
	switch v.Kind {
	case event.String:
		return v.Str
	case event.Int:
		return strconv.FormatInt(v.Num, 10)
	case event.Bool:
		return strconv.FormatBool(v.Num != 0)
	}
	return ""
}

// boxes has, by row of the table, the value of the last metric as Telegraf's
// fields hold it: in an interface, which takes an allocation. Most values come
// again with the next metric (scope, gateway, metric of routes).
type boxes []any

// of returns the value of a row as a metric's field has it, nil if there is none.
func (b boxes) of(row int, v event.Value) any {
	switch v.Kind {
	case event.String:
		if last, ok := b[row].(string); !ok || last != v.Str {
			b[row] = v.Str
		}
	case event.Int:
		if last, ok := b[row].(int64); !ok || last != v.Num {
			b[row] = v.Num
		}
	case event.Bool:
		return v.Num != 0 // takes none
	default:
		return nil
	}
	return b[row]
}
