package luahooks

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyFunctionsThatEndByThemselvesRunWithoutALimit(t *testing.T) {
	x, err := newIndex(testSchema)
	require.NoError(t, err)
	for body, want := range map[string]bool{
		``:            true,
		`return true`: true,
		`return not (ev.action == "delete" and ev.kind == "veth" and ev.mtu > 50)`: true,
		`if ev.mtu > 5 then return false elseif ev.up then return true end`:        true,
		`local a = ev.mtu * 2 + 1 return a ^ 2 > -a or #ev.interface == 4`:         true,
		`if ev.action == "new" then return ev.address ~= "x" end`:                  true, // read in a branch: a call into Go
		`while true do end`:                 false,
		`repeat until ev.up`:                false,
		`for i = 1, 2 do end`:               false,
		`for k in pairs(config) do end`:     false,
		`::top:: goto top`:                  false,
		`print(1)`:                          false,
		`ev:tag("a", "b")`:                  false,
		`return f()`:                        false,
		`return limit < ev.mtu`:             false, // limit may have a metamethod
		`return ev.mtu > up`:                false,
		`local s = ev.interface s = s .. s`: false,
		`local t = {}`:                      false,
		`local function f() end`:            false,
	} {
		c, err := compile(x, "t", "local nl = require 'rtnetlink' local up = 5 nl.on('link', function(ev) "+body+" end)", true, &Config{})
		require.NoError(t, err)
		require.Equal(t, want, endsByItself(c.proto.FunctionPrototypes[0]), body)
	}
}

func TestLimitIsBackAfterAFunctionWithoutOne(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
nl.on("link", function(ev) return ev.mtu ~= 1 end)
nl.on("link", function(ev) return ev.interface.x.y end)
nl.on("link", function(ev) while true do end end)`)
	require.True(t, f.kept(linkEvent("new", values{"mtu": 5})))
	require.Equal(t, int64(2), f.Stats()[0].Errors)
	require.Equal(t, int64(1), f.Stats()[0].Kills)
	require.False(t, f.kept(linkEvent("new", values{"mtu": 1})))
}
