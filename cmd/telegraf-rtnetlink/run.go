package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/agent"
)

// runner runs an input the way Telegraf's shim does: its metrics go to stdout,
// a line on stdin or the poll interval calls Gather, the end of stdin stops it.
// Unlike the shim it writes many metrics at once where many wait, outlives a
// metric that cannot be written, and reports a stdout that is gone.
type runner struct {
	input  telegraf.ServiceInput
	log    telegraf.Logger
	stdin  io.Reader
	stdout io.Writer
	poll   time.Duration // 0: never
}

// reloader is an input that can load its scripts again, at any time and from
// any goroutine.
type reloader interface{ Reload() }

// pendingMetrics is how many metrics may wait between the input and the writer,
// so that the one need not stop while the other is in a system call.
const pendingMetrics = 1000

// runUntilSignal runs until stdin ends, stdout fails or SIGINT or SIGTERM
// arrives. A second signal has its default effect, the end of the process.
func (r *runner) runUntilSignal() error {
	ctx, restore := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer restore()
	context.AfterFunc(ctx, restore)

	// Without a handler, writing to a closed stdout would kill the process. An
	// ignored SIGPIPE would be inherited by the commands that scripts run.
	pipe := make(chan os.Signal, 1)
	signal.Notify(pipe, syscall.SIGPIPE)
	defer signal.Stop(pipe)

	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	defer signal.Stop(reload)
	return r.run(ctx, reload)
}

// patience is for how long the end waits for a stdout that takes nothing.
const patience = 2 * time.Second

// errStuck is what run returns when nobody reads.
var errStuck = fmt.Errorf("stopped without writing the rest: standard output has taken nothing for %s", patience)

// run starts the input, and stops it when ctx is done, stdin ends or stdout
// fails. It returns when every metric is written, or when stdout takes none. Each
// value on reload loads the input's scripts again.
func (r *runner) run(ctx context.Context, reload <-chan os.Signal) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()

	metrics := make(chan telegraf.Metric, pendingMetrics)
	w := newWriter(r.stdout, r.log, stop)
	end, written, stuck := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() { defer close(written); w.run(metrics, end) }()
	go func() {
		<-ctx.Done()
		if w.isStuck(written, patience) {
			close(stuck)
			w.giveUp()
			dropAll(metrics, written) // nothing of the input has to wait for it
		}
	}()

	acc := accumulator{agent.NewAccumulator(maker{r.log}, metrics), w}
	acc.SetPrecision(time.Nanosecond)
	err := r.input.Start(acc)
	if err == nil {
		r.serve(ctx, stop, acc, reload)
		r.input.Stop()
	}
	stop()
	close(end) // and not metrics: an input that was left behind may still send
	select {
	case <-written:
	case <-stuck:
		return errStuck
	}
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	return w.err
}

// dropAll takes metrics from the writer's hands until that has ended.
func dropAll(metrics <-chan telegraf.Metric, written <-chan struct{}) {
	for {
		select {
		case m := <-metrics:
			m.Drop()
		case <-written:
			return
		}
	}
}

// serve calls Gather and Reload when asked to, until ctx is done.
func (r *runner) serve(ctx context.Context, stop func(), acc telegraf.Accumulator, reload <-chan os.Signal) {
	prompt := make(chan struct{}, 1)
	if !isNull(r.stdin) {
		go readPrompts(r.stdin, prompt, stop)
	}
	var tick <-chan time.Time
	if r.poll > 0 {
		t := time.NewTicker(r.poll)
		defer t.Stop()
		tick = t.C
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-prompt:
			r.gather(acc)
		case <-tick:
			r.gather(acc)
		case <-reload:
			r.reload()
		}
	}
	select {
	case <-prompt: // a line right before the end of stdin
		r.gather(acc)
	default:
	}
}

func (r *runner) gather(acc telegraf.Accumulator) {
	if err := r.input.Gather(acc); err != nil {
		r.log.Errorf("Gathering failed: %v", err)
	}
}

func (r *runner) reload() {
	if l, ok := r.input.(reloader); ok {
		l.Reload()
	}
}

// isNull reports whether in is /dev/null, as under systemd. It is at its end
// from the start, which does not mean that somebody closed it.
func isNull(in io.Reader) bool {
	f, ok := in.(*os.File)
	if !ok {
		return false
	}
	have, err := f.Stat()
	null, nullErr := os.Stat(os.DevNull)
	return err == nil && nullErr == nil && os.SameFile(have, null)
}

// readPrompts sends a prompt for each line of in, unless one waits already,
// and calls end when there are no more.
func readPrompts(in io.Reader, prompt chan<- struct{}, end func()) {
	defer end()
	for lines := bufio.NewReader(in); ; {
		_, err := lines.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return
		}
		select {
		case prompt <- struct{}{}:
		default:
		}
	}
}

// accumulator is Telegraf's, and takes metrics at once as well, which spares those of
// events, of which there can be many, a copy and the way through the channel.
type accumulator struct {
	telegraf.Accumulator
	*writer
}

// maker is the accumulator's view of the input (agent.MetricMaker). It leaves
// metrics as they are.
type maker struct{ log telegraf.Logger }

func (maker) LogName() string                              { return "inputs.rtnetlink" }
func (maker) MakeMetric(m telegraf.Metric) telegraf.Metric { return m }
func (m maker) Log() telegraf.Logger                       { return m.log }
