// Package driver asks the drivers of links what rtnetlink has no attribute for:
// speed and duplex.
//
// It asks by ethtool's netlink, which is there in every namespace, answers by the
// link's index and needs no privilege; sysfs shows the namespace in which it was
// mounted, by names. The kernel calls the driver while it holds its RTNL lock, so
// more than one question at a time would only wait for each other.
//
// A driver may take seconds, or never answer. Nobody waits for that: questions are
// noted, one goroutine for each namespace asks them while there are any, and what it
// learns goes where the kernel's messages go.
package driver

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

const (
	// gap is the least time between two questions about a link: a carrier that
	// flaps is asked about now and then, and once more when it has settled.
	gap = 100 * time.Millisecond
	// nap is the least time for which it is waited that a gap ends, for the sake
	// of many links.
	nap = gap / 5
	// maxMute bounds how many drivers are remembered that have nothing to say.
	maxMute = 1 << 16
)

// Asker asks the drivers of one namespace. New makes one. Any goroutine may use it;
// a nil one asks nobody.
type Asker struct {
	socket asked
	tell   func(message []byte) bool
	closed chan struct{}

	mu     sync.Mutex
	wanted map[uint32]rtnl.DriverQuestion
	asked  map[uint32]time.Time // when, of those that it may be too early to ask again
	mute   map[uint32]bool      // links whose drivers do not answer such questions
	busy   bool                 // there is a goroutine
}

// asked is who answers.
type asked interface {
	ask(index uint32) (rtnl.Driver, error)
	Close() error
}

// New returns an Asker for the network namespace of a descriptor, 0 for the
// process's own. It gives answers to tell, as messages (rtnl.DriverQuestion), from a
// goroutine of its own; tell may block, and reports whether more are wanted.
func New(netns int, tell func(message []byte) bool) (*Asker, error) {
	s, err := dial(netns)
	if err != nil {
		return nil, err
	}
	return newAsker(s, tell), nil
}

func newAsker(socket asked, tell func([]byte) bool) *Asker {
	return &Asker{
		socket: socket, tell: tell, closed: make(chan struct{}),
		wanted: map[uint32]rtnl.DriverQuestion{}, asked: map[uint32]time.Time{}, mute: map[uint32]bool{},
	}
}

// Ask notes a question, in the place of one about the same link that waits. It
// returns at once.
func (a *Asker) Ask(q rtnl.DriverQuestion) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if q.Anew {
		delete(a.mute, q.Index)
	}
	if a.mute[q.Index] {
		return
	}
	a.wanted[q.Index] = q
	if !a.busy {
		a.busy = true
		go a.work()
	}
}

// Close ends asking. It does not wait for a driver, and what that one says will be
// told to nobody.
func (a *Asker) Close() {
	if a == nil {
		return
	}
	close(a.closed)
	_ = a.socket.Close() // nothing is lost by a failure to close
}

// Pending says what has not been answered, in words for tests and logs; empty:
// nothing.
func (a *Asker) Pending() string {
	if a == nil {
		return ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.busy {
		return ""
	}
	return fmt.Sprintf("the drivers of %d links and one more", len(a.wanted))
}

// work asks until nothing is wanted.
func (a *Asker) work() {
	for {
		q, wait, ok := a.next(time.Now())
		switch {
		case !ok:
			return
		case wait > 0:
			if !a.sleep(wait) {
				return
			}
		default:
			a.ask(q)
		}
	}
}

// sleep reports whether there was time for it.
func (a *Asker) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-a.closed:
		return false
	}
}

// next takes a question whose time has come, or says how long to wait for one. ok is
// false where there is none, or nobody to ask any more.
func (a *Asker) next(now time.Time) (q rtnl.DriverQuestion, wait time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.isClosed() {
		return q, 0, false
	}
	for index, q := range a.wanted {
		due := gap - now.Sub(a.asked[index])
		if due <= 0 {
			delete(a.wanted, index)
			a.asked[index] = now
			return q, 0, true
		}
		if wait == 0 || due < wait {
			wait = due
		}
	}
	a.forget(now)
	a.busy = len(a.wanted) > 0
	return q, max(wait, nap), a.busy
}

// forget forgets when links were asked for that may be asked again.
func (a *Asker) forget(now time.Time) {
	for index, at := range a.asked {
		if now.Sub(at) >= gap {
			delete(a.asked, index)
		}
	}
}

func (a *Asker) isClosed() bool {
	select {
	case <-a.closed:
		return true
	default:
		return false
	}
}

// ask asks a driver and passes its answer on. One that cannot answer such questions
// is not asked again; where it fails, as that of a link that ends does, nothing is
// known that was not.
func (a *Asker) ask(q rtnl.DriverQuestion) {
	answer, err := a.socket.ask(q.Index)
	switch {
	case errors.Is(err, unix.EOPNOTSUPP):
		a.silence(q.Index)
	case err == nil && !a.isClosed():
		a.tell(q.Answer(answer))
	}
}

// silence remembers that the driver of a link has nothing to say.
func (a *Asker) silence(index uint32) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.mute) >= maxMute {
		clear(a.mute)
	}
	a.mute[index] = true
}
