package rtnl

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// answerTimeout bounds the wait for the next datagram of a reply. A dump
// waits for the RTNL lock, which a flush of a million routes holds for a second.
const answerTimeout = 60 * time.Second

// errClosing is what a query ends with when the queue is closed.
var errClosing = errors.New("rtnl: queue closed")

// errSocket is wrapped by errors that leave a socket in an unknown state.
var errSocket = errors.New("rtnl: receive reply")

// answerQueries serves Ask, one query at a time.
func (c *Conn) answerQueries() {
	defer c.wg.Done()
	for {
		select {
		case q := <-c.requests:
			if err := c.answer(q); err != nil {
				c.fail(err)
				return
			}
		case <-c.done:
			return
		case <-c.dead:
			return
		}
	}
}

// answer puts the reply to q into the queue. An error says that there can be
// no more answers.
func (c *Conn) answer(q Query) error {
	if q.Barrier {
		if err := c.barrier(); err != nil {
			return err
		}
	}
	if !c.put(Item{Kind: DumpBegin, Query: q}) {
		return nil
	}
	end := Item{Kind: DumpEnd, Query: q}
	end.Interrupted, end.Err = c.exchange(q)
	if errors.Is(end.Err, errSocket) {
		return end.Err
	}
	return c.finish(end)
}

// barrier returns when the kernel is through with all that has begun under its
// RTNL lock. What the kernel answers does not matter.
func (c *Conn) barrier() error {
	_, err := c.roundTrip(barrier, nil)
	if errors.Is(err, errSocket) {
		return err
	}
	return nil
}

// exchange sends the request and queues each datagram of the reply.
func (c *Conn) exchange(q Query) (interrupted bool, err error) {
	if q.Object == Route && q.Family == unix.AF_MPLS {
		if _, err := c.roundTrip(anyLabel, nil); errors.Is(err, errSocket) || errors.Is(err, unix.EOPNOTSUPP) {
			return false, err
		}
	}
	m, err := q.request()
	if err != nil {
		return false, err
	}
	return c.roundTrip(m, func(data []byte) bool {
		return c.put(Item{Kind: DumpData, Query: q, Data: data})
	})
}

// barrier makes the kernel take and release the RTNL lock.
var barrier = func() netlink.Message {
	m, _ := Query{Object: Link, Ifindex: 1, One: true}.request() // cannot fail: no variable part
	return m
}()

// anyLabel asks for one route of MPLS. A kernel without it says that it does not
// know what is meant, and would answer a question for all of them with the routes
// of all other families.
var anyLabel = func() netlink.Message {
	m, _ := Query{Object: Route, Family: unix.AF_MPLS}.request() // cannot fail: no variable part
	m.Header.Flags = netlink.Request
	return m
}()

// finish hands end to the reader, which puts it when all events that the reply
// can have raced with are in the queue. A refusal too is an answer: it may say
// that what was asked about is gone.
func (c *Conn) finish(end Item) error {
	if err := c.barrier(); err != nil {
		return err
	}
	e := &dumpEnd{item: end, sent: make(chan struct{})}
	c.end.Store(e)
	_ = c.event.SetReadDeadline(time.Unix(1, 0)) // wakes the reader; on a closed socket it is awake
	select {
	case <-e.sent:
	case <-c.done:
	case <-c.dead:
	}
	return nil
}

// roundTrip sends m and passes the datagrams of the reply to put, which owns
// them, until the reply is complete. A nil put discards them. What is wrong
// within a reply is reported at its end: the kernel answers nothing else before.
func (c *Conn) roundTrip(m netlink.Message, put func([]byte) bool) (interrupted bool, err error) {
	sent, err := c.query.Send(m)
	if err != nil {
		return false, fmt.Errorf("rtnl: send request: %w", err)
	}
	r := reply{seq: sent.Header.Sequence, port: c.query.PID(), dump: m.Header.Flags&netlink.Dump == netlink.Dump}
	data := c.queue.buffer()
	defer func() { c.queue.reuse(data) }()
	for !r.done {
		n, err := c.receive(data)
		switch {
		case errors.Is(err, unix.ENOBUFS), errors.Is(err, unix.ENOMEM), errors.Is(err, ErrMalformed):
			r.fail(fmt.Errorf("rtnl: receive reply: %w", err))
		case err != nil:
			return false, fmt.Errorf("%w: %w", errSocket, err)
		case r.scan(data[:n]) && put != nil:
			if !put(data[:n]) {
				return false, errClosing
			}
			data = c.queue.buffer()
		}
	}
	return r.interrupted, r.err
}

// receive waits for the next datagram of the query socket.
func (c *Conn) receive(b []byte) (n int, err error) {
	if err := c.query.SetReadDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	raw, err := c.query.SyscallConn()
	if err != nil {
		return 0, err
	}
	rerr := raw.Read(func(fd uintptr) bool {
		var port uint32
		for {
			n, port, err = c.recv(fd, b)
			if !errors.Is(err, unix.EINTR) && (err != nil || port == 0) {
				return !errors.Is(err, unix.EAGAIN)
			}
		}
	})
	if rerr != nil {
		err = rerr
	}
	if err == nil && n > len(b) {
		err = fmt.Errorf("%w: a datagram of %d bytes", ErrMalformed, n)
	}
	return n, err
}

// reply follows the answer to one request.
type reply struct {
	seq, port   uint32
	dump        bool // answered by messages up to NLMSG_DONE, otherwise by one
	done        bool
	interrupted bool
	err         error // the first
}

// fail notes that a part of the reply is missing. The rest of a dump is still
// to be read.
func (r *reply) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.done = r.done || !r.dump
}

// scan looks at the messages of one datagram and reports whether it has
// objects of the reply.
func (r *reply) scan(b []byte) (ours bool) {
	for len(b) > 0 && !r.done {
		m, rest, err := Next(b)
		if err != nil {
			r.fail(err)
			return ours
		}
		b = rest
		if m.Seq == r.seq && m.PID == r.port {
			ours = r.message(m) || ours
		}
	}
	return ours
}

// message reports whether m carries an object.
func (r *reply) message(m Message) bool {
	r.interrupted = r.interrupted || m.Flags&unix.NLM_F_DUMP_INTR != 0
	switch m.Type {
	case unix.NLMSG_DONE, unix.NLMSG_ERROR:
		if code := int32(Uint32(m.Body)); code != 0 {
			r.fail(fmt.Errorf("rtnl: the kernel answered: %w", syscall.Errno(-code)))
		}
		r.done = true
		return false
	case unix.NLMSG_OVERRUN:
		r.fail(fmt.Errorf("rtnl: the kernel answered: %w", unix.ENOBUFS))
		return false
	case unix.NLMSG_NOOP:
		return false
	}
	r.done = !r.dump
	return true
}
