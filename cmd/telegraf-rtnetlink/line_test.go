package main

import (
	"math"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/metric"
	"github.com/influxdata/telegraf/plugins/serializers/influx"
	"github.com/stretchr/testify/require"
)

// FuzzLine compares with Telegraf's serializer, whatever texts there are.
func FuzzLine(f *testing.F) {
	for _, text := range []string{"", "eth0", "a b", "a,b", "a=b", `a\`, `\`, `"`, "a\nb", "a\tb", "\f", "\r", "ü", "\xff", "\x00", "=", " "} {
		f.Add("rtnetlink_link", "interface", text, "ifalias", "x", int64(1), 1.5)
		f.Add("rtnetlink_link", "interface", "eth0", "ifalias", text, int64(-1), math.NaN())
		f.Add(text, text, "x", text, text, int64(math.MaxInt64), math.Inf(1))
	}
	f.Fuzz(func(t *testing.T, name, tag, value, field, text string, n int64, x float64) {
		fields := []telegraf.Field{{Key: field, Value: text}, {Key: "n", Value: n}, {Key: "yes", Value: n > 0}, {Key: "x", Value: x}, {Key: "u", Value: uint64(n)}}
		for len(fields) > 0 {
			m := metric.New(name, map[string]string{tag: value}, nil, time.Unix(0, n))
			for _, f := range fields {
				m.AddField(f.Key, f.Value)
			}
			before := []byte("before\n")
			line, ok := appendLine(before, m)
			if !ok {
				require.Equal(t, "before\n", string(line))
			} else {
				var s influx.Serializer
				want, err := s.Serialize(m)
				require.NoError(t, err)
				require.Equal(t, "before\n"+string(want), string(line))
			}
			fields = fields[:len(fields)-1]
		}
	})
}

// What the input sends goes the short way.
func TestPlainMetricsNeedNoEscapes(t *testing.T) {
	line, ok := appendLine(nil, testMetric(7))
	require.True(t, ok)
	require.Contains(t, string(line), `dst="10.2.3.0/24"`)
}

func BenchmarkLine(b *testing.B) {
	m := testMetric(7)
	b.Run("appended", func(b *testing.B) {
		var line []byte
		for b.Loop() {
			line, _ = appendLine(line[:0], m)
		}
	})
	b.Run("by Telegraf's serializer", func(b *testing.B) {
		var s influx.Serializer
		for b.Loop() {
			if _, err := s.Serialize(m); err != nil {
				b.Fatal(err)
			}
		}
	})
}
