package plugin

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// source is one network namespace: its sockets, its mirror, and what is to be
// asked about it. It is the owner goroutine's.
type source struct {
	id    int
	name  string // the tag; empty for the only namespace
	path  string // of the namespace's file; empty: the process's own
	inode uint64 // of the namespace, to notice another one at the same path; 0: never connected
	state *mirror.State
	conn  *rtnl.Conn // nil: not connected, or a replay

	recorded    objectSet // of a replay: the classes that there are; empty: all
	schedule    schedule
	round       uint32 // of the questions whose answers are still of use
	pass        pass
	listed      map[rtnl.Query]bool // full queries answered at least once
	settled     map[rtnl.Query]bool // full queries answered at least once so that nothing was left open
	complete    bool                // all of them were
	epoch       epoch
	snapshotDue bool          // a new epoch is to begin
	backoff     time.Duration // until the next attempt to connect
	redial      time.Time     // when that is; zero: connected
	stats       sourceStats
	changed     map[uint32]int64 // when each link last changed, ns
}

// sourceStats are totals of a namespace since the start, beside those of its
// mirror.
type sourceStats struct {
	overruns, resyncs, auditCorrections, decodeErrors uint64
}

// pass is one time of asking for everything.
type pass struct {
	kind    passKind
	left    map[rtnl.Query]bool // not answered yet; nil: no pass under way
	started time.Time
	drops   uint32 // of the socket when it started
	changes int
	last    time.Duration // how long the last one took
	ended   time.Time
}

// passKind is the reason for a pass.
type passKind uint8

const (
	passStart passKind = iota
	passResync
	passAudit
)

// resyncMin is the least time between two passes in a row.
const resyncMin = 50 * time.Millisecond

// again returns when the next pass may start. While overruns go on, no more
// than half of the time is spent on them.
func (p *pass) again(now time.Time) time.Time {
	switch {
	case p.left != nil && now.Before(p.started):
		return p.started // it has not begun
	case p.left != nil || now.Sub(p.ended) < p.last:
		took := max(p.last, now.Sub(p.started), resyncMin)
		return now.Add(min(took, retryMax))
	}
	return now
}

// fullQueries lists what is asked for everything that the mirror holds.
func (s *source) fullQueries(families []uint8) (out []rtnl.Query) {
	for o := range rtnl.Object(rtnl.NumObjects) {
		for _, q := range o.Dumps() {
			if s.state.Tracks(o) && (s.recorded == 0 || s.recorded.has(o)) && familyWanted(families, q.Family) {
				out = append(out, q)
			}
		}
	}
	return out
}

func familyWanted(families []uint8, f uint8) bool {
	return len(families) == 0 || f == unix.AF_UNSPEC || slices.Contains(families, f)
}

// first reports whether the answer to q belongs to the first enumeration: an
// answer can lack what was there all the time, so that lasts until one has left
// nothing open.
func (s *source) first(q rtnl.Query) bool {
	for _, full := range q.Object.Dumps() {
		if full.Proxy == q.Proxy && !s.settled[full] && (full.Family == q.Family || q.Family == unix.AF_UNSPEC) {
			return true
		}
	}
	return false
}

// errReplaced is what dial returns when there is another namespace at the
// source's path than before.
var errReplaced = errors.New("the namespace was replaced")

// dial connects to the namespace.
func (s *source) dial(set *settings, queue *rtnl.Queue) error {
	wanted := func(o rtnl.Object, family uint8) bool {
		return (s.state.Tracks(o) || set.objects.has(o)) && familyWanted(set.families, family)
	}
	cfg := rtnl.Config{Groups: rtnl.Groups(wanted), ReceiveBuffer: set.receiveBuffer, Filter: set.filter()}
	if s.path != "" {
		file, err := os.Open(s.path)
		if err != nil {
			return fmt.Errorf("open namespace: %w", err)
		}
		defer file.Close()
		inode, err := namespaceInode(file)
		if err != nil {
			return err
		}
		if s.inode != 0 && inode != s.inode {
			return errReplaced
		}
		s.inode, cfg.NetNS = inode, int(file.Fd())
	}
	conn, err := rtnl.Dial(cfg, s.id, queue)
	if err != nil {
		return err
	}
	s.conn, s.redial, s.backoff = conn, time.Time{}, 0
	return nil
}

// hangUp takes the connection from the source; its caller closes it. It is nil
// if there is none.
func (s *source) hangUp() *rtnl.Conn {
	conn := s.conn
	if conn != nil {
		s.conn = nil
		s.schedule.reset()
		s.round++
		s.state.Abort()
	}
	return conn
}

// startPass asks for everything, at a given time.
func (s *source) startPass(kind passKind, families []uint8, at time.Time) {
	s.round++
	s.schedule.reset()
	clear(s.epoch.unsure) // what is asked now is asked in full
	s.state.Abort()
	s.pass.kind, s.pass.left, s.pass.started, s.pass.changes = kind, map[rtnl.Query]bool{}, at, 0
	if s.conn != nil {
		s.pass.drops, _ = s.conn.Drops() // unknown: not compared
	}
	for _, q := range s.fullQueries(families) {
		s.pass.left[q] = true
		s.schedule.at(q, at)
	}
}

// askDue sends the questions whose time has come.
func (s *source) askDue(now time.Time) {
	if s.conn == nil {
		return
	}
	for _, q := range s.state.Wants() {
		s.schedule.want(q, now)
	}
	for _, q := range s.schedule.take(now) {
		key := q
		q.Round = s.round
		if !s.conn.Ask(q) {
			s.schedule.answered(key, mirror.Outcome{Again: true}, now)
		}
	}
}

// namespaceInode identifies the namespace of a file. Where ip-netns(8) has not
// mounted it yet, or no longer, the error wraps os.ErrNotExist.
func namespaceInode(file *os.File) (inode uint64, err error) {
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
