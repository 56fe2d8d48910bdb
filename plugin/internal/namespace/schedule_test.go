package namespace

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

var (
	noon    = time.Unix(1000, 0)
	askV4   = rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET}
	askIf3  = rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Ifindex: 3}
	askLink = rtnl.Query{Object: rtnl.Link}
)

func after(seconds float64) time.Time {
	return noon.Add(time.Duration(seconds * float64(time.Second)))
}

func TestScheduleZeroValueHasNothingToDo(t *testing.T) {
	var s schedule
	require.Empty(t, s.take(noon))
	require.True(t, s.next().IsZero())
	s.reset()
}

func TestScheduleMergesEqualQuestions(t *testing.T) {
	var s schedule
	for range 10 {
		s.want(askIf3, noon)
	}
	require.Equal(t, []rtnl.Query{askIf3}, s.take(noon))
	require.Empty(t, s.take(noon), "it is under way")
}

func TestScheduleAsksBroadQuestionsFirst(t *testing.T) {
	var s schedule
	for _, q := range []rtnl.Query{askIf3, askV4, askLink} {
		s.want(q, noon)
	}
	require.Equal(t, []rtnl.Query{askLink, askV4, askIf3}, s.take(noon))
}

func TestScheduleAsksLateQuestionsAfterASecond(t *testing.T) {
	var s schedule
	late := rtnl.Query{Object: rtnl.Link, Ifindex: 3, One: true, Late: true}
	s.want(late, noon)
	s.want(late, after(0.5))
	require.Empty(t, s.take(after(0.9)))
	require.Equal(t, after(1), s.next())
	require.Equal(t, []rtnl.Query{late}, s.take(after(1)))
}

// Thousands of links that are made at one time do not cause a question each.
func TestScheduleAsksForAllLinksInThePlaceOfMany(t *testing.T) {
	for name, c := range map[string]struct{ one, all rtnl.Query }{
		"links": {
			rtnl.Query{Object: rtnl.Link, Ifindex: 4000, One: true, Barrier: true},
			rtnl.Query{Object: rtnl.Link, Barrier: true},
		},
		"routes": {
			rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Ifindex: 4000, Barrier: true},
			rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Barrier: true},
		},
		"neighbors of bridge ports": {
			rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_BRIDGE, Ifindex: 4000},
			rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_BRIDGE},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s schedule
			other := rtnl.Query{Object: rtnl.Address, Family: unix.AF_INET6, Ifindex: 4000}
			for i := range uint32(3000) {
				q := c.one
				q.Ifindex = i + 1
				s.want(q, noon)
			}
			s.want(other, noon)
			asked := s.take(noon)
			require.Len(t, asked, linksMax+2)
			require.Contains(t, asked, c.all)
			require.Contains(t, asked, other, "there are few of those")
			for _, q := range asked {
				s.answered(q, mirror.Outcome{}, after(0.3))
			}
			s.want(c.one, after(0.4))
			require.Empty(t, s.take(after(2)), "the last answer took 0.3 s")
			require.Equal(t, []rtnl.Query{c.all}, s.take(after(2.4)))
			s.answered(c.all, mirror.Outcome{}, after(2.5))
			s.want(c.one, after(2.6))
			require.Equal(t, []rtnl.Query{c.all}, s.take(after(3.4)), "there were many just now")
			s.answered(c.all, mirror.Outcome{}, after(3.5))
			s.take(after(4.5))
			s.want(c.one, after(5))
			require.Equal(t, []rtnl.Query{c.one}, s.take(after(5)), "there are few again")
		})
	}
}

// TestScheduleAsksOnceASecond: a link that flaps does not cause a dump a flap.
func TestScheduleAsksOnceASecond(t *testing.T) {
	var s schedule
	asked := 0
	for now := noon; now.Before(after(10)); now = now.Add(time.Millisecond) {
		s.want(askIf3, now)
		for _, q := range s.take(now) {
			asked++
			s.answered(q, mirror.Outcome{}, now)
		}
	}
	require.InDelta(t, 10, asked, 1)
}

// While links come and go by the thousand each question is necessary again at once,
// and tells little: one that takes long is asked less often, and when it is quiet.
func TestScheduleAsksSlowQuestionsLessOftenWhileThereIsSomethingNew(t *testing.T) {
	for name, c := range map[string]struct {
		took   float64
		asked  int     // times in ten seconds of something new each millisecond
		behind float64 // of the end of that, at most
	}{
		"quick":     {0.01, 10, 1},
		"slow":      {0.04, 4, 0.4},
		"very slow": {0.5, 3, 4.1}, // its share alone keeps it that far apart
	} {
		t.Run(name, func(t *testing.T) {
			var s schedule
			asked, end, last := 0, after(10), noon
			for now := noon; now.Before(after(20)); now = now.Add(time.Millisecond) {
				if now.Before(end) {
					s.want(askV4, now)
				}
				for _, q := range s.take(now) {
					if now.Before(end) {
						asked++
					}
					last = now
					s.answered(q, mirror.Outcome{}, now.Add(time.Duration(c.took*float64(time.Second))))
				}
			}
			require.InDelta(t, c.asked, asked, 1)
			require.False(t, last.Before(end), "what the last was about is asked after it")
			require.LessOrEqual(t, last.Sub(end).Seconds(), c.behind)
		})
	}
}

// TestScheduleRemembersAWishDuringTheQuestion: what is wanted while the answer
// is under way is asked again, since the answer may be older.
func TestScheduleRemembersAWishDuringTheQuestion(t *testing.T) {
	var s schedule
	s.want(askIf3, noon)
	s.take(noon)
	s.want(askIf3, after(0.1))
	require.True(t, s.next().IsZero(), "nothing to do before the answer")
	require.Empty(t, s.take(after(5)))
	s.answered(askIf3, mirror.Outcome{}, after(5))
	require.Equal(t, after(1), s.next())
	require.Equal(t, []rtnl.Query{askIf3}, s.take(after(5)))
}

func TestScheduleAtIsNotHeldBack(t *testing.T) {
	var s schedule
	s.want(askV4, noon)
	s.take(noon)
	s.answered(askV4, mirror.Outcome{}, noon)
	s.at(askV4, after(0.01))
	s.at(askV4, after(0.5)) // the earlier counts
	require.Equal(t, after(0.01), s.next())
	require.Equal(t, []rtnl.Query{askV4}, s.take(after(0.01)))
}

func TestScheduleRetriesWithBackoff(t *testing.T) {
	var s schedule
	s.want(askV4, noon)
	now := noon
	var gaps []float64
	for range 8 {
		require.Len(t, s.take(now), 1)
		s.answered(askV4, mirror.Outcome{Again: true}, now)
		gaps = append(gaps, s.next().Sub(now).Seconds())
		now = s.next()
	}
	require.Equal(t, []float64{0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5}, gaps)
	s.take(now)
	s.answered(askV4, mirror.Outcome{}, now)
	require.True(t, s.next().IsZero())
	s.at(askV4, now)
	s.take(now)
	s.answered(askV4, mirror.Outcome{Again: true}, now)
	require.Equal(t, now.Add(retryMin), s.next(), "a success starts over")
}

func TestScheduleForgetsWhatWasAnswered(t *testing.T) {
	var s schedule
	for i := range uint32(100) {
		q := rtnl.Query{Object: rtnl.Route, Table: i + 1}
		s.want(q, noon)
		s.take(noon)
		s.answered(q, mirror.Outcome{}, noon)
	}
	s.take(after(5))
	require.Empty(t, s.asks)
}

func TestScheduleResetForgetsEverything(t *testing.T) {
	var s schedule
	s.want(askV4, noon)
	s.take(noon)
	s.want(askIf3, noon)
	s.reset()
	require.True(t, s.next().IsZero())
	s.answered(askV4, mirror.Outcome{}, noon) // of a question from before
	require.Empty(t, s.take(after(2)))
}

// TestPassesInARowLeaveHalfOfTheTime: how long the last one took is how long
// the next one waits.
func TestPassesInARowLeaveHalfOfTheTime(t *testing.T) {
	open := map[rtnl.Query]bool{askV4: true}
	for _, c := range []struct {
		name string
		pass pass
		want time.Time // at after(10)
	}{
		{"none before", pass{}, after(10)},
		{"one that ended long ago", pass{started: after(7), ended: after(8), last: time.Second}, after(10)},
		{"one that has just ended", pass{started: after(8.5), ended: after(9.5), last: time.Second}, after(11.5)},
		{"one that is under way", pass{left: open, started: after(9)}, after(11)},
		{"one under way, shorter than the last", pass{left: open, started: after(9.9), last: 2 * time.Second}, after(12)},
		{"one that has hardly begun", pass{left: open, started: after(10)}, after(10.05)},
		{"one that takes for ever", pass{left: open, started: after(0)}, after(15)},
		{"one that is still to begin", pass{left: open, started: after(11)}, after(11)},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, c.pass.again(after(10)))
		})
	}
}

// TestScheduleNeverLosesAWish: whatever happens in between, what was wanted is
// asked later, and next never lies.
func TestScheduleNeverLosesAWish(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var s schedule
	queries := []rtnl.Query{askV4, askIf3, askLink}
	wanted, flying := map[rtnl.Query]bool{}, map[rtnl.Query]bool{}
	for now, i := noon, 0; i < 20000; i++ {
		now = now.Add(time.Duration(r.IntN(300)) * time.Millisecond)
		q := queries[r.IntN(len(queries))]
		switch r.IntN(3) {
		case 0:
			s.want(q, now)
			wanted[q] = true
		case 1:
			if flying[q] {
				again := r.IntN(3) == 0
				s.answered(q, mirror.Outcome{Again: again}, now)
				wanted[q] = wanted[q] || again
				delete(flying, q)
			}
		}
		next := s.next()
		for _, q := range s.take(now) {
			require.False(t, next.IsZero() || next.After(now), "asked before its time")
			require.True(t, wanted[q], "asked without a wish")
			delete(wanted, q)
			flying[q] = true
		}
		for q := range wanted {
			if wanted[q] && !flying[q] {
				require.False(t, s.next().IsZero(), "step %d: %s: %+v", i, q, s.asks[q])
			}
		}
	}
}
