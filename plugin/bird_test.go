package plugin

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// birdRoutesEnv is how many routes BIRD announces: 1000000 is a full table.
const birdRoutesEnv = "RTNETLINK_BIRD_ROUTES"

// birdCommon speaks BGP on a link of the test's own.
const birdCommon = `log stderr all;
router id %[1]s;
protocol device { scan time 10; }
protocol bgp peer {
    local %[1]s as %[2]d;
    neighbor %[3]s as %[4]d;
    connect delay time 1; connect retry time 1; error wait time 1, 1;
    ipv4 { import all; export all; next hop self; };
}
`

// birdProvider announces what the file routes has, birdCustomer has the kernel route it.
const (
	birdProvider = birdCommon + "protocol static {\n    ipv4;\ninclude \"routes\";\n}\n"
	birdCustomer = birdCommon + "protocol kernel { ipv4 { export all; }; scan time 5; }\n"
)

// speaker is a bird with a configuration; it ends with the test.
type speaker struct {
	t   *testing.T
	ns  *nstest.NS
	dir string
	cmd *exec.Cmd
}

func newSpeaker(t *testing.T, ns *nstest.NS, format string, values ...any) *speaker {
	t.Helper()
	s := &speaker{t: t, ns: ns, dir: t.TempDir()}
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, "bird.conf"), fmt.Appendf(nil, format, values...), 0o600))
	t.Cleanup(func() {
		if s.cmd != nil && s.cmd.ProcessState == nil {
			stop(t, s.cmd, syscall.SIGKILL)
		}
		if text, err := os.ReadFile(filepath.Join(s.dir, "log")); err == nil && t.Failed() {
			t.Logf("bird:\n%.20000s", text)
		}
	})
	return s
}

// announce writes the routes that a provider has, from the n-th on.
func (s *speaker) announce(from, to int) {
	s.t.Helper()
	var text strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&text, "route %d.%d.%d.0/24 blackhole;\n", 20+i>>16, i>>8&0xff, i&0xff)
	}
	require.NoError(s.t, os.WriteFile(filepath.Join(s.dir, "routes"), []byte(text.String()), 0o600))
}

func (s *speaker) start() {
	s.t.Helper()
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(s.t, err)
	defer log.Close()
	s.cmd = exec.Command("bird", "-f", "-c", filepath.Join(s.dir, "bird.conf"), "-s", filepath.Join(s.dir, "socket"))
	s.cmd.Stdout, s.cmd.Stderr = log, log
	require.NoError(s.t, s.ns.Start(s.cmd))
}

func (s *speaker) stop(signal os.Signal) {
	s.t.Helper()
	stop(s.t, s.cmd, signal)
}

// learned waits until the kernel has so many routes of BIRD.
func learned(t *testing.T, ns *nstest.NS, want int) {
	t.Helper()
	got := 0
	require.Eventually(t, func() bool {
		out, err := ns.Output("ip", "route", "show", "proto", "bird")
		got = strings.Count(out, "\n")
		return err == nil && got == want
	}, patience, 200*time.Millisecond, "routes of BIRD: not %d", want)
}

// TestEventsEqualTheKernelBesideBIRD has a table come over BGP, change, and go, while
// the link flaps and the daemons are ended, killed and started.
func TestEventsEqualTheKernelBesideBIRD(t *testing.T) {
	nstest.NeedTool(t, "bird")
	nstest.NeedTool(t, "ip")
	many := 3000
	if text := os.Getenv(birdRoutesEnv); text != "" {
		var err error
		many, err = strconv.Atoi(text)
		require.NoError(t, err, birdRoutesEnv)
	}
	ns, other := nstest.New(t), nstest.New(t)
	ns.IP("link", "add", "v0", "type", "veth", "peer", "name", "v1", "netns", other.Path())
	ns.IP("address", "add", "192.0.2.1/24", "dev", "v0")
	other.IP("address", "add", "192.0.2.2/24", "dev", "v1")
	for _, link := range []string{"lo", "v0"} {
		ns.IP("link", "set", link, "up")
	}
	other.IP("link", "set", "v1", "up")
	r := begin(t, ns)
	r.settled()

	provider := newSpeaker(t, other, birdProvider, "192.0.2.2", 65002, "192.0.2.1", 65001)
	customer := newSpeaker(t, ns, birdCustomer, "192.0.2.1", 65001, "192.0.2.2", 65002)
	provider.announce(0, many)
	provider.start()
	customer.start()
	learned(t, ns, many)
	r.requireEqual()
	provider.announce(many/2, many+many/4)
	require.NoError(t, provider.cmd.Process.Signal(syscall.SIGHUP)) // reads the file again
	learned(t, ns, many/4+many/2)
	r.requireEqual()
	ns.IP("link", "set", "v0", "down")
	r.requireEqual()
	ns.IP("link", "set", "v0", "up")
	learned(t, ns, many/4+many/2)
	r.requireEqual()
	provider.stop(syscall.SIGKILL)
	learned(t, ns, 0)
	r.requireEqual()
	provider.start()
	learned(t, ns, many/4+many/2)
	customer.stop(syscall.SIGKILL) // the routes stay
	r.requireEqual()
	provider.stop(syscall.SIGTERM)
	provider.announce(0, many/2)
	provider.start()
	customer.start() // it takes away what is no longer announced
	learned(t, ns, many/2)
	r.requireEqual()
	customer.stop(syscall.SIGTERM)
	learned(t, ns, 0)
	r.requireEqual()
	require.NotEmpty(t, pick(r.since(0), "name", "route", "protocol", "bird", "action", "new"))
	require.Zero(t, r.internal()["audit_corrections"])
}
