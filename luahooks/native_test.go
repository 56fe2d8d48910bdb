package luahooks

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// nativeOf returns the native form of the only hook of a script on links.
func nativeOf(t *testing.T, body string) *native {
	t.Helper()
	f := start(t, "local nl = require 'rtnetlink' local limit, t = 5, {} nl.on('link', function(ev) "+body+" end)")
	return f.byObject[objLink][0].steps[0].fn.native[objLink]
}

func TestFunctionsThatOnlyCompareAreNative(t *testing.T) {
	for body, want := range map[string]bool{
		``:             true,
		`return`:       true,
		`return false`: true,
		`return not (ev.action == "delete" and ev.kind == "veth" and ev.mtu > 50)`: true,
		`if ev.mtu > 5 then return false elseif ev.up then return true end`:        true,
		`local up, mtu = ev.up, ev.mtu return up or mtu == 7`:                      true,
		`if ev.action == "new" then return ev.address ~= "x" end`:                  true,
		`return ev.mtu > limit`:                                            true,
		`return ev.old.mtu == ev.mtu or ev.changed.up`:                     true,
		`return ev.mtu + 1 > limit`:                                        false,
		`if ev.up then return ev.old.address == nil end`:                   false, // by way of ev.old
		`ev = {} return ev.mtu == nil`:                                     false,
		`while ev.up do end`:                                               false,
		`print(1)`:                                                         false,
		`return #ev.interface > 3`:                                         false,
		`return ev.interface == config.name`:                               false,
		`return (function() return true end)()`:                            false,
		"return " + strings.Repeat("ev.mtu == 1 or ", maxNative) + "ev.up": false,
		`if ev.up then local a = ev ev = nil return a.address == "x" end return ev.mtu == nil`: false,
	} {
		require.Equal(t, want, nativeOf(t, body) != nil, body)
	}
}

// randomExpr writes a Lua expression of what native functions may have in it,
// and of values that do not fit together.
func randomExpr(r *rand.Rand, depth int) string {
	leaves := []string{"ev.interface", "ev.mtu", "ev.up", "ev.ifalias", "ev.address", "ev.old.mtu", "ev.old.up", "ev.old.ifalias",
		"ev.changed.mtu", "ev.changed.up", "ev.action", "ev.object", "ev.time", "ev.dst", "ev.tag", "limit", "name", "nothing", "list",
		"nil", "true", "false", "1500", "-1", "0.5", `"eth0"`, `"change"`, `"10.0.0.1"`}
	if depth == 0 || r.IntN(5) == 0 {
		return leaves[r.IntN(len(leaves))]
	}
	if r.IntN(5) == 0 {
		return "not " + randomExpr(r, depth-1)
	}
	ops := []string{"and", "or", "==", "~=", "<", "<=", ">", ">="}
	if r.IntN(3) == 0 { // numbers that are often equal
		numbers := []string{"ev.mtu", "ev.old.mtu", "1500", "9000", "limit"}
		return fmt.Sprintf("(%s %s %s)", numbers[r.IntN(len(numbers))], ops[r.IntN(len(ops))], numbers[r.IntN(len(numbers))])
	}
	return "(" + randomExpr(r, depth-1) + " " + ops[r.IntN(len(ops))] + " " + randomExpr(r, depth-1) + ")"
}

// randomBody writes the statements of a hook.
func randomBody(r *rand.Rand, depth int) string {
	switch r.IntN(4) {
	case 0:
		return fmt.Sprintf("if %s then %s elseif %s then %s end %s", randomExpr(r, 2), randomBody(r, depth/2),
			randomExpr(r, 1), randomBody(r, 0), randomBody(r, 0))
	case 1:
		return fmt.Sprintf("local a, b = %s, %s if a == b or a then return b end", randomExpr(r, depth), randomExpr(r, depth))
	case 2:
		return "do return end"
	}
	return "do return " + randomExpr(r, depth) + " end"
}

func TestNativeFunctionsAgreeWithGopherLua(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	natives := 0
	for range 1000 {
		source := "local nl = require 'rtnetlink'\nlocal limit, name, nothing, list = 1500, 'eth0', nil, {}\nnl.on('*', function(ev)\n" +
			randomBody(r, 3) + "\nend)"
		require.Equal(t, observe(t, source, true), observe(t, source, false), source)
		f := start(t, source)
		if f.byObject[objLink][0].steps[0].fn.native[objLink] != nil {
			natives++
		}
	}
	require.Greater(t, natives, 500)
}

func TestNativeFunctionSeesAVariableThatChanges(t *testing.T) {
	f := start(t, `
local nl = require "rtnetlink"
local limit = 1
nl.on("link", function(ev) return ev.mtu < limit end)
nl.on("neighbor", function(ev) limit = 100 end)`)
	require.False(t, f.kept(linkEvent("new", values{"mtu": 5})))
	f.run(newEvent(objNeighbor, "new", values{}, nil))
	require.True(t, f.kept(linkEvent("new", values{"mtu": 5})))
}
