package luahooks

import (
	"fmt"
	"math"
	"strings"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/account"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/model"

	lua "github.com/yuin/gopher-lua"
)

// fieldKind is the type of a field of a script's metrics. A field keeps its
// type for ever: databases refuse another one.
type fieldKind uint8

const (
	kindAny fieldKind = iota // not decided yet
	kindFloat
	kindInt
	kindString
	kindBool
)

var kindNames = map[string]fieldKind{"float": kindFloat, "int": kindInt, "string": kindString, "bool": kindBool}

func (k fieldKind) String() string {
	return [...]string{"a number, string or boolean", "a number", "an integer", "a string", "a boolean"}[k]
}

// suffix is the kind's word behind a field's name.
func (k fieldKind) suffix() string {
	for word, kind := range kindNames {
		if kind == k {
			return word
		}
	}
	return ""
}

// maxKinds bounds how many fields a script's metrics can have in all.
const maxKinds = 10_000

// metricLib is the metrics of a script: nl.metric, nl.emit, nl.counter, nl.gauge.
type metricLib struct {
	in       *instance
	counters []*counter
}

// emitter is a metric declared with nl.metric.
type emitter struct {
	in     *instance
	metric model.Metric // reused for each call
	tags   []string
	sets   []*tagSet
	fields []string
	kinds  []*fieldKind
}

// apiMetric is nl.metric(name, {tags}, {fields}); it returns a function that
// takes the values in that order.
func (lib *metricLib) apiMetric(L *lua.LState) int {
	name := lib.in.events.checkMeasurement(L, 1)
	e := &emitter{in: lib.in, metric: model.Metric{Name: strings.Clone(name)}, tags: names(L, 2)}
	for _, key := range e.tags {
		e.sets = append(e.sets, lib.in.script.tags.set(name, key))
	}
	for _, field := range names(L, 3) {
		key, kind, err := splitKind(field)
		if err != nil {
			L.ArgError(3, err.Error())
		}
		e.fields = append(e.fields, key)
		e.kinds = append(e.kinds, lib.kind(L, name, key, kind))
	}
	if len(e.fields) == 0 {
		L.ArgError(3, "a metric needs at least one field")
	}
	e.metric.Tags = make([]model.Tag, 0, len(e.tags))
	e.metric.Fields = make([]model.MetricField, 0, len(e.fields))
	L.Push(lua51.Holding(L, e, e.emit))
	return 1
}

// Held implements lua51.Holder.
func (e *emitter) Held() int { return 256 + account.Overhead*(len(e.tags)+len(e.fields)) }

// names returns argument n, a list of distinct names.
func names(L *lua.LState, n int) []string {
	if L.Get(n) == lua.LNil {
		return nil
	}
	t := readTable(L, n)
	var out []string
	for i := 1; i <= t.Len(); i++ {
		s, ok := t.RawGetInt(i).(lua.LString)
		if err := nameError(string(s)); !ok || err != nil {
			L.ArgError(n, fmt.Sprintf("want a list of names of 1 to %d bytes in UTF-8, without control characters; element %d is %s", maxNameLen, i, shown(t.RawGetInt(i))))
		}
		if len(out) >= maxFields {
			L.ArgError(n, fmt.Sprintf("over %d names", maxFields))
		}
		out = append(out, strings.Clone(string(s)))
		for _, other := range out[:len(out)-1] {
			if other == string(s) {
				L.ArgError(n, fmt.Sprintf("%q is there twice", other))
			}
		}
	}
	return out
}

// splitKind takes "n:int" apart.
func splitKind(field string) (string, fieldKind, error) {
	key, suffix, ok := strings.Cut(field, ":")
	if !ok {
		return field, kindAny, nil
	}
	kind, known := kindNames[suffix]
	if !known || key == "" {
		return "", 0, fmt.Errorf("%q: a field's type is one of int, float, string, bool, as in \"n:int\"", field)
	}
	return key, kind, nil
}

// kind returns the type of a field, which may get decided by its first value.
func (lib *metricLib) kind(L *lua.LState, metric, field string, declared fieldKind) *fieldKind {
	id := metric + "\x00" + field
	k := lib.in.script.kinds[id]
	if k == nil {
		if len(lib.in.script.kinds) >= maxKinds || !lib.in.script.native.Take(len(id)+account.Overhead) {
			L.RaiseError("%s: field %q is one too many: names of fields are for ever in a database (%d so far, %d at most)",
				metric, field, len(lib.in.script.kinds), maxKinds)
		}
		k = new(fieldKind)
		lib.in.script.kinds[id] = k
	}
	if declared != kindAny {
		if *k != kindAny && *k != declared {
			L.RaiseError("%s: field %s is %s since its first value, and databases refuse another type than that; declare it as %q, or choose another name",
				metric, field, *k, field+":"+k.suffix())
		}
		*k = declared
	}
	return k
}

// emit takes the tags' and then the fields' values.
func (e *emitter) emit(L *lua.LState) int {
	e.in.loaded(L, e.metric.Name)
	m := &e.metric
	m.Tags, m.Fields = m.Tags[:0], m.Fields[:0]
	for i, key := range e.tags {
		if value := tagValue(L, i+1); value != "" {
			m.Tags = append(m.Tags, model.Tag{Key: key, Value: e.sets[i].fold(value)})
		}
	}
	for i, key := range e.fields {
		e.in.metrics.addField(L, m, key, L.Get(len(e.tags)+i+1), e.kinds[i])
	}
	if extra := L.GetTop() - len(e.tags) - len(e.fields); extra > 0 {
		L.RaiseError("%s: %d arguments too many; it has the tags %s and the fields %s",
			m.Name, extra, choices.Join(e.tags), choices.Join(e.fields))
	}
	e.in.metrics.send(L, m)
	return 0
}

// apiEmit is nl.emit(name, {tag = value}, {field = value}): the free form.
func (lib *metricLib) apiEmit(L *lua.LState) int {
	lib.in.loaded(L, "nl.emit")
	m := &model.Metric{Name: lib.in.events.checkMeasurement(L, 1)}
	if L.Get(2) != lua.LNil {
		lib.emitTags(L, m, readTable(L, 2))
	}
	err := lua51.EachPair(readTable(L, 3), func(k, v lua.LValue) error {
		key, kind, err := splitKind(k.String())
		if err == nil {
			err = nameError(key)
		}
		if err == nil {
			lib.addField(L, m, key, v, lib.kind(L, m.Name, key, kind))
		}
		return err
	})
	if err != nil {
		L.ArgError(3, err.Error())
	}
	lib.send(L, m)
	return 0
}

func (lib *metricLib) emitTags(L *lua.LState, m *model.Metric, t *lua.LTable) {
	_ = lua51.EachPair(t, func(k, v lua.LValue) error {
		L.Push(v)
		value := tagValue(L, L.GetTop())
		L.Pop(1)
		key := k.String()
		if err := nameError(key); err != nil {
			L.ArgError(2, err.Error())
		}
		if value != "" && len(m.Tags) < maxFields {
			m.Tags = append(m.Tags, model.Tag{Key: key, Value: lib.in.script.tags.fold(m.Name, key, value)})
		}
		return nil
	})
}

// addField adds a field to a metric; nil is left out.
func (lib *metricLib) addField(L *lua.LState, m *model.Metric, key string, v lua.LValue, kind *fieldKind) {
	if v == lua.LNil {
		return
	}
	value, err := kind.convert(v)
	if err != nil {
		L.RaiseError("%s: field %s: %s", m.Name, key, err.Error())
	}
	for i := range m.Fields {
		if m.Fields[i].Key == key {
			L.RaiseError("%s: field %s is there twice", m.Name, key)
		}
	}
	if len(m.Fields) >= maxFields {
		L.RaiseError("%s: over %d fields", m.Name, maxFields)
	}
	m.Fields = append(m.Fields, model.MetricField{Key: key, Value: value})
}

// Bounds of one metric: what outputs and databases take.
const (
	maxFields   = 256
	maxFieldLen = 64 << 10 // bytes of a text
)

// convert makes a value of the kind, and decides the kind by the first value.
func (k *fieldKind) convert(v lua.LValue) (any, error) {
	switch v := v.(type) {
	case lua.LNumber:
		f := float64(v)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("%s is no value for a field", v.String())
		}
		switch *k {
		case kindAny, kindFloat:
			*k = kindFloat
			return f, nil
		case kindInt:
			return toInt(f), nil
		case kindString:
			return v.String(), nil
		}
	case lua.LString:
		if len(v) > maxFieldLen {
			return nil, fmt.Errorf("a text of %d bytes, at most %d fit", len(v), maxFieldLen)
		}
		if *k == kindAny || *k == kindString {
			*k = kindString
			return strings.Clone(cleanText(string(v))), nil
		}
	case lua.LBool:
		if *k == kindAny || *k == kindBool {
			*k = kindBool
			return bool(v), nil
		}
	}
	if *k == kindAny {
		return nil, fmt.Errorf("want %s, got a %s", *k, luaType(v))
	}
	return nil, fmt.Errorf("it is %s since its first value, and databases refuse another type; got %s", *k, shown(v))
}

// send gives a metric to the host.
func (lib *metricLib) send(L *lua.LState, m *model.Metric) {
	if len(m.Fields) == 0 {
		L.RaiseError("%s: no field has a value", m.Name)
	}
	m.Time = lib.in.rt.eventTime()
	lib.in.script.stats.Emitted++
	w := lib.in.rt.watch
	w.away.Store(true) // while the outputs are behind
	lib.in.rt.host.Emit(m)
	w.away.Store(false)
}

// eventTime is the time of the event being run, otherwise the clock's.
func (r *Runtime) eventTime() int64 {
	if r.cur.Ev != nil {
		return r.cur.Ev.Time()
	}
	return r.now().UnixNano()
}
