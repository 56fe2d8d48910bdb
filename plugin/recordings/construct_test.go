package recordings

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/capture"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// stream writes a recording of messages that no kernel at hand sends. Its
// clock goes on by a millisecond for each record.
type stream struct {
	t     *testing.T
	w     *capture.Writer
	now   int64
	round uint32
}

// constructed returns the recording that build makes.
func constructed(t *testing.T, build func(*stream)) []byte {
	var file bytes.Buffer
	w, err := capture.NewWriter(&file, capture.Meta{Version: "test", Kernel: "constructed"})
	require.NoError(t, err)
	s := &stream{t: t, w: w, now: 1_800_000_000_000_000_000, round: 1}
	build(s)
	require.NoError(t, w.Flush())
	return file.Bytes()
}

func (s *stream) record(r capture.Record) {
	s.now += 1_000_000
	r.Time = s.now
	r.Query.Round = s.round
	require.NoError(s.t, s.w.Write(r))
}

// events writes each message as a datagram of the event socket.
func (s *stream) events(messages ...[]byte) {
	for _, m := range messages {
		s.record(capture.Record{Kind: rtnl.Events, Data: m})
	}
}

// dump writes a reply of one datagram.
func (s *stream) dump(q rtnl.Query, messages ...[]byte) {
	s.begin(q)
	s.reply(q, messages...)
	s.end(q, false)
}

func (s *stream) begin(q rtnl.Query) { s.record(capture.Record{Kind: rtnl.DumpBegin, Query: q}) }

func (s *stream) reply(q rtnl.Query, messages ...[]byte) {
	if len(messages) > 0 {
		s.record(capture.Record{Kind: rtnl.DumpData, Query: q, Data: bytes.Join(messages, nil)})
	}
}

func (s *stream) end(q rtnl.Query, interrupted bool) {
	s.record(capture.Record{Kind: rtnl.DumpEnd, Query: q, Interrupted: interrupted})
}

// overrun writes that the kernel dropped messages; what follows is asked anew.
func (s *stream) overrun() {
	s.record(capture.Record{Kind: rtnl.Overrun})
	s.round++
}

// The questions of an enumeration.
var (
	allLinks     = rtnl.Query{Object: rtnl.Link}
	allAddresses = rtnl.Query{Object: rtnl.Address, Family: unix.AF_INET}
	allRoutes    = rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Barrier: true}
	allNeighbors = rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_INET}
)

// attrs fills in the attributes of a message.
type attrs func(ae *netlink.AttributeEncoder)

// message is a netlink message: a fixed structure and attributes.
func message(typ, flags uint16, head []byte, add ...attrs) []byte {
	ae := netlink.NewAttributeEncoder()
	for _, f := range add {
		f(ae)
	}
	body, err := ae.Encode()
	if err != nil {
		panic(err) // only nested encoders fail
	}
	b := binary.NativeEndian.AppendUint32(nil, uint32(unix.SizeofNlMsghdr+len(head)+len(body)))
	b = binary.NativeEndian.AppendUint16(b, typ)
	b = binary.NativeEndian.AppendUint16(b, flags)
	b = append(b, make([]byte, 8)...) // sequence and port: the kernel's own
	return append(append(b, head...), body...)
}

// linkHead is struct ifinfomsg (uapi/linux/rtnetlink.h).
func linkHead(index, flags uint32) []byte {
	b := []byte{unix.AF_UNSPEC, 0, unix.ARPHRD_ETHER, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	binary.NativeEndian.PutUint32(b[4:], index)
	binary.NativeEndian.PutUint32(b[8:], flags)
	return b
}

// The flags of links.
const (
	linkDown    = unix.IFF_BROADCAST | unix.IFF_MULTICAST
	linkUp      = linkDown | unix.IFF_UP | unix.IFF_RUNNING | unix.IFF_LOWER_UP
	linkNoLower = linkDown | unix.IFF_UP
)

// newLink announces a link with all that a full message has.
func newLink(index uint32, name string, flags uint32, more ...attrs) []byte {
	up := flags&unix.IFF_LOWER_UP != 0
	state := map[bool]uint8{false: 2, true: 6}[up] // IF_OPER_DOWN, IF_OPER_UP
	full := func(ae *netlink.AttributeEncoder) {
		ae.String(unix.IFLA_IFNAME, name)
		ae.Uint32(unix.IFLA_MTU, 1500)
		ae.Uint32(unix.IFLA_TXQLEN, 1000)
		ae.Uint8(unix.IFLA_OPERSTATE, state)
		ae.Uint8(unix.IFLA_CARRIER, map[bool]uint8{true: 1}[up])
		ae.Bytes(unix.IFLA_ADDRESS, []byte{2, 0, 0, 0, 0, byte(index)})
	}
	return message(unix.RTM_NEWLINK, 0, linkHead(index, flags), append([]attrs{full}, more...)...)
}

func delLink(index uint32, name string) []byte {
	return message(unix.RTM_DELLINK, 0, linkHead(index, linkDown), func(ae *netlink.AttributeEncoder) {
		ae.String(unix.IFLA_IFNAME, name)
		ae.Uint32(unix.IFLA_MTU, 1500)
	})
}

// kind says what made a link.
func kind(name string) attrs {
	return func(ae *netlink.AttributeEncoder) {
		ae.Nested(unix.IFLA_LINKINFO, func(ae *netlink.AttributeEncoder) error {
			ae.String(unix.IFLA_INFO_KIND, name)
			return nil
		})
	}
}

func u32(typ uint16, v uint32) attrs {
	return func(ae *netlink.AttributeEncoder) { ae.Uint32(typ, v) }
}

func ip(typ uint16, addr string) attrs {
	return func(ae *netlink.AttributeEncoder) { ae.Bytes(typ, netip.MustParseAddr(addr).AsSlice()) }
}

// route is a message about an IPv4 route of a /24 over one gateway.
func route(typ, flags uint16, dst, via string, dev uint32) []byte {
	return routeIn(unix.RT_TABLE_MAIN, typ, flags, dst, via, dev)
}

// routeIn is route in another table.
func routeIn(table uint8, typ, flags uint16, dst, via string, dev uint32) []byte {
	head := []byte{unix.AF_INET, 24, 0, 0, table, unix.RTPROT_STATIC, unix.RT_SCOPE_UNIVERSE, unix.RTN_UNICAST, 0, 0, 0, 0}
	return message(typ, flags, head, u32(unix.RTA_TABLE, uint32(table)), ip(unix.RTA_DST, dst),
		ip(unix.RTA_GATEWAY, via), u32(unix.RTA_OIF, dev))
}

func newAddress(index uint32, addr string) []byte {
	head := binary.NativeEndian.AppendUint32([]byte{unix.AF_INET, 24, unix.IFA_F_PERMANENT, 0}, index)
	return message(unix.RTM_NEWADDR, 0, head, ip(unix.IFA_ADDRESS, addr), ip(unix.IFA_LOCAL, addr))
}

func neighbor(typ uint16, index uint32, dst string, state uint16) []byte {
	head := binary.NativeEndian.AppendUint32([]byte{unix.AF_INET, 0, 0, 0}, index)
	head = binary.NativeEndian.AppendUint16(head, state)
	return message(typ, 0, append(head, 0, unix.RTN_UNICAST), ip(unix.NDA_DST, dst),
		func(ae *netlink.AttributeEncoder) { ae.Bytes(unix.NDA_LLADDR, []byte{2, 0, 0, 0, 0, 9}) })
}
