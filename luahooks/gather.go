package luahooks

import (
	"errors"
	"fmt"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/filter"
	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// gatherName is what nl.on calls the gauges and counters of the host.
const gatherName = "gather"

// Reading is one gauge or counter of the host's own, before it is sent. Hooks
// change its tags.
type Reading struct {
	Measurement string
	Tags        map[string]string
	Fields      map[string]any // float64, int64, string or bool
}

// readingTest is one condition of a filter on "gather": of the measurement, or
// of a tag.
type readingTest struct {
	key   string
	match *filter.Words // nil: whether the tag is there
	has   bool          // of a nil match
}

func (t *readingTest) holds(m *Reading) bool {
	value := m.Tags[t.key]
	if t.key == "measurement" {
		value = m.Measurement
	}
	if t.match == nil {
		return (value != "") == t.has
	}
	return t.match.Has(value)
}

// gatherLib is the hooks on the plugin's own gauges.
type gatherLib struct {
	in          *instance
	readingMeta *lua.LTable
}

// bindGather is bind for "gather".
func (lib *gatherLib) bindGather(h *hook, filterArg, fn lua.LValue, filtered bool) error {
	if filtered {
		t := lua51.TableOf(filterArg)
		if t == nil {
			return fmt.Errorf(`the filter is a %s, want a table such as {measurement = "rtnetlink_interface"}`, lua51.TypeOf(filterArg))
		}
		err := lua51.EachPair(t, func(k, v lua.LValue) error {
			key, ok := k.(lua.LString)
			if !ok {
				return fmt.Errorf("filter: the key %s is no name; write {tag = value}", k.String())
			}
			if b, ok := v.(lua.LBool); ok {
				h.tests = append(h.tests, readingTest{key: string(key), has: bool(b)})
				return nil
			}
			w, err := filter.ParseWords(string(key), v)
			h.tests = append(h.tests, readingTest{key: string(key), match: w})
			return err
		})
		if err != nil {
			return err
		}
		lib.in.registry.adviseWords(h, t)
	}
	if err := lib.in.registry.bindActions(h, fn); err != nil {
		return err
	}
	if slices.ContainsFunc(h.steps, func(a action) bool { return a.counter != nil }) {
		return errors.New("counter:by counts events, not gauges")
	}
	return nil
}

// Gathers reports whether a script has a hook on "gather". If none does, Gather
// does nothing and need not be called.
func (r *Runtime) Gathers() bool {
	r.settle()
	return len(r.gathers) > 0
}

// Gather runs the hooks on one reading, which they may tag, and reports whether
// it is sent.
func (r *Runtime) Gather(m *Reading) (keep bool) {
	if len(r.gathers) == 0 {
		return true
	}
	if r.watch.depth == 0 {
		r.Begin()
		defer r.End()
	}
	r.reading = m
	r.readings++
	defer func() { r.reading = nil }()
	for _, g := range r.gathers {
		switch {
		case slices.ContainsFunc(g.tests, func(t readingTest) bool { return !t.holds(m) }):
			g.stats.Filtered++
		case g.off || g.in.idle():
		case !r.runGather(g):
			g.stats.Dropped++
			return false
		}
	}
	return true
}

func (r *Runtime) runGather(h *hook) bool {
	h.stats.Calls++
	for i := range h.steps {
		a := &h.steps[i]
		if a.drop {
			return false
		}
		if a.fn == nil || h.in.broken != nil {
			continue
		}
		in := h.in
		in.L.Push(a.fn.fn)
		in.L.Push(&lua.LUserData{Value: readingRef(r.readings), Metatable: in.readings.readingMeta})
		in.spent, in.serial = 0, 0
		if err := in.sharedCall(&r.waiting, 1, 1); err != nil {
			if !r.hookFailed(h, err) {
				return false
			}
		} else if !r.verdict(h, in.pop()) {
			return false
		}
	}
	return true
}

// readingRef is the Value of what hooks on "gather" get: the number of the
// reading that it is good for.
type readingRef uint64

// make makes the metatable of readings.
func (lib *gatherLib) make(in *instance) {
	lib.in = in
	methods := map[string]lua.LValue{}
	for name, fn := range map[string]func(*lua.LState, *Reading) int{
		"get_tag": readTag, "get_field": lib.readField, "tag": lib.setReadingTag,
	} {
		methods[name] = lib.in.L.NewFunction(func(L *lua.LState) int { return fn(L, lib.readingOf(L)) })
	}
	lib.readingMeta = lib.in.L.CreateTable(0, 2)
	lib.readingMeta.RawSetString("__index", lib.in.L.NewFunction(func(L *lua.LState) int {
		m, name := lib.readingOf(L), L.CheckString(2)
		if method, ok := methods[name]; ok {
			L.Push(method)
			return 1
		}
		if name != "measurement" {
			L.RaiseError("a reading has no %q; there are: measurement, get_tag, get_field, tag", name)
		}
		L.Push(lib.in.rt.box.String(m.Measurement))
		return 1
	}))
	lib.readingMeta.RawSetString("__newindex", lib.in.L.NewFunction(func(L *lua.LState) int {
		L.RaiseError("cannot set %q of a reading: use m:tag(name, value)", L.Get(2).String())
		return 0
	}))
}

// readingOf checks that argument 1 is the reading that is being run.
func (lib *gatherLib) readingOf(L *lua.LState) *Reading {
	ud, ok := L.Get(1).(*lua.LUserData)
	if ok {
		if ref, ok := ud.Value.(readingRef); ok {
			if lib.in.rt.reading == nil || uint64(ref) != lib.in.rt.readings {
				L.RaiseError("this reading is over: it can only be used in the hook that it is given to")
			}
			return lib.in.rt.reading
		}
	}
	L.ArgError(1, "reading expected (call methods as m:name())")
	return nil
}

func readTag(L *lua.LState, m *Reading) int {
	pushTag(L, m.Tags[arg.Name(L, 2)])
	return 1
}

func pushTag(L *lua.LState, value string) {
	if value == "" {
		L.Push(lua.LNil)
	} else {
		L.Push(lua.LString(value))
	}
}

func (lib *gatherLib) readField(L *lua.LState, m *Reading) int {
	L.Push(lib.in.ToLua(m.Fields[arg.Name(L, 2)], false))
	return 1
}

func (lib *gatherLib) setReadingTag(L *lua.LState, m *Reading) int {
	key, value := arg.Name(L, 2), arg.Tag(L, 3)
	if value == "" {
		delete(m.Tags, key)
		return 0
	}
	m.Tags[key] = lib.in.script.metrics.Fold(m.Measurement, key, value)
	return 0
}
