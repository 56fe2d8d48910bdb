package recordings

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/telegraf/testutil"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin"
	"telegraf-rtnetlink/plugin/internal/capture"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
)

// scenario is one behaviour of the kernel.
type scenario struct {
	name  string   // in words; with hyphens it names the files
	basis []string // what is there before the recording starts
	steps []string // what happens while it runs, as stage.do takes it
	// want lists events, as summary writes them, that must come in this order
	// behind the first enumeration; others may be between.
	want []string
	only bool // want is all
	// privileged scenarios can only be recorded as nstest.RootEnv says.
	privileged bool
	// programs are told by name: the namespace has a path then, which the
	// recording does not show.
	programs bool
	options  func(*plugin.RTNetlink) // of the recording; nil: the defaults
}

// file returns the path of a recording without its extension.
func (sc *scenario) file(dir string) string {
	return dir + "/" + strings.ReplaceAll(sc.name, " ", "-")
}

// settleTime is how long a recording goes on behind the last step: questions
// that are to make sure of something are asked a second apart.
const settleTime = 1500 * time.Millisecond

// store plays a scenario and writes its recording into dir.
func (sc *scenario) store(t *testing.T, dir string) {
	t.Helper()
	if sc.privileged && !nstest.Privileged() {
		t.Skipf("can only be recorded by root with %s=1", nstest.RootEnv)
	}
	var file bytes.Buffer
	sc.record(t, &file)
	require.NoError(t, os.WriteFile(sc.file(dir)+".pcapng", file.Bytes(), 0o644))
}

// record plays a scenario in a namespace of its own.
func (sc *scenario) record(t *testing.T, to *bytes.Buffer) {
	ns := nstest.New(t)
	st := stage{ops.NewRunner(t, ns), t, ns, map[string]*nstest.NS{}, map[string]io.Writer{}, map[string]*nstest.MulticastRouter{}}
	for _, line := range sc.basis {
		require.NoError(t, st.do(line))
	}
	log := &testutil.CaptureLogger{Name: "rtnetlink"}
	input := plugin.New()
	input.Log = log
	if sc.options != nil {
		sc.options(input)
	}
	if sc.programs {
		input.Netns = []string{ns.Path()}
	}
	require.NoError(t, input.Init())
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- ns.Do(func() error { return input.Record(ctx, to, "test") })
	}()
	require.Eventually(t, func() bool { return logged(log, "Enumeration complete") }, time.Minute, 10*time.Millisecond)
	for _, line := range sc.steps {
		require.NoError(t, st.do(line))
	}
	time.Sleep(settleTime)
	stop()
	require.NoError(t, <-ended)
	if sc.programs {
		nameless(t, to)
	}
}

// nameless rewrites a recording of one namespace as one of the process's own.
func nameless(t *testing.T, file *bytes.Buffer) {
	t.Helper()
	r, err := capture.NewReader(bytes.NewReader(file.Bytes()))
	require.NoError(t, err)
	list := records(t, file.Bytes())
	file.Reset()
	w, err := capture.NewWriter(file, r.Meta())
	require.NoError(t, err)
	for _, rec := range list {
		rec.Netns = ""
		require.NoError(t, w.Write(rec))
	}
	require.NoError(t, w.Flush())
}

func logged(log *testutil.CaptureLogger, text string) bool {
	for _, m := range log.Messages() {
		if strings.Contains(m.Text, text) {
			return true
		}
	}
	return false
}

// stage is where a scenario is played.
type stage struct {
	*ops.Runner
	t     *testing.T
	ns    *nstest.NS
	named map[string]*nstest.NS // in /run/netns
	runs  map[string]io.Writer  // standard inputs of programs by name

	routers map[string]*nstest.MulticastRouter
}

// do executes one step: what ops.Runner.Do takes, or one of
//
//	pause DURATION
//	refused: STEP      a step that the kernel must not accept
//	burst N ROUTE      "route add" N times at once, with %d for 0 to N-1
//	netns add NAME     as ip-netns(8) does it
//	netns del NAME
//	in NAME: COMMAND   a command in that namespace
//	program NAME: LINE a line for iproute2's ip as a program of that name, which lives on
//	advertise DEV      a router behind the other end of DEV says what it can say
//	multicast: COMMAND what nstest.MulticastRouter takes; "end" ends the daemon
//	ip: ARGUMENTS      iproute2's ip, for what takes more than netlink
//	bridge: ARGUMENTS  iproute2's bridge
func (s stage) do(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "pause":
		d, err := time.ParseDuration(rest)
		time.Sleep(d)
		return err
	case "refused:":
		if s.Do(rest) == nil {
			return fmt.Errorf("%s: the kernel took it", rest)
		}
		return nil
	case "burst":
		return s.burst(rest)
	case "ip:", "bridge:":
		_, err := s.ns.Output(strings.TrimSuffix(verb, ":"), strings.Fields(rest)...)
		return err
	case "multicast:":
		return s.multicast(rest)
	case "netns":
		s.netns(rest)
		return nil
	case "program":
		name, line, _ := strings.Cut(rest, ": ")
		return s.program(name, line)
	case "advertise":
		s.ns.Advertise(rest, advertised)
		return nil
	case "in":
		name, command, _ := strings.Cut(rest, ": ")
		return s.in(s.named[name], command)
	}
	return s.Do(line)
}

// multicast has the daemon of IPv4 do something. It begins with its first command.
func (s stage) multicast(command string) (err error) {
	if s.routers[""] == nil {
		if s.routers[""], err = s.ns.MulticastRouter(false, 0); err != nil {
			return err
		}
	}
	if command == "end" {
		return s.routers[""].Close()
	}
	return s.routers[""].Do(command)
}

// program has a program of a name do a line of "ip -batch". It begins with its
// first line and ends with the test.
func (s stage) program(name, line string) error {
	if s.runs[name] == nil {
		in, err := s.start(name)
		if err != nil {
			return err
		}
		s.runs[name] = in
	}
	_, err := io.WriteString(s.runs[name], line+"\n")
	return err
}

// start runs iproute2's ip under another name.
func (s stage) start(name string) (io.Writer, error) {
	path, err := exec.LookPath("ip")
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	path = filepath.Join(s.t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o755); err != nil {
		return nil, err
	}
	cmd := exec.Command(path, "-batch", "-")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	s.t.Cleanup(func() {
		in.Close()
		require.NoError(s.t, cmd.Wait())
	})
	return in, s.ns.Start(cmd)
}

// advertised is what a router says with one option of each kind that the kernel
// passes on.
var advertised = nstest.Advertisement{
	Router: netip.MustParseAddr("fe80::9"), HopLimit: 64, Lifetime: 1800, Prefix: netip.MustParsePrefix("2001:db8:5::/64"),
	Options: slices.Concat(
		nstest.Option(25, slices.Concat([]byte{0, 0, 0, 0, 2, 88}, netip.MustParseAddr("2001:db8::53").AsSlice())...),
		nstest.Option(31, append([]byte{0, 0, 0, 0, 2, 88}, "\x07example\x03org\x00"...)...),
		nstest.Option(37, []byte("https://login.example/")...),
		nstest.Option(38, append([]byte{7, 8, 0, 0x64, 0xff, 0x9b}, make([]byte, 8)...)...)),
}

// in executes a command in another namespace: of iproute2's ip, of the kind
// "sysctl KEY VALUE", or a request.
func (s stage) in(ns *nstest.NS, command string) error {
	if args, is := strings.CutPrefix(command, "ip: "); is {
		_, err := ns.Output("ip", strings.Fields(args)...)
		return err
	}
	if setting, is := strings.CutPrefix(command, "sysctl "); is {
		key, value, _ := strings.Cut(setting, " ")
		return ns.TrySysctl(key, value)
	}
	return ns.Try(command)
}

func (s stage) burst(rest string) error {
	number, route, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		return err
	}
	var requests []nstest.Request
	for i := range n {
		r, err := s.ns.Compile("route add " + fmt.Sprintf(route, i))
		if err != nil {
			return err
		}
		requests = append(requests, r)
	}
	_, err = s.ns.Batch(requests)
	return err
}

// netns reads "add NAME" or "del NAME".
func (s stage) netns(rest string) {
	verb, name, _ := strings.Cut(rest, " ")
	if verb == "del" {
		s.named[name].Unname(name)
		return
	}
	s.named[name] = nstest.New(s.t)
	s.named[name].Name(name)
}
