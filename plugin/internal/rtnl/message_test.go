package rtnl

import (
	"encoding/binary"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestPartsAreWhereTheKernelHasThem(t *testing.T) {
	var (
		link    unix.IfInfomsg
		address unix.IfAddrmsg
		route   unix.RtMsg
		entry   unix.NdMsg
	)
	for name, tt := range map[string]struct {
		part         Part
		offset, size uintptr
	}{
		"ifi_family":    {Family, unsafe.Offsetof(link.Family), unsafe.Sizeof(link.Family)},
		"ifi_type":      {LinkType, unsafe.Offsetof(link.Type), unsafe.Sizeof(link.Type)},
		"ifi_index":     {LinkIndex, unsafe.Offsetof(link.Index), unsafe.Sizeof(link.Index)},
		"ifi_flags":     {LinkFlags, unsafe.Offsetof(link.Flags), unsafe.Sizeof(link.Flags)},
		"ifi_change":    {LinkChange, unsafe.Offsetof(link.Change), unsafe.Sizeof(link.Change)},
		"ifa_family":    {Family, unsafe.Offsetof(address.Family), unsafe.Sizeof(address.Family)},
		"ifa_prefixlen": {AddressPrefixLen, unsafe.Offsetof(address.Prefixlen), unsafe.Sizeof(address.Prefixlen)},
		"ifa_flags":     {AddressFlags, unsafe.Offsetof(address.Flags), unsafe.Sizeof(address.Flags)},
		"ifa_scope":     {AddressScope, unsafe.Offsetof(address.Scope), unsafe.Sizeof(address.Scope)},
		"ifa_index":     {AddressIndex, unsafe.Offsetof(address.Index), unsafe.Sizeof(address.Index)},
		"rtm_family":    {Family, unsafe.Offsetof(route.Family), unsafe.Sizeof(route.Family)},
		"rtm_dst_len":   {RouteDstLen, unsafe.Offsetof(route.Dst_len), unsafe.Sizeof(route.Dst_len)},
		"rtm_src_len":   {RouteSrcLen, unsafe.Offsetof(route.Src_len), unsafe.Sizeof(route.Src_len)},
		"rtm_tos":       {RouteTOS, unsafe.Offsetof(route.Tos), unsafe.Sizeof(route.Tos)},
		"rtm_table":     {RouteTable, unsafe.Offsetof(route.Table), unsafe.Sizeof(route.Table)},
		"rtm_protocol":  {RouteProtocol, unsafe.Offsetof(route.Protocol), unsafe.Sizeof(route.Protocol)},
		"rtm_scope":     {RouteScope, unsafe.Offsetof(route.Scope), unsafe.Sizeof(route.Scope)},
		"rtm_type":      {RouteType, unsafe.Offsetof(route.Type), unsafe.Sizeof(route.Type)},
		"rtm_flags":     {RouteFlags, unsafe.Offsetof(route.Flags), unsafe.Sizeof(route.Flags)},
		"ndm_family":    {Family, unsafe.Offsetof(entry.Family), unsafe.Sizeof(entry.Family)},
		"ndm_ifindex":   {NeighborIndex, unsafe.Offsetof(entry.Ifindex), unsafe.Sizeof(entry.Ifindex)},
		"ndm_state":     {NeighborState, unsafe.Offsetof(entry.State), unsafe.Sizeof(entry.State)},
		"ndm_flags":     {NeighborFlags, unsafe.Offsetof(entry.Flags), unsafe.Sizeof(entry.Flags)},
	} {
		require.EqualValues(t, tt.offset, tt.part.Offset(), name)
		require.EqualValues(t, tt.size, tt.part.Size(), name)
	}
}

func TestPartsOfShortBodies(t *testing.T) {
	body := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	for _, p := range []Part{Family, LinkType, LinkIndex, LinkFlags, RouteFlags, NeighborState, NexthopFlags} {
		whole := append(make([]byte, 4-p.Size()), p.Bytes(body)...)
		require.Len(t, whole, 4)
		require.NotZero(t, p.Uint(body))
		for n := range p.Offset() + p.Size() {
			require.Zero(t, p.Uint(body[:n]), "%d bytes", n)
			require.Nil(t, p.Bytes(body[:n]))
		}
	}
	require.Equal(t, uint8(7), RouteScope.Uint8(body))
	require.Zero(t, RouteScope.Uint8(body[:6]))
	require.Zero(t, RouteScope.Uint8(nil))
	for _, short := range [][]byte{nil, {2}, body[:4]} {
		require.Zero(t, RouteMsg(short).Flags())
		require.Nil(t, RouteMsg(short).Hops())
		require.Nil(t, NexthopMsg(short).Members())
		require.Nil(t, AddressMsg(short).Local())
		require.Zero(t, RouteMsg(short).Table())
		require.Equal(t, LinkInfo{}, LinkMsg(short).Info())
	}
}

func TestTablesAbove255AreInAnAttribute(t *testing.T) {
	body := make([]byte, Route.HeaderLen())
	body[RouteTable.Offset()] = unix.RT_TABLE_COMPAT
	require.Equal(t, uint32(252), RouteMsg(body).Table())
	require.Equal(t, uint32(252), RuleMsg(body).Table())
	wide := append(body, attr(unix.RTA_TABLE, binary.NativeEndian.AppendUint32(nil, 100_000))...)
	require.Equal(t, uint32(100_000), RouteMsg(wide).Table())
	require.Equal(t, uint32(100_000), RuleMsg(wide).Table(), "FRA_TABLE is RTA_TABLE")
}

func TestHopsAreReadAsTheyAreWritten(t *testing.T) {
	list := []Hop{
		{Flags: unix.RTNH_F_ONLINK, Weight: 4, Link: 1 << 20, Attrs: attr(unix.RTA_GATEWAY, []byte{1, 2, 3, 4})},
		{Link: 7},
		{Link: 9, Attrs: append(attr(unix.RTA_VIA, []byte{10, 0, 1, 2, 3, 4}), attr(unix.RTA_FLOW, []byte{1, 0, 0, 0})...)},
	}
	var payload Hops
	for _, h := range list {
		payload = payload.Append(h)
	}
	var got []Hop
	for h, rest, ok := payload.Next(); ok; h, rest, ok = rest.Next() {
		if len(h.Attrs) == 0 {
			h.Attrs = nil
		}
		got = append(got, h)
	}
	require.Equal(t, list, got)
	body := append(make([]byte, Route.HeaderLen()), attr(unix.RTA_MULTIPATH, payload)...)
	require.Equal(t, payload, RouteMsg(body).Hops())
	*payload.Flags() = unix.RTNH_F_DEAD
	h, _, _ := payload.Next()
	require.EqualValues(t, unix.RTNH_F_DEAD, h.Flags)
	for n := range len(payload) {
		for _, rest, ok := payload[:n].Next(); ok; _, rest, ok = rest.Next() {
			require.Less(t, len(rest), n) // it ends, and within what is there
		}
	}
	for _, bad := range []Hops{{7, 0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0}, {9, 0, 0, 0, 0, 0, 0, 0}} {
		_, _, ok := bad.Next()
		require.False(t, ok)
	}
}

func TestMembersHaveWeightsOf16Bits(t *testing.T) {
	id := binary.NativeEndian.AppendUint32(nil, 70_000)
	one := append(id, 255, 1, 0, 0)
	m, rest, ok := Members(append(one, one[:7]...)).Next()
	require.True(t, ok)
	require.Equal(t, Member{ID: 70_000, Weight: 512, Raw: one}, m)
	_, _, ok = rest.Next()
	require.False(t, ok, "7 bytes")
}

func TestViaOfBothFamilies(t *testing.T) {
	family, addr := Via(attr(unix.RTA_GATEWAY, []byte{1, 2, 3, 4}))
	require.EqualValues(t, unix.AF_UNSPEC, family)
	require.Equal(t, []byte{1, 2, 3, 4}, addr)
	family, addr = Via(attr(unix.RTA_VIA, append(binary.NativeEndian.AppendUint16(nil, unix.AF_INET6), 1, 2)))
	require.EqualValues(t, unix.AF_INET6, family)
	require.Equal(t, []byte{1, 2}, addr)
	_, addr = Via(attr(unix.RTA_VIA, []byte{10, 0}))
	require.Nil(t, addr)
}

func TestLinkInfoTakesApartWhatDriversSay(t *testing.T) {
	info := append(attr(unix.IFLA_INFO_KIND, []byte("vlan\x00")), attr(unix.IFLA_INFO_SLAVE_KIND, []byte("bond"))...)
	info = append(info, attr(unix.IFLA_INFO_DATA|unix.NLA_F_NESTED, attr(1, []byte{5, 0}))...)
	body := append(make([]byte, Link.HeaderLen()), attr(unix.IFLA_LINKINFO, info)...)
	got := LinkMsg(body).Info()
	require.Equal(t, "vlan", string(got.Kind))
	require.Equal(t, "bond", string(got.PortKind))
	require.Equal(t, []byte{5, 0}, got.Data.Get(1))
	require.Nil(t, got.PortData)
}
