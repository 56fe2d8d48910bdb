// Package rtnl is the wire: rtnetlink sockets, their two goroutines per
// namespace, and the format of messages.
//
// # Streams
//
// A Conn owns an event socket that is a member of every group, so that the
// order of messages across classes is the kernel's, and a query socket for
// dumps. Its goroutines only copy bytes into a Queue. The owner of the queue
// sees, per namespace, one stream: datagrams in the order in which the kernel
// sent them, replies framed by DumpBegin and DumpEnd, and Overrun where the
// kernel dropped something.
//
// # What DumpEnd promises
//
// Every change that the reply can have seen has its event in the stream before
// DumpEnd: after the reply the query socket does a round trip that takes the
// kernel's RTNL lock, and then the event socket is read until it is empty.
//
// # Loss
//
// A full queue blocks the reader, so the receive buffer fills; when that is
// full too, the kernel drops, says ENOBUFS once, and goes on dropping until the
// socket has been read empty. The reader reads it empty and puts one Overrun.
package rtnl

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// Config says what to subscribe to.
type Config struct {
	NetNS         int      // descriptor of a network namespace; 0: the process's own
	Groups        []uint32 // RTNLGRP_*
	ReceiveBuffer int      // bytes of the event socket's buffer; 0: the kernel's default
	Filter        Filter   // for the event socket
}

// Stats are counts since Dial.
type Stats struct {
	Datagrams uint64 // read from the event socket
	Overruns  uint64 // times the kernel said that it dropped some
	Foreign   uint64 // ignored because the kernel had not sent them
}

// Conn is a subscription in one namespace. Dial makes one; Ask and Stats may
// be called by any goroutine, Close once.
type Conn struct {
	source int
	queue  *Queue
	event  *netlink.Conn
	query  *netlink.Conn
	raw    syscall.RawConn // of event
	recv   receiver
	// patience bounds the wait for the next datagram of a reply.
	patience time.Duration

	buffer   int
	requests chan Query
	end      atomic.Pointer[dumpEnd]
	done     chan struct{} // closed by Close
	dead     chan struct{} // closed when the reader ends
	wg       sync.WaitGroup

	datagrams, overruns, foreign atomic.Uint64
}

// maxRequests bounds the queries waiting; the owner asks for far fewer.
const maxRequests = 1024

// Dial subscribes and starts to fill queue with items of the given source.
// Nothing is enumerated before Ask.
func Dial(cfg Config, source int, queue *Queue) (*Conn, error) {
	c := newConn(source, queue)
	if err := c.open(cfg); err != nil {
		c.closeSockets()
		return nil, err
	}
	c.start()
	return c, nil
}

func newConn(source int, queue *Queue) *Conn {
	return &Conn{
		source: source, queue: queue, recv: recv, patience: answerTimeout,
		requests: make(chan Query, maxRequests),
		done:     make(chan struct{}), dead: make(chan struct{}),
	}
}

func (c *Conn) start() {
	c.wg.Add(2)
	go c.readEvents()
	go c.answerQueries()
}

// open makes both sockets.
func (c *Conn) open(cfg Config) (err error) {
	if c.query, err = netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{NetNS: cfg.NetNS, Strict: true, MessageBufferSize: chunkSize}); err != nil {
		return fmt.Errorf("rtnl: open query socket: %w", err)
	}
	if c.event, err = netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{NetNS: cfg.NetNS}); err != nil {
		return fmt.Errorf("rtnl: open event socket: %w", err)
	}
	if c.raw, err = c.event.SyscallConn(); err != nil {
		return fmt.Errorf("rtnl: event socket: %w", err)
	}
	return c.subscribe(cfg)
}

// subscribe sizes and filters the event socket before it joins any group, so
// that nothing arrives that does not belong.
func (c *Conn) subscribe(cfg Config) (err error) {
	if cfg.ReceiveBuffer > 0 {
		if err := c.event.SetReadBuffer(cfg.ReceiveBuffer); err != nil {
			return fmt.Errorf("rtnl: set receive buffer to %d bytes: %w", cfg.ReceiveBuffer, err)
		}
	}
	if c.buffer, err = c.event.ReadBuffer(); err != nil {
		return fmt.Errorf("rtnl: read receive buffer size: %w", err)
	}
	if err := c.attach(cfg.Filter); err != nil {
		return fmt.Errorf("rtnl: attach socket filter: %w", err)
	}
	for _, g := range cfg.Groups {
		if err := c.event.JoinGroup(g); err != nil && !errors.Is(err, unix.EINVAL) { // a kernel that is older than the group
			return fmt.Errorf("rtnl: join multicast group %d: %w", g, err)
		}
	}
	return nil
}

func (c *Conn) attach(f Filter) error {
	program, err := f.program()
	if err != nil || program == nil {
		return err
	}
	return c.event.SetBPF(program)
}

// ReceiveBuffer returns the size in bytes that the kernel gave the event
// socket. It counts twice what was asked for (socket(7), SO_RCVBUF).
func (c *Conn) ReceiveBuffer() int { return c.buffer }

// Ask queues q. Replies come through the queue in the order of the questions.
// It reports false when too many wait already.
func (c *Conn) Ask(q Query) bool {
	select {
	case c.requests <- q:
		return true
	default:
		return false
	}
}

// Drops returns how many datagrams the kernel dropped on the event socket.
func (c *Conn) Drops() (n uint32, err error) {
	if cerr := c.raw.Control(func(fd uintptr) { n, err = drops(fd) }); cerr != nil {
		return 0, cerr
	}
	return n, err
}

// Stats returns the counts so far.
func (c *Conn) Stats() Stats {
	return Stats{Datagrams: c.datagrams.Load(), Overruns: c.overruns.Load(), Foreign: c.foreign.Load()}
}

// Close ends both goroutines and waits for them. A Put of theirs that waits
// for space in the queue returns only when there is some or the queue is closed:
// the owner goes on taking items, or closes the queue first.
func (c *Conn) Close() {
	close(c.done)
	c.closeSockets()
	c.wg.Wait()
}

func (c *Conn) closeSockets() {
	for _, s := range []*netlink.Conn{c.event, c.query} {
		if s != nil {
			_ = s.Close() // nothing is lost by a failure to close
		}
	}
}

// readEvents copies datagrams into the queue until the socket is closed.
func (c *Conn) readEvents() {
	defer c.wg.Done()
	defer close(c.dead)
	r := batch{conn: c, buf: make([]byte, batchSize)}
	for c.deliver(r.read(), &r) {
	}
}

// deliver queues what one read brought, in the order of the stream. It
// reports whether to go on.
func (c *Conn) deliver(err error, r *batch) bool {
	if len(r.marks) > 0 && !c.queue.PutEvents(c.source, r.buf[:r.n], r.marks) {
		return false
	}
	if r.lost {
		c.overruns.Add(1)
		c.put(Item{Kind: Overrun})
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded): // answerQueries wants attention
		err = c.event.SetReadDeadline(time.Time{})
	case err == nil && r.end != nil:
		c.passEnd(r.end)
	}
	if err != nil {
		c.fail(fmt.Errorf("rtnl: receive events: %w", err))
	}
	return err == nil
}

// fail tells the owner, unless the connection is being closed.
func (c *Conn) fail(err error) {
	select {
	case <-c.done:
	default:
		c.put(Item{Kind: Failed, Err: err})
	}
}

// put queues an item of this connection.
func (c *Conn) put(it Item) bool {
	it.Source, it.Time = c.source, time.Now().UnixNano()
	return c.queue.Put(it)
}

// passEnd puts a DumpEnd. It must have waited since before the event socket
// was last found empty.
func (c *Conn) passEnd(e *dumpEnd) {
	c.end.Store(nil) // the next one comes when this is sent
	c.put(e.item)
	close(e.sent)
}
