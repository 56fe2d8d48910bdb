package plugin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/influxdata/telegraf/testutil"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// TestTheFirstLineSaysWhatIsWatched and how.
func TestTheFirstLineSaysWhatIsWatched(t *testing.T) {
	script := filepath.Join(t.TempDir(), "a.lua")
	require.NoError(t, os.WriteFile(script, []byte(`require("rtnetlink").on("stop", function() end)`), 0o600))
	for _, tt := range []struct {
		name, want string
		change     func(r *RTNetlink)
	}{
		{"defaults", "I! Watching " + strings.Join(rtnl.Names(), ", ") + " of the own namespace; filters: none; scripts: none; receive buffer: 65536 KiB",
			func(*RTNetlink) {}},
		{"everything", `I! Watching link, route of the own namespace, /proc/self/ns/net, every namespace in /run/netns; ` +
			`filters: interfaces other than eth*; route_tables other than main; scripts: a.lua; receive buffer: 1024 KiB`,
			func(r *RTNetlink) {
				r.Objects, r.Interfaces, r.RouteTables = []string{"route", "link"}, []string{"eth*"}, []string{"main"}
				r.Lua, r.ReceiveBuffer = []LuaConfig{{Script: script}}, 1<<20
				r.Netns = []string{".", "*"}
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			input, log := prepare(t, nil, tt.change)
			if tt.name == "everything" {
				input.set.Netns = append(input.set.Netns, namespace.Place{Name: "/proc/self/ns/net", Path: "/proc/self/ns/net"})
			}
			require.NoError(t, input.Start(&testutil.Accumulator{}))
			defer input.Stop()
			require.Contains(t, log.text(), tt.want)
		})
	}
}
