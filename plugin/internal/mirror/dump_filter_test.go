package mirror

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func TestADumpFilteredByLinkLeavesOthersAlone(t *testing.T) {
	held := []rtnl.Message{created(rtnl.Route, flagsAdd, v4(1).body()), created(rtnl.Route, flagsAppend, v4(2).body()), created(rtnl.Route, flagsAppend, v4(3).body())}
	narrow := rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Ifindex: 2}
	t.Run("shown", func(t *testing.T) {
		d := newDumper(t, narrow, held...)
		require.Zero(t, d.dump(nil, v4(2).body()))
		require.Equal(t, []uint32{1, 2, 3}, d.list(v4(0)))
	})
	t.Run("gone", func(t *testing.T) {
		d := newDumper(t, narrow, held...)
		require.Equal(t, 1, d.dump(nil).Changes)
		require.Equal(t, []uint32{1, 3}, d.list(v4(0)))
	})
	t.Run("the link is gone", func(t *testing.T) {
		d := newDumper(t, narrow, held...)
		d.s.Begin(narrow, false)
		require.Equal(t, Outcome{Changes: 1}, d.s.End(false, fmt.Errorf("dump: %w", unix.ENODEV), 1))
		require.Equal(t, []uint32{1, 3}, d.list(v4(0)))
	})
	t.Run("a new one", func(t *testing.T) {
		d := newDumper(t, narrow, held...)
		one := v4(2)
		one.mtu = 1400
		d.dump(nil, v4(2).body(), one.body())
		require.Equal(t, []uint32{1, 2, 3, 2}, d.list(v4(0)))
	})
}

// Where a route stands that such a dump has brought, the event about it tells.
func TestAnEventPutsARouteInItsPlace(t *testing.T) {
	for name, test := range map[string]struct {
		flags uint16
		order []uint32
	}{"prepended": {flagsPrepend, []uint32{2, 1, 3}}, "appended": {flagsAppend, []uint32{1, 3, 2}}} {
		t.Run(name, func(t *testing.T) {
			d := newDumper(t, rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Ifindex: 2},
				created(rtnl.Route, flagsAdd, v4(1).body()), created(rtnl.Route, flagsAppend, v4(3).body()))
			d.s.Begin(d.query, false)
			d.record(v4(2).body())
			d.event(created(rtnl.Route, test.flags, v4(2).body()))
			d.end()
			require.Equal(t, test.order, d.list(v4(0)))
			require.Equal(t, []string{"resync new route"}, d.events)
		})
	}
}

// Of two equal rules a message may have brought one, while the dump shows both.
func TestEachRecordOfEqualRulesMeansAnother(t *testing.T) {
	rule := ruleBody(unix.AF_INET, 100, 1, 0)
	d := newDumper(t, allRules)
	require.True(t, d.dump([]rtnl.Message{created(rtnl.Rule, 0, rule)}, rule, rule).Again)
	d.dump(nil, rule, rule)
	require.Equal(t, 2, d.s.Len(rtnl.Rule))
}

func TestADumpOfATableThatIsGone(t *testing.T) {
	other := withTable(v4(1), otherTable)
	d := newDumper(t, rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Table: otherTable},
		created(rtnl.Route, flagsAdd, v4(1).body()), created(rtnl.Route, flagsAdd, other.body()))
	d.s.Begin(d.query, false)
	require.Equal(t, Outcome{Changes: 1}, d.s.End(false, unix.ENOENT, 1))
	d.holds(v4(1).body())
}

func TestAFailureOfAFullDumpIsNotEmptiness(t *testing.T) {
	d := newDumper(t, allRoutes4, newHost(1))
	d.s.Begin(allRoutes4, false)
	require.True(t, d.s.End(false, unix.ENODEV, 1).Again)
	d.holds(host(1))
}

func TestADumpFilteredByLinkShowsTheWholeGroup(t *testing.T) {
	a, b, c := hopVia("2001:db8::9", 1), hopVia("2001:db8::8", 2), hopVia("2001:db8::7", 3)
	d := newDumper(t, rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Ifindex: 1}, created(rtnl.Route, flagsPrepend, v6via(a, b).body()))
	d.dump(nil, v6via(a, c).body())
	d.holds(v6via(a, c).body())
	require.Equal(t, []string{"resync change route"}, d.events)
}

// Between the members of a group dumps jump over routes, and so does the mirror
// then. When the group is none any more, the truth comes out.
func TestARouteHiddenInAGroupIsAskedForWhenTheGroupEnds(t *testing.T) {
	a, b := hopVia("2001:db8::9", 1), hopVia("2001:db8::8", 2)
	d := newDumper(t, allRoutes6, created(rtnl.Route, flagsAdd, v6via(a).body()), created(rtnl.Route, flagsAppend, v6(3).body()),
		created(rtnl.Route, flagsAppend, v6via(b, a).body()))
	require.Zero(t, d.dump(nil, v6via(a, b).body()))
	d.holds(v6via(a, b).body(), v6(3).body())
	require.Empty(t, d.s.Wants())
	d.event(removed(rtnl.Route, v6via(b).body()))
	require.Equal(t, []rtnl.Query{{Object: rtnl.Route, Family: unix.AF_INET6, Table: unix.RT_TABLE_MAIN}}, d.s.Wants())
	d.query = allRoutes6
	d.dump(nil, v6via(a).body())
	d.holds(v6via(a).body())
}

// A route without a gateway that replaces one where the mirror has a group alone
// has replaced the group, or one that was hidden in it: a dump tells. Where the
// group is still there, it may hide the new one from then on.
func TestAReplacementBesideAGroupIsAskedFor(t *testing.T) {
	all := rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Table: unix.RT_TABLE_MAIN}
	group := v6via(hopVia("2001:db8::9", 1), hopVia("2001:db8::8", 2)).body()
	d := newDumper(t, allRoutes6, created(rtnl.Route, flagsAdd, group))
	d.s.Wants()
	d.event(created(rtnl.Route, flagsReplace, v6(3).body()))
	d.holds(v6(3).body())
	require.Equal(t, []rtnl.Query{all}, d.s.Wants())
	d.query = all
	d.dump(nil, group)
	d.holds(group)
	d.s.Wants()
	d.event(removed(rtnl.Route, v6via(hopVia("2001:db8::8", 2)).body()))
	require.Contains(t, d.s.Wants(), all, "what it hid comes to light")
}

// What a group may hide is remembered across a loss of events while the group is
// there. That it ended may have been lost as well: then it is forgotten, however
// many there were.
func TestWhatMayBeHiddenIsForgottenWithItsGroup(t *testing.T) {
	all := rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Table: unix.RT_TABLE_MAIN}
	paths := []hopSpec{hopVia("2001:db8::9", 1), hopVia("2001:db8::8", 2)}
	d := newDumper(t, allRoutes6)
	hiding := func(dst string) (group, alone []byte) {
		d.event(created(rtnl.Route, flagsAdd, withMetric(multi(dst, paths...), 1024).body()))
		d.event(created(rtnl.Route, flagsReplace, withMetric(dev(dst, 3), 1024).body()))
		return withMetric(multi(dst, paths...), 1024).body(), withMetric(dev(dst, 3), 1024).body()
	}
	group, _ := hiding("2001:db8:20::/64")
	_, alone := hiding("2001:db8:21::/64")
	hiding("2001:db8:22::/64")
	d.s.Wants()
	require.Len(t, d.s.shaded, 3)
	d.s.Abort()
	d.dump(nil, group, alone)
	require.Len(t, d.s.shaded, 1)
	d.s.Wants()
	d.event(removed(rtnl.Route, v6via(paths[1]).body()))
	require.Contains(t, d.s.Wants(), all)
	require.Empty(t, d.s.shaded)
}

// Whether a record already contains what an event then says cannot always be told.
func TestEventsThatTheRecordsMayContainCauseDoubt(t *testing.T) {
	one := v4(1)
	two := one
	two.protocol = unix.RTPROT_STATIC
	rule := ruleBody(unix.AF_INET, 100, 1, 0)
	for name, test := range map[string]struct {
		q       rtnl.Query
		held    []rtnl.Message
		records [][]byte
		event   rtnl.Message
	}{
		"a replacement": {allRoutes4, nil, [][]byte{one.body()}, created(rtnl.Route, flagsReplace, two.body())},
		"a deletion of one of several": {allRoutes4, nil, [][]byte{one.body(), two.body()},
			removed(rtnl.Route, one.body())},
		"another equal rule":           {allRules, nil, [][]byte{rule}, created(rtnl.Rule, 0, rule)},
		"another, held before":         {allRules, []rtnl.Message{created(rtnl.Rule, 0, rule)}, [][]byte{rule, rule}, created(rtnl.Rule, 0, rule)},
		"a deletion of an equal rule":  {allRules, []rtnl.Message{created(rtnl.Rule, 0, rule)}, [][]byte{rule}, removed(rtnl.Rule, rule)},
		"a nexthop object that is new": {allNexthops, nil, nil, created(rtnl.Nexthop, 0, nexthopBody(5))},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDumper(t, test.q, test.held...)
			d.s.oneDatagram = oneDatagram
			d.s.Begin(test.q, false)
			d.record(test.records...)
			if len(test.records) > 0 {
				d.s.dump.settle()
			}
			d.event(test.event)
			require.True(t, d.end().Again)
		})
	}
}

func TestWhatIsOnlyImpliedDuringADumpCausesDoubt(t *testing.T) {
	up, down := linkBody(3, "eth0", unix.IFF_UP|carrier), linkBody(3, "eth0", 0)
	d := newDumper(t, allRoutes4, created(rtnl.Link, 0, up), newHost(1))
	d.s.oneDatagram = oneDatagram
	require.True(t, d.dump([]rtnl.Message{created(rtnl.Link, 0, down)}, host(1)).Again)
	d.holds()
	require.False(t, d.dump(nil, host(1)).Again)
	d.holds(host(1))
}

func TestANexthopObjectThatIsGoneTakesItsRoutesAlong(t *testing.T) {
	r := v4(3)
	r.nhid = 5
	d := newDumper(t, allNexthops, created(rtnl.Nexthop, 0, nexthopBody(5)), created(rtnl.Nexthop, 0, nexthopBody(6, members(5))), created(rtnl.Route, flagsAdd, r.body()))
	d.dump(nil)
	d.holds()
	require.Zero(t, d.s.Len(rtnl.Route))
}

// The kernel marks nexthops as dead silently. When the last one dies the route
// goes, and that too is silent.
func TestDeadNexthopsOfADumpCount(t *testing.T) {
	up := func(i uint32) rtnl.Message {
		return created(rtnl.Link, 0, linkBody(i, fmt.Sprint("eth", i), unix.IFF_UP|carrier))
	}
	address := func(i uint32) rtnl.Message {
		return created(rtnl.Address, 0, addressBody(i, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), 24), netip.Addr{}))
	}
	a, b := hopVia("10.0.0.9", 1), hopVia("10.1.0.9", 2)
	group := multi("20.0.0.0/24", a, b)
	d := newDumper(t, allRoutes4, up(1), up(2), address(1), address(2), created(rtnl.Route, flagsAdd, group.body()), created(rtnl.Route, flagsAppend, v4(3).body()))
	d.event(removed(rtnl.Address, addressBody(1, prefix("10.0.0.1/24"), netip.Addr{}))) // its nexthop dies
	d.event(address(1))                                                                 // lives
	d.event(removed(rtnl.Address, addressBody(1, prefix("10.0.0.1/24"), netip.Addr{})))
	a.flags = unix.RTNH_F_DEAD | unix.RTNH_F_LINKDOWN
	d.dump(nil, multi("20.0.0.0/24", a, b).body(), v4(3).body())
	d.event(created(rtnl.Link, 0, linkBody(2, "eth2", 0)))
	d.holds(v4(3).body())
}

// Links refer to each other by name: whoever is told of the one has to know the other.
func TestNewLinksAreReportedBeforeThoseThatReferToThem(t *testing.T) {
	d := newDumper(t, allLinks, created(rtnl.Link, 0, linkBody(1, "port", 0)))
	var names []string
	d.s.cfg.Emit = func(e *event.Event) { names = append(names, fmt.Sprint(e.Action, " ", linkName(&e.New))) }
	d.dump(nil, linkBody(1, "port", 0, attr32(unix.IFLA_MASTER, 7)), linkBody(7, "bridge", 0))
	require.Equal(t, []string{"new bridge", "change port"}, names)
}

func TestADumpFilteredByTheLinkOfNeighbors(t *testing.T) {
	on := func(i uint32) []byte {
		return neighborBody(unix.AF_INET, i, unix.NUD_REACHABLE, 0, attr(unix.NDA_DST, []byte{10, 0, 0, 5}))
	}
	d := newDumper(t, rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_INET, Ifindex: 3}, created(rtnl.Neighbor, 0, on(3)), created(rtnl.Neighbor, 0, on(4)))
	d.dump(nil)
	d.holds(on(4))
}

func TestADumpFilteredByBridge(t *testing.T) {
	in := func(bridge uint32) []byte { return fdb(3, 0, mac(byte(bridge)), attr32(unix.NDA_MASTER, bridge)) }
	d := newDumper(t, rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_BRIDGE, Master: 8}, created(rtnl.Neighbor, 0, in(8)), created(rtnl.Neighbor, 0, in(9)))
	d.dump(nil)
	d.holds(in(9))
}

// A group that has grown is elsewhere in memory; what the dump shows behind it comes
// behind it all the same.
func TestADumpFilteredByLinkGoesOnBehindAGroupThatHasGrown(t *testing.T) {
	a, b := hopVia("2001:db8::9", 1), hopVia("2001:db8::8", 2)
	d := newDumper(t, rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6, Ifindex: 1}, created(rtnl.Route, flagsAdd, v6via(a).body()))
	d.dump(nil, v6via(a, b).body(), v6(1).body())
	d.holds(v6via(a, b).body(), v6(1).body())
	l := d.s.tables[rtnl.Route].Find(v6(1).body())
	require.Equal(t, 2, l.Len())
}
