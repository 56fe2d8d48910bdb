package luahooks

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func over(w *watchdog) bool { return w.state.Load() == killed }

// ticks lets n ticks pass, as the timer would.
func ticks(w *watchdog, n int) {
	for range n {
		w.count()
	}
}

func TestWatchdogWaitsForACallThatGetsNoProcessor(t *testing.T) {
	w := newWatchdog(time.Hour) // far more processor time than this test uses
	w.start(w.ticks(time.Hour), 0)
	ticks(w, starvedFactor*ticksPerLimit)
	require.False(t, over(w))
	ticks(w, 1)
	require.True(t, over(w))
	_, stopped := w.settle()
	require.True(t, stopped)
	require.False(t, over(w))
}

func TestWatchdogStopsACallThatUsesTheProcessor(t *testing.T) {
	w := newWatchdog(4 * time.Millisecond)
	w.start(w.ticks(4*time.Millisecond), 0)
	ticks(w, ticksPerLimit)
	for w.used() < 4*time.Millisecond {
	}
	require.False(t, over(w))
	ticks(w, 1)
	require.True(t, over(w))
}

func TestWatchdogForgetsTheTicksBetweenCalls(t *testing.T) {
	w := newWatchdog(time.Millisecond)
	w.start(1, 0)
	ticks(w, 20)
	w.start(1, 0)
	_, stopped := w.settle()
	require.False(t, stopped)
	require.Equal(t, int32(0), w.state.Load())
}
