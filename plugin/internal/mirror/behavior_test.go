package mirror

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// behavior is something that the kernel does: what makes it do so, what it
// says about it and what it leaves unsaid. Objects and messages are given by
// words that all have to occur in their description.
type behavior struct {
	name    string
	setup   []string // before the trigger; behind what every scene has
	trigger []string // a leading "?" allows that the kernel refuses it
	says    []string // messages that come, in this order, others between them
	silent  []string // no message comes about these
	gone    []string // objects that are there before and not after
	born    []string // objects that are not there before, but after
	kept    []string // objects that are there before and after
	reports []string // events of the mirror, in this order
	needs   string   // a link kind, or "seg6", that a kernel may lack
	root    bool     // only in namespaces that the real root owns
	since   string   // not on older kernels
	before  string   // not on kernels from this on
}

// scene is what every behavior starts from.
var scene = []string{
	"sysctl net.ipv6.conf.default.dad_transmits 0", "sysctl net.ipv6.conf.default.addr_gen_mode 1",
	"sysctl net.ipv6.conf.default.router_solicitations 0", "link set dev lo up",
	"link add name v0 type veth peer name v1", "link add name w0 type veth peer name w1",
	"link set dev v0 up", "link set dev v1 up", "link set dev w0 up", "link set dev w1 up",
	"addr add 10.0.0.1/24 dev v0", "addr add 10.1.0.1/24 dev w0",
	"addr add 2001:db8:1::1/64 dev v0 nodad", "addr add 2001:db8:2::1/64 dev w0 nodad",
}

// TestKernelBehavior makes the kernel show each behavior and compares what it
// says with what is written, and the mirror with its state: once after the
// mirror has seen all of it happen, and once after it has only seen the result
// of the setup, in its first dumps.
func TestKernelBehavior(t *testing.T) { showAll(t, behaviors) }

// TestKernelBehaviorByVersion does the same with what differs between kernels.
func TestKernelBehaviorByVersion(t *testing.T) { showAll(t, versionBehaviors) }

func showAll(t *testing.T, list []behavior) {
	for _, b := range list {
		for _, early := range []bool{true, false} {
			name := b.name + "/seen in dumps"
			if early {
				name = b.name + "/seen as it happens"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				b.show(t, early)
			})
		}
	}
}

// possible reports whether the kernel has what the behavior needs.
func (b behavior) possible(ns *nstest.NS) bool {
	switch b.needs {
	case "":
		return true
	case "macvlan":
		return ns.Try("link add name probe0 type veth peer name probe1", "link add link probe0 name probe2 type macvlan mode bridge", "link del dev probe0") == nil
	case "seg6":
		return ns.Try("link set dev lo up", "route add 2001:db8:ffff::/64 encap seg6 mode encap segs ::1 dev lo", "route del 2001:db8:ffff::/64 dev lo") == nil
	}
	return ns.Try("link add name probe0 type "+b.needs) == nil
}

// stage is a scene at play.
type stage struct {
	t      *testing.T
	ns     *nstest.NS
	runner *ops.Runner
	f      *follower
}

func (b behavior) show(t *testing.T, early bool) {
	if b.since != "" && nstest.Older(b.since) || b.before != "" && !nstest.Older(b.before) {
		t.Skipf("Linux %s is another: since %q, before %q", nstest.Kernel(), b.since, b.before)
	}
	ns := nstest.New(t)
	if b.root && !nstest.Privileged() {
		t.Skipf("needs real root and %s=1", nstest.RootEnv)
	}
	s := &stage{t: t, ns: ns, runner: ops.NewRunner(t, ns)}
	if !b.possible(ns) {
		t.Skipf("this kernel has no %s", b.needs)
	}
	s.play(scene)
	if early {
		s.f = follow(t, ns, true)
	}
	s.play(b.setup)
	s.rest()
	if !early {
		s.f = follow(t, ns, true)
	}
	s.equal()
	before := s.objects()
	s.f.raw, s.f.seen = nil, nil
	s.play(b.trigger)
	s.await(b.says)
	s.equal()
	b.check(s, before, s.objects())
}

// play executes commands; all but those with "?" have to succeed.
func (s *stage) play(commands []string) {
	s.t.Helper()
	for _, c := range commands {
		line, optional := strings.CutPrefix(c, "?")
		if err := s.runner.Do(line); err != nil && !optional {
			s.t.Fatal(err)
		}
	}
}

// rest waits until the links have settled and addresses are no longer tentative.
func (s *stage) rest() {
	before := ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(25 * time.Millisecond) {
		now := strings.Join(kernelText(s.ns), "\n")
		if now == before && !strings.Contains(now, "address tentative") && !s.watched() {
			return
		}
		before = now
	}
}

// watched reports whether the kernel has still to announce what became of the
// carrier of a link, which it does up to a second later (net/core/link_watch.c).
func (s *stage) watched() bool {
	return slices.ContainsFunc(s.ns.Dump(unix.RTM_GETLINK, unix.AF_UNSPEC), func(m netlink.Message) bool {
		flags, attrs := rtnl.Uint32(m.Data[8:]), rtnl.AttrsOf(rtnl.Link, m.Data)
		up, carrier, running := flags&unix.IFF_UP != 0, flags&unix.IFF_LOWER_UP != 0, flags&unix.IFF_RUNNING != 0
		// Before the first announcement a link counts as running.
		first := rtnl.Uint32(attrs.Get(unix.IFLA_CARRIER_CHANGES)) > 0 && attrs.Get(unix.IFLA_OPERSTATE)[0] == operUnknown
		return up && (carrier != running || first)
	})
}

const operUnknown = 0 // IF_OPER_UNKNOWN, uapi/linux/if.h

// await waits for messages that come late.
func (s *stage) await(says []string) {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		s.f.settle()
		if missing(says, s.f.raw) == "" {
			return
		}
	}
}

// equal fails unless mirror, replica and kernel agree.
func (s *stage) equal() {
	s.t.Helper()
	require.Empty(s.t, s.f.equal(s.ns), "the kernel (-) and the mirror (+) differ; messages:\n%s", strings.Join(s.f.raw, "\n"))
	require.Empty(s.t, s.f.replica.difference(s.f.state), "what the events tell is not what the mirror has")
}

// objects describes every object of the kernel.
func (s *stage) objects() (lines []string) {
	for _, q := range append(slices.Clone(enumeration), rtnl.Query{Object: rtnl.Neighbor, Family: unix.AF_INET, Proxy: true}) {
		var filters []nstest.Filter
		if q.Proxy {
			filters = append(filters, nstest.WithByte(10, unix.NTF_PROXY))
		}
		for _, body := range dumped(s.ns, q, filters...) {
			var v event.View
			v.Reset(q.Object, body, s.f.state)
			lines = append(lines, fmt.Sprintf("%s f%d %s", q.Object, body[0], viewWords(&v)))
		}
	}
	return lines
}

// check compares what came with what is written.
func (b behavior) check(s *stage, before, after []string) {
	all := "messages:\n" + strings.Join(s.f.raw, "\n") + "\nevents:\n" + strings.Join(s.f.seen, "\n")
	if m := missing(b.says, s.f.raw); m != "" {
		s.t.Errorf("no message %q in its place; %s", m, all)
	}
	if m := missing(b.reports, s.f.seen); m != "" {
		s.t.Errorf("no event %q in its place; %s", m, all)
	}
	for _, words := range b.silent {
		if find(words, s.f.raw) >= 0 {
			s.t.Errorf("a message %q; %s", words, all)
		}
	}
	state := func(words string, then, now bool) {
		if got := find(words, before) >= 0; got != then {
			s.t.Errorf("%q before: %v, want %v in\n%s", words, got, then, strings.Join(before, "\n"))
		}
		if got := find(words, after) >= 0; got != now {
			s.t.Errorf("%q after: %v, want %v in\n%s\n%s", words, got, now, strings.Join(after, "\n"), all)
		}
	}
	for _, w := range b.gone {
		state(w, true, false)
	}
	for _, w := range b.born {
		state(w, false, true)
	}
	for _, w := range b.kept {
		state(w, true, true)
	}
}

// missing returns the first of wants that no line matches behind the line that
// matched the one before it.
func missing(wants, lines []string) string {
	for _, words := range wants {
		i := find(words, lines)
		if i < 0 {
			return words
		}
		lines = lines[i+1:]
	}
	return ""
}

// find returns the first line in which all words occur, and none with a "!".
func find(words string, lines []string) int {
	return slices.IndexFunc(lines, func(line string) bool {
		have := strings.Fields(line)
		for _, w := range strings.Fields(words) {
			word, not := strings.CutPrefix(w, "!")
			if slices.Contains(have, word) == not {
				return false
			}
		}
		return true
	})
}

// messageText describes a message: NEW or DEL and class, family, the flags that
// tell what it did (exclusive, create, replace, append), and the fields.
func messageText(m rtnl.Message, env event.Env) string {
	o, del, ok := rtnl.ObjectOf(m.Type)
	if !ok {
		return fmt.Sprintf("type %d", m.Type)
	}
	action := "NEW"
	if del {
		action = "DEL"
	}
	flags := ""
	for _, f := range []struct {
		bit    uint16
		letter string
	}{{unix.NLM_F_EXCL, "E"}, {unix.NLM_F_CREATE, "C"}, {unix.NLM_F_REPLACE, "R"}, {unix.NLM_F_APPEND, "A"}} {
		if m.Flags&f.bit != 0 {
			flags += f.letter
		}
	}
	var v event.View
	v.Reset(o, m.Body, env)
	return fmt.Sprintf("%s%s f%d flags:%s %s", action, o, m.Body[0], flags, viewWords(&v))
}

// viewWords spells fields without blanks in them.
func viewWords(v *event.View) string {
	var out []string
	for i, f := range event.Fields(v.Object) {
		if x := v.Value(i); x.Kind != event.None {
			out = append(out, f.Name+"="+strings.ReplaceAll(valueText(x), " ", "_"))
		}
	}
	return strings.Join(out, " ")
}
