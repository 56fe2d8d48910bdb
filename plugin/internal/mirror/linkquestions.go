package mirror

import (
	"bytes"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// linkClass is what the kernel does with links, applied to a State.
type linkClass struct{ *State }

// lateAttributes asks again for a link whose first message is known to be
// incomplete: the first end of a pair (veth, netkit, vxcan) does not know its peer yet, a
// tun or tap not whether it persists, a tunnel that comes with its module or by
// an ioctl not its MTU (ip_tunnel_init_net(), net/ipv4/ip_tunnel.c); all are
// completed silently. A tun takes a program some more system calls: at the end
// of them the carrier is gone, and while the link is down no message tells. A
// vxlan that comes from another namespace brings its destinations along, of
// which nothing tells there (R7, R8).
func (s linkClass) lateAttributes(body []byte) {
	if s.origin != event.Notify {
		return
	}
	q := rtnl.Query{Object: rtnl.Link, Ifindex: linkIndex(body), One: true}
	switch rtnl.String(linkKind(body)) {
	case "veth", "netkit", "vxcan":
		q.Barrier = true
		if rtnl.Uint32(linkAttr(body, unix.IFLA_LINK)) == 0 {
			s.want(q)
		}
	case "tun":
		q.Late = true
		s.want(q)
	case "ipip", "gre", "gretap", "erspan", "vti", "sit", "ip6tnl", "ip6gre", "vti6":
		q.Barrier = true
		s.want(q)
	case "vxlan":
		s.want(rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_BRIDGE, Ifindex: q.Ifindex})
	}
}

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

// bondSettings is what a bond says of itself.
func bondSettings(body []byte) []byte {
	info := rtnl.Attrs(linkAttr(body, unix.IFLA_LINKINFO))
	if rtnl.String(info.Get(unix.IFLA_INFO_KIND)) != "bond" {
		return nil
	}
	return info.Get(unix.IFLA_INFO_DATA)
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

// askNamesake asks for another link that has the name of the one in body: a
// message about it has been lost, of its end or of another name (R13).
func (s linkClass) askNamesake(body []byte) {
	if other := s.links.namesake(body); other != 0 {
		s.want(rtnl.Query{Object: rtnl.Link, Ifindex: other, One: true})
	}
}

// checkPeers asks again for the links that are tied to link index, which moves
// between namespaces: theirs is told by IFLA_LINK_NETNSID, which comes and goes
// silently (R16).
func (s linkClass) checkPeers(index uint32) {
	if s.origin != event.Notify {
		return
	}
	s.visit(rtnl.Link, func(_ ref, body []byte) bool {
		if rtnl.Uint32(linkAttr(body, unix.IFLA_LINK)) == index && linkIndex(body) != index {
			s.want(rtnl.Query{Object: rtnl.Link, Ifindex: linkIndex(body), One: true, Barrier: true})
		}
		return true
	}, tallyKey{kind: tallyUpper, id: index})
}

// askSiblings asks for all ipvlan on a link when one has another mode: the mode and
// its flags are those of all, and the kernel tells of the one alone
// (ipvlan_nl_changelink(), drivers/net/ipvlan/ipvlan_main.c).
func (s linkClass) askSiblings(old, body []byte) {
	is := rtnl.LinkMsg(body).Info()
	if kind := string(is.Kind); kind != "ipvlan" && kind != "ipvtap" {
		return
	}
	if !bytes.Equal(rtnl.LinkMsg(old).Info().Data, is.Data) {
		s.checkPeers(rtnl.Uint32(linkAttr(body, unix.IFLA_LINK)))
	}
}

// leftBridge is for a port that leaves its bridge: entries of the forwarding
// database go with it, or move to the bridge silently (R1).
func (s linkClass) leftBridge(body []byte) {
	if master := rtnl.Uint32(linkAttr(body, unix.IFLA_MASTER)); master != 0 {
		s.want(rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_BRIDGE, Master: master})
	}
}

func linkKind(body []byte) []byte {
	return rtnl.Attrs(linkAttr(body, unix.IFLA_LINKINFO)).Get(unix.IFLA_INFO_KIND)
}
