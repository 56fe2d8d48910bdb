package namespace

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/driver"
	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// connection is the sockets in a namespace, or when there are to be some.
type connection struct {
	conn    *rtnl.Conn    // nil: not connected
	drivers *driver.Asker // nil: not connected, or they cannot be asked
	await   reconnection
}

// Connected reports whether there are sockets in the namespace.
func (c *connection) Connected() bool { return c.conn != nil }

// ReceiveBuffer returns the size in bytes of the event socket's buffer, 0 where
// there is none.
func (c *connection) ReceiveBuffer() int {
	if c.conn == nil {
		return 0
	}
	return c.conn.ReceiveBuffer()
}

// reconnection is when the next attempt to connect is due.
type reconnection struct {
	backoff time.Duration // until the one after it
	at      time.Time     // zero: connected
}

const (
	redialMin = 100 * time.Millisecond
	redialMax = 30 * time.Second
)

// errReplaced is what dial returns when there is another namespace at the
// path than before.
var errReplaced = errors.New("the namespace was replaced")

// connect subscribes and enumerates, or tries again later.
func (n *Namespace) connect() {
	now := time.Now()
	err := n.dial()
	if errors.Is(err, errReplaced) {
		n.set.Remove(n)
		n.set.add(n.Name, n.path)
		return
	}
	if err != nil {
		n.retry(now, err)
		return
	}
	n.set.checkBuffer(n.conn.ReceiveBuffer())
	if n.epoch.began == 0 {
		n.beginEpoch(n.set.cfg.Reason, n.set.wall())
	}
	kind := passStart
	if len(n.answers.listed) > 0 {
		kind = passResync
	}
	n.startPass(kind, now)
}

// retry notes that connecting failed.
func (n *Namespace) retry(now time.Time, err error) {
	// A name that is gone already will be noticed as such.
	if n.await.backoff == 0 && !errors.Is(err, os.ErrNotExist) {
		n.set.env.Errorf("Connecting failed, trying again: %s%v", n.where(), err)
	}
	n.await.backoff = min(max(2*n.await.backoff, redialMin), redialMax)
	n.await.at = now.Add(n.await.backoff)
}

// dial connects to the namespace.
func (n *Namespace) dial() error {
	cfg := rtnl.Config{Groups: rtnl.Groups(n.wants), ReceiveBuffer: n.set.cfg.ReceiveBuffer, Filter: n.set.cfg.filter()}
	if n.path != "" {
		file, err := os.Open(n.path)
		if err != nil {
			return fmt.Errorf("open namespace: %w", err)
		}
		defer file.Close()
		inode, err := inodeOf(file)
		if err != nil {
			return err
		}
		if n.inode != 0 && inode != n.inode {
			return errReplaced
		}
		n.inode, cfg.NetNS = inode, int(file.Fd())
	}
	conn, err := rtnl.Dial(cfg, n.id, n.set.queue)
	if err != nil {
		return err
	}
	n.conn, n.await = conn, reconnection{}
	if n.drivers, err = driver.New(cfg.NetNS, n.heard); err != nil {
		n.set.env.Warnf("Drivers cannot be asked for the speed of their links: %s%v", n.where(), err)
	}
	return nil
}

// heard queues what a driver has said. It is called by a goroutine that is not the
// owner's.
func (n *Namespace) heard(message []byte) bool {
	return n.set.queue.PutEvents(n.id, message, []rtnl.Mark{{End: len(message), Time: time.Now().UnixNano()}})
}

// wants reports whether messages about objects of a family are wanted.
func (n *Namespace) wants(o rtnl.Object, family uint8) bool {
	return (n.state.Tracks(o) || n.set.cfg.Objects.Has(o)) && n.set.cfg.Wants(family)
}

// Fail gives up sockets that are of no use any more. Others are made at a given
// time.
func (n *Namespace) Fail(err error, again time.Time) {
	n.set.env.Errorf("Connection lost, connecting again: %s%v", n.where(), err)
	n.enterDoubt(ReasonConnection)
	n.set.detach(n)
	n.await.at = again
}

// hangUp takes the connection from the namespace; its caller closes it. It is nil
// if there is none.
func (n *Namespace) hangUp() *rtnl.Conn {
	conn := n.conn
	if conn != nil {
		n.conn = nil
		n.drivers.Close()
		n.drivers = nil
		n.schedule.reset()
		n.round++
		n.state.Abort()
	}
	return conn
}

// askDue sends the questions whose time has come.
func (n *Namespace) askDue(now time.Time) {
	for _, q := range n.state.Drivers() {
		n.drivers.Ask(q)
	}
	if n.conn == nil {
		return
	}
	for _, q := range n.state.Wants() {
		n.schedule.want(q, now)
	}
	for _, q := range n.schedule.take(now) {
		key := q
		q.Round = n.round
		if !n.conn.Ask(q) {
			n.schedule.answered(key, mirror.Outcome{Again: true}, now)
		}
	}
}

// work does what is due: connecting and asking.
func (n *Namespace) work(now time.Time) {
	defer n.caught()
	if !n.await.at.IsZero() && !now.Before(n.await.at) {
		n.connect()
	}
	n.askDue(now)
}

// deadline returns when work has something to do next; zero for never.
func (n *Namespace) deadline() time.Time {
	if n.conn == nil {
		return n.await.at
	}
	return Earlier(n.await.at, n.schedule.next())
}

// inodeOf identifies the namespace of a file. Where ip-netns(8) has not mounted
// it yet, or no longer, the error wraps os.ErrNotExist.
func inodeOf(file *os.File) (inode uint64, err error) {
	var fs unix.Statfs_t
	var st unix.Stat_t
	if err := unix.Fstatfs(int(file.Fd()), &fs); err != nil {
		return 0, err
	}
	if fs.Type != unix.NSFS_MAGIC {
		return 0, fmt.Errorf("no namespace is mounted on it: %w", os.ErrNotExist)
	}
	if err := unix.Fstat(int(file.Fd()), &st); err != nil {
		return 0, err
	}
	return st.Ino, nil
}
