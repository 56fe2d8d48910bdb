package sql

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// needE2E skips the test where the parts are not asked for.
func needE2E(t *testing.T) {
	t.Helper()
	if os.Getenv("RTNETLINK_E2E") != "1" {
		t.Skip("needs PostgreSQL and builds Telegraf; set RTNETLINK_E2E=1 to run it")
	}
}

// server starts a PostgreSQL in a directory of its own and returns its URL. It
// does not run as root, so root makes it nobody's. configure, if there is one, finds
// the directory of its data and returns further arguments.
func server(t *testing.T, configure ...func(data string) []string) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	require.NoError(t, err)
	require.NotEmpty(t, found, "Debian's package postgresql")
	bin := filepath.Dir(found[len(found)-1])
	dir, err := os.MkdirTemp("/tmp", "rtnetlink-pg") //nolint:usetesting // a socket's path is short, and the server is another user
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	var as *syscall.Credential
	if os.Getuid() == 0 {
		as = &syscall.Credential{Uid: 65534, Gid: 65534}
		require.NoError(t, os.Chown(dir, 65534, 65534))
	}
	data := filepath.Join(dir, "data")
	start := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGTERM}
		return cmd
	}
	out, err := start("initdb", "-D", data, "-U", "postgres", "--auth=trust", "-N").CombinedOutput()
	require.NoError(t, err, "%s", out)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := l.Addr().(*net.TCPAddr).Port
	require.NoError(t, l.Close())
	args := []string{"-D", data, "-k", dir, "-p", fmt.Sprint(port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"}
	for _, c := range configure {
		args = append(args, c(data)...)
	}
	cmd := start("postgres", args...)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGQUIT); _ = cmd.Wait() })
	url := fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres", port)
	require.Eventually(t, func() bool {
		conn, err := pgx.Connect(context.Background(), url)
		if err == nil {
			_ = conn.Close(context.Background())
		}
		return err == nil
	}, time.Minute, 50*time.Millisecond)
	return url
}

// programs builds telegraf-rtnetlink and a stock Telegraf, and returns where
// they are. Other tests of a run may have built them before.
func programs(t *testing.T) (rtnetlink, telegraf string) {
	t.Helper()
	bin := os.Getenv("RTNETLINK_E2E_BIN")
	if bin == "" {
		bin = t.TempDir()
	}
	require.NoError(t, os.MkdirAll(bin, 0o755))
	rtnetlink, telegraf = filepath.Join(bin, "telegraf-rtnetlink"), filepath.Join(bin, "telegraf-fleet")
	run(t, "go", "build", "-o", rtnetlink, "../../cmd/telegraf-rtnetlink")
	if _, err := os.Stat(telegraf); err != nil {
		run(t, "../build-telegraf.sh", "-s", "-o", telegraf, "-p",
			"inputs.execd,inputs.file,inputs.nats_consumer,outputs.nats,outputs.postgresql,outputs.file,outputs.influxdb,parsers.influx,serializers.influx,serializers.json")
	}
	return rtnetlink, telegraf
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(t, err, "%s %s\n%s", name, args, out)
	return string(out)
}

// scene runs the plugin in a network of its own and leaves stream.lp, and the
// times between its steps in times.
const scene = `set -e
ip link set lo up
printf '[[inputs.rtnetlink]]\n' >"$2/c.toml"
mkfifo "$2/hold"
"$1" -config "$2/c.toml" -poll_interval 0s <"$2/hold" >"$2/stream.lp" 2>"$2/log" &
exec 3>"$2/hold"
n=0; until grep -q moment=complete "$2/stream.lp"; do n=$((n+1)); [ $n -lt 300 ]; sleep 0.1; done
tick() { sleep 0.3; date +%s%N >>"$2/times"; sleep 0.1; }
tick "$@"
ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up
ip addr add 10.0.0.1/24 dev v0
tick "$@"
for i in $(seq 1 50); do ip route add 10.1.$i.0/24 via 10.0.0.2 proto bgp; done
ip route add default via 10.0.0.2
tick "$@"
for i in $(seq 1 40); do ip route del 10.1.$i.0/24; done
ip route change default via 10.0.0.3
ip link set v1 down
tick "$@"
exec 3>&-
wait
`

// TestPostgreSQLTellsWhatTheFileTells: a stream that Telegraf stores is, at each
// time, what the command makes of the file, of the database, and what
// rtnetlink_state says; and it is refused where a row is missing.
func TestPostgreSQLTellsWhatTheFileTells(t *testing.T) {
	needE2E(t)
	rtnetlink, telegraf := programs(t)
	url := server(t)
	dir := t.TempDir()
	run(t, "unshare", "-Urn", "bash", "-c", scene, "bash", rtnetlink, dir)
	run(t, "psql", "-v", "ON_ERROR_STOP=1", "-qf", "postgresql.sql", url)
	load(t, telegraf, dir+"/stream.lp", url)

	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	defer conn.Close(ctx)
	times := strings.Fields(read(t, dir+"/times"))
	require.Len(t, times, 4)
	for _, at := range times {
		file := run(t, rtnetlink, "state", "-at", at, dir+"/stream.lp")
		require.Equal(t, file, run(t, rtnetlink, "state", "-at", at, url), "the database, as the command reads it")
		require.Equal(t, objects(t, run(t, rtnetlink, "state", "-at", at, "-format", "json", dir+"/stream.lp")), state(t, conn, at))
	}
	queries(t, conn, times)

	_, err = conn.Exec(ctx, `INSERT INTO rtnetlink_route SELECT * FROM rtnetlink_route`)
	require.NoError(t, err)
	require.Equal(t, objects(t, run(t, rtnetlink, "state", "-at", times[3], "-format", "json", dir+"/stream.lp")), state(t, conn, times[3]), "rows that came twice")
	_, err = conn.Exec(ctx, `DELETE FROM rtnetlink_route a USING rtnetlink_route b WHERE a.seq = b.seq AND a.ctid > b.ctid`)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, `DELETE FROM rtnetlink_route WHERE seq = (SELECT max(seq) - 10 FROM rtnetlink_route WHERE action = 'new' AND dst LIKE '10.1.%')`)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, `SELECT * FROM rtnetlink_state('r1', $1)`, stamp(times[2]))
	require.ErrorContains(t, err, "1 metrics are missing")
	_, err = conn.Exec(ctx, `INSERT INTO rtnetlink_route SELECT * FROM rtnetlink_route WHERE seq = (SELECT min(seq) FROM rtnetlink_route)`)
	require.NoError(t, err)
	_, err = conn.Exec(ctx, `SELECT * FROM rtnetlink_state('r1', $1)`, stamp(times[2]))
	require.ErrorContains(t, err, "1 metrics are missing", "a row that came twice makes up for none")
	_, err = conn.Exec(ctx, `SELECT * FROM rtnetlink_state('r1', $1, true)`, stamp(times[2]))
	require.NoError(t, err, "partial")
	_, err = conn.Exec(ctx, `SELECT * FROM rtnetlink_state('r1', $1)`, stamp(times[0]))
	require.NoError(t, err, "before the gap")
	out, err := exec.Command(rtnetlink, "state", "-at", times[2], url).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "is missing, between")
	_, err = conn.Exec(ctx, `SELECT * FROM rtnetlink_state('r2', now())`)
	require.ErrorContains(t, err, "host r2: no epoch begins before")
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(b)
}

// stamp is a time of the scene as PostgreSQL takes it.
func stamp(ns string) time.Time {
	d, err := time.ParseDuration(ns + "ns")
	if err != nil {
		panic(err)
	}
	return time.Unix(0, int64(d))
}

// objects returns what the command shows, an object a line.
func objects(t *testing.T, out string) (list []string) {
	t.Helper()
	var scopes []map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &scopes))
	require.Len(t, scopes, 1)
	for class, objects := range scopes[0] {
		of, ok := objects.([]any)
		if !ok {
			continue
		}
		for _, o := range of {
			fields := o.(map[string]any)
			key := fields["key"]
			delete(fields, "key")
			delete(fields, "time")
			b, err := json.Marshal(fields)
			require.NoError(t, err)
			list = append(list, fmt.Sprint(class, key, string(b)))
		}
	}
	slices.Sort(list)
	return list
}

// state returns what rtnetlink_state shows.
func state(t *testing.T, conn *pgx.Conn, at string) (list []string) {
	t.Helper()
	rows, err := conn.Query(context.Background(), `SELECT object, key, state FROM rtnetlink_state('r1', $1)`, stamp(at))
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var object, key string
		var fields map[string]any
		require.NoError(t, rows.Scan(&object, &key, &fields))
		b, err := json.Marshal(fields)
		require.NoError(t, err)
		list = append(list, fmt.Sprint(object, key, string(b)))
	}
	require.NoError(t, rows.Err())
	slices.Sort(list)
	return list
}

// queries runs the documented ones.
func queries(t *testing.T, conn *pgx.Conn, times []string) {
	t.Helper()
	for _, q := range []struct {
		title string
		args  []any
		want  string
	}{
		{"Default route of a router at a time", []any{"r1", stamp(times[2])}, "10.0.0.2"},
		{"Default route of a router at a time", []any{"r1", stamp(times[3])}, "10.0.0.3"},
		{"Who removed a prefix", []any{"r1", "10.1.7.0/24"}, "delete"},
		{"Links that flapped most", []any{stamp(times[0]), stamp(times[3])}, "v"},
		{"Prefixes lost between two times", []any{"r1", stamp(times[2]), stamp(times[3])}, "10.1."},
		{"Which routers had a prefix at a time", []any{"10.1.45.0/24", stamp(times[3])}, "r1"},
	} {
		rows, err := conn.Query(context.Background(), documented(t, q.title), q.args...)
		require.NoError(t, err, q.title)
		n, all := 0, ""
		for rows.Next() {
			values, err := rows.Values()
			require.NoError(t, err)
			n++
			all += fmt.Sprintln(values...)
		}
		require.NoError(t, rows.Err(), q.title)
		require.Positive(t, n, q.title)
		require.Contains(t, all, q.want, q.title)
		if q.title == "Prefixes lost between two times" {
			require.Equal(t, 40, strings.Count(all, "10.1."))
		}
	}
}

// documented returns the query of that title in queries.sql.
func documented(t *testing.T, title string) string {
	t.Helper()
	_, rest, ok := strings.Cut(read(t, "queries.sql"), "-- "+title)
	require.True(t, ok, title)
	_, query, _ := strings.Cut(rest, "\n")
	query, _, _ = strings.Cut(query, ";")
	return query
}
