package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/scripts/testkit"
)

// envRecord names a file for the results of the dashboard's queries, from which
// scripts/dashboard/picture draws.
const envRecord = "RTNETLINK_E2E_RECORD"

// answer is a query of the dashboard with its rows.
type answer struct {
	Title  string   `json:"title"`
	Type   string   `json:"type"`
	Alias  string   `json:"alias,omitempty"`
	Series []series `json:"series"`
}

// hidden reports whether a query asks for what this namespace does not show: the
// kernel has the limits of neighbor tables in the first namespace only.
func (a answer) hidden() bool {
	_, err := os.Stat("/proc/sys/net/ipv4/neigh/default/gc_thresh3")
	return err != nil && strings.HasSuffix(a.Alias, " limit")
}

// requireTimesAscend finds queries for which influxd returns several values of
// one series for one time, as it does for some subqueries with a fill.
func (a answer) requireTimesAscend(t *testing.T) {
	t.Helper()
	if a.Type == "table" || a.Type == "variable" {
		return
	}
	for _, s := range a.Series {
		last := int64(-1)
		for _, v := range s.Values {
			at, err := v[0].(json.Number).Int64()
			require.NoError(t, err)
			require.Greater(t, at, last, "times of %s %q %v", a.Type, a.Title, s.Tags)
			last = at
		}
	}
}

// TestDashboardQueries runs every query of the dashboard, of panels, variables
// and annotations, on what a busy time left in the database.
func TestDashboardQueries(t *testing.T) {
	needE2E(t)
	startInflux(t)
	a := startTelegraf(t, "telegraf-stock", agentQuick, outputInflux, execd(t, ""))
	waitForLink(t, "lo")
	began := time.Now()
	busyTime(t, 30*time.Second)
	ended := time.Now()
	time.Sleep(3 * time.Second) // until the last flush
	a.stop(syscall.SIGTERM)
	requireNoErrors(t, a)
	writeBond(t, began)

	answers := ask(t, testkit.Queries(t, "../dashboard/rtnetlink-influxql.json"), strings.NewReplacer(
		"$timeFilter", fmt.Sprintf("time >= %d AND time <= %d", began.UnixNano(), ended.UnixNano()),
		"$__interval", "1s", "$host", ".*", "$interface", ".*"))
	require.Greater(t, len(answers), 25)
	for _, answer := range answers {
		if !answer.hidden() {
			require.NotEmpty(t, answer.Series, "no rows for %s %q", answer.Type, answer.Title)
		}
		answer.requireTimesAscend(t)
	}
	if file := os.Getenv(envRecord); file != "" {
		text, err := json.MarshalIndent(answers, "", " ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, text, 0o644))
	}
}

// writeBond stores the gauges of a bond that fails over, as those of the plugin's
// TestGatherBonds: this kernel may have none.
func writeBond(t *testing.T, began time.Time) {
	t.Helper()
	var text strings.Builder
	for second := range 30 {
		for i, port := range []string{"eth0", "eth1"} {
			up, active := 1, 0
			if second > 12 && i == 0 {
				up = 0
			}
			if (second > 12) == (i == 1) {
				active = 1
			}
			fmt.Fprintf(&text, "rtnetlink_interface,host=router,interface=%s up=1i,carrier=%di,operstate_code=6i,bond_up=%di,bond_active=%di %d\n",
				port, up, up, active, began.Add(time.Duration(second)*time.Second).UnixNano())
		}
	}
	writeLines(t, text.String())
}

// writeLines stores line protocol.
func writeLines(t *testing.T, lines string) {
	t.Helper()
	resp, err := http.Post("http://"+influxAddress+"/write?db="+database, "text/plain", strings.NewReader(lines))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusNoContent, resp.StatusCode)
}

// TestAHostThatHasGoneSilentHasLostItsDefaultRoute, among others that have theirs or
// have another one, and one that says that it is lost.
func TestAHostThatHasGoneSilentHasLostItsDefaultRoute(t *testing.T) {
	needE2E(t)
	startInflux(t)
	query(t, "CREATE DATABASE "+database)
	var text strings.Builder
	now := time.Now()
	for ago := 30 * time.Minute; ago > 0; ago -= 10 * time.Second {
		point := func(host, gateway string, present int) {
			fmt.Fprintf(&text, "rtnetlink_default_route,host=%s,family=inet,table=main,interface=eth0,gateway=%s present=%di %d\n",
				host, gateway, present, now.Add(-ago).UnixNano())
		}
		point("well", "192.0.2.1", 1)
		if ago > 15*time.Minute {
			point("silent", "192.0.2.1", 1)
		}
		if ago > time.Minute {
			point("lost", "192.0.2.1", 1)
			point("moved", "192.0.2.1", 1)
		} else {
			point("lost", "192.0.2.1", 0)
			point("moved", "192.0.2.1", 0)
			point("moved", "192.0.2.2", 1)
		}
	}
	writeLines(t, text.String())
	for host, want := range map[string]string{".*": "2", "silent": "1", "lost": "1", "well": "", "moved": ""} {
		for _, filter := range []string{"time >= now() - 30m", fmt.Sprintf("time >= %d AND time <= %d", now.Add(-30*time.Minute).UnixNano(), now.UnixNano())} {
			for _, a := range ask(t, testkit.Queries(t, "../dashboard/rtnetlink-influxql.json"), strings.NewReplacer("$timeFilter", filter, "$__interval", "10s", "$host", host, "$interface", ".*")) {
				if a.Title != "Default routes lost" {
					continue
				}
				got := ""
				if len(a.Series) > 0 {
					got = fmt.Sprint(a.Series[0].Values[0][1])
				}
				require.Equal(t, want, got, "%s, %s", host, filter)
			}
		}
	}
}

// ask runs queries, with variables replaced as Grafana does.
func ask(t *testing.T, queries []testkit.Query, variables *strings.Replacer) (answers []answer) {
	t.Helper()
	for _, q := range queries {
		answers = append(answers, answer{q.Title, q.Kind, q.Alias, query(t, variables.Replace(q.Text))})
	}
	return answers
}

// TestEveryMetricIsOnTheDashboard keeps the dashboard complete: each
// measurement but those of the rarest objects is in some query.
func TestEveryMetricIsOnTheDashboard(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "dashboard", "rtnetlink-influxql.json"))
	require.NoError(t, err)
	for _, name := range []string{"link", "address", "route", "neighbor", "interface", "default_route", "routes", "neighbors", "events", "internal"} {
		require.Contains(t, string(raw), `\"rtnetlink_`+name+`\"`)
	}
}
