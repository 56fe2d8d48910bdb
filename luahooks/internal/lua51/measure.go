package lua51

import (
	"fmt"
	"reflect"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// Holder is a Go value behind a userdata that keeps memory alive: iterators,
// copies of the mirror's objects.
type Holder interface {
	Held() int // bytes
}

// Root is where a script can reach memory from, and what a message calls it.
type Root struct {
	Name  string
	Value lua.LValue
}

// Meter adds up the bytes that Lua values keep alive. It goes a step at a time,
// and the script may run between two steps: what changes meanwhile is counted
// as it is met. The sum is an estimate, within a quarter of what the process
// takes.
type Meter struct {
	seen    map[unsafe.Pointer]struct{}
	todo    []Root
	at      tableWalk
	bytes   int64
	by      map[string]int64 // bytes by root
	strings map[unsafe.Pointer]struct{}
}

// tableWalk is a table of which a part was looked at.
type tableWalk struct {
	root string
	t    *tableLayout
	next int
}

// Sizes of what gopher-lua keeps, in bytes. Entries of maps are those of Go's
// at a typical load.
const (
	sizeTable    = 128
	sizeValue    = 16 // an interface
	sizeString   = 16 // the header that an interface points to
	sizeNumber   = 8
	sizeEntry    = 96 // of the hash part: in one of two maps by key, and in the index of keys
	sizeFunction = 64
	sizeUpvalue  = 64
	sizeUserData = 64
)

// Measure begins to measure what the state holds: its globals, and roots
// beside. With running, what is on the stack of the running call counts, too.
func (st *State) Measure(running bool, roots ...Root) *Meter {
	m := &Meter{seen: map[unsafe.Pointer]struct{}{}, strings: map[unsafe.Pointer]struct{}{}, by: map[string]int64{}}
	m.seen[unsafe.Pointer(st.L.G.Registry)] = struct{}{}
	if running {
		for _, v := range registers(st.L) {
			m.add("a local", v)
		}
		for _, p := range st.calls {
			for _, v := range registers(p.thread) {
				m.add("a local", v)
			}
		}
	}
	m.todo = append(m.todo, roots...)
	globals := layoutOf(st.L.G.Global)
	m.first(unsafe.Pointer(st.L.G.Global))
	m.count("globals", globals.size())
	for name, v := range globals.strdict {
		if !IsName(name) && name[0] != '(' {
			m.add(name, v)
		}
	}
	return m
}

// Bytes is the sum so far.
func (m *Meter) Bytes() int64 { return m.bytes }

// Largest names the root that most of the sum is reached from first.
func (m *Meter) Largest() (name string) {
	most := int64(0)
	for root, n := range m.by {
		if n > most || n == most && root < name {
			name, most = root, n
		}
	}
	return name
}

func (m *Meter) add(root string, v lua.LValue) {
	switch v.(type) {
	case nil, lua.LBool, *lua.LNilType:
		return
	}
	m.todo = append(m.todo, Root{root, v})
}

func (m *Meter) count(root string, n int) {
	m.bytes += int64(n)
	m.by[root] += int64(n)
}

// Step looks at up to n values and reports whether it has seen all.
func (m *Meter) Step(n int) (done bool) {
	for ; n > 0; n-- {
		if m.at.t != nil {
			m.element()
			continue
		}
		last := len(m.todo) - 1
		if last < 0 {
			return true
		}
		r := m.todo[last]
		m.todo = m.todo[:last]
		m.value(r.Name, r.Value)
	}
	return m.at.t == nil && len(m.todo) == 0
}

// element looks at the next element of the table at hand.
func (m *Meter) element() {
	t, i := m.at.t, m.at.next
	m.at.next++
	switch {
	case i < len(t.array):
		m.leaf(m.at.root, t.array[i])
	case i < len(t.array)+len(t.keys):
		key := t.keys[i-len(t.array)]
		m.leaf(m.at.root, key)
		if s, ok := key.(lua.LString); ok {
			m.leaf(m.at.root, t.strdict[string(s)])
		} else {
			m.leaf(m.at.root, t.dict[key])
		}
	default:
		m.at = tableWalk{}
	}
}

// leaf counts strings and numbers at once, and puts the rest off.
func (m *Meter) leaf(root string, v lua.LValue) {
	switch v.(type) {
	case lua.LString, lua.LNumber:
		m.value(root, v)
	default:
		m.add(root, v)
	}
}

func (m *Meter) value(root string, v lua.LValue) {
	switch v := v.(type) {
	case lua.LNumber:
		m.count(root, sizeNumber)
	case lua.LString:
		m.text(root, string(v))
	case *lua.LTable:
		if m.first(unsafe.Pointer(v)) {
			m.table(root, v)
		}
	case *lua.LFunction:
		if m.first(unsafe.Pointer(v)) {
			m.function(root, v)
		}
	case *lua.LUserData:
		if m.first(unsafe.Pointer(v)) {
			m.userdata(root, v)
		}
	}
}

// minShared is from where on a string's bytes are looked up, so that those that
// several values share count once.
const minShared = 64

func (m *Meter) text(root, s string) {
	m.count(root, sizeString)
	if len(s) < minShared {
		m.count(root, len(s))
		return
	}
	p := unsafe.Pointer(unsafe.StringData(s))
	if _, ok := m.strings[p]; !ok {
		m.strings[p] = struct{}{}
		m.count(root, len(s))
	}
}

func (m *Meter) first(p unsafe.Pointer) bool {
	if _, ok := m.seen[p]; ok {
		return false
	}
	m.seen[p] = struct{}{}
	return true
}

func (m *Meter) table(root string, v *lua.LTable) {
	t := layoutOf(v)
	m.count(root, t.size())
	m.add(root, t.metatable)
	m.at = tableWalk{root: root, t: t}
}

func (m *Meter) function(root string, f *lua.LFunction) {
	m.count(root, sizeFunction+(sizeUpvalue+8)*len(f.Upvalues))
	for i, uv := range f.Upvalues {
		if uv == nil || !m.first(unsafe.Pointer(uv)) {
			continue
		}
		name := root
		if f.Proto != nil && i < len(f.Proto.DbgUpvalues) {
			name = fmt.Sprintf("%s (%s:%d)", f.Proto.DbgUpvalues[i], f.Proto.SourceName, f.Proto.LineDefined)
		}
		m.add(name, uv.Value())
	}
}

func (m *Meter) userdata(root string, u *lua.LUserData) {
	m.count(root, sizeUserData)
	m.add(root, u.Metatable)
	switch v := u.Value.(type) {
	case *frozen:
		m.add(root, v.table)
	case Holder:
		m.count(root, v.Held())
	}
}

// tableLayout is lua.LTable: what it has grown to is nowhere else to be seen.
// An init function compares the two, so that another version of gopher-lua
// cannot be misread.
type tableLayout struct {
	metatable lua.LValue
	array     []lua.LValue
	dict      map[lua.LValue]lua.LValue
	strdict   map[string]lua.LValue
	keys      []lua.LValue
	k2i       map[lua.LValue]int
}

// size is what the table itself takes. Go's maps begin with room for eight.
func (t *tableLayout) size() int {
	size := sizeTable + sizeValue*(cap(t.array)+cap(t.keys))
	if t.k2i != nil || t.dict != nil || t.strdict != nil {
		size += sizeEntry * max(8, len(t.k2i))
	}
	return size
}

// hasKey reports whether next can go on from a key: a table has or had it.
func hasKey(t *lua.LTable, key lua.LValue) bool {
	l := layoutOf(t)
	if n, ok := key.(lua.LNumber); ok && n >= 1 && int(n) <= len(l.array) && n == lua.LNumber(int(n)) {
		return true
	}
	_, ok := l.k2i[key]
	return ok || key == lua.LNil
}

func layoutOf(t *lua.LTable) *tableLayout { return (*tableLayout)(unsafe.Pointer(t)) }

// registryLayout is the beginning of gopher-lua's registry, which has the
// locals of running functions.
type registryLayout struct {
	array []lua.LValue
	top   int
}

var registryOffset uintptr

func init() {
	ours, theirs := reflect.TypeFor[tableLayout](), reflect.TypeFor[lua.LTable]()
	same := ours.NumField() == theirs.NumField() && ours.Size() == theirs.Size()
	for i := 0; same && i < ours.NumField(); i++ {
		same = ours.Field(i).Type == theirs.Field(i).Type
	}
	reg, ok := reflect.TypeFor[lua.LState]().FieldByName("reg")
	if !same || !ok || reg.Type.Elem().Field(0).Type != reflect.TypeFor[[]lua.LValue]() || reg.Type.Elem().Field(1).Name != "top" {
		panic("lua51: another version of gopher-lua: its tables and registers are not those that Meter reads")
	}
	registryOffset = reg.Offset
}

// registers returns the values on a state's stack.
func registers(L *lua.LState) []lua.LValue {
	r := *(**registryLayout)(unsafe.Add(unsafe.Pointer(L), registryOffset))
	return r.array[:min(r.top, len(r.array))]
}
