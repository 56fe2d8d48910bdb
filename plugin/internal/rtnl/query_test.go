package rtnl

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// scene has objects of every class on two veth pairs and a bridge.
func scene(t *testing.T) *nstest.NS {
	ns := nstest.New(t)
	ns.Run(
		"link set lo up",
		"link add v0 type veth peer name v1", "link add br0 type bridge",
		"link set v0 up", "link set v1 up", "link set br0 up", "link set v1 master br0",
		"addr add 10.0.0.1/24 dev v0", "addr add 2001:db8::1/64 dev v0 nodad", "addr add 10.9.0.1/24 dev br0",
		"route add 20.0.0.0/24 via 10.0.0.2", "route add 20.1.0.0/24 via 10.0.0.2 table 1000",
		"route add 20.2.0.0/24 via 10.9.0.2",
		"-6 route add 2001:db8:1::/48 via 2001:db8::2",
		"rule add from 10.0.0.0/8 table 100 pref 1000", "-6 rule add from 2001:db8::/32 table 100 pref 1000",
		"nexthop add id 1 via 10.0.0.3 dev v0", "nexthop add id 2 via 10.9.0.3 dev br0",
		"neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0", "neigh add 10.9.0.9 lladdr 02:00:00:00:00:0a dev br0",
		"neigh add 2001:db8::9 lladdr 02:00:00:00:00:09 dev v0",
		"neigh add proxy 10.0.0.60 dev v0", "neigh add proxy 2001:db8::60 dev v0",
		"fdb add 02:00:00:00:00:77 dev v1 master static",
	)
	return ns
}

func index(t *testing.T, ns *nstest.NS, name string) uint32 {
	t.Helper()
	i, err := ns.Index(name)
	require.NoError(t, err)
	return i
}

// TestQueriesAreUnderstood: with strict checking the kernel refuses what it
// does not know and filters by what it does.
func TestQueriesAreUnderstood(t *testing.T) {
	ns := scene(t)
	w := watch(t, ns, Config{})
	v0, v1, br0 := index(t, ns, "v0"), index(t, ns, "v1"), index(t, ns, "br0")
	const inet, inet6 = unix.AF_INET, unix.AF_INET6
	family := func(f uint8) func(Message) bool { return func(m Message) bool { return m.Body[0] == f } }
	on := func(o Object, typ uint16, i uint32) func(Message) bool {
		return func(m Message) bool { return Uint32(AttrsOf(o, m.Body).Get(typ)) == i }
	}
	at4 := func(i uint32) func(Message) bool { return func(m Message) bool { return Uint32(m.Body[4:]) == i } }
	proxy := func(m Message) bool { return m.Body[10]&unix.NTF_PROXY != 0 }
	any := func(Message) bool { return true }
	for _, c := range []struct {
		query Query
		least int
		each  func(Message) bool
	}{
		{Query{Object: Link}, 4, any},
		{Query{Object: Link, Ifindex: v0, One: true}, 1, at4(v0)},
		{Query{Object: Link, Ifindex: v0, One: true, Barrier: true}, 1, at4(v0)},
		{Query{Object: Nexthop}, 2, any},
		{Query{Object: Nexthop, Ifindex: v0}, 1, on(Nexthop, unix.NHA_OIF, v0)},
		{Query{Object: Address}, 4, any},
		{Query{Object: Address, Family: inet}, 2, family(inet)},
		{Query{Object: Address, Family: inet6}, 2, family(inet6)},
		{Query{Object: Address, Family: inet, Ifindex: br0}, 1, at4(br0)},
		{Query{Object: Address, Family: inet6, Ifindex: v0}, 1, at4(v0)},
		{Query{Object: Route, Family: inet}, 8, family(inet)},
		{Query{Object: Route, Family: inet6}, 3, family(inet6)},
		{Query{Object: Route, Family: inet, Ifindex: br0}, 2, on(Route, unix.RTA_OIF, br0)},
		{Query{Object: Route, Family: inet6, Ifindex: v0}, 2, on(Route, unix.RTA_OIF, v0)},
		{Query{Object: Route, Family: inet, Table: 1000}, 1, on(Route, unix.RTA_TABLE, 1000)},
		{Query{Object: Route, Family: inet, Table: unix.RT_TABLE_MAIN}, 3, on(Route, unix.RTA_TABLE, unix.RT_TABLE_MAIN)},
		{Query{Object: Route, Family: inet6, Table: unix.RT_TABLE_MAIN}, 2, on(Route, unix.RTA_TABLE, unix.RT_TABLE_MAIN)},
		{Query{Object: Route, Family: inet, Table: 1000, Ifindex: v0}, 1, on(Route, unix.RTA_TABLE, 1000)},
		{Query{Object: Rule, Family: inet}, 4, family(inet)},
		{Query{Object: Rule, Family: inet6}, 3, family(inet6)},
		{Query{Object: Rule, Family: IPMR}, 1, family(IPMR)},
		{Query{Object: Rule, Family: IP6MR}, 1, family(IP6MR)},
		{Query{Object: Neighbor, Family: inet}, 2, family(inet)},
		{Query{Object: Neighbor, Family: inet6}, 1, family(inet6)},
		{Query{Object: Neighbor, Family: inet, Ifindex: br0}, 1, at4(br0)},
		{Query{Object: Neighbor, Family: inet, Proxy: true}, 1, proxy},
		{Query{Object: Neighbor, Family: inet6, Proxy: true}, 1, proxy},
		{Query{Object: Neighbor, Family: unix.AF_BRIDGE}, 1, family(unix.AF_BRIDGE)},
		{Query{Object: Neighbor, Family: unix.AF_BRIDGE, Master: br0}, 1, func(m Message) bool {
			// The bridge's ports list their own addresses too.
			return on(Neighbor, unix.NDA_MASTER, br0)(m) || m.Body[10]&unix.NTF_SELF != 0
		}},
		{Query{Object: Neighbor, Family: unix.AF_BRIDGE, Ifindex: v1}, 1, at4(v1)},
	} {
		t.Run(fmt.Sprintf("%s barrier %v proxy %v", c.query, c.query.Barrier, c.query.Proxy), func(t *testing.T) {
			rows, end := w.ask(c.query)
			require.NoError(t, end.Err)
			require.False(t, end.Interrupted)
			require.GreaterOrEqual(t, len(rows), c.least)
			for _, m := range rows {
				if m.Type == unix.NLMSG_DONE {
					continue
				}
				o, del, ok := ObjectOf(m.Type)
				require.True(t, ok && !del)
				require.Equal(t, c.query.Object, o)
				require.True(t, c.each(m), "%x", m.Body)
			}
		})
	}
}

// TestQueriesForWhatIsNotThere: the kernel says so in place of an empty reply.
func TestQueriesForWhatIsNotThere(t *testing.T) {
	w := watch(t, nstest.New(t), Config{})
	for _, c := range []struct {
		query Query
		err   error
	}{
		{Query{Object: Link, Ifindex: 999, One: true}, unix.ENODEV},
		{Query{Object: Route, Family: unix.AF_INET, Ifindex: 999}, unix.ENODEV},
		{Query{Object: Route, Family: unix.AF_INET6, Ifindex: 999}, unix.ENODEV},
		{Query{Object: Route, Family: unix.AF_INET, Table: 999}, unix.ENOENT},
		{Query{Object: Address, Family: unix.AF_INET, Ifindex: 999}, unix.ENODEV},
	} {
		rows, end := w.ask(c.query)
		require.ErrorIs(t, end.Err, c.err, c.query)
		require.Empty(t, rows)
	}
}

// TestRoutesOfOneFamilyOnly: a kernel that lacks a family would answer with the
// routes of all others, and for multicast routes does not have to be known to lack them.
func TestRoutesOfOneFamilyOnly(t *testing.T) {
	ns := scene(t)
	for _, v6 := range []bool{false, true} {
		r, err := ns.MulticastRouter(v6, 0)
		require.NoError(t, err)
		t.Cleanup(func() { _ = r.Close() })
		require.NoError(t, r.Do("link 0 v0"))
		src, group := "10.0.0.9", "239.1.1.1"
		if v6 {
			src, group = "2001:db8::9", "ff0e::1"
		}
		require.NoError(t, r.Do("add "+src+" "+group+" 0 -"))
	}
	w := watch(t, ns, Config{})
	for family, least := range map[uint8]int{unix.AF_MPLS: 0, IPMR: 1, IP6MR: 1} {
		rows, end := w.ask(Query{Object: Route, Family: family, Barrier: true})
		if !errors.Is(end.Err, unix.EOPNOTSUPP) || least > 0 {
			require.NoError(t, end.Err, family)
		}
		n := 0
		for _, m := range rows {
			if m.Type != unix.NLMSG_DONE {
				require.Equal(t, family, m.Body[0])
				n++
			}
		}
		require.Equal(t, least, n, family)
	}
}

func TestQueryDescribesItself(t *testing.T) {
	require.Equal(t, "route family 2 ifindex 3 table 254",
		Query{Object: Route, Family: unix.AF_INET, Ifindex: 3, Table: 254}.String())
	require.Equal(t, "neighbor family 7 master 9", Query{Object: Neighbor, Family: 7, Master: 9}.String())
}

// TestListWithStatistics: what is asked for at each interval comes with
// counters, and without a mirror.
func TestListWithStatistics(t *testing.T) {
	ns := scene(t)
	links := 0
	require.NoError(t, List(ns.FD(), Query{Object: Link}, func(body []byte) {
		links++
		require.NotNil(t, AttrsOf(Link, body).Get(unix.IFLA_STATS64))
	}))
	require.GreaterOrEqual(t, links, 4) // modules of tunnels make some more
	neighbors := 0
	require.NoError(t, List(ns.FD(), Query{Object: Neighbor, Family: unix.AF_INET}, func(body []byte) {
		if Uint16(body[8:]) == unix.NUD_PERMANENT { // the kernel makes others for its own multicast
			neighbors++
		}
	}))
	require.Equal(t, 2, neighbors)
	require.ErrorIs(t, List(ns.FD(), Query{Object: Link, Ifindex: 999, One: true}, func([]byte) { t.Fail() }), unix.ENODEV)
	require.Error(t, List(1<<20, Query{Object: Link}, func([]byte) { t.Fail() }), "no namespace")
}

func TestNeighborLimits(t *testing.T) {
	limits, err := NeighborLimits(scene(t).FD())
	require.NoError(t, err)
	require.Positive(t, limits[unix.AF_INET])
	require.Positive(t, limits[unix.AF_INET6])
	for family, dir := range map[uint8]string{unix.AF_INET: "ipv4", unix.AF_INET6: "ipv6"} {
		text, err := os.ReadFile("/proc/sys/net/" + dir + "/neigh/default/gc_thresh3")
		if err == nil { // only the first namespace has it
			require.Equal(t, strings.TrimSpace(string(text)), fmt.Sprint(limits[family]))
		}
	}
	_, err = NeighborLimits(1 << 20)
	require.Error(t, err, "no namespace")
}
