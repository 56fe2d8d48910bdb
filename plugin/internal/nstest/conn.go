package nstest

import (
	"errors"
	"sync"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// Conn sends requests to the kernel in one network namespace. It may be used
// by several goroutines; requests are answered one at a time.
type Conn struct {
	mu sync.Mutex // serializes request and answer, and batches
	nl *netlink.Conn
}

// messageBuffer is the size of a read. The kernel fills dumps up to the size
// of the reads it has seen, at most 32 KiB.
const messageBuffer = 64 << 10

// dial opens a strict socket in network namespace fd.
func dial(fd int) (*Conn, error) {
	nl, err := netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{
		NetNS: fd, Strict: true, MessageBufferSize: messageBuffer,
	})
	if err != nil {
		return nil, err
	}
	return &Conn{nl: nl}, nil
}

// Dial opens another socket in the namespace, for a goroutine of its own. The
// caller closes it.
func (ns *NS) Dial() (*Conn, error) { return dial(ns.FD()) }

// Close closes the socket.
func (c *Conn) Close() error { return c.nl.Close() }

// Request is one message to the kernel without its header's length, sequence
// and port, which sending fills in.
type Request struct {
	Type  uint16 // RTM_*
	Flags uint16 // NLM_F_* beside NLM_F_REQUEST and NLM_F_ACK
	Body  []byte
}

func (r Request) message(extra netlink.HeaderFlags) netlink.Message {
	return netlink.Message{
		Header: netlink.Header{
			Type:  netlink.HeaderType(r.Type),
			Flags: netlink.Request | netlink.HeaderFlags(r.Flags) | extra,
		},
		Data: r.Body,
	}
}

// Do sends r and waits for the kernel's acknowledgment; its refusal is the
// error, a *netlink.OpError that wraps the errno.
func (c *Conn) Do(r Request) error {
	_, err := c.execute(r.message(netlink.Acknowledge))
	return err
}

func (c *Conn) execute(m netlink.Message) ([]netlink.Message, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nl.Execute(m)
}

// One sendmsg has at most so many requests and bytes, so that a refusal of
// every one of them fits the receive buffer (net.core.rmem_default, 208 KiB; a
// refusal takes 768 bytes of it and repeats the request). What does not fit the
// kernel drops, and with it the answer that Batch waits for.
const (
	batchRequests = 150
	batchBytes    = 32 << 10
)

// Batch sends requests many at a time, up to 150 in one system call, and waits
// until the kernel has done all of them. It returns how many the kernel
// refused and the first refusal.
func (c *Conn) Batch(requests []Request) (refused int, first error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(requests) > 0 {
		n := batchLen(requests)
		bad, err := c.batch(requests[:n])
		refused += bad
		if first == nil {
			first = err
		}
		requests = requests[n:]
	}
	return refused, first
}

// batchLen returns how many requests make one sendmsg, at least 1.
func batchLen(requests []Request) int {
	size := 0
	for i, r := range requests {
		size += unix.SizeofNlMsghdr + (len(r.Body)+3)&^3
		if i > 0 && (size > batchBytes || i == batchRequests) {
			return i
		}
	}
	return len(requests)
}

// batch sends requests in one system call. Only the last one is acknowledged;
// the kernel reports refusals without being asked.
func (c *Conn) batch(requests []Request) (refused int, first error) {
	messages := make([]netlink.Message, len(requests))
	for i, r := range requests {
		messages[i] = r.message(0)
	}
	messages[len(messages)-1].Header.Flags |= netlink.Acknowledge
	sent, err := c.nl.SendMessages(messages)
	if err != nil {
		return len(requests), err
	}
	return c.answers(sent[len(sent)-1].Header.Sequence)
}

// answers reads refusals up to the answer to sequence number last.
func (c *Conn) answers(last uint32) (refused int, first error) {
	for {
		seq, err := c.answer()
		if err != nil {
			refused++
			if first == nil {
				first = err
			}
		}
		if seq == last || seq == 0 {
			return refused, first
		}
	}
}

// answer reads one acknowledgment or refusal and the number of its request,
// which is 0 where the socket itself failed.
func (c *Conn) answer() (seq uint32, err error) {
	for m, err := range c.nl.ReceiveIter() {
		var op *netlink.OpError
		if errors.As(err, &op) {
			return op.Sequence, err
		}
		seq = m.Header.Sequence
	}
	return seq, nil
}
