package plugin

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks"
)

// TestReadmeOfLuaAndStubsAgreeWithTheFieldTable holds the manual's tables and
// the stubs for editors to the field table.
func TestReadmeOfLuaAndStubsAgreeWithTheFieldTable(t *testing.T) {
	var fields, stubs strings.Builder
	require.NoError(t, luahooks.WriteFields(&fields, Schema()))
	require.NoError(t, luahooks.WriteStubs(&stubs, Schema()))
	manual, err := os.ReadFile("../luahooks/README.md")
	require.NoError(t, err)
	want := replaceBetween(t, string(manual), "go generate ./plugin -->\n", "<!-- end of fields -->\n", fields.String())
	for path, text := range map[string]string{"../luahooks/README.md": want, "../scripts/types/rtnetlink.lua": stubs.String()} {
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		}
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, text, string(got), "run: go generate ./plugin")
	}
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

func (silentHost) Emit(*luahooks.Metric)       {}
func (silentHost) Log(luahooks.Level, string)  {}
func (silentHost) Now() time.Time              { return time.Unix(0, 0) }
func (silentHost) Store(string) luahooks.Store { return nil }
func (silentHost) Namespaces() []string        { return nil }
