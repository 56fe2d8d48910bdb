package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

const agentConfig = `
[agent]
  interval = "1s"
  flush_interval = "200ms"
  omit_hostname = true
[[outputs.file]]
  files = ["stdout"]
`

// execd is the configuration of a stock Telegraf that runs the program with
// options.
func execd(t *testing.T, options string) string {
	t.Helper()
	config := write(t, "rtnetlink.conf", "[[inputs.rtnetlink]]\n"+options)
	return write(t, "telegraf.conf", agentConfig+fmt.Sprintf(`
[[inputs.execd]]
  command = [%q, "-config", %q, "-poll_interval_disabled"]
  signal = "STDIN"
  restart_delay = "100ms"
  data_format = "influx"
`, programPath("telegraf-rtnetlink"), config))
}

// inAgent is the configuration of an agent that has the plugin compiled in.
func inAgent(t *testing.T, options string) string {
	t.Helper()
	return write(t, "telegraf.conf", agentConfig+"[[inputs.rtnetlink]]\n"+options)
}

// ways are the two ways in which the plugin runs in a Telegraf.
var ways = []struct {
	name   string
	start  func(t *testing.T, ns *nstest.NS, options string) *process
	prefix string // of the plugin's log lines, behind time and level
}{
	{"stock Telegraf with inputs.execd", func(t *testing.T, ns *nstest.NS, options string) *process {
		return launch(t, ns, programPath("telegraf"), "--config", execd(t, options))
	}, "[inputs.execd] [inputs.rtnetlink] "},
	{"compiled into an agent", func(t *testing.T, ns *nstest.NS, options string) *process {
		return launch(t, ns, programPath("agent"), inAgent(t, options))
	}, "[inputs.rtnetlink] "},
}

func TestEveryChangeArrivesInTelegraf(t *testing.T) {
	needTelegraf(t)
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			ns := nstest.New(t)
			ns.Run("link set lo up")
			for i := range 300 { // more than the agent's channel holds
				ns.Run(fmt.Sprintf("route add 10.0.%d.%d/32 dev lo", i/250, i%250))
			}
			p := way.start(t, ns, "")
			ready(t, p.stdout)
			play(ns)
			requireScenario(t, p.stdout)
			p.stdout.waitForText(t, "rtnetlink_interface,interface=lo ")
			// When it stops, inputs.execd may complain about its own pipes.
			require.NotContains(t, p.stderr.text(), "E! ")
			p.signal(syscall.SIGTERM)
			require.Zero(t, p.wait())
			lines, _ := p.stdout.all()
			requireNumbered(t, parse(t, lines))
		})
	}
}

// TestBothWaysSayTheSame compares the events of the scenario line by line, but
// for times, numbers, who ran which ip, and what the kernel chooses at random.
func TestBothWaysSayTheSame(t *testing.T) {
	needTelegraf(t)
	var got [2]string
	for i, way := range ways {
		ns := nstest.New(t)
		p := way.start(t, ns, "")
		ready(t, p.stdout)
		play(ns)
		requireScenario(t, p.stdout)
		lines, _ := p.stdout.all()
		for _, m := range events(parse(t, lines)) {
			if tag(m, "family") == "inet6" || m.Name() == "rtnetlink_link" {
				continue // random link-local addresses and their timing
			}
			for _, volatile := range []string{"seq", "ifindex", "flags", "portid", "process"} {
				m.RemoveField(volatile)
			}
			got[i] += fmt.Sprintln(m.Name(), m.Tags(), m.Fields())
		}
	}
	require.NotEmpty(t, got[0])
	require.Equal(t, got[0], got[1])
}

func TestLogLinesKeepTheirLevel(t *testing.T) {
	needTelegraf(t)
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			script := write(t, "hook.lua", `
local nl = require "rtnetlink"
nl.on("link", function(ev)
  nl.log.error("an error")
  nl.log.warn("a warning")
  nl.log.info("an information")
end)`)
			p := way.start(t, nstest.New(t), fmt.Sprintf("[[inputs.rtnetlink.lua]]\nscript = %q\n", script))
			for level, text := range map[string]string{"E! ": "an error", "W! ": "a warning", "I! ": "an information"} {
				p.stderr.waitForText(t, text)
				require.Regexp(t, `(?m)^\S+ `+level+escape(way.prefix)+`.*`+text+`$`, p.stderr.text())
			}
		})
	}
}

func escape(text string) string { return strings.NewReplacer("[", `\[`, "]", `\]`).Replace(text) }

func TestPrecisionDoesNotMergeEvents(t *testing.T) {
	needTelegraf(t)
	ns := nstest.New(t)
	p := ways[1].start(t, ns, `precision = "1s"`)
	ready(t, p.stdout)
	play(ns)
	requireScenario(t, p.stdout)
	lines, _ := p.stdout.all()
	requireNumbered(t, parse(t, lines))
}

func TestAKilledProgramIsStartedAgain(t *testing.T) {
	needTelegraf(t)
	ns := nstest.New(t)
	p := ways[0].start(t, ns, "")
	ready(t, p.stdout)
	child := children(t, p.cmd.Process.Pid)
	require.Len(t, child, 1)
	require.NoError(t, syscall.Kill(child[0], syscall.SIGKILL))
	p.stdout.waitFor(t, "a second enumeration", func(lines []string) bool {
		return strings.Count(strings.Join(lines, "\n"), "rtnetlink_link,action=new,interface=lo,origin=dump ") == 2
	})
}

func TestTheProgramEndsWithItsTelegraf(t *testing.T) {
	needTelegraf(t)
	ns := nstest.New(t)
	p := ways[0].start(t, ns, "")
	ready(t, p.stdout)
	child := children(t, p.cmd.Process.Pid)
	require.Len(t, child, 1)
	p.signal(syscall.SIGKILL)
	require.Eventually(t, func() bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child[0]))
		return err != nil || strings.Contains(string(stat), ") Z ")
	}, patience, 10*time.Millisecond)
}

// children lists the processes that pid started, from any of its threads.
func children(t *testing.T, pid int) (out []int) {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, field := range strings.Fields(string(text)) {
			child, err := strconv.Atoi(field)
			require.NoError(t, err)
			out = append(out, child)
		}
	}
	return out
}

func TestTelegrafRefusesBadConfiguration(t *testing.T) {
	needTelegraf(t)
	for option, want := range map[string]string{
		"objekts = []":            "objekts",
		`objects = ["links"]`:     `objects: unknown value "links" (choices: link, address, route, neighbor, rule, nexthop`,
		`receive_buffer = "1KiB"`: "receive_buffer: 1024 bytes, want 64KiB to 1GiB",
	} {
		p := ways[1].start(t, nstest.New(t), option)
		require.NotZero(t, p.wait(), option)
		require.Contains(t, p.stderr.text(), want)
	}
}
