package luahooks

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// ticks lets n ticks pass, as the timer would.
func ticks(w *watchdog, n int) {
	for range n {
		w.count()
	}
}

func TestWatchdogWaitsForACallThatGetsNoProcessor(t *testing.T) {
	w := newWatchdog(time.Hour) // far more processor time than this test uses
	w.start(w.ticks(time.Hour))
	ticks(w, starvedFactor*ticksPerLimit)
	require.False(t, w.over())
	ticks(w, 1)
	require.True(t, w.over())
	require.True(t, w.settle())
	require.False(t, w.over())
}

func TestWatchdogStopsACallThatUsesTheProcessor(t *testing.T) {
	w := newWatchdog(4 * time.Millisecond)
	w.start(w.ticks(4 * time.Millisecond))
	ticks(w, ticksPerLimit)
	for w.used() < 4*time.Millisecond {
	}
	require.False(t, w.over())
	ticks(w, 1)
	require.True(t, w.over())
}

func TestWatchdogForgetsTheTicksBetweenCalls(t *testing.T) {
	w := newWatchdog(time.Millisecond)
	w.start(1)
	ticks(w, 20)
	w.start(1)
	require.False(t, w.settle())
	require.Equal(t, int32(0), w.state.Load())
}
