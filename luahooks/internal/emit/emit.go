// Package emit makes the metrics of scripts: single ones, counters and gauges. What a
// database keeps for ever is bounded and consistent: the types of fields, the values of
// tags.
package emit

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/account"
	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/model"
)

// MaxKinds bounds how many fields a script's metrics can have in all.
const MaxKinds = 10_000

// Host is what a script's metrics need of who runs it.
type Host struct {
	Send   func(*model.Metric)
	Time   func() int64                     // ns since the epoch: of the event being run, otherwise the clock's
	Loaded func(L *lua.LState, call string) // refuses a call while the script loads
	Own    string                           // what the names of its own metrics begin with
}

// Lib is the calls of one Lua state: nl.metric, nl.emit, nl.counter, nl.gauge.
type Lib struct {
	host     Host
	st       *lua51.State
	kept     *Kept
	counters []*Counter // that the state named
}

// NewLib returns the calls of a Lua state.
func NewLib(st *lua51.State, k *Kept, h Host) *Lib { return &Lib{host: h, st: st, kept: k} }

// emitter is a metric declared with nl.metric.
type emitter struct {
	lib    *Lib
	metric model.Metric // reused for each call
	tags   []string
	sets   []*tagSet
	fields []string
	kinds  []*Kind
}

// Metric is nl.metric(name, {tags}, {fields}); it returns a function that
// takes the values in that order.
func (lib *Lib) Metric(L *lua.LState) int {
	name := lib.measurement(L)
	e := &emitter{lib: lib, metric: model.Metric{Name: strings.Clone(name)}, tags: names(L, 2)}
	for _, key := range e.tags {
		e.sets = append(e.sets, lib.kept.tagSet(name, key))
	}
	for _, field := range names(L, 3) {
		key, kind, err := SplitKind(field)
		if err != nil {
			L.ArgError(3, err.Error())
		}
		e.fields = append(e.fields, key)
		e.kinds = append(e.kinds, lib.Kind(L, name, key, kind))
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
	t := lua51.ReadTable(L, n)
	var out []string
	for i := 1; i <= t.Len(); i++ {
		s, ok := t.RawGetInt(i).(lua.LString)
		if err := arg.NameError(string(s)); !ok || err != nil {
			L.ArgError(n, fmt.Sprintf("want a list of names of 1 to %d bytes in UTF-8, without control characters; element %d is %s", arg.MaxName, i, arg.Shown(t.RawGetInt(i))))
		}
		if len(out) >= MaxFields {
			L.ArgError(n, fmt.Sprintf("over %d names", MaxFields))
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

// Kind returns the type of a field, which may get decided by its first value.
func (lib *Lib) Kind(L *lua.LState, metric, field string, declared Kind) *Kind {
	id := metric + "\x00" + field
	k := lib.kept.kinds[id]
	if k == nil {
		if len(lib.kept.kinds) >= MaxKinds || !lib.kept.account.Take(len(id)+account.Overhead) {
			L.RaiseError("%s: field %q is one too many: names of fields are for ever in a database (%d so far, %d at most)",
				metric, field, len(lib.kept.kinds), MaxKinds)
		}
		k = new(Kind)
		lib.kept.kinds[id] = k
	}
	if declared != Any {
		if *k != Any && *k != declared {
			L.RaiseError("%s: field %s is %s since its first value, and databases refuse another type than that; declare it as %q, or choose another name",
				metric, field, *k, field+":"+k.suffix())
		}
		*k = declared
	}
	return k
}

// emit takes the tags' and then the fields' values.
func (e *emitter) emit(L *lua.LState) int {
	e.lib.host.Loaded(L, e.metric.Name)
	m := &e.metric
	m.Tags, m.Fields = m.Tags[:0], m.Fields[:0]
	for i, key := range e.tags {
		if value := arg.Tag(L, i+1); value != "" {
			m.Tags = append(m.Tags, model.Tag{Key: key, Value: e.sets[i].fold(value)})
		}
	}
	for i, key := range e.fields {
		e.lib.addField(L, m, key, L.Get(len(e.tags)+i+1), e.kinds[i])
	}
	if extra := L.GetTop() - len(e.tags) - len(e.fields); extra > 0 {
		L.RaiseError("%s: %d arguments too many; it has the tags %s and the fields %s",
			m.Name, extra, choices.Join(e.tags), choices.Join(e.fields))
	}
	e.lib.send(L, m)
	return 0
}

// Emit is nl.emit(name, {tag = value}, {field = value}): the free form.
func (lib *Lib) Emit(L *lua.LState) int {
	lib.host.Loaded(L, "nl.emit")
	m := &model.Metric{Name: lib.measurement(L)}
	if L.Get(2) != lua.LNil {
		lib.emitTags(L, m, lua51.ReadTable(L, 2))
	}
	err := lua51.EachPair(lua51.ReadTable(L, 3), func(k, v lua.LValue) error {
		key, kind, err := SplitKind(k.String())
		if err == nil {
			err = arg.NameError(key)
		}
		if err == nil {
			lib.addField(L, m, key, v, lib.Kind(L, m.Name, key, kind))
		}
		return err
	})
	if err != nil {
		L.ArgError(3, err.Error())
	}
	lib.send(L, m)
	return 0
}

func (lib *Lib) emitTags(L *lua.LState, m *model.Metric, t *lua.LTable) {
	_ = lua51.EachPair(t, func(k, v lua.LValue) error {
		L.Push(v)
		value := arg.Tag(L, L.GetTop())
		L.Pop(1)
		key := k.String()
		if err := arg.NameError(key); err != nil {
			L.ArgError(2, err.Error())
		}
		if value != "" && len(m.Tags) < MaxFields {
			m.Tags = append(m.Tags, model.Tag{Key: key, Value: lib.kept.Fold(m.Name, key, value)})
		}
		return nil
	})
}

// addField adds a field to a metric; nil is left out.
func (lib *Lib) addField(L *lua.LState, m *model.Metric, key string, v lua.LValue, kind *Kind) {
	if v == lua.LNil {
		return
	}
	value, err := kind.Convert(v)
	if err != nil {
		L.RaiseError("%s: field %s: %s", m.Name, key, err.Error())
	}
	for i := range m.Fields {
		if m.Fields[i].Key == key {
			L.RaiseError("%s: field %s is there twice", m.Name, key)
		}
	}
	if len(m.Fields) >= MaxFields {
		L.RaiseError("%s: over %d fields", m.Name, MaxFields)
	}
	m.Fields = append(m.Fields, model.MetricField{Key: key, Value: value})
}

// MaxFields bounds the tags, and the fields, of one metric: what outputs and databases
// take.
const MaxFields = 256

// measurement returns argument 1, the name of a script's own metric.
func (lib *Lib) measurement(L *lua.LState) string {
	name := arg.Name(L, 1)
	NotOurs(L, 1, name, lib.host.Own)
	return name
}

// NotOurs refuses the names of the host's own metrics, for argument n.
func NotOurs(L *lua.LState, n int, name, own string) {
	if own != "" && strings.HasPrefix(name, own) {
		L.ArgError(n, fmt.Sprintf("%q: names that begin with %s are the plugin's own, and readers of the stream rely on them; choose another one", arg.Clip(name), own))
	}
}

// send gives a metric to the host.
func (lib *Lib) send(L *lua.LState, m *model.Metric) {
	if len(m.Fields) == 0 {
		L.RaiseError("%s: no field has a value", m.Name)
	}
	m.Time = lib.host.Time()
	lib.kept.Emitted++
	lib.host.Send(m)
}
