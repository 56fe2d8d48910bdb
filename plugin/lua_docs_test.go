package plugin

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/luahooks/model"
)

// TestReadmeOfLuaAgreesWithTheFieldTable holds the manual's tables to the field
// table.
func TestReadmeOfLuaAgreesWithTheFieldTable(t *testing.T) {
	const path = "../luahooks/README.md"
	var fields strings.Builder
	require.NoError(t, luahooks.WriteFields(&fields, Schema()))
	manual, err := os.ReadFile(path)
	require.NoError(t, err)
	want := replaceBetween(t, string(manual), "go generate ./plugin -->\n", "<!-- end of fields -->\n", fields.String())
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(manual), "run: go generate ./plugin")
}

// TestScriptsCannotEmitEvents is about the names that scripts may not use.
func TestScriptsCannotEmitEvents(t *testing.T) {
	for _, o := range Schema().Objects {
		_, err := luahooks.New(luahooks.Options{Schema: Schema(), Host: silentHost{}, Scripts: []luahooks.Config{{
			Source: `require("rtnetlink").metric("rtnetlink_` + o.Name + `", {"action"}, {"key"})`,
		}}})
		require.ErrorContains(t, err, "are the plugin's own", o.Name)
	}
}

// TestRecipesOfTheManualLoad keeps the manual's examples in working order.
func TestRecipesOfTheManualLoad(t *testing.T) {
	manual, err := os.ReadFile("../luahooks/README.md")
	require.NoError(t, err)
	_, recipes, ok := strings.Cut(string(manual), "\n## Recipes\n")
	require.True(t, ok)
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(dir+"/lib", 0o755))
	require.NoError(t, os.WriteFile(dir+"/lib/names.lua", []byte("return {role = tostring}"), 0o644))
	blocks := strings.Split(recipes, "```lua\n")[1:]
	require.GreaterOrEqual(t, len(blocks), 12)
	for _, block := range blocks {
		source, _, _ := strings.Cut(block, "```")
		rt, err := luahooks.New(luahooks.Options{Schema: Schema(), Host: silentHost{}, Scripts: []luahooks.Config{{
			Source: "local nl = require \"rtnetlink\"\n" + source, ModulesDir: dir, AllowExec: []string{"/usr/bin/systemctl"},
		}}})
		require.NoError(t, err, source)
		require.NoError(t, rt.Close())
	}
}

// silentHost is a host without a mirror, for scripts that only load.
type silentHost struct{}

func (silentHost) Emit(*model.Metric)         {}
func (silentHost) Log(luahooks.Level, string) {}
func (silentHost) Now() time.Time             { return time.Unix(0, 0) }
func (silentHost) Store(string) model.Store   { return nil }
func (silentHost) Namespaces() []string       { return nil }
