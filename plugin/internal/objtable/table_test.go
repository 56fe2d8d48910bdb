package objtable

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// tableModel drives a table beside a map of slices. A body's first byte is its
// key.
type tableModel struct {
	t     *testing.T
	table *Table
	lists map[byte][]string
	rng   *rand.Rand
	made  int
}

func newTableModel(t *testing.T, seed uint64) *tableModel {
	return &tableModel{t: t, rng: rand.New(rand.NewPCG(seed, 0)), lists: map[byte][]string{},
		table: New(0, func(dst, body []byte) []byte { return append(dst, body[0]) })}
}

// body makes a new object of key k, of some size.
func (m *tableModel) body(k byte) string {
	m.made++
	return fmt.Sprintf("%c%-*d", k, 8+m.rng.IntN(20), m.made)
}

// entry returns the i-th entry of a list.
func (m *tableModel) entry(l *List, i int) (r Ref) {
	r = l.Head
	for range i {
		r = l.t.slab.next(r)
	}
	return r
}

// after returns the entry in front of place i, 0 for none.
func (m *tableModel) after(l *List, i int) Ref {
	if i == 0 {
		return 0
	}
	return m.entry(l, i-1)
}

func (m *tableModel) Insert(k byte) {
	l := m.Find(k)
	i := m.rng.IntN(len(m.lists[k]) + 1)
	body := m.body(k)
	r := l.Insert(m.after(&l, i), []byte(body))
	m.lists[k] = slices.Insert(m.lists[k], i, body)
	m.same(&l, k)
	require.Equal(m.t, r, m.entry(&l, i))
}

func (m *tableModel) Replace(k byte, i int) {
	l := m.Find(k)
	flags := uint8(flagLive | m.rng.IntN(256))
	m.table.slab.setFlags(m.entry(&l, i), flags)
	m.lists[k][i] = m.body(k)
	r := l.Replace(m.entry(&l, i), []byte(m.lists[k][i]))
	m.same(&l, k)
	require.Equal(m.t, m.entry(&l, i), r)
	require.Equal(m.t, flags, m.table.slab.flags(r))
}

func (m *tableModel) Move(k byte, i int) {
	l := m.Find(k)
	j := m.rng.IntN(len(m.lists[k]))
	if i == j { // behind itself: stays
		l.Move(m.entry(&l, i), m.entry(&l, i))
		m.same(&l, k)
		return
	}
	r, body := m.entry(&l, i), m.lists[k][i]
	rest := slices.Delete(slices.Clone(m.lists[k]), i, i+1)
	after := Ref(0)
	if j > 0 {
		for e := l.Head; e != 0; e = m.table.slab.next(e) {
			if string(m.table.slab.body(e)) == rest[j-1] {
				after = e
			}
		}
	}
	l.Move(r, after)
	m.lists[k] = slices.Insert(rest, j, body)
	m.same(&l, k)
}

func (m *tableModel) Remove(k byte, i int) {
	l := m.Find(k)
	l.Remove(m.entry(&l, i))
	if m.lists[k] = slices.Delete(m.lists[k], i, i+1); len(m.lists[k]) == 0 {
		delete(m.lists, k)
	}
	m.same(&l, k)
}

func (m *tableModel) Find(k byte) List {
	l := m.table.FindKey([]byte{k}, nil)
	m.same(&l, k)
	return l
}

// same compares one list.
func (m *tableModel) same(l *List, k byte) {
	m.t.Helper()
	var got []string
	for r := l.Head; r != 0; r = m.table.slab.next(r) {
		got = append(got, string(m.table.slab.body(r)))
	}
	require.Equal(m.t, m.lists[k], got)
	require.Equal(m.t, len(got), l.Len())
	if len(got) > 0 {
		require.Equal(m.t, got[0], string(l.First()))
		require.Equal(m.t, got[len(got)-1], string(m.table.slab.body(l.Last())))
	} else {
		require.Nil(m.t, l.First())
		require.Zero(m.t, l.Last())
	}
}

func (m *tableModel) check() {
	m.t.Helper()
	n := 0
	for k := byte('a'); k <= 'z'; k++ {
		m.Find(k)
		n += len(m.lists[k])
	}
	require.Equal(m.t, n, m.table.n)
	require.Equal(m.t, len(m.lists), m.table.index.n)
	m.table.slab.each(func(Ref) bool { n--; return true })
	require.Zero(m.t, n)
}

func TestTableKeepsListsThroughRandomUse(t *testing.T) {
	for seed := range uint64(4) {
		m := newTableModel(t, seed)
		for step := range 4000 {
			k := 'a' + byte(m.rng.IntN(26))
			n := len(m.lists[k])
			switch op := m.rng.IntN(10); {
			case n == 0 || n < 12 && op < 4:
				m.Insert(k)
			case op < 6:
				m.Replace(k, m.rng.IntN(n))
			case op < 8:
				m.Move(k, m.rng.IntN(n))
			default:
				m.Remove(k, m.rng.IntN(n))
			}
			if step%200 == 0 {
				m.check()
			}
		}
		for k, List := range m.lists {
			for range List {
				m.Remove(k, 0)
			}
		}
		m.check()
		require.Zero(t, m.table.Bytes(), "an empty table holds no memory")
	}
}

func TestListPushAppends(t *testing.T) {
	m := newTableModel(t, 1)
	l := m.Find('x')
	for range 4 {
		m.lists['x'] = append(m.lists['x'], m.body('x'))
		l.Push([]byte(m.lists['x'][len(m.lists['x'])-1]))
	}
	m.check()
}

func TestListMovesToEitherEnd(t *testing.T) {
	m := newTableModel(t, 1)
	l := m.Find('x')
	a, b, c := l.Push([]byte("x1......")), l.Push([]byte("x2......")), l.Push([]byte("x3......"))
	l.Move(c, 0)
	m.lists['x'] = []string{"x3......", "x1......", "x2......"}
	m.same(&l, 'x')
	l.Move(c, b)
	m.lists['x'] = []string{"x1......", "x2......", "x3......"}
	m.same(&l, 'x')
	l.Move(a, 0) // where it is
	l.Move(c, b)
	m.check()
}

// evacuate goes on until there is nothing left to do.
func (m *tableModel) evacuate() {
	for m.table.slab.evac.chunk != 0 || m.table.slab.emptiest() {
		m.table.slab.evacuate(func(r Ref) { m.table.relocate(r) })
	}
}

// A table of which most is gone gives memory back, and loses nothing by it:
// not the order of a list, nor what is marked.
func TestTableCompactKeepsOrderAndFlags(t *testing.T) {
	m := newTableModel(t, 1)
	for range 10 {
		filler := m.table.FindKey([]byte{'!'}, nil)
		filler.Push(append([]byte{'!'}, make([]byte, MaxBody)...))
		for k := byte('a'); k <= 'z'; k++ {
			m.Insert(k)
		}
	}
	var flags []uint8
	each := func(f func(Ref)) {
		for k := byte('a'); k <= 'z'; k++ {
			l := m.Find(k)
			for r := l.Head; r != 0; r = m.table.slab.next(r) {
				f(r)
			}
		}
	}
	each(func(r Ref) {
		flags = append(flags, flagLive|uint8(m.rng.IntN(256)))
		m.table.slab.setFlags(r, flags[len(flags)-1])
	})
	m.evacuate()
	require.Greater(t, m.table.slab.bytes(), 4<<chunkShift, "too little is free")
	for filler := m.table.FindKey([]byte{'!'}, nil); filler.Head != 0; {
		filler.Remove(filler.Head)
	}
	m.evacuate()
	require.LessOrEqual(t, m.table.slab.bytes(), 2<<chunkShift)
	require.LessOrEqual(t, m.table.slab.dead, m.table.slab.live/deadPart+deadMin)
	m.check()
	var after []uint8
	each(func(r Ref) { after = append(after, m.table.slab.flags(r)) })
	require.Equal(t, flags, after)
	m.Insert('a') // at a place that is free
	m.check()
}
