package lua51

import lua "github.com/yuin/gopher-lua"

// grow is called before a string of size bytes is made for a script.
func (st *State) grow(L *lua.LState, size int) {
	if size > MaxString {
		L.RaiseError("a string of %d bytes: the limit is %d", size, MaxString)
	}
}
