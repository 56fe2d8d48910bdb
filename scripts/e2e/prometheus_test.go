package e2e

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// prometheusOutput is the README's: the gauges and counters, not the events.
const prometheusOutput = `
[[outputs.prometheus_client]]
  listen = "127.0.0.1:9273"
  namepass = ["rtnetlink_interface", "rtnetlink_routes", "rtnetlink_neighbors", "rtnetlink_events", "rtnetlink_internal"]
  collectors_exclude = ["gocollector", "process"]
`

// sampleLine is a line of the text format: name{labels} value.
var sampleLine = regexp.MustCompile(`^(\w+)(?:\{(.*)\})? (\S+)$`)

// TestPrometheusScrape wants numbers of the right type and no text as a label.
func TestPrometheusScrape(t *testing.T) {
	needE2E(t)
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			makeLink(t)
			startTelegraf(t, w.program, agentQuick, prometheusOutput, w.input(t, ""))
			var text string
			waitFor(t, 30*time.Second, "nothing to scrape", func() bool {
				text = scrape()
				return strings.Contains(text, `interface="e2e0"`) && strings.Contains(text, "rtnetlink_internal_")
			})
			types := map[string]string{}
			allowed := map[string]bool{"host": true, "interface": true, "kind": true, "family": true, "table": true, "protocol": true, "type": true, "object": true, "action": true}
			for line := range strings.Lines(text) {
				line = strings.TrimSpace(line)
				if f := strings.Fields(line); len(f) == 4 && f[1] == "TYPE" {
					types[f[2]] = f[3]
					continue
				}
				m := sampleLine.FindStringSubmatch(line)
				if m == nil {
					require.True(t, line == "" || strings.HasPrefix(line, "#"), line)
					continue
				}
				for _, label := range regexp.MustCompile(`(\w+)="`).FindAllStringSubmatch(m[2], -1) {
					require.True(t, allowed[label[1]], "label %q in %s", label[1], line)
				}
			}
			for name, kind := range map[string]string{
				"rtnetlink_interface_up":          "gauge",
				"rtnetlink_routes_entries":        "gauge",
				"rtnetlink_routes_default_routes": "gauge",
				"rtnetlink_neighbors_entries":     "gauge",
				"rtnetlink_events_total":          "counter",
				"rtnetlink_internal_messages":     "counter",
				"rtnetlink_internal_overruns":     "counter",
				"rtnetlink_internal_links":        "gauge",
			} {
				require.Equal(t, kind, types[name], "%s in\n%s", name, text)
			}
			require.Regexp(t, `(?m)^rtnetlink_interface_up\{.*interface="e2e0".*\} 1$`, text)
		})
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
