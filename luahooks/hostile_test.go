package luahooks

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"telegraf-rtnetlink/luahooks/command"

	"github.com/stretchr/testify/require"
)

// hostileLimit is what the process that runs the hostile scripts may take at
// most, in bytes: its resident set, since Go reserves addresses that it does not
// use.
const hostileLimit = 512 << 20

// hostileChild is the environment variable that makes the test binary run them.
const hostileChild = "LUAHOOKS_HOSTILE"

// TestHostileScriptsStopNothing runs each script of testdata/hostile.txt in a
// process of their own: it lives, every event comes out, and a line of the log
// says which script, where and what limit.
func TestHostileScriptsStopNothing(t *testing.T) {
	if os.Getenv(hostileChild) != "" {
		runHostile(t)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestHostileScriptsStopNothing$", "-test.v")
	cmd.Env = append(os.Environ(), hostileChild+"=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	require.True(t, ok)
	largest := usage.Maxrss << 10
	t.Logf("largest resident set %d MiB", largest>>20)
	if slower == 1 { // the race detector multiplies memory
		require.Less(t, largest, int64(hostileLimit))
	}
}

// hostile is one line of the file.
type hostile struct {
	line              int
	where, body, said string
}

// stopped is the line of a script that ran into the time or memory limit: with the
// script, its line unless it grew over time, and the limit. A call of the library
// that begins when the time is over has no line: the hook's is named.
var stopped = regexp.MustCompile(`^E inline(:4: stopped)?: it (ran longer than the time limit of 50ms|ran longer than the time limit of 500ms|holds more than max_memory \(32 MiB\), most of it in .+)` +
	`|^E inline: stopped: it ran longer than the time limit of \d+ms \(.+ at inline:3\)`)

func hostileScripts(t *testing.T) (list []hostile) {
	t.Helper()
	f, err := os.Open("testdata/hostile.txt")
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if where, body, ok := strings.Cut(lines.Text(), ": "); ok && !strings.HasPrefix(where, "#") {
			body, said, ok := strings.Cut(body, " --= ")
			require.True(t, ok, "line %d: what does the log say?", n)
			list = append(list, hostile{n, where, body, said})
		}
	}
	require.GreaterOrEqual(t, len(list), 100)
	return list
}

// source is the script, whose hostile line is its fourth.
func (h hostile) source() string {
	wrap := map[string]string{
		"hook":  "nl.on(\"link\", {action = \"new\"}, function(ev)\n%s\nend)",
		"start": "nl.on(\"start\", function()\n%s\nend)",
		"timer": "nl.every(0.01, function()\n%s\nend)",
	}[h.where]
	return "local nl = require \"rtnetlink\"\nlocal kept, n\n" + fmt.Sprintf(wrap, h.body)
}

func runHostile(t *testing.T) {
	for _, h := range hostileScripts(t) {
		t.Run(fmt.Sprintf("%d %s", h.line, h.where), func(t *testing.T) { h.run(t) })
	}
	t.Run("together", runTogether)
	t.Run("all keep what they may", runKeeping)
}

// runKeeping runs a hundred scripts with the default limits, each of which wants to
// keep 60 MiB.
func runKeeping(t *testing.T) {
	host := newHost()
	f := startWith(t, host, Options{Forgets: true, Scripts: many(100, `
local nl, kept = require "rtnetlink", {}
nl.on("start", function() for i = 1, 120 do kept[i] = ("x"):rep(2^19) .. i end end)
nl.on("link", function() for i = #kept + 1, math.min(120, #kept + 20) do kept[i] = ("x"):rep(2^19) .. i end end)`)})
	f.Moment(Start)
	for range 20 {
		require.True(t, f.kept(linkEvent("new", nil)))
	}
	require.True(t, f.logged("stopped: it holds ", ", most of it in kept (inline", ", and all scripts together more than they may (128 MiB)"), "%q", f.host.logs)
}

// limited is the line of one that came to another limit before, on a fast machine.
var limited = regexp.MustCompile(`^E inline:4: .*\b(over \d|at most|one too many|the limit is|longer than|more than|too many|too large)`)

// hostileDelay is how much of the processor an event may cost the hooks' thread. It is
// 75 to 85 ms, and 90 at most with one processor and fifteen others that want it.
const hostileDelay = slower * delayFactor * defaultTimeout

// hostileTries is how often a script is tried until no event of it takes longer: the
// collector of garbage may take its part of a thread once.
const hostileTries = 2

func (h hostile) run(t *testing.T) {
	runtime.LockOSThread() // whose time is measured
	defer runtime.UnlockOSThread()
	worst := h.once(t)
	for try := 1; worst > hostileDelay && try < hostileTries; try++ {
		worst = min(worst, h.once(t))
	}
	require.LessOrEqual(t, worst, hostileDelay, h.body)
}

// runTogether runs all of them at once: an event waits no longer than for one, and the
// process takes no more memory than it may.
func runTogether(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all []Config
	for _, h := range hostileScripts(t) {
		all = append(all, Config{Source: h.source(), AllowExec: []string{"/bin/true"}, MaxMemory: 32 << 20})
	}
	worst := together(t, all)
	for try := 1; worst > hostileDelay && try < hostileTries; try++ {
		worst = min(worst, together(t, all))
	}
	t.Logf("an event waited %s at most", worst)
	require.LessOrEqual(t, worst, hostileDelay)
}

// together runs scripts in some events, and returns the longest time that one took.
func together(t *testing.T, all []Config) (worst time.Duration) {
	host := newHost()
	host.real = true
	f := startWith(t, host, Options{Forgets: true, Exec: func(command.Command) command.Result { return command.Result{} }, Scripts: all})
	f.Moment(Start)
	measured := func(call func()) {
		before := threadTime()
		call()
		worst = max(worst, threadTime()-before)
	}
	for i := range 25 {
		measured(func() {
			require.True(t, f.Runtime.Run(linkEvent("new", values{"interface": "eth0", "mtu": 1500 + i}), &testOutput{}))
		})
		for range 4 {
			measured(func() { f.Poll() })
		}
		host.emitted = nil
	}
	return worst
}

// once runs the script in some events, and returns the longest time that one took.
func (h hostile) once(t *testing.T) (worst time.Duration) {
	host := newHost()
	host.real = true
	for i := range 1000 {
		host.rows = append(host.rows, testRow{objLink, values{"interface": fmt.Sprint("v", i), "mtu": 1500}})
	}
	f := startWith(t, host, Options{Forgets: true, Exec: func(command.Command) command.Result { return command.Result{} }, Scripts: []Config{
		{Source: h.source(), AllowExec: []string{"/bin/true"}, MaxMemory: 32 << 20},
		{Source: `require("rtnetlink").on("link", function(ev) ev:tag("other", "ran") end)`},
	}})
	f.Moment(Start)
	for i := range 12 {
		before := threadTime()
		out := &testOutput{}
		require.True(t, f.Runtime.Run(linkEvent("new", values{"interface": "eth0", "mtu": 1500 + i}), out), h.body)
		require.Contains(t, out.edits, "tag other=ran", h.body)
		worst = max(worst, threadTime()-before)
		time.Sleep(time.Millisecond)
		for range 3 { // a new Lua state, its reload hook, timers
			before = threadTime()
			f.Poll() // an event may come meanwhile
			worst = max(worst, threadTime()-before)
		}
		f.Runtime.Flush()
		f.host.emitted = nil
	}
	require.True(t, slices.ContainsFunc(host.logs, h.expected), "%s\n%s\n%q", h.body, h.said, host.logs)
	for _, line := range host.logs {
		require.LessOrEqual(t, len(line), maxLogText+200, h.body)
	}
	return worst
}

// expected reports whether a line of the log says what has gone wrong.
func (h hostile) expected(line string) bool {
	if h.said == "stopped" {
		return stopped.MatchString(line) || limited.MatchString(line)
	}
	return stopped.MatchString(line) || strings.HasPrefix(line[2:], h.said)
}

// threadTime is what this thread has used of the processor.
func threadTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
