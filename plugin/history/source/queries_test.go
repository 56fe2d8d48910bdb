package source

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// documented returns a query of scripts/history.md: the one whose title begins
// so, in the section of that heading.
func documented(t *testing.T, section, title string) string {
	t.Helper()
	b, err := os.ReadFile("../../../scripts/history.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(b), "### "+section)
	require.True(t, ok, section)
	rest, _, _ = strings.Cut(rest, "\n### ")
	for _, mark := range []string{"-- ", "# ", "// "} {
		if _, query, ok := strings.Cut(rest, "\n"+mark+title); ok {
			_, query, _ = strings.Cut(query, "\n")
			query, _, _ = strings.Cut(query, "\n\n")
			query, _, _ = strings.Cut(query, "\n```")
			return strings.ReplaceAll(query, "\n", " ")
		}
	}
	require.Fail(t, "no such query", "%s: %s", section, title)
	return ""
}

// fleetLines is what two routers send: r1, whose first run forgets a route
// without a word, changes its default route's link, loses a prefix, and has links
// that flap; r2, which keeps it. The times are seconds behind 1790000000.
func fleetLines() string {
	var b strings.Builder
	seq := map[string]int{}
	sync := func(at int, host, moment string, epoch, next int) {
		fmt.Fprintf(&b, "rtnetlink_sync,host=%s,moment=%s epoch=%di,next_seq=%di,reason=\"start\" %d\n", host, moment, (1_790_000_000+epoch)*1e9, next, (1_790_000_000+at)*1e9)
	}
	event := func(at int, host, class, tags, fields string, key int) {
		seq[host]++
		fmt.Fprintf(&b, "rtnetlink_%s,host=%s,%s %s,key=\"%016x\",seq=%di %d\n", class, host, tags, fields, key, seq[host], (1_790_000_000+at)*1e9)
	}
	route := func(at int, host, action, dev, dst, via string, key int) {
		event(at, host, "route", "action="+action+",family=inet,interface="+dev+",table=main", fmt.Sprintf("dst=%q,gateway=%q", dst, via), key)
	}
	link := func(at int, host, dev, state string) {
		event(at, host, "link", "action=change,interface="+dev, fmt.Sprintf(`changed="operstate,operstate_code",operstate=%q`, state), 77)
	}
	sync(0, "r1", "begin", 0, 1)
	route(1, "r1", "new", "eth0", "default", "10.0.0.7", 9)
	sync(2, "r1", "complete", 0, 2)
	seq["r1"] = 0
	sync(10, "r1", "begin", 10, 1)
	route(11, "r1", "new", "eth0", "default", "10.0.0.1", 1)
	route(12, "r1", "new", "eth1", "default", "10.0.0.2", 2)
	route(13, "r1", "new", "eth0", "10.1.0.0/16", "10.0.0.1", 3)
	route(14, "r1", "new", "eth0", "10.2.0.0/16", "10.0.0.1", 4)
	sync(15, "r1", "complete", 10, 5)
	sync(16, "r2", "begin", 16, 1)
	route(17, "r2", "new", "eth0", "10.1.0.0/16", "10.9.0.1", 3)
	sync(18, "r2", "complete", 16, 2)
	route(21, "r1", "change", "eth1", "default", "10.0.0.9", 1)
	event(22, "r1", "route", "action=delete,family=inet,interface=eth0,table=main", `dst="10.1.0.0/16",gateway="10.0.0.1",portid=812i,process="ip"`, 3)
	route(23, "r1", "new", "eth0", "10.3.0.0/16", "10.0.0.1", 5)
	route(24, "r1", "delete", "eth0", "10.3.0.0/16", "10.0.0.1", 5)
	for i, state := range []string{"down", "up", "down", "up", "lowerlayerdown", "up"} {
		link(25+i, "r1", "eth0", state)
	}
	link(31, "r2", "eth1", "down")
	event(32, "r1", "link", "action=change,interface=eth1", `changed="operstate_code",operstate="down"`, 78)
	return b.String()
}

// Times at which everything is there, and at the end.
const (
	early = "2026-09-21T14:13:40Z" // 1790000020
	late  = "2026-09-21T14:14:00Z"
)

// influxRows runs a query and returns its rows with their tags.
func influxRows(t *testing.T, addr, query string) (rows []map[string]string) {
	t.Helper()
	var answer struct {
		Results []struct {
			Error  string
			Series []struct {
				Tags    map[string]string
				Columns []string
				Values  [][]any
			}
		}
	}
	body := post(t, addr, "/query", url.Values{"db": {"d"}, "epoch": {"ns"}, "q": {query}}, "")
	dec := json.NewDecoder(strings.NewReader(body))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&answer))
	for _, r := range answer.Results {
		require.Empty(t, r.Error, query)
		for _, s := range r.Series {
			for _, v := range s.Values {
				row := map[string]string{}
				for i, c := range s.Columns {
					row[c] = fmt.Sprint(v[i])
				}
				maps.Copy(row, s.Tags)
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// living keeps the first row of each key of a host, unless it is a delete.
func living(rows []map[string]string, fields ...string) (out []string) {
	seen := map[string]bool{}
	for _, r := range rows {
		if id := r["host"] + r["netns"] + r["key"]; !seen[id] {
			seen[id] = true
			if r["action"] != "delete" {
				out = append(out, line(r, fields))
			}
		}
	}
	slices.Sort(out)
	return out
}

func line(r map[string]string, fields []string) string {
	words := make([]string, len(fields))
	for i, f := range fields {
		words[i] = r[f]
	}
	return strings.Join(words, " ")
}

func TestDocumentedQueriesOfInfluxDB(t *testing.T) {
	addr := startInfluxd(t)
	post(t, addr, "/write", url.Values{"db": {"d"}}, fleetLines())
	query := func(title, at, from string) []map[string]string {
		q := documented(t, "InfluxDB 1.x", title)
		begin := ""
		if strings.Contains(q, "time >= B") {
			rows := influxRows(t, addr, strings.NewReplacer("'R'", "'r1'", "'T'", "'"+at+"'").Replace(documented(t, "InfluxDB 1.x", "B: begin")))
			require.Len(t, rows, 1)
			begin = rows[0]["last"]
		}
		return influxRows(t, addr, strings.NewReplacer("'R'", "'r1'", "'P'", "'10.1.0.0/16'", "'T'", "'"+at+"'", "'T1'", "'"+from+"'", "'T2'", "'"+at+"'", "time >= B", "time >= "+begin).Replace(q))
	}
	const gateway = "default route of R at T"
	require.Equal(t, []string{"10.0.0.7 eth0"}, living(query(gateway, "2026-09-21T14:13:25Z", ""), "gateway", "interface"))
	require.Equal(t, []string{"10.0.0.1 eth0", "10.0.0.2 eth1"}, living(query(gateway, early, ""), "gateway", "interface"), "what the first run had does not count")
	require.Equal(t, []string{"10.0.0.2 eth1", "10.0.0.9 eth1"}, living(query(gateway, late, ""), "gateway", "interface"), "also where its link changed")

	removed := query("who removed P", late, "")
	require.Len(t, removed, 1)
	require.Equal(t, "ip 812 10.0.0.1 main", line(removed[0], []string{"process", "portid", "gateway", "table"}))

	flaps := map[string]string{}
	for _, r := range query("links that flapped most", late, early) {
		flaps[r["host"]+" "+r["interface"]] = r["count"]
	}
	require.Equal(t, map[string]string{"r1 eth0": "3", "r2 eth1": "1"}, flaps)

	newest, oldest := map[string]map[string]string{}, map[string]map[string]string{}
	for _, r := range query("prefixes lost", late, early) {
		if newest[r["key"]] == nil {
			newest[r["key"]] = r
		}
		oldest[r["key"]] = r
	}
	var lost []string
	for key, r := range newest {
		if r["action"] == "delete" && oldest[key]["action"] != "new" {
			lost = append(lost, r["dst"])
		}
	}
	require.Equal(t, []string{"10.1.0.0/16"}, lost)

	const had = "which routers had P at T"
	require.Equal(t, []string{"r1 10.0.0.1", "r2 10.9.0.1"}, living(query(had, early, ""), "host", "gateway"))
	require.Equal(t, []string{"r2 10.9.0.1"}, living(query(had, late, ""), "host", "gateway"))
}

// fluxRows runs a query of Flux.
func fluxRows(t *testing.T, addr, query string) (rows []map[string]string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://"+addr+"/api/v2/query", strings.NewReader(query))
	require.NoError(t, err)
	req.Header = http.Header{"Content-Type": {"application/vnd.flux"}, "Accept": {"application/csv"}, "Authorization": {"Token u:p"}}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, "%s\n%s", query, body)
	require.NotContains(t, string(body), "error", query)
	for table := range strings.SplitSeq(strings.ReplaceAll(string(body), "\r", ""), "\n\n") {
		r := csv.NewReader(strings.NewReader(table))
		r.Comment = '#' // its annotations
		records, err := r.ReadAll()
		require.NoError(t, err)
		for _, r := range records[min(1, len(records)):] {
			row := map[string]string{}
			for i, name := range records[0] {
				row[name] = r[i]
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func TestDocumentedQueriesOfFlux(t *testing.T) {
	program := os.Getenv("RTNETLINK_INFLUXD_FLUX")
	if program == "" {
		t.Skip("Debian's influxd has no Flux; RTNETLINK_INFLUXD_FLUX names one that has")
	}
	addr := startInfluxOf(t, program, "  flux-enabled = true\n")
	post(t, addr, "/write", url.Values{"db": {"d"}}, fleetLines())
	ask := func(title, host, at, from string) []map[string]string {
		begin := ""
		fill := func(title string) string {
			return strings.NewReplacer(`"b"`, `"d/autogen"`, `"R"`, `"`+host+`"`, `"P"`, `"10.1.0.0/16"`, "start: -30d", "start: 2026-09-01T00:00:00Z",
				"start: T1", "start: "+from, "stop: T2", "stop: "+at, "stop: T", "stop: "+at, "(v: B)", "(v: "+begin+")").Replace(documented(t, "Flux", title))
		}
		if strings.Contains(fill(title), "time(v:") {
			rows := fluxRows(t, addr, fill("B: begin"))
			require.Len(t, rows, 1)
			begin = rows[0]["_value"]
		}
		return fluxRows(t, addr, fill(title))
	}
	list := func(rows []map[string]string, fields ...string) (out []string) {
		for _, r := range rows {
			out = append(out, line(r, fields))
		}
		slices.Sort(out)
		return out
	}
	const gateway = "default route of R at T"
	require.Equal(t, []string{"10.0.0.7 eth0"}, list(ask(gateway, "r1", "2026-09-21T14:13:25Z", ""), "gateway", "interface"))
	require.Equal(t, []string{"10.0.0.1 eth0", "10.0.0.2 eth1"}, list(ask(gateway, "r1", early, ""), "gateway", "interface"))
	require.Equal(t, []string{"10.0.0.2 eth1", "10.0.0.9 eth1"}, list(ask(gateway, "r1", late, ""), "gateway", "interface"))
	require.Equal(t, []string{"ip 812 10.0.0.1 main"}, list(ask("who removed P", "r1", late, ""), "process", "portid", "gateway", "table"))
	require.Equal(t, []string{"r1 eth0 3", "r2 eth1 1"}, list(ask("links that flapped most", "", late, early), "host", "interface", "seq"))
	const had = "which routers had P at T"
	require.Equal(t, []string{"10.0.0.1"}, list(ask(had, "r1", early, ""), "gateway"))
	require.Empty(t, ask(had, "r1", late, ""))
	require.Equal(t, []string{"10.9.0.1"}, list(ask(had, "r2", late, ""), "gateway"))
}

// TestDocumentedQueriesOfPrometheus has promtool evaluate them.
func TestDocumentedQueriesOfPrometheus(t *testing.T) {
	path, err := exec.LookPath("promtool")
	if err != nil && os.Getenv("RTNETLINK_E2E") == "" {
		t.Skip("needs Debian's prometheus; with RTNETLINK_E2E=1 it has to be there")
	}
	require.NoError(t, err)
	var tests strings.Builder
	for _, q := range []struct{ title, samples string }{
		{"default route of R at T", `[{labels: 'rtnetlink_default_route_present{host="r1",interface="eth0"}', value: 1}]`},
		{"links that flapped most", `[{labels: '{host="r1",interface="eth0"}', value: 4}, {labels: '{host="r2",interface="eth1"}', value: 1}]`},
		{"how many routes fewer", `[{labels: '{host="r1",protocol="bgp",table="main"}', value: 90}]`},
		{"which routers had a default route", `[{labels: '{host="r1"}', value: 1}, {labels: '{host="r2"}', value: 1}]`},
	} {
		expr := strings.ReplaceAll(documented(t, "Prometheus", q.title), `host="R"`, `host="r1"`)
		fmt.Fprintf(&tests, "      - {expr: '%s', eval_time: 20m, exp_samples: %s}\n", expr, q.samples)
	}
	file := filepath.Join(t.TempDir(), "queries.yml")
	require.NoError(t, os.WriteFile(file, []byte(`rule_files: []
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'rtnetlink_default_route_present{host="r1",interface="eth0"}', values: '1x30'}
      - {series: 'rtnetlink_default_route_present{host="r1",interface="eth1"}', values: '1x10 0x20'}
      - {series: 'rtnetlink_default_route_present{host="r2",interface="eth0"}', values: '1x30'}
      - {series: 'rtnetlink_interface_carrier{host="r1",interface="eth0"}', values: '1 0 1 0 1 1x30'}
      - {series: 'rtnetlink_interface_carrier{host="r2",interface="eth0"}', values: '1x30'}
      - {series: 'rtnetlink_interface_carrier{host="r2",interface="eth1"}', values: '1x5 0x25'}
      - {series: 'rtnetlink_routes_entries{host="r1",protocol="bgp",table="main"}', values: '100x15 10x15'}
      - {series: 'rtnetlink_routes_entries{host="r1",protocol="static",table="main"}', values: '5x30'}
    promql_expr_test:
`+tests.String()), 0o600))
	out, err := exec.Command(path, "test", "rules", file).CombinedOutput()
	require.NoError(t, err, "%s", out)
}
