package load

import (
	"encoding/binary"
	"errors"
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// Conn sends requests in the network namespace of the thread that dialed. It
// must not be used by two goroutines at a time. Use Dial.
type Conn struct {
	fd      int
	batch   []byte
	replies []byte
}

// batchSize is how many bytes go out with one system call; the kernel takes
// up to what is in net.core.wmem_default, usually 208 KiB.
const batchSize = 60 << 10

// Dial opens a socket in the network namespace of the calling thread.
func Dial() (*Conn, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("netlink socket: %w", err)
	}
	return &Conn{fd: fd, batch: make([]byte, 0, batchSize+1024), replies: make([]byte, 64<<10)}, nil
}

// Close closes the socket.
func (c *Conn) Close() error { return unix.Close(c.fd) }

// Each sends n requests, which request appends, in as few system calls as they
// fit, and waits until the kernel has carried out all. The error says how many
// it refused.
func (c *Conn) Each(n int, request func(b []byte, i int) []byte) error {
	b := c.batch[:0]
	for i := range n {
		if b = request(b, i); len(b) < batchSize && i < n-1 {
			continue
		}
		if err := c.Send(b); err != nil {
			return err
		}
		b = b[:0]
	}
	return c.Sync()
}

// Send sends the requests in b. When it returns, the kernel has carried them
// out; Sync tells of its refusals.
func (c *Conn) Send(b []byte) error {
	if err := unix.Sendto(c.fd, b, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return fmt.Errorf("send requests: %w", err)
	}
	return nil
}

// Sync reads all refusals of requests since the last Sync. The error says how
// many there were and wraps the errno of the first.
func (c *Conn) Sync() error {
	var none [unix.SizeofNlMsghdr]byte
	b := finish(appendHeader(none[:0], unix.NLMSG_NOOP, unix.NLM_F_ACK), 0)
	if err := c.Send(b); err != nil {
		return err
	}
	var r refusals
	for !r.complete {
		n, _, err := unix.Recvfrom(c.fd, c.replies, 0)
		switch {
		case errors.Is(err, unix.ENOBUFS): // so many that the kernel dropped some
			r.count++
		case err != nil:
			return fmt.Errorf("receive replies: %w", err)
		default:
			r.read(c.replies[:n])
		}
	}
	if r.count > 0 {
		return fmt.Errorf("the kernel refused %d requests or more, first: %w", r.count, r.first)
	}
	return nil
}

// refusals counts NLMSG_ERROR messages up to the acknowledgment of Sync.
type refusals struct {
	count    int
	first    syscall.Errno
	complete bool
}

func (r *refusals) read(b []byte) {
	for len(b) >= unix.SizeofNlMsghdr+4 {
		size := int(binary.NativeEndian.Uint32(b))
		if binary.NativeEndian.Uint16(b[4:]) == unix.NLMSG_ERROR {
			r.add(syscall.Errno(-int32(binary.NativeEndian.Uint32(b[unix.SizeofNlMsghdr:]))))
		}
		b = b[min(max(size, unix.SizeofNlMsghdr), len(b)):]
	}
}

func (r *refusals) add(errno syscall.Errno) {
	if errno == 0 {
		r.complete = true
		return
	}
	if r.count++; r.first == 0 {
		r.first = errno
	}
}
