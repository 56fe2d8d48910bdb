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

const scriptData = "../../testdata/scripts"

// readyScripts lists the scripts that are there to be deployed.
func readyScripts(t *testing.T) []string {
	t.Helper()
	scripts, err := filepath.Glob("../../scripts/*.lua")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(scripts), 8)
	return scripts
}

// testArgs are the arguments of "test" for a copy of a script with its recording,
// its expected output and, where there is one, its configuration. A script that
// its group may write to is refused, and so may everything in a clone be.
func testArgs(t *testing.T, script string) []string {
	t.Helper()
	text, err := os.ReadFile(script)
	require.NoError(t, err)
	base := filepath.Join(scriptData, strings.TrimSuffix(filepath.Base(script), ".lua"))
	script = filepath.Join(t.TempDir(), filepath.Base(script))
	require.NoError(t, os.WriteFile(script, text, 0o600))
	args := []string{"test", script, "-replay", base + ".pcapng", "-expect", base + ".out"}
	if _, err := os.Stat(base + ".conf"); err == nil {
		args = append(args, "-config", base+".conf")
	}
	return args
}

// TestScripts runs each script on its recording, as a user would, and compares
// what comes out with the .out file beside.
func TestScripts(t *testing.T) {
	for _, script := range readyScripts(t) {
		t.Run(filepath.Base(script), func(t *testing.T) {
			args := testArgs(t, script)
			if *update {
				status, _, stderr := runMain(append(args, "-update")...)
				require.Zero(t, status, stderr)
			}
			status, stdout, stderr := runMain(args...)
			require.Zero(t, status, "%s%s", stdout, stderr)
			require.Empty(t, stdout)
			require.NotContains(t, stderr, "advice", "a script to copy from gives no cause for advice")
		})
	}
}

// TestScriptsShowWhatTheyDo holds the examples at the top of each script to
// what goes in and comes out, but for times and numbers of metrics.
func TestScriptsShowWhatTheyDo(t *testing.T) {
	for _, script := range readyScripts(t) {
		t.Run(filepath.Base(script), func(t *testing.T) {
			base := filepath.Join(scriptData, strings.TrimSuffix(filepath.Base(script), ".lua"))
			status, input, stderr := runMain("replay", base+".pcapng")
			require.Zero(t, status, stderr)
			output, err := os.ReadFile(base + ".out")
			require.NoError(t, err)
			requireExamples(t, example(t, script, "-- Example Input:"), input)
			requireExamples(t, example(t, script, "-- Example Output:"), string(output))
		})
	}
}

// example returns the comment lines below a title.
func example(t *testing.T, script, title string) (lines []string) {
	t.Helper()
	text, err := os.ReadFile(script)
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), title+"\n")
	require.True(t, found, "%s has no %q", script, title)
	for line := range strings.SplitSeq(rest, "\n") {
		line, isExample := strings.CutPrefix(line, "--   ")
		if !isExample {
			break
		}
		lines = append(lines, line)
	}
	require.NotEmpty(t, lines, "%s has nothing below %q", script, title)
	return lines
}

// requireExamples fails unless the lines occur in text, in this order.
func requireExamples(t *testing.T, lines []string, text string) {
	t.Helper()
	real := strings.Split(unnumbered.ReplaceAllString(text, ""), "\n")
	rest := real
	for _, line := range lines {
		at := slices.Index(rest, line)
		require.GreaterOrEqual(t, at, 0, "no line, or not in this order: %s\namong:\n%s", line, strings.Join(real, "\n"))
		rest = rest[at+1:]
	}
}

// unnumbered matches what says nothing to a reader: the key, who asked, the number of a
// metric and its time.
var unnumbered = regexp.MustCompile(`(?m),portid=\d+i|,process="[^"]*"|(,key="[0-9a-f]{16}")?(,seq=\d+i)? \d{19}$`)

// TestScriptsDocumentTheirConstants compares the constants at the top of each
// script with those that it reads, and looks for its metrics there.
func TestScriptsDocumentTheirConstants(t *testing.T) {
	documented := regexp.MustCompile(`(?m)^--   (\w+) = `)
	used := regexp.MustCompile(`\bconfig\.(\w+)`)
	made := regexp.MustCompile(`nl\.(?:metric|counter|gauge)\("(\w+)"`)
	for _, script := range readyScripts(t) {
		t.Run(filepath.Base(script), func(t *testing.T) {
			text, err := os.ReadFile(script)
			require.NoError(t, err)
			head, body, found := strings.Cut(string(text), "\nlocal nl = require \"rtnetlink\"\n")
			require.True(t, found)
			_, constants, _ := strings.Cut(head, "-- Constants ")
			require.ElementsMatch(t, words(documented, constants), words(used, body))
			for _, metric := range words(made, body) {
				require.Contains(t, head, "--   "+metric)
			}
		})
	}
}

// words returns the distinct first groups of all matches.
func words(re *regexp.Regexp, text string) (out []string) {
	for _, m := range re.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

func TestTheListOfScriptsIsComplete(t *testing.T) {
	list, err := os.ReadFile("../../scripts/README.md")
	require.NoError(t, err)
	for _, script := range readyScripts(t) {
		text, err := os.ReadFile(script)
		require.NoError(t, err)
		summary, _, _ := strings.Cut(strings.TrimPrefix(string(text), "-- "), "\n")
		name := filepath.Base(script)
		require.Contains(t, string(list), "| [`"+name+"`]("+name+") | "+summary+" |\n")
	}
}

// TestTheListSaysWhatScriptsNeed compares what it says of settings with which
// scripts are taken without any.
func TestTheListSaysWhatScriptsNeed(t *testing.T) {
	list, err := os.ReadFile("../../scripts/README.md")
	require.NoError(t, err)
	_, needs, ok := strings.Cut(string(list), "\nAll but these run as they are: ")
	require.True(t, ok)
	needs, _, _ = strings.Cut(needs, "\n\n")
	dir := t.TempDir()
	for _, script := range readyScripts(t) {
		name := filepath.Base(script)
		text, err := os.ReadFile(script)
		require.NoError(t, err)
		config := write(t, dir, name+".conf", "[[inputs.rtnetlink]]\n[[inputs.rtnetlink.lua]]\nscript = '"+write(t, dir, name, string(text))+"'\n")
		status, _, stderr := runMain("check", "-config", config)
		require.Equal(t, strings.Contains(needs, "`"+name+"`"), status == statusError, "%s: %s", name, stderr)
	}
}

// TestScriptsTakeWhatTheKernelDoes runs all scripts together on recordings that
// are not made for them.
func TestScriptsTakeWhatTheKernelDoes(t *testing.T) {
	dir := t.TempDir()
	args := []string{"test", "-config", filepath.Join(dir, "all.conf")}
	config := "[[inputs.rtnetlink]]\n"
	for _, script := range readyScripts(t) {
		text, err := os.ReadFile(script)
		require.NoError(t, err)
		args = append(args, write(t, dir, filepath.Base(script), string(text)))
		options, _ := os.ReadFile(filepath.Join(scriptData, strings.TrimSuffix(filepath.Base(script), ".lua")+".conf")) // none: defaults
		config += strings.TrimPrefix(string(options), "[[inputs.rtnetlink]]\n")
	}
	write(t, dir, "all.conf", config)
	files, err := filepath.Glob(filepath.Join(recordings, "*.pcapng"))
	require.NoError(t, err)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			status, _, stderr := runMain(append(args, "-replay", file)...)
			require.Zero(t, status, stderr)
		})
	}
}

func TestScriptsSayWhichConstantIsMissing(t *testing.T) {
	for script, want := range map[string]string{
		"address_audit.lua":    "the constant addresses is missing: list those of each interface",
		"gateway_neighbor.lua": "the constant gateways is missing: list the addresses to watch",
	} {
		args := testArgs(t, "../../scripts/"+script)[:4] // without its configuration
		status, _, stderr := runMain(args...)
		require.Equal(t, statusError, status)
		require.Regexp(t, `^E! \[inputs\.rtnetlink\] lua: `+script+`:\d+: `+want, stderr)
	}
}
