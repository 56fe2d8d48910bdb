package mirror

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/objtable"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

func ip(s string) netip.Addr { return netip.MustParseAddr(s) }

var mac = func(last byte) []byte { return attr(unix.NDA_LLADDR, []byte{2, 0, 0, 0, 0, last}) }

// everyMAC is the address that a tunnel sends to what it has no entry for.
var everyMAC = attr(unix.NDA_LLADDR, make([]byte, 6))

func fdb(index uint32, flags uint8, attrs ...[]byte) []byte {
	return neighborBody(unix.AF_BRIDGE, index, unix.NUD_REACHABLE, flags, attrs...)
}

func withTable(r routeSpec, table uint32) routeSpec { r.table = table; return r }

func withMetric(r routeSpec, metric uint32) routeSpec { r.metric = metric; return r }

func withTOS(r routeSpec, tos uint8) routeSpec { r.tos = tos; return r }

// TestKeys lists pairs of bodies that are one object to the kernel, and pairs
// that are two.
func TestKeys(t *testing.T) {
	none := netip.Addr{}
	for _, test := range []struct {
		name string
		o    rtnl.Object
		a, b []byte
		same bool
	}{
		{"a link is its index", rtnl.Link, linkBody(3, "a", 0), linkBody(3, "b", unix.IFF_UP), true},
		{"links may share a name for a moment", rtnl.Link, linkBody(3, "a", 0), linkBody(4, "a", 0), false},
		{"a nexthop object is its id", rtnl.Nexthop, nexthopBody(5, attr32(unix.NHA_OIF, 3)), nexthopBody(5, members(1, 2)), true},
		{"ids differ", rtnl.Nexthop, nexthopBody(5), nexthopBody(6), false},

		{"IPv4 addresses of other length", rtnl.Address, addressBody(3, prefix("10.0.0.1/24"), none), addressBody(3, prefix("10.0.0.1/25"), none), false},
		{"IPv4 addresses of other peer", rtnl.Address, addressBody(3, prefix("10.0.0.5/32"), ip("10.1.1.1")), addressBody(3, prefix("10.0.0.5/32"), ip("10.1.1.2")), false},
		{"an address of two links", rtnl.Address, addressBody(3, prefix("10.0.0.1/24"), none), addressBody(4, prefix("10.0.0.1/24"), none), false},
		{"an IPv6 address with another length", rtnl.Address, addressBody(3, prefix("2001:db8::1/64"), none), addressBody(3, prefix("2001:db8::1/80"), none), true},
		{"an IPv6 address with another peer", rtnl.Address, addressBody(3, prefix("2001:db8::1/64"), none), addressBody(3, prefix("2001:db8::1/64"), ip("2001:db8::9")), true},

		{"routes by another gateway share a list", rtnl.Route, via("20.0.0.0/24", "10.0.0.9", 3).body(), dev("20.0.0.0/24", 4).body(), true},
		{"routes of other length", rtnl.Route, dev("20.0.0.0/24", 3).body(), dev("20.0.0.0/25", 3).body(), false},
		{"routes of other metric", rtnl.Route, dev("20.0.0.0/24", 3).body(), withMetric(dev("20.0.0.0/24", 3), 5).body(), false},
		{"routes of other TOS", rtnl.Route, dev("20.0.0.0/24", 3).body(), withTOS(dev("20.0.0.0/24", 3), 4).body(), false},
		{"tables beyond 8 bits", rtnl.Route, withTable(dev("20.0.0.0/24", 3), 500).body(), withTable(dev("20.0.0.0/24", 3), 501).body(), false},
		{"default routes of both families", rtnl.Route, dev("0.0.0.0/0", 3).body(), dev("::/0", 3).body(), false},

		{"rules of other priority", rtnl.Rule, ruleBody(unix.AF_INET, 100, 1, 0), ruleBody(unix.AF_INET, 100, 2, 0), false},
		{"a rule whose link is gone", rtnl.Rule, ruleBody(unix.AF_INET, 100, 1, 0x8), ruleBody(unix.AF_INET, 100, 1, 0), true},
		{"a rule that is negated", rtnl.Rule, ruleBody(unix.AF_INET, 100, 1, 0x2), ruleBody(unix.AF_INET, 100, 1, 0), false},

		{"a neighbor with another MAC", rtnl.Neighbor, neighborBody(unix.AF_INET, 3, unix.NUD_REACHABLE, 0, attr(unix.NDA_DST, []byte{10, 0, 0, 5}), mac(1)),
			neighborBody(unix.AF_INET, 3, unix.NUD_STALE, unix.NTF_ROUTER, attr(unix.NDA_DST, []byte{10, 0, 0, 5}), mac(2)), true},
		{"a proxy entry beside a neighbor", rtnl.Neighbor, neighborBody(unix.AF_INET, 3, 0, unix.NTF_PROXY, attr(unix.NDA_DST, []byte{10, 0, 0, 5})),
			neighborBody(unix.AF_INET, 3, 0, 0, attr(unix.NDA_DST, []byte{10, 0, 0, 5})), false},
		{"a MAC that moves to another port", rtnl.Neighbor, fdb(3, unix.NTF_MASTER, mac(1), attr32(unix.NDA_MASTER, 9)), fdb(4, 0, mac(1), attr32(unix.NDA_MASTER, 9)), true},
		{"a MAC in two VLANs", rtnl.Neighbor, fdb(3, 0, mac(1), attr32(unix.NDA_MASTER, 9)), fdb(3, 0, mac(1), attr32(unix.NDA_MASTER, 9), attr(unix.NDA_VLAN, native16(7))), false},
		{"a MAC in two bridges", rtnl.Neighbor, fdb(3, 0, mac(1), attr32(unix.NDA_MASTER, 9)), fdb(3, 0, mac(1), attr32(unix.NDA_MASTER, 8)), false},
		{"a MAC that moves to another tunnel endpoint", rtnl.Neighbor, fdb(3, unix.NTF_SELF, mac(1), attr(unix.NDA_DST, []byte{10, 0, 0, 5})),
			fdb(3, unix.NTF_SELF, mac(1), attr(unix.NDA_DST, []byte{10, 0, 0, 6})), true},
		{"a MAC that moves to another port, VNI and link", rtnl.Neighbor, fdb(3, unix.NTF_SELF, mac(1), attr32(unix.NDA_VNI, 5)),
			fdb(3, unix.NTF_SELF, mac(1), attr(unix.NDA_PORT, []byte{18, 181}), attr32(unix.NDA_IFINDEX, 7)), true},
		{"a MAC that moves to another nexthop object", rtnl.Neighbor, fdb(3, unix.NTF_SELF, mac(1), attr32(rtnl.NDANexthop, 11)), fdb(3, unix.NTF_SELF, mac(1), attr32(rtnl.NDANexthop, 12)), true},
		{"a MAC in two networks of a tunnel", rtnl.Neighbor, fdb(3, unix.NTF_SELF, mac(1), attr32(rtnl.NDANexthop, 11), attr32(unix.NDA_SRC_VNI, 5)),
			fdb(3, unix.NTF_SELF, mac(1), attr32(rtnl.NDANexthop, 11), attr32(unix.NDA_SRC_VNI, 6)), false},
		{"all MACs behind two endpoints", rtnl.Neighbor, fdb(3, unix.NTF_SELF, everyMAC, attr(unix.NDA_DST, []byte{10, 0, 0, 5})),
			fdb(3, unix.NTF_SELF, everyMAC, attr(unix.NDA_DST, []byte{10, 0, 0, 6})), false},
		{"a group's MAC behind two endpoints", rtnl.Neighbor, fdb(3, unix.NTF_SELF, attr(unix.NDA_LLADDR, []byte{1, 0, 0x5e, 0, 0, 1}), attr(unix.NDA_DST, []byte{10, 0, 0, 5})),
			fdb(3, unix.NTF_SELF, attr(unix.NDA_LLADDR, []byte{1, 0, 0x5e, 0, 0, 1}), attr(unix.NDA_DST, []byte{10, 0, 0, 6})), false},
		{"all MACs at two ports", rtnl.Neighbor, fdb(3, unix.NTF_SELF, everyMAC, attr(unix.NDA_DST, []byte{10, 0, 0, 5})),
			fdb(3, unix.NTF_SELF, everyMAC, attr(unix.NDA_DST, []byte{10, 0, 0, 5}), attr(unix.NDA_PORT, []byte{18, 181})), false},
		{"all MACs in two VNIs", rtnl.Neighbor, fdb(3, unix.NTF_SELF, everyMAC, attr32(unix.NDA_VNI, 5)), fdb(3, unix.NTF_SELF, everyMAC, attr32(unix.NDA_SRC_VNI, 5)), false},
		{"all MACs over two links", rtnl.Neighbor, fdb(3, unix.NTF_SELF, everyMAC, attr32(unix.NDA_IFINDEX, 5)), fdb(3, unix.NTF_SELF, everyMAC, attr32(unix.NDA_IFINDEX, 6)), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, b := keyOf(test.o, nil, test.a), keyOf(test.o, nil, test.b)
			require.Equal(t, test.same, string(a) == string(b), "%x and %x", a, b)
			l := objtable.New(byte(test.o), func(dst, body []byte) []byte { return keyOf(test.o, dst, body) }).Find(test.a)
			l.Push(test.a)
			l = l.Table().Find(test.b)
			require.Equal(t, test.same, l.Head != 0)
		})
	}
}

// A key depends on nothing that the mirror leaves out of what it holds, or else
// an entry could not be found again.
func TestKeyOfWhatIsHeldIsTheKeyOfTheMessage(t *testing.T) {
	s := New(Config{})
	nhid := dev("20.0.0.0/24", 3)
	nhid.nhid = 7
	for o, body := range map[rtnl.Object][]byte{
		rtnl.Link:  linkBody(3, "a", 0, attr(unix.IFLA_STATS64, make([]byte, 200)), attr(unix.IFLA_STATS, make([]byte, 96))),
		rtnl.Route: nhid.body(),
	} {
		held := s.canonical(o, body)
		require.Less(t, len(held), len(body))
		require.Equal(t, keyOf(o, nil, body), keyOf(o, nil, held), o)
	}
}

func TestKeysAreAppended(t *testing.T) {
	for o, body := range [][]byte{linkBody(3, "a", 0), nexthopBody(1), addressBody(1, prefix("10.0.0.1/24"), netip.Addr{}),
		dev("20.0.0.0/24", 3).body(), ruleBody(unix.AF_INET, 100, 1, 0), fdb(3, 0, mac(1))} {
		key := keyOf(rtnl.Object(o), nil, body)
		require.Equal(t, "before"+string(key), string(keyOf(rtnl.Object(o), []byte("before"), body)), rtnl.Object(o))
	}
}
