package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// oneDatagram is what a dump writes into its first datagram at least:
// NLMSG_GOODSIZE (linux/netlink.h), less a large record that did not fit. A reply
// that is no longer was written at one time.
const oneDatagram = 2 << 10

// Outcome is what a dump brought.
type Outcome struct {
	Changes  int  // differences to what the mirror had
	Suspects int  // objects that the dump lacked, but that are kept for now
	Again    bool // the dump must be repeated for the mirror to be exact
}

// Begin opens the window of a dump. first says that its class was never
// enumerated before; its objects are reported with that origin.
func (s *State) Begin(q rtnl.Query, first bool) {
	s.dump.forget()
	s.dump = &dump{s: s, query: q, origin: event.Resync, changedByEvent: map[uint64]bool{}, undisturbed: true,
		sought: s.late.soughtBy(q), before: s.counts.Resync}
	if first {
		s.dump.origin = event.Dump
	}
}

// Abort forgets the dump under way, if any, and what was still to be asked again:
// events were lost, so everything will be.
func (s *State) Abort() {
	s.dump.forget()
	s.late.gather = false // also where a defect has left it so
	clear(s.restless)
	for _, a := range s.late.waiting {
		a.question = false // whoever asked may have given up
	}
}

// forget ends a dump that is of no use.
func (d *dump) forget() {
	if d != nil {
		d.unmark()
		d.s.dump = nil
	}
}

// Record takes one message of the reply, at time now (ns). Its errors are
// those of Apply.
func (s *State) Record(m rtnl.Message, now int64) error {
	d := s.dump
	o, del, ok := rtnl.ObjectOf(m.Type)
	if d == nil || !ok || del || o != d.query.Object || o.Stateless() {
		return nil
	}
	if o == rtnl.Route && d.plainRoute(m.Body) {
		s.now = now
		d.size += unix.NLMSG_HDRLEN + (len(m.Body)+3)&^3
		return nil
	}
	if err := d.s.check(o, m.Body); err != nil {
		d.refused = true
		return err
	}
	s.now = now
	d.size += unix.NLMSG_HDRLEN + (len(m.Body)+3)&^3
	if o.Several() {
		return d.recordParts(o, m.Body)
	}
	d.record(o, m.Body)
	return nil
}

// recordParts takes a message of a class whose messages tell of several objects.
func (d *dump) recordParts(o rtnl.Object, body []byte) (err error) {
	d.s.part, err = o.Parts(body, d.s.part, func(part []byte) {
		d.s.msg.Hold(o, part)
		d.record(o, part)
	})
	d.refused = d.refused || err != nil
	return err
}

// record takes what a message of the reply says of one object.
func (d *dump) record(o rtnl.Object, body []byte) {
	if c := &rows[o]; !c.object(body) || !c.mirrored(d.s, body) {
		return
	}
	body = d.s.canonical(o, body)
	d.beyond = d.beyond || !d.asks(body)
	d.next = d.s.key(o, d.next[:0], body)
	if len(d.ends) > 0 && o != rtnl.Link && !bytes.Equal(d.key, d.next) {
		d.settle()
	}
	d.plain = false
	d.append(body)
}

// End closes the window. interrupted and err are how the dump ended.
func (s *State) End(interrupted bool, err error, now int64) Outcome {
	if s.dump == nil {
		return Outcome{}
	}
	s.now = now
	return s.dump.end(interrupted, err)
}

// end takes over what is left and looks for what the dump lacked. One with a
// record that made no sense adds and changes, but what it lacks may be what that
// record was about (R57).
func (d *dump) end(interrupted bool, err error) (out Outcome) {
	d.torn = interrupted || err != nil || d.refused
	d.settle()
	d.s.origin = d.origin
	if gone(d.query, err) {
		err = nil
	}
	exact := !interrupted && !d.refused && (d.undisturbed || d.size <= d.s.oneDatagram)
	believed := err == nil && !d.refused
	if believed {
		d.s.links.enumerated(d.query)
		if f := rows[d.query.Object].enumerated; f != nil && exact {
			f(d.s, d.query)
		}
		out.Suspects = d.sweep(exact)
	} else {
		d.unmark()
	}
	out.Changes = int(d.s.counts.Resync - d.before)
	out.Again = err != nil || !d.settled(exact) || d.inconclusive || d.repeated && !d.undisturbed || out.Suspects > 0
	d.s.dump = nil
	d.s.compact()
	if believed {
		d.s.gather(func() {
			for _, index := range d.sought {
				d.s.nobody(index)
			}
		})
	}
	return out
}
