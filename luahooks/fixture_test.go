package luahooks

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/model"
)

// fixture is a runtime under test.
type fixture struct {
	*Runtime
	t    testing.TB
	host *testHost
}

// start loads scripts given as text.
func start(t testing.TB, sources ...string) *fixture {
	t.Helper()
	var configs []Config
	for _, s := range sources {
		configs = append(configs, Config{Source: s, Timeout: slower * 50 * time.Millisecond})
	}
	return startWith(t, newHost(), Options{Scripts: configs})
}

func startWith(t testing.TB, h *testHost, o Options) *fixture {
	t.Helper()
	o.Schema, o.Host = testSchema, h
	r, err := New(o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return &fixture{r, t, h}
}

// loadErr returns the error of loading a script.
func loadErr(t testing.TB, c Config) string {
	t.Helper()
	r, err := New(Options{Schema: testSchema, Host: newHost(), Scripts: []Config{c}})
	if err == nil {
		r.Close()
		return ""
	}
	return err.Error()
}

// Reload is that of the runtime, to its end.
func (f *fixture) Reload(force bool) {
	f.Runtime.Reload(force)
	f.mend()
}

// Run is that of the runtime, and what a host does before the next event.
func (f *fixture) Run(ev model.Event, out model.Output) bool {
	defer f.mend()
	return f.Runtime.Run(ev, out)
}

// Flush is that of the runtime, likewise.
func (f *fixture) Flush() {
	defer f.mend()
	f.Runtime.Flush()
}

// mend lets scripts be loaded and repaired, to the end.
func (f *fixture) mend() {
	for f.loads.reloading || len(f.loads.reloaded) > 0 || slices.ContainsFunc(f.loads.scripts(), (*script).isBroken) {
		f.Poll()
	}
}

// run runs one event and returns whether it was kept, and the edits.
func (f *fixture) run(ev *testEvent) (bool, []string) {
	out := &testOutput{}
	keep := f.Run(ev, out)
	return keep, out.edits
}

// kept runs one event whose edits are of no interest.
func (f *fixture) kept(ev *testEvent) bool {
	keep, _ := f.run(ev)
	return keep
}

// advance moves the clock, stopping at each timer.
func (f *fixture) advance(d time.Duration) {
	end := f.host.clock.Add(d)
	for {
		next, ok := f.Next()
		if !ok || next.After(end) {
			break
		}
		if next.After(f.host.clock) {
			f.host.clock = next
		}
		f.Poll()
	}
	f.host.clock = end
	f.Poll()
}

// logged reports whether a log line holds all of the parts.
func (f *fixture) logged(parts ...string) bool {
	return slices.ContainsFunc(f.host.logs, func(line string) bool {
		for _, p := range parts {
			if !strings.Contains(line, p) {
				return false
			}
		}
		return true
	})
}

// said returns the text of nl.log.info and print lines.
func (f *fixture) said() []string {
	var out []string
	for _, line := range f.host.logs {
		if rest, ok := strings.CutPrefix(line, "I inline:"); ok && !strings.Contains(rest, "advice:") {
			_, text, _ := strings.Cut(rest, ": ")
			out = append(out, text)
		}
	}
	return out
}

// eval runs a chunk when the runtime starts and returns what it printed.
func eval(t testing.TB, body string) []string {
	t.Helper()
	f := start(t, "local nl = require 'rtnetlink'\nnl.on('start', function()\n"+body+"\nend)")
	f.Moment(Start)
	for _, line := range f.host.logs {
		require.False(t, strings.HasPrefix(line, "E "), line)
	}
	return f.said()
}

// evalErr runs a chunk that fails and returns its error line.
func evalErr(t testing.TB, body string) string {
	t.Helper()
	f := start(t, "local nl = require 'rtnetlink'\nnl.on('start', function()\n"+body+"\nend)")
	f.Moment(Start)
	for _, line := range f.host.logs {
		if rest, ok := strings.CutPrefix(line, "E "); ok {
			return rest
		}
	}
	require.Fail(t, "no error", body)
	return ""
}
