package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDashboardQueries runs every query of the dashboards, of panels,
// variables and annotations, on what a busy minute left in the database.
func TestDashboardQueries(t *testing.T) {
	needE2E(t)
	startInflux(t)
	makeLink(t)
	a := startTelegraf(t, "telegraf-stock", agentQuick, outputInflux, execd(t, ""))
	waitForLink(t, "e2e0")
	busyMinute(t, 15*time.Second)

	files, err := filepath.Glob("../dashboard/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var dashboard any
		require.NoError(t, json.Unmarshal(raw, &dashboard))
		queries := findQueries(dashboard)
		require.Greater(t, len(queries), 20, file)
		for _, q := range queries {
			list := query(t, expand(q))
			require.NotEmpty(t, list, "no rows: %s", expand(q))
			for _, s := range list {
				require.NotEmpty(t, s.Values, expand(q))
			}
		}
		t.Logf("%s: %d queries with rows", filepath.Base(file), len(queries))
	}
	require.NotContains(t, a.output(), " E! ")
}

// findQueries returns the values of all keys "query" that are InfluxQL.
func findQueries(node any) []string {
	var list []string
	switch n := node.(type) {
	case map[string]any:
		for key, value := range n {
			text, isText := value.(string)
			if key == "query" && isText && (strings.HasPrefix(text, "SELECT ") || strings.HasPrefix(text, "SHOW ")) {
				list = append(list, text)
			}
			list = append(list, findQueries(value)...)
		}
	case []any:
		for _, value := range n {
			list = append(list, findQueries(value)...)
		}
	}
	return list
}

// expand replaces what Grafana replaces.
func expand(q string) string {
	return strings.NewReplacer("$timeFilter", "time > now() - 10m", "$__interval", "2s", "$host", ".*", "$interface", ".*").Replace(q)
}

// busyMinute lets everything happen that the dashboard shows: a link that
// flaps, routes of several protocols that come, change and go, a default route
// that is replaced, a neighbor that does not answer.
func busyMinute(t *testing.T, length time.Duration) {
	t.Helper()
	conn, err := net.Dial("udp", "192.0.2.77:9")
	require.NoError(t, err)
	defer conn.Close()
	for round, end := 0, time.Now().Add(length); time.Now().Before(end); round++ {
		_, _ = conn.Write([]byte("anyone?")) // starts an ARP resolution; its failure is the point
		var commands []string
		for i := range 30 + 20*(round%4) {
			commands = append(commands, fmt.Sprintf("route replace 10.%d.%d.0/24 via 192.0.2.%d dev e2e0 proto %s", round%8, i, 2+round%3, []string{"static", "bgp", "ospf"}[i%3]))
		}
		if round > 1 {
			for i := range 15 {
				commands = append(commands, fmt.Sprintf("route del 10.%d.%d.0/24", (round-1)%8, i))
			}
		}
		commands = append(commands,
			fmt.Sprintf("route replace default via 192.0.2.%d dev e2e0 proto static", 2+round%2),
			fmt.Sprintf("neighbor replace 192.0.2.%d lladdr 02:00:00:00:00:%02x dev e2e0", 10+round%5, round%256))
		batch(t, commands)
		if round%4 == 3 {
			ip(t, "link", "set", "e2e1", "down")
			time.Sleep(time.Second)
			ip(t, "link", "set", "e2e1", "up")
		}
		time.Sleep(500 * time.Millisecond)
	}
	time.Sleep(3 * time.Second) // until the last flush
}
