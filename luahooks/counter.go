package luahooks

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/account"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/model"

	lua "github.com/yuin/gopher-lua"
)

// defaultSeries bounds the series of one counter or gauge; what is over it is
// counted in one series whose tags are all "other".
const defaultSeries = 1000

// maxCounters bounds the counters and gauges of a script.
const maxCounters = 1000

// counter is an nl.counter or nl.gauge: numbers by tags, summed natively and
// emitted at each Flush.
type counter struct {
	script *script
	name   string
	tags   []string
	gauge  bool
	window bool // reset at each Flush
	max    int
	series map[string]*series
	order  []*series // as they came up
	key    []byte    // reused
	held   int       // of the script's native account, in bytes
	due    []*series // Flush has not emitted these yet
}

type series struct {
	tags  []model.Tag
	value float64
	dirty bool // since the last Flush
}

// keySeparator is between the tags' values in a series' key.
const keySeparator = "\x00"

func (lib *metricLib) apiCounter(L *lua.LState) int { return lib.newCounter(L, false) }
func (lib *metricLib) apiGauge(L *lua.LState) int   { return lib.newCounter(L, true) }

// newCounter is nl.counter(name, {tags}, {max = …, per_interval = …}).
func (lib *metricLib) newCounter(L *lua.LState, gauge bool) int {
	c := &counter{
		script: lib.in.script, name: lib.in.events.checkMeasurement(L, 1), tags: names(L, 2), gauge: gauge,
		max: defaultSeries, series: map[string]*series{},
	}
	if L.Get(3) != lua.LNil {
		if err := c.options(readTable(L, 3)); err != nil {
			L.ArgError(3, err.Error())
		}
	}
	old := lib.in.script.counters[c.name]
	switch {
	case old != nil && old.sameAs(c):
		c = old // the numbers go on after a reload
	case old != nil:
		lib.in.script.native.Give(old.held)
	case len(lib.in.script.counters) >= maxCounters:
		L.RaiseError("%s: over %d counters and gauges", c.name, maxCounters)
	}
	lib.in.script.counters[c.name] = c
	if !slices.Contains(lib.counters, c) {
		lib.counters = append(lib.counters, c)
	}
	what := "a counter"
	if gauge {
		what = "a gauge"
	}
	L.Push(&lua.LUserData{Value: c, Metatable: lib.in.MethodTable(what, c.methods())})
	return 1
}

// commitCounters forgets the counters that a new version does not name any more.
func (s *script) commitCounters() {
	for name, c := range s.counters {
		if !slices.Contains(s.in.metrics.counters, c) {
			s.native.Give(c.held)
			delete(s.counters, name)
		}
	}
}

func (c *counter) options(t *lua.LTable) error {
	return lua51.EachPair(t, func(k, v lua.LValue) error {
		switch k.String() {
		case "max":
			n, ok := v.(lua.LNumber)
			if !ok || n < 1 || n > 1e6 {
				return fmt.Errorf("max: want a number from 1 to 1000000")
			}
			c.max = int(n)
			return nil
		case "per_interval":
			c.window = lua.LVAsBool(v)
			return nil
		}
		return fmt.Errorf("there is no option %q; there are: max, per_interval", k.String())
	})
}

func (c *counter) sameAs(o *counter) bool {
	return c.gauge == o.gauge && c.window == o.window && c.max == o.max && slices.Equal(c.tags, o.tags)
}

func (c *counter) methods() map[string]lua.LGFunction {
	m := map[string]lua.LGFunction{
		"inc": func(L *lua.LState) int {
			by := finite(L, 2, float64(L.OptNumber(2, 1)))
			if !c.gauge && by < 0 {
				L.ArgError(2, "a counter only goes up; use nl.gauge")
			}
			c.argSeries(L, 3).change(by)
			return 0
		},
	}
	if c.gauge {
		m["set"] = func(L *lua.LState) int {
			value := finite(L, 2, float64(L.CheckNumber(2)))
			s := c.argSeries(L, 3)
			s.value, s.dirty = value, true
			return 0
		}
		m["remove"] = func(L *lua.LState) int {
			c.remove(c.argKey(L, 2))
			return 0
		}
	} else {
		m["by"] = c.by
	}
	for name, fn := range m {
		m[name] = func(L *lua.LState) int {
			if ud, ok := L.Get(1).(*lua.LUserData); !ok || ud.Value != any(c) {
				L.ArgError(1, fmt.Sprintf("the counter or gauge expected (call it as %s:%s(…))", c.name, name))
			}
			return fn(L)
		}
	}
	return m
}

// finite refuses what no database stores.
func finite(L *lua.LState, n int, f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		L.ArgError(n, lua.LNumber(f).String()+" is no value that a database stores")
	}
	return f
}

func (s *series) change(by float64) {
	if sum := s.value + by; !math.IsInf(sum, 0) {
		s.value = sum
	}
	s.dirty = true
}

// argKey makes the series' key of the tags' values from argument n on.
func (c *counter) argKey(L *lua.LState, n int) []byte {
	c.key = c.key[:0]
	for i := range c.tags {
		if i > 0 {
			c.key = append(c.key, keySeparator...)
		}
		c.key = append(c.key, cleanText(tagValue(L, n+i))...)
	}
	if extra := L.GetTop() - (n - 1 + len(c.tags)); extra > 0 {
		L.RaiseError("%s: %d arguments too many; its tags are: %s", c.name, extra, choices.Join(c.tags))
	}
	return c.key
}

func (c *counter) argSeries(L *lua.LState, n int) *series { return c.at(c.argKey(L, n)) }

// at returns the series of a key.
func (c *counter) at(key []byte) *series {
	if s := c.series[string(key)]; s != nil {
		return s
	}
	values := strings.Split(string(key), keySeparator)
	size := seriesSize(key, len(values))
	if len(c.order) >= c.max || slices.ContainsFunc(values, func(v string) bool { return len(v) > maxTagLen }) || !c.take(size) {
		c.script.stats.TagsFolded++
		for i := range values {
			values[i] = folded
		}
		if s := c.series[strings.Join(values, keySeparator)]; s != nil {
			return s
		}
	}
	return c.add(values)
}

// seriesSize is what a series takes, in bytes: its key, its tags, itself.
func seriesSize(key []byte, tags int) int { return 2*len(key) + 32*tags + 2*account.Overhead }

func (c *counter) take(n int) bool {
	if !c.script.native.Take(n) {
		return false
	}
	c.held += n
	return true
}

func (c *counter) give(n int) {
	c.script.native.Give(n)
	c.held -= n
}

func (c *counter) add(values []string) *series {
	s := &series{}
	for i, key := range c.tags {
		if i < len(values) && values[i] != "" {
			s.tags = append(s.tags, model.Tag{Key: key, Value: values[i]})
		}
	}
	c.series[strings.Join(values, keySeparator)] = s
	c.order = append(c.order, s)
	return s
}

func (c *counter) remove(key []byte) {
	if s := c.series[string(key)]; s != nil {
		c.give(min(c.held, seriesSize(key, len(c.tags))))
		delete(c.series, string(key))
		c.order = slices.DeleteFunc(c.order, func(o *series) bool { return o == s })
	}
}

// begin makes the series due that Flush has to emit; those of a window only if
// they counted something, and that one begins anew.
func (c *counter) begin() {
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
func (c *counter) flush(r *Runtime, now int64, n int) int {
	m := &r.emitted
	n = min(n, len(c.due))
	for _, s := range c.due[:n] {
		*m = model.Metric{Name: c.name, Tags: append(m.Tags[:0], s.tags...), Fields: append(m.Fields[:0], c.fieldOf(s)), Time: now}
		m.Type = c.valueType()
		c.script.stats.Emitted++
		r.host.Emit(m)
		s.dirty = false
	}
	if c.due = c.due[n:]; len(c.due) == 0 {
		c.due = nil
	}
	return n
}

func (c *counter) fieldOf(s *series) model.MetricField {
	switch {
	case c.gauge:
		return model.MetricField{Key: "value", Value: s.value}
	case c.window:
		return model.MetricField{Key: "count", Value: toInt(s.value)}
	}
	return model.MetricField{Key: "total", Value: toInt(s.value)}
}

func (c *counter) valueType() model.ValueType {
	switch {
	case c.gauge:
		return model.Gauge
	case c.window:
		return model.Untyped
	}
	return model.Counter
}
