package mirror

import (
	"runtime"
	"runtime/metrics"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// heap is what is alive after a garbage collection.
type heap struct {
	bytes     int64 // in objects
	scannable int64 // of these, what the next collection has to look at
	held      int64 // from the system
}

func readHeap() heap {
	runtime.GC()
	runtime.GC() // what the first one finalized
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/scan/heap:bytes"},
		{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	metrics.Read(samples)
	v := func(i int) int64 { return int64(samples[i].Value.Uint64()) }
	return heap{bytes: v(0), scannable: v(1), held: v(0) + v(2) + v(3)}
}

func TestAMillionRoutesTakeLittleMemoryAndNoneToScan(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const n = 1_000_000
	before := readHeap()
	s, _ := newLoaded(t, n, nil)
	after := readHeap()
	perRoute := float64(after.bytes-before.bytes) / n
	t.Logf("%.1f heap bytes a route, of which the mirror counts %.1f; %d bytes to scan", perRoute, float64(s.Bytes())/n, after.scannable-before.scannable)
	require.LessOrEqual(t, perRoute, 72.0)
	require.InDelta(t, perRoute, float64(s.Bytes())/n, 2, "Bytes tells what is held")
	require.Less(t, after.scannable-before.scannable, int64(1<<20), "the time of a collection must not grow with the table")
	runtime.KeepAlive(s)
}

// Growing in small steps instead of from a dump leaves nothing behind either.
func TestMemoryOfRoutesAddedOneByOne(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const n = 300_000
	before := readHeap()
	s, r := newLoaded(t, 0, discard)
	for i := range n {
		require.NoError(t, s.Apply(r.message(i, flagsAdd), 1))
	}
	perRoute := float64(readHeap().bytes-before.bytes) / n
	require.LessOrEqual(t, perRoute, 80.0)
	runtime.KeepAlive(s)
}

// Loading and flushing again and again does not grow the mirror.
func TestMemoryIsReusedOrGivenBack(t *testing.T) {
	rounds, n := 20, 500_000
	if testing.Short() {
		rounds, n = 5, 50_000
	}
	s, r := newLoaded(t, 0, discard)
	empty := readHeap()
	var first, last heap
	for round := range rounds {
		enumerate(t, s, r, n)
		require.Equal(t, n, s.Len(rtnl.Route))
		if last = readHeap(); round == 0 {
			first = last
		}
		for i := range n {
			if err := s.Apply(removed(rtnl.Route, r.at(i)), 1); err != nil {
				t.Fatal(err)
			}
		}
		require.Zero(t, s.Len(rtnl.Route))
	}
	t.Logf("%d MB after the first load, %d MB after the last, %d MB when empty again", first.bytes>>20, last.bytes>>20, readHeap().bytes>>20)
	require.Less(t, last.bytes, first.bytes+first.bytes/10)
	require.Less(t, readHeap().bytes, empty.bytes+2<<20, "an empty table holds nothing")
}

// A table that shrinks to a little gives memory back, and so does one whose
// routes have been replaced by longer ones.
func TestMemoryShrinksWithTheTable(t *testing.T) {
	const n = 200_000
	s, r := newLoaded(t, n, discard)
	full := s.Bytes()
	for i := range n - 1000 {
		require.NoError(t, s.Apply(removed(rtnl.Route, r.at(i)), 1))
	}
	require.Less(t, s.Bytes(), full/2)
	require.NoError(t, s.tables[rtnl.Route].Check())
}

func TestReplacedRoutesDoNotPileUp(t *testing.T) {
	const n = 20_000
	s, r := newLoaded(t, n, discard)
	spec := via("10.0.0.0/32", "10.255.0.9", 3)
	spec.mtu = 1400
	long := &routes{spec.body()}
	before := s.Bytes()
	for range 10 {
		for i := range n {
			require.NoError(t, s.Apply(long.message(i, flagsReplace), 1))
		}
		for i := range n {
			require.NoError(t, s.Apply(r.message(i, flagsReplace), 1))
		}
	}
	require.Less(t, s.Bytes(), 3*before)
	require.Equal(t, n, s.Len(rtnl.Route))
}
