package luahooks

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/internal/lua51"
)

func over(w *watchdog) bool { return w.state.Load() == killed }

// fakeClock is a clock that only the test moves.
type fakeClock moment

// tick lets so much time pass, and the timer come.
func (c *fakeClock) tick(w *watchdog, wall, used time.Duration) {
	c.wall += wall
	c.used += used
	w.count()
}

func newTestWatchdog(shortest time.Duration) (*watchdog, *fakeClock) {
	w, c := newWatchdog(shortest), &fakeClock{}
	w.clock = func() moment { return moment(*c) }
	return w, c
}

const ms = time.Millisecond

func TestWatchdogWaitsForACallThatGetsNoProcessor(t *testing.T) {
	w, c := newTestWatchdog(50 * ms)
	w.start(50 * ms)
	for range 5 {
		c.tick(w, 100*ms, 2*ms)
	}
	require.False(t, over(w))
	spent, stopped := w.settle()
	require.False(t, stopped)
	require.Equal(t, 10*ms, spent, "it has had that much")
	w.start(50 * ms)
	c.tick(w, starvedFactor*50*ms, 0)
	require.False(t, over(w))
	c.tick(w, ms, 0)
	require.True(t, over(w))
	_, stopped = w.settle()
	require.True(t, stopped)
	require.False(t, over(w))
}

// TestWatchdogWaitsForACallThatWaitsForTheHost: outputs may be behind for long.
func TestWatchdogWaitsForACallThatWaitsForTheHost(t *testing.T) {
	w, c := newTestWatchdog(50 * ms)
	w.start(50 * ms)
	w.away.Store(true)
	c.tick(w, time.Minute, ms)
	w.away.Store(false)
	c.tick(w, ms, ms)
	require.False(t, over(w))
	c.tick(w, 60*ms, 60*ms)
	require.True(t, over(w))
}

// TestWatchdogStopsACallThatUsesTheProcessor between its limit and a period later,
// however late the timer comes and however many threads the process uses.
func TestWatchdogStopsACallThatUsesTheProcessor(t *testing.T) {
	for _, late := range []time.Duration{0, 3 * ms, 20 * ms} {
		w, c := newTestWatchdog(50 * ms)
		w.start(50 * ms)
		for c.wall < 55*ms {
			require.False(t, over(w), c.wall)
			c.tick(w, w.period+late, 2*w.period+2*late)
		}
		require.True(t, over(w))
		require.Less(t, c.wall, 60*ms+late)
		spent, _ := w.settle()
		require.Equal(t, c.wall, spent)
	}
}

// TestWatchdogChargesWhatIsOverBeforeItLooks to the call that it finds: many short
// calls are as long as one.
func TestWatchdogChargesWhatIsOverBeforeItLooks(t *testing.T) {
	w, c := newTestWatchdog(50 * ms)
	total := time.Duration(0)
	for range 20 {
		w.start(50 * ms)
		c.wall, c.used = c.wall+4*ms, c.used+4*ms
		spent, _ := w.settle()
		require.Zero(t, spent)
		w.start(50 * ms)
		c.tick(w, ms, ms)
		spent, _ = w.settle()
		total += spent
	}
	require.Equal(t, 100*ms, total)
}

func TestWatchdogCountsTheTimeOfMeasuring(t *testing.T) {
	w, c := newTestWatchdog(ms)
	w.start(10 * ms)
	c.tick(w, ms, ms)
	w.before -= 2 * suspicion // as if so much had been allocated since
	c.tick(w, ms, ms)
	measured := 0
	w.running = lua51.New(lua51.Options{Guard: w, Box: lua51.NewBox()})
	w.measure = func() bool {
		for !over(w) { // what looks at values would take that long
			measured++
			w.late()
			c.tick(w, ms, ms)
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
	w, c := newTestWatchdog(ms)
	w.start(100 * ms)
	c.tick(w, 3*ms, 3*ms)
	w.before -= 2 * suspicion
	c.tick(w, ms, ms)
	measured := 0
	w.measure = func() bool { measured++; return false }
	w.Check()
	w.Check()
	require.Equal(t, 1, measured)
	spent, stopped := w.settle()
	require.False(t, stopped)
	require.Equal(t, 4*ms, spent)
}

func TestWatchdogForgetsWhatIsBetweenCalls(t *testing.T) {
	w, c := newTestWatchdog(ms)
	w.start(ms)
	c.tick(w, 20*ms, 20*ms)
	w.start(ms)
	_, stopped := w.settle()
	require.False(t, stopped)
	require.Equal(t, int32(0), w.state.Load())
}
