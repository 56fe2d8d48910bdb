package mirror

import (
	"slices"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// late are the events that wait for the name of a link. The kernel tells of some
// objects before it tells of their link: the forwarding entries that a new
// bridge has of itself, and all of them while the links are enumerated. The
// state is in the mirror at once; only what is said of it waits, until the link
// is known or the kernel has been asked and knows none, which is so where making
// a link has failed half-way. Events of one object keep their order. The zero
// value is ready for use.
type late struct {
	events  []lateEvent
	size    int               // bytes in events
	keys    map[lateKey]int   // how many events wait, by object
	waiting map[uint32]*asked // links that are waited for
	gather  bool              // several names become certain: release comes after the last
}

// lateMax and lateBytes bound what waits. Beyond, it goes as it is.
const (
	lateMax   = 1 << 16
	lateBytes = 16 << 20
)

type lateKey struct {
	o   rtnl.Object
	key uint64
}

// lateEvent is an event.Event with memory of its own.
type lateEvent struct {
	lateKey
	action    event.Action
	origin    event.Origin
	time      int64
	changed   bitset.Set
	portID    int64
	body, old []byte
}

// asked is a link that is waited for.
type asked struct {
	question bool // the kernel has been asked
	owed     bool // another link has been told of without its name
}

func (t *late) want(index uint32) *asked {
	if t.waiting == nil {
		t.waiting = map[uint32]*asked{}
	}
	a := t.waiting[index]
	if a == nil {
		a = &asked{}
		t.waiting[index] = a
	}
	return a
}

// owe notes that a link has been told of without the name of link index.
func (t *late) owe(index uint32) { t.want(index).owed = true }

// paid notes that the name of link index is not owed any more.
func (t *late) paid(index uint32) {
	if a := t.waiting[index]; a != nil {
		a.owed = false
	}
}

// waits reports whether anything waits for link index.
func (t *late) waits(index uint32) bool { return t.waiting[index] != nil }

// soughtBy returns the links that are waited for and that a question is about.
func (t *late) soughtBy(q rtnl.Query) (list []uint32) {
	switch {
	case q.Object != rtnl.Link:
	case q.One:
		list = append(list, q.Ifindex)
	default:
		for index, a := range t.waiting {
			if a.question {
				list = append(list, index)
			}
		}
		slices.Sort(list)
	}
	return list
}

// settled forgets that link index is waited for, and reports whether its name is
// owed.
func (t *late) settled(index uint32) (owed bool) {
	owed = t.waiting[index].owed
	delete(t.waiting, index)
	return owed
}

// pending reports whether an event of an object waits. key is only called where
// any does.
func (t *late) pending(o rtnl.Object, key func() uint64) bool {
	return len(t.keys) > 0 && t.keys[lateKey{o, key()}] > 0
}

// unsure reports whether an object names a link that is not known, and notes
// which.
func (s *State) unsure(o rtnl.Object, body []byte) bool {
	unsure := false
	eachRef(o, body, func(index uint32) bool {
		if !s.links.sure(index) {
			s.late.want(index)
			unsure = true
		}
		return true
	})
	return unsure
}

// hold puts the event at hand off, and reports whether it has to be.
func (s *State) hold() bool {
	e := &s.ev
	k := lateKey{e.Object, e.Key}
	if e.Object == rtnl.Link || s.late.keys[k] == 0 && !s.unsure(e.Object, e.New.Body()) {
		return false
	}
	held := lateEvent{k, e.Action, e.Origin, e.Time, e.Changed, e.New.PortID, slices.Clone(e.New.Body()), nil}
	if e.Action == event.Change {
		held.old = slices.Clone(e.Old.Body())
	}
	t := &s.late
	if t.keys == nil {
		t.keys = map[lateKey]int{}
	}
	t.events = append(t.events, held)
	t.size += len(held.body) + len(held.old)
	t.keys[k]++
	if len(t.events) > lateMax || t.size > lateBytes {
		s.Settle()
	}
	return true
}

// release delivers the events that need not wait any longer.
func (s *State) release() {
	t := &s.late
	if len(t.events) == 0 {
		return
	}
	list := t.events
	blocked := map[lateKey]bool{}
	t.events, t.size, t.keys = nil, 0, nil
	for i := range list {
		e := &list[i]
		if !blocked[e.lateKey] && !s.unsure(e.o, e.body) {
			s.deliver(e)
			continue
		}
		blocked[e.lateKey] = true
		if t.keys == nil {
			t.keys = map[lateKey]int{}
		}
		t.events = append(t.events, *e)
		t.size += len(e.body) + len(e.old)
		t.keys[e.lateKey]++
	}
}

func (s *State) deliver(l *lateEvent) {
	e := &s.ev
	e.Object, e.Action, e.Origin, e.Time, e.Netns = l.o, l.action, l.origin, l.time, s.cfg.Netns
	e.Key, e.Changed = l.key, l.changed
	e.New.Reset(l.o, l.body, s.env(l.o))
	e.New.PortID = l.portID
	e.Old.Reset(l.o, l.old, s.env(l.o))
	if l.action == event.Delete {
		e.Old.Reset(l.o, l.body, s.env(l.o))
	}
	s.cfg.Emit(e)
}

// askNames adds the questions for the links that are waited for. Before all
// links have been enumerated there is no need to ask for one.
func (s *State) askNames() {
	if !s.links.listed {
		return
	}
	for index, a := range s.late.waiting {
		if !a.question {
			a.question = true
			s.want(rtnl.Query{Object: rtnl.Link, Ifindex: index, One: true})
		}
	}
}
