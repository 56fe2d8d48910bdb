package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func mdbAttr(body []byte, typ uint16) []byte { return rtnl.AttrsOf(rtnl.MDB, body).Get(typ) }

// mdbKey is the bridge, its port, VLAN, group and source. A VXLAN sends a group
// to several remote ends, told apart as vxlan_mdb_remote_rdst_alike() does
// (drivers/net/vxlan/vxlan_mdb.c).
func mdbKey(dst, body []byte) []byte {
	a := rtnl.AttrsOf(rtnl.MDB, body)
	dst = appendUint32(dst, linkIndex(body))
	for _, typ := range [...]uint16{rtnl.MDBPort, rtnl.MDBVlan, rtnl.MDBSourceVNI, rtnl.MDBVNI, rtnl.MDBVia} {
		dst = appendNumber(dst, a.Get(typ))
	}
	for _, typ := range [...]uint16{rtnl.MDBGroup, rtnl.MDBSource, rtnl.MDBDst, rtnl.MDBDstPort} { // in network order
		p := a.Get(typ)
		dst = append(append(dst, byte(len(p))), p...)
	}
	return dst
}

// newMDB applies one entry of RTM_NEWMDB.
func (s *State) newMDB(body []byte) {
	if !s.takes(rtnl.MDB, body) {
		return
	}
	s.upsert(rtnl.MDB, body)
}

// delMDB applies one entry of RTM_DELMDB. With the entry of one source that
// source goes silently from the list of the group that is for any
// (br_multicast_group_src_expired(), net/bridge/br_multicast.c).
func (s *State) delMDB(body []byte) {
	s.remove(rtnl.MDB, body)
	if mdbAttr(body, rtnl.MDBSource) != nil {
		s.want(rtnl.Query{Object: rtnl.MDB, Family: unix.AF_BRIDGE})
	}
}

// mdbSubjects calls f with the links that an entry names.
func mdbSubjects(body []byte, f func(tallyKey)) {
	f(tallyKey{kind: tallyMDB, id: linkIndex(body)})
	a := rtnl.AttrsOf(rtnl.MDB, body)
	for _, typ := range [...]uint16{rtnl.MDBPort, rtnl.MDBVia} {
		if index := rtnl.Uint32(a.Get(typ)); index != 0 && index != linkIndex(body) {
			f(tallyKey{kind: tallyMDB, id: index})
		}
	}
}

// flushMDB removes the entries of a link that is deleted: those of a port have
// gone by messages, those of a bridge itself go silently (br_multicast_dev_del(),
// net/bridge/br_multicast.c).
func (s *State) flushMDB(index uint32) {
	s.dropWhere(rtnl.MDB, func(body []byte) bool {
		return linkIndex(body) == index || rtnl.Uint32(mdbAttr(body, rtnl.MDBPort)) == index ||
			rtnl.Uint32(mdbAttr(body, rtnl.MDBVia)) == index
	}, tallyKey{kind: tallyMDB, id: index})
}

// snoopingTurned asks for the multicast databases of all bridges where one begins
// or ceases to listen for receivers, or another version of how they tell: what
// it shows of its entries changes silently (br_mdb_fill_info() and
// __mdb_fill_info(), net/bridge/br_mdb.c).
func (s *State) snoopingTurned(was, is rtnl.Attrs) {
	if turned(was, is, unix.IFLA_BR_MCAST_SNOOPING) || turned(was, is, unix.IFLA_BR_MCAST_IGMP_VERSION) || turned(was, is, unix.IFLA_BR_MCAST_MLD_VERSION) {
		s.want(rtnl.Query{Object: rtnl.MDB, Family: unix.AF_BRIDGE, Barrier: true})
	}
}
