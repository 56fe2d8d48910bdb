package mirror

import (
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// localAddr is one of few addresses, so that links share some.
func localAddr(family uint8, i int) netip.Addr { return gatewayOf(family, byte(1+i)) }

// addAddress adds an address or, with some luck, refreshes one.
func (k *kernel) addAddress() {
	l := k.someLink(anyLink)
	if l == nil {
		return
	}
	family, bits := uint8(unix.AF_INET), 24
	if k.oneIn(2) {
		family, bits = unix.AF_INET6, 64
	}
	a := &modelAddress{index: l.index, local: netip.PrefixFrom(localAddr(family, k.n(4)), bits+k.n(2)), lifetime: 1<<32 - 1}
	if k.oneIn(4) {
		a.peer = gatewayOf(family, byte(200+k.n(2)))
	}
	if k.oneIn(4) {
		a.lifetime = uint32(1000 + k.n(100))
	}
	if i := k.findAddress(a); i >= 0 {
		a.local = k.addresses[i].local
		k.addresses[i] = a
	} else {
		k.note("addr add " + a.local.String() + " " + l.name)
		k.addresses = append(k.addresses, a)
		if family == unix.AF_INET && l.up {
			k.revive(unix.AF_INET, l.index)
		}
	}
	k.send(rtnl.Address, false, 0, a.body())
}

// findAddress returns the place of the address that a is to the kernel.
func (k *kernel) findAddress(a *modelAddress) int {
	return slices.IndexFunc(k.addresses, func(b *modelAddress) bool {
		if a.index != b.index || a.local.Addr() != b.local.Addr() {
			return false
		}
		return a.family() == unix.AF_INET6 || a.local == b.local && a.peer == b.peer
	})
}

func (k *kernel) delAddress() {
	if a := pickOf(k.choices, k.addresses); a != nil {
		k.note("addr del " + a.local.String())
		k.removeAddress(a, true)
	}
}

// dropAddressesOn removes the addresses of a link that goes.
func (k *kernel) dropAddressesOn(index uint32, family uint8) {
	for _, a := range slices.Clone(k.addresses) {
		if a.index == index && a.family() == family {
			k.removeAddress(a, false)
		}
	}
}

// removeAddress announces first. With the last IPv4 address of a link go the
// IPv4 routes over it, with the last of its kind those that prefer it.
func (k *kernel) removeAddress(a *modelAddress, asked bool) {
	k.addresses = slices.DeleteFunc(k.addresses, func(b *modelAddress) bool { return a == b })
	k.send(rtnl.Address, true, 0, a.body())
	do := func() {
		if a.family() == unix.AF_INET6 {
			k.clearSource(a.local.Addr())
			return
		}
		k.sourceGone(a.local.Addr())
		if !k.hasAddress4(a.index) {
			k.killHops(a.index, true)
		}
	}
	switch {
	case asked:
		k.later(do)
	case a.family() == unix.AF_INET: // IPv6 routes keep a preference that goes with its link
		do()
	}
}

func (k *kernel) hasAddress4(index uint32) bool {
	return slices.ContainsFunc(k.addresses, func(a *modelAddress) bool { return a.index == index && a.family() == unix.AF_INET })
}

func (k *kernel) isLocal(addr netip.Addr) bool {
	return slices.ContainsFunc(k.addresses, func(a *modelAddress) bool { return a.local.Addr() == addr })
}

// sourceGone removes the routes of the main table that prefer an address which
// nobody has now, with a message for each.
func (k *kernel) sourceGone(addr netip.Addr) {
	if k.isLocal(addr) {
		return
	}
	k.purge(func(r *routeSpec) bool { return r.prefsrc == addr && r.table == unix.RT_TABLE_MAIN },
		func(r *routeSpec) { k.send(rtnl.Route, true, 0, k.body(r)) })
}

// clearSource clears the preference of IPv6 routes silently.
func (k *kernel) clearSource(addr netip.Addr) {
	if k.isLocal(addr) {
		return
	}
	for _, list := range k.routes {
		for _, r := range list {
			if r.prefsrc == addr && r.nhid == 0 {
				r.prefsrc = netip.Addr{}
				k.touch(rtnl.Route, unix.AF_INET6)
			}
		}
	}
}
