package rtnl

import (
	"sync"
	"unsafe"
)

// Kind says what an Item carries.
type Kind uint8

// The kinds of items.
const (
	Events    Kind = iota // Data: datagrams of the event socket; Marks: their ends and times
	DumpBegin             // the request for Query goes out after every event queued before
	DumpData              // Data: one datagram of the reply to Query
	DumpEnd               // the reply is complete, and so are the events it can have raced with
	Overrun               // the kernel dropped events at this point of the stream
	Failed                // the sockets are of no use any more; Err says why
	Gone                  // the namespace is no longer followed; the owner's, for recordings
)

// Mark ends one datagram within an Item's Data.
type Mark struct {
	End  int   // offset behind the datagram's last byte
	Time int64 // when it was read, ns since the epoch
}

// Item is one element of the stream from reader to owner.
type Item struct {
	Source int // which connection, as given to Dial
	Kind   Kind
	Data   []byte
	Marks  []Mark
	Query  Query
	Time   int64 // of every kind but Events: when it was put, ns since the epoch
	// Interrupted is set on DumpEnd when the kernel said NLM_F_DUMP_INTR.
	Interrupted bool
	Err         error
}

// size returns the bytes that it keeps: small datagrams take as much for their
// marks as for themselves.
func (it *Item) size() int { return cap(it.Data) + cap(it.Marks)*int(unsafe.Sizeof(Mark{})) }

const (
	chunkSize = 64 << 10 // an Item of events grows to this
	dumpLimit = 4 << 20  // bytes of replies read ahead of the owner
)

// Queue is the bounded stream between the readers of all namespaces and the
// one owner. Put may be called by any goroutine and blocks while the queue is
// full, which pushes back into the socket's receive buffer; Get and Release are
// the owner's. Use NewQueue.
type Queue struct {
	limit int
	ready chan struct{}

	mu     sync.Mutex
	space  *sync.Cond
	items  []Item
	bytes  int // of events
	dump   int // of replies
	peak   int
	closed bool
	free   [][]byte
}

// NewQueue returns a queue that holds up to limit bytes of events; 0: none.
func NewQueue(limit int) *Queue {
	q := &Queue{limit: limit, ready: make(chan struct{}, 1)}
	q.space = sync.NewCond(&q.mu)
	return q
}

// Ready is readable when the queue may have become non-empty.
func (q *Queue) Ready() <-chan struct{} { return q.ready }

// Put appends it and takes over its slices. It blocks while the queue is full
// and returns false once the queue is closed.
func (q *Queue) Put(it Item) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed && q.full(it.Kind) {
		q.space.Wait()
	}
	if q.closed {
		return false
	}
	if it.Kind == Overrun && q.endsWithOverrun(it.Source) {
		return true // a loss right behind a loss: the owner would do the same twice
	}
	q.items = append(q.items, it)
	q.account(it.Kind, it.size())
	q.signal()
	return true
}

// endsWithOverrun reports whether the last item is an overrun of source. Marks
// of the stream never wait for space, so without this a flood would fill the
// queue of an owner that is held back with them.
func (q *Queue) endsWithOverrun(source int) bool {
	last := len(q.items) - 1
	return last >= 0 && q.items[last].Kind == Overrun && q.items[last].Source == source
}

// PutEvents appends datagrams of source, whose ends are marks, copying data.
// It blocks and returns as Put does.
func (q *Queue) PutEvents(source int, data []byte, marks []Mark) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed && q.full(Events) {
		q.space.Wait()
	}
	if q.closed {
		return false
	}
	it := q.tail(source, len(data))
	before, base := it.size(), len(it.Data)
	it.Data = append(it.Data, data...)
	for _, m := range marks {
		it.Marks = append(it.Marks, Mark{End: base + m.End, Time: m.Time})
	}
	q.account(Events, it.size()-before)
	q.signal()
	return true
}

// tail returns the last item if n more bytes of source's events fit, else a new one.
func (q *Queue) tail(source, n int) *Item {
	if last := len(q.items) - 1; last >= 0 {
		it := &q.items[last]
		if it.Kind == Events && it.Source == source && len(it.Data)+n <= chunkSize {
			return it
		}
	}
	q.items = append(q.items, Item{Source: source, Kind: Events})
	return &q.items[len(q.items)-1]
}

// Get removes the first item. ok is false when the queue is empty.
func (q *Queue) Get() (it Item, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return Item{}, false
	}
	it = q.items[0]
	q.items[0] = Item{}
	q.items = q.items[1:]
	return it, true
}

// Release gives the memory of an item from Get back. Until then it counts as queued.
func (q *Queue) Release(it Item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.account(it.Kind, -it.size())
	q.recycle(it.Data)
	q.space.Broadcast()
}

// recycle keeps b for buffer, if it is of that size and few are kept.
func (q *Queue) recycle(b []byte) {
	if cap(b) == chunkSize && len(q.free) < dumpLimit/chunkSize {
		q.free = append(q.free, b[:chunkSize])
	}
}

// reuse takes back what buffer returned and did not go out with Put.
func (q *Queue) reuse(b []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.recycle(b)
}

// buffer returns chunkSize bytes for a datagram that goes out with Put.
func (q *Queue) buffer() []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.free); n > 0 {
		b := q.free[n-1]
		q.free = q.free[:n-1]
		return b
	}
	return make([]byte, chunkSize)
}

// Close makes every Put, waiting or to come, return false.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.space.Broadcast()
}

// Usage returns the bytes of events queued now and at most so far.
func (q *Queue) Usage() (now, peak int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes, q.peak
}

// full reports whether an item of kind k has to wait. Marks of the stream never do.
func (q *Queue) full(k Kind) bool {
	switch k {
	case Events:
		return q.bytes >= q.limit
	case DumpData:
		return q.dump >= dumpLimit
	}
	return false
}

func (q *Queue) account(k Kind, n int) {
	switch k {
	case Events:
		q.bytes += n
		q.peak = max(q.peak, q.bytes)
	case DumpData:
		q.dump += n
	}
}

func (q *Queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}
