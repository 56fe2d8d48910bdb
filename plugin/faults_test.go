package plugin

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/eventtest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// inject puts an item into the stream, as if the reader had.
func (r *running) inject(it rtnl.Item) {
	r.t.Helper()
	require.True(r.t, r.call(func(o *owner) {
		it.Source = o.spaces.All()[0].ID()
		o.spaces.Queue().Put(it)
	}))
}

// datagram is an item of events with one datagram.
func datagram(b []byte) rtnl.Item {
	return rtnl.Item{Kind: rtnl.Events, Data: b, Marks: []rtnl.Mark{{End: len(b), Time: time.Now().UnixNano()}}}
}

// head is a message header.
func head(length uint32, typ uint16) []byte {
	b := append(eventtest.U32(length), byte(typ), byte(typ>>8), 0, 0)
	return append(b, make([]byte, 8)...)
}

// TestMessagesThatMakeNoSense are counted and logged, put what they may have
// been about in doubt, and change nothing.
func TestMessagesThatMakeNoSense(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		all  bool // everything is in doubt
	}{
		"half a header":         {[]byte{1, 2, 3}, true},
		"a length of zero":      {head(0, unix.RTM_NEWROUTE), true},
		"a length beyond":       {head(1<<20, unix.RTM_NEWROUTE), true},
		"no fixed part":         {head(16, unix.RTM_NEWROUTE), false},
		"half a fixed part":     {append(head(20, unix.RTM_NEWLINK), 0, 0, 0, 0), false},
		"an attribute too long": {append(append(head(32, unix.RTM_NEWROUTE), eventtest.RouteBody("", 0)[:12]...), 200, 0, 1, 0), false},
	} {
		t.Run(name, func(t *testing.T) {
			ns := newPair(t)
			r := begin(t, ns)
			r.settled()
			n := r.mark()
			for range 5 {
				r.inject(datagram(c.data))
			}
			ns.Run("link set v0 mtu 1400")
			r.waitEvent(n, "name", "link", "mtu", 1400)
			r.requireEqual()
			internal := r.internal()
			require.EqualValues(t, 5, internal["decode_errors"])
			require.Zero(t, internal["overruns"])
			require.Equal(t, c.all, internal["resyncs"] != int64(0))
			require.Equal(t, 1, r.log.count("W! Message not understood"))
			require.Empty(t, lines(pick(r.since(n), "origin", "resync")), "nothing was different")
		})
	}
}

// TestMessagesOfAnUnknownTypeAreIgnored: a newer kernel may send some.
func TestMessagesOfAnUnknownTypeAreIgnored(t *testing.T) {
	r := begin(t, newPair(t))
	r.settled()
	n, before, sent := r.mark(), r.internal()["ignored_messages"].(int64), int64(0)
	for typ := uint16(unix.NLMSG_MIN_TYPE); typ < 300; typ++ { // what is below is netlink's own
		if _, _, known := rtnl.ObjectOf(typ); !known {
			r.inject(datagram(head(16, typ)))
			sent++
		}
	}
	r.requireEqual()
	require.Equal(t, before+sent, r.internal()["ignored_messages"], "counted")
	require.Zero(t, r.internal()["decode_errors"])
	require.Empty(t, lines(r.since(n)))
}

// TestALostConnectionIsMadeAgain: what happened meanwhile comes as differences.
func TestALostConnectionIsMadeAgain(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	n := r.mark()
	require.True(t, r.call(func(o *owner) {
		s := o.spaces.All()[0]
		s.Fail(unix.EBADF, time.Now().Add(200*time.Millisecond))
	}))
	ns.Run("route add 20.9.0.0/24 via 10.0.0.2", "link set v0 mtu 1400")
	r.waitEvent(n, "name", "route", "dst", "20.9.0.0/24", "origin", "resync", "action", "new")
	r.waitEvent(n, "name", "link", "changed", "mtu", "origin", "resync", "action", "change")
	r.requireEqual()
	require.Len(t, r.since(n), 2)
	require.Equal(t, 1, r.log.count("Connection lost, connecting again: namespace"))
}

// TestAConnectionIsLostWhileTheQueueIsFull: its goroutines wait for space that
// only the owner makes, who waits for them.
func TestAConnectionIsLostWhileTheQueueIsFull(t *testing.T) {
	const readAhead, buffer = 4 << 20, 64 << 10 // what the queue takes of answers
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	n := r.mark()
	for range 3 {
		require.True(t, r.call(func(o *owner) {
			s := o.spaces.All()[0]
			for range readAhead / buffer {
				o.spaces.Queue().Put(rtnl.Item{Source: -1, Kind: rtnl.DumpData, Data: make([]byte, buffer)})
			}
			o.spaces.Enumerate()
			time.Sleep(50 * time.Millisecond) // the answer is there, and waits
			s.Fail(errors.New("a fault"), time.Now())
		}))
		r.requireEqual()
	}
	require.Empty(t, lines(r.since(n)))
}

// TestADefectEndsNothing: a panic in the owner goroutine is logged, and the
// mirror enumerated again.
func TestADefectEndsNothing(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	n := r.mark()
	for range 3 {
		r.call(func(*owner) { panic("a defect") })
	}
	ns.Run("link set v0 mtu 1400")
	r.waitEvent(n, "mtu", 1400)
	r.requireEqual()
	require.Len(t, r.since(n), 1)
	require.Equal(t, 1, r.log.count("E! Internal error, enumerating again: a defect"))
}

// TestNoDescriptorsLeft: connecting is tried again until it works.
func TestNoDescriptorsLeft(t *testing.T) {
	ns := newPair(t)
	input, log := prepare(t, ns)
	r := &running{consumer: newConsumer(t), input: input, log: log}
	t.Cleanup(r.end)
	var before syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &before))
	few := before
	few.Cur = 3
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few))
	restore := func() { _ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &before) }
	defer restore()
	require.NoError(t, input.Start(r.accumulator()))
	require.Eventually(t, func() bool { return log.count("Connecting failed, trying again") > 0 }, patience, time.Millisecond)
	time.Sleep(300 * time.Millisecond)
	restore()
	r.requireEqual()
	require.Equal(t, 1, log.count("Connecting failed"), "said once")
}

// TestAScriptDirectoryThatDisappears: the scripts stay in force, and are loaded
// again when the directory is back.
func TestAScriptDirectoryThatDisappears(t *testing.T) {
	ns := newPair(t)
	dir := filepath.Join(t.TempDir(), "hooks")
	script := filepath.Join(dir, "a.lua")
	write := func(tag string) {
		require.NoError(t, os.MkdirAll(dir, 0o700))
		require.NoError(t, os.WriteFile(script, []byte(`local nl = require "rtnetlink"
			nl.on("rule", function(ev) ev:tag("version", "`+tag+`") end)`), 0o600))
	}
	write("one")
	r := begin(t, ns, func(r *RTNetlink) { r.Lua = []LuaConfig{{Script: script}} })
	r.settled()
	flip := func() int {
		n := r.mark()
		ns.Run("rule add from 11.0.0.0/8 table 100 pref 1001", "rule del from 11.0.0.0/8 table 100 pref 1001")
		return n
	}
	r.waitEvent(flip(), "name", "rule", "version", "one")
	require.NoError(t, os.RemoveAll(dir))
	time.Sleep(100 * time.Millisecond)
	r.waitEvent(flip(), "name", "rule", "version", "one")
	r.gather()
	r.waitEvent(flip(), "name", "rule", "version", "one")
	write("two")
	require.Eventually(t, func() bool {
		n := flip()
		r.waitEvent(n, "name", "rule", "action", "delete")
		return len(pick(r.since(n), "version", "two")) > 0
	}, patience, 50*time.Millisecond)
}

// TestAnIdleOwnerSleeps: without events nothing wakes it.
func TestAnIdleOwnerSleeps(t *testing.T) {
	r := begin(t, newPair(t))
	r.settled()
	r.call(func(o *owner) { require.True(t, o.deadline().IsZero(), o.deadline()) })
}
