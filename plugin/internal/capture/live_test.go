package capture

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// commands make an object of every class.
var commands = []string{
	"link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
	"addr add 10.0.0.1/24 dev v0", "route add 10.9.0.0/16 via 10.0.0.9",
	"nexthop add id 7 via 10.0.0.9 dev v0", "rule add from 10.8.0.0/16 table 99",
	"neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0",
}

// listen returns the items that the commands and a dump of every class bring.
func listen(t *testing.T) (items []rtnl.Item) {
	ns := nstest.New(t)
	queue := rtnl.NewQueue(1 << 20)
	conn, err := rtnl.Dial(rtnl.Config{NetNS: ns.FD(), Groups: []uint32{
		unix.RTNLGRP_LINK, unix.RTNLGRP_IPV4_IFADDR, unix.RTNLGRP_IPV4_ROUTE,
		unix.RTNLGRP_IPV4_RULE, unix.RTNLGRP_NEXTHOP, unix.RTNLGRP_NEIGH,
	}}, 0, queue)
	require.NoError(t, err)
	defer conn.Close()
	defer queue.Close()
	ns.Run(commands...)
	asked := rtnl.StateNames()
	for _, name := range asked {
		o, _ := rtnl.ParseObject(name)
		require.True(t, conn.Ask(rtnl.Query{Object: o, Round: 3}))
	}
	for ends := 0; ends < len(asked); {
		it, ok := queue.Get()
		if !ok {
			<-queue.Ready()
			continue
		}
		if it.Kind == rtnl.DumpEnd {
			if !rtnl.Unknown(it.Err) { // a kernel without this class
				require.NoError(t, it.Err)
			}
			ends++
		}
		items = append(items, it)
	}
	return items
}

// recordItems writes items to a new file.
func recordItems(t *testing.T, items []rtnl.Item) string {
	path := filepath.Join(t.TempDir(), "live.pcapng")
	f, err := Create(path, false)
	require.NoError(t, err)
	defer f.Close()
	w, err := NewWriter(f, meta)
	require.NoError(t, err)
	for _, it := range items {
		require.NoError(t, w.WriteItem("", it, nil))
	}
	require.NoError(t, w.Flush())
	return path
}

func TestWhatTheKernelSendsIsReadBackAsItWas(t *testing.T) {
	items := listen(t)
	b, err := os.ReadFile(recordItems(t, items))
	require.NoError(t, err)
	records, err := readAll(b)
	require.NoError(t, err)
	i := 0
	for _, it := range items {
		for _, data := range datagrams(it) {
			require.Equal(t, it.Kind, records[i].Kind)
			require.Equal(t, it.Query, records[i].Query)
			require.True(t, bytes.Equal(data, records[i].Data))
			i++
		}
	}
	require.Len(t, records, i)
}

// datagrams splits an item's data; an item without any counts as one.
func datagrams(it rtnl.Item) [][]byte {
	if it.Kind != rtnl.Events {
		return [][]byte{it.Data}
	}
	var all [][]byte
	start := 0
	for _, m := range it.Marks {
		all = append(all, it.Data[start:m.End])
		start = m.End
	}
	return all
}

// frames returns the layers of each packet, as `tshark -T json` shows them.
func frames(t *testing.T, path string) []map[string]any {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	args := []string{"-r", path, "-T", "json", "--no-duplicate-keys"}
	out, err := exec.CommandContext(ctx, nstest.NeedTool(t, "tshark"), args...).Output()
	require.NoError(t, err)
	var packets []struct {
		Source struct {
			Layers map[string]any `json:"layers"`
		} `json:"_source"`
	}
	require.NoError(t, json.Unmarshal(out, &packets))
	var all []map[string]any
	for _, p := range packets {
		all = append(all, p.Source.Layers)
	}
	return all
}

func TestTsharkDecodesEveryPacket(t *testing.T) {
	nstest.NeedTool(t, "tshark")
	items := listen(t)
	path := recordItems(t, items)
	packets := frames(t, path)
	records := 0
	for _, it := range items {
		records += len(datagrams(it))
	}
	require.Len(t, packets, records)
	for i, f := range packets {
		require.Contains(t, f, "netlink", "packet %d", i+1)
		require.NotContains(t, f, "_ws.malformed", "packet %d", i+1)
		require.NotContains(t, f, "data", "packet %d", i+1)
	}
	verbose, err := exec.Command("tshark", "-r", path, "-V").Output()
	require.NoError(t, err)
	for _, want := range []string{
		"Linux rtnetlink (route netlink) protocol", "Create network interface (16)",
		"Device name: v0", "Add IP address (20)", "Add network route (24)", "Add neighbor table entry (28)",
		"Add routing rule (32)", "New next hop (104)", "End of a dump (0x0003)", `"kind":"dump begin","about":"route family 0"`,
	} {
		require.True(t, strings.Contains(string(verbose), want), "tshark shows no %q", want)
	}
}
