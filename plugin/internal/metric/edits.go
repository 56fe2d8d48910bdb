package metric

import "github.com/influxdata/telegraf"

// edits is what the hooks want changed about the metric of one event. It is
// collected first and applied later, so that a metric that a hook drops is
// never built. The zero value changes nothing.
type edits struct {
	measurement string
	tags        []telegraf.Tag
	fields      []telegraf.Field
}

// SetTag sets a tag of the next metric, or removes it if value is empty
// (luahooks.Output).
func (b *Builder) SetTag(key, value string) {
	b.edits.tags = append(b.edits.tags, telegraf.Tag{Key: key, Value: value})
}

// SetField sets a field of the next metric, or removes it if value is nil
// (luahooks.Output). A number that is not finite is left out.
func (b *Builder) SetField(key string, value any) {
	if value == nil || storable(value) {
		b.edits.fields = append(b.edits.fields, telegraf.Field{Key: key, Value: value})
	}
}

// SetMeasurement renames the next metric (luahooks.Output).
func (b *Builder) SetMeasurement(name string) { b.edits.measurement = name }

// Discard forgets the edits of an event that a hook dropped.
func (b *Builder) Discard() {
	e := &b.edits
	e.measurement, e.tags, e.fields = "", e.tags[:0], e.fields[:0]
}

// apply changes s and forgets the edits.
func (e *edits) apply(s *scratch) {
	if e.measurement != "" {
		s.name, e.measurement = e.measurement, ""
	}
	for _, t := range e.tags {
		s.setTag(t.Key, t.Value)
	}
	for _, f := range e.fields {
		if f.Key != "seq" && f.Key != "key" { // the plugin's own: what tells a consumer of losses, and of which object
			s.setField(f.Key, f.Value)
		}
	}
	e.tags, e.fields = e.tags[:0], e.fields[:0]
}

func (s *scratch) setTag(key, value string) {
	for i, t := range s.tags {
		if t.Key == key {
			s.tags = remove(s.tags, i)
			break
		}
	}
	if key == "" || value == "" {
		return
	}
	s.tag(key, value)
	for i := len(s.tags) - 1; i > 0 && s.tags[i].Key < s.tags[i-1].Key; i-- {
		s.tags[i], s.tags[i-1] = s.tags[i-1], s.tags[i]
	}
}

func (s *scratch) setField(key string, value any) {
	for i, f := range s.fields {
		if f.Key == key {
			if value != nil {
				f.Value = value
				return
			}
			s.fields = remove(s.fields, i)
			return
		}
	}
	if key != "" && value != nil {
		s.field(key, value)
	}
}

// remove takes element i out and keeps its memory behind the end.
func remove[T any](list []T, i int) []T {
	gone := list[i]
	copy(list[i:], list[i+1:])
	list[len(list)-1] = gone
	return list[:len(list)-1]
}
