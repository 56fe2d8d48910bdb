package history

import (
	"bytes"
	"fmt"
)

// pass notes the time of a row that is in turn, before the row is applied: what
// was asked for and lies before it is complete.
func (p *Replay) pass(s *sender, l *lane, at int64) {
	for l.done < len(p.Times) && at > p.Times[l.done] {
		for _, c := range s.scopes {
			if c.lane == l {
				c.freeze(l.done, at)
			}
		}
		l.done++
	}
	if at < l.last {
		p.back(s, l, at)
	}
	l.before, l.last, l.high = l.last, at, max(l.high, at)
}

// back meets a row that is older than the one before it: the clock was set back,
// or that one is of another run, in the place of one that is missing.
func (p *Replay) back(s *sender, l *lane, at int64) {
	for _, c := range s.scopes {
		if c.lane == l {
			from := min(at, l.before+1)
			if l.born != 0 {
				from = min(from, l.born) // the times of one run rise: who knows when the other began
			}
			c.twice(from, l.last, fmt.Sprintf("the clock was set back from %s to %s: the times between came twice", Stamp(l.last), Stamp(at)))
		}
	}
}

// span is a time from and up to and including to that came twice, and why.
type span struct {
	from, to int64
	text     string
}

// maxSpans bounds the spans that are remembered; behind that they become one.
const maxSpans = 256

// twice spoils verdicts on times from and up to to, which came twice.
func (c *Scope) twice(from, to int64, text string) {
	s := span{from, to, text}
	if n := len(c.again); n > 0 && c.again[n-1].text == text {
		s.from, s.to = min(from, c.again[n-1].from), max(to, c.again[n-1].to)
		c.again = c.again[:n-1]
	}
	if len(c.again) == maxSpans {
		s.from, s.to, c.again = min(from, c.again[0].from), max(to, c.again[0].to), c.again[1:]
	}
	c.again = append(c.again, s)
	for i := range c.Verdicts {
		c.spoil(&c.Verdicts[i])
	}
}

// spoil makes a verdict on a time that came twice say so.
func (c *Scope) spoil(v *Verdict) {
	for _, s := range c.again {
		if v.Status == Exact && v.At >= s.from && v.At <= s.to {
			v.Status, v.Reason = Twice, s.text
		}
	}
}

// freeze takes the verdict on Times[i], of which no more rows come; next is the
// time of the row behind it.
func (c *Scope) freeze(i int, next int64) {
	for len(c.Verdicts) <= i {
		n := len(c.Verdicts)
		at := c.replay.Times[n]
		period := c.periodAt(at)
		c.Verdicts = append(c.Verdicts, Verdict{At: at, Status: period.Status, Reason: period.Reason,
			Since: c.newest, Until: next, Epoch: c.epoch, Config: c.config})
		c.spoil(&c.Verdicts[n])
		if n == 0 && len(c.replay.Times) > 1 {
			c.journal = map[objectID][]byte{}
		}
		if c.replay.OnTime != nil {
			c.replay.OnTime(n, c)
		}
	}
}

// until takes the verdicts on the times before at.
func (c *Scope) until(at int64) {
	for len(c.Verdicts) < len(c.replay.Times) && at > c.replay.Times[len(c.Verdicts)] {
		c.freeze(len(c.Verdicts), at)
	}
}

// frozen reports whether the last time that was asked for is behind.
func (c *Scope) frozen() bool { return len(c.Verdicts) == len(c.replay.Times) }

// finish takes the verdicts that are left at the end of the stream.
func (c *Scope) finish() {
	if c.lane != nil && !c.lane.living() && c.now.Status == Exact {
		from := max(c.lane.alive, c.lane.high)
		c.set(Lost, fmt.Sprintf("another run of the plugin began behind %s, and has not begun with this namespace", Stamp(from)), from+1)
	}
	if c.now.Status == Exact && c.outdated() {
		c.set(Twice, c.again[len(c.again)-1].text, c.lane.high+1)
	}
	for len(c.Verdicts) < len(c.replay.Times) {
		n := len(c.Verdicts)
		at := c.replay.Times[n]
		alive := c.sender.alive
		if c.now.Status == Exact && at != Newest && at > alive {
			c.set(Silent, fmt.Sprintf("the stream ends at %s: nothing came since", Stamp(alive)), alive+1)
		}
		c.freeze(n, 0)
		v := &c.Verdicts[n]
		if at == Newest {
			c.latest(v)
		}
	}
	c.now.To = max(c.sender.alive, c.now.From)
	c.Periods = append(c.Periods, c.now)
	for i := range c.Verdicts {
		c.exactNear(&c.Verdicts[i])
	}
}

// outdated reports whether the last rows are older than some before them: what
// came behind those is not in the stream.
func (c *Scope) outdated() bool {
	return c.lane != nil && c.lane.high < c.high && len(c.again) > 0
}

// latest is the verdict on the newest state: that of the last row, or that
// before the plugin stopped. It is not known which is the newest where an epoch
// came behind metrics that are newer still.
func (c *Scope) latest(v *Verdict) {
	v.At = max(c.sender.alive, c.newest)
	if v.Status == Ended && len(c.Periods) > 0 {
		last := c.Periods[len(c.Periods)-1]
		v.At, v.Status, v.Reason = last.To, last.Status, last.Reason
	}
	if v.Status == Exact && c.outdated() {
		v.Status, v.Reason = Twice, c.again[len(c.again)-1].text
	}
}

// apply makes an event that is in turn part of the state.
func (p *Replay) apply(c *Scope, l *lane, e *digest) {
	c.join(l)
	if l.behind {
		if text := c.sender.rival(l, e); text != "" {
			for _, o := range c.sender.scopes {
				if o.lane == l {
					o.fail(Mixed, text, l.high+1)
					p.told(o, e.time, text)
				}
			}
		}
	}
	p.pass(c.sender, l, e.time)
	c.until(e.time)
	l.remember(e)
	c.sender.alive = max(c.sender.alive, e.time)
	l.next = e.seq + 1
	c.rows, c.top = c.rows+1, e.seq
	if len(e.action) == 0 {
		return // no event
	}
	if !e.hasKey {
		p.keyless(c, e)
		return
	}
	p.Counts.Events++
	if c.frozen() {
		return
	}
	c.newest = e.time
	id := objectID{e.class, e.key}
	before := c.record(id.class, id.key)
	c.suspect(e, before)
	p.buf = appendRecord(p.buf[:0], e)
	if p.OnEvent != nil && len(c.Verdicts) > 0 {
		p.tell(c, e, before)
	}
	switch {
	case string(e.action) == "delete":
		c.drop(id, before)
	case len(p.buf) <= maxRecord && !p.stateless[e.class]:
		c.put(id, before, p.buf)
	}
}

// suspect looks for a sign that metrics are missing which seq does not show: a
// hook that drops a metric does so before it has a number.
func (c *Scope) suspect(e *digest, before []byte) {
	isNew := string(e.action) == "new"
	if c.now.Status != Exact || isNew == (before == nil) {
		return
	}
	class := c.replay.classes[e.class]
	if v := (Verdict{Config: c.config}); v.Class(class) != "" {
		return
	}
	what := "the stream had not told of it"
	if isNew {
		what = "it was not deleted before"
	}
	c.broken = true
	c.set(Gap, fmt.Sprintf("a metric is missing that seq does not count: %s of %s %016x at %s, and %s; a script's hook or a metric filter drops metrics",
		e.action, class, e.key, Stamp(e.time), what), e.time)
}

// tell calls OnEvent.
func (p *Replay) tell(c *Scope, e *digest, before []byte) {
	ev := Event{Scope: c, Class: p.classes[e.class], Key: e.key, Action: string(e.action), Origin: string(e.origin),
		Time: e.time, Seq: e.seq, PortID: e.portID, Process: string(e.process), Changed: string(e.changed),
		Before: c.decode(e.class, e.key, before)}
	if ev.Action != "delete" {
		ev.After = c.decode(e.class, e.key, p.buf)
	} else if ev.Before == nil {
		ev.Before = c.decode(e.class, e.key, p.buf) // a delete shows what is gone
	}
	p.OnEvent(&ev)
}

// told calls OnSync.
func (p *Replay) told(c *Scope, at int64, text string) {
	if p.OnSync != nil && len(c.Verdicts) > 0 && !c.frozen() {
		p.OnSync(c, at, text)
	}
}

// Differences calls yield for each object that is not the same at Times[0] and
// at Times[1]: before or after is nil where it was not there. Both are valid
// during the call.
func (c *Scope) Differences(yield func(before, after *Object)) {
	old := &Scope{replay: c.replay, tables: c.tables, slab: c.slab}
	if c.base != nil {
		old.tables, old.slab = c.base.tables, c.base.slab
		c.compare(old, yield)
		return
	}
	for id, rec := range c.journal {
		c.differ(id, rec, c.record(id.class, id.key), yield)
	}
}

// compare compares two states object by object.
func (c *Scope) compare(old *Scope, yield func(before, after *Object)) {
	for class, t := range old.tables {
		for k := range t {
			c.differ(objectID{class, k}, old.record(class, k), c.record(class, k), yield)
		}
	}
	for class, t := range c.tables {
		for k := range t {
			if old.record(class, k) == nil {
				c.differ(objectID{class, k}, nil, c.record(class, k), yield)
			}
		}
	}
}

func (c *Scope) differ(id objectID, before, after []byte, yield func(before, after *Object)) {
	if before == nil && after == nil || before != nil && after != nil && bytes.Equal(body(before), body(after)) {
		return
	}
	yield(c.decode(id.class, id.key, before), c.decode(id.class, id.key, after))
}
