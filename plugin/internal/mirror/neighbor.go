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
	object:    func(body []byte) bool { return ofIP(body) || body[0] == unix.AF_BRIDGE && !ownMAC(body) },
	announced: func(s *State, m rtnl.Message) { neighborClass{s}.newNeighbor(m.Body) },
	deleted:   removedByKey(rtnl.Neighbor),
	counted:   neighborSubjects,
	volatile:  attrs(unix.NDA_CACHEINFO),
	fixed: func(a, b []byte) bool {
		return bytes.Equal(a[:8], b[:8]) && announced(a) == announced(b) && bytes.Equal(a[10:12], b[10:12])
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
	extras:     extras{passing: silentState, settled: true},
}

// linkTurned removes the proxy entries of a link that is set down: they go
// silently (R51).
func (s neighborClass) linkTurned(t linkTurn) {
	if !t.setDown() {
		return
	}
	s.dump.silentOn(t.index, rtnl.Neighbor)
	s.dropWhere(rtnl.Neighbor, func(body []byte) bool { return proxied(body) && linkIndex(body) == t.index },
		tallyKey{kind: tallyNeighbor, id: t.index})
}

// linkEnds removes what is left on a link that ends, and on a bridge (R18).
func (s neighborClass) linkEnds(index uint32) {
	s.dump.silentOn(index, rtnl.Neighbor)
	s.dropWhere(rtnl.Neighbor, func(body []byte) bool {
		return linkIndex(body) == index || rtnl.Uint32(rtnl.NeighborMsg(body).Attrs().Get(unix.NDA_MASTER)) == index
	}, tallyKey{kind: tallyNeighbor, id: index})
}

// dropOver removes the entries of tunnels that lead over nexthop object id
// (vxlan_fdb_nh_flush(), drivers/net/vxlan/vxlan_core.c).
func (s neighborClass) dropOver(id uint32) {
	s.dropWhere(rtnl.Neighbor, func(body []byte) bool { return fdbNexthop(body) == id }, tallyKey{kind: tallyFDB, id: id})
}

// neighborOvertaken reports whether what a record is of may be gone with a link
// or a nexthop object.
func neighborOvertaken(_ *State, g *silent, record []byte) bool {
	a := rtnl.NeighborMsg(record).Attrs()
	return g.links[linkIndex(record)] || g.links[rtnl.Uint32(a.Get(unix.NDA_MASTER))] || g.nexthops[fdbNexthop(record)]
}

// proxied reports whether an entry says that others are answered for.
func proxied(body []byte) bool {
	return body[0] != unix.AF_BRIDGE && rtnl.NeighborFlags.Uint8(body)&unix.NTF_PROXY != 0
}

// neighborKey is family, link, address and whether it is a proxy entry. An
// entry of a bridge's forwarding database is known by bridge, MAC and VLAN, the
// port being data: a MAC moves from port to port without a deletion. An entry of
// a tunnel is known by MAC and VNI: a station is behind one remote end or one
// nexthop object, and moves without a deletion too. Only what is for many can be
// behind many, told apart as vxlan_fdb_find_rdst() does
// (drivers/net/vxlan/vxlan_core.c) (R48, R49, R54).
func neighborKey(dst, body []byte) []byte {
	attrs := rtnl.AttrsOf(rtnl.Neighbor, body)
	if body[0] != unix.AF_BRIDGE {
		dst = appendUint32(append(dst, body[0], body[10]&unix.NTF_PROXY), linkIndex(body))
		return append(dst, attrs.Get(unix.NDA_DST)...)
	}
	dst = append(dst, body[0])
	if master := attrs.Get(unix.NDA_MASTER); master != nil && body[10]&unix.NTF_SELF == 0 {
		dst = append(appendUint32(append(dst, 'm'), rtnl.Uint32(master)), attrs.Get(unix.NDA_LLADDR)...)
		return appendNumber(dst, attrs.Get(unix.NDA_VLAN))
	}
	mac := attrs.Get(unix.NDA_LLADDR)
	dst = appendUint32(append(dst, 's'), linkIndex(body))
	dst = appendNumber(append(dst, mac...), attrs.Get(unix.NDA_SRC_VNI))
	if unicastMAC(mac) {
		return dst
	}
	for _, typ := range []uint16{unix.NDA_DST, unix.NDA_PORT} { // an address, and a port in network order
		p := attrs.Get(typ)
		dst = append(append(dst, byte(len(p))), p...)
	}
	return appendNumber(appendNumber(dst, attrs.Get(unix.NDA_VNI)), attrs.Get(unix.NDA_IFINDEX))
}

// unicastMAC reports whether an address is that of one station.
func unicastMAC(mac []byte) bool {
	return len(mac) > 0 && mac[0]&1 == 0 && string(mac) != string(make([]byte, len(mac)))
}

// ndaNHID is NDA_NH_ID (uapi/linux/neighbour.h).
const ndaNHID = 13

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
	now := [3]byte(body[8:11])
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
		if linkIndex(other) == linkIndex(body) && [3]byte(other[8:11]) != now && floodKey(other) == key {
			others = append(others, append([]byte(nil), other...))
		}
		return true
	})
	s.imply(func() {
		for _, other := range others {
			copy(other[8:], now[:])
			s.upsert(rtnl.Neighbor, other)
		}
	})
}

// floodKey returns what identifies an address of a tunnel that may have several
// destinations, empty for any other entry: those of zeros and of multicast may
// (vxlan_fdb_update_existing(), drivers/net/vxlan/vxlan_core.c).
func floodKey(body []byte) string {
	if body[0] != unix.AF_BRIDGE || body[10]&unix.NTF_SELF == 0 {
		return ""
	}
	a := rtnl.AttrsOf(rtnl.Neighbor, body)
	lladdr := a.Get(unix.NDA_LLADDR)
	if a.Get(unix.NDA_DST) == nil || len(lladdr) != 6 || lladdr[0]&1 == 0 && string(lladdr) != string(make([]byte, 6)) {
		return ""
	}
	return string(lladdr) + string(a.Get(unix.NDA_SRC_VNI))
}

// ownMAC reports whether an entry of family AF_BRIDGE is one of the addresses
// that a device listens to: its lists of those change silently, and events
// about them differ from dumps (R50).
func ownMAC(body []byte) bool {
	if body[10]&unix.NTF_SELF == 0 {
		return false
	}
	a := rtnl.AttrsOf(rtnl.Neighbor, body)
	return a.Get(unix.NDA_DST) == nil && a.Get(unix.NDA_VNI) == nil && a.Get(ndaNHID) == nil
}

// silentState reports whether the kernel announces no entry in the state of
// body, NUD_NONE or NUD_INCOMPLETE. From dumps these are left out (R47).
func silentState(body []byte) bool {
	if body[0] == unix.AF_BRIDGE || body[10]&unix.NTF_PROXY != 0 {
		return false
	}
	state := rtnl.Uint16(body[8:])
	return state == unix.NUD_NONE || state&unix.NUD_INCOMPLETE != 0
}

// announced returns ndm_state as the kernel last announced it: an entry in use
// goes from stale to delay without a message, and one of a bridge from reachable
// to stale when it has not been heard of for a while.
func announced(body []byte) uint16 {
	state := rtnl.Uint16(body[8:])
	switch {
	case body[0] == unix.AF_BRIDGE && state&unix.NUD_STALE != 0:
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
	if body[0] == unix.AF_BRIDGE || body[10]&unix.NTF_PROXY != 0 || rtnl.Uint16(body[8:])&unix.NUD_NOARP == 0 {
		return false
	}
	a := rtnl.AttrsOf(rtnl.Neighbor, body)
	mac, link := a.Get(unix.NDA_LLADDR), s.LinkByIndex(linkIndex(body))
	return len(mac) == 0 || link == nil || isMulticast(a.Get(unix.NDA_DST)) ||
		bytes.Equal(mac, linkAttr(link, unix.IFLA_BROADCAST)) || bytes.Equal(mac, linkAttr(link, unix.IFLA_ADDRESS))
}

func isMulticast(addr []byte) bool {
	return len(addr) == 4 && addr[0]>>4 == 0xe || len(addr) == 16 && addr[0] == 0xff
}

// askedNeighbor reports whether a question covers an entry.
func askedNeighbor(q rtnl.Query, body []byte) bool {
	master := rtnl.Uint32(rtnl.NeighborMsg(body).Attrs().Get(unix.NDA_MASTER))
	return onOwnLink(q, body) && proxied(body) == q.Proxy && (q.Master == 0 || master == q.Master)
}

// fdbNexthop returns the id of the nexthop object that a tunnel's entry uses, 0
// for none.
func fdbNexthop(body []byte) uint32 {
	if body[0] != unix.AF_BRIDGE || body[10]&unix.NTF_SELF == 0 {
		return 0
	}
	return rtnl.Uint32(rtnl.AttrsOf(rtnl.Neighbor, body).Get(ndaNHID))
}

// neighborSubjects adds the links that an entry names, and its nexthop object.
func neighborSubjects(keys []tallyKey, _ *objects, body []byte) []tallyKey {
	keys = append(keys, tallyKey{kind: tallyNeighbor, id: linkIndex(body)})
	a := rtnl.NeighborMsg(body).Attrs()
	for _, typ := range [...]uint16{unix.NDA_MASTER, unix.NDA_IFINDEX} {
		if index := rtnl.Uint32(a.Get(typ)); index != 0 && index != linkIndex(body) {
			keys = append(keys, tallyKey{kind: tallyNeighbor, id: index})
		}
	}
	if id := fdbNexthop(body); id != 0 {
		keys = append(keys, tallyKey{kind: tallyFDB, id: id})
	}
	return keys
}
