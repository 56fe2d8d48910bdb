package luahooks

import (
	"math"
	"slices"
	"testing"
	"time"

	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/bitset"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
)

// benchEvent is an event whose fields cost next to nothing, so that the
// benchmarks show what the hooks cost.
type benchEvent struct {
	object, action int
	fields         []model.Value
	changed        bitset.Set
}

func (e *benchEvent) Object() int             { return e.object }
func (e *benchEvent) Action() int             { return e.action }
func (e *benchEvent) Origin() int             { return 1 }
func (e *benchEvent) Netns() string           { return "" }
func (e *benchEvent) Key() string             { return "0123456789abcdef" }
func (e *benchEvent) Time() int64             { return 1_700_000_000_000_000_000 }
func (e *benchEvent) Changed() *bitset.Set    { return &e.changed }
func (e *benchEvent) Field(i int) model.Value { return e.fields[i] }
func (e *benchEvent) Old(int) model.Value     { return model.Value{} }
func (e *benchEvent) Attribute(int) []byte    { return nil }

func str(s string) model.Value { return model.Value{Kind: model.String, Str: s} }
func num(n int64) model.Value  { return model.Value{Kind: model.Int, Num: n} }

func benchRoute() *benchEvent {
	return &benchEvent{object: objRoute, action: 2, fields: []model.Value{
		str("inet"), str("main"), str("bgp"), str("eth0"), str("10.1.2.0/24"), str("192.0.2.1"), num(100),
	}}
}

type nullOutput struct{}

func (nullOutput) SetTag(string, string) {}
func (nullOutput) SetField(string, any)  {}
func (nullOutput) SetMeasurement(string) {}

// benchHost discards metrics.
type benchHost struct{ *testHost }

func (benchHost) Emit(*model.Metric) {}

func benchRuntime(tb testing.TB, sources ...string) *Runtime {
	tb.Helper()
	o := Options{Schema: testSchema, Host: benchHost{newHost()}}
	for _, s := range sources {
		o.Scripts = append(o.Scripts, Config{Source: "local nl = require 'rtnetlink'\n" + s})
	}
	r, err := New(o)
	require.NoError(tb, err)
	tb.Cleanup(func() { r.Close() })
	return r
}

// hot are the hooks whose cost is promised.
var hot = []struct {
	name    string
	sources []string
	allocs  float64
}{
	{"no hook for the class", []string{`nl.on("link", nl.DROP)`}, 0},
	{"filter that does not match", []string{`nl.on("route", {action = "new"}, function(ev) end)`}, 0},
	{"filter on a field that does not match", []string{`nl.on("route", {table = "local"}, function(ev) end)`}, 0},
	{"trivial hook", []string{`nl.on("route", function(ev) end)`}, 0},
	{"three-field predicate", []string{
		`nl.on("route", function(ev) return not (ev.action == "delete" and ev.protocol == "bgp" and ev.metric > 50) end)`}, 0},
	{"three-field predicate, slow path", []string{
		`local f = function(ev) return not (ev.action == "delete" and ev.protocol == "bgp" and ev.metric > 50) end
		 local g = f nl.on("route", g)`}, -1},
	{"count and drop natively", []string{`nl.on("route", {nl.counter("c", {"table", "what"}):by("table", "action"), nl.DROP})`}, 0},
	{"count in Lua", []string{`local c = nl.counter("c", {"table", "what"}) nl.on("route", function(ev) c:inc(1, ev.table, ev.action) return false end)`}, 0},
	{"tag", []string{`nl.on("route", function(ev) ev:tag("a", ev.protocol) end)`}, 0},
	{"declared emit", []string{`local m = nl.metric("m", {"table", "dst"}, {"metric", "gw"}) nl.on("route", function(ev) m(ev.table, ev.dst, ev.metric, ev.gateway) end)`}, -1},
	{"free emit", []string{`nl.on("route", function(ev) nl.emit("m", {table = ev.table, dst = ev.dst}, {metric = ev.metric, gw = ev.gateway}) end)`}, -1},
	{"state", []string{`local s = nl.state("s") nl.on("route", function(ev) s:incr(ev.dst) end)`}, -1},
	{"three scripts", []string{
		`local seen = nl.counter("churn", {"table", "what"}) nl.on("route", {protocol = "bgp"}, seen:by("table", "action"))`,
		`nl.on("route", {action = "delete", table = "main"}, function(ev) if ev.protocol == "kernel" and ev.metric > 50 then return false end end)`,
		`nl.on("route", {action = "new"}, function(ev) ev:tag("x", "y") end) nl.on("link", function(ev) end)`}, 0},
}

func BenchmarkRun(b *testing.B) {
	for _, tc := range hot {
		b.Run(tc.name, func(b *testing.B) {
			r := benchRuntime(b, tc.sources...)
			ev := benchRoute()
			r.Begin()
			defer r.End()
			b.ReportAllocs()
			for b.Loop() {
				r.Run(ev, nullOutput{})
			}
		})
	}
}

// BenchmarkFields compares the ways in which the three fields of a predicate can
// reach a function, in gopher-lua itself: as parameters, and in a table that is
// filled again for each event.
func BenchmarkFields(b *testing.B) {
	b.Run("parameters", func(b *testing.B) {
		benchFields(b, bareFields, pushAll)
	})
	b.Run("table", func(b *testing.B) {
		t := &lua.LTable{Metatable: lua.LNil}
		names := []string{"action", "protocol", "metric"}
		benchFields(b, "function f(ev) return not (ev.action == 'delete' and ev.protocol == 'bgp' and ev.metric > 50) end",
			func(L *lua.LState, v []lua.LValue) int {
				for i, field := range v {
					t.RawSetString(names[i], field)
				}
				L.Push(t)
				return 1
			})
	})
}

// bareFields is the hook's function as the loader makes it.
const bareFields = "function f(a, b, c) return not (a == 'delete' and b == 'bgp' and c > 50) end"

func pushAll(L *lua.LState, v []lua.LValue) int {
	for _, field := range v {
		L.Push(field)
	}
	return len(v)
}

func benchFields(b *testing.B, source string, push func(*lua.LState, []lua.LValue) int) {
	call := bareCall(b, source, push)
	b.ReportAllocs()
	for b.Loop() {
		call()
	}
}

// bareCall returns what calls a function in gopher-lua alone.
func bareCall(b *testing.B, source string, push func(*lua.LState, []lua.LValue) int) func() {
	L := lua.NewState(lua.Options{SkipOpenLibs: true})
	b.Cleanup(L.Close)
	w := newWatchdog(time.Second)
	w.measure = func() bool { return false }
	w.enter()
	b.Cleanup(w.leave)
	w.start(time.Hour)
	L.SetContext(w)
	require.NoError(b, L.DoString(source))
	fn := L.GetGlobal("f")
	fields := []lua.LValue{lua.LString("delete"), lua.LString("bgp"), lua.LNumber(100)}
	return func() {
		L.Push(fn)
		L.Call(push(L, fields), 1)
		L.Pop(1)
	}
}

// BenchmarkHookBesideBareCall runs the hook of three fields and gopher-lua's own
// call of its function by turns, so that what else the machine does falls upon both,
// and reports the least time that a call of each took, and the median of what the
// hook takes more.
func BenchmarkHookBesideBareCall(b *testing.B) {
	const turn = 500 // calls
	var three []string
	for _, h := range hot {
		if h.name == "three-field predicate" {
			three = h.sources
		}
	}
	r, ev := benchRuntime(b, three...), benchRoute()
	bare := bareCall(b, bareFields, pushAll)
	r.Begin()
	defer r.End()
	spent := func(call func()) float64 {
		began := time.Now()
		for range turn {
			call()
		}
		return float64(time.Since(began).Nanoseconds()) / turn
	}
	leastHook, leastBare := math.Inf(1), math.Inf(1)
	var ratios []float64
	for i := 0; b.Loop(); i++ {
		if i%turn != 0 {
			continue
		}
		hook, plain := spent(func() { r.Run(ev, nullOutput{}) }), spent(bare)
		leastHook, leastBare = min(leastHook, hook), min(leastBare, plain)
		ratios = append(ratios, hook/plain)
	}
	slices.Sort(ratios)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(leastHook, "ns/hook")
	b.ReportMetric(leastBare, "ns/bare")
	b.ReportMetric(ratios[len(ratios)/2], "hook/bare")
}

func TestHotHooksDoNotAllocate(t *testing.T) {
	for _, tc := range hot {
		if tc.allocs < 0 {
			continue
		}
		r := benchRuntime(t, tc.sources...)
		ev := benchRoute()
		r.Begin()
		r.Run(ev, nullOutput{})
		require.Equal(t, tc.allocs, testing.AllocsPerRun(100, func() { r.Run(ev, nullOutput{}) }), tc.name)
		r.End()
	}
}
