package mirror

import (
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

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
	if alone := rows[o].alone; alone != nil {
		return alone(s, m, now)
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
