package namespace

import (
	"fmt"
	"strings"
	"time"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Namespace is one network namespace: its connection, its mirror, and what is to
// be asked about it. A Set makes it and has it until it is gone.
type Namespace struct {
	// Name is the tag; empty for the only namespace.
	Name string

	set   *Set
	id    int    // of the items in the queue
	path  string // of the namespace's file; empty: the process's own
	inode uint64 // of the namespace, to notice another one at the same path; 0: never connected
	state *mirror.State
	conn  *rtnl.Conn // nil: not connected
	await reconnection

	recorded func(rtnl.Query) bool // whether a recording has what is asked for; nil: all
	schedule schedule
	round    uint32 // of the questions whose answers are still of use
	pass     pass
	answers  answers
	complete bool // everything was answered at least once
	epoch    epoch
	stats    Stats
	changed  map[uint32]int64 // when each link last changed, ns

	snapshotDue bool // the next one is to begin
}

// Stats are totals of a namespace since the start, beside those of its mirror.
type Stats struct {
	Overruns, Resyncs, AuditCorrections, DecodeErrors uint64
}

// answers is which full queries were answered at least once.
type answers struct {
	listed  map[rtnl.Query]bool // at all
	settled map[rtnl.Query]bool // so that nothing was left open
}

// State returns the mirror. It is for reading.
func (n *Namespace) State() *mirror.State { return n.state }

// Stats returns the totals.
func (n *Namespace) Stats() Stats { return n.stats }

// Path returns the file of the namespace, empty for the process's own.
func (n *Namespace) Path() string { return n.path }

// ID returns what items of the queue call the namespace.
func (n *Namespace) ID() int { return n.id }

// Inode identifies the namespace among those of the machine; 0: it was never
// connected to.
func (n *Namespace) Inode() uint64 { return n.inode }

// Connected reports whether there are sockets in the namespace.
func (n *Namespace) Connected() bool { return n.conn != nil }

// ReceiveBuffer returns the size in bytes of the event socket's buffer, 0 where
// there is none.
func (n *Namespace) ReceiveBuffer() int {
	if n.conn == nil {
		return 0
	}
	return n.conn.ReceiveBuffer()
}

// LastChange returns when a link changed last, in ns, and whether it did since it
// was first enumerated.
func (n *Namespace) LastChange(link uint32) (at int64, ok bool) {
	at, ok = n.changed[link]
	return at, ok
}

// Outdated reports whether the answer to a question is one that nobody waits for
// any more.
func (n *Namespace) Outdated(q rtnl.Query) bool { return q.Round < n.round }

// event passes a change of the mirror on.
func (n *Namespace) event(e *event.Event) {
	if e.Object == rtnl.Link {
		n.noteChange(e)
	}
	n.set.handler.Event(n, e)
}

// noteChange remembers when a link changed.
func (n *Namespace) noteChange(e *event.Event) {
	index := rtnl.LinkMsg(e.New.Body()).Index()
	if e.Action == event.Delete {
		delete(n.changed, index)
	} else if e.Origin != event.Dump {
		n.changed[index] = e.Time
	}
}

// where names the namespace in front of other text, if there are several.
func (n *Namespace) where() string {
	if n.Name == "" {
		return ""
	}
	return fmt.Sprintf("namespace %q: ", n.Name)
}

// describe names the namespace and its size, for logs.
func (n *Namespace) describe() string {
	var words []string
	for _, o := range rtnl.Listed {
		if !o.Stateless() {
			words = append(words, fmt.Sprintf("%d %s", n.state.Len(o), o.Plural()))
		}
	}
	return n.where() + strings.Join(words, ", ")
}

// Pending says what was asked or is to be asked, in words for tests and logs;
// empty: nothing.
func (n *Namespace) Pending() string {
	if n.conn == nil {
		return "no connection: " + n.Name
	}
	if n.pass.left != nil {
		return fmt.Sprintf("a pass with %d questions left", len(n.pass.left))
	}
	return n.schedule.String()
}

// Asking reports whether a question is under way.
func (n *Namespace) Asking() bool { return n.schedule.underway() }

// Ask asks q at a given time, however soon that is after the last.
func (n *Namespace) Ask(q rtnl.Query, at time.Time) { n.schedule.at(q, at) }
