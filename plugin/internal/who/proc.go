package who

import (
	"bufio"
	"bytes"
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

// initialPID is the inode of the initial pid namespace (PROC_PID_INIT_INO).
const initialPID = "pid:[4026531836]"

// initial reports whether the program itself is in the initial pid namespace, so
// that no process is hidden from it.
func (p proc) initial() bool {
	link, err := os.Readlink(filepath.Join(string(p), "self/ns/pid"))
	return err == nil && link == initialPID
}

// nestedIDs returns the numbers by which processes of nested pid namespaces go in
// their own.
func (p proc) nestedIDs() map[uint32]bool {
	ids := map[uint32]bool{}
	dirs, err := os.ReadDir(string(p))
	if err != nil {
		return nil
	}
	for _, d := range dirs {
		id, err := strconv.ParseUint(d.Name(), 10, 32)
		if err != nil {
			continue
		}
		if list, _ := p.process(uint32(id)).status(); len(list) > 1 {
			ids[list[len(list)-1]] = true
		}
	}
	return ids
}

// status returns the ids of a process, in the pid namespaces from that of the
// program down to its own, and its name.
func (p process) status() (ids []uint32, name string) {
	text, err := os.ReadFile(string(p) + "/status")
	if err != nil {
		return nil, ""
	}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		switch key {
		case "NSpid":
			for _, word := range strings.Fields(value) {
				id, _ := strconv.ParseUint(word, 10, 32)
				ids = append(ids, uint32(id))
			}
		case "Name":
			comm, err := os.ReadFile(string(p) + "/comm") // without the escapes of status
			if err != nil {
				return nil, ""
			}
			name = strings.ToValidUTF8(strings.TrimSuffix(string(comm), "\n"), "\uFFFD")
		}
	}
	return ids, name
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

// verdict is an answer that may not be known.
type verdict uint8

const (
	unknown verdict = iota
	no
	yes
)

// maxFiles bounds how many open files of a process are looked at.
const maxFiles = 4096

// owns reports whether a process has a socket open.
func (p process) owns(inode string) verdict {
	dir, err := os.Open(string(p) + "/fd")
	if err != nil {
		return unknown
	}
	defer dir.Close()
	names, err := dir.Readdirnames(maxFiles)
	if err != nil {
		return unknown
	}
	for _, name := range names {
		if link, err := os.Readlink(string(p) + "/fd/" + name); err == nil && link == "socket:["+inode+"]" {
			return yes
		}
	}
	if len(names) == maxFiles {
		return unknown
	}
	return no
}
