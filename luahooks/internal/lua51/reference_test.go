package lua51

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
)

// endless is a guard without a limit.
type endless struct{ context.Context }

func (endless) Done() <-chan struct{} { return nil }
func (endless) Check()                {}
func (endless) Full()                 {}

// box is shared by all states of the tests: its caches are large.
var box = NewBox()

// outcome is what a program prints, with the error that ends it.
func outcome(source string) string {
	var out strings.Builder
	st := New(Options{
		Guard: endless{}, Box: box, Seed: 1,
		Print: func(_ *lua.LState, text string) { out.WriteString(text + "\n") },
	})
	tree, err := Parse("p", source)
	if err == nil {
		var c *Chunk
		if c, err = Compile("p", tree); err == nil {
			st.L.Push(st.Load(c))
			err = st.Call(0, 0)
			var e *lua.ApiError
			if errors.As(err, &e) {
				err = errors.New(e.Object.String())
			}
		}
	}
	if err != nil {
		out.WriteString("error: " + err.Error() + "\n")
	}
	return out.String()
}

// driver is a program for Debian's lua5.1 that runs many programs with what
// the sandbox has, each with globals of its own.
const driver = `
local names = {"assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall", "rawequal", "rawget", "rawset",
  "select", "setmetatable", "tonumber", "tostring", "type", "unpack", "xpcall"}
local libs = {"string", "table", "math"}
local file = assert(io.open(arg[1], "rb"))
for line in file:lines() do
  local source = file:read(tonumber(line))
  file:read(1)
  local out = {}
  local env = {debug = {traceback = debug.traceback}, config = {}}
  for _, n in ipairs(names) do env[n] = _G[n] end
  for _, n in ipairs(libs) do
    env[n] = {}
    for k, v in pairs(_G[n]) do env[n][k] = v end
  end
  env.print = function(...)
    local t = {...}
    for i = 1, select("#", ...) do
      t[i] = tostring(t[i])
      if type(t[i]) ~= "string" then error("'tostring' must return a string to 'print'") end
    end
    out[#out + 1] = table.concat(t, "\t", 1, select("#", ...)) .. "\n"
  end
  local fn, err = loadstring(source, "=p")
  if fn then
    setfenv(fn, env)
    local ok, e = pcall(fn)
    if not ok then err = e end
  end
  if err ~= nil then out[#out + 1] = "error: " .. tostring(err) .. "\n" end
  local text = table.concat(out)
  io.write(#text, "\n", text, "\n")
end
`

// reference runs programs with lua5.1.
func reference(t testing.TB, programs []string) []string {
	t.Helper()
	path, err := exec.LookPath("lua5.1")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("lua5.1 is missing: apt-get install lua5.1")
		}
		t.Skip("lua5.1 is missing: apt-get install lua5.1")
	}
	var in bytes.Buffer
	for _, p := range programs {
		fmt.Fprintf(&in, "%d\n%s\n", len(p), p)
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "driver.lua"), []byte(driver), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "programs"), in.Bytes(), 0o600))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, filepath.Join(dir, "driver.lua"), filepath.Join(dir, "programs")).Output()
	require.NoError(t, err)
	var results []string
	for len(out) > 0 {
		length, rest, _ := bytes.Cut(out, []byte("\n"))
		n, err := strconv.Atoi(string(length))
		require.NoError(t, err)
		results = append(results, string(rest[:n]))
		out = rest[n+1:]
	}
	require.Len(t, results, len(programs))
	return results
}
