package who

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
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
		"a thread's id":                   thread,
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

// thread returns the id of a thread that is not the first, with a socket.
func thread(t *testing.T) uint32 {
	t.Helper()
	ids, done := make(chan uint32), make(chan struct{})
	t.Cleanup(func() { close(done) })
	for range 2 { // one may be the first
		go func() {
			runtime.LockOSThread()
			ids <- uint32(unix.Gettid())
			<-done
		}()
	}
	one, other := <-ids, <-ids
	if one == uint32(os.Getpid()) {
		one = other
	}
	return socket(t, one)
}

// TestANameIsThatOfTheMoment, also within the second for which it is remembered.
func TestANameIsThatOfTheMoment(t *testing.T) {
	before, err := os.ReadFile("/proc/self/comm")
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, os.WriteFile("/proc/self/comm", []byte(strings.TrimSpace(string(before))), 0))
	})
	port, r := socket(t, 0), New()
	for _, name := range []string{"before", "after", "a b\tc", "15 bytes of it."} {
		require.NoError(t, os.WriteFile("/proc/self/comm", []byte(name), 0))
		require.Equal(t, name, r.Name(port, 0, time.Now()))
	}
}

// TestAProcessThatEndedIsNotRemembered: its number may be another's at once.
func TestAProcessThatEndedIsNotRemembered(t *testing.T) {
	nstest.NeedTool(t, "ip")
	c := exec.Command("ip", "-batch", "-")
	commands, err := c.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	port, r := uint32(c.Process.Pid), New()
	require.Eventually(t, func() bool { return ask(port, 0) == "ip" }, 30*time.Second, 10*time.Millisecond)
	require.Equal(t, "ip", r.Name(port, 0, time.Now()))
	require.NoError(t, commands.Close())
	require.NoError(t, c.Wait())
	require.Empty(t, r.Name(port, 0, time.Now()))
	require.Zero(t, r.named, "nothing is held open")
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

// fake makes a /proc of processes and their files, in which there is the route
// socket 99 with the port id 7.
func fake(t *testing.T, processes map[string]map[string]string) *Resolver {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "net"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "net/netlink"),
		[]byte("sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n0 0 7 0 0 0 0 2 0 99\n"), 0o644))
	processes["self"] = nil
	for id, files := range processes {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, id), 0o755))
		require.NoError(t, os.Symlink(filepath.Join(dir, "net"), filepath.Join(dir, id, "net")))
		for name, text := range files {
			if name == "fd" && text == "/" { // it may not be looked at: no directory
				require.NoError(t, os.WriteFile(filepath.Join(dir, id, name), nil, 0o644))
				continue
			}
			if name == "fd" {
				require.NoError(t, os.Mkdir(filepath.Join(dir, id, name), 0o755))
				require.NoError(t, os.Symlink(text, filepath.Join(dir, id, name, "3")))
				continue
			}
			require.NoError(t, os.WriteFile(filepath.Join(dir, id, name), []byte(text), 0o644))
		}
	}
	r := New()
	r.proc = proc(dir)
	return r
}

// bird returns the files of process 7, with some that differ, or are not there.
func bird(other map[string]string) map[string]map[string]string {
	return map[string]map[string]string{"7": with(map[string]string{
		"comm": "bird\n", "status": "Name:\tbird\nTgid:\t7\nNSpid:\t7\n", "fd": "socket:[99]",
		"stat": "7 (a) b) S" + strings.Repeat(" 0", 18) + " 100 0",
	}, other)}
}

// with returns files with some that differ, or are not there.
func with(f, other map[string]string) map[string]string {
	maps.Copy(f, other)
	maps.DeleteFunc(f, func(_, text string) bool { return text == "" })
	return f
}

// TestASocketIsItsOwnersAlone: a number may be that of a process of the program's
// pid namespace, and that by which the one that asked goes in a container.
func TestASocketIsItsOwnersAlone(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"its own":                        {nil, "bird"},
		"its own, in a container":        {map[string]string{"status": "Tgid:\t7\nNSpid:\t7\t7\n"}, "bird"},
		"another number in a container":  {map[string]string{"status": "Tgid:\t7\nNSpid:\t7\t3\n"}, ""},
		"a thread":                       {map[string]string{"status": "Tgid:\t5\nNSpid:\t7\n"}, ""},
		"another's":                      {map[string]string{"fd": "socket:[9]"}, ""},
		"files may not be looked at":     {map[string]string{"fd": ""}, ""},
		"ended, but not waited for":      {map[string]string{"stat": "7 (a) Z" + strings.Repeat(" 0", 18) + " 100 0"}, ""},
		"no name":                        {map[string]string{"comm": "\n"}, ""},
		"a name of spaces and no UTF-8":  {map[string]string{"comm": "a b\xff\xfe\t)\n"}, "a b\uFFFD\t)"},
		"a name with the end of a line":  {map[string]string{"comm": "a\nb\n"}, "a\nb"},
		"a name that looks like a state": {map[string]string{"comm": ") Z 1\n", "stat": "7 () Z 1) S" + strings.Repeat(" 0", 18) + " 100 0"}, ") Z 1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := fake(t, bird(c.files))
			require.Equal(t, c.want, r.Name(7, 0, time.Now()))
			require.Equal(t, c.want, r.Name(7, 0, time.Now()), "remembered")
		})
	}
}

// TestASharedSocketIsNobodys, unless all that have it are called the same.
func TestASharedSocketIsNobodys(t *testing.T) {
	child := func(f map[string]string) map[string]string {
		return with(map[string]string{"comm": "worker\n", "fd": "socket:[99]", "stat": "8 (worker) S 7" + strings.Repeat(" 0", 17) + " 200 0"}, f)
	}
	for name, c := range map[string]struct {
		other map[string]string
		want  string
	}{
		"of a child":                            {child(nil), ""},
		"of a process that it was passed to":    {child(map[string]string{"stat": "8 (worker) S 1 0"}), ""},
		"of a child that is called the same":    {child(map[string]string{"comm": "bird\n"}), "bird"},
		"a child with another":                  {child(map[string]string{"fd": "socket:[100]"}), "bird"},
		"a child that may not be looked at":     {child(map[string]string{"fd": "/"}), ""},
		"a grandchild that may not be either":   {child(map[string]string{"fd": "/", "stat": "8 (worker) S 9 0"}), ""},
		"a stranger that may not be looked at":  {child(map[string]string{"fd": "/", "stat": "8 (worker) S 1 0"}), "bird"},
		"one of which nothing can be looked at": {child(map[string]string{"fd": "/", "stat": "?"}), ""},
		"one that has ended":                    {map[string]string{}, "bird"},
	} {
		t.Run(name, func(t *testing.T) {
			processes := bird(nil)
			processes["8"] = c.other
			processes["9"] = map[string]string{"stat": "9 (x) S 7 0"}
			processes["1"] = map[string]string{"stat": "1 (init) S 0 0"}
			r := fake(t, processes)
			require.Equal(t, c.want, r.Name(7, 0, time.Now()))
			r.answers[question{7, 0}].until = time.Time{}
			require.Equal(t, c.want, r.Name(7, 0, time.Now()), "a second later")
		})
	}
}

// waitEnv has a process of this test wait for the end of its standard input, after
// it has been sent a file where that is so.
const waitEnv = "RTNETLINK_WHO_TEST_WAITS"

func TestMain(m *testing.M) {
	switch os.Getenv(waitEnv) {
	case "sent":
		if _, _, _, _, err := unix.Recvmsg(3, make([]byte, 1), make([]byte, 64), 0); err != nil {
			panic(err)
		}
		fallthrough
	case "inherited":
		fmt.Println()
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestSocketsThatAreHandedOn to a child, and in a message.
func TestSocketsThatAreHandedOn(t *testing.T) {
	self := os.Args[0]
	other := filepath.Join(t.TempDir(), "worker")
	program, err := os.ReadFile(self)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(other, program, 0o755))
	comm, err := os.ReadFile("/proc/self/comm")
	require.NoError(t, err)
	own := strings.TrimSpace(string(comm))
	port := socket(t, 0)
	require.EqualValues(t, os.Getpid(), port)
	fd := 0
	for n := range 1024 { // the one that it is
		name, err := unix.Getsockname(n)
		if nl, is := name.(*unix.SockaddrNetlink); err == nil && is && nl.Pid == port {
			fd = n
		}
	}
	for name, c := range map[string]struct{ program, how, want string }{
		"a child":                       {other, "inherited", ""},
		"a child of the same name":      {self, "inherited", own},
		"a process that was sent it":    {other, "sent", ""},
		"one of the same name that was": {self, "sent", own},
		"nobody":                        {"", "", own},
	} {
		t.Run(name, func(t *testing.T) {
			if c.how != "" {
				hand(t, fd, c.program, c.how)
			}
			require.Equal(t, c.want, ask(port, 0))
		})
		require.Equal(t, own, ask(port, 0), "afterwards")
	}
}

// hand starts a program that has a file by now, until the test's end.
func hand(t *testing.T, fd int, program, how string) {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	near, far := pair[0], os.NewFile(uintptr(pair[1]), "")
	defer unix.Close(near)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), waitEnv+"="+how)
	cmd.ExtraFiles = []*os.File{far}
	if how == "inherited" {
		copied, err := unix.Dup(fd)
		require.NoError(t, err)
		file := os.NewFile(uintptr(copied), "")
		defer file.Close()
		cmd.ExtraFiles = append(cmd.ExtraFiles, file)
	}
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	far.Close()
	if how == "sent" {
		require.NoError(t, unix.Sendmsg(near, []byte{0}, unix.UnixRights(fd), nil, 0))
	}
	_, err = out.Read(make([]byte, 1))
	require.NoError(t, err)
}

// TestALookIsBounded in what it reads at once, and in a second.
func TestALookIsBounded(t *testing.T) {
	processes := bird(nil)
	processes["8"] = map[string]string{"comm": "worker\n", "fd": "socket:[100]"}
	r := fake(t, processes)
	l := newLook(r.proc, "99")
	l.left = 0
	require.False(t, l.alone(7, &command{}, false), "files were left")
	require.Equal(t, "bird", r.Name(7, 0, time.Now()))
	for range 100 {
		r.files.ReserveN(time.Now(), maxFiles)
	}
	r.answers[question{7, 0}].until = time.Time{}
	require.Equal(t, "bird", r.Name(7, 0, time.Now()), "it was looked for")
	r.forget(question{7, 0})
	require.Empty(t, r.Name(7, 0, time.Now()), "in doubt")
}

// TestAnAnswerIsRemembered: a daemon that changes much is looked up once a second.
func TestAnAnswerIsRemembered(t *testing.T) {
	r := fake(t, bird(nil))
	require.Equal(t, "bird", r.Name(7, 0, time.Now()))
	require.NoError(t, os.RemoveAll(string(r.proc)))
	require.Equal(t, "bird", r.Name(7, 0, time.Now()))
	seen := time.Now().Add(time.Hour)
	require.Zero(t, testing.AllocsPerRun(100, func() { r.Name(7, 0, seen) }))
	r.answers[question{7, 0}].until = time.Now().Add(-1)
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

// BenchmarkALookForASocket in the open files of all processes of the machine.
func BenchmarkALookForASocket(b *testing.B) {
	r := New()
	self := r.proc.process(uint32(os.Getpid())).command()
	looked := 0
	for b.Loop() {
		l := newLook(r.proc, "0")
		l.alone(uint32(os.Getpid()), self, false)
		looked += maxFiles - l.left
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(looked), "ns/file")
	b.ReportMetric(float64(looked)/float64(b.N), "files/op")
}
