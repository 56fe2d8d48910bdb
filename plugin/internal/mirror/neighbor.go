package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// neighborClass is what the kernel does with neighbors and the entries of
// forwarding databases, applied to a State.
type neighborClass struct{ *State }

var neighborRow = class{
	key: neighborKey, perKey: one, canonical: asItComes,
	object:    func(body []byte) bool { return ofIP(body) || familyOf(body) == unix.AF_BRIDGE && !ownMAC(body) },
	announced: func(s *State, m rtnl.Message) { neighborClass{s}.newNeighbor(m.Body) },
	deleted:   removedByKey(rtnl.Neighbor),
	counted:   neighborSubjects,
	volatile:  attrs(unix.NDA_CACHEINFO),
	fixed: func(a, b []byte) bool {
		return sameHeader(rtnl.NeighborState.Offset())(a, b) && announced(a) == announced(b) &&
			rtnl.NeighborFlags.Uint8(a) == rtnl.NeighborFlags.Uint8(b) && rtnl.NeighborType.Uint8(a) == rtnl.NeighborType.Uint8(b)
	},
	payload: sameBytes,
	covered: askedNeighbor,
	mirrored: func(s *State, record []byte) bool {
		return s.keep(rtnl.Neighbor, record) && !neighborClass{s}.leftOut(record)
	},
	overtaken:  neighborOvertaken,
	swept:      droppedFrom(rtnl.Neighbor),
	links:      linksAt(true, rtnl.Neighbor, attrs(unix.NDA_MASTER, unix.NDA_IFINDEX)),
	naming:     onOneLink(tallyNeighbor),
	linkTurned: func(s *State, t linkTurn) { neighborClass{s}.linkTurned(t) },
	linkEnds:   func(s *State, index uint32) { neighborClass{s}.linkEnds(index) },
	extras: extras{passing: silentState, settled: true,
		nexthopEnds: func(s *State, id uint32) { neighborClass{s}.dropOver(id) }},
}

// linkTurned removes the proxy entries of a link that is set down: they go
// silently (R51).
func (s neighborClass) linkTurned(t linkTurn) {
	if !t.setDown() {
		return
	}
	s.dump.silentOn(t.index, rtnl.Neighbor)
	s.dropWhere(rtnl.Neighbor, func(body []byte) bool { return rtnl.NeighborMsg(body).Proxied() && linkIndex(body) == t.index },
		tallyKey{kind: tallyNeighbor, id: t.index})
}

// linkEnds removes what is left on a link that ends, and on a bridge (R18).
func (s neighborClass) linkEnds(index uint32) {
	s.dump.silentOn(index, rtnl.Neighbor)
	s.dropWhere(rtnl.Neighbor, func(body []byte) bool {
		return linkIndex(body) == index || rtnl.NeighborMsg(body).Master() == index
	}, tallyKey{kind: tallyNeighbor, id: index})
}

// dropOver removes the entries of tunnels that lead over nexthop object id
// (vxlan_fdb_nh_flush(), drivers/net/vxlan/vxlan_core.c).
func (s neighborClass) dropOver(id uint32) {
	s.dropWhere(rtnl.Neighbor, func(body []byte) bool { return rtnl.NeighborMsg(body).Nexthop() == id }, tallyKey{kind: tallyFDB, id: id})
}

// neighborOvertaken reports whether what a record is of may be gone with a link
// or a nexthop object.
func neighborOvertaken(_ *State, g *silent, record []byte) bool {
	m := rtnl.NeighborMsg(record)
	return g.links[m.Index()] || g.links[m.Master()] || g.nexthops[m.Nexthop()]
}

// neighborKey is family, link, address and whether it is a proxy entry. An
// entry of a bridge's forwarding database is known by bridge, MAC and VLAN, the
// port being data: a MAC moves from port to port without a deletion. An entry of
// a tunnel is known by MAC and VNI: a station is behind one remote end or one
// nexthop object, and moves without a deletion too. Only what is for many can be
// behind many, told apart as vxlan_fdb_find_rdst() does
// (drivers/net/vxlan/vxlan_core.c) (R48, R49, R54).
func neighborKey(dst []byte, x *rtnl.Index) []byte {
	m, master, mac := rtnl.NeighborMsg(x.Body), x.Get(unix.NDA_MASTER), x.Get(unix.NDA_LLADDR)
	switch dst = append(dst, m.Family()); {
	case m.Family() != unix.AF_BRIDGE:
		dst = append(dst, rtnl.NeighborFlags.Uint8(m)&unix.NTF_PROXY)
		return append(appendUint32(dst, m.Index()), x.Get(unix.NDA_DST)...)
	case master != nil && !m.Own():
		dst = append(appendUint32(append(dst, 'm'), rtnl.Uint32(master)), mac...)
		return appendNumber(dst, x.Get(unix.NDA_VLAN))
	}
	dst = appendUint32(append(dst, 's'), m.Index())
	dst = appendNumber(append(dst, mac...), x.Get(unix.NDA_SRC_VNI))
	if unicastMAC(mac) {
		return dst
	}
	for _, typ := range []uint16{unix.NDA_DST, unix.NDA_PORT} { // an address, and a port in network order
		p := x.Get(typ)
		dst = append(append(dst, byte(len(p))), p...)
	}
	return appendNumber(appendNumber(dst, x.Get(unix.NDA_VNI)), x.Get(unix.NDA_IFINDEX))
}

// unicastMAC reports whether an address is that of one station.
func unicastMAC(mac []byte) bool {
	return len(mac) > 0 && mac[0]&1 == 0 && string(mac) != string(make([]byte, len(mac)))
}

// newNeighbor applies RTM_NEWNEIGH.
func (s neighborClass) newNeighbor(body []byte) {
	if !s.takes(rtnl.Neighbor, body) {
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
func (s neighborClass) fallSilent(body []byte) {
	l := s.tables[rtnl.Neighbor].Find(body)
	s.dump.touch(&l)
	if l.Head != 0 {
		s.drop(rtnl.Neighbor, &l, l.Head)
	}
}

// floodTurned gives the other destinations of the address in body its state and
// flags: they are the address's, and the kernel tells of one destination only.
// As long as they do not change nothing has to be looked for (R49).
func (s neighborClass) floodTurned(body []byte) {
	key := floodKey(body)
	link := s.links.byIndex[linkIndex(body)]
	if key == "" || link == nil {
		return
	}
	now := *rtnl.NeighborMsg(body).Standing()
	if link.flood[key] == now {
		return
	}
	if link.flood == nil {
		link.flood = map[string][3]byte{}
	}
	link.flood[key] = now
	var others [][]byte
	t := s.tables[rtnl.Neighbor]
	t.Each(func(r ref) bool {
		other := t.Body(r)
		if linkIndex(other) == linkIndex(body) && *rtnl.NeighborMsg(other).Standing() != now && floodKey(other) == key {
			others = append(others, append([]byte(nil), other...))
		}
		return true
	})
	s.imply(func() {
		for _, other := range others {
			*rtnl.NeighborMsg(other).Standing() = now
			s.upsert(rtnl.Neighbor, other)
		}
	})
}

// floodKey returns what identifies an address of a tunnel that may have several
// destinations, empty for any other entry: those of zeros and of multicast may
// (vxlan_fdb_update_existing(), drivers/net/vxlan/vxlan_core.c).
func floodKey(body []byte) string {
	a := rtnl.NeighborMsg(body).Attrs()
	mac := a.Get(unix.NDA_LLADDR)
	if !rtnl.NeighborMsg(body).Own() || a.Get(unix.NDA_DST) == nil || len(mac) != 6 || unicastMAC(mac) {
		return ""
	}
	return string(mac) + string(a.Get(unix.NDA_SRC_VNI))
}

// ownMAC reports whether an entry of family AF_BRIDGE is one of the addresses
// that a device listens to: its lists of those change silently, and events
// about them differ from dumps (R50).
func ownMAC(body []byte) bool {
	m := rtnl.NeighborMsg(body)
	return m.Own() && m.Attrs().Get(unix.NDA_DST) == nil && m.Attrs().Get(unix.NDA_VNI) == nil && m.Nexthop() == 0
}

// silentState reports whether the kernel announces no entry in the state of
// body, NUD_NONE or NUD_INCOMPLETE. From dumps these are left out (R47).
func silentState(body []byte) bool {
	m := rtnl.NeighborMsg(body)
	return ofIP(m) && !m.Proxied() && (m.State() == unix.NUD_NONE || m.State()&unix.NUD_INCOMPLETE != 0)
}

// announced returns ndm_state as the kernel last announced it: an entry in use
// goes from stale to delay without a message, and one of a bridge from reachable
// to stale when it has not been heard of for a while.
func announced(body []byte) uint16 {
	state := rtnl.NeighborMsg(body).State()
	switch {
	case familyOf(body) == unix.AF_BRIDGE && state&unix.NUD_STALE != 0:
		return state&^unix.NUD_STALE | unix.NUD_REACHABLE
	case state&unix.NUD_DELAY != 0:
		return state&^unix.NUD_DELAY | unix.NUD_STALE
	}
	return state
}

// leftOut reports whether a record of a dump counts as none: an entry that was
// never announced, in a state in which the kernel makes entries silently.
func (s neighborClass) leftOut(body []byte) bool {
	return (silentState(body) || s.madeNoARP(body)) && !s.has(rtnl.Neighbor, body)
}

// madeNoARP reports whether the kernel has made an entry in the state NUD_NOARP,
// of which it says nothing: for what needs no resolution, a group of receivers or
// whatever is behind a link without ARP (arp_constructor(), net/ipv4/arp.c;
// ndisc_constructor(), net/ipv6/ndisc.c). Others somebody has added, which was
// announced (R47).
func (s neighborClass) madeNoARP(body []byte) bool {
	m := rtnl.NeighborMsg(body)
	if !ofIP(m) || m.Proxied() || m.State()&unix.NUD_NOARP == 0 {
		return false
	}
	a := m.Attrs()
	mac, link := a.Get(unix.NDA_LLADDR), s.LinkByIndex(m.Index())
	return len(mac) == 0 || link == nil || isMulticast(a.Get(unix.NDA_DST)) ||
		bytes.Equal(mac, linkAttr(link, unix.IFLA_BROADCAST)) || bytes.Equal(mac, linkAttr(link, unix.IFLA_ADDRESS))
}

func isMulticast(addr []byte) bool {
	return len(addr) == 4 && addr[0]>>4 == 0xe || len(addr) == 16 && addr[0] == 0xff
}

// askedNeighbor reports whether a question covers an entry.
func askedNeighbor(q rtnl.Query, body []byte) bool {
	m := rtnl.NeighborMsg(body)
	return onOwnLink(q, body) && m.Proxied() == q.Proxy && (q.Master == 0 || m.Master() == q.Master)
}

// neighborSubjects adds the links that an entry names, and its nexthop object.
func neighborSubjects(keys []tallyKey, _ *objects, x *rtnl.Index) []tallyKey {
	m := rtnl.NeighborMsg(x.Body)
	keys = append(keys, tallyKey{kind: tallyNeighbor, id: m.Index()})
	for _, typ := range [...]uint16{unix.NDA_MASTER, unix.NDA_IFINDEX} {
		if index := x.Uint32(typ); index != 0 && index != m.Index() {
			keys = append(keys, tallyKey{kind: tallyNeighbor, id: index})
		}
	}
	if id := x.Uint32(rtnl.NDANexthop); id != 0 && m.Own() {
		keys = append(keys, tallyKey{kind: tallyFDB, id: id})
	}
	return keys
}
