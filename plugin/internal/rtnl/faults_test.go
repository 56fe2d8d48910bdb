package rtnl

import (
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// fault is what the n-th read of a query socket is to do in place of recv.
type fault func(fd uintptr, b []byte) (int, uint32, error)

func failing(err error) fault {
	return func(uintptr, []byte) (int, uint32, error) { return 0, 0, err }
}

// broken reads a datagram of the kernel, and damages it.
func broken(damage func([]byte)) fault {
	return func(fd uintptr, b []byte) (int, uint32, error) {
		n, port, err := recv(fd, b)
		if err == nil {
			damage(b[:n])
		}
		return n, port, err
	}
}

// injected connects to ns; after arm is set the at-th read of the query socket
// has the fault.
func injected(t *testing.T, ns *nstest.NS, at int, f fault) (w *watched, arm *atomic.Bool) {
	t.Helper()
	w = &watched{t: t, queue: NewQueue(1 << 20), seen: map[uint16][]Message{}, rows: map[Query][]Message{}}
	c := newConn(5, w.queue)
	c.patience = 200 * time.Millisecond
	require.NoError(t, c.open(Config{NetNS: ns.FD(), Groups: allGroups()}))
	raw, err := c.query.SyscallConn()
	require.NoError(t, err)
	var query uintptr
	require.NoError(t, raw.Control(func(fd uintptr) { query = fd }))
	arm = new(atomic.Bool)
	n := 0
	c.recv = func(fd uintptr, b []byte) (int, uint32, error) {
		if fd != query || !arm.Load() {
			return recv(fd, b)
		}
		if n++; n == at {
			return f(fd, b)
		}
		return recv(fd, b)
	}
	w.conn = c
	c.start()
	t.Cleanup(func() {
		w.queue.Close()
		c.Close()
	})
	return w, arm
}

// TestFaultsInAReply: the reply is reported as failed, and the next question
// gets a good answer, however long the rest of the failed one is.
func TestFaultsInAReply(t *testing.T) {
	ns := nstest.New(t)
	refused, err := ns.Batch(routes(t, ns.Conn, "add", 6000)) // a dozen datagrams
	require.Zero(t, refused, err)
	for name, c := range map[string]struct {
		fault fault
		err   error
	}{
		"interrupted by a signal": {failing(unix.EINTR), nil},
		"no buffer":               {failing(unix.ENOBUFS), unix.ENOBUFS},
		"no memory":               {failing(unix.ENOMEM), unix.ENOMEM},
		"a message without end":   {broken(func(b []byte) { PutUint32(b, 1<<30) }), ErrMalformed},
		"a message without start": {broken(func(b []byte) { PutUint32(b, 0) }), ErrMalformed},
		"a datagram that is cut":  {func(uintptr, []byte) (int, uint32, error) { return 1 << 20, 0, nil }, ErrMalformed},
		"a reply to another":      {broken(func(b []byte) { PutUint32(b[8:], 1) }), nil},
		"sent by a process":       {func(_ uintptr, b []byte) (int, uint32, error) { return len(b), 4711, nil }, nil},
		"overrun in the reply": {broken(func(b []byte) {
			b[4], b[5] = unix.NLMSG_OVERRUN, 0
		}), unix.ENOBUFS},
		"interrupted by changes": {broken(func(b []byte) { b[6] |= unix.NLM_F_DUMP_INTR }), nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, at := range []int{1, 2, 7} {
				w, arm := injected(t, ns, at, c.fault)
				arm.Store(true)
				_, end := w.ask(Query{Object: Route, Family: unix.AF_INET, Table: 7, Round: 1})
				require.ErrorIs(t, end.Err, c.err)
				require.Equal(t, name == "interrupted by changes", end.Interrupted)
				for round := range uint32(2) {
					rows, end := w.ask(Query{Object: Route, Family: unix.AF_INET, Table: 7, Round: 2 + round})
					require.NoError(t, end.Err)
					require.GreaterOrEqual(t, len(rows), 6000)
				}
				require.Zero(t, w.count(Failed))
			}
		})
	}
}

// TestFaultsThatEndAConnection: nobody knows what the socket will say next.
func TestFaultsThatEndAConnection(t *testing.T) {
	ns := nstest.New(t)
	refused, err := ns.Batch(routes(t, ns.Conn, "add", 5000))
	require.Zero(t, refused, err)
	for name, c := range map[string]struct {
		fault fault
		err   error
	}{
		"closed":    {failing(unix.EBADF), unix.EBADF},
		"forbidden": {failing(unix.EPERM), unix.EPERM},
		"unknown":   {failing(unix.EIO), unix.EIO},
		"no answer": {func(fd uintptr, b []byte) (int, uint32, error) {
			for {
				if _, _, err := recv(fd, b); err != nil {
					return 0, 0, unix.EAGAIN
				}
			}
		}, os.ErrDeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			for _, at := range []int{1, 3} {
				for _, barrier := range []bool{false, true} {
					w, arm := injected(t, ns, at, c.fault)
					arm.Store(true)
					require.True(t, w.conn.Ask(Query{Object: Route, Family: unix.AF_INET, Table: 7, Barrier: barrier}))
					w.until(func(it Item) bool {
						require.NotEqual(t, DumpEnd, it.Kind)
						if it.Kind == Failed {
							require.ErrorIs(t, it.Err, c.err)
						}
						return it.Kind == Failed
					})
				}
			}
		})
	}
}

// TestASlowOwnerIsNoTimeout: a reply may take as long as the owner takes for it.
func TestASlowOwnerIsNoTimeout(t *testing.T) {
	ns := nstest.New(t)
	refused, err := ns.Batch(routes(t, ns.Conn, "add", 10000))
	require.Zero(t, refused, err)
	w, _ := injected(t, ns, -1, nil)
	w.queue.mu.Lock()
	w.queue.dump += dumpLimit - chunkSize // one datagram at a time
	w.queue.mu.Unlock()
	require.True(t, w.conn.Ask(Query{Object: Route, Family: unix.AF_INET, Table: 7}))
	begin := time.Now()
	w.until(func(it Item) bool {
		if it.Kind == DumpData {
			time.Sleep(w.conn.patience / 4)
		}
		if it.Kind == DumpEnd {
			require.NoError(t, it.Err)
		}
		return it.Kind == DumpEnd
	})
	require.Greater(t, time.Since(begin), 2*w.conn.patience)
}
