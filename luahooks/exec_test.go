package luahooks

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"telegraf-rtnetlink/luahooks/command"

	"github.com/stretchr/testify/require"
)

// execFixture runs a script that may run some commands, on the real clock.
func execFixture(t *testing.T, body string) *fixture {
	t.Helper()
	h := newHost()
	h.real = true
	f := startWith(t, h, Options{Scripts: []Config{{
		Source:    "local nl = require 'rtnetlink'\nnl.on('start', function()\n" + body + "\nend)",
		AllowExec: []string{"/bin/sh", "/bin/echo", "/bin/false", "/nonexistent"},
		AllowEnv:  []string{"NAME", "SITE_*"},
	}}})
	f.Moment(Start)
	return f
}

// wait polls when the runtime wants it until a log line comes up.
func (f *fixture) wait(parts ...string) {
	f.t.Helper()
	deadline := time.After(20 * time.Second)
	for !f.logged(parts...) {
		select {
		case <-f.Wake():
			f.Poll()
		case <-deadline:
			require.Fail(f.t, "not logged", "%q in %q", parts, f.host.logs)
		}
	}
}

func TestExecRunsWithoutAShellAndReports(t *testing.T) {
	f := execFixture(t, `print(nl.exec{"/bin/echo", "$HOME; *", 7, key = "k", on_done = function(r)
  print(r.code, r.output, r.timed_out, r.error, r.key, r.duration > 0)
end})`)
	f.wait(`0\t$HOME; * 7\n\tfalse\tnil\tk\ttrue`)
	require.True(t, f.logged("I inline:3: true"))
	require.Equal(t, int64(1), f.Stats()[0].ExecRun)
	require.Zero(t, f.Stats()[0].ExecFailed)
}

func TestExecEnvironmentStdinAndDirectory(t *testing.T) {
	t.Setenv("SECRET", "x")
	f := execFixture(t, `nl.exec{"/bin/sh", "-c", "cat; pwd; env", stdin = "in\n", env = {SITE_MORE = "less"}, on_done = function(r) print(r.output) end}`)
	f.wait("SITE_MORE=less")
	line := f.host.logs[len(f.host.logs)-1]
	require.Contains(t, line, `in\n/\n`)
	require.NotContains(t, line, "SECRET")
	require.Contains(t, line, "PATH=/usr/local/sbin")
}

func TestExecFailuresAreLoggedWithoutACallback(t *testing.T) {
	f := execFixture(t, `nl.exec{"/bin/false"}
nl.exec{"/bin/sh", "-c", "echo oops; exit 3"}
nl.exec{"/nonexistent"}`)
	f.wait("W inline:3: /bin/false: exit status 1:")
	f.wait("W inline:4: /bin/sh: exit status 3: oops")
	f.wait("W inline:5: /nonexistent: ", "no such file")
	require.Equal(t, int64(3), f.Stats()[0].ExecFailed)
}

func TestExecKillsTheWholeGroupAtTheTimeout(t *testing.T) {
	f := execFixture(t, `nl.exec{"/bin/sh", "-c", "sleep 1000 & echo $!; wait", timeout = 2, on_done = function(r) print("out " .. r.output, r.code, r.timed_out, r.error) end}`)
	f.wait(`\n\t-1\ttrue\tkilled: it ran longer than 2s`)
	_, out, _ := strings.Cut(f.host.logs[len(f.host.logs)-1], "out ")
	pid, err := strconv.Atoi(out[:strings.IndexByte(out, '\\')])
	require.NoError(t, err)
	require.Eventually(t, func() bool { return gone(pid) }, 20*time.Second, 10*time.Millisecond)
}

// gone reports whether a process does not run any more; nobody may have waited
// for it.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestExecOutputIsCut(t *testing.T) {
	f := execFixture(t, `nl.exec{"/bin/sh", "-c", "i=0; while [ $i -lt 1000 ]; do echo 0123456789; i=$((i+1)); done", on_done = function(r) print(#r.output, r.code) end}`)
	f.wait(`4096\t0`)
}

func TestExecNeverBlocks(t *testing.T) {
	f := execFixture(t, `
local ok, no, why = 0, 0
for i = 1, 100 do
  local yes, reason = nl.exec{"/bin/sh", "-c", "sleep 100"}
  if yes then ok = ok + 1 else no, why = no + 1, reason end
end
print(ok, no, why)`)
	require.True(t, f.logged("too many commands are waiting"), f.host.logs)
	require.Equal(t, int64(100), f.Stats()[0].ExecRun+f.Stats()[0].ExecLimited)
	began := time.Now()
	require.NoError(t, f.Close())
	require.Less(t, time.Since(began), 5*time.Second, "Close kills what runs")
}

func TestExecIsLimitedPerKey(t *testing.T) {
	var ran []command.Command
	h := newHost()
	f := startWith(t, h, Options{
		Exec: func(c command.Command) command.Result { ran = append(ran, c); return command.Result{Output: "stub"} },
		Scripts: []Config{{AllowExec: []string{"/bin/page"}, Source: `
local nl = require "rtnetlink"
nl.every(10, function()
  for _, k in ipairs{"a", "b"} do
    print(nl.exec{"/bin/page", k, key = k, min_interval = 25, timeout = 5, on_done = function(r) print(r.output) end})
  end
end)`}}})
	f.advance(45 * time.Second)
	require.Len(t, ran, 4)
	require.Equal(t, command.Command{Script: "inline", Argv: []string{"/bin/page", "a"}, Key: "a", Timeout: 5 * time.Second}, ran[0])
	require.Equal(t, []string{"true", "true", "stub", "stub", `false\tlimited by min_interval`, `false\tlimited by min_interval`,
		`false\tlimited by min_interval`, `false\tlimited by min_interval`, "true", "true", "stub", "stub"}, f.said())
	require.Equal(t, int64(4), f.Stats()[0].ExecLimited)
}

func TestExecErrors(t *testing.T) {
	need := "nl.exec needs the option allow_exec"
	require.Contains(t, loadErr(t, Config{Source: "local nl = require 'rtnetlink'\nnl.on('start', function() nl.exec{'/bin/x'} end)"}), "inline:2: "+need)
	require.Contains(t, loadErr(t, Config{AllowExec: []string{"/bin/y"},
		Source: "local nl = require 'rtnetlink'\nnl.on('start', function() nl.exec{'/bin/x'} end)"}),
		`inline:2: nl.exec: "/bin/x" is not in allow_exec (/bin/y)`)
	for body, want := range map[string]string{
		`local p = "/bin/x" nl.exec{p}`:                                "nl.exec: /bin/x is not in allow_exec (/bin/sh, /bin/echo, /bin/false, /nonexistent)",
		`nl.exec{}`:                                                    "no command",
		`nl.exec{"/bin/sh", {}}`:                                       "argument 2 is a table, want a string",
		`nl.exec{"/bin/sh", "a\0b"}`:                                   "argument 2 has a zero byte",
		`nl.exec{"/bin/sh", shell = true}`:                             "shell: there is no such option; there are: key, min_interval, timeout, env, stdin, on_done",
		`nl.exec{"/bin/sh", timeout = 0}`:                              "timeout: want a positive number of seconds",
		`nl.exec{"/bin/sh", on_done = 1}`:                              "on_done: want a function",
		`nl.exec{"/bin/sh", env = {["A=B"] = "c"}}`:                    "env: \"A=B\" is no name or value of a variable",
		`nl.exec{"/bin/sh", env = {OTHER = "c"}}`:                      "env: OTHER is not in allow_env (NAME, SITE_*)",
		`nl.exec{"/bin/sh", env = {LD_PRELOAD = "/tmp/x.so"}}`:         "env: LD_PRELOAD is one of the variables (LD_*) that make a program load or run code, and cannot be set",
		`nl.exec{"/bin/sh", env = {ld_audit = "/tmp/x.so"}}`:           "env: ld_audit is one of the variables (LD_*)",
		`nl.exec{"/bin/sh", env = {PYTHONPATH = "/tmp"}}`:              "env: PYTHONPATH is one of the variables (PYTHON*)",
		`nl.exec{"/bin/sh", env = {BASH_ENV = "/tmp/x"}}`:              "env: BASH_ENV is one of the variables (BASH_*)",
		`nl.exec{"/bin/sh", env = {["BASH_FUNC_ls%%"] = "() { :; }"}}`: "env: BASH_FUNC_ls%% is one of the variables (BASH_*)",
		`nl.exec{"/bin/sh", env = {GIT_SSH_COMMAND = "x"}}`:            "env: GIT_SSH_COMMAND is one of the variables (GIT_*)",
		`nl.exec{"/bin/sh", env = {PATH = "/tmp"}}`:                    "env: PATH is one of the variables (PATH)",
		`nl.exec{"/bin/sh", ("x"):rep(2^18)}`:                          "argument 2: arguments and environment are over 131072 bytes",
		`nl.exec("/bin/sh")`:                                           "table expected, got string",
	} {
		f := execFixture(t, body)
		require.True(t, f.logged("E inline:3: ", want), "%s: %q", body, f.host.logs)
	}
}
