package e2e

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// churner changes routes, others in each round, and leaves some standing.
type churner struct{ round int }

func (c *churner) churn(t *testing.T) {
	t.Helper()
	var commands []string
	for i := range 200 {
		dst := fmt.Sprintf("10.%d.0.%d", c.round, i)
		commands = append(commands, "route add "+dst+" via 192.0.2.2 dev e2e0 proto static")
		if i%2 == 0 {
			commands = append(commands, "route del "+dst)
		}
		if c.round > 0 && i%2 == 1 && i%3 == 0 {
			commands = append(commands, fmt.Sprintf("route del 10.%d.0.%d", c.round-1, i))
		}
	}
	batch(t, commands)
	c.round++
}

// TestPictureAfterKills kills the input, then Telegraf, while routes change.
func TestPictureAfterKills(t *testing.T) {
	needE2E(t)
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			startInflux(t)
			makeLink(t)
			routes := churner{}
			a := startTelegraf(t, w.program, agentQuick, outputInflux, w.input(t, ""))
			waitForLink(t, "e2e0")
			routes.churn(t)
			if w.name == "execd" {
				old := a.child("telegraf-rtnetlink")
				require.NoError(t, syscall.Kill(old, syscall.SIGKILL))
				routes.churn(t)
				waitForPicture(t)
				require.NotEqual(t, old, a.child("telegraf-rtnetlink"))
			}
			a.stop(syscall.SIGKILL)
			routes.churn(t)
			a.start(t)
			waitForPicture(t)
			routes.churn(t)
			waitForPicture(t)
		})
	}
}

// TestInputEndsWithTelegraf wants no process left when Telegraf was killed.
func TestInputEndsWithTelegraf(t *testing.T) {
	needE2E(t)
	startInflux(t)
	a := startTelegraf(t, "telegraf-stock", agentQuick, outputInflux, execd(t, ""))
	pid := a.child("telegraf-rtnetlink")
	a.stop(syscall.SIGKILL)
	waitFor(t, 5*time.Second, "the input outlives Telegraf", func() bool {
		return syscall.Kill(pid, 0) == syscall.ESRCH
	})
}

// TestReload sends SIGHUP to a running agent again and again.
func TestReload(t *testing.T) {
	needE2E(t)
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			startInflux(t)
			makeLink(t)
			routes := churner{}
			a := startTelegraf(t, w.program, agentQuick, outputInflux, w.input(t, ""))
			waitForLink(t, "e2e0")
			before := 0
			for round := range 5 {
				routes.churn(t)
				waitForPicture(t)
				if round == 1 {
					before = descriptors(t, a.cmd.Process.Pid)
				}
				a.signal(syscall.SIGHUP)
			}
			waitForPicture(t)
			require.LessOrEqual(t, descriptors(t, a.cmd.Process.Pid), before+3, "descriptors after five reloads")
			a.stop(syscall.SIGTERM)
			requireNoErrors(t, a)
		})
	}
}

// TestDatabaseOutage takes the database away for a while in which little
// happens: nothing is lost.
func TestDatabaseOutage(t *testing.T) {
	needE2E(t)
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			db := startInflux(t)
			makeLink(t)
			routes := churner{}
			a := startTelegraf(t, w.program, agentQuick, outputInflux, w.input(t, ""))
			waitForLink(t, "e2e0")
			db.stop(syscall.SIGTERM)
			routes.churn(t)
			time.Sleep(5 * time.Second)
			db.start(t)
			routes.churn(t)
			waitForPicture(t)
			a.stop(syscall.SIGTERM)
			require.Zero(t, missing(events(t)))
		})
	}
}
