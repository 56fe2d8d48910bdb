package luahooks

import (
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

// baseNames are the global names of the sandbox, all read-only.
var baseNames = []string{
	"assert", "config", "error", "getmetatable", "ipairs", "math", "next", "pairs", "pcall", "print", "rawequal",
	"rawget", "rawset", "require", "select", "setmetatable", "string", "table", "tonumber", "tostring", "type", "unpack",
}

// newState makes an empty Lua state with the sandbox's globals.
func (in *instance) newState() {
	in.L = lua.NewState(lua.Options{
		SkipOpenLibs:  true,
		CallStackSize: callStackSize,
		RegistrySize:  registrySize,
	})
	in.L.SetContext(in.rt.watch)
	in.ipairsNext = in.L.NewFunction(in.ipairsStep)
	in.pairsNext = in.L.NewFunction(in.pairsStep)
	for name, fn := range in.baseLib() {
		in.L.SetGlobal(name, in.L.NewFunction(fn))
	}
	stringLib := in.library("string.", in.stringLib())
	in.L.SetGlobal("string", in.freeze(stringLib))
	in.L.SetGlobal("table", in.freeze(in.library("table.", map[string]lua.LGFunction{"concat": in.tableConcat})))
	in.L.SetGlobal("math", in.freeze(in.mathLib()))
	methods := in.L.NewTable()
	methods.RawSetString("__index", stringLib)
	in.L.SetMetatable(emptyBox, methods)
	in.L.SetGlobal("config", in.constants())
}

func (in *instance) baseLib() map[string]lua.LGFunction {
	fns := map[string]lua.LGFunction{
		"assert":       baseAssert,
		"getmetatable": baseGetMetatable,
		"ipairs":       in.baseIpairs,
		"next":         in.baseNext,
		"pairs":        in.basePairs,
		"print":        in.basePrint,
		"require":      in.baseRequire,
		"setmetatable": baseSetMetatable,
		"type":         baseType,
		"unpack":       in.baseUnpack,
	}
	for name, fn := range stock() {
		if slices.Contains(baseNames, name) && fns[name] == nil {
			fns[name] = fn
		}
	}
	return fns
}

// library returns a table of the stock functions with a prefix and own ones.
func (in *instance) library(prefix string, own map[string]lua.LGFunction) *lua.LTable {
	t := in.L.NewTable()
	for name, fn := range stock() {
		if len(name) > len(prefix) && name[:len(prefix)] == prefix {
			t.RawSetString(name[len(prefix):], in.L.NewFunction(fn))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		t.RawSetString(name, in.L.NewFunction(own[name]))
	}
	return t
}

// mathLib has a generator of its own: gopher-lua's seeds that of the process.
func (in *instance) mathLib() *lua.LTable {
	source := rand.NewPCG(1, uint64(in.rt.now().UnixNano()))
	rng := rand.New(source)
	t := in.library("math.", map[string]lua.LGFunction{
		"random": func(L *lua.LState) int { return mathRandom(L, rng) },
		"randomseed": func(L *lua.LState) int {
			source.Seed(1, uint64(toInt(float64(L.CheckNumber(1)))))
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
	low, high := int64(1), toInt(float64(L.CheckNumber(1)))
	if L.GetTop() > 1 {
		low, high = high, toInt(float64(L.CheckNumber(2)))
	}
	if low > high || high-low < 0 || high-low == 1<<63-1 {
		L.RaiseError("math.random: interval is empty or too large")
	}
	L.Push(lua.LNumber(low + rng.Int64N(high-low+1)))
	return 1
}
