package plugin

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/scenes"
)

// firstVLAN and lastVLAN are those that a port has in these tests.
const firstVLAN, lastVLAN = 2, 4001

// needVLANs skips a test where a command is refused because the kernel knows no
// such devices, unless it has to.
func needVLANs(t *testing.T, ns *nstest.NS, args ...string) {
	t.Helper()
	if _, err := ns.Output("ip", args...); err != nil {
		if os.Getenv(scenes.RequireEnv) == "1" {
			t.Fatal(err)
		}
		t.Skipf("not in this kernel: %v", err)
	}
}

// batchOf runs commands of iproute2, one for each VLAN.
func batchOf(t *testing.T, ns *nstest.NS, last int, program, format string) {
	t.Helper()
	var text strings.Builder
	for vid := firstVLAN; vid <= last; vid++ {
		text.WriteString(strings.ReplaceAll(format, "%", fmt.Sprint(vid)) + "\n")
	}
	cmd := exec.Command(program, "-batch", "-")
	cmd.Stdin = strings.NewReader(text.String())
	require.NoError(t, ns.Do(func() error {
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	}))
}

// waitForEach waits until an event after the n-th has these values for each VLAN,
// which a tag or a field of it tells.
func (r *running) waitForEach(n, last int, by string, pairs ...any) {
	r.t.Helper()
	seen := map[any]bool{}
	r.wait(fmt.Sprint("each with ", pairs), func() bool {
		for ; n < len(r.events); n++ {
			m := r.events[n]
			if !has(m, pairs...) {
				continue
			}
			if m.HasTag(by) {
				seen[tag(m, by)] = true
			} else {
				seen[field(m, by)] = true
			}
		}
		return len(seen) > last-firstVLAN
	})
}

// beginRoomy starts a plugin for which the kernel keeps a few thousand messages; where
// it may not, the test is skipped.
func beginRoomy(t *testing.T, ns *nstest.NS) *running {
	t.Helper()
	r := begin(t, ns)
	r.settled()
	var has int
	for line := range strings.Lines(r.log.text()) {
		if _, rest, less := strings.Cut(line, "The receive buffer has "); less {
			if _, err := fmt.Sscanf(rest, "%d KiB", &has); err == nil && has < 2048 {
				t.Skipf("a receive buffer of %d KiB; for more set sysctl net.core.rmem_max", has)
			}
		}
	}
	return r
}

// requireNoneLost requires that all came by events, none by an enumeration anew.
func (r *running) requireNoneLost() {
	r.t.Helper()
	require.True(r.t, r.call(func(o *owner) {
		for _, n := range o.spaces.All() {
			require.Zero(r.t, n.Stats().Overruns)
			require.Zero(r.t, n.Stats().Resyncs)
		}
	}))
}

// TestFourThousandVLANsOfAPort come and go one by one, as a range, and with the
// bridge of their port: each is told of, and none is lost.
func TestFourThousandVLANsOfAPort(t *testing.T) {
	nstest.NeedTool(t, "bridge")
	ns := newPair(t)
	needVLANs(t, ns, strings.Fields("link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0")...)
	ns.Run("link set v0 master br0", "link set br0 up")
	r := beginRoomy(t, ns)
	every := fmt.Sprintf("%d-%d", firstVLAN, lastVLAN)
	bridge := func(args ...string) func() {
		return func() {
			_, err := ns.Output("bridge", args...)
			require.NoError(t, err)
		}
	}
	for _, step := range []struct {
		action string
		do     func()
	}{
		{"new", func() { batchOf(t, ns, lastVLAN, "bridge", "vlan add dev v0 vid %") }},
		{"delete", bridge("vlan", "del", "dev", "v0", "vid", every)},
		{"new", bridge("vlan", "add", "dev", "v0", "vid", every)},
		{"change", bridge("vlan", "add", "dev", "v0", "vid", every, "untagged")},
		{"delete", func() { ns.Run("link set v0 nomaster") }},
	} {
		n := r.mark()
		step.do()
		r.waitForEach(n, lastVLAN, "vlan", "name", "vlan", "action", step.action, "interface", "v0")
	}
	r.requireEqual()
	r.requireNoneLost()
}

// TestThousandsOfLinksOverAPort flap with it, by its administrator and by its cable,
// and go with it.
func TestThousandsOfLinksOverAPort(t *testing.T) {
	for _, c := range []struct {
		kind, settings, down string
		last                 int
	}{
		{"vlan", "id %", "down", lastVLAN},
		{"macvlan", "mode bridge", "lowerlayerdown", 301},
	} {
		last := c.last
		if testing.Short() { // an emulated machine
			last = firstVLAN + 49
		}
		t.Run(c.kind, func(t *testing.T) {
			ns := newPair(t)
			needVLANs(t, ns, strings.Fields("link add link v0 name probe type "+c.kind+" "+strings.ReplaceAll(c.settings, "%", "1"))...)
			ns.Run("link del probe")
			r := beginRoomy(t, ns)
			n := r.mark()
			batchOf(t, ns, last, "ip", "link add link v0 name v0.% up type "+c.kind+" "+c.settings)
			r.waitForEach(n, last, "interface", "name", "link", "kind", c.kind, "operstate", "up")
			for _, step := range []struct{ command, state string }{
				{"link set v0 down", c.down},
				{"link set v0 up", "up"},
				{"link set v1 down", "lowerlayerdown"},
				{"link set v1 up", "up"},
			} {
				n = r.mark()
				ns.Run(step.command)
				r.waitForEach(n, last, "interface", "name", "link", "kind", c.kind, "action", "change", "operstate", step.state)
			}
			r.requireEqual()
			n = r.mark()
			ns.Run("link del v0")
			r.waitForEach(n, last, "interface", "name", "link", "kind", c.kind, "action", "delete")
			r.requireEqual()
			r.requireNoneLost()
		})
	}
}
