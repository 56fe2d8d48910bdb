package mirror

import (
	"maps"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// modelLink is a link.
type modelLink struct {
	index       uint32
	name, kind  string
	altname     string
	mtu         uint32
	up, carrier bool
	ups, downs  uint32
	master      uint32
	peer        uint32
}

func (l *modelLink) running() bool { return l.up && l.carrier }

func (l *modelLink) flags() (f uint32) {
	if l.up {
		f |= unix.IFF_UP
	}
	if l.running() {
		f |= carrier
	}
	return f
}

func (l *modelLink) body() []byte {
	head := join([]byte{unix.AF_UNSPEC, 0, 1, 0}, native32(l.index), native32(l.flags()), native32(0))
	parts := [][]byte{head, attr(unix.IFLA_IFNAME, append([]byte(l.name), 0)), attr32(unix.IFLA_MTU, l.mtu)}
	if l.altname != "" {
		parts = append(parts, attr(unix.IFLA_PROP_LIST, attr(unix.IFLA_ALT_IFNAME, append([]byte(l.altname), 0))))
	}
	if l.master != 0 {
		parts = append(parts, attr32(unix.IFLA_MASTER, l.master))
	}
	has := byte(0)
	if l.carrier {
		has = 1
	}
	return join(join(parts...), attr32(unix.IFLA_LINK, l.peer), attr(unix.IFLA_CARRIER, []byte{has}),
		attr32(unix.IFLA_CARRIER_CHANGES, l.ups+l.downs), attr32(unix.IFLA_CARRIER_UP_COUNT, l.ups), attr32(unix.IFLA_CARRIER_DOWN_COUNT, l.downs),
		attr(unix.IFLA_LINKINFO, attr(unix.IFLA_INFO_KIND, append([]byte(l.kind), 0))))
}

// announce sends a link as it is.
func (k *kernel) announce(l *modelLink) { k.send(rtnl.Link, false, 0, l.body()) }

const maxLinks = 6

func (k *kernel) linkList() []*modelLink {
	return slices.SortedFunc(maps.Values(k.links), func(a, b *modelLink) int { return int(a.index) - int(b.index) })
}

// someLink returns a link for which ok is true, nil if there is none.
func (k *kernel) someLink(ok func(*modelLink) bool) *modelLink {
	var list []*modelLink
	for _, l := range k.linkList() {
		if ok(l) {
			list = append(list, l)
		}
	}
	return pickOf(k.choices, list)
}

func anyLink(*modelLink) bool { return true }

func isUp(l *modelLink) bool { return l.up }

func (k *kernel) nameTaken(name string) bool {
	for _, l := range k.links {
		if l.name == name || l.altname == name {
			return true
		}
	}
	return false
}

// addLink creates a link. The first end of a veth pair does not know its peer
// when it is announced.
func (k *kernel) addLink() {
	index := uint32(1 + k.n(maxLinks))
	l := &modelLink{index: index, name: string(rune('a' + k.n(8))), kind: pickOf(k.choices, []string{"dummy", "veth", "bridge", "vxlan"}), mtu: 1500, downs: 1}
	if k.links[index] != nil || k.nameTaken(l.name) {
		return
	}
	k.note("link add " + l.name)
	k.links[index] = l
	k.announce(l)
	if l.kind == "veth" {
		l.peer = index + 100
	}
	if k.oneIn(4) {
		return
	}
	if l.up = true; k.n(4) != 0 {
		l.carrier, l.ups = true, l.ups+1
	}
	k.announce(l)
}

// setLink sets a link up or down.
func (k *kernel) setLink() {
	l := k.someLink(anyLink)
	switch {
	case l == nil:
	case l.up:
		k.note("link down " + l.name)
		k.linkDown(l)
	default:
		k.note("link up " + l.name)
		l.up = true
		k.revive(unix.AF_INET, l.index)
		if l.carrier {
			k.revive(unix.AF_INET6, l.index)
		}
		k.announce(l)
	}
}

// linkDown announces first, and flushes then.
func (k *kernel) linkDown(l *modelLink) {
	l.up = false
	k.announce(l)
	k.later(func() {
		k.killHops(l.index, false)
		k.downRoutes6(l.index)
		k.dropNexthopsOn(l.index)
		k.dropNeighborsOn(l.index, noFDB)
		k.dropAddressesOn(l.index, unix.AF_INET6)
	})
}

// carrierLink takes or gives carrier, or both at once, which one message tells.
func (k *kernel) carrierLink() {
	l := k.someLink(isUp)
	switch {
	case l == nil:
	case k.oneIn(4):
		k.note("flap " + l.name)
		l.ups, l.downs = l.ups+1, l.downs+1
		k.announce(l)
	case l.carrier:
		k.note("carrier off " + l.name)
		l.carrier, l.downs = false, l.downs+1
		k.dropNexthopsOn(l.index)
		k.dropNeighborsOn(l.index, dynamic)
		k.announce(l)
	default:
		k.note("carrier on " + l.name)
		l.carrier, l.ups = true, l.ups+1
		k.revive(unix.AF_INET6, l.index)
		k.announce(l)
	}
}

// changeLink changes what does not matter to others.
func (k *kernel) changeLink() {
	l := k.someLink(anyLink)
	if l == nil {
		return
	}
	name := string(rune('a' + k.n(8)))
	switch taken := k.nameTaken(name); k.n(3) {
	case 0:
		l.mtu++
	case 1:
		if taken {
			return
		}
		k.note("rename " + l.name + " " + name)
		l.name = name
	case 2:
		if taken {
			return
		}
		l.altname = name
	}
	k.announce(l)
}

// delLink deletes a link with all that is on it; DELLINK comes last.
func (k *kernel) delLink() {
	l := k.someLink(anyLink)
	if l == nil {
		return
	}
	k.note("link del " + l.name)
	if l.master != 0 {
		k.leaveBridge(l)
	}
	if l.up {
		k.linkDown(l)
		k.catchUp()
	}
	for _, port := range k.linkList() {
		if port.master == l.index {
			k.leaveBridge(port)
			k.announce(port)
		}
	}
	k.unregisterRoutes(l.index)
	k.dropNexthopsOn(l.index)
	k.dropNeighborsOn(l.index, everyOne)
	k.dropAddressesOn(l.index, unix.AF_INET6)
	k.dropAddressesOn(l.index, unix.AF_INET)
	delete(k.links, l.index)
	body := l.body()
	if k.oneIn(4) {
		body = join(body, attr32(unix.IFLA_NEW_NETNSID, 0), attr32(unix.IFLA_NEW_IFINDEX, 7))
	}
	k.send(rtnl.Link, true, 0, body)
}

// noise sends messages that are no objects, and counts no change.
func (k *kernel) noise() {
	l := k.someLink(anyLink)
	if l == nil {
		return
	}
	partial := linkBody(l.index, l.name, l.flags())
	switch k.n(3) {
	case 0:
		partial[0] = unix.AF_INET6
	case 1:
		partial = join(partial[:16], attr(unix.IFLA_IFNAME, []byte("wlan0\x00")), attr(unix.IFLA_WIRELESS, []byte("scan")))
	case 2:
		k.send(rtnl.Neighbor, k.oneIn(2), 0, ownEntry(l.index))
		return
	}
	k.send(rtnl.Link, false, 0, partial)
}

// ownEntry is an address that a device listens to.
func ownEntry(index uint32) []byte {
	return neighborBody(unix.AF_BRIDGE, index, unix.NUD_PERMANENT, unix.NTF_SELF, attr(unix.NDA_LLADDR, []byte{0x33, 0x33, 0, 0, 0, 1}))
}

// modelAddress is an address on a link.
type modelAddress struct {
	index    uint32
	local    netip.Prefix
	peer     netip.Addr
	lifetime uint32
}

func (a *modelAddress) family() uint8 { return familyOfAddr(a.local.Addr()) }

func (a *modelAddress) body() []byte {
	return addressBody(a.index, a.local, a.peer, lifetimes(a.lifetime, a.lifetime))
}
