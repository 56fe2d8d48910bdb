package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin"
)

// tagging is a script that tags the routes that vanish.
const tagging = `
local nl = require "rtnetlink"
nl.on("link", nl.DROP)
nl.on("route", {action = "delete", table = "main"}, function(ev) ev:tag("lost", ev.dst) end)
nl.on("rule", nl.DROP)
`

func TestTestRefusesWhatItCannotDo(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "good.lua", tagging)
	broken := write(t, dir, "broken.lua", "local nl = require 'rtnetlink'\nnl.on('rout', function() end)\n")
	open := write(t, dir, "open.lua", tagging)
	require.NoError(t, os.Chmod(open, 0o666))
	requireRefused(t, []refusal{
		{"no script", []string{"test", "-replay", linkDown}, statusUsage, "test: an argument is missing; usage: telegraf-rtnetlink test SCRIPT... [-replay FILE.pcapng] [-expect FILE] [flags]"},
		{"broken script without a recording", []string{"test", good, broken}, statusError, `broken.lua:2: nl.on: there is no "rout"; there are: `},
		{"expectation without a recording", []string{"test", good, "-expect", "x.out"}, statusUsage, "test: -expect needs -replay; record a file with telegraf-rtnetlink record FILE.pcapng"},
		{"update of nothing", []string{"test", good, "-replay", linkDown, "-update"}, statusUsage, "test: -update is of no use without -expect"},
		{"unknown flag", []string{"test", good, "-reply", linkDown}, statusUsage, "test: flag provided but not defined: -reply; -h lists the flags"},
		{"missing script", []string{"test", dir + "/none.lua", "-replay", linkDown}, statusError, "none.lua: no such file or directory"},
		{"script that does not load", []string{"test", broken, "-replay", linkDown}, statusError, `broken.lua:2: nl.on: there is no "rout"; there are: `},
		{"script that others may write to", []string{"test", open, "-replay", linkDown}, statusError, "open.lua"},
		{"missing recording", []string{"test", good, "-replay", dir + "/none.pcapng"}, statusError, "open " + dir + "/none.pcapng: no such file or directory"},
		{"foreign recording", []string{"test", good, "-replay", badRecordings + "/of-tcpdump.pcapng"}, statusError, "of-tcpdump.pcapng: offset 0: starts with d4c3b2a1, want a pcapng section header"},
		{"missing expectation", []string{"test", good, "-replay", linkDown, "-expect", dir + "/none.out"}, statusError, "open " + dir + "/none.out: no such file or directory"},
		{"missing configuration", []string{"test", good, "-replay", linkDown, "-config", dir + "/none.conf"}, statusError, "none.conf: no such file"},
	})
}

func TestTestPrintsWhatBecomesOfEachEvent(t *testing.T) {
	script := write(t, t.TempDir(), "x.lua", tagging)
	status, stdout, stderr := runMain("test", "-replay", linkDown, script)
	require.Equal(t, statusOK, status, stderr)
	require.Contains(t, stdout, "# drop: link new dump interface=lo\n")
	require.Contains(t, stdout, "# drop: rule new dump priority=32766 family=inet src=all table=main\n")
	require.Contains(t, stdout, `rtnetlink_route,action=delete,family=inet,interface=v0,lost=20.0.0.0/24,origin=implied,`)
	require.NotContains(t, stdout, "rtnetlink_link")
}

func TestScriptsRunInTheOrderOfTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	first := write(t, dir, "b.lua", tagging)
	second := write(t, dir, "a.lua", `require("rtnetlink").on("route", {action = "delete"}, function(ev) ev:tag("lost", "second") end)`)
	_, stdout, _ := runMain("test", first, second, "-replay", linkDown)
	require.Contains(t, stdout, "lost=second")
	_, stdout, _ = runMain("test", second, "-replay", linkDown, first)
	require.Contains(t, stdout, "lost=20.0.0.0/24")
}

func TestExpectComparesAndUpdateStores(t *testing.T) {
	dir := t.TempDir()
	script := write(t, dir, "x.lua", tagging)
	expect := filepath.Join(dir, "x.out")
	args := []string{"test", script, "-replay", linkDown, "-expect", expect}
	status, stdout, stderr := runMain(append(args, "-update")...)
	require.Equal(t, statusOK, status, stderr)
	require.Empty(t, stdout)

	status, stdout, stderr = runMain(args...)
	require.Equal(t, statusOK, status, stderr)
	require.Empty(t, stdout)

	text, err := os.ReadFile(expect)
	require.NoError(t, err)
	changed := strings.Replace(string(text), "lost=20.0.0.0/24", "lost=other", 1)
	require.NotEqual(t, string(text), changed)
	write(t, dir, "x.out", changed)
	status, stdout, stderr = runMain(args...)
	require.Equal(t, statusError, status)
	require.Contains(t, stdout, "--- "+expect+"\n+++ output\n")
	require.Regexp(t, `(?m)^-rtnetlink_route,.*lost=other,`, stdout)
	require.Regexp(t, `(?m)^\+rtnetlink_route,.*lost=20\.0\.0\.0/24,`, stdout)
	require.Contains(t, stderr, "the output is not that of "+expect+"; -update stores it there")
}

func TestCommandsArePrintedAndNotRun(t *testing.T) {
	dir := t.TempDir()
	ran := filepath.Join(dir, "ran")
	script := write(t, dir, "x.lua", `
		local nl = require "rtnetlink"
		nl.on("link", {action = "change", interface = "v0"}, function()
			nl.exec{"/bin/touch", config.ran, "two words", on_done = function(r) nl.emit("done", nil, {["code:int"] = r.code}) end}
		end)
	`)
	config := write(t, dir, "x.conf", `
[[inputs.rtnetlink]]
  [[inputs.rtnetlink.lua]]
    script = "/etc/telegraf/rtnetlink.d/*.lua"
    allow_exec = ["/bin/touch"]
    [inputs.rtnetlink.lua.constants]
      ran = "`+ran+`"
`)
	status, stdout, stderr := runMain("test", script, "-replay", linkDown, "-config", config)
	require.Equal(t, statusOK, status, stderr)
	require.Contains(t, stdout, "# exec: /bin/touch "+ran+" \"two words\"\n")
	require.Contains(t, stdout, "\ndone code=0i ")
	require.NoFileExists(t, ran)
}

func TestAScriptThatFailsFailsTheTest(t *testing.T) {
	dir := t.TempDir()
	tests := []struct{ name, hook, want string }{
		{"error", `error("no luck")`, "x.lua:1: no luck"},
		{"bad result", `return 5`, "the hook returned a number; return false to drop the metric"},
		{"endless loop", `while true do end`, "calls stopped at the time limit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			script := write(t, dir, "x.lua", `require("rtnetlink").on("link", {action = "change", interface = "v0"}, function() `+tt.hook+` end)`)
			status, stdout, stderr := runMain("test", script, "-replay", linkDown)
			require.Equal(t, statusError, status)
			require.Contains(t, stderr, tt.want)
			require.Regexp(t, `x\.lua: [1-9]\d* errors, \d+ calls stopped at the time limit\n$`, stderr)
			require.Contains(t, stdout, "rtnetlink_link,action=change,interface=v0", "the metric is kept")
		})
	}
}

// TestThousandsOfTimersDoNotHoldATestUp: in what it takes to run them a million times.
func TestThousandsOfTimersDoNotHoldATestUp(t *testing.T) {
	script := write(t, t.TempDir(), "x.lua", `local nl = require "rtnetlink"
local n = 0
for i = 1, 10000 do nl.every(0.01, function() n = n + 1 end) end
nl.on("stop", function() nl.emit("ran", nil, {["n:int"] = n}) end)`)
	status, stdout, stderr := runMain("test", script, "-replay", linkDown)
	require.Equal(t, statusOK, status, stderr)
	require.Regexp(t, `W! \[inputs.rtnetlink\] Timers ran 1\d{6} times up to \d{4}-\S+Z: from here on they run once at each record\n`, stderr)
	require.Regexp(t, `\nran n=1\d{6}i `, stdout)
}

func TestTimesOfHooks(t *testing.T) {
	script := write(t, t.TempDir(), "x.lua", tagging)
	status, _, stderr := runMain("test", script, "-replay", linkDown, "-times")
	require.Equal(t, statusOK, status, stderr)
	require.Regexp(t, `(?m)^hook +object +calls +filtered +dropped +errors +mean +max$`, stderr)
	require.Regexp(t, `(?m)^x\.lua:3 +link +[1-9]\d* +0 +[1-9]\d* +0 +0s +0s$`, stderr, "a native action takes no time of Lua")
	require.Regexp(t, `(?m)^x\.lua:4 +route +[1-9]\d* +[1-9]\d* +0 +0 +[\d.]+[µm]s +[\d.]+[µm]s$`, stderr)
}

func TestTheBestTableGivesAScriptItsOptions(t *testing.T) {
	tables := []plugin.LuaConfig{
		{Script: "/etc/telegraf/rtnetlink.d/*.lua", MaxState: 1}, {Script: "/etc/telegraf/rtnetlink.d/a.lua", MaxState: 2},
		{Script: "draft/a.lua", MaxState: 3}, {Script: "/other/*.txt", MaxState: 4},
	}
	tests := map[string]int{"draft/a.lua": 3, "other/a.lua": 2, "b.lua": 1, "c.luac": 0}
	for script, want := range tests {
		require.Equal(t, []plugin.LuaConfig{{Script: script, MaxState: want}}, scriptConfigs(tables, []string{script}))
	}
}

func TestWordsOfCommandsAreQuotedWhereTheyNeedIt(t *testing.T) {
	require.Equal(t, `/bin/page -s "two words" "" "a\"b" plain`, joinWords([]string{"/bin/page", "-s", "two words", "", `a"b`, "plain"}))
}

func TestWithoutARecordingScriptsAreChecked(t *testing.T) {
	status, stdout, stderr := runMain("test", write(t, t.TempDir(), "x.lua", tagging))
	require.Equal(t, statusOK, status, stderr)
	require.Empty(t, stdout)

	status, _, stderr = runMain("test", write(t, t.TempDir(), "y.lua", `print("loading")
require("rtnetlink").on("link", function(ev) if ev.operstate == "UP" then print(ev.mtu) end end)`))
	require.Equal(t, statusOK, status, stderr)
	require.Contains(t, stderr, `I! [inputs.rtnetlink] y.lua:2: advice: operstate is never "UP"; it is one of: unknown, `)
	require.Equal(t, 1, strings.Count(stderr, "y.lua:1: loading"), "what a script says while it loads is said once")
}

// TestATimerThatSetsItselfAgainEnds: the recording's clock goes on.
func TestATimerThatSetsItselfAgainEnds(t *testing.T) {
	script := write(t, t.TempDir(), "x.lua", `
local nl = require "rtnetlink"
local n = nl.counter("rounds", {})
local function again() n:inc() nl.after(0, again) end
nl.on("start", again)
nl.on("*", nl.DROP)`)
	status, stdout, stderr := runMain("test", script, "-replay", linkDown, "-after", "10s")
	require.Equal(t, statusOK, status, stderr)
	require.Contains(t, stdout, "rounds total=")
}
