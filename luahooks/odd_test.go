package luahooks

import (
	"fmt"
	"regexp"
	"testing"
	"unicode/utf8"

	"telegraf-rtnetlink/luahooks/command"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
)

// oddValues are what each call of the module is given, in pairs.
const oddValues = `
local function fail() error("of the script", 0) end
local odd, n = {}, 0
local function add(v) n = n + 1 odd[n] = v end
add(nil) add(true) add(false) add(0) add(-1) add(1.5) add(0/0) add(1/0) add(-1/0) add(2^53) add(1e308)
add("") add("x") add("link") add("eth0") add("10.0.0.0/8") add("mtu") add("%") add("%Q") add("(") add("\255\0\n") add(("x"):rep(2^20))
add({}) add({"x", "y"}) add({{}}) add({x = {}}) add({max = 0/0, limit = 0/0}) add({[("x"):rep(2^20)] = 1}) add({"/bin/true", timeout = 0/0}) add({"/bin/true", env = {[1] = 2}, key = {}})
add(function() end) add(fail) add(nl) add(nl.DROP) add(nl.json.null) add(math) add(setmetatable({}, {__index = fail, __tostring = fail}))
`

// receivers make what the methods of a class of the stubs are called with.
var receivers = map[string]string{
	"Handle": `nl.on("link", {mtu = 77}, nl.KEEP)`, "Timer": `nl.after(1e6, print)`, "Counter": `nl.counter("c", {"t"})`,
	"Gauge": `nl.gauge("g", {"t"})`, "State": `nl.state("s")`, "PrefixSet": `nl.ip.set{"10.0.0.0/8"}`, "Metric": `nl.metric("m", {"t"}, {"f", "n:int"})`,
	"Event": "ev", "Reading": "ev",
}

// oddCalls tries a call with odd values, each beside each, once as it is written
// and once with a dot in place of the colon.
const oddCalls = `
local how = ""
local function tried(what, fine, first, second)
  if not fine then say("E", how .. what, first) elseif first == nil and second ~= nil then say("N", how .. what, second) end
end
local function try(call)
  local o = %[1]s
  tried("nothing", pcall(call, o))
  for i = 1, n do
    tried(i, pcall(call, o, odd[i]))
    for j = i %% 7 + 1, n, 7 do tried(i .. " " .. j, pcall(call, o, odd[i], odd[j])) end
    tried("as last " .. i, pcall(call, o, "x", "y", odd[i]))
    tried("one more " .. i, pcall(call, o, odd[i], odd[i], odd[i], odd[i], odd[i], odd[i], odd[i], odd[i]))
  end
end
try(function(o, ...) local a, b = %[2]s(...) return a, b end)
%[3]s`

// internals are what no message shows: names of Go, and names that are empty.
var internals = regexp.MustCompile(`runtime error|interpreter failed|goroutine|\*lua\.|lua\.L|interface \{|%!|strconv\.|netip|ParseAddr|ParsePrefix|map\[|<nil>|0x[0-9a-f]{6}|LNil|\bL[A-Z][a-z]+\b|''|(name|field|key|tag|object|option) ""`)

// TestOddArgumentsOfEachCall calls every function and method of the stubs with what
// it does not expect: a message that names the call, or a result, comes of it.
func TestOddArgumentsOfEachCall(t *testing.T) {
	calls := regexp.MustCompile(`\nfunction ([A-Za-z_.]+?)([.:])(\w+)\(`).FindAllStringSubmatch(stubs(t), -1)
	require.NotEmpty(t, calls)
	calls = append(calls, []string{"", "Metric", ":", ""}) // what nl.metric returns
	for _, c := range calls {
		class, name := c[1], c[3]
		t.Run(class+c[2]+name, func(t *testing.T) { oddCall(t, class, c[2] == ":", name) })
	}
}

func oddCall(t *testing.T, class string, method bool, name string) {
	call, receiver, dot := class+"."+name, "nil", ""
	if method {
		require.Contains(t, receivers, class, "what has this method?")
		call, receiver = "o:"+name, receivers[class]
		dot = "how = 'with a dot ' try(function(o, ...) local a, b = o." + name + "(...) return a, b end)"
	}
	if name == "" {
		call, dot = "o", ""
	}
	body := fmt.Sprintf(oddCalls, receiver, call, dot)
	on := `nl.on("start", function(ev) %s end)`
	switch class {
	case "Event":
		on = `nl.on("*", function(ev) %s end)`
	case "Reading":
		on = `nl.on("gather", function(ev) %s end)`
	}
	source := "local nl = require 'rtnetlink'\nsaid = {} local function say(how, what, text) said[how .. ' ' .. what] = tostring(text):sub(1, 4000) end\n" + oddValues + fmt.Sprintf(on, body)
	f := startWith(t, referenceHost(), Options{Scripts: []Config{{Source: source, AllowExec: []string{"/bin/true"}, Timeout: 60 * slower * 1e9, MaxMemory: 1 << 30}},
		Exec: func(command.Command) command.Result { return command.Result{} }})
	f.Moment(Start)
	f.kept(linkEvent("new", values{"interface": "eth0", "mtu": 1500, "up": true}))
	f.kept(routeEvent("change", values{"dst": "10.0.0.0/8", "table": "main"}))
	f.Gather(&Reading{Measurement: "m", Tags: map[string]string{"interface": "eth0"}, Fields: map[string]any{"mtu": int64(1500)}})
	for _, line := range f.host.logs {
		require.NotRegexp(t, `^E .*(\(hook on|stopped)`, line)
	}
	said, ok := f.loads.scripts()[0].in.L.GetGlobal("said").(*lua.LTable)
	require.True(t, ok)
	for k, v := said.Next(lua.LNil); k != lua.LNil; k, v = said.Next(k) {
		what, text := k.String(), v.String()
		require.NotRegexp(t, internals, text, what)
		require.NotContains(t, text, "\n", what)
		require.True(t, utf8.ValidString(text), "%s: %q", what, text)
		require.Less(t, len(text), 1200, what)
		if what[0] == 'E' && text != "of the script" {
			require.Regexp(t, `\b(`+name+`|[cgm]:)`, text, what) // the call, or its metric
			require.Regexp(t, `^inline:\d+: `, text, what)
		}
	}
}
