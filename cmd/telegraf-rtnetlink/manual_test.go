package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const manual = "../../luahooks/README.md"

// shown matches a script in the manual that is followed by what it does on a
// recording: its constants, the script, the recording, and the output.
var shown = regexp.MustCompile("(?:```toml\n([^`]*)```\n\n)?```lua\n([^`]*)```\n\nOn `(testdata/[\\w/.-]+)`:\n\n```text\n([^`]*)```\n")

// modulesDir is where the manual has modules, and sharedModule matches one.
const modulesDir = "/etc/telegraf/modules"

var sharedModule = regexp.MustCompile("```lua\n-- " + modulesDir + "/([\\w/.]+)\n([^`]*)```")

func readManual(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(manual)
	require.NoError(t, err)
	return string(text)
}

// TestManualShowsWhatScriptsDo runs the scripts of the manual on the recordings
// that it names, and compares the log and what comes out otherwise than without the
// script.
func TestManualShowsWhatScriptsDo(t *testing.T) {
	text, err := os.ReadFile(manual)
	require.NoError(t, err)
	all := shown.FindAllStringSubmatchIndex(string(text), -1)
	require.Len(t, all, strings.Count(string(text), "\nOn `testdata/"), "a recording that no script stands before, or no output behind")
	require.GreaterOrEqual(t, len(all), 22)
	updated, end := "", 0
	for _, at := range all {
		part := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return string(text[at[2*i]:at[2*i+1]])
		}
		got := shownOutput(t, part(1), part(2), "../../"+part(3))
		if !*update {
			require.Equal(t, part(4), got, "of\n%s\n-update writes it", part(2))
		}
		updated += string(text[end:at[8]]) + got
		end = at[9]
	}
	if *update {
		require.NoError(t, os.WriteFile(manual, []byte(updated+string(text[end:])), 0o644))
	}
}

// shownOutput is what the manual shows of a script on a recording.
func shownOutput(t *testing.T, constants, script, recording string) string {
	t.Helper()
	const first = `local nl = require "rtnetlink"`
	if !strings.HasPrefix(script, first) {
		script = first + " " + script // lines keep their numbers
	}
	dir := t.TempDir()
	path := write(t, dir, "hook.lua", script)
	constants = strings.ReplaceAll(constants, modulesDir, dir)
	for _, m := range sharedModule.FindAllStringSubmatch(readManual(t), -1) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, m[1])), 0o755))
		write(t, dir, m[1], m[2])
	}
	config := write(t, dir, "hook.conf", "[[inputs.rtnetlink]]\n[[inputs.rtnetlink.lua]]\nscript = \"hook.lua\"\n"+constants)
	status, without, stderr := runMain("replay", recording)
	require.Zero(t, status, stderr)
	expected := filepath.Join(dir, "out")
	write(t, dir, "out", "")
	status, _, stderr = runMain("test", path, "-replay", recording, "-config", config, "-expect", expected, "-update")
	require.Zero(t, status, stderr)
	require.NotContains(t, stderr, "advice", "a script to copy from gives no cause for advice")
	output, err := os.ReadFile(expected)
	require.NoError(t, err)
	same := strings.Split(unnumbered.ReplaceAllString(without, ""), "\n")
	for line := range strings.SplitSeq(unnumbered.ReplaceAllString(string(output), ""), "\n") {
		if line != "" && !slices.Contains(same, line) {
			stderr += line + "\n"
		}
	}
	return stderr
}
