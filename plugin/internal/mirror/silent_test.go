package mirror

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// What the kernel removes or changes silently while a dump is under way, a
// record that is older must not bring back, whether the mirror had it or not.
func TestARecordDoesNotReviveWhatWentSilently(t *testing.T) {
	up, down := linkBody(3, "eth0", unix.IFF_UP|carrier), linkBody(3, "eth0", 0)
	noCarrier := linkBody(3, "eth0", unix.IFF_UP)
	wide := linkBody(3, "eth0", unix.IFF_UP|carrier)
	wide = append(wide[:len(wide)-8:len(wide)-8], attr32(unix.IFLA_MTU, 1400)...)
	address := addressBody(3, prefix("10.0.0.1/24"), netip.Addr{})
	object := nexthopBody(5, attr32(unix.NHA_OIF, 3))
	withSource := via("20.0.0.0/24", "10.5.0.9", 4)
	withSource.prefsrc = ip("10.0.0.1")
	over := routeSpec{dst: prefix("20.0.0.0/24"), table: unix.RT_TABLE_MAIN, nhid: 5}
	proxy := neighborBody(unix.AF_INET, 3, unix.NUD_PERMANENT, unix.NTF_PROXY, attr(unix.NDA_DST, ip("10.0.0.9").AsSlice()))
	mac := attr(unix.NDA_LLADDR, []byte{2, 0, 0, 0, 0, 1})
	behind := neighborBody(unix.AF_BRIDGE, 9, unix.NUD_REACHABLE, unix.NTF_SELF, mac, attr32(rtnl.NDANexthop, 5))
	port := neighborBody(unix.AF_BRIDGE, 4, unix.NUD_REACHABLE, 0, mac, attr32(unix.NDA_MASTER, 3))
	neighbors := func(f uint8) rtnl.Query { return rtnl.Query{Object: rtnl.Neighbor, Family: f} }
	linkDown, linkGone := created(rtnl.Link, 0, down), removed(rtnl.Link, up)
	delNexthop := removed(rtnl.Nexthop, object)
	delAddress := removed(rtnl.Address, address)
	for name, test := range map[string]struct {
		query  rtnl.Query
		held   []rtnl.Message
		cause  rtnl.Message
		record []byte
		other  []byte // not concerned
	}{
		"a route, its link down":          {allRoutes4, nil, linkDown, via("20.0.0.0/24", "10.0.0.9", 3).body(), v4(4).body()},
		"a route, its link gone":          {allRoutes4, nil, linkGone, via("20.0.0.0/24", "10.0.0.9", 3).body(), v4(4).body()},
		"a group, a member's link gone":   {allRoutes4, nil, linkGone, multi("20.0.0.0/24", hopVia("10.0.0.9", 4), hopVia("10.1.0.9", 3)).body(), v4(4).body()},
		"a route of IPv6, its link down":  {allRoutes6, nil, linkDown, v6(3).body(), v6(4).body()},
		"a route of IPv6, another MTU":    {allRoutes6, nil, created(rtnl.Link, 0, wide), v6(3).body(), v6(4).body()},
		"a route, the last address gone":  {allRoutes4, []rtnl.Message{created(rtnl.Address, 0, address)}, delAddress, via("20.0.0.0/24", "10.0.0.9", 3).body(), v4(4).body()},
		"a route, its source gone":        {allRoutes4, []rtnl.Message{created(rtnl.Address, 0, address)}, delAddress, withSource.body(), v4(4).body()},
		"a route, its object gone":        {allRoutes4, []rtnl.Message{created(rtnl.Nexthop, 0, object)}, delNexthop, over.body(), v4(4).body()},
		"a route, its object not known":   {allRoutes4, nil, linkDown, over.body(), v4(4).body()},
		"an object, its link down":        {allNexthops, nil, linkDown, object, nexthopBody(6, attr32(unix.NHA_OIF, 4))},
		"an object, its carrier gone":     {allNexthops, nil, created(rtnl.Link, 0, noCarrier), object, nexthopBody(6, attr32(unix.NHA_OIF, 4))},
		"an object, its link gone":        {allNexthops, nil, linkGone, object, nexthopBody(6, attr32(unix.NHA_OIF, 4))},
		"a group, a member gone":          {allNexthops, nil, delNexthop, nexthopBody(20, members(5, 6)), nexthopBody(6, attr32(unix.NHA_OIF, 4))},
		"a group, a member's link down":   {allNexthops, nil, linkDown, nexthopBody(20, members(5, 6)), nexthopBody(6, attr32(unix.NHA_OIF, 4))},
		"a proxy entry, its link down":    {rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_INET, Proxy: true}, nil, linkDown, proxy, nil},
		"a forwarding entry, port gone":   {neighbors(unix.AF_BRIDGE), nil, linkGone, neighborBody(unix.AF_BRIDGE, 3, unix.NUD_REACHABLE, 0, mac, attr32(unix.NDA_MASTER, 7)), behind},
		"a forwarding entry, bridge gone": {neighbors(unix.AF_BRIDGE), nil, linkGone, port, behind},
		"a forwarding entry, object gone": {neighbors(unix.AF_BRIDGE), nil, delNexthop, behind, port},
		"an address, its link gone":       {allAddresses, nil, linkGone, address, addressBody(4, prefix("10.0.0.1/24"), netip.Addr{})},
	} {
		t.Run(name, func(t *testing.T) {
			for _, held := range []bool{false, true} {
				d := newDumper(t, test.query, append([]rtnl.Message{created(rtnl.Link, 0, up)}, test.held...)...)
				d.s.oneDatagram = oneDatagram
				if held {
					d.dump(nil, test.record)
				}
				require.True(t, d.dump([]rtnl.Message{test.cause}, test.record).Again, "it may be older")
				require.False(t, d.dump(nil).Again)
				d.holds()
			}
			d := newDumper(t, test.query, append([]rtnl.Message{created(rtnl.Link, 0, up)}, test.held...)...)
			d.s.oneDatagram = oneDatagram
			d.dump([]rtnl.Message{test.cause}, test.record)
			d.holds()
			require.False(t, d.dump(nil, test.record).Again, "it was newer")
			d.holds(test.record)
			if test.other == nil {
				return
			}
			d = newDumper(t, test.query, append([]rtnl.Message{created(rtnl.Link, 0, up)}, test.held...)...)
			d.s.oneDatagram = oneDatagram
			require.False(t, d.dump([]rtnl.Message{test.cause}, test.other).Again, "nothing has happened to this one")
			d.holds(test.other)
		})
	}
}

// first is NETCONFA_IFINDEX and NETNSA_NSID.
const first = 1

// numbered is an object of a class whose first attribute is its number.
func numbered(o rtnl.Object, family byte, n uint32) []byte {
	body := make([]byte, o.HeaderLen())
	body[0] = family
	return rtnl.AppendAttr(body, first, binary.NativeEndian.AppendUint32(nil, n))
}

// A record that makes no sense is of some object: which one nobody knows, so a
// dump that has one ends none. What it shows besides counts.
func TestADumpWithARecordThatMakesNoSenseEndsNothing(t *testing.T) {
	whole := func(o rtnl.Object) [][]byte {
		return map[rtnl.Object][][]byte{
			rtnl.Link:     {linkBody(3, "a", 0), linkBody(4, "b", 0)},
			rtnl.Nexthop:  {nexthopBody(5), nexthopBody(6)},
			rtnl.Address:  {addressBody(3, prefix("10.0.0.1/24"), netip.Addr{}), addressBody(3, prefix("10.0.0.2/24"), netip.Addr{})},
			rtnl.Route:    {host(1), host(2)},
			rtnl.Rule:     {ruleBody(unix.AF_INET, 100, 1, 0), ruleBody(unix.AF_INET, 101, 1, 0)},
			rtnl.Neighbor: {neighbor(unix.NUD_STALE, mac(1)), neighborBody(unix.AF_INET, 4, unix.NUD_STALE, 0, attr(unix.NDA_DST, ip("10.0.0.9").AsSlice()))},
			rtnl.Netconf:  {numbered(rtnl.Netconf, unix.AF_INET, 3), numbered(rtnl.Netconf, unix.AF_INET, 4)},
			rtnl.NSID:     {numbered(rtnl.NSID, unix.AF_UNSPEC, 3), numbered(rtnl.NSID, unix.AF_UNSPEC, 4)},
			rtnl.MDB:      {groupBody(4, ip("239.1.1.1")), groupBody(5, ip("239.1.1.1"))},
			rtnl.VLAN:     {vlanBody(3, 0, 10, 12), vlanBody(4, 0, 10, 10)},
		}[o]
	}
	cut := func(b []byte) []byte { return b[:3] }
	torn := func(b []byte) []byte { return append(b[:len(b):len(b)], 0xff, 0xff, 1, 0) }
	huge := func(b []byte) []byte { return append(b[:len(b):len(b)], make([]byte, objtable.MaxBody)...) }
	for o := range rtnl.Object(rtnl.NumObjects) {
		if o.Stateless() {
			continue
		}
		for name, damage := range map[string]func([]byte) []byte{"cut off": cut, "attributes that do not add up": torn, "too large": huge} {
			t.Run(o.String()+" "+name, func(t *testing.T) {
				bodies := whole(o)
				d := newDumper(t, rtnl.Query{Object: o})
				d.s.oneDatagram = oneDatagram
				require.False(t, d.dump(nil, bodies[1]).Again)
				again := 0
				for range 2 * missedLimit {
					d.s.Begin(d.query, false)
					require.ErrorIs(t, d.s.Record(created(o, unix.NLM_F_MULTI, damage(bodies[1])), 1), rtnl.ErrMalformed)
					d.record(bodies[0])
					if d.end().Again {
						again++
					}
					d.holds(bodies...)
				}
				require.NotZero(t, again, "the next dump may be whole")
				require.Less(t, again, 2*missedLimit, "for ever it would be too much")
				require.Equal(t, Outcome{Changes: 1}, d.dump(nil, bodies[0]))
			})
		}
	}
}

// An event during a dump that makes no sense changes nothing either.
func TestAnEventThatMakesNoSenseChangesNothing(t *testing.T) {
	d := newDumper(t, allRoutes4, newHost(1))
	d.s.Begin(allRoutes4, false)
	require.ErrorIs(t, d.s.Apply(removed(rtnl.Route, host(1)[:5]), 1), rtnl.ErrMalformed)
	d.record(host(1))
	require.Zero(t, d.end())
	d.holds(host(1))
	require.Empty(t, d.events)
}
