// Package who names the process behind a netlink port id, where that can be told
// for certain.
//
// A port id is a process id only by convention: the kernel gives the first socket
// of a process its id, as the process's own pid namespace has it, and any other
// a number that is none; a program may choose what it likes. The process may be
// gone, and its id another's. So a name is given only where
//
//   - the process lives, goes by the number in its own pid namespace too, and began
//     before the request was seen,
//   - it is in the network namespace of the request, and there a route socket has
//     the port id,
//   - it has that socket open, and no other process has, or only such that are
//     called the same: which of them asked cannot be told (a socket that children
//     have from their parent, one that systemd passes to a service).
//
// Nothing here needs a privilege, but whose socket it is the kernel shows to the
// user of the process alone, and to those who may look at any process. Of those that
// the program may not look at, the children of the process count as such that have
// the socket. What is not seen: one that shared it and ended before it was looked
// for, one that got it since, for the time of shared, and one that a process which has
// just begun gave it to that began before.
package who

import (
	"time"

	"golang.org/x/time/rate"
)

// maxPID is above any process id (PID_MAX_LIMIT, linux/threads.h).
const maxPID = 4 << 20

// What an answer is good for, and how many are found out in a second: a storm of
// short-lived programs does not hold the caller up. Who else has the socket is looked
// for less often, and in so many files of processes a second at most: where that is
// too few, there is no name.
const (
	fresh      = time.Second
	shared     = 10 * time.Second
	young      = 10 * time.Second // hands a socket to what it starts, if at all
	perSecond  = 200
	files      = 8192
	maxAnswers = 4096
	maxNamed   = 64 // those with a name have a file open
)

// Resolver names processes. New makes one; it is used by one goroutine.
type Resolver struct {
	proc    proc
	answers map[question]*answer
	budget  *rate.Limiter
	files   *rate.Limiter
	named   int // answers that have a name
}

// question is what a name depends on.
type question struct {
	port  uint32
	netns uint64 // inode, 0: the own one
}

type answer struct {
	command *command // nil: in doubt
	checked int64    // up to when it stands, Unix ns
	until   time.Time
	sharing
}

// sharing is whether only the process has its socket.
type sharing struct {
	inode string
	began time.Duration // the process
	alone bool
	again time.Time // when it is looked for
}

// New returns a resolver that reads /proc.
func New() *Resolver {
	return &Resolver{proc: "/proc", answers: map[question]*answer{},
		budget: rate.NewLimiter(perSecond, perSecond), files: rate.NewLimiter(files, maxFiles)}
}

// Name returns the name of the process whose request in a network namespace (its
// inode, 0 for the own one) was seen at a time, empty where that is not certain.
// It reads a few files of /proc at most once a second for each port id, the open files
// of all processes every ten, and one to see whether a name still stands.
func (r *Resolver) Name(port uint32, netns uint64, seen time.Time) string {
	if port == 0 || port >= maxPID {
		return ""
	}
	now := time.Now()
	q := question{port, netns}
	var last sharing
	if a := r.answers[q]; a != nil {
		if now.Before(a.until) && a.stands(seen, now) {
			return a.name()
		}
		last = a.sharing
		r.forget(q)
	}
	if !r.budget.AllowN(now, 1) {
		return ""
	}
	if len(r.answers) >= maxAnswers || r.named >= maxNamed {
		for q := range r.answers {
			r.forget(q)
		}
	}
	a := &answer{checked: now.UnixNano(), until: now.Add(fresh)}
	r.find(a, q, seen)
	if a.command != nil && !r.isAlone(a, q, last, now) {
		a.command.close()
		a.command = nil
	}
	r.answers[q] = a
	if a.command != nil {
		r.named++
	}
	return a.name()
}

// isAlone reports whether no process that is called otherwise has the socket, too.
func (r *Resolver) isAlone(a *answer, q question, last sharing, now time.Time) bool {
	if last.inode == a.inode && last.began == a.began && now.Before(last.again) {
		a.sharing = last
		return last.alone
	}
	if !r.files.AllowN(now, 1) {
		return false
	}
	l := newLook(r.proc, a.inode)
	isYoung := clock(now)-a.began < young && r.proc.isLast(q.port)
	a.alone, a.again = l.alone(q.port, a.command, isYoung), now.Add(shared)
	r.files.ReserveN(now, min(maxFiles, maxFiles-l.left)) // what it took counts against the next
	return a.alone
}

// forget drops an answer.
func (r *Resolver) forget(q question) {
	if c := r.answers[q].command; c != nil {
		c.close()
		r.named--
	}
	delete(r.answers, q)
}

// stands reports whether an answer is one for a request seen at a time as well. What
// was seen before the last look needs none.
func (a *answer) stands(seen, now time.Time) bool {
	if a.command == nil || seen.UnixNano() <= a.checked {
		return true
	}
	a.checked = now.UnixNano()
	return a.command.stands()
}

func (a *answer) name() string {
	if a.command == nil {
		return ""
	}
	return a.command.name
}

// find looks the process up; a keeps no command where it is not certain which one
// it is.
func (r *Resolver) find(a *answer, q question, seen time.Time) {
	p := r.proc.process(q.port)
	began, ok := p.began()
	if !ok || began > clock(seen) || !p.inNetns(q.netns) || !p.isCalled(q.port) {
		return
	}
	name := p.command()
	if name == nil {
		return
	}
	inode := p.routeSocket(q.port)
	if inode != "" {
		if has, _ := newLook(r.proc, inode).owns(p); has && name.stands() {
			if again, ok := p.began(); ok && again == began { // no other one by now
				a.command, a.inode, a.began = name, inode, began
				return
			}
		}
	}
	name.close()
}
