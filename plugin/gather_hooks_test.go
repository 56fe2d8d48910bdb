package plugin

import (
	"regexp"
	"strings"
	"testing"

	"github.com/influxdata/telegraf"
	"github.com/stretchr/testify/require"
)

const gatheredScript = `local nl = require "rtnetlink"
local seen = nl.state("seen")
nl.on("route", {action = "new", table = "7"}, function(ev) seen:incr(ev.dst) return false end)
nl.on("route", {action = "delete"}, function(ev) error("as asked") end)
for _, name in ipairs{"101", "102"} do nl.on("rule", {table = name}, function(ev) print(name) end) end
nl.every(3600, function() end)
`

func TestGatherScriptsAndHooks(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, scriptOf(t, gatheredScript), func(r *RTNetlink) { r.InitialEvents = nil })
	r.settled()
	ns.Run("route add blackhole 10.7.0.0/24 table 7", "route add blackhole 10.7.1.0/24 table 7", "route del blackhole 10.7.0.0/24 table 7")
	r.settled()
	all := r.gather()

	script := only(t, all, "name", "script")
	require.Equal(t, telegraf.Gauge, script.Type())
	require.True(t, has(script, "script", "hooks.lua", "loads", 1, "load_errors", 0, "errors", 1, "kills", 0, "suspended", 0,
		"state_entries", 2, "timers", 1, "emitted", 0), lines([]telegraf.Metric{script}))

	hooks := pick(all, "name", "hook")
	require.Len(t, hooks, 3, "the two of one line are one: %v", lines(hooks))
	first := only(t, hooks, "hook", "hooks.lua:3", "object", "route")
	require.Equal(t, telegraf.Counter, first.Type())
	require.True(t, has(first, "calls", 2, "dropped", 2, "errors", 0, "filtered", 1, "sampled", 1), lines(hooks))
	require.Positive(t, field(first, "sampled_ns"))
	require.True(t, has(only(t, hooks, "hook", "hooks.lua:4"), "calls", 1, "dropped", 0, "errors", 1, "filtered", 0), "what was dropped goes to no further hook: %v", lines(hooks))
}

// TestReadmeListsWhatGatherSends: every measurement with its type, and each of
// its tags and fields.
func TestReadmeListsWhatGatherSends(t *testing.T) {
	section := behind(t, readme, "At each `interval` these gauges and counters are sent:")
	ns := newPair(t)
	ns.Run("neigh add 10.0.0.10 lladdr 02:00:00:00:00:0a dev v0", "route add default via 10.0.0.2", "link set v0 alias uplink")
	r := begin(t, ns, scriptOf(t, gatheredScript), func(r *RTNetlink) { r.LinkStatistics, r.InterfaceInfo = true, true })
	r.settled()
	names := map[string]bool{}
	for _, m := range r.gather() {
		kind := map[telegraf.ValueType]string{telegraf.Gauge: "gauge", telegraf.Counter: "counter"}[m.Type()]
		_, block, ok := strings.Cut("\n"+section, "\n- "+m.Name()+" ("+kind+")")
		require.True(t, ok, "no %s (%s)", m.Name(), kind)
		block, _, _ = strings.Cut(block, "\n- rtnetlink_")
		names[m.Name()] = true
		for _, tag := range m.TagList() {
			if tag.Key != "netns" { // said once
				require.Contains(t, words(block), tag.Key, m.Name())
			}
		}
		for _, f := range m.FieldList() {
			if m.Name() != "rtnetlink_link_stats" { // those of the kernel's structure
				require.Contains(t, words(block), f.Key, m.Name())
			}
		}
	}
	require.Len(t, names, strings.Count("\n"+section, "\n- rtnetlink_"), "all of the section, and nothing else: %v", names)
}

func words(text string) []string { return regexp.MustCompile(`\w+`).FindAllString(text, -1) }
