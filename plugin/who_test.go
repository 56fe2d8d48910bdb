package plugin

import (
	"os"
	"strings"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestWhoAskedForAChange is the program of the socket, in metrics and to scripts;
// what the kernel does by itself, and what follows from a change, is nobody's.
func TestWhoAskedForAChange(t *testing.T) {
	comm, err := os.ReadFile("/proc/self/comm")
	require.NoError(t, err)
	self := strings.TrimSpace(string(comm))
	ns := newPair(t)
	var conn *netlink.Conn
	require.NoError(t, ns.Do(func() (err error) {
		conn, err = netlink.Dial(unix.NETLINK_ROUTE, nil)
		return err
	}))
	defer conn.Close()
	r := begin(t, ns, scriptOf(t, `local nl = require "rtnetlink"
		nl.on("rule", function(ev) ev:tag("by", tostring(ev.portid)) end)`))
	r.settled()
	for _, m := range pick(r.since(0), "origin", "dump") {
		require.False(t, m.HasField("portid") || m.HasField("process"), m)
	}
	n := r.mark()
	do := func(line string) {
		c, err := ns.Compile(line)
		require.NoError(t, err)
		_, err = conn.Execute(netlink.Message{Data: c.Body, Header: netlink.Header{
			Type: netlink.HeaderType(c.Type), Flags: netlink.Request | netlink.Acknowledge | netlink.HeaderFlags(c.Flags),
		}})
		require.NoError(t, err)
	}
	do("rule add from 11.0.0.0/8 table 100 pref 1001")
	do("addr add 10.0.8.1/24 dev v0")
	do("route add blackhole 30.0.0.0/8")
	do("neigh add 10.0.0.77 lladdr 02:00:00:00:00:77 dev v0")
	do("nexthop add id 77 via 10.0.0.3 dev v0")
	do("link set v0 mtu 1400")
	r.settled()
	rule := r.waitEvent(n, "name", "rule")
	port, _ := field(rule, "portid").(int64)
	require.Positive(t, port)
	for _, class := range []string{"rule", "address", "neighbor", "nexthop"} {
		m := only(t, r.since(n), "name", class)
		require.Equal(t, port, field(m, "portid"), class)
	}
	require.Equal(t, port, field(only(t, r.since(n), "dst", "30.0.0.0/8"), "portid"))
	require.NotEmpty(t, tag(rule, "by"))
	require.NotEqual(t, "nil", tag(rule, "by"))
	require.False(t, only(t, r.since(n), "name", "link").HasField("portid"))
	if port == int64(os.Getpid()) { // the first such socket of this process there
		require.Equal(t, self, field(rule, "process"))
	} else {
		require.False(t, rule.HasField("process"))
	}
	n = r.mark()
	ns.Run("link del v0")
	r.settled()
	for _, m := range pick(r.since(n), "origin", "implied") {
		require.False(t, m.HasField("portid"), m)
	}
}
