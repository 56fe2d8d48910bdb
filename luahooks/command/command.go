// Package command runs commands for scripts: in the background, a few at a time,
// without a shell, each for a limited time. It knows nothing of Lua.
package command

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Limits of nl.exec.
const (
	AtOnce         = 4        // commands that run
	Queue          = 64       // commands that wait
	MaxOutput      = 4 << 10  // bytes that are kept
	MaxStdin       = 64 << 10 // bytes; for the caller to check, as the following
	DefaultTimeout = 10 * time.Second
	MaxTimeout     = time.Hour
	// grace is how long a command that has ended may keep its output open
	// through its children.
	grace = time.Second
)

// minimalEnv is the environment of commands: nothing of this process's own,
// which may hold secrets.
var minimalEnv = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/"}

// Command is what nl.exec was asked to run.
type Command struct {
	Script  string   // which script
	Argv    []string // Argv[0] is an absolute path from the allow-list
	Env     []string // added to the minimal environment, "KEY=value"
	Stdin   string
	Key     string // the rate limit's key, empty for none
	Timeout time.Duration
}

// Result is how a Command ended.
type Result struct {
	Code     int    // exit status; -1 when it did not run or was killed
	Output   string // the first 4 KiB of standard output and error
	Err      string // empty when it ran and exited by itself
	TimedOut bool
	Duration time.Duration
}

// Problem describes a failed command.
func (r *Result) Problem() string {
	if r.Err != "" {
		return r.Err
	}
	return strings.TrimSpace(fmt.Sprintf("exit status %d: %s", r.Code, r.Output))
}

// Job is a command and what to do when it has ended.
type Job struct {
	Command Command
	Done    func(Result) // called by nobody here: for who takes the job
	Result  Result
}

// Executor runs commands in the background, a few at a time. Its goroutines
// only exist while there is something to run. Any goroutine may use it; the zero
// value cannot be used.
type Executor struct {
	stub   func(Command) Result
	Wake   chan struct{} // readable when Take has something
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu      sync.Mutex // guards the following
	queue   []*Job
	running int
	ended   []*Job
	closed  bool
}

// NewExecutor returns one that runs commands, or has stub stand in for that. It
// needs a Close.
func NewExecutor(stub func(Command) Result) *Executor {
	x := &Executor{stub: stub, Wake: make(chan struct{}, 1)}
	x.ctx, x.cancel = context.WithCancel(context.Background())
	return x
}

// Submit queues a command; false if as many as fit wait to be run or taken.
func (x *Executor) Submit(j *Job) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed || len(x.queue)+len(x.ended) >= Queue {
		return false
	}
	if x.stub != nil {
		j.Result = x.stub(j.Command)
		x.finish(j)
		return true
	}
	x.queue = append(x.queue, j)
	if x.running < AtOnce {
		x.running++
		x.wg.Go(x.work)
	}
	return true
}

// work runs queued commands until there are none.
func (x *Executor) work() {
	for j := x.next(nil); j != nil; j = x.next(j) {
		j.Result = run(x.ctx, j.Command)
	}
}

// next hands in a finished job and takes another one.
func (x *Executor) next(finished *Job) *Job {
	x.mu.Lock()
	defer x.mu.Unlock()
	if finished != nil {
		x.finish(finished)
	}
	if len(x.queue) == 0 || x.closed {
		x.running--
		return nil
	}
	j := x.queue[0]
	x.queue = x.queue[1:]
	return j
}

// finish is called with mu held.
func (x *Executor) finish(j *Job) {
	x.ended = append(x.ended, j)
	select {
	case x.Wake <- struct{}{}:
	default:
	}
}

// Finished reports whether a command has ended.
func (x *Executor) Finished() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.ended) > 0
}

// Take returns the commands that have ended.
func (x *Executor) Take() []*Job {
	x.mu.Lock()
	defer x.mu.Unlock()
	select {
	case <-x.Wake:
	default:
	}
	ended := x.ended
	x.ended = nil
	return ended
}

// Close kills what is running and waits for it.
func (x *Executor) Close() {
	x.mu.Lock()
	x.closed = true
	x.queue = nil
	x.mu.Unlock()
	x.cancel()
	x.wg.Wait()
}

// run runs one command: no shell, a process group of its own, which is killed
// as a whole when the time is over.
func run(ctx context.Context, c Command) Result {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	out := &headBuffer{}
	cmd := exec.CommandContext(ctx, c.Argv[0])
	cmd.Args = c.Argv
	cmd.Env = append(append([]string(nil), minimalEnv...), c.Env...)
	cmd.Dir = "/"
	cmd.Stdin = strings.NewReader(c.Stdin)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = grace
	began := time.Now()
	err := cmd.Run()
	r := Result{Output: string(out.head), Duration: time.Since(began), TimedOut: errors.Is(ctx.Err(), context.DeadlineExceeded)}
	return r.withError(err, c.Timeout)
}

func (r Result) withError(err error, timeout time.Duration) Result {
	var exit *exec.ExitError
	switch {
	case r.TimedOut:
		r.Code, r.Err = -1, fmt.Sprintf("killed: it ran longer than %s", timeout)
	case err == nil || errors.Is(err, exec.ErrWaitDelay):
	case errors.As(err, &exit):
		r.Code = exit.ExitCode()
		if r.Code < 0 {
			r.Err = exit.Error() // "signal: killed"
		}
	default:
		r.Code, r.Err = -1, err.Error()
	}
	return r
}

// headBuffer keeps the beginning of what is written to it.
type headBuffer struct{ head []byte }

// Write keeps what fits and says that it took everything: a command is not
// stopped for its output.
func (b *headBuffer) Write(p []byte) (int, error) {
	b.head = append(b.head, p[:min(len(p), MaxOutput-len(b.head))]...)
	return len(p), nil
}
