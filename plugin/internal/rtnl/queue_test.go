package rtnl

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// one returns a single datagram of n bytes with its mark.
func one(n int) ([]byte, []Mark) { return make([]byte, n), []Mark{{End: n, Time: 1}} }

func TestQueueKeepsTheOrder(t *testing.T) {
	q := NewQueue(1 << 20)
	q.PutEvents(1, []byte("ab"), []Mark{{1, 10}, {2, 20}})
	q.PutEvents(1, []byte("c"), []Mark{{1, 30}})
	q.Put(Item{Source: 1, Kind: DumpBegin})
	q.PutEvents(1, []byte("d"), []Mark{{1, 40}})
	q.PutEvents(2, []byte("e"), []Mark{{1, 50}})
	q.Put(Item{Source: 2, Kind: Overrun})
	q.PutEvents(2, []byte("f"), []Mark{{1, 60}})

	want := []Item{
		{Source: 1, Data: []byte("abc"), Marks: []Mark{{1, 10}, {2, 20}, {3, 30}}},
		{Source: 1, Kind: DumpBegin},
		{Source: 1, Data: []byte("d"), Marks: []Mark{{1, 40}}},
		{Source: 2, Data: []byte("e"), Marks: []Mark{{1, 50}}},
		{Source: 2, Kind: Overrun},
		{Source: 2, Data: []byte("f"), Marks: []Mark{{1, 60}}},
	}
	for _, w := range want {
		it, ok := q.Get()
		require.True(t, ok)
		require.Equal(t, w, it)
		q.Release(it)
	}
	_, ok := q.Get()
	require.False(t, ok)
}

func TestQueueCopiesEvents(t *testing.T) {
	q := NewQueue(1 << 20)
	data, marks := []byte("ab"), []Mark{{2, 1}}
	q.PutEvents(0, data, marks)
	data[0], marks[0].End = 'x', 7
	it, _ := q.Get()
	require.Equal(t, "ab", string(it.Data))
	require.Equal(t, []Mark{{2, 1}}, it.Marks)
}

func TestQueueItemsOfEventsStaySmall(t *testing.T) {
	q := NewQueue(1 << 30)
	for range 1000 {
		data, marks := one(1000)
		q.PutEvents(0, data, marks)
	}
	n := 0
	for it, ok := q.Get(); ok; it, ok = q.Get() {
		require.LessOrEqual(t, len(it.Data), chunkSize)
		n += len(it.Marks)
		q.Release(it)
	}
	require.Equal(t, 1000, n)
}

func TestQueueTakesADatagramLargerThanAnItem(t *testing.T) {
	q := NewQueue(1 << 20)
	data, marks := one(3 * chunkSize)
	require.True(t, q.PutEvents(0, data, marks))
	it, _ := q.Get()
	require.Len(t, it.Data, 3*chunkSize)
}

// TestQueuePushesBack: each kind of item waits for its own limit, until what
// was taken out is released.
func TestQueuePushesBack(t *testing.T) {
	for name, put := range map[string]func(*Queue) bool{
		"events": func(q *Queue) bool {
			data, marks := one(chunkSize)
			return q.PutEvents(0, data, marks)
		},
		"items of events": func(q *Queue) bool { return q.Put(Item{Data: make([]byte, chunkSize)}) },
		"replies":         func(q *Queue) bool { return q.Put(Item{Kind: DumpData, Data: q.buffer()}) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := NewQueue(dumpLimit)
				var n int
				go func() {
					for range 1000 {
						if put(q) {
							n++
						}
					}
				}()
				synctest.Wait()
				full := n
				require.InDelta(t, dumpLimit/chunkSize, full, 20)
				it, _ := q.Get()
				synctest.Wait()
				require.Equal(t, full, n, "what was not released counts")
				q.Release(it)
				synctest.Wait()
				require.Greater(t, n, full)
				q.Close()
				synctest.Wait()
				require.Less(t, n, full+10, "nothing enters a closed queue")
			})
		})
	}
}

// TestQueueMarksOfTheStreamNeverWait: the owner may have to see them to go on.
func TestQueueMarksOfTheStreamNeverWait(t *testing.T) {
	q := NewQueue(0)
	for _, k := range []Kind{DumpBegin, DumpEnd, Overrun, Failed} {
		require.True(t, q.Put(Item{Kind: k}))
	}
	require.True(t, q.Put(Item{Kind: DumpData, Data: make([]byte, 1)}), "a full queue of events holds no reply back")
}

func TestQueueCloseEndsEveryPut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(0)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { data, marks := one(1); require.False(t, q.PutEvents(0, data, marks)) })
			wg.Go(func() { require.False(t, q.Put(Item{Kind: Events})) })
		}
		synctest.Wait()
		q.Close()
		wg.Wait()
		require.False(t, q.Put(Item{Kind: Overrun}))
		_, ok := q.Get()
		require.False(t, ok)
	})
}

func TestQueueCloseLeavesWhatIsQueued(t *testing.T) {
	q := NewQueue(1)
	q.Put(Item{Kind: Overrun})
	q.Close()
	_, ok := q.Get()
	require.True(t, ok)
}

func TestQueueAccountsForWhatItHolds(t *testing.T) {
	q := NewQueue(1 << 30)
	var items []Item
	for range 10 {
		data, marks := one(chunkSize)
		q.PutEvents(0, data, marks)
	}
	now, peak := q.Usage()
	require.Equal(t, now, peak)
	require.GreaterOrEqual(t, now, 10*chunkSize)
	for it, ok := q.Get(); ok; it, ok = q.Get() {
		items = append(items, it)
	}
	still, _ := q.Usage()
	require.Equal(t, now, still)
	for _, it := range items {
		q.Release(it)
	}
	now, after := q.Usage()
	require.Zero(t, now)
	require.Equal(t, peak, after)
	require.Zero(t, q.dump)
}

// TestQueueCountsMarks: a flood of small datagrams has a mark for each, which
// take as much memory as what they mark.
func TestQueueCountsMarks(t *testing.T) {
	q := NewQueue(1 << 30)
	for range 10000 {
		data, marks := one(16)
		q.PutEvents(0, data, marks)
	}
	now, _ := q.Usage()
	require.GreaterOrEqual(t, now, 10000*(16+16))
	for it, ok := q.Get(); ok; it, ok = q.Get() {
		q.Release(it)
	}
	now, _ = q.Usage()
	require.Zero(t, now)
}

func TestQueueReusesBuffersOfReplies(t *testing.T) {
	q := NewQueue(0)
	b := q.buffer()
	q.Put(Item{Kind: DumpData, Data: b[:100]})
	it, _ := q.Get()
	q.Release(it)
	again := q.buffer()
	require.Len(t, again, chunkSize)
	require.Same(t, &b[0], &again[0])
	q.reuse(again)
	require.Same(t, &b[0], &q.buffer()[0], "what did not go out is used again")
	for range 10 * dumpLimit / chunkSize {
		q.Release(Item{Kind: Overrun, Data: make([]byte, chunkSize)})
	}
	require.LessOrEqual(t, len(q.free), dumpLimit/chunkSize)
}

func TestQueueReadyAfterEachPutToAnEmptyQueue(t *testing.T) {
	q := NewQueue(1)
	for range 3 {
		q.Put(Item{Kind: Overrun})
		select {
		case <-q.Ready():
		default:
			t.Fatal("not ready")
		}
		_, ok := q.Get()
		require.True(t, ok)
	}
}

// TestQueueConcurrentSources: each source's events arrive complete and in
// order, within the limit.
func TestQueueConcurrentSources(t *testing.T) {
	const sources, each, limit = 4, 3000, 8 << 10
	q := NewQueue(limit)
	var wg sync.WaitGroup
	for s := range sources {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(s)))
			for i := range each {
				b := fmt.Appendf(nil, "%d", i)
				if r.IntN(10) == 0 {
					q.Put(Item{Source: s, Kind: DumpBegin, Query: Query{Round: uint32(i)}})
				} else {
					q.PutEvents(s, b, []Mark{{End: len(b)}})
				}
			}
		})
	}
	var next [sources]int
	for left := sources * each; left > 0; {
		it, ok := q.Get()
		if !ok {
			<-q.Ready()
			continue
		}
		switch it.Kind {
		case DumpBegin:
			require.Equal(t, next[it.Source], int(it.Query.Round))
			next[it.Source]++
			left--
		default:
			at := 0
			for _, m := range it.Marks {
				require.Equal(t, fmt.Sprint(next[it.Source]), string(it.Data[at:m.End]))
				next[it.Source]++
				at = m.End
				left--
			}
		}
		q.Release(it)
	}
	wg.Wait()
	_, peak := q.Usage()
	require.LessOrEqual(t, peak, limit+2*chunkSize)
}

// Overruns do not wait for space, so many of them must not take any.
func TestQueueKeepsOneOfSeveralOverrunsInARow(t *testing.T) {
	q := NewQueue(1)
	for range 1000 {
		require.True(t, q.Put(Item{Kind: Overrun, Source: 1}))
	}
	require.True(t, q.Put(Item{Kind: Overrun, Source: 2}))
	require.True(t, q.Put(Item{Kind: Overrun, Source: 1}))
	require.Len(t, q.items, 3)
}
