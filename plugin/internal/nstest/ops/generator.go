// Package ops makes random operations on the kernel's networking objects, of
// every class that rtnetlink has here, for tests that compare two views of the
// same state.
//
// The same seed gives the same operations whatever the kernel answers, so a
// failure can be repeated and its log be read, shortened and run again.
package ops

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// Profile is a setting of the kernel under which operations behave differently.
type Profile struct {
	Name    string
	Sysctls [][2]string
	// Privileged settings exist only in namespaces that the real root owns
	// (nstest.RootEnv); a test under such a profile skips elsewhere.
	Privileged bool
}

// Profiles lists the settings worth testing.
var Profiles = []Profile{
	{Name: "default"},
	{Name: "promote and keep addresses", Sysctls: [][2]string{
		{"net.ipv4.conf.all.promote_secondaries", "1"},
		{"net.ipv6.conf.all.keep_addr_on_down", "1"},
	}},
	{Name: "no compatible nexthops", Sysctls: [][2]string{{"net.ipv4.nexthop_compat_mode", "0"}}},
	{Name: "silent IPv6 flush and no compatible nexthops", Privileged: true, Sysctls: [][2]string{
		{"net.ipv6.route.skip_notify_on_dev_down", "1"},
		{"net.ipv4.nexthop_compat_mode", "0"},
	}},
	{Name: "ignore routes with linkdown", Sysctls: [][2]string{
		{"net.ipv4.conf.all.ignore_routes_with_linkdown", "1"},
		{"net.ipv6.conf.all.ignore_routes_with_linkdown", "1"},
	}},
}

// basis is what every run starts from: IPv6 addresses that work at once, and
// three veth pairs, two of them with addresses of both families.
var basis = []string{
	"sysctl net.ipv6.conf.default.dad_transmits 0",
	"sysctl net.ipv6.conf.default.router_solicitations 0",
	"link set dev lo up",
	"link add name v0 type veth peer name v1", "link add name w0 type veth peer name w1",
	"link add name x0 type veth peer name x1", "link add name br0 type bridge", "link add name ifb0 type ifb",
	"link set dev v0 up", "link set dev v1 up", "link set dev w0 up", "link set dev w1 up",
	"link set dev x0 up", "link set dev x1 up", "link set dev br0 up",
	"addr add 10.0.0.1/24 dev v0", "addr add 10.1.0.1/24 dev w0", "addr add 10.2.0.1/24 dev x0",
	"addr add 2001:db8:1::1/64 dev v0 nodad", "addr add 2001:db8:2::1/64 dev w0 nodad",
}

// Generator draws operations and executes them in a namespace. It must not be
// used by two goroutines at a time.
type Generator struct {
	runner   *Runner
	rand     *rand.Rand
	log      []string
	made     []string // the latest operations that were to make something
	accepted int
	started  int // length of the log after the basis
}

// New prepares ns under a profile for the operations of a seed. A second
// namespace, to which links move and from which they return, is made for t.
func New(t testing.TB, ns *nstest.NS, seed uint64, p Profile) *Generator {
	t.Helper()
	if p.Privileged && !nstest.Privileged() {
		t.Skipf("profile %q needs real root and %s=1", p.Name, nstest.RootEnv)
	}
	g := &Generator{runner: NewRunner(t, ns), rand: rand.New(rand.NewPCG(seed, 0))}
	for _, kv := range p.Sysctls {
		g.must(t, "sysctl "+kv[0]+" "+kv[1])
	}
	for _, line := range basis {
		g.must(t, line)
	}
	g.started = len(g.log)
	return g
}

func (g *Generator) must(t testing.TB, line string) {
	t.Helper()
	if err := g.Do(line); err != nil {
		t.Fatal(err)
	}
}

// Step draws one operation and executes it. The kernel refuses some, which is
// part of the test; the error says why.
func (g *Generator) Step() (line string, err error) {
	line = g.Next()
	return line, g.Do(line)
}

// Steps makes n steps.
func (g *Generator) Steps(n int) {
	for range n {
		_, _ = g.Step()
	}
}

// Next draws an operation without executing it.
func (g *Generator) Next() string {
	line := strings.Join(g.expand("$step", nil), " ")
	if line == "undo" {
		return g.undo()
	}
	g.remember(line)
	return line
}

// remember notes how to delete what an operation is to make. Links are left
// out, whose deletion takes all others along.
func (g *Generator) remember(line string) {
	if strings.HasPrefix(line, "link") {
		return
	}
	for _, verb := range makers {
		if !strings.Contains(line, verb) {
			continue
		}
		line = strings.Replace(line, verb, " del ", 1)
		if words := strings.Fields(line); words[0] == "nexthop" {
			line = strings.Join(words[:4], " ") // nexthop del id N
		}
		g.made = append(g.made, line)
		return
	}
}

// makers are the verbs that make an object.
var makers = []string{" add ", " append ", " prepend ", " replace ", " dup "}

// memory bounds how far back undo goes.
const memory = 60

// undo returns the deletion of an object that a recent operation was to make.
func (g *Generator) undo() string {
	g.made = g.made[max(0, len(g.made)-memory):]
	if len(g.made) == 0 {
		return g.Next()
	}
	i := g.rand.IntN(len(g.made))
	line := g.made[i]
	g.made = append(g.made[:i], g.made[i+1:]...)
	return line
}

// Accepted returns how many operations were executed after New, and how many
// of them the kernel accepted.
func (g *Generator) Accepted() (accepted, all int) {
	return g.accepted - g.started, len(g.log) - g.started
}

// Log returns the operations executed so far, New's first, one a line; a
// refused one says so behind "#".
func (g *Generator) Log() string { return strings.Join(g.log, "\n") }

// Replay executes a log, or the part of it that a failure needs. Refusals are
// not errors.
func (g *Generator) Replay(log string) {
	for _, line := range strings.Split(log, "\n") {
		line, _, _ = strings.Cut(line, " # ")
		if strings.TrimSpace(line) != "" {
			_ = g.Do(line)
		}
	}
}

// Do executes one operation and logs it.
func (g *Generator) Do(line string) error {
	err := g.runner.Do(line)
	if err == nil {
		g.accepted++
		g.log = append(g.log, line)
		return nil
	}
	g.log = append(g.log, fmt.Sprintf("%s # %s", line, strings.TrimPrefix(err.Error(), line+": ")))
	return err
}

// expand appends the words of text to words, with an alternative drawn for
// every rule in it.
func (g *Generator) expand(text string, words []string) []string {
	for _, w := range strings.Fields(text) {
		if w == "-" {
			continue
		}
		before, name, ok := strings.Cut(w, "$")
		if !ok {
			words = append(words, w)
			continue
		}
		name, after := cutName(name)
		inner := g.expand(g.draw(name), nil)
		if before+after != "" { // a rule within a word
			inner = g.expand(before+strings.Join(inner, " ")+after, nil)
		}
		words = append(words, inner...)
	}
	return words
}

// cutName splits the name of a rule from what follows it in the word.
func cutName(s string) (name, after string) {
	i := strings.IndexFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

// draw returns an alternative of a rule.
func (g *Generator) draw(name string) string {
	r := rules[name]
	n := g.rand.IntN(r.weight)
	for _, alt := range r.alternatives {
		if n -= alt.weight; n < 0 {
			return alt.text
		}
	}
	panic("ops: weights of " + name + " do not add up")
}

type alternative struct {
	weight int
	text   string
}

type rule struct {
	weight       int // the sum
	alternatives []alternative
}

// rules is the grammar, parsed.
var rules = parseGrammar()

func parseGrammar() map[string]rule {
	parsed := make(map[string]rule, len(grammar))
	for name, text := range grammar {
		var r rule
		for _, alt := range strings.Split(text, " | ") {
			a := parseAlternative(strings.TrimSpace(alt))
			r.weight += a.weight
			r.alternatives = append(r.alternatives, a)
		}
		parsed[name] = r
	}
	return parsed
}

func parseAlternative(text string) alternative {
	if weight, rest, ok := strings.Cut(text, "*"); ok {
		if n, err := strconv.Atoi(weight); err == nil && n > 0 {
			return alternative{n, rest}
		}
	}
	return alternative{1, text}
}
