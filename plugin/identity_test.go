package plugin

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatDiffersInOnePartIsTwoObjects: pairs that the kernel has beside each
// other have two keys, and one that goes leaves the other.
func TestWhatDiffersInOnePartIsTwoObjects(t *testing.T) {
	const mac = "02:00:00:00:00:77"
	for name, p := range map[string]struct {
		class     string
		setup     []string
		one, two  string
		gone      string // what ends the first
		different string // the field that tells them apart
	}{
		"IPv4 addresses, by length":          {"address", nil, "addr add 10.7.0.1/24 dev v0", "addr add 10.7.0.1/25 dev v0", "addr del 10.7.0.1/24 dev v0", "prefixlen"},
		"IPv4 addresses, by peer":            {"address", nil, "addr add 10.7.0.1 peer 10.8.0.1 dev v0", "addr add 10.7.0.1 peer 10.8.0.2 dev v0", "addr del 10.7.0.1 peer 10.8.0.1 dev v0", "address"},
		"addresses, by link":                 {"address", nil, "addr add 2001:db8:7::1/64 dev v0 nodad", "addr add 2001:db8:7::1/64 dev v1 nodad", "addr del 2001:db8:7::1/64 dev v0", "interface"},
		"routes, by metric":                  {"route", nil, "route add blackhole 30.0.0.0/8 metric 1", "route add blackhole 30.0.0.0/8 metric 2", "route del blackhole 30.0.0.0/8 metric 1", "metric"},
		"routes, by table":                   {"route", nil, "route add blackhole 30.0.0.0/8 table 8", "route add blackhole 30.0.0.0/8 table 800", "route del blackhole 30.0.0.0/8 table 8", "table"},
		"routes, by TOS":                     {"route", nil, "route add blackhole 30.0.0.0/8 tos 8", "route add blackhole 30.0.0.0/8 tos 16", "route del blackhole 30.0.0.0/8 tos 8", "tos"},
		"IPv4 routes, by gateway":            {"route", nil, "route add 30.0.0.0/8 via 10.0.0.5", "route append 30.0.0.0/8 via 10.0.0.6", "route del 30.0.0.0/8 via 10.0.0.5", "gateway"},
		"IPv4 routes, by protocol":           {"route", nil, "route add 30.0.0.0/8 via 10.0.0.5 proto bird", "route append 30.0.0.0/8 via 10.0.0.5 proto static", "route del 30.0.0.0/8 proto bird", "protocol"},
		"IPv6 routes, by source":             {"route", nil, "route add 2001:db8:30::/48 from 2001:db8:1::/64 via 2001:db8::2", "route add 2001:db8:30::/48 from 2001:db8:2::/64 via 2001:db8::2", "route del 2001:db8:30::/48 from 2001:db8:1::/64", "src"},
		"rules, by mask":                     {"rule", nil, "rule add fwmark 1/0xff table 100 pref 500", "rule add fwmark 1/0xf table 100 pref 500", "rule del fwmark 1/0xff table 100 pref 500", "fwmask"},
		"rules, by ports":                    {"rule", nil, "rule add ipproto tcp dport 80-90 table 100 pref 500", "rule add ipproto tcp dport 80-91 table 100 pref 500", "rule del ipproto tcp dport 80-90 table 100 pref 500", "dport"},
		"rules, by action":                   {"rule", nil, "rule add from 10.9.0.0/16 blackhole pref 500", "rule add from 10.9.0.0/16 prohibit pref 500", "rule del from 10.9.0.0/16 blackhole pref 500", "type"},
		"neighbors, by link":                 {"neighbor", nil, "neigh add 10.0.0.77 lladdr " + mac + " dev v0 nud permanent", "neigh add 10.0.0.77 lladdr " + mac + " dev v1 nud permanent", "neigh del 10.0.0.77 dev v0", "interface"},
		"a bridge's entries, by MAC":         {"neighbor", []string{"link add br0 type bridge", "link set v1 master br0"}, "fdb add " + mac + " dev v1 master static", "fdb add 02:00:00:00:00:78 dev v1 master static", "fdb del " + mac + " dev v1 master", "lladdr"},
		"what a tunnel sends all, by where":  {"neighbor", []string{"link add vx0 type vxlan id 5 dstport 4789 local 10.0.0.1"}, "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.5", "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.6", "fdb del 00:00:00:00:00:00 dev vx0 dst 10.0.0.5", "dst"},
		"what a tunnel sends all, by port":   {"neighbor", []string{"link add vx0 type vxlan id 5 dstport 4789 local 10.0.0.1"}, "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.5", "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.5 port 4790", "fdb del 00:00:00:00:00:00 dev vx0 dst 10.0.0.5", "port"},
		"what a tunnel sends all, by number": {"neighbor", []string{"link add vx0 type vxlan id 5 dstport 4789 local 10.0.0.1"}, "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.5", "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.5 vni 6", "fdb del 00:00:00:00:00:00 dev vx0 dst 10.0.0.5", "vni"},
		"what a tunnel sends all, by link":   {"neighbor", []string{"link add vx0 type vxlan id 5 dstport 4789 local 10.0.0.1"}, "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.5", "fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.5 via v1", "fdb del 00:00:00:00:00:00 dev vx0 dst 10.0.0.5", "via"},
		"nexthop objects":                    {"nexthop", nil, "nexthop add id 71 via 10.0.0.5 dev v0", "nexthop add id 72 via 10.0.0.5 dev v0", "nexthop del id 71", "id"},
	} {
		t.Run(name, func(t *testing.T) {
			ns := newPair(t)
			ns.Run(p.setup...)
			r := begin(t, ns)
			r.settled()
			n := r.mark()
			ns.Run(p.one)
			one := r.waitEvent(n, "name", p.class, "action", "new")
			n = r.mark()
			ns.Run(p.two)
			two := r.waitEvent(n, "name", p.class, "action", "new")
			require.NotEqual(t, field(one, "key"), field(two, "key"))
			value := func(i int) any {
				m := []any{field(one, p.different), field(two, p.different), tag(one, p.different), tag(two, p.different)}
				return []any{m[i], m[i+2]}
			}
			require.NotEqual(t, value(0), value(1), p.different)
			n = r.mark()
			ns.Run(p.gone)
			end := r.waitEvent(n, "name", p.class, "action", "delete")
			require.Equal(t, field(one, "key"), field(end, "key"))
			r.requireEqual()
		})
	}
}

// TestWhatIsNoIdentityIsAChange: what the kernel replaces in place keeps its key.
func TestWhatIsNoIdentityIsAChange(t *testing.T) {
	const mac = "02:00:00:00:00:77"
	tunnel := []string{"link add vx0 type vxlan id 5 dstport 4789 local 10.0.0.1"}
	for name, p := range map[string]struct {
		class    string
		setup    []string
		one, two string
		changed  string
	}{
		"an address's lifetimes":        {"address", nil, "addr add 10.7.0.1/24 dev v0", "addr change 10.7.0.1/24 dev v0 valid_lft 1000 preferred_lft 500", "flags,valid_lft,preferred_lft"},
		"an IPv6 address's peer":        {"address", nil, "addr add 2001:db8:7::1/64 dev v0 nodad", "addr change 2001:db8:7::1/64 dev v0 nodad peer 2001:db8:8::1", "address"},
		"a route's gateway":             {"route", nil, "route add 30.0.0.0/8 via 10.0.0.5", "route replace 30.0.0.0/8 via 10.0.0.6", "gateway"},
		"an IPv6 route's gateway":       {"route", nil, "route add 2001:db8:30::/48 via 2001:db8::5", "route replace 2001:db8:30::/48 via 2001:db8::6", "gateway"},
		"a route's MTU":                 {"route", nil, "route add 30.0.0.0/8 via 10.0.0.5", "route replace 30.0.0.0/8 via 10.0.0.5 mtu 1300", "mtu"},
		"an IPv6 route's end":           {"route", nil, "route add 2001:db8:30::/48 via 2001:db8::5 expires 100", "route replace 2001:db8:30::/48 via 2001:db8::5 expires 200", "expires"},
		"an IPv6 route without an end":  {"route", nil, "route add 2001:db8:30::/48 via 2001:db8::5 expires 100", "route replace 2001:db8:30::/48 via 2001:db8::5", "expires"},
		"an IPv6 route that has one":    {"route", nil, "route add 2001:db8:30::/48 dev v0", "route replace 2001:db8:30::/48 dev v0 expires 100", "expires"},
		"a nexthop object that drops":   {"nexthop", nil, "nexthop add id 71 via 10.0.0.5 dev v0", "nexthop replace id 71 blackhole", "interface,ifindex,gateway,scope,blackhole"},
		"a route over such an object":   {"route", []string{"nexthop add id 71 via 10.0.0.5 dev v0"}, "route add 30.0.0.0/8 nhid 71", "nexthop replace id 71 blackhole", "type"},
		"an IPv6 route over such a one": {"route", []string{"nexthop add id 71 via 2001:db8::5 dev v0"}, "route add 2001:db8:30::/48 nhid 71", "-6 nexthop replace id 71 blackhole", "type"},
		"a neighbor's address":          {"neighbor", nil, "neigh add 10.0.0.77 lladdr " + mac + " dev v0 nud permanent", "neigh replace 10.0.0.77 lladdr 02:00:00:00:00:78 dev v0 nud permanent", "lladdr"},
		"a neighbor's state":            {"neighbor", nil, "neigh add 10.0.0.77 lladdr " + mac + " dev v0 nud permanent", "neigh replace 10.0.0.77 lladdr " + mac + " dev v0 nud noarp", "state,state_code"},
		"a MAC's port":                  {"neighbor", []string{"link add br0 type bridge", "link add w0 type veth peer name w1", "link set v1 master br0", "link set w0 master br0"}, "fdb add " + mac + " dev v1 master static", "fdb replace " + mac + " dev w0 master static", "interface,ifindex"},
		"a MAC's tunnel endpoint":       {"neighbor", tunnel, "fdb add " + mac + " dev vx0 dst 10.0.0.5", "fdb replace " + mac + " dev vx0 dst 10.0.0.6", "dst"},
		"a nexthop object's gateway":    {"nexthop", nil, "nexthop add id 71 via 10.0.0.5 dev v0", "nexthop replace id 71 via 10.0.0.6 dev v0", "gateway"},
		"a nexthop group's members":     {"nexthop", []string{"nexthop add id 71 via 10.0.0.5 dev v0", "nexthop add id 72 via 10.0.0.6 dev v0"}, "nexthop add id 80 group 71", "nexthop replace id 80 group 71/72", "group"},
		"a link's name":                 {"link", nil, "link add i0 type ifb", "link set i0 name i1", "interface"},
		"a link's address, MTU, length": {"link", nil, "link add i0 type ifb", "link set i0 txqueuelen 77", "txqlen"},
	} {
		t.Run(name, func(t *testing.T) {
			ns := newPair(t)
			ns.Run(p.setup...)
			r := begin(t, ns)
			r.settled()
			n := r.mark()
			ns.Run(p.one)
			one := r.waitEvent(n, "name", p.class, "action", "new")
			n = r.mark()
			ns.Run(p.two)
			two := r.waitEvent(n, "name", p.class, "key", field(one, "key"))
			r.requireEqual()
			require.True(t, has(two, "action", "change", "changed", p.changed), "%v", lines(r.since(n)))
			require.Len(t, pick(r.since(n), "key", field(one, "key")), 1)
		})
	}
}
