package rtnl

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// routes compiles n operations on blackhole routes of one prefix each.
func routes(t *testing.T, c *nstest.Conn, verb string, n int) (out []nstest.Request) {
	t.Helper()
	for i := range n {
		a := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		r, err := c.Compile(fmt.Sprintf("route %s blackhole %s/32 table 7", verb, a))
		require.NoError(t, err)
		out = append(out, r)
	}
	return out
}

func TestConnBringsEventsInTheirOrder(t *testing.T) {
	ns := nstest.New(t)
	w := watch(t, ns, Config{Groups: allGroups(), ReceiveBuffer: 1 << 20})
	before := time.Now().UnixNano()
	ns.Run("link add v0 type veth peer name v1", "link set v0 up", "addr add 10.0.0.1/24 dev v0", "link del v0")
	w.settle()
	for _, typ := range []uint16{unix.RTM_NEWLINK, unix.RTM_DELLINK, unix.RTM_NEWADDR, unix.RTM_DELADDR, unix.RTM_NEWROUTE} {
		require.NotEmpty(t, w.seen[typ], "type %d", typ)
	}
	for _, it := range w.items {
		require.InDelta(t, before, it.Time, float64(10*time.Second))
	}
	require.Positive(t, w.conn.ReceiveBuffer())
}

// TestDumpEndComesBehindTheEventsThatTheDumpHasSeen: while a writer makes
// routes, each that a dump shows has been announced before the dump's end.
func TestDumpEndComesBehindTheEventsThatTheDumpHasSeen(t *testing.T) {
	ns := nstest.New(t)
	w := watch(t, ns, Config{Groups: allGroups(), ReceiveBuffer: 16 << 20})
	c, err := ns.Dial()
	require.NoError(t, err)
	defer c.Close()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(stop)
	wg.Go(func() {
		for i := 1; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			_ = c.Try(fmt.Sprintf("route add blackhole 10.0.0.0/24 metric %d table 7", i))
			if i > 20 {
				_ = c.Try(fmt.Sprintf("route del blackhole 10.0.0.0/24 metric %d table 7", i-20))
			}
		}
	})
	metric := func(m Message) uint32 { return Uint32(AttrsOf(Route, m.Body).Get(unix.RTA_PRIORITY)) }
	shown := 0
	announced := map[uint32]bool{}
	for i := range 2000 {
		rows, end := w.ask(Query{Object: Route, Family: unix.AF_INET, Table: 7, Round: uint32(i)})
		if errors.Is(end.Err, unix.ENOENT) {
			continue // no route yet, no table
		}
		require.NoError(t, end.Err)
		for _, m := range w.seen[unix.RTM_NEWROUTE] {
			announced[metric(m)] = true
		}
		delete(w.seen, unix.RTM_NEWROUTE)
		for _, m := range rows {
			if m.Type == unix.RTM_NEWROUTE {
				require.True(t, announced[metric(m)], "dump %d shows metric %d, no event has so far", i, metric(m))
				shown++
			}
		}
		delete(w.rows, end.Query)
	}
	require.Positive(t, shown)
}

// TestOverrunComesOncePerLoss: the queue holds the reader back until the
// kernel drops. Then there is one Overrun, and the reader goes on.
func TestOverrunComesOncePerLoss(t *testing.T) {
	ns := nstest.New(t)
	w := watch(t, ns, Config{Groups: allGroups(), ReceiveBuffer: 4096})
	w.settle()
	adds, dels := routes(t, ns.Conn, "add", 3000), routes(t, ns.Conn, "del", 3000)
	w.queue.mu.Lock()
	w.queue.limit = 1
	w.queue.mu.Unlock()
	for round := 1; round <= 3; round++ {
		before := w.count(Overrun)
		w.queue.mu.Lock()
		w.queue.bytes++ // full
		w.queue.mu.Unlock()
		refused, err := ns.Batch(adds)
		require.Zero(t, refused, err)
		refused, err = ns.Batch(dels)
		require.Zero(t, refused, err)
		drops, err := w.conn.Drops()
		require.NoError(t, err)
		require.Positive(t, drops)
		require.Equal(t, before, w.count(Overrun), "nothing passes a full queue")
		w.queue.mu.Lock()
		w.queue.bytes--
		w.queue.space.Broadcast()
		w.queue.mu.Unlock()
		w.settle()
		// The reader may have met losses before it met the full queue; those
		// without events between them are one.
		require.Greater(t, w.count(Overrun), before)
		require.LessOrEqual(t, w.count(Overrun), before+3)
		require.GreaterOrEqual(t, int(w.conn.Stats().Overruns), w.count(Overrun))
		after, err := w.conn.Drops()
		require.NoError(t, err)

		clear(w.seen)
		ns.Run(fmt.Sprintf("route add blackhole 20.0.0.0/24 metric %d", round))
		w.settle()
		require.Len(t, w.seen[unix.RTM_NEWROUTE], 1, "the reader goes on")
		same, err := w.conn.Drops()
		require.NoError(t, err)
		require.Equal(t, after, same)
	}
}

// TestForeignMessagesAreIgnored: a process can send to any socket; only the
// kernel has port 0.
func TestForeignMessagesAreIgnored(t *testing.T) {
	ns := nstest.New(t)
	w := watch(t, ns, Config{Groups: allGroups()})
	evil, err := netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{NetNS: ns.FD()})
	require.NoError(t, err)
	defer evil.Close()
	spoof := message(Message{Type: unix.RTM_DELLINK, Body: append([]byte{0, 0, 0, 0, 1, 0, 0, 0}, make([]byte, 8)...)})
	send := func(port uint32) error {
		raw, err := evil.SyscallConn()
		require.NoError(t, err)
		var serr error
		require.NoError(t, raw.Write(func(fd uintptr) bool {
			serr = unix.Sendto(int(fd), spoof, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Pid: port})
			return true
		}))
		return serr
	}
	for range 10 {
		require.NoError(t, send(w.conn.event.PID()))
		require.NoError(t, send(w.conn.query.PID()))
	}
	rows, end := w.ask(Query{Object: Link})
	require.NoError(t, end.Err)
	require.NotEmpty(t, rows)
	w.settle()
	require.Empty(t, w.seen[unix.RTM_DELLINK])
	require.EqualValues(t, 10, w.conn.Stats().Foreign)
}

// TestCloseEndsEverythingAtAnyMoment: while events flow, dumps run and the
// queue is full.
func TestCloseEndsEverythingAtAnyMoment(t *testing.T) {
	ns := nstest.New(t)
	refused, err := ns.Batch(routes(t, ns.Conn, "add", 20000))
	require.Zero(t, refused, err)
	churn, err := ns.Dial()
	require.NoError(t, err)
	defer churn.Close()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				_ = churn.Try("link add v0 type veth peer name v1", "link set v0 up", "link del v0")
			}
		}
	})
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 200 {
		q := NewQueue(1 + r.IntN(3)*10000)
		conn, err := Dial(Config{NetNS: ns.FD(), Groups: allGroups(), ReceiveBuffer: 4096}, 0, q)
		require.NoError(t, err)
		for range r.IntN(4) {
			conn.Ask(Query{Object: Route, Family: unix.AF_INET, Barrier: r.IntN(2) == 0})
		}
		for end := time.Now().Add(time.Duration(r.IntN(8)) * time.Millisecond); i%2 == 0 && time.Now().Before(end); {
			if it, ok := q.Get(); ok {
				q.Release(it)
			}
		}
		closed := make(chan struct{})
		if i%3 == 0 {
			q.Close()
		}
		go func() { conn.Close(); close(closed) }()
		for late := time.After(10 * time.Second); ; {
			select {
			case <-closed:
			case <-late:
				t.Fatal("Close does not return")
			default:
				if it, ok := q.Get(); ok { // Close waits for the owner
					q.Release(it)
				}
				continue
			}
			break
		}
		require.False(t, i > 0 && conn.Ask(Query{}) && len(conn.requests) == 0, "nobody answers any more")
	}
	close(stop)
	wg.Wait()
}

func TestDialReports(t *testing.T) {
	ns := nstest.New(t)
	for name, cfg := range map[string]Config{
		"no namespace":    {NetNS: 1 << 20},
		"a filter of all": {NetNS: ns.FD(), Filter: Filter{RouteTables: make([]uint32, 5000)}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Dial(cfg, 0, NewQueue(0))
			require.ErrorContains(t, err, "rtnl: ")
		})
	}
}

// TestAGroupThatTheKernelLacksIsNoError is for kernels older than a class.
func TestAGroupThatTheKernelLacksIsNoError(t *testing.T) {
	ns := nstest.New(t)
	w := watch(t, ns, Config{Groups: []uint32{1 << 20, unix.RTNLGRP_LINK}})
	ns.Run("link set lo up")
	w.settle()
	require.NotEmpty(t, w.seen[unix.RTM_NEWLINK], "the groups behind it")
}

func TestAskRefusesTooMany(t *testing.T) {
	c := newConn(0, NewQueue(0))
	for range maxRequests {
		require.True(t, c.Ask(Query{}))
	}
	require.False(t, c.Ask(Query{}))
}
