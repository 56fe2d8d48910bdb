package e2e

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/iproute"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
	"telegraf-rtnetlink/plugin/internal/rtnl"
	"telegraf-rtnetlink/plugin/internal/strict"
	"telegraf-rtnetlink/scripts/influxd"
	"telegraf-rtnetlink/scripts/testkit"
)

// database is an InfluxDB that is reached through a socket of the file system, also
// by Telegraf: in its namespace random operations may take the loopback away.
type database struct {
	socket string
	client *http.Client
}

func startInflux(t *testing.T, ns *nstest.NS) *database {
	t.Helper()
	config, dir := testkit.InfluxConfig(t, influxd.Config{HTTP: []string{"  unix-socket-enabled = true", `  bind-socket = "$DIR/socket"`}})
	launch(t, ns, nstest.NeedTool(t, "influxd"), "-config", config)
	socket := filepath.Join(dir, "socket")
	db := &database{socket: socket, client: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
	}}}
	testkit.AwaitInfluxDB(t, db.client, "http://influxd")
	return db
}

// point is a metric as it is read back.
type point struct {
	name   string
	tags   map[string]string
	fields map[string]any
	time   int64
}

// points reads the events, and what stands between them, in the order of their
// times.
func (db *database) points() (list []point, err error) {
	// One statement a measurement: InfluxDB gives a field of all together one type.
	query := `SELECT * FROM "rtnetlink_sync" GROUP BY *`
	for _, class := range rtnl.Names() {
		query += `; SELECT * FROM "rtnetlink_` + class + `" GROUP BY *`
	}
	resp, err := db.client.PostForm("http://influxd/query", url.Values{"db": {"telegraf"}, "epoch": {"ns"}, "q": {query}})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var answer struct {
		Results []struct {
			Error  string
			Series []struct {
				Name    string
				Tags    map[string]string
				Columns []string
				Values  [][]any
			}
		}
	}
	d := json.NewDecoder(resp.Body)
	d.UseNumber()
	if err := d.Decode(&answer); err != nil {
		return nil, err
	}
	for _, r := range answer.Results {
		if r.Error != "" {
			return nil, fmt.Errorf("influxd: %s", r.Error)
		}
		for _, s := range r.Series {
			for _, values := range s.Values {
				p := point{s.Name, map[string]string{}, map[string]any{}, 0}
				for k, v := range s.Tags {
					if v != "" {
						p.tags[k] = v
					}
				}
				for i, v := range values {
					switch n, number := v.(json.Number); {
					case s.Columns[i] == "time":
						p.time, err = n.Int64()
					case number && !strings.ContainsAny(n.String(), ".eE"):
						p.fields[s.Columns[i]], err = n.Int64()
					case v != nil:
						p.fields[s.Columns[i]] = v
					}
					if err != nil {
						return nil, err
					}
				}
				list = append(list, p)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b point) int { return cmp.Compare(a.time, b.time) })
	return list, nil
}

// read is what a consumer has who reads the points.
func read(list []point) *strict.Stream {
	s := strict.NewStream()
	for _, p := range list {
		s.Take(p.name, p.tags, p.fields)
	}
	return s
}

// printed reads lines of line protocol, without the last where it is not complete.
func printed(t *testing.T, r *record) (list []point) {
	t.Helper()
	lines, _ := r.all()
	for _, m := range parse(t, lines) {
		list = append(list, point{m.Name(), m.Tags(), m.Fields(), m.Time().UnixNano()})
	}
	return list
}

// TestWhatIsReadBackIsWhatIPPrints: the points in an InfluxDB, and the lines of a
// file, keep the stream's promises, and give the kernel's state as iproute2 prints
// it, after random operations on objects of all classes.
func TestWhatIsReadBackIsWhatIPPrints(t *testing.T) {
	needTelegraf(t)
	nstest.NeedTool(t, "ip")
	for i, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			ns := nstest.New(t)
			random := ops.New(t, ns, 40+uint64(i), ops.Profiles[0])
			db := startInflux(t, ns)
			random.Steps(100)
			const options = "audit_interval = \"10s\"\n"
			config := execd(t, options)
			program := "telegraf"
			if i == 1 {
				config, program = inAgent(t, options), "agent"
			}
			text, err := os.ReadFile(config)
			require.NoError(t, err)
			text = fmt.Appendf(text, "[[outputs.influxdb]]\nurls = [%q]\ndatabase = \"telegraf\"\n", "unix://"+db.socket)
			require.NoError(t, os.WriteFile(config, text, 0o600))
			args := []string{"--config", config}
			if i == 1 {
				args = args[1:]
			}
			p := launch(t, ns, programPath(program), args...)
			ready(t, p.stdout)
			for range 10 {
				random.Steps(60)
				time.Sleep(100 * time.Millisecond) // what is sent comes in several writes
			}
			for name, stored := range map[string]*database{"the file": nil, "the database": db} {
				var diff string
				require.Eventually(t, func() bool {
					list, err := printed(t, p.stdout), error(nil)
					if stored != nil {
						list, err = stored.points()
					}
					if err != nil {
						diff = err.Error()
						return false
					}
					s := read(list)
					diff, err = iproute.Compare(ns, s.Of(""))
					if err != nil {
						diff = err.Error()
					} else if diff == "" {
						diff = strings.Join(append(s.Errors(), s.Stale()...), "\n")
					}
					return diff == ""
				}, 2*time.Minute, time.Second, "%s, since the last:\n%s", name, &difference{&diff})
			}
		})
	}
}

// difference prints what is found when it is printed.
type difference struct{ text *string }

func (d *difference) String() string { return *d.text }
