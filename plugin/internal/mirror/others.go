package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// inGroup reports whether the nexthop object in body is a group with member id.
func inGroup(body []byte, id uint32) bool {
	for m, rest, ok := rtnl.NexthopMsg(body).Members().Next(); ok; m, rest, ok = rest.Next() {
		if m.ID == id {
			return true
		}
	}
	return false
}

// removeMember returns an NHA_GROUP payload without member id.
func removeMember(p []byte, id uint32) (out []byte) {
	for m, rest, ok := rtnl.Members(p).Next(); ok; m, rest, ok = rest.Next() {
		if m.ID != id {
			out = append(out, m.Raw...)
		}
	}
	return out
}

// withMembers returns the group in body with other members.
func withMembers(body, members []byte) []byte {
	out := append([]byte(nil), body[:rtnl.Nexthop.HeaderLen()]...)
	a := rtnl.AttrsOf(rtnl.Nexthop, body)
	for {
		typ, _, rest, ok := a.Next()
		if !ok {
			return out
		}
		if typ == unix.NHA_GROUP {
			out = appendAttr(out, unix.NHA_GROUP, members)
		} else {
			out = append(out, a[:len(a)-len(rest)]...)
		}
		a = rest
	}
}

// newRule applies RTM_NEWRULE. The same rule may exist more than once.
func (s *State) newRule(body []byte) {
	if !object(rtnl.Rule, body) || !s.keep(rtnl.Rule, body) {
		s.counts.Ignored++
		return
	}
	l := s.tables[rtnl.Rule].find(body)
	s.touch(&l)
	s.doubtSeen(&l)
	s.add(rtnl.Rule, &l, l.last(), body)
}

// delRule applies RTM_DELRULE.
func (s *State) delRule(body []byte) {
	l := s.tables[rtnl.Rule].find(body)
	s.doubtSeen(&l)
	s.remove(rtnl.Rule, body)
}

// doubtSeen is for an event about one of several equal objects: the dump under
// way may have shown the others, or this one too.
func (s *State) doubtSeen(l *list) {
	for r := l.head; r != 0 && s.win != nil; r = l.t.slab.next(r) {
		s.win.doubt = s.win.doubt || l.t.slab.flags(r)&flagSeen != 0
	}
}

// newNeighbor applies RTM_NEWNEIGH.
func (s *State) newNeighbor(body []byte) {
	if !object(rtnl.Neighbor, body) || !s.keep(rtnl.Neighbor, body) {
		s.counts.Ignored++
		return
	}
	if silentState(body) {
		s.fallSilent(body)
		return
	}
	s.upsert(rtnl.Neighbor, body)
	s.floodTurned(body)
}

// fallSilent is for an entry that someone has put into one of the states which
// are left out, since in them the kernel makes entries silently: it is gone
// from what the mirror shows, as it is from what "ip neigh" does.
func (s *State) fallSilent(body []byte) {
	l := s.tables[rtnl.Neighbor].find(body)
	s.touch(&l)
	if l.head != 0 {
		s.drop(rtnl.Neighbor, &l, l.head)
	}
}

// ownMAC reports whether an entry of family AF_BRIDGE is one of the addresses
// that a device listens to: its lists of those change silently, and events
// about them differ from dumps.
func ownMAC(body []byte) bool {
	if body[10]&unix.NTF_SELF == 0 {
		return false
	}
	a := rtnl.AttrsOf(rtnl.Neighbor, body)
	return a.Get(unix.NDA_DST) == nil && a.Get(unix.NDA_VNI) == nil && a.Get(ndaNHID) == nil
}

// silentState reports whether the kernel announces no entry in the state of
// body: NUD_NONE, NUD_INCOMPLETE, NUD_NOARP. From dumps these are left out.
func silentState(body []byte) bool {
	if body[0] == unix.AF_BRIDGE || body[10]&unix.NTF_PROXY != 0 {
		return false
	}
	state := rtnl.Uint16(body[8:])
	return state == unix.NUD_NONE || state&(unix.NUD_INCOMPLETE|unix.NUD_NOARP) != 0
}

// leftOut reports whether a record of a dump counts as none: an entry in a
// silent state that was never announced in another, or that has been put into
// NUD_NOARP, which the kernel does not do silently to an entry that it has
// announced.
func (s *State) leftOut(body []byte) bool {
	return silentState(body) && (rtnl.Uint16(body[8:])&unix.NUD_NOARP != 0 || !s.has(rtnl.Neighbor, body))
}
