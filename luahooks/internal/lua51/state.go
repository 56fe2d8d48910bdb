package lua51

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"

	lua "github.com/yuin/gopher-lua"
)

// Sizes of one Lua state. Neither grows: what needs more is an error.
const (
	callStackSize = 200
	registrySize  = 4096
	// maxArrayIndex is where gopher-lua stops filling a table's array part up
	// to the index with nils; higher indexes go to the hash part. The library's
	// own limit lets t[2e7] = 1 allocate a gigabyte.
	maxArrayIndex = 1 << 16
)

func init() { lua.MaxArrayIndex = maxArrayIndex }

// stock holds those functions of gopher-lua's libraries that are safe as they
// are: "name" or "library.name".
var stock = sync.OnceValue(func() map[string]lua.LGFunction {
	L := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer L.Close()
	out := map[string]lua.LGFunction{}
	take := func(open lua.LGFunction, prefix string, names ...string) {
		L.Push(L.NewFunction(open))
		L.Call(0, 1)
		lib := L.Get(-1).(*lua.LTable)
		L.Pop(1)
		for _, name := range names {
			out[prefix+name] = lib.RawGetString(name).(*lua.LFunction).GFunction
		}
	}
	take(lua.OpenBase, "", "error", "pcall", "rawequal", "rawget", "rawset", "select", "tonumber", "tostring")
	take(lua.OpenString, "string.", "byte", "char", "len", "lower", "reverse", "sub", "upper")
	take(lua.OpenTable, "table.", "getn", "insert", "maxn", "remove", "sort")
	take(lua.OpenMath, "math.", "abs", "acos", "asin", "atan", "atan2", "ceil", "cos", "cosh", "deg", "exp",
		"floor", "fmod", "frexp", "ldexp", "log", "log10", "max", "min", "mod", "modf", "pow", "rad", "sin", "sinh",
		"sqrt", "tan", "tanh")
	return out
})

// Names are the global names of the sandbox, all read-only.
var Names = []string{
	"assert", "config", "error", "getmetatable", "ipairs", "math", "next", "pairs", "pcall", "print", "rawequal",
	"rawget", "rawset", "require", "select", "setmetatable", "string", "table", "tonumber", "tostring", "type", "unpack",
}

// Guard limits the time of the running call.
type Guard interface {
	context.Context // gopher-lua asks it before each instruction
	Check()         // asked by functions that loop; panics when the call has to end
}

// Options are what a State gets from its host. All are needed.
type Options struct {
	Guard   Guard
	Box     *Box
	Print   func(L *lua.LState, text string) // print: standard output is not for scripts
	Require lua.LGFunction
	Config  map[string]any // the read-only global config
	Seed    uint64         // of math.random
}

// State is one Lua state with the sandbox's globals. It belongs to one
// goroutine at a time.
type State struct {
	L                     *lua.LState
	Box                   *Box
	guard                 Guard
	print                 func(L *lua.LState, text string)
	matcher               matcher
	ipairsNext, pairsNext *lua.LFunction
}

// New makes a state.
func New(o Options) *State {
	st := &State{Box: o.Box, guard: o.Guard, print: o.Print, matcher: matcher{guard: o.Guard}}
	st.L = lua.NewState(lua.Options{
		SkipOpenLibs:  true,
		CallStackSize: callStackSize,
		RegistrySize:  registrySize,
	})
	st.L.SetContext(o.Guard)
	st.ipairsNext = st.L.NewFunction(st.ipairsStep)
	st.pairsNext = st.L.NewFunction(st.pairsStep)
	for name, fn := range st.baseLib(o.Require) {
		st.L.SetGlobal(name, st.L.NewFunction(fn))
	}
	stringLib := st.library("string.", st.stringLib())
	st.L.SetGlobal("string", st.Freeze(stringLib))
	st.L.SetGlobal("table", st.Freeze(st.library("table.", map[string]lua.LGFunction{"concat": st.tableConcat})))
	st.L.SetGlobal("math", st.Freeze(st.mathLib(o.Seed)))
	methods := st.L.NewTable()
	methods.RawSetString("__index", stringLib)
	st.L.SetMetatable(Empty, methods)
	st.L.SetGlobal("config", st.ToLua(o.Config, true))
	return st
}

func (st *State) baseLib(require lua.LGFunction) map[string]lua.LGFunction {
	fns := map[string]lua.LGFunction{
		"assert":       baseAssert,
		"getmetatable": baseGetMetatable,
		"ipairs":       st.baseIpairs,
		"next":         st.baseNext,
		"pairs":        st.basePairs,
		"print":        st.basePrint,
		"require":      require,
		"setmetatable": baseSetMetatable,
		"type":         baseType,
		"unpack":       st.baseUnpack,
	}
	for name, fn := range stock() {
		if slices.Contains(Names, name) && fns[name] == nil {
			fns[name] = fn
		}
	}
	return fns
}

// library returns a table of the stock functions with a prefix and own ones.
func (st *State) library(prefix string, own map[string]lua.LGFunction) *lua.LTable {
	t := st.L.NewTable()
	for name, fn := range stock() {
		if len(name) > len(prefix) && name[:len(prefix)] == prefix {
			t.RawSetString(name[len(prefix):], st.L.NewFunction(fn))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		t.RawSetString(name, st.L.NewFunction(own[name]))
	}
	return t
}

// mathLib has a generator of its own: gopher-lua's seeds that of the process.
func (st *State) mathLib(seed uint64) *lua.LTable {
	source := rand.NewPCG(1, seed)
	rng := rand.New(source)
	t := st.library("math.", map[string]lua.LGFunction{
		"random": func(L *lua.LState) int { return mathRandom(L, rng) },
		"randomseed": func(L *lua.LState) int {
			source.Seed(1, uint64(ToInt(float64(L.CheckNumber(1)))))
			return 0
		},
	})
	t.RawSetString("pi", lua.LNumber(3.141592653589793))
	t.RawSetString("huge", infinity)
	return t
}

func mathRandom(L *lua.LState, rng *rand.Rand) int {
	if L.GetTop() == 0 {
		L.Push(lua.LNumber(rng.Float64()))
		return 1
	}
	low, high := int64(1), ToInt(float64(L.CheckNumber(1)))
	if L.GetTop() > 1 {
		low, high = high, ToInt(float64(L.CheckNumber(2)))
	}
	if low > high || high-low < 0 || high-low == 1<<63-1 {
		L.RaiseError("math.random: interval is empty or too large")
	}
	L.Push(lua.LNumber(low + rng.Int64N(high-low+1)))
	return 1
}

// IsName reports whether the sandbox has a global of that name.
func IsName(name string) bool { return slices.Contains(Names, name) }
