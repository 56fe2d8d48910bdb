package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// asProgram is set where the test binary is to be the program itself.
const asProgram = "RTNETLINK_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// fullPipe returns a pipe that takes nothing more.
func fullPipe(t *testing.T) (read, write *os.File) {
	var fds [2]int
	require.NoError(t, unix.Pipe2(fds[:], unix.O_CLOEXEC))
	require.NoError(t, unix.SetNonblock(fds[1], true))
	for {
		if _, err := unix.Write(fds[1], make([]byte, 4096)); err != nil {
			require.ErrorIs(t, err, unix.EAGAIN)
			break
		}
	}
	require.NoError(t, unix.SetNonblock(fds[1], false))
	read, write = os.NewFile(uintptr(fds[0]), "read"), os.NewFile(uintptr(fds[1]), "write")
	t.Cleanup(func() { _ = write.Close(); _ = read.Close() })
	return read, write
}

// TestASignalEndsTheProgramWhoseOutputNobodyReads with one line, by itself.
func TestASignalEndsTheProgramWhoseOutputNobodyReads(t *testing.T) {
	for _, sig := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			read, write := fullPipe(t)
			var stderr syncBuffer
			cmd := exec.Command(os.Args[0], "-log_level", "warn")
			cmd.Env = append(os.Environ(), asProgram+"=1")
			cmd.Stdout, cmd.Stderr = write, &stderr
			require.NoError(t, cmd.Start())
			requireBlocked(t, cmd.Process.Pid, write)
			require.NoError(t, cmd.Process.Signal(sig))
			var exit *exec.ExitError
			require.ErrorAs(t, wait(t, cmd), &exit)
			require.Equal(t, statusError, exit.ExitCode(), stderr.String())
			require.Equal(t, "E! [inputs.rtnetlink] "+errStuck.Error()+"\n", stderr.String())
			require.NoError(t, read.Close())
		})
	}
}

// requireBlocked waits until a process hangs in a write to a pipe, and closes the
// pipe's end here.
func requireBlocked(t *testing.T, pid int, write *os.File) {
	require.NoError(t, write.Close())
	require.Eventually(t, func() bool {
		threads, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
		require.NoError(t, err)
		for _, thread := range threads {
			text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/task/" + thread.Name() + "/syscall") // it may have ended
			if bytes.HasPrefix(text, []byte(strconv.Itoa(unix.SYS_WRITE)+" 0x1 ")) {
				return true
			}
		}
		return false
	}, time.Minute, 10*time.Millisecond)
}

// wait waits for a program, and ends it if it does not by itself.
func wait(t *testing.T, cmd *exec.Cmd) error {
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(time.Minute):
		require.NoError(t, cmd.Process.Kill())
		require.Fail(t, "the program does not end")
		return nil
	}
}

// TestAnInputThatIsLeftBehindMaySendOn after the end: it sees no closed channel.
func TestAnInputThatIsLeftBehindMaySendOn(t *testing.T) {
	_, write := fullPipe(t)
	sent := make(chan any, 1)
	s := newSession(t, &fakeInput{start: func(acc telegraf.Accumulator) error {
		emit(acc, -1)
		go func() {
			defer func() { sent <- recover() }()
			for i := range 20 * pendingMetrics {
				emit(acc, i)
			}
		}()
		return nil
	}}, write)
	s.cancel()
	err := s.wait(t)
	require.True(t, errors.Is(err, errStuck), err)
	require.Nil(t, <-sent)
	require.Empty(t, s.log.String(), "the caller logs it, once")
}

// TestASlowReaderGetsEverything at the end.
func TestASlowReaderGetsEverything(t *testing.T) {
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	const n = 5000
	var held telegraf.Accumulator
	s := newSession(t, &fakeInput{
		start: func(acc telegraf.Accumulator) error { held = acc; return nil },
		stop: func() {
			for i := range n {
				emit(held, i)
			}
		},
	}, write)
	s.cancel()
	lines, buf := 0, make([]byte, 4096)
	for lines < n {
		time.Sleep(time.Millisecond)
		got, err := read.Read(buf)
		require.NoError(t, err)
		lines += bytes.Count(buf[:got], []byte("\n"))
	}
	require.NoError(t, s.wait(t))
	require.NoError(t, write.Close())
}
