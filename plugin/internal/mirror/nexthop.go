package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// flushNexthops removes the nexthop objects on a link (R44).
func (s *State) flushNexthops(index uint32) {
	s.silentOn(index, rtnl.Nexthop)
	var ids []uint32
	s.visit(rtnl.Nexthop, func(_ ref, body []byte) bool {
		a := rtnl.AttrsOf(rtnl.Nexthop, body)
		if rtnl.Uint32(a.Get(unix.NHA_OIF)) == index {
			ids = append(ids, rtnl.Uint32(a.Get(unix.NHA_ID)))
		}
		return true
	}, tallyKey{kind: tallyNexthop, id: index})
	for _, id := range ids {
		s.dropNexthop(id)
	}
}

// delNexthop applies RTM_DELNEXTHOP: first what goes with the object (R45).
func (s *State) delNexthop(body []byte) {
	id := rtnl.Uint32(rtnl.AttrsOf(rtnl.Nexthop, body).Get(unix.NHA_ID))
	s.imply(func() { s.releaseNexthop(id) })
	s.remove(rtnl.Nexthop, body)
}

// dropNexthop removes nexthop object id and what goes with it.
func (s *State) dropNexthop(id uint32) {
	s.releaseNexthop(id)
	if l := s.nexthop(id); l.Head != 0 {
		s.touch(&l)
		s.drop(rtnl.Nexthop, &l, l.Head)
	}
}

// nexthop returns the list of object id.
func (s *State) nexthop(id uint32) objtable.List {
	return s.tables[rtnl.Nexthop].FindID(id)
}

// releaseNexthop removes id from the groups it is in, the groups that are
// empty then, and the routes that use either (R45).
func (s *State) releaseNexthop(id uint32) {
	s.silentOver(id)
	s.leaveGroups(id)
	s.dropOver(id)
}

// dropOver removes what leads over nexthop object id: routes, and the entries of
// tunnels (vxlan_fdb_nh_flush(), drivers/net/vxlan/vxlan_core.c).
func (s *State) dropOver(id uint32) {
	s.dropWhere(rtnl.Route, func(body []byte) bool { return nhid(body) == id }, tallyKey{kind: tallyNHID, id: id})
	s.dropWhere(rtnl.Neighbor, func(body []byte) bool { return fdbNexthop(body) == id }, tallyKey{kind: tallyFDB, id: id})
}

func (s *State) leaveGroups(id uint32) {
	var groups [][]byte
	s.visit(rtnl.Nexthop, func(_ ref, body []byte) bool {
		if inGroup(body, id) {
			groups = append(groups, append([]byte(nil), body...))
		}
		return true
	}, tallyKey{kind: tallyMember, id: id})
	for _, body := range groups {
		s.leaveGroup(body, id)
	}
}

// leaveGroup takes member id out of the group in body. Groups are in no groups.
func (s *State) leaveGroup(body []byte, id uint32) {
	a := rtnl.AttrsOf(rtnl.Nexthop, body)
	members := removeMember(a.Get(unix.NHA_GROUP), id)
	l := s.tables[rtnl.Nexthop].Find(body)
	s.touch(&l)
	if len(members) > 0 {
		s.update(rtnl.Nexthop, &l, l.Head, withMembers(body, members))
		return
	}
	id = rtnl.Uint32(a.Get(unix.NHA_ID))
	s.silentOver(id)
	s.dropOver(id)
	s.drop(rtnl.Nexthop, &l, l.Head)
}

// nexthopKey is NHA_ID.
func nexthopKey(dst, body []byte) []byte {
	return appendUint32(dst, rtnl.Uint32(rtnl.AttrsOf(rtnl.Nexthop, body).Get(unix.NHA_ID)))
}

// carrierLost removes the nexthop objects on a link (R5, R44).
func (s *State) carrierLost(index uint32) {
	s.silentOn(index, rtnl.Nexthop)
	if s.tally.get(tallyKey{kind: tallyNexthop, id: index}) > 0 {
		s.imply(func() { s.flushNexthops(index) })
		s.want(rtnl.Query{Object: rtnl.Nexthop, Ifindex: index})
	}
}

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

func nexthopSubjects(body []byte, f func(tallyKey)) {
	a := rtnl.AttrsOf(rtnl.Nexthop, body)
	if index := rtnl.Uint32(a.Get(unix.NHA_OIF)); index != 0 {
		f(tallyKey{kind: tallyNexthop, id: index})
	}
	linksInEncap(a.Get(unix.NHA_ENCAP_TYPE), a.Get(unix.NHA_ENCAP), tallyNexthop, f)
	members := rtnl.NexthopMsg(body).Members()
	for m, rest, ok := members.Next(); ok; m, rest, ok = rest.Next() {
		f(tallyKey{kind: tallyMember, id: m.ID})
	}
}

// NHA_RES_GROUP, and what of it runs: NHA_RES_GROUP_UNBALANCED_TIME
// (uapi/linux/nexthop.h).
const (
	nhaResGroup    = 12
	unbalancedTime = 4
)

// overtakesNexthop is for a nexthop object. A group has members of which the
// dump may not have shown on which link they were.
func (g *silent) overtakesNexthop(body []byte) bool {
	a := rtnl.AttrsOf(rtnl.Nexthop, body)
	id := rtnl.Uint32(a.Get(unix.NHA_ID))
	if a.Get(unix.NHA_GROUP) != nil || g.links[rtnl.Uint32(a.Get(unix.NHA_OIF))] {
		note(&g.nexthops, id)
	}
	return g.nexthops[id]
}
