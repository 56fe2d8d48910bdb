package event

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// build runs the scene's commands.
func build(t *testing.T, ns *nstest.NS, commands []string) {
	t.Helper()
	ns.Sysctl("net.ipv6.conf.default.dad_transmits", "0")
	run := ns.Iproute()
	for _, c := range commands {
		line, optional := strings.CutPrefix(c, "?")
		words, err := strings.Split(line, " "), error(nil)
		if words[0] == "sysctl" || strings.Contains(line, "\t") { // in a word, which is two in a batch
			_, err = ns.Output(words[0], words[1:]...)
		} else {
			_, err = run.Output(line)
		}
		if err != nil {
			require.True(t, optional, "%v", err)
			t.Logf("not on this kernel: %v", err)
		}
	}
}

// needTools skips t where iproute2 is missing.
func needTools(t *testing.T) {
	nstest.NeedTool(t, "ip")
	nstest.NeedTool(t, "bridge")
}

// world is what a namespace holds: links for decoding, and messages.
type world struct {
	t     *testing.T
	ns    *nstest.NS
	links linkTable
	wrong []string // differences from what ip prints
}

func look(t *testing.T, ns *nstest.NS) *world {
	w := &world{t: t, ns: ns, links: linkTable{}}
	for _, m := range ns.Dump(unix.RTM_GETLINK, unix.AF_UNSPEC) {
		flags := rtnl.Uint32(m.Data[ifiFlags:])
		name := rtnl.String(rtnl.AttrsOf(rtnl.Link, m.Data).Get(unix.IFLA_IFNAME))
		w.links[rtnl.Uint32(m.Data[indexOff:])] = linkEntry{name, flags&unix.IFF_UP != 0, flags&unix.IFF_LOWER_UP != 0}
	}
	return w
}

func (w *world) json(name string, args ...string) (list []object) {
	out, err := w.ns.Reading().Output(name + " " + strings.Join(args, " "))
	require.NoError(w.t, err)
	require.NoError(w.t, json.Unmarshal([]byte(out), &list), out)
	return list
}

// newer are fields of attributes that came behind Linux 6.1.
var newer = []string{"bond_coupled_control", "bond_broadcast_neighbor", "bond_lacp_strict", "ad_actor_port_prio", "stp_mode", "neigh_forward_grat"}

// compare decodes messages and expects of the i-th what wants[i] has. Fields
// that ip does not print are left out of both sides.
func (w *world) compare(o rtnl.Object, messages []netlink.Message, wants []want, unprinted ...string) {
	if len(wants) != len(messages) {
		w.wrong = append(w.wrong, fmt.Sprintf("%s: %d in the dump, ip prints %d", o, len(messages), len(wants)))
		return
	}
	for i, m := range messages {
		got := valuesOf(viewOf(o, m.Data, w.links))
		if flags, ok := got["vxlan_flags"].(string); ok { // iproute2 6.1 does not know it
			got["vxlan_flags"] = strings.TrimPrefix(flags, "localbypass,")
		}
		for _, name := range newer { // nor these
			if _, printed := wants[i][name]; !printed {
				delete(got, name)
			}
		}
		wants[i].nearly(got, "expires")
		for _, name := range unprinted {
			delete(got, name)
			delete(wants[i], name)
		}
		if diff := cmp.Diff(map[string]any(wants[i]), got); diff != "" {
			w.wrong = append(w.wrong, fmt.Sprintf("%s %v (-ip +decoded):\n%s", o, wants[i], diff))
		}
	}
}

// nearly takes over what counts down, where that is all that the two looks differ in.
func (w want) nearly(got map[string]any, name string) {
	printed, is := w[name].(int64)
	decoded, was := got[name].(int64)
	if is && was && max(printed, decoded)-min(printed, decoded) < 5 {
		w[name] = decoded
	}
}

func TestValuesEqualThoseOfIP(t *testing.T) {
	needTools(t)
	require.NoError(t, LoadNames("/usr/share/iproute2", "/etc/iproute2")) // as ip does
	t.Cleanup(func() { require.NoError(t, LoadNames()) })
	ns := nstest.New(t)
	build(t, ns, scene)
	var recording []golden
	t.Run("all up", func(t *testing.T) { recording = append(recording, compareAll(t, ns).record()) })
	build(t, ns, []string{"ip link set v1 down"})
	t.Run("no carrier on v0", func(t *testing.T) { recording = append(recording, compareAll(t, ns).record()) })
	build(t, ns, []string{"ip link set w0 down"})
	t.Run("w0 down", func(t *testing.T) { compareAll(t, ns) })
	if *update && !t.Failed() {
		writeGolden(t, recording)
	}
}

// compareAll compares every object in ns with what ip prints. It tries again
// some times: two looks at a kernel whose timers run may differ.
func compareAll(t *testing.T, ns *nstest.NS) *world {
	for tries := 1; ; tries++ {
		w := look(t, ns)
		w.compareAll()
		if len(w.wrong) == 0 || tries == 10 {
			assert.Empty(t, strings.Join(w.wrong, "\n"))
			return w
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (w *world) compareAll() {
	w.compareLinks()
	w.compareAddresses()
	w.compareRoutes(unix.AF_INET, "inet")
	w.compareRoutes(unix.AF_INET6, "inet6")
	w.compareNexthops()
	w.compareNeighbors(unix.AF_INET, "inet")
	w.compareNeighbors(unix.AF_INET6, "inet6")
	w.compareForwarding()
	w.compareRules(unix.AF_INET, "inet")
	w.compareRules(unix.AF_INET6, "inet6")
	w.compareNetconf(unix.AF_INET, "inet")
	w.compareNetconf(unix.AF_INET6, "inet6")
}

func (w *world) compareNetconf(family uint8, name string) {
	var wants []want
	for _, o := range w.json("ip", "-j", "-d", "-family", name, "netconf") {
		wants = append(wants, wantNetconf(o))
	}
	w.compare(rtnl.Netconf, w.ns.Dump(unix.RTM_GETNETCONF, family), wants, "ifindex",
		"bc_forwarding") // iproute2 6.1 does not know it
}

func (w *world) compareLinks() {
	var wants []want
	for _, o := range w.json("ip", "-j", "-d", "link") {
		wants = append(wants, wantLink(o))
	}
	w.compare(rtnl.Link, w.ns.Dump(unix.RTM_GETLINK, unix.AF_UNSPEC), wants,
		"operstate_code", "carrier", "carrier_changes", "carrier_up_count", "carrier_down_count",
		"gso_ipv4_max_size", "gro_ipv4_max_size", "netns_immutable", "fdb_n_learned", "fdb_max_learned", // iproute2 6.1 does not know them
		"mst_enabled", "mdb_offload_fail_notification", "fdb_local_vlan_0", "mab", "neigh_vlan_suppress",
		"mcast_max_groups", "mcast_n_groups", "bc_cutoff", "tunnel_flags", "flowinfo")
}

func (w *world) compareAddresses() {
	var wants []want
	for _, family := range []string{"-4", "-6"} {
		for _, link := range w.json("ip", "-j", "-d", family, "addr") {
			infos, _ := link["addr_info"].([]any)
			for _, info := range infos {
				o := object(info.(map[string]any))
				if o.has("local") { // ip prints {} for what -4 or -6 leaves out
					wants = append(wants, wantAddress(o, link.str("ifname"), link.num("ifindex")))
				}
			}
		}
	}
	messages := append(w.ns.Dump(unix.RTM_GETADDR, unix.AF_INET), w.ns.Dump(unix.RTM_GETADDR, unix.AF_INET6)...)
	w.compare(rtnl.Address, messages, wants, "protocol", "valid_lft", "preferred_lft")
}

func (w *world) compareRoutes(family uint8, name string) {
	var wants []want
	for _, o := range w.json("ip", "-j", "-d", "-family", name, "route", "show", "table", "all") {
		wants = append(wants, wantRoute(o, name))
	}
	messages := w.ns.Dump(unix.RTM_GETROUTE, family)
	w.compare(rtnl.Route, messages, wants, "encap_info", "ifindex", "mtu_lock", "locks")
	w.compareEncap(name, messages)
}

// compareEncap looks for encapsulations in the text that ip prints.
func (w *world) compareEncap(family string, messages []netlink.Message) {
	text, err := w.ns.Output("ip", "-d", "-family", family, "route", "show", "table", "all")
	require.NoError(w.t, err)
	lines := strings.Split(strings.Join(strings.Fields(strings.ReplaceAll(text, "\n", " ; ")), " "), ";")
	for _, m := range messages {
		got := valuesOf(viewOf(rtnl.Route, m.Data, w.links))
		if got["encap"] == nil {
			continue
		}
		want := got["dst"].(string) + " encap " + got["encap"].(string) + " " + got["encap_info"].(string) + " "
		found := false
		for _, l := range lines {
			found = found || strings.Contains(l, want)
		}
		if !found {
			w.wrong = append(w.wrong, fmt.Sprintf("no %q in what ip prints: %s", want, text))
		}
	}
}

func (w *world) compareNexthops() {
	var wants []want
	for _, o := range w.json("ip", "-j", "-d", "nexthop") {
		wants = append(wants, wantNexthop(o))
	}
	w.compare(rtnl.Nexthop, w.ns.Dump(unix.RTM_GETNEXTHOP, unix.AF_UNSPEC), wants, "family", "encap_info", "ifindex")
}

func (w *world) compareNeighbors(family uint8, name string) {
	var wants []want
	for _, o := range w.json("ip", "-j", "-d", "-s", "-family", name, "neigh", "show", "nud", "all") {
		wants = append(wants, wantNeighbor(o, name))
	}
	w.compare(rtnl.Neighbor, w.ns.Dump(unix.RTM_GETNEIGH, family), wants, "ifindex", "state_code")
	wants = nil
	for _, o := range w.json("ip", "-j", "-d", "-s", "-family", name, "neigh", "show", "proxy") {
		wants = append(wants, wantNeighbor(o, name))
	}
	proxies := w.ns.Dump(unix.RTM_GETNEIGH, family, nstest.WithByte(ndmFlags, unix.NTF_PROXY))
	w.compare(rtnl.Neighbor, proxies, wants, "ifindex", "state_code")
}

func (w *world) compareForwarding() {
	var wants []want
	for _, o := range w.json("bridge", "-j", "-d", "fdb") {
		wants = append(wants, wantForwarding(o))
	}
	w.compare(rtnl.Neighbor, w.ns.Dump(unix.RTM_GETNEIGH, unix.AF_BRIDGE), wants, "ifindex", "state_code")
}

func (w *world) compareRules(family uint8, name string) {
	var wants []want
	for _, o := range w.json("ip", "-j", "-d", "-family", name, "rule") {
		wants = append(wants, wantRule(o, name))
	}
	w.compare(rtnl.Rule, w.ns.Dump(unix.RTM_GETRULE, family), wants)
}
