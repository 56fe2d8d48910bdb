package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/plugins/serializers/influx"
)

// writer writes metrics as line protocol: at once when they come one by one, and
// many with one system call when they come in numbers. Its goroutine is the one
// that calls run; err may be read when run has returned.
type writer struct {
	out     io.Writer
	log     telegraf.Logger
	fail    func() // called once, when out fails
	lines   influx.Serializer
	buf     []byte
	waiting []telegraf.Metric // of buf, not accepted yet
	flushed time.Time         // when buf was last written
	crowded bool              // many metrics came for the time between the last two writes
	unfit   uint64            // metrics that line protocol cannot express
	err     error
	since   atomic.Int64 // when the write under way began, ns; 0: there is none
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
	return &writer{out: out, log: log, fail: fail, buf: make([]byte, 0, flushSize+4096)}
}

// run writes metrics until end is closed and none waits. Once out has failed it
// goes on to receive, so that nobody waits for it, and drops what comes.
func (w *writer) run(metrics <-chan telegraf.Metric, end <-chan struct{}) {
	for {
		select {
		case m := <-metrics:
			w.take(m, metrics)
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
			w.take(m, metrics)
		default:
			return
		}
	}
}

// take adds m and writes it, unless others are about to follow.
func (w *writer) take(m telegraf.Metric, metrics <-chan telegraf.Metric) {
	w.add(m)
	if len(metrics) == 0 && w.crowded {
		pause(gather)
	}
	if len(metrics) == 0 || len(w.buf) >= flushSize {
		w.flush()
	}
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

func (w *writer) add(m telegraf.Metric) {
	if w.err != nil {
		m.Drop()
		return
	}
	var ok bool
	if w.buf, ok = appendLine(w.buf, m); !ok {
		line, err := w.lines.Serialize(m)
		if err != nil {
			w.reject(m, err)
			return
		}
		w.buf = append(w.buf, line...)
	}
	w.waiting = append(w.waiting, m)
}

// reject counts a metric that cannot be written, and logs the first, the
// second, the fourth, the eighth and so on.
func (w *writer) reject(m telegraf.Metric, err error) {
	m.Reject()
	w.unfit++
	if w.unfit&(w.unfit-1) == 0 {
		w.log.Errorf("Metric left out, %d so far: %v", w.unfit, err)
	}
}

// flush writes what was added and tells the metrics that they are delivered.
func (w *writer) flush() {
	if len(w.buf) == 0 {
		return
	}
	now := time.Now()
	w.crowded = crowded(len(w.waiting), now.Sub(w.flushed))
	w.since.Store(now.UnixNano())
	_, err := w.out.Write(w.buf)
	w.since.Store(0)
	if err != nil {
		w.err = fmt.Errorf("cannot write metrics: %w", err)
		w.fail()
	}
	for i, m := range w.waiting {
		if w.err == nil {
			m.Accept()
		} else {
			m.Drop()
		}
		w.waiting[i] = nil
	}
	w.buf, w.waiting, w.flushed = w.buf[:0], w.waiting[:0], now
}
