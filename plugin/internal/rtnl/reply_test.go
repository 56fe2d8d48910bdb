package rtnl

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestReplyScan(t *testing.T) {
	link := Message{Type: unix.RTM_NEWLINK, Seq: 7, PID: 9, Body: make([]byte, 16)}
	with := func(m Message, change func(*Message)) Message { change(&m); return m }
	done := Message{Type: unix.NLMSG_DONE, Seq: 7, PID: 9, Body: errno(0)}
	for name, c := range map[string]struct {
		datagrams   [][]byte
		single      bool
		ours        []bool
		done        bool
		interrupted bool
		err         error
	}{
		"objects and their end": {
			datagrams: [][]byte{messages(link, link), messages(done)}, ours: []bool{true, false}, done: true,
		},
		"the end in the last datagram": {
			datagrams: [][]byte{messages(link, done)}, ours: []bool{true}, done: true,
		},
		"more to come": {
			datagrams: [][]byte{messages(link)}, ours: []bool{true},
		},
		"the end without a code": {
			datagrams: [][]byte{messages(with(done, func(m *Message) { m.Body = nil }))}, ours: []bool{false}, done: true,
		},
		"the end with an error": {
			datagrams: [][]byte{messages(link), messages(with(done, func(m *Message) { m.Body = errno(unix.ENODEV) }))},
			ours:      []bool{true, false}, done: true, err: unix.ENODEV,
		},
		"a refusal": {
			datagrams: [][]byte{messages(Message{Type: unix.NLMSG_ERROR, Seq: 7, PID: 9, Body: errno(unix.EPERM)})},
			ours:      []bool{false}, done: true, err: unix.EPERM,
		},
		"another dump is under way": {
			datagrams: [][]byte{messages(Message{Type: unix.NLMSG_ERROR, Seq: 7, PID: 9, Body: errno(unix.EBUSY)})},
			ours:      []bool{false}, done: true, err: unix.EBUSY,
		},
		"interrupted at the start": {
			datagrams: [][]byte{messages(with(link, func(m *Message) { m.Flags = unix.NLM_F_DUMP_INTR }), link), messages(done)},
			ours:      []bool{true, false}, done: true, interrupted: true,
		},
		"interrupted at the end": {
			datagrams: [][]byte{messages(link, with(done, func(m *Message) { m.Flags = unix.NLM_F_DUMP_INTR }))},
			ours:      []bool{true}, done: true, interrupted: true,
		},
		"a message with another sequence number": {
			datagrams: [][]byte{messages(with(link, func(m *Message) { m.Seq = 6 }))}, ours: []bool{false},
		},
		"a message with another port": {
			datagrams: [][]byte{messages(with(link, func(m *Message) { m.PID = 8 }))}, ours: []bool{false},
		},
		"the end of another reply": {
			datagrams: [][]byte{messages(with(done, func(m *Message) { m.Seq = 6 }), link)}, ours: []bool{true},
		},
		"an overrun, and the rest of the dump": {
			datagrams: [][]byte{messages(Message{Type: unix.NLMSG_OVERRUN, Seq: 7, PID: 9}), messages(link, done)},
			ours:      []bool{false, true}, done: true, err: unix.ENOBUFS,
		},
		"nothing to say": {
			datagrams: [][]byte{messages(Message{Type: unix.NLMSG_NOOP, Seq: 7, PID: 9})}, ours: []bool{false},
		},
		"a header that is cut": {
			datagrams: [][]byte{messages(link)[:10], messages(done)}, ours: []bool{false, false}, done: true, err: ErrMalformed,
		},
		"a message that is cut": {
			datagrams: [][]byte{append(messages(link), messages(link)[:20]...), messages(done)},
			ours:      []bool{true, false}, done: true, err: ErrMalformed,
		},
		"a length of zero": {
			datagrams: [][]byte{make([]byte, 64), messages(done)}, ours: []bool{false, false}, done: true, err: ErrMalformed,
		},
		"an empty datagram": {
			datagrams: [][]byte{{}}, ours: []bool{false},
		},
		"a single object": {
			single: true, datagrams: [][]byte{messages(link)}, ours: []bool{true}, done: true,
		},
		"a single object that is not there": {
			single: true, datagrams: [][]byte{messages(Message{Type: unix.NLMSG_ERROR, Seq: 7, PID: 9, Body: errno(unix.ENODEV)})},
			ours: []bool{false}, done: true, err: unix.ENODEV,
		},
		"an overrun instead of a single object": {
			single: true, datagrams: [][]byte{messages(Message{Type: unix.NLMSG_OVERRUN, Seq: 7, PID: 9})},
			ours: []bool{false}, done: true, err: unix.ENOBUFS,
		},
		"a malformed single object": {
			single: true, datagrams: [][]byte{{1}}, ours: []bool{false}, done: true, err: ErrMalformed,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := reply{seq: 7, port: 9, dump: !c.single}
			for i, b := range c.datagrams {
				require.Equal(t, c.ours[i], r.scan(b), "datagram %d", i)
			}
			require.Equal(t, c.done, r.done, "complete")
			require.Equal(t, c.interrupted, r.interrupted)
			require.ErrorIs(t, r.err, c.err)
		})
	}
}

func TestReplyKeepsTheFirstError(t *testing.T) {
	r := reply{seq: 7, dump: true}
	r.scan([]byte{1, 2, 3})
	r.scan(messages(Message{Type: unix.NLMSG_DONE, Seq: 7, Body: errno(unix.ENODEV)}))
	require.ErrorIs(t, r.err, ErrMalformed)
	require.True(t, r.done)
}
