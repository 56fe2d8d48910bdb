package plugin

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRulesOfMulticastRoutingAreRules of families of their own.
func TestRulesOfMulticastRoutingAreRules(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*RTNetlink)
		want   int
	}{
		"by default":           {func(*RTNetlink) {}, 1},
		"of their family":      {func(r *RTNetlink) { r.Families = []string{"ipmr", "ip6mr"} }, 1},
		"of another family":    {func(r *RTNetlink) { r.Families = []string{"inet", "inet6"} }, 0},
		"of the daemon's only": {func(r *RTNetlink) { r.Families = []string{"ipmr"}; r.RouteProtocols = []string{"mrouted"} }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			ns := newPair(t)
			r := begin(t, ns, c.change)
			r.settled()
			require.Len(t, pick(r.since(0), "name", "rule", "family", "ipmr", "origin", "dump", "table", "default", "priority", 32767), c.want)
			n := r.mark()
			ns.Run("mrule add iif v0 fwmark 0x7 pref 9 lookup 100", "rule add iif v0 fwmark 0x7 pref 9 lookup 100")
			r.settled()
			require.Len(t, pick(r.since(n), "name", "rule", "family", "ipmr", "action", "new", "iif", "v0", "fwmark", "0x7", "table", "100", "priority", 9), c.want)
			ns.Run("mrule del iif v0 fwmark 0x7 pref 9 lookup 100")
			r.settled()
			require.Len(t, pick(r.since(n), "name", "rule", "family", "ipmr", "action", "delete", "priority", 9), c.want)
			require.Empty(t, pick(r.since(n), "name", "rule", "family", "inet", "action", "delete"), "the other is another")
			r.requireEqual()
		})
	}
}

// TestMulticastRoutesFollowTheDaemonsLinks: which links it uses only their
// settings tell, which are followed with routes whatever else is reported.
func TestMulticastRoutesFollowTheDaemonsLinks(t *testing.T) {
	for name, change := range map[string]func(*RTNetlink){
		"by default":           func(*RTNetlink) {},
		"of routes alone":      func(r *RTNetlink) { r.Objects = []string{"link", "route"} },
		"of the daemon's only": func(r *RTNetlink) { r.RouteProtocols = []string{"mrouted"} },
	} {
		t.Run(name, func(t *testing.T) {
			ns := newPair(t)
			daemon, err := ns.MulticastRouter(false, 0)
			require.NoError(t, err)
			require.NoError(t, daemon.Do("link 0 v0"))
			require.NoError(t, daemon.Do("link 1 v1"))
			r := begin(t, ns, change)
			r.settled()
			n := r.mark()
			require.NoError(t, daemon.Do("add 10.0.0.5 239.1.1.1 0 1:3"))
			r.settled()
			require.Len(t, pick(r.since(n), "name", "route", "family", "ipmr", "action", "new", "src", "10.0.0.5",
				"dst", "239.1.1.1", "iif", "v0", "nexthops", "dev v1 ttl 3", "protocol", "mrouted"), 1)
			n = r.mark()
			require.NoError(t, daemon.Do("unlink 1"))
			r.settled()
			require.Len(t, pick(r.since(n), "name", "route", "family", "ipmr", "action", "change", "origin", "resync",
				"changed", "nexthop_count,nexthops"), 1)
			r.requireEqual()
			n = r.mark()
			require.NoError(t, daemon.Close())
			r.settled()
			require.Len(t, pick(r.since(n), "name", "route", "family", "ipmr", "action", "delete"), 1)
			r.requireEqual()
		})
	}
}
