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
