// Package mirror holds the kernel's networking state of one namespace and says
// what each message changes in it.
//
// The kernel does not announce all it does: routes over a link that goes down,
// members of nexthop groups and more vanish silently. The mirror applies the
// kernel's own rules at the message that causes them, and asks for a narrow dump
// to make sure (Wants). A dump is a fuzzy read: its records can be older than
// events that came before them, and lack objects that were there all the time;
// dump.go says what may be believed of one.
//
// The rules are those of kernel.md, cited by their numbers (R24).
//
// There is one mechanism for all classes (package objtable): a key made from the
// message, a list of objects with that key, and the raw bytes as the
// value. Whatever the package does not know of an object it keeps.
//
// Nothing here does I/O, starts goroutines or reads a clock. A State must be
// used by one goroutine at a time.
package mirror

import (
	"fmt"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Config says what to hold and where changes go.
type Config struct {
	Netns string // passed on in every event
	// Report, Track: which classes give events, and of which the state is held.
	// A class that is reported but not tracked has neither old values nor
	// queries. Classes that others depend on are held in any case.
	Report, Track [rtnl.NumObjects]bool
	// Initial: the classes whose first enumeration gives events.
	Initial [rtnl.NumObjects]bool
	// Keep decides about objects by their body; nil keeps all. It must be
	// a function of the key: objects with one key are kept all or none.
	Keep func(o rtnl.Object, body []byte) bool
	// Show decides about the routes that are kept, by what may differ under one
	// key; nil shows all. A route that is not shown may be held all the same,
	// where it can turn into one that is. What changes from one into the other
	// is reported as an end or a beginning.
	Show func(route []byte) bool
	// Emit gets each change after it is in the mirror. The event and its
	// bytes are valid during the call; it must not change the mirror.
	Emit func(*event.Event)
}

// Counts are totals since New.
type Counts struct {
	Messages  uint64 // applied, of the classes held or reported
	Unknown   uint64 // deletions of objects that the mirror did not have
	Resync    uint64 // changes found by dumps, the first enumeration left out
	Implied   uint64 // changes by the kernel's rules
	Ignored   uint64 // messages that are no objects of ours
	Refreshed uint64 // messages without a difference
}

// State is the mirror of one namespace. New makes one.
//
// It is made of three layers: the objects, and what is known from their being
// there; what tells of them; and here what changes them. The classes (class.go)
// say which changes a message makes, and dump says what a dump does.
type State struct {
	teller
	dump *dump // nil: none under way
	// How often in a row a question was answered while its class changed.
	restless    map[rtnl.Query]int
	oneDatagram int
	shaded      map[string]uint32 // lists of routes, by their keys, of which a group may hide some from dumps: their tables

	drivers []rtnl.DriverQuestion

	freed   uint32 // the classes, bit by bit, that may have memory to compact
	notices uint32 // how many there were
	last    cause  // of the last new nexthop object
	scratch []byte // the body before a change
	former  []byte // a link before a change
	part    []byte // an object taken out of a message
	canon   []byte // a body in the form that is held
}

// cause identifies the request behind a message.
type cause struct{ pid, seq uint32 }

// New returns an empty mirror.
func New(cfg Config) *State {
	s := &State{restless: map[rtnl.Query]int{}, oneDatagram: oneDatagram, shaded: map[string]uint32{}}
	s.begin(cfg)
	return s
}

// Counts returns the totals so far.
func (s *State) Counts() Counts { return s.counts }

// Apply takes one message of the event socket, read at time now (ns). It
// returns an error that wraps rtnl.ErrMalformed for bytes that make no sense:
// then nothing is changed, and the class in question is in doubt.
func (s *State) Apply(m rtnl.Message, now int64) error {
	o, del, ok := rtnl.ObjectOf(m.Type)
	if !ok || !s.cfg.Track[o] && !s.cfg.Report[o] {
		s.counts.Ignored++
		return nil
	}
	if o == rtnl.Notice {
		return s.passNotice(m, now)
	}
	if err := s.check(o, m.Body); err != nil {
		return err
	}
	s.counts.Messages++
	s.now, s.pid = now, m.PID
	if o.Several() {
		return s.applyParts(o, del, m)
	}
	s.apply(o, del, m)
	return nil
}

// applyParts applies a message of a class whose messages tell of several objects.
func (s *State) applyParts(o rtnl.Object, del bool, m rtnl.Message) (err error) {
	none := true
	s.part, err = o.Parts(m.Body, s.part, func(body []byte) {
		m.Body, none = body, false
		s.msg.Hold(o, body)
		s.apply(o, del, m)
	})
	if none && err == nil {
		s.counts.Ignored++
	}
	return err
}

// apply takes what a message says of one object.
func (s *State) apply(o rtnl.Object, del bool, m rtnl.Message) {
	if !s.cfg.Track[o] {
		s.origin = event.Notify
		s.pass(o, del, m.Body)
		return
	}
	m.Body = s.canonical(o, m.Body)
	s.dump.arrive(o, m.Body)
	s.origin = event.Notify
	if del {
		rows[o].deleted(s, m)
	} else {
		rows[o].announced(s, m)
	}
	s.compact()
}

// canonical returns the message at hand, body, in the form that is held.
func (s *State) canonical(o rtnl.Object, body []byte) []byte {
	held := rows[o].canonical(s, s.index(o, body))
	if !s.msg.Of(o, held) {
		s.msg.Hold(o, held)
	}
	return held
}

// check refuses what could not be an object of class o.
func (s *State) check(o rtnl.Object, body []byte) error {
	valid := s.msg.Hold(o, body)
	switch {
	case len(body) < o.HeaderLen():
		return fmt.Errorf("%w: %s of %d bytes, the fixed part alone has %d", rtnl.ErrMalformed, o, len(body), o.HeaderLen())
	case len(body) > objtable.MaxBody:
		return fmt.Errorf("%w: %s of %d bytes", rtnl.ErrMalformed, o, len(body))
	case !valid:
		return fmt.Errorf("%w: %s whose attributes do not add up", rtnl.ErrMalformed, o)
	}
	return nil
}

// pass reports a message of a class that is not held.
func (s *State) pass(o rtnl.Object, del bool, body []byte) {
	if !rows[o].object(body) || !s.keep(o, body) || !s.shows(o, body) {
		return
	}
	if del {
		s.emit(o, event.Delete, 0, body)
	} else {
		s.emit(o, event.New, 0, body)
	}
}

// Wants returns what the mirror wants to be asked to make sure of a silent
// change, and forgets it. The caller coalesces equal queries.
func (s *State) Wants() []rtnl.Query {
	s.askNames()
	w := s.wants
	s.wants = nil
	return w
}
