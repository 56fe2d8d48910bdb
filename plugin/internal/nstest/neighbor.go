package nstest

import (
	"encoding/binary"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// states are the NUD_* words of iproute2.
var states = map[string]uint32{
	"none": unix.NUD_NONE, "incomplete": unix.NUD_INCOMPLETE, "reachable": unix.NUD_REACHABLE,
	"stale": unix.NUD_STALE, "delay": unix.NUD_DELAY, "probe": unix.NUD_PROBE,
	"failed": unix.NUD_FAILED, "noarp": unix.NUD_NOARP, "permanent": unix.NUD_PERMANENT,
}

// neighbor is struct ndmsg (uapi/linux/neighbour.h) and its attributes.
type neighbor struct {
	*args
	ae    *netlink.AttributeEncoder
	index uint32
	state uint16
	flags uint8
}

func (w *neighbor) header(family uint8) []byte {
	b := binary.NativeEndian.AppendUint32([]byte{family, 0, 0, 0}, w.index)
	b = binary.NativeEndian.AppendUint16(b, w.state)
	return append(b, w.flags, 0)
}

// parseNeighbor reads the rest of "neigh add|change|replace|del [proxy] ADDR
// [lladdr MAC] dev DEV [nud STATE] [router] [extern_learn] [managed|extern_valid]".
func parseNeighbor(a *args, r *Request) {
	w := &neighbor{args: a, ae: netlink.NewAttributeEncoder(), state: unix.NUD_PERMANENT}
	if a.skip("proxy") {
		w.flags = unix.NTF_PROXY
	}
	w.ae.Bytes(unix.NDA_DST, a.addr().AsSlice())
	a.keywords(map[string]func(){
		"lladdr":       func() { w.ae.Bytes(unix.NDA_LLADDR, a.lladdr()) },
		"dev":          func() { w.index = a.dev() },
		"nud":          func() { w.state = uint16(a.word(states)) },
		"proto":        func() { w.ae.Uint8(ndaProtocol, uint8(a.word(protocols))) },
		"router":       func() { w.flags |= unix.NTF_ROUTER },
		"extern_learn": func() { w.flags |= unix.NTF_EXT_LEARNED },
		"use":          func() { w.flags |= unix.NTF_USE },
		"managed":      func() { w.ae.Uint32(ndaFlagsExt, ntfExtManaged) },
		"extern_valid": func() { w.ae.Uint32(ndaFlagsExt, ntfExtValidated) },
	})
	r.Body = a.encode(w.header(a.family), w.ae)
}

// parseFDB reads the rest of "fdb add|append|replace|del MAC dev DEV [self]
// [master] [dst ADDR] [vlan N] [vni N] [src_vni N] [port N] [via DEV] [nhid N] [local|static|dynamic]
// [extern_learn] [router] [sticky] [use]".
func parseFDB(a *args, r *Request) {
	w := &neighbor{args: a, ae: netlink.NewAttributeEncoder()}
	w.ae.Bytes(unix.NDA_LLADDR, a.lladdr())
	a.keywords(w.fdbOptions())
	if w.flags&(unix.NTF_SELF|unix.NTF_MASTER) == 0 {
		w.flags |= unix.NTF_SELF
	}
	if w.state&(unix.NUD_NOARP|unix.NUD_REACHABLE) == 0 {
		w.state |= unix.NUD_PERMANENT
	}
	r.Body = a.encode(w.header(unix.AF_BRIDGE), w.ae)
}

func (w *neighbor) fdbOptions() map[string]func() {
	flag := func(bit uint8) func() { return func() { w.flags |= bit } }
	state := func(s uint16) func() { return func() { w.state |= s } }
	u32 := func(typ uint16) func() { return func() { w.ae.Uint32(typ, w.u32()) } }
	return map[string]func(){
		"dev":          func() { w.index = w.dev() },
		"dst":          func() { w.ae.Bytes(unix.NDA_DST, w.addr().AsSlice()) },
		"vlan":         func() { w.ae.Uint16(unix.NDA_VLAN, w.u16()) },
		"port":         func() { w.ae.Bytes(unix.NDA_PORT, bigEndian(w.u16())) },
		"vni":          u32(unix.NDA_VNI),
		"via":          func() { w.ae.Uint32(unix.NDA_IFINDEX, w.dev()) },
		"src_vni":      u32(unix.NDA_SRC_VNI),
		"nhid":         u32(ndaNHID),
		"self":         flag(unix.NTF_SELF),
		"master":       flag(unix.NTF_MASTER),
		"router":       flag(unix.NTF_ROUTER),
		"extern_learn": flag(unix.NTF_EXT_LEARNED),
		"sticky":       flag(ntfSticky),
		"use":          flag(unix.NTF_USE),
		"local":        state(unix.NUD_PERMANENT),
		"permanent":    state(unix.NUD_PERMANENT),
		"static":       state(unix.NUD_NOARP),
		"dynamic":      state(unix.NUD_REACHABLE),
	}
}
