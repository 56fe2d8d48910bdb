package main

import (
	"io"
	"os"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/metric"
	"github.com/influxdata/telegraf/plugins/common/shim"
	"github.com/stretchr/testify/require"
)

func testMetric(v int) telegraf.Metric {
	return metric.New("rtnetlink_route",
		map[string]string{"action": "new", "origin": "notify", "family": "inet", "table": "main", "protocol": "bgp"},
		map[string]any{"dst": "10.2.3.0/24", "gateway": "10.1.0.2", "metric": int64(20), "scope": "global", "flags": "", "seq": int64(v)},
		time.Unix(0, int64(v)))
}

// countWrites counts system calls.
type countWrites struct {
	out    io.Writer
	writes int
}

func (c *countWrites) Write(p []byte) (int, error) {
	c.writes++
	return c.out.Write(p)
}

func TestManyWaitingMetricsAreWrittenAtOnce(t *testing.T) {
	const n = 10_000
	out := &countWrites{out: io.Discard}
	metrics := make(chan telegraf.Metric, n)
	for i := range n {
		metrics <- testMetric(i)
	}
	end := make(chan struct{})
	close(end)
	w := newWriter(out, newLogger(io.Discard, telegraf.Error), nil)
	w.run(metrics, end)
	require.NoError(t, w.err)
	require.Less(t, out.writes, n/100)
}

// One of 10,000 metrics a second is a tenth of a millisecond behind the one
// before: waiting for others would double the time until it is read.
func TestOnlyManyMetricsInAShortTimeWaitForEachOther(t *testing.T) {
	for _, c := range []struct {
		name    string
		waiting int
		since   time.Duration
		crowded bool
	}{
		{name: "one, long after the one before", waiting: 1, since: time.Hour},
		{name: "a table, after nothing for long", waiting: 1000, since: time.Hour},
		{name: "one of 10,000 a second", waiting: 1, since: 100 * time.Microsecond},
		{name: "one of 100,000 a second", waiting: 1, since: 10 * time.Microsecond, crowded: true},
		{name: "ten of 200,000 a second", waiting: 10, since: 50 * time.Microsecond, crowded: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.crowded, crowded(c.waiting, c.since))
		})
	}
}

// BenchmarkOutput sends metrics through a pipe that is read, by this runner and
// by Telegraf's shim.
func BenchmarkOutput(b *testing.B) {
	b.Run("runner", func(b *testing.B) {
		benchmarkOutput(b, func(input telegraf.ServiceInput, stdin, stdout *os.File) error {
			r := runner{input: input, log: newLogger(io.Discard, telegraf.Error), stdin: stdin, stdout: stdout}
			return r.run(b.Context(), nil)
		})
	})
	b.Run("shim", func(b *testing.B) {
		benchmarkOutput(b, func(input telegraf.ServiceInput, stdin, stdout *os.File) error {
			defer func(in, out *os.File) { os.Stdin, os.Stdout = in, out }(os.Stdin, os.Stdout)
			os.Stdin, os.Stdout = stdin, stdout
			s := shim.New()
			if err := s.AddInput(input); err != nil {
				return err
			}
			return s.Run(shim.PollIntervalDisabled)
		})
	})
}

func benchmarkOutput(b *testing.B, run func(input telegraf.ServiceInput, stdin, stdout *os.File) error) {
	stdin, endInput, err := os.Pipe()
	require.NoError(b, err)
	output, stdout, err := os.Pipe()
	require.NoError(b, err)
	read := make(chan error, 1)
	go func() { _, err := io.Copy(io.Discard, output); read <- err }()
	input := &fakeInput{start: func(acc telegraf.Accumulator) error {
		go func() {
			for i := range b.N {
				acc.AddMetric(testMetric(i))
			}
			_ = endInput.Close()
		}()
		return nil
	}}
	b.ResetTimer()
	require.NoError(b, run(input, stdin, stdout))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "metrics/s")
	require.NoError(b, stdout.Close())
	require.NoError(b, <-read)
}
