package luahooks

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

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
	line        int
	where, body string
}

func hostileScripts(t *testing.T) (list []hostile) {
	t.Helper()
	f, err := os.Open("testdata/hostile.txt")
	require.NoError(t, err)
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if where, body, ok := strings.Cut(lines.Text(), ": "); ok && !strings.HasPrefix(where, "#") {
			list = append(list, hostile{n, where, body})
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
}

// spoken is a line about what a script did: the script, its line and more.
var spoken = regexp.MustCompile(`^[EW] inline(:\d+)?: `)

func (h hostile) run(t *testing.T) {
	host := newHost()
	host.real = true
	for i := range 1000 {
		host.rows = append(host.rows, testRow{objLink, values{"interface": fmt.Sprint("v", i), "mtu": 1500}})
	}
	f := startWith(t, host, Options{Forgets: true, Exec: func(Command) Result { return Result{} }, Scripts: []Config{
		{Source: h.source(), AllowExec: []string{"/bin/true"}, MaxMemory: 32 << 20},
		{Source: `require("rtnetlink").on("link", function(ev) ev:tag("other", "ran") end)`},
	}})
	f.Moment(Start)
	for i := range 12 {
		before := processorTime()
		out := &testOutput{}
		require.True(t, f.Run(linkEvent("new", values{"interface": "eth0", "mtu": 1500 + i}), out), h.body)
		require.Contains(t, out.edits, "tag other=ran", h.body)
		// Of the processor, not of the clock: other tests run beside this one.
		require.Less(t, processorTime()-before, 2*time.Second, h.body)
		time.Sleep(time.Millisecond)
		f.Poll()
		f.Flush()
		f.host.emitted = nil
	}
	said := 0
	for _, line := range host.logs {
		if spoken.MatchString(line) {
			said++
		}
		require.LessOrEqual(t, len(line), maxLogText+200, h.body)
	}
	if h.where != "timer" || h.body == "while true do end" {
		require.Positive(t, said+int(f.Stats()[0].TagsFolded+f.Stats()[0].Evictions), "%s\n%q", h.body, host.logs)
	}
}
