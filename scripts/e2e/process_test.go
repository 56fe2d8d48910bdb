package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// process is a program that a test started. What it writes goes to a file,
// which is shown if the test fails.
type process struct {
	t    *testing.T
	name string
	log  string
	cmd  *exec.Cmd
	done chan struct{} // closed when it has exited
}

// startProcess starts a program, to be killed at the test's end at the latest.
func startProcess(t *testing.T, argv ...string) *process {
	t.Helper()
	name := filepath.Base(argv[0])
	f, err := os.CreateTemp(t.TempDir(), name+"-*.log")
	require.NoError(t, err)
	defer f.Close()
	p := &process{t: t, name: name, log: f.Name(), cmd: exec.Command(argv[0], argv[1:]...), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = f, f
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(t, p.cmd.Start())
	go func() {
		_ = p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(p.cleanup)
	return p
}

func (p *process) cleanup() {
	_ = p.cmd.Process.Kill()
	<-p.done
	if p.t.Failed() {
		p.t.Logf("--- %s wrote:\n%s", p.name, lastLines(p.output(), 60))
	}
}

// output returns all that the program wrote so far.
func (p *process) output() string {
	b, err := os.ReadFile(p.log)
	require.NoError(p.t, err)
	return string(b)
}

func (p *process) signal(sig syscall.Signal) {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(sig))
}

// stop sends sig and waits for the exit.
func (p *process) stop(sig syscall.Signal) {
	p.t.Helper()
	p.signal(sig)
	select {
	case <-p.done:
	case <-time.After(20 * time.Second):
		require.Failf(p.t, "does not stop", "%s runs 20 s after %v", p.name, sig)
	}
}

// child returns the pid of the one child of p that runs the program name.
func (p *process) child(name string) int {
	p.t.Helper()
	pid := 0
	require.Eventually(p.t, func() bool {
		pid = findChild(p.cmd.Process.Pid, name)
		return pid != 0
	}, 20*time.Second, 20*time.Millisecond, "%s has no child %s", p.name, name)
	return pid
}

func findChild(parent int, name string) int {
	for _, p := range processes() {
		// The kernel cuts names at 15 bytes.
		if p.parent == parent && p.state != "Z" && strings.HasPrefix(name, p.name) {
			return p.pid
		}
	}
	return 0
}

// processInfo is what proc(5) says about a process in /proc/pid/stat.
type processInfo struct {
	pid, parent int
	name, state string
	ticks       int // of CPU time, its own and that of children that ended
}

// processes lists all that run.
func processes() []processInfo {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil
	}
	var list []processInfo
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			continue // just gone
		}
		open, end := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
		rest := strings.Fields(string(b[end+1:]))
		p := processInfo{name: string(b[open+1 : end]), state: rest[0]}
		p.pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(file)))
		p.parent, _ = strconv.Atoi(rest[1])
		for _, ticks := range rest[11:15] {
			n, _ := strconv.Atoi(ticks)
			p.ticks += n
		}
		list = append(list, p)
	}
	return list
}

// descriptors counts the open files of a process.
func descriptors(t *testing.T, pid int) int {
	t.Helper()
	list, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/fd")
	require.NoError(t, err)
	return len(list)
}

func lastLines(s string, n int) string {
	lines := strings.Split(s, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
