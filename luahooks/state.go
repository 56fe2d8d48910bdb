package luahooks

import (
	"cmp"
	"fmt"
	"math"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/arg"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"telegraf-rtnetlink/luahooks/internal/state"
)

const defaultMaxState = 100_000

// stateLib is nl.state.
type stateLib struct {
	in        *instance
	states    map[string]*stateUse // that this instance named
	stateMeta *lua.LTable
}

// stateUse is an nl.state of an instance. Its options take effect when the
// instance does: loading may yet fail.
type stateUse struct {
	m       *state.Map
	options state.Options
}

func maxState(c *Config) int { return cmp.Or(c.MaxState, defaultMaxState) }

// apiState is nl.state(name, {max = …, ttl = seconds, persist = true}).
func (lib *stateLib) apiState(L *lua.LState) int {
	name := arg.Name(L, 1)
	if lib.states[name] == nil {
		use := &stateUse{options: state.Options{Max: maxState(lib.in.cfg)}}
		if L.Get(2) != lua.LNil {
			if err := use.read(lua51.ReadTable(L, 2)); err != nil {
				L.ArgError(2, err.Error())
			}
		}
		if use.options.Persist && !lib.in.rt.keeps() {
			L.RaiseError("nl.state: %s: persist = true needs a place to keep it: set state_file in [[inputs.rtnetlink]]", name)
		}
		if use.m = lib.in.script.states.Get(name); use.m == nil {
			L.RaiseError("nl.state: %s: over %d maps; use one with longer keys", name, state.MaxMaps)
		}
		if use.m.IsNew() || lib.in.ready {
			use.apply() // a new map, which nobody else uses, or the script is in use
			use.m.Restore()
		}
		lib.states[name] = use
	}
	L.Push(lib.stateValue(lib.states[name].m))
	return 1
}

func (u *stateUse) read(t *lua.LTable) error {
	o := &u.options
	return lua51.EachPair(t, func(k, v lua.LValue) error {
		n, isNumber := v.(lua.LNumber)
		switch key := k.String(); key {
		case "max":
			if !isNumber || n < 1 || n > lua.LNumber(o.Max) {
				return fmt.Errorf("max: want a number from 1 to %d (the option max_state)", o.Max)
			}
			o.Max = int(n)
		case "ttl":
			ttl, err := arg.Seconds(v)
			if err != nil {
				return fmt.Errorf("ttl: %w", err)
			}
			o.TTL = ttl
		case "persist":
			o.Persist = lua.LVAsBool(v)
		default:
			return fmt.Errorf("there is no option %q; there are: max, ttl, persist", key)
		}
		return nil
	})
}

func (u *stateUse) apply() { u.m.SetOptions(u.options) }

// commitStates makes the options of a new instance count. Maps that it has not
// named yet stay: a hook may name them later. They are the first to give way.
func (s *script) commitStates() {
	s.states.Unname()
	for _, use := range s.in.keeps.states {
		use.apply()
	}
}

// keeps reports whether there is a place for what shall survive a restart.
func (r *Runtime) keeps() bool { return r.file != nil || !r.opts.Forgets }

// stateValue is the value that a script has for a map.
func (lib *stateLib) stateValue(m *state.Map) lua.LValue {
	return &lua.LUserData{Value: m, Metatable: lib.stateMeta}
}

// make makes the metatable of maps.
func (lib *stateLib) make(in *instance) {
	lib.in, lib.states = in, map[string]*stateUse{}
	methods := map[string]lua.LGFunction{}
	for name, fn := range map[string]func(*lua.LState, *state.Map) int{
		"get": lib.stGet, "set": lib.stSet, "swap": lib.stSwap, "del": lib.stDel, "incr": lib.stIncr,
		"len": lib.stLen, "each": lib.stEach, "hits": lib.stHits, "clear": lib.stClear,
	} {
		methods[name] = func(L *lua.LState) int {
			if ud, ok := L.Get(1).(*lua.LUserData); ok {
				if m, ok := ud.Value.(*state.Map); ok {
					return fn(L, m)
				}
			}
			L.ArgError(1, "a map of nl.state expected (call it as map:"+name+"(…))")
			return 0
		}
	}
	lib.stateMeta = lib.in.MethodTable("a map of nl.state", methods)
}

// stateKey returns argument 2 as a key.
func stateKey(L *lua.LState) string {
	key := arg.Tag(L, 2)
	if key == "" || len(key) > state.MaxKey {
		L.ArgError(2, fmt.Sprintf("a key of 1 to %d bytes expected", state.MaxKey))
	}
	return key
}

// stateData returns argument n as a value.
func stateData(L *lua.LState, n int) lua.LValue {
	v := L.Get(n)
	switch s := v.(type) {
	case lua.LString:
		if len(s) > state.MaxValue {
			L.ArgError(n, fmt.Sprintf("a string of at most %d bytes expected", state.MaxValue))
		}
	case lua.LNumber:
		if math.IsNaN(float64(s)) {
			L.ArgError(n, "NaN is no value to keep")
		}
	case lua.LBool, *lua.LNilType:
	default:
		L.ArgError(n, "string, number, boolean or nil expected, got "+lua51.TypeOf(v))
	}
	return v
}

func (lib *stateLib) stGet(L *lua.LState, m *state.Map) int {
	if e := m.Find(stateKey(L)); e != nil {
		L.Push(e.Value)
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

func (lib *stateLib) stSet(L *lua.LState, m *state.Map) int {
	lib.store(m, stateKey(L), stateData(L, 3))
	return 0
}

func (lib *stateLib) stSwap(L *lua.LState, m *state.Map) int {
	L.Push(lib.store(m, stateKey(L), stateData(L, 3)))
	return 1
}

// store sets a key, nil removes it. It returns the old value.
func (lib *stateLib) store(m *state.Map, key string, v lua.LValue) lua.LValue {
	old := lua.LNil
	if e := m.Find(key); e != nil {
		old = e.Value
		if v == lua.LNil {
			m.Remove(e)
		}
	}
	if v != lua.LNil {
		m.Set(m.Touch(key), v)
	}
	return old
}

func (lib *stateLib) stDel(L *lua.LState, m *state.Map) int {
	L.Push(lib.store(m, stateKey(L), lua.LNil))
	return 1
}

// stIncr adds to a number, which begins at 0, and returns the sum.
func (lib *stateLib) stIncr(L *lua.LState, m *state.Map) int {
	key, by := stateKey(L), float64(L.OptNumber(3, 1))
	e := m.Touch(key)
	sum := by
	switch old := e.Value.(type) {
	case lua.LNumber:
		sum += float64(old)
	case *lua.LNilType:
	default:
		L.RaiseError("incr: the value of %q is a %s", key, lua51.TypeOf(old))
	}
	if math.IsNaN(sum) {
		L.ArgError(3, "NaN is no value to keep")
	}
	m.Set(e, lib.in.rt.box.Float(sum))
	L.Push(e.Value)
	return 1
}

func (lib *stateLib) stLen(L *lua.LState, m *state.Map) int {
	L.Push(lib.in.rt.box.Int(int64(m.Len())))
	return 1
}

// stEach iterates over the keys that there are now; those removed meanwhile
// are left out.
func (lib *stateLib) stEach(L *lua.LState, m *state.Map) int {
	keys, i, size := m.Keys(), 0, 0
	for _, key := range keys {
		size += 16 + len(key)
	}
	L.Push(lua51.Holding(L, held(size), func(L *lua.LState) int {
		for ; i < len(keys); i++ {
			if v := m.Get(keys[i]); v != lua.LNil {
				i++
				L.Push(lua.LString(keys[i-1]))
				L.Push(v)
				return 2
			}
		}
		return 0
	}))
	return 1
}

// stHits counts one for a key and returns how many there were in the last seconds.
func (lib *stateLib) stHits(L *lua.LState, m *state.Map) int {
	key := stateKey(L)
	length, err := arg.Seconds(L.Get(3))
	if err != nil {
		L.ArgError(3, err.Error())
	}
	L.Push(lib.in.rt.box.Int(int64(m.Hit(m.Touch(key), length))))
	return 1
}

func (lib *stateLib) stClear(_ *lua.LState, m *state.Map) int {
	m.Clear()
	return 0
}
