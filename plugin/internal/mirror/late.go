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
	portID    int64
	body, old []byte
	before    event.Env // what old reads names from, where a link had another when it was told of; nil: as body
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
// which (R17).
func (s *teller) unsure(o rtnl.Object, body []byte) bool {
	unsure := false
	s.refs = rows[o].links(s.refs[:0], body)
	for _, index := range s.refs {
		if !s.links.sure(index) {
			s.late.want(index)
			unsure = true
		}
	}
	return unsure
}

// sureOf reports whether nothing waits and the only link that an object names is
// known: which it is of most routes, and takes no look at the object.
func (s *teller) sureOf(o rtnl.Object, only uint32) bool {
	return only != 0 && o == rtnl.Route && len(s.late.events) == 0 && s.links.sure(only)
}

// hold puts the event at hand off, and reports whether it has to be. The end of
// what has been told of does not wait: it shows the names that were told.
func (s *teller) hold(before event.Env) bool {
	e := &s.ev
	k := lateKey{e.Object, e.Key}
	waits := s.late.keys[k] > 0
	switch {
	case e.Object == rtnl.Link, !waits && e.Action == event.Delete && s.cfg.Track[e.Object],
		!waits && !s.unsure(e.Object, e.New.Body()):
		return false
	}
	held := lateEvent{lateKey: k, action: e.Action, origin: e.Origin, time: e.Time, portID: e.New.PortID, body: slices.Clone(e.New.Body())}
	if e.Action == event.Change {
		held.old, held.before = slices.Clone(e.Old.Body()), before
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
func (s *teller) release() {
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

// deliver reports an event that has waited. What a change has changed is found
// out again: links may be called otherwise by now.
func (s *teller) deliver(l *lateEvent) {
	e := &s.ev
	e.Object, e.Action, e.Origin, e.Time, e.Netns = l.o, l.action, l.origin, l.time, s.cfg.Netns
	e.Key, e.Changed = l.key, bitset.Set{}
	env := s.env(l.o)
	e.New.Reset(l.o, l.body, env)
	e.New.PortID = l.portID
	switch l.action {
	case event.New:
		e.Old.Reset(l.o, nil, env)
	case event.Delete:
		e.Old.Reset(l.o, l.body, env)
	case event.Change:
		if l.before != nil {
			env = l.before
		}
		e.Old.Reset(l.o, l.old, env)
		e.Changed = event.DiffNames(&e.Old, &e.New)
		if f := rows[l.o].renewed; f != nil {
			anew := f(l.old, l.body, l.origin == event.Notify || l.origin == event.Implied)
			e.Changed.Merge(&anew)
		}
		if e.Changed.Empty() {
			return
		}
	}
	s.cfg.Emit(e)
}

// wasCalled is for link index, which has another name than former from now on:
// the first event that waits of an object which has been told of before says so.
func (t *late) wasCalled(o rtnl.Object, index uint32, former string, env event.Env) {
	seen := map[lateKey]bool{}
	for i := range t.events {
		l := &t.events[i]
		if l.o != o || seen[l.lateKey] {
			continue
		}
		seen[l.lateKey] = true
		if l.action != event.Change || !mentions(l.old, index) {
			continue
		}
		now := env
		if l.before != nil {
			now = l.before
		}
		l.before = &formerEnv{now, index, former}
	}
}

// askNames adds the questions for the links that are waited for. Before all
// links have been enumerated there is no need to ask for one.
func (s *teller) askNames() {
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
