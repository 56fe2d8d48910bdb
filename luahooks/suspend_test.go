package luahooks

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRepeatedKillsSuspendTheScript(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local seen = nl.state("seen")
nl.on("link", function(ev) seen:incr("n") while true do end end)
nl.on("reload", function(info) print(info.reason, seen:get("n")) end)`)
	for range 10 {
		require.True(t, f.kept(linkEvent("new", nil)))
	}
	require.Equal(t, int64(3), f.Stats()[0].Kills)
	require.True(t, f.Stats()[0].Suspended)
	require.Equal(t, []string{`killed\t1`, `killed\t2`}, f.said())
	require.True(t, f.logged("E inline: suspended for 10s after 3 broken calls in a row"), f.host.logs)

	next, ok := f.Next()
	require.True(t, ok)
	require.Equal(t, f.host.clock.Add(10*time.Second), next)
	f.advance(9 * time.Second)
	require.True(t, f.Stats()[0].Suspended)
	f.advance(2 * time.Second)
	require.False(t, f.Stats()[0].Suspended)
	require.Equal(t, `suspended\t3`, f.said()[len(f.said())-1])
	f.kept(linkEvent("new", nil))
	require.True(t, f.logged("suspended for 1m0s after 4 broken calls"), f.host.logs)
}

func TestKillsAreForgottenAfterAWhile(t *testing.T) {
	f := start(t, `require("rtnetlink").on("link", function(ev) while true do end end)`)
	for range 5 {
		f.kept(linkEvent("new", nil))
		f.advance(11 * time.Minute)
	}
	require.Equal(t, int64(5), f.Stats()[0].Kills)
	require.False(t, f.Stats()[0].Suspended)
}

// TestAScriptThatTheLastEventStoppedIsThereAtTheEnd: its stop hook runs, after those on
// its reload; that of one that is suspended does not.
func TestAScriptThatTheLastEventStoppedIsThereAtTheEnd(t *testing.T) {
	for events, want := range map[int][]string{0: {`end\tnil`}, 1: {"killed", `end\tkilled`}, 3: {"killed", "killed"}} {
		f := start(t, `
local nl = require "rtnetlink"
local why
nl.on("link", {action = "new"}, function(ev) while true do end end)
nl.on("reload", function(info) why = info.reason print(why) end)
nl.on("stop", function() print("end", why) end)`, `require("rtnetlink").on("stop", function() print("other") end)`)
		for i := range events {
			if require.True(t, f.Runtime.Run(linkEvent("new", nil), &testOutput{})); i < events-1 {
				f.mend()
			}
		}
		f.Moment(Stop)
		require.Equal(t, want, f.said(), "%q", f.host.logs)
		require.True(t, f.logged("I inline-2:1: other"))
	}
}
