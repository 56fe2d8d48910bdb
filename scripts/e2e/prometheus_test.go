package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// prometheusExample is the output that the packages show, on this test's port.
func prometheusExample(t *testing.T) string {
	t.Helper()
	example, err := os.ReadFile("../package/prometheus.conf")
	require.NoError(t, err)
	return strings.Replace(string(example), `":9273"`, `"127.0.0.1:9273"`, 1)
}

// bounded are the labels that a metric may have: none is an address or a text.
var bounded = []string{"host", "interface", "kind", "family", "table", "protocol", "type", "object", "action", "script", "hook"}

// TestPrometheusScrape wants numbers of the right type and no text as a label.
func TestPrometheusScrape(t *testing.T) {
	needE2E(t)
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			makeLink(t)
			ip(t, "route", "add", "198.51.100.0/24", "via", "192.0.2.2")
			ip(t, "neighbor", "add", "192.0.2.2", "lladdr", "02:00:00:00:00:02", "dev", "e2e0")
			script := filepath.Join(t.TempDir(), "quiet.lua")
			require.NoError(t, os.WriteFile(script, []byte("require('rtnetlink').on('route', function(ev) end)\n"), 0o600))
			startTelegraf(t, w.program, agentQuick, prometheusExample(t),
				w.input(t, fmt.Sprintf("[[inputs.rtnetlink.lua]]\n  script = %q\n", script)))
			var text string
			waitFor(t, 30*time.Second, "nothing to scrape", func() bool {
				text = scrape()
				return strings.Contains(text, "rtnetlink_internal_") && strings.Contains(text, "rtnetlink_neighbors_")
			})
			checkTypes(t, text)
			for _, line := range regexp.MustCompile(`(?m)^rtnetlink_.*$`).FindAllString(text, -1) {
				for _, label := range regexp.MustCompile(`(\w+)="`).FindAllStringSubmatch(line, -1) {
					require.Contains(t, bounded, label[1], line)
				}
			}
			require.Regexp(t, `(?m)^rtnetlink_interface_up\{.*interface="e2e0".*\} 1$`, text)
			require.Regexp(t, `(?m)^rtnetlink_routes_entries\{family="inet",.*protocol="boot",table="main",type="unicast"\} 1$`, text)
		})
	}
}

// checkTypes wants each metric to be a counter or a gauge, and the right one.
func checkTypes(t *testing.T, text string) {
	t.Helper()
	types := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (rtnetlink_\w+) (\w+)$`).FindAllStringSubmatch(text, -1) {
		types[m[1]] = m[2]
		require.Contains(t, []string{"counter", "gauge"}, m[2], "%s in\n%s", m[1], text)
	}
	for name, kind := range map[string]string{
		"rtnetlink_interface_up":              "gauge",
		"rtnetlink_interface_carrier_changes": "counter",
		"rtnetlink_routes_entries":            "gauge",
		"rtnetlink_routes_default_routes":     "gauge",
		"rtnetlink_neighbors_entries":         "gauge",
		"rtnetlink_events_total":              "counter",
		"rtnetlink_internal_messages":         "counter",
		"rtnetlink_internal_overruns":         "counter",
		"rtnetlink_internal_hook_errors":      "counter",
		"rtnetlink_internal_links":            "gauge",
		"rtnetlink_script_errors":             "counter",
		"rtnetlink_script_state_entries":      "gauge",
		"rtnetlink_hook_calls":                "counter",
	} {
		require.Equal(t, kind, types[name], "%s in\n%s", name, text)
	}
}

func scrape() string {
	resp, err := http.Get("http://127.0.0.1:9273/metrics")
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return string(b)
}
