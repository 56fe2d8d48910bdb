package objtable

import (
	"encoding/binary"
)

// evacuation empties chunks of a slab of which too much is free: freed entries
// are used again by entries of the same size only, so that a change of sizes
// leaves memory behind. It goes through one chunk at a time, moving what is live
// elsewhere, a bounded piece after each message. Each step makes room for what a
// few messages leave behind, so that the memory that is free stays a quarter of
// what is in use. The zero value is ready for use.
type evacuation struct {
	chunk  int // the one being emptied, plus 1; 0: none
	at     int // how far it is
	spares []int
}

// The free memory of a slab that is left alone: a part of what is live, and a
// chunk.
const (
	deadPart = 4
	deadMin  = 1 << chunkShift
)

// What one step costs at most: entries looked at, of which one that is moved
// counts as many.
const (
	stepEntries = 2048
	moveEntries = 8
)

// in reports whether entry r is in the chunk that is being emptied.
func (e *evacuation) in(r Ref) bool { return e.chunk != 0 && int(r/chunkUnits) == e.chunk-1 }

// spare returns a chunk that has been given back, -1 if there is none.
func (e *evacuation) spare() int {
	n := len(e.spares)
	if n == 0 {
		return -1
	}
	c := e.spares[n-1]
	e.spares = e.spares[:n-1]
	return c
}

// evacuate goes on for one step. move takes an entry elsewhere and releases it.
func (s *slab) evacuate(move func(Ref)) {
	e := &s.evac
	if e.chunk == 0 && !s.emptiest() {
		return
	}
	for budget := stepEntries; budget > 0; budget-- {
		c := e.chunk - 1
		if e.at+entryHeader > s.meta[c].top {
			s.giveBack(c)
			return
		}
		info := binary.LittleEndian.Uint32(s.chunks[c][e.at+4:])
		r := Ref(c*chunkUnits + e.at/4)
		e.at += entryHeader + int(padded(info&sizeMask))
		switch flags := info >> 24; {
		case flags&flagLive != 0:
			move(r)
			budget -= moveEntries
		case flags&flagLoose == 0:
			s.takeFree(info&sizeMask/4, r)
			s.setFlags(r, flagLoose)
		}
	}
}

// wasteful reports whether evacuate has anything to do.
func (s *slab) wasteful() bool {
	return s.dead*deadPart > s.live+deadPart*deadMin || s.evac.chunk != 0
}

// emptiest begins with the full chunk that has the least live, and reports
// whether that is due.
func (s *slab) emptiest() bool {
	if !s.wasteful() {
		return false
	}
	best := -1
	for c := range s.chunks {
		if c != s.open && s.chunks[c] != nil && (best < 0 || s.meta[c].live < s.meta[best].live) {
			best = c
		}
	}
	if best < 0 {
		return false
	}
	s.evac.chunk, s.evac.at = best+1, firstAt(best)
	return true
}

// giveBack frees a chunk without live entries.
func (s *slab) giveBack(c int) {
	s.dead -= s.meta[c].top - firstAt(c)
	s.held -= len(s.chunks[c])
	s.chunks[c], s.meta[c] = nil, chunkMeta{}
	s.evac.spares = append(s.evac.spares, c)
	s.evac.chunk = 0
}

// relocate moves entry r to another place in the slab, and returns that.
func (t *Table) relocate(r Ref) Ref {
	s := &t.slab
	body := s.body(r)
	l := t.Find(body)
	fresh := s.alloc(body)
	s.setFlags(fresh, s.flags(r))
	if p := l.before(r); p != 0 {
		s.setNext(p, fresh)
	} else {
		l.setHead(fresh)
	}
	s.setNext(fresh, s.next(r))
	t.numbers.moved(r, fresh)
	s.release(r)
	return fresh
}
