package objtable

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Places are what was added, in whatever way they are kept: one by one, sparse,
// on most pages, and few of many again.
func TestPlacesAreWhatWasAdded(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var p Places
	want := map[Page]int32{}
	Add := func(at Page, d int32) {
		p.Add(at, d)
		if want[at] += d; want[at] == 0 {
			delete(want, at)
		}
	}
	check := func(many, all bool) {
		t.Helper()
		require.Equal(t, want, p.ByPage())
		var pages []Page
		for at := range want {
			pages = append(pages, at)
		}
		require.ElementsMatch(t, pages, p.AppendTo(nil))
		require.Equal(t, many, p.many != nil, "by map")
		require.Equal(t, all, p.all != nil, "by page")
	}
	for at := range Page(fewPlaces) {
		Add(1000*at, 1)
	}
	check(false, false)
	for range 500 {
		Add(Page(rng.IntN(1e6)), 2)
	}
	check(true, false)
	p, want = Places{}, map[Page]int32{}
	for range 5000 {
		Add(Page(rng.IntN(2000)), 1)
	}
	check(false, true)
	pages := slices.Collect(maps.Keys(want))
	for _, at := range pages[20:] {
		Add(at, -want[at])
	}
	check(true, false)
}
