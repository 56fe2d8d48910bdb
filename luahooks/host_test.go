package luahooks

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"telegraf-rtnetlink/luahooks/internal/address"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"
)

// testSchema is a small schema of the tests' own.
var testSchema = &model.Schema{
	Actions: []string{"new", "change", "delete"},
	Origins: []string{"dump", "notify", "implied", "resync"},

	Measurements: "rtnetlink_",
	Objects: []model.Object{
		{Name: "link", Fields: []model.Field{
			{Name: "interface", Kind: model.String, Tag: true, Doc: "name of the device"},
			{Name: "kind", Kind: model.String, Tag: true},
			{Name: "ifindex", Kind: model.Int},
			{Name: "mtu", Kind: model.Int, Unit: "bytes"},
			{Name: "operstate", Kind: model.String, Choices: []string{"up", "down", "unknown"}},
			{Name: "up", Kind: model.Bool},
			{Name: "flags", Kind: model.String, List: true},
			{Name: "address", Kind: model.String},
			{Name: "ifalias", Kind: model.String},
		}},
		{Name: "route", Prefix: "dst", Fields: []model.Field{
			{Name: "family", Kind: model.String, Tag: true, Choices: []string{"inet", "inet6"}},
			{Name: "table", Kind: model.String, Tag: true},
			{Name: "protocol", Kind: model.String, Tag: true},
			{Name: "interface", Kind: model.String, Tag: true},
			{Name: "dst", Kind: model.String},
			{Name: "gateway", Kind: model.String},
			{Name: "metric", Kind: model.Int},
		}},
		{Name: "neighbor", Prefix: "dst", Fields: []model.Field{
			{Name: "interface", Kind: model.String, Tag: true},
			{Name: "family", Kind: model.String, Tag: true, Choices: []string{"inet", "inet6", "bridge"}},
			{Name: "dst", Kind: model.String},
			{Name: "lladdr", Kind: model.String},
			{Name: "state", Kind: model.String, Choices: []string{"reachable", "stale", "failed"}},
		}},
	},
}

const (
	objLink = iota
	objRoute
	objNeighbor
)

// values are the fields of an object by name.
type values map[string]any

// testRow is an object of the tests.
type testRow struct {
	object int
	fields values
}

func (r testRow) Field(i int) model.Value {
	return toValue(r.fields[testSchema.Objects[r.object].Fields[i].Name])
}

func toValue(v any) model.Value {
	switch v := v.(type) {
	case string:
		return model.Value{Kind: model.String, Str: v}
	case int:
		return model.Value{Kind: model.Int, Num: int64(v)}
	case bool:
		if v {
			return model.Value{Kind: model.Bool, Num: 1}
		}
		return model.Value{Kind: model.Bool}
	}
	return model.Value{}
}

// testEvent implements Event.
type testEvent struct {
	testRow
	action int
	origin int
	old    values
	netns  string
	time   int64
	attrs  map[int]string
}

func (e *testEvent) Object() int           { return e.object }
func (e *testEvent) Action() int           { return e.action }
func (e *testEvent) Origin() int           { return e.origin }
func (e *testEvent) Netns() string         { return e.netns }
func (e *testEvent) Key() string           { return fmt.Sprintf("%016x", e.object) }
func (e *testEvent) Time() int64           { return e.time }
func (e *testEvent) Old(i int) model.Value { return testRow{e.object, e.old}.Field(i) }
func (e *testEvent) Attribute(n int) []byte {
	if a, ok := e.attrs[n]; ok {
		return []byte(a)
	}
	return nil
}

func (e *testEvent) Changed() *bitset.Set {
	mask := &bitset.Set{}
	if e.old == nil {
		return mask
	}
	for i := range testSchema.Objects[e.object].Fields {
		if e.Field(i) != e.Old(i) {
			mask.Add(i)
		}
	}
	return mask
}

func linkEvent(action string, fields values) *testEvent {
	return newEvent(objLink, action, fields, nil)
}

func routeEvent(action string, fields values) *testEvent {
	return newEvent(objRoute, action, fields, nil)
}

func newEvent(object int, action string, fields, old values) *testEvent {
	return &testEvent{
		testRow: testRow{object, fields}, old: old, origin: 1, time: 1_700_000_000_000_000_000,
		action: slices.Index(testSchema.Actions, action),
	}
}

// testOutput records edits of the metric.
type testOutput struct{ edits []string }

func (o *testOutput) SetTag(k, v string) { o.edits = append(o.edits, fmt.Sprintf("tag %s=%s", k, v)) }
func (o *testOutput) SetField(k string, v any) {
	o.edits = append(o.edits, fmt.Sprintf("field %s=%v(%T)", k, v, v))
}
func (o *testOutput) SetMeasurement(name string) { o.edits = append(o.edits, "measurement "+name) }

// testHost implements Host and Store with a clock that only the test moves.
type testHost struct {
	others  map[string]*testHost // the mirrors of other namespaces
	real    bool                 // use the machine's clock
	clock   time.Time
	emitted []string
	logs    []string
	rows    []testRow
	noStore bool
	watch   func(line string) // gets each line of the log, and each metric, with "" as its level
}

func newHost() *testHost { return &testHost{clock: time.Unix(1_700_000_000, 0)} }

func (h *testHost) Emit(m *model.Metric) {
	h.emitted = append(h.emitted, metricText(m))
	if h.watch != nil {
		h.watch(" " + metricText(m))
	}
}

func metricText(m *model.Metric) string {
	var b strings.Builder
	b.WriteString(m.Name)
	for _, t := range m.Tags {
		fmt.Fprintf(&b, ",%s=%s", t.Key, t.Value)
	}
	for i, f := range m.Fields {
		sep := ","
		if i == 0 {
			sep = " "
		}
		switch v := f.Value.(type) {
		case int64:
			fmt.Fprintf(&b, "%s%s=%di", sep, f.Key, v)
		case string:
			fmt.Fprintf(&b, "%s%s=%q", sep, f.Key, v)
		default:
			fmt.Fprintf(&b, "%s%s=%v", sep, f.Key, v)
		}
	}
	return b.String()
}

func (h *testHost) Log(level Level, text string) {
	line := [...]string{"E", "W", "I", "D"}[level] + " " + text
	h.logs = append(h.logs, line)
	if h.watch != nil {
		h.watch(line)
	}
}

func (h *testHost) Now() time.Time {
	if h.real {
		return time.Now()
	}
	return h.clock
}

func (h *testHost) Store(netns string) model.Store {
	if h.noStore || netns == "missing" {
		return nil
	}
	if other := h.others[netns]; other != nil {
		return other
	}
	return h
}

func (h *testHost) find(object int, field string, want any) model.Row {
	for _, r := range h.rows {
		if r.object == object && r.fields[field] == want {
			return r
		}
	}
	return nil
}

func (h *testHost) LinkByIndex(i int) model.Row      { return h.find(objLink, "ifindex", i) }
func (h *testHost) LinkByName(name string) model.Row { return h.find(objLink, "interface", name) }
func (h *testHost) Len(object int) (n int) {
	h.Each(object, nil, func(model.Row) bool { n++; return true })
	return n
}

func (h *testHost) Each(object int, want []model.Want, yield func(model.Row) bool) {
	for _, r := range h.rows {
		if r.object == object && !yield(r) {
			return
		}
	}
}

func (h *testHost) Namespaces() []string { return []string{"", "blue"} }

func (h *testHost) Route(dst netip.Prefix, table string) model.Row {
	for _, r := range h.rows {
		text, _ := r.fields["dst"].(string)
		if text == "default" {
			text = "0.0.0.0/0"
		}
		if p, err := address.Parse(text); r.object == objRoute && err == nil && p == dst && r.fields["table"] == table {
			return r
		}
	}
	return nil
}

func (h *testHost) Lookup(addr netip.Addr, table string) model.Row {
	var best model.Row
	bits := -1
	for _, r := range h.rows {
		dst, _ := r.fields["dst"].(string)
		p, err := netip.ParsePrefix(strings.Replace(dst, "default", "0.0.0.0/0", 1))
		if r.object == objRoute && err == nil && r.fields["table"] == table && p.Contains(addr) && p.Bits() > bits {
			best, bits = r, p.Bits()
		}
	}
	return best
}
