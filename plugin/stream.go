package plugin

import (
	"runtime/debug"
	"slices"
	"strings"

	"github.com/influxdata/telegraf"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/metric"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/quiet"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// stream makes the metrics of what becomes known of the namespaces: what is on
// links that are not wanted is left out, the scripts see the rest, and what they
// keep is sent. It is a namespace.Handler.
type stream struct {
	set     *settings
	env     environment
	chooser *chooser
	build   *metric.Builder
	hooks   *guarded
	defects *defects

	adapt  adapter
	events [rtnl.NumObjects][event.NumActions]int64
}

var _ namespace.Handler = (*stream)(nil)

// Event implements namespace.Handler. A panic in what is done with an event costs
// its metric, whose number is missing then, and nothing of the mirror.
func (s *stream) Event(n *namespace.Namespace, e *event.Event) {
	before := s.build.Seq()
	defer func() { s.caught(recover(), "a metric is lost", before) }()
	if !s.chooser.choose(e) {
		return
	}
	s.events[e.Object][e.Action]++
	if e.Object == rtnl.Link {
		e.New.IRQCount = s.env.interrupts(e)
	}
	if port := uint32(e.New.PortID); port != 0 {
		e.New.Process = s.env.process(n, port, e.Time)
	}
	s.adapt.Event = e
	kept := s.hooks.run(&s.adapt, s.build)
	s.env.decided(e, kept)
	if !kept {
		s.build.Discard()
		return
	}
	s.env.send(s.build.Event(e))
}

// caught is called at the end of what sends, with the panic it recovered from, nil
// for none. After one the number behind the one before, which the next event would
// have had, is nobody's.
func (s *stream) caught(p any, what string, before int64) {
	if p != nil {
		s.build.Discard()
		s.build.Lose(before)
		s.defects.note(what, p)
	}
}

// Batch implements namespace.Handler.
func (s *stream) Batch(f func()) { s.hooks.batch(f) }

// Stamp implements namespace.Handler.
func (s *stream) Stamp(wall int64) int64 { return s.build.Stamp(wall) }

// Lost implements namespace.Handler.
func (s *stream) Lost() { s.build.Lose(s.build.Seq()) }

// Defect implements namespace.Handler.
func (s *stream) Defect(what string, p any) { s.defects.note(what, p) }

// milestones are the lifecycle moments of scripts.
var milestones = [...]luahooks.Moment{
	namespace.Started:  luahooks.Start,
	namespace.Overran:  luahooks.Overrun,
	namespace.Resynced: luahooks.Resync,
}

// Milestone implements namespace.Handler.
func (s *stream) Milestone(n *namespace.Namespace, m namespace.Milestone) {
	_, changes := n.LastPass()
	s.hooks.moment(milestones[m], luahooks.Detail{Name: "netns", Value: model.Value{Kind: model.String, Str: n.Name}},
		luahooks.Detail{Name: "changes", Value: model.Value{Kind: model.Int, Num: int64(changes)}})
}

// Sync implements namespace.Handler: it sends rtnetlink_sync. That is no event: no
// script sees it, and it has no number of its own, but the one that the next event
// will have. Where it is lost a number is left out: who waits for it would take the
// state for what it is not.
func (s *stream) Sync(n *namespace.Namespace, moment, reason string, stamp int64) {
	before := s.build.Seq()
	defer func() { s.caught(recover(), "a moment is lost", before) }()
	fields := []telegraf.Field{
		{Key: "epoch", Value: n.Epoch()},
		{Key: "next_seq", Value: s.build.Seq() + 1},
		{Key: "reason", Value: reason},
		{Key: "objects", Value: s.set.Objects.String()},
		{Key: "untracked", Value: s.set.Untracked.String()},
		{Key: "initial_events", Value: s.set.Initial.String()},
		{Key: "filters", Value: s.filters()},
		{Key: "version", Value: s.set.version},
	}
	for _, class := range rtnl.Listed {
		if s.set.Tracks(class) {
			fields = append(fields, telegraf.Field{Key: class.Plural(), Value: int64(n.State().Len(class))})
		}
	}
	s.env.sync(s.build.Plain("rtnetlink_sync", stamp, []telegraf.Tag{{Key: "moment", Value: moment}, {Key: "netns", Value: n.Name}}, fields))
}

// filters says in words what the configuration and the scripts keep out of the
// stream, empty for nothing.
func (s *stream) filters() string {
	words := slices.Clone(s.set.filterWords)
	var scripts []string
	for _, st := range s.hooks.stats() {
		if len(st.Hooks) > 0 {
			scripts = append(scripts, st.Script)
		}
	}
	if len(scripts) > 0 {
		words = append(words, "what the scripts drop: "+strings.Join(scripts, ", "))
	}
	return strings.Join(words, "; ")
}

// eventCount returns how many events there were.
func (s *stream) eventCount() (n int64) {
	for _, actions := range s.events {
		for _, c := range actions {
			n += c
		}
	}
	return n
}

// defects counts and logs panics that were caught. The zero value with a log is
// ready for use.
type defects struct {
	log   telegraf.Logger
	count int64
	limit quiet.Limiter
}

// note takes a panic, with where it was or what follows from it. It comes from a
// deferred function, while the stack is still there.
func (d *defects) note(what string, p any) {
	d.count++
	d.limit.Logf(d.log.Errorf, "Internal error, %s: %v, at %q", what, p, debug.Stack())
}
