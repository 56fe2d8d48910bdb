package namespace

import (
	"time"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Ready is readable when Take may have something to take.
func (s *Set) Ready() <-chan struct{} { return s.queue.Ready() }

// Take handles one item of the queue, and reports whether there was one.
func (s *Set) Take() bool { return s.take(s.Handle) }

// take gives one item of the queue to f, and reports whether there was one.
func (s *Set) take(f func(rtnl.Item)) bool {
	it, ok := s.queue.Get()
	if !ok {
		return false
	}
	defer s.queue.Release(it)
	f(it)
	return true
}

// Handle handles an item, unless its namespace is gone.
func (s *Set) Handle(it rtnl.Item) {
	n := s.list[it.Source]
	if n == nil {
		return
	}
	s.env.Read(n, it)
	s.latest = timeOf(it, s.latest)
	n.handle(it)
}

// Replay handles an item of a recording, and reports whether the namespace is
// there still.
func (n *Namespace) Replay(it rtnl.Item) bool {
	n.set.Handle(it)
	n.state.Wants() // nobody to ask
	n.state.Drivers()
	return n.set.list[n.id] == n
}

// detachPoll is how often space is made for goroutines that end.
const detachPoll = 10 * time.Millisecond

// detach closes the connection of a namespace. Its goroutines may wait for space
// in the queue, so that is emptied meanwhile. What of the namespace is still
// queued is dropped.
func (s *Set) detach(n *Namespace) {
	conn := n.hangUp()
	if conn == nil {
		return
	}
	closed := make(chan struct{})
	go func() { defer close(closed); conn.Close() }()
	for {
		select {
		case <-closed:
			s.discard(n)
			return
		case <-s.queue.Ready():
			s.discard(n)
		case <-time.After(detachPoll):
			s.discard(n)
		}
	}
}

// discard handles what other namespaces have queued, and drops what n has.
func (s *Set) discard(n *Namespace) {
	for s.take(func(it rtnl.Item) {
		if it.Source != n.id {
			s.Handle(it)
		}
	}) {
	}
}

// catchUpTime bounds how long CatchUp waits for the readers.
const catchUpTime = time.Second

// CatchUp handles what the kernel had sent by now, so that it is not lost with
// the sockets.
func (s *Set) CatchUp() {
	waiting := map[int]bool{}
	for _, n := range s.list {
		if n.conn != nil && n.conn.Ask(lastQuestion) {
			waiting[n.id] = true
		}
	}
	end := time.After(catchUpTime)
	for len(waiting) > 0 {
		if !s.take(func(it rtnl.Item) { s.handleLast(it, waiting) }) {
			select {
			case <-s.queue.Ready():
			case <-end:
				return
			}
			continue
		}
		select {
		case <-end:
			return
		default:
		}
	}
}

// handleLast handles an item, unless it is of the answer to the last question:
// its namespace is waited for no longer.
func (s *Set) handleLast(it rtnl.Item, waiting map[int]bool) {
	switch {
	case it.Kind == rtnl.Failed, it.Kind == rtnl.DumpEnd && it.Query == lastQuestion:
		delete(waiting, it.Source)
	case it.Query != lastQuestion:
		s.Handle(it)
	}
}

// Drain handles what is queued, until a given time at most.
func (s *Set) Drain(end time.Time) {
	for time.Now().Before(end) && s.Take() {
	}
}

// Close ends the readers and waits for none. What they have queued stays.
func (s *Set) Close() {
	s.queue.Close()
	for _, n := range s.list {
		if conn := n.hangUp(); conn != nil {
			conn.Close() // does not wait: the queue is closed
		}
	}
	s.names.Close()
}
