package rtnl

import (
	"encoding/binary"
	"slices"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// Filter says which messages the event socket is to let through. An empty
// member lets all through; links and nexthop objects always pass, since others
// depend on them.
type Filter struct {
	RouteTables    []uint32
	RouteProtocols []uint8
	Families       []uint8 // AF_*
}

// Empty reports whether f lets everything through.
func (f Filter) Empty() bool {
	return len(f.RouteTables)+len(f.RouteProtocols)+len(f.Families) == 0
}

// Offsets in a datagram, which is one message on the event socket: nlmsghdr,
// then rtmsg (uapi/linux/netlink.h, rtnetlink.h).
const (
	offType     = 4
	offFlags    = 6
	offFamily   = 16
	offTable    = 20
	offProtocol = 21
)

// maxJump bounds what a conditional jump of classic BPF can skip.
const maxJump = 200

// program returns f as classic BPF, nil if it has nothing to do. Only what the
// fixed header says is tested: a table above 255 passes, and is sorted out by
// its attribute later. So does a route that replaces another, whatever its
// protocol: it may replace one that is wanted.
func (f Filter) program() ([]bpf.RawInstruction, error) {
	if f.Empty() {
		return nil, nil
	}
	var p []bpf.Instruction
	p = append(p, f.families()...)
	p = append(p, f.routes()...)
	p = append(p, bpf.RetConstant{Val: 1<<32 - 1})
	return bpf.Assemble(p)
}

// families lets pass what is of a wanted family, or of a class without one.
func (f Filter) families() []bpf.Instruction {
	if len(f.Families) == 0 {
		return nil
	}
	always := []uint32{unix.RTM_NEWLINK, unix.RTM_DELLINK, unix.RTM_NEWNEXTHOP, unix.RTM_DELNEXTHOP}
	p := unless(bpf.LoadAbsolute{Off: offType, Size: 2}, networkOrder(always), 1+len(f.Families)+1)
	return append(p, drop(bpf.LoadAbsolute{Off: offFamily, Size: 1}, widen(f.Families))...)
}

// routes drops routes of other tables and protocols.
func (f Filter) routes() (p []bpf.Instruction) {
	tables := widen(f.RouteTables)
	if small := slices.DeleteFunc(tables, func(t uint32) bool { return t > 255 }); len(f.RouteTables) > 0 {
		p = append(p, drop(bpf.LoadAbsolute{Off: offTable, Size: 1}, append(small, unix.RT_TABLE_COMPAT))...)
	}
	if len(f.RouteProtocols) > 0 {
		keep := drop(bpf.LoadAbsolute{Off: offProtocol, Size: 1}, widen(f.RouteProtocols))
		p = append(p, bpf.LoadAbsolute{Off: offFlags, Size: 2},
			bpf.JumpIf{Cond: bpf.JumpBitsSet, Val: networkOrder([]uint32{unix.NLM_F_REPLACE})[0], SkipTrue: uint8(len(keep))})
		p = append(p, keep...)
	}
	if len(p) == 0 {
		return nil
	}
	routes := networkOrder([]uint32{unix.RTM_NEWROUTE, unix.RTM_DELROUTE})
	return append([]bpf.Instruction{
		bpf.LoadAbsolute{Off: offType, Size: 2},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: routes[0], SkipTrue: 1},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: routes[1], SkipTrue: uint8(len(p))},
	}, p...)
}

// drop loads a value and ends with "drop" unless it is one of values.
func drop(load bpf.LoadAbsolute, values []uint32) []bpf.Instruction {
	p := unless(load, values, 1)
	return append(p, bpf.RetConstant{Val: 0})
}

// unless loads a value and skips the n instructions that follow if it is one of
// values.
func unless(load bpf.LoadAbsolute, values []uint32, n int) []bpf.Instruction {
	p := []bpf.Instruction{load}
	for i, v := range values {
		p = append(p, bpf.JumpIf{Cond: bpf.JumpEqual, Val: v, SkipTrue: uint8(len(values) - 1 - i + n)})
	}
	return p
}

// networkOrder turns 16-bit numbers of the machine's order into what a load in
// BPF, which is in network order, finds.
func networkOrder(values []uint32) (out []uint32) {
	for _, v := range values {
		b := binary.NativeEndian.AppendUint16(nil, uint16(v))
		out = append(out, uint32(binary.BigEndian.Uint16(b)))
	}
	return out
}

func widen[T uint8 | uint32](values []T) (out []uint32) {
	for _, v := range values {
		out = append(out, uint32(v))
	}
	return out
}
