// Package dashboard holds the Grafana dashboards and checks them. It is a
// module of its own, so that the input does not depend on Grafana's SDK.
package dashboard

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// files returns the dashboards of this folder.
func files(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no dashboards found: %v", err)
	}
	return names
}

// load reads a dashboard the strict way: an unknown key, a wrong type or a
// missing block is an error.
func load(t *testing.T, name string) *dashboard.Dashboard {
	t.Helper()
	plugins.RegisterDefaultPlugins()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	d := dashboard.NewDashboard()
	if problems := strict(d, raw); problems != "" {
		t.Fatalf("%s: %s", name, problems)
	}
	// Not what strict has decoded: of a list, that keeps the places only.
	d = dashboard.NewDashboard()
	if err := json.Unmarshal(raw, d); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

// strict decodes raw and returns what is wrong with it. The SDK wraps an empty
// list of errors in a non-nil error, hence the text.
func strict(d *dashboard.Dashboard, raw []byte) string {
	if err := d.UnmarshalJSONStrict(raw); err != nil {
		return err.Error()
	}
	return ""
}

func TestDashboardsAreValid(t *testing.T) {
	for _, name := range files(t) {
		t.Run(name, func(t *testing.T) {
			if err := load(t, name).Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestMisspeltKeysAreFound(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	for _, name := range files(t) {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"title", "gridPos", "lineWidth", "colorMode", "showHeader"} {
			if !strings.Contains(string(raw), `"`+key+`"`) {
				continue // a database without events has no tables
			}
			bad := strings.Replace(string(raw), `"`+key+`"`, `"x`+key+`"`, 1)
			if strict(dashboard.NewDashboard(), []byte(bad)) == "" {
				t.Errorf("%s: misspelling %q passed the strict check", name, key)
			}
		}
	}
}

func TestPanelsFillTheGridWithoutOverlap(t *testing.T) {
	for _, name := range files(t) {
		taken := map[[2]uint32]string{}
		for _, p := range panels(load(t, name)) {
			g := p.GridPos
			if g.X+g.W > 24 {
				t.Errorf("%s: panel %q is wider than the grid of 24", name, *p.Title)
			}
			for x := g.X; x < g.X+g.W; x++ {
				for y := g.Y; y < g.Y+g.H; y++ {
					if other, ok := taken[[2]uint32{x, y}]; ok {
						t.Fatalf("%s: panels %q and %q overlap", name, *p.Title, other)
					}
					taken[[2]uint32{x, y}] = *p.Title
				}
			}
		}
	}
}

func TestPanelsAreExplainedAndFiltered(t *testing.T) {
	for _, name := range files(t) {
		ids := map[uint32]bool{}
		all := panels(load(t, name))
		if len(all) < 20 {
			t.Fatalf("%s: %d panels", name, len(all))
		}
		for _, p := range all {
			if ids[*p.Id] {
				t.Errorf("%s: panel id %d is used twice", name, *p.Id)
			}
			ids[*p.Id] = true
			if p.Description == nil || *p.Description == "" {
				t.Errorf("%s: panel %q has no description", name, *p.Title)
			}
			if len(p.Targets) == 0 {
				t.Errorf("%s: panel %q asks nothing", name, *p.Title)
			}
			for _, target := range p.Targets {
				checkQuery(t, name, target)
			}
		}
	}
}

// limits are what limits a query to a time and the hosts, by the end of a
// dashboard's name. What is shown as of now has a time of its own, and
// Prometheus gets the time beside the query.
var limits = map[string]struct{ query, now, time, host string }{
	"influxql.json":   {"query", "time > now() - 5m", "$timeFilter", "/^$host$/"},
	"postgresql.json": {"rawSql", `"time" > now() - interval '5 minutes'`, `$__timeFilter("time")`, "host IN ($host)"},
	"prometheus.json": {"expr", "", "", `host=~"$host"`},
}

// checkQuery wants a query that the time range and the host variable limit.
func checkQuery(t *testing.T, name string, target variants.Dataquery) {
	t.Helper()
	raw, err := json.Marshal(target)
	if err != nil {
		t.Fatal(err)
	}
	var q map[string]any
	if err := json.Unmarshal(raw, &q); err != nil {
		t.Fatal(err)
	}
	want := limits[strings.TrimPrefix(name, "rtnetlink-")]
	text, _ := q[want.query].(string)
	if !strings.Contains(text, want.time) && !strings.Contains(text, want.now) || !strings.Contains(text, want.host) {
		t.Errorf("%s: no query of a time and of $host: %s", name, raw)
	}
}

// panels returns the panels that show something, rows left out.
func panels(d *dashboard.Dashboard) []*dashboard.Panel {
	var list []*dashboard.Panel
	for _, p := range d.Panels {
		if p.Panel != nil {
			list = append(list, p.Panel)
		}
	}
	return list
}

// TestDashboardsAreAsMade holds the files to the table that they are made from.
func TestDashboardsAreAsMade(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("go", "run", "./board", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range files(t) {
		made, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := os.ReadFile(name); err != nil || !bytes.Equal(made, kept) {
			t.Errorf("%s is not as made; run: go run ./board (%v)", name, err)
		}
	}
}

// TestPicturesAreAsDrawn holds the pictures to the dashboard's rows, as the
// tests of scripts/e2e have recorded them.
func TestPicturesAreAsDrawn(t *testing.T) {
	dir := t.TempDir()
	names := []string{"rtnetlink.svg", "rtnetlink-dark.svg"}
	args := []string{"run", "./picture", "testdata/rows.json", filepath.Join(dir, names[0]), filepath.Join(dir, names[1])}
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range names {
		drawn, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := os.ReadFile(name); err != nil || !bytes.Equal(drawn, kept) {
			t.Errorf("%s is not as drawn; run: go run ./picture testdata/rows.json rtnetlink.svg rtnetlink-dark.svg (%v)", name, err)
		}
		// Few machines have the font; another's letters must not run over.
		if n := bytes.Count(drawn, []byte("<text ")); n == 0 || n != bytes.Count(drawn, []byte(" textLength=")) {
			t.Errorf("%s: texts without the width that they were laid out for", name)
		}
	}
}
