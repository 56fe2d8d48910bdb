package main

import (
	"io"
	"os"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/metric"
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
	close(metrics)
	w := newWriter(out, newLogger(io.Discard, telegraf.Error), nil)
	w.run(metrics)
	require.NoError(t, w.err)
	require.Less(t, out.writes, n/100)
}

// BenchmarkWriter writes metrics into a pipe that is read.
func BenchmarkWriter(b *testing.B) {
	read, write, err := os.Pipe()
	require.NoError(b, err)
	go func() { _, _ = io.Copy(io.Discard, read) }()
	defer write.Close()
	metrics := make(chan telegraf.Metric, pendingMetrics)
	w := newWriter(write, newLogger(io.Discard, telegraf.Error), nil)
	done := make(chan struct{})
	go func() { defer close(done); w.run(metrics) }()
	m := testMetric(1)
	b.ResetTimer()
	for range b.N {
		metrics <- m
	}
	close(metrics)
	<-done
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "metrics/s")
}
