package mirror

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// newAddress applies RTM_NEWADDR. The first IPv4 address of a link that is up
// revives the nexthops that died with its last (R21, R26).
func (s *State) newAddress(body []byte) {
	if !object(rtnl.Address, body) || !s.keep(rtnl.Address, body) {
		return
	}
	index := linkIndex(body)
	first := body[0] == unix.AF_INET && s.tally.get(addressKeyOf(body)) == 0
	s.upsert(rtnl.Address, body)
	if first && s.links.flags(index)&unix.IFF_UP != 0 { // fib_sync_up(), net/ipv4/fib_semantics.c
		s.reviveHops(unix.AF_INET, index)
	}
}

// delAddress applies RTM_DELADDR. With a link's last IPv4 address go all
// IPv4 routes over it, with any address the routes that prefer it as source.
func (s *State) delAddress(body []byte) {
	l := s.tables[rtnl.Address].Find(body)
	s.touch(&l)
	if l.Head == 0 {
		s.counts.Unknown++
		return
	}
	last := s.tally.get(addressKeyOf(body)) == 1
	s.imply(func() {
		if last {
			s.lastAddress(body[0], linkIndex(body))
		}
		s.sourceGone(body)
	})
	if l = s.tables[rtnl.Address].Find(body); l.Head != 0 {
		s.drop(rtnl.Address, &l, l.Head)
	}
}

// lastAddress is for a link's last address of a family. IPv4 routes over the
// link go; those of IPv6 have gone before if it was IPv6 that was turned off (R26).
func (s *State) lastAddress(family byte, index uint32) {
	s.silentOn(index, rtnl.Route)
	if family == unix.AF_INET6 {
		s.want(rtnl.Query{Object: rtnl.Route, Family: family, Ifindex: index})
		return
	}
	s.flushRoutes(index, func(_ ref, route []byte) bool { return route[0] != unix.AF_INET || nhid(route) != 0 })
	s.want(rtnl.Query{Object: rtnl.Route, Family: family, Ifindex: index, Barrier: true})
}

// addressKeyOf names the counter of the addresses of a family on a link.
func addressKeyOf(body []byte) tallyKey {
	return tallyKey{kind: tallyAddress, family: body[0], id: linkIndex(body)}
}

// addressesOn names the counters of the addresses on a link.
func addressesOn(index uint32) []tallyKey {
	return []tallyKey{
		{kind: tallyAddress, family: unix.AF_INET, id: index},
		{kind: tallyAddress, family: unix.AF_INET6, id: index},
	}
}

// sourceGone is for an address that goes while nothing else of its VRF, or
// outside of all, has it. IPv4 removes the routes that prefer it as source from
// the table that its network is in; IPv6 clears the preference, but not when the
// address goes because its link does. Kernels before 6.4 do so whatever else has
// the address: with IPv6 the answer to a question counts (R27).
func (s *State) sourceGone(address []byte) {
	local := localOf(address)
	s.silentFrom(local)
	if s.tally.get(addrKey(tallySource, local)) == 0 {
		return
	}
	index := linkIndex(address)
	up := s.links.flags(index)&unix.IFF_UP != 0
	shared := s.countLocal(address[0], local, s.links.domain(index)) > 1
	if address[0] == unix.AF_INET6 {
		if up && !shared {
			s.clearSource(local, s.links.domain(index))
		}
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Barrier: true})
		return
	}
	network, table := s.links.tables(index)
	switch {
	case shared:
	case !up && rtnl.Uint8(address[2:])&unix.IFA_F_SECONDARY != 0:
		// With its link a secondary address goes without consequences.
		s.want(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Table: network, Barrier: true})
	case !s.stillLocal(local, table):
		s.dropWhere(rtnl.Route, func(body []byte) bool { return prefers(body, local) && tableOf(body) == network },
			addrKey(tallySource, local))
	}
}

// stillLocal reports whether a table has addr within a prefix that is local as a
// whole, as that of an address of the loopback link is.
func (s *State) stillLocal(addr []byte, table uint32) bool {
	a, ok := netip.AddrFromSlice(addr)
	if !ok {
		return false
	}
	route := s.shaped(a, unix.AF_INET, table, func(length uint8) bool { return length < 32 },
		func(rtnl.Object, []byte) bool { return true })
	return route != nil && route[7] == unix.RTN_LOCAL
}

// countLocal returns on how many links of a domain local is an address.
func (s *State) countLocal(family byte, local []byte, domain uint32) (n int) {
	s.visit(rtnl.Address, func(_ ref, body []byte) bool {
		if body[0] == family && string(localOf(body)) == string(local) && s.links.domain(linkIndex(body)) == domain {
			n++
		}
		return true
	}, addrKey(tallyLocal, local))
	return n
}

// clearSource removes the preferred source from the IPv6 routes over links of a
// domain that have it. Those over nexthop objects keep it
// (fib6_remove_prefsrc(), net/ipv6/route.c) (R39).
func (s *State) clearSource(local []byte, domain uint32) {
	var routes [][]byte
	t := s.tables[rtnl.Route]
	s.visit(rtnl.Route, func(_ ref, body []byte) bool {
		if prefers(body, local) && nhid(body) == 0 &&
			s.links.domain(rtnl.Uint32(routeAttr(body, unix.RTA_OIF))) == domain {
			routes = append(routes, append([]byte(nil), body...))
		}
		return true
	}, addrKey(tallySource, local))
	for _, body := range routes {
		l := t.Find(body)
		s.touch(&l)
		if e := s.identical(&l, body); e != 0 {
			s.update(rtnl.Route, &l, e, without(body, attrs(unix.RTA_PREFSRC)))
		}
	}
}
