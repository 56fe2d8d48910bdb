package history

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Newest is the time that asks for the state at the end of the stream.
const Newest = math.MaxInt64

// Replay builds states from rows.
type Replay struct {
	// Times are the times at which to stop and look, ascending, in ns since the
	// epoch: one for a state, two for what differs. They are set before the
	// first Add.
	Times []int64
	// OnTime is called when a scope's state at Times[i] is complete; its tables
	// may be read during the call. nil: it is not.
	OnTime func(i int, s *Scope)
	// OnEvent is called for each event after Times[0] up to the last of Times,
	// in the order of seq; the event is valid during the call. nil: it is not.
	OnEvent func(e *Event)
	// OnSync is called likewise for each rtnetlink_sync and each loss.
	OnSync func(s *Scope, at int64, text string)
	// Counts of rows that are no part of the answer.
	Counts Counts

	dict     *dictionary
	senders  map[string]*sender
	classes  []string
	classIDs map[string]int
	// Whether the events of each of classes leave no state.
	stateless []bool
	digest    digest
	buf       []byte
}

// Counts are rows by what became of them.
type Counts struct {
	Events     int64 // used
	Foreign    int64 // of other programs
	Gauges     int64
	Duplicates int64
	Keyless    int64 // events of a version without keys
}

// sender is one plugin, as its tags tell it.
type sender struct {
	host   string
	tags   []Tag
	lanes  []*lane // the newest last
	scopes map[string]*Scope
	alive  int64 // time of the newest row that was in its place
	seen   int64 // of the newest row
}

// Event is a change of an object.
type Event struct {
	Scope          *Scope
	Class          string
	Key            uint64
	Action, Origin string
	Time, Seq      int64
	PortID         int64
	Process        string
	Changed        string
	Before, After  *Object // nil: it was not known; it is gone
}

// NewReplay returns a Replay that stops at the times.
func NewReplay(times ...int64) *Replay {
	p := &Replay{Times: times, dict: newDictionary(), senders: map[string]*sender{}, classIDs: map[string]int{}}
	for o := range rtnl.Object(rtnl.NumObjects) {
		p.stateless[p.class(o.String())] = o.Stateless()
	}
	return p
}

// class returns the number of a class, met or not.
func (p *Replay) class(name string) int {
	id, ok := p.classIDs[name]
	if !ok {
		id = len(p.classes)
		p.classes, p.stateless = append(p.classes, name), append(p.stateless, false)
		p.classIDs[name] = id
	}
	return id
}

// Classes returns the names of the classes that have a state, those of the field
// table first.
func (p *Replay) Classes() (names []string) {
	for id, name := range p.classes {
		if !p.stateless[id] {
			names = append(names, name)
		}
	}
	return names
}

// Add takes a row. It copies what it keeps.
func (p *Replay) Add(r *Row) {
	switch r.kind() {
	case foreignRow:
		p.Counts.Foreign++
	case gaugeRow:
		p.Counts.Gauges++
		p.dict.digest(r, &p.digest, false)
		if s := p.senders[string(p.digest.sender)]; s != nil {
			s.alive = max(s.alive, r.Time)
		}
	case eventRow:
		p.event(r)
	case syncRow:
		p.sync(r)
	}
}

// Done reports whether no row can change the answer any more, if the rows come
// in the order of time.
func (p *Replay) Done() bool {
	last := p.Times[len(p.Times)-1]
	if last == Newest || len(p.senders) == 0 {
		return false
	}
	for _, s := range p.senders {
		for _, c := range s.scopes {
			if len(c.Verdicts) < len(p.Times) {
				return false
			}
		}
	}
	return true
}

// Finish ends the stream and returns the scopes, by host and namespace.
func (p *Replay) Finish() []*Scope {
	var out []*Scope
	for _, s := range p.senders {
		for _, l := range s.lanes {
			p.flush(s, l)
		}
		for _, c := range s.scopes {
			c.finish()
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *Scope) int {
		return cmp.Or(strings.Compare(a.Host, b.Host), strings.Compare(a.Netns, b.Netns),
			slices.CompareFunc(a.Tags, b.Tags, func(x, y Tag) int {
				return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(x.Value, y.Value))
			}))
	})
	return out
}

// sender returns the sender that a digest's tags tell.
func (p *Replay) sender(e *digest) *sender {
	if s := p.senders[string(e.sender)]; s != nil {
		return s
	}
	s := &sender{scopes: map[string]*Scope{}}
	for part := range bytes.SplitSeq(bytes.TrimRight(e.sender, "\x00"), []byte{0}) {
		n, v, _ := strings.Cut(string(part), "=")
		switch {
		case n == "host":
			s.host = v
		case n != "":
			s.tags = append(s.tags, Tag{n, v})
		}
	}
	p.adopt(s)
	p.senders[string(e.sender)] = s
	return s
}

// adopt takes over a sender that was met before it was known that more tags
// tell senders apart.
func (p *Replay) adopt(s *sender) {
	for id, old := range p.senders {
		if old.host != s.host || len(old.tags) >= len(s.tags) {
			continue
		}
		if slices.ContainsFunc(old.tags, func(t Tag) bool { return !slices.Contains(s.tags, t) }) {
			continue
		}
		s.lanes, s.scopes, s.alive = old.lanes, old.scopes, old.alive
		for _, c := range s.scopes {
			c.sender, c.Tags = s, s.tags
		}
		delete(p.senders, id)
		return
	}
}

// scope returns a sender's namespace; at is the time of the row that names it.
func (p *Replay) scope(s *sender, netns []byte, at int64) *Scope {
	c := s.scopes[string(netns)]
	if c == nil {
		c = &Scope{Host: s.host, Netns: string(netns), Tags: s.tags, replay: p, sender: s}
		c.now = Period{Status: Unrecorded, Reason: "the record begins at " + Stamp(at) + ": nothing is known of before"}
		c.set(Headless, "the stream begins in the midst of an epoch at "+Stamp(at)+": what was there before is not in it", at)
		s.scopes[c.Netns] = c
	}
	return c
}

// event takes the row of an event: now, or when those before it have come.
func (p *Replay) event(r *Row) {
	e := &p.digest
	p.dict.digest(r, e, true)
	class := r.Measurement[len(prefix):]
	id, ok := p.classIDs[string(class)]
	if !ok {
		id = p.class(string(class))
	}
	e.class = id
	s := p.sender(e)
	s.seen = max(s.seen, e.time)
	c := p.scope(s, e.netns, e.time)
	if !e.hasSeq {
		p.keyless(c, e)
		return
	}
	l := c.lane
	if l == nil || e.seq != l.next || e.time < l.high || l.behind {
		if slices.ContainsFunc(s.lanes, func(l *lane) bool { return l.duplicate(e) }) {
			p.Counts.Duplicates++
			return
		}
		l = p.laneFor(s, c, e.seq, e.time)
	}
	if e.time < l.born {
		l.older++                    // of a run before: its number says nothing here
		for _, o := range s.scopes { // another row may have had its number there
			o.twice(e.time, l.born-1, cameLate(e.time, l))
		}
		return
	}
	switch {
	case e.seq == l.next:
		p.apply(c, l, e)
		p.drain(s, l)
	case e.seq > l.next:
		p.hold(s, l, r, e.seq)
	default:
		p.mixed(s, c, l, e)
	}
}

// cameLate says that a row of a run before l came when l had begun.
func cameLate(at int64, l *lane) string {
	return fmt.Sprintf("a metric of %s came behind the begin of the next run at %s", Stamp(at), Stamp(l.born))
}

// fail ends what is known of a scope until the next epoch.
func (c *Scope) fail(status Status, reason string, from int64) {
	c.broken = true
	if c.now.Status == Headless || c.now.Status == Ended {
		return
	}
	c.set(status, reason, from)
}

// mixed meets an event whose number another had: what came since the last row
// in order is not known, of any namespace whose events have these numbers.
func (p *Replay) mixed(s *sender, c *Scope, l *lane, e *digest) {
	text := fmt.Sprintf("seq went from %d back to %d at %s: two plugins write the same stream (give each a tag of its own), or the begin of another run is missing",
		l.next-1, e.seq, Stamp(e.time))
	for _, o := range s.scopes {
		if (o == c || o.lane == l) && e.time <= l.high && e.seq < l.next { // the other may be the wrong one
			o.twice(l.timeBefore(e.seq)+1, l.high, text)
		}
		if (o == c || o.lane == l) && o.now.Status != Mixed {
			o.broken = true
			o.set(Mixed, text, l.high+1)
			p.told(o, e.time, text)
		}
	}
	p.pass(s, l, e.time)
	c.until(e.time)
}

// keyless meets an event without seq or key.
func (p *Replay) keyless(c *Scope, e *digest) {
	c.sender.alive = max(c.sender.alive, e.time)
	p.Counts.Keyless++
	if c.now.Status != Keyless {
		c.broken = true
		c.set(Keyless, fmt.Sprintf("the metrics from %s on have no key or no seq: they are of a version before 2, or a filter removes these fields", Stamp(e.time)), e.time)
	}
}
