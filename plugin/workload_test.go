package plugin

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// keepalivedConfig makes a router of VRRP with the MAC address of the protocol:
// a macvlan of its own. Its address and route belong to the one that is master.
const keepalivedConfig = `
global_defs {
    vrrp_version 3
    vrrp_skip_check_adv_addr
}
vrrp_instance one {
    state BACKUP
    interface %s
    virtual_router_id 51
    priority %d
    advert_int 1
    use_vmac vrrp.51
    vmac_xmit_base
    virtual_ipaddress {
        192.0.2.100/24
    }
    virtual_routes {
        198.51.100.0/24 via 192.0.2.2
    }
}
`

// router is a keepalived that ends with the test.
func router(t *testing.T, ns *nstest.NS, link string, priority int) *exec.Cmd {
	t.Helper()
	dir := t.TempDir()
	config := filepath.Join(dir, "keepalived.conf")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, keepalivedConfig, link, priority), 0o600))
	log, err := os.Create(filepath.Join(dir, "log"))
	require.NoError(t, err)
	cmd := exec.Command("keepalived", "--vrrp", "--dont-fork", "--log-console", "--log-detail",
		"--use-file", config, "--pid", filepath.Join(dir, "pid"), "--vrrp_pid", filepath.Join(dir, "vrrp.pid"))
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, ns.Start(cmd))
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			stop(t, cmd, syscall.SIGTERM)
		}
		if text, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("keepalived on %s:\n%s", link, text)
		}
		log.Close()
	})
	return cmd
}

func stop(t *testing.T, cmd *exec.Cmd, signal os.Signal) {
	t.Helper()
	require.NoError(t, cmd.Process.Signal(signal))
	_ = cmd.Wait() // the status is the signal's
}

// master waits until a router in ns is master, or is not.
func master(t *testing.T, ns *nstest.NS, want bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		out, err := ns.Output("ip", "address", "show", "to", "192.0.2.100")
		return err == nil && strings.Contains(out, "vrrp.51") == want
	}, patience, 100*time.Millisecond)
}

// TestEventsEqualTheKernelBesideVRRP has two routers take an address from each
// other: by priority, when a cable is pulled, and when one is ended.
func TestEventsEqualTheKernelBesideVRRP(t *testing.T) {
	nstest.NeedTool(t, "keepalived")
	nstest.NeedTool(t, "ip")
	ns, other := nstest.New(t), nstest.New(t)
	ns.IP("link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", other.Path())
	if _, err := ns.TryIP("link", "add", "link", "v0", "name", "probe", "type", "macvlan"); err != nil {
		t.Skipf("no macvlan in this kernel: %v", err)
	}
	ns.IP("link", "del", "probe")
	ns.IP("address", "add", "192.0.2.1/24", "dev", "v0")
	ns.IP("link", "set", "v0", "up")
	other.IP("address", "add", "192.0.2.3/24", "dev", "v1")
	other.IP("link", "set", "v1", "up")
	r := begin(t, ns)
	r.settled()

	first := router(t, ns, "v0", 100)
	master(t, ns, true)
	r.requireEqual()
	second := router(t, other, "v1", 200) // the better one
	master(t, ns, false)
	r.requireEqual()
	other.IP("link", "set", "v1", "down")
	other.IP("link", "set", "v1", "up")
	master(t, other, true)
	r.requireEqual()
	stop(t, second, syscall.SIGTERM)
	master(t, ns, true)
	r.requireEqual()
	stop(t, first, syscall.SIGTERM)
	master(t, ns, false)
	r.requireEqual()
	again := router(t, ns, "v0", 100)
	master(t, ns, true)
	r.requireEqual()
	stop(t, again, syscall.SIGTERM)
	r.requireEqual()
	require.NotEmpty(t, pick(r.since(0), "name", "link", "interface", "vrrp.51", "kind", "macvlan"))
	require.NotEmpty(t, pick(r.since(0), "name", "route", "dst", "198.51.100.0/24", "action", "delete"))
	require.Zero(t, r.internal()["audit_corrections"])
}
