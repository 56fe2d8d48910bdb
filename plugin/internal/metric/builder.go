// Package metric makes the metrics of the input: of an event, of what a script
// emits, and of what the plugin says of its own stream.
//
// # Flow
//
//	event.Event ──▶ plan ──▶ edits ──▶ key, seq, timestamp ──▶ telegraf.Metric
//	                which     what the
//	                rows are  hooks want
//	                tags
//
// The plan of a class is made from the field table of package event, which is
// the only list of fields: nothing here knows a field by name but the ones that
// every event has. The hooks of an event run before its metric is built, and
// leave what they want of it in the Builder (luahooks.Output).
//
// # What a consumer may rely upon
//
// No two metrics of a Builder have the same timestamp, and timestamps rise.
// Events are numbered by the field seq without a hole, but for those of which
// Lose says that they are lost.
package metric

import (
	"math"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/metric"

	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/internal/event"
)

// Builder makes the metrics of an instance. New makes it; the zero value is of no
// use. It is used by one goroutine; the metrics that it returns are the caller's, but
// after Lend.
//
// It collects a metric in memory that it reuses and lets Telegraf copy it once:
// a copy has the right size at once, where adding one by one grows slices and
// searches them for duplicates.
type Builder struct {
	plans    []plan // by rtnl.Object
	previous bool   // add previous_<field>
	seq      int64  // of the last event's metric
	lost     int64  // metrics of events that were not built or not taken
	clock    clock
	edits    edits
	out      scratch
	lends    bool // the metrics are out itself
}

// New returns a Builder. With previous, changes have fields previous_<field>.
func New(previous bool) *Builder {
	return &Builder{plans: newPlans(), previous: previous}
}

// Lend makes all metrics from now on the Builder's own memory, good until the next is
// made, for whoever needs no more of them than name, tags, fields and time, and keeps
// none: a copy for each is a third of what an event costs.
func (b *Builder) Lend() { b.lends = true }

// finished returns the metric in out.
func (b *Builder) finished() telegraf.Metric {
	if b.lends {
		return &b.out
	}
	return metric.FromMetric(&b.out)
}

// Event returns the metric of ev with the hooks' edits applied, and forgets the
// edits. Its field seq counts up by one per call.
func (b *Builder) Event(ev *event.Event) telegraf.Metric {
	p := &b.plans[ev.Object]
	b.out.reset(p.measurement, telegraf.Untyped, b.clock.stamp(ev.Time))
	b.addTags(p, ev)
	b.addFields(p, ev)
	b.edits.apply(&b.out)
	b.seq++
	b.out.field("key", ev.KeyText())
	b.out.field("seq", b.seq)
	return b.finished()
}

// Seq returns the number of the last event's metric, 0 before the first.
func (b *Builder) Seq() int64 { return b.seq }

// Lost returns how many metrics of events were lost.
func (b *Builder) Lost() int64 { return b.lost }

// Lose notes that the metric of an event will not come: the one that follows the
// number before, whether it was built or not. Its number is left out, so that a
// consumer sees it.
func (b *Builder) Lose(before int64) {
	b.seq = before + 1
	b.lost++
}

// Stamp returns a timestamp for what happened at wall, in ns since the epoch:
// later than those of all metrics before, and than what it returned before.
func (b *Builder) Stamp(wall int64) int64 { return b.clock.stamp(wall) }

func (b *Builder) addTags(p *plan, ev *event.Event) {
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
			text = Text(ev.New.Value(t.index))
		}
		if text != "" {
			b.out.tag(t.key, text)
		}
	}
}

func (b *Builder) addFields(p *plan, ev *event.Event) {
	has := ev.New.Fields()
	for i := has.Next(p.first); i >= 0; i = has.Next(i + 1) {
		if v := p.boxes.of(i, ev.New.Value(i)); v != nil {
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
		if v := p.boxes.of(i, ev.Old.Value(i)); v != nil {
			b.out.field(p.previous[i], v)
		}
	}
}

// Plain returns a metric that is no event, with the tags and fields given, the
// tags in alphabetical order. A tag without a value is left out.
func (b *Builder) Plain(name string, stamp int64, tags []telegraf.Tag, fields []telegraf.Field) telegraf.Metric {
	b.out.reset(name, telegraf.Untyped, stamp)
	for _, t := range tags {
		if t.Value != "" {
			b.out.tag(t.Key, t.Value)
		}
	}
	for _, f := range fields {
		b.out.field(f.Key, f.Value)
	}
	return b.finished()
}

// Script returns the metric that a script made, nil if it has nothing that an
// output could store.
func (b *Builder) Script(m *model.Metric) telegraf.Metric {
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
	return b.finished()
}

var valueTypes = [...]telegraf.ValueType{
	model.Untyped: telegraf.Untyped,
	model.Counter: telegraf.Counter,
	model.Gauge:   telegraf.Gauge,
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
