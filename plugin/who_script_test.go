package plugin

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// daemon is iproute2's ip under another name, which lives as long as the test.
type daemon struct {
	t  *testing.T
	in io.WriteCloser
}

func newDaemon(t *testing.T, ns *nstest.NS, name string) daemon {
	t.Helper()
	path, err := exec.LookPath("ip")
	require.NoError(t, err)
	program, err := os.ReadFile(path)
	require.NoError(t, err)
	path = filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, program, 0o755))
	cmd := exec.Command(path, "-batch", "-")
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, ns.Start(cmd))
	t.Cleanup(func() {
		in.Close()
		require.NoError(t, cmd.Wait())
	})
	return daemon{t, in}
}

func (d daemon) do(line string) {
	_, err := io.WriteString(d.in, line+"\n")
	require.NoError(d.t, err)
}

// TestWhoChangedTellsOfProgramsThatAreNotListed with two daemons that do the same.
func TestWhoChangedTellsOfProgramsThatAreNotListed(t *testing.T) {
	ns := newPair(t)
	if !ns.HasIP() {
		t.Skip("needs iproute2")
	}
	script := scriptOf(t, ready(t, "who_changed.lua"))
	r := begin(t, ns, script, func(r *RTNetlink) {
		r.Lua[0].Constants = map[string]any{"programs": []any{"routed*"}, "unknown": false}
	})
	r.settled()
	n := r.mark()
	listed, other := newDaemon(t, ns, "routed-1"), newDaemon(t, ns, "stranger")
	listed.do("route add blackhole 30.0.0.0/8")
	r.wait("the route of the first", func() bool { return len(pick(r.events[n:], "dst", "30.0.0.0/8")) == 1 })
	other.do("route del blackhole 30.0.0.0/8")
	other.do("rule add from 11.0.0.0/8 table 100 pref 1001")
	event := r.waitEvent(n, "name", "rule")
	require.Equal(t, "stranger", field(event, "process"))
	require.Equal(t, "stranger", tag(event, "who"))
	require.Equal(t, "stranger", tag(only(t, r.since(n), "dst", "30.0.0.0/8", "action", "delete"), "who"))
	first := only(t, r.since(n), "dst", "30.0.0.0/8", "action", "new")
	require.Equal(t, "routed-1", field(first, "process"))
	require.False(t, first.HasTag("who"))
	r.settled()
	var told []string
	r.see(func() {
		for _, m := range r.others {
			if m.Name() == "who_changed" {
				told = append(told, tag(m, "action")+" "+tag(m, "object")+" by "+tag(m, "process"))
			}
		}
	})
	require.Equal(t, []string{"delete route by stranger", "new rule by stranger"}, told)
}
