package mirror

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/iproute"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// churn changes routes flat out, and everything now and then, until stop.
type churn struct {
	wg   sync.WaitGroup
	stop chan struct{}
}

// startChurn begins with the operations of a seed. Everything that can fail
// the test happens before it returns.
func startChurn(t *testing.T, ns *nstest.NS, seed uint64) *churn {
	t.Helper()
	g := ops.New(t, ns, seed, ops.Profiles[0])
	conn, err := ns.Dial()
	require.NoError(t, err)
	add, del := manyRoutes(t, 2000)
	c := &churn{stop: make(chan struct{})}
	c.wg.Add(2)
	go func() {
		defer c.wg.Done()
		defer conn.Close()
		for i := 0; !c.done(); i++ {
			_, _ = conn.Batch(add)                           // those that are there already are refused
			_, _ = conn.Batch(del[i%2*1000 : i%2*1000+1000]) // half of them
		}
	}()
	go func() {
		defer c.wg.Done()
		for !c.done() {
			g.Steps(10)
		}
	}()
	t.Cleanup(c.end)
	return c
}

func (c *churn) done() bool {
	select {
	case <-c.stop:
		return true
	default:
		return false
	}
}

// end stops the changes. It may be called twice.
func (c *churn) end() {
	if !c.done() {
		close(c.stop)
	}
	c.wg.Wait()
}

// manyRoutes returns requests that add and delete n routes.
func manyRoutes(t *testing.T, n int) (add, del []nstest.Request) {
	t.Helper()
	for i := range n {
		r := nstest.Route{Dst: netip.PrefixFrom(netip.AddrFrom4([4]byte{60, byte(i >> 8), byte(i), 0}), 24), Type: 6}
		a, err := r.Request("add")
		require.NoError(t, err)
		d, err := r.Request("del")
		require.NoError(t, err)
		add, del = append(add, a), append(del, d)
	}
	return add, del
}

// pump takes items for a while.
func (f *follower) pump(d time.Duration) {
	for deadline := time.Now().Add(d); time.Now().Before(deadline); {
		if it, ok := f.queue.Get(); ok {
			f.take(it)
			f.queue.Release(it)
			continue
		}
		select {
		case <-f.queue.Ready():
		case <-time.After(time.Until(deadline)):
		}
	}
}

// onlyHidden reports whether the mirror lacks IPv6 routes and nothing else. A
// dump does not show those between the members of a group; when the group
// shrinks they are there without a message.
func onlyHidden(diff string) bool {
	for line := range strings.Lines(diff) {
		if !strings.HasPrefix(line, "route 0a") || !strings.Contains(line, "\t- ") {
			return false
		}
	}
	return true
}

// withoutDoubtful leaves out IPv6 routes that no dump would show if they were
// there: whether they are, or their deletion was lost, nothing can tell.
func (f *follower) withoutDoubtful(diff string) string {
	t := f.state.tables[rtnl.Route]
	t.Each(func(r ref) bool {
		if l := t.Find(t.Body(r)); f.overruns > 0 && (routeClass{f.state}).shadowed(&l, r) {
			for _, line := range objectText(rtnl.Route, t.Body(r), 0) {
				diff = strings.ReplaceAll(diff, line+"\t+ (x1)", "")
			}
		}
		return true
	})
	return strings.TrimSpace(diff)
}

// requireEqual fails unless mirror, replica and kernel agree.
func (f *follower) requireEqual(ns *nstest.NS) {
	f.t.Helper()
	diff := f.withoutDoubtful(f.equal(ns))
	if diff != "" && onlyHidden(diff) {
		f.enumerate() // as the audit does
		diff = f.withoutDoubtful(f.equal(ns))
	}
	require.Empty(f.t, diff, "the kernel (-) and the mirror (+) differ")
	require.Empty(f.t, f.replica.difference(f.state), "what the events tell is not what the mirror has")
	if iproute.Have() {
		require.Empty(f.t, f.equalIP(ns), "iproute2 (-) and what the events tell (+) differ")
	}
}

// A mirror that begins while everything changes sees torn dumps, and events
// about objects that it does not know.
func TestFirstEnumerationDuringChurn(t *testing.T) {
	for n := range uint64(2 * *seeds) {
		ns := nstest.New(t)
		c := startChurn(t, ns, *seed+100+n)
		f := start(t, ns, true, 32<<20)
		f.pump(300 * time.Millisecond)
		c.end()
		f.requireEqual(ns)
		t.Logf("%+v, repeated dumps %d", f.state.Counts(), f.torn)
	}
}

// With a receive buffer for a handful of messages most are lost. What is left
// is the net difference.
func TestMirrorConvergesAfterOverruns(t *testing.T) {
	overruns := 0
	for n := uint64(0); n < uint64(2**seeds) || overruns == 0 && n < 50; n++ { // a fast reader may lose nothing
		ns := nstest.New(t)
		f := start(t, ns, true, 16<<10)
		f.settle()
		c := startChurn(t, ns, *seed+200+n)
		f.pump(300 * time.Millisecond)
		c.end()
		f.requireEqual(ns)
		overruns += f.overruns
		t.Logf("%d overruns, %+v, repeated dumps %d", f.overruns, f.state.Counts(), f.torn)
	}
	require.NotZero(t, overruns)
}

// Links that are made and renamed while links are enumerated all the time, the
// same names again and again: none is ever deleted, so none is to be reported.
func TestRenamesDuringEnumerationsOfLinksEndNone(t *testing.T) {
	const rounds = 60
	ns := nstest.New(t)
	f := start(t, ns, true, 32<<20)
	f.settle()
	done := make(chan error, 1)
	go func() {
		conn, err := ns.Dial()
		for i := 0; i < rounds && err == nil; i++ {
			err = conn.Try(fmt.Sprintf("link add name new type veth peer name peer%d", i),
				"addr add 10.0.0.1/24 dev new", fmt.Sprintf("link set dev new name link%d", i))
		}
		done <- err
	}()
	for running := true; running; {
		select {
		case err := <-done:
			require.NoError(t, err)
			running = false
		default:
			f.ask(rtnl.Query{Object: rtnl.Link})
			f.settle()
		}
	}
	f.requireEqual(ns)
	for _, e := range f.seen {
		if !strings.Contains(e, "netconf") { // a renamed link gets its settings anew
			require.NotContains(t, e, "delete", "an event")
		}
	}
	require.NotEmpty(t, f.seen)
}
