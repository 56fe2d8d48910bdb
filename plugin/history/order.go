package history

import (
	"fmt"
	"maps"
	"slices"
)

// The rows of a lane that come before those that belong before them.

// laneFor returns the lane that a row of scope c with a number belongs to: its
// own, unless no event of c has come yet and the number is the next of another
// namespace's lane, which is then one plugin's; at is the time of the row.
func (p *Replay) laneFor(s *sender, c *Scope, seq, at int64) *lane {
	l := c.lane
	if l != nil && (seq == l.next || c.rows > 0) {
		return l
	}
	for _, other := range slices.Backward(s.lanes) {
		if other.begun && other.next == seq && other.living() && at >= other.born {
			return p.move(s, c, other)
		}
	}
	if l == nil && len(s.lanes) > 0 && s.lanes[len(s.lanes)-1].next <= seq {
		l = s.lanes[len(s.lanes)-1]
	}
	if l == nil {
		l = s.addLane()
	}
	if !l.begun {
		l.begun, l.start, l.next = true, seq, seq
	}
	return c.join(l)
}

// move makes l the lane of c, with what waits for c in the lane so far.
func (p *Replay) move(s *sender, c *Scope, l *lane) *lane {
	old := c.lane
	c.join(l)
	if old == nil || old == l {
		return l
	}
	p.lacks(c, l)
	mine := func(r *Row) bool { return string(r.tag("netns")) == c.Netns }
	for _, seq := range slices.Sorted(maps.Keys(old.held)) {
		at := old.held[seq]
		for _, r := range at.syncs {
			if mine(r) && seq > l.next {
				to := l.at(seq)
				to.syncs = append(to.syncs, r)
			} else if mine(r) {
				p.moment(s, c, l, r)
				p.lacks(c, l)
			}
		}
		at.syncs = slices.DeleteFunc(at.syncs, mine)
		if at.event != nil && mine(at.event) {
			if seq >= l.next {
				l.at(seq).take(l, at)
			} else { // l went on without it
				c.fail(Gap, fmt.Sprintf("seq %d came when it had been given up", seq), min(at.event.Time, l.high+1))
			}
			at.event = nil
			old.events--
		}
		if len(at.syncs) == 0 && at.event == nil {
			delete(old.held, seq)
		}
	}
	return l
}

// lacks fails c if its epoch began before l did, has rows in l that came before its
// begin, or if l gave up numbers since: some may have been of c.
func (p *Replay) lacks(c *Scope, l *lane) {
	switch {
	case l.start > c.first || c.top >= c.first && c.rows == 0:
		c.fail(Gap, fmt.Sprintf("the begin of the epoch of %s comes behind its first metrics", Stamp(c.born)), c.now.From)
	case l.lost.last >= c.first:
		c.fail(Gap, l.lost.text, l.lost.from+1)
	}
}

// rival says why the next event of l may be of another run: one of a lane that
// is newer, though it was met before l, and has the same number. Empty: it may not.
func (s *sender) rival(l *lane, e *digest) string {
	for _, o := range s.lanes {
		if o != l && o.begun && o.next == e.seq && o.high > l.high && e.time >= o.high {
			return fmt.Sprintf("seq %d at %s is of the run that began at %s or of one whose newest metric is of %s: the clock was set back, or files are not in their order",
				e.seq, Stamp(e.time), Stamp(l.born), Stamp(o.high))
		}
	}
	return ""
}

// take moves the event of another lane's position here, where none waits yet.
func (p *position) take(l *lane, from *position) {
	p.rival = p.rival || from.rival || p.event != nil
	if p.event == nil {
		p.event = from.event
		l.events++
	}
}

// gather takes the next event of l out of the lane of a namespace whose lane is
// not certain yet, and reports whether there was one.
func (p *Replay) gather(s *sender, l *lane) bool {
	if len(s.lanes) == 1 || len(s.scopes) == 1 {
		return false
	}
	for _, c := range s.scopes {
		if c.rows > 0 || c.lane == nil || c.lane == l || c.lane.events == 0 {
			continue
		}
		if at := c.lane.held[l.next]; at != nil && at.event != nil && string(at.event.tag("netns")) == c.Netns {
			p.move(s, c, l)
			return true
		}
	}
	return false
}

// hold keeps a copy of an event's row until those before it have come.
func (p *Replay) hold(s *sender, l *lane, r *Row, seq int64) {
	at := l.at(seq)
	if at.event != nil {
		p.Counts.Duplicates++
		at.rival = at.rival || !at.event.repeats(r)
		return
	}
	at.event = r.clone()
	l.events++
	if l.events > HeldRows {
		p.loss(s, l)
	}
}

// loss gives up waiting for the rows before the first that is held.
func (p *Replay) loss(s *sender, l *lane) {
	seq := l.earliest()
	if seq < l.next {
		p.late(s, l, seq)
		return
	}
	if at := l.held[seq]; seq > l.next {
		when := int64(0)
		if len(at.syncs) > 0 {
			when = at.syncs[0].Time
		} else {
			when = at.event.Time
		}
		if l.begun {
			text := l.missing(seq, when)
			l.lost = gap{seq - 1, l.last, text}
			for _, c := range s.scopes {
				if c.lane == l {
					c.fail(Gap, text, l.last+1)
					p.told(c, when, text)
				}
			}
		}
		l.next = seq
	}
	p.drain(s, l)
}

// late applies what is held at a number that is behind.
func (p *Replay) late(s *sender, l *lane, seq int64) {
	at := l.held[seq]
	delete(l.held, seq)
	for _, r := range at.syncs {
		p.moment(s, p.scope(s, r.tag("netns"), r.Time), l, r)
	}
	if at.event == nil {
		return
	}
	l.events--
	e := &p.digest
	p.dict.digest(at.event, e, true)
	if e.class = p.class(string(at.event.Measurement[len(prefix):])); at.rival || !l.duplicate(e) {
		p.mixed(s, p.scope(s, e.netns, e.time), l, e)
	}
}

// drain applies what is held and now in turn.
func (p *Replay) drain(s *sender, l *lane) {
	for len(l.held) > 0 || p.gather(s, l) {
		seq := l.next
		at := l.held[seq]
		if at == nil {
			if p.gather(s, l) {
				continue
			}
			return
		}
		for len(at.syncs) > 0 {
			r := at.syncs[0]
			at.syncs = at.syncs[1:]
			p.moment(s, p.scope(s, r.tag("netns"), r.Time), l, r)
		}
		r := at.event
		delete(l.held, seq)
		if r == nil {
			return
		}
		l.events--
		e := &p.digest
		p.dict.digest(r, e, true)
		e.class = p.class(string(r.Measurement[len(prefix):]))
		if c := p.scope(s, e.netns, e.time); c.lane == l && !at.rival {
			p.apply(c, l, e)
		} else { // it went on in another lane meanwhile, or which of two it is cannot be told
			l.next++
			p.mixed(s, c, l, e)
		}
	}
}

// flush gives up waiting for any row of a lane: another run begins.
func (p *Replay) flush(s *sender, l *lane) {
	for len(l.held) > 0 {
		p.loss(s, l)
	}
}

// join makes l the lane of c, which may have had rows in it before.
func (c *Scope) join(l *lane) *lane {
	if c.lane != l {
		if c.lane != nil {
			c.high = max(c.high, c.lane.high)
			c.lane.tops[c] = c.top
		}
		c.lane, c.rows, c.top = l, 0, l.tops[c]
	}
	return l
}
