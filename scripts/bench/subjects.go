package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// subject is a column of the table: a program that reads routes.
type subject struct {
	name string
	// dump is a command that reads all routes of a family and then either exits
	// or says "complete" and waits for the end of its standard input.
	dump func(v6 bool) *exec.Cmd
	// events is a command that counts events, and tells how many for each line
	// on its standard input.
	events func() *exec.Cmd
	// lines is a command that prints a line for each event; dst finds the
	// prefix of a new route in it, "" if there is none.
	lines func() *exec.Cmd
	dst   func(line string) string
	// ready is what the command says, on standard output or error, when it has
	// subscribed; "": nothing.
	ready string
	exits bool // the dump does
	// rounds is how often a dump is repeated; the best counts.
	rounds int
}

// The columns.
const (
	bareName = "bare recvmsg"
	oursName = "telegraf-rtnetlink"
	ipName   = "ip"
	libName  = "libnetstack"
)

// cast collects the subjects, those that can take part.
func (b *bench) cast() error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	config, err := b.configure("bench.conf", "")
	if err != nil {
		return err
	}
	b.exe = exe
	b.subjects = append(b.subjects, b.bare(), b.product(config))
	if _, err := exec.LookPath("ip"); err == nil {
		b.subjects = append(b.subjects, iproute2())
	}
	peers := filepath.Join(b.dir, peersName)
	if _, err := os.Stat(peers); err == nil {
		for _, name := range []string{"mdlayher", "jsimonetti", "vishvananda"} {
			b.subjects = append(b.subjects, peer(peers, name))
		}
	}
	if b.library != "" {
		b.subjects = append(b.subjects, libnetstack(filepath.Join(b.dir, netstackName)))
	}
	b.choose()
	for i := range b.subjects {
		b.table.columns = append(b.table.columns, b.subjects[i].name)
		if b.subjects[i].name == oursName {
			b.ours = &b.subjects[i]
		}
	}
	return nil
}

// choose leaves out what -only does not name.
func (b *bench) choose() {
	if b.only == "" {
		return
	}
	wanted := strings.Split(b.only, ",")
	b.subjects = slices.DeleteFunc(b.subjects, func(s subject) bool {
		return s.name != bareName && !slices.Contains(wanted, s.name)
	})
}

// configuration is what is measured: only changes, without a cap; everything
// else as by default.
const configuration = `[[inputs.rtnetlink]]
  initial_events = []
  max_events_per_second = 0
`

// configure writes a configuration with more than that, and returns its path.
func (b *bench) configure(name, more string) (string, error) {
	path := filepath.Join(b.dir, name)
	return path, os.WriteFile(path, []byte(configuration+more), 0o600)
}

func (b *bench) product(config string) subject {
	cmd := func() *exec.Cmd {
		return exec.Command(b.binary, "-config", config, "-poll_interval_disabled", "-log_level", "debug")
	}
	return subject{
		name: oursName, rounds: 3, ready: "Enumeration complete",
		dump: func(bool) *exec.Cmd { return cmd() }, lines: cmd,
		dst: func(line string) string {
			if !strings.HasPrefix(line, "rtnetlink_route,action=new,") {
				return ""
			}
			_, rest, _ := strings.Cut(line, `dst="`)
			dst, _, _ := strings.Cut(rest, `"`)
			return dst
		},
	}
}

func (b *bench) bare() subject {
	return subject{
		name: bareName, rounds: 5, ready: "ready",
		dump:   func(v6 bool) *exec.Cmd { return b.child("dump", digit(v6)) },
		events: func() *exec.Cmd { return b.child("events") },
		lines:  func() *exec.Cmd { return b.child("lines") },
		dst:    func(line string) string { return line },
	}
}

// child is this program as one of the subjects.
func (b *bench) child(args ...string) *exec.Cmd {
	return exec.Command(b.exe, append([]string{"child"}, args...)...)
}

func iproute2() subject {
	return subject{
		name: ipName, rounds: 1, exits: true,
		dump:  func(v6 bool) *exec.Cmd { return exec.Command("ip", "-"+digit(v6), "route", "show", "table", "main") },
		lines: func() *exec.Cmd { return exec.Command("ip", "monitor", "route") },
		dst: func(line string) string {
			first, _, _ := strings.Cut(line, " ")
			return first // "Deleted" is no prefix
		},
	}
}

func peer(path, name string) subject {
	return subject{
		name: name, rounds: 1, ready: "ready",
		dump:   func(v6 bool) *exec.Cmd { return exec.Command(path, name, "dump", digit(v6)) },
		events: func() *exec.Cmd { return exec.Command(path, name, "events") },
	}
}

// libnetstack enumerates, with a callback for routes that does nothing.
func libnetstack(path string) subject {
	return subject{name: libName, rounds: 3, dump: func(bool) *exec.Cmd { return exec.Command(path) }}
}

// tells reports whether the subject can be told of events.
func (s *subject) tells() bool { return s.events != nil || s.lines != nil }

func digit(v6 bool) string { return fmt.Sprint(map[bool]int{false: 4, true: 6}[v6]) }
