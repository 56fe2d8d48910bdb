package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCheckSaysEverythingAtOnce with file and line, in the order of the file.
func TestCheckSaysEverythingAtOnce(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a-good.lua", `local nl = require "rtnetlink" nl.on("start", function() nl.exec{"/bin/touch", config.ran} end)`)
	write(t, dir, "b-broken.lua", "local nl = require \"rtnetlink\"\nnl.on(\"links\", function() end)\n")
	write(t, dir, "c-syntax.lua", "\n\nfunction (\n")
	alone := write(t, dir, "alone.txt", "error('here')")
	config := write(t, dir, "x.conf", fmt.Sprintf(`[[inputs.rtnetlink]]
  objekts = ["link"]
  objects = ["link", "links"]
  route_tables = [254]
  receive_buffer = 1024
  queue_limit = 1
  max_events_per_second = ${RTT_UNSET}
  alias = "${RTT_UNSET}"
  untracked = ["arp"]
  interval = "5s"

  [[inputs.rtnetlink.lua]]
    script = "%[1]s/*.lua"
    allow_exec = ["/bin/touch"]
    [inputs.rtnetlink.lua.constants]
      ran = "%[1]s/ran"

  [[inputs.rtnetlink.lua]]
    script = "$RTT_UNSET"
    timeout = "-1s"
    on_error = "pass"
    nonsense = 1

  [[inputs.rtnetlink.lua]]
    script = "%[2]s"

[[inputs.cpu]]
`, dir, alone))
	status, stdout, stderr := runMain("check", "-config", config)
	require.Equal(t, statusError, status)
	require.Empty(t, stdout)
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(stderr, "E! [inputs.rtnetlink] ", ""), "\n"), "\n")
	for i, want := range []string{
		config + `:2: unknown key "objekts"`,
		config + ":4: route_tables = [254], want a list of strings",
		config + ":7: environment variable RTT_UNSET is not set",
		config + ":8: environment variable RTT_UNSET is not set",
		config + ":10: interval is handled by Telegraf",
		config + ":19: environment variable RTT_UNSET is not set",
		config + ":22: unknown key \"nonsense\"",
		config + ":27: cpu has no place here",
		config + `:3: objects: unknown value "links"`,
		config + `:9: untracked: unknown value "arp"`,
		config + ":5: receive_buffer: 1024 bytes, want 64KiB to 1GiB",
		config + ":6: queue_limit: 1 bytes, want 1MiB or more",
		config + ":20: lua: timeout: -1s",
		config + `:21: lua: on_error: unknown value "pass"`,
		config + ": lua: b-broken.lua:2: ",
		config + ": lua: c-syntax.lua:3: ",
		config + ": lua: alone.txt:1: here",
	} {
		require.Less(t, i, len(lines), stderr)
		require.Contains(t, lines[i], want)
	}
	require.Len(t, lines, 17, stderr)
	require.NoFileExists(t, filepath.Join(dir, "ran"))
}

// TestCheckOfWhatCannotBeRead has nothing more to say.
func TestCheckOfWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string { return write(t, dir, name, text) }
	requireRefused(t, []refusal{
		{"no file", []string{"check", "-config", dir + "/none"}, statusError, "open " + dir + "/none: no such file or directory"},
		{"syntax", []string{"check", "-config", file("syntax", "[[inputs.rtnetlink]]\nx = \n")}, statusError, ": invalid TOML syntax"},
		{"no table", []string{"check", "-config", file("no-table", "")}, statusError, "/no-table:1: no [[inputs.rtnetlink]] table"},
		{"an argument", []string{"check", "x.conf"}, statusUsage, `check: unexpected argument "x.conf"; usage: telegraf-rtnetlink check [-config FILE]`},
		{"an unset variable for a number", []string{"check", "-config", file("number", "[[inputs.rtnetlink]]\nqueue_limit = ${RTT_UNSET}\n")}, statusError, "/number:2: environment variable RTT_UNSET is not set"},
		{"for a string", []string{"check", "-config", file("string", "[[inputs.rtnetlink]]\nalias = $RTT_UNSET\n")}, statusError, "/string:2: environment variable RTT_UNSET is not set"},
		{"in a list", []string{"check", "-config", file("list", "[[inputs.rtnetlink]]\nobjects = [\n\"link\", ${RTT_UNSET}]\n")}, statusError, ": environment variable RTT_UNSET is not set"},
		{"for a whole list", []string{"check", "-config", file("lists", "[[inputs.rtnetlink]]\nobjects = ${RTT_UNSET}\n")}, statusError, "/lists:2: environment variable RTT_UNSET is not set"},
		{"in a list of numbers", []string{"check", "-config", file("numbers", "[[inputs.rtnetlink]]\nobjects = [1, ${RTT_UNSET}]\n")}, statusError, "/numbers:2: environment variable RTT_UNSET is not set"},
		{"for a script's constant", []string{"check", "-config", file("constant", "[[inputs.rtnetlink]]\n[[inputs.rtnetlink.lua]]\nscript = '"+file("empty.lua", "")+"'\n[inputs.rtnetlink.lua.constants]\nx = ${RTT_UNSET}\n")}, statusError, "/constant:5: environment variable RTT_UNSET is not set"},
		{"UTF-16", []string{"check", "-config", file("utf16", "\xff\xfe[\x00")}, statusError, "/utf16:1: the file is in UTF-16, save it as UTF-8"},
	})
}

func TestCheckOfWhatIsRight(t *testing.T) {
	for _, args := range [][]string{{"check"}, {"check", "-config", filepath.Join(configs, "good", "everything.conf")}} {
		status, stdout, stderr := runMain(args...)
		require.Equal(t, statusOK, status, stderr)
		require.Empty(t, stderr)
		require.Contains(t, stdout, ": nothing is wrong\n")
	}
}

func TestCheckGivesAdviceOnScripts(t *testing.T) {
	dir := t.TempDir()
	script := write(t, dir, "x.lua", `require("rtnetlink").on("route", {action = "new"}, function(ev) if ev.dst == "default" and ev.type == "UNICAST" then print(1) end end)`)
	status, stdout, stderr := runMain("check", "-config", write(t, dir, "x.conf", "[[inputs.rtnetlink]]\n[[inputs.rtnetlink.lua]]\nscript = '"+script+"'\n"))
	require.Equal(t, statusOK, status, stderr)
	require.Contains(t, stderr, `x.lua:1: advice: type is never "UNICAST"; it is one of: `)
	require.Contains(t, stdout, ": nothing is wrong\n")
}

// TestABrokenScriptOfAPatternKeepsNobodyFromStarting, while check tells of it.
func TestABrokenScriptOfAPatternKeepsNobodyFromStarting(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "broken.lua", "error('here')")
	write(t, dir, "good.lua", `require("rtnetlink").on("start", function() require("rtnetlink").emit("good", nil, {n = 1}) end)`)
	config := write(t, dir, "x.conf", fmt.Sprintf("[[inputs.rtnetlink]]\n[[inputs.rtnetlink.lua]]\nscript = %q\n", dir+"/*.lua"))
	status, stdout, stderr := runMain("replay", "-config", config, linkDown)
	require.Equal(t, statusOK, status, stderr)
	require.Contains(t, stdout, "good n=1")
	require.Contains(t, stderr, "broken.lua")
	status, _, stderr = runMain("check", "-config", config)
	require.Equal(t, statusError, status)
	require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	require.Contains(t, stderr, "broken.lua:1: here")
}
