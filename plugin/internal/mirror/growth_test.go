package mirror

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// visited returns how many entries the walks through all tables have looked at.
func (s *State) visited() (n int) {
	for _, t := range s.tables {
		n += t.Visited()
	}
	return n
}

// newGrown returns a mirror with n routes over link 3, a tenth as many nexthop
// objects and neighbors on it, and a few objects of each kind on link 4.
func newGrown(t *testing.T, n int) *State {
	s, _ := newLoaded(t, n, discard)
	apply := func(o rtnl.Object, body []byte) { require.NoError(t, s.Apply(created(o, flagsAdd, body), 1)) }
	apply(rtnl.Link, linkBody(4, "eth1", unix.IFF_UP|carrier))
	for _, index := range []uint32{3, 4} {
		apply(rtnl.Address, addressBody(index, netip.MustParsePrefix(fmt.Sprintf("10.0.%d.1/24", index)), netip.Addr{}))
	}
	for i := range uint32(n / 10) {
		apply(rtnl.Nexthop, nexthopBody(1000+i, attr32(unix.NHA_OIF, 3)))
		apply(rtnl.Neighbor, neighborBody(unix.AF_INET, 3, unix.NUD_REACHABLE, 0, attr32(unix.NDA_DST, i)))
	}
	apply(rtnl.Nexthop, nexthopBody(1, attr32(unix.NHA_OIF, 4)))
	apply(rtnl.Nexthop, nexthopBody(2, attr32(unix.NHA_GROUP, 1), attr32(unix.NHA_GROUP_TYPE, 0)))
	apply(rtnl.Neighbor, neighborBody(unix.AF_INET, 4, unix.NUD_REACHABLE, 0, attr32(unix.NDA_DST, 1)))
	for i := range uint32(5) {
		apply(rtnl.Route, via(fmt.Sprintf("20.0.%d.0/24", i), "10.0.4.9", 4).body())
		over := v4(0)
		over.dst, over.hops, over.nhid = netip.MustParsePrefix(fmt.Sprintf("21.0.%d.0/24", i)), nil, 1
		apply(rtnl.Route, over.body())
	}
	s.Wants()
	return s
}

// What one message costs does not grow with what it does not change.
func TestAMessageLooksAtWhatItChangesAlone(t *testing.T) {
	down := linkBody(4, "eth1", 0)
	address := addressBody(4, netip.MustParsePrefix("10.0.4.1/24"), netip.Addr{})
	for _, c := range []struct {
		name    string
		do      func(t *testing.T, s *State)
		changes int // routes that go
	}{
		{"the last address of a link deleted", func(t *testing.T, s *State) {
			require.NoError(t, s.Apply(removed(rtnl.Address, address), 2))
		}, 5},
		{"a link set down and up", func(t *testing.T, s *State) {
			require.NoError(t, s.Apply(created(rtnl.Link, 0, down), 2))
			require.NoError(t, s.Apply(created(rtnl.Link, 0, linkBody(4, "eth1", unix.IFF_UP|carrier)), 2))
		}, 10},
		{"a link renamed", func(t *testing.T, s *State) {
			require.NoError(t, s.Apply(created(rtnl.Link, 0, linkBody(4, "eth9", unix.IFF_UP|carrier)), 2))
		}, 0},
		{"a link deleted", func(t *testing.T, s *State) {
			require.NoError(t, s.Apply(removed(rtnl.Link, linkBody(4, "eth1", 0)), 2))
		}, 10},
		{"a nexthop object deleted", func(t *testing.T, s *State) {
			require.NoError(t, s.Apply(removed(rtnl.Nexthop, nexthopBody(1)), 2))
		}, 5},
		{"the answer to a question about a link", func(t *testing.T, s *State) {
			s.Begin(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Ifindex: 4}, false)
			for i := range 4 {
				require.NoError(t, s.Record(created(rtnl.Route, 0, via(fmt.Sprintf("20.0.%d.0/24", i), "10.0.4.9", 4).body()), 2))
			}
			s.End(false, nil, 2)
		}, 1},
		{"a link's MTU changed", func(t *testing.T, s *State) {
			require.NoError(t, s.Apply(created(rtnl.Link, 0, withMTU(linkBody(4, "eth1", unix.IFF_UP|carrier), 1280)), 2))
		}, 0},
		{"everything counted for gauges", func(_ *testing.T, s *State) {
			s.EachDefaultRoute(func([]byte) bool { return true })
			s.EachRouteGroup(func(RouteGroup, int) {})
			s.AddressesOn(3)
			s.Len(rtnl.Route)
			s.Bytes()
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{1_000, 20_000} {
				s := newGrown(t, n)
				routes, before := s.Len(rtnl.Route), s.visited()
				c.do(t, s)
				t.Logf("%d entries looked at, of %d routes", s.visited()-before, n)
				require.Less(t, s.visited()-before, 600, "%d routes", n)
				require.Equal(t, c.changes, routes-s.Len(rtnl.Route), "%d routes", n)
				require.NoError(t, s.consistent())
			}
		})
	}
}

func withMTU(link []byte, mtu uint32) []byte {
	n := rtnl.Link.HeaderLen()
	return replaceAttr(append([]byte(nil), link[:n]...), rtnl.Attrs(link[n:]), unix.IFLA_MTU, func([]byte) []byte { return native32(mtu) })
}

// What is left alone is left alone: the table is gone with its only link.
func TestEverythingOnALinkIsFound(t *testing.T) {
	const n = 3000
	s := newGrown(t, n)
	require.NoError(t, s.Apply(removed(rtnl.Link, linkBody(3, "eth0", 0)), 2))
	require.Equal(t, 10, s.Len(rtnl.Route))
	require.Equal(t, 2, s.Len(rtnl.Nexthop))
	require.Equal(t, 1, s.Len(rtnl.Neighbor))
	require.Equal(t, 1, s.Len(rtnl.Address))
	require.NoError(t, s.consistent())
}

// Groups are found by their members.
func TestNexthopObjectsAreDeletedInLinearTime(t *testing.T) {
	const n = 5000
	s, _ := newLoaded(t, 0, discard)
	for i := range uint32(n) {
		require.NoError(t, s.Apply(created(rtnl.Nexthop, 0, nexthopBody(i+1, attr32(unix.NHA_OIF, 3))), 1))
	}
	before := s.visited()
	for i := range uint32(n) {
		require.NoError(t, s.Apply(removed(rtnl.Nexthop, nexthopBody(i+1)), 1))
	}
	require.Less(t, s.visited()-before, n)
	require.Zero(t, s.Len(rtnl.Nexthop))
}

// Pairs of veth are made, set up, addressed and deleted: all of it costs the same
// for each, however many there are.
func TestLinksCostTheSameHoweverManyThereAre(t *testing.T) {
	perPair := func(n uint32) int {
		s, _ := newLoaded(t, 0, discard)
		ends := func(i uint32) [2][]byte {
			a, b := 10+2*i, 11+2*i
			kind := attr(unix.IFLA_LINKINFO, attr(unix.IFLA_INFO_KIND, []byte("veth\x00")))
			return [2][]byte{
				linkBody(a, fmt.Sprintf("a%d", i), unix.IFF_UP|carrier, attr32(unix.IFLA_LINK, b), kind),
				linkBody(b, fmt.Sprintf("b%d", i), unix.IFF_UP|carrier, attr32(unix.IFLA_LINK, a), kind),
			}
		}
		each := func(f func(index uint32, body []byte)) {
			for i := range n {
				for _, body := range ends(i) {
					f(linkIndex(body), body)
					s.Wants()
				}
			}
		}
		apply := func(m rtnl.Message) { require.NoError(t, s.Apply(m, 1)) }
		address := func(index uint32) []byte {
			return addressBody(index, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 9, byte(index >> 8), byte(index)}), 32), netip.Addr{})
		}
		each(func(_ uint32, body []byte) { apply(created(rtnl.Link, 0, body)) })
		each(func(index uint32, _ []byte) { apply(created(rtnl.Address, 0, address(index))) })
		each(func(_ uint32, body []byte) { apply(removed(rtnl.Link, body)) })
		require.Equal(t, 1, s.Len(rtnl.Link))
		require.Zero(t, s.Len(rtnl.Address))
		return s.visited() / int(n)
	}
	few, many := perPair(100), perPair(2000)
	require.LessOrEqual(t, many, few+few/4)
	t.Logf("%d entries looked at for a pair of 100, %d of 2000", few, many)
}

// Memory follows what is live, whatever sizes come and go: in order, at random,
// and when most of it is deleted.
func TestMemoryFollowsWhatIsLiveThroughAnyChurnOfSizes(t *testing.T) {
	const n = 60_000
	bodies := map[uint32][]byte{}
	body := func(i int, hops uint32) []byte {
		r := via("10.0.0.0/32", "10.255.0.9", 3)
		for h := range hops {
			r.hops = append(r.hops, hopSpec{oif: 3, gateway: netip.AddrFrom4([4]byte{10, 255, 1, byte(h)})})
		}
		if bodies[hops] == nil {
			bodies[hops] = r.body()
		}
		return (&routes{bodies[hops]}).at(i)
	}
	s, _ := newLoaded(t, n, discard)
	rng := rand.New(rand.NewPCG(1, 2))
	replace := func(i int, hops uint32) {
		require.NoError(t, s.Apply(created(rtnl.Route, flagsReplace, body(i, hops)), 1))
	}
	within := func(what string) {
		table := s.tables[rtnl.Route]
		require.LessOrEqual(t, float64(table.Bytes()), 1.5*float64(table.Live())+3*(1<<20), what)
	}
	for round, hops := range []uint32{1, 0, 5, 2, 0} {
		for i := range n {
			if replace(i, hops); i%5000 == 0 {
				within(fmt.Sprint("round ", round, " at ", i))
			}
		}
	}
	for i := range 2 * n {
		if replace(rng.IntN(n), rng.Uint32N(8)); i%5000 == 0 {
			within(fmt.Sprint("random ", i))
		}
	}
	require.NoError(t, s.consistent())
	for i := range n - 100 {
		require.NoError(t, s.Apply(removed(rtnl.Route, s.routeTo(i)), 1))
	}
	within("deleted")
	require.Equal(t, 100, s.Len(rtnl.Route))
	require.NoError(t, s.consistent())
}

// routeTo returns the route that routes.at(i) makes, whatever its nexthops.
func (s *State) routeTo(i int) []byte {
	addr := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
	return append([]byte(nil), s.Route(netip.PrefixFrom(addr, 32), unix.RT_TABLE_MAIN)...)
}
