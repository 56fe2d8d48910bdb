package history

import (
	"fmt"
	"hash/maphash"
)

// HeldRows is how many rows of one plugin may come before one that belongs
// before them. With more, it is missing.
const HeldRows = 1 << 16

// recentRows is how many rows are remembered to tell one that comes again from
// another with its number. Older ones are told by their time.
const recentRows = 1 << 10

// lane is the numbered rows of one run of a plugin, put into order.
type lane struct {
	born   int64 // time of the begin that it started with, 0 if that is missing
	older  int64 // rows that are older than that
	lost   gap   // the newest
	start  int64 // the number that it was met with
	next   int64 // the number that the next event has
	begun  bool  // next is known
	behind bool  // it began at a time before others' newest row
	rows   int64 // events so far
	last   int64 // time of the newest row
	before int64 // of the one before it
	high   int64 // the latest time so far
	held   map[int64]*position
	events int      // rows in held that are events
	recent []uint64 // fingerprints, by seq
	times  []int64  // of the same rows
	marks  []int64  // time of each recentRows-th row
	first  int64    // seq of marks[0]
	syncs  map[uint64]bool
	alive  int64            // the last sign of life before another run began, 0 if none did
	done   int              // times asked for that are behind
	tops   map[*Scope]int64 // seq of the newest row of each that went to another lane
}

// gap is numbers that were given up.
type gap struct {
	last int64 // the last of them
	from int64 // ns: behind it they are missing
	text string
}

// living reports whether rows may still come: no other run began, or rows came
// since, as of two plugins in two namespaces.
func (l *lane) living() bool { return l.alive == 0 || l.high > l.alive }

// position is what is held before and at a number.
type position struct {
	syncs []*Row
	event *Row
	rival bool // another event came with its number
}

func newLane() *lane {
	return &lane{held: map[int64]*position{}, syncs: map[uint64]bool{}, tops: map[*Scope]int64{}}
}

var seed = maphash.MakeSeed()

// fingerprint tells rows with one number apart.
func fingerprint(e *digest) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	maphash.WriteComparable(&h, [2]uint64{uint64(e.time), e.key})
	_, _ = h.Write(e.action)
	return h.Sum64()
}

// remember notes an event that is in order.
func (l *lane) remember(e *digest) {
	if l.recent == nil {
		l.recent, l.times, l.first = make([]uint64, recentRows), make([]int64, recentRows), e.seq
	}
	l.recent[uint64(e.seq)%recentRows], l.times[uint64(e.seq)%recentRows] = fingerprint(e), e.time
	for int64(len(l.marks)) <= (e.seq-l.first)/recentRows {
		l.marks = append(l.marks, e.time)
	}
	l.rows++
}

// duplicate reports whether an event was there before, as far as that can be
// told: by itself among the newest, by its time among older ones.
func (l *lane) duplicate(e *digest) bool {
	if l.recent == nil || e.seq >= l.next {
		return false
	}
	if e.seq >= l.next-recentRows && e.seq >= l.first {
		return l.recent[uint64(e.seq)%recentRows] == fingerprint(e)
	}
	i := (e.seq - l.first) / recentRows
	if e.seq < l.first || i+1 >= int64(len(l.marks)) {
		return false
	}
	return l.marks[i] <= e.time && e.time <= l.marks[i+1]
}

// timeBefore is the time up to which the rows before a number that is behind go, or
// one before it.
func (l *lane) timeBefore(seq int64) int64 {
	seq--
	switch {
	case l.recent == nil || seq < l.first:
		return l.born
	case seq >= l.next-recentRows:
		return l.times[uint64(seq)%recentRows]
	}
	return l.marks[(seq-l.first)/recentRows]
}

// at returns what is held at a number.
func (l *lane) at(seq int64) *position {
	p := l.held[seq]
	if p == nil {
		p = &position{}
		l.held[seq] = p
	}
	return p
}

// earliest is the first number at which anything is held.
func (l *lane) earliest() int64 {
	first := int64(-1)
	for seq := range l.held {
		if first < 0 || seq < first {
			first = seq
		}
	}
	return first
}

// missing says which events were not found.
func (l *lane) missing(upTo, when int64) string {
	what := fmt.Sprintf("seq %d is", l.next)
	if upTo > l.next+1 {
		what = fmt.Sprintf("seq %d to %d are", l.next, upTo-1)
	}
	if l.older > 0 {
		what = fmt.Sprintf("%d metrics are older than the begin of their run at %s (the clock was set back, or they are of another run), and %s", l.older, Stamp(l.born), what)
	}
	if l.last == 0 {
		return fmt.Sprintf("%s missing, before %s", what, Stamp(when))
	}
	return fmt.Sprintf("%s missing, between %s and %s", what, Stamp(l.last), Stamp(when))
}
