package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/plugins/serializers/influx"
	"github.com/influxdata/telegraf/plugins/serializers/json"
	"github.com/influxdata/telegraf/plugins/serializers/prometheus"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
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

// anyBytes are names and aliases of whatever bytes the kernel takes.
func anyBytes(seed uint64, n int) (names, aliases []string) {
	r := rand.New(rand.NewPCG(seed, 0))
	draw := func(length int, but string) string {
		b := make([]byte, 0, length)
		for len(b) < length {
			if c := byte(1 + r.IntN(255)); strings.IndexByte(but, c) < 0 {
				b = append(b, c)
			}
		}
		return string(b)
	}
	for range n { // dev_valid_name(), net/core/dev.c; "%" stands for a number
		names = append(names, draw(1+r.IntN(15), "/:% \t\n\v\f\r\xa0"))
		aliases = append(aliases, draw(1+r.IntN(60), ""))
	}
	return append(names, "last\"name\\"), append(aliases, "two\nlines\\n, \"quoted\"\\")
}

// nameAnything makes links of names and aliases of any bytes.
func nameAnything(t *testing.T, ns *nstest.NS) {
	t.Helper()
	names, aliases := anyBytes(soakSeed(t), 40)
	named := func(line, bytes string) {
		const stand = "STANDSFORTHEBYTES"
		stem := stand[:min(len(bytes), len(stand))] + strings.Repeat("S", max(0, len(bytes)-len(stand)))
		r, err := ns.Compile(strings.Replace(line, "@", stem, 1))
		require.NoError(t, err)
		i := strings.Index(string(r.Body), stem)
		require.Positive(t, i)
		copy(r.Body[i:], bytes)
		refused, err := ns.Batch([]nstest.Request{r})
		require.NoError(t, err)
		require.Zero(t, refused, "%q", bytes)
	}
	for i := range names {
		index := 5000 + i
		named(fmt.Sprintf("link add index %d name @ type ifb", index), names[i])
		named(fmt.Sprintf("link set dev #%d alias @", index), aliases[i])
		ns.Run(fmt.Sprintf("link set dev #%d up", index))
	}
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
	nameAnything(t, ns)
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

// TestNamesOfAnythingComeBackFromPrometheus: Telegraf's outputs for it read the
// gauges; each is a series of its own, with the names as they are.
func TestNamesOfAnythingComeBackFromPrometheus(t *testing.T) {
	ns := nstest.New(t)
	for _, name := range oddNames {
		_ = ns.Try("link add name " + name + " type ifb") // the kernel refuses some
	}
	nameAnything(t, ns)
	r := begin(t, ns, func(r *RTNetlink) { r.InterfaceInfo = true })
	r.settled()
	gauges := r.gather()
	want := map[string]string{}
	output := prometheus.NewCollection(prometheus.FormatConfig{})
	for _, m := range pick(gauges, "name", "interface") {
		output.Add(m, time.Now())
		want[series(m.Tags())] = fmt.Sprint(field(m, "mtu"))
	}
	require.Greater(t, len(want), 45)
	var text bytes.Buffer
	for _, family := range output.GetProto() {
		_, err := expfmt.MetricFamilyToText(&text, family)
		require.NoError(t, err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text.Bytes()))
	require.NoError(t, err)
	got := map[string]string{}
	for _, m := range families["rtnetlink_interface_mtu"].GetMetric() {
		tags := map[string]string{}
		for _, l := range m.GetLabel() {
			tags[l.GetName()] = l.GetValue()
		}
		got[series(tags)] = fmt.Sprint(int64(m.GetGauge().GetValue()))
	}
	require.Equal(t, want, got)
	tool := nstest.NeedTool(t, "promtool")
	cmd := exec.Command(tool, "check", "metrics")
	cmd.Stdin = &text
	out, err := cmd.CombinedOutput()
	const advice = 3 // about the names of metrics
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != advice {
		require.NoError(t, err, "%s", out)
	}
}

// series spells the tags of a metric.
func series(tags map[string]string) string { return fmt.Sprintf("%q", tags) }
