package lua51

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// An error unwinds Go's stack, but gopher-lua either cuts the variables of all
// running functions loose from their closures (gopher-lua#448), or those of
// none, even of the functions that are gone. So each protected call runs on a
// stack of its own, a thread of gopher-lua: what an error cuts loose is what it
// ends.

// MaxProtected bounds the depth of protected calls, as Lua 5.1's C stack does.
const MaxProtected = 190

// kept is how many threads wait for the next protected call.
const kept = 4

// protected is a running protected call.
type protected struct {
	thread  *lua.LState
	caller  *lua.LState
	handler lua.LValue // of xpcall, nil in pcall and while it runs
}

// newThread returns a stack for a protected call.
func (st *State) newThread() *lua.LState {
	if n := len(st.free); n > 0 {
		t := st.free[n-1]
		st.free = st.free[:n-1]
		return t
	}
	t, cancel := st.root.NewThread()
	if cancel != nil {
		cancel() // the guard ends calls, not this context
	}
	t.SetContext(st.guard)
	t.Panic = st.raise
	return t
}

// Call calls the function on the stack of st.L below its nargs arguments and
// leaves nret results there. After an error the stack is empty, and st.L is
// another thread. The error is *lua.ApiError if the script raised it, what the
// guard gave to Stopped, or that of a failure of the interpreter.
func (st *State) Call(nargs, nret int) (err error) {
	depth := len(st.calls)
	defer func() {
		if r := recover(); r != nil {
			st.calls = st.calls[:depth]
			st.verbatim = false
			st.L = st.newThread()
			err = failure(r)
		}
	}()
	st.L.Call(nargs, nret)
	return nil
}

// failure makes an error of a panic. gopher-lua looks for the line that a function is at
// before its first when the stack is too small for the arguments of a tail call.
func failure(r any) error {
	switch r := r.(type) {
	case *lua.ApiError:
		return r
	case Stopped:
		return r.Err
	case runtime.Error:
		if strings.HasSuffix(r.Error(), "index out of range [-1]") {
			return errors.New("stack overflow: a function called at the end of another one has got too many arguments")
		}
	}
	return fmt.Errorf("the Lua interpreter failed: %v", r)
}

// Running returns the thread that runs now.
func (st *State) Running() *lua.LState {
	if n := len(st.calls); n > 0 {
		return st.calls[n-1].thread
	}
	return st.L
}

// Where returns "file:line: " of the Lua function that runs now.
func (st *State) Where() string {
	for L := st.Running(); L != nil; L = st.callerOf(L) {
		for level := 0; ; level++ {
			f, ok := frameAt(L, level)
			if !ok {
				break
			}
			if !f.fn.IsG {
				return f.where()
			}
		}
	}
	return ""
}

// pcall is pcall(f, …).
func (st *State) pcall(L *lua.LState) int {
	checkAny(L, 1)
	return st.protect(L, nil)
}

// xpcall is xpcall(f, handler).
func (st *State) xpcall(L *lua.LState) int {
	handler := checkAny(L, 2)
	L.SetTop(1)
	return st.protect(L, handler)
}

// protect calls the function that is argument 1 with the others on a thread.
func (st *State) protect(L *lua.LState, handler lua.LValue) int {
	t := st.newThread()
	t.Push(st.guarded)
	for i := 1; i <= L.GetTop(); i++ {
		t.Push(L.Get(i))
	}
	if failed := st.runProtected(protected{t, L, handler}); failed != nil {
		L.Push(False)
		L.Push(failed)
		st.release(t)
		return 2
	}
	L.Push(True)
	results := t.GetTop()
	for i := 1; i <= results; i++ {
		L.Push(t.Get(i))
	}
	st.release(t)
	return results + 1
}

// release keeps a thread for the next protected call.
func (st *State) release(t *lua.LState) {
	t.SetTop(0)
	if len(st.free) < kept {
		st.free = append(st.free, t)
	}
}

// runGuarded calls its first argument with the others. It is the lowest function
// of a protected call's thread: what gopher-lua makes of errors is replaced, and
// a panic that is none is remembered.
func (st *State) runGuarded(L *lua.LState) int {
	L.Panic = st.raise
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(*lua.ApiError); !ok {
				st.escaped = r
			}
			panic(r)
		}
	}()
	L.Call(L.GetTop()-1, lua.MultRet)
	return L.GetTop()
}

// runProtected returns the value of the error, nil if there was none.
func (st *State) runProtected(p protected) lua.LValue {
	depth := len(st.calls)
	if depth >= MaxProtected {
		return lua.LString("C stack overflow")
	}
	st.calls = append(st.calls, p)
	err := p.thread.PCall(p.thread.GetTop()-1, lua.MultRet, nil)
	st.calls = st.calls[:depth]
	if r := st.escaped; r != nil {
		st.escaped = nil
		panic(r) // no error of the script, and not for it to catch
	}
	var e *lua.ApiError
	if errors.As(err, &e) {
		return e.Object
	}
	return nil
}

// handle returns what the handler of the innermost xpcall makes of an error.
func (st *State) handle(L *lua.LState, v lua.LValue) lua.LValue {
	n := len(st.calls)
	if n == 0 || st.calls[n-1].thread != L || st.calls[n-1].handler == nil {
		return v
	}
	handler := st.calls[n-1].handler
	st.calls[n-1].handler = nil
	if _, ok := handler.(*lua.LFunction); !ok {
		return handlerFailed
	}
	for range maxHandlers {
		// The thread may be full: the handler has another.
		t := st.newThread()
		t.Push(st.guarded)
		t.Push(handler)
		t.Push(v)
		v = st.runProtected(protected{t, L, nil})
		result := t.Get(1)
		if st.release(t); v == nil {
			return result
		}
	}
	return handlerFailed
}

// maxHandlers is how often a handler is called for its own errors.
const maxHandlers = 10

var handlerFailed lua.LValue = lua.LString("error in error handling")

// callerOf returns the thread whose pcall runs a thread, nil if none does.
func (st *State) callerOf(L *lua.LState) *lua.LState {
	for _, p := range st.calls {
		if p.thread == L {
			return p.caller
		}
	}
	return nil
}

// level returns a frame counted from the running function, also through
// protected calls.
func (st *State) level(L *lua.LState, level int) (frame, bool) {
	for L != nil {
		depth, tail := 0, false
		for ; ; depth++ {
			f, ok := frameAt(L, depth)
			f.lost = ok && tail && f.isLost(L, depth)
			if !ok || f.fn == st.guarded && !f.lost {
				break
			}
			if depth == level {
				return f, true
			}
			tail = f.tail || f.lost
		}
		level -= depth
		L = st.callerOf(L)
	}
	return frame{}, false
}

// baseError is error(value [, level]).
func (st *State) baseError(L *lua.LState) int {
	v, level := L.Get(1), optInt(L, 2, 1)
	if s, ok := toText(v); ok && level > 0 && level < MaxCalls {
		if f, ok := st.level(L, level); ok && !f.lost {
			v = lua.LString(f.where() + s)
		}
	}
	st.throw(L, v)
	return 0
}

// maxTraced bounds the lines of a traceback.
const maxTraced = 22

// traceback is debug.traceback([message [, level]]).
func (st *State) traceback(L *lua.LState) int {
	message, isText := toText(L.Get(1))
	if !isText && L.Get(1) != lua.LNil {
		L.SetTop(1)
		return 1
	}
	var lines []string
	for level := optInt(L, 2, 1); len(lines) < maxTraced; level++ {
		f, ok := st.level(L, level)
		if !ok {
			break
		}
		lines = append(lines, "\n\t"+f.describe())
	}
	if isText {
		message += "\n"
	}
	L.Push(lua.LString(message + "stack traceback:" + strings.Join(lines, "")))
	return 1
}

// describe is a frame's line of a traceback.
func (f frame) describe() string {
	if f.lost {
		return "(tail call): ?"
	}
	if f.fn.IsG {
		return "[C]: in function '" + f.name + "'"
	}
	at := f.where()
	switch {
	case f.name == "main chunk" && f.fn.Proto.LineDefined == 0:
		return at + "in main chunk"
	case f.name == "" || f.name == "main chunk" || f.name[0] == '(' || f.name[0] == '<' || f.name == "?":
		return fmt.Sprintf("%sin function <%s:%d>", at, f.source(), f.fn.Proto.LineDefined)
	}
	return at + "in function '" + f.name + "'"
}
