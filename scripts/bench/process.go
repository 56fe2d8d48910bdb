package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a running command. Its methods may be called by any goroutine.
type process struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	output sync.WaitGroup
	ended  chan struct{} // closed when it has exited
	log    tail
}

// start runs cmd and calls each, on a goroutine of its own, for the lines of
// its standard output, which is valid during the call. said is called for the
// lines of standard error.
func start(cmd *exec.Cmd, each func(line []byte), said func(line []byte)) (*process, error) {
	p := &process{cmd: cmd, ended: make(chan struct{})}
	stdin, err1 := cmd.StdinPipe()
	stdout, err2 := cmd.StdoutPipe()
	stderr, err3 := cmd.StderrPipe()
	if err := errors.Join(err1, err2, err3, cmd.Start()); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	p.stdin = stdin
	p.output.Go(func() { readLines(stdout, each) })
	p.output.Go(func() {
		readLines(stderr, func(line []byte) {
			p.log.add(string(line))
			said(line)
		})
	})
	go func() {
		defer close(p.ended)
		p.output.Wait()
		_ = cmd.Wait() // its status is not of interest, its output was
	}()
	return p, nil
}

// readLines calls each for every line of r, without its end.
func readLines(r io.Reader, each func([]byte)) {
	for b := bufio.NewReaderSize(r, 1<<20); ; {
		line, err := b.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
		each(line[:max(0, len(line)-1)])
	}
}

// tail keeps the last lines of standard error.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (t *tail) add(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append(t.lines[max(0, len(t.lines)-9):], line)
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}

// prompt sends an empty line to its standard input.
func (p *process) prompt(word string) { _, _ = p.stdin.Write([]byte(word + "\n")) }

// await waits for c, or for the process to end or d to pass, which are errors.
func (p *process) await(c <-chan struct{}, what string, d time.Duration) error {
	select {
	case <-c:
		return nil
	case <-p.ended:
		return fmt.Errorf("%s ended before %s:\n%s", filepath.Base(p.cmd.Path), what, p.log.String())
	case <-time.After(d):
		return fmt.Errorf("%s: no %s within %s:\n%s", filepath.Base(p.cmd.Path), what, d, p.log.String())
	}
}

// stop ends the process: by the end of its input, then by a signal.
func (p *process) stop() {
	_ = p.stdin.Close()
	for _, s := range []syscall.Signal{0, syscall.SIGTERM, syscall.SIGKILL} {
		if s != 0 {
			_ = p.cmd.Process.Signal(s)
		}
		select {
		case <-p.ended:
			return
		case <-time.After(grace):
		}
	}
}

// grace is how long each way to end a process may take.
const grace = 2 * time.Second

// peak returns the most memory, in bytes, that the running process has had
// (VmHWM, proc(5)).
func (p *process) peak() float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	var kib float64
	_, _ = fmt.Sscan(rest, &kib)
	return kib * 1024
}

// effort returns the processor time of the running process, and how often one
// of its threads got a processor (/proc/PID/schedstat).
func (p *process) effort() (cpu time.Duration, wakeups int64) {
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p.cmd.Process.Pid))
	for _, path := range paths {
		b, _ := os.ReadFile(path)
		f := strings.Fields(string(b))
		if len(f) != 3 {
			continue // the thread has ended
		}
		ns, _ := strconv.ParseInt(f[0], 10, 64)
		n, _ := strconv.ParseInt(f[2], 10, 64)
		cpu += time.Duration(ns)
		wakeups += n
	}
	return cpu, wakeups
}
