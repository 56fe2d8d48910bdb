package mirror

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func (r *routeSpec) list() string {
	return fmt.Sprintf("%d %v %d %d %d", r.family(), r.dst, r.table, r.tos, r.metric)
}

// equal reports whether an IPv4 list holds both at most once.
func (r *routeSpec) equal(o *routeSpec) bool {
	sameHop := func(a, b hopSpec) bool { return a.gateway == b.gateway && a.oif == b.oif && a.weight == b.weight }
	return r.kind == o.kind && r.scope == o.scope && r.protocol == o.protocol && r.prefsrc == o.prefsrc &&
		r.mtu == o.mtu && r.nhid == o.nhid && slices.EqualFunc(r.hops, o.hops, sameHop)
}

// groupable reports whether an IPv6 route joins others of its prefix.
func (r *routeSpec) groupable() bool {
	return r.family() == unix.AF_INET6 && r.nhid == 0 && !r.advertised && r.hops[0].gateway.IsValid()
}

func (r *routeSpec) on(index uint32) bool {
	return slices.ContainsFunc(r.hops, func(h hopSpec) bool { return h.oif == index })
}

// body writes one route; what it repeats of its nexthop object depends on a
// sysctl.
func (k *kernel) body(r *routeSpec) []byte {
	c := *r
	if r.nhid != 0 && k.compat {
		c.hops = k.hopsOf(r.nhid)
	}
	return c.body()
}

// group writes an IPv6 route as one with all members, first among them shown.
func (k *kernel) group(shown *routeSpec, members []*routeSpec) []byte {
	c := *shown
	c.hops = slices.Clone(shown.hops)
	for _, m := range members {
		if m != shown {
			c.hops = append(c.hops, m.hops...)
		}
	}
	return c.body()
}

// groupOf returns the members of the group in a list.
func groupOf(list []*routeSpec) (members []*routeSpec) {
	for _, r := range list {
		if r.groupable() {
			members = append(members, r)
		}
	}
	return members
}

// otherTable needs more than 8 bits.
const otherTable = 500

var (
	destinations4 = []netip.Prefix{prefix("20.0.0.0/24"), prefix("20.0.0.0/24"), prefix("20.0.0.0/25"), prefix("20.0.1.0/24"), prefix("20.0.2.0/24"), prefix("0.0.0.0/0")}
	destinations6 = []netip.Prefix{prefix("2001:db8:20::/64"), prefix("2001:db8:20::/64"), prefix("2001:db8:21::/64"), prefix("2001:db8:22::/64"), prefix("::/0")}
)

// someRoute makes up a route over links that are up.
func (k *kernel) someRoute() *routeSpec {
	r := &routeSpec{dst: pickOf(k.choices, destinations4),
		table: unix.RT_TABLE_MAIN, protocol: unix.RTPROT_BOOT, scope: unix.RT_SCOPE_UNIVERSE}
	if k.oneIn(2) {
		r.dst, r.metric = pickOf(k.choices, destinations6), 1024
	}
	if k.oneIn(4) {
		r.table = otherTable
	}
	if k.oneIn(6) {
		r.mtu = 1400
	}
	if k.oneIn(4) {
		r.protocol = pickOf(k.choices, []uint8{unix.RTPROT_STATIC, unix.RTPROT_STATIC, unix.RTPROT_RA})
	}
	if addr := localAddr(r.family(), k.n(4)); k.oneIn(4) && k.isLocal(addr) {
		r.prefsrc = addr
	}
	if !k.lead(r) {
		return nil
	}
	return r
}

// lead gives a route its way: a nexthop object, or one to three nexthops.
func (k *kernel) lead(r *routeSpec) bool {
	if ids := k.nexthopIDs(r.family()); len(ids) > 0 && k.oneIn(4) {
		r.nhid = pickOf(k.choices, ids)
		return true
	}
	hosts := r.family() == unix.AF_INET && k.oneIn(8)
	for range 1 + max(0, k.n(5)-2) {
		l := k.someLink(func(l *modelLink) bool { return l.up || hosts })
		if l == nil {
			return false
		}
		r.hops = append(r.hops, hopSpec{oif: l.index, gateway: gatewayOf(r.family(), byte(100+k.n(3)))})
		if k.oneIn(8) {
			r.hops[len(r.hops)-1].encap = byte(1 + k.n(2))
		}
	}
	switch {
	case hosts:
		r.kind, r.scope, r.table = unix.RTN_LOCAL, unix.RT_SCOPE_HOST, unix.RT_TABLE_LOCAL
		r.hops = []hopSpec{{oif: r.hops[0].oif}}
	case len(r.hops) == 1 && k.oneIn(3):
		r.hops[0].gateway = netip.Addr{}
	case len(r.hops) > 1 && r.family() == unix.AF_INET:
		r.hops[0].weight = uint8(k.n(2))
	}
	return true
}

const (
	flagsAdd     = unix.NLM_F_EXCL | unix.NLM_F_CREATE
	flagsAppend  = unix.NLM_F_CREATE | unix.NLM_F_APPEND
	flagsPrepend = unix.NLM_F_CREATE
	flagsReplace = unix.NLM_F_REPLACE
)

// advertise is a router's advertisement of itself: the kernel adds a route of its
// own, which shares no group.
func (k *kernel) advertise() {
	l := k.someLink(func(l *modelLink) bool { return l.up })
	if l == nil {
		return
	}
	r := &routeSpec{dst: prefix("::/0"), table: unix.RT_TABLE_MAIN, metric: 1024, protocol: unix.RTPROT_RA, advertised: true,
		hops: []hopSpec{{oif: l.index, gateway: gatewayOf(unix.AF_INET6, byte(100+k.n(3)))}}}
	k.note(fmt.Sprintf("advertised %+v", *r))
	pid, seq := k.pid, k.seq
	k.pid, k.seq = 0, 0
	k.addRoute6(r, flagsPrepend)
	k.pid, k.seq = pid, seq
}

// addRoute does one of add, append, prepend and replace.
func (k *kernel) addRoute() {
	r := k.someRoute()
	if r == nil {
		return
	}
	verb := pickOf(k.choices, []uint16{flagsAdd, flagsAppend, flagsPrepend, flagsReplace})
	k.note(fmt.Sprintf("route %#x %+v", verb, *r))
	if r.family() == unix.AF_INET {
		k.addRoute4(r, verb)
	} else {
		k.addRoute6(r, verb)
	}
}

func (k *kernel) addRoute4(r *routeSpec, verb uint16) {
	list := k.routes[r.list()]
	at := slices.IndexFunc(list, r.equal)
	switch {
	case len(list) == 0:
		list, verb = []*routeSpec{r}, flagsAdd
	case verb == flagsAdd || at >= 0:
		return // exists, or is the same
	case verb == flagsAppend:
		list = append(list, r)
	case verb == flagsPrepend:
		list = slices.Insert(list, 0, r)
	case verb == flagsReplace:
		list[0] = r
	}
	k.routes[r.list()] = list
	k.send(rtnl.Route, false, verb, k.body(r))
}

func (k *kernel) addRoute6(r *routeSpec, verb uint16) {
	list := k.routes[r.list()]
	if len(r.hops) > 1 {
		k.addGroup6(r, verb)
		return
	}
	exists := slices.ContainsFunc(list, func(o *routeSpec) bool {
		return o.nhid == r.nhid && (r.nhid != 0 || o.hops[0].sameNexthop(r.hops[0]))
	})
	group := groupOf(list)
	switch {
	case len(list) == 0 && verb == flagsReplace:
		verb = unix.NLM_F_CREATE
	case len(list) == 0 && verb == flagsAppend:
		verb |= unix.NLM_F_EXCL
	case len(list) == 0:
		verb = flagsAdd
	case verb == flagsReplace:
		k.replace6(r, []*routeSpec{r})
		return
	case verb == flagsAdd || exists || r.groupable() && k.hides(list):
		return
	case r.groupable() && len(group) > 0:
		k.routes[r.list()] = append(list, r)
		k.send(rtnl.Route, false, verb, k.group(r, group))
		return
	}
	k.routes[r.list()] = append(list, r)
	k.send(rtnl.Route, false, verb, k.body(r))
}

// hides reports whether another member at the end of a list would hide a route
// from dumps: one that stands between members. What becomes of such routes no
// message and no dump can tell, so the model does without.
func (k *kernel) hides(list []*routeSpec) bool {
	group := groupOf(list)
	return len(group) > 0 && !list[len(list)-1].groupable()
}

// addGroup6 adds a route with several nexthops to an empty list, or in the
// place of what there is.
func (k *kernel) addGroup6(r *routeSpec, verb uint16) {
	list := k.routes[r.list()]
	members := k.split(r)
	if len(list) == 0 && verb != flagsAppend {
		if verb != flagsReplace {
			verb = unix.NLM_F_CREATE
		}
		k.routes[r.list()] = members
		k.send(rtnl.Route, false, verb, k.group(members[0], members))
	} else if verb == flagsReplace && len(list) > 0 {
		k.replace6(r, members)
	}
}

// split makes a route of every nexthop, each once.
func (k *kernel) split(r *routeSpec) (members []*routeSpec) {
	for _, h := range r.hops {
		if !slices.ContainsFunc(members, func(m *routeSpec) bool { return m.hops[0].sameNexthop(h) }) {
			m := *r
			m.hops = []hopSpec{h}
			members = append(members, &m)
		}
	}
	return members
}

// replace6 puts members in the place of the group or, where they have no
// gateway, of the first like them; failing that, of the first.
func (k *kernel) replace6(r *routeSpec, members []*routeSpec) {
	list := k.routes[r.list()]
	at := max(0, slices.IndexFunc(list, func(o *routeSpec) bool { return o.groupable() == members[0].groupable() }))
	target := list[at]
	left := slices.DeleteFunc(slices.Clone(list), func(o *routeSpec) bool {
		return o == target || o.groupable() && target.groupable()
	})
	if at = min(at, len(left)); len(members) > 1 && at < len(left) {
		return // would hide a route
	}
	k.routes[r.list()] = slices.Insert(left, at, members...)
	k.send(rtnl.Route, false, flagsReplace, k.group(members[0], members))
}

// routeLists returns the keys of all lists, in the order of dumps.
func (k *kernel) routeLists() []string { return slices.Sorted(maps.Keys(k.routes)) }

// delRoute removes a route, a group or a member of it.
func (k *kernel) delRoute() {
	list := k.routes[pickOf(k.choices, k.routeLists())]
	r := pickOf(k.choices, list)
	if r == nil {
		return
	}
	k.note(fmt.Sprintf("route del %+v", *r))
	group := groupOf(list)
	if !r.groupable() || len(group) == 1 || k.oneIn(2) {
		k.send(rtnl.Route, true, 0, k.body(r))
		k.unlink(r)
		return
	}
	k.send(rtnl.Route, true, 0, k.group(group[0], group))
	for _, m := range group {
		k.unlink(m)
	}
}

// unlink removes one entry from its list, silently.
func (k *kernel) unlink(r *routeSpec) {
	k.touch(rtnl.Route, r.family())
	left := slices.DeleteFunc(k.routes[r.list()], func(o *routeSpec) bool { return o == r })
	if k.routes[r.list()] = left; len(left) == 0 {
		delete(k.routes, r.list())
	}
}
