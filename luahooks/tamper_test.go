package luahooks

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDangerousNamesDoNotExist(t *testing.T) {
	names := []string{"os", "io", "coroutine", "channel", "package", "load", "loadstring", "loadfile", "dofile",
		"collectgarbage", "getfenv", "setfenv", "newproxy", "module", "_G", "_printregs", "debug.getinfo", "debug.sethook",
		"string.dump", "string.gfind", "table.setn", "require('rtnetlink').nothing", "string.rep.x"}
	for _, name := range names[:len(names)-1] {
		require.Equal(t, []string{"nil"}, eval(t, "print("+name+")"), name)
	}
	require.Contains(t, evalErr(t, "os.exit(1)"), "attempt to index global 'os' (a nil value)")
	f := start(t, "print(pcall(require, 'os')) print(pcall(require, 'io'))")
	require.Contains(t, f.said()[0], `there is no module "os"`)
}

func TestTamperingIsRefused(t *testing.T) {
	for name, tc := range map[string]struct{ body, want string }{
		"library":          {`string.rep = nil`, `cannot set "rep"`},
		"library by alias": {`local s = string s.rep = nil`, `cannot set "rep"`},
		"module":           {`nl.on = nil`, `cannot set "on"`},
		"submodule":        {`nl.log.info = print`, `cannot set "info"`},
		"new member":       {`math.tau = 6`, `cannot set "tau"`},
		"rawset":           {`rawset(string, "rep", nil)`, "the table is read-only"},
		"string metatable": {`getmetatable("").__index = nil`, "attempt to index"},
		"set on string":    {`setmetatable("", {})`, "table expected"},
		"set on event":     {`setmetatable(ev, {})`, "table expected"},
		"set on library":   {`setmetatable(string, {})`, "the table is read-only"},
		"event metatable":  {`getmetatable(ev).__index = nil`, "attempt to index"},
		"protected":        {`local t = setmetatable({}, {__metatable = 1}) setmetatable(t, {})`, "protected metatable"},
		"insert":           {`table.insert(string, 1)`, "the table is read-only"},
		"sort":             {`table.sort(math)`, "the table is read-only"},
		"method of other":  {`ev.tag(nl, "a", "b")`, "event expected"},
		"counter by a dot": {`nl.counter("c", {"a"}).inc(5)`, "the counter or gauge expected (call it as c:inc(…))"},
		"gauge by a dot":   {`nl.gauge("g", {"a"}).set(5, "x")`, "the counter or gauge expected (call it as g:set(…))"},
		"other's method":   {`nl.counter("c", {"a"}).inc(nl.gauge("g", {"a"}), 5)`, "the counter or gauge expected (call it as c:inc(…))"},
		"state of other":   {`nl.state("a").get()`, "a map of nl.state expected (call it as map:get(…))"},
	} {
		t.Run(name, func(t *testing.T) {
			f := trial(t, tc.body)
			require.True(t, f.logged("E inline", tc.want), f.host.logs)
			require.Equal(t, []string{"ab"}, eval(t, `print(("x"):rep(0) .. string.lower("AB"))`))
		})
	}
}

func TestBaseNamesCannotBeAssigned(t *testing.T) {
	for _, name := range []string{"string", "print", "config", "require", "pcall"} {
		want := "inline:1: cannot assign to " + name + ": it is read-only"
		require.Equal(t, want, loadErr(t, Config{Source: name + " = nil"}))
		require.Equal(t, want, loadErr(t, Config{Source: "function " + name + "() end"}))
	}
	require.Equal(t, "", loadErr(t, Config{Source: "local string = 1 string = 2"}))
}

func TestOneScriptsGlobalsAreNotAnothers(t *testing.T) {
	f := start(t, `x = 1`, `print(x)`)
	require.True(t, f.logged("inline-2:1: nil"), f.host.logs)
}
