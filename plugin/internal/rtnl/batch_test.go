package rtnl

import (
	"errors"
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// step is what a scripted socket answers to one read.
type step struct {
	data string
	size int // of the datagram, where it is larger than data
	port uint32
	err  error
	do   func() // before the answer
}

// script is a socket whose reads are prepared. It is empty in the end.
type script struct {
	steps []step
	reads int
}

var errBlocked = errors.New("the reader waits")

// Read implements syscall.RawConn. Where the reader would wait, it returns
// errBlocked.
func (s *script) Read(f func(uintptr) bool) error {
	if !f(0) {
		return errBlocked
	}
	return nil
}

func (s *script) Write(func(uintptr) bool) error { return io.ErrUnexpectedEOF }
func (s *script) Control(f func(uintptr)) error  { f(0); return nil }
func (s *script) recv(_ uintptr, b []byte) (int, uint32, error) {
	if s.reads++; len(s.steps) == 0 {
		return 0, 0, unix.EAGAIN
	}
	next := s.steps[0]
	s.steps = s.steps[1:]
	if next.do != nil {
		next.do()
	}
	return max(copy(b, next.data), next.size), next.port, next.err
}

var _ syscall.RawConn = (*script)(nil)

// scripted returns a connection that reads the steps, and the reader's batch.
func scripted(steps ...step) (*Conn, *batch, *script) {
	s := &script{steps: steps}
	c := &Conn{raw: s, recv: s.recv, queue: NewQueue(1 << 20), done: make(chan struct{})}
	return c, &batch{conn: c, buf: make([]byte, batchSize)}, s
}

// datagrams returns what a batch holds.
func (b *batch) datagrams() (out []string) {
	at := 0
	for _, m := range b.marks {
		out = append(out, string(b.buf[at:m.End]))
		at = m.End
	}
	return out
}

func TestBatchTakesWhatThereIs(t *testing.T) {
	now := time.Now().UnixNano()
	c, b, _ := scripted(step{data: "a"}, step{data: "bc"}, step{data: "d"})
	require.NoError(t, b.read())
	require.Equal(t, []string{"a", "bc", "d"}, b.datagrams())
	require.False(t, b.lost)
	require.EqualValues(t, 3, c.Stats().Datagrams)
	for _, m := range b.marks {
		require.InDelta(t, now, m.Time, float64(time.Second))
	}
	require.ErrorIs(t, b.read(), errBlocked)
	require.Empty(t, b.datagrams(), "nothing is read twice")
}

func TestBatchLeavesTheRestForTheNextRead(t *testing.T) {
	big := string(make([]byte, batchRoom))
	var steps []step
	for range 6 {
		steps = append(steps, step{data: big})
	}
	_, b, s := scripted(steps...)
	n := 0
	for len(s.steps) > 0 {
		require.NoError(t, b.read())
		require.NotEmpty(t, b.marks)
		n += len(b.marks)
	}
	require.Equal(t, 6, n)
}

func TestBatchErrors(t *testing.T) {
	for name, c := range map[string]struct {
		steps []step
		want  []string
		lost  bool
		err   error
	}{
		"interrupted by a signal":    {steps: []step{{err: unix.EINTR}, {data: "a"}, {err: unix.EINTR}, {data: "b"}}, want: []string{"a", "b"}},
		"nothing there":              {steps: nil, err: errBlocked},
		"not from the kernel":        {steps: []step{{data: "evil", port: 4711}, {data: "a"}}, want: []string{"a"}},
		"only foreign":               {steps: []step{{data: "evil", port: 4711}}, err: errBlocked},
		"foreign and too long":       {steps: []step{{data: "evil", size: 1 << 20, port: 4711}, {data: "a"}}, want: []string{"a"}},
		"overrun":                    {steps: []step{{data: "a"}, {err: unix.ENOBUFS}, {data: "stale"}, {data: "stale"}}, want: []string{"a"}, lost: true},
		"overrun first, empty then":  {steps: []step{{err: unix.ENOBUFS}}, lost: true},
		"twice in one read":          {steps: []step{{err: unix.ENOBUFS}, {data: "x"}, {err: unix.ENOBUFS}}, lost: true},
		"no memory for a datagram":   {steps: []step{{data: "a"}, {err: unix.ENOMEM}, {data: "stale"}}, want: []string{"a"}, lost: true},
		"a datagram that is cut":     {steps: []step{{data: "a"}, {data: "cut", size: batchSize + 1}, {data: "behind"}}, want: []string{"a"}, lost: true},
		"closed under the reader":    {steps: []step{{data: "a"}, {err: unix.EBADF}}, want: []string{"a"}, err: unix.EBADF},
		"forbidden":                  {steps: []step{{err: unix.EPERM}}, err: unix.EPERM},
		"an error nobody knows":      {steps: []step{{err: unix.EIO}}, err: unix.EIO},
		"an error behind an overrun": {steps: []step{{err: unix.ENOBUFS}, {err: unix.EBADF}}, lost: true, err: unix.EBADF},
	} {
		t.Run(name, func(t *testing.T) {
			_, b, _ := scripted(c.steps...)
			err := b.read()
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
			} else {
				require.NoError(t, err)
			}
			require.Equal(t, c.want, b.datagrams())
			require.Equal(t, c.lost, b.lost)
		})
	}
}

// kinds takes everything out of a queue.
func kinds(q *Queue) (out []Kind) {
	for it, ok := q.Get(); ok; it, ok = q.Get() {
		out = append(out, it.Kind)
		q.Release(it)
	}
	return out
}

func TestReaderPutsOneOverrunBehindWhatCameBefore(t *testing.T) {
	c, b, _ := scripted(step{data: "a"}, step{err: unix.ENOBUFS}, step{data: "stale"})
	require.True(t, c.deliver(b.read(), b))
	require.Equal(t, []Kind{Events, Overrun}, kinds(c.queue))
	require.EqualValues(t, 1, c.Stats().Overruns)
	require.EqualValues(t, 1, c.Stats().Datagrams)
}

func TestReaderEndsWithFailed(t *testing.T) {
	c, b, _ := scripted(step{data: "a"}, step{err: unix.EBADF})
	require.False(t, c.deliver(b.read(), b))
	it, _ := c.queue.Get()
	require.Equal(t, "a", string(it.Data))
	it, _ = c.queue.Get()
	require.Equal(t, Failed, it.Kind)
	require.ErrorIs(t, it.Err, unix.EBADF)
}

func TestReaderEndsSilentlyWhenClosed(t *testing.T) {
	c, b, _ := scripted(step{err: os.ErrClosed})
	close(c.done)
	require.False(t, c.deliver(b.read(), b))
	require.Empty(t, kinds(c.queue))
}

func TestReaderEndsWhenTheQueueIsClosed(t *testing.T) {
	c, b, _ := scripted(step{data: "a"})
	c.queue.Close()
	require.False(t, c.deliver(b.read(), b))
}

func waiting() *dumpEnd { return &dumpEnd{item: Item{Kind: DumpEnd}, sent: make(chan struct{})} }

func TestReaderPassesDumpEndWhenTheSocketIsEmpty(t *testing.T) {
	c, b, _ := scripted(step{data: "a"})
	e := waiting()
	c.end.Store(e)
	require.True(t, c.deliver(b.read(), b))
	require.Equal(t, []Kind{Events, DumpEnd}, kinds(c.queue))
	<-e.sent
	require.Nil(t, c.end.Load())
}

// TestReaderHoldsBackADumpEndThatCameAfterTheLastLook: what arrives between
// finding the socket empty and the end of the dump goes before the latter.
func TestReaderHoldsBackADumpEndThatCameAfterTheLastLook(t *testing.T) {
	c, b, s := scripted(step{data: "a"})
	e := waiting()
	s.steps = append(s.steps, step{err: unix.EAGAIN, do: func() {
		c.end.Store(e) // the dump ends now, and has seen what comes next
		s.steps = append(s.steps, step{data: "raced"})
	}})
	require.True(t, c.deliver(b.read(), b))
	require.Equal(t, []Kind{Events}, kinds(c.queue))
	require.True(t, c.deliver(b.read(), b))
	require.Equal(t, []Kind{Events, DumpEnd}, kinds(c.queue))
	<-e.sent
}

func TestReaderHoldsBackADumpEndWhileThereIsMore(t *testing.T) {
	big := string(make([]byte, batchRoom))
	c, b, _ := scripted(step{data: big}, step{data: big}, step{data: big}, step{data: big}, step{data: "last"})
	c.end.Store(waiting())
	require.True(t, c.deliver(b.read(), b))
	require.NotContains(t, kinds(c.queue), DumpEnd)
	require.True(t, c.deliver(b.read(), b))
	require.Equal(t, DumpEnd, kinds(c.queue)[1])
}

func TestReaderPutsOverrunBeforeDumpEnd(t *testing.T) {
	c, b, _ := scripted(step{err: unix.ENOBUFS})
	c.end.Store(waiting())
	require.True(t, c.deliver(b.read(), b))
	require.Equal(t, []Kind{Overrun, DumpEnd}, kinds(c.queue))
}
