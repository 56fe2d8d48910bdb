package plugin

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

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

// The moments, as the tag `moment` spells them.
const (
	momentBegin    = "begin"
	momentComplete = "complete"
	momentDoubt    = "doubt"
	momentEnd      = "end"
)

// The reasons, as the field `reason` spells them.
const (
	reasonStart      = "start"
	reasonRestart    = "restart"
	reasonSnapshot   = "snapshot"
	reasonOverrun    = "overrun"
	reasonMalformed  = "malformed"
	reasonConnection = "connection"
	reasonDefect     = "defect"
	reasonStop       = "stop"
	reasonVanished   = "vanished"
)

// maxUnsure is how often in a row an enumeration may leave something open before
// its class is believed all the same. The mirror drops what three lack.
const maxUnsure = 5

// beginEpoch is for a namespace of which nothing is known, before its first event.
func (o *owner) beginEpoch(s *source, reason string, wall int64) {
	s.epoch = epoch{reason: reason, unsure: map[rtnl.Query]int{}}
	s.epoch.began = o.build.Stamp(wall)
	o.sync(s, momentBegin, reason, s.epoch.began)
}

// enterDoubt notes that what was sent may not be the kernel's state any more.
func (o *owner) enterDoubt(s *source, reason string) {
	if s.epoch.phase == complete {
		s.epoch.phase, s.epoch.why = doubtful, reason
		o.sync(s, momentDoubt, reason, o.build.Stamp(o.wall()))
	}
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
func (o *owner) settle(s *source) {
	e := &s.epoch
	if e.began == 0 || e.phase == complete || s.pass.left != nil || len(e.unsure) > 0 || s.state.Snapshotting() {
		return
	}
	reason := e.reason
	if e.phase == doubtful {
		reason = e.why
	}
	e.phase = complete
	o.sync(s, momentComplete, reason, o.build.Stamp(o.wall()))
}

// A snapshot is a new epoch that begins with a listing of the mirror, in slices
// between which events go on to come. Each object is listed once, in the state
// in which it was before its first event of the epoch; what comes up meanwhile is
// told by its own event. So the epoch can be read alone.

// snapshotSlice is how many objects are listed between two items of the queue.
var snapshotSlice = 256 // a test lists them one by one

func (o *owner) nextSnapshot(now time.Time) time.Time {
	if o.set.snapshot == 0 {
		return time.Time{}
	}
	return now.Add(o.set.snapshot)
}

// takeSnapshots begins the snapshots that are due, and goes on with those under
// way. One of a state that is late waits until it is complete.
func (o *owner) takeSnapshots(now time.Time) {
	due := !o.snapshot.IsZero() && !now.Before(o.snapshot)
	if due {
		o.snapshot = o.nextSnapshot(now)
	}
	for _, s := range o.sources {
		s.snapshotDue = s.snapshotDue || due
	}
	for _, s := range o.ordered() {
		if s.canList() {
			o.list(s)
			return // one after the other
		}
	}
}

// canList reports whether a snapshot of the namespace can begin or go on.
func (s *source) canList() bool {
	return s.state.Snapshotting() || s.snapshotDue && s.epoch.phase == complete && s.pass.left == nil
}

// list begins a snapshot or goes on with it.
func (o *owner) list(s *source) {
	if !s.state.Snapshotting() {
		s.snapshotDue = false
		o.beginEpoch(s, reasonSnapshot, o.wall())
		s.state.BeginSnapshot()
	}
	o.hooks.batch(func() { s.state.Snapshot(snapshotSlice, o.wall()) })
	o.settle(s)
}

// endEpoch is when nothing more will be known of a namespace.
func (o *owner) endEpoch(s *source, reason string) {
	if s.epoch.began != 0 {
		o.sync(s, momentEnd, reason, o.build.Stamp(o.wall()))
	}
	s.epoch = epoch{}
}

// endEpochs is when the plugin stops.
func (o *owner) endEpochs() {
	for _, s := range o.ordered() {
		o.endEpoch(s, reasonStop)
	}
}

// wall returns the time of what is being handled, in ns: that of the item, since
// what happens next to it may still wait in the queue; the clock's where
// nothing waits.
func (o *owner) wall() int64 {
	if queued, _ := o.queue.Usage(); queued > 0 || !o.offline.now.IsZero() {
		return o.latest
	}
	return time.Now().UnixNano()
}

// sync sends rtnetlink_sync. It is no event: no script sees it, and it has no
// number of its own, but the one that the next event will have.
func (o *owner) sync(s *source, moment, reason string, stamp int64) {
	if o.send == nil || o.offline.noSync {
		return
	}
	fields := []telegraf.Field{
		{Key: "epoch", Value: s.epoch.began},
		{Key: "next_seq", Value: o.build.Seq() + 1},
		{Key: "reason", Value: reason},
		{Key: "objects", Value: o.set.objects.String()},
		{Key: "untracked", Value: o.set.untracked.String()},
		{Key: "initial_events", Value: o.set.initial.String()},
		{Key: "filters", Value: o.filters()},
		{Key: "version", Value: o.set.version},
	}
	for _, class := range rtnl.Listed {
		if o.set.objects.has(class) && !o.set.untracked.has(class) {
			fields = append(fields, telegraf.Field{Key: class.Plural(), Value: int64(s.state.Len(class))})
		}
	}
	o.send.send(o.build.Plain("rtnetlink_sync", stamp, []telegraf.Tag{{Key: "moment", Value: moment}, {Key: "netns", Value: s.name}}, fields))
}

// String lists the classes of the set, in the order of the manual.
func (s objectSet) String() string {
	var names []string
	for _, o := range rtnl.Listed {
		if s.has(o) {
			names = append(names, o.String())
		}
	}
	return strings.Join(names, ",")
}

// filters says in words what the configuration and the scripts keep out of the
// stream, empty for nothing.
func (o *owner) filters() string {
	words := slices.Clone(o.set.filterWords)
	var scripts []string
	for _, st := range o.hooks.stats() {
		if len(st.Hooks) > 0 {
			scripts = append(scripts, st.Script)
		}
	}
	if len(scripts) > 0 {
		words = append(words, "what the scripts drop: "+strings.Join(scripts, ", "))
	}
	return strings.Join(words, "; ")
}

// filterWords says what the options keep out.
func (r *RTNetlink) filterWords() (words []string) {
	for _, f := range []struct {
		option string
		values []string
	}{
		{"interfaces", r.Interfaces}, {"families", r.Families}, {"route_tables", r.RouteTables}, {"route_protocols", r.RouteProtocols},
	} {
		if len(f.values) > 0 {
			words = append(words, fmt.Sprintf("%s other than %s", f.option, strings.Join(f.values, ", ")))
		}
	}
	return words
}
