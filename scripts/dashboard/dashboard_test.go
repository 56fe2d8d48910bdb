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
		for _, p := range panels(load(t, name)) {
			if ids[*p.Id] {
				t.Errorf("%s: panel id %d is used twice", name, *p.Id)
			}
			ids[*p.Id] = true
			if p.Description == nil || *p.Description == "" {
				t.Errorf("%s: panel %q has no description", name, *p.Title)
			}
			for _, target := range p.Targets {
				checkQuery(t, name, target)
			}
		}
	}
}

// checkQuery wants a query that the time range and the host variable limit.
func checkQuery(t *testing.T, name string, target variants.Dataquery) {
	t.Helper()
	raw, err := json.Marshal(target)
	if err != nil {
		t.Fatal(err)
	}
	var q struct {
		Query    string `json:"query"`
		RawQuery bool   `json:"rawQuery"`
	}
	if err := json.Unmarshal(raw, &q); err != nil {
		t.Fatal(err)
	}
	if !q.RawQuery || !strings.Contains(q.Query, "$timeFilter") || !strings.Contains(q.Query, "/^$host$/") {
		t.Errorf("%s: not a raw query limited by $timeFilter and $host: %s", name, raw)
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
