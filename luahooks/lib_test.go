package luahooks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
)

// expressions are evaluated by the sandbox and, where the results are the
// same, by gopher-lua's own library as well.
var expressions = []string{
	`string.find("hello world", "o w")`, `string.find("hello", "l+")`, `string.find("hello", "xyz")`, `string.find("a.b", ".", 1, true)`,
	`string.find("", "")`, `string.find("abc", "b", -2)`, `string.find("abc", "(b)(c)")`, `string.find("abc", "()b()")`,
	`string.match("key = value", "(%w+)%s*=%s*(%w+)")`, `string.match("2024-01-02", "(%d+)-(%d+)-(%d+)")`, `string.match("  trim  ", "^%s*(.-)%s*$")`,
	`string.match("abc", "^b")`, `string.match("abc", "c$")`, `string.match("f(a(b)c)d", "%b()")`, `string.match("THE (quick) fox", "%((%a+)%)")`,
	`string.match("aaa", "a-")`, `string.match("aaab", "a-b")`, `string.match("x^y", "x%^y")`, `string.match("[x]", "%[(.)%]")`,
	`string.match("hello", "[a-f]+")`, `string.match("hello", "[^a-f]+")`, `string.match("a-b", "[a%-]+")`, `string.match("]", "[]]")`,
	`string.match("-", "[a-]")`, `string.match("abab", "(ab)%1")`, `string.match("äö", "[\128-\255]+")`, `string.match("0xff", "%x+", 3)`,
	`string.match("a\0b", "%z")`, `string.match("test123", "%a+%d?")`, `string.match("$100", "$%d+")`, `string.match("a$", "a$")`,
	`string.gsub("hello world", "o", "0")`, `string.gsub("hello", "", "-")`, `string.gsub("abc", "%w", "%0%0")`, `string.gsub("abc def", "(%w+) (%w+)", "%2 %1")`,
	`string.gsub("hello", "l", {l = "L"})`, `string.gsub("hello", "(h)(e)", function(a, b) return b .. a end)`, `string.gsub("aaa", "a", "b", 2)`,
	`string.gsub("abc", "b", "%%")`, `string.gsub("abc", "^a", "x")`, `string.gsub("aaa", "^a", "x")`, `string.gsub("abc", "x*", "-")`,
	`string.gsub("a b c", "%s", function() return false end)`, `string.gsub("$name is $age", "%$(%w+)", {name = "Bob", age = 5})`,
	`string.rep("ab", 3)`, `string.rep("x", 0)`, `string.rep("x", -1)`, `string.upper("abC")`, `string.sub("hello", 2, -2)`, `string.byte("A")`, `string.char(72, 105)`,
	`string.len("a\0b")`, `string.reverse("abc")`, `string.format("%5d|%-5d|%05d", 42, 42, 42)`, `string.format("%x %X %o", 255, 255, 8)`,
	`string.format("%5.2f %e %g", 3.14159, 1234.5, 0.0001)`, `string.format("%s %s", "a", true)`, `string.format("%q", 'a "quoted" \\ line')`,
	`string.format("%c%c", 72, 105)`, `string.format("%%")`, `string.format("%10s|%-10s|", "hi", "hi")`, `string.format("%.3s", "abcdef")`,
	`string.format("%+d % d", 5, 5)`, `string.format("%i", 3.7)`, `string.format("%#x", 255)`,
	`table.concat({1, 2, 3}, ", ")`, `table.concat({}, "x")`, `table.concat({"a", "b", "c"}, "-", 2, 3)`, `table.concat({1, 2.5, "x"})`,
	`unpack({1, 2, 3})`, `unpack({1, 2, 3}, 2)`, `unpack({1, 2, 3}, 2, 3)`, `select("#", 1, nil, 3)`, `select(2, "a", "b", "c")`,
	`tonumber("0x10")`, `tonumber("10", 2)`, `tonumber("abc")`, `tonumber("  5  ")`, `tostring(1e15)`, `tostring(0.1)`, `tostring(nil)`,
	`type({})`, `type(print)`, `type("x")`, `rawequal("a", "a")`, `rawget({a = 1}, "a")`, `next({})`, `next({5})`, `pcall(error, "x")`,
	`pcall(error, {1})`, `math.floor(3.7)`, `math.max(1, 5, 3)`, `math.huge > 1e308`, `math.abs(-3)`, `math.fmod(7, 3)`, `#"abc"`,
	`("x"):rep(3)`, `("%d"):format(5)`, `("a,b,c"):find(",", 3)`, `assert(1, "m")`, `pcall(assert, false, "m")`, `pcall(assert, nil)`,
}

// gopher evaluates an expression with gopher-lua's own libraries.
func gopher(expr string) string {
	L := lua.NewState()
	defer L.Close()
	if err := L.DoString("return " + expr); err != nil {
		return "error"
	}
	var out []string
	for i := 1; i <= L.GetTop(); i++ {
		out = append(out, L.Get(i).String())
	}
	return strings.Join(out, "\t")
}

// knownDifferences are where gopher-lua differs from Lua 5.1, whose result is given.
var knownDifferences = map[string]string{
	`string.find("", "")`:                       "1\t0",
	`string.gsub("hello", "", "-")`:             "-h-e-l-l-o-\t6",
	`string.gsub("abc", "x*", "-")`:             "-a-b-c-\t4",
	`string.gsub("aaa", "^a", "x")`:             "xaa\t1",
	`string.find("abc", "()b()")`:               "2\t2\t2\t3",
	`string.format("%q", 'a "quoted" \\ line')`: `"a \"quoted\" \\ line"`,
	`string.format("%i", 3.7)`:                  "3",
	`string.format("%+d % d", 5, 5)`:            "+5  5",
	`table.concat({"a", "b", "c"}, "-", 2, 3)`:  "b-c",
	`pcall(assert, false, "m")`:                 "",
	`pcall(error, "x")`:                         "",
	`pcall(error, {1})`:                         "",
	`pcall(assert, nil)`:                        "",
}

func TestLibrariesAgreeWithLua(t *testing.T) {
	for _, expr := range expressions {
		f := start(t, "local nl = require 'rtnetlink' nl.on('start', function() local function show(...) local t = {...} for i = 1, select('#', ...) do t[i] = tostring(t[i]) end print(table.concat(t, '\\t')) end show("+expr+") end)")
		f.Moment(Start)
		require.False(t, f.logged("E "), "%s: %q", expr, f.host.logs)
		got := strings.ReplaceAll(f.said()[0], `\t`, "\t")
		want, ok := knownDifferences[expr]
		if !ok {
			want = safeText(gopher(expr))
			want = strings.ReplaceAll(want, `\t`, "\t")
		}
		if want != "" {
			require.Equal(t, want, got, expr)
		}
	}
}

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
		`string.format("%d")`:                       "number expected, got nil",
		`string.format("%s")`:                       "no value",
		`string.format("%100d", 1)`:                 "width or precision over 99",
		`string.format("%")`:                        "invalid format (ends with '%')",
		`string.format("%d", "x")`:                  "number expected, got string",
		`("x"):gsub("x", "%2")`:                     "invalid capture index %2 in replacement string",
		`("x"):gsub("x", "%")`:                      "invalid use of '%' in replacement string",
		`("x"):gsub("x", true)`:                     "string/function/table expected",
		`("x"):gsub("x", function() return {} end)`: "invalid replacement value (a table)",
		`table.concat({{}})`:                        "invalid value (table) at index 1 in table for concat",
		`table.concat({1}, "", 1, 3)`:               "invalid value (nil) at index 2 in table for concat",
		`math.random(0)`:                            "interval is empty or too large",
		`math.random(5, 1)`:                         "interval is empty or too large",
		`math.random(-2^63, 2^63)`:                  "interval is empty or too large",
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
