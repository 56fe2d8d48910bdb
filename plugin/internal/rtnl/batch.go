package rtnl

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

const (
	batchSize = 512 << 10
	// batchRoom is kept free for the next datagram. Event messages are a few
	// hundred bytes; only a link with hundreds of virtual functions comes near.
	batchRoom = 128 << 10
)

// batch is what one wake-up of the reader brings. The zero value with conn and
// buf set is ready; read reuses it.
type batch struct {
	conn  *Conn
	buf   []byte
	n     int    // bytes of buf in use
	marks []Mark // datagrams in it
	lost  bool   // the kernel dropped some after them
	// end is the DumpEnd that waited already before the socket was found
	// empty; nil if there was none, or there is more to read.
	end *dumpEnd
}

// read waits for datagrams and takes all there are, up to the buffer's size.
// It returns early, with nothing, when a DumpEnd waits.
func (b *batch) read() (err error) {
	b.n, b.marks, b.lost, b.end = 0, b.marks[:0], false, nil
	rerr := b.conn.raw.Read(func(fd uintptr) (done bool) {
		done, err = b.take(fd)
		return done
	})
	if err == nil {
		err = rerr
	}
	return err
}

// take reads until the socket is empty or the buffer full.
func (b *batch) take(fd uintptr) (done bool, err error) {
	for len(b.buf)-b.n >= batchRoom {
		end := b.conn.end.Load()
		n, port, err := b.conn.recv(fd, b.buf[b.n:])
		switch {
		case err == nil:
			b.add(n, port)
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EAGAIN):
			b.end = end
			return len(b.marks) > 0 || b.lost || end != nil, nil
		case errors.Is(err, unix.ENOBUFS), errors.Is(err, unix.ENOMEM):
			b.lost = true
		default:
			return true, err
		}
	}
	return true, nil
}

// add accounts for a datagram at the end of the buffer. Behind a loss the
// stream is of no use until the socket is empty: what comes is dropped here.
func (b *batch) add(n int, port uint32) {
	switch {
	case port != 0:
		b.conn.foreign.Add(1)
	case n > len(b.buf)-b.n: // cut: as good as lost
		b.lost = true
	case !b.lost:
		b.conn.datagrams.Add(1)
		b.n += n
		b.marks = append(b.marks, Mark{End: b.n, Time: time.Now().UnixNano()})
	}
}

// dumpEnd is a DumpEnd on its way through the reader.
type dumpEnd struct {
	item Item
	sent chan struct{}
}
