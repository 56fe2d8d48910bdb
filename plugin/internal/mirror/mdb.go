package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// mdbClass is what the kernel does with multicast databases, applied to a State.
type mdbClass struct{ *State }

var mdbRow = class{
	key: mdbKey, perKey: one, object: anyObject, canonical: asItComes,
	announced:  func(s *State, m rtnl.Message) { mdbClass{s}.newMDB(m.Body) },
	deleted:    func(s *State, m rtnl.Message) { mdbClass{s}.delMDB(m.Body) },
	counted:    mdbSubjects,
	volatile:   noAttribute,
	fixed:      sameHeader(rtnl.MDB.HeaderLen()),
	payload:    sameBytes,
	covered:    ofFamily,
	mirrored:   kept(rtnl.MDB),
	overtaken:  mdbOvertaken,
	swept:      droppedFrom(rtnl.MDB),
	links:      linksAt(true, rtnl.MDB, attrs(rtnl.MDBPort, rtnl.MDBVia)),
	naming:     onOneLink(tallyMDB),
	linkTurned: func(s *State, t linkTurn) { mdbClass{s}.linkTurned(t) },
	linkEnds:   func(s *State, index uint32) { mdbClass{s}.linkEnds(index) },
}

// mdbOvertaken reports whether an entry may have gone with a link.
func mdbOvertaken(_ *State, g *silent, record []byte) bool {
	return g.links[linkIndex(record)] || g.links[rtnl.Uint32(mdbAttr(record, rtnl.MDBPort))] || g.links[rtnl.Uint32(mdbAttr(record, rtnl.MDBVia))]
}

func mdbAttr(body []byte, typ uint16) []byte { return rtnl.AttrsOf(rtnl.MDB, body).Get(typ) }

// mdbKey is the bridge, its port, VLAN, group and source. A VXLAN sends a group
// to several remote ends, told apart as vxlan_mdb_remote_rdst_alike() does
// (drivers/net/vxlan/vxlan_mdb.c).
func mdbKey(dst []byte, x *rtnl.Index) []byte {
	dst = appendUint32(dst, linkIndex(x.Body))
	for _, typ := range [...]uint16{rtnl.MDBPort, rtnl.MDBVlan, rtnl.MDBSourceVNI, rtnl.MDBVNI, rtnl.MDBVia} {
		dst = appendNumber(dst, x.Get(typ))
	}
	for _, typ := range [...]uint16{rtnl.MDBGroup, rtnl.MDBSource, rtnl.MDBDst, rtnl.MDBDstPort} { // in network order
		p := x.Get(typ)
		dst = append(append(dst, byte(len(p))), p...)
	}
	return dst
}

// newMDB applies one entry of RTM_NEWMDB.
func (s mdbClass) newMDB(body []byte) {
	if !s.takes(rtnl.MDB, body) {
		return
	}
	s.upsert(rtnl.MDB, body)
}

// delMDB applies one entry of RTM_DELMDB. With the entry of one source that
// source goes silently from the list of the group that is for any
// (br_multicast_group_src_expired(), net/bridge/br_multicast.c).
func (s mdbClass) delMDB(body []byte) {
	s.remove(rtnl.MDB, body)
	if mdbAttr(body, rtnl.MDBSource) != nil {
		s.want(rtnl.Query{Object: rtnl.MDB, Family: unix.AF_BRIDGE})
	}
}

// mdbSubjects adds the links that an entry names.
func mdbSubjects(keys []tallyKey, _ *objects, x *rtnl.Index) []tallyKey {
	own := linkIndex(x.Body)
	keys = append(keys, tallyKey{kind: tallyMDB, id: own})
	for _, typ := range [...]uint16{rtnl.MDBPort, rtnl.MDBVia} {
		if index := x.Uint32(typ); index != 0 && index != own {
			keys = append(keys, tallyKey{kind: tallyMDB, id: index})
		}
	}
	return keys
}

// linkEnds removes the entries of a link that is deleted: those of a port have
// gone by messages, those of a bridge itself go silently (br_multicast_dev_del(),
// net/bridge/br_multicast.c).
func (s mdbClass) linkEnds(index uint32) {
	s.dump.silentOn(index, rtnl.MDB)
	s.dropWhere(rtnl.MDB, func(body []byte) bool {
		return linkIndex(body) == index || rtnl.Uint32(mdbAttr(body, rtnl.MDBPort)) == index ||
			rtnl.Uint32(mdbAttr(body, rtnl.MDBVia)) == index
	}, tallyKey{kind: tallyMDB, id: index})
}

// linkTurned asks for the multicast databases of all bridges where one begins
// or ceases to listen for receivers, or another version of how they tell: what
// it shows of its entries changes silently (br_mdb_fill_info() and
// __mdb_fill_info(), net/bridge/br_mdb.c).
func (s mdbClass) linkTurned(t linkTurn) {
	if t.turned(unix.IFLA_BR_MCAST_SNOOPING, unix.IFLA_BR_MCAST_IGMP_VERSION, unix.IFLA_BR_MCAST_MLD_VERSION) {
		s.want(rtnl.Query{Object: rtnl.MDB, Family: unix.AF_BRIDGE, Barrier: true})
	}
}
