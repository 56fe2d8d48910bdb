package nstest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// commands is a history in which every word occurs; each line succeeds.
var commands = []string{
	"link add index 10 name v0 address 02:00:00:00:00:01 type veth peer index 11 name v1 address 02:00:00:00:00:02",
	"link add index 12 w0 mtu 1400 address 02:00:00:00:00:03 type veth peer name w1 index 13 address 02:00:00:00:00:04",
	"link add index 14 name br0 address 02:00:00:00:00:05 type bridge stp_state 1 forward_delay 200 ageing_time 3000",
	"link add index 15 name ifb0 address 02:00:00:00:00:06 type ifb",
	"link add index 16 link ifb0 name mv0 address 02:00:00:00:00:07 type macvlan mode bridge",
	"link set dev lo up", "link set dev v0 up", "link set dev v1 up", "link set dev w0 up", "link set dev w1 up",
	"link set dev ifb0 alias spare", "link set dev ifb0 txqueuelen 77", "link set dev ifb0 group 5",
	"link set dev ifb0 arp off", "link set dev ifb0 promisc on", "link set dev ifb0 name ifb1", "link set dev mv0 mtu 1300",
	"link add property dev ifb1 altname a-name-longer-than-sixteen",
	"link set dev a-name-longer-than-sixteen up",
	"link set dev w1 master br0", "link set dev br0 up", "brport set dev w1 learning off cost 7 priority 3 hairpin on",
	"addr add 10.0.0.1/24 dev v0 label v0:x brd 10.0.0.255", "addr add 10.0.0.2/24 dev v0", "addr add 10.0.0.1/25 dev v0",
	"addr add 10.9.0.1 peer 10.9.0.2 dev v0 scope link", "addr add 10.1.0.1/24 dev w0 metric 7 noprefixroute",
	"addr add 2001:db8:1::1/64 dev v0 nodad", "addr add 2001:db8:2::1/64 dev w0 nodad home",
	"addr change 2001:db8:1::1/64 dev v0 peer 2001:db8:1::99", "addr del 10.0.0.2/24 dev v0",
	"route add 20.0.0.0/24 via 10.0.0.9", "route append 20.0.0.0/24 via 10.0.0.8", "route prepend 20.0.0.0/24 via 10.0.0.7",
	"route replace 20.0.0.0/24 via 10.0.0.6", "route add default via 10.0.0.9 dev v0 metric 50 proto dhcp src 10.0.0.1",
	"route add 21.0.0.0/24 dev v0 table 12345 tos 8 mtu 1300 advmss 1000 initcwnd 20", "route add blackhole 22.0.0.0/16",
	"route add unreachable 22.1.0.0/16 metric 3", "route add prohibit 22.2.0.0/16", "route add throw 22.3.0.0/16 table 100",
	"route add local 23.0.0.1 dev lo", "route add broadcast 23.0.0.255 dev v0 scope link",
	"route add 24.0.0.0/24 nexthop via 10.0.0.9 dev v0 weight 2 nexthop via 10.0.0.8 dev v0 onlink nexthop dev v0",
	"route add 25.0.0.0/24 via inet6 2001:db8:1::9 dev v0", "route add 26.0.0.0/24 via 99.0.0.1 dev v0 onlink",
	"-6 route add default via 2001:db8:1::9 metric 2048", "route add 2001:db8:a::/64 via 2001:db8:1::9",
	"route append 2001:db8:a::/64 via 2001:db8:1::8", "route add 2001:db8:b::/64 dev v0 pref high expires 500",
	"route add unreachable 2001:db8:c::/48 metric 9",
	"route add 2001:db8:d::/64 from 2001:db8:1::/64 via 2001:db8:1::9 dev v0",
	"route add 2001:db8:e::/64 nexthop via 2001:db8:1::7 dev v0 nexthop via 2001:db8:1::6 dev v0 weight 3",
	"nexthop add id 1 via 10.0.0.9 dev v0", "nexthop add id 2 dev v0", "nexthop add id 3 blackhole proto static",
	"nexthop add id 4 via 10.0.0.8 dev v0 onlink", "nexthop add id 10 group 1/4,7", "nexthop replace id 1 via 10.0.0.5 dev v0",
	"-6 nexthop add id 6 dev v0", "nexthop add id 7 via 2001:db8:1::9 dev v0", "nexthop add id 11 group 7",
	"route add 40.0.0.0/24 nhid 10", "route add 2001:db8:40::/64 nhid 11", "route add 41.0.0.0/24 nhid 3",
	"rule add from 10.0.0.0/24 lookup 100", "rule add to 10.3.0.0/16 iif v0 oif nosuch table 100 pref 500 tos 8",
	"rule add not fwmark 0x10/0xff blackhole pref 600", "rule add pref 700 goto 800", "rule add pref 800 nop",
	"rule add ipproto tcp sport 80 dport 1000-2000 uidrange 0-0 unreachable pref 900",
	"rule add table main suppress_prefixlength 0 pref 950 proto static", "-6 rule add pref 99 prohibit",
	"-6 rule add from 2001:db8::/32 lookup 100 pref 98", "rule del pref 600 not fwmark 0x10/0xff blackhole",
	"neigh add 10.0.0.50 lladdr 02:00:00:00:00:50 dev v0", "neigh replace 10.0.0.50 lladdr 02:00:00:00:00:51 dev v0",
	"neigh add 2001:db8:1::50 lladdr 02:00:00:00:00:52 dev v0 nud reachable router",
	"neigh add proxy 10.0.0.60 dev v0", "neigh add 10.0.0.53 lladdr 02:00:00:00:00:53 dev v0 nud noarp extern_learn",
	"link add name vx0 index 20 address 02:00:00:00:00:08 type vxlan id 5 dstport 4789 local 10.0.0.1 dev v0 nolearning",
	"fdb add 02:00:00:00:01:01 dev vx0 dst 10.0.0.5", "fdb append 02:00:00:00:01:01 dev vx0 dst 10.0.0.6 port 77 vni 9",
	"fdb replace 02:00:00:00:01:02 dev vx0 dst 10.0.0.7", "fdb add 02:00:00:00:01:03 dev w1 master static",
	"fdb add 02:00:00:00:01:04 dev w1 master dynamic extern_learn", "fdb add 02:00:00:00:01:05 dev br0 self local",
	"route change 20.0.0.0/24 via 10.0.0.4", "route del 22.0.0.0/16", "nexthop del id 2",
	"neigh del 10.0.0.50 dev v0", "fdb del 02:00:00:00:01:03 dev w1 master", "link set dev w1 nomaster",
	"link del property dev ifb1 altname a-name-longer-than-sixteen", "link del dev mv0",
}

func TestEveryCommandIsAccepted(t *testing.T) {
	ns := prepared(t)
	ns.Run(commands...)
}

// TestCommandsMeanWhatIPMeans gives the same history to ip(8) and bridge(8)
// and to this package, and compares all they show.
func TestCommandsMeanWhatIPMeans(t *testing.T) {
	nstest.NeedTool(t, "ip")
	ours, theirs := prepared(t), prepared(t)
	for _, line := range commands {
		if err := ours.Try(line); err != nil {
			t.Error(err)
		}
		if out, err := theirs.Output("sh", "-c", shell(line)); err != nil {
			t.Error(err, out)
		}
	}
	for _, show := range []string{
		"ip -d link", "ip -d addr", "ip -d route show table all", "ip -6 -d route show table all", "ip rule", "ip -6 rule",
		"ip -d nexthop", "ip neigh show nud all", "ip neigh show proxy", "bridge fdb", "bridge -d link",
	} {
		want, got := shown(t, theirs, show), shown(t, ours, show)
		if !slices.Equal(want, got) {
			t.Errorf("%s (-ip +this):\n%s", show, cmp.Diff(want, got))
		}
	}
}

// prepared makes a namespace in which IPv6 addresses work at once.
func prepared(t *testing.T) *nstest.NS {
	ns := nstest.New(t)
	ns.Sysctl("net.ipv6.conf.default.dad_transmits", "0")
	ns.Sysctl("net.ipv6.conf.default.addr_gen_mode", "1") // no link-local addresses, which come late
	return ns
}

// shell turns a command of this package into one for sh.
func shell(line string) string {
	for _, c := range [][2]string{
		{"fdb ", "bridge fdb "}, {"brport ", "bridge link "},
		{"link add property ", "ip link property add "}, {"link del property ", "ip link property del "},
	} {
		if rest, ok := strings.CutPrefix(line, c[0]); ok {
			return c[1] + rest
		}
	}
	return "ip " + line
}

// volatile is what differs between two equal histories.
var volatile = regexp.MustCompile(`(expires|valid_lft|hello_timer|tcn_timer|topology_change_timer|gc_timer|` +
	`message_age_timer|forward_delay_timer|hold_timer) +[0-9.]+|netns[^ ]*|used [0-9/]+`)

// shown returns the sorted lines of a command's output.
func shown(t *testing.T, ns *nstest.NS, command string) []string {
	t.Helper()
	words := strings.Fields(command)
	out, err := ns.Output(words[0], words[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(volatile.ReplaceAllString(out, ""), "\n")
	slices.Sort(lines)
	return lines
}
