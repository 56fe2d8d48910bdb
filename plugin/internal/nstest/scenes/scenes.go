// Package scenes plays the lives of devices of every kind: created, changed,
// moved between namespaces, flapped, renamed and deleted, with addresses,
// routes, rules and neighbors on them. A scene is text in data/*.txt:
//
//	=== bond active-backup: failover
//	since 5.18
//	load bonding
//	ip link add bond0 type bond mode active-backup
//	until active_slave s1 :: ip -d link show bond0
//	--
//	peer ip link set s1 up
//
// Each line is a command, run one after the other; at "--" and at the end of
// the scene the caller compares. Commands are those of iproute2, and
//
//   - "? COMMAND" may be refused, for example by an old kernel,
//   - "peer COMMAND" runs in the second namespace,
//   - "sysctl KEY=VALUE" sets a sysctl of the namespace,
//   - "send DEV ADDRESS" sends a frame as if it came from a hardware address,
//   - "until TEXT :: COMMAND" waits until the command prints the text,
//   - "since X.Y" skips the scene on an older kernel,
//   - "everywhere" has it played on each of the kernels that share the scenes,
//   - "load MODULE…" needs modules that nothing loads by itself,
//   - "life ARGUMENTS" is the life that a device of any kind can have, from
//     "ip link add x0 ARGUMENTS" on (life.go).
//
// $HOME and $PEER in a command are paths of the two namespaces. A scene whose
// devices the kernel does not know is skipped, unless RequireEnv says that it
// knows all.
package scenes

import (
	"embed"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// RequireEnv names the environment variable which, set to 1, makes a scene fail
// whose devices the kernel does not know.
const RequireEnv = "RTNETLINK_REQUIRE_KINDS"

// patience is how long the kernel may take for what a scene waits for. It is
// only to end a scene that waits for what never comes.
const patience = 20 * time.Minute

//go:embed data/*.txt
var data embed.FS

// Scene is one of the lives.
type Scene struct {
	Name  string
	Lines []string // commands, and "--" where to compare
}

// All returns the scenes, in the order of the files and within them.
func All() []Scene {
	files, err := data.ReadDir("data")
	if err != nil {
		panic(err) // it is embedded
	}
	var list []Scene
	for _, file := range files {
		b, err := data.ReadFile(path.Join("data", file.Name()))
		if err != nil {
			panic(err)
		}
		list = append(list, parse(string(b))...)
	}
	return list
}

func parse(text string) (list []Scene) {
	for line := range strings.SplitSeq(text, "\n") {
		name, begins := strings.CutPrefix(line, "=== ")
		switch {
		case begins:
			list = append(list, Scene{Name: name})
		case strings.TrimSpace(line) != "" && len(list) > 0:
			s := &list[len(list)-1]
			s.Lines = append(s.Lines, lifeOf(line)...)
		}
	}
	return list
}

// Play runs the scene in ns and a second namespace, which is empty at first,
// and calls compare at each "--" and at the end, with the commands since the
// last time. Commands that fail fail the test but do not end it.
func (s Scene) Play(t *testing.T, ns *nstest.NS, compare func(commands []string)) {
	t.Helper()
	for _, tool := range []string{"ip", "bridge"} {
		nstest.NeedTool(t, tool)
	}
	peer := nstest.New(t)
	p := &player{t: t, ns: ns, home: ns.Iproute(), peer: peer.Iproute()}
	p.where = strings.NewReplacer("$HOME", ns.Path(), "$PEER", peer.Path())
	start := 0
	for i, line := range append(s.Lines, "--") {
		if line != "--" {
			p.line(line)
			continue
		}
		compare(s.Lines[start:i])
		start = i + 1
	}
}

type player struct {
	t     *testing.T
	ns    *nstest.NS
	home  *nstest.Iproute
	peer  *nstest.Iproute // in the second namespace
	where *strings.Replacer
	gone  bool // links whose names a program may remember
}

func (p *player) line(line string) {
	p.t.Helper()
	line, optional := strings.CutPrefix(line, "? ")
	word, rest, _ := strings.Cut(line, " ")
	var err error
	switch word {
	case "everywhere":
	case "since":
		p.since(rest)
	case "load":
		p.load(rest)
	case "until":
		err = p.until(rest)
	case "peer":
		err = p.run(p.peer, rest)
	case "sysctl":
		key, value, _ := strings.Cut(rest, "=")
		err = p.ns.TrySysctl(key, value)
	case "send":
		err = p.send(rest)
	default:
		err = p.run(p.home, line)
	}
	switch {
	case err == nil:
	case optional:
		p.t.Logf("refused: %v", err)
	case lacking(err) && os.Getenv(RequireEnv) != "1":
		p.t.Skipf("not in this kernel: %v", err)
	default:
		p.t.Error(err)
	}
}

// lacking reports whether an error says that the kernel was built without
// something.
func lacking(err error) bool {
	return strings.Contains(err.Error(), "Unknown device type") || strings.Contains(err.Error(), "Operation not supported")
}

func (p *player) run(ip *nstest.Iproute, line string) error {
	_, err := ip.Output(p.where.Replace(line))
	if p.gone && naming.MatchString(line) {
		p.gone = false
		p.home.Restart()
		p.peer.Restart()
	}
	p.gone = p.gone || strings.Contains(line, " del")
	return err
}

// naming finds commands that give a name to a link.
var naming = regexp.MustCompile(`\b(link|tuntap|tunnel|l2tp) .*\b(add|name|netns)\b`)

// since skips the scene on a kernel older than version.
func (p *player) since(version string) {
	p.t.Helper()
	if nstest.Older(version) {
		p.t.Skipf("Linux %s is older than %s", nstest.Kernel(), version)
	}
}

// load skips the scene unless the modules are there; only the real root can
// load them.
func (p *player) load(modules string) {
	p.t.Helper()
	out, err := exec.Command("modprobe", append([]string{"-a"}, strings.Fields(modules)...)...).CombinedOutput()
	if err == nil {
		return
	}
	if os.Getenv(RequireEnv) == "1" {
		p.t.Fatalf("modprobe %s: %v: %s", modules, err, out)
	}
	p.t.Skipf("modprobe %s: %v", modules, err)
}

func (p *player) send(args string) error {
	dev, address, _ := strings.Cut(args, " ")
	mac, err := net.ParseMAC(address)
	if err != nil {
		return err
	}
	return p.ns.TryFrame(dev, mac)
}

// until waits until a command prints text.
func (p *player) until(args string) error {
	text, line, _ := strings.Cut(args, " :: ")
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		out, err := p.home.Output(p.where.Replace(line))
		switch {
		case err != nil:
			return err
		case strings.Contains(out, text):
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("%s never shows %q, but\n%s", line, text, out)
		}
	}
}
