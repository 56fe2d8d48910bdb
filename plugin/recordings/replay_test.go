package recordings

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/agent"
	parser "github.com/influxdata/telegraf/plugins/parsers/influx"
	"github.com/influxdata/telegraf/plugins/serializers/influx"
	"github.com/influxdata/telegraf/testutil"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/strict"
)

// output takes the metrics of a replay as Telegraf would.
type output struct {
	t       *testing.T
	lines   influx.Serializer
	text    bytes.Buffer
	summary []string
	stream  *strict.Stream
}

func (*output) LogName() string        { return "inputs.rtnetlink" }
func (o *output) Log() telegraf.Logger { return testutil.Logger{} }

func (o *output) MakeMetric(m telegraf.Metric) telegraf.Metric {
	o.stream.Take(m.Name(), m.Tags(), m.Fields())
	if m.Name() == "rtnetlink_sync" {
		return nil // of the stream, not of what the kernel does
	}
	line, err := o.lines.Serialize(m)
	require.NoError(o.t, err)
	o.text.Write(line)
	o.summary = append(o.summary, summary(m))
	m.Accept()
	return nil
}

// replay replays a file and returns what comes out.
func replay(t *testing.T, path string) (*output, error) {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	input := plugin.New()
	require.NoError(t, input.Init())
	// The names of this machine are not those of the golden files.
	require.NoError(t, event.LoadNames())
	out := &output{t: t, stream: strict.NewStream()}
	err = input.Replay(file, agent.NewAccumulator(out, nil), plugin.ReplayOptions{After: time.Second})
	return out, err
}

// requireStrict requires that what came out keeps the promises of the stream, and
// that a file of it says the same.
func (o *output) requireStrict() {
	o.t.Helper()
	require.Empty(o.t, o.stream.Errors())
	require.Empty(o.t, o.stream.Stale())
	p := parser.Parser{}
	require.NoError(o.t, p.Init())
	metrics, err := p.Parse(o.text.Bytes())
	require.NoError(o.t, err)
	read := strict.NewStream()
	for _, m := range metrics {
		read.Take(m.Name(), m.Tags(), m.Fields())
	}
	require.Empty(o.t, read.Errors())
	for _, netns := range o.stream.Namespaces() {
		require.Empty(o.t, o.stream.Of(netns).Differs(read.Of(netns)))
	}
}
