package plugin

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// handle applies one item of the stream.
func (o *owner) handle(it rtnl.Item) {
	s := o.sources[it.Source]
	if s == nil {
		return // of a namespace that is gone
	}
	o.tapped(s, it)
	o.latest = timeOf(it, o.latest)
	switch it.Kind {
	case rtnl.Events:
		o.handleEvents(s, it)
	case rtnl.DumpBegin, rtnl.DumpData, rtnl.DumpEnd:
		o.handleDump(s, it)
	case rtnl.Overrun:
		o.handleOverrun(s)
	case rtnl.Failed:
		o.handleFailure(s, it.Err)
	case rtnl.Gone:
		o.forgetSource(s, it.Time)
	}
}

// timeOf returns when an item was read: its last datagram.
func timeOf(it rtnl.Item, otherwise int64) int64 {
	switch {
	case len(it.Marks) > 0:
		return it.Marks[len(it.Marks)-1].Time
	case it.Time != 0:
		return it.Time
	}
	return otherwise
}

// handleEvents applies datagrams of the event socket.
func (o *owner) handleEvents(s *source, it rtnl.Item) {
	o.hooks.batch(func() {
		at := 0
		for _, m := range it.Marks {
			o.eachMessage(s, it.Data[at:m.End], func(msg rtnl.Message) error { return s.state.Apply(msg, m.Time) })
			at = m.End
		}
	})
}

// eachMessage calls apply for the messages of a datagram. What cannot be
// decoded is counted, and its class enumerated again.
func (o *owner) eachMessage(s *source, b []byte, apply func(rtnl.Message) error) {
	for len(b) > 0 {
		m, rest, err := rtnl.Next(b)
		if err != nil {
			o.decodeError(s, err, b)
			o.resync(s, reasonMalformed)
			return
		}
		if err := o.applied(s, m, apply); err != nil {
			o.decodeError(s, err, b[:len(b)-len(rest)])
			o.doubt(s, m.Type)
		}
		b = rest
	}
}

// applied calls apply. A panic in it costs one message and what the mirror makes
// of it, not those that follow: the state is enumerated again, and what may have
// been lost shows as a gap in the numbers of the events.
func (o *owner) applied(s *source, m rtnl.Message, apply func(rtnl.Message) error) error {
	defer func() {
		if p := recover(); p != nil {
			o.build.Lose(o.build.Seq())
			o.defect("enumerating again", p)
			o.resync(s, reasonDefect)
		}
	}()
	return apply(m)
}

// maxHex bounds how much of a bad message goes into the log.
const maxHex = 64

func (o *owner) decodeError(s *source, err error, b []byte) {
	s.stats.decodeErrors++
	o.noise.malformed.logf(o.log.Warnf, "Message not understood, enumerating its class again: %v: %x", err, b[:min(len(b), maxHex)])
}

// doubt asks again for all objects of the class of a message.
func (o *owner) doubt(s *source, typ uint16) {
	class, _, ok := rtnl.ObjectOf(typ)
	if !ok {
		return
	}
	o.enterDoubt(s, reasonMalformed)
	for _, q := range s.fullQueries(o.set.families) {
		if q.Object == class {
			s.epoch.unsure[q] = 0
			s.schedule.want(q, time.Now())
		}
	}
}

// handleDump applies a part of a reply. Replies to questions from before an
// overrun are of no use.
func (o *owner) handleDump(s *source, it rtnl.Item) {
	if it.Query.Round < s.round || !s.state.Tracks(it.Query.Object) { // the latter in a replay with other options
		return
	}
	s.round = it.Query.Round // in a replay a connection may have been made anew
	key := it.Query
	key.Round = 0
	switch it.Kind {
	case rtnl.DumpBegin:
		s.state.Begin(it.Query, s.first(key))
	case rtnl.DumpData:
		o.hooks.batch(func() {
			o.eachMessage(s, it.Data, func(m rtnl.Message) error {
				if err := s.state.Record(m, it.Time); err != nil { // the reply's end asks again
					o.decodeError(s, err, m.Body)
				}
				return nil
			})
		})
	case rtnl.DumpEnd:
		o.dumpEnd(s, key, it)
	}
}

func (o *owner) dumpEnd(s *source, key rtnl.Query, it rtnl.Item) {
	err := it.Err
	if errors.Is(err, unix.EOPNOTSUPP) {
		err = nil // a kernel without this class
	}
	out := s.state.End(it.Interrupted, err, it.Time)
	if err != nil && !out.Again {
		err = nil
	}
	if err != nil {
		o.noise.refused.logf(o.log.Warnf, "Enumerating failed, trying again: %s: %v", key, err)
	}
	s.schedule.answered(key, out, time.Now())
	if s.listed[key] {
		if s.pass.kind == passAudit && s.pass.left[key] {
			s.stats.auditCorrections += uint64(out.Changes)
		}
	}
	s.epoch.answered(key, out.Again)
	if err == nil {
		s.listed[key] = true
		s.settled[key] = s.settled[key] || !out.Again
		o.passed(s, key, out)
	}
	o.settle(s)
}

// passed notes the answer to one question of a pass, perhaps the last.
func (o *owner) passed(s *source, key rtnl.Query, out mirror.Outcome) {
	p := &s.pass
	if !p.left[key] {
		return
	}
	p.changes += out.Changes
	if delete(p.left, key); len(p.left) > 0 {
		return
	}
	p.left = nil
	p.ended = time.Now()
	p.last = p.ended.Sub(p.started)
	o.passEnded(s)
}

// passEnded is when everything has been asked for.
func (o *owner) passEnded(s *source) {
	if !s.complete {
		s.complete = true
		o.log.Debugf("Enumeration complete: %s", s.describe())
		o.moment(luahooks.Start, s)
	}
	switch s.pass.kind {
	case passResync:
		s.stats.resyncs++
		o.log.Infof("In line with the kernel again: %s, %d differences", s.describe(), s.pass.changes)
		o.moment(luahooks.Resync, s)
	case passAudit:
		o.log.Debugf("Audit complete: %s, %d differences", s.describe(), s.pass.changes)
	}
	if s.conn == nil {
		return
	}
	// The kernel says ENOBUFS once; its count of drops does not lie.
	if drops, err := s.conn.Drops(); err == nil && drops != s.pass.drops {
		o.resync(s, reasonOverrun)
	}
}

// handleOverrun is for messages that the kernel dropped.
func (o *owner) handleOverrun(s *source) {
	s.stats.overruns++
	o.noise.overrun.logf(o.log.Warnf, "The kernel dropped messages, enumerating again; a larger receive_buffer or net.core.rmem_max helps against bursts: %s", s.describe())
	o.resync(s, reasonOverrun)
	o.moment(luahooks.Overrun, s)
}

// resync enumerates everything again.
func (o *owner) resync(s *source, reason string) {
	o.enterDoubt(s, reason)
	s.startPass(passResync, o.set.families, s.pass.again(time.Now()))
}

// handleFailure is for sockets that are of no use any more.
func (o *owner) handleFailure(s *source, err error) {
	o.log.Errorf("Connection lost, connecting again: %s%v", s.where(), err)
	o.enterDoubt(s, reasonConnection)
	o.detach(s)
	s.redial = time.Now()
}

// event delivers one change: hooks, metric, Telegraf.
func (o *owner) event(s *source, e *event.Event) {
	if e.Object == rtnl.Link {
		s.noteChange(e)
	}
	if !o.chooser.choose(e) {
		return
	}
	o.events[e.Object][e.Action]++
	if e.Object == rtnl.Link {
		if e.Netns == "" && s.conn != nil {
			e.New.IRQCount = irqCount(e)
		}
	}
	switch port := uint32(e.New.PortID); {
	case port == 0:
	case o.who != nil:
		e.New.Process = o.who.Name(port, s.inode, time.Unix(0, e.Time))
	default:
		e.New.Process = o.offline.processes[recordedPort{s.name, port}]
	}
	kept := o.runHooks(e)
	if o.offline.verdict != nil {
		o.offline.verdict(e, kept)
	}
	switch {
	case !kept:
		o.build.Discard()
	case o.send != nil: // not a recording
		o.deliver(e)
	}
}

// deliver builds the metric of an event and sends it. A panic in that costs this
// metric, whose number is missing then.
func (o *owner) deliver(e *event.Event) {
	before := o.build.Seq()
	defer func() {
		if p := recover(); p != nil {
			o.build.Discard()
			o.build.Lose(before)
			o.defect("a metric is lost", p)
		}
	}()
	o.send.send(o.build.Event(e))
}
