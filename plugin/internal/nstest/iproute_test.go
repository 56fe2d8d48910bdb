package nstest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIprouteRunsOneCommandAfterTheOther(t *testing.T) {
	NeedTool(t, "ip")
	NeedTool(t, "bridge")
	ns := New(t)
	ip := ns.Iproute()
	for _, c := range []struct{ command, prints, fails string }{
		{command: "ip link add v0 type veth peer name v1"},
		{command: "ip link show v0", prints: "v0@v1"},
		{command: "ip -6 addr add 2001:db8::1/64 dev v0 nodad"},
		{command: "ip -j -d addr show v0", prints: `"local":"2001:db8::1"`},
		{command: "ip link show v2", fails: "does not exist"},
		{command: "ip -f mpls route show", prints: ""},
		{command: "ip link set v1 nonesuch", fails: "nonesuch"},
		{command: "bridge -j fdb show dev v0", prints: "["},
		{command: "ip route show table 4711 nonesuch", fails: "nonesuch"},
		{command: "ip link show v1", prints: "v1@v0"},
	} {
		out, err := ip.Output(c.command)
		if c.fails != "" {
			require.ErrorContains(t, err, c.fails, c.command)
			continue
		}
		require.NoError(t, err, c.command)
		require.Contains(t, out, c.prints, c.command)
	}
}

// TestIprouteForgetsNamesWithARestart: the index of a link that others have
// deleted is no longer that of its name.
func TestIprouteForgetsNamesWithARestart(t *testing.T) {
	NeedTool(t, "ip")
	ns := New(t)
	ip := ns.Iproute()
	for range 2 {
		_, err := ip.Output("ip link add v0 type veth peer name v1")
		require.NoError(t, err)
		_, err = ip.Output("ip link set v0 up")
		require.NoError(t, err)
		ns.Run("link del v0")
		ip.Restart()
	}
}

func TestIproutePrintsAllOfManyObjects(t *testing.T) {
	NeedTool(t, "ip")
	ns := New(t)
	ns.Run("link set lo up")
	for i := range 200 {
		ns.Run(fmt.Sprintf("route add 10.0.0.%d/32 dev lo", i))
	}
	ip := ns.Iproute()
	for range 3 {
		out, err := ip.Output("ip -j route show table all")
		require.NoError(t, err)
		list, err := Objects([]byte(out))
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(list), 200)
	}
}

// TestIprouteReadsWithTheNamesOfNow: a table of settings is printed with names
// that a program remembers.
func TestIprouteReadsWithTheNamesOfNow(t *testing.T) {
	NeedTool(t, "ip")
	ns := New(t)
	ns.Run("link add v0 type veth peer name v1")
	for _, name := range []string{"v0", "v2"} {
		if name != "v0" {
			ns.Run("link set v0 name " + name)
		}
		index, err := ns.Index(name)
		require.NoError(t, err)
		ip := ns.Reading()
		ip.Names(map[string]string{fmt.Sprint(index): name})
		out, err := ip.Output("ip -j netconf")
		require.NoError(t, err)
		require.Contains(t, out, `"interface":"`+name+`"`)
	}
}
