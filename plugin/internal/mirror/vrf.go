package mirror

import (
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// vrfTable returns the table of a VRF, 0 for any other link.
func vrfTable(link []byte) uint32 {
	info := rtnl.Attrs(linkAttr(link, unix.IFLA_LINKINFO))
	if rtnl.String(info.Get(unix.IFLA_INFO_KIND)) != "vrf" {
		return 0
	}
	return rtnl.Uint32(rtnl.Attrs(info.Get(unix.IFLA_INFO_DATA)).Get(unix.IFLA_VRF_TABLE))
}

// domain returns the index of the VRF that a link is, or is a port of; 0 for
// none (l3mdev_master_dev_rcu(), include/net/l3mdev.h).
func (k *links) domain(index uint32) uint32 {
	l := k.byIndex[index]
	switch {
	case l == nil:
		return 0
	case l.table != 0:
		return index
	}
	if m := k.byIndex[l.master]; m != nil && m.table != 0 {
		return l.master
	}
	return 0
}

// tables returns the tables that the routes of a link's addresses are in: those
// to networks and those to the addresses themselves.
func (k *links) tables(index uint32) (network, local uint32) {
	if d := k.domain(index); d != 0 {
		return k.byIndex[d].table, k.byIndex[d].table
	}
	return unix.RT_TABLE_MAIN, unix.RT_TABLE_LOCAL
}

// domainTurned does what the kernel does silently when a link becomes a port of
// a VRF or ceases to be one: all IPv4 routes over it go, those to its own
// addresses too (NETDEV_CHANGEUPPER in fib_netdev_event(), net/ipv4/fib_frontend.c).
func (s *State) domainTurned(index, before uint32) {
	if s.links.domain(index) == before {
		return
	}
	s.silentOn(index, rtnl.Route)
	s.imply(func() {
		s.flushRoutes(index, func(_ ref, route []byte) bool { return route[0] != unix.AF_INET || nhid(route) != 0 })
	})
	s.verifyRoutes(index, true)
}
