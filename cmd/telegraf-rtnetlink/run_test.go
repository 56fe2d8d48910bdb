package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/stretchr/testify/require"
)

// fakeInput is a service input under a test's control.
type fakeInput struct {
	start    func(telegraf.Accumulator) error
	gather   func(telegraf.Accumulator) error
	stop     func()
	reloaded atomic.Int64
}

func (*fakeInput) SampleConfig() string { return "" }
func (f *fakeInput) Start(acc telegraf.Accumulator) error {
	if f.start == nil {
		return nil
	}
	return f.start(acc)
}
func (f *fakeInput) Gather(acc telegraf.Accumulator) error {
	if f.gather == nil {
		return nil
	}
	return f.gather(acc)
}
func (f *fakeInput) Stop() {
	if f.stop != nil {
		f.stop()
	}
}
func (f *fakeInput) Reload() { f.reloaded.Add(1) }

// emit adds metric "m" with field v.
func emit(acc telegraf.Accumulator, v any) {
	acc.AddFields("m", map[string]any{"v": v}, nil, time.Unix(0, 1))
}

// session is a run of a runner whose input and output the test holds.
type session struct {
	runner
	stdin  *os.File // the writing end
	result chan error
	log    *bytes.Buffer // read it after the run only
	reload chan os.Signal
	cancel func()
}

func newSession(t *testing.T, input *fakeInput, stdout io.Writer) *session {
	read, write, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _ = write.Close(); _ = read.Close() })
	s := &session{stdin: write, result: make(chan error, 1), log: &bytes.Buffer{}, reload: make(chan os.Signal)}
	s.runner = runner{input: input, log: newLogger(s.log, telegraf.Debug), stdin: read, stdout: stdout}
	ctx, cancel := context.WithCancel(t.Context())
	s.cancel = cancel
	go func() { s.result <- s.run(ctx, s.reload) }()
	return s
}

func (s *session) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-s.result:
		return err
	case <-time.After(20 * time.Second):
		require.Fail(t, "the runner does not end")
		return nil
	}
}

func TestEveryPendingMetricIsWrittenBeforeTheEnd(t *testing.T) {
	var held telegraf.Accumulator
	input := &fakeInput{
		start: func(acc telegraf.Accumulator) error { held = acc; return nil },
		stop: func() {
			for i := range 1000 {
				emit(held, i)
			}
		},
	}
	for name, end := range map[string]func(*session){
		"signal":       func(s *session) { s.cancel() },
		"end of stdin": func(s *session) { _ = s.stdin.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			s := newSession(t, input, &out)
			end(s)
			require.NoError(t, s.wait(t))
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			require.Len(t, lines, 1000)
			require.Equal(t, "m v=999i 1", lines[999])
			require.Empty(t, s.log.String())
		})
	}
}

func TestStartMayEmit(t *testing.T) {
	var out bytes.Buffer
	s := newSession(t, &fakeInput{start: func(acc telegraf.Accumulator) error {
		for i := range 1000 {
			emit(acc, i)
		}
		return nil
	}}, &out)
	require.NoError(t, s.stdin.Close())
	require.NoError(t, s.wait(t))
	require.Equal(t, 1000, strings.Count(out.String(), "\n"))
}

func TestDevNullIsNoEndOfInput(t *testing.T) {
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer null.Close()
	r := runner{input: &fakeInput{}, log: newLogger(io.Discard, telegraf.Error), stdin: null, stdout: io.Discard}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.run(ctx, nil) }()
	select {
	case <-done:
		require.Fail(t, "ends without a signal")
	case <-time.After(100 * time.Millisecond):
	}
	cancel()
	require.NoError(t, <-done)
}

func TestASingleMetricIsWrittenAtOnce(t *testing.T) {
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	defer write.Close()
	s := newSession(t, &fakeInput{start: func(acc telegraf.Accumulator) error { emit(acc, 1); return nil }}, write)
	buf := make([]byte, 100)
	n, err := read.Read(buf)
	require.NoError(t, err)
	require.Equal(t, "m v=1i 1\n", string(buf[:n]))
	s.cancel()
	require.NoError(t, s.wait(t))
}

func TestALineOnStdinGathers(t *testing.T) {
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	defer write.Close()
	s := newSession(t, &fakeInput{gather: func(acc telegraf.Accumulator) error { emit(acc, 7); return errors.New("half") }}, write)
	for range 3 {
		_, err := s.stdin.WriteString("\n")
		require.NoError(t, err)
		buf := make([]byte, 100)
		n, err := read.Read(buf)
		require.NoError(t, err)
		require.Equal(t, "m v=7i 1\n", string(buf[:n]))
	}
	s.cancel()
	require.NoError(t, s.wait(t))
	require.Contains(t, s.log.String(), "E! [inputs.rtnetlink] Gathering failed: half\n")
}

// TestALineBeforeTheEndOfStdinGathers however soon the end comes: "echo |
// telegraf-rtnetlink" prints the gauges.
func TestALineBeforeTheEndOfStdinGathers(t *testing.T) {
	for range 100 {
		gathered := make(chan struct{}, 10)
		s := newSession(t, &fakeInput{gather: func(telegraf.Accumulator) error { gathered <- struct{}{}; return nil }}, io.Discard)
		_, err := s.stdin.WriteString("\n")
		require.NoError(t, err)
		require.NoError(t, s.stdin.Close())
		require.NoError(t, s.wait(t))
		require.Len(t, gathered, 1)
	}
}

func TestALongLineOnStdinIsNoEnd(t *testing.T) {
	gathered := make(chan struct{}, 10)
	s := newSession(t, &fakeInput{gather: func(telegraf.Accumulator) error { gathered <- struct{}{}; return nil }}, io.Discard)
	_, err := s.stdin.WriteString(strings.Repeat("x", 200_000) + "\n")
	require.NoError(t, err)
	<-gathered
	s.cancel()
	require.NoError(t, s.wait(t))
}

func TestThePollIntervalGathers(t *testing.T) {
	gathered := make(chan struct{}, 10)
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	defer write.Close()
	r := runner{
		input: &fakeInput{gather: func(telegraf.Accumulator) error {
			select {
			case gathered <- struct{}{}:
			default:
			}
			return nil
		}},
		log: newLogger(io.Discard, telegraf.Error), stdin: read, stdout: io.Discard, poll: time.Millisecond,
	}
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() { result <- r.run(ctx, nil) }()
	<-gathered
	<-gathered
	cancel()
	require.NoError(t, <-result)
}

func TestReloadReachesTheInput(t *testing.T) {
	input := &fakeInput{}
	s := newSession(t, input, io.Discard)
	s.reload <- syscall.SIGHUP
	s.cancel()
	require.NoError(t, s.wait(t))
	require.EqualValues(t, 1, input.reloaded.Load())
}

func TestAFailedStartIsReported(t *testing.T) {
	s := newSession(t, &fakeInput{
		start: func(telegraf.Accumulator) error { return errors.New("no socket") },
		stop:  func() { panic("Stop without Start") },
	}, io.Discard)
	require.EqualError(t, s.wait(t), "start: no socket")
}

func TestAMetricThatCannotBeWrittenIsLeftOut(t *testing.T) {
	var out bytes.Buffer
	s := newSession(t, &fakeInput{start: func(acc telegraf.Accumulator) error {
		for i := range 100 {
			emit(acc, math.NaN())
			emit(acc, i)
		}
		return nil
	}}, &out)
	s.cancel()
	require.NoError(t, s.wait(t))
	require.Equal(t, 100, strings.Count(out.String(), "\n"))
	require.Equal(t, 7, strings.Count(s.log.String(), "left out"), "of 100, the 1st, 2nd, 4th … 64th are logged")
	require.Contains(t, s.log.String(), `Metric left out, 64 so far: "m": no serializable fields`)
}

func TestAFailingStdoutEndsTheRun(t *testing.T) {
	closed := func(t *testing.T) *os.File {
		read, write, err := os.Pipe()
		require.NoError(t, err)
		require.NoError(t, read.Close())
		return write
	}
	full := func(t *testing.T) *os.File {
		f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		require.NoError(t, err)
		return f
	}
	for name, open := range map[string]func(*testing.T) *os.File{"closed": closed, "full": full} {
		t.Run(name, func(t *testing.T) {
			stdout := open(t)
			defer stdout.Close()
			var held telegraf.Accumulator
			s := newSession(t, &fakeInput{
				start: func(acc telegraf.Accumulator) error { held = acc; emit(acc, 1); return nil },
				stop: func() {
					for i := range 10_000 {
						emit(held, i)
					}
				},
			}, stdout)
			require.ErrorContains(t, s.wait(t), "cannot write metrics: ")
			require.Empty(t, s.log.String(), "the caller logs it, once")
		})
	}
}

func TestAMetricIsDeliveredWhenItIsWritten(t *testing.T) {
	const n = 5000
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	done := make(chan error, 1)
	s := newSession(t, &fakeInput{start: func(acc telegraf.Accumulator) error {
		tracking := acc.WithTracking(10)
		go func() {
			for i := range n {
				emit := testMetric(i)
				tracking.AddTrackingMetric(emit)
				if d := <-tracking.Delivered(); !d.Delivered() {
					done <- fmt.Errorf("metric %d was not delivered", i)
					return
				}
			}
			done <- nil
		}()
		return nil
	}}, write)
	count := make(chan int)
	go func() {
		text, _ := io.ReadAll(read)
		count <- bytes.Count(text, []byte("\n"))
	}()
	require.NoError(t, <-done)
	s.cancel()
	require.NoError(t, s.wait(t))
	require.NoError(t, write.Close())
	require.Equal(t, n, <-count)
}
