package luahooks

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
	execAtOnce     = 4
	execQueue      = 64
	execOutput     = 4 << 10
	execStdin      = 64 << 10
	execTimeout    = 10 * time.Second
	execMaxTimeout = time.Hour
	// execGrace is how long a command that has ended may keep its output open
	// through its children.
	execGrace = time.Second
)

// minimalEnv is the environment of commands: nothing of this process's own,
// which may hold secrets.
var minimalEnv = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/"}

// job is a command and what to do when it has ended.
type job struct {
	cmd    Command
	done   func(Result) // on the hooks' goroutine
	result Result
}

// executor runs commands in the background, a few at a time. Its goroutines
// only exist while there is something to run.
type executor struct {
	stub   func(Command) Result
	wake   chan struct{} // readable when ended has something
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu      sync.Mutex // guards the following
	queue   []*job
	running int
	ended   []*job
	closed  bool
}

func newExecutor(stub func(Command) Result) *executor {
	x := &executor{stub: stub, wake: make(chan struct{}, 1)}
	x.ctx, x.cancel = context.WithCancel(context.Background())
	return x
}

// submit queues a command; false if the queue is full.
func (x *executor) submit(j *job) bool {
	if x.stub != nil {
		j.result = x.stub(j.cmd)
		x.mu.Lock()
		defer x.mu.Unlock()
		x.finish(j)
		return true
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed || len(x.queue) >= execQueue {
		return false
	}
	x.queue = append(x.queue, j)
	if x.running < execAtOnce {
		x.running++
		x.wg.Go(x.work)
	}
	return true
}

// work runs queued commands until there are none.
func (x *executor) work() {
	for j := x.next(nil); j != nil; j = x.next(j) {
		j.result = run(x.ctx, j.cmd)
	}
}

// next hands in a finished job and takes another one.
func (x *executor) next(finished *job) *job {
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
func (x *executor) finish(j *job) {
	x.ended = append(x.ended, j)
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// finished reports whether a command has ended.
func (x *executor) finished() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.ended) > 0
}

// take returns the commands that have ended.
func (x *executor) take() []*job {
	x.mu.Lock()
	defer x.mu.Unlock()
	select {
	case <-x.wake:
	default:
	}
	ended := x.ended
	x.ended = nil
	return ended
}

// close kills what is running and waits for it.
func (x *executor) close() {
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
	cmd.WaitDelay = execGrace
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
	b.head = append(b.head, p[:min(len(p), execOutput-len(b.head))]...)
	return len(p), nil
}
