package metric

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStampsAreUniqueAndRising(t *testing.T) {
	const start = int64(1_700_000_000_000_000_000)
	tests := map[string]func(i int64) int64{
		"as events come":           func(i int64) int64 { return start + i*3000 },
		"all in one datagram":      func(int64) int64 { return start },
		"two readers out of step":  func(i int64) int64 { return start + i*1000 - i%2*5000 },
		"clock set back an hour":   func(i int64) int64 { return start + i*1000 - i/500*int64(time.Hour) },
		"clock set back each time": func(i int64) int64 { return start - i*int64(time.Minute) },
		"clock set forth and back": func(i int64) int64 { return start + i*1000 + i/300%2*int64(time.Hour) },
		"before the epoch":         func(i int64) int64 { return -start + i },
	}
	for name, wall := range tests {
		t.Run(name, func(t *testing.T) {
			var c clock
			last := c.stamp(wall(0))
			for i := int64(1); i < 1000; i++ {
				now := c.stamp(wall(i))
				require.Greater(t, now, last, "event %d", i)
				last = now
			}
		})
	}
}

func TestStampIsTheTimeOfTheEvent(t *testing.T) {
	var c clock
	for _, wall := range []int64{1000, 1001, 5000, 1_000_000_000} {
		require.Equal(t, wall, c.stamp(wall))
	}
}

func TestStampsCatchUpWithAClockThatWasSetBack(t *testing.T) {
	var c clock
	const back = 10 * int64(time.Second)
	wall := int64(1_700_000_000_000_000_000)
	c.stamp(wall)
	wall -= back
	var caughtUp int64
	for caughtUp = 0; c.stamp(wall) != wall; caughtUp += int64(time.Millisecond) {
		require.Less(t, caughtUp, 3*back)
		wall += int64(time.Millisecond)
	}
	require.InDelta(t, 2*back, caughtUp, float64(time.Second), "at half speed it takes twice the step")
}
