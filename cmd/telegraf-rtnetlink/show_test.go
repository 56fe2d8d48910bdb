package main

import (
	"bytes"
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
ip route add 10.7.0.0/16 nhid 7
ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:99 dev v0 nud permanent
ip rule add from 10.9.0.0/16 lookup 100 pref 500
ip rule add not fwmark 0x5/0xff iif v0 to 10.8.0.0/16 ipproto tcp dport 80-90 lookup 200 pref 600
ip rule add from 10.10.0.0/16 prohibit pref 700
n=0
until [ "$(ip -6 addr show tentative)" = "" ]; do n=$((n+1)); [ $n -lt 100 ]; sleep 0.1; done
"$SHOW" show -object "$1" >"$2/ours"
case $1 in
route) ip -4 route show table all; ip -6 route show table all ;;
rule) ip -4 rule; ip -6 rule ;;
nexthop) ip nexthop ;;
neighbor) ip neigh ;;
address) ip -o address ;;
netconf) ip -4 netconf; ip -6 netconf ;;
esac >"$2/theirs"
# The path of a nexthop object is that object's; iproute2 6.1 does not print
# who added an address.
sed -i 's/ nhid 7 .*/ nhid 7/' "$2/theirs"
sed -i 's/ proto kernel_[a-z]*//' "$2/ours"
# Nor does it print a setting that it has no word for.
sed -i 's/ bc_forwarding [a-z]*//' "$2/ours"
`

// TestShowPrintsWhatIPPrints compares with iproute2, but for the order of the
// lines, for what another object's state implies (linkdown), and for spaces.
func TestShowPrintsWhatIPPrints(t *testing.T) {
	for _, class := range []string{"route", "rule", "nexthop", "neighbor", "address", "netconf"} {
		t.Run(class, func(t *testing.T) {
			dir := t.TempDir()
			inNamespace(t, scene, class, dir)
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
		words := slices.DeleteFunc(strings.Fields(line), func(w string) bool { return w == "linkdown" || w == "dead" })
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
		require.Equal(t, want, strings.Fields(string(out)), words)
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
