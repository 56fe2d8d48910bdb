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

// frrEnv names the directory in which Debian's package frr is unpacked, or "/"
// where it is installed.
const frrEnv = "RTNETLINK_FRR"

// frr is a set of FRR's daemons in a namespace. They want a group of their own,
// which they get in a mount namespace.
type frr struct {
	t    *testing.T
	ns   *nstest.NS
	root string
	dir  string
}

func newFRR(t *testing.T, ns *nstest.NS, config string) *frr {
	t.Helper()
	root := os.Getenv(frrEnv)
	if root == "" {
		t.Skipf("%s names no directory with FRR", frrEnv)
	}
	f := &frr{t: t, ns: ns, root: root, dir: t.TempDir()}
	groups, err := os.ReadFile("/etc/group")
	require.NoError(t, err)
	for name, text := range map[string]string{"group": string(groups) + "frrvty:x:65000:root\n", "static": config, "zebra": ""} {
		require.NoError(t, os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600))
	}
	return f
}

// start starts a daemon: zebra, or static.
func (f *frr) start(name string) *exec.Cmd {
	f.t.Helper()
	program := map[string]string{"zebra": "zebra", "static": "staticd"}[name]
	cmd := exec.Command("unshare", "-m", "sh", "-ec", `mount --bind "$1" /etc/group; shift; exec "$@"`, "-", filepath.Join(f.dir, "group"),
		filepath.Join(f.root, "usr/lib/frr", program), "-u", "root", "-g", "root", "-f", filepath.Join(f.dir, name),
		"-i", filepath.Join(f.dir, name+".pid"), "-z", filepath.Join(f.dir, "zserv.api"), "--vty_socket", f.dir, "-P", "0", "--log", "stdout")
	cmd.Env = append(os.Environ(), "LD_LIBRARY_PATH="+filepath.Join(f.root, "usr/lib/x86_64-linux-gnu/frr"))
	log, err := os.OpenFile(filepath.Join(f.dir, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(f.t, err)
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(f.t, f.ns.Start(cmd))
	f.t.Cleanup(func() {
		if cmd.ProcessState == nil {
			stop(f.t, cmd, syscall.SIGKILL)
		}
		log.Close()
		if text, err := os.ReadFile(log.Name()); err == nil && f.t.Failed() {
			f.t.Logf("%s:\n%s", name, text)
		}
	})
	return cmd
}

// routes waits until the kernel has so many routes of FRR's static protocol.
func (f *frr) routes(want int) {
	f.t.Helper()
	require.Eventually(f.t, func() bool {
		out, err := f.ns.Output("ip", "route", "show", "proto", "196")
		return err == nil && strings.Count(out, "198.51.") == want
	}, patience, 100*time.Millisecond)
}

// TestEventsEqualTheKernelBesideFRR has zebra make routes by nexthop objects and
// groups, while its links flap and its daemons are ended, killed and started.
func TestEventsEqualTheKernelBesideFRR(t *testing.T) {
	nstest.NeedTool(t, "ip")
	ns := newPair(t)
	const many = 500
	var config strings.Builder
	for i := range many {
		fmt.Fprintf(&config, "ip route 198.51.%d.%d/32 10.0.0.%d\n", i/250, i%250, 2+i%9)
		if i%3 == 0 { // a group
			fmt.Fprintf(&config, "ip route 198.51.%d.%d/32 10.0.0.%d\n", i/250, i%250, 20+i%5)
		}
	}
	config.WriteString("ipv6 route 2001:db8:1::/48 blackhole\n")
	f := newFRR(t, ns, config.String())
	r := begin(t, ns)
	r.settled()
	zebra := f.start("zebra")
	require.Eventually(t, func() bool { _, err := os.Stat(filepath.Join(f.dir, "zserv.api")); return err == nil }, patience, 50*time.Millisecond)
	static := f.start("static")
	f.routes(many)
	r.requireEqual()
	ns.Run("link set v1 down")
	f.routes(0)
	r.requireEqual()
	ns.Run("link set v1 up")
	f.routes(many)
	r.requireEqual()
	stop(t, static, syscall.SIGTERM)
	f.routes(0)
	r.requireEqual()
	static = f.start("static")
	f.routes(many)
	r.requireEqual()
	stop(t, zebra, syscall.SIGKILL)
	stop(t, static, syscall.SIGKILL)
	r.requireEqual()
	require.NoError(t, os.Remove(filepath.Join(f.dir, "zserv.api")))
	f.start("zebra") // it sweeps what the killed one left
	f.routes(0)
	r.requireEqual()
	require.NotEmpty(t, pick(r.since(0), "name", "nexthop", "protocol", "zebra"))
	require.Zero(t, r.internal()["audit_corrections"])
}
