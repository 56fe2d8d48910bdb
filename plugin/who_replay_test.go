package plugin

import (
	"bytes"
	"context"
	"io"
	"os/exec"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/testutil"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// TestAReplayHasTheProcessesOfTheRecording, when they are long gone.
func TestAReplayHasTheProcessesOfTheRecording(t *testing.T) {
	nstest.NeedTool(t, "ip")
	ns := newPair(t)
	var file bytes.Buffer
	input, _ := prepare(t, ns)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- input.Record(ctx, &file, "test") }()
	ip := exec.Command("ip", "-batch", "-") // lives for longer than its changes
	commands, err := ip.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, ns.Do(ip.Start))
	for range 3 {
		time.Sleep(300 * time.Millisecond) // the recorder subscribes; nothing tells when
		_, err := io.WriteString(commands, "route add blackhole 30.0.0.0/8\nroute del blackhole 30.0.0.0/8\n")
		require.NoError(t, err)
	}
	time.Sleep(300 * time.Millisecond) // nor when it looks at /proc
	stop()
	require.NoError(t, <-ended)
	require.NoError(t, commands.Close())
	require.NoError(t, ip.Wait())
	var acc testutil.Accumulator
	replayed := New()
	require.NoError(t, replayed.Init())
	require.NoError(t, replayed.Replay(bytes.NewReader(file.Bytes()), &acc, ReplayOptions{}))
	var told []telegraf.Metric
	for _, m := range pick(acc.GetTelegrafMetrics(), "dst", "30.0.0.0/8") {
		if m.HasField("portid") {
			told = append(told, m)
		}
	}
	require.NotEmpty(t, told)
	for _, m := range told {
		require.EqualValues(t, ip.Process.Pid, field(m, "portid"))
		require.Equal(t, "ip", field(m, "process"))
	}
}
