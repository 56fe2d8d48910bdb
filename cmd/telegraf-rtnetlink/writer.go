package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/plugins/serializers/influx"
)

// writer writes metrics as line protocol: at once when they come one by one, and
// many with one system call when they come in numbers. They come through the channel
// of run, or by AddNow. Its goroutine is the one that calls run; err may be read when
// run has returned.
type writer struct {
	out     io.Writer
	log     telegraf.Logger
	fail    func()        // called once, when out fails
	flushed time.Time     // when lines were last written
	crowded bool          // many metrics came for the time between the last two writes
	since   atomic.Int64  // when the write under way began, ns; 0: there is none
	ready   chan struct{} // readable when there is something to write

	mu      sync.Mutex
	room    *sync.Cond // there is some in buf, or over is set
	over    bool       // nothing is written any more: what comes is dropped
	lines   influx.Serializer
	buf     []byte            // lines
	spare   []byte            // memory for buf
	n       int               // metrics in buf
	waiting []telegraf.Metric // those of them that are not accepted yet
	told    []telegraf.Metric // memory for waiting
	unfit   uint64            // metrics that line protocol cannot express
	err     error
}

// flushSize is how many bytes are gathered before they are written even though
// more metrics wait. It is the capacity of a pipe (pipe(7)).
const flushSize = 64 << 10

// Where metrics come in less than busy each, several are likely to come within
// gather. One that comes alone is not held up for others.
const (
	busy   = 25 * time.Microsecond
	gather = 100 * time.Microsecond
)

func newWriter(out io.Writer, log telegraf.Logger, fail func()) *writer {
	w := &writer{out: out, log: log, fail: fail, ready: make(chan struct{}, 1),
		buf: make([]byte, 0, flushSize+4096), spare: make([]byte, 0, flushSize+4096)}
	w.room = sync.NewCond(&w.mu)
	return w
}

// AddNow takes a metric that is the caller's again afterwards. Any goroutine may call
// it; it waits while out takes nothing.
func (w *writer) AddNow(m telegraf.Metric) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.buf) >= flushSize && !w.over {
		w.room.Wait()
	}
	if w.over {
		return
	}
	first := len(w.buf) == 0
	if w.append(m); first {
		select {
		case w.ready <- struct{}{}:
		default:
		}
	}
}

// giveUp makes everything be dropped that comes from now on, and nobody wait.
func (w *writer) giveUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.room.Broadcast()
}

// run writes metrics until end is closed and none waits. Once out has failed it
// goes on to receive, so that nobody waits for it, and drops what comes.
func (w *writer) run(metrics <-chan telegraf.Metric, end <-chan struct{}) {
	defer w.giveUp()
	for {
		select {
		case m := <-metrics:
			w.add(m)
			w.write(metrics)
		case <-w.ready:
			w.write(metrics)
		case <-end:
			w.rest(metrics)
			return
		}
	}
}

// rest writes what waits.
func (w *writer) rest(metrics <-chan telegraf.Metric) {
	for {
		select {
		case m := <-metrics:
			w.add(m)
			w.write(metrics)
		default:
			w.flush()
			return
		}
	}
}

// write writes what there is, unless more is about to follow.
func (w *writer) write(metrics <-chan telegraf.Metric) {
	if len(metrics) == 0 && w.crowded {
		pause(gather)
	}
	if len(metrics) == 0 || w.full() {
		w.flush()
	}
}

func (w *writer) full() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.buf) >= flushSize
}

// crowded reports whether n metrics are many for the time in which they came.
func crowded(n int, since time.Duration) bool { return since < busy*time.Duration(n) }

// stuckPoll is how often isStuck looks.
const stuckPoll = 50 * time.Millisecond

// isStuck waits until the writer has ended, which is false, or one write takes
// longer than the patience from now on. Any goroutine may call it.
func (w *writer) isStuck(ended <-chan struct{}, patience time.Duration) bool {
	began := time.Now().UnixNano()
	tick := time.NewTicker(stuckPoll)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return false
		case now := <-tick.C:
			since := w.since.Load()
			if since != 0 && now.UnixNano()-max(since, began) > int64(patience) {
				return true
			}
		}
	}
}

// pause sleeps for a fraction of a millisecond. Where nothing else runs,
// time.Sleep takes a whole one: it ends with epoll_wait(2), which counts those.
func pause(d time.Duration) {
	ts := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&ts, nil) // a signal may end it early
}

// add takes a metric from the channel.
func (w *writer) add(m telegraf.Metric) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.over:
		m.Drop()
	case w.append(m):
		w.waiting = append(w.waiting, m)
	default:
		m.Reject()
	}
}

// append adds the line of a metric, and reports whether it has one.
func (w *writer) append(m telegraf.Metric) bool {
	var ok bool
	if w.buf, ok = appendLine(w.buf, m); !ok {
		line, err := w.lines.Serialize(m)
		if err != nil {
			w.unfitting(err)
			return false
		}
		w.buf = append(w.buf, line...)
	}
	w.n++
	return true
}

// unfitting counts a metric that cannot be written, and logs the first, the
// second, the fourth, the eighth and so on.
func (w *writer) unfitting(err error) {
	w.unfit++
	if w.unfit&(w.unfit-1) == 0 {
		w.log.Errorf("Metric left out, %d so far: %v", w.unfit, err)
	}
}

// flush writes what was added and tells the metrics that they are delivered.
func (w *writer) flush() {
	lines, n, waiting := w.taken()
	if len(lines) == 0 {
		return
	}
	now := time.Now()
	w.crowded = crowded(n, now.Sub(w.flushed))
	w.since.Store(now.UnixNano())
	_, err := w.out.Write(lines)
	w.since.Store(0)
	if err != nil {
		w.err = fmt.Errorf("cannot write metrics: %w", err)
		w.giveUp()
		w.fail()
	}
	for i, m := range waiting {
		if err == nil {
			m.Accept()
		} else {
			m.Drop()
		}
		waiting[i] = nil
	}
	w.spare, w.told, w.flushed = lines[:0], waiting[:0], now
}

// taken empties the buffer, which is added to meanwhile.
func (w *writer) taken() (lines []byte, n int, waiting []telegraf.Metric) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.buf) == 0 {
		return nil, 0, nil
	}
	lines, n, waiting = w.buf, w.n, w.waiting
	w.buf, w.n, w.waiting = w.spare, 0, w.told
	w.room.Broadcast()
	return lines, n, waiting
}
