package mirror

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// A deletion that the mirror has foreseen comes all the same. It must not hit
// another route of the same way.
func TestDeletionOfAnIPv4RouteMeansThatRouteAlone(t *testing.T) {
	route := func(src string, typ, flags uint16) rtnl.Message {
		r := nstest.Route{Dst: netip.MustParsePrefix("20.0.0.0/24"), PrefSrc: netip.MustParseAddr(src),
			Nexthops: []nstest.Nexthop{{Via: netip.MustParseAddr("10.0.0.9"), Dev: 2}}}
		req, err := r.Request("add")
		require.NoError(t, err)
		return rtnl.Message{Type: typ, Flags: flags, Body: req.Body}
	}
	s := newStream(t)
	s.event(route("10.0.0.1", unix.RTM_NEWROUTE, unix.NLM_F_CREATE|unix.NLM_F_EXCL))
	s.event(route("10.0.0.2", unix.RTM_NEWROUTE, unix.NLM_F_CREATE|unix.NLM_F_APPEND))
	for range 2 {
		s.event(route("10.0.0.2", unix.RTM_DELROUTE, 0))
	}
	require.Equal(t, []uint32{2}, s.devices())
	require.Equal(t, uint64(1), s.state.Counts().Unknown)
}
