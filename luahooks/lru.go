package luahooks

import (
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// Limits of one entry of nl.state. With the limit on entries they bound the
// memory of a script's state; Lua tables would not do: gopher-lua never forgets
// a key that was once in a table.
const (
	maxKeyLen   = 1 << 10
	maxValueLen = 4 << 10
)

// entry is one key of a stateMap, and a link of its list by last use.
type entry struct {
	key        string
	value      lua.LValue    // string, number, boolean; nil for an entry of hits alone
	expires    time.Duration // on the runtime's monotonic time; 0: never
	window     *window
	size       int // of the script's native account, in bytes
	prev, next *entry
}

// stateMap is one nl.state map: bounded, least recently used out first. It
// outlives its script's Lua state.
type stateMap struct {
	script  *script
	name    string
	max     int
	ttl     time.Duration // 0: none
	persist bool
	named   bool // by the script as it is loaded now
	entries map[string]*entry
	size    int   // of the entries, in bytes
	root    entry // of the list: root.next was used last, root.prev first
	swept   time.Duration
}

func newStateMap(s *script, name string) *stateMap {
	m := &stateMap{script: s, name: name, entries: map[string]*entry{}}
	m.root.next, m.root.prev = &m.root, &m.root
	return m
}

func (m *stateMap) unlink(e *entry) { e.prev.next, e.next.prev = e.next, e.prev }

func (m *stateMap) toFront(e *entry) {
	e.prev, e.next = &m.root, m.root.next
	e.prev.next, e.next.prev = e, e
}

// find returns a live entry and marks it as used; nil if there is none.
func (m *stateMap) find(key string, now time.Duration) *entry {
	e := m.entries[key]
	if e == nil {
		return nil
	}
	if e.expires != 0 && now >= e.expires {
		m.remove(e)
		return nil
	}
	m.unlink(e)
	m.toFront(e)
	return e
}

// touch returns the entry of a key, made if need be, with its time to live
// started anew.
func (m *stateMap) touch(key string, now time.Duration) *entry {
	e := m.find(key, now)
	if e == nil {
		m.makeRoom()
		e = &entry{key: strings.Clone(key), value: lua.LNil}
		m.resize(e, len(key)+entryOverhead)
		m.entries[e.key] = e
		m.script.entries++
		m.toFront(e)
	}
	if m.ttl > 0 {
		e.expires = now + m.ttl
	}
	return e
}

func (m *stateMap) remove(e *entry) {
	m.unlink(e)
	delete(m.entries, e.key)
	m.script.entries--
	m.script.native.give(e.size)
	m.size -= e.size
}

// entryOverhead is what an entry takes beside its texts, in bytes.
const entryOverhead = overhead + 96

// set gives an entry a value.
func (m *stateMap) set(e *entry, v lua.LValue) {
	size := len(e.key) + entryOverhead
	if e.window != nil {
		size += windowSize
	}
	if s, ok := v.(lua.LString); ok {
		size += len(s)
		v = lua.LString(strings.Clone(string(s))) // which may be a part of a long text
	}
	m.resize(e, size)
	e.value = v
}

// resize makes room for an entry that becomes size bytes large, by pushing out
// what was not used for longest.
func (m *stateMap) resize(e *entry, size int) {
	more := size - e.size
	for more > 0 && !m.script.native.take(more) {
		from := m.script.largest(func(o *stateMap) int { return o.size })
		if from == nil || from.root.prev == e && !from.evictBut(e) {
			m.script.native.used += int64(more) // one entry is never too large
			break
		} else if from.root.prev != e {
			from.evict()
		}
	}
	if more < 0 {
		m.script.native.give(-more)
	}
	e.size, m.size = size, m.size+more
}

// evictBut pushes out what was not used for longest, apart from e.
func (m *stateMap) evictBut(e *entry) bool {
	old := m.root.prev
	if old == e {
		old = e.prev
	}
	if old == &m.root {
		return false
	}
	m.remove(old)
	m.script.stats.Evictions++
	return true
}

// largest returns the map that gives way, nil if all are empty: first those that
// nothing has named since the script was loaded.
func (s *script) largest(size func(*stateMap) int) *stateMap {
	var found *stateMap
	for _, m := range s.states {
		switch {
		case len(m.entries) == 0:
		case found == nil, found.named == m.named && size(m) > size(found), found.named && !m.named:
			found = m
		}
	}
	return found
}

// makeRoom pushes out what was not used for longest, here if this map is full,
// and from the script's largest map if all of them together are.
func (m *stateMap) makeRoom() {
	if len(m.entries) >= m.max {
		m.evict()
	}
	if m.script.entries < m.script.maxState() {
		return
	}
	if from := m.script.largest(func(o *stateMap) int { return len(o.entries) }); from != nil {
		from.evict()
	}
}

func (m *stateMap) evict() {
	if e := m.root.prev; e != &m.root {
		m.remove(e)
		m.script.stats.Evictions++
	}
}

// sweep removes what has expired; at most once a second, it looks at all.
func (m *stateMap) sweep(now time.Duration) {
	if m.ttl == 0 || m.swept != 0 && now-m.swept < time.Second {
		return
	}
	m.swept = now
	for e := m.root.next; e != &m.root; {
		next := e.next
		if e.expires != 0 && now >= e.expires {
			m.remove(e)
		}
		e = next
	}
}

// drop removes all entries.
func (m *stateMap) drop() {
	m.script.entries -= len(m.entries)
	m.script.native.give(m.size)
	m.size = 0
	clear(m.entries)
	m.root.next, m.root.prev = &m.root, &m.root
}

// windowSteps is how finely a window forgets: a hit counts for its length, less
// up to one step.
const windowSteps = 32

// windowSize is what a window takes, in bytes.
const windowSize = 160

// window counts hits over a sliding time.
type window struct {
	length time.Duration
	at     int64 // the step that counts now
	counts [windowSteps]uint32
}

// hit counts one at now and returns how many there are in the window.
func (w *window) hit(now time.Duration) int {
	at := int64(now) * windowSteps / int64(w.length)
	if at-w.at >= windowSteps {
		w.counts = [windowSteps]uint32{}
		w.at = at
	}
	for ; w.at < at; w.at++ {
		w.counts[(w.at+1)%windowSteps] = 0
	}
	w.counts[at%windowSteps]++
	sum := 0
	for _, n := range w.counts {
		sum += int(n)
	}
	return sum
}
