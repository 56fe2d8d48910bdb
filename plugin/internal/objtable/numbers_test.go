package objtable

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNumbersOfAList adds, replaces and removes the objects of one key at
// random, with compaction between, and holds the numbers to their promise.
func TestNumbersOfAList(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	tab := New(0, func(dst, body []byte) []byte { return append(dst, body[0]) })
	sizes := func() []byte { return make([]byte, 8+4*rng.IntN(3)) }
	numberOf := map[Ref]uint32{}
	for range 5000 {
		l := tab.Find(sizes())
		var entries []Ref
		for r := l.Head; r != 0; r = tab.slab.next(r) {
			entries = append(entries, r)
		}
		switch n := len(entries); {
		case n == 0 || n < 200 && rng.IntN(5) < 2:
			free := uint32(0)
			for slices.Contains(values(numberOf), free) {
				free++
			}
			r := l.Insert(0, sizes())
			require.Equal(t, free, tab.numbers.get(r))
			numberOf[r] = free
		case rng.IntN(2) == 0:
			r := entries[rng.IntN(n)]
			number := numberOf[r]
			delete(numberOf, r)
			numberOf[l.Replace(r, sizes())] = number
		default:
			r := entries[rng.IntN(n)]
			l.Remove(r)
			delete(numberOf, r)
		}
		for r, number := range numberOf {
			require.Equal(t, number, tab.numbers.get(r), fmt.Sprint(r))
		}
		if len(numberOf) == 0 {
			require.Empty(t, tab.numbers.of)
			require.Empty(t, tab.numbers.used)
		}
	}
}

func values[K comparable, V any](m map[K]V) (out []V) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}
