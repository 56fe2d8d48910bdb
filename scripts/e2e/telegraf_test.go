package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// outputInflux is the output of every test that looks into the database.
const outputInflux = `
[[outputs.influxdb]]
  urls = ["http://` + influxAddress + `"]
  database = "` + database + `"
`

// agentDefaults leaves every setting of the agent alone: batches of 1000, a
// buffer of 10000 metrics, a flush every 10 s.
const agentDefaults = "[agent]\n"

// agentQuick is the agent for tests that are not about its buffers.
const agentQuick = `
[agent]
  interval = "1s"
  flush_interval = "1s"
`

// agentBurst is what the README recommends for bursts without a cap.
const agentBurst = `
[agent]
  flush_interval = "1s"
  metric_batch_size = 5000
  metric_buffer_limit = 200000
`

// compiledIn is the input as a Telegraf that has it compiled in takes it, with
// options in TOML.
func compiledIn(options string) string { return "[[inputs.rtnetlink]]\n" + options }

// execd is the input under inputs.execd: the example of the packages, with the
// paths of this test.
func execd(t *testing.T, options string) string {
	t.Helper()
	conf := filepath.Join(t.TempDir(), "rtnetlink.conf")
	require.NoError(t, os.WriteFile(conf, []byte(compiledIn(options)), 0o600))
	example, err := os.ReadFile("../package/execd.conf")
	require.NoError(t, err)
	return strings.NewReplacer(
		"/usr/bin/telegraf-rtnetlink", program("telegraf-rtnetlink"),
		"/etc/telegraf/rtnetlink/rtnetlink.conf", conf,
	).Replace(string(example))
}

// way is one of the two ways to run the input.
type way struct {
	name    string
	program string
	input   func(t *testing.T, options string) string
}

var ways = []way{
	{"execd", "telegraf-stock", execd},
	{"compiled in", "telegraf-custom", func(_ *testing.T, options string) string { return compiledIn(options) }},
}

// agent is a running Telegraf.
type agent struct {
	*process
	argv []string
}

// startTelegraf starts a Telegraf on the given parts of its configuration.
func startTelegraf(t *testing.T, name string, parts ...string) *agent {
	t.Helper()
	conf := filepath.Join(t.TempDir(), "telegraf.conf")
	text := ""
	for _, part := range parts {
		text += part
	}
	require.NoError(t, os.WriteFile(conf, []byte(text), 0o600))
	a := &agent{argv: []string{program(name), "--config", conf}}
	a.process = startProcess(t, a.argv...)
	return a
}

// start starts the same Telegraf once more.
func (a *agent) start(t *testing.T) {
	t.Helper()
	a.process = startProcess(t, a.argv...)
}

// waitFor polls until ok, at most for limit.
func waitFor(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, limit, 200*time.Millisecond, "after %s: %s", limit, what)
}

// waitForLink waits until the database knows link name, which is to say that
// the input runs.
func waitForLink(t *testing.T, name string) {
	t.Helper()
	waitFor(t, 40*time.Second, "no point of link "+name, func() bool {
		return number(t, `SELECT count("seq") FROM "rtnetlink_link" WHERE "interface" = '`+name+`'`) > 0
	})
}

// waitForPicture waits until the points in the database say what the kernel says.
func waitForPicture(t *testing.T) {
	t.Helper()
	want := kernelRoutes(t)
	var got []string
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		if got = picture(events(t)); slices.Equal(got, want) {
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
	require.Equal(t, len(want), len(got), "number of routes")
	require.Equal(t, want, got)
}

// requireNoErrors looks for errors in the log. One is left out: inputs.execd
// logs now and then that it closed its own pipe when it stops a process.
func requireNoErrors(t *testing.T, a *agent) {
	t.Helper()
	for line := range strings.Lines(a.output()) {
		if !strings.HasSuffix(strings.TrimSpace(line), "file already closed") {
			require.NotContains(t, line, " E! ")
		}
	}
}
