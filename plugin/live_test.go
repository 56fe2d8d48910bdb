package plugin

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// pair is a veth pair with addresses, and something of every class on it.
var pair = []string{
	"link set lo up",
	"link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
	"addr add 10.0.0.1/24 dev v0", "addr add 2001:db8::1/64 dev v0 nodad",
	"route add 20.0.0.0/24 via 10.0.0.2 proto static",
	"-6 route add 2001:db8:1::/48 via 2001:db8::2 proto static",
	"rule add from 10.0.0.0/8 table 100 pref 1000",
	"nexthop add id 1 via 10.0.0.3 dev v0",
	"neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0",
}

func newPair(t *testing.T) *nstest.NS {
	t.Helper()
	ns := nstest.New(t)
	ns.Sysctl("net.ipv6.conf.default.dad_transmits", "0")
	ns.Sysctl("net.ipv6.conf.default.router_solicitations", "0")
	ns.Run(pair...)
	return ns
}

func TestEnumerationThenChanges(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	for _, m := range r.since(0) {
		require.True(t, has(m, "action", "new", "origin", "dump", "netns", ns.Path()), m)
	}
	for _, class := range []string{"link", "address", "route", "neighbor", "rule", "nexthop"} {
		require.NotEmpty(t, pick(r.since(0), "name", class))
	}
	n := r.mark()
	ns.Run("link set v0 mtu 1400", "route replace 20.0.0.0/24 via 10.0.0.4 proto static", "link del v0")
	r.waitEvent(n, "name", "link", "action", "change", "origin", "notify", "interface", "v0", "changed", "mtu", "mtu", 1400, "previous_mtu", 1500)
	r.waitEvent(n, "name", "route", "action", "change", "changed", "gateway", "gateway", "10.0.0.4", "previous_gateway", "10.0.0.2")
	r.waitEvent(n, "name", "link", "action", "delete", "interface", "v0")
	r.requireEqual()
	require.NotEmpty(t, pick(r.since(n), "name", "route", "action", "delete", "origin", "implied"))
	require.Empty(t, pick(r.since(n), "origin", "dump"))
}

func ExampleNew() {
	fmt.Println(New().InitialEvents)
	// Output: [link address route neighbor rule nexthop]
}
