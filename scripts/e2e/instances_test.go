package e2e

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTwoInputsInTwoNamespaces runs the input twice in one agent.
func TestTwoInputsInTwoNamespaces(t *testing.T) {
	needE2E(t)
	startInflux(t)
	for _, name := range []string{"e2e-left", "e2e-right"} {
		ip(t, "netns", "add", name)
		t.Cleanup(func() { ip(t, "netns", "del", name) })
	}
	startTelegraf(t, "telegraf-custom", agentQuick, outputInflux,
		compiledIn("netns = [\"e2e-left\"]\n"), compiledIn("netns = [\"e2e-right\"]\n"))
	waitForLink(t, "lo")

	ip(t, "-n", "e2e-left", "link", "add", "onlyleft", "type", "veth", "peer", "name", "peerleft")
	ip(t, "-n", "e2e-right", "link", "add", "onlyright", "type", "veth", "peer", "name", "peerright")
	waitForLink(t, "onlyleft")
	waitForLink(t, "onlyright")

	seen := map[string]string{}
	for _, r := range events(t) {
		if r.measurement == "rtnetlink_link" && r.values["interface"] != "lo" {
			seen[r.values["interface"]] = r.values["netns"]
		}
	}
	require.Equal(t, map[string]string{
		"onlyleft": "e2e-left", "peerleft": "e2e-left", "onlyright": "e2e-right", "peerright": "e2e-right",
	}, seen)
	waitFor(t, 20*time.Second, "no rtnetlink_internal of each namespace", func() bool {
		return len(query(t, `SELECT last("links") FROM "rtnetlink_internal" GROUP BY "netns"`)) == 2
	})
}

// TestInternalStatistics wants the input's counters in Telegraf's own
// inputs.internal.
func TestInternalStatistics(t *testing.T) {
	needE2E(t)
	startInflux(t)
	makeLink(t)
	startTelegraf(t, "telegraf-custom", agentQuick, outputInflux, compiledIn(""), "\n[[inputs.internal]]\n")
	waitForLink(t, "e2e0")
	var list []series
	waitFor(t, 20*time.Second, "no measurement internal_rtnetlink", func() bool {
		list = query(t, `SELECT * FROM "internal_rtnetlink" ORDER BY time DESC LIMIT 1`)
		return len(list) == 1
	})
	values := map[string]any{}
	for i, column := range list[0].Columns {
		values[column] = list[0].Values[0][i]
	}
	for _, field := range []string{"messages", "events", "overruns", "resyncs"} {
		require.Contains(t, values, field)
		require.IsType(t, json.Number(""), values[field])
	}
}
