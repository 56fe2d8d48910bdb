package objtable

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// indexModel drives an index beside a map from ref to hash.
type indexModel struct {
	t     *testing.T
	index index
	refs  map[Ref]uint32
	list  []Ref // the keys of refs, for random choice
	next  Ref
}

func newIndexModel(t *testing.T) *indexModel { return &indexModel{t: t, refs: map[Ref]uint32{}} }

func (m *indexModel) insert(hash uint32) {
	m.next++
	m.index.insert(hash, m.next)
	m.refs[m.next] = hash
	m.list = append(m.list, m.next)
}

// remove removes the i-th entry.
func (m *indexModel) remove(i int) {
	r := m.list[i]
	at := m.find(r)
	require.NotEqual(m.t, -1, at, "entry %d is lost", r)
	m.index.remove(at)
	delete(m.refs, r)
	m.list[i] = m.list[len(m.list)-1]
	m.list = m.list[:len(m.list)-1]
}

func (m *indexModel) find(r Ref) int {
	return m.index.find(m.refs[r], func(have Ref) bool { return have == r })
}

// check looks up every entry, and some that are not there.
func (m *indexModel) check() {
	m.t.Helper()
	require.Equal(m.t, len(m.refs), m.index.n)
	for r, hash := range m.refs {
		at := m.find(r)
		require.NotEqual(m.t, -1, at, "entry %d is lost", r)
		require.Equal(m.t, slot{hash, r}, *m.index.at(at))
		require.Equal(m.t, -1, m.index.find(hash, func(Ref) bool { return false }))
	}
	used := 0
	for _, s := range slices.Concat(m.index.slots, m.index.old) {
		if s.Ref != 0 {
			used++
		}
	}
	require.Equal(m.t, len(m.refs), used)
}

// hashes are distributions: spread out, all alike, crowded at either end, so
// that runs wrap around, and few.
var hashes = map[string]func(*rand.Rand) uint32{
	"random":   func(r *rand.Rand) uint32 { return r.Uint32() },
	"equal":    func(*rand.Rand) uint32 { return 0x80000000 },
	"low end":  func(r *rand.Rand) uint32 { return r.Uint32N(4) },
	"high end": func(r *rand.Rand) uint32 { return 1<<32 - 1 - r.Uint32N(1<<24) },
	"few":      func(r *rand.Rand) uint32 { return r.Uint32N(5) << 29 },
}

func TestIndexFindsWhatIsThereThroughRandomUse(t *testing.T) {
	for name, hash := range hashes {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			m := newIndexModel(t)
			for step := range 2500 {
				if grow := step/250%2 == 0; len(m.list) == 0 || rng.IntN(10) < 3 != grow {
					m.insert(hash(rng))
				} else {
					m.remove(rng.IntN(len(m.list)))
				}
				if step%50 == 0 {
					m.check()
				}
			}
			for len(m.list) > 0 {
				m.remove(rng.IntN(len(m.list)))
			}
			m.check()
		})
	}
}

func TestIndexHandsOutNothingWhileEmpty(t *testing.T) {
	var x index
	require.Equal(t, -1, x.find(7, func(Ref) bool { return true }))
	require.Zero(t, x.bytes())
}

func TestIndexKeepsEqualHashesApart(t *testing.T) {
	m := newIndexModel(t)
	for range 5 {
		m.insert(42)
	}
	m.check()
	m.remove(2)
	m.check()
}

// A run of entries at the end goes on at the start; removing one of it must
// pull the others back over the end.
func TestIndexClosesGapsAcrossTheEnd(t *testing.T) {
	for gap := range 6 {
		m := newIndexModel(t)
		for range 6 {
			m.insert(1<<32 - 1)
		}
		m.insert(0) // displaced by the run
		require.NotZero(t, m.index.slots[0].Ref)
		m.remove(gap)
		m.check()
	}
}

func TestIndexGrowsByHalfAndShrinks(t *testing.T) {
	m := newIndexModel(t)
	rng := rand.New(rand.NewPCG(3, 4))
	var most int
	for range 10_000 {
		m.insert(rng.Uint32())
		require.LessOrEqual(t, m.index.n*5, len(m.index.slots)*4)
		most = max(most, len(m.index.slots))
	}
	require.Less(t, most, 10_000*2, "never more than about half empty")
	for len(m.list) > 100 {
		m.remove(rng.IntN(len(m.list)))
	}
	require.LessOrEqual(t, len(m.index.slots), 8*100+indexMin)
	m.check()
}

// A large index gets its sizes in pieces: no change looks at more than a few slots
// and the run behind them, and what is looked for meanwhile is there.
func TestALargeIndexChangesItsSizeInSmallSteps(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	m := newIndexModel(t)
	insert := func() { m.insert(rng.Uint32()) }
	remove := func() { m.remove(rng.IntN(len(m.list))) }
	for len(m.list) < atOnce {
		insert()
	}
	moving, most := 0, 0
	change := func(f func()) {
		before := m.index.left
		f()
		if moved := before - m.index.left; moved > 0 {
			moving++
			most = max(most, moved)
			if r := m.list[rng.IntN(len(m.list))]; m.find(r) == -1 {
				require.Fail(t, "lost", "entry %d", r)
			}
			if moving%1000 == 0 {
				m.check()
			}
		}
	}
	for len(m.list) < 3*atOnce {
		change(insert)
		if rng.IntN(3) == 0 {
			change(remove)
		}
	}
	for len(m.list) > atOnce/8 {
		change(remove)
		if rng.IntN(5) == 0 {
			change(insert)
		}
	}
	m.check()
	require.Greater(t, moving, 1000, "it is moved in pieces")
	require.Less(t, most, 1000, "slots at a time")
}

func TestIndexOrdersHomesByHash(t *testing.T) {
	x := make(slots, 1000)
	last := 0
	for hash := uint64(0); hash < 1<<32; hash += 1 << 20 {
		h := x.home(uint32(hash))
		require.GreaterOrEqual(t, h, last)
		last = h
	}
	require.Zero(t, x.home(0))
	require.Equal(t, 999, x.home(1<<32-1))
}
