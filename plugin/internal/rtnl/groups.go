package rtnl

import "golang.org/x/sys/unix"

// groupsOf lists, by class, the multicast groups with its events, and the
// address family of each; AF_UNSPEC where it has all (rtnetlink(7)).
var groupsOf = [NumObjects][]struct {
	group  uint32
	family uint8
}{
	Link:     {{unix.RTNLGRP_LINK, unix.AF_UNSPEC}},
	Nexthop:  {{unix.RTNLGRP_NEXTHOP, unix.AF_UNSPEC}},
	Address:  {{unix.RTNLGRP_IPV4_IFADDR, unix.AF_INET}, {unix.RTNLGRP_IPV6_IFADDR, unix.AF_INET6}},
	Route:    {{unix.RTNLGRP_IPV4_ROUTE, unix.AF_INET}, {unix.RTNLGRP_IPV6_ROUTE, unix.AF_INET6}},
	Rule:     {{unix.RTNLGRP_IPV4_RULE, unix.AF_INET}, {unix.RTNLGRP_IPV6_RULE, unix.AF_INET6}},
	Neighbor: {{unix.RTNLGRP_NEIGH, unix.AF_UNSPEC}},
}

// Groups returns the multicast groups of the classes and families that wanted
// accepts; it is asked with AF_UNSPEC for a group of several families.
func Groups(wanted func(o Object, family uint8) bool) (out []uint32) {
	for o, groups := range groupsOf {
		for _, g := range groups {
			if wanted(Object(o), g.family) {
				out = append(out, g.group)
			}
		}
	}
	return out
}
