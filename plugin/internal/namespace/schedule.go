package namespace

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// schedule decides when the kernel is asked what. Equal questions are merged,
// and one is not asked again within a second, so that a flapping link does not
// cause a dump for each flap. The zero value has nothing to ask. It knows no
// clock and asks nothing itself.
type schedule struct {
	asks  map[rtnl.Query]*ask
	links map[rtnl.Query]int // of these, how many differ only in the link that they are about
}

// ask is the state of one question.
type ask struct {
	due      time.Time     // zero: not to be asked
	asked    time.Time     // the last time
	took     time.Duration // until the answer, then
	inFlight bool
	patient  bool // due may be put off
	many     bool // in the place of questions about a link each
	tries    int  // in a row that left something open
}

const (
	askGap   = time.Second            // between two equal questions
	retryMin = 200 * time.Millisecond // until a question that left something open is asked again
	retryMax = 5 * time.Second

	linksMax   = 16 // questions about a link each; those beyond are one about all links
	gapShare   = 8  // the part of the time that equal questions may take, inverted
	stormShare = 64 // the same while there is something new to ask all the time

	stormQuiet = 250 * time.Millisecond // without anything new to ask: the end of that
	stormMax   = 3 * time.Second        // between two equal questions, where their share allows more
)

// want asks q as soon as allowed, or late if it says so. One that takes long to
// answer waits for the end of what makes it necessary again and again, for a while.
func (s *schedule) want(q rtnl.Query, now time.Time) {
	q = s.merged(q)
	a := s.ask(q)
	at := now
	if q.Late {
		at = now.Add(askGap)
	}
	gap := max(askGap, gapShare*a.took)
	next := a.asked.Add(gap)
	if !next.After(at) && !a.patient {
		a.dueBy(at)
		return
	}
	for _, t := range []time.Time{at, now.Add(stormQuiet)} {
		if t.After(next) {
			next = t
		}
	}
	if last := a.asked.Add(max(gap, min(stormShare*a.took, stormMax))); next.After(last) {
		next = last
	}
	a.putOff(next)
}

// merged returns the question about all links in the place of one about a link
// where there are many of those, and as long as that one is remembered: each is a
// dump of its own, for which the kernel may walk all that it has.
func (s *schedule) merged(q rtnl.Query) rtnl.Query {
	if q.Ifindex == 0 {
		return q
	}
	all := anyLink(q)
	all.One = false
	a := s.asks[all]
	if (a == nil || !a.many) && (s.asks[q] != nil || s.links[anyLink(q)] < linksMax) {
		return q
	}
	s.ask(all).many = true
	return all
}

// anyLink returns q without the link that it is about.
func anyLink(q rtnl.Query) rtnl.Query {
	q.Ifindex = 0
	return q
}

// at asks q at a given time, however soon that is after the last.
func (s *schedule) at(q rtnl.Query, t time.Time) { s.ask(q).dueBy(t) }

func (s *schedule) ask(q rtnl.Query) *ask {
	if s.asks == nil {
		s.asks, s.links = map[rtnl.Query]*ask{}, map[rtnl.Query]int{}
	}
	if s.asks[q] == nil {
		s.asks[q] = &ask{}
		if q.Ifindex != 0 {
			s.links[anyLink(q)]++
		}
	}
	return s.asks[q]
}

func (a *ask) dueBy(t time.Time) {
	if a.due.IsZero() || t.Before(a.due) {
		a.due, a.patient = t, false
	}
}

// putOff asks at a given time, or later if another is given before that.
func (a *ask) putOff(t time.Time) {
	if a.patient || a.due.IsZero() {
		a.due, a.patient = t, true
		return
	}
	a.dueBy(t)
}

// take returns what is to be asked now, in the order of the classes, broad
// questions first.
func (s *schedule) take(now time.Time) (out []rtnl.Query) {
	for q, a := range s.asks {
		switch {
		case a.inFlight:
		case !a.due.IsZero() && !a.due.After(now):
			a.due, a.patient, a.asked, a.inFlight = time.Time{}, false, now, true
			out = append(out, q)
		case a.due.IsZero() && now.Sub(a.asked) > max(askGap, gapShare*a.took) && a.tries == 0:
			s.forget(q) // long answered
		}
	}
	slices.SortFunc(out, func(a, b rtnl.Query) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.Family, b.Family),
			cmp.Compare(a.Ifindex, b.Ifindex), cmp.Compare(a.String(), b.String()))
	})
	return out
}

func (s *schedule) forget(q rtnl.Query) {
	delete(s.asks, q)
	if q.Ifindex == 0 {
		return
	}
	if all := anyLink(q); s.links[all] > 1 {
		s.links[all]--
	} else {
		delete(s.links, all)
	}
}

// next returns when take has something to do; zero for never.
func (s *schedule) next() (t time.Time) {
	for _, a := range s.asks {
		if !a.inFlight && !a.due.IsZero() && (t.IsZero() || a.due.Before(t)) {
			t = a.due
		}
	}
	return t
}

// answered notes the reply to q, and asks again later where it left something open.
func (s *schedule) answered(q rtnl.Query, out mirror.Outcome, now time.Time) {
	a := s.ask(q)
	a.inFlight, a.took = false, now.Sub(a.asked)
	if !out.Again {
		a.tries = 0
		return
	}
	a.dueBy(now.Add(min(retryMin<<min(a.tries, 10), retryMax)))
	a.tries++
}

// reset forgets all questions, those under way included.
func (s *schedule) reset() { s.asks, s.links = nil, nil }

// underway reports whether a question is.
func (s *schedule) underway() bool {
	for _, a := range s.asks {
		if a.inFlight {
			return true
		}
	}
	return false
}

// String names a question that is under way or to be asked; empty: none is.
func (s *schedule) String() string {
	for q, a := range s.asks {
		if a.inFlight || !a.due.IsZero() {
			return fmt.Sprintf("the question %s, in flight %v, due %v, tries %d", q, a.inFlight, a.due, a.tries)
		}
	}
	return ""
}
