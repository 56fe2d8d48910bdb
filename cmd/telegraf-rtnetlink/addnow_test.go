package main

import (
	"bufio"
	"fmt"
	"os"
	"testing"

	"github.com/influxdata/telegraf"
	"github.com/stretchr/testify/require"
)

// now is what the runner's accumulator is besides.
type now interface{ AddNow(m telegraf.Metric) }

// Metrics that are taken at once come out whole and in order, though their memory is
// used again, and those of the channel among them.
func TestMetricsTakenAtOnceAreWrittenInOrder(t *testing.T) {
	const n = 20_000
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	s := newSession(t, &fakeInput{start: func(acc telegraf.Accumulator) error {
		go func() {
			m := testMetric(0)
			for i := range n {
				m.AddField("seq", int64(i))
				acc.(now).AddNow(m)
			}
			emit(acc, n)
		}()
		return nil
	}}, write)
	lines := bufio.NewScanner(read)
	for i := range n {
		require.True(t, lines.Scan())
		require.Contains(t, lines.Text(), fmt.Sprintf("seq=%di", i))
	}
	require.True(t, lines.Scan())
	require.Equal(t, fmt.Sprintf("m v=%di 1", n), lines.Text())
	s.cancel()
	require.NoError(t, s.wait(t))
}

// Whoever hands over metrics waits while nobody reads, and not when nobody ever will.
func TestMetricsTakenAtOnceWaitForTheOutput(t *testing.T) {
	const n = 100_000
	hand := func(taken chan<- int) *fakeInput {
		return &fakeInput{start: func(acc telegraf.Accumulator) error {
			acc.(now).AddNow(testMetric(-1)) // so that there is something to write
			go func() {
				for i := range n {
					acc.(now).AddNow(testMetric(i))
				}
				taken <- n
			}()
			return nil
		}}
	}
	t.Run("that nobody reads", func(t *testing.T) {
		read, write := fullPipe(t)
		defer read.Close()
		taken := make(chan int, 1)
		s := newSession(t, hand(taken), write)
		s.cancel()
		require.ErrorIs(t, s.wait(t), errStuck)
		require.Equal(t, n, <-taken)
	})
	t.Run("that is full", func(t *testing.T) {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		require.NoError(t, err)
		defer func() { require.NoError(t, full.Close()) }()
		taken := make(chan int, 1)
		s := newSession(t, hand(taken), full)
		require.ErrorContains(t, s.wait(t), "cannot write metrics: ")
		require.Equal(t, n, <-taken)
	})
}
