package sql

import (
	"context"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/scripts/testkit"
)

// busy runs the plugin with gauges in a network of its own, in which everything
// happens that the dashboard shows, and leaves stream.lp.
const busy = `set -e
ip link set lo up
printf '[[inputs.rtnetlink]]\n[[inputs.rtnetlink.lua]]\nscript = "%s"\n' "$2/quiet.lua" >"$2/c.toml"
printf 'require("rtnetlink").on("route", function() end)\n' >"$2/quiet.lua"
mkfifo "$2/hold"
"$1" -config "$2/c.toml" -poll_interval 0s <"$2/hold" >"$2/stream.lp" 2>"$2/log" &
exec 3>"$2/hold"
gauges=0
gauge() {
	echo >&3
	gauges=$((gauges+1))
	n=0; until [ "$(grep -c '^rtnetlink_internal ' "$2/stream.lp")" = $gauges ]; do n=$((n+1)); [ $n -lt 300 ]; sleep 0.1; done
}
n=0; until grep -q moment=complete "$2/stream.lp"; do n=$((n+1)); [ $n -lt 300 ]; sleep 0.1; done
ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up
ip link add f0 type veth peer name f1; ip link set f0 up; ip link set f1 up
ip addr add 10.0.0.1/24 dev v0
ip route add default via 10.0.0.2
ip -6 route add default dev v0
gauge "$@"
for i in $(seq 1 50); do ip route add 10.1.$i.0/24 via 10.0.0.2 proto bgp; done
for i in 1 2 3; do ip link set f1 down; gauge "$@"; ip link set f1 up; gauge "$@"; done
ip neigh add 10.0.0.8 lladdr 02:00:00:00:00:08 dev v0 nud reachable
echo anyone >/dev/udp/10.0.0.9/9
n=0; until ip neigh show 10.0.0.9 | grep -q FAILED; do n=$((n+1)); [ $n -lt 300 ]; sleep 0.1; done
for i in $(seq 1 40); do ip route del 10.1.$i.0/24; done
ip -6 route del default
ip link set f1 down
gauge "$@"
gauge "$@"
exec 3>&-
wait
`

// macros replaces what Grafana replaces in a query.
func macros(query string, from, to time.Time) string {
	between := fmt.Sprintf("BETWEEN '%s' AND '%s'", from.Format(time.RFC3339Nano), to.Format(time.RFC3339Nano))
	query = regexp.MustCompile(`\$__timeFilter\(([^)]*)\)`).ReplaceAllString(query, "$1 "+between)
	query = regexp.MustCompile(`\$__timeGroup\(([^,]*),\s*'10s'\)`).ReplaceAllString(query, "floor(extract(epoch from $1)/10)*10")
	return strings.NewReplacer("$host", "'r1'", "$interface", "'lo','v0','v1','f0','f1','eth7'",
		"now()", "'"+to.Format(time.RFC3339Nano)+"'::timestamptz").Replace(query)
}

// TestDashboardQueries runs every query of the dashboard for PostgreSQL, of
// panels, variables and annotations, on what Telegraf stored of a busy time,
// with a bond and without.
func TestDashboardQueries(t *testing.T) {
	needE2E(t)
	rtnetlink, telegraf := programs(t)
	url := server(t)
	dir := t.TempDir()
	from := time.Now().UTC()
	run(t, "unshare", "-Urn", "bash", "-c", busy, "bash", rtnetlink, dir)
	to := time.Now().UTC()
	// This kernel may have no bonds; their gauges are as those of TestGatherBonds.
	ports := ""
	for at, values := range []string{"bond_up=1i,bond_active=1i", "bond_up=0i,bond_active=1i"} {
		ports += fmt.Sprintf("rtnetlink_interface,interface=eth7 up=1i,carrier=1i,operstate_code=6i,%s %d\n", values, to.UnixNano()-int64(2-at))
	}
	queries := testkit.Queries(t, "../dashboard/rtnetlink-postgresql.json")
	for _, bonds := range []bool{false, true} {
		run(t, "psql", "-v", "ON_ERROR_STOP=1", "-qc", "DROP SCHEMA public CASCADE; CREATE SCHEMA public", url)
		run(t, "psql", "-v", "ON_ERROR_STOP=1", "-qf", "postgresql.sql", url)
		text := read(t, dir+"/stream.lp")
		if bonds {
			text += ports
		}
		stream := filepath.Join(dir, "all.lp")
		require.NoError(t, os.WriteFile(stream, []byte(text), 0o600))
		load(t, telegraf, stream, url)
		conn, err := pgx.Connect(context.Background(), url)
		require.NoError(t, err)
		stats := askAll(t, conn, queries, from, to, bonds)
		require.NoError(t, conn.Close(context.Background()))
		want := map[string]string{
			"Links without carrier": "1", "Default routes": "1", "Default routes lost": "1", "Bond ports out of use": "0",
			"Links that flapped": "2", "Failed neighbors": "1", "Overruns": "0", "Events lost": "0",
		}
		if bonds {
			want["Bond ports out of use"] = "1"
		}
		require.Equal(t, want, stats)
	}
}

// load has Telegraf store a stream.
func load(t *testing.T, telegraf, stream, url string) {
	t.Helper()
	config := filepath.Join(t.TempDir(), "load.conf")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `[agent]
  hostname = "r1"
  metric_buffer_limit = 100000
[[inputs.file]]
  files = [%q]
  data_format = "influx"
  precision = "1ns"
[[outputs.postgresql]]
  connection = %q
`, stream, url), 0o600))
	run(t, telegraf, "--config", config, "--once")
}

// plain turns PostgreSQL's numerics into text.
func plain(t *testing.T, value any) any {
	t.Helper()
	v, ok := value.(driver.Valuer)
	if !ok {
		return value
	}
	text, err := v.Value()
	require.NoError(t, err)
	return text
}

// askAll runs all queries and returns what the stats show.
func askAll(t *testing.T, conn *pgx.Conn, queries []testkit.Query, from, to time.Time, bonds bool) map[string]string {
	t.Helper()
	stats, asked := map[string]string{}, 0
	ask := func(title, query string, series bool) string {
		asked++
		rows, err := conn.Query(context.Background(), macros(query, from, to))
		require.NoError(t, err, "%s: %s", title, query)
		defer rows.Close()
		n, last, first := 0, "", ""
		for ; rows.Next(); n++ {
			values, err := rows.Values()
			require.NoError(t, err)
			at := fmt.Sprint(plain(t, values[0]))
			if series {
				require.LessOrEqual(t, last, at, "%s: times ascend", title)
			}
			last = at
			if n == 0 {
				first = at
			}
		}
		require.NoError(t, rows.Err(), "%s: %s", title, query)
		// The kernel does not always say who asked it.
		if title != "Who changed what" && (bonds || title != "Bond ports") {
			require.Positive(t, n, "no rows for %s: %s", title, query)
		}
		return first
	}
	for _, q := range queries {
		first := ask(q.Title, q.Text, q.Series)
		if q.Kind == "stat" {
			stats[q.Title] = first
		}
	}
	require.Greater(t, asked, 30)
	return stats
}
