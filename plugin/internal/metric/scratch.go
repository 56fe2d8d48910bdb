package metric

import (
	"slices"
	"strings"
	"time"

	"github.com/influxdata/telegraf"
)

// scratch is a metric in reused memory, only fit for who calls no more than the
// methods below, and copies what they return, as metric.FromMetric does.
type scratch struct {
	telegraf.Metric // nil: the other methods
	name            string
	kind            telegraf.ValueType
	time            time.Time
	tags            []*telegraf.Tag
	fields          []*telegraf.Field
}

func (s *scratch) Name() string                 { return s.name }
func (s *scratch) Type() telegraf.ValueType     { return s.kind }
func (s *scratch) Time() time.Time              { return s.time }
func (s *scratch) TagList() []*telegraf.Tag     { return s.tags }
func (s *scratch) FieldList() []*telegraf.Field { return s.fields }

func (s *scratch) reset(name string, kind telegraf.ValueType, ns int64) {
	s.name, s.kind, s.time = name, kind, time.Unix(0, ns)
	s.tags, s.fields = s.tags[:0], s.fields[:0]
}

// tag appends a tag, in memory that an earlier metric left behind the end.
func (s *scratch) tag(key, value string) {
	n := len(s.tags)
	if n == cap(s.tags) {
		s.tags = append(s.tags, new(telegraf.Tag))
	}
	s.tags = s.tags[:n+1]
	if s.tags[n] == nil {
		s.tags[n] = new(telegraf.Tag)
	}
	*s.tags[n] = telegraf.Tag{Key: key, Value: value}
}

// field appends a field, like tag.
func (s *scratch) field(key string, value any) {
	n := len(s.fields)
	if n == cap(s.fields) {
		s.fields = append(s.fields, new(telegraf.Field))
	}
	s.fields = s.fields[:n+1]
	if s.fields[n] == nil {
		s.fields[n] = new(telegraf.Field)
	}
	*s.fields[n] = telegraf.Field{Key: key, Value: value}
}

// AddTag implements telegraf.Metric.
func (s *scratch) AddTag(key, value string) {
	for _, t := range s.tags {
		if t.Key == key {
			t.Value = value
			return
		}
	}
	s.tag(key, value)
	s.sortTags()
}

// sortTags puts the tags into the order that Telegraf's metrics keep.
func (s *scratch) sortTags() {
	slices.SortFunc(s.tags, func(a, b *telegraf.Tag) int { return strings.Compare(a.Key, b.Key) })
}
