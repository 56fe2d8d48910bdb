package lua51

import (
	"context"
	"maps"
	"math"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// Sizes of one stack: calls, and values, for which it begins small and grows.
// What needs more is an error.
const (
	MaxCalls          = 200
	MaxStack          = 4096
	firstRegistrySize = 256
	// maxArrayIndex is where gopher-lua stops filling a table's array part up
	// to the index with nils; higher indexes go to the hash part. The library's
	// own limit lets t[2e7] = 1 allocate a gigabyte.
	maxArrayIndex = 1 << 16
)

func init() { lua.MaxArrayIndex = maxArrayIndex }

// Names are the global names of the sandbox, all read-only.
var Names = []string{
	"assert", "config", "debug", "error", "getmetatable", "ipairs", "math", "next", "pairs", "pcall", "print", "rawequal",
	"rawget", "rawset", "require", "select", "setmetatable", "string", "table", "tonumber", "tostring", "type", "unpack", "xpcall", "_VERSION",
}

// Guard limits the time of the running call.
type Guard interface {
	context.Context // gopher-lua asks it before each instruction
	Check()         // asked by functions that loop; panics when the call has to end
	Full()          // asked when the allowance of strings is used up: panics like Check, or calls Allow
}

// Options are what a State gets from its host. All but Hint are needed.
type Options struct {
	Guard   Guard
	Box     *Box
	Print   func(L *lua.LState, text string) // print: standard output is not for scripts
	Require lua.LGFunction
	Config  map[string]any // the read-only global config
	Seed    uint64         // of math.random
	// Hint adds to the message on a value that can be neither called nor indexed:
	// path is how the script wrote it, with dots, and kind the value's type. Empty:
	// nothing.
	Hint func(path, kind string) string
}

// State is one Lua state with the sandbox's globals. It belongs to one
// goroutine at a time.
type State struct {
	L                     *lua.LState // the thread that Call uses
	Box                   *Box
	guard                 Guard
	say                   func(L *lua.LState, text string)
	hint                  func(path, kind string) string
	allowance             int // bytes of strings that the script may get before the guard is asked
	matcher               matcher
	root                  *lua.LState   // owns the globals; runs nothing
	free                  []*lua.LState // threads for protected calls
	calls                 []protected   // that run, from the outside
	guarded               *lua.LFunction
	escaped               any       // a panic that goes through protected calls
	verbatim              bool      // the error being raised is the script's own text
	places                []*places // of the files that were loaded
	ipairsNext, pairsNext *lua.LFunction
}

// New makes a state.
func New(o Options) *State {
	st := &State{Box: o.Box, guard: o.Guard, say: o.Print, hint: o.Hint, matcher: matcher{guard: o.Guard}}
	st.root = lua.NewState(lua.Options{
		SkipOpenLibs:     true,
		CallStackSize:    MaxCalls,
		RegistrySize:     firstRegistrySize,
		RegistryMaxSize:  MaxStack,
		RegistryGrowStep: 2 * firstRegistrySize,
	})
	st.L = st.newThread()
	st.guarded = st.L.NewFunction(st.runGuarded)
	base, ops := baseLib{st}, operatorLib{st}
	st.ipairsNext = st.L.NewFunction(base.ipairsStep)
	st.pairsNext = st.L.NewFunction(base.next)
	st.globals(base.functions(o.Require))
	st.globals(ops.functions())
	stringLib := st.library(textLib{st}.functions())
	st.set("string", st.Freeze(stringLib))
	st.set("table", st.Freeze(st.library(tableLib{st}.functions())))
	st.set("debug", st.Freeze(st.library(map[string]lua.LGFunction{"traceback": st.traceback})))
	maths := st.library(st.mathLib(o.Seed))
	maths.RawSetString("pi", lua.LNumber(math.Pi))
	maths.RawSetString("huge", infinity)
	st.set("math", st.Freeze(maths))
	st.set("config", st.ToLua(o.Config, true))
	st.set("_VERSION", lua.LString("Lua 5.1"))
	strings := ops.typeErrors(false)
	strings.RawSetString("__index", stringLib)
	ops.stringArith(strings)
	st.L.SetMetatable(Empty, strings)
	for _, v := range []lua.LValue{lua.LNil, lua.LTrue, lua.LNumber(0)} {
		st.L.SetMetatable(v, ops.typeErrors(false))
	}
	st.L.SetMetatable(st.pairsNext, ops.typeErrors(true))
	return st
}

func (st *State) set(name string, v lua.LValue) { st.L.SetGlobal(name, v) }

func (st *State) globals(fns map[string]lua.LGFunction) {
	for name, fn := range fns {
		st.set(name, st.L.NewFunction(fn))
	}
}

// library returns a table of functions.
func (st *State) library(fns map[string]lua.LGFunction) *lua.LTable {
	t := st.L.CreateTable(0, len(fns))
	for _, name := range slices.Sorted(maps.Keys(fns)) {
		t.RawSetString(name, st.L.NewFunction(fns[name]))
	}
	return t
}

// Load makes a function of a compiled file.
func (st *State) Load(c *Chunk) *lua.LFunction {
	st.places = append(st.places, c.places)
	return st.root.NewFunctionFromProto(c.Proto)
}

// Close ends the state's use.
func (st *State) Close() { st.root.Close() }

// IsName reports whether the sandbox has a global of that name.
func IsName(name string) bool { return slices.Contains(Names, name) }
