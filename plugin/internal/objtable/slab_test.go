package objtable

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// slabModel holds in plain maps what a slab should hold.
type slabModel struct {
	t      *testing.T
	slab   slab
	bodies map[Ref][]byte
	rng    *rand.Rand
}

func newSlabModel(t *testing.T, seed uint64) *slabModel {
	return &slabModel{t: t, bodies: map[Ref][]byte{}, rng: rand.New(rand.NewPCG(seed, 0))}
}

// alloc stores random bytes: mostly of the size of a route, now and then large.
func (m *slabModel) alloc() {
	n := 8 + m.rng.IntN(60)
	switch m.rng.IntN(50) {
	case 0:
		n = 1500 + m.rng.IntN(3000)
	case 1:
		n = MaxBody - m.rng.IntN(8)
	}
	m.store(n)
}

func (m *slabModel) store(n int) Ref {
	body := make([]byte, n)
	for i := range body {
		body[i] = byte(m.rng.Uint32())
	}
	r := m.slab.alloc(body)
	_, twice := m.bodies[r]
	require.False(m.t, twice, "entry %d is given out twice", r)
	m.bodies[r] = body
	return r
}

func (m *slabModel) release(r Ref) {
	m.slab.release(r)
	delete(m.bodies, r)
}

// any returns some live entry.
func (m *slabModel) any() Ref {
	skip := m.rng.IntN(len(m.bodies))
	var found Ref
	m.slab.each(func(r Ref) bool {
		found = r
		skip--
		return skip >= 0
	})
	return found
}

// check compares everything: bodies, the walk, and the counts of bytes.
func (m *slabModel) check() {
	m.t.Helper()
	live, visited := 0, map[Ref]bool{}
	m.slab.each(func(r Ref) bool {
		require.False(m.t, visited[r], "visited twice")
		visited[r] = true
		require.True(m.t, bytes.Equal(m.bodies[r], m.slab.body(r)), "entry %d", r)
		live += entryHeader + (len(m.bodies[r])+3)&^3
		return true
	})
	require.Equal(m.t, len(m.bodies), len(visited))
	require.Equal(m.t, live, m.slab.live)
	require.Equal(m.t, m.freeBytes(), m.slab.dead)
	held := 0
	for _, c := range m.slab.chunks {
		held += len(c)
	}
	require.Equal(m.t, held, m.slab.bytes())
}

// freeBytes walks the free lists.
func (m *slabModel) freeBytes() (n int) {
	for units, r := range m.slab.free {
		for ; r != 0; r = m.slab.next(r) {
			require.Zero(m.t, m.slab.flags(r))
			require.EqualValues(m.t, units*4, m.slab.info(r)&sizeMask)
			n += entryHeader + units*4
		}
	}
	return n
}

func TestSlabHoldsWhatWasStoredThroughRandomUse(t *testing.T) {
	for seed := range uint64(4) {
		m := newSlabModel(t, seed)
		for step := range 3000 {
			if grow := step/500%2 == 0; len(m.bodies) == 0 || m.rng.IntN(10) < 3 != grow {
				m.alloc()
			} else {
				m.release(m.any())
			}
			if step%100 == 0 {
				m.check()
			}
		}
		m.check()
	}
}

func TestSlabReusesFreedEntriesOfTheSameSize(t *testing.T) {
	m := newSlabModel(t, 1)
	first, other := m.store(44), m.store(100)
	m.release(first)
	m.release(other)
	require.Equal(t, first, m.store(43), "sizes count in units of 4 bytes")
	require.Equal(t, other, m.store(100))
	require.Zero(t, m.slab.dead)
	m.check()
}

func TestSlabEntriesNeverCrossAChunk(t *testing.T) {
	m := newSlabModel(t, 1)
	for range 9 {
		m.store(300 << 10) // three fit into a chunk, with a rest
	}
	require.Equal(t, 3<<chunkShift, m.slab.bytes())
	m.check()
	m.store(8) // behind the rest, not in it
	m.check()
}

// Most tables are small.
func TestSlabGrowsWithItsContent(t *testing.T) {
	m := newSlabModel(t, 1)
	for m.slab.bytes() < 1<<chunkShift {
		m.store(8 + m.rng.IntN(100))
		require.LessOrEqual(t, m.slab.bytes(), max(chunkMin, 2*m.slab.top))
	}
	m.check()
}

func TestSlabFillsAChunkToTheLastByte(t *testing.T) {
	m := newSlabModel(t, 1)
	m.store(1<<19 - entryHeader - 4)
	m.store(1<<19 - entryHeader)
	require.Equal(t, 1<<chunkShift, m.slab.bytes())
	require.Equal(t, 1<<chunkShift, m.slab.top)
	m.store(8)
	require.Equal(t, 2<<chunkShift, m.slab.bytes())
	m.check()
}

func TestSlabWalkAllowsReleasing(t *testing.T) {
	m := newSlabModel(t, 7)
	for range 1000 {
		m.alloc()
	}
	n := 0
	m.slab.each(func(r Ref) bool {
		if n++; n%3 == 0 {
			m.release(r)
		}
		return true
	})
	require.Equal(t, 1000, n)
	m.check()
}

func TestSlabWalkStopsWhenAsked(t *testing.T) {
	m := newSlabModel(t, 7)
	for range 10 {
		m.alloc()
	}
	n := 0
	m.slab.each(func(Ref) bool { n++; return n < 4 })
	require.Equal(t, 4, n)
}

// The last entry released gives all chunks back, in the middle of a walk too.
func TestSlabWalkAllowsEmptyingIt(t *testing.T) {
	for _, size := range []int{44, 40_000} {
		m := newSlabModel(t, 7)
		for range 100 {
			m.store(size)
		}
		n := 0
		m.slab.each(func(r Ref) bool {
			n++
			if m.release(r); len(m.bodies) == 0 {
				m.slab = slab{}
			}
			return true
		})
		require.Equal(t, 100, n)
		require.Zero(t, m.slab.bytes())
	}
}

func TestSlabBodyCannotGrowIntoItsNeighbor(t *testing.T) {
	m := newSlabModel(t, 1)
	r := m.store(10)
	m.store(10)
	_ = append(m.slab.body(r), 1, 2, 3)
	m.check()
}

func TestSlabKeepsFlagsApartFromSizeAndNext(t *testing.T) {
	m := newSlabModel(t, 1)
	r := m.store(MaxBody)
	require.EqualValues(t, flagLive, m.slab.flags(r))
	m.slab.setFlags(r, flagLive|Free)
	m.slab.setNext(r, math.MaxUint32)
	require.Equal(t, Ref(math.MaxUint32), m.slab.next(r))
	require.EqualValues(t, flagLive|Free, m.slab.flags(r))
	require.Len(t, m.slab.body(r), MaxBody)
	m.check()
}
