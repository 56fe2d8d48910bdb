package luahooks

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/internal/lua51"
)

func over(w *watchdog) bool { return w.state.Load() == killed }

// ticks lets n ticks pass, as the timer would.
func ticks(w *watchdog, n int) {
	for range n {
		w.count()
	}
}

func TestWatchdogWaitsForACallThatGetsNoProcessor(t *testing.T) {
	const limit = 10 * time.Second // far more processor time than this test uses
	w := newWatchdog(limit)
	w.start(w.ticks(limit), 0)
	ticks(w, starvedFactor*int(w.ticks(limit)))
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

func TestWatchdogCountsTheTimeOfMeasuring(t *testing.T) {
	w := newWatchdog(time.Millisecond)
	w.start(w.ticks(10*time.Millisecond), 0)
	ticks(w, 1)
	w.before -= 2 * suspicion // as if so much had been allocated since
	ticks(w, 1)
	measured := 0
	w.running = lua51.New(lua51.Options{Guard: w, Box: lua51.NewBox()})
	w.measure = func() bool {
		for !over(w) { // what looks at values would take that long
			measured++
			w.late()
			ticks(w, 1)
		}
		w.late()
		return false
	}
	require.PanicsWithValue(t, lua51.Stopped{Err: errContext}, func() { w.Check() })
	require.Greater(t, measured, 5)
	_, stopped := w.settle()
	require.True(t, stopped)
	require.False(t, w.heavy, "it is its time that was over")
}

func TestWatchdogGoesOnAfterMeasuring(t *testing.T) {
	w := newWatchdog(time.Millisecond)
	w.start(100, 0)
	ticks(w, 3)
	w.before -= 2 * suspicion
	ticks(w, 1)
	measured := 0
	w.measure = func() bool { measured++; return false }
	w.Check()
	w.Check()
	require.Equal(t, 1, measured)
	spent, stopped := w.settle()
	require.False(t, stopped)
	require.Equal(t, int32(4), spent)
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
