package luahooks

import (
	"regexp"
	"strings"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"testing"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
	"go.uber.org/goleak"

	"telegraf-rtnetlink/luahooks/internal/schema"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func stubs(t *testing.T) string {
	var b strings.Builder
	require.NoError(t, WriteStubs(&b, testSchema))
	return b.String()
}

func TestStubsAreLua(t *testing.T) {
	_, err := parse.Parse(strings.NewReader(stubs(t)), "stubs")
	require.NoError(t, err)
}

func TestStubsHaveTheSchemasFields(t *testing.T) {
	for _, line := range []string{
		`---@meta rtnetlink`,
		`---@alias Action "new"|"change"|"delete"`,
		`---@alias Object "link"|"route"|"neighbor"`,
		`---@class Link`,
		`---@field interface string? name of the device [tag]`,
		`---@field mtu integer? (bytes)`,
		`---@field operstate (string|"up"|"down"|"unknown")?`,
		`---@class RouteEvent: Route, Event`,
		`---@field within? string|string[]|table<string, string|string[]> prefixes that hold ` + "`dst`, or another field",
		`---@overload fun(object: "route", filter: RouteEventFilter, fn: fun(ev: RouteEvent): boolean?): Handle`,
		`---@overload fun(object: "start"|"stop"|"reload"|"resync"|"overrun", fn: fun(info: Moment)): Handle`,
		`function nl.neighbors(filter) end`,
	} {
		require.Contains(t, strings.Split(stubs(t), "\n"), line)
	}
}

// TestStubsNameTheWholeModule keeps the stubs and the module from drifting apart.
func TestStubsNameTheWholeModule(t *testing.T) {
	f := start(t, "x = 1")
	text := stubs(t)
	nl := lua51.TableOf(f.loads.scripts()[0].in.nl)
	var check func(prefix string, tb *lua.LTable)
	check = func(prefix string, tb *lua.LTable) {
		tb.ForEach(func(k, v lua.LValue) {
			name := prefix + k.String()
			if sub := lua51.TableOf(v); sub != nil {
				check(name+".", sub)
				return
			}
			if v.Type() == lua.LTFunction {
				require.Contains(t, text, "\nfunction "+name+"(", name)
			}
		})
	}
	check("nl.", nl)
	for _, m := range regexp.MustCompile(`\nfunction nl\.([a-z_.]+)\(`).FindAllStringSubmatch(text, -1) {
		v := f.loads.scripts()[0].in.nl
		for part := range strings.SplitSeq(m[1], ".") {
			v = lua51.TableOf(v).RawGetString(part)
		}
		require.Equal(t, lua.LTFunction, v.Type(), m[1])
	}
	for _, name := range schema.MethodNames {
		require.Contains(t, text, "\nfunction Event:"+name+"(")
	}
}
