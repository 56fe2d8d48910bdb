package plugin

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/plugins/serializers/influx"
	"github.com/influxdata/telegraf/plugins/serializers/json"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/history"
	reader "telegraf-rtnetlink/plugin/history/source"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/strict"
)

// oddNames are names of 15 bytes and less that the kernel takes: it refuses
// slashes, colons and white space.
var oddNames = []string{
	"a,b=c,d=e,f=g,h", `back\slash\name`, `ends\in\slash\\`, `"quoted"`, "#comment", "bytes\xff\xfe\x80here",
	"\x01\x02control\x7f", "ünïcödé", "{\"json\":1}", "'; DROP TABLE", "$var", "-j", "if7", "\xf0\x9f", "=", ",",
}

// TestNamesOfAnythingComeBack out of line protocol and JSON as the metrics have
// them, whatever bytes the kernel took for the name of a link, its alias and what
// is on it.
func TestNamesOfAnythingComeBack(t *testing.T) {
	ns := nstest.New(t)
	r := begin(t, ns)
	r.settled()
	made := 0
	for _, name := range oddNames {
		if ns.Try("link add name "+name+" type ifb", "link set dev "+name+" alias "+name, "link set dev "+name+" up") == nil {
			ns.Run("route add blackhole 30.0.0.0/8 metric "+strconv.Itoa(1000+made), "neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev "+name+" nud permanent")
			made++
		}
	}
	require.Greater(t, made, len(oddNames)/2)
	r.requireEqual()
	metrics := r.since(0)
	r.end()
	lines := influx.Serializer{}
	objects := json.Serializer{TimestampUnits: 1}
	require.NoError(t, objects.Init())
	for format, serialize := range map[string]func(telegraf.Metric) ([]byte, error){"lp": lines.Serialize, "json": objects.Serialize} {
		t.Run(format, func(t *testing.T) {
			var text []byte
			for _, m := range metrics {
				b, err := serialize(m)
				require.NoError(t, err)
				text = append(text, b...)
			}
			path := filepath.Join(t.TempDir(), "stream."+format)
			require.NoError(t, os.WriteFile(path, text, 0o600))
			read := strict.NewStream()
			n, notes := 0, reader.Notes{}
			require.NoError(t, reader.Read(context.Background(), []string{path}, reader.Options{Notes: &notes}, func(row *history.Row) error {
				n++
				tags, fields := map[string]string{}, map[string]any{}
				for i := range row.Tags {
					tags[string(row.Tags[i].Name)] = string(row.Tags[i].Str)
				}
				for i := range row.Fields {
					fields[string(row.Fields[i].Name)] = string(row.Fields[i].AppendText(nil))
				}
				read.Take(string(row.Measurement), tags, fields)
				return nil
			}))
			require.Equal(t, len(metrics), n, "%v", notes.Lines())
			require.Empty(t, read.Errors())
			r.see(func() { require.Empty(t, r.of(ns.Path()).Differs(read.Of(ns.Path()))) })
		})
	}
}
