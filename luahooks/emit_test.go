package luahooks

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/model"
)

func TestDeclaredEmitter(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local m = nl.metric("moved", {"dst", "dev"}, {"n:int", "ratio", "who:string", "ok:bool", "f:float"})
nl.on("route", function(ev) m(ev.dst, ev.interface, 3.9, 2, "me", true, 1) m(nil, "x", nil, nil, "you") end)`)
	f.kept(routeEvent("new", values{"dst": "10.0.0.0/8", "interface": "eth0"}))
	require.Equal(t, []string{
		`moved,dst=10.0.0.0/8,dev=eth0 n=3i,ratio=2,who="me",ok=true,f=1`,
		`moved,dev=x who="you"`,
	}, f.host.emitted)
	require.Equal(t, int64(2), f.Stats()[0].Emitted)
}

func TestFreeEmit(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("route", function(ev)
  nl.emit("x", {a = 1, b = true, c = "s"}, {["n:int"] = 5, f = 1.5})
  nl.emit("y", nil, {s = "t"})
end)`)
	f.kept(routeEvent("new", nil))
	require.Equal(t, []string{`x,a=1,b=true,c=s n=5i,f=1.5`, `y s="t"`}, f.host.emitted)
}

func TestEmittedMetricsHaveTheEventsTimeOrTheClocks(t *testing.T) {
	h := newHost()
	var times []int64
	f := startWith(t, h, Options{Scripts: []Config{{Source: `
local nl = require "rtnetlink"
local m = nl.metric("m", {}, {"n"})
nl.on("link", function(ev) m(1) end)
nl.after(5, function() m(2) end)`}}})
	f.Runtime.host = timedHost{h, &times}
	ev := linkEvent("new", nil)
	ev.time = 42
	f.kept(ev)
	f.advance(5 * time.Second)
	require.Equal(t, []int64{42, h.clock.UnixNano()}, times)
}

type timedHost struct {
	*testHost
	times *[]int64
}

func (h timedHost) Emit(m *model.Metric) { *h.times = append(*h.times, m.Time) }

func TestEmitErrors(t *testing.T) {
	for body, want := range map[string]string{
		`nl.emit("x", nil, {})`:                                                      "x: no field has a value",
		`nl.emit("x", nil, {a = 0/0})`:                                               "x: field a: NaN is no value for a field",
		`nl.emit("x", nil, {a = 1/0})`:                                               "is no value for a field",
		`nl.emit("x", nil, {a = {}})`:                                                "x: field a: want a number, string or boolean, got a table",
		`nl.emit("x", {a = {}}, {b = 1})`:                                            "string, number, boolean or nil expected, got table",
		`nl.emit("", nil, {a = 1})`:                                                  "a name of 1 to 256 bytes expected",
		`nl.emit("x", nil, {["a:what"] = 1})`:                                        "a field's type is one of int, float, string, bool",
		`nl.emit("x", nil, {a = 1}) nl.emit("x", nil, {a = "s"})`:                    `x: field a: it is a number since its first value, and databases refuse another type; got the string "s"`,
		`nl.metric("x", {"t"}, {"f"})("a", 1, 2)`:                                    "x: 1 arguments too many; it has the tags t and the fields f",
		`nl.metric("x", {"t"}, {"f"})("a")`:                                          "x: no field has a value",
		`nl.metric("x", {"t"}, {"f:bool"})("a", 1)`:                                  "x: field f: it is a boolean since its first value, and databases refuse another type; got the number 1",
		`nl.emit("x", nil, {a = 1, ["a:int"] = 2})`:                                  "x: field a is a number since its first value, and databases refuse another type than that; declare it as \"a:float\", or choose another name",
		`nl.emit("x", nil, {["a:int"] = 1}) nl.emit("x", nil, {["a:string"] = "1"})`: "x: field a is an integer since its first value",
		`nl.emit("x", nil, {["a:int"] = 1, a = 2})`:                                  "x: field a is there twice",
		`nl.metric("x", {"t"}, {})`:                                                  "a metric needs at least one field",
		`nl.metric("x", {"t", "t"}, {"f"})`:                                          `"t" is there twice`,
		`nl.metric("x", {1}, {"f"})`:                                                 "want a list of names",
		`nl.counter("c", {"a"}):inc(1, "x", "y")`:                                    "c: 1 arguments too many; its tags are: a",
		`nl.counter("c", {"a"}):inc(-1, "x")`:                                        "a counter only goes up; use nl.gauge",
		`nl.counter("c", {"a"}, {most = 1})`:                                         `there is no option "most"; there are: max, per_interval`,
		`nl.counter("c", {"a"}, {max = 0})`:                                          "max: want a number from 1 to 1000000",
	} {
		require.Contains(t, evalErr(t, body), want, body)
	}
}

func TestNothingHappensWhileAScriptLoads(t *testing.T) {
	for _, call := range []string{`nl.emit("x", nil, {a = 1})`, `nl.metric("x", {}, {"a"})(1)`, `nl.link("lo")`,
		`nl.count("route")`, `nl.lookup("10.0.0.1")`, `for l in nl.links() do end`} {
		got := loadErr(t, Config{Source: "local nl = require 'rtnetlink'\n" + call})
		require.Contains(t, got, `inline:2: `)
		require.Contains(t, got, `cannot be used while the script loads; put it into nl.on("start", function() … end)`, call)
	}
}

func TestTagValuesAreCapped(t *testing.T) {
	h := newHost()
	f := startWith(t, h, Options{Scripts: []Config{{MaxTags: 2, Source: `
local nl = require "rtnetlink"
local m = nl.metric("m", {"a"}, {"n"})
nl.on("link", function(ev)
  m(ev.interface, 1) nl.emit("e", {a = ev.interface}, {n = 1}) ev:tag("a", ev.interface)
end)`}}})
	var edits []string
	for i := range 4 {
		_, e := f.run(linkEvent("new", values{"interface": "i" + strconv.Itoa(i)}))
		edits = append(edits, e...)
	}
	_, e := f.run(linkEvent("new", values{"interface": "i0"}))
	edits = append(edits, e...)
	require.Equal(t, []string{"m,a=i0 n=1", "e,a=i0 n=1", "m,a=i1 n=1", "e,a=i1 n=1", "m,a=other n=1", "e,a=other n=1",
		"m,a=other n=1", "e,a=other n=1", "m,a=i0 n=1", "e,a=i0 n=1"}, h.emitted)
	require.Equal(t, []string{"tag a=i0", "tag a=i1", "tag a=other", "tag a=other", "tag a=i0"}, edits)
	require.Equal(t, int64(6), f.Stats()[0].TagsFolded)
}

func TestMeasurementsWithoutEndFoldTheirTags(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("link", function(ev) for i = 1, 2000 do nl.emit("m" .. i, {t = "v"}, {n = 1}) end end)`)
	f.kept(linkEvent("new", nil))
	require.Equal(t, "m1,t=v n=1", f.host.emitted[0])
	require.Equal(t, "m2000,t=other n=1", f.host.emitted[1999])
}

func TestCounters(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local c = nl.counter("c", {"a"})
local w = nl.counter("w", {"a"}, {per_interval = true})
local g = nl.gauge("g", {"a", "b"})
local n = nl.counter("n")
nl.on("link", function(ev)
  c:inc(2, ev.interface) c:inc(nil, "all") w:inc(1, ev.interface) n:inc()
  g:set(1.5, ev.interface, "x") g:inc(1, ev.interface, "x") g:inc(-3, "y") g:set(1, "gone", "z") g:remove("gone", "z")
end)`)
	f.Flush()
	require.Empty(t, f.host.emitted)
	f.kept(linkEvent("new", values{"interface": "e"}))
	f.Flush()
	require.Equal(t, []string{"c,a=e total=2i", "c,a=all total=1i", "w,a=e count=1i", "g,a=e,b=x value=2.5", "g,a=y value=-3", "n total=1i"}, f.host.emitted)
	f.host.emitted = nil
	f.Flush()
	require.Equal(t, []string{"c,a=e total=2i", "c,a=all total=1i", "g,a=e,b=x value=2.5", "g,a=y value=-3", "n total=1i"}, f.host.emitted)
}

func TestACounterByWhatEveryEventHas(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("link", {nl.counter("c", {"key", "time", "object", "origin"}):by("key", "time", "object", "origin")})`)
	ev := linkEvent("new", nil)
	f.kept(ev)
	f.Flush()
	at := strconv.FormatFloat(float64(ev.Time())/1e9, 'f', -1, 64)
	require.Equal(t, []string{"c,key=" + ev.Key() + ",time=" + at + ",object=link,origin=notify total=1i"}, f.host.emitted)
}

func TestCounterSeriesAreCapped(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local c = nl.counter("c", {"a", "b"}, {max = 2})
nl.on("link", {c:by("interface", "action")})`)
	for i := range 5 {
		f.kept(linkEvent("new", values{"interface": "i" + strconv.Itoa(i)}))
	}
	f.Flush()
	require.Equal(t, []string{"c,a=i0,b=new total=1i", "c,a=i1,b=new total=1i", "c,a=other,b=other total=3i"}, f.host.emitted)
}

func TestMetricTypes(t *testing.T) {
	h := newHost()
	var types []model.ValueType
	f := startWith(t, h, Options{Scripts: []Config{{Source: `
local nl = require "rtnetlink"
local c, g, w = nl.counter("c"), nl.gauge("g"), nl.counter("w", nil, {per_interval = true})
nl.on("link", function(ev) c:inc() g:set(1) w:inc() nl.emit("e", nil, {n = 1}) end)`}}})
	f.Runtime.host = typedHost{h, &types}
	f.kept(linkEvent("new", nil))
	f.Flush()
	require.Equal(t, []model.ValueType{model.Untyped, model.Counter, model.Gauge, model.Untyped}, types)
}

type typedHost struct {
	*testHost
	types *[]model.ValueType
}

func (h typedHost) Emit(m *model.Metric) { *h.types = append(*h.types, m.Type) }

func TestTextsOfMetricsAreWhatDatabasesTake(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local m = nl.metric("m", {"t"}, {"f:string"})
local c, g = nl.counter("c", {"a", "b"}), nl.gauge("g", {"a"})
nl.on("link", function(ev)
  ev:tag("t", "x\0\255y") ev:field("f", "x\0\255y") ev:field("ifalias", "\192\128")
  m("a\0", "\237\160\128") nl.emit("e", {t = "\254\0"}, {f = "ü\0"})
  c:inc(1, "a\0b", "c") c:inc(1, "a\0b", "c") g:set(1, "\255")
end)`)
	_, edits := f.run(linkEvent("new", nil))
	require.Equal(t, []string{"tag t=x\uFFFD\uFFFDy", "field f=x\uFFFD\uFFFDy(string)", "field ifalias=\uFFFD(string)"}, edits)
	f.Flush()
	require.Equal(t, []string{
		"m,t=a\uFFFD f=\"\uFFFD\"", "e,t=\uFFFD\uFFFD f=\"ü\uFFFD\"",
		"c,a=a\uFFFDb,b=c total=2i", "g,a=\uFFFD value=1",
	}, f.host.emitted)
}

func TestNamesOfMetricsAreWhatDatabasesTake(t *testing.T) {
	for _, name := range []string{`a\nb`, `a\0`, `\255`, ``, `\127`} {
		for _, call := range []string{
			`ev:tag("%", 1)`, `ev:field("%", 1)`, `ev:measurement("%")`, `nl.emit("%", nil, {f = 1})`,
			`nl.emit("e", {["%"] = 1}, {f = 1})`, `nl.emit("e", nil, {["%"] = 1})`, `nl.counter("%")`, `nl.gauge("g", {"%"})`,
			`nl.metric("m", {"%"}, {"f"})`, `nl.metric("m", {}, {"%"})`, `nl.state("%")`,
		} {
			call = strings.ReplaceAll(call, "%", name)
			f := start(t, "local nl = require 'rtnetlink' nl.on('link', function(ev)\n"+call+" end)")
			f.kept(linkEvent("new", nil))
			require.True(t, f.logged("E inline:2: bad argument", "name"), "%s: %q", call, f.host.logs)
		}
	}
}

func TestWhatReadersOfTheStreamRelyOnStays(t *testing.T) {
	for _, call := range []string{
		`ev:tag("action", nil)`, `ev:tag("action", "new")`, `ev:tag("origin", "x")`, `ev:tag("netns", nil)`, `ev:field("seq", 1)`, `ev:field("key", nil)`,
	} {
		f := start(t, "local nl = require 'rtnetlink' nl.on('link', function(ev)\n"+call+" end)")
		_, edits := f.run(linkEvent("new", nil))
		require.Empty(t, edits, call)
		require.True(t, f.logged("E inline:2: bad argument", "readers of the stream rely on"), "%s: %q", call, f.host.logs)
	}
}
