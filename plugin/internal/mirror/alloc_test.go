package mirror

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// repeated is a message that a mirror has had before.
type repeated struct {
	name    string
	message rtnl.Message
}

// state returns a mirror that has had it, in a namespace of a few objects.
func (r repeated) state(t testing.TB) *State {
	s, _ := newLoaded(t, 100, func(*event.Event) {})
	for _, m := range []rtnl.Message{created(rtnl.Nexthop, 0, nexthopBody(7, attr32(unix.NHA_OIF, 3))), r.message} {
		if err := s.Apply(m, 1); err != nil {
			t.Fatal(err)
		}
	}
	s.Wants()
	return s
}

// sameMessages are such messages, one or more of each class that can have them:
// equal rules are two rules.
func sameMessages() []repeated {
	nhid := dev("20.0.0.0/24", 3)
	nhid.nhid = 7
	three := []hopSpec{hopVia("10.0.0.9", 3), hopVia("10.0.0.8", 3), hopVia("10.0.0.7", 3)}
	six := []hopSpec{hopVia("2001:db8::9", 3), hopVia("2001:db8::8", 3), hopVia("2001:db8::7", 3)}
	return []repeated{
		{"link", created(rtnl.Link, 0, linkBody(4, "eth1", unix.IFF_UP|carrier, attr(unix.IFLA_STATS64, make([]byte, 200))))},
		{"nexthop", created(rtnl.Nexthop, 0, nexthopBody(5, attr32(unix.NHA_OIF, 3)))},
		{"address", created(rtnl.Address, 0, addressBody(3, prefix("10.0.0.1/24"), netip.Addr{}, lifetimes(100, 100)))},
		{"address IP6", created(rtnl.Address, 0, addressBody(3, prefix("2001:db8::1/64"), netip.Addr{}, lifetimes(100, 100)))},
		{"route", created(rtnl.Route, flagsReplace, newRoutes().at(5))},
		{"route of three", created(rtnl.Route, flagsReplace, multi("20.0.0.0/24", three...).body())},
		{"route over an object", created(rtnl.Route, flagsReplace, nhid.body())},
		{"route IP6", created(rtnl.Route, flagsReplace, via("2001:db8:20::/64", "2001:db8::9", 3).body())},
		{"route IP6 of three", created(rtnl.Route, flagsReplace, multi("2001:db8:20::/64", six...).body())},
		{"neighbor", created(rtnl.Neighbor, 0, neighbor(unix.NUD_REACHABLE, mac(1)))},
		{"FDB", created(rtnl.Neighbor, 0, fdb(3, 0, mac(1), attr32(unix.NDA_MASTER, 9)))},
	}
}

func TestAMessageWithoutADifferenceAllocatesNothing(t *testing.T) {
	for _, m := range sameMessages() {
		t.Run(m.name, func(t *testing.T) {
			s := m.state(t)
			refreshed := s.Counts().Refreshed
			require.Zero(t, testing.AllocsPerRun(100, func() { _ = s.Apply(m.message, 1) }))
			require.Greater(t, s.Counts().Refreshed, refreshed+100, "it was not the same")
			require.Empty(t, s.Wants())
		})
	}
}

// Of an IPv6 group the kernel's messages may show the members in another order.
func TestAGroupInAnotherOrderAllocatesLittle(t *testing.T) {
	a, b := hopVia("2001:db8::9", 3), hopVia("2001:db8::8", 3)
	s := repeated{message: created(rtnl.Route, flagsReplace, multi("2001:db8:20::/64", a, b).body())}.state(t)
	other := created(rtnl.Route, flagsReplace, multi("2001:db8:20::/64", b, a).body())
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { _ = s.Apply(other, 1) }), 20.0)
}

func TestANewRouteAllocatesNothingOnAverage(t *testing.T) {
	s, r := newLoaded(t, 0, func(*event.Event) {})
	const n = 10_000
	i := 0
	allocs := testing.AllocsPerRun(20, func() {
		for range n {
			_ = s.Apply(r.message(i, flagsAdd), 1)
			i++
		}
	})
	require.Less(t, allocs/n, 0.005, "chunks and the index grow now and then")
	allocs = testing.AllocsPerRun(10, func() {
		for range n {
			i--
			_ = s.Apply(removed(rtnl.Route, r.at(i)), 1)
		}
	})
	require.Less(t, allocs/n, 0.005)
}

// To see whether a field has changed it is decoded; addresses become strings.
func TestAChangedRouteAllocatesForTheChangedFieldOnly(t *testing.T) {
	s, r := newLoaded(t, 100, func(*event.Event) {})
	gateway := len(r.body) - 8 - 4
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() {
		r.body[gateway+3]++
		_ = s.Apply(r.message(5, flagsReplace), 1)
	}), 2.0)
}

func TestADumpOfWhatIsKnownAllocatesNothingPerRoute(t *testing.T) {
	const n = 10_000
	s, r := newLoaded(t, n, func(*event.Event) {})
	require.Less(t, testing.AllocsPerRun(3, func() { enumerate(t, s, r, n) })/n, 0.005)
}

func TestLookupAllocatesNothing(t *testing.T) {
	s, _ := newLoaded(t, 1000, nil)
	addr := netip.AddrFrom4([4]byte{10, 0, 0, 7})
	require.NotNil(t, s.Lookup(addr, unix.RT_TABLE_MAIN))
	require.Zero(t, testing.AllocsPerRun(100, func() { s.Lookup(addr, unix.RT_TABLE_MAIN) }))
}

func TestReadingAllocatesNothing(t *testing.T) {
	s, _ := newLoaded(t, 1000, nil)
	require.Zero(t, testing.AllocsPerRun(10, func() {
		s.LinkByName("eth0")
		s.LinkByIndex(3)
		s.LinkName(3)
		s.LinkName(99)
		s.Each(rtnl.Route, func([]byte) bool { return true })
	}))
}
