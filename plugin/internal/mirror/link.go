package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// wholeLink reports whether a message is about a link as a whole. Bridges
// announce their ports as family AF_BRIDGE, IPv6 its settings as AF_INET6, both
// with the link's index; and wireless extensions send next to nothing (R1, R2, R3).
func wholeLink(body []byte) bool {
	if body[0] != unix.AF_UNSPEC {
		return false
	}
	a := rtnl.AttrsOf(rtnl.Link, body)
	return a.Get(unix.IFLA_WIRELESS) == nil && a.Get(unix.IFLA_MTU) != nil
}

func linkAttr(body []byte, typ uint16) []byte { return rtnl.AttrsOf(rtnl.Link, body).Get(typ) }

func linkIndex(body []byte) uint32 { return rtnl.Uint32(body[4:]) }

// newLink applies RTM_NEWLINK.
func (s *State) newLink(body []byte) {
	if rtnl.LinkMsg(body).Family() == unix.AF_BRIDGE {
		s.portSaid(body)
		return
	}
	if !wholeLink(body) {
		s.counts.Ignored++
		return
	}
	s.askNamesake(body)
	l := s.tables[rtnl.Link].Find(body)
	s.touch(&l)
	s.storeLink(&l, body)
}

// askNamesake asks for another link that has the name of the one in body: a
// message about it has been lost, of its end or of another name (R13).
func (s *State) askNamesake(body []byte) {
	if other := s.links.namesake(body); other != 0 {
		s.want(rtnl.Query{Object: rtnl.Link, Ifindex: other, One: true})
	}
}

// storeLink takes over a link from an event or a dump, with what follows for
// other objects. It returns its entry.
func (s *State) storeLink(l *objtable.List, body []byte) ref {
	if l.Head != 0 && reborn(l.Body(l.Head), body) {
		s.imply(func() { s.dropLink(l) })
	}
	if l.Head == 0 {
		s.lateAttributes(body)
		s.checkPeers(linkIndex(body))
		return s.add(rtnl.Link, l, 0, body)
	}
	old := l.Body(l.Head)
	before := s.links.flags(linkIndex(body))
	s.missed = missedFlaps(old, body)
	mtu := rtnl.Uint32(linkAttr(old, unix.IFLA_MTU))
	domain := s.links.domain(linkIndex(body))
	s.askReleased(old, body)
	was, is := bridgeSettings(old), bridgeSettings(body)
	s.snoopingTurned(was, is)
	s.defaultPVIDTurned(was, is)
	r := s.update(rtnl.Link, l, l.Head, body)
	s.missed = 0
	s.links.claim(linkIndex(body))
	s.mtuTurned(linkIndex(body), mtu, rtnl.Uint32(linkAttr(body, unix.IFLA_MTU)))
	s.domainTurned(linkIndex(body), domain)
	s.linkTurned(linkIndex(body), before, rtnl.Uint32(body[8:]))
	return r
}

// linkTurned does what the kernel does silently when a link's flags change.
// Its routes go at admin down, its nexthop objects at the loss of carrier too (R25, R38).
func (s *State) linkTurned(index, before, now uint32) {
	const carrier = unix.IFF_RUNNING | unix.IFF_LOWER_UP
	switch {
	case before&unix.IFF_UP != 0 && now&unix.IFF_UP == 0:
		s.imply(func() { s.flushDown(index) })
	case now&carrier == 0:
		s.carrierLost(index)
	}
	if before&unix.IFF_UP == 0 && now&unix.IFF_UP != 0 {
		s.reviveHops(unix.AF_INET, index)
	}
	if before&carrier != carrier && now&carrier == carrier && now&unix.IFF_UP != 0 {
		s.reviveHops(unix.AF_INET6, index)
	}
}

// reborn reports whether body is another device behind the index of old: its
// kind differs, or its carrier counters went back (R15).
func reborn(old, body []byte) bool {
	if !bytes.Equal(linkKind(old), linkKind(body)) {
		return true
	}
	return back(old, body, unix.IFLA_CARRIER_UP_COUNT) || back(old, body, unix.IFLA_CARRIER_DOWN_COUNT)
}

func linkKind(body []byte) []byte {
	return rtnl.Attrs(linkAttr(body, unix.IFLA_LINKINFO)).Get(unix.IFLA_INFO_KIND)
}

// back reports whether a counter decreased; it may wrap.
func back(old, body []byte, typ uint16) bool {
	a, b := linkAttr(old, typ), linkAttr(body, typ)
	return a != nil && b != nil && int32(rtnl.Uint32(b)-rtnl.Uint32(a)) < 0
}

// missedFlaps returns how many carrier changes the counters show beyond the
// one that IFLA_CARRIER shows: the kernel coalesces messages about them.
// IFF_LOWER_UP would not do, it follows the administrative state as well (R6).
func missedFlaps(old, body []byte) (n int64) {
	was, is := rtnl.Uint8(linkAttr(old, unix.IFLA_CARRIER)), rtnl.Uint8(linkAttr(body, unix.IFLA_CARRIER))
	for _, typ := range []uint16{unix.IFLA_CARRIER_UP_COUNT, unix.IFLA_CARRIER_DOWN_COUNT} {
		a, b := linkAttr(old, typ), linkAttr(body, typ)
		if a != nil && b != nil {
			n += int64(rtnl.Uint32(b) - rtnl.Uint32(a))
		}
	}
	if was != is {
		n--
	}
	return max(n, 0)
}

// lateAttributes asks again for a link whose first message is known to be
// incomplete: the first end of a pair (veth, netkit, vxcan) does not know its peer yet, a
// tun or tap not whether it persists, a tunnel that comes with its module or by
// an ioctl not its MTU (ip_tunnel_init_net(), net/ipv4/ip_tunnel.c); all are
// completed silently. A tun takes a program some more system calls: at the end
// of them the carrier is gone, and while the link is down no message tells. A
// vxlan that comes from another namespace brings its destinations along, of
// which nothing tells there (R7, R8).
func (s *State) lateAttributes(body []byte) {
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
		s.want(rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_BRIDGE, Ifindex: linkIndex(body)})
	}
}

// askReleased asks again for a port that a bond lets go: if that is because the
// bond is deleted, the port gets the MTU that it had before back silently
// (__bond_release_one(), drivers/net/bonding/bond_main.c).
func (s *State) askReleased(old, body []byte) {
	kind := rtnl.Attrs(linkAttr(old, unix.IFLA_LINKINFO)).Get(unix.IFLA_INFO_SLAVE_KIND)
	if rtnl.String(kind) == "bond" && linkAttr(old, unix.IFLA_MASTER) != nil && linkAttr(body, unix.IFLA_MASTER) == nil {
		s.want(rtnl.Query{Object: rtnl.Link, Ifindex: linkIndex(body), One: true, Barrier: true})
	}
}

// checkPeers asks again for the links that are tied to link index, which moves
// between namespaces: theirs is told by IFLA_LINK_NETNSID, which comes and goes
// silently (R16).
func (s *State) checkPeers(index uint32) {
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

// delLink applies RTM_DELLINK.
func (s *State) delLink(body []byte) {
	if body[0] == unix.AF_BRIDGE {
		s.leftBridge(body)
		return
	}
	if body[0] != unix.AF_UNSPEC {
		s.counts.Ignored++
		return
	}
	l := s.tables[rtnl.Link].Find(body)
	s.touch(&l)
	s.imply(func() { s.flushLink(linkIndex(body)) })
	if l.Head == 0 {
		s.counts.Unknown++
		return
	}
	if linkAttr(body, unix.IFLA_NEW_NETNSID) != nil {
		s.checkPeers(linkIndex(body))
	}
	s.dropWith(rtnl.Link, &l, l.Head, whereTo(body))
}

// whereTo returns the attributes of RTM_DELLINK that say to which namespace a
// link has moved, where it has not been deleted (R16).
func whereTo(body []byte) (out []byte) {
	for _, typ := range []uint16{unix.IFLA_NEW_NETNSID, unix.IFLA_NEW_IFINDEX} {
		if p := linkAttr(body, typ); p != nil {
			out = appendAttr(out, typ, p)
		}
	}
	return out
}

// dropLink removes a link and all that refers to it.
func (s *State) dropLink(l *objtable.List) {
	s.flushLink(linkIndex(l.Body(l.Head)))
	s.drop(rtnl.Link, l, l.Head)
}

// leftBridge is for a port that leaves its bridge: entries of the forwarding
// database go with it, or move to the bridge silently (R1).
func (s *State) leftBridge(body []byte) {
	if master := rtnl.Uint32(linkAttr(body, unix.IFLA_MASTER)); master != 0 {
		s.want(rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_BRIDGE, Master: master})
	}
}

// linkKey is ifi_index. Names are data: they can be swapped and reused (R13).
func linkKey(dst, body []byte) []byte { return appendUint32(dst, linkIndex(body)) }

// bridgeSettings are what a bridge says of itself, none of another link.
func bridgeSettings(link []byte) rtnl.Attrs {
	info := rtnl.LinkMsg(link).Info()
	if string(info.Kind) != "bridge" {
		return nil
	}
	return info.Data
}

// turned reports whether an attribute is another one.
func turned(was, is rtnl.Attrs, typ uint16) bool { return !bytes.Equal(was.Get(typ), is.Get(typ)) }

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

// linkNaming are the fields of a link that name another.
var linkNaming = func() (places []int) {
	for _, name := range []string{"master", "link", "bond_active_slave", "bond_primary", "backup_port",
		"slave1", "slave2", "interlink", "conduit", "tunnel_link"} {
		places = append(places, event.Index(rtnl.Link, name))
	}
	return places
}()

// linkSubjects is for a link: those that it names, and the one below it in
// whatever namespace that is.
func (s *State) linkSubjects(body []byte, f func(tallyKey)) {
	s.named.list = s.named.list[:0]
	s.named.view.Reset(rtnl.Link, body, &s.named.list)
	for _, i := range linkNaming {
		s.named.view.Value(i)
	}
	lower := rtnl.Uint32(linkAttr(body, unix.IFLA_LINK))
	for _, index := range append(s.named.list, lower) {
		if index != 0 {
			f(tallyKey{kind: tallyUpper, id: index})
		}
	}
}

// naming is scratch memory: the links that a link names.
type naming struct {
	view event.View
	list namesEnv
}
