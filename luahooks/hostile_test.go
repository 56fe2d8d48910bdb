package luahooks

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// processLimit is what the process of the hostile scripts may take, in bytes.
const processLimit = 512 << 20

// hostile are hook bodies that take memory or time without end. Each must end
// with one message that names its script and line.
var hostile = map[string]string{
	"doubling":             `local s = "x" while true do s = s .. s end`,
	"one expression":       `local s = ("x"):rep(2^20) local t = s..s..s..s..s..s..s..s..s..s..s..s..s..s..s..s error("not stopped")`,
	"kept concatenations":  `local s, t = ("x"):rep(2^20 - 20), {} while true do t[#t + 1] = s .. #t end`,
	"kept repetitions":     `local t = {} while true do t[#t + 1] = ("x"):rep(2^20 - #t) end`,
	"kept formats":         `local s, t = ("x"):rep(2^20 - 20), {} while true do t[#t + 1] = string.format("%s%d", s, #t) end`,
	"kept replacements":    `local s, t = ("x"):rep(1000), {} while true do t[#t + 1] = s:gsub("x", ("y"):rep(1000)) end`,
	"kept joins":           `local p, t = {}, {} for i = 1, 1000 do p[i] = ("x"):rep(1000) end while true do t[#t + 1] = table.concat(p) end`,
	"kept upper case":      `local s, t = ("x"):rep(2^20), {} while true do t[#t + 1] = s:upper() end`,
	"kept reversals":       `local s, t = ("x"):rep(2^20), {} while true do t[#t + 1] = s:reverse() end`,
	"kept captures":        `local s, t = ("x"):rep(2^20), {} while true do t[#t + 1] = s:lower():match("^(.)") .. s:upper() end`,
	"kept iterators":       `local t = {} while true do t[#t + 1] = ("x"):rep(2^20 - #t):gmatch("y") end`,
	"kept errors":          `local t = {} while true do t[#t + 1] = select(2, pcall(error, ("x"):rep(2^20 - #t), 0)) end`,
	"large keys":           `local t, i = {}, 0 while true do i = i + 1 t[("x"):rep(2^20 - i)] = true end`,
	"array":                `local t, i = {}, 0 while true do i = i + 1 t[i] = i end`,
	"array of fractions":   `local t, i = {}, 0 while true do i = i + 1 t[i] = i + 0.5 end`,
	"hash":                 `local t, i = {}, 0 while true do i = i + 1 t["k" .. i] = i end`,
	"deleted keys":         `local t, i = {}, 0 while true do i = i + 1 t["k" .. i] = i t["k" .. i] = nil end`,
	"sparse arrays":        `local t = {} while true do t[#t + 1] = {[65535] = 1} end`,
	"sparse indexes":       `local t = {} while true do local u = {} u[60000] = 1 t[#t + 1] = u end`,
	"empty tables":         `local t = {} while true do t = {t} end`,
	"lists":                `local t = {} while true do t[#t + 1] = {1, 2, 3, 4, 5, 6, 7, 8, 9} end`,
	"closures":             `local t = {} while true do local x, u = #t, t t = {function() return x, u end} end`,
	"metatables":           `local t = {} while true do t = setmetatable({}, {__index = t}) end`,
	"varargs":              `local function f(...) return f(("x"):rep(2^20 - select("#", ...)), ...) end f()`,
	"recursion":            `local function f(s) return f(s .. "x") + 1 end f(("x"):rep(2^20 - 1000))`,
	"protected recursion":  `local function f() local s = ("x"):rep(2^20) pcall(f) return s end while true do f() end`,
	"caught kills":         `while true do pcall(function() local t = {} while true do t[#t + 1] = {} end end) end`,
	"handlers":             `while true do xpcall(function() error("x") end, function() while true do end end) end`,
	"failing handlers":     `while true do xpcall(error, function(e) error(e) end) end`,
	"insertion":            `local t = {} while true do table.insert(t, 1, #t) end`,
	"far insertion":        `while true do table.insert({}, -2^40, 1) end`,
	"sort":                 `local t = {} for i = 1, 5000 do t[i] = i % 7 end while true do table.sort(t, function(a, b) return a < b end) end`,
	"sort of long strings": `local s, t = ("x"):rep(2^20), {} for i = 1, 20 do t[i] = s .. "" end while true do table.sort(t) end`,
	"comparison":           `local a, b = ("x"):rep(2^20), ("x"):rep(2^20) while true do local c = a < b end`,
	"search":               `local s = ("a"):rep(2^20) while true do s:find(".-.-b", 1) end`,
	"plain search":         `local s = ("a"):rep(2^20) while true do s:find("ab", 1, true) end`,
	"backtracking":         `while true do pcall(string.find, ("a"):rep(30), ("a*"):rep(17) .. "b") end`,
	"gmatch":               `local s = ("a"):rep(2^20) while true do for x in s:gmatch("") do end end`,
	"emptied table":        `local t = {} for i = 1, 20000 do t["k" .. i] = 1 end for k in pairs(t) do t[k] = nil end while true do next(t) end`,
	"trailing nils":        `local t = {} for i = 1, 60000 do t[i] = i end for i = 60000, 2, -1 do t[i] = nil end while true do local n = #t end`,
	"maxn":                 `local t = {} for i = 1, 50000 do t[i] = i end while true do table.maxn(t) end`,
	"tail calls":           `local function f(n) return f(n + 1) end f(1)`,
	"error far down":       `local function f(n) if n == 0 then error("deep") end return f(n - 1) end f(1e5)`,
	"tostring":             `local t = setmetatable({}, {__tostring = function(t) return tostring(t) end}) tostring(t)`,
	"endless index":        `local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end local x = t.x`,
	"formats":              `while true do string.format("%99.99f", 1e308) end`,
	"numbers":              `while true do tonumber(("1"):rep(1000000)) end`,
	"unpacked":             `local t = {} for i = 1, 4000 do t[i] = i end while true do pcall(string.char, unpack(t)) end`,
	"conversions":          `local x = 0.1 while true do x = (x .. "") + 0.1 end`,
}

func TestHostileScriptsEndUnderAMemoryLimit(t *testing.T) {
	const child = "LUAHOOKS_HOSTILE"
	if os.Getenv(child) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), child+"=1")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "--- PASS: "+t.Name())
		return
	}
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: processLimit * slower, Max: processLimit * slower}))
	for name, body := range hostile {
		t.Run(name, func(t *testing.T) { hostileHook(t, body) })
	}
	for _, name := range []string{"doubling", "kept repetitions", "array", "closures", "backtracking", "error far down"} {
		t.Run("at load/"+name, func(t *testing.T) {
			got := loadErr(t, Config{Source: "local nl = require 'rtnetlink'\n" + hostile[name], Timeout: 5 * time.Millisecond})
			require.Contains(t, got, "inline:2: ")
			require.Less(t, len(got), 2000)
		})
	}
}

// hostileHook runs a script for an event beside another one, and then for an
// event that it does nothing with.
func hostileHook(t *testing.T, body string) {
	h := newHost()
	h.real = true
	f := startWith(t, h, Options{Scripts: []Config{
		{Source: "local nl = require 'rtnetlink'\nnl.on('link', {action = 'new'}, function(ev)\n" + body + "\nend)", Timeout: 50 * time.Millisecond},
		{Source: `require("rtnetlink").on("link", function(ev) ev:tag("other", "ran") end)`},
	}})
	for _, action := range []string{"new", "delete"} {
		keep, edits := f.run(linkEvent(action, values{"mtu": 1500}))
		require.True(t, keep)
		require.Equal(t, []string{"tag other=ran"}, edits)
	}
	var errs []string
	for _, line := range h.logs {
		if strings.HasPrefix(line, "E ") {
			errs = append(errs, line)
		}
	}
	require.Len(t, errs, 1, h.logs)
	require.Contains(t, errs[0], "inline:3: ")
}
