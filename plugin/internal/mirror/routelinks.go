package mirror

import (
	"bytes"
	"net/netip"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// routesOnLinks is what happens to routes with the links, the addresses and the
// nexthop objects that they lead over.
type routesOnLinks struct{ routeClass }

func onLinks(s *State) routesOnLinks { return routesOnLinks{routeClass{s}} }

// linkTurned does what the kernel does silently with routes when a link changes:
// one that is set down takes with it each route whose nexthops are dead then, in
// every table, but for those of scope host. IPv6 routes that it does not see it
// keeps; if it does, a deletion tells. A link set up, or that is ready, revives
// nexthops (R4, R24, R25, R38).
func (s routesOnLinks) linkTurned(t linkTurn) {
	s.mtuTurned(t.index, rtnl.Uint32(linkAttr(t.was, unix.IFLA_MTU)), rtnl.Uint32(linkAttr(t.is, unix.IFLA_MTU)))
	s.domainTurned(t.index, t.domain)
	if t.setDown() {
		s.dump.silentOn(t.index, rtnl.Route)
		s.flushRoutes(t.index, s.spared)
		s.verifyRoutes(t.index, true)
	}
	if t.setUp() {
		s.reviveHops(unix.AF_INET, t.index)
	}
	if t.ready() {
		s.reviveHops(unix.AF_INET6, t.index)
	}
}

// linkEnds removes the routes over a link that ends. An IPv4 route goes even if
// another of its nexthops is alive (R18).
func (s routesOnLinks) linkEnds(index uint32) {
	s.dump.silentOn(index, rtnl.Route)
	s.flushRoutesOf(index)
	labelRoutes(s).leaveLink(index)
}

// dropOver removes the routes over nexthop object id (R45).
func (s routesOnLinks) dropOver(id uint32) {
	s.dropWhere(rtnl.Route, func(body []byte) bool { return rtnl.RouteMsg(body).Nexthop() == id }, tallyKey{kind: tallyNHID, id: id})
}

// retype gives the routes over nexthop object id the type that they show while it
// drops packets, or does not. One that somebody has given another type than unicast
// has that again behind it, which a dump tells (R46).
func (s routesOnLinks) retype(id uint32, blackhole bool) {
	type table struct {
		family byte
		id     uint32
	}
	revived := map[table]bool{}
	s.visit(rtnl.Route, func(r ref, body []byte) bool {
		now := append([]byte(nil), body...)
		switch typ := rtnl.RouteType.Bytes(now); {
		case rtnl.RouteMsg(body).Nexthop() != id:
			return true
		case blackhole:
			typ[0] = unix.RTN_BLACKHOLE
		case typ[0] == unix.RTN_BLACKHOLE:
			typ[0] = unix.RTN_UNICAST
			revived[table{familyOf(body), RouteTable(body)}] = true
		}
		l := s.tables[rtnl.Route].Find(body)
		s.dump.touch(&l)
		s.update(rtnl.Route, &l, r, now) // of the same length: it stays in its place
		return true
	}, tallyKey{kind: tallyNHID, id: id})
	for t := range revived {
		s.want(rtnl.Query{Object: rtnl.Route, Family: t.family, Table: t.id})
	}
}

// flushRoutes marks the nexthops on a link as dead and removes the routes that
// have no other, unless spare says otherwise. Routes over nexthop objects go
// with those.
func (s routesOnLinks) flushRoutes(index uint32, spare func(r ref, body []byte) bool) {
	s.visit(rtnl.Route, func(r ref, body []byte) bool {
		if spare(r, body) {
			return true
		}
		if _, all := s.markDead(body, index); all {
			s.dropEntry(rtnl.Route, r)
		}
		return true
	}, tallyKey{kind: tallyOIF, id: index})
}

// flushRoutesOf removes the routes over a deleted link, and its members from
// IPv6 groups (R28).
func (s routesOnLinks) flushRoutesOf(index uint32) {
	s.dropWhere(rtnl.Route, func(body []byte) bool {
		if !ofIP(body) {
			return false
		}
		any, all := s.markDead(body, index)
		return all || any && familyOf(body) == unix.AF_INET
	}, tallyKey{kind: tallyOIF, id: index})
	var groups [][]byte
	t := s.tables[rtnl.Route]
	s.visit(rtnl.Route, func(_ ref, body []byte) bool {
		if any, _ := s.markDead(body, index); any && ofIP(body) {
			groups = append(groups, append([]byte(nil), body...))
		}
		return true
	}, tallyKey{kind: tallyOIF, id: index})
	for _, body := range groups {
		l := t.Find(body)
		s.dump.touch(&l)
		if e := s.sharing(&l, body); e != 0 {
			s.setHops(&l, e, hopsWhere(t.Body(e), func(h hop) bool { return h.Link != index }))
		}
	}
}

// verifyRoutes asks for what is left on a link. The message about a link comes
// before the flush that it causes: barrier waits for that (R4).
func (s routesOnLinks) verifyRoutes(index uint32, barrier bool) {
	for _, family := range []uint8{unix.AF_INET, unix.AF_INET6} {
		s.want(rtnl.Query{Object: rtnl.Route, Family: family, Ifindex: index, Barrier: barrier})
	}
}

// markDead is markDead with what the mirror knows of the other links: an IPv4
// nexthop is alive while its link is up and has an address, an IPv6 one when
// its link is ready.
func (s routesOnLinks) markDead(body []byte, index uint32) (any, all bool) {
	alive := s.alive6
	if familyOf(body) == unix.AF_INET {
		alive = s.alive4
	}
	return markDead(body, index, alive)
}

func (s routesOnLinks) alive4(index uint32) bool {
	return s.links.flags(index)&unix.IFF_UP != 0 && s.tally.get(tallyKey{kind: tallyAddress, family: unix.AF_INET, id: index}) > 0
}

func (s routesOnLinks) alive6(index uint32) bool {
	const ready = unix.IFF_UP | unix.IFF_RUNNING | unix.IFF_LOWER_UP
	return s.links.flags(index)&ready == ready
}

// reviveHops clears the dead bits of groups' members on a link (R25).
func (s routesOnLinks) reviveHops(family uint8, index uint32) {
	s.visit(rtnl.Route, func(_ ref, body []byte) bool {
		if familyOf(body) == family {
			revive(body, index)
		}
		return true
	}, tallyKey{kind: tallyOIF, id: index})
}

// mtuTurned does what the kernel does silently when a link's MTU changes: the
// MTUs of IPv6 routes over it follow, down in any case and up where they were
// the link's (fib6_nh_mtu_change(), net/ipv6/route.c).
func (s routesOnLinks) mtuTurned(index, before, now uint32) {
	if before == now {
		return
	}
	s.dump.silentOn(index, rtnl.Route)
	if s.tally.get(tallyKey{kind: tallyOIF, id: index}) == 0 && s.tally.get(tallyKey{kind: tallyNexthop, id: index}) == 0 {
		return
	}
	for mtu := range s.tally.mtus {
		if mtu > now || mtu == before {
			s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Barrier: true})
			return
		}
	}
}

// domainTurned does what the kernel does silently when a link becomes a port of
// a VRF or ceases to be one: all IPv4 routes over it go, those to its own
// addresses too (NETDEV_CHANGEUPPER in fib_netdev_event(), net/ipv4/fib_frontend.c).
func (s routesOnLinks) domainTurned(index, before uint32) {
	if s.links.domain(index) == before {
		return
	}
	s.dump.silentOn(index, rtnl.Route)
	s.flushRoutes(index, overNoLink4)
	s.verifyRoutes(index, true)
}

// addressGoes is for an address that goes, the last of its family on its link or not.
func (s routesOnLinks) addressGoes(address []byte, last bool) {
	if last {
		s.lastAddress(familyOf(address), linkIndex(address))
	}
	s.sourceGone(address)
}

// lastAddress is for a link's last address of a family. IPv4 routes over the
// link go; those of IPv6 have gone before if it was IPv6 that was turned off (R26).
func (s routesOnLinks) lastAddress(family uint8, index uint32) {
	s.dump.silentOn(index, rtnl.Route)
	if family == unix.AF_INET6 {
		s.want(rtnl.Query{Object: rtnl.Route, Family: family, Ifindex: index})
		return
	}
	s.flushRoutes(index, overNoLink4)
	s.want(rtnl.Query{Object: rtnl.Route, Family: family, Ifindex: index, Barrier: true})
}

// overNoLink4 spares all but the IPv4 routes that lead over a link themselves.
func overNoLink4(_ ref, route []byte) bool {
	return familyOf(route) != unix.AF_INET || rtnl.RouteMsg(route).Nexthop() != 0
}

// sourceGone is for an address that goes while nothing else of its VRF, or
// outside of all, has it. IPv4 removes the routes that prefer it as source from
// the table that its network is in; IPv6 clears the preference, but not when the
// address goes because its link does. Kernels before 6.4 do so whatever else has
// the address: with IPv6 the answer to a question counts (R27).
func (s routesOnLinks) sourceGone(address []byte) {
	local := rtnl.AddressMsg(address).Local()
	s.dump.silentFrom(local)
	if s.tally.get(addrKey(tallySource, local)) == 0 {
		return
	}
	index := linkIndex(address)
	up := s.links.flags(index)&unix.IFF_UP != 0
	shared := s.countLocal(familyOf(address), local, s.links.domain(index)) > 1
	if familyOf(address) == unix.AF_INET6 {
		if up && !shared {
			s.clearSource(local, s.links.domain(index))
		}
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Barrier: true})
		return
	}
	network, table := s.links.tables(index)
	switch {
	case shared:
	case !up && rtnl.AddressFlags.Uint8(address)&unix.IFA_F_SECONDARY != 0:
		// With its link a secondary address goes without consequences.
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Table: network, Barrier: true})
	case !s.stillLocal(local, table):
		s.dropWhere(rtnl.Route, func(body []byte) bool { return prefers(body, local) && RouteTable(body) == network },
			addrKey(tallySource, local))
	}
}

// stillLocal reports whether a table has addr within a prefix that is local as a
// whole, as that of an address of the loopback link is.
func (s routesOnLinks) stillLocal(addr []byte, table uint32) bool {
	a, ok := netip.AddrFromSlice(addr)
	if !ok {
		return false
	}
	route := s.shaped(a, unix.AF_INET, table, func(length uint8) bool { return length < 32 },
		func(rtnl.Object, []byte) bool { return true })
	return rtnl.RouteMsg(route).Type() == unix.RTN_LOCAL
}

// clearSource removes the preferred source from the IPv6 routes over links of a
// domain that have it. Those over nexthop objects keep it
// (fib6_remove_prefsrc(), net/ipv6/route.c) (R39).
func (s routesOnLinks) clearSource(local []byte, domain uint32) {
	var routes [][]byte
	t := s.tables[rtnl.Route]
	s.visit(rtnl.Route, func(_ ref, body []byte) bool {
		if prefers(body, local) && rtnl.RouteMsg(body).Nexthop() == 0 &&
			s.links.domain(rtnl.Uint32(routeAttr(body, unix.RTA_OIF))) == domain {
			routes = append(routes, append([]byte(nil), body...))
		}
		return true
	}, addrKey(tallySource, local))
	for _, body := range routes {
		l := t.Find(body)
		s.dump.touch(&l)
		if e := identicalRoute(&l, body); e != 0 {
			s.update(rtnl.Route, &l, e, without(body, attrs(unix.RTA_PREFSRC)))
		}
	}
}

// prefers reports whether a route has addr as its preferred source.
func prefers(body, addr []byte) bool { return bytes.Equal(routeAttr(body, unix.RTA_PREFSRC), addr) }
