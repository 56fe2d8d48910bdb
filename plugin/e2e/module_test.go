package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheModuleOfTheReadme builds an agent of one's own with the commands and
// the import that the README gives for it.
func TestTheModuleOfTheReadme(t *testing.T) {
	if os.Getenv(envTelegraf) == "" {
		t.Skip("needs a module proxy: set RTNETLINK_E2E=1")
	}
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(readme), "**In an agent of your own**")
	require.True(t, ok)
	_, rest, ok = strings.Cut(rest, "```sh\n")
	require.True(t, ok)
	commands, rest, ok := strings.Cut(rest, "```\n")
	require.True(t, ok)
	_, rest, ok = strings.Cut(rest, "`import ")
	require.True(t, ok)
	imported, _, ok := strings.Cut(rest, "`")
	require.True(t, ok)

	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	dir := t.TempDir()
	main := "package main\n\nimport (\n\t\"fmt\"\n\n\t\"github.com/influxdata/telegraf/plugins/inputs\"\n\n\t" + imported +
		"\n)\n\nfunc main() { fmt.Print(inputs.Inputs[\"rtnetlink\"]().SampleConfig()) }\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(main), 0o600))
	run := func(script string) string {
		t.Helper()
		cmd := exec.Command("bash", "-ec", script)
		cmd.Dir = dir
		out, err := cmd.Output()
		require.NoError(t, err, "%s: %s", script, err)
		return string(out)
	}
	run("go mod init example.org/agent")
	run(strings.ReplaceAll(commands, "/path/to/telegraf-rtnetlink", root))
	require.Contains(t, run("go run ."), "[[inputs.rtnetlink]]")
}
