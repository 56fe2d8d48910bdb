package plugin

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// filters are settings of the options that leave objects out.
var filters = []struct {
	name   string
	change func(*RTNetlink)
}{
	{"protocol static", func(r *RTNetlink) { r.RouteProtocols = []string{"static"} }},
	{"protocols kernel and bird", func(r *RTNetlink) { r.RouteProtocols = []string{"kernel", "bird"} }},
	{"table main", func(r *RTNetlink) { r.RouteTables = []string{"main"} }},
	{"a large table", func(r *RTNetlink) { r.RouteTables = []string{"1000"} }},
	{"tables main and 1000, protocol static", func(r *RTNetlink) {
		r.RouteTables, r.RouteProtocols = []string{"main", "1000"}, []string{"static"}
	}},
	{"inet", func(r *RTNetlink) { r.Families = []string{"inet"} }},
	{"inet6", func(r *RTNetlink) { r.Families = []string{"inet6"} }},
	{"inet and protocol bird", func(r *RTNetlink) {
		r.Families, r.RouteProtocols = []string{"inet"}, []string{"bird"}
	}},
}

// TestFiltersLeaveOutTheSameInDumpAndEvents: what remains is the kernel's,
// whatever happens to the rest.
func TestFiltersLeaveOutTheSameInDumpAndEvents(t *testing.T) {
	for n, f := range filters {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			ns := newPair(t)
			ns.Run("link add w0 type veth peer name w1", "link set w0 up", "link set w1 up",
				"addr add 10.1.0.1/24 dev w0", "addr add 2001:db8:2::1/64 dev w0 nodad")
			r := begin(t, ns, f.change)
			r.settled()
			ops := mixed{ns, rand.New(rand.NewPCG(7, uint64(n)))}
			for range 6 {
				var log []string
				for range 40 {
					log = append(log, ops.step())
				}
				r.requireEqualAfter(log)
			}
			require.Zero(t, r.internal()["decode_errors"])
		})
	}
}

// requireEqualAfter is requireEqual with the operations that led here.
func (r *running) requireEqualAfter(log []string) {
	r.t.Helper()
	defer func() {
		if r.t.Failed() {
			r.t.Log("after:\n" + strings.Join(log, "\n"))
		}
	}()
	r.requireEqual()
}

// mixed makes routes of several protocols with the same few prefixes in
// several tables, so that they replace each other and join groups.
type mixed struct {
	ns *nstest.NS
	r  *rand.Rand
}

func (m mixed) of(list ...string) string { return list[m.r.IntN(len(list))] }

// step executes one operation, which the kernel may refuse, and returns it.
func (m mixed) step() string {
	line := m.line()
	if err := m.ns.Try(line); err != nil {
		line += " # refused"
	}
	return line
}

func (m mixed) line() string {
	verb := m.of("add", "append", "prepend", "replace", "replace", "del", "del")
	tail := fmt.Sprintf("proto %s table %s", m.of("static", "bird", "kernel"), m.of("main", "main", "1000", "201"))
	v4, v6 := m.of("v0", "w0"), m.of("v0", "w0")
	gate4 := map[string]string{"v0": "10.0.0.", "w0": "10.1.0."}[v4] + m.of("2", "3", "4")
	gate6 := map[string]string{"v0": "2001:db8::", "w0": "2001:db8:2::"}[v6] + m.of("2", "3", "4")
	switch m.r.IntN(12) {
	case 0, 1, 2, 3:
		return fmt.Sprintf("route %s 20.%s.0.0/24 via %s dev %s %s", verb, m.of("0", "1"), gate4, v4, tail)
	case 4:
		return fmt.Sprintf("route %s blackhole 20.%s.0.0/24 %s", verb, m.of("0", "1"), tail)
	case 5, 6, 7:
		return fmt.Sprintf("-6 route %s 2001:db8:a%s::/64 via %s dev %s %s", verb, m.of("0", "1"), gate6, v6, tail)
	case 8: // not beside gateways: the kernel would hide it from dumps
		return fmt.Sprintf("-6 route %s 2001:db8:b%s::/64 dev %s %s", verb, m.of("0", "1"), v6, tail)
	case 9:
		return fmt.Sprintf("link set %s %s", m.of("v0", "w0", "w1"), m.of("down", "up", "up"))
	case 10:
		return m.of("addr add 10.1.0.1/24 dev w0", "addr del 10.1.0.1/24 dev w0", "addr add 2001:db8:2::1/64 dev w0 nodad",
			"addr add 10.0.0.1/24 dev v0")
	default:
		return fmt.Sprintf("rule %s from 1%s.0.0.0/8 table 100 pref 100%s", m.of("add", "del"), m.of("1", "2"), m.of("1", "2"))
	}
}
