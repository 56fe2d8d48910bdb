package namespace

import (
	"time"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// handle applies one item of the stream.
func (n *Namespace) handle(it rtnl.Item) {
	defer n.caught()
	switch it.Kind {
	case rtnl.Events:
		n.handleEvents(it)
	case rtnl.DumpBegin, rtnl.DumpData, rtnl.DumpEnd:
		n.handleDump(it)
	case rtnl.Overrun:
		n.handleOverrun()
	case rtnl.Failed:
		n.Fail(it.Err, time.Now())
	case rtnl.Gone:
		n.set.forget(n, it.Time)
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
func (n *Namespace) handleEvents(it rtnl.Item) {
	n.set.handler.Batch(func() {
		at := 0
		for _, m := range it.Marks {
			n.eachMessage(it.Data[at:m.End], func(msg rtnl.Message) error { return n.state.Apply(msg, m.Time) })
			at = m.End
		}
	})
}

// eachMessage calls apply for the messages of a datagram. What cannot be
// decoded is counted, and its class enumerated again.
func (n *Namespace) eachMessage(b []byte, apply func(rtnl.Message) error) {
	for len(b) > 0 {
		m, rest, err := rtnl.Next(b)
		if err != nil {
			n.decodeError(err, b)
			n.resync(ReasonMalformed)
			return
		}
		if err := n.applied(m, apply); err != nil {
			n.decodeError(err, b[:len(b)-len(rest)])
			n.doubt(m.Type)
		}
		b = rest
	}
}

// applied calls apply. A panic in it costs one message and what the mirror makes
// of it, not those that follow.
func (n *Namespace) applied(m rtnl.Message, apply func(rtnl.Message) error) error {
	defer n.caught()
	return apply(m)
}

// change calls f, which changes the mirror.
func (n *Namespace) change(f func()) {
	defer n.caught()
	f()
}

// caught is deferred by whatever changes the mirror. After a panic there nobody
// knows what has become of it: it is enumerated again, and since a change may have
// been made of which no event tells, that shows as a gap in the numbers of the events.
func (n *Namespace) caught() {
	if p := recover(); p != nil {
		n.set.handler.Lost()
		n.set.handler.Defect("enumerating again", p)
		n.resync(ReasonDefect)
	}
}

// maxHex bounds how much of a bad message goes into the log.
const maxHex = 64

func (n *Namespace) decodeError(err error, b []byte) {
	n.stats.DecodeErrors++
	n.set.noise.malformed.Logf(n.set.env.Warnf, "Message not understood, enumerating its class again: %v: %x", err, b[:min(len(b), maxHex)])
}

// doubt asks again for all objects of the class of a message.
func (n *Namespace) doubt(typ uint16) {
	class, _, ok := rtnl.ObjectOf(typ)
	if !ok || class.Stateless() {
		return
	}
	n.enterDoubt(ReasonMalformed)
	for _, q := range n.fullQueries() {
		if q.Object == class {
			n.epoch.unsure[q] = 0
			n.schedule.want(q, time.Now())
		}
	}
}

// handleDump applies a part of a reply. Replies to questions from before an
// overrun are of no use.
func (n *Namespace) handleDump(it rtnl.Item) {
	if n.Outdated(it.Query) || !n.state.Tracks(it.Query.Object) { // the latter in a replay with other options
		return
	}
	n.round = it.Query.Round // in a replay a connection may have been made anew
	key := it.Query
	key.Round = 0
	switch it.Kind {
	case rtnl.DumpBegin:
		n.state.Begin(it.Query, n.first(key))
	case rtnl.DumpData:
		n.set.handler.Batch(func() {
			n.eachMessage(it.Data, func(m rtnl.Message) error {
				if err := n.state.Record(m, it.Time); err != nil { // the reply's end asks again
					n.decodeError(err, m.Body)
				}
				return nil
			})
		})
	case rtnl.DumpEnd:
		n.dumpEnd(key, it)
	}
}

func (n *Namespace) dumpEnd(key rtnl.Query, it rtnl.Item) {
	err := it.Err
	if rtnl.Unknown(err) {
		err = nil
	}
	out := n.state.End(it.Interrupted, err, it.Time)
	if err != nil && !out.Again {
		err = nil
	}
	if err != nil {
		n.set.noise.refused.Logf(n.set.env.Warnf, "Enumerating failed, trying again: %s: %v", key, err)
	}
	n.schedule.answered(key, out, time.Now())
	if n.answers.listed[key] {
		if n.pass.kind == passAudit && n.pass.left[key] {
			n.stats.AuditCorrections += uint64(out.Changes)
		}
	}
	n.epoch.answered(key, out.Again)
	if err == nil {
		n.answers.listed[key] = true
		n.answers.settled[key] = n.answers.settled[key] || !out.Again
		n.passed(key, out)
	}
	n.settle()
}

// handleOverrun is for messages that the kernel dropped.
func (n *Namespace) handleOverrun() {
	n.stats.Overruns++
	n.set.noise.overrun.Logf(n.set.env.Warnf, "The kernel dropped messages, enumerating again; a larger receive_buffer or net.core.rmem_max helps against bursts: %s", describe(n))
	n.resync(ReasonOverrun)
	n.set.handler.Milestone(n, Overran)
}
