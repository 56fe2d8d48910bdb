package e2e

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// busyShare is the part of the machine that others may have during a test of
// absolute rates. The cap on events per second is for a machine that has time
// left to run Telegraf and the database; with none, any burst is lost.
const busyShare = 0.2

// waitQuiet waits until others leave the machine alone, a minute at most.
func waitQuiet(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		began := readLoad(t)
		time.Sleep(2 * time.Second)
		if began.others(t) < busyShare {
			return
		}
	}
}

// load is the CPU time of the machine so far, in ticks.
type load struct{ idle, total, own int }

// readLoad takes what this test and the processes that it started have used
// for its own.
func readLoad(t *testing.T) load {
	t.Helper()
	var l load
	l.idle, l.total = cpuTimes(t)
	own := map[int]bool{os.Getpid(): true}
	list := processes()
	for range 3 { // from parents to children, whatever the order of the list
		for _, p := range list {
			if own[p.parent] {
				own[p.pid] = true
			}
		}
	}
	for _, p := range list {
		if own[p.pid] {
			l.own += p.ticks
		}
	}
	return l
}

// others returns the part of the machine that others had since l.
func (l load) others(t *testing.T) float64 {
	t.Helper()
	now := readLoad(t)
	total := now.total - l.total
	return float64(total-(now.idle-l.idle)-(now.own-l.own)) / float64(total)
}

// cpuTimes reads /proc/stat (proc(5)).
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
