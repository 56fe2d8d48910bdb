package e2e

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// held returns the number of routes that the lines tell of: made less deleted.
func held(lines []string) (n int) {
	for _, l := range lines {
		if !strings.HasPrefix(l, "rtnetlink_route,") || !strings.Contains(l, `dst="20.`) {
			continue
		}
		switch {
		case strings.Contains(l, "action=new,"):
			n++
		case strings.Contains(l, "action=delete,"):
			n--
		}
	}
	return n
}

// While the process is stopped the receive buffer overflows; when it goes on,
// the lines tell the state that there is then.
func TestAStoppedProcessCatchesUp(t *testing.T) {
	ns := nstest.New(t)
	ns.Run("link set lo up")
	p := program(t, ns, "  receive_buffer = \"64KiB\"\n  max_events_per_second = 0\n")
	ready(t, p.stdout)
	const routes, left = 4000, 25
	batch := func(verb string, from int) (list []nstest.Request) {
		for i := from; i < routes; i++ {
			r, err := ns.Compile(fmt.Sprintf("route %s 20.%d.%d.0/24 dev lo", verb, i/250, i%250))
			require.NoError(t, err)
			list = append(list, r)
		}
		return list
	}
	add, del := batch("add", 0), batch("del", left)
	for round := range 3 {
		p.signal(syscall.SIGSTOP)
		if round == 0 {
			refused, err := ns.Batch(add)
			require.Zero(t, refused, err)
		} else {
			refused, err := ns.Batch(add[left:])
			require.Zero(t, refused, err)
		}
		refused, err := ns.Batch(del)
		require.Zero(t, refused, err)
		p.signal(syscall.SIGCONT)
		// The last change comes behind all others, and after the repair.
		ns.Run(fmt.Sprintf("route add 30.0.%d.0/24 dev lo", round))
		p.stdout.waitFor(t, "the routes that are left", func(lines []string) bool {
			return held(lines) == left && strings.Contains(strings.Join(lines[max(0, len(lines)-6000):], "\n"), fmt.Sprintf(`dst="30.0.%d.0/24"`, round))
		})
	}
	p.stderr.waitForText(t, "In line with the kernel again")
	require.NoError(t, p.stdin.Close())
	require.Zero(t, p.wait())
	lines, _ := p.stdout.all()
	require.Equal(t, left, held(lines))
	requireNumbered(t, parse(t, lines))
}
