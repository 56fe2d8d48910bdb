package history

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
)

// notIdentity are the tags of rtnetlink_sync that tell no senders apart.
var notIdentity = map[string]bool{"netns": true, "moment": true, "action": true, "origin": true, "reason": true}

// sync takes a row of rtnetlink_sync: now, or when the events before it have come.
func (p *Replay) sync(r *Row) {
	for _, t := range r.Tags {
		if !notIdentity[string(t.Name)] {
			p.dict.identify(t.Name)
		}
	}
	e := &p.digest
	p.dict.digest(r, e, false)
	s := p.sender(e)
	c := p.scope(s, e.netns, r.Time)
	seq, numbered := r.number("next_seq")
	alive := s.alive
	s.seen = max(s.seen, r.Time)
	s.alive = max(s.alive, r.Time)
	id := momentID(r)
	if slices.ContainsFunc(s.lanes, func(l *lane) bool { return l.syncs[id] }) {
		p.Counts.Duplicates++
		return
	}
	if r.Time < s.seen && string(r.tag("moment")) == "begin" {
		s.disorder(r.Time)
	}
	if l := c.lane; l != nil && r.Time < l.born && string(r.text("reason")) != "start" {
		l.older++ // of a run before
		c.twice(r.Time, l.born-1, cameLate(r.Time, l))
		return
	}
	l := p.laneOfSync(s, c, r, seq, alive)
	if !l.begun && numbered {
		l.begun, l.start, l.next = true, seq, seq
	}
	l.syncs[id] = true
	if numbered && seq > l.next {
		at := l.at(seq)
		at.syncs = append(at.syncs, r.clone())
		return
	}
	p.moment(s, c, l, r)
}

// disorder meets an epoch that begins behind metrics that are newer.
func (s *sender) disorder(at int64) {
	text := fmt.Sprintf("an epoch that began at %s comes behind metrics of up to %s: the clock was set back, or files are not in their order", Stamp(at), Stamp(s.seen))
	for _, c := range s.scopes {
		c.twice(at, s.seen, text)
		c.high = max(c.high, s.seen)
	}
}

// momentID tells rows of rtnetlink_sync apart.
func momentID(r *Row) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	maphash.WriteComparable(&h, r.Time)
	_, _ = h.Write(r.tag("moment"))
	_, _ = h.WriteString("\x00")
	_, _ = h.Write(r.tag("netns"))
	return h.Sum64()
}

// laneOfSync returns the lane of a row of rtnetlink_sync: at the start of a
// plugin a new one, which another namespace of it may turn out to share.
func (p *Replay) laneOfSync(s *sender, c *Scope, r *Row, seq, alive int64) *lane {
	l, start := c.lane, string(r.text("reason")) == "start"
	switch {
	case l == nil && string(r.tag("moment")) != "begin":
		return c.join(s.addLane())
	case l != nil && string(r.tag("moment")) != "begin":
		return p.laneFor(s, c, seq, r.Time)
	case l != nil && !start && (l.next <= seq || r.Time <= l.last), l != nil && seq > 1 && l.next == seq && l.living():
		return l
	}
	if l != nil {
		p.flush(s, l)
	}
	c.leave(alive)
	if seq > 1 {
		for _, other := range slices.Backward(s.lanes) {
			if other != l && other.living() && other.next <= seq && other.high <= r.Time {
				return c.join(other)
			}
		}
	}
	for _, other := range s.lanes {
		if other.living() {
			other.alive = max(alive, other.high)
		}
	}
	l = s.addLane()
	l.born, l.behind = r.Time, r.Time < s.seen
	return c.join(l)
}

// maxLanes bounds the runs of a plugin that are remembered.
const maxLanes = 64

func (s *sender) addLane() *lane {
	l := newLane()
	if s.lanes = append(s.lanes, l); len(s.lanes) > maxLanes {
		s.lanes = slices.Delete(s.lanes, 0, len(s.lanes)-maxLanes)
	}
	return l
}

// leave ends the run of a plugin that another follows. One without an end was
// killed, or its last metrics are missing.
func (c *Scope) leave(alive int64) {
	if c.lane == nil || c.now.Status == Headless && c.rows == 0 {
		return
	}
	c.rows = 0
	if c.lane.alive != 0 { // another began before this one
		alive = max(c.lane.alive, c.lane.high)
	}
	if c.now.Status != Ended {
		c.broken = true
		c.set(Lost, fmt.Sprintf("the plugin went without an end: its last metric is of %s", Stamp(alive)), alive+1)
	}
}

// moment applies a row of rtnetlink_sync that is in turn.
func (p *Replay) moment(s *sender, c *Scope, l *lane, r *Row) {
	c.join(l)
	reason := string(r.text("reason"))
	word := string(r.tag("moment"))
	if text := c.unannounced(word, r); text != "" {
		for _, o := range s.scopes { // another run lost more than this namespace
			if o == c || reason == "start" && o.lane == l {
				o.twice(o.sure+1, l.high, text) // what is missing may have come at any of these times
				o.fail(Lost, text, l.high+1)
				p.told(o, r.Time, text)
			}
		}
	}
	older := word != "begin" && r.Time < c.sure
	if !older {
		c.sure = r.Time
	}
	c.overlapped(word, r)
	p.pass(s, l, r.Time)
	c.until(r.Time)
	switch word {
	case "begin":
		c.begin(r, reason)
		if seq, ok := r.number("next_seq"); ok && c.top >= seq {
			c.broken = true
			c.set(Gap, fmt.Sprintf("the begin of the epoch of %s comes behind its first metrics", Stamp(r.Time)), r.Time)
		}
	case "complete":
		if older {
			break // a doubt came since
		}
		if !c.broken && (c.now.Status == Building || c.now.Status == Doubt) {
			c.set(Exact, "", r.Time)
			c.count(r)
		}
	case "doubt":
		if c.now.Status == Exact {
			c.set(Doubt, fmt.Sprintf("the plugin was late from %s on: %s", Stamp(r.Time), orUnknown(reason)), r.Time)
		}
	case "end":
		c.set(Ended, "the plugin stopped at "+Stamp(r.Time), r.Time)
	}
	p.told(c, r.Time, strings.TrimSpace(word+" "+reason))
}

// count compares what the plugin had with what the stream told: metrics that a
// hook or a filter drops have no number.
func (c *Scope) count(r *Row) {
	v := Verdict{Config: c.config}
	if c.frozen() || v.Config.Filters != "" {
		return
	}
	for id, class := range c.replay.classes {
		want, ok := r.number(plural(class))
		if !ok || v.Class(class) != "" {
			continue
		}
		have := 0
		if id < len(c.tables) {
			have = len(c.tables[id])
		}
		if int64(have) != want {
			c.broken = true
			c.set(Gap, fmt.Sprintf("the plugin had %d %s at %s, the stream told of %d: a script's hook or a metric filter drops metrics",
				want, plural(class), Stamp(r.Time), have), r.Time)
			return
		}
	}
}

func plural(class string) string {
	if strings.HasSuffix(class, "s") {
		return class + "es"
	}
	return class + "s"
}

// unannounced says what a row of rtnetlink_sync follows that is not there.
func (c *Scope) unannounced(word string, r *Row) string {
	if word == "begin" || c.broken || c.now.Status == Headless {
		return ""
	}
	epoch, ok := r.number("epoch")
	switch {
	case ok && c.born != 0 && epoch != c.born:
		return fmt.Sprintf("the begin of the epoch of %s is missing before %s", Stamp(epoch), Stamp(r.Time))
	case word == "complete" && c.now.Status == Exact:
		return fmt.Sprintf("a begin or a doubt is missing before %s", Stamp(r.Time))
	}
	return ""
}

// maxBegins bounds the begins that are remembered.
const maxBegins = 64

// overlapped meets a row of an epoch that goes on though others began since: the
// times from then on came twice.
func (c *Scope) overlapped(word string, r *Row) {
	if word == "begin" {
		i, _ := slices.BinarySearch(c.begins, r.Time)
		if c.begins = slices.Insert(c.begins, i, r.Time); len(c.begins) > maxBegins {
			c.begins = c.begins[1:]
		}
		return
	}
	epoch, ok := r.number("epoch")
	i, _ := slices.BinarySearch(c.begins, epoch+1)
	if ok && i < len(c.begins) && c.begins[i] <= r.Time {
		c.twice(c.begins[i], r.Time, fmt.Sprintf("the epoch of %s went on to %s, and another began at %s: the clock was set back, or two plugins write the same stream",
			Stamp(epoch), Stamp(r.Time), Stamp(c.begins[i])))
	}
}

func orUnknown(reason string) string {
	if reason == "" {
		return "it does not say why"
	}
	return reason
}

// begin voids what is known of a scope.
func (c *Scope) begin(r *Row, reason string) {
	c.born, _ = r.number("epoch")
	c.first, _ = r.number("next_seq")
	if !c.frozen() {
		c.void()
		if c.epoch = c.born; c.epoch == 0 {
			c.epoch = r.Time
		}
		c.config = configOf(r)
	}
	c.broken = false
	c.set(Building, fmt.Sprintf("the plugin began an epoch at %s (%s) and had not told everything", Stamp(r.Time), orUnknown(reason)), r.Time)
}

func configOf(r *Row) Config {
	return Config{Known: true, Objects: list(r, "objects"), Untracked: list(r, "untracked"),
		Initial: list(r, "initial_events"), Filters: string(r.text("filters")), Version: string(r.text("version"))}
}

// list splits a field of words; nil where there is none.
func list(r *Row, name string) []string {
	i := slices.IndexFunc(r.Fields, func(c Cell) bool { return string(c.Name) == name })
	if i < 0 || r.Fields[i].Kind != String {
		return nil
	}
	return strings.FieldsFunc(string(r.Fields[i].Str), func(c rune) bool { return strings.ContainsRune(", []\"", c) })
}
