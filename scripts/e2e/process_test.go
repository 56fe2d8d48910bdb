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
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0
	}
	for _, path := range stats {
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		// pid (comm) state ppid …; comm is cut at 15 bytes (proc(5)).
		at := bytes.LastIndexByte(b, ')')
		rest := strings.Fields(string(b[at+1:]))
		comm := string(b[bytes.IndexByte(b, '(')+1 : at])
		if len(rest) > 1 && rest[1] == strconv.Itoa(parent) && rest[0] != "Z" && strings.HasPrefix(name, comm) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			return pid
		}
	}
	return 0
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
