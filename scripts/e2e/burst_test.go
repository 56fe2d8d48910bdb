package e2e

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin"
)

// burstSize is how many routes change at once.
const burstSize = 100000

// burstTime is how long a burst takes at the cap on events per second.
const burstTime = burstSize/plugin.ExternalRate*time.Second + time.Second

const countRoutes = `SELECT count("seq") FROM "rtnetlink_route" WHERE "protocol" = 'static'`

// TestBurstArrivesWhole changes 100,000 routes as fast as "ip -batch" does and
// wants each change as one point, in order, with nothing missing.
func TestBurstArrivesWhole(t *testing.T) {
	needE2E(t)
	tests := []struct {
		name   string
		way    way
		agent  string
		option string
		outage time.Duration
	}{
		{"execd with default settings", ways[0], agentDefaults, "", 0},
		{"execd without a cap and with settings for bursts", ways[0], agentBurst, "max_events_per_second = 0\n", 0},
		{"execd with settings for bursts and the database down", ways[0], agentBurst, "", 6 * time.Second},
		{"compiled in with default settings", ways[1], agentDefaults, "", 0},
		{"compiled in with default settings and the database down", ways[1], agentDefaults, "", 6 * time.Second},
		{"compiled in with settings for bursts", ways[1], agentBurst, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db := startInflux(t)
			makeLink(t)
			a := startTelegraf(t, tt.way.program, tt.agent, outputInflux, tt.way.input(t, tt.option))
			waitForLink(t, "e2e0")
			waitQuiet(t)

			began, load := time.Now(), readLoad(t)
			batch(t, burst(burstSize))
			made := time.Since(began)
			if tt.outage > 0 {
				db.outage(t, tt.outage)
			}
			time.Sleep(time.Until(began.Add(burstTime)))
			others := load.others(t)
			arrived := arrives(t, time.Minute)
			if !arrived && others > busyShare {
				t.Skipf("no verdict: others had %.0f %% of the machine; %d of %d changes arrived", 100*others, number(t, countRoutes), burstSize)
			}
			t.Logf("%d changes made in %s, in the database after %s", burstSize, made.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
			a.stop(syscall.SIGTERM)
			rows := events(t)
			require.Equal(t, burstSize, number(t, countRoutes))
			require.Zero(t, missing(rows), "points missing by seq")
			require.Equal(t, kernelRoutes(t), picture(rows))
			require.NotContains(t, a.output(), "dropped")
		})
	}
}

// arrives waits until the whole burst is in the database.
func arrives(t *testing.T, limit time.Duration) bool {
	t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if number(t, countRoutes) >= burstSize {
			return true
		}
	}
	return false
}

// TestGuideShowsSettingsForBursts keeps what is tested and what is written the
// same.
func TestGuideShowsSettingsForBursts(t *testing.T) {
	guide, err := os.ReadFile("../../plugin/OPERATING.md")
	require.NoError(t, err)
	require.Contains(t, string(guide), strings.TrimSpace(agentBurst))
}

// TestLossShowsInSeq takes away all that protects: what is then lost are the
// gaps in seq. Telegraf counts more as dropped than that: what its buffer gives
// up while it is being written may still arrive.
func TestLossShowsInSeq(t *testing.T) {
	needE2E(t)
	startInflux(t)
	makeLink(t)
	a := startTelegraf(t, "telegraf-stock", agentDefaults, outputInflux, execd(t, "max_events_per_second = 0\n"))
	waitForLink(t, "e2e0")
	batch(t, burst(burstSize))
	// The last thing that happens is the newest metric, which is never dropped.
	waitFor(t, time.Minute, "the end of the burst does not arrive", func() bool {
		ip(t, "link", "set", "e2e1", "alias", time.Now().Format(time.RFC3339))
		time.Sleep(12 * time.Second)
		rows := events(t)
		return rows[len(rows)-1].measurement == "rtnetlink_link"
	})
	a.stop(syscall.SIGTERM)
	dropped := 0
	for _, m := range regexp.MustCompile(`(\d+) metrics have been dropped`).FindAllStringSubmatch(a.output(), -1) {
		n, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		dropped += n
	}
	lost := burstSize - number(t, countRoutes)
	t.Logf("%d of %d changes lost, %d dropped by Telegraf's count", lost, burstSize, dropped)
	require.Positive(t, lost, "nothing was dropped; is the cap still needed?")
	require.LessOrEqual(t, lost, dropped)
	require.Equal(t, lost, missing(events(t)))
}
