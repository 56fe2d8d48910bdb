package plugin

import (
	"fmt"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/strict"
)

// tiny makes the kernel drop soon: its buffer takes a few messages, the queue
// what the options allow at least.
func tiny(r *RTNetlink) {
	r.QueueLimit = minQueueLimit
	r.ReceiveBuffer = minReceiveBuffer
}

// overrunning starts a plugin for which the kernel's buffer takes two or three
// messages, less than any option allows: whoever has the machine, changes that
// come in one batch are too many.
func overrunning(t *testing.T, ns *nstest.NS, change ...func(*RTNetlink)) *running {
	t.Helper()
	input, log := prepare(t, ns, append(change, tiny)...)
	input.set.ReceiveBuffer = 1
	return launch(t, input, log)
}

// prefixes returns n requests about routes 10.BASE+….
func prefixes(t testing.TB, c *nstest.Conn, format string, n int) (out []nstest.Request) {
	t.Helper()
	for i := range n {
		a := netip.AddrFrom4([4]byte{30, byte(i >> 16), byte(i >> 8), byte(i)})
		r, err := c.Compile(fmt.Sprintf(format, a))
		require.NoError(t, err)
		out = append(out, r)
	}
	return out
}

// batch executes requests that the kernel must accept.
func batch(t testing.TB, c interface {
	Batch([]nstest.Request) (int, error)
}, list []nstest.Request) {
	t.Helper()
	refused, err := c.Batch(list)
	require.Zero(t, refused, err)
}

// TestOverrun: with a receive buffer that is far too small and changes flat
// out, the events end up telling the kernel's state, each difference once.
func TestOverrun(t *testing.T) {
	ns := newPair(t)
	stable, moving := 3000, 10000
	if testing.Short() { // an emulated machine
		stable, moving = 50, 300
	}
	batch(t, ns, prefixes(t, ns.Conn, "route add blackhole %s/32 table 7", stable))
	add := prefixes(t, ns.Conn, "route add blackhole %s/32 table 8", moving)
	del := prefixes(t, ns.Conn, "route del blackhole %s/32 table 8", moving)
	replace := prefixes(t, ns.Conn, "route replace blackhole %s/32 table 8 proto static", moving)
	r := overrunning(t, ns)
	r.settled()
	n := r.mark()

	batch(t, ns, add)
	batch(t, ns, replace[:moving/2])
	batch(t, ns, del[moving/4:])
	r.requireEqual()
	batch(t, ns, add[moving/4:])
	batch(t, ns, replace)
	r.requireEqual()

	require.Empty(t, lines(pick(r.since(n), "table", "7")), "reported without a change")
	require.Empty(t, lines(pick(r.since(n), "origin", "dump")))
	internal := r.internal()
	require.Positive(t, internal["overruns"])
	require.Positive(t, internal["resyncs"])
	require.EqualValues(t, r.origins("resync"), internal["resync_changes"])
	require.Positive(t, internal["resync_changes"])
	require.Zero(t, internal["decode_errors"])
	require.Zero(t, internal["audit_corrections"])
	require.Less(t, r.log.count("The kernel dropped messages"), 5, "trouble does not flood the log")
}

// TestOverrunsInARow: while they go on, enumerating takes no more than about
// half of the time, events come through all the same, and the end is reached
// soon after.
func TestOverrunsInARow(t *testing.T) {
	ns := newPair(t)
	batch(t, ns, prefixes(t, ns.Conn, "route add blackhole %s/32 table 7", 20000))
	const moving = 5000
	add := prefixes(t, ns.Conn, "route add blackhole %s/32 table 8", moving)
	del := prefixes(t, ns.Conn, "route del blackhole %s/32 table 8", moving)
	r := overrunning(t, ns, func(r *RTNetlink) { r.InitialEvents = nil })
	r.settled()
	r.see(func() { r.forget = true })
	var busy, looks int
	notified := r.origins("notify")
	for began := time.Now(); looks < 30 || time.Since(began) < 3*time.Second; {
		for _, requests := range [][]nstest.Request{add, del} {
			batch(t, ns, requests)
			r.call(func(o *owner) {
				if o.spaces.All()[0].Asking() {
					busy++
				}
			})
			looks++
		}
	}
	batch(t, ns, add)
	ended := time.Now()
	r.settled()
	took := time.Since(ended)
	var last time.Duration
	r.call(func(o *owner) { last, _ = o.spaces.All()[0].LastPass() })
	t.Logf("enumerating at %d of %d looks, then in line within %v; an enumeration takes %v; %v overruns, %v resyncs",
		busy, looks, took, last, r.internal()["overruns"], r.internal()["resyncs"])
	require.Less(t, busy*4, looks*3+4)
	require.Positive(t, r.internal()["overruns"])
	require.Greater(t, r.origins("notify"), notified)
	require.Less(t, took, 3*last+3*time.Second)
	r.see(func() { require.Equal(t, moving, tableSize(r.of(ns.Path()), "8")) })
}

// tableSize counts the routes of a table.
func tableSize(c *strict.Consumer, table string) (n int) {
	c.Each(func(class string, v strict.Values) bool {
		if class == "route" && v["table"] == table {
			n++
		}
		return true
	})
	return n
}

// TestAConsumerThatStops costs bounded memory, and in the end only
// intermediate states.
func TestAConsumerThatStops(t *testing.T) {
	ns := newPair(t)
	const moving = 10000
	add := prefixes(t, ns.Conn, "route add blackhole %s/32 table 8", moving)
	del := prefixes(t, ns.Conn, "route del blackhole %s/32 table 8", moving)
	r := begin(t, ns, tiny, func(r *RTNetlink) { r.MaxUndelivered = 100 })
	r.settled()
	for range 2 {
		r.hold.Lock()
		for range 5 {
			batch(t, ns, add)
			batch(t, ns, del)
		}
		batch(t, ns, add[:moving/2])
		before := heap()
		for range 5 {
			batch(t, ns, add[moving/2:])
			batch(t, ns, del[moving/2:])
		}
		require.Less(t, heap(), before+4<<20, "a consumer that has stopped costs no more the longer it lasts")
		r.hold.Unlock()
		r.requireEqual()
		batch(t, ns, del[:moving/2])
		r.requireEqual()
	}
	internal := r.internal()
	require.Positive(t, internal["overruns"])
	require.LessOrEqual(t, internal["queue_peak"], int64(minQueueLimit+1<<20))
	require.Positive(t, internal["queue_peak"])
}

// heap returns the bytes in use after a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestOverrunOfTheFirstEnumeration: what was enumerated before comes as
// differences, the rest as the first enumeration, and scripts are told of the
// start once.
func TestOverrunOfTheFirstEnumeration(t *testing.T) {
	ns := newPair(t)
	const moving = 10000
	add := prefixes(t, ns.Conn, "route add blackhole %s/32 table 8", moving)
	del := prefixes(t, ns.Conn, "route del blackhole %s/32 table 8", moving)
	batch(t, ns, add)
	script := scriptOf(t, `local nl = require "rtnetlink"
		nl.on("start", function() nl.log.info("the start") end)
		nl.on("overrun", function() nl.log.info("an overrun") end)
		nl.on("resync", function() nl.log.info("a resync") end)`)
	r := begin(t, ns, tiny, script, func(r *RTNetlink) { r.MaxUndelivered = 100 })
	r.wait("a part of the enumeration", func() bool { return len(r.events) > moving/2 })
	r.hold.Lock()
	for range 3 {
		batch(t, ns, del)
		batch(t, ns, add)
	}
	batch(t, ns, del[:moving/2])
	r.hold.Unlock()
	r.requireEqual()
	internal := r.internal()
	require.Positive(t, internal["overruns"])
	require.Equal(t, 1, r.log.count("the start"))
	require.EqualValues(t, internal["overruns"], r.log.count("an overrun"))
	require.EqualValues(t, internal["resyncs"], r.log.count("a resync"))
}
