package e2e

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// waitQuiet waits until half of the machine's time is idle, three minutes at
// most. The cap on events per second is for a machine that has time left to run
// Telegraf and the database; with none, their default settings lose any burst.
func waitQuiet(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(3 * time.Minute); ; {
		idle := idleShare(t, 2*time.Second)
		if idle > 0.5 {
			return
		}
		if time.Now().After(end) {
			t.Logf("the machine is busy, %.0f %% idle: a loss may be its fault", 100*idle)
			return
		}
	}
}

// idleShare returns the part of all cores' time that is idle during a period
// (/proc/stat, proc(5)).
func idleShare(t *testing.T, period time.Duration) float64 {
	t.Helper()
	idle, total := cpuTimes(t)
	time.Sleep(period)
	idleAfter, totalAfter := cpuTimes(t)
	return float64(idleAfter-idle) / float64(totalAfter-total)
}

func cpuTimes(t *testing.T) (idle, total int) {
	t.Helper()
	f, err := os.Open("/proc/stat")
	require.NoError(t, err)
	defer f.Close()
	var times [8]int // user nice system idle iowait irq softirq steal
	_, err = fmt.Fscanf(f, "cpu %d %d %d %d %d %d %d %d",
		&times[0], &times[1], &times[2], &times[3], &times[4], &times[5], &times[6], &times[7])
	require.NoError(t, err)
	for _, n := range times {
		total += n
	}
	return times[3] + times[4], total
}
