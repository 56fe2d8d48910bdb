// Package nstest runs tests against the real kernel: it moves the test binary
// into namespaces of its own, gives every test a fresh network namespace and
// makes links, addresses, routes, rules, nexthop objects, neighbors and FDB
// entries in it. It needs nothing but the kernel: no privileges and no
// iproute2. Commands are written as for ip(8) and sent over netlink.
//
// # Use
//
//	func TestMain(m *testing.M) { nstest.Main(m) }
//
//	func TestX(t *testing.T) {
//		ns := nstest.New(t) // skips where namespaces are forbidden
//		ns.Run("link add v0 type veth peer name v1", "link set v0 up")
//	}
//
// # Namespaces forbidden
//
// Where the machine does not let the user create user and network namespaces,
// the binary runs where it is and Need and New skip, with the reason. With
// RTNETLINK_REQUIRE_NETNS=1 in the environment they fail instead, and so does
// NeedTool where a program is missing.
package nstest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// RequireEnv names the environment variable which, set to 1, makes Need and
// NeedTool fail instead of skip.
const RequireEnv = "RTNETLINK_REQUIRE_NETNS"

// RootEnv names the environment variable which, set to 1 by the real root,
// makes Enter leave out the user namespace: a few sysctls exist only in network
// namespaces that the initial user namespace owns. The network namespaces are
// as fresh and as private as without it.
const RootEnv = "RTNETLINK_NETNS_AS_ROOT"

// Privileged reports whether namespaces are owned by the real root.
func Privileged() bool { return denied == "" && asRoot() }

func asRoot() bool { return os.Getenv(RootEnv) == "1" && os.Getuid() == 0 }

// The environment tells a re-executed binary, and fuzz workers below it, what
// has been tried: parentEnv holds the inode of the network namespace that was
// left, deniedEnv the reason why none could be left.
const (
	parentEnv = "RTNETLINK_NSTEST_PARENT"
	deniedEnv = "RTNETLINK_NSTEST_DENIED"
)

// denied is why this process has no namespaces of its own; empty if it has.
var denied = "TestMain does not call nstest.Main or nstest.Enter"

// Main is the body of a TestMain: it enters the namespaces, runs m and exits
// with its status.
func Main(m *testing.M) {
	Enter()
	os.Exit(m.Run())
}

// Enter re-executes the test binary in a fresh user, mount and network
// namespace with the same arguments, files and environment, and exits with its
// status. In the re-executed binary it returns at once. It also returns where
// namespaces are forbidden. Call it first in a TestMain that does more than
// Main.
func Enter() {
	if reason, ok := os.LookupEnv(deniedEnv); ok {
		denied = reason
		return
	}
	if inside() {
		hideNames()
		denied = errorText(probe())
		return
	}
	code, err := reexec()
	if err == nil {
		syscall.Exit(code) // without the exit hooks: coverage was the child's
	}
	denied = fmt.Sprintf("this machine forbids user and network namespaces: %v", err)
	_ = os.Setenv(deniedEnv, denied)
}

// Need skips t, or fails it if RequireEnv says so, unless the process is in
// namespaces of its own.
func Need(t testing.TB) {
	t.Helper()
	if denied != "" {
		skip(t, denied)
	}
}

// NeedTool returns the path of a program. Without it t is skipped, or fails if
// RequireEnv says so.
func NeedTool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		skip(t, err.Error())
	}
	return path
}

// skip skips t, or fails it if RequireEnv says so.
func skip(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv(RequireEnv) == "1" {
		t.Fatalf("%s (and %s=1 forbids the skip)", reason, RequireEnv)
	}
	t.Skip(reason)
}

// inside reports whether this process is in another network namespace than the
// one that the variable says was left. A stray variable alone does not suffice,
// so that no test ever runs in the host's namespace.
func inside() bool {
	parent, err := strconv.ParseUint(os.Getenv(parentEnv), 10, 64)
	if err != nil {
		return false
	}
	own, err := inode("/proc/self/ns/net")
	return err == nil && own != parent
}

// probe makes a network namespace and a veth pair in it: AppArmor and seccomp
// may grant the one and forbid the other.
func probe() error {
	f, err := newNetns()
	if err != nil {
		return err
	}
	defer f.Close()
	c, err := dial(int(f.Fd()))
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Try("link add probe0 type veth peer name probe1")
}

// reexec runs the binary again in new namespaces and returns its exit status.
// The error says why it could not be started.
func reexec() (int, error) {
	parent, err := inode("/proc/self/ns/net")
	if err != nil {
		return 0, err
	}
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	if !asRoot() {
		_ = os.Unsetenv(RootEnv) // the child is root in its namespace only
	}
	cmd := exec.Command(exe)
	cmd.Args = os.Args
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d", parentEnv, parent))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = namespaces()
	// The child is to die with this process. The kernel ties that to the thread
	// that started it.
	runtime.LockOSThread()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	forwardSignals(cmd.Process)
	return status(cmd.Wait()), nil
}

// namespaces asks for a user namespace in which the caller is root, and a
// mount and a network namespace owned by it.
func namespaces() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWNET,
		Pdeathsig:  syscall.SIGKILL,
	}
	if !asRoot() {
		attr.Cloneflags |= unix.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return attr
}

// forwardSignals passes on what asks a test binary to end, for as long as this
// process lives.
func forwardSignals(p *os.Process) {
	ch := make(chan os.Signal, 4)
	signal.Notify(ch, syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT)
	go func() {
		for s := range ch {
			_ = p.Signal(s)
		}
	}()
}

// status turns the result of Wait into an exit status, as a shell does.
func status(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		fmt.Fprintln(os.Stderr, "nstest:", err)
		return 1
	}
	if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return exit.ExitCode()
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprintf("network namespaces do not work here: %v", err)
}

func inode(path string) (uint64, error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return 0, fmt.Errorf("stat %s: %w", path, err)
	}
	return st.Ino, nil
}
