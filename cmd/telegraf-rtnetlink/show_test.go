package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// envShow makes the test binary the program itself.
const envShow = "RTNETLINK_TEST_COMMAND"

func init() {
	if os.Getenv(envShow) != "" {
		os.Exit(start(os.Args[1:], stdio{os.Stdin, os.Stdout, os.Stderr}))
	}
}

// scene sets up a network of its own and prints it with $SHOW and with ip.
const scene = `set -e
ip link set lo up
ip link add v0 type veth peer name v1
ip link set v0 up; ip link set v1 up
ip addr add 10.0.0.1/24 dev v0
ip addr add 192.0.2.1 peer 192.0.2.2/32 dev v0
ip -6 addr add 2001:db8::1/64 dev v0 nodad
ip route add 10.1.0.0/16 via 10.0.0.2 metric 50 mtu lock 1400 rtt 100ms initcwnd 20
ip route add 10.2.0.0/16 nexthop via 10.0.0.2 weight 2 nexthop via 10.0.0.3
ip route add blackhole 10.3.0.0/16
ip route add unreachable default metric 4278198272
ip route add 10.5.0.0/16 via 10.0.0.2 table 100 proto bgp src 10.0.0.1 tos 0x10
ip route add 10.6.0.0/16 via inet6 2001:db8::2 dev v0
ip route add 2001:db8:5::/48 via 2001:db8::2 proto static pref high
ip nexthop add id 7 via 10.0.0.2 dev v0
ip nexthop add id 8 via 10.0.0.3 dev v0 proto static
ip nexthop add id 9 group 7,3/8
ip nexthop add id 10 blackhole
ip nexthop add id 11 via 2001:db8::2 dev v0
ip nexthop add id 12 via 10.0.0.2 fdb
ip nexthop add id 13 group 12 fdb
ip nexthop add id 15 via 10.99.0.2 dev v0 onlink
ip nexthop add id 16 dev v0
ip nexthop add id 17 group 7/8 type resilient buckets 32 idle_timer 60 unbalanced_timer 300 2>/dev/null || : # since 5.13
ip route add 10.7.0.0/16 nhid 7
ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:99 dev v0 nud permanent
ip rule add from 10.9.0.0/16 lookup 100 pref 500
ip rule add not fwmark 0x5/0xff iif v0 to 10.8.0.0/16 ipproto tcp dport 80-90 lookup 200 pref 600
ip rule add from 10.10.0.0/16 prohibit pref 700
ip rule add to 10.11.0.0/16 blackhole pref 710
ip rule add unreachable from 10.12.0.1 pref 720
ip rule add from 10.13.0.0/16 goto 900 pref 730
ip rule add from 10.14.0.0/16 lookup main suppress_prefixlength 0 pref 740
ip rule add oif v0 uidrange 0-0 lookup 100 pref 750
ip rule add from 10.15.0.0/16 tos 0x10 lookup 100 realms 3/4 pref 760
ip rule add iif absent sport 53 ipproto udp lookup 100 protocol static pref 770
ip rule add l3mdev pref 780
ip rule add tun_id 7 lookup 100 suppress_ifgroup 5 pref 790
ip -6 rule add from 2001:db8::/32 fwmark 7 lookup 100 pref 800
ip rule add lookup 100 pref 900
ip mrule add iif v0 fwmark 7 lookup 100 pref 910 2>/dev/null || : # not on each kernel
n=0
until [ "$(ip -6 addr show tentative)" = "" ]; do n=$((n+1)); [ $n -lt 100 ]; sleep 0.1; done
theirs() {
case $1 in
route) ip -4 route show table all; ip -6 route show table all ;;
rule) ip -4 rule; ip -6 rule; ip mrule 2>/dev/null || :; ip -6 mrule 2>/dev/null || : ;;
nexthop) ip nexthop ;;
neighbor) ip neigh ;;
address) ip -o address ;;
netconf) ip -4 netconf; ip -6 netconf ;;
esac
}
` + compared + `# The path of a nexthop object is that object's; iproute2 6.1 does not print
# who added an address.
sed -i 's/ nhid 7 .*/ nhid 7/' "$2/theirs"
sed -i 's/ proto kernel_[a-z]*//' "$2/ours"
# Nor does it print a setting that it has no word for.
sed -i 's/ bc_forwarding [a-z]*//' "$2/ours"
`

// compared prints what the kernel has with $SHOW and with the function theirs,
// when nothing came or went meanwhile.
const compared = `n=0
until theirs "$1" >"$2/theirs"; "$SHOW" show ${asked:--object $1} >"$2/ours"; theirs "$1" >"$2/again"; cmp -s "$2/theirs" "$2/again"; do
	n=$((n+1)); [ $n -lt 100 ]
done
`

// bridgeScene is a bridge with ports, and a namespace that has a number. VLANs and
// multicast groups need a kernel that has them.
const bridgeScene = `set -e
vlans= vid= vlan=
if ip link add br0 type bridge vlan_filtering 1 mcast_snooping 1 2>/dev/null; then vlans=1 vid="vid 10" vlan="vlan 10"
else [ "$1" != vlan ] || { echo "no VLANs of bridges"; exit 77; }; ip link add br0 type bridge mcast_snooping 1; fi
ip link add p0 type veth peer name q0
ip link add p1 type veth peer name q1
for l in p0 p1; do ip link set $l master br0; done
for l in lo br0 p0 p1 q0 q1; do ip link set $l up; done
if [ $vlans ]; then
	bridge vlan add dev p0 vid 10
	bridge vlan add dev p0 vid 20-22 untagged
	bridge vlan add dev p1 vid 30 pvid untagged
	bridge vlan add dev br0 vid 10 self
fi
n=0
until [ "$(bridge link | grep -c 'state forwarding')" = 2 ]; do n=$((n+1)); [ $n -lt 100 ]; sleep 0.1; done
bridge mdb add dev br0 port p0 grp 239.1.1.1 permanent $vid
bridge mdb add dev br0 port p0 grp 239.1.1.2 src 192.0.2.7 permanent $vid
bridge mdb add dev br0 port p1 grp ff02::99 permanent
bridge mdb add dev br0 port p1 grp 239.1.1.3 temp
bridge mdb add dev br0 port br0 grp 239.1.1.4 temp $vid
bridge mdb add dev br0 port p0 grp 03:00:5e:00:00:01 permanent $vid 2>/dev/null || : # since 5.11
bridge fdb add 02:00:00:00:00:01 dev p0 master static $vlan
bridge fdb add 02:00:00:00:00:02 dev p1 master dynamic
if [ "$1" = nsid ]; then
	unshare -n sleep 100 & other=$!
	trap 'kill $other' EXIT
	n=0
	until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do n=$((n+1)); [ $n -lt 100 ]; sleep 0.1; done
	ip link add n0 netns $other type veth peer name n1
fi
theirs() {
case $1 in
mdb) bridge -d mdb ;;
nsid) ip netns list-id ;;
fdb) bridge fdb ;;
vlan) bridge -d vlan ;;
esac
}
[ "$1" != fdb ] || asked="-object neighbor -where family=bridge"
` + compared + `# Addresses that a device itself receives are no entries of a bridge. A VLAN's line
# has no port where it is not the first of it, its state is on another line, and a
# row of VLANs is one line.
sed -i '/ self /d' "$2/theirs"
if [ "$1" = vlan ]; then
	awk 'NR > 1 && /state/ { print line, $0; next } NR > 1 { if (/^[^ ]/) { port = $1; sub(/^[^ ]+ */, "") } sub(/^ */, ""); line = port " " $0 }' "$2/theirs" |
		awk 'match($2, /-/) { split($2, r, "-"); for (v = r[1]; v <= r[2]; v++) { $2 = v; print } next } { print }' >"$2/again"
	mv "$2/again" "$2/theirs"
fi
`

// linkScene has links of the kinds that the kernel has, and prints them in one line each, without what iproute2 or the stream lacks: the mode of making addresses, and
// what a counter or timer shows; who is asked for a speed, and what iproute2 6.1 does
// not know.
const linkScene = `set -e
ip link set lo up
ip link add v0 type veth peer name v1
ip link set v0 up; ip link set v1 up
ip link set v0 alias uplink
ip link property add dev v0 altname other 2>/dev/null || :
ip addr add 192.0.2.1/24 dev v0
ip -6 addr add 2001:db8::1/64 dev v0 nodad
try() { ip link add "$@" 2>/dev/null || :; }
try vx0 type vxlan id 100 local 192.0.2.1 remote 192.0.2.9 dstport 4789 nolearning ttl 5
try vx1 type vxlan id 101 group 239.1.1.1 dev v0 dstport 4789
try gnv0 type geneve id 9 remote 192.0.2.7
try link v0 mac0 type macvlan mode bridge
try link v0 v0.5 type vlan id 5
try vrf0 type vrf table 10
try gre1 type gre local 192.0.2.1 remote 192.0.2.2 ttl 64
try gre2 type gre local 192.0.2.1
try tun0 type ipip local 192.0.2.1 remote 192.0.2.2
n=0
until [ "$(ip -6 addr show tentative)" = "" ]; do n=$((n+1)); [ $n -lt 100 ]; sleep 0.1; done
theirs() { ip -d -o link; }
` + compared + `sed -i 's/ addrgenmode [a-z0-9_]*//; s/ usedbcqueuelen [0-9]*//; s/ udpcsum\| noudp[a-z0-9]*//g' "$2/theirs"
awk '/^[0-9]/ && NR > 1 { print "" } { printf "%s ", $0 } END { print "" }' "$2/ours" >"$2/again"
sed 's/ netns_immutable true//; s/ speed [0-9]*//; s/ duplex [a-z]*//; s/ g[sr]o_ipv4_max_size [0-9]*//g; s/ vxlan_flags [a-z0-9_,]*//' "$2/again" >"$2/ours"
`

// TestShowPrintsWhatIPPrints compares with iproute2, but for the order of the
// lines, for what another object's state implies (linkdown, detached), and for spaces.
func TestShowPrintsWhatIPPrints(t *testing.T) {
	scenes := map[string]string{"route": scene, "rule": scene, "nexthop": scene, "neighbor": scene, "address": scene, "netconf": scene,
		"vlan": bridgeScene, "mdb": bridgeScene, "nsid": bridgeScene, "fdb": bridgeScene,
		"link": linkScene}
	for class, script := range scenes {
		t.Run(class, func(t *testing.T) {
			dir := t.TempDir()
			inNamespace(t, script, class, dir)
			ours, theirs := lines(t, dir+"/ours"), lines(t, dir+"/theirs")
			require.NotEmpty(t, ours)
			require.Equal(t, theirs, ours)
		})
	}
}

// inNamespace runs a shell script in a user and a network namespace of its own.
func inNamespace(t *testing.T, script string, args ...string) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command("sh", append([]string{"-c", script, "sh"}, args...)...)
	cmd.Env = append(os.Environ(), envShow+"=1", "SHOW="+self)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	if err != nil && os.Getenv("RTNETLINK_REQUIRE_NETNS") == "" && bytes.Contains(out, []byte("not permitted")) {
		t.Skipf("no user namespaces here: %s", out)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 77 && os.Getenv("RTNETLINK_REQUIRE_KINDS") == "" {
		t.Skipf("this kernel lacks something: %s", out)
	}
	require.NoError(t, err, "%s", out)
}

// lines returns a file's lines in order, without the words that vary.
func lines(t *testing.T, path string) []string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	var out []string
	text := strings.NewReplacer("\n\tnexthop", " nexthop", "\\", " ").Replace(string(b))
	for line := range strings.Lines(text) {
		words := slices.DeleteFunc(strings.Fields(line), func(w string) bool { return slices.Contains([]string{"linkdown", "dead", "[detached]"}, w) })
		if len(words) > 0 {
			out = append(out, strings.Join(words, " "))
		}
	}
	slices.Sort(out)
	return out
}

func TestCompletionKnowsEachFlag(t *testing.T) {
	script, _, status := ask(t, "", "completion", "bash")
	require.Equal(t, statusOK, status)
	for words, want := range map[string][]string{
		"state -f":          {"-format"},
		"diff -":            {"-format", "-from", "-object", "-partial", "-to", "-where"},
		"state -format ":    {"ip", "json", "table"},
		"diff -format ":     {"ip", "json"},
		"log -format t":     nil,
		"sta":               {"state"},
		"-poll":             {"-poll_interval", "-poll_interval_disabled"},
		"completion ":       {"bash", "zsh", "fish"},
		"state -object net": {"netconf"},
		"log -object neig":  {"neighbor"},
	} {
		run := script + `
read -ra COMP_WORDS <<<"telegraf-rtnetlink $1"
[ "${1% }" = "$1" ] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_telegraf_rtnetlink
printf '%s\n' "${COMPREPLY[@]}"`
		out, err := exec.Command("bash", "-c", run, "bash", words).CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Equal(t, append([]string{}, want...), strings.Fields(string(out)), words)
	}
	for _, shell := range []string{"zsh", "fish"} {
		out, _, status := ask(t, "", "completion", shell)
		require.Equal(t, statusOK, status)
		for _, c := range commands() {
			require.Contains(t, out, c.summary)
			for _, o := range optionsOf(c) {
				require.Contains(t, out, o.name)
			}
		}
	}
	_, errs, status := ask(t, "", "completion", "tcsh")
	require.Equal(t, statusUsage, status)
	require.Contains(t, errs, "choices: bash, zsh, fish")
}

// TestShowWaitsForWhatDriversSay: that comes when all else is known.
func TestShowWaitsForWhatDriversSay(t *testing.T) {
	dir := t.TempDir()
	inNamespace(t, `set -e
ip link add v0 type veth peer name v1
ip link set v0 up; ip link set v1 up
until ip link show v0 | grep -q LOWER_UP; do sleep 0.1; done
"$SHOW" show -object link -where interface=v0 -format json >"$1/ours"`, dir)
	ours := strings.Join(lines(t, dir+"/ours"), "")
	require.Contains(t, ours, `"speed":10000`)
	require.Contains(t, ours, `"duplex":"full"`)
}
