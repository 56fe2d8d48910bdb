package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// dropWhere removes the objects of class o for which gone is true, among those
// that the counters of some keys count. gone may change the body in place.
func (s *State) dropWhere(o rtnl.Object, gone func(body []byte) bool, of ...tallyKey) {
	s.visit(o, func(r ref, body []byte) bool {
		if gone(body) {
			s.dropEntry(o, r)
		}
		return true
	}, of...)
}

// dropEntry removes entry r, wherever its list is.
func (s *State) dropEntry(o rtnl.Object, r ref) {
	l := s.tables[o].Find(s.tables[o].Body(r))
	s.touch(&l)
	s.drop(o, &l, r)
}

// flushDown is for a link set down: the kernel removes each route whose
// nexthops are dead then, in every table, but for those of scope host. IPv6
// routes that it does not see it keeps; if it does, a deletion tells (R4, R22, R24, R38, R51).
func (s *State) flushDown(index uint32) {
	s.silentOn(index, rtnl.Route, rtnl.Neighbor)
	s.flushNexthops(index)
	s.flushRoutes(index, s.spared)
	s.dropWhere(rtnl.Neighbor, func(body []byte) bool { // proxy entries go silently
		return body[0] != unix.AF_BRIDGE && body[10]&unix.NTF_PROXY != 0 && linkIndex(body) == index
	}, tallyKey{kind: tallyNeighbor, id: index})
	s.verifyRoutes(index, true)
	s.want(rtnl.Query{Object: rtnl.Nexthop, Ifindex: index})
	// By a sysctl IPv6 addresses stay, and are tentative again.
	s.want(rtnl.Query{Object: rtnl.Address, Family: unix.AF_INET6, Ifindex: index, Barrier: true})
}

// verifyRoutes asks for what is left on a link. The message about a link comes
// before the flush that it causes: barrier waits for that (R4).
func (s *State) verifyRoutes(index uint32, barrier bool) {
	for _, family := range []uint8{unix.AF_INET, unix.AF_INET6} {
		s.want(rtnl.Query{Object: rtnl.Route, Family: family, Ifindex: index, Barrier: barrier})
	}
}

// flushRoutes marks the nexthops on a link as dead and removes the routes that
// have no other, unless spare says otherwise. Routes over nexthop objects go
// with those.
func (s *State) flushRoutes(index uint32, spare func(r ref, body []byte) bool) {
	s.visit(rtnl.Route, func(r ref, body []byte) bool {
		if spare(r, body) {
			return true
		}
		if _, all := s.markDead(body, index); all {
			s.dropEntry(rtnl.Route, r)
		}
		return true
	}, tallyKey{kind: tallyOIF, id: index})
}

// markDead is markDead with what the mirror knows of the other links: an IPv4
// nexthop is alive while its link is up and has an address, an IPv6 one when
// its link is ready.
func (s *State) markDead(body []byte, index uint32) (any, all bool) {
	alive := s.alive6
	if body[0] == unix.AF_INET {
		alive = s.alive4
	}
	return markDead(body, index, alive)
}

func (s *State) alive4(index uint32) bool {
	return s.links.flags(index)&unix.IFF_UP != 0 && s.tally.get(tallyKey{kind: tallyAddress, family: unix.AF_INET, id: index}) > 0
}

func (s *State) alive6(index uint32) bool {
	const ready = unix.IFF_UP | unix.IFF_RUNNING | unix.IFF_LOWER_UP
	return s.links.flags(index)&ready == ready
}

// reviveHops clears the dead bits of groups' members on a link (R25).
func (s *State) reviveHops(family uint8, index uint32) {
	s.visit(rtnl.Route, func(_ ref, body []byte) bool {
		if body[0] == family {
			revive(body, index)
		}
		return true
	}, tallyKey{kind: tallyOIF, id: index})
}

// flushLink removes all that refers to a deleted link. An IPv4 route goes even
// if another of its nexthops is alive (R18).
func (s *State) flushLink(index uint32) {
	s.silentOn(index, rtnl.Address, rtnl.Route, rtnl.Neighbor, rtnl.MDB, rtnl.VLAN)
	s.flushMDB(index)
	s.flushVLANs(index)
	s.flushNexthops(index)
	s.flushRoutesOf(index)
	s.dropWhere(rtnl.Neighbor, func(body []byte) bool {
		master := rtnl.AttrsOf(rtnl.Neighbor, body).Get(unix.NDA_MASTER)
		return linkIndex(body) == index || rtnl.Uint32(master) == index
	}, tallyKey{kind: tallyNeighbor, id: index})
	s.dropWhere(rtnl.Address, func(body []byte) bool { return linkIndex(body) == index }, addressesOn(index)...)
}

// flushRoutesOf removes the routes over a deleted link, and its members from
// IPv6 groups (R28).
func (s *State) flushRoutesOf(index uint32) {
	s.dropWhere(rtnl.Route, func(body []byte) bool {
		any, all := s.markDead(body, index)
		return all || any && body[0] == unix.AF_INET
	}, tallyKey{kind: tallyOIF, id: index})
	var groups [][]byte
	t := s.tables[rtnl.Route]
	s.visit(rtnl.Route, func(_ ref, body []byte) bool {
		if any, _ := s.markDead(body, index); any {
			groups = append(groups, append([]byte(nil), body...))
		}
		return true
	}, tallyKey{kind: tallyOIF, id: index})
	for _, body := range groups {
		l := t.Find(body)
		s.touch(&l)
		if e := s.sharing(&l, body); e != 0 {
			s.setHops(&l, e, hopsWhere(t.Body(e), func(h hop) bool { return h.oif != index }))
		}
	}
}

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

// fdbNexthop returns the id of the nexthop object that a tunnel's entry uses, 0
// for none.
func fdbNexthop(body []byte) uint32 {
	if body[0] != unix.AF_BRIDGE || body[10]&unix.NTF_SELF == 0 {
		return 0
	}
	return rtnl.Uint32(rtnl.AttrsOf(rtnl.Neighbor, body).Get(ndaNHID))
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

var _ event.Env = (*State)(nil)
