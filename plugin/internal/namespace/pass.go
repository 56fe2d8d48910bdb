package namespace

import (
	"time"

	"telegraf-rtnetlink/plugin/internal/mirror"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

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
func (n *Namespace) fullQueries() (out []rtnl.Query) {
	for o := range rtnl.Object(rtnl.NumObjects) {
		for _, q := range o.Dumps() {
			if n.state.Tracks(o) && (n.recorded == nil || n.recorded(q)) && n.set.cfg.Wants(q.Family) {
				out = append(out, q)
			}
		}
	}
	return out
}

// startPass asks for everything, at a given time.
func (n *Namespace) startPass(kind passKind, at time.Time) {
	n.round++
	n.schedule.reset()
	clear(n.epoch.unsure) // what is asked now is asked in full
	n.state.Abort()
	n.pass.kind, n.pass.left, n.pass.started, n.pass.changes = kind, map[rtnl.Query]bool{}, at, 0
	if n.conn != nil {
		n.pass.drops, _ = n.conn.Drops() // unknown: not compared
	}
	for _, q := range n.fullQueries() {
		n.pass.left[q] = true
		n.schedule.at(q, at)
	}
}

// passed notes the answer to one question of a pass, perhaps the last.
func (n *Namespace) passed(key rtnl.Query, out mirror.Outcome) {
	p := &n.pass
	if !p.left[key] {
		return
	}
	p.changes += out.Changes
	if delete(p.left, key); len(p.left) > 0 {
		return
	}
	p.left = nil
	p.ended = time.Now()
	p.last = p.ended.Sub(p.started)
	n.passEnded()
}

// passEnded is when everything has been asked for.
func (n *Namespace) passEnded() {
	if !n.complete {
		n.complete = true
		n.set.env.Debugf("Enumeration complete: %s", describe(n))
		n.set.handler.Milestone(n, Started)
	}
	switch n.pass.kind {
	case passResync:
		n.stats.Resyncs++
		n.set.env.Infof("In line with the kernel again: %s, %d differences", describe(n), n.pass.changes)
		n.set.handler.Milestone(n, Resynced)
	case passAudit:
		n.set.env.Debugf("Audit complete: %s, %d differences", describe(n), n.pass.changes)
	}
	if n.conn == nil {
		return
	}
	// The kernel says ENOBUFS once; its count of drops does not lie.
	if drops, err := n.conn.Drops(); err == nil && drops != n.pass.drops {
		n.resync(ReasonOverrun)
	}
}

// resync enumerates everything again.
func (n *Namespace) resync(reason string) {
	n.enterDoubt(reason)
	n.startPass(passResync, n.pass.again(time.Now()))
}
