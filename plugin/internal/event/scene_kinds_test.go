package event

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/scenes"
)

// otherKinds are links that have no life among the scenes, or another one.
var otherKinds = []string{
	"type bond mode active-backup arp_interval 100 arp_ip_target 192.0.2.9",
	"type vxlan external dstport 4790",
	"link d0 type macvlan mode source",
	"type geneve id 7 remote 2001:db8::2",
	"type gre external",
	"type gre local 192.0.2.1 remote 192.0.2.9 encap gue encap-sport 5555 encap-dport 6666 encap-csum",
	"type sit local 192.0.2.1 encap fou encap-sport auto encap-dport 5555",
	"type bareudp dstport 6635 ethertype mpls_uc",
	"type bareudp dstport 6636 ethertype ip multiproto",
	"type amt mode relay local 192.0.2.1 dev d0 relay_port 4269",
	"type hsr slave1 d0 slave2 d1 supervision 45 version 1",
	"type netkit",
}

// TestEveryKeyOfEveryKindHasAField makes a link of each kind that the kernel has,
// one after the other. Modules that it loads make links in each namespace from then
// on: it comes behind the tests that choose indexes (by the name of its file).
func TestEveryKeyOfEveryKindHasAField(t *testing.T) {
	needTools(t)
	ns := nstest.New(t)
	ip := ns.Iproute()
	kinds := slices.Clone(otherKinds)
	for _, s := range scenes.All() {
		for _, line := range s.Lines {
			if kind, made := strings.CutPrefix(line, "ip link add x0 "); made {
				kinds = append(kinds, kind)
			}
		}
	}
	require.Greater(t, len(kinds), 40)
	var list []string
	build(t, ns, []string{"ip link add d0 type veth peer name d1", "ip link set d0 up", "ip addr add 192.0.2.1/24 dev d0"})
	for _, kind := range kinds {
		if _, err := ip.Output("ip link add x0 " + kind); err != nil {
			t.Logf("%s: %v", kind, err)
			continue
		}
		for _, o := range look(t, ns).json("ip", "-j", "-d", "link") {
			list = append(list, missingLink(o)...)
		}
		_, err := ip.Output("ip link del x0")
		require.NoError(t, err)
	}
	slices.Sort(list)
	assert.Empty(t, slices.Compact(list), "ip prints them, no field has them")
}
