package source

import (
	"math"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/plugin/history"
)

// FromMetric makes r the row of a metric.
func FromMetric(r *history.Row, m telegraf.Metric) {
	r.Reset()
	r.SetMeasurement([]byte(m.Name()))
	r.Time = m.Time().UnixNano()
	for _, t := range m.TagList() {
		r.Tag([]byte(t.Key), []byte(t.Value))
	}
	for _, f := range m.FieldList() {
		k := []byte(f.Key)
		switch v := f.Value.(type) {
		case string:
			r.Text(k, []byte(v))
		case uint64:
			r.Number(k, history.Int, int64(min(v, math.MaxInt64)))
		default:
			number(r, k, v)
		}
	}
}

// number adds a field that is no text; one of another type is none.
func number(r *history.Row, name []byte, v any) {
	switch v := v.(type) {
	case int64:
		r.Number(name, history.Int, v)
	case bool:
		n := int64(0)
		if v {
			n = 1
		}
		r.Number(name, history.Bool, n)
	case float64:
		r.Number(name, history.Float, int64(math.Float64bits(v)))
	}
}
