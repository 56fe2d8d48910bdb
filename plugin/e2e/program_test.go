package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// program starts telegraf-rtnetlink with a configuration (the part of the table
// behind [[inputs.rtnetlink]]), without gauges and counters unless asked for.
func program(t *testing.T, ns *nstest.NS, options string) *process {
	t.Helper()
	config := write(t, "rtnetlink.conf", "[[inputs.rtnetlink]]\n"+options)
	p := launch(t, ns, programPath("telegraf-rtnetlink"), "-config", config, "-poll_interval_disabled")
	return p
}

// ready waits until the first enumeration is over: lo is always there, and
// comes first.
func ready(t *testing.T, out *record) {
	t.Helper()
	out.waitForText(t, "rtnetlink_link,action=new,interface=lo,origin=dump ")
}

func TestEveryChangeIsPrinted(t *testing.T) {
	ns := nstest.New(t)
	p := program(t, ns, "")
	ready(t, p.stdout)
	play(ns)
	requireScenario(t, p.stdout)
	require.NoError(t, p.stdin.Close())
	require.Zero(t, p.wait())
	lines, _ := p.stdout.all()
	requireNumbered(t, parse(t, lines))
	require.Empty(t, withoutInfo(p.stderr))
}

// withoutInfo returns the log lines that are no mere information.
func withoutInfo(r *record) (out []string) {
	lines, _ := r.all()
	for _, l := range lines {
		if !strings.HasPrefix(l, "I! ") {
			out = append(out, l)
		}
	}
	return out
}

func TestNoPrivilegesAreNeeded(t *testing.T) {
	setpriv := nstest.NeedTool(t, "setpriv") // of util-linux, to give up capabilities
	ns := nstest.New(t)
	p := launch(t, ns, setpriv, "--bounding-set", "-all", "--inh-caps", "-all", programPath("telegraf-rtnetlink"), "-poll_interval_disabled")
	ready(t, p.stdout)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	require.NoError(t, err)
	require.Contains(t, string(status), "CapEff:\t0000000000000000")
	play(ns)
	requireScenario(t, p.stdout)
}

func TestEveryEndIsClean(t *testing.T) {
	ends := map[string]func(*process){
		"end of standard input": func(p *process) { _ = p.stdin.Close() },
		"SIGTERM":               func(p *process) { p.signal(syscall.SIGTERM) },
		"SIGINT":                func(p *process) { p.signal(syscall.SIGINT) },
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			ns := nstest.New(t)
			ns.Run("link set lo up")
			p := program(t, ns, "")
			ready(t, p.stdout)
			const routes = 500
			for i := range routes {
				ns.Run(fmt.Sprintf("route add 10.0.%d.%d/32 dev lo", i/250, i%250))
			}
			end(p)
			require.Zero(t, p.wait())
			// The first of them may be part of the first enumeration.
			require.Equal(t, routes, strings.Count(p.stdout.text(), `table=main,type=unicast dst="10.0.`),
				"what happened before the end is written")
		})
	}
}

func TestTheFirstEnumerationIsWhole(t *testing.T) {
	ns := nstest.New(t)
	ns.Run("link set lo up")
	const routes = 1000
	for i := range routes {
		ns.Run(fmt.Sprintf("route add 10.0.%d.%d/32 dev lo", i/250, i%250))
	}
	p := program(t, ns, "")
	p.stdout.waitFor(t, "all routes", func(lines []string) bool {
		return strings.Count(strings.Join(lines, "\n"), `table=main,type=unicast dst="10.0.`) == routes
	})
	lines, _ := p.stdout.all()
	requireNumbered(t, parse(t, lines))
}

func TestAClosedStdoutIsReported(t *testing.T) {
	ns := nstest.New(t)
	read, write, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, read.Close())
	cmd := exec.Command(programPath("telegraf-rtnetlink"), "-poll_interval_disabled")
	cmd.Stdout = write
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	defer stdin.Close()
	require.NoError(t, ns.Start(cmd))
	errors := newRecord(stderr)
	select {
	case <-errors.end:
	case <-time.After(patience):
		_ = cmd.Process.Kill()
		require.Fail(t, "the program does not end")
	}
	require.Error(t, cmd.Wait())
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	require.Equal(t, "E! [inputs.rtnetlink] cannot write metrics: write /dev/stdout: broken pipe", strings.Join(withoutInfo(errors), "\n"))
}

func TestALineOnStdinSendsGauges(t *testing.T) {
	ns := nstest.New(t)
	p := program(t, ns, "")
	ready(t, p.stdout)
	_, err := p.stdin.Write([]byte("\n"))
	require.NoError(t, err)
	p.stdout.waitForText(t, "rtnetlink_interface,interface=lo ")
	p.stdout.waitForText(t, "rtnetlink_internal")
}

func TestHooksDropAndTag(t *testing.T) {
	ns := nstest.New(t)
	script := write(t, "hook.lua", `
local nl = require "rtnetlink"
nl.on("route", {type = "local"}, nl.DROP)
nl.on("address", function(ev)
  ev:tag("zone", config.zone)
  nl.log.warn("address %s", ev["local"])
end)
nl.on("neighbor", function(ev) error("on purpose") end)
`)
	p := program(t, ns, fmt.Sprintf("[[inputs.rtnetlink.lua]]\nscript = %q\n[inputs.rtnetlink.lua.constants]\nzone = \"edge\"\n", script))
	ready(t, p.stdout)
	play(ns)
	requireScenario(t, p.stdout)
	require.NotContains(t, p.stdout.text(), "type=local")
	require.Contains(t, p.stdout.text(), "rtnetlink_address,action=new,family=inet,interface=v0,origin=notify,scope=global,zone=edge ")
	p.stderr.waitForText(t, "W! [inputs.rtnetlink] ")
	require.Contains(t, p.stderr.text(), "address 10.9.0.1")
	require.Regexp(t, `(?m)^E! \[inputs.rtnetlink\] .*hook.lua:8: .*on purpose`, p.stderr.text())
}

func TestSIGHUPLoadsScriptsAgain(t *testing.T) {
	ns := nstest.New(t)
	ns.Run("link set lo up") // the kernel does not announce an alias otherwise
	script := write(t, "hook.lua", `require("rtnetlink").on("link", function(ev) ev:tag("version", "1") end)`)
	p := program(t, ns, fmt.Sprintf("[[inputs.rtnetlink.lua]]\nscript = %q\n", script))
	p.stdout.waitForText(t, "interface=lo,origin=dump,version=1 ")
	require.NoError(t, os.WriteFile(script, []byte(`require("rtnetlink").on("link", function(ev) ev:tag("version", "two") end)`), 0o600))
	p.signal(syscall.SIGHUP)
	for i := 0; !strings.Contains(p.stdout.text(), "version=two"); i++ {
		require.Less(t, i, 200)
		ns.Run(fmt.Sprintf("link set lo alias a%d", i))
		time.Sleep(50 * time.Millisecond)
	}
	require.NoError(t, p.stdin.Close())
	require.Zero(t, p.wait())
}

func TestBadScriptsAreRefused(t *testing.T) {
	ns := nstest.New(t)
	writable := write(t, "writable.lua", "")
	require.NoError(t, os.Chmod(writable, 0o622))
	tests := map[string]struct{ script, want string }{
		"missing":          {"/no/such.lua", "script: stat /no/such.lua: no such file or directory"},
		"group-writable":   {writable, "writable by group or others (mode 0622), run: chmod go-w " + writable},
		"does not compile": {write(t, "broken.lua", "local x =\n"), "broken.lua"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p := program(t, ns, fmt.Sprintf("[[inputs.rtnetlink.lua]]\nscript = %q\n", tt.script))
			require.Equal(t, 1, p.wait())
			lines, _ := p.stderr.all()
			require.Len(t, lines, 1)
			require.True(t, strings.HasPrefix(lines[0], "E! [inputs.rtnetlink] "), lines[0])
			require.Contains(t, lines[0], tt.want)
		})
	}
}

// TestTheScriptOfTheReadme runs the README's example.
func TestTheScriptOfTheReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(readme), "```lua\n")
	require.True(t, ok)
	source, _, ok := strings.Cut(rest, "```\n")
	require.True(t, ok)

	ns := nstest.New(t)
	p := program(t, ns, fmt.Sprintf("[[inputs.rtnetlink.lua]]\nscript = %q\n", write(t, "routes.lua", source)))
	ready(t, p.stdout)
	ns.Run(
		"link add v0 type veth peer name v1", "link set v0 up", "addr add 10.9.0.1/24 dev v0",
		"route add 10.30.0.0/16 via 10.9.0.2 proto bgp",
		"route add default via 10.9.0.2",
	)
	p.stdout.waitForText(t, `rtnetlink_route,action=new,default_route=true,family=inet,interface=v0,`)
	p.stderr.waitForText(t, "default route new: v0 via 10.9.0.2")
	require.NotContains(t, p.stdout.text(), "10.30.0.0/16")
	_, err = p.stdin.Write([]byte("\n"))
	require.NoError(t, err)
	p.stdout.waitForText(t, "bgp_churn,action=new,table=main ")
}
