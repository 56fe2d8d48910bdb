package plugin

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/agent"

	"telegraf-rtnetlink/plugin/internal/strict"
)

// consumer stands for Telegraf: it takes what comes through the accumulator,
// checks what holds for every event, and keeps the state that the events tell.
type consumer struct {
	t    testing.TB
	ch   chan telegraf.Metric
	done chan struct{}
	hold sync.Mutex // locked: no metric is taken

	mu     sync.Mutex
	more   chan struct{} // closed and replaced when a metric comes
	events []telegraf.Metric
	others []telegraf.Metric
	count  map[string]int // of events by origin
	stream *strict.Stream
	time   time.Time
	forget bool                       // events are not kept
	reject func(telegraf.Metric) bool // those that are not taken, but reported as not delivered; nil: none
	loose  bool                       // the test loses, drops or changes metrics
}

func newConsumer(t testing.TB) *consumer {
	s := &consumer{
		t: t, ch: make(chan telegraf.Metric, 100), done: make(chan struct{}), more: make(chan struct{}),
		count: map[string]int{}, stream: strict.NewStream(),
	}
	go s.run()
	return s
}

// accumulator is Telegraf's own.
func (s *consumer) accumulator() telegraf.Accumulator { return agent.NewAccumulator(testMaker{}, s.ch) }

// run ends when the channel is closed.
func (s *consumer) run() {
	defer close(s.done)
	for m := range s.ch {
		s.hold.Lock()
		taken := s.take(m)
		s.hold.Unlock()
		if taken {
			m.Accept()
		} else {
			m.Reject()
		}
	}
}

// take takes a metric, and reports whether it did.
func (s *consumer) take(m telegraf.Metric) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reject != nil && s.reject(m) {
		return false
	}
	close(s.more)
	s.more = make(chan struct{})
	if !s.stream.Take(m.Name(), m.Tags(), m.Fields()) {
		s.others = append(s.others, m)
		return true
	}
	if !m.Time().After(s.time) {
		s.t.Errorf("time %v is not after %v: %v", m.Time(), s.time, m)
	}
	s.time = m.Time()
	s.count[tag(m, "origin")]++
	if !s.forget {
		s.events = append(s.events, m)
	}
	return true
}

// of returns the state of a namespace.
func (s *consumer) of(netns string) *strict.Consumer { return s.stream.Of(netns) }

// restart is for another instance, or the same after Stop: its events count
// from 1 and tell of everything.
func (s *consumer) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events, s.others, s.count, s.stream = nil, nil, map[string]int{}, strict.NewStream()
}

// see calls f with the consumer locked.
func (s *consumer) see(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// since returns the events after the n-th.
func (s *consumer) since(n int) (out []telegraf.Metric) {
	s.see(func() { out = append(out, s.events[n:]...) })
	return out
}

// mark returns the number of events so far.
func (s *consumer) mark() (n int) {
	s.see(func() { n = len(s.events) })
	return n
}

// origins returns how many events there were of an origin.
func (s *consumer) origins(origin string) (n int) {
	s.see(func() { n = s.count[origin] })
	return n
}

// wait waits until f, called with the consumer locked, is content.
func (s *consumer) wait(what string, f func() bool) {
	s.t.Helper()
	timeout := time.After(patience)
	for {
		s.mu.Lock()
		ok, more := f(), s.more
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-more:
		case <-timeout:
			s.t.Fatalf("missing: %s", what)
		}
	}
}

func tag(m telegraf.Metric, key string) string {
	v, _ := m.GetTag(key)
	return v
}

func field(m telegraf.Metric, key string) any {
	v, _ := m.GetField(key)
	return v
}

// has reports whether m has the values that pairs name, as tags or fields;
// "name" is the measurement without its prefix.
func has(m telegraf.Metric, pairs ...any) bool {
	for i := 0; i < len(pairs); i += 2 {
		key, want := pairs[i].(string), pairs[i+1]
		if n, ok := want.(int); ok {
			want = int64(n)
		}
		got := field(m, key)
		if key == "name" {
			got = strings.TrimPrefix(m.Name(), "rtnetlink_")
		} else if m.HasTag(key) {
			got = tag(m, key)
		}
		if got != want {
			return false
		}
	}
	return true
}

// pick returns those of list that have the values that pairs name.
func pick(list []telegraf.Metric, pairs ...any) (out []telegraf.Metric) {
	for _, m := range list {
		if has(m, pairs...) {
			out = append(out, m)
		}
	}
	return out
}

// lines spells metrics for a report.
func lines(list []telegraf.Metric) (out []string) {
	for _, m := range list {
		out = append(out, fmt.Sprint(m.Name(), m.Tags(), m.Fields()))
	}
	return out
}

// waitEvent waits for an event after the n-th and returns it.
func (s *consumer) waitEvent(n int, pairs ...any) (m telegraf.Metric) {
	s.t.Helper()
	s.wait(fmt.Sprint(pairs...), func() bool {
		for ; n < len(s.events); n++ {
			if m = s.events[n]; has(m, pairs...) {
				return true
			}
		}
		return false
	})
	return m
}
