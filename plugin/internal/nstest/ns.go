package nstest

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// NS is a network namespace of one test. It disappears, with everything in it,
// when the test ends. Its methods fail the test on errors unless they return
// them. They may be called from several goroutines, except that those which
// can fail the test belong on the test's own.
type NS struct {
	*Conn // requests that return errors

	t    testing.TB
	file *os.File

	reading *Iproute // made when first needed
}

// New makes an empty network namespace for t: its only link is lo, down. It
// skips t where Need does.
func New(t testing.TB) *NS {
	t.Helper()
	Need(t)
	f, err := newNetns()
	if err != nil {
		t.Fatalf("new network namespace: %v", err)
	}
	c, err := dial(int(f.Fd()))
	if err != nil {
		t.Fatalf("netlink socket in a new network namespace: %v", err)
	}
	ns := &NS{Conn: c, t: t, file: f}
	t.Cleanup(func() {
		_ = c.Close()
		_ = f.Close()
	})
	return ns
}

// FD returns a file descriptor of the namespace, as netlink.Config.NetNS and
// setns(2) take it. It is closed when the test ends.
func (ns *NS) FD() int { return int(ns.file.Fd()) }

// Path returns a path of the namespace, which other processes can open too
// while the test runs ("nsenter --net=PATH").
func (ns *NS) Path() string {
	return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), ns.file.Fd())
}

// Do calls fn on a thread that is in the namespace; what fn opens and starts
// there, other goroutines excepted, belongs to the namespace. /proc/net is that
// of the whole process: use /proc/thread-self/net.
func (ns *NS) Do(fn func() error) error { return in(ns.FD(), fn) }

// Sysctl sets a sysctl in the namespace: key "net.ipv4.conf.all.forwarding",
// where "/" may stand for the dot as in sysctl(8).
func (ns *NS) Sysctl(key, value string) {
	ns.t.Helper()
	if err := ns.TrySysctl(key, value); err != nil {
		ns.t.Fatal(err)
	}
}

// TrySysctl is Sysctl returning the error.
func (ns *NS) TrySysctl(key, value string) error {
	path := filepath.Join("/proc/sys", strings.ReplaceAll(key, ".", "/"))
	// /proc/sys/net shows the namespace of the thread that opens the file.
	return ns.Do(func() error { return os.WriteFile(path, []byte(value), 0o644) })
}

// Name gives the namespace a name in /run/netns, as "ip netns add" does, until
// Unname or the end of the test. /run is then a file system private to the test
// binary, whatever the machine has there.
func (ns *NS) Name(name string) {
	ns.t.Helper()
	path := filepath.Join("/run/netns", name)
	if err := ns.bind(path); err != nil {
		ns.t.Fatalf("name a network namespace: %v", err)
	}
	ns.t.Cleanup(func() { unbind(path) })
}

// Unname takes the name away, as "ip netns del" does. The namespace itself
// lives on until the test ends.
func (ns *NS) Unname(name string) { unbind(filepath.Join("/run/netns", name)) }

func (ns *NS) bind(path string) error {
	if err := privateRun(); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o444)
	if err != nil {
		return err
	}
	_ = f.Close()
	source := fmt.Sprintf("/proc/self/fd/%d", ns.file.Fd())
	if err := unix.Mount(source, path, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("bind %s: %w", path, err)
	}
	return nil
}

func unbind(path string) {
	_ = unix.Unmount(path, unix.MNT_DETACH)
	_ = os.Remove(path)
}

// privateRun mounts an empty /run with a directory netns, once. The mount
// namespace is the process's own.
var privateRun = sync.OnceValue(func() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := unix.Mount("tmpfs", "/run", "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("mount a private /run: %w", err)
	}
	return os.Mkdir("/run/netns", 0o755)
})

// newNetns makes a network namespace and returns a file of it.
func newNetns() (*os.File, error) {
	var f *os.File
	err := onThread(func() error {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("unshare: %w", err)
		}
		var err error
		f, err = os.Open("/proc/thread-self/ns/net")
		return err
	})
	return f, err
}

// in calls fn on a thread that has entered the network namespace fd.
func in(fd int, fn func() error) error {
	return onThread(func() error {
		if err := unix.Setns(fd, unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("setns: %w", err)
		}
		return fn()
	})
}

// onThread calls fn on a thread of its own and brings the thread back to its
// network namespace afterwards. A thread that cannot come back is given up.
func onThread(fn func() error) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		back, err := os.Open("/proc/thread-self/ns/net")
		if err != nil {
			result <- err
			return
		}
		defer back.Close()
		err = fn()
		if unix.Setns(int(back.Fd()), unix.CLONE_NEWNET) == nil {
			runtime.UnlockOSThread()
		}
		result <- err
	}()
	return <-result
}
