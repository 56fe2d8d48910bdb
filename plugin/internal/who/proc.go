package who

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// proc is where procfs is mounted (proc(5)).
type proc string

// process is the directory of a process.
type process string

func (p proc) process(id uint32) process {
	return process(filepath.Join(string(p), strconv.FormatUint(uint64(id), 10)))
}

// isCalled reports whether a process, and not one of its threads, goes by a number,
// in the pid namespace of the program and in its own.
func (p process) isCalled(id uint32) bool {
	text, err := os.ReadFile(string(p) + "/status")
	if err != nil {
		return false
	}
	want := strconv.FormatUint(uint64(id), 10)
	group, own := "", ""
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		switch key {
		case "Tgid":
			group = strings.TrimSpace(value)
		case "NSpid": // from the namespace of the program down to the process's own
			own = value[strings.LastIndexByte(value, '\t')+1:]
		}
	}
	return group == want && own == want
}

// startTime is the place of starttime in stat behind the name, in clock ticks
// since the system's start. The kernel counts 100 a second towards user space.
const (
	startTime = 22 - 3
	tick      = 10 * time.Millisecond
)

// began returns how long after the system's start a process was started, rounded
// down.
func (p process) began() (since time.Duration, ok bool) {
	text, err := os.ReadFile(string(p) + "/stat")
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) <= startTime || fields[0] == "Z" || fields[0] == "X" {
		return 0, false
	}
	ticks, err := strconv.ParseInt(fields[startTime], 10, 64)
	if err != nil {
		return 0, false
	}
	return time.Duration(ticks) * tick, true
}

// clock returns the time since the system's start at a moment of the wall clock.
func clock(at time.Time) time.Duration {
	var up unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &up) != nil {
		return 0
	}
	return time.Duration(up.Nano()) - time.Since(at)
}

// inNetns reports whether a process is in a network namespace, of which the inode
// is given, 0 for the own one. Each namespace has files of its own in /proc/PID/net,
// which everybody may tell apart.
func (p process) inNetns(inode uint64) bool {
	var own, other unix.Stat_t
	if inode != 0 {
		return unix.Stat(string(p)+"/ns/net", &other) == nil && other.Ino == inode
	}
	self := filepath.Join(filepath.Dir(string(p)), "self/net/netlink")
	return unix.Stat(self, &own) == nil && unix.Stat(string(p)+"/net/netlink", &other) == nil && own.Ino == other.Ino
}

// routeSocket returns the inode of the route socket with a port id in the network
// namespace of a process, empty for none.
func (p process) routeSocket(port uint32) string {
	file, err := os.Open(string(p) + "/net/netlink")
	if err != nil {
		return ""
	}
	defer file.Close()
	want := strconv.FormatUint(uint64(port), 10)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		// sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode
		f := strings.Fields(lines.Text())
		if len(f) >= 10 && f[1] == "0" && f[2] == want {
			return f[9]
		}
	}
	return ""
}

// maxFiles bounds how many open files of all processes are looked at for a socket:
// some 40 ms of a processor.
const maxFiles = 32768

// look is one for a socket in the open files of processes.
type look struct {
	proc proc
	link string // what a file descriptor of the socket leads to
	left int    // how many more files it may look at
	buf  [64]byte
}

func newLook(p proc, inode string) *look {
	return &look{proc: p, link: "socket:[" + inode + "]", left: maxFiles}
}

// owns reports whether a process has the socket open, as far as the program may
// see; known is false where it may not, or would take too long.
func (l *look) owns(p process) (has, known bool) {
	dir, err := os.Open(string(p) + "/fd")
	if err != nil {
		return false, errors.Is(err, unix.ENOENT) // it has ended
	}
	defer dir.Close()
	for {
		names, err := dir.Readdirnames(256)
		for _, name := range names {
			if l.left--; l.left < 0 {
				return false, false
			}
			n, err := unix.Readlinkat(int(dir.Fd()), name, l.buf[:])
			if err == nil && string(l.buf[:n]) == l.link {
				return true, true
			}
		}
		if err != nil {
			return false, err == io.EOF || errors.Is(err, unix.ENOENT)
		}
	}
}

// alone reports whether no other process has the socket open than the one with a
// number, or only such that are called the same. Where the program may not see what
// a process has open, it is one that has not come from that one. Of a young process
// only those are looked at that began after it.
func (l *look) alone(id uint32, c *command, young bool) bool {
	dir, err := os.Open(string(l.proc))
	if err != nil {
		return false
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return false
	}
	for _, name := range names {
		other, err := strconv.ParseUint(name, 10, 32)
		if err != nil || uint32(other) == id || young && uint32(other) < id {
			continue
		}
		p := l.proc.process(uint32(other))
		switch has, known := l.owns(p); {
		case has && !p.isNamed(c), !known && (l.left < 0 || l.proc.descends(p, id)):
			return false
		}
	}
	return true
}

// isLast reports whether numbers above this one are of processes that began later:
// they have not begun anew since.
func (p proc) isLast(id uint32) bool {
	text, err := os.ReadFile(string(p) + "/loadavg") // which ends with the newest
	fields := strings.Fields(string(text))
	if err != nil || len(fields) == 0 {
		return false
	}
	newest, err := strconv.ParseUint(fields[len(fields)-1], 10, 32)
	return err == nil && uint32(newest) >= id
}

// isNamed reports whether a process is called as another one.
func (p process) isNamed(c *command) bool {
	text, err := os.ReadFile(string(p) + "/comm")
	return err == nil && bytes.Equal(text, c.text)
}

// parent is the place of ppid in stat behind the name.
const parent = 4 - 3

// descends reports whether a process is a child of another one, or of its children,
// or may be one: that it is not can be seen.
func (p proc) descends(child process, ancestor uint32) bool {
	for range 64 {
		text, err := os.ReadFile(string(child) + "/stat")
		if err != nil {
			return !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.ESRCH)
		}
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		if len(fields) <= parent {
			return true
		}
		id, err := strconv.ParseUint(fields[parent], 10, 32)
		switch {
		case err != nil || uint32(id) == ancestor:
			return true
		case id == 0:
			return false
		}
		child = p.process(uint32(id))
	}
	return true
}

// command is the name of a process (proc(5), comm), in a file that stays that of
// the process when another one gets its number.
type command struct {
	file *os.File
	text []byte // as the file had it
	read []byte // what it is read into
	name string
}

// command opens the name of a process, nil where there is none.
func (p process) command() *command {
	file, err := os.Open(string(p) + "/comm") // without the escapes of status
	if err != nil {
		return nil
	}
	c := &command{file: file, read: make([]byte, 64)} // the kernel gives 16, and 64 to its own threads
	n, _ := file.ReadAt(c.read, 0)
	c.text = bytes.Clone(c.read[:n])
	c.name = strings.ToValidUTF8(strings.TrimSuffix(string(c.text), "\n"), "\uFFFD")
	if c.name == "" {
		c.close()
		return nil
	}
	return c
}

// stands reports whether the process lives and is called as before: it was neither
// renamed nor is it another program (execve(2)) by now.
func (c *command) stands() bool {
	n, _ := c.file.ReadAt(c.read, 0)
	return bytes.Equal(c.read[:n], c.text)
}

func (c *command) close() { c.file.Close() }
