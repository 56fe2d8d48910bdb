package event

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// eachClass runs test for every class of objects.
func eachClass(t *testing.T, test func(t *testing.T, o rtnl.Object)) {
	t.Helper()
	for o := range rtnl.Object(rtnl.NumObjects) {
		t.Run(o.String(), func(t *testing.T) { test(t, o) })
	}
}

func TestTableIsWellFormed(t *testing.T) {
	eachClass(t, func(t *testing.T, o rtnl.Object) {
		seen := map[string]bool{}
		for _, f := range Common() {
			seen[f.Name] = true
		}
		table := Fields(o)
		tagsOver := false
		for _, f := range table {
			assert.False(t, seen[f.Name], "two fields %q", f.Name)
			seen[f.Name] = true
			assert.NotNil(t, f.get, f.Name)
			assert.NotEqual(t, None, f.Kind, f.Name)
			assert.False(t, f.Tag && tagsOver, "tag %q after a field", f.Name)
			tagsOver = tagsOver || !f.Tag
			assert.True(t, !f.Tag || f.Kind == String, "tag %q is no text", f.Name)
			assert.NotEmpty(t, f.Doc, f.Name)
			assert.NotContains(t, f.Doc, "\n", f.Name)
			assert.True(t, f.Choices == nil || f.Kind == String, f.Name)
			assert.True(t, f.attrs != nil || f.head != 0 || f.NoChange, "Diff cannot see %q", f.Name)
		}
	})
}

func TestTableHasTheContractsNames(t *testing.T) {
	want := map[rtnl.Object][2]string{
		rtnl.Link: {"interface kind", "ifindex link_type mtu operstate operstate_code up carrier flags address " +
			"broadcast permaddr master link qdisc txqlen group ifalias altnames num_tx_queues num_rx_queues " +
			"promiscuity carrier_changes carrier_up_count carrier_down_count missed_carrier_changes irq irq_count new_netnsid new_ifindex"},
		rtnl.Address: {"interface family scope", "ifindex local prefixlen address broadcast anycast metric label flags protocol " +
			"valid_lft preferred_lft"},
		rtnl.Route: {"family table protocol type interface", "dst ifindex gateway prefsrc metric scope tos src iif flags " +
			"realms nhid nexthop_count nexthops pref expires ttl_propagate mtu mtu_lock locks window rtt rttvar ssthresh cwnd advmss reordering hoplimit " +
			"initcwnd features rto_min initrwnd quickack congestion fastopen_no_cookie encap encap_info"},
		rtnl.Neighbor: {"interface family", "ifindex dst lladdr state state_code flags vlan vni src_vni port via link_netnsid " +
			"nhid protocol activity_notify inactive master probes"},
		rtnl.Rule: {"family table type", "priority src dst iif oif fwmark fwmask ipproto sport dport uid_range tos " +
			"realms dscp dscp_mask flowlabel flowlabel_mask sport_mask dport_mask not goto suppress_prefixlength suppress_ifgroup l3mdev tun_id protocol"},
		rtnl.Nexthop: {"family protocol interface", "ifindex id gateway scope flags group type buckets idle_timer unbalanced_timer unbalanced_time blackhole fdb encap encap_info"},
	}
	eachClass(t, func(t *testing.T, o rtnl.Object) {
		var tags, rest []string
		for _, f := range Fields(o) {
			if f.Tag {
				tags = append(tags, f.Name)
			} else {
				rest = append(rest, f.Name)
			}
		}
		assert.Equal(t, want[o], [2]string{strings.Join(tags, " "), strings.Join(rest, " ")})
	})
}
