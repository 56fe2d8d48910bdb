package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// vlanClass is what the kernel does with the VLANs of bridges and their ports,
// applied to a State.
type vlanClass struct{ *State }

var vlanRow = class{
	key: vlanKey, perKey: one, object: anyObject, canonical: asItComes,
	announced:  func(s *State, m rtnl.Message) { vlanClass{s}.newVLAN(m.Body) },
	deleted:    func(s *State, m rtnl.Message) { vlanClass{s}.delVLAN(m.Body) },
	counted:    vlanSubjects,
	volatile:   noAttribute,
	fixed:      sameHeader(rtnl.VLAN.HeaderLen()),
	payload:    sameBytes,
	covered:    ofFamily,
	mirrored:   kept(rtnl.VLAN),
	overtaken:  func(_ *State, g *silent, record []byte) bool { return g.links[linkIndex(record)] },
	swept:      droppedFrom(rtnl.VLAN),
	links:      linksAt(true, rtnl.VLAN, noAttribute),
	naming:     onOneLink(tallyVLAN),
	linkTurned: func(s *State, t linkTurn) { vlanClass{s}.linkTurned(t) },
	linkEnds:   func(s *State, index uint32) { vlanClass{s}.linkEnds(index) },
}

func vlanAttr(body []byte, typ uint16) []byte { return rtnl.AttrsOf(rtnl.VLAN, body).Get(typ) }

// pvid is BRIDGE_VLAN_INFO_PVID (uapi/linux/if_bridge.h).
const pvid = 1 << 1

// vlanKey is the port, or the bridge itself, and the VLAN.
func vlanKey(dst []byte, x *rtnl.Index) []byte {
	return appendNumber(appendUint32(dst, linkIndex(x.Body)), x.Get(rtnl.VLANID))
}

// newVLAN applies one VLAN of RTM_NEWVLAN.
func (s vlanClass) newVLAN(body []byte) {
	if !s.takes(rtnl.VLAN, body) {
		return
	}
	s.upsert(rtnl.VLAN, body)
	s.takePVID(body)
}

// delVLAN applies one VLAN of RTM_DELVLAN. The link's own address in it belongs
// silently to another link of the bridge that has the same, or to the bridge
// (fdb_delete_local(), net/bridge/br_fdb.c).
func (s vlanClass) delVLAN(body []byte) {
	s.remove(rtnl.VLAN, body)
	bridge := linkIndex(body)
	if l := s.links.byIndex[bridge]; l != nil && l.master != 0 {
		bridge = l.master
	}
	s.want(rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_BRIDGE, Master: bridge})
}

// takePVID takes the flag PVID from another VLAN of the port in body, which has
// it: a port has one at most, and the kernel tells of the new one alone
// (__vlan_add_pvid(), net/bridge/br_vlan.c).
func (s vlanClass) takePVID(body []byte) {
	if rtnl.Uint16(vlanAttr(body, rtnl.VLANFlags))&pvid == 0 {
		return
	}
	index, id := linkIndex(body), rtnl.Uint16(vlanAttr(body, rtnl.VLANID))
	var former [][]byte
	s.visit(rtnl.VLAN, func(_ ref, other []byte) bool {
		if linkIndex(other) == index && rtnl.Uint16(vlanAttr(other, rtnl.VLANID)) != id &&
			rtnl.Uint16(vlanAttr(other, rtnl.VLANFlags))&pvid != 0 {
			former = append(former, append([]byte(nil), other...))
		}
		return true
	}, tallyKey{kind: tallyPVID, id: index})
	s.imply(func() {
		for _, other := range former {
			flags := vlanAttr(other, rtnl.VLANFlags)
			rtnl.PutUint16(flags, rtnl.Uint16(flags)&^pvid)
			s.upsert(rtnl.VLAN, other)
		}
	})
}

// linkTurned asks for the VLANs of all bridges where one has another VLAN
// for new ports: before Linux 6.12 the former one goes silently from it and from
// its ports (__br_vlan_set_default_pvid(), net/bridge/br_vlan.c).
func (s vlanClass) linkTurned(t linkTurn) {
	if t.turned(unix.IFLA_BR_VLAN_DEFAULT_PVID) {
		s.want(rtnl.Query{Object: rtnl.VLAN, Family: unix.AF_BRIDGE, Barrier: true})
	}
}

// vlanSubjects adds the link that a VLAN is on, twice where it is the one for
// what comes untagged.
func vlanSubjects(keys []tallyKey, _ *objects, x *rtnl.Index) []tallyKey {
	keys = append(keys, tallyKey{kind: tallyVLAN, id: linkIndex(x.Body)})
	if rtnl.Uint16(x.Get(rtnl.VLANFlags))&pvid != 0 {
		keys = append(keys, tallyKey{kind: tallyPVID, id: linkIndex(x.Body)})
	}
	return keys
}

// linkEnds removes what is left of a link that is deleted.
func (s vlanClass) linkEnds(index uint32) {
	s.dump.silentOn(index, rtnl.VLAN)
	s.dropWhere(rtnl.VLAN, func(body []byte) bool { return linkIndex(body) == index }, tallyKey{kind: tallyVLAN, id: index})
}
