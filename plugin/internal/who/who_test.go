package who

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// socket opens a route socket bound to a port id, 0 for the kernel's choice, and
// returns the one that it got.
func socket(t *testing.T, port uint32) uint32 {
	t.Helper()
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	require.NoError(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	require.NoError(t, unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Pid: port}))
	name, err := unix.Getsockname(fd)
	require.NoError(t, err)
	return name.(*unix.SockaddrNetlink).Pid
}

// ask is Name without memory.
func ask(port uint32, netns uint64) string { return New().Name(port, netns, time.Now()) }

func TestTheProcessOfASocketIsNamed(t *testing.T) {
	port := socket(t, 0)
	require.EqualValues(t, os.Getpid(), port, "no other socket of this process is open")
	want, err := os.ReadFile("/proc/self/comm")
	require.NoError(t, err)
	require.Equal(t, strings.TrimSpace(string(want)), ask(port, 0))
	info, err := os.Stat("/proc/self/ns/net")
	require.NoError(t, err)
	require.Equal(t, strings.TrimSpace(string(want)), ask(port, inode(info)), "the namespace by its inode")
}

func inode(os.FileInfo) uint64 {
	var st unix.Stat_t
	_ = unix.Stat("/proc/self/ns/net", &st)
	return st.Ino
}

func TestInDoubtNobodyIsNamed(t *testing.T) {
	second := func(t *testing.T) uint32 { socket(t, 0); return socket(t, 0) }
	for name, port := range map[string]func(t *testing.T) uint32{
		"the kernel":                      func(*testing.T) uint32 { return 0 },
		"a second socket":                 second,
		"a number that is no process":     func(t *testing.T) uint32 { return socket(t, 1<<21) },
		"a number beyond processes":       func(t *testing.T) uint32 { return socket(t, 1<<30) },
		"another process's id":            func(t *testing.T) uint32 { return socket(t, child(t)) },
		"a process without such a socket": child,
		"the parent":                      func(*testing.T) uint32 { return uint32(os.Getppid()) },
		"a process that is gone":          gone,
	} {
		t.Run(name, func(t *testing.T) { require.Empty(t, ask(port(t), 0)) })
	}
	t.Run("in another network namespace", func(t *testing.T) { require.Empty(t, ask(socket(t, 0), 1)) })
	t.Run("seen before the process began", func(t *testing.T) {
		require.Empty(t, New().Name(socket(t, 0), 0, time.Now().Add(-365*24*time.Hour)))
	})
}

// child starts a process that does nothing.
func child(t *testing.T) uint32 {
	t.Helper()
	c := exec.Command("sleep", "60")
	require.NoError(t, c.Start())
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	return uint32(c.Process.Pid)
}

func gone(t *testing.T) uint32 {
	t.Helper()
	c := exec.Command("true")
	require.NoError(t, c.Run())
	return uint32(c.Process.Pid)
}

// fake makes a /proc in which the program is in the initial pid namespace, and
// may look at no one's files.
func fake(t *testing.T, processes map[string]map[string]string) proc {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "self/ns"), 0o755))
	require.NoError(t, os.Symlink(initialPID, filepath.Join(dir, "self/ns/pid")))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "net"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "net/netlink"),
		[]byte("sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n0 0 7 0 0 0 0 2 0 99\n"), 0o644))
	processes["self"] = nil
	for id, files := range processes {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, id), 0o755))
		require.NoError(t, os.Symlink(filepath.Join(dir, "net"), filepath.Join(dir, id, "net")))
		for name, text := range files {
			require.NoError(t, os.WriteFile(filepath.Join(dir, id, name), []byte(text), 0o644))
		}
	}
	return proc(dir)
}

func files(id int, nspid string) map[string]string {
	return map[string]string{
		"comm": "bird\n", "status": "Name:\tbird\nNSpid:\t" + nspid + "\n",
		"stat": strconv.Itoa(id) + " (a) b) S" + strings.Repeat(" 0", 18) + " 100 0",
	}
}

// TestTheConventionHolds where files may not be looked at, unless a process of a
// container goes by the same number.
func TestTheConventionHolds(t *testing.T) {
	for name, c := range map[string]struct {
		others map[string]map[string]string
		want   string
	}{
		"alone":                          {nil, "bird"},
		"beside others":                  {map[string]map[string]string{"8": files(8, "8"), "9": files(9, "9\t3")}, "bird"},
		"a container has the number":     {map[string]map[string]string{"9": files(9, "9\t7")}, ""},
		"a container in a container has": {map[string]map[string]string{"9": files(9, "9\t12\t7")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			all := map[string]map[string]string{"7": files(7, "7")}
			maps.Copy(all, c.others)
			r := New()
			r.proc = fake(t, all)
			r.nested.refresh(r.proc)
			require.Equal(t, c.want, r.Name(7, 0, time.Now()))
		})
	}
	t.Run("not the initial pid namespace", func(t *testing.T) {
		r := New()
		r.proc = fake(t, map[string]map[string]string{"7": files(7, "7")})
		r.nested.refresh(r.proc)
		self := filepath.Join(string(r.proc), "self/ns/pid")
		require.NoError(t, os.Remove(self))
		require.NoError(t, os.Symlink("pid:[4026532000]", self))
		require.Empty(t, r.Name(7, 0, time.Now()))
	})
}

// TestAnAnswerIsRemembered: a daemon that changes much is looked up once a second.
func TestAnAnswerIsRemembered(t *testing.T) {
	r := New()
	r.proc = fake(t, map[string]map[string]string{"7": files(7, "7")})
	r.nested.refresh(r.proc)
	require.Equal(t, "bird", r.Name(7, 0, time.Now()))
	require.NoError(t, os.RemoveAll(string(r.proc)))
	require.Equal(t, "bird", r.Name(7, 0, time.Now()))
	require.Zero(t, testing.AllocsPerRun(100, func() { r.Name(7, 0, time.Time{}) }))
	r.answers[question{7, 0}] = answer{"bird", time.Now().Add(-1)}
	require.Empty(t, r.Name(7, 0, time.Now()), "a second later it is looked at again")
}

// TestAStormOfProgramsIsNotFollowed.
func TestAStormOfProgramsIsNotFollowed(t *testing.T) {
	r := New()
	for port := range uint32(10 * perSecond) {
		r.Name(port+1, 0, time.Now())
	}
	require.Less(t, len(r.answers), 2*perSecond+perSecond)
}

func TestANameOfAnyBytes(t *testing.T) {
	f := files(7, "7")
	f["comm"] = "a b\xff\t)\n"
	r := New()
	r.proc = fake(t, map[string]map[string]string{"7": f})
	r.nested.refresh(r.proc)
	got := r.Name(7, 0, time.Now())
	require.True(t, bytes.HasPrefix([]byte(got), []byte("a b\uFFFD")), "%q", got)
}
