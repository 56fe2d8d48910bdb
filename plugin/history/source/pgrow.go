package source

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"telegraf-rtnetlink/plugin/history"
)

// tagColumns are the columns that the replay looks for among the tags.
var tagColumns = map[string]bool{"host": true, "netns": true, "action": true, "origin": true, "moment": true}

// syncFields are the fields of rtnetlink_sync that are text; its other columns
// of text are tags.
var syncFields = map[string]bool{"reason": true, "objects": true, "untracked": true, "initial_events": true, "filters": true, "version": true}

// isTag tells what a column of text is. For events it does not matter.
func (t *pgTable) isTag(column string) bool {
	return tagColumns[column] || t.name == "rtnetlink_sync" && !syncFields[column]
}

// fill makes a row of a table's values.
func (t *pgTable) fill(r *history.Row, values []any) error {
	r.Reset()
	r.SetMeasurement([]byte(t.name))
	at, err := epochOf(values[0])
	if err != nil {
		return err
	}
	r.Time = at
	for i, name := range t.columns {
		k := []byte(name)
		switch v := values[i+1].(type) {
		case string:
			if t.isTag(name) {
				r.Tag(k, []byte(v))
			} else {
				r.Text(k, []byte(v))
			}
		case int32:
			r.Number(k, history.Int, int64(v))
		default:
			number(r, k, v)
		}
	}
	return nil
}

// epochOf reads the seconds since the epoch, as PostgreSQL computes them.
func epochOf(v any) (int64, error) {
	n, ok := v.(pgtype.Numeric)
	if !ok || n.Int == nil || !n.Int.IsInt64() || n.Exp < -18 || n.Exp > 9 {
		return 0, fmt.Errorf("a row has the time %v", v)
	}
	at, exp := n.Int.Int64(), n.Exp+9
	for ; exp > 0; exp-- {
		at *= 10
	}
	for ; exp < 0; exp++ {
		at /= 10
	}
	return at, nil
}
