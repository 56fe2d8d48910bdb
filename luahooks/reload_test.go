package luahooks

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/internal/files"
	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"
)

// rewrite replaces a file by another one, as editors do.
func rewrite(t *testing.T, path, text string) {
	t.Helper()
	tmp := path + ".tmp"
	require.NoError(t, os.WriteFile(tmp, []byte(text), 0o644))
	require.NoError(t, os.Rename(tmp, path))
}

func TestChangedScriptIsLoadedAgainAndKeepsItsState(t *testing.T) {
	dir := writeFiles(t, map[string]string{"a.lua": `
local nl = require "rtnetlink"
local m = nl.state("m")
local c = nl.counter("c")
nl.on("link", function(ev) c:inc() print("one", m:incr("n")) end)`})
	path := filepath.Join(dir, "a.lua")
	f := startWith(t, newHost(), Options{Scripts: []Config{{Script: path}}})
	f.kept(linkEvent("new", nil))
	f.Reload(false)
	require.Equal(t, int64(1), f.Stats()[0].Loads, "nothing changed")

	rewrite(t, path, `
local nl = require "rtnetlink"
local m = nl.state("m", {max = 10})
local c = nl.counter("c")
nl.on("link", function(ev) c:inc() print("two", m:incr("n")) end)
nl.on("reload", function(info) print(info.moment, info.reason) end)
nl.on("start", function(info) print("start") end)`)
	f.host.logs = nil
	f.Reload(false)
	f.kept(linkEvent("new", nil))
	require.Equal(t, []string{
		"I a.lua:5: advice: this hook has no filter: Lua runs for every event of link",
		"I a.lua: loaded again", `I a.lua:6: reload\tchanged`, `I a.lua:5: two\t2`}, f.host.logs)
	f.Flush()
	require.Equal(t, []string{"c total=2i"}, f.host.emitted)
	require.Equal(t, int64(2), f.Stats()[0].Loads)
	f.Reload(true)
	require.True(t, f.logged(`reload\tforced`))
}

func TestBrokenVersionIsNotSwappedIn(t *testing.T) {
	dir := writeFiles(t, map[string]string{"a.lua": `require("rtnetlink").on("link", function(ev) print("old") end)`})
	path := filepath.Join(dir, "a.lua")
	f := startWith(t, newHost(), Options{Scripts: []Config{{Script: path}}})
	for i, broken := range []string{"syntax error here", `error("at load")`, `require("rtnetlink").on("link", {nope = 1}, print)`,
		"while true do end"} {
		rewrite(t, path, broken)
		f.host.logs = nil
		f.Reload(false)
		f.Reload(false)
		require.Len(t, f.host.logs, 1, f.host.logs)
		require.Contains(t, f.host.logs[0], "E not loaded, the version before goes on: a.lua:1: ")
		f.kept(linkEvent("new", nil))
		require.Contains(t, f.host.logs[1], "old")
		require.Equal(t, int64(i+1), f.Stats()[0].LoadErrors)
	}
	rewrite(t, path, `require("rtnetlink").on("link", function(ev) print("new") end)`)
	f.Reload(false)
	f.kept(linkEvent("new", nil))
	require.True(t, f.logged("new"))
}

func TestFileThatBecomesUnsafeIsNotLoaded(t *testing.T) {
	dir := writeFiles(t, map[string]string{"a.lua": `print("old")`})
	path := filepath.Join(dir, "a.lua")
	f := startWith(t, newHost(), Options{Scripts: []Config{{Script: path}}})
	rewrite(t, path, `print("evil")`)
	require.NoError(t, os.Chmod(path, 0o666))
	f.Reload(false)
	f.Reload(false)
	require.False(t, f.logged("evil"))
	require.True(t, f.logged("writable by group or others"))
	require.Len(t, f.host.logs, 2, f.host.logs)
}

func TestScriptsOfAGlobComeAndGo(t *testing.T) {
	hook := func(name string) string {
		return `local nl = require "rtnetlink" nl.on("link", {action = "new"}, function(ev) ev:tag("t", "` + name + `") end) nl.on("start", function() print("started ` + name + `") end)`
	}
	dir := writeFiles(t, map[string]string{"20.lua": hook("20"), "10.lua": hook("10"), "x.txt": "no"})
	f := startWith(t, newHost(), Options{Scripts: []Config{{Script: filepath.Join(dir, "*.lua")}, {Source: hook("inline")}}})
	f.Moment(Start)
	_, edits := f.run(linkEvent("new", nil))
	require.Equal(t, []string{"tag t=10", "tag t=20", "tag t=inline"}, edits)

	rewrite(t, filepath.Join(dir, "15.lua"), hook("15"))
	require.NoError(t, os.Remove(filepath.Join(dir, "10.lua")))
	rewrite(t, filepath.Join(dir, "30.lua"), "broken")
	f.host.logs = nil
	f.Reload(false)
	f.Reload(false)
	_, edits = f.run(linkEvent("new", nil))
	require.Equal(t, []string{"tag t=15", "tag t=20", "tag t=inline"}, edits)
	// On a busy machine a part is left to the next Poll.
	require.ElementsMatch(t, []string{"I 10.lua: the file is gone, its hooks have ended", "I 15.lua: loaded",
		"E not loaded: 30.lua:1: unexpected end of file: syntax error", "I 15.lua:1: started 15"}, f.host.logs)
	rewrite(t, filepath.Join(dir, "30.lua"), hook("30"))
	f.Reload(false)
	_, edits = f.run(linkEvent("new", nil))
	require.Equal(t, []string{"tag t=15", "tag t=20", "tag t=30", "tag t=inline"}, edits)
}

func TestSingleFileThatIsGoneGoesOn(t *testing.T) {
	dir := writeFiles(t, map[string]string{"a.lua": `require("rtnetlink").on("link", {action = "new"}, function(ev) print("on") end)`})
	path := filepath.Join(dir, "a.lua")
	f := startWith(t, newHost(), Options{Scripts: []Config{{Script: path}}})
	require.NoError(t, os.Remove(path))
	f.Reload(false)
	f.Reload(false)
	f.kept(linkEvent("new", nil))
	require.Len(t, f.host.logs, 2, f.host.logs)
	require.Contains(t, f.host.logs[0], "no such file or directory; the loaded version goes on")
	require.Contains(t, f.host.logs[1], "on")
}

func TestGlobWithoutFilesIsNoError(t *testing.T) {
	dir := t.TempDir()
	f := startWith(t, newHost(), Options{Scripts: []Config{{Script: filepath.Join(dir, "*.lua")}}})
	require.True(t, f.logged("W script: no file matches"))
	require.Contains(t, loadErr(t, Config{Script: filepath.Join(dir, "[")}), "syntax error in pattern")
}

func TestChangedModuleReloadsTheScript(t *testing.T) {
	dir := writeFiles(t, map[string]string{"a.lua": `local m = require "lib.m" require("rtnetlink").on("link", {action = "new"}, function(ev) print(m.v) end)`,
		"mod/lib/m.lua": "return {v = 1}"})
	f := startWith(t, newHost(), Options{Scripts: []Config{{Script: filepath.Join(dir, "a.lua"), ModulesDir: filepath.Join(dir, "mod")}}})
	module := filepath.Join(dir, "mod/lib/m.lua")
	rewrite(t, module, "return {v = 2}")
	f.Reload(false)
	f.kept(linkEvent("new", nil))
	require.True(t, f.logged("a.lua:1: 2"), f.host.logs)
	rewrite(t, module, "return {v = ")
	f.Reload(false)
	f.Reload(false)
	f.kept(linkEvent("new", nil))
	require.Equal(t, int64(1), f.Stats()[0].LoadErrors)
}

func TestModulesErrors(t *testing.T) {
	dir := writeFiles(t, map[string]string{"a.lua": "require 'b'", "b.lua": "require 'a'", "bad.lua": "x x", "fails.lua": "error('oops')",
		"group.lua": "", "nothing.lua": ""})
	require.NoError(t, os.Chmod(filepath.Join(dir, "group.lua"), 0o664))
	for source, want := range map[string]string{
		`require "a"`:           `module "a" is being loaded already`,
		`require "bad"`:         `require: bad.lua:1: syntax error near "x"`,
		`require "fails"`:       "fails.lua:1: oops",
		`require "missing"`:     "no such file",
		`require "group"`:       "writable by group",
		`require "../etc/x"`:    "is no module's name",
		`require "/etc/passwd"`: "is no module's name",
		`require ""`:            "is no module's name",
		`require "a..b"`:        "is no module's name",
		`print(require "nothing") print(pcall(require, "fails")) print(pcall(require, "fails")) error("end")`: "end",
	} {
		require.Contains(t, loadErr(t, Config{Source: source, ModulesDir: dir}), want, source)
	}
	require.Contains(t, loadErr(t, Config{Source: `require "a"`}), `there is no module "a": without modules_dir there is only "rtnetlink"`)
}

func TestErrorsOfTheConfiguration(t *testing.T) {
	for _, tc := range []struct {
		c    Config
		want string
	}{
		{Config{}, "want either a script or a source"},
		{Config{Script: "a", Source: "b"}, "want either a script or a source"},
		{Config{Source: "x=1", OnError: "ignore"}, `on_error is "ignore"; want "keep" or "drop"`},
		{Config{Source: "x=1", Timeout: -1}, "must not be negative"},
		{Config{Source: "x=1", AllowExec: []string{"ls"}}, `"ls" is not a clean absolute path`},
		{Config{Source: "x=1", AllowExec: []string{"/bin/../bin/ls"}}, "not a clean absolute path"},
		{Config{Source: "x = = 1"}, `inline:1: syntax error near "="`},
		{Config{Source: "x = 1\nprint(ev.local)"}, `inline:2: syntax error near "local"; local is a word of Lua: write ev["local"]`},
		{Config{Source: "x ="}, "inline:1: unexpected end of file: syntax error"},
		{Config{Source: "goto nowhere"}, "no visible label 'nowhere' for <goto> at line 1"},
		{Config{Source: "x = 1\nif x != 2 then end"}, `inline:2: invalid token near "!"; unequal is ~= in Lua, and ! is not`},
		{Config{Source: "x = 'abc"}, "inline:1: "},
	} {
		require.Contains(t, loadErr(t, tc.c), tc.want)
	}
	_, err := New(Options{Host: newHost()})
	require.ErrorContains(t, err, "the schema needs objects")
	_, err = New(Options{Schema: testSchema})
	require.ErrorContains(t, err, "no host")
}

func TestAllScriptsThatFailAreNamed(t *testing.T) {
	dir := writeFiles(t, map[string]string{"a.lua": "x x", "b.lua": "y y", "c.lua": "z = 1"})
	_, err := New(Options{Schema: testSchema, Host: newHost(), Strict: true, Scripts: []Config{{Script: filepath.Join(dir, "*.lua")}}})
	require.Error(t, err)
	got := err.Error()
	require.Contains(t, got, "a.lua:1: ")
	require.Contains(t, got, "b.lua:1: ")
}

func TestBadSchemasAreRefused(t *testing.T) {
	for _, o := range []model.Object{
		{Name: "x", Fields: make([]model.Field, bitset.Size+1)},
		{Name: "x", Fields: []model.Field{{Name: "a"}, {Name: "a"}}},
		{Name: "x", Fields: []model.Field{{Name: "action"}}},
		{Name: "x", Fields: []model.Field{{Name: "tag"}}},
		{Name: "x", Fields: []model.Field{{Name: "old"}}},
		{Name: "x", Prefix: "dst"},
	} {
		_, err := New(Options{Host: newHost(), Schema: &model.Schema{Objects: []model.Object{o}, Actions: []string{"new"}, Origins: []string{"x"}}})
		require.Error(t, err)
	}
}

func TestAdvice(t *testing.T) {
	for _, tc := range []struct{ source, want string }{
		{`nl.on("link", function(ev) print(ev.mtu) end)`, "I inline:2: advice: this hook has no filter: Lua runs for every event of link"},
		{`nl.on("link", {mtu = 1}, function(ev) local t = {1, 2} end)`, "advice: this hook builds a table for every event"},
		{`nl.on("link", {mtu = 1}, function(ev) if ev.action == "deleted" then print(1) end end)`, `advice: action is never "deleted"; it is one of: new, change, delete`},
		{`nl.on("link", {mtu = 1}, function(ev) print("UP" == ev.operstate) end)`, `advice: operstate is never "UP"`},
		{`nl.on("link", {mtu = 1}, function(ev) nl.after(1, function() print(ev.mtu) end) end)`, "advice: the event is over when this function runs"},
		{`nl.on("link", {mtu = 1}, print and function(ev) return ev.mtu > 5 end)`, "advice: this hook reads its event the slow way"},
		{`print(os)`, "advice: os is not defined; the sandbox has: assert, config"},
		{`nl.on("link", {interface = "eth[0-9]"}, nl.DROP)`, `I inline:2: advice: filter: interface = "eth[0-9]" is that text: only * and ? stand for others; several are a list, {"eth0", "wlan*"}`},
		{`nl.on("*", {interface = {"lo", "!^eth"}}, nl.DROP)`, `advice: filter: interface = "!^eth" is that text`},
		{`nl.on("link", {interface = "eth0|eth1"}, nl.DROP)`, `interface = "eth0|eth1" is that text`},
		{`nl.on("link", {interface = "eth0,eth1"}, nl.DROP)`, `interface = "eth0,eth1" is that text`},
		{`nl.on("link", {interface = "eth.*"}, nl.DROP)`, `interface = "eth.*" is that text`},
		{`nl.on("link", {interface = "eth%d"}, nl.DROP)`, `interface = "eth%d" is that text`},
		{`nl.on("link", {interface = "eth+"}, nl.DROP)`, `interface = "eth+" is that text`},
		{`nl.on("gather", {interface = "eth[0-9]"}, nl.DROP)`, `interface = "eth[0-9]" is that text`},
		{`nl.on("link", {interface = {"eth0.100", "br-*", "wl?n0", "a+b", "!lo"}}, nl.DROP)`, ""},
		{`nl.on("link", {mtu = 1}, function(ev) if ev.mtu == 1 then local t = {} end end)`, ""},
		{`nl.on("link", {mtu = 1}, function(ev) print(ev.interface == "x", ev.mtu == "s") end)`, ""},
		{`function f() end f() g = 1 print(g)`, ""},
		{`function f(...) return arg.n end print(f(1))`, ""},
		{`function f() return arg end`, "advice: arg is not defined"},
		{`nl.on("gather", {interface = "x"}, function(m) m:tag("a", m:get_tag("interface")) end)`, ""},
	} {
		f := start(t, "local nl = require 'rtnetlink'\n"+tc.source)
		if tc.want == "" {
			require.False(t, f.logged("advice"), "%s: %q", tc.source, f.host.logs)
		} else {
			require.True(t, f.logged(tc.want), "%s: %q", tc.source, f.host.logs)
		}
	}
}

func TestStatsOfHooks(t *testing.T) {
	h := newHost()
	f := startWith(t, h, Options{TimeEveryCall: true, Scripts: []Config{{Source: `
local nl = require "rtnetlink"
nl.on("link", {action = "new"}, function(ev) return ev.mtu ~= 1 end)
nl.on("*", nl.KEEP)
nl.every(1, function() end)`}}})
	f.kept(linkEvent("new", values{"mtu": 1}))
	f.kept(linkEvent("new", values{"mtu": 2}))
	f.kept(linkEvent("delete", nil))
	s := f.Stats()[0]
	require.Equal(t, int64(1), s.Timers)
	require.Equal(t, "inline", s.Script)
	require.Positive(t, s.Hooks[0].Time)
	require.GreaterOrEqual(t, s.Hooks[0].Time, s.Hooks[0].MaxTime)
	s.Hooks[0].Time, s.Hooks[0].MaxTime = 0, 0
	require.Equal(t, []HookStats{
		{Object: "link", File: "inline", Line: 3, Calls: 2, Filtered: 1, Dropped: 1, Sampled: 2},
		{Object: "*", File: "inline", Line: 4, Calls: 2},
	}, s.Hooks)
}

func TestReloadKeepsTimersOfTheNewVersionOnly(t *testing.T) {
	dir := writeFiles(t, map[string]string{"a.lua": `require("rtnetlink").every(1, function() print("old") end)`})
	path := filepath.Join(dir, "a.lua")
	f := startWith(t, newHost(), Options{Scripts: []Config{{Script: path}}})
	rewrite(t, path, `require("rtnetlink").every(1, function() print("new") end)`)
	f.Reload(false)
	f.advance(2 * time.Second)
	require.False(t, f.logged("old"))
	require.True(t, f.logged("new"))
}

// FuzzLoad loads any text as a script; nothing may escape.
func FuzzLoad(f *testing.F) {
	for _, s := range snippets {
		f.Add("local nl = require 'rtnetlink' nl.on('link', function(ev) " + s + " end)")
	}
	f.Fuzz(func(t *testing.T, source string) {
		h := newHost()
		r, err := New(Options{Schema: testSchema, Host: h, Scripts: []Config{{Source: source, Timeout: 5 * time.Millisecond}}})
		if err != nil {
			return
		}
		r.Run(linkEvent("new", values{"mtu": 1}), &testOutput{})
		r.Flush()
		require.NoError(t, r.Close())
	})
}

// FuzzFilter makes a filter of any two keys and values.
func FuzzFilter(f *testing.F) {
	f.Add("action", "new", "mtu", "1..5")
	f.Add("within", "10.0.0.0/8", "changed", "!mtu")
	f.Add("interface", "veth*", "flags", "!UP")
	f.Fuzz(func(t *testing.T, k1, v1, k2, v2 string) {
		h := newHost()
		f := startWith(t, h, Options{Scripts: []Config{{
			Source:    `print(pcall(require("rtnetlink").on, "*", {[config.k1] = config.v1, [config.k2] = {config.v2}}, require("rtnetlink").DROP))`,
			Constants: map[string]any{"k1": k1, "v1": v1, "k2": k2, "v2": v2},
		}}})
		f.kept(linkEvent("new", values{"interface": "veth0", "mtu": 3, "flags": "UP"}))
		f.kept(routeEvent("change", values{"dst": "default"}))
		f.kept(newEvent(objNeighbor, "delete", values{"dst": "10.0.0.1"}, nil))
		for _, line := range f.host.logs {
			require.False(t, strings.HasPrefix(line, "E "), line)
		}
	})
}

// TestABrokenScriptOfAPatternLeavesTheOthersAlone: it is said once, and tried
// again when it has changed.
func TestABrokenScriptOfAPatternLeavesTheOthersAlone(t *testing.T) {
	dir := t.TempDir()
	writeFileMode(t, dir+"/10.lua", `print("ten")`)
	writeFileMode(t, dir+"/20.lua", "local x =\n")
	writeFileMode(t, dir+"/30.lua", `print("thirty")`)
	pattern := []Config{{Script: dir + "/*.lua"}}
	f := startWith(t, newHost(), Options{Scripts: pattern})
	require.Equal(t, []string{"I 10.lua:1: ten", "E not loaded: 20.lua:1: unexpected end of file: syntax error", "I 30.lua:1: thirty"}, f.host.logs)
	f.Reload(false)
	f.Reload(false)
	require.Len(t, f.host.logs, 3)
	writeFileMode(t, dir+"/20.lua", `print("twenty")`)
	f.Reload(false)
	require.Equal(t, []string{"I 20.lua:1: twenty", "I 20.lua: loaded"}, f.host.logs[3:])

	writeFileMode(t, dir+"/20.lua", "local x =\n")
	_, err := New(Options{Schema: testSchema, Host: newHost(), Scripts: pattern, Strict: true})
	require.EqualError(t, err, "20.lua:1: unexpected end of file: syntax error")
	_, err = New(Options{Schema: testSchema, Host: newHost(), Scripts: []Config{{Script: dir + "/20.lua"}}})
	require.Error(t, err, "one that is named has to load")
}

func writeFileMode(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// TestWhatIsNoScriptInAPatternKeepsNothingFromRunning is about all that can lie in
// a directory of scripts.
func TestWhatIsNoScriptInAPatternKeepsNothingFromRunning(t *testing.T) {
	const tag = `require("rtnetlink").on("link", function(ev) ev:tag("ran", (ev:get_tag("ran") or "") .. "%s") end)`
	hook := func(name string) string { return strings.ReplaceAll(tag, "%s", name) }
	dir := writeFiles(t, map[string]string{
		"10.lua": hook("10"), "20-syntax.lua": "x = = 1", "21-raises.lua": "error('no')", "22-endless.lua": "while true do end",
		"23-memory.lua": "local s = 'x' while true do s = s .. s end", "24-key.lua": `require("rtnetlink").on("link", {mtuu = 1}, print)`,
		"25-open.lua": hook("25"), "26-large.lua": strings.Repeat(" ", files.MaxSize+1), "27-bytes.lua": "\x00\xff\x1bLua",
		"28-module.lua": `require "nothing"`, ".hidden.lua": "x = = 1", "90.lua": hook("90"), "there/target.lua": hook("link"),
	})
	in := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.Chmod(in("25-open.lua"), 0o666))
	require.NoError(t, os.Mkdir(in("30-directory.lua"), 0o755))
	require.NoError(t, os.Symlink("nowhere", in("31-dangling.lua")))
	require.NoError(t, os.Symlink("32-loop.lua", in("32-loop.lua")))
	require.NoError(t, os.Symlink("there/target.lua", in("33-link.lua")))
	require.NoError(t, syscall.Mkfifo(in("34-fifo.lua"), 0o600))
	broken := []string{"20-syntax", "21-raises", "22-endless", "23-memory", "24-key", "25-open", "26-large", "27-bytes", "28-module", "30-directory", "31-dangling", "32-loop", "34-fifo"}
	if os.Geteuid() != 0 { // root reads everything
		rewrite(t, in("35-unreadable.lua"), hook("35"))
		require.NoError(t, os.Chmod(in("35-unreadable.lua"), 0))
		broken = append(broken, "35-unreadable")
	}
	pattern := []Config{{Script: filepath.Join(dir, "*.lua")}}
	f := startWith(t, newHost(), Options{Scripts: pattern})
	ran := func() string {
		_, edits := f.run(linkEvent("new", nil))
		require.NotEmpty(t, edits, f.host.logs)
		return edits[len(edits)-1]
	}
	require.Equal(t, "tag ran=1033-link90", strings.ReplaceAll(ran(), "link", "33-link"), f.host.logs)
	said := func(name string) (n int) {
		for _, line := range f.host.logs {
			if strings.HasPrefix(line, "E not loaded: ") && strings.Contains(line, name+".lua") {
				n++
			}
		}
		return n
	}
	for _, name := range broken {
		require.Equal(t, 1, said(name), "%s: %q", name, f.host.logs)
	}
	require.Zero(t, said(".hidden"))

	for range 3 {
		f.Reload(false)
	}
	for _, name := range broken {
		require.Equal(t, 1, said(name), "it is told of once: %s: %q", name, f.host.logs)
	}
	rewrite(t, in("nowhere"), hook("31"))
	rewrite(t, in("20-syntax.lua"), hook("20"))
	rewrite(t, in("15-later.lua"), hook("15"))
	f.Reload(false)
	require.Equal(t, "tag ran=10152031link90", ran(), "what is mended and what comes up runs")
	f.Reload(true)
	require.Equal(t, 2, said("21-raises"), "when asked to, all are tried again")
	require.Equal(t, "tag ran=10152031link90", ran())

	_, err := New(Options{Schema: testSchema, Host: newHost(), Scripts: pattern, Strict: true})
	for _, name := range broken {
		if name != "20-syntax" && name != "31-dangling" {
			require.ErrorContains(t, err, name+".lua", "where a script has to be right, all that are wrong are named")
		}
	}
}
