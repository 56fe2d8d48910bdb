package mirror

import (
	"slices"

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
