package mirror

import (
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// modelNeighbor is a neighbor, or an entry of a forwarding database.
type modelNeighbor struct {
	family uint8
	index  uint32
	state  uint16
	flags  uint8
	dst    []byte // address; of an FDB entry the tunnel's endpoint
	mac    byte   // 0: none, of a tunnel's entry the MAC that means all
	nhid   uint32 // of a tunnel's entry, instead of an endpoint
	master uint32
}

func (n *modelNeighbor) body() []byte {
	var attrs [][]byte
	if n.dst != nil {
		attrs = append(attrs, attr(unix.NDA_DST, n.dst))
	}
	switch {
	case n.mac != 0:
		attrs = append(attrs, attr(unix.NDA_LLADDR, []byte{2, 0, 0, 0, 0, n.mac}))
	case n.family == unix.AF_BRIDGE:
		attrs = append(attrs, attr(unix.NDA_LLADDR, make([]byte, 6)))
	}
	if n.nhid != 0 {
		attrs = append(attrs, attr32(rtnl.NDANexthop, n.nhid))
	}
	if n.master != 0 {
		attrs = append(attrs, attr32(unix.NDA_MASTER, n.master))
	}
	return neighborBody(n.family, n.index, n.state, n.flags, append(attrs, attr(unix.NDA_CACHEINFO, make([]byte, 16)))...)
}

func (n *modelNeighbor) key() string {
	switch {
	case n.master != 0:
		return fmt.Sprintf("bridge %d %d", n.master, n.mac)
	case n.family == unix.AF_BRIDGE && n.mac != 0:
		return fmt.Sprintf("tunnel %d %d", n.index, n.mac)
	case n.family == unix.AF_BRIDGE:
		return fmt.Sprintf("tunnel %d all %x", n.index, n.dst)
	}
	return fmt.Sprintf("%d %d %x", n.family, n.index, n.dst)
}

// silent reports whether the kernel never announces the state.
func (n *modelNeighbor) silent() bool {
	return n.family != unix.AF_BRIDGE && (n.state == unix.NUD_INCOMPLETE || n.state == unix.NUD_NOARP)
}

func (k *kernel) neighborKeys() []string { return slices.Sorted(maps.Keys(k.neighbors)) }

// put stores an entry and announces it.
func (k *kernel) put(n *modelNeighbor) {
	k.neighbors[n.key()] = n
	k.send(rtnl.Neighbor, false, 0, n.body())
}

// someNeighbor makes up a neighbor on a link that is up.
func (k *kernel) someNeighbor() *modelNeighbor {
	l := k.someLink(isUp)
	if l == nil {
		return nil
	}
	family := uint8(unix.AF_INET)
	if k.oneIn(3) {
		family = unix.AF_INET6
	}
	return &modelNeighbor{family: family, index: l.index, dst: gatewayOf(family, byte(100+k.n(3))).AsSlice()}
}

// addNeighbor brings a neighbor into a state that is announced.
func (k *kernel) addNeighbor() {
	n := k.someNeighbor()
	if n == nil {
		return
	}
	n.state = pickOf(k.choices, []uint16{unix.NUD_REACHABLE, unix.NUD_STALE, unix.NUD_PROBE, unix.NUD_FAILED, unix.NUD_PERMANENT})
	if n.state != unix.NUD_FAILED {
		n.mac = byte(1 + k.n(2))
	}
	k.put(n)
}

// silentNeighbor brings one into a state that is not.
func (k *kernel) silentNeighbor() {
	n := k.someNeighbor()
	if n == nil {
		return
	}
	have := k.neighbors[n.key()]
	switch {
	case have == nil:
		n.state = pickOf(k.choices, []uint16{unix.NUD_INCOMPLETE, unix.NUD_NOARP})
		k.neighbors[n.key()] = n
	case have.state == unix.NUD_STALE:
		have.state = unix.NUD_DELAY
	case have.state == unix.NUD_FAILED:
		have.state = unix.NUD_INCOMPLETE
	}
	k.touch(rtnl.Neighbor, n.family)
}

// delNeighbor deletes one, perhaps as the garbage collection does.
func (k *kernel) delNeighbor() {
	n := k.neighbors[pickOf(k.choices, k.neighborKeys())]
	if n == nil {
		return
	}
	k.note("neigh del " + n.key())
	if n.family != unix.AF_BRIDGE && k.oneIn(2) {
		n.state, n.mac = unix.NUD_FAILED, 0
		k.put(n)
	}
	k.dropNeighbor(n)
}

func (k *kernel) dropNeighbor(n *modelNeighbor) {
	delete(k.neighbors, n.key())
	k.send(rtnl.Neighbor, true, 0, n.body())
}

// dropNeighborsOn removes those on a link for which gone is true.
func (k *kernel) dropNeighborsOn(index uint32, gone func(*modelNeighbor) bool) {
	for _, key := range k.neighborKeys() {
		if n := k.neighbors[key]; n.index == index && gone(n) {
			k.dropNeighbor(n)
		}
	}
}

// dynamic tells what the loss of carrier removes, noFDB what a link set down
// removes, everyOne what goes with the link.
func dynamic(n *modelNeighbor) bool {
	return n.family != unix.AF_BRIDGE && n.state != unix.NUD_PERMANENT
}

func noFDB(n *modelNeighbor) bool { return n.family != unix.AF_BRIDGE }

func everyOne(*modelNeighbor) bool { return true }

// enslave makes a link the port of a bridge, or frees it.
func (k *kernel) enslave() {
	l := k.someLink(func(l *modelLink) bool { return l.kind != "bridge" })
	switch {
	case l == nil:
	case l.master != 0:
		k.leaveBridge(l)
		k.announce(l)
	default:
		bridge := k.someLink(func(l *modelLink) bool { return l.kind == "bridge" })
		if bridge == nil {
			return
		}
		l.master = bridge.index
		k.announce(l)
		k.send(rtnl.Link, false, 0, k.port(l))
	}
}

// port is the message of a bridge about a port of it.
func (k *kernel) port(l *modelLink) []byte {
	body := l.body()
	body[0] = unix.AF_BRIDGE
	return body
}

// leaveBridge removes a port's entries, or moves them to the bridge silently.
func (k *kernel) leaveBridge(l *modelLink) {
	k.note("nomaster " + l.name)
	for _, key := range k.neighborKeys() {
		switch n := k.neighbors[key]; {
		case n.index != l.index || n.master != l.master:
		case k.oneIn(3):
			n.index = l.master
			k.touch(rtnl.Neighbor, unix.AF_BRIDGE)
		default:
			k.dropNeighbor(n)
		}
	}
	k.send(rtnl.Link, true, 0, k.port(l))
	l.master = 0
}

// learn is a bridge that sees a MAC at a port, perhaps another than before.
func (k *kernel) learn() {
	l := k.someLink(func(l *modelLink) bool { return l.master != 0 })
	if l == nil {
		return
	}
	k.put(&modelNeighbor{family: unix.AF_BRIDGE, index: l.index, master: l.master, mac: byte(1 + k.n(4)), state: unix.NUD_REACHABLE})
}

// forget deletes an FDB entry.
func (k *kernel) forget() {
	for _, key := range k.neighborKeys() {
		if n := k.neighbors[key]; n.family == unix.AF_BRIDGE && k.oneIn(3) {
			k.dropNeighbor(n)
			return
		}
	}
}

// tunnel puts a MAC behind a remote endpoint or a nexthop object, in the place of
// where it was; only what is for all can be behind several.
func (k *kernel) tunnel() {
	l := k.someLink(func(l *modelLink) bool { return l.kind == "vxlan" })
	if l == nil {
		return
	}
	n := &modelNeighbor{family: unix.AF_BRIDGE, index: l.index, flags: unix.NTF_SELF, mac: byte(k.n(3)), state: unix.NUD_PERMANENT}
	if ids := k.nexthopIDs(unix.AF_UNSPEC); n.mac != 0 && len(ids) > 0 && k.oneIn(2) {
		n.nhid = pickOf(k.choices, ids)
	} else {
		n.dst = gatewayOf(unix.AF_INET, byte(100+k.n(3))).AsSlice()
	}
	k.put(n)
}

// modelRule is a rule; several can be equal.
type modelRule struct {
	family   uint8
	table    uint8
	priority uint32
	iif      string
}

// body has a flag that follows from the links there are.
func (k *kernel) rule(r *modelRule) []byte {
	if r.iif == "" {
		return ruleBody(r.family, r.table, r.priority, 0)
	}
	flags := uint32(0x8)
	if k.nameTaken(r.iif) {
		flags = 0
	}
	return ruleBody(r.family, r.table, r.priority, flags, attr(unix.FRA_IIFNAME, append([]byte(r.iif), 0)))
}

// addRule adds a rule behind those of its priority.
func (k *kernel) addRule() {
	r := &modelRule{family: unix.AF_INET, table: uint8(100 + k.n(2)), priority: uint32(1 + k.n(3))}
	if k.oneIn(3) {
		r.family = unix.AF_INET6
	}
	if k.oneIn(3) {
		r.iif = string(rune('a' + k.n(8)))
	}
	at := slices.IndexFunc(k.rules, func(o *modelRule) bool { return o.priority > r.priority })
	if at < 0 {
		at = len(k.rules)
	}
	k.note(fmt.Sprintf("rule add %+v", *r))
	k.rules = slices.Insert(k.rules, at, r)
	k.send(rtnl.Rule, false, 0, k.rule(r))
}

func (k *kernel) delRule() {
	r := pickOf(k.choices, k.rules)
	if r == nil {
		return
	}
	k.note(fmt.Sprintf("rule del %+v", *r))
	at := slices.IndexFunc(k.rules, func(o *modelRule) bool { return *o == *r })
	body := k.rule(k.rules[at])
	k.rules = slices.Delete(k.rules, at, at+1)
	k.send(rtnl.Rule, true, 0, body)
}
