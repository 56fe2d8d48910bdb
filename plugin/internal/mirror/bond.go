package mirror

import (
	"bytes"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// What the kernel does not tell of bonds, and of other links that name their ports.

// askReleased asks again for a port that a bond lets go: if that is because the
// bond is deleted, the port gets the MTU that it had before back silently
// (__bond_release_one(), drivers/net/bonding/bond_main.c).
func (s linkClass) askReleased(old, body []byte) {
	kind := rtnl.Attrs(linkAttr(old, unix.IFLA_LINKINFO)).Get(unix.IFLA_INFO_SLAVE_KIND)
	if rtnl.String(kind) == "bond" && linkAttr(old, unix.IFLA_MASTER) != nil && linkAttr(body, unix.IFLA_MASTER) == nil {
		s.want(rtnl.Query{Object: rtnl.Link, Ifindex: linkIndex(body), One: true, Barrier: true})
	}
}

// askLACP asks for what changes silently when a port has another part in LACP: for
// its bond, whose partner and number of ports follow
// (bond_3ad_get_active_agg_info(), drivers/net/bonding/bond_3ad.c), and for the port
// again when its partner has had time to answer, since nothing tells of the partner's
// state alone (__record_pdu(), ibid.). What that shows is another part again.
func (s linkClass) askLACP(old, body []byte) {
	was, is := portSettings(old), portSettings(body)
	if rtnl.Attrs(is).Get(unix.IFLA_BOND_SLAVE_AD_AGGREGATOR_ID) == nil || bytes.Equal(was, is) {
		return
	}
	if master := linkAttr(body, unix.IFLA_MASTER); master != nil {
		s.want(rtnl.Query{Object: rtnl.Link, Ifindex: rtnl.Uint32(master), One: true, Barrier: true})
		s.want(rtnl.Query{Object: rtnl.Link, Ifindex: linkIndex(body), One: true, Late: true})
	}
}

// portSettings is what a link's master says about it as a bond's port.
func portSettings(body []byte) []byte {
	info := rtnl.Attrs(linkAttr(body, unix.IFLA_LINKINFO))
	if rtnl.String(info.Get(unix.IFLA_INFO_SLAVE_KIND)) != "bond" {
		return nil
	}
	return info.Get(unix.IFLA_INFO_SLAVE_DATA)
}

// askFormer asks again for the links that have link index, which ends, in a setting
// of theirs, but for what is above or tied to it or its port: that they have lost it
// nothing tells (hsr_del_port(), net/hsr/hsr_slave.c).
func (s linkClass) askFormer(index uint32) {
	s.visit(rtnl.Link, func(_ ref, body []byte) bool {
		if by := linkIndex(body); by != index && rtnl.Uint32(linkAttr(body, unix.IFLA_LINK)) != index &&
			rtnl.Uint32(linkAttr(body, unix.IFLA_MASTER)) != index && slices.Contains(namesOf(new(event.View), body), index) {
			s.want(rtnl.Query{Object: rtnl.Link, Ifindex: by, One: true, Barrier: true})
		}
		return true
	}, tallyKey{kind: tallyUpper, id: index})
}
