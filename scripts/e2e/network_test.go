package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ip runs one ip command.
func ip(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("ip", args...).CombinedOutput()
	require.NoError(t, err, "ip %s: %s", strings.Join(args, " "), out)
	return string(out)
}

// batch runs many ip commands in one process.
func batch(t *testing.T, commands []string) {
	t.Helper()
	cmd := exec.Command("ip", "-batch", "-")
	cmd.Stdin = strings.NewReader(strings.Join(commands, "\n"))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "ip -batch: %s", out)
}

// makeLink makes a veth pair e2e0, e2e1 with an address and removes it at the
// test's end.
func makeLink(t *testing.T) {
	t.Helper()
	batch(t, []string{
		"link add e2e0 type veth peer name e2e1",
		"link set e2e0 up", "link set e2e1 up",
		"address add 192.0.2.1/24 dev e2e0",
	})
	t.Cleanup(func() { ip(t, "link", "del", "e2e0") })
}

// burst returns n route changes: an add, a replace of the gateway and a delete
// in turn, the last adds left standing for a third of the destinations.
func burst(n int) []string {
	dst := func(i int) string { return fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255) }
	var commands []string
	for i := 0; len(commands) < n; i++ {
		commands = append(commands,
			fmt.Sprintf("route add %s via 192.0.2.2 dev e2e0 proto static", dst(i)),
			fmt.Sprintf("route replace %s via 192.0.2.3 dev e2e0 proto static", dst(i)))
		if i%3 != 0 {
			commands = append(commands, fmt.Sprintf("route del %s", dst(i)))
		}
	}
	return commands[:n]
}

// kernelRoutes returns the static routes that the kernel has, "dst via gateway".
func kernelRoutes(t *testing.T) []string {
	t.Helper()
	var list []struct{ Dst, Gateway string }
	out := ip(t, "-j", "route", "show", "table", "all", "proto", "static")
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	var routes []string
	for _, r := range list {
		routes = append(routes, r.Dst+" via "+r.Gateway)
	}
	slices.Sort(routes)
	return routes
}

// picture applies the events in order and returns the static routes that are
// there at the end. A program that starts again counts seq from the beginning
// and enumerates anew, so what was known before is forgotten.
func picture(rows []row) []string {
	routes := map[string]string{}
	last := int64(0)
	for _, r := range rows {
		if r.seq <= last {
			clear(routes)
		}
		last = r.seq
		if r.measurement != "rtnetlink_route" || r.values["protocol"] != "static" {
			continue
		}
		if dst := r.values["dst"]; r.values["action"] == "delete" {
			delete(routes, dst)
		} else {
			routes[dst] = dst + " via " + r.values["gateway"]
		}
	}
	return slices.Sorted(maps.Values(routes))
}

// missing counts the numbers that are absent from seq. It takes the points of
// one run of the input.
func missing(rows []row) int {
	highest := int64(0)
	for _, r := range rows {
		highest = max(highest, r.seq)
	}
	return int(highest) - len(rows)
}
