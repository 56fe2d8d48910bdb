package luahooks

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGmatch(t *testing.T) {
	require.Equal(t, []string{"one two three", "k=v a=b", "4", "1 2 3 4"}, eval(t, `
local out = {} for w in ("one two three"):gmatch("%a+") do out[#out + 1] = w end print(table.concat(out, " "))
out = {} for k, v in string.gmatch("k:v, a:b", "(%w):(%w)") do out[#out + 1] = k .. "=" .. v end print(table.concat(out, " "))
local n = 0 for _ in ("abc"):gmatch("") do n = n + 1 end print(n)
out = {} for p in ("a b"):gmatch("()%s*") do out[#out + 1] = p end print(table.concat(out, " "))`))
}

func TestErrorsOfTheStringLibrary(t *testing.T) {
	for body, want := range map[string]string{
		`string.format("%y", 1)`:                    "invalid option '%y' to 'format'",
		`string.format("%d")`:                       "no value",
		`string.format("%s")`:                       "no value",
		`string.format("%100d", 1)`:                 "width or precision too long",
		`string.format("%", 1)`:                     "invalid option '%' to 'format'",
		`string.format("%d", "x")`:                  "number expected, got string",
		`("x"):gsub("x", "%2")`:                     "invalid capture index",
		`("x"):gsub("x", true)`:                     "string/function/table expected",
		`("x"):gsub("x", function() return {} end)`: "invalid replacement value (a table)",
		`table.concat({{}})`:                        "invalid value (table) at index 1 in table for 'concat'",
		`table.concat({1}, "", 1, 3)`:               "invalid value (nil) at index 2 in table for 'concat'",
		`math.random(0)`:                            "interval is empty",
		`math.random(5, 1)`:                         "interval is empty",
		`assert(false)`:                             "assertion failed!",
		`assert(nil, "100% sure")`:                  "100% sure",
	} {
		require.Contains(t, evalErr(t, body), want, body)
	}
}

func TestRandom(t *testing.T) {
	require.Equal(t, []string{"true", "true", "true", "true"}, eval(t, `
math.randomseed(5) local a, b = math.random(), math.random(100)
math.randomseed(5) print(a == math.random() and b == math.random(100))
print(a >= 0 and a < 1) print(b >= 1 and b <= 100)
local x = math.random(-3, -1) print(x >= -3 and x <= -1)`))
}

func TestIPLibrary(t *testing.T) {
	require.Equal(t, []string{
		`10.0.0.1\t32`, `2001:db8::1\t64`, `nil\t"x" is neither an address nor a prefix such as "10.0.0.0/8"`,
		`inet\tinet6\tinet`, `nil`, `private\tloopback\tmulticast\tlink-local\tglobal\tunspecified\tprivate`,
		`10.0.0.0/8\t10.1.0.0/16`, `nil`, `true\tfalse\ttrue\tfalse`, `10.0.0.0/8\t10.1.0.0/16\tnil\tfe80::/10\t10.1.0.0/16`,
	}, eval(t, `
print(nl.ip.parse("10.0.0.1")) print(nl.ip.parse("2001:DB8::1/64")) print(nl.ip.parse("x"))
print(nl.ip.family("10.0.0.1"), nl.ip.family("::1"), nl.ip.family("10.0.0.0/8")) print((nl.ip.family("")))
print(nl.ip.kind("10.0.0.1"), nl.ip.kind("127.0.0.1"), nl.ip.kind("ff02::1"), nl.ip.kind("fe80::1"), nl.ip.kind("8.8.8.8"), nl.ip.kind("::"), nl.ip.kind("fd00::1"))
print(nl.ip.network("10.1.2.3/8"), nl.ip.network("10.1.2.3", 16)) print((nl.ip.network("10.1.2.3", 64)))
print(nl.ip.within("10.1.2.3", "10.0.0.0/8"), nl.ip.within("11.1.2.3", "10.0.0.0/8"), nl.ip.within("10.1.0.0/16", "10.0.0.0/8"), nl.ip.within("10.0.0.0/7", "10.0.0.0/8"))
local s = nl.ip.set{"10.0.0.0/8", "10.1.0.0/16", "fe80::/10"}
print(s:find("10.2.3.4"), s:find("10.1.3.4"), s:find("192.0.2.1"), s:find("fe80::1"), s:find("10.1.5.0/24"))`))
	require.Contains(t, evalErr(t, `nl.ip.set{"10.0.0.0/8", "x"}`), `"x" is neither`)
	require.Contains(t, evalErr(t, `nl.ip.within("10.0.0.1", "x")`), `"x" is neither`)
}

func TestJSONLibrary(t *testing.T) {
	require.Equal(t, []string{
		`{"a":1,"b":[1,2,{"c":"x"}],"d":true,"e":null}`, `[]`, `"q\"uote"`, `1.5`, `{"1":"a","x":1}`,
		`nil\tinfinity and NaN have no form in JSON`, `nil\ta function has no form in JSON`,
		`1\tx\ttrue\t2\ttrue`, `true`, `nil\tunexpected end of JSON input`, `nil\tnested deeper than 100`, `null`,
	}, eval(t, `
print(nl.json.encode({a = 1, b = {1, 2, {c = "x"}}, d = true, e = nl.json.null}))
print(nl.json.encode({})) print(nl.json.encode('q"uote')) print(nl.json.encode(1.5)) print(nl.json.encode({"a", x = 1}))
print(nl.json.encode(1/0)) print(nl.json.encode({print}))
local v = nl.json.decode('{"n": 1, "s": "x", "b": true, "l": [1, 2], "z": null}')
print(v.n, v.s, v.b, #v.l, v.z == nl.json.null)
print(nl.json.decode("true")) print(nl.json.decode("{")) print(nl.json.decode(("["):rep(200))) print(nl.json.null)`))
	f := startWith(t, mirrorHost(), Options{Scripts: []Config{{Source: `
local nl = require "rtnetlink" nl.on("start", function() print(nl.json.encode({link = nl.link("eth1"), c = config})) end)`,
		Constants: map[string]any{"x": []any{int64(1)}}}}})
	f.Moment(Start)
	require.Contains(t, f.said()[0], `"link":{"interface":"eth1","ifindex":3,"mtu":1500,"up":false}`)
	require.Contains(t, f.said()[0], `"c":{"x":[1]}`)
}

func TestREMatchFindAndReplace(t *testing.T) {
	require.Equal(t, []string{`eth\t0`, `eth0`, `nil`, `a\tnil`, "1,22,333", "eth0.100 -> 100@eth0", "b"}, eval(t, `
print(nl.re.match("eth0", "^(\\w+?)(\\d+)$")) print(nl.re.match("eth0", "\\w+")) print(nl.re.match("x", "y"))
print(nl.re.match("a", "(a)(b)?"))
print(table.concat(nl.re.find_all("1 22 333", "\\d+"), ","))
print("eth0.100 -> " .. nl.re.replace("eth0.100", "(\\w+)\\.(\\d+)", "$2@$1"))
for i = 1, 300 do nl.re.match("x", "x" .. i) end print((nl.re.match("b", "b")))`))
	require.Contains(t, evalErr(t, `nl.re.match("x", "(")`), "missing closing )")
	require.Contains(t, evalErr(t, `nl.re.match(("x"):rep(70000), "y")`), "longer than 65536 bytes")
	require.Contains(t, evalErr(t, `nl.re.match("x", ("y"):rep(2000))`), "longer than 1000 bytes")
	require.Contains(t, evalErr(t, `nl.re.replace("x", "x", ("y"):rep(2000))`), "longer than 256 bytes")
}

func TestIterationOverReadOnlyTables(t *testing.T) {
	require.Equal(t, []string{"true", "function", "table", "10"}, eval(t, `
local n = 0 for k in pairs(string) do n = n + 1 end print(n > 10)
print(type(string.rep)) print(type(string)) 
local t = {} for k in pairs(nl.log) do t[#t + 1] = k end for k in pairs(nl.ip) do t[#t + 1] = k end print(#t)`))
}

func TestAForgottenRequireIsHintedAt(t *testing.T) {
	require.Equal(t, `inline:1: attempt to index global 'nl' (a nil value); forgot local nl = require "rtnetlink"?`,
		loadErr(t, Config{Source: `nl.on("link", function(ev) end)`}))
	require.Equal(t, "inline:2: attempt to call field 'foo' (a nil value); there is no nl.foo; nearest: nl.on, nl.log, nl.lookup",
		loadErr(t, Config{Source: "local nl = require 'rtnetlink'\nnl.foo()"}))
}

func TestTracebackOfAnError(t *testing.T) {
	require.Equal(t, []string{`inline:3: deep\nstack traceback:\n\t[C]: in function 'error'\n\tinline:3: in function 'fails'\n` +
		`\tinline:4: in function <inline:4>\n\t[C]: in function 'xpcall'\n\tinline:4: in function <inline:2>`}, eval(t, `local function fails() error("deep") end
local ok, text = xpcall(function() fails() return 1 end, debug.traceback) print(text)`))
}
