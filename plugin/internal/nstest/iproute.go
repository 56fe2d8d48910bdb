package nstest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
)

// Iproute runs commands of iproute2 in a namespace. A program is started once
// for all commands with the same options (-batch): where an emulator translates
// each instruction, a start takes ten times as long as a command.
//
// A program remembers the names of links it has met, but for those that it
// deletes, renames or moves itself: Restart where a name may be that of another
// link. It may be used from several goroutines.
type Iproute struct {
	ns *NS

	mu      sync.Mutex
	running map[string]*program // by program and options
	names   map[string]string   // by ifindex, as Names knows them
}

// Iproute returns a runner of commands, which ends with the test.
func (ns *NS) Iproute() *Iproute {
	i := &Iproute{ns: ns, running: map[string]*program{}}
	ns.t.Cleanup(i.Restart)
	return i
}

// Reading returns a runner of commands that only read, one and the same for the
// whole test, on whose goroutine it belongs.
func (ns *NS) Reading() *Iproute {
	if ns.reading == nil {
		ns.reading = ns.Iproute()
	}
	return ns.reading
}

// Names tells the names that links have now, by ifindex, and restarts the
// programs unless all links still have the names of the last time.
func (i *Iproute) Names(now map[string]string) {
	for index, name := range i.names {
		if now[index] != name {
			i.Restart()
			break
		}
	}
	i.names = now
}

// Output runs a command, "ip -6 route show", and returns what it prints; the
// error has what it said about a failure. Option -d, details, is always there.
func (i *Iproute) Output(command string) (string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	start, rest := options(strings.Fields(command))
	key := strings.Join(start, " ")
	p := i.running[key]
	if p == nil {
		var err error
		if p, err = i.ns.startProgram(start); err != nil {
			return "", err
		}
		i.running[key] = p
	}
	out, err := p.run(strings.Join(rest, " "))
	if errors.Is(err, errEnded) {
		p.end()
		delete(i.running, key)
	}
	if err != nil {
		return out, fmt.Errorf("%s: %w", command, err)
	}
	return out, nil
}

// Restart ends the programs; the next command starts one that knows no name.
func (i *Iproute) Restart() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, p := range i.running {
		p.end()
	}
	clear(i.running)
}

// options splits a command behind the options of the program.
func options(words []string) (start, rest []string) {
	start, rest = []string{words[0], "-d"}, words[1:]
	for len(rest) > 1 && strings.HasPrefix(rest[0], "-") {
		n := 1
		if rest[0] == "-f" || rest[0] == "-family" {
			n = 2
		}
		if rest[0] != "-d" {
			start = append(start, rest[:n]...)
		}
		rest = rest[n:]
	}
	return start, rest
}

// program is a running ip or bridge that reads commands.
type program struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *os.File
	all *bufio.Reader
}

func (ns *NS) startProgram(start []string) (*program, error) {
	p := &program{cmd: exec.Command(start[0], append(start[1:len(start):len(start)], "-force", "-batch", "-")...)}
	p.cmd.Env = append(os.Environ(), lineByLine()...)
	out, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	p.cmd.Stdout, p.cmd.Stderr = w, w
	if p.in, err = p.cmd.StdinPipe(); err == nil {
		err = ns.Start(p.cmd)
	}
	if err != nil {
		out.Close()
		return nil, fmt.Errorf("%s: %w", strings.Join(start, " "), err)
	}
	p.out, p.all = out, bufio.NewReader(out)
	return p, nil
}

// lineByLine is the environment in which a program prints each line at once,
// before what it says about the next command.
var lineByLine = sync.OnceValue(func() (env []string) {
	out, _ := exec.Command("stdbuf", "-oL", "env").Output()
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "LD_PRELOAD=") || strings.HasPrefix(line, "_STDBUF_") {
			env = append(env, strings.TrimSpace(line))
		}
	}
	return env
})

// noCommand is refused by the program in words of its own: behind them nothing
// comes of the command before.
const noCommand = "%"

// failed is what a program says at the end of a command that failed; tornDump
// of one that had to read what changed meanwhile.
var (
	failed   = regexp.MustCompile(`Command failed -:\d+\n`)
	tornDump = "Dump was interrupted and may be inconsistent.\n"
)

// errEnded is the end of a program: it ends at a word that it does not know.
var errEnded = errors.New("the program ended")

func (p *program) run(command string) (string, error) {
	if _, err := io.WriteString(p.in, command+"\n"+noCommand+"\n"); err != nil {
		return "", err
	}
	var text strings.Builder
	for {
		line, err := p.all.ReadString('\n')
		if err != nil {
			return "", fmt.Errorf("%w: %s", errEnded, strings.TrimSpace(text.String()))
		}
		if strings.HasPrefix(line, `Object "`+noCommand+`" is unknown`) {
			break
		}
		text.WriteString(line)
	}
	if _, err := p.all.ReadString('\n'); err != nil { // that noCommand failed
		return "", err
	}
	out := strings.ReplaceAll(text.String(), tornDump, "")
	if said := failed.ReplaceAllString(out, ""); said != out {
		return "", errors.New(strings.TrimSpace(said))
	}
	return out, nil
}

func (p *program) end() {
	_ = p.in.Close()
	_ = p.cmd.Wait() // its status is that of the command it was last refused
	_ = p.out.Close()
}
