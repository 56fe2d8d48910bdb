package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// nexthopClass is what the kernel does with nexthop objects, applied to a State.
type nexthopClass struct{ *State }

var nexthopRow = class{
	key: nexthopKey, perKey: one, object: anyObject, canonical: asItComes,
	announced: func(s *State, m rtnl.Message) { nexthopClass{s}.newNexthop(m) },
	deleted:   func(s *State, m rtnl.Message) { nexthopClass{s}.delNexthop(m.Body) },
	counted:   nexthopSubjects,
	volatile:  noAttribute,
	fixed:     sameButFlags(rtnl.NexthopFlags, hopFlags),
	payload: func(_ uint8, typ uint16, a, b []byte) bool {
		switch typ {
		case unix.NHA_ENCAP:
			return sameEncap(a, b)
		case nhaResGroup:
			return sameBut(unbalancedTime, a, b)
		}
		return bytes.Equal(a, b)
	},
	covered: func(q rtnl.Query, body []byte) bool {
		return q.Ifindex == 0 || rtnl.NexthopMsg(body).Link() == q.Ifindex
	},
	mirrored:   kept(rtnl.Nexthop),
	overtaken:  func(_ *State, g *silent, record []byte) bool { return g.overtakesNexthop(record) },
	swept:      func(s *State, l objtable.List, r ref) { nexthopClass{s}.dropNexthop(rtnl.NexthopMsg(l.Body(r)).ID()) },
	links:      linksAt(false, rtnl.Nexthop, attrs(unix.NHA_OIF)),
	naming:     onOneLink(tallyNexthop),
	linkTurned: func(s *State, t linkTurn) { nexthopClass{s}.linkTurned(t) },
	linkEnds:   func(s *State, index uint32) { nexthopClass{s}.flushNexthops(index) },
	extras:     extras{silentEnds: true},
}

// newNexthop applies RTM_NEWNEXTHOP. The messages about routes over an object
// that is replaced have the request of this one (R46).
func (s nexthopClass) newNexthop(m rtnl.Message) {
	s.last = cause{m.PID, m.Seq}
	id := rtnl.NexthopMsg(m.Body).ID()
	before := s.blackhole(id)
	s.upsert(rtnl.Nexthop, m.Body)
	if now := s.blackhole(id); now != before {
		s.imply(func() { s.blackholeTurned(id, now) })
	}
}

// blackhole reports whether nexthop object id drops packets: itself, or the only
// member of a group. Those of several members have no such (R46).
func (s nexthopClass) blackhole(id uint32) bool {
	m := rtnl.NexthopMsg(s.NexthopByID(id))
	if member, rest, ok := m.Members().Next(); ok && len(rest) == 0 {
		m = s.NexthopByID(member.ID)
	}
	return m.Attrs().Get(unix.NHA_BLACKHOLE) != nil
}

// blackholeTurned gives the routes over nexthop object id the type that the kernel
// shows from now on, and those over the group of which it is the only member (R46).
func (s nexthopClass) blackholeTurned(id uint32, now bool) {
	s.turned(id, now)
	s.visit(rtnl.Nexthop, func(_ ref, body []byte) bool {
		if inGroup(body, id) {
			s.turned(rtnl.NexthopMsg(body).ID(), now)
		}
		return true
	}, tallyKey{kind: tallyMember, id: id})
}

// linkTurned does what the kernel does silently when a link is set down or has
// no carrier any more (R4, R5, R44).
func (s nexthopClass) linkTurned(t linkTurn) {
	switch {
	case t.setDown():
		s.flushNexthops(t.index)
		s.want(rtnl.Query{Object: rtnl.Nexthop, Ifindex: t.index})
	case t.noCarrier():
		s.carrierLost(t.index)
	}
}

// flushNexthops removes the nexthop objects on a link (R44).
func (s nexthopClass) flushNexthops(index uint32) {
	s.dump.silentOn(index, rtnl.Nexthop)
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
func (s nexthopClass) delNexthop(body []byte) {
	id := rtnl.Uint32(rtnl.AttrsOf(rtnl.Nexthop, body).Get(unix.NHA_ID))
	s.imply(func() { s.releaseNexthop(id) })
	s.remove(rtnl.Nexthop, body)
}

// dropNexthop removes nexthop object id and what goes with it.
func (s nexthopClass) dropNexthop(id uint32) {
	s.releaseNexthop(id)
	if l := s.nexthop(id); l.Head != 0 {
		s.dump.touch(&l)
		s.drop(rtnl.Nexthop, &l, l.Head)
	}
}

// nexthop returns the list of object id.
func (s nexthopClass) nexthop(id uint32) objtable.List {
	return s.tables[rtnl.Nexthop].FindID(id)
}

// releaseNexthop removes id from the groups it is in, the groups that are
// empty then, and the routes that use either (R45).
func (s nexthopClass) releaseNexthop(id uint32) {
	s.dump.silentOver(id, rtnl.Nexthop, rtnl.Route, rtnl.Neighbor)
	s.leaveGroups(id)
	s.dropOver(id)
}

// turned tells the classes whose objects lead over nexthop object id that it drops
// packets from now on, or does not any more.
func (s nexthopClass) turned(id uint32, blackhole bool) {
	s.followedBy(func(c *class) {
		if c.nexthopTurned != nil {
			c.nexthopTurned(s.State, id, blackhole)
		}
	})
}

// dropOver removes what leads over nexthop object id.
func (s nexthopClass) dropOver(id uint32) {
	s.followedBy(func(c *class) {
		if c.nexthopEnds != nil {
			c.nexthopEnds(s.State, id)
		}
	})
}

func (s nexthopClass) leaveGroups(id uint32) {
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
func (s nexthopClass) leaveGroup(body []byte, id uint32) {
	a := rtnl.AttrsOf(rtnl.Nexthop, body)
	members := removeMember(a.Get(unix.NHA_GROUP), id)
	l := s.tables[rtnl.Nexthop].Find(body)
	s.dump.touch(&l)
	if len(members) > 0 {
		s.update(rtnl.Nexthop, &l, l.Head, withMembers(body, members))
		return
	}
	id = rtnl.Uint32(a.Get(unix.NHA_ID))
	s.dump.silentOver(id, rtnl.Nexthop, rtnl.Route, rtnl.Neighbor)
	s.dropOver(id)
	s.drop(rtnl.Nexthop, &l, l.Head)
}

// nexthopKey is NHA_ID.
func nexthopKey(dst []byte, x *rtnl.Index) []byte { return appendUint32(dst, x.Uint32(unix.NHA_ID)) }

// carrierLost removes the nexthop objects on a link (R5, R44).
func (s nexthopClass) carrierLost(index uint32) {
	s.dump.silentOn(index, rtnl.Nexthop)
	if s.tally.get(tallyKey{kind: tallyNexthop, id: index}) > 0 {
		s.flushNexthops(index)
		s.want(rtnl.Query{Object: rtnl.Nexthop, Ifindex: index})
	}
}

// inGroup reports whether the nexthop object in body is a group with member id.
func inGroup(body []byte, id uint32) bool {
	for m := range rtnl.NexthopMsg(body).Members().All() {
		if m.ID == id {
			return true
		}
	}
	return false
}

// removeMember returns an NHA_GROUP payload without member id.
func removeMember(p []byte, id uint32) (out []byte) {
	for m := range rtnl.Members(p).All() {
		if m.ID != id {
			out = append(out, m.Raw...)
		}
	}
	return out
}

// withMembers returns the group in body with other members.
func withMembers(body, members []byte) []byte {
	out := append([]byte(nil), body[:rtnl.Nexthop.HeaderLen()]...)
	return replaceAttr(out, rtnl.NexthopMsg(body).Attrs(), unix.NHA_GROUP, func([]byte) []byte { return members })
}

// nexthopSubjects adds the links and the objects that a nexthop object leads over.
func nexthopSubjects(keys []tallyKey, _ *objects, x *rtnl.Index) []tallyKey {
	if index := x.Uint32(unix.NHA_OIF); index != 0 {
		keys = append(keys, tallyKey{kind: tallyNexthop, id: index})
	}
	keys = linksInEncap(keys, x.Get(unix.NHA_ENCAP_TYPE), x.Get(unix.NHA_ENCAP), tallyNexthop)
	for m := range rtnl.Members(x.Get(unix.NHA_GROUP)).All() {
		keys = append(keys, tallyKey{kind: tallyMember, id: m.ID})
	}
	return keys
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
