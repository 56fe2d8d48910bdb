package mirror

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// labelPath is one path of a route of MPLS: the labels that it pushes, the next
// router and the link.
type labelPath struct {
	labels []uint32
	via    []byte
	link   uint32
}

var (
	viaOne = labelPath{[]uint32{200}, []byte{10, 0, 0, 9}, 2}
	viaTwo = labelPath{[]uint32{201, 301}, []byte{10, 0, 1, 9}, 3}
	popped = labelPath{nil, []byte{10, 0, 1, 8}, 3}
)

func (p labelPath) attributes(ae *netlink.AttributeEncoder) {
	if len(p.labels) > 0 {
		ae.Bytes(unix.RTA_NEWDST, labelStack(p.labels...))
	}
	ae.Bytes(unix.RTA_VIA, append(binary.NativeEndian.AppendUint16(nil, unix.AF_INET), p.via...))
}

// labelStack is struct mpls_label (uapi/linux/mpls.h): the last has the bit S.
func labelStack(labels ...uint32) (b []byte) {
	for i, l := range labels {
		entry := l << 12
		if i == len(labels)-1 {
			entry |= 1 << 8
		}
		b = binary.BigEndian.AppendUint32(b, entry)
	}
	return b
}

// labelRoute is a message as mpls_dump_route() writes it (net/mpls/af_mpls.c);
// list says that there are several paths, if not any more.
func labelRoute(t *testing.T, typ, flags uint16, label uint32, protocol uint8, list bool, paths ...labelPath) rtnl.Message {
	t.Helper()
	ae := netlink.NewAttributeEncoder()
	ae.Bytes(unix.RTA_DST, labelStack(label))
	if list || len(paths) > 1 {
		var hops rtnl.Hops
		for _, p := range paths {
			inner := netlink.NewAttributeEncoder()
			p.attributes(inner)
			b, err := inner.Encode()
			require.NoError(t, err)
			hops = hops.Append(rtnl.Hop{Link: p.link, Attrs: b})
		}
		ae.Bytes(unix.RTA_MULTIPATH, hops)
	} else {
		paths[0].attributes(ae)
		ae.Uint32(unix.RTA_OIF, paths[0].link)
	}
	attrs, err := ae.Encode()
	require.NoError(t, err)
	return rtnl.Message{Type: typ, Flags: flags,
		Body: append([]byte{unix.AF_MPLS, 20, 0, 0, unix.RT_TABLE_MAIN, protocol, 0, unix.RTN_UNICAST, 0, 0, 0, 0}, attrs...)}
}

// labels is a mirror of two links, fed with messages, and what its events say.
type labels struct {
	*stream
	told []string
}

func newLabels(t *testing.T, show func([]byte) bool) *labels {
	l := &labels{stream: &stream{t: t}}
	names := []string{"action", "dst", "newdst", "gateway", "interface", "nexthops", "changed"}
	l.state = New(Config{Report: all, Track: all, Initial: all, Show: show, Emit: func(e *event.Event) {
		if e.Object != rtnl.Route {
			return
		}
		words := []string{fmt.Sprint(e.Origin), fmt.Sprint(e.Action)}
		for i, f := range event.Fields(e.Object) {
			for _, name := range names {
				if v := e.New.Value(i); f.Name == name && v.Kind != event.None {
					words = append(words, name+"="+valueText(v))
				}
			}
		}
		l.told = append(l.told, strings.Join(words, " "))
	}})
	l.state.Begin(rtnl.Query{Object: rtnl.Link}, true)
	for _, index := range []uint32{2, 3} {
		require.NoError(t, l.state.Record(l.linkOf(unix.RTM_NEWLINK, index, unix.IFF_UP), 1))
	}
	l.state.End(false, nil, 1)
	l.told = nil
	return l
}

func (l *labels) link(typ uint16, index, flags uint32) { l.event(l.linkOf(typ, index, flags)) }

func (l *labels) linkOf(typ uint16, index, flags uint32) rtnl.Message {
	m := linkMessage(l.t, typ, unix.AF_UNSPEC, "dummy", nil)
	binary.NativeEndian.PutUint32(m.Body[4:], index)
	binary.NativeEndian.PutUint32(m.Body[8:], flags)
	copy(m.Body[unix.SizeofIfInfomsg+4:], fmt.Sprintf("d%d", index))
	return m
}

// TestRoutesOfLabels tells what the kernel tells of MPLS, with the routes of the
// namespace as a scene has them on a kernel that has it.
func TestRoutesOfLabels(t *testing.T) {
	const add, del, replace = unix.RTM_NEWROUTE, unix.RTM_DELROUTE, unix.NLM_F_REPLACE
	for _, tt := range []struct {
		name string
		show func([]byte) bool
		play func(l *labels)
		want []string
		left int
	}{
		{name: "a label, replaced and deleted", play: func(l *labels) {
			l.event(labelRoute(t, add, unix.NLM_F_CREATE|unix.NLM_F_EXCL, 100, 4, false, viaOne))
			l.event(labelRoute(t, add, replace, 100, 4, false, viaTwo))
			l.event(labelRoute(t, add, replace, 100, 4, false, viaTwo))
			l.event(labelRoute(t, add, replace, 100, 4, false, viaOne, popped))
			l.event(labelRoute(t, del, 0, 100, 4, false, viaOne, popped))
		}, want: []string{
			"notify new interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
			"notify change interface=d3 dst=100 gateway=10.0.1.9 newdst=201/301",
			"notify change dst=100 nexthops=as to 200 via inet 10.0.0.9 dev d2; via inet 10.0.1.8 dev d3",
			"notify delete dst=100 nexthops=as to 200 via inet 10.0.0.9 dev d2; via inet 10.0.1.8 dev d3",
		}},
		{name: "two labels are two routes", play: func(l *labels) {
			l.event(labelRoute(t, add, 0, 100, 4, false, viaOne))
			l.event(labelRoute(t, add, 0, 101, 4, false, viaOne))
			l.event(labelRoute(t, del, 0, 100, 4, false, viaOne))
			l.event(labelRoute(t, del, 0, 100, 4, false, viaOne))
		}, want: []string{
			"notify new interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
			"notify new interface=d2 dst=101 gateway=10.0.0.9 newdst=200",
			"notify delete interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
		}, left: 1},
		{name: "a link set down and without carrier takes nothing", play: func(l *labels) {
			l.event(labelRoute(t, add, 0, 100, 4, false, viaOne))
			l.event(labelRoute(t, add, 0, 101, 4, false, viaOne, popped))
			l.link(unix.RTM_NEWLINK, 2, 0)
			l.link(unix.RTM_NEWLINK, 3, 0)
			l.link(unix.RTM_NEWLINK, 2, unix.IFF_UP)
		}, want: []string{
			"notify new interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
			"notify new dst=101 nexthops=as to 200 via inet 10.0.0.9 dev d2; via inet 10.0.1.8 dev d3",
		}, left: 2},
		{name: "a link that ends takes its paths, silently", play: func(l *labels) {
			l.event(labelRoute(t, add, 0, 100, 4, false, viaOne))
			l.event(labelRoute(t, add, 0, 101, 4, false, viaOne, popped))
			l.event(labelRoute(t, add, 0, 102, 4, false, viaTwo))
			l.link(unix.RTM_DELLINK, 2, 0)
			l.event(labelRoute(t, del, 0, 101, 4, true, popped))
		}, want: []string{
			"notify new interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
			"notify new dst=101 nexthops=as to 200 via inet 10.0.0.9 dev d2; via inet 10.0.1.8 dev d3",
			"notify new interface=d3 dst=102 gateway=10.0.1.9 newdst=201/301",
			"implied delete interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
			"implied change dst=101 nexthops=via inet 10.0.1.8 dev d3",
			"notify delete dst=101 nexthops=via inet 10.0.1.8 dev d3",
		}, left: 1},
		{name: "or with messages", play: func(l *labels) {
			l.event(labelRoute(t, add, 0, 100, 4, false, viaOne))
			l.event(labelRoute(t, add, 0, 101, 4, false, viaOne, popped))
			l.event(labelRoute(t, del, 0, 100, 4, false, viaOne))
			l.event(labelRoute(t, add, replace, 101, 4, true, popped))
			l.link(unix.RTM_DELLINK, 2, 0)
		}, want: []string{
			"notify new interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
			"notify new dst=101 nexthops=as to 200 via inet 10.0.0.9 dev d2; via inet 10.0.1.8 dev d3",
			"notify delete interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
			"notify change dst=101 nexthops=via inet 10.0.1.8 dev d3",
		}, left: 1},
		{name: "the last path of a list goes with its link", play: func(l *labels) {
			l.event(labelRoute(t, add, 0, 101, 4, true, viaTwo, popped))
			l.link(unix.RTM_DELLINK, 3, 0)
		}, want: []string{
			"notify new dst=101 nexthops=as to 201/301 via inet 10.0.1.9 dev d3; via inet 10.0.1.8 dev d3",
			"implied delete dst=101 nexthops=as to 201/301 via inet 10.0.1.9 dev d3; via inet 10.0.1.8 dev d3",
		}},
		{name: "another protocol is left out", show: func(b []byte) bool { return RouteProtocol(b) == 4 }, play: func(l *labels) {
			l.event(labelRoute(t, add, 0, 100, 12, false, viaOne))
			l.event(labelRoute(t, add, replace, 100, 4, false, viaOne))
			l.event(labelRoute(t, add, replace, 100, 12, false, viaOne))
			l.event(labelRoute(t, del, 0, 100, 12, false, viaOne))
		}, want: []string{
			"notify new interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
			"notify delete interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLabels(t, tt.show)
			tt.play(l)
			require.Equal(t, tt.want, l.told)
			require.Equal(t, tt.left, l.state.Len(rtnl.Route))
			for _, q := range l.state.Wants() {
				require.NotEqual(t, uint8(unix.AF_MPLS), q.Family, "each rule is certain: %s", q)
			}
		})
	}
}

func TestDumpsOfLabels(t *testing.T) {
	const add = unix.RTM_NEWROUTE
	query := rtnl.Query{Object: rtnl.Route, Family: unix.AF_MPLS}
	l := newLabels(t, nil)
	record := func(m rtnl.Message) { require.NoError(t, l.state.Record(m, 1)) }
	l.state.Begin(query, true)
	record(labelRoute(t, add, unix.NLM_F_MULTI, 100, 4, false, viaOne))
	l.event(labelRoute(t, add, unix.NLM_F_REPLACE, 101, 4, false, viaTwo)) // the record of it is older
	record(labelRoute(t, add, unix.NLM_F_MULTI, 101, 4, false, viaOne))
	record(labelRoute(t, add, unix.NLM_F_MULTI, 102, 4, false, viaOne, popped))
	l.state.End(false, nil, 1)
	require.Equal(t, 3, l.state.Len(rtnl.Route))
	l.told = nil
	for range missedLimit { // the class rests: one is enough, and others change nothing
		l.state.Begin(query, false)
		record(labelRoute(t, add, unix.NLM_F_MULTI, 101, 4, false, viaTwo))
		l.state.End(false, nil, 1)
	}
	require.Equal(t, []string{
		"resync delete interface=d2 dst=100 gateway=10.0.0.9 newdst=200",
		"resync delete dst=102 nexthops=as to 200 via inet 10.0.0.9 dev d2; via inet 10.0.1.8 dev d3",
	}, l.told)

	l.told = nil
	l.state.Begin(query, false) // a kernel that has unloaded its module
	require.False(t, l.state.End(false, nil, 1).Again)
	require.Equal(t, []string{"resync delete interface=d3 dst=101 gateway=10.0.1.9 newdst=201/301"}, l.told)

	l.told = nil
	l.event(labelRoute(t, add, 0, 100, 4, false, viaOne))
	l.state.Begin(query, false) // a reply that did not come says nothing
	require.True(t, l.state.End(false, errors.New("no answer"), 1).Again)
	require.Equal(t, 1, l.state.Len(rtnl.Route))
}
