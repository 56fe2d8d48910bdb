// Package who names the process behind a netlink port id, where that can be told
// for certain.
//
// A port id is a process id only by convention: the kernel gives the first socket
// of a process its id, as the process's own pid namespace has it, and any other
// a number that is none; a program may choose what it likes. The process may be
// gone, and its id another's. So a name is given only where
//
//   - the process lives, in the initial pid namespace, and began before the
//     request was seen,
//   - it is in the network namespace of the request, and there a route socket has
//     the port id,
//   - that socket is its own, where that may be looked at, or no process of a
//     nested pid namespace goes by the number.
//
// Nothing here needs a privilege, but those of other users in other namespaces
// are only named to root.
package who

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxPID is above any process id (PID_MAX_LIMIT, linux/threads.h).
const maxPID = 4 << 20

// What an answer is good for, and how many are found out in a second: a storm of
// short-lived programs does not hold the caller up.
const (
	fresh      = time.Second
	perSecond  = 200
	maxAnswers = 4096
)

// Resolver names processes. New makes one; it is used by one goroutine.
type Resolver struct {
	proc    proc
	answers map[question]answer
	budget  *rate.Limiter
	nested  nested
}

// question is what a name depends on.
type question struct {
	port  uint32
	netns uint64 // inode, 0: the own one
}

type answer struct {
	name  string
	until time.Time
}

// New returns a resolver that reads /proc.
func New() *Resolver {
	r := &Resolver{proc: "/proc", answers: map[question]answer{}, budget: rate.NewLimiter(perSecond, perSecond)}
	r.nested.refresh(r.proc)
	return r
}

// Name returns the name of the process whose request in a network namespace (its
// inode, 0 for the own one) was seen at a time, empty where that is not certain.
// It reads a few files of /proc at most once a second for each port id.
func (r *Resolver) Name(port uint32, netns uint64, seen time.Time) string {
	if port == 0 || port >= maxPID {
		return ""
	}
	now := time.Now()
	q := question{port, netns}
	if a, ok := r.answers[q]; ok && now.Before(a.until) {
		return a.name
	}
	if !r.budget.AllowN(now, 1) {
		return ""
	}
	if r.nested.old(now) {
		go r.nested.refresh(r.proc)
	}
	if len(r.answers) >= maxAnswers {
		clear(r.answers)
	}
	name := r.find(q, seen)
	r.answers[q] = answer{name, now.Add(fresh)}
	return name
}

// find looks the process up.
func (r *Resolver) find(q question, seen time.Time) string {
	p := r.proc.process(q.port)
	began, ok := p.began()
	if !ok || began > clock(seen) || !p.inNetns(q.netns) {
		return ""
	}
	ids, name := p.status()
	if name == "" || len(ids) == 0 || ids[len(ids)-1] != q.port {
		return ""
	}
	inode := p.routeSocket(q.port)
	if inode == "" {
		return ""
	}
	switch p.owns(inode) {
	case no:
		return ""
	case unknown:
		if len(ids) != 1 || !r.proc.initial() || r.nested.has(q.port) {
			return ""
		}
	}
	if again, ok := p.began(); !ok || again != began {
		return "" // another one by now
	}
	return name
}

// nested is which numbers processes go by in nested pid namespaces. Any
// goroutine may use it.
type nested struct {
	mu   sync.Mutex
	ids  map[uint32]bool // nil: not known yet
	when time.Time
	busy bool
}

// scanGap is how old the numbers may be.
const scanGap = 2 * time.Second

func (n *nested) old(now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return !n.busy && now.Sub(n.when) > scanGap
}

// has reports whether there may be a process that goes by an id.
func (n *nested) has(id uint32) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.ids == nil || n.ids[id]
}

func (n *nested) refresh(p proc) {
	n.mu.Lock()
	if n.busy {
		n.mu.Unlock()
		return
	}
	n.busy = true
	n.mu.Unlock()
	ids := p.nestedIDs()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ids, n.when, n.busy = ids, time.Now(), false
}
