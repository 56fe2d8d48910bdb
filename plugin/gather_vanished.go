package plugin

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// vanishing remembers which gauges were sent, so that what they were about can
// be told to be gone: a series that merely ends keeps its last value in whatever
// shows it. The zero value is ready for use.
type vanishing struct {
	mu   sync.Mutex
	sent map[string]reading
}

// ends is what the gauges say once of what is gone, nil where that is 0 in every
// field.
var ends = map[string]map[string]any{
	"rtnetlink_interface":     {"up": int64(0), "carrier": int64(0), "operstate_code": int64(1)}, // IF_OPER_NOTPRESENT
	"rtnetlink_routes":        nil,
	"rtnetlink_neighbors":     nil,
	"rtnetlink_default_route": nil,
}

// with returns the readings and, behind them, the ends of the series that were
// sent the last time and are not among them. Those of a kind that could not be
// read completely are kept.
func (v *vanishing) with(list []reading, incomplete ...string) []reading {
	v.mu.Lock()
	defer v.mu.Unlock()
	before := v.sent
	v.sent = make(map[string]reading)
	for _, r := range list {
		if _, ok := ends[r.name]; ok {
			v.sent[r.series()] = r
		}
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if _, ok := v.sent[key]; ok {
			continue
		}
		r := before[key]
		if slices.Contains(incomplete, r.name) {
			v.sent[key] = r
			continue
		}
		list = append(list, r.end())
	}
	return list
}

// end is what is said of a series that is gone.
func (r reading) end() reading {
	fields := maps.Clone(ends[r.name])
	if fields == nil {
		fields = make(map[string]any)
		for name := range r.fields {
			if name != "limit" { // of the table, which is still there
				fields[name] = int64(0)
			}
		}
	}
	return reading{name: r.name, tags: r.tags, fields: fields}
}

// series identifies the series of a reading.
func (r reading) series() string {
	var b strings.Builder
	b.WriteString(r.name)
	for _, key := range slices.Sorted(maps.Keys(r.tags)) {
		b.WriteString("\x00" + key + "\x00" + r.tags[key])
	}
	return b.String()
}
