package mirror

import (
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// purge removes entries and calls tell for each before.
func (k *kernel) purge(gone func(*routeSpec) bool, tell func(*routeSpec)) {
	for _, name := range k.routeLists() {
		for _, r := range slices.Clone(k.routes[name]) {
			if gone(r) {
				tell(r)
				k.unlink(r)
			}
		}
	}
}

func silently(*routeSpec) {}

// killHops marks the IPv4 nexthops on a link as dead and removes the routes
// that have no other. force does not spare those of scope host.
func (k *kernel) killHops(index uint32, force bool) {
	k.purge(func(r *routeSpec) bool {
		if r.family() != unix.AF_INET || r.nhid != 0 || !r.on(index) {
			return false
		}
		dead := 0
		for i := range r.hops {
			h := &r.hops[i]
			if h.oif == index && (force || r.scope != unix.RT_SCOPE_HOST) {
				h.flags |= unix.RTNH_F_DEAD
			}
			if h.flags&unix.RTNH_F_DEAD != 0 {
				dead++
			}
		}
		return dead == len(r.hops)
	}, silently)
}

// downRoutes6 is for the IPv6 routes over a link that is set down: those
// without another way go, with a message each unless a sysctl forbids it.
func (k *kernel) downRoutes6(index uint32) {
	tell := func(r *routeSpec) { k.send(rtnl.Route, true, 0, k.body(r)) }
	if k.skipNotify {
		tell = silently
	}
	for _, name := range k.routeLists() {
		alive := 0
		for _, m := range groupOf(k.routes[name]) {
			if m.on(index) {
				m.hops[0].flags |= unix.RTNH_F_DEAD
			} else if m.hops[0].flags&unix.RTNH_F_DEAD == 0 {
				alive++
			}
		}
		group := groupOf(k.routes[name])
		flush := alive == 0 && slices.ContainsFunc(group, func(m *routeSpec) bool { return m.on(index) })
		for _, r := range slices.Clone(k.routes[name]) {
			if r.family() == unix.AF_INET6 && r.nhid == 0 && (r.groupable() && flush || !r.groupable() && r.on(index)) {
				tell(r)
				k.unlink(r)
			}
		}
	}
}

// unregisterRoutes is for a link that is deleted: IPv4 routes with any nexthop
// on it go silently, IPv6 routes and members with a message each.
func (k *kernel) unregisterRoutes(index uint32) {
	k.purge(func(r *routeSpec) bool { return r.nhid == 0 && r.on(index) }, func(r *routeSpec) {
		if r.family() == unix.AF_INET6 {
			k.send(rtnl.Route, true, 0, k.body(r))
		}
	})
}

// revive clears the dead bits of nexthops on a link, silently.
func (k *kernel) revive(family uint8, index uint32) {
	for _, list := range k.routes {
		for _, r := range list {
			for i := range r.hops {
				if r.family() == family && r.hops[i].oif == index {
					r.hops[i].flags &^= unix.RTNH_F_DEAD
				}
			}
		}
	}
}
