package objtable

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A message moves a bounded number of entries, and all of them together come to
// an end.
func TestCompactionGoesInSmallSteps(t *testing.T) {
	m := newSlabModel(t, 1)
	for range 100_000 {
		m.slab.alloc(make([]byte, 56))
	}
	n := 0
	m.slab.each(func(r Ref) bool {
		if n++; n%5 != 0 {
			m.slab.release(r)
		}
		return true
	})
	held, live, steps := m.slab.bytes(), m.slab.live, 0
	for ; m.slab.evac.chunk != 0 || m.slab.emptiest(); steps++ {
		moved := 0
		m.slab.evacuate(func(r Ref) {
			moved++
			m.slab.alloc(m.slab.body(r))
			m.slab.release(r)
		})
		require.LessOrEqual(t, moved, stepEntries/moveEntries)
	}
	require.Greater(t, steps, 20)
	require.Equal(t, live, m.slab.live)
	require.LessOrEqual(t, m.slab.bytes(), live+live/deadPart+3<<chunkShift)
	require.Less(t, m.slab.bytes(), held)
}
