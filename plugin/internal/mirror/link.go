package mirror

import (
	"bytes"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

var linkRow = class{
	key: linkKey, perKey: one, object: wholeLink,
	canonical: withoutStatistics,
	announced: func(s *State, m rtnl.Message) { linkClass{s}.newLink(m.Body) },
	deleted:   func(s *State, m rtnl.Message) { linkClass{s}.delLink(m.Body) },
	counted:   linkSubjects,
	volatile: attrs(unix.IFLA_STATS, unix.IFLA_STATS64, unix.IFLA_AF_SPEC, unix.IFLA_EVENT,
		unix.IFLA_EXT_MASK, unix.IFLA_NEW_NETNSID, unix.IFLA_NEW_IFINDEX, unix.IFLA_PROTINFO),
	fixed:      sameHeader(rtnl.LinkChange.Offset()), // which bits are new is no state
	payload:    sameBytes,
	covered:    func(q rtnl.Query, body []byte) bool { return !q.One || linkIndex(body) == q.Ifindex },
	mirrored:   kept(rtnl.Link),
	overtaken:  neverOvertaken,
	swept:      func(s *State, l objtable.List, _ ref) { linkClass{s}.dropLink(&l) },
	links:      linksOfLink,
	extras:     extras{adopt: keepDriver, together: func(s *State) { linkClass{s}.settleAll() }},
	naming:     onOneLink(tallyUpper),
	linkTurned: func(s *State, t linkTurn) { linkClass{s}.linkTurned(t) },
	linkEnds:   staysWhenLinkEnds, // the links that lead to it tell so
}

// withoutStatistics returns a link without what differs in each message (R11).
func withoutStatistics(s *State, x *rtnl.Index) []byte {
	return s.less(rtnl.Link, x.Body, attrs(unix.IFLA_STATS, unix.IFLA_STATS64))
}

// wholeLink reports whether a message is about a link as a whole. Bridges
// announce their ports as family AF_BRIDGE, IPv6 its settings as AF_INET6, both
// with the link's index; and wireless extensions send next to nothing (R1, R2, R3).
func wholeLink(body []byte) bool {
	if rtnl.LinkMsg(body).Family() != unix.AF_UNSPEC {
		return false
	}
	a := rtnl.LinkMsg(body).Attrs()
	return a.Get(unix.IFLA_WIRELESS) == nil && a.Get(unix.IFLA_MTU) != nil
}

// newLink applies RTM_NEWLINK.
func (s linkClass) newLink(body []byte) {
	switch rtnl.LinkMsg(body).Family() {
	case unix.AF_BRIDGE:
		s.portSaid(body)
		return
	case rtnl.DriverFamily:
		s.driverSaid(body)
		return
	}
	if !wholeLink(body) {
		s.counts.Ignored++
		return
	}
	s.askNamesake(body)
	l := s.tables[rtnl.Link].Find(body)
	s.dump.touch(&l)
	s.storeLink(&l, body)
}

// storeLink takes over a link from an event or a dump, with what follows for
// other objects. It returns its entry.
func (s linkClass) storeLink(l *objtable.List, body []byte) ref {
	if l.Head != 0 && reborn(l.Body(l.Head), body) {
		s.imply(func() { s.dropLink(l) })
	}
	if l.Head == 0 {
		s.lateAttributes(body)
		s.checkPeers(linkIndex(body))
		s.askDriver(body, true)
		s.keepQuiet(body)
		return s.add(rtnl.Link, l, 0, body)
	}
	old := l.Body(l.Head)
	s.former = append(s.former[:0], old...)
	t := linkTurn{index: linkIndex(body), was: s.former, is: body, domain: s.links.domain(linkIndex(body))}
	s.missed = missedFlaps(old, body)
	s.askReleased(old, body)
	s.askLACP(old, body)
	s.askSiblings(old, body)
	r := s.update(rtnl.Link, l, l.Head, body)
	s.askDrivers(t, s.missed)
	s.missed = 0
	s.links.claim(t.index)
	s.imply(func() {
		for _, o := range followers {
			rows[o].linkTurned(s.State, t)
		}
	})
	return r
}

// reborn reports whether body is another device behind the index of old: its
// kind differs, or its carrier counters went back (R15).
func reborn(old, body []byte) bool {
	if !bytes.Equal(linkKind(old), linkKind(body)) {
		return true
	}
	return back(old, body, unix.IFLA_CARRIER_UP_COUNT) || back(old, body, unix.IFLA_CARRIER_DOWN_COUNT)
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

// linkTurned asks again for the links above one whose carrier comes or goes: those
// that are down, of which nothing tells, follow it (R12).
func (s linkClass) linkTurned(t linkTurn) {
	if !t.carrierTurned() {
		return
	}
	s.visit(rtnl.Link, func(_ ref, body []byte) bool {
		if rtnl.Uint32(linkAttr(body, unix.IFLA_LINK)) == t.index && linkAttr(body, unix.IFLA_LINK_NETNSID) == nil &&
			rtnl.LinkMsg(body).Flags()&unix.IFF_UP == 0 {
			s.want(rtnl.Query{Object: rtnl.Link, Ifindex: linkIndex(body), One: true, Barrier: true})
		}
		return true
	}, tallyKey{kind: tallyUpper, id: t.index})
}

// delLink applies RTM_DELLINK.
func (s linkClass) delLink(body []byte) {
	switch rtnl.LinkMsg(body).Family() {
	case unix.AF_UNSPEC:
	case unix.AF_BRIDGE:
		s.leftBridge(body)
		return
	default:
		s.counts.Ignored++
		return
	}
	l := s.tables[rtnl.Link].Find(body)
	s.dump.touch(&l)
	s.askFormer(linkIndex(body))
	s.imply(func() { s.takeAlong(linkIndex(body)) })
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
			out = rtnl.AppendAttr(out, typ, p)
		}
	}
	return out
}

// dropLink removes a link and all that refers to it.
func (s linkClass) dropLink(l *objtable.List) {
	s.takeAlong(linkIndex(l.Body(l.Head)))
	s.drop(rtnl.Link, l, l.Head)
}

// takeAlong removes all that refers to a link that ends.
func (s linkClass) takeAlong(index uint32) {
	for _, o := range followers {
		rows[o].linkEnds(s.State, index)
	}
}

// linkKey is ifi_index. Names are data: they can be swapped and reused (R13).
func linkKey(dst []byte, x *rtnl.Index) []byte { return appendUint32(dst, linkIndex(x.Body)) }

// linkNaming are the fields of a link that name another.
var linkNaming = func() (places []int) {
	for _, name := range []string{"master", "link", "bond_active_slave", "bond_primary", "backup_port",
		"slave1", "slave2", "interlink", "conduit", "tunnel_link"} {
		places = append(places, event.Index(rtnl.Link, name))
	}
	return places
}()

// linkSubjects adds the links that a link names, and the one below it in whatever
// namespace that is.
func linkSubjects(keys []tallyKey, s *objects, x *rtnl.Index) []tallyKey {
	s.named.list = s.named.list[:0]
	s.named.view.Reset(rtnl.Link, x.Body, &s.named.list)
	for _, i := range linkNaming {
		s.named.view.Value(i)
	}
	for _, index := range append(s.named.list, x.Uint32(unix.IFLA_LINK)) {
		if index != 0 {
			keys = append(keys, tallyKey{kind: tallyUpper, id: index})
		}
	}
	return keys
}

// linksOfLink adds the links that a link names.
func linksOfLink(dst []uint32, body []byte) []uint32 {
	return append(dst, namesOf(new(event.View), body)...)
}

// settleAll takes over all links at once: they refer to each other by name,
// in both directions, so the names have to be known before the first report.
func (s linkClass) settleAll() {
	d, t := s.dump, s.tables[rtnl.Link]
	s.dropNamesakes()
	fresh := map[uint32]int{} // the records of links that are not known yet
	for i := range d.ends {
		if l := t.Find(d.at(i)); l.Head == 0 && !d.isTouched(&l) {
			s.links.enter(d.at(i), 1)
			s.links.byIndex[linkIndex(d.at(i))].told = false
			fresh[linkIndex(d.at(i))] = i
		}
	}
	s.gather(func() {
		for i := range d.ends { // who is new first, since others may have known it by its number
			s.settleFresh(fresh, linkIndex(d.at(i)))
		}
		for i := range d.ends {
			if l := t.Find(d.at(i)); l.Head != 0 && l.Flags(l.Head)&flagFilled == 0 && !d.isTouched(&l) {
				d.fill(&l, s.storeLink(&l, d.at(i)))
			}
		}
	})
}

// settleFresh takes over the new link index of a dump, behind those that it
// names, if it is among fresh.
func (s linkClass) settleFresh(fresh map[uint32]int, index uint32) {
	i, ok := fresh[index]
	if !ok {
		return
	}
	delete(fresh, index)
	d := s.dump
	body := d.at(i)
	if len(fresh) > 0 {
		for _, other := range s.namesIn(body) {
			s.settleFresh(fresh, other)
		}
	}
	if l := s.tables[rtnl.Link].Find(body); l.Head == 0 {
		d.fill(&l, s.storeLink(&l, body))
	}
}

// dropNamesakes removes the links whose names other links have by now, and
// which a whole dump of links lacks: nobody has said that they are gone, and
// reported first, their end is not mistaken for one of those that have the name.
// A link that an event has touched meanwhile is known better than by a record,
// which can be older; so can be the name that it has there.
func (s linkClass) dropNamesakes() {
	d, t := s.dump, s.tables[rtnl.Link]
	if d.query.One || d.torn {
		return
	}
	shown := map[uint32]bool{}
	for i := range d.ends {
		shown[linkIndex(d.at(i))] = true
	}
	for i := range d.ends {
		l := t.Find(d.at(i))
		other := s.links.namesake(d.at(i))
		if other == 0 || shown[other] || d.isTouched(&l) {
			continue
		}
		if l = t.FindID(other); !d.isTouched(&l) {
			s.dropLink(&l)
		}
	}
}
