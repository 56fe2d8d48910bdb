package plugin

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/testutil"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/model"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// scriptFile writes a script that is fit to be loaded.
func scriptFile(t *testing.T, source string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.lua")
	require.NoError(t, os.WriteFile(path, []byte("local nl = require \"rtnetlink\"\n"+source), 0o600))
	return path
}

// replayScript runs a script on a recording and returns the metrics.
func replayScript(t *testing.T, recording, source string) []telegraf.Metric {
	t.Helper()
	in := New()
	in.Log = testutil.Logger{Quiet: true}
	in.Lua = []LuaConfig{{Script: scriptFile(t, source)}}
	require.NoError(t, in.Init())
	data, err := os.ReadFile("../testdata/recordings/" + recording + ".pcapng")
	require.NoError(t, err)
	var acc testutil.Accumulator
	require.NoError(t, in.Replay(bytes.NewReader(data), &acc, ReplayOptions{}))
	return acc.GetTelegrafMetrics()
}

// TestOneThingWrittenOtherwiseMatches counts what a filter lets through, on a
// recording with routes of every kind.
func TestOneThingWrittenOtherwiseMatches(t *testing.T) {
	for _, tt := range []struct{ object, plain, otherwise string }{
		{"route", `{table = "main"}`, `{table = 254}`},
		{"route", `{table = "local"}`, `{table = {"255"}}`},
		{"route", `{table = "!main"}`, `{table = "!0xfe"}`},
		{"route", `{protocol = {"kernel", "boot"}}`, `{protocol = {2, 3}}`},
		{"route", `{scope = "host"}`, `{scope = 254}`},
		{"route", `{dst = "default", family = "inet"}`, `{dst = "0.0.0.0/0"}`},
		{"route", `{dst = "default", family = "inet6"}`, `{dst = "::/0"}`},
		{"route", `{dst = "default"}`, `{dst = {"0.0.0.0/0", "::/0"}}`},
		{"route", `{dst = "default"}`, `{dst = {"0.0.0.0/0", "default"}}`},
		{"route", `{dst = "!default"}`, `{dst = {"!0.0.0.0/0", "!::/0"}}`},
		{"route", `{dst = "10.0.0.1"}`, `{dst = "10.0.0.1/32"}`},
		{"route", `{dst = "2001:db8:1::1"}`, `{dst = "2001:DB8:1:0:0:0:0:1/128"}`},
		{"link", `{flags = "UP"}`, `{flags = "up"}`},
		{"link", `{address = "02:00:00:00:00:a0"}`, `{address = "02-00-00-00-00-A0"}`},
		{"rule", `{src = "all", family = "inet"}`, `{src = "0.0.0.0/0"}`},
	} {
		matches := func(filter string) (n int) {
			for _, recording := range []string{"link-renamed", "IPv6-routes-of-all-types", "gateway-of-the-other-family", "bond-loses-its-ports", "tables-with-large-numbers-and-names", "../scripts/default_route_lost"} {
				n += len(replayScript(t, recording, `local rest = nl.DROP
nl.on("`+tt.object+`", `+filter+`, function(ev) ev:measurement("match") end)`)) - len(replayScript(t, recording,
					`nl.on("`+tt.object+`", `+filter+`, nl.DROP)`))
			}
			return n
		}
		want := matches(tt.plain)
		if !strings.Contains(tt.plain, "inet6") { // the recordings have no default route of IPv6
			require.NotZero(t, want, tt.plain)
		}
		require.Equal(t, want, matches(tt.otherwise), tt.otherwise)
	}
}

// TestEveryValueOfARecordingIsItsOwnSpelling holds the spellings to what the
// kernel has: a filter for a value that was seen must be accepted as it is.
func TestEveryValueOfARecordingIsItsOwnSpelling(t *testing.T) {
	files, err := filepath.Glob("../testdata/recordings/*.lp")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	seen := 0
	for _, file := range files {
		recording := strings.TrimSuffix(filepath.Base(file), ".lp")
		for _, m := range replayScript(t, recording, "") {
			o, ok := objectNamed(strings.TrimPrefix(m.Name(), "rtnetlink_"))
			if !ok {
				continue
			}
			for _, f := range Schema().Objects[o].Fields {
				if f.Spell == nil {
					continue
				}
				text := fieldText(m, f.Name)
				members := []string{text}
				if f.List {
					members = strings.Split(text, ",")
				}
				for _, member := range members {
					if member == "" || strings.ContainsAny(member, "*? /") && !strings.Contains(member, ".") && !strings.Contains(member, ":") {
						continue
					}
					spelled, err := f.Spell(member)
					require.NoError(t, err, "%s %s in %s", m.Name(), f.Name, file)
					require.Equal(t, model.Spelling{Text: member}, spelled, "%s %s in %s", m.Name(), f.Name, file)
					seen++
				}
			}
		}
	}
	require.Greater(t, seen, 1000)
}

func objectNamed(name string) (rtnl.Object, bool) {
	for o := range rtnl.Object(rtnl.NumObjects) {
		if o.String() == name {
			return o, true
		}
	}
	return 0, false
}

func fieldText(m telegraf.Metric, name string) string {
	if text, ok := m.GetTag(name); ok {
		return text
	}
	value, _ := m.GetField(name)
	text, _ := value.(string)
	return text
}

// TestFiltersThatCanNeverBeTrueDoNotLoad holds the messages to place and remedy.
func TestFiltersThatCanNeverBeTrueDoNotLoad(t *testing.T) {
	for _, tt := range []struct{ on, want string }{
		{`"route", {dst = "10.1.2.3/24"}`, `x.lua:2: nl.on: filter: dst is never "10.1.2.3/24": bits are set behind the prefix's length; the kernel has "10.1.2.0/24"`},
		{`"route", {table = "mian"}`, `x.lua:2: nl.on: filter: table is never "mian": /etc/iproute2/rt_tables has no routing table of that name; there are: `},
		{`"route", {gateway = "10.0.0.0/8"}`, `gateway is never "10.0.0.0/8": it is an address; for those in a prefix write within = {field = "10.0.0.0/8"}`},
		{`"neighbor", {state = "dead"}`, `state is never "dead"; it is one of: incomplete, reachable`},
		{`"*", {table = "mian"}`, `table is never "mian"`},
		{`"route", {metric = -1}`, `x.lua:2: nl.on: filter: metric is never "-1": it is a number from 0 to 4294967295`},
		{`"link", {mtu = {1500, 1e10}}`, `mtu is never "10000000000": it is a number from 0 to 4294967295`},
		{`"address", {prefixlen = "256..300"}`, `prefixlen is never "256..300": it is a number from 0 to 255`},
		{`"address", {ifindex = "<0"}`, `ifindex is never "<0": it is a number from 0 to 4294967295`},
		{`"notice", {action = "delete"}`, `action: a notice leaves no state, and is always "new"`},
		{`"link", {operstate_code = 7}`, `operstate_code is never "7": it is a number from 0 to 6`},
		{`"rule", {dport = "90-80"}`, `dport is never "90-80": it is a port, or a range of ports`},
		{`"nexthop", {group = "one"}`, `group is never "one": it is a list of objects and weights such as "1,5;2,1"`},
		{`"vlan", {vlan = 65536}`, `vlan is never "65536": it is a number from 0 to 65535`},
		{`"link", {opperstate = "up"}`, `link has no "opperstate"; nearest: operstate, operstate_code, port_state; there are: action, origin, netns, changed, within, interface, kind, `},
		{`"link", {changed = "opperstate"}`, `changed is never "opperstate"; nearest: operstate`},
	} {
		in := New()
		in.Lua = []LuaConfig{{Script: scriptFile(t, "nl.on("+tt.on+", nl.DROP)")}}
		in.Log = testutil.Logger{Quiet: true}
		require.ErrorContains(t, in.Init(), tt.want)
	}
}
