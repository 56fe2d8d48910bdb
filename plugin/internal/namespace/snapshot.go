package namespace

import "time"

// A snapshot is a new epoch that begins with a listing of the mirror, in slices
// between which events go on to come. Each object is listed once, in the state
// in which it was before its first event of the epoch; what comes up meanwhile is
// told by its own event. So the epoch can be read alone.

// takeSnapshots begins the snapshots that are due, and goes on with those under
// way. One of a state that is late waits until it is complete.
func (s *Set) takeSnapshots(now time.Time) {
	due := !now.Before(s.snapshot)
	if due {
		s.snapshot = dueIn(now, s.cfg.Snapshot)
	}
	for _, n := range s.list {
		if due {
			n.WantSnapshot()
		}
	}
	for _, n := range s.All() {
		if n.canList() {
			n.List()
			return // one after the other
		}
	}
}

// WantSnapshot has a snapshot taken as soon as the state is not late.
func (n *Namespace) WantSnapshot() { n.snapshotDue = true }

// canList reports whether a snapshot of the namespace can begin or go on.
func (n *Namespace) canList() bool {
	return n.state.Snapshotting() || n.snapshotDue && n.epoch.phase == complete && n.pass.left == nil
}

// List goes on with a snapshot by a slice, or begins the one that is wanted. It does
// nothing while the state is late.
func (n *Namespace) List() {
	if !n.canList() {
		return
	}
	defer n.caught()
	if !n.state.Snapshotting() {
		n.snapshotDue = false
		n.beginEpoch(ReasonSnapshot, n.set.wall())
		n.state.BeginSnapshot()
	}
	n.set.handler.Batch(func() { n.state.Snapshot(n.set.cfg.SnapshotSlice, n.set.wall()) })
	n.settle()
}
