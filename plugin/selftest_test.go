package plugin

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// selftestsEnv names the directory of the kernel's own tests of its network,
// tools/testing/selftests/net (scripts/kernels/selftests).
const selftestsEnv = "RTNETLINK_SELFTESTS"

// selftests are scripts with their arguments, those first that take a minute at
// most on a machine with a kernel of its own.
var selftests = []struct {
	args string
	long bool
}{
	{"fib_tests.sh -t carrier", false},
	{"fib_nexthops.sh -t ipv4_fcnal", false},
	{"fib_tests.sh", true},
	{"fib_nexthops.sh", true},
	{"fib_rule_tests.sh", true},
	{"fib-onlink-tests.sh", true},
	{"fib_nexthop_multiprefix.sh", true},
	{"rtnetlink.sh", true},
	{"arp_ndisc_evict_nocarrier.sh", true},
	{"test_vxlan_fdb_changelink.sh", true},
	{"test_vxlan_vnifiltering.sh", true},
	{"test_bridge_neigh_suppress.sh", true},
	{"vrf_route_leaking.sh", true},
	{"vrf_strict_mode_test.sh", true},
	{"forwarding/bridge_fdb_learning_limit.sh", true},
	{"forwarding/bridge_sticky_fdb.sh", true},
	{"forwarding/bridge_locked_port.sh", true},
	{"forwarding/bridge_mdb_host.sh", true},
	{"forwarding/bridge_mdb_port_down.sh", true},
	{"forwarding/bridge_mdb.sh", true},
	{"forwarding/bridge_vlan_aware.sh", true},
	{"forwarding/bridge_vlan_mcast.sh", true},
	{"forwarding/vxlan_bridge_1q.sh", true},
}

// TestEventsEqualTheKernelBesideSelftests runs tests of the kernel beside the
// plugin, which follows each namespace that they make. Now and then they are
// stopped and what the events tell is compared; whether they pass is no matter.
func TestEventsEqualTheKernelBesideSelftests(t *testing.T) {
	dir := os.Getenv(selftestsEnv)
	if dir == "" {
		t.Skipf("%s names no directory with the kernel's tests", selftestsEnv)
	}
	for i, s := range selftests {
		t.Run(s.args, func(t *testing.T) {
			if s.long && testing.Short() {
				t.Skip("takes long")
			}
			// "ip netns add" in one script makes a name that is bound then stay.
			besideSelftest(t, fmt.Sprintf("quiet%d", i), dir, strings.Fields(s.args))
		})
	}
}

func besideSelftest(t *testing.T, name, dir string, args []string) {
	nstest.NeedTool(t, "ip")
	nstest.New(t).Name(name) // and /run/netns is this process's own
	r := begin(t, nil, func(r *RTNetlink) { r.Netns = []string{".", "*"} })
	r.settled()
	var said bytes.Buffer
	cmd := exec.Command("bash", args...)
	cmd.Args[1] = filepath.Join(dir, args[0])
	cmd.Dir = filepath.Dir(cmd.Args[1])
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
	})
	stops, status, over := 0, error(nil), false
	for events := 20; ; events *= 2 {
		if over, status = r.until(ended, events); over {
			break
		}
		if syscall.Kill(-cmd.Process.Pid, syscall.SIGSTOP) == nil {
			r.requireEqual()
			stops++
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGCONT)
		}
	}
	r.requireEqual()
	t.Logf("%d events, compared %d times; it ended with %v and said:\n%s", r.mark(), stops+1, status, said.String())
	require.Positive(t, stops, "it has made nothing that could be compared")
	require.NotRegexp(t, `Tests passed: +0\s`, said.String(), "it has no test of that name")
}

// until waits until there are so many events, or a program has ended.
func (r *running) until(ended <-chan error, events int) (over bool, status error) {
	for {
		var enough bool
		var more chan struct{}
		r.see(func() { enough, more = len(r.events) >= events, r.more })
		if enough {
			return false, nil
		}
		select {
		case status = <-ended:
			return true, status
		case <-more:
		}
	}
}
