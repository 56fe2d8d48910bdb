package event

import (
	"encoding/binary"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// seconds is a number in network order.
func seconds(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

// options are options of advertisements with the type and the values of each.
var options = []struct {
	option []byte
	want   map[string]any
}{
	{nstest.Option(3, slices.Concat([]byte{64, 0xf0}, seconds(86400), seconds(1<<32-1), make([]byte, 4), net6("2001:db8:5::"))...), map[string]any{
		"type": "prefix_info", "prefix": "2001:db8:5::/64", "flags": "onlink,autoconf,router_address,pd", "valid_lft": int64(86400), "preferred_lft": int64(1<<32 - 1)}},
	{nstest.Option(25, slices.Concat([]byte{0, 0}, seconds(600), net6("2001:db8::53"), net6("fe80::53"))...), map[string]any{
		"type": "rdnss", "lifetime": int64(600), "servers": "2001:db8::53,fe80::53"}},
	{nstest.Option(31, slices.Concat([]byte{0, 0}, seconds(0), []byte("\x07example\x03org\x00\x03a b\x00"))...), map[string]any{
		"type": "dnssl", "lifetime": int64(0), "domains": "example.org,a\\032b"}},
	{nstest.Option(37, []byte("https://login.example/?a")...), map[string]any{"type": "captive_portal", "uri": "https://login.example/?a"}},
	{nstest.Option(38, slices.Concat([]byte{0x07, 0x08}, net6("64:ff9b::")[:12])...), map[string]any{
		"type": "pref64", "lifetime": int64(1800), "prefix": "64:ff9b::/96"}},
	{nstest.Option(38, slices.Concat([]byte{0xff, 0xfd}, net6("2001:db8::")[:12])...), map[string]any{
		"type": "pref64", "lifetime": int64(65528), "prefix": "2001:db8::/32"}},
	{nstest.Option(34, []byte("1234567890abcd")...), map[string]any{"type": "6co", "data": "3132333435363738393061626364"}},
	{nstest.Option(200, 1, 2), map[string]any{"type": "200", "data": "010200000000"}},
	// Of these the kernel passes on what it does not look into.
	{nstest.Option(38, slices.Concat([]byte{0, 7}, net6("64:ff9b::")[:12])...), map[string]any{
		"type": "pref64", "data": "0007" + "0064ff9b" + strings.Repeat("00", 8)}},
	{nstest.Option(25, make([]byte, 14)...), map[string]any{"type": "rdnss", "data": strings.Repeat("00", 14)}},
	{nstest.Option(31, slices.Concat([]byte{0, 0}, seconds(7), []byte("\x3fshort"))...), map[string]any{"type": "dnssl", "lifetime": int64(7)}},
	{nstest.Option(37, make([]byte, 6)...), map[string]any{"type": "captive_portal"}},
}

func net6(text string) []byte { return netip.MustParseAddr(text).AsSlice() }

// userOption is the message about an option that fe80::9 sent.
func userOption(option []byte) []byte {
	head := append([]byte{unix.AF_INET6, 0}, binary.NativeEndian.AppendUint16(nil, uint16(len(option)))...)
	head = append(binary.NativeEndian.AppendUint32(head, 10), 134, 0, 0, 0, 0, 0, 0, 0)
	return slices.Concat(head, option, attrs(func(ae *netlink.AttributeEncoder) { ae.Bytes(1, net6("fe80::9")) }))
}

// takenPrefix is the message about a prefix that the kernel took.
func takenPrefix() []byte {
	head := binary.NativeEndian.AppendUint32([]byte{unix.AF_INET6, 0, 0, 0}, 10)
	return slices.Concat(head, []byte{3, 64, 3, 0}, attrs(func(ae *netlink.AttributeEncoder) {
		ae.Bytes(1, net6("2001:db8:5::"))
		ae.Bytes(2, binary.NativeEndian.AppendUint32(binary.NativeEndian.AppendUint32(nil, 14400), 86400))
	}))
}

func noticeBody(typ uint16, body []byte) []byte {
	b, err := rtnl.NoticeBody(typ, body, nil)
	if err != nil {
		panic(err)
	}
	return b
}

func noticeBodies() (list [][]byte) {
	for _, o := range options {
		list = append(list, noticeBody(unix.RTM_NEWNDUSEROPT, userOption(o.option)))
	}
	return append(list, noticeBody(unix.RTM_NEWPREFIX, takenPrefix()))
}

func TestOptionsOfAdvertisements(t *testing.T) {
	for _, o := range options {
		want := map[string]any{"interface": "v0", "ifindex": int64(10), "router": "fe80::9"}
		maps.Copy(want, o.want)
		require.Equal(t, want, valuesOf(viewOf(rtnl.Notice, noticeBody(unix.RTM_NEWNDUSEROPT, userOption(o.option)), bridgeLinks)))
	}
	require.Equal(t, map[string]any{"interface": "v0", "ifindex": int64(10), "type": "prefix", "prefix": "2001:db8:5::/64",
		"flags": "onlink,autoconf", "valid_lft": int64(86400), "preferred_lft": int64(14400)},
		valuesOf(viewOf(rtnl.Notice, noticeBody(unix.RTM_NEWPREFIX, takenPrefix()), bridgeLinks)))
}

// TestNoticesThatMakeNoSense: what is cut anywhere is refused, or says less.
func TestNoticesThatMakeNoSense(t *testing.T) {
	for typ, whole := range map[uint16][]byte{unix.RTM_NEWPREFIX: takenPrefix(), unix.RTM_NEWNDUSEROPT: userOption(options[1].option)} {
		for n := range whole {
			body, err := rtnl.NoticeBody(typ, whole[:n], nil)
			if err != nil {
				require.ErrorIs(t, err, rtnl.ErrMalformed)
				continue
			}
			require.True(t, rtnl.AttrsOf(rtnl.Notice, body).Valid(), n)
			valuesOf(viewOf(rtnl.Notice, body, bridgeLinks))
		}
	}
	none := userOption(nil)
	_, err := rtnl.NoticeBody(unix.RTM_NEWNDUSEROPT, none, nil)
	require.ErrorIs(t, err, rtnl.ErrMalformed)
}

func FuzzNoticeMessage(f *testing.F) {
	for _, o := range options {
		f.Add(true, userOption(o.option))
	}
	f.Add(false, takenPrefix())
	f.Fuzz(func(t *testing.T, option bool, message []byte) {
		typ := uint16(unix.RTM_NEWPREFIX)
		if option {
			typ = unix.RTM_NEWNDUSEROPT
		}
		body, err := rtnl.NoticeBody(typ, message, nil)
		if err != nil {
			require.ErrorIs(t, err, rtnl.ErrMalformed)
			return
		}
		v := viewOf(rtnl.Notice, body, bridgeLinks)
		for i, field := range Fields(rtnl.Notice) {
			checkValue(t, field, v.Value(i))
		}
	})
}
