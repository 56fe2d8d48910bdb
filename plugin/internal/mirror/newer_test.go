package mirror

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// TestWhatNobodyKnowsOfAnObjectIsKept: an attribute that a newer kernel may come
// to send is held, follows the messages, and is there for scripts that ask by
// number.
func TestWhatNobodyKnowsOfAnObjectIsKept(t *testing.T) {
	const unknown = 3000
	v4 := netip.MustParsePrefix("192.0.2.1/24")
	for name, body := range map[string]func(more ...[]byte) []byte{
		"link":    func(more ...[]byte) []byte { return linkBody(7, "x7", unix.IFF_UP, more...) },
		"address": func(more ...[]byte) []byte { return addressBody(7, v4, netip.Addr{}, more...) },
		"nexthop": func(more ...[]byte) []byte { return nexthopBody(7, more...) },
		"neighbor": func(more ...[]byte) []byte {
			return neighborBody(unix.AF_INET, 7, unix.NUD_PERMANENT, 0, attr(unix.NDA_DST, v4.Addr().AsSlice()), join(more...))
		},
		"route": func(more ...[]byte) []byte {
			return join(routeSpec{dst: netip.MustParsePrefix("198.51.100.0/24"), table: 254,
				hops: []hopSpec{{oif: 7}}}.body(), join(more...))
		},
		"netconf": func(more ...[]byte) []byte {
			return join([]byte{unix.AF_INET, 0, 0, 0}, attr32(netconfIfindex, 7), attr32(netconfForwarding, 1), attr32(5, 0), join(more...))
		},
	} {
		t.Run(name, func(t *testing.T) {
			o, ok := rtnl.ParseObject(name)
			require.True(t, ok)
			s := newStream(t)
			add := newTypes[o]
			s.event(rtnl.Message{Type: add, Body: body(attr32(unknown, 1))})
			require.Equal(t, 1, s.state.Len(o))
			held := func() (value []byte) {
				s.state.Each(o, func(b []byte) bool { value = rtnl.AttrsOf(o, b).Get(unknown); return true })
				return value
			}
			require.Equal(t, native32(1), held())
			s.event(rtnl.Message{Type: add, Flags: unix.NLM_F_REPLACE, Body: body(attr32(unknown, 2))})
			require.Equal(t, 1, s.state.Len(o))
			require.Equal(t, native32(2), held())
			s.event(rtnl.Message{Type: add + 1, Body: body(attr32(unknown, 2))})
			require.Zero(t, s.state.Len(o))
			require.Equal(t, []string{"notify new " + name, "notify delete " + name}, s.events)
		})
	}
}
