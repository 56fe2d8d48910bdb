package namespace

import "telegraf-rtnetlink/plugin/internal/rtnl"

// An epoch is the time over which the metrics of a namespace belong together:
// it begins with everything that there is, and who has applied all since then
// has the state. rtnetlink_sync says where one begins, when it is complete, when
// the state is late, and where it ends.
type epoch struct {
	began  int64 // ns, the time of its `begin`; 0: none has begun
	reason string
	phase  phase
	unsure map[rtnl.Query]int // questions that were answered with something left open, and how often
	why    string             // the reason of the doubt
}

// phase is what may be believed of an epoch's state.
type phase uint8

const (
	beginning phase = iota // not everything was enumerated yet
	complete               // the stream is the kernel's state
	doubtful               // the state is late
)

// The moments of an epoch, as the tag `moment` spells them.
const (
	Begin    = "begin"
	Complete = "complete"
	Doubt    = "doubt"
	End      = "end"
)

// The reasons, as the field `reason` spells them.
const (
	ReasonStart      = "start"
	ReasonRestart    = "restart"
	ReasonSnapshot   = "snapshot"
	ReasonOverrun    = "overrun"
	ReasonMalformed  = "malformed"
	ReasonConnection = "connection"
	ReasonDefect     = "defect"
	ReasonStop       = "stop"
	ReasonVanished   = "vanished"
)

// maxUnsure is how often in a row an enumeration may leave something open before
// its class is believed all the same. The mirror drops what three lack.
const maxUnsure = 5

// Epoch returns when the epoch began, in ns; 0: none has.
func (e *epoch) Epoch() int64 { return e.began }

// InLine reports whether the stream is the kernel's state.
func (e *epoch) InLine() bool { return e.phase == complete }

// beginEpoch is for a namespace of which nothing is known, before its first event.
func (n *Namespace) beginEpoch(reason string, wall int64) {
	n.epoch = epoch{reason: reason, unsure: map[rtnl.Query]int{}}
	n.epoch.began = n.set.handler.Stamp(wall)
	n.set.handler.Sync(n, Begin, reason, n.epoch.began)
}

// enterDoubt notes that what was sent may not be the kernel's state any more.
func (n *Namespace) enterDoubt(reason string) {
	if n.epoch.phase == complete {
		n.epoch.phase, n.epoch.why = doubtful, reason
		n.sync(Doubt, reason)
	}
}

// sync tells of a moment that is now.
func (n *Namespace) sync(moment, reason string) {
	n.set.handler.Sync(n, moment, reason, n.set.handler.Stamp(n.set.wall()))
}

// answered notes how a question was answered, and whether it has to be asked
// again before its answer can be relied upon.
func (e *epoch) answered(q rtnl.Query, again bool) {
	n, open := e.unsure[q]
	switch {
	case !again || n >= maxUnsure:
		delete(e.unsure, q)
	case open || e.phase != complete:
		e.unsure[q] = n + 1
	}
}

// settle ends the beginning or the doubt of an epoch where nothing is open any
// more.
func (n *Namespace) settle() {
	e := &n.epoch
	if e.began == 0 || e.phase == complete || n.pass.left != nil || len(e.unsure) > 0 || n.state.Snapshotting() {
		return
	}
	reason := e.reason
	if e.phase == doubtful {
		reason = e.why
	}
	e.phase = complete
	n.sync(Complete, reason)
}

// endEpoch is when nothing more will be known of the namespace.
func (n *Namespace) endEpoch(reason string) {
	if n.epoch.began != 0 {
		n.sync(End, reason)
	}
	n.epoch = epoch{}
}
