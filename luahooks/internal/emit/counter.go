package emit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/account"
	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/model"
)

// DefaultSeries bounds the series of one counter or gauge; what is over it is
// counted in one series whose tags are all "other".
const DefaultSeries = 1000

// MaxCounters bounds the counters and gauges of a script.
const MaxCounters = 1000

// Counter is an nl.counter or nl.gauge: numbers by tags, summed natively and
// emitted at each Flush.
type Counter struct {
	kept   *Kept
	name   string
	tags   []string
	Gauge  bool // not a counter
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

// Counter is nl.counter(name, {tags}, {max = …, per_interval = …}).
func (lib *Lib) Counter(L *lua.LState) int { return lib.newCounter(L, false) }

// Gauge is nl.gauge, like Counter.
func (lib *Lib) Gauge(L *lua.LState) int { return lib.newCounter(L, true) }

func (lib *Lib) newCounter(L *lua.LState, gauge bool) int {
	c := &Counter{
		kept: lib.kept, name: lib.measurement(L), tags: names(L, 2), Gauge: gauge,
		max: DefaultSeries, series: map[string]*series{},
	}
	if L.Get(3) != lua.LNil {
		if err := c.options(lua51.ReadTable(L, 3)); err != nil {
			L.ArgError(3, err.Error())
		}
	}
	old := lib.kept.counters[c.name]
	switch {
	case old != nil && old.sameAs(c):
		c = old // the numbers go on after a reload
	case old != nil:
		lib.kept.account.Give(old.held)
	case len(lib.kept.counters) >= MaxCounters:
		L.RaiseError("%s: over %d counters and gauges", c.name, MaxCounters)
	}
	lib.kept.counters[c.name] = c
	if !slices.Contains(lib.counters, c) {
		lib.counters = append(lib.counters, c)
	}
	what := "a counter"
	if gauge {
		what = "a gauge"
	}
	L.Push(&lua.LUserData{Value: c, Metatable: lib.st.MethodTable(what, c.Methods())})
	return 1
}

// Commit forgets the counters that the state in use, which is lib's, did not name.
func (k *Kept) Commit(lib *Lib) {
	for name, c := range k.counters {
		if !slices.Contains(lib.counters, c) {
			k.account.Give(c.held)
			delete(k.counters, name)
		}
	}
}

func (c *Counter) options(t *lua.LTable) error {
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

func (c *Counter) sameAs(o *Counter) bool {
	return c.Gauge == o.Gauge && c.window == o.window && c.max == o.max && slices.Equal(c.tags, o.tags)
}

// Methods are what a script can call, by name.
func (c *Counter) Methods() map[string]lua.LGFunction {
	m := map[string]lua.LGFunction{
		"inc": func(L *lua.LState) int {
			by := finite(L, 2, float64(L.OptNumber(2, 1)))
			if !c.Gauge && by < 0 {
				L.ArgError(2, "a counter only goes up; use nl.gauge")
			}
			c.argSeries(L, 3).change(by)
			return 0
		},
	}
	if c.Gauge {
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
func (c *Counter) argKey(L *lua.LState, n int) []byte {
	c.key = c.key[:0]
	for i := range c.tags {
		if i > 0 {
			c.key = append(c.key, keySeparator...)
		}
		c.key = append(c.key, arg.Clean(arg.Tag(L, n+i))...)
	}
	if extra := L.GetTop() - (n - 1 + len(c.tags)); extra > 0 {
		L.RaiseError("%s: %d arguments too many; its tags are: %s", c.name, extra, choices.Join(c.tags))
	}
	return c.key
}

func (c *Counter) argSeries(L *lua.LState, n int) *series { return c.at(c.argKey(L, n)) }

// at returns the series of a key.
func (c *Counter) at(key []byte) *series {
	if s := c.series[string(key)]; s != nil {
		return s
	}
	values := strings.Split(string(key), keySeparator)
	size := seriesSize(key, len(values))
	if len(c.order) >= c.max || slices.ContainsFunc(values, func(v string) bool { return len(v) > MaxTagLen }) || !c.take(size) {
		c.kept.TagsFolded++
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

func (c *Counter) take(n int) bool {
	if !c.kept.account.Take(n) {
		return false
	}
	c.held += n
	return true
}

func (c *Counter) give(n int) {
	c.kept.account.Give(n)
	c.held -= n
}

func (c *Counter) add(values []string) *series {
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

func (c *Counter) remove(key []byte) {
	if s := c.series[string(key)]; s != nil {
		c.give(min(c.held, seriesSize(key, len(c.tags))))
		delete(c.series, string(key))
		c.order = slices.DeleteFunc(c.order, func(o *series) bool { return o == s })
	}
}
