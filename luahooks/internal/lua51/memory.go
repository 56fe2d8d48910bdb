package lua51

import lua "github.com/yuin/gopher-lua"

// grow is called before a string of size bytes is made for a script, or may be.
func (st *State) grow(L *lua.LState, size int) {
	if size > MaxString {
		L.RaiseError("a string of %d bytes: the limit is %d", size, MaxString)
	}
}

// Charge counts a string of so many bytes that a script gets. When the allowance
// is used up the guard has to look at what the script holds.
func (st *State) Charge(size int) {
	st.guard.Check()
	if st.allowance -= size; st.allowance < 0 {
		st.guard.Full()
	}
}

// Allow sets how many bytes of strings the script may get before the guard is
// asked again.
func (st *State) Allow(bytes int64) { st.allowance = int(bytes) }

// text makes a string for a script.
func (st *State) text(s string) lua.LValue {
	st.Charge(len(s))
	return lua.LString(s)
}
