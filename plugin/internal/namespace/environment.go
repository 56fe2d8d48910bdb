package namespace

import (
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Environment is what a Set has around it: a living system, or what a recording
// has instead. Its methods are called on the goroutine that calls the Set's.
type Environment interface {
	Logger
	// Wall returns what time it is, in ns, where nothing waits in the queue;
	// latest is the time of the item handled last.
	Wall(latest int64) int64
	// Read is told of each item before it is handled.
	Read(n *Namespace, it rtnl.Item)
}

// Logger takes what a person should know.
type Logger interface {
	Errorf(format string, args ...any)
	Warnf(format string, args ...any)
	Infof(format string, args ...any)
	Debugf(format string, args ...any)
}

// Handler takes what becomes known of the namespaces. Its methods are called on
// the goroutine that calls the Set's.
type Handler interface {
	// Event takes a change, whose views are good until it returns.
	Event(n *Namespace, e *event.Event)
	// Batch calls f, in which Event is called any number of times.
	Batch(f func())
	// Stamp returns a timestamp for what happened at wall, in ns.
	Stamp(wall int64) int64
	// Sync takes a moment of an epoch, the reason for it and its timestamp.
	Sync(n *Namespace, moment, reason string, stamp int64)
	// Milestone is told what became of a namespace.
	Milestone(n *Namespace, m Milestone)
	// Lost is told that an event will not come that others may wait for.
	Lost()
	// Defect takes a panic, with what follows from it. It is called by a deferred
	// function, while the stack is still there.
	Defect(what string, p any)
}

// Milestone is what became of a namespace.
type Milestone uint8

// The milestones.
const (
	Started  Milestone = iota // it was enumerated for the first time
	Overran                   // the kernel dropped messages
	Resynced                  // it was enumerated after that
)
