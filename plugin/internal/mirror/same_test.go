package mirror

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// multi is a route over several nexthops.
func multi(dst string, hops ...hopSpec) routeSpec {
	return routeSpec{dst: prefix(dst), table: unix.RT_TABLE_MAIN, protocol: unix.RTPROT_BOOT, hops: hops}
}

func hopVia(gateway string, oif uint32) hopSpec { return hopSpec{gateway: ip(gateway), oif: oif} }

func with(r routeSpec, change func(*routeSpec)) []byte { change(&r); return r.body() }

func neighbor(state uint16, attrs ...[]byte) []byte {
	return neighborBody(unix.AF_INET, 3, state, 0, append([][]byte{attr(unix.NDA_DST, []byte{10, 0, 0, 5})}, attrs...)...)
}

// TestSame lists what the kernel changes without consequence, and what counts.
func TestSame(t *testing.T) {
	a, b := hopVia("10.0.0.9", 3), hopVia("10.1.0.9", 4)
	c, d := hopVia("2001:db8::9", 3), hopVia("2001:db8:1::9", 4)
	dead, heavy := a, a
	dead.flags, heavy.weight = unix.RTNH_F_DEAD|unix.RTNH_F_LINKDOWN, 9
	one := via("20.0.0.0/24", "10.0.0.9", 3)
	address := prefix("10.0.0.1/24")
	none := netip.Addr{}
	for _, test := range []struct {
		name string
		o    rtnl.Object
		a, b []byte
		same bool
	}{
		{"link statistics", rtnl.Link, linkBody(3, "a", 0, attr(unix.IFLA_STATS, make([]byte, 96))), linkBody(3, "a", 0), true},
		{"ifi_change", rtnl.Link, linkBody(3, "a", 0), func() []byte { b := linkBody(3, "a", 0); b[12] = 255; return b }(), true},
		{"link flags", rtnl.Link, linkBody(3, "a", 0), linkBody(3, "a", unix.IFF_UP), false},
		{"name", rtnl.Link, linkBody(3, "a", 0), linkBody(3, "b", 0), false},
		{"carrier counter", rtnl.Link, linkBody(3, "a", 0, attr32(unix.IFLA_CARRIER_CHANGES, 1)), linkBody(3, "a", 0, attr32(unix.IFLA_CARRIER_CHANGES, 3)), false},
		{"an attribute more", rtnl.Link, linkBody(3, "a", 0), linkBody(3, "a", 0, attr32(unix.IFLA_MASTER, 9)), false},

		{"lifetimes that count down", rtnl.Address, addressBody(3, address, none, lifetimes(100, 200)), addressBody(3, address, none, lifetimes(99, 199)), true},
		{"a lifetime that ends being for ever", rtnl.Address, addressBody(3, address, none, lifetimes(1<<32-1, 1<<32-1)), addressBody(3, address, none, lifetimes(100, 1<<32-1)), false},
		{"a label", rtnl.Address, addressBody(3, address, none, attr(unix.IFA_LABEL, []byte("a\x00"))), addressBody(3, address, none, attr(unix.IFA_LABEL, []byte("b\x00"))), false},
		{"IPv6 peer", rtnl.Address, addressBody(3, prefix("2001:db8::1/64"), none), addressBody(3, prefix("2001:db8::1/64"), ip("2001:db8::9")), false},

		{"dead and linkdown", rtnl.Route, one.body(), with(one, func(r *routeSpec) { r.hops = []hopSpec{dead} }), true},
		{"onlink", rtnl.Route, one.body(), with(one, func(r *routeSpec) { r.hops = []hopSpec{{gateway: a.gateway, oif: 3, flags: unix.RTNH_F_ONLINK}} }), false},
		{"protocol", rtnl.Route, one.body(), with(one, func(r *routeSpec) { r.protocol = unix.RTPROT_STATIC }), false},
		{"gateway", rtnl.Route, one.body(), via("20.0.0.0/24", "10.0.0.8", 3).body(), false},
		{"path MTU", rtnl.Route, one.body(), with(one, func(r *routeSpec) { r.mtu = 1400 }), false},
		{"expiry", rtnl.Route, one.body(), join(one.body(), attr32(unix.RTA_EXPIRES, 5)), true},
		{"IPv4 nexthops in another order", rtnl.Route, multi("20.0.0.0/24", a, b).body(), multi("20.0.0.0/24", b, a).body(), false},
		{"IPv6 nexthops in another order", rtnl.Route, multi("2001:db8::/64", c, d).body(), multi("2001:db8::/64", d, c).body(), true},
		{"IPv6 nexthops of which one is another", rtnl.Route, multi("2001:db8::/64", c, d).body(), multi("2001:db8::/64", d, d).body(), false},
		{"a nexthop that is dead", rtnl.Route, multi("20.0.0.0/24", a, b).body(), multi("20.0.0.0/24", dead, b).body(), true},
		{"weight", rtnl.Route, multi("20.0.0.0/24", a, b).body(), multi("20.0.0.0/24", heavy, b).body(), false},
		{"a nexthop twice", rtnl.Route, multi("20.0.0.0/24", a, a, b).body(), multi("20.0.0.0/24", a, b, b).body(), false},
		{"one nexthop less", rtnl.Route, multi("20.0.0.0/24", a, b).body(), one.body(), false},
		{"attributes in another order", rtnl.Route, join(one.head(), one.destination(), one.ways()), join(one.head(), one.ways(), one.destination()), true},
		{"an attribute less, in another order", rtnl.Route, join(one.head(), one.destination(), one.ways(), one.metrics()), join(one.head(), one.ways()), false},

		{"nexthop object that is dead", rtnl.Nexthop, nexthopBody(1), join(nexthopBody(1)[:4], native32(unix.RTNH_F_DEAD), nexthopBody(1)[8:]), true},
		{"members", rtnl.Nexthop, nexthopBody(1, members(2, 3)), nexthopBody(1, members(2)), false},

		{"a resilient group that is out of balance for longer", rtnl.Nexthop, nexthopBody(1, resilient(8, 60, 0, 5)), nexthopBody(1, resilient(8, 60, 0, 9)), true},
		{"an idle timer", rtnl.Nexthop, nexthopBody(1, resilient(8, 60, 0, 5)), nexthopBody(1, resilient(8, 70, 0, 5)), false},
		{"an unbalanced timer", rtnl.Nexthop, nexthopBody(1, resilient(8, 60, 0, 5)), nexthopBody(1, resilient(8, 60, 9, 5)), false},
		{"buckets", rtnl.Nexthop, nexthopBody(1, resilient(8, 60, 0, 5)), nexthopBody(1, resilient(16, 60, 0, 5)), false},
		{"what went through a local segment", rtnl.Route, join(one.body(), localSegment(1, 7)), join(one.body(), localSegment(1, 9)), true},
		{"what went through a member's local segment", rtnl.Route, localMember(1, 7), localMember(1, 9), true},
		{"what went through a nexthop object's local segment", rtnl.Nexthop, nexthopBody(1, attr(unix.NHA_ENCAP, seg6Local(1, 7))), nexthopBody(1, attr(unix.NHA_ENCAP, seg6Local(1, 9))), true},
		{"another local segment", rtnl.Route, join(one.body(), localSegment(1, 7)), join(one.body(), localSegment(2, 7)), false},
		{"another member's local segment", rtnl.Route, localMember(1, 7), localMember(2, 7), false},
		{"a local segment that does not count", rtnl.Route, join(one.body(), localSegment(1, 7)), join(one.body(), attr(unix.RTA_ENCAP, attr32(1, 1)), attr(unix.RTA_ENCAP_TYPE, native16(encapSeg6Local))), false},
		{"an encapsulation, and none", rtnl.Route, join(one.body(), localSegment(1, 7)), one.body(), false},

		{"a rule that is detached", rtnl.Rule, ruleBody(unix.AF_INET, 100, 1, 0x8), ruleBody(unix.AF_INET, 100, 1, 0x10), true},
		{"a rule's table", rtnl.Rule, ruleBody(unix.AF_INET, 100, 1, 0), ruleBody(unix.AF_INET, 101, 1, 0), false},

		{"neighbor in use", rtnl.Neighbor, neighbor(unix.NUD_STALE), neighbor(unix.NUD_DELAY), true},
		{"neighbor's age", rtnl.Neighbor, neighbor(unix.NUD_STALE, attr(unix.NDA_CACHEINFO, make([]byte, 16))), neighbor(unix.NUD_STALE), true},
		{"neighbor's state", rtnl.Neighbor, neighbor(unix.NUD_STALE), neighbor(unix.NUD_REACHABLE), false},
		{"neighbor's MAC", rtnl.Neighbor, neighbor(unix.NUD_STALE, mac(1)), neighbor(unix.NUD_STALE, mac(2)), false},
		{"port of a MAC", rtnl.Neighbor, fdb(3, 0, mac(1), attr32(unix.NDA_MASTER, 9)), fdb(4, 0, mac(1), attr32(unix.NDA_MASTER, 9)), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.same, same(test.o, test.a, test.b))
			require.Equal(t, test.same, same(test.o, test.b, test.a))
			require.True(t, same(test.o, test.a, test.a))
			require.True(t, same(test.o, test.b, test.b))
		})
	}
}

// resilient is NHA_RES_GROUP.
func resilient(buckets uint16, idle, unbalanced uint32, since byte) []byte {
	return attr(nhaResGroup, attr(1, native16(buckets)), attr32(2, 100*idle), attr32(3, 100*unbalanced), attr(unbalancedTime, make([]byte, 7), []byte{since}))
}

// seg6Local is the encapsulation of a local segment that counts: an action
// (SEG6_LOCAL_ACTION) and the packets so far.
func seg6Local(action uint32, packets byte) []byte {
	return join(attr32(1, action), attr(seg6Counters, attr(2, make([]byte, 7), []byte{packets})))
}

func localSegment(action uint32, packets byte) []byte {
	return join(attr(unix.RTA_ENCAP, seg6Local(action, packets)), attr(unix.RTA_ENCAP_TYPE, native16(encapSeg6Local)))
}

// localMember is a route of IPv6 over two links, with a local segment at the second.
func localMember(action uint32, packets byte) []byte {
	r := v6(3)
	plain, local := localHop(4, nil), localHop(5, localSegment(action, packets))
	r.hops = nil
	return join(r.body(), attr(unix.RTA_MULTIPATH, plain, local))
}

// localHop is struct rtnexthop with attributes.
func localHop(oif uint32, attrs []byte) []byte {
	return join(native16(uint16(unix.SizeofRtNexthop+len(attrs))), []byte{0, 0}, native32(oif), attrs)
}

// A nexthop is what the kernel tells it by: link, gateway and encapsulation, but
// neither weight nor flags nor what was counted.
func TestANexthopIsTheSameWay(t *testing.T) {
	gw := attr(unix.RTA_GATEWAY, ip("2001:db8::9").AsSlice())
	via := attr(unix.RTA_VIA, native16(unix.AF_INET6), ip("2001:db8::9").AsSlice())
	seg := func(last byte) []byte { return hopSpec{encap: last}.attrs() }
	labels := func(label byte) []byte {
		return join(attr(unix.RTA_ENCAP, attr(1, []byte{0, 0, label, 1})), attr(unix.RTA_ENCAP_TYPE, native16(1)))
	}
	for name, test := range map[string]struct {
		a, b hop
		same bool
	}{
		"alike":                   {hop{Link: 3, Attrs: gw}, hop{Link: 3, Attrs: gw}, true},
		"another weight":          {hop{Link: 3, Attrs: gw}, hop{Link: 3, Attrs: gw, Weight: 9}, true},
		"dead":                    {hop{Link: 3, Attrs: gw}, hop{Link: 3, Attrs: gw, Flags: unix.RTNH_F_DEAD}, true},
		"onlink":                  {hop{Link: 3, Attrs: gw}, hop{Link: 3, Attrs: gw, Flags: unix.RTNH_F_ONLINK}, true},
		"another link":            {hop{Link: 3, Attrs: gw}, hop{Link: 4, Attrs: gw}, false},
		"no gateway":              {hop{Link: 3, Attrs: gw}, hop{Link: 3}, false},
		"of another family":       {hop{Link: 3, Attrs: gw}, hop{Link: 3, Attrs: via}, false},
		"a segment":               {hop{Link: 3, Attrs: gw}, hop{Link: 3, Attrs: join(seg(1), gw)}, false},
		"another segment":         {hop{Link: 3, Attrs: join(seg(1), gw)}, hop{Link: 3, Attrs: join(seg(2), gw)}, false},
		"the same segment":        {hop{Link: 3, Attrs: join(seg(1), gw)}, hop{Link: 3, Attrs: join(gw, seg(1))}, true},
		"another label":           {hop{Link: 3, Attrs: join(labels(1), gw)}, hop{Link: 3, Attrs: join(labels(2), gw)}, false},
		"a segment, not a label":  {hop{Link: 3, Attrs: join(labels(1), gw)}, hop{Link: 3, Attrs: join(seg(1), gw)}, false},
		"what a segment counted":  {hop{Link: 3, Attrs: localSegment(1, 7)}, hop{Link: 3, Attrs: localSegment(1, 9)}, true},
		"another local segment":   {hop{Link: 3, Attrs: localSegment(1, 7)}, hop{Link: 3, Attrs: localSegment(2, 7)}, false},
		"labels that it puts out": {hop{Link: 3, Attrs: join(gw, attr(unix.RTA_NEWDST, []byte{0, 0, 1, 1}))}, hop{Link: 3, Attrs: gw}, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.same, test.a.sameWay(test.b))
			require.Equal(t, test.same, test.b.sameWay(test.a))
		})
	}
}
