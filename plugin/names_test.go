package plugin

import (
	"regexp"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLinksAreCalledByTheirNamesFromTheStart: also in events that come before
// links are enumerated.
func TestLinksAreCalledByTheirNamesFromTheStart(t *testing.T) {
	ns := newPair(t)
	c, err := ns.Dial()
	require.NoError(t, err)
	defer c.Close()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				_ = c.Try("addr add 10.0.1.1/24 dev v0", "addr del 10.0.1.1/24 dev v0", "link set v1 down", "link set v1 up")
			}
		}
	})
	defer wg.Wait()
	defer close(stop)
	input, _ := prepare(t, ns)
	nameless := regexp.MustCompile(`\bif\d+\b`)
	for range 6 {
		r := &running{consumer: newConsumer(t), input: input, log: &journal{}}
		require.NoError(t, input.Start(r.accumulator()))
		r.waitEvent(0, "name", "rule")
		input.Stop()
		close(r.ch)
		<-r.done
		for _, line := range lines(r.since(0)) {
			require.NotRegexp(t, nameless, line)
		}
	}
}
