package plugin

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"slices"
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
	var file growing
	input, _ := prepare(t, ns)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- input.Record(ctx, &file, "test") }()
	ip := exec.Command("ip", "-batch", "-") // lives for longer than its changes
	commands, err := ip.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, ns.Do(ip.Start))
	require.Eventually(t, func() bool { // nothing tells when the recorder subscribes, nor when it looks at /proc
		_, err := io.WriteString(commands, "route add blackhole 30.0.0.0/8\nroute del blackhole 30.0.0.0/8\n")
		return err == nil && slices.ContainsFunc(asked(file.bytes()), func(m telegraf.Metric) bool { return m.HasField("process") })
	}, patience, 300*time.Millisecond)
	stop()
	require.NoError(t, <-ended)
	require.NoError(t, commands.Close())
	require.NoError(t, ip.Wait())
	told := asked(file.bytes())
	require.NotEmpty(t, told)
	for _, m := range told {
		require.EqualValues(t, ip.Process.Pid, field(m, "portid"))
		if m.HasField("process") { // the recorder may have been ended before it looked for the last
			require.Equal(t, "ip", field(m, "process"))
		}
	}
	require.Contains(t, fmt.Sprint(lines(told)), "process:ip")
}

// asked replays a recording, which may lack its end, and returns what is told of
// the route with who asked for it.
func asked(recording []byte) (out []telegraf.Metric) {
	var acc testutil.Accumulator
	replayed := New()
	if replayed.Init() != nil {
		return nil
	}
	_ = replayed.Replay(bytes.NewReader(recording), &acc, ReplayOptions{}) // its end may be lacking
	for _, m := range pick(acc.GetTelegrafMetrics(), "dst", "30.0.0.0/8") {
		if m.HasField("portid") {
			out = append(out, m)
		}
	}
	return out
}
