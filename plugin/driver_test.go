package plugin

import (
	"bytes"
	"context"
	"testing"

	"github.com/influxdata/telegraf/testutil"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/capture"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// speedEvents is what pick takes for changes of links with more in common.
func speedEvents(more ...any) []any {
	return append([]any{"name", "link", "action", "change"}, more...)
}

func TestSpeedAndDuplexFollowTheCarrier(t *testing.T) {
	ns := nstest.New(t)
	ns.Run("link add v0 type veth peer name v1", "link set v0 up")
	r := begin(t, ns)
	r.settled()
	require.Empty(t, pick(r.since(0), "speed", 10000), "no carrier")

	n := r.mark()
	ns.Run("link set v1 up")
	for _, name := range []string{"v0", "v1"} {
		r.waitEvent(n, "interface", name, "changed", "speed,duplex") // the carrier comes some time after
		r.settled()
		came := pick(r.since(n), speedEvents("interface", name, "changed", "speed,duplex")...)
		require.Len(t, came, 1, name)
		require.True(t, has(came[0], "origin", "implied", "duplex", "full"), came[0])
		require.EqualValues(t, 10000, field(came[0], "speed"))
	}

	n = r.mark()
	ns.Run("link set v0 alias there")
	r.settled()
	kept := pick(r.since(n), speedEvents("interface", "v0", "changed", "ifalias")...)
	require.Len(t, kept, 1, "nothing of the speed")
	require.EqualValues(t, 10000, field(kept[0], "speed"))

	n = r.mark()
	ns.Run("link set v1 down")
	r.waitEvent(n, "interface", "v0", "previous_duplex", "full")
	r.settled()
	require.Len(t, pick(r.since(n), "name", "link", "interface", "v0", "previous_duplex", "full"), 1, "it goes with the carrier, in one event")
	require.Empty(t, pick(r.since(n), "name", "link", "origin", "implied"))

	ns.Run("link add br0 type bridge", "link set br0 up", "link set v1 up", "link set v0 master br0")
	r.requireEqual()
	ns.Run("link del v0")
	r.requireEqual()
}

// TestSpeedIsThereFromTheBeginning, and told only where that is wanted.
func TestSpeedIsThereFromTheBeginning(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	require.Len(t, pick(r.since(0), speedEvents("changed", "speed,duplex", "origin", "dump")...), 2)

	quiet := begin(t, ns, func(n *RTNetlink) { n.InitialEvents = []string{} })
	quiet.settled()
	require.Empty(t, quiet.since(0))
	ns.Run("link set v0 mtu 1400")
	quiet.settled()
	changed := pick(quiet.since(0), "name", "link", "interface", "v0")
	require.Len(t, changed, 1)
	require.True(t, has(changed[0], "changed", "mtu"), changed[0])
	require.EqualValues(t, 10000, field(changed[0], "speed"))
}

// TestARecordingHasWhatDriversSaid: a replay asks nobody.
func TestARecordingHasWhatDriversSaid(t *testing.T) {
	ns := newPair(t)
	input, _ := prepare(t, ns)
	var file bytes.Buffer
	w, err := capture.NewWriter(&file, input.recordingMeta("test"))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	rec, answers := input.newRecorder(), 0
	require.NoError(t, rec.run(ctx, func(n *namespace.Namespace, it rtnl.Item) error {
		if answers += bytes.Count(it.Data, rtnl.NewDriver(10000, rtnl.DuplexFull)); answers == 2 {
			stop()
		}
		return w.WriteItem(n.Name, it, rec.namer(n))
	}))
	require.NoError(t, w.Flush())
	var acc testutil.Accumulator
	replayed := New()
	require.NoError(t, replayed.Init())
	require.NoError(t, replayed.Replay(bytes.NewReader(file.Bytes()), &acc, ReplayOptions{}))
	require.Len(t, pick(acc.GetTelegrafMetrics(), speedEvents("changed", "speed,duplex")...), 2)
}
