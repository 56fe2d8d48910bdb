package driver

import (
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// played answers as a test says.
type played struct {
	mu     sync.Mutex
	asked  []uint32
	answer func(index uint32) error
	closed bool
}

func (p *played) ask(index uint32) (rtnl.Driver, error) {
	p.mu.Lock()
	p.asked = append(p.asked, index)
	p.mu.Unlock()
	return rtnl.NewDriver(index, rtnl.DuplexFull), p.answer(index)
}

func (p *played) Close() error {
	p.closed = true
	return nil
}

func (p *played) list() []uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// speeds takes what is told: the speeds.
type speeds chan uint32

func (s speeds) take(m []byte) bool {
	msg, _, err := rtnl.Next(m)
	if err != nil {
		panic(err)
	}
	s <- rtnl.Driver(rtnl.AttrsOf(rtnl.Link, msg.Body).Get(rtnl.LinkDriver)).Speed()
	return true
}

func idle(t *testing.T, a *Asker) {
	t.Helper()
	require.Eventually(t, func() bool { return a.Pending() == "" }, time.Minute, time.Millisecond)
}

func TestADriverThatNeverAnswersHoldsNobodyUp(t *testing.T) {
	stuck := make(chan struct{})
	p := &played{answer: func(index uint32) error {
		if index == 1 {
			<-stuck
		}
		return nil
	}}
	got := make(speeds, 10)
	a := newAsker(p, got.take)
	a.Ask(rtnl.DriverQuestion{Index: 1})
	require.Eventually(t, func() bool { return len(p.list()) == 1 }, time.Minute, time.Millisecond)
	for index := range uint32(1000) {
		a.Ask(rtnl.DriverQuestion{Index: 2 + index%3}) // returns
	}
	require.Equal(t, []uint32{1}, p.list(), "one at a time")
	require.Equal(t, "the drivers of 3 links and one more", a.Pending(), "and each once")
	close(stuck)
	idle(t, a)
	asked := p.list()
	slices.Sort(asked)
	require.Equal(t, []uint32{1, 2, 3, 4}, asked, "nothing is lost")
	require.Len(t, got, 4)
	a.Close()
}

func TestNobodyWaitsForADriverAtTheEnd(t *testing.T) {
	stuck, in := make(chan struct{}), make(chan struct{})
	p := &played{answer: func(uint32) error { close(in); <-stuck; return nil }}
	got := make(speeds)
	a := newAsker(p, got.take)
	a.Ask(rtnl.DriverQuestion{Index: 1})
	<-in
	a.Close() // returns
	require.True(t, p.closed)
	close(stuck)
	select {
	case <-got:
		t.Fatal("what it says then is told to nobody")
	case <-time.After(50 * time.Millisecond):
	}
}

func TestADriverThatCannotAnswerIsNotAskedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		anew bool
		want int
	}{
		"it has no such thing":       {unix.EOPNOTSUPP, false, 1},
		"but it is another link now": {unix.EOPNOTSUPP, true, 2},
		"it is gone":                 {unix.ENODEV, false, 2},
		"it is busy":                 {errors.New("busy"), false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			p := &played{answer: func(uint32) error { return c.err }}
			a := newAsker(p, func([]byte) bool { t.Error("told"); return true })
			a.Ask(rtnl.DriverQuestion{Index: 1})
			idle(t, a)
			a.Ask(rtnl.DriverQuestion{Index: 1, Anew: c.anew})
			idle(t, a)
			require.Len(t, p.list(), c.want)
			a.Close()
		})
	}
}

// TestAFlappingLinkIsAskedAboutNowAndThen, and when it has settled.
func TestAFlappingLinkIsAskedAboutNowAndThen(t *testing.T) {
	p := &played{answer: func(uint32) error { return nil }}
	a := newAsker(p, func([]byte) bool { return true })
	now := time.Now()
	ask := func(changes uint32) {
		a.wanted[1] = rtnl.DriverQuestion{Index: 1, Changes: changes}
	}
	ask(1)
	q, wait, ok := a.next(now)
	require.True(t, ok)
	require.Zero(t, wait)
	require.EqualValues(t, 1, q.Changes)
	ask(3)
	ask(5)
	_, wait, ok = a.next(now.Add(gap / 2))
	require.True(t, ok)
	require.Equal(t, gap/2, wait)
	q, wait, ok = a.next(now.Add(gap))
	require.True(t, ok)
	require.Zero(t, wait)
	require.EqualValues(t, 5, q.Changes, "the newest question")
	_, _, ok = a.next(now.Add(gap))
	require.False(t, ok)
	_, _, ok = a.next(now.Add(3 * gap))
	require.False(t, ok)
	require.Empty(t, a.asked, "nothing is remembered that is of no use")
}

// TestTheKernelAnswers for links of a namespace, in whichever this one runs.
func TestTheKernelAnswers(t *testing.T) {
	ns := nstest.New(t)
	ns.Run("link add v0 type veth peer name v1", "link set v0 up", "link set v1 up", "link add i0 type ifb")
	index := func(name string) (index uint32) {
		require.NoError(t, ns.Do(func() error {
			link, err := net.InterfaceByName(name)
			index = uint32(link.Index)
			return err
		}))
		return index
	}
	s, err := dial(ns.FD())
	require.NoError(t, err)
	defer s.Close()
	d, err := s.ask(index("v0"))
	require.NoError(t, err)
	require.EqualValues(t, 10000, d.Speed())
	duplex, known := d.Duplex()
	require.True(t, known)
	require.EqualValues(t, rtnl.DuplexFull, duplex)
	_, err = s.ask(index("i0"))
	require.ErrorIs(t, err, unix.EOPNOTSUPP)
	_, err = s.ask(4711)
	require.ErrorIs(t, err, unix.ENODEV)
}

func TestNobodyIsAskedWhereThereIsNoSocket(t *testing.T) {
	var a *Asker
	a.Ask(rtnl.DriverQuestion{Index: 1})
	require.Empty(t, a.Pending())
	a.Close()
}
