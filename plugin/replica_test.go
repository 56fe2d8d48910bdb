package plugin

import (
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// untold reports whether a difference is one that the kernel does not tell:
// proxy entries of neighbors.
func untold(diff string) bool {
	return strings.Contains(diff, "neighbor\\n") && strings.Contains(diff, "flags=proxy\\n")
}

// onlyTold returns the fields of an object of a class that only the events
// tell of, nothing for other differences.
func onlyTold(diff, class string) map[string]string {
	text, err := strconv.Unquote(strings.TrimPrefix(diff, "+ "))
	if err != nil || !strings.HasPrefix(text, class+"\n") {
		return nil
	}
	values := map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		k, v, _ := strings.Cut(line, "=")
		values[k] = v
	}
	return values
}

// retried reports whether a neighbor that has failed, as far as events tell, is
// being looked for again: the kernel says so in dumps only, where such entries
// are left out unless they are known.
func retried(ns *nstest.NS, diff string) bool {
	values := onlyTold(diff, "neighbor")
	if values["state"] != "failed" {
		return false
	}
	found := false
	_ = rtnl.List(ns.FD(), rtnl.Query{Object: rtnl.Neighbor}, func(body []byte) {
		v := event.View{}
		v.Reset(rtnl.Neighbor, body, nil)
		text := func(name string) string { return v.Value(fieldIndex(rtnl.Neighbor, name)).Str }
		found = found || text("state") == "incomplete" && text("dst") == values["dst"] &&
			strconv.Itoa(int(rtnl.Uint32(body[4:]))) == values["ifindex"]
	})
	return found
}

// hidden reports whether an IPv6 route that a dump does not show is there all
// the same, as /proc/net/ipv6_route says: dumps leave out what stands between
// the members of a group.
func hidden(proc, diff string) bool {
	values := onlyTold(diff, "route")
	if values["family"] != "inet6" {
		return false
	}
	prefix, err := netip.ParsePrefix(values["dst"])
	metric, merr := strconv.Atoi(values["metric"])
	if err != nil || merr != nil {
		return false
	}
	start := fmt.Sprintf("%x %02x ", prefix.Addr().As16(), prefix.Bits())
	for _, line := range strings.Split(proc, "\n") {
		if strings.HasPrefix(line, start) && strings.Contains(line, fmt.Sprintf(" %032x %08x ", 0, metric)) {
			return true
		}
	}
	return false
}

// excused reports whether a difference is a route that the kernel has, but hides,
// or a neighbor that it looks for again.
func excused(t testing.TB, ns *nstest.NS, diff string) bool {
	t.Helper()
	var proc []byte
	if err := ns.Do(func() (err error) {
		proc, err = os.ReadFile("/proc/thread-self/net/ipv6_route")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return hidden(string(proc), diff) || retried(ns, diff)
}
