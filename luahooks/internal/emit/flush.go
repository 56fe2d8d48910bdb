package emit

import (
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/model"
)

// Begin makes the series of all counters and gauges due that an interval has to emit.
func (lib *Lib) Begin() {
	for _, c := range lib.counters {
		c.begin()
	}
}

// Flush emits up to n of the series that are due, of the time now. It returns how many
// it did, and whether there are more.
func (lib *Lib) Flush(now int64, n int) (done int, more bool) {
	for _, c := range lib.counters {
		done += c.flush(lib.host.Send, now, n-done)
		more = more || len(c.due) > 0
	}
	return done, more
}

// begin makes the series due that Flush has to emit; those of a window only if
// they counted something, and that one begins anew.
func (c *Counter) begin() {
	if len(c.due) > 0 {
		return // of the interval before
	}
	for _, s := range c.order {
		if s.dirty || !c.window {
			c.due = append(c.due, s)
		}
	}
	if c.window {
		c.series, c.order = map[string]*series{}, nil
		c.give(c.held)
	}
}

// flush emits up to n of the series that are due, and returns how many that were.
func (c *Counter) flush(emit func(*model.Metric), now int64, n int) int {
	m := &c.kept.metric
	n = min(n, len(c.due))
	for _, s := range c.due[:n] {
		*m = model.Metric{Name: c.name, Tags: append(m.Tags[:0], s.tags...), Fields: append(m.Fields[:0], c.fieldOf(s)), Time: now}
		m.Type = c.valueType()
		c.kept.Emitted++
		emit(m)
		s.dirty = false
	}
	if c.due = c.due[n:]; len(c.due) == 0 {
		c.due = nil
	}
	return n
}

func (c *Counter) fieldOf(s *series) model.MetricField {
	switch {
	case c.Gauge:
		return model.MetricField{Key: "value", Value: s.value}
	case c.window:
		return model.MetricField{Key: "count", Value: lua51.ToInt(s.value)}
	}
	return model.MetricField{Key: "total", Value: lua51.ToInt(s.value)}
}

func (c *Counter) valueType() model.ValueType {
	switch {
	case c.Gauge:
		return model.Gauge
	case c.window:
		return model.Untyped
	}
	return model.Counter
}
