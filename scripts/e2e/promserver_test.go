package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/scripts/testkit"
)

const prometheusURL = "http://127.0.0.1:9190"

// startPrometheus starts a server that scrapes Telegraf every second and
// evaluates the rules, in a directory of its own.
func startPrometheus(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	rules, err := filepath.Abs("../prometheus/rules.yml")
	require.NoError(t, err)
	file := filepath.Join(dir, "prometheus.yml")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [%q]
scrape_configs:
  - job_name: telegraf
    honor_labels: true
    static_configs: [{targets: ["127.0.0.1:9273"]}]
`, rules), 0o600))
	log, err := os.Create(filepath.Join(dir, "log"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = log.Close() })
	cmd := exec.Command("prometheus", "--config.file="+file, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+strings.TrimPrefix(prometheusURL, "http://"))
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(t, cmd.Start(), "prometheus: apt-get install prometheus")
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	waitFor(t, 30*time.Second, "Prometheus does not answer", func() bool {
		resp, err := http.Get(prometheusURL + "/-/ready")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// promQuery returns how many series a query has, at the end of a time or over it.
func promQuery(t *testing.T, expr string, overTime bool) int {
	t.Helper()
	path, values := "query", url.Values{"query": {expr}}
	if overTime {
		now := time.Now()
		path = "query_range"
		values.Set("start", fmt.Sprint(now.Add(-time.Minute).Unix()))
		values.Set("end", fmt.Sprint(now.Unix()))
		values.Set("step", "1")
	}
	resp, err := http.Get(prometheusURL + "/api/v1/" + path + "?" + values.Encode())
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	var got struct {
		Status string
		Data   struct{ Result []any }
	}
	require.NoError(t, json.Unmarshal(text, &got), "%s", text)
	require.Equal(t, "success", got.Status, "%s: %s", expr, text)
	return len(got.Data.Result)
}

// TestPrometheusDashboardAndRules scrapes a busy time into a real server, runs
// every query of the dashboard there, finds every metric that the rules name,
// and sees the default route's alert come up.
func TestPrometheusDashboardAndRules(t *testing.T) {
	needE2E(t)
	script := filepath.Join(t.TempDir(), "quiet.lua")
	require.NoError(t, os.WriteFile(script, []byte("require('rtnetlink').on('route', function(ev) end)\n"), 0o600))
	startPrometheus(t)
	startTelegraf(t, "telegraf-stock", agentQuick, prometheusExample(t),
		execd(t, fmt.Sprintf("interface_info = true\n[[inputs.rtnetlink.lua]]\n  script = %q\n", script)))
	waitFor(t, 30*time.Second, "nothing scraped", func() bool { return promQuery(t, "rtnetlink_interface_up", false) > 0 })
	busyTime(t, 20*time.Second)

	variables := strings.NewReplacer("$__rate_interval", "10s", "$__interval", "5s", "$__range", "1m", "$host", ".*", "$interface", ".*")
	asked := 0
	for _, q := range testkit.Queries(t, "../dashboard/rtnetlink-prometheus.json") {
		if (answer{Alias: q.Alias}).hidden() {
			continue
		}
		asked++
		series := promQuery(t, variables.Replace(q.Text), q.Kind != "stat")
		if q.Title != "Bond ports" { // this kernel may have no bonds
			require.NotZero(t, series, "no series for %q: %s", q.Title, q.Text)
		}
	}
	require.Greater(t, asked, 20)

	rules, err := os.ReadFile("../prometheus/rules.yml")
	require.NoError(t, err)
	for _, name := range regexp.MustCompile(`(?m)(?:^|[^:\w])(rtnetlink_\w+)`).FindAllStringSubmatch(string(rules), -1) {
		if name[1] == "rtnetlink_interface_bond_up" { // nor that, which TestGatherBonds has
			continue
		}
		if name[1] == "rtnetlink_neighbors_limit" && (answer{Alias: " limit"}).hidden() {
			continue
		}
		require.NotZero(t, promQuery(t, name[1], false), "the rules name %s, which nothing exposes", name[1])
	}
	ip(t, "route", "del", "default")
	waitFor(t, 40*time.Second, "no alert", func() bool {
		return promQuery(t, `ALERTS{alertname="RtnetlinkDefaultRouteLost",alertstate="firing",family="inet"}`, false) > 0
	})
}
