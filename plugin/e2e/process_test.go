package e2e

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// patience is how long a test waits for what should come within milliseconds:
// the machine may be busy.
const patience = 30 * time.Second

// process is a running program and what it printed so far.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *record
	stderr *record
	ended  chan error
}

// record collects lines.
type record struct {
	mu    sync.Mutex
	lines []string
	more  chan struct{} // closed and replaced when a line comes
	end   chan struct{}
}

func newRecord(r io.Reader) *record {
	rec := &record{more: make(chan struct{}), end: make(chan struct{})}
	go func() {
		defer close(rec.end)
		in := bufio.NewScanner(r)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			rec.mu.Lock()
			rec.lines = append(rec.lines, in.Text())
			close(rec.more)
			rec.more = make(chan struct{})
			rec.mu.Unlock()
		}
	}()
	return rec
}

// all returns the lines so far, and what is closed at the next one.
func (r *record) all() ([]string, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lines[:len(r.lines):len(r.lines)], r.more
}

func (r *record) text() string {
	lines, _ := r.all()
	return strings.Join(lines, "\n")
}

// tail returns the last lines, shortened, for a report.
func (r *record) tail() string {
	lines, _ := r.all()
	var b strings.Builder
	for _, l := range lines[max(0, len(lines)-60):] {
		b.WriteString(l[:min(len(l), 300)] + "\n")
	}
	return b.String()
}

// waitFor waits until done is content with the lines.
func (r *record) waitFor(t *testing.T, what string, done func(lines []string) bool) {
	t.Helper()
	timeout := time.After(patience)
	for {
		lines, more := r.all()
		if done(lines) {
			return
		}
		select {
		case <-more:
		case <-timeout:
			require.Failf(t, "missing "+what, "in %d lines", len(lines))
		}
	}
}

// waitForText waits for a line that contains text.
func (r *record) waitForText(t *testing.T, text string) {
	t.Helper()
	r.waitFor(t, fmt.Sprintf("%q", text), func(lines []string) bool {
		for _, l := range lines {
			if strings.Contains(l, text) {
				return true
			}
		}
		return false
	})
}

// launch starts a program in a namespace. It is killed when the test ends.
func launch(t *testing.T, ns *nstest.NS, name string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(name, args...), ended: make(chan error, 1)}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var err error
	p.stdin, err = p.cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	stderr, err := p.cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, ns.Start(p.cmd))
	p.stdout, p.stderr = newRecord(stdout), newRecord(stderr)
	go func() {
		<-p.stdout.end
		<-p.stderr.end
		p.ended <- p.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		if t.Failed() {
			t.Logf("%s %v\nstdout:\n%s\nstderr:\n%s", name, args, p.stdout.tail(), p.stderr.tail())
		}
	})
	return p
}

// wait waits for the end and returns the exit status.
func (p *process) wait() int {
	p.t.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		require.Fail(p.t, "the program does not end")
		return 0
	}
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(s))
}

// write makes a file for a test and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := t.TempDir() + "/" + name
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}
