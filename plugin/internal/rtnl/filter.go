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

// program returns f as classic BPF, nil if it has nothing to do. Only what the
// fixed header says is tested: a table above 255 passes, and is sorted out by
// its attribute later. So does a route that replaces another, whatever its
// protocol: it may replace one that is wanted. An IPv6 route may join a group or
// leave one, which have the protocol of their first member: only that it is the
// first of its prefix and metric says that it does not. A multicast route replaces
// another without saying so.
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
	var always []uint32
	for _, c := range classes {
		if c.always {
			always = append(always, uint32(c.add), uint32(c.del)) // none of them is stateless
		}
	}
	return unless(bpf.LoadAbsolute{Off: offType, Size: 2}, networkOrder(always),
		drop(bpf.LoadAbsolute{Off: offFamily, Size: 1}, widen(f.Families)))
}

// routes drops routes of other tables and protocols.
func (f Filter) routes() (p []bpf.Instruction) {
	if len(f.RouteTables) > 0 {
		small := slices.DeleteFunc(widen(f.RouteTables), func(t uint32) bool { return t > 255 })
		p = append(p, drop(bpf.LoadAbsolute{Off: offTable, Size: 1}, append(small, unix.RT_TABLE_COMPAT))...)
	}
	if len(f.RouteProtocols) > 0 {
		p = append(p, f.protocols()...)
	}
	if len(p) == 0 {
		return nil
	}
	others := skip(bpf.JumpNotEqual, networkOrder([]uint32{unix.RTM_DELROUTE})[0], len(p))
	return slices.Concat(
		unless(bpf.LoadAbsolute{Off: offType, Size: 2}, networkOrder([]uint32{unix.RTM_NEWROUTE}), others), p)
}

// protocols drops routes of other protocols that can have nothing to do with
// those of the wanted ones.
func (f Filter) protocols() (p []bpf.Instruction) {
	keep := drop(bpf.LoadAbsolute{Off: offProtocol, Size: 1}, widen(f.RouteProtocols))
	flags := bpf.LoadAbsolute{Off: offFlags, Size: 2}
	bit := func(flag uint32) uint32 { return networkOrder([]uint32{flag})[0] }
	six := append([]bpf.Instruction{flags}, skip(bpf.JumpBitsNotSet, bit(unix.NLM_F_EXCL), 1+skipLen+len(keep))...)
	p = append(p, bpf.LoadAbsolute{Off: offFamily, Size: 1})
	rest := skipLen + len(six) + 1 + skipLen + len(keep)
	p = append(p, skip(bpf.JumpEqual, IPMR, skipLen+rest)...)
	p = append(p, skip(bpf.JumpEqual, IP6MR, rest)...)
	p = append(p, skip(bpf.JumpNotEqual, unix.AF_INET6, len(six))...)
	p = append(p, six...)
	p = append(p, flags)
	p = append(p, skip(bpf.JumpBitsSet, bit(unix.NLM_F_REPLACE), len(keep))...)
	return append(p, keep...)
}

// drop loads a value and ends with "drop" unless it is one of values.
func drop(load bpf.LoadAbsolute, values []uint32) []bpf.Instruction {
	return unless(load, values, []bpf.Instruction{bpf.RetConstant{Val: 0}})
}

// unless loads a value and skips p if it is one of values.
func unless(load bpf.LoadAbsolute, values []uint32, p []bpf.Instruction) []bpf.Instruction {
	out := []bpf.Instruction{load}
	for i, v := range values {
		left := len(values) - 1 - i
		out = append(out, skip(bpf.JumpEqual, v, left*skipLen+len(p))...)
	}
	return append(out, p...)
}

// skipLen is the length of what skip returns.
const skipLen = 2

// skip skips n instructions if a condition holds. A conditional jump of classic
// BPF alone reaches 255 instructions, less than what a long list takes.
func skip(cond bpf.JumpTest, v uint32, n int) []bpf.Instruction {
	return []bpf.Instruction{
		bpf.JumpIf{Cond: cond, Val: v, SkipFalse: 1},
		bpf.Jump{Skip: uint32(n)},
	}
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
