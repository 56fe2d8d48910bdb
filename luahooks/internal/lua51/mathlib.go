package lua51

import (
	"math"
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"
)

var infinity = lua.LNumber(math.Inf(1))

// unary are the functions of one number.
var unary = map[string]func(float64) float64{
	"abs": math.Abs, "acos": math.Acos, "asin": math.Asin, "atan": math.Atan, "ceil": math.Ceil, "cos": math.Cos,
	"cosh": math.Cosh, "exp": math.Exp, "floor": math.Floor, "log": math.Log, "log10": math.Log10, "sin": math.Sin,
	"sinh": math.Sinh, "sqrt": math.Sqrt, "tan": math.Tan, "tanh": math.Tanh,
	"deg": func(x float64) float64 { return x / (math.Pi / 180) },
	"rad": func(x float64) float64 { return x * (math.Pi / 180) },
}

// binary are the functions of two numbers.
var binary = map[string]func(x, y float64) float64{
	"atan2": math.Atan2, "fmod": math.Mod, "mod": math.Mod, "pow": math.Pow,
}

func (st *State) mathLib(seed uint64) map[string]lua.LGFunction {
	lib := map[string]lua.LGFunction{
		"frexp": func(L *lua.LState) int {
			fraction, exp := math.Frexp(CheckNumber(L, 1))
			return pushNumbers(L, fraction, float64(exp))
		},
		"ldexp": func(L *lua.LState) int {
			exp := int(int32(CheckInt(L, 2)))
			return pushNumbers(L, math.Ldexp(CheckNumber(L, 1), exp))
		},
		"modf": func(L *lua.LState) int {
			x := CheckNumber(L, 1)
			if math.IsInf(x, 0) {
				return pushNumbers(L, x, math.Copysign(0, x))
			}
			return pushNumbers(L, math.Trunc(x), math.Copysign(x-math.Trunc(x), x))
		},
		"max": func(L *lua.LState) int { return extreme(L, func(x, most float64) bool { return x > most }) },
		"min": func(L *lua.LState) int { return extreme(L, func(x, least float64) bool { return x < least }) },
	}
	for name, fn := range unary {
		lib[name] = func(L *lua.LState) int {
			L.Push(st.Box.Float(fn(CheckNumber(L, 1))))
			return 1
		}
	}
	for name, fn := range binary {
		lib[name] = func(L *lua.LState) int {
			y := CheckNumber(L, 2) // which C's compilers look at first
			return pushNumbers(L, fn(CheckNumber(L, 1), y))
		}
	}
	// A generator of its own: gopher-lua's is that of the process.
	source := rand.NewPCG(1, seed)
	rng := rand.New(source)
	lib["random"] = func(L *lua.LState) int { return mathRandom(L, rng) }
	lib["randomseed"] = func(L *lua.LState) int {
		source.Seed(1, uint64(CheckInt(L, 1)))
		return 0
	}
	return lib
}

func pushNumbers(L *lua.LState, numbers ...float64) int {
	for _, n := range numbers {
		L.Push(lua.LNumber(n))
	}
	return len(numbers)
}

// extreme returns the argument that beats all before it.
func extreme(L *lua.LState, beats func(x, best float64) bool) int {
	best := CheckNumber(L, 1)
	for i := 2; i <= L.GetTop(); i++ {
		if x := CheckNumber(L, i); beats(x, best) {
			best = x
		}
	}
	return pushNumbers(L, best)
}

func mathRandom(L *lua.LState, rng *rand.Rand) int {
	low, high := 1, 0
	switch L.GetTop() {
	case 0:
		return pushNumbers(L, rng.Float64())
	case 1:
		high = CheckInt(L, 1)
		if high < 1 {
			ArgError(L, 1, "interval is empty")
		}
	case 2:
		low, high = CheckInt(L, 1), CheckInt(L, 2)
		if low > high {
			ArgError(L, 2, "interval is empty")
		}
	default:
		L.RaiseError("wrong number of arguments")
	}
	span := float64(high) - float64(low) + 1
	return pushNumbers(L, math.Floor(rng.Float64()*span)+float64(low))
}
