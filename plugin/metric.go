package plugin

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/metric"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/event"
)

// builder turns events into metrics, numbers them and sees to it that no two
// metrics share a timestamp. It is used by the owner goroutine alone; the
// metrics that it returns are the caller's.
//
// It collects a metric in memory that it reuses and lets Telegraf copy it once:
// a copy has the right size at once, where adding one by one grows slices and
// searches them for duplicates.
type builder struct {
	plans    []plan // by rtnl.Object
	previous bool   // add previous_<field>
	seq      int64  // of the last event's metric
	lost     int64  // metrics of events that were not built or not taken
	clock    clock
	edits    edits
	out      scratch
}

func newBuilder(previous bool) *builder {
	return &builder{plans: newPlans(), previous: previous}
}

// event returns the metric of ev with the hooks' edits applied, and forgets the
// edits. Its field seq counts up by one per call.
func (b *builder) event(ev *event.Event) telegraf.Metric {
	p := &b.plans[ev.Object]
	b.out.reset(p.measurement, telegraf.Untyped, b.clock.stamp(ev.Time))
	b.addTags(p, ev)
	b.addFields(p, ev)
	b.edits.apply(&b.out)
	b.seq++
	b.out.field("key", ev.KeyText())
	b.out.field("seq", b.seq)
	return metric.FromMetric(&b.out)
}

// lose counts a metric that will not come. Its number is left out, so that a
// consumer sees it.
func (b *builder) lose() {
	b.seq++
	b.lost++
}

func (b *builder) addTags(p *plan, ev *event.Event) {
	for i := range p.tags {
		t := &p.tags[i]
		var text string
		switch t.index {
		case tagAction:
			text = ev.Action.String()
		case tagOrigin:
			text = ev.Origin.String()
		case tagNetns:
			text = ev.Netns
		default:
			text = tagText(ev.New.Value(t.index))
		}
		if text != "" {
			b.out.tag(t.key, text)
		}
	}
}

func (b *builder) addFields(p *plan, ev *event.Event) {
	has := ev.New.Fields()
	for i := has.Next(p.first); i >= 0; i = has.Next(i + 1) {
		if v := boxed(ev.New.Value(i)); v != nil {
			b.out.field(p.names[i], v)
		}
	}
	if ev.Action != event.Change || ev.Changed.Empty() {
		return
	}
	b.out.field("changed", p.changed(&ev.Changed))
	if !b.previous {
		return
	}
	for i := ev.Changed.Next(0); i >= 0; i = ev.Changed.Next(i + 1) {
		if v := boxed(ev.Old.Value(i)); v != nil {
			b.out.field(p.previous[i], v)
		}
	}
}

// hook returns the metric that a script made, nil if it has nothing that an
// output could store.
func (b *builder) hook(m *luahooks.Metric) telegraf.Metric {
	b.out.reset(m.Name, valueTypes[m.Type], 0)
	for _, t := range m.Tags {
		if t.Key != "" && t.Value != "" {
			b.out.tag(t.Key, t.Value)
		}
	}
	for _, f := range m.Fields {
		if f.Key != "" && storable(f.Value) {
			b.out.field(f.Key, f.Value)
		}
	}
	if m.Name == "" || len(b.out.fields) == 0 {
		return nil
	}
	b.out.sortTags()
	b.out.time = time.Unix(0, b.clock.stamp(m.Time))
	return metric.FromMetric(&b.out)
}

var valueTypes = [...]telegraf.ValueType{
	luahooks.Untyped: telegraf.Untyped,
	luahooks.Counter: telegraf.Counter,
	luahooks.Gauge:   telegraf.Gauge,
}

// tagText returns a value as a tag has it, empty if there is none.
func tagText(v event.Value) string {
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

// boxed returns a value as a metric's field has it, nil if there is none.
func boxed(v event.Value) any {
	switch v.Kind {
	case event.String:
		return v.Str
	case event.Int:
		return v.Num
	case event.Bool:
		return v.Num != 0
	}
	return nil
}

// storable reports whether the influx serializer writes v. Telegraf's shim
// ends the process for a metric without a single such field.
func storable(v any) bool {
	switch v := v.(type) {
	case int64, string, bool:
		return true
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	return false
}

// scratch is a metric in reused memory, only fit for metric.FromMetric, which
// copies what the methods below return.
type scratch struct {
	telegraf.Metric // nil: the methods that FromMetric does not call
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

// sortTags puts the tags into the order that Telegraf's metrics keep.
func (s *scratch) sortTags() {
	slices.SortFunc(s.tags, func(a, b *telegraf.Tag) int { return strings.Compare(a.Key, b.Key) })
}
