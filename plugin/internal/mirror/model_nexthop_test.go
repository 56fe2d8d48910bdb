package mirror

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// modelNexthop is a nexthop object, a group if it has members.
type modelNexthop struct {
	id      uint32
	oif     uint32
	gateway netip.Addr
	members []uint32
}

func (h *modelNexthop) body() []byte {
	if len(h.members) > 0 {
		return nexthopBody(h.id, members(h.members...))
	}
	body := nexthopBody(h.id, attr32(unix.NHA_OIF, h.oif), attr(unix.NHA_GATEWAY, h.gateway.AsSlice()))
	body[0] = nexthopFamily(h.id)
	return body
}

// nexthopIDs returns the objects that a route of a family can lead over, of AF_UNSPEC all.
func (k *kernel) nexthopIDs(family uint8) []uint32 {
	ids := slices.Sorted(maps.Keys(k.nexthops))
	return slices.DeleteFunc(ids, func(id uint32) bool { // fib6_check_nexthop(), net/ipv4/nexthop.c
		return family == unix.AF_INET6 && slices.ContainsFunc(k.hopsOf(id), func(h hopSpec) bool { return h.gateway.Is4() })
	})
}

// hopsOf is what a route over object id repeats of it.
func (k *kernel) hopsOf(id uint32) (hops []hopSpec) {
	h := k.nexthops[id]
	if len(h.members) == 0 {
		return []hopSpec{{gateway: h.gateway, oif: h.oif}}
	}
	for _, m := range h.members {
		hops = append(hops, hopSpec{gateway: k.nexthops[m].gateway, oif: k.nexthops[m].oif})
	}
	return hops
}

// addNexthop adds or replaces an object: 1 and 2 are of IPv4, 3 and 4 of IPv6, 5 and
// 6 groups.
func (k *kernel) addNexthop() {
	h := &modelNexthop{id: uint32(1 + k.n(6))}
	if h.id <= 4 {
		l := k.someLink((*modelLink).running)
		if l == nil {
			return
		}
		h.oif, h.gateway = l.index, gatewayOf(nexthopFamily(h.id), byte(100+k.n(3)))
	} else {
		for id := uint32(1); id <= 4; id++ {
			if k.nexthops[id] != nil && k.oneIn(2) {
				h.members = append(h.members, id)
			}
		}
		if len(h.members) == 0 {
			return
		}
	}
	k.note(fmt.Sprintf("nexthop replace %+v", *h))
	flags := uint16(unix.NLM_F_CREATE)
	replaced := k.nexthops[h.id] != nil
	if replaced {
		flags |= unix.NLM_F_REPLACE
	}
	k.nexthops[h.id] = h
	k.send(rtnl.Nexthop, false, flags, h.body())
	if replaced {
		k.echo(h.id)
	}
}

func nexthopFamily(id uint32) uint8 {
	if id <= 2 {
		return unix.AF_INET
	}
	return unix.AF_INET6
}

// echo tells of the routes that have another way now, if they tell it at all.
func (k *kernel) echo(id uint32) {
	if !k.compat {
		return
	}
	for _, name := range k.routeLists() {
		for _, r := range k.routes[name] {
			if r.nhid == id || r.nhid != 0 && slices.Contains(k.nexthops[r.nhid].members, id) {
				k.send(rtnl.Route, false, flagsReplace, k.body(r))
			}
		}
	}
}

func (k *kernel) delNexthop() {
	if ids := k.nexthopIDs(unix.AF_UNSPEC); len(ids) > 0 {
		id := pickOf(k.choices, ids)
		k.note(fmt.Sprintf("nexthop del %d", id))
		k.removeNexthop(id, true)
	}
}

// dropNexthopsOn removes the objects on a link silently.
func (k *kernel) dropNexthopsOn(index uint32) {
	for _, id := range k.nexthopIDs(unix.AF_UNSPEC) {
		if h := k.nexthops[id]; h != nil && h.oif == index {
			k.removeNexthop(id, false)
		}
	}
}

// removeNexthop removes an object from the groups it is in, and with it the
// groups that are empty then. Of the routes over what is gone, those of IPv6
// are announced if they repeat their nexthops.
func (k *kernel) removeNexthop(id uint32, tell bool) {
	h := k.nexthops[id]
	if tell {
		k.send(rtnl.Nexthop, true, 0, h.body())
	}
	k.touch(rtnl.Nexthop, 0)
	k.removeRoutesOver(id)
	for _, other := range k.nexthopIDs(unix.AF_UNSPEC) {
		g := k.nexthops[other]
		if !slices.Contains(g.members, id) {
			continue
		}
		g.members = slices.DeleteFunc(slices.Clone(g.members), func(m uint32) bool { return m == id })
		switch {
		case len(g.members) == 0:
			g.members = []uint32{id} // as it is announced
			k.removeNexthop(other, tell)
		case tell:
			k.send(rtnl.Nexthop, false, 0, g.body())
		}
	}
	delete(k.nexthops, id)
}

// removeRoutesOver removes routes, and entries of tunnels, these silently.
func (k *kernel) removeRoutesOver(id uint32) {
	for _, key := range k.neighborKeys() {
		if k.neighbors[key].nhid == id {
			delete(k.neighbors, key)
			k.touch(rtnl.Neighbor, unix.AF_BRIDGE)
		}
	}
	k.purge(func(r *routeSpec) bool { return r.nhid == id }, func(r *routeSpec) {
		if r.family() == unix.AF_INET6 && k.compat {
			k.send(rtnl.Route, true, 0, k.body(r))
		}
	})
}
