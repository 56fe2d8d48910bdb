package plugin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
	"telegraf-rtnetlink/plugin/internal/strict"
)

// patience is how long a test waits for what should come within milliseconds:
// the machine may be busy.
const patience = 5 * time.Minute

// running is a started plugin and what it sends.
type running struct {
	*consumer
	input *RTNetlink
	log   *journal
	ended <-chan struct{} // closed when the owner's goroutine is gone; nil: not waited for
	// excuse says which differences in a namespace are none; nil: no others
	// than what the kernel never tells.
	excuse func(netns, diff string) bool
}

// prepare returns a plugin for the namespace, with its log captured. A nil
// namespace is the process's own.
func prepare(t testing.TB, ns *nstest.NS, change ...func(*RTNetlink)) (*RTNetlink, *journal) {
	t.Helper()
	log := &journal{}
	r := New()
	r.Log = log
	r.AuditInterval = 0 // a test that hopes for an audit says so
	if ns != nil {
		r.Netns = []string{ns.Path()}
	}
	for _, f := range change {
		f(r)
	}
	require.NoError(t, r.Init())
	return r, log
}

// begin starts a plugin that ends with the test.
func begin(t testing.TB, ns *nstest.NS, change ...func(*RTNetlink)) *running {
	t.Helper()
	input, log := prepare(t, ns, change...)
	return launch(t, input, log)
}

// launch starts a prepared plugin.
func launch(t testing.TB, input *RTNetlink, log *journal) *running {
	t.Helper()
	r := &running{consumer: newConsumer(t), input: input, log: log}
	require.NoError(t, input.Start(r.accumulator()))
	r.ended = input.owner.done
	t.Cleanup(r.end)
	return r
}

// end stops the plugin, unless that has been done.
func (r *running) end() {
	r.input.Stop()
	if r.ended != nil { // a slow machine may be in the midst of a batch when Stop gives up
		select {
		case <-r.ended:
		case <-time.After(time.Minute):
		}
	}
	select {
	case <-r.done:
	default:
		close(r.ch)
		<-r.done
		r.see(func() {
			if wrong := r.stream.Errors(); len(wrong) > 0 && !r.loose {
				r.t.Errorf("broken promises:\n%s", strings.Join(wrong, "\n"))
			}
		})
	}
	if !r.t.Failed() {
		return
	}
	r.t.Log(r.log.text())
}

// settled waits until the plugin has applied all that the kernel has sent, and
// nothing is left to ask.
func (r *running) settled() {
	r.t.Helper()
	// The answer to this question comes behind all events before it.
	q := rtnl.Query{Object: rtnl.Link, Ifindex: 1, One: true, Master: 4711}
	asked := r.call(func(o *owner) {
		for _, n := range o.spaces.All() {
			n.Ask(q, time.Time{}.Add(1))
		}
	})
	require.True(r.t, asked, "the plugin is not running")
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		open := ""
		r.call(func(o *owner) { open = o.open() })
		if open == "" {
			break
		}
		if time.Now().After(end) {
			r.t.Fatalf("not settled: %s", open)
		}
	}
	var sent int64
	r.call(func(o *owner) { sent = o.stream.build.Seq() })
	r.wait("the events that were sent", func() bool { return r.stream.Seq >= sent })
}

// call runs f on the owner goroutine and reports whether it did. The owner may be
// busy for long on a slow machine.
func (r *running) call(f func(o *owner)) bool {
	o := r.input.owner
	ran := false
	if o == nil {
		return false
	}
	err := errBusy
	for end := time.Now().Add(patience); errors.Is(err, errBusy) && time.Now().Before(end); {
		err = o.call(func() { f(o); ran = true })
	}
	return ran
}

// open describes what is not yet done, empty for nothing.
func (o *owner) open() string {
	for _, n := range o.spaces.All() {
		if open := n.Pending(); open != "" {
			return open
		}
	}
	return ""
}

// difference compares the state that the events tell with the kernel's, as a
// new instance enumerates all of it, without what the options leave out: "-" only
// the kernel has, "+" only the events tell. What the kernel never tells is left to
// audits.
func (r *running) difference() string {
	r.t.Helper()
	r.settled()
	truth, log := prepare(r.t, nil, func(n *RTNetlink) {
		n.Netns, n.Objects, n.Untracked = r.input.Netns, r.input.Objects, r.input.Untracked
	})
	filter := strict.Filter{Interfaces: r.input.Interfaces, Families: r.input.Families, Tables: r.input.RouteTables, Protocols: r.input.RouteProtocols}
	other := &running{consumer: newConsumer(r.t), input: truth, log: log}
	require.NoError(r.t, truth.Start(other.accumulator()))
	defer other.end() // also where the next line fails
	other.settled()
	other.end()
	var out []string
	r.see(func() {
		for _, name := range r.stream.Namespaces() {
			other.of(name) // empty where there is no such namespace
		}
		for _, name := range other.stream.Namespaces() {
			out = append(out, slices.DeleteFunc(other.of(name).Kept(filter).Compare(r.of(name)), func(d string) bool {
				return untold(d) || r.excuse != nil && r.excuse(name, d)
			})...)
		}
		out = append(append(out, r.stream.Errors()...), r.stream.Stale()...)
	})
	return strings.Join(out, "\n")
}

// looks is how often a test compares at least before it gives up, however slow
// the machine.
const looks = 8

// requireEqual requires that the events tell the kernel's state, given time for
// what the kernel does on its own.
func (r *running) requireEqual() {
	r.t.Helper()
	diff := ""
	end := time.Now().Add(4 * time.Second)
	for n := 1; n <= looks || time.Now().Before(end); n++ {
		if diff = r.difference(); diff == "" {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	r.t.Fatalf("kernel (-) and events (+) differ:\n%s", diff)
}

// gather returns the gauges and counters.
func (r *running) gather() []telegraf.Metric {
	r.t.Helper()
	s := newConsumer(r.t)
	require.NoError(r.t, r.input.Gather(s.accumulator()))
	close(s.ch)
	<-s.done
	return s.others
}

// internal returns rtnetlink_internal of the only namespace.
func (r *running) internal() map[string]any {
	r.t.Helper()
	list := pick(r.gather(), "name", "internal")
	require.Len(r.t, list, 1)
	return list[0].Fields()
}

// journal keeps the latest log lines.
type journal struct {
	silent
	mu    sync.Mutex
	lines []string
}

func (j *journal) add(level, text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines[max(0, len(j.lines)-1000):], level+" "+text)
}

func (j *journal) Errorf(f string, a ...any) { j.add("E!", fmt.Sprintf(f, a...)) }
func (j *journal) Error(a ...any)            { j.add("E!", fmt.Sprint(a...)) }
func (j *journal) Warnf(f string, a ...any)  { j.add("W!", fmt.Sprintf(f, a...)) }
func (j *journal) Warn(a ...any)             { j.add("W!", fmt.Sprint(a...)) }
func (j *journal) Infof(f string, a ...any)  { j.add("I!", fmt.Sprintf(f, a...)) }
func (j *journal) Info(a ...any)             { j.add("I!", fmt.Sprint(a...)) }
func (j *journal) Debugf(f string, a ...any) { j.add("D!", fmt.Sprintf(f, a...)) }

func (j *journal) text() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.lines, "\n")
}

// count returns how many lines have text.
func (j *journal) count(text string) (n int) {
	for _, line := range strings.Split(j.text(), "\n") {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

// scriptOf makes a plugin run a script.
func scriptOf(t testing.TB, text string) func(*RTNetlink) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hooks.lua")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return func(r *RTNetlink) { r.Lua = append(r.Lua, LuaConfig{Script: path}) }
}
