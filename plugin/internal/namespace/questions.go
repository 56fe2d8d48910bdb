package namespace

import (
	"time"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// questions is what the kernel is asked about a namespace, and which answers there
// have been.
type questions struct {
	recorded func(rtnl.Query) bool // whether a recording has what is asked for; nil: all
	schedule schedule
	round    uint32 // of the questions whose answers are still of use
	pass     pass
	answers  answers
}

// answers is which full queries were answered at least once.
type answers struct {
	listed  map[rtnl.Query]bool // at all
	settled map[rtnl.Query]bool // so that nothing was left open
}

// Outdated reports whether the answer to a question is one that nobody waits for
// any more.
func (s *questions) Outdated(q rtnl.Query) bool { return q.Round < s.round }

// Asking reports whether a question is under way.
func (s *questions) Asking() bool { return s.schedule.underway() }

// Ask asks q at a given time, however soon that is after the last.
func (s *questions) Ask(q rtnl.Query, at time.Time) { s.schedule.at(q, at) }

// Enumerating reports whether a pass is under way.
func (s *questions) Enumerating() bool { return s.pass.left != nil }

// Enumerated reports whether there has been a pass.
func (s *questions) Enumerated() bool { return !s.pass.ended.IsZero() }

// LastPass returns how long the last pass took, and how many differences it found
// so far.
func (s *questions) LastPass() (took time.Duration, changes int) { return s.pass.last, s.pass.changes }

// first reports whether the answer to q belongs to the first enumeration: an
// answer can lack what was there all the time, so that lasts until one has left
// nothing open.
func (s *questions) first(q rtnl.Query) bool {
	for _, full := range q.Object.Dumps() {
		if full.Proxy == q.Proxy && !s.answers.settled[full] && (full.Family == q.Family || q.Family == unix.AF_UNSPEC) {
			return true
		}
	}
	return false
}
