package plugin

import (
	"os"
	"testing"
	"time"

	"github.com/influxdata/telegraf/testutil"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/capture"
)

// TestGatherBonds follows the ports of bonds through a recording: those of one
// with LACP lose carrier and partner, that of the other is used for another.
func TestGatherBonds(t *testing.T) {
	input := New()
	require.NoError(t, input.Init())
	file, err := os.Open("../testdata/scripts/bond_degraded.pcapng")
	require.NoError(t, err)
	defer file.Close()
	in, err := capture.NewReader(file)
	require.NoError(t, err)
	p := newPlayer(input, &testutil.Accumulator{}, ReplayOptions{})
	require.NoError(t, p.begin(time.Now()))
	seen := map[string][][2]any{}
	for rec, err := in.Next(); err == nil; rec, err = in.Next() {
		p.handle(rec, in.Classes())
		for _, n := range p.o.spaces.All() {
			links := readings{n: n, set: p.o.set}
			links.interfaces()
			for _, r := range links.list {
				now := [2]any{r.fields["bond_up"], r.fields["bond_active"]}
				name := r.tags["interface"]
				if list := seen[name]; len(list) == 0 || list[len(list)-1] != now {
					seen[name] = append(list, now)
				}
			}
		}
	}
	none := [2]any{nil, nil}
	used := [2]any{int64(1), int64(1)}
	spare := [2]any{int64(1), int64(0)}
	falling := [2]any{int64(0), int64(1)}
	down := [2]any{int64(0), int64(0)}
	require.Equal(t, map[string][][2]any{
		"lo":    {none},
		"bond0": {none},
		"bond1": {none},
		"eth0":  {used, spare, used, spare, used},
		"eth1":  {used, falling, down, spare, used, spare, used, spare, used},
		"eth2":  {used, falling, down, none},
		"eth3":  {spare, used},
	}, seen)
}
