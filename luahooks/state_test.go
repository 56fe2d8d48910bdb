package luahooks

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/internal/state"
)

func TestStateOperations(t *testing.T) {
	require.Equal(t, []string{
		`nil\t0`, `v\t1`, `v\tw`, `w\tnil\t0`, `1\t3\t2.5`, `true`, `a=1 b=2 c=3`, `nil\t0`, `5`,
	}, eval(t, `
local m = nl.state("m")
print(m:get("k"), m:len())
m:set("k", "v") print(m:get("k"), m:len())
print(m:swap("k", "w"), m:get("k"))
print(m:del("k"), m:get("k"), m:len())
print(m:incr("n"), m:incr("n", 2), m:incr("n", -0.5))
m:set("b", true) print(m:get("b"))
local e = nl.state("e")
e:set("c", 3) e:set("b", 2) e:set("a", 1)
local all = {}
for k, v in e:each() do all[#all + 1] = k .. "=" .. v e:del("zzz") end
print(table.concat(all, " "))
e:clear() print(e:get("a"), e:len())
m:set(7, 5) print(m:get("7"))`))
}

func TestStateErrors(t *testing.T) {
	for body, want := range map[string]string{
		`nl.state("m"):set({}, 1)`:                            "string, number, boolean or nil expected, got table",
		`nl.state("m"):set("", 1)`:                            "a key of 1 to 1024 bytes expected",
		`nl.state("m"):set("k", {})`:                          "string, number, boolean or nil expected, got table",
		`nl.state("m"):set("k", print)`:                       "got function",
		`nl.state("m"):set("k", "s") nl.state("m"):incr("k")`: `incr: the value of "k" is a string`,
		`nl.state("m"):hits("k", 0)`:                          "want a positive number of seconds, 100 years at most, got 0",
		`nl.state("m", {max = 1e9})`:                          "max: want a number from 1 to 100000 (the option max_state)",
		`nl.state("m", {ttl = "x"})`:                          "ttl: want a positive number of seconds, 100 years at most, got string",
		`nl.state("m", {size = 1})`:                           `there is no option "size"; there are: max, ttl, persist`,
	} {
		require.Contains(t, evalErr(t, body), want, body)
	}
}

func TestStateIsBoundedLeastRecentlyUsedOutFirst(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local m = nl.state("m", {max = 2})
nl.on("start", function()
  m:set("a", 1) m:set("b", 2) m:get("a") m:set("c", 3)
  print(m:get("a"), m:get("b"), m:get("c"), m:len())
end)`)
	f.Moment(Start)
	require.Equal(t, []string{`1\tnil\t3\t2`}, f.said())
	require.Equal(t, int64(1), f.Stats()[0].Evictions)
	require.Equal(t, int64(2), f.Stats()[0].States)
}

func TestMaxStateBoundsAllMapsOfAScript(t *testing.T) {
	h := newHost()
	f := startWith(t, h, Options{Scripts: []Config{{MaxState: 10, Timeout: time.Second, Source: `
local nl = require "rtnetlink"
nl.on("start", function()
  for i = 1, 1000 do nl.state("m" .. i % 5):set(i, i) end
  local n = 0 for i = 0, 4 do n = n + nl.state("m" .. i):len() end
  print(n)
end)`}}})
	f.Moment(Start)
	require.Equal(t, []string{"10"}, f.said())
	require.Equal(t, int64(990), f.Stats()[0].Evictions)
}

func TestStateEntriesExpire(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local m = nl.state("m", {ttl = 10})
nl.on("start", function() m:set("a", 1) m:set("b", 2) end)
nl.after(6, function() m:set("a", 3) end)
nl.after(9, function() print(m:get("a"), m:get("b"), m:len()) end)
nl.after(11, function() print(m:get("a"), m:get("b"), m:len()) end)
nl.after(17, function() print(m:get("a"), m:len()) end)`)
	f.Moment(Start)
	f.advance(time.Minute)
	require.Equal(t, []string{`3\t2\t2`, `3\tnil\t1`, `nil\t0`}, f.said())
}

func TestHitsCountInASlidingWindow(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local m = nl.state("m")
local n = 0
nl.every(10, function() n = n + 1 print(m:hits("k", 32)) if n == 5 then print(m:hits("other", 32)) end end)
nl.after(200, function() print("late", m:hits("k", 32)) print(m:get("k")) end)`)
	f.advance(70 * time.Second)
	require.Equal(t, []string{"1", "2", "3", "4", "4", "1", "4", "4"}, f.said())
}

const persistent = `
local nl = require "rtnetlink"
local m = nl.state("m", {persist = true, ttl = 100})
local t = nl.state("t")
nl.on("start", function() m:set("s", "x") m:set("n", 1.5) m:set("b", false) t:set("k", 1) end)
nl.on("resync", function()
  print(m:get("s"), m:get("n"), m:get("b"), t:get("k"))
  print(nl.state("late", {persist = true}):get("a"))
end)`

func TestStateSurvivesByJSON(t *testing.T) {
	f := start(t, persistent)
	f.Moment(Start)
	text, err := json.Marshal(f.State())
	require.NoError(t, err)
	require.JSONEq(t, `{"inline": {"m": [{"k":"s","v":"x","ttl":100},{"k":"n","v":1.5,"ttl":100},{"k":"b","v":false,"ttl":100}]}}`, string(text))

	g := start(t, persistent)
	var all State
	require.NoError(t, json.Unmarshal(text, &all))
	all["inline"]["late"] = []state.Saved{{Key: "a", Value: "A"}}
	all["inline"]["m"] = append(all["inline"]["m"], state.Saved{Key: "bad", Value: []any{}}, state.Saved{Key: "old", Value: 1.0, TTL: -5})
	g.SetState(all)
	g.Moment(Resync)
	require.Equal(t, []string{`x\t1.5\tfalse\tnil`, "A"}, g.said())
	g.advance(101 * time.Second)
	g.Moment(Resync)
	require.Equal(t, []string{`nil\tnil\tnil\tnil`, "A"}, g.said()[2:])
}

func TestStateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	o := Options{StateFile: path, Scripts: []Config{{Source: persistent}}}
	f := startWith(t, newHost(), o)
	f.Moment(Start)
	require.NoError(t, f.Close())
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	f = startWith(t, newHost(), o)
	f.Moment(Resync)
	require.Equal(t, `x\t1.5\tfalse\tnil`, f.said()[0])
	require.NoError(t, os.Remove(path))
	f.Flush()
	f.host.clock = f.host.clock.Add(2 * state.SaveEvery)
	f.Flush()
	require.Eventually(t, func() bool { _, err := os.Stat(path); return err == nil }, 5*time.Second, 5*time.Millisecond)
	require.NoError(t, f.Close())

	require.NoError(t, os.WriteFile(path, []byte("{"), 0o600))
	_, err = New(Options{Schema: testSchema, Host: newHost(), StateFile: path})
	require.ErrorContains(t, err, "state.json: unexpected end of JSON input; move it away to begin anew")
}

func TestUnwritableStateFileIsLoggedAndReported(t *testing.T) {
	h := newHost()
	path := filepath.Join(t.TempDir(), "gone", "state.json")
	r, err := New(Options{Schema: testSchema, Host: h, StateFile: path, Scripts: []Config{{Source: persistent}}})
	require.NoError(t, err)
	h.clock = h.clock.Add(2 * state.SaveEvery)
	r.Flush()
	require.Eventually(t, func() bool { r.Flush(); return len(h.logs) > 0 }, 5*time.Second, 5*time.Millisecond)
	require.Contains(t, h.logs[0], "state file: ")
	require.ErrorContains(t, r.Close(), "no such file")
}

// TestStateIsBoundedInBytes: the entries that were not used for longest give
// way, of all maps together.
func TestStateIsBoundedInBytes(t *testing.T) {
	f := startWith(t, newHost(), Options{Scripts: []Config{{MaxMemory: 1 << 20, Timeout: slower * time.Second, Source: `
local nl = require "rtnetlink"
local a, b = nl.state("a"), nl.state("b")
nl.on("link", function(ev)
  for i = 1, 500 do a:set(i, ("x"):rep(4000)) b:set(i, ("y"):rep(1000)) end
  print(a:len() + b:len() < 400, a:get(500) ~= nil, b:get(500) ~= nil, a:get(1))
  a:clear() b:clear()
  print(a:len(), b:len())
end)`}}})
	f.kept(linkEvent("new", nil))
	require.Equal(t, []string{`true\ttrue\ttrue\tnil`, `0\t0`}, f.said(), f.host.logs)
	require.Zero(t, f.loads.scripts()[0].native.Used(), "what is gone takes nothing")
	require.Positive(t, f.Stats()[0].Evictions)
}

// TestAShortPartDoesNotKeepALongText: what is kept natively is copied.
func TestAShortPartDoesNotKeepALongText(t *testing.T) {
	f := startWith(t, newHost(), Options{Scripts: []Config{{Timeout: slower * time.Second, Source: `
local nl = require "rtnetlink"
local kept, counter, n = nl.state("kept"), nl.counter("c", {"t"}), 0
nl.on("link", function(ev)
  n = n + 1
  local long = n .. ("x"):rep(2^20 - 10)
  local short = long:sub(1, 100)
  kept:set(short, short)
  counter:inc(1, short)
  ev:tag("t", short)
  nl.emit("m", {t = short}, {["f" .. short:sub(1, 50)] = 1})
  nl.re.match("x", long:sub(1, 50))
  nl.ip.within("10.0.0.1", "10.0.0.0/8")
end)`}}})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 200 {
		f.kept(linkEvent("new", nil))
	}
	f.host.emitted = nil
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(20<<20), "200 texts of 1 MiB")
	require.Zero(t, f.Stats()[0].Errors, f.host.logs)
}

func TestAnyBytesAreKeysThatSurviveARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	script := []Config{{Source: `
local nl = require "rtnetlink"
local m = nl.state("m", {persist = true})
nl.on("start", function()
  for k, v in m:each() do print(#k, k == "\255\254" or k == "\255\253" or k == "\0", v == "\200" or v) end
  m:set("\255\254", 1) m:set("\255\253", "\200") m:set("\0", 1/0) m:set("nan", 0/0)
end)`}}
	for _, want := range [][]string{nil, {`1\ttrue\tinf`, `2\ttrue\ttrue`, `2\ttrue\t1`}} {
		h := newHost()
		r, err := New(Options{Schema: testSchema, Host: h, Scripts: script, StateFile: file})
		require.NoError(t, err)
		f := &fixture{r, t, h}
		f.Moment(Start)
		require.ElementsMatch(t, want, f.said(), h.logs)
		require.True(t, f.logged("bad argument #2 to set (NaN is no value to keep)") || f.logged("NaN is no value to keep"), h.logs)
		require.NoError(t, r.Close())
	}
}

func TestPersistNeedsAPlace(t *testing.T) {
	_, err := New(Options{Schema: testSchema, Host: newHost(), Forgets: true, Scripts: []Config{{Source: `require("rtnetlink").state("seen", {persist = true})`}}})
	require.EqualError(t, err, `inline:1: nl.state: seen: persist = true needs a place to keep it: set state_file in [[inputs.rtnetlink]]`)
}

// TestStateThatAHookNamesSurvivesReloading: it is not named while the script loads.
func TestStateThatAHookNamesSurvivesReloading(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("start", function() nl.state("late"):set("k", "kept") end)
nl.on("link", function(ev) print(nl.state("late"):get("k")) end)`)
	f.Moment(Start)
	for range 3 {
		f.Reload(true)
	}
	f.kept(linkEvent("new", nil))
	require.Equal(t, "kept", f.said()[len(f.said())-1])
}

func TestMapsAreLimited(t *testing.T) {
	require.Contains(t, evalErr(t, `for i = 1, 2000 do nl.state("m" .. i) end`), "nl.state: m1001: over 1000 maps")
	require.Contains(t, evalErr(t, `nl.state("\255")`), "is no name: databases take UTF-8")
}
