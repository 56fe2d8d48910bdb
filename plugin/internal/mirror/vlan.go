package mirror

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func vlanAttr(body []byte, typ uint16) []byte { return rtnl.AttrsOf(rtnl.VLAN, body).Get(typ) }

// pvid is BRIDGE_VLAN_INFO_PVID (uapi/linux/if_bridge.h).
const pvid = 1 << 1

// vlanKey is the port, or the bridge itself, and the VLAN.
func vlanKey(dst, body []byte) []byte {
	return appendNumber(appendUint32(dst, linkIndex(body)), vlanAttr(body, rtnl.VLANID))
}

// newVLAN applies one VLAN of RTM_NEWVLAN.
func (s *State) newVLAN(body []byte) {
	if !s.takes(rtnl.VLAN, body) {
		return
	}
	s.upsert(rtnl.VLAN, body)
	s.takePVID(body)
}

// takePVID takes the flag PVID from another VLAN of the port in body, which has
// it: a port has one at most, and the kernel tells of the new one alone
// (__vlan_add_pvid(), net/bridge/br_vlan.c).
func (s *State) takePVID(body []byte) {
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
			binary.NativeEndian.PutUint16(flags, rtnl.Uint16(flags)&^pvid)
			s.upsert(rtnl.VLAN, other)
		}
	})
}

// defaultPVIDTurned asks for the VLANs of all bridges where one has another VLAN
// for new ports: before Linux 6.12 the former one goes silently from it and from
// its ports (__br_vlan_set_default_pvid(), net/bridge/br_vlan.c).
func (s *State) defaultPVIDTurned(was, is rtnl.Attrs) {
	if turned(was, is, unix.IFLA_BR_VLAN_DEFAULT_PVID) {
		s.want(rtnl.Query{Object: rtnl.VLAN, Family: unix.AF_BRIDGE, Barrier: true})
	}
}

// vlanSubjects calls f with the link that a VLAN is on, twice where it is the
// one for what comes untagged.
func vlanSubjects(body []byte, f func(tallyKey)) {
	f(tallyKey{kind: tallyVLAN, id: linkIndex(body)})
	if rtnl.Uint16(vlanAttr(body, rtnl.VLANFlags))&pvid != 0 {
		f(tallyKey{kind: tallyPVID, id: linkIndex(body)})
	}
}

// flushVLANs removes what is left of a link that is deleted.
func (s *State) flushVLANs(index uint32) {
	s.dropWhere(rtnl.VLAN, func(body []byte) bool { return linkIndex(body) == index }, tallyKey{kind: tallyVLAN, id: index})
}
