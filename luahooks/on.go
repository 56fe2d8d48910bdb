package luahooks

import (
	"errors"
	"fmt"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/compile"
	"telegraf-rtnetlink/luahooks/internal/emit"
	"telegraf-rtnetlink/luahooks/internal/event"
	"telegraf-rtnetlink/luahooks/internal/filter"
	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// hookLib is nl.on.
type hookLib struct {
	in         *instance
	hooks      []*hook
	handleMeta *lua.LTable
}

// apiOn is nl.on(object, [filter,] action).
func (lib *hookLib) apiOn(L *lua.LState) int {
	if v := L.Get(1); v.Type() != lua.LTString {
		L.RaiseError("nl.on: want the name of an object first, as in nl.on(\"link\", …) with a dot, got a %s", lua51.TypeOf(v))
	}
	name := L.CheckString(1)
	h := &hook{in: lib.in, object: name, at: calledFrom(L)}
	h.stats.Object, h.stats.File, h.stats.Line = name, h.at.File, h.at.Line
	if len(lib.hooks) >= maxHooks {
		L.RaiseError("nl.on: over %d hooks in one script", maxHooks)
	}
	last := L.GetTop()
	if last < 2 || last > 3 {
		L.RaiseError("nl.on: want (object, function) or (object, filter, function), got %d arguments", last)
	}
	if err := lib.bind(h, name, L.Get(2), L.Get(last), last == 3); err != nil {
		L.RaiseError("nl.on: %s", err.Error())
	}
	if last == 3 {
		h.held = heldBy(lua51.TableOf(L.Get(2)))
	}
	lib.hooks = append(lib.hooks, h)
	lib.in.rt.changed = true
	L.Push(lib.handle(func() { h.off = true; lib.in.rt.changed = true }))
	return 1
}

// heldBy is about what a filter takes, in bytes: lists may be long.
func heldBy(t *lua.LTable) (n int) {
	_ = lua51.EachPair(t, func(_, v lua.LValue) error {
		n += 32
		if s, ok := v.(lua.LString); ok {
			n += len(s)
		} else if list := lua51.TableOf(v); list != nil {
			n += heldBy(list)
		}
		return nil
	})
	return n
}

// bind fills in what a hook is for and what it does.
func (lib *hookLib) bind(h *hook, name string, filterArg, fn lua.LValue, filtered bool) error {
	if name == gatherName {
		return lib.in.readings.bindGather(h, filterArg, fn, filtered)
	}
	if isMoment(name) {
		f, ok := fn.(*lua.LFunction)
		if !ok || filtered {
			return fmt.Errorf("%s takes a function and no filter", name)
		}
		h.moment = f
		return nil
	}
	classes := lib.in.rt.schema.All()
	if name != "*" {
		i, ok := lib.in.rt.schema.ByName[name]
		if !ok {
			return fmt.Errorf(`there is no %q; there are: *, %s, %s`, name,
				choices.Join(lib.in.rt.schema.ObjectNames()), choices.Join(append(momentNames(), gatherName)))
		}
		classes = []int{i}
	}
	if err := lib.bindFilter(h, classes, filterArg, filtered); err != nil {
		return err
	}
	if filtered {
		lib.adviseWords(h, lua51.TableOf(filterArg))
	}
	return lib.bindActions(h, fn)
}

func (lib *hookLib) bindFilter(h *hook, classes []int, arg lua.LValue, filtered bool) error {
	var t *lua.LTable
	if filtered {
		if t = lua51.TableOf(arg); t == nil {
			return fmt.Errorf("the filter is a %s, want a table such as {action = \"delete\"}", lua51.TypeOf(arg))
		}
	}
	var failed error
	for _, i := range classes {
		var f filter.Filter
		if t != nil {
			var err error
			if f, err = filter.Parse(lib.in.rt.schema, t, i, true); err != nil {
				failed = preferred(failed, err)
				continue
			}
		}
		h.filters = append(h.filters, classFilter{i, f})
	}
	if len(h.filters) > 0 {
		return nil
	}
	var unknown *filter.UnknownKey
	if len(classes) > 1 && errors.As(failed, &unknown) {
		return fmt.Errorf("filter: no object has %q; %s", unknown.Key,
			choices.There(unknown.Key, append(slices.Clone(filter.EventKeys), lib.in.rt.schema.FieldNames(classes)...)))
	}
	return failed
}

// preferred returns the more useful of the errors that a filter on "*" has
// for two classes: a wrong value says more than a key that the other class has.
func preferred(a, b error) error {
	var unknown *filter.UnknownKey
	if a == nil || errors.As(a, &unknown) && !errors.As(b, &unknown) {
		return b
	}
	return a
}

// adviseWords advises on texts of a filter that look like patterns and are none.
func (lib *hookLib) adviseWords(h *hook, t *lua.LTable) {
	filter.ForeignWords(t, func(key, word string) {
		lib.in.advise(h.at, fmt.Sprintf("filter: %s = %q is that text: only * and ? stand for others; several are a list, {\"eth0\", \"wlan*\"}", key, word))
	})
}

// bindActions reads a function, a native action, or a list of them.
func (lib *hookLib) bindActions(h *hook, v lua.LValue) error {
	t, ok := v.(*lua.LTable)
	if !ok {
		return lib.bindAction(h, v)
	}
	if t.Len() == 0 {
		return errors.New("the list of actions is empty")
	}
	for i := 1; i <= t.Len(); i++ {
		if err := lib.bindAction(h, t.RawGetInt(i)); err != nil {
			return err
		}
	}
	return nil
}

func (lib *hookLib) bindAction(h *hook, v lua.LValue) error {
	switch v := v.(type) {
	case *lua.LFunction:
		if v.IsG {
			return errors.New("the action is a library function, want a function of the script")
		}
		h.steps = append(h.steps, action{fn: lib.bindLua(h, v)})
		return nil
	case *lua.LUserData:
		switch a := v.Value.(type) {
		case action:
			h.steps = append(h.steps, a)
			return nil
		case *emit.By:
			bound, err := a.Bind(lib.in.rt.schema, h.object, h.classes())
			h.steps = append(h.steps, action{counter: bound})
			return err
		}
	}
	return fmt.Errorf("the action is a %s, want a function, nl.DROP, nl.KEEP, counter:by(…) or a list of these", lua51.TypeOf(v))
}

// bindLua prepares a function's hidden arguments for each class of the hook.
func (lib *hookLib) bindLua(h *hook, fn *lua.LFunction) *luaAction {
	hid := compile.HiddenOf(fn.Proto)
	a := &luaAction{fn: fn, escapes: hid.Escapes, sources: make([][]event.Source, len(lib.in.rt.schema.Objects))}
	if h.object != gatherName && !hid.Projected && len(fn.Proto.DbgLocals) > 0 && fn.Proto.NumParameters > 0 {
		lib.in.advise(h.at, "this hook reads its event the slow way (about 0.5 µs): give nl.on the function itself, "+
			"or a local function that is used for nothing else")
	}
	unfiltered := false
	for _, f := range h.filters {
		a.sources[f.object] = lib.sources(hid, f.object)
		unfiltered = unfiltered || len(f.filter) == 0
	}
	if unfiltered {
		lib.in.advise(h.at, "this hook has no filter: Lua runs for every event of "+h.object)
	}
	return a
}

// sources says what to pass to a function behind the event.
func (lib *hookLib) sources(hid compile.Hidden, object int) []event.Source {
	sources := make([]event.Source, 0, hid.Extra+len(hid.Names))
	for range hid.Extra {
		sources = append(sources, event.Fixed(lua.LNil))
	}
	for _, name := range hid.Names {
		g, field := compile.SplitHidden(name)
		sources = append(sources, event.NewSource(lib.in.rt.schema, lib.in.events.methods, object, g, field))
	}
	return sources
}

// ender is the value behind a handle: what its method ends.
type ender func()

// handle returns a value with the methods off and cancel, which end something.
func (lib *hookLib) handle(end func()) lua.LValue {
	if lib.handleMeta == nil {
		method := func(L *lua.LState) int {
			ud, _ := L.Get(1).(*lua.LUserData)
			if ud == nil {
				ud = &lua.LUserData{}
			}
			end, ok := ud.Value.(ender)
			if !ok {
				L.ArgError(1, "handle expected (call it as handle:off() or handle:cancel())")
			}
			end()
			return 0
		}
		lib.handleMeta = lib.in.MethodTable("a handle", map[string]lua.LGFunction{"off": method, "cancel": method})
	}
	return &lua.LUserData{Value: ender(end), Metatable: lib.handleMeta}
}

// calledFrom returns the place that called the running Go function.
func calledFrom(L *lua.LState) compile.Place {
	d, ok := L.GetStack(1)
	if !ok {
		return compile.Place{File: "?"}
	}
	if _, err := L.GetInfo("Sl", d, lua.LNil); err != nil || d.CurrentLine <= 0 {
		return compile.Place{File: "?"} // called by another Go function, such as pcall
	}
	return compile.Place{File: d.Source, Line: lua51.Line(d.CurrentLine)}
}
