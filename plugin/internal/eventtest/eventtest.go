// Package eventtest makes events for tests, of messages as the kernel sends them.
package eventtest

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// Attr encodes one attribute.
func Attr(typ uint16, payload []byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(4+len(payload)))
	b = append(binary.NativeEndian.AppendUint16(b, typ), payload...)
	return append(b, make([]byte, (4-len(b)%4)%4)...)
}

// U32 encodes a number as the kernel does.
func U32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

// RouteBody is RTM_NEWROUTE for 10.2.3.0/24 of BGP in table main.
func RouteBody(gateway string, metric uint32) []byte {
	b := []byte{unix.AF_INET, 24, 0, 0, unix.RT_TABLE_MAIN, unix.RTPROT_BGP, unix.RT_SCOPE_UNIVERSE, unix.RTN_UNICAST, 0, 0, 0, 0}
	b = append(b, Attr(unix.RTA_TABLE, U32(unix.RT_TABLE_MAIN))...)
	b = append(b, Attr(unix.RTA_DST, []byte{10, 2, 3, 0})...)
	b = append(b, Attr(unix.RTA_PRIORITY, U32(metric))...)
	b = append(b, Attr(unix.RTA_GATEWAY, []byte(gateway))...)
	return append(b, Attr(unix.RTA_OIF, U32(2))...)
}

// LinkBody is RTM_NEWLINK of an interface that is up.
func LinkBody(name, alias string, mtu uint32) []byte {
	b := make([]byte, 16)
	binary.NativeEndian.PutUint16(b[2:], unix.ARPHRD_ETHER)
	binary.NativeEndian.PutUint32(b[4:], 2)
	binary.NativeEndian.PutUint32(b[8:], unix.IFF_UP|unix.IFF_RUNNING|unix.IFF_LOWER_UP)
	b = append(b, Attr(unix.IFLA_IFNAME, append([]byte(name), 0))...)
	b = append(b, Attr(unix.IFLA_MTU, U32(mtu))...)
	b = append(b, Attr(unix.IFLA_OPERSTATE, []byte{6})...)
	return append(b, Attr(unix.IFLA_IFALIAS, append([]byte(alias), 0))...)
}

// Links is an event.Env with one link.
type Links struct{}

// LinkName implements event.Env.
func (Links) LinkName(uint32) string { return "eth0" }

// Change makes the event of an object that was before and is now after; nil
// stands for no object.
func Change(o rtnl.Object, before, after []byte) *event.Event {
	ev := &event.Event{Object: o, Action: event.Change, Origin: event.Notify, Time: 1000, Key: 42}
	switch {
	case before == nil:
		ev.Action = event.New
	case after == nil:
		ev.Action, after = event.Delete, before
	}
	ev.New.Reset(o, after, Links{})
	ev.Old.Reset(o, before, Links{})
	if ev.Action == event.Change {
		ev.Changed = event.Diff(&ev.Old, &ev.New)
	}
	return ev
}
