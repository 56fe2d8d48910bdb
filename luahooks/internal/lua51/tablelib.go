package lua51

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// item returns t[i]. gopher-lua keeps indexes from maxArrayIndex on elsewhere.
func item(t *lua.LTable, i int) lua.LValue {
	if i > 0 && i < maxArrayIndex {
		return t.RawGetInt(i)
	}
	return t.RawGet(lua.LNumber(i))
}

// tableLib is the functions of table.
type tableLib struct{ st *State }

func (lib tableLib) functions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"concat":   lib.concat,
		"foreach":  lib.foreach,
		"foreachi": lib.foreachi,
		"getn":     tableGetn,
		"insert":   lib.insert,
		"maxn":     lib.maxn,
		"remove":   lib.remove,
		"sort":     lib.sort,
	}
}

func tableGetn(L *lua.LState) int {
	L.Push(lua.LNumber(Len(ReadTable(L, 1))))
	return 1
}

func (lib tableLib) maxn(L *lua.LState) int {
	most, seen := 0.0, 0
	ReadTable(L, 1).ForEach(func(k, _ lua.LValue) {
		if seen++; seen%asked == 0 {
			lib.st.guard.Check()
		}
		if n, ok := k.(lua.LNumber); ok {
			most = math.Max(most, float64(n))
		}
	})
	L.Push(lua.LNumber(most))
	return 1
}

// asked is how many steps a library function takes between looks at the clock.
const asked = 1 << 10

func (lib tableLib) concat(L *lua.LState) int {
	sep := optText(L, 2, "") // in Lua 5.1 its error comes first, too
	t := ReadTable(L, 1)
	from := optInt(L, 3, 1)
	to := optInt(L, 4, Len(t))
	size := 0
	for i := from; i <= to; i++ {
		if i%asked == 0 {
			lib.st.guard.Check()
		}
		s, ok := toText(item(t, i))
		if !ok {
			L.RaiseError("invalid value (%s) at index %d in table for 'concat'", TypeOf(item(t, i)), i)
		}
		if size += len(s); i < to {
			size += len(sep)
		}
		lib.st.grow(L, size)
	}
	out := make([]byte, 0, size)
	for i := from; i <= to; i++ {
		s, _ := toText(item(t, i))
		if out = append(out, s...); i < to {
			out = append(out, sep...)
		}
	}
	L.Push(lib.st.text(string(out)))
	return 1
}

func (lib tableLib) foreach(L *lua.LState) int {
	t, fn := ReadTable(L, 1), checkFunction(L, 2)
	for k, v := t.Next(lua.LNil); k != lua.LNil; k, v = t.Next(k) {
		if out := call(L, fn, k, v); out != lua.LNil {
			L.Push(out)
			return 1
		}
	}
	return 0
}

func (lib tableLib) foreachi(L *lua.LState) int {
	t, fn := ReadTable(L, 1), checkFunction(L, 2)
	for i, n := 1, Len(t); i <= n; i++ {
		if out := call(L, fn, lua.LNumber(i), item(t, i)); out != lua.LNil {
			L.Push(out)
			return 1
		}
	}
	return 0
}

func (lib tableLib) insert(L *lua.LState) int {
	t := CheckTable(L, 1)
	end := Len(t) + 1
	switch L.GetTop() {
	case 2:
		t.RawSet(lua.LNumber(end), L.Get(2))
		return 0
	case 3:
	default:
		L.RaiseError("wrong number of arguments to 'insert'")
	}
	pos := CheckInt(L, 2)
	for i := max(end, pos); i > pos; i-- {
		if i%asked == 0 {
			lib.st.guard.Check()
		}
		t.RawSet(lua.LNumber(i), item(t, i-1))
	}
	t.RawSet(lua.LNumber(pos), L.Get(3))
	return 0
}

func (lib tableLib) remove(L *lua.LState) int {
	t := CheckTable(L, 1)
	end := Len(t)
	pos := optInt(L, 2, end)
	if pos < 1 || pos > end {
		return 0
	}
	L.Push(item(t, pos))
	for ; pos < end; pos++ {
		if pos%asked == 0 {
			lib.st.guard.Check()
		}
		t.RawSet(lua.LNumber(pos), item(t, pos+1))
	}
	t.RawSet(lua.LNumber(end), lua.LNil)
	return 1
}

// sorter is one call of table.sort: the quicksort of Lua 5.1, so that a
// comparison sees the same pairs and equal items come out in the same order.
type sorter struct {
	lib  tableLib
	L    *lua.LState
	t    *lua.LTable
	less lua.LValue
}

func (lib tableLib) sort(L *lua.LState) int {
	s := sorter{lib, L, CheckTable(L, 1), L.Get(2)}
	if s.less != lua.LNil {
		checkFunction(L, 2)
	}
	L.SetTop(2)
	s.sort(1, Len(s.t))
	return 0
}

func (s *sorter) set(i int, v lua.LValue) { s.t.RawSet(lua.LNumber(i), v) }

func (s *sorter) swap(i, j int) {
	a, b := item(s.t, i), item(s.t, j)
	s.set(i, b)
	s.set(j, a)
}

func (s *sorter) lessThan(a, b lua.LValue) bool {
	s.lib.st.guard.Check()
	if s.less == lua.LNil {
		return s.lib.less(s.L, a, b)
	}
	return lua.LVAsBool(call(s.L, s.less, a, b))
}

// less is a < b in a library function: its errors have no place.
func (lib tableLib) less(L *lua.LState, a, b lua.LValue) bool {
	x, y := TypeOf(a), TypeOf(b)
	fn := metamethod(a, "__lt")
	switch {
	case x == y && (x == "number" || x == "string"):
		return L.LessThan(a, b)
	case x == y && fn != lua.LNil && fn == metamethod(b, "__lt"):
		return lua.LVAsBool(call(L, fn, a, b))
	case x == y:
		lib.st.throw(L, lua.LString("attempt to compare two "+x+" values"))
	}
	lib.st.throw(L, lua.LString("attempt to compare "+x+" with "+y))
	return false
}

func (s *sorter) order(i, j int) {
	if s.lessThan(item(s.t, j), item(s.t, i)) {
		s.swap(i, j)
	}
}

func (s *sorter) sort(low, high int) {
	for low < high {
		s.order(low, high)
		if high-low == 1 {
			return
		}
		middle := (low + high) / 2
		if s.lessThan(item(s.t, middle), item(s.t, low)) {
			s.swap(middle, low)
		} else {
			s.order(middle, high)
		}
		if high-low == 2 {
			return
		}
		pivot := item(s.t, middle)
		s.swap(middle, high-1)
		i := s.partition(low, high, pivot)
		s.swap(high-1, i)
		if i-low < high-i {
			s.sort(low, i-1)
			low = i + 1
		} else {
			s.sort(i+1, high)
			high = i - 1
		}
	}
}

// partition returns where the pivot belongs.
func (s *sorter) partition(low, high int, pivot lua.LValue) int {
	i, j := low, high-1
	for {
		for i++; s.lessThan(item(s.t, i), pivot); i++ {
			if i > high {
				s.L.RaiseError("invalid order function for sorting")
			}
		}
		for j--; s.lessThan(pivot, item(s.t, j)); j-- {
			if j < low {
				s.L.RaiseError("invalid order function for sorting")
			}
		}
		if j < i {
			return i
		}
		s.swap(i, j)
	}
}
