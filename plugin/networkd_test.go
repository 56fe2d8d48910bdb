package plugin

import (
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

// networkdFiles make a bridge with everything that systemd-networkd can put on
// it, and have it lease addresses to the other end of its port.
var networkdFiles = map[string]string{
	"10-br7.netdev": "[NetDev]\nName=br7\nKind=bridge\n[Bridge]\nSTP=no\nForwardDelaySec=0\n",
	"20-br7.network": `[Match]
Name=br7
[Network]
IPv6AcceptRA=no
Address=192.0.2.1/24
Address=2001:db8::1/64
DHCPServer=yes
[Route]
Destination=198.51.100.0/24
Gateway=192.0.2.254
[Route]
Destination=2001:db8:100::/48
Gateway=2001:db8::fe
Metric=77
[RoutingPolicyRule]
From=192.0.2.0/24
Table=77
Priority=7000
[NextHop]
Id=7
Gateway=192.0.2.253
[Neighbor]
Address=192.0.2.9
LinkLayerAddress=02:00:00:00:00:09
`,
	"30-v0.network": "[Match]\nName=v0\n[Network]\nBridge=br7\n",
	"40-v1.network": "[Match]\nName=v1\n[Network]\nDHCP=ipv4\nIPv6AcceptRA=no\n[DHCPv4]\nUseRoutes=yes\n",
}

// networkd is a systemd-networkd in a namespace, with files and a user of its
// own, for which links need no udev: it sees a /sys that cannot be written.
func networkd(t *testing.T, ns *nstest.NS, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("unshare", "-m", "sh", "-ec", `mount --bind "$1/passwd" /etc/passwd; mount -t tmpfs tmpfs /run
		mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp /run/systemd/network
		cp "$1"/*.net* /run/systemd/network; mount -t sysfs -o ro sysfs /sys
		exec "$2"`, "-", dir, networkdPath)
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	cmd.Env = append(os.Environ(), "SYSTEMD_LOG_TARGET=console", "SYSTEMD_LOG_LEVEL=debug")
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, ns.Start(cmd))
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			stop(t, cmd, syscall.SIGKILL)
		}
		log.Close()
		if text, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("systemd-networkd:\n%s", text)
		}
	})
	return cmd
}

const networkdPath = "/lib/systemd/systemd-networkd"

// leased waits until v1 has a lease. networkd's own client may miss a carrier that
// comes while it is busy: then it is shown another one.
func leased(t *testing.T, ns *nstest.NS) {
	t.Helper()
	tries := 0
	require.Eventually(t, func() bool {
		out, err := ns.Output("ip", "-4", "address", "show", "v1")
		if tries++; tries%200 == 0 {
			_, _ = ns.Output("ip", "link", "set", "v1", "down")
			_, _ = ns.Output("ip", "link", "set", "v1", "up")
		}
		return err == nil && strings.Contains(out, "dynamic")
	}, patience, 100*time.Millisecond, "no lease")
}

// printed waits until a command of ip prints a text.
func printed(t *testing.T, ns *nstest.NS, text string, args ...string) {
	t.Helper()
	require.Eventually(t, func() bool {
		out, err := ns.Output("ip", args...)
		return err == nil && strings.Contains(out, text)
	}, patience, 100*time.Millisecond, "no %q", text)
}

// TestEventsEqualTheKernelBesideNetworkd has systemd-networkd make a bridge and
// give and take a lease, while a link flaps and it is ended, killed and started
// with other files.
func TestEventsEqualTheKernelBesideNetworkd(t *testing.T) {
	if _, err := os.Stat(networkdPath); err != nil {
		t.Skip(err)
	}
	nstest.NeedTool(t, "ip")
	ns, dir := nstest.New(t), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "passwd"), []byte("root:x:0:0::/:/bin/sh\nsystemd-network:x:0:0::/:/bin/sh\n"), 0o600))
	for name, text := range networkdFiles {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	ns.Run("link add name v0 type veth peer name v1")
	r := begin(t, ns)
	r.settled()
	first := networkd(t, ns, dir)
	printed(t, ns, "198.51.100.0/24", "route")
	leased(t, ns)
	r.requireEqual()
	ns.Run("link set v1 down")
	r.requireEqual()
	ns.Run("link set v1 up")
	leased(t, ns)
	r.requireEqual()
	stop(t, first, syscall.SIGTERM)
	r.requireEqual()
	other := strings.Replace(networkdFiles["20-br7.network"], "198.51.100.0", "203.0.113.0", 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "20-br7.network"), []byte(other), 0o600))
	second := networkd(t, ns, dir)
	printed(t, ns, "203.0.113.0/24", "route")
	r.requireEqual()
	stop(t, second, syscall.SIGKILL)
	r.requireEqual()
	require.NotEmpty(t, pick(r.since(0), "name", "address", "interface", "v1", "action", "new", "family", "inet"))
	require.NotEmpty(t, pick(r.since(0), "name", "rule", "protocol", "static"))
	require.NotEmpty(t, pick(r.since(0), "name", "nexthop", "id", int64(7)))
	require.Zero(t, r.internal()["audit_corrections"])
}
