// Package stage moves the program into a network namespace of its own, so that
// millions of routes do not get in the way of the machine's.
//
// The namespace belongs to a new user namespace, so that nobody needs
// privileges. Root keeps its own: of the two it enters only the network
// namespace, because the kernel grants a large receive buffer
// (SO_RCVBUFFORCE, socket(7)) to the root of the initial user namespace alone.
package stage

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// outsideEnv holds, in the re-executed program, the inode of the network
// namespace that was left; holdEnv marks the process that holds the new one.
const (
	outsideEnv = "RTNETLINK_BENCH_OUTSIDE"
	holdEnv    = "RTNETLINK_BENCH_HOLD"
)

// Enter makes sure that the rest of the program runs in new namespaces: it
// calls Run and exits with its status, unless Inside. It returns an error where
// namespaces are forbidden.
func Enter() error {
	if Inside() {
		return nil
	}
	status, err := Run()
	if err == nil {
		os.Exit(status)
	}
	return err
}

// Inside reports whether the program runs in namespaces that Run made. Call it
// or Enter first thing in main: where the process has just to hold namespaces,
// they do not return.
func Inside() bool {
	if os.Getenv(holdEnv) != "" {
		_, _ = io.Copy(io.Discard, os.Stdin) // until the other end is closed
		os.Exit(0)
	}
	was, err := strconv.ParseUint(os.Getenv(outsideEnv), 10, 64)
	if err != nil {
		return false
	}
	own, err := netns()
	return err == nil && own != was
}

// Run runs the program again in new namespaces, with the same arguments, files
// and environment, and returns its exit status. It returns an error where
// namespaces are forbidden. An interrupt from the terminal ends the second run,
// not this one.
func Run() (int, error) {
	outside, err := netns()
	if err != nil {
		return 0, err
	}
	runtime.LockOSThread() // for good: the thread may be in the other namespace
	cmd, err := command()
	if err != nil {
		return 0, err
	}
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", outsideEnv, outside))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("run in new namespaces: %w", err)
	}
	return status(cmd.Wait()), nil
}

// command returns the program's own command line, to be started on this thread.
func command() (*exec.Cmd, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(exe)
	cmd.Args = os.Args
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	if os.Geteuid() == 0 {
		return cmd, enterHeld(exe)
	}
	cmd.SysProcAttr = newNamespaces()
	return cmd, nil
}

// newNamespaces asks for a user namespace in which the caller is root, and a
// network namespace owned by it.
func newNamespaces() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
}

// enterHeld starts a process that holds new namespaces, for as long as this
// one lives, and moves the calling thread into the network namespace.
func enterHeld(exe string) error {
	holder := exec.Command(exe)
	holder.Env = append(os.Environ(), holdEnv+"=1")
	holder.SysProcAttr = newNamespaces()
	if _, err := holder.StdinPipe(); err != nil {
		return err
	}
	if err := holder.Start(); err != nil {
		return fmt.Errorf("make namespaces: %w", err)
	}
	ns, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", holder.Process.Pid))
	if err != nil {
		return err
	}
	defer ns.Close()
	if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter the network namespace: %w", err)
	}
	return nil
}

// netns identifies the network namespace of the thread.
func netns() (uint64, error) {
	var st unix.Stat_t
	if err := unix.Stat("/proc/thread-self/ns/net", &st); err != nil {
		return 0, fmt.Errorf("network namespace: %w", err)
	}
	return st.Ino, nil
}

// status turns the result of Wait into an exit status, as a shell does.
func status(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		return 1
	case exit.ExitCode() < 0: // a signal
		return 128 + int(exit.Sys().(syscall.WaitStatus).Signal())
	}
	return exit.ExitCode()
}
