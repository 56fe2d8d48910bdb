package plugin

import (
	"os"
	"strings"
	"testing"

	"github.com/influxdata/telegraf"
	"github.com/stretchr/testify/require"
)

// ready returns a script of scripts/.
func ready(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../scripts/" + name)
	require.NoError(t, err)
	return string(text)
}

// gatherWith returns the gauges that are left with a script, by the interface that
// they are of, and those without one under "".
func gatherWith(t *testing.T, source string, commands ...string) map[string][]telegraf.Metric {
	t.Helper()
	ns := newPair(t)
	ns.Run(commands...)
	r := begin(t, ns, scriptOf(t, source), func(r *RTNetlink) { r.LinkStatistics = true })
	r.settled()
	out := map[string][]telegraf.Metric{}
	gathered := r.gather()
	r.settled()
	r.see(func() { gathered = append(gathered, r.others...) }) // those of scripts
	for _, m := range gathered {
		name, _ := m.GetTag("interface")
		out[name] = append(out[name], m)
	}
	return out
}

func TestVethNoiseDropsTheGaugesOfContainersLinks(t *testing.T) {
	const container, port = "link add name veth1a2b type veth peer name cali3c4d", "link add name eth7 type veth peer name vnet0"
	all := gatherWith(t, "", container, port)
	for _, name := range []string{"v0", "veth1a2b", "cali3c4d", "eth7", "vnet0"} {
		require.Subset(t, measurements(all[name]), []string{"rtnetlink_interface", "rtnetlink_link_stats"}, name)
	}
	left := gatherWith(t, ready(t, "veth_noise.lua"), container, port)
	for _, name := range []string{"veth1a2b", "cali3c4d", "vnet0"} {
		require.Empty(t, left[name], name)
	}
	for _, name := range []string{"v0", "v1", "eth7", ""} {
		require.Subset(t, measurements(left[name]), measurements(all[name]), "%q: what is of no container stays", name)
	}
	require.Contains(t, lines(left[""]), "container_linksmap[] map[value:3]")
}

func TestTheManualsRecipeDropsTheGaugesOfContainersLinks(t *testing.T) {
	recipe := behind(t, "../luahooks/README.md", "Drop what containers bring, from events and from gauges, which are not in a recording:")
	_, recipe, _ = strings.Cut(recipe, "```lua\n")
	recipe, _, _ = strings.Cut(recipe, "```")
	left := gatherWith(t, "local nl = require \"rtnetlink\"\n"+recipe, "link add name veth1a2b type veth peer name cali3c4d")
	require.Empty(t, left["veth1a2b"])
	require.Empty(t, left["cali3c4d"])
	require.Subset(t, measurements(left["v0"]), []string{"rtnetlink_interface", "rtnetlink_link_stats"})
}

func TestUplinkTagsTheGaugesOfTheUplink(t *testing.T) {
	left := gatherWith(t, ready(t, "uplink.lua"), "route add default via 10.0.0.2 dev v0")
	for name, want := range map[string]string{"v0": "inet", "v1": ""} {
		require.NotEmpty(t, left[name])
		for _, m := range left[name] {
			got, _ := m.GetTag("uplink")
			require.Equal(t, want, got, lines([]telegraf.Metric{m}))
		}
	}
}

func measurements(list []telegraf.Metric) (out []string) {
	for _, m := range list {
		out = append(out, m.Name())
	}
	return out
}
