package bitset

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// listed returns the members by Next.
func listed(s Set) (list []int) {
	for n := s.Next(0); n >= 0; n = s.Next(n + 1) {
		list = append(list, n)
	}
	return list
}

func TestSetIsWhatAMapWouldBe(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var sets [2]Set
		var maps [2][Size]bool
		for i := range sets {
			assert.True(t, sets[i].Empty())
			for range r.IntN(Size) {
				n := r.IntN(Size)
				sets[i].Add(n)
				maps[i][n] = true
			}
		}
		var both, either, first []int
		for n := range Size {
			assert.Equal(t, maps[0][n], sets[0].Has(n), n)
			assert.Equal(t, len(first), sets[0].Below(n), n)
			if maps[0][n] {
				first = append(first, n)
			}
			if maps[0][n] && maps[1][n] {
				both = append(both, n)
			}
			if maps[0][n] || maps[1][n] {
				either = append(either, n)
			}
		}
		assert.Equal(t, first, listed(sets[0]))
		assert.Equal(t, both, listed(sets[0].And(&sets[1])))
		assert.Equal(t, len(both) > 0, sets[0].Meets(&sets[1]))
		assert.Equal(t, len(first) == 0, sets[0].Empty())
		sets[0].Merge(&sets[1])
		assert.Equal(t, either, listed(sets[0]))
	}
}

func TestEachNumberHasABitOfItsOwn(t *testing.T) {
	for n := range Size {
		s := Of(n)
		assert.False(t, s.Empty(), n)
		assert.Equal(t, []int{n}, listed(s))
		assert.Equal(t, -1, s.Next(n+1))
	}
	assert.Equal(t, Of(0, 63, 64, 255), Of(255, 64, 63, 0))
	assert.True(t, slices.Equal([]int{0, 63, 64, 255}, listed(Of(64, 255, 0, 63))))
}

func TestNumbersOutsidePanic(t *testing.T) {
	var s Set
	for _, n := range []int{-1, Size} {
		assert.Panics(t, func() { s.Add(n) }, n)
		assert.Panics(t, func() { s.Has(n) }, n)
	}
}
