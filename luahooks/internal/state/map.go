package state

import (
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"telegraf-rtnetlink/luahooks/internal/account"
)

// Limits of one entry of nl.state. With the limit on entries they bound the
// memory of a script's state; Lua tables would not do: gopher-lua never forgets
// a key that was once in a table.
const (
	MaxKey   = 1 << 10
	MaxValue = 4 << 10
)

// Entry is one key of a Map, and a link of its list by last use.
type Entry struct {
	Value      lua.LValue // string, number, boolean; nil for an entry of hits alone
	key        string
	expires    time.Duration // on the runtime's monotonic time; 0: never
	window     *window
	size       int // of the account, in bytes
	prev, next *Entry
}

// Map is one nl.state map: bounded, least recently used out first.
type Map struct {
	of      *Maps
	name    string
	max     int
	ttl     time.Duration // 0: none
	persist bool
	named   bool // since Unname
	entries map[string]*Entry
	size    int   // of the entries, in bytes
	root    Entry // of the list: root.next was used last, root.prev first
	swept   time.Duration
}

func newMap(of *Maps, name string) *Map {
	m := &Map{of: of, name: name, entries: map[string]*Entry{}}
	m.root.next, m.root.prev = &m.root, &m.root
	return m
}

func (m *Map) unlink(e *Entry) { e.prev.next, e.next.prev = e.next, e.prev }

func (m *Map) toFront(e *Entry) {
	e.prev, e.next = &m.root, m.root.next
	e.prev.next, e.next.prev = e, e
}

// Find returns a live entry and marks it as used; nil if there is none.
func (m *Map) Find(key string) *Entry {
	e := m.entries[key]
	if e == nil {
		return nil
	}
	if e.expires != 0 && m.of.now() >= e.expires {
		m.Remove(e)
		return nil
	}
	m.unlink(e)
	m.toFront(e)
	return e
}

// Touch returns the entry of a key, made if need be, with its time to live
// started anew.
func (m *Map) Touch(key string) *Entry {
	e := m.Find(key)
	if e == nil {
		m.makeRoom()
		e = &Entry{key: strings.Clone(key), Value: lua.LNil}
		m.resize(e, len(key)+entryOverhead)
		m.entries[e.key] = e
		m.of.entries++
		m.toFront(e)
	}
	if m.ttl > 0 {
		e.expires = m.of.now() + m.ttl
	}
	return e
}

// Remove removes an entry.
func (m *Map) Remove(e *Entry) {
	m.unlink(e)
	delete(m.entries, e.key)
	m.of.entries--
	m.of.account.Give(e.size)
	m.size -= e.size
}

// entryOverhead is what an entry takes beside its texts, in bytes.
const entryOverhead = account.Overhead + 96

// Set gives an entry a value.
func (m *Map) Set(e *Entry, v lua.LValue) {
	size := len(e.key) + entryOverhead
	if e.window != nil {
		size += windowSize
	}
	if s, ok := v.(lua.LString); ok {
		size += len(s)
		v = lua.LString(strings.Clone(string(s))) // which may be a part of a long text
	}
	m.resize(e, size)
	e.Value = v
}

// resize makes room for an entry that becomes size bytes large, by pushing out
// what was not used for longest.
func (m *Map) resize(e *Entry, size int) {
	more := size - e.size
	for more > 0 && !m.of.account.Take(more) {
		from := m.of.largest(func(o *Map) int { return o.size })
		if from == nil || from.root.prev == e && !from.evictBut(e) {
			m.of.account.Exceed(more) // one entry is never too large
			break
		} else if from.root.prev != e {
			from.evict()
		}
	}
	if more < 0 {
		m.of.account.Give(-more)
	}
	e.size, m.size = size, m.size+more
}

// evictBut pushes out what was not used for longest, apart from e.
func (m *Map) evictBut(e *Entry) bool {
	old := m.root.prev
	if old == e {
		old = e.prev
	}
	if old == &m.root {
		return false
	}
	m.Remove(old)
	m.of.Evictions++
	return true
}

// makeRoom pushes out what was not used for longest, here if this map is full,
// and from the script's largest map if all of them together are.
func (m *Map) makeRoom() {
	if len(m.entries) >= m.max {
		m.evict()
	}
	if m.of.entries < m.of.max {
		return
	}
	if from := m.of.largest(func(o *Map) int { return len(o.entries) }); from != nil {
		from.evict()
	}
}

func (m *Map) evict() {
	if e := m.root.prev; e != &m.root {
		m.Remove(e)
		m.of.Evictions++
	}
}

// sweep removes what has expired; at most once a second, it looks at all.
func (m *Map) sweep() {
	now := m.of.now()
	if m.ttl == 0 || m.swept != 0 && now-m.swept < time.Second {
		return
	}
	m.swept = now
	for e := m.root.next; e != &m.root; {
		next := e.next
		if e.expires != 0 && now >= e.expires {
			m.Remove(e)
		}
		e = next
	}
}

// Clear removes all entries.
func (m *Map) Clear() {
	m.of.entries -= len(m.entries)
	m.of.account.Give(m.size)
	m.size = 0
	clear(m.entries)
	m.root.next, m.root.prev = &m.root, &m.root
}

// Len is how many entries there are.
func (m *Map) Len() int {
	m.sweep()
	return len(m.entries)
}

// Keys returns the keys that there are, that of the entry used last first.
func (m *Map) Keys() []string {
	m.sweep()
	keys := make([]string, 0, len(m.entries))
	for e := m.root.next; e != &m.root; e = e.next {
		keys = append(keys, e.key)
	}
	return keys
}

// Get returns the value of a key without marking its entry as used, nil if there is none.
func (m *Map) Get(key string) lua.LValue {
	if e := m.entries[key]; e != nil {
		return e.Value
	}
	return lua.LNil
}

// Hit counts one for an entry and returns how many there were in the last length of time.
func (m *Map) Hit(e *Entry, length time.Duration) int {
	if e.window == nil || e.window.length != length {
		e.window = &window{length: length}
		m.Set(e, e.Value)
	}
	return e.window.hit(m.of.now())
}
