package luahooks

import (
	"os"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/library"
)

// api makes the module's read-only table.
func (in *instance) api() lua.LValue {
	t := in.L.NewTable()
	for name, fn := range map[string]lua.LGFunction{
		"on":        in.registry.apiOn,
		"metric":    in.metrics.Metric,
		"emit":      in.metrics.Emit,
		"counter":   in.metrics.Counter,
		"gauge":     in.metrics.Gauge,
		"link":      in.mirrors.apiLink,
		"count":     in.mirrors.apiCount,
		"lookup":    in.mirrors.apiLookup,
		"route":     in.mirrors.apiRoute,
		"neighbor":  in.mirrors.apiNeighbor,
		"netns":     in.apiNetns,
		"hostname":  in.apiHostname,
		"state":     in.keeps.apiState,
		"after":     in.apiAfter,
		"every":     in.apiEvery,
		"exec":      in.apiExec,
		"now":       in.apiNow,
		"monotonic": in.apiMonotonic,
	} {
		t.RawSetString(name, in.L.NewFunction(fn))
	}
	for i, o := range in.rt.schema.Objects {
		if o.Stateless {
			continue
		}
		t.RawSetString(plural(o.Name), in.L.NewFunction(func(L *lua.LState) int { return in.mirrors.apiRows(L, i) }))
	}
	t.RawSetString("DROP", &lua.LUserData{Value: action{drop: true}})
	t.RawSetString("KEEP", &lua.LUserData{Value: action{keep: true}})
	t.RawSetString("log", in.Freeze(in.logLib()))
	for name, lib := range library.Tables(in.State, in.rt.watch, &in.rt.prefixes, in.mirrors.members) {
		t.RawSetString(name, lib)
	}
	return in.Freeze(t)
}

// plural names the function that iterates over a class: links, addresses.
func plural(name string) string {
	if name != "" && name[len(name)-1] == 's' {
		return name + "es"
	}
	return name + "s"
}

// apiNow is nl.now(): seconds since the epoch.
func (in *instance) apiNow(L *lua.LState) int {
	L.Push(lua.LNumber(float64(in.rt.now().UnixNano()) / 1e9))
	return 1
}

// apiMonotonic is nl.monotonic(): seconds on a clock that nobody sets.
func (in *instance) apiMonotonic(L *lua.LState) int {
	L.Push(lua.LNumber(in.rt.elapsed().Seconds()))
	return 1
}

// loaded refuses what a script must not do while it loads: loading may yet
// fail, and then nothing may have happened.
func (in *instance) loaded(L *lua.LState, what string) {
	if !in.ready {
		L.RaiseError(`%s cannot be used while the script loads; put it into nl.on("start", function() … end)`, what)
	}
}

// apiHostname is nl.hostname(): the name of the machine.
func (in *instance) apiHostname(L *lua.LState) int {
	name := in.rt.opts.Hostname
	if name == "" {
		var err error
		if name, err = os.Hostname(); err != nil {
			L.Push(lua.LNil)
			L.Push(lua.LString(err.Error()))
			return 2
		}
	}
	L.Push(lua.LString(name))
	return 1
}

// apiNetns is nl.netns(): the namespaces that are mirrored, as ev.netns spells
// them.
func (in *instance) apiNetns(L *lua.LState) int {
	in.loaded(L, "nl.netns")
	t := L.CreateTable(0, 0)
	for _, name := range in.rt.host.Namespaces() {
		t.Append(lua.LString(name))
	}
	L.Push(t)
	return 1
}
