package namespace

import (
	"fmt"
	"strings"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Namespace is one network namespace: its connection, its mirror, and what is to
// be asked about it. A Set makes it and has it until it is gone.
type Namespace struct {
	identity
	connection
	questions
	changes
	epoch

	set         *Set
	state       *mirror.State
	complete    bool // everything was answered at least once
	stats       Stats
	snapshotDue bool // the next one is to begin
}

// identity is which namespace it is.
type identity struct {
	// Name is the tag; empty for the only namespace.
	Name string

	id    int    // of the items in the queue
	path  string // of the namespace's file; empty: the process's own
	inode uint64 // of the namespace, to notice another one at the same path; 0: never connected
}

// Stats are totals of a namespace since the start, beside those of its mirror.
type Stats struct {
	Overruns, Resyncs, AuditCorrections, DecodeErrors uint64
}

// State returns the mirror. It is for reading.
func (n *Namespace) State() *mirror.State { return n.state }

// Stats returns the totals.
func (n *Namespace) Stats() Stats { return n.stats }

// Path returns the file of the namespace, empty for the process's own.
func (n *identity) Path() string { return n.path }

// ID returns what items of the queue call the namespace.
func (n *identity) ID() int { return n.id }

// Inode identifies the namespace among those of the machine; 0: it was never
// connected to.
func (n *identity) Inode() uint64 { return n.inode }

// event passes a change of the mirror on.
func (n *Namespace) event(e *event.Event) {
	if e.Object == rtnl.Link {
		n.noteChange(e)
	}
	n.set.handler.Event(n, e)
}

// where names the namespace in front of other text, if there are several.
func (n *identity) where() string {
	if n.Name == "" {
		return ""
	}
	return fmt.Sprintf("namespace %q: ", n.Name)
}

// describe names the namespace and its size, for logs.
func describe(n *Namespace) string {
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
	if open := n.schedule.String(); open != "" {
		return open
	}
	return n.unheard()
}

// unheard says what drivers have been asked for that is not told yet, in words;
// empty: nothing.
func (n *Namespace) unheard() string {
	if open := n.drivers.Pending(); open != "" {
		return open
	}
	if queued, _ := n.set.queue.Usage(); queued > 0 { // perhaps what a driver has said
		return fmt.Sprintf("%d bytes of events are queued", queued)
	}
	return ""
}
