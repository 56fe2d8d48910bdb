package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/config"
	"github.com/influxdata/telegraf/testutil"
	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// recording is a RecordRing under way.
type recording struct {
	t     *testing.T
	stop  func()
	ended chan error
}

func beginRing(t *testing.T, ns *nstest.NS, dir string, limit config.Size) *recording {
	input := New()
	require.NoError(t, input.Init())
	ctx, stop := context.WithCancel(t.Context())
	r := &recording{t, stop, make(chan error, 1)}
	go func() {
		r.ended <- ns.Do(func() error { return input.RecordRing(ctx, dir, limit, "test") })
	}()
	return r
}

func (r *recording) end() {
	r.stop()
	require.NoError(r.t, <-r.ended)
}

// ringSize is the size of all files together: no more than it was at some moment,
// since the oldest are looked at last.
func ringSize(t *testing.T, dir string) (size int64) {
	paths, err := RingFiles(dir)
	if !errors.Is(err, os.ErrNotExist) { // it is about to be made
		require.NoError(t, err)
	}
	slices.Reverse(paths)
	for _, path := range paths {
		if info, err := os.Lstat(path); err == nil {
			size += info.Size()
		}
	}
	return size
}

// newest tells how far the recording is.
func newest(t *testing.T, dir string) string {
	paths, err := RingFiles(dir)
	require.NoError(t, err)
	info, err := os.Lstat(paths[len(paths)-1])
	require.NoError(t, err)
	return fmt.Sprint(info.Name(), info.Size())
}

// blackholes replays what is given, and returns the prefixes of the routes without
// a link that there are at the end.
func blackholes(t *testing.T, replay func(r *RTNetlink, acc telegraf.Accumulator) error) (out []string, all []telegraf.Metric) {
	input := New()
	input.MaxUndelivered = 1 << 20 // nothing here takes them meanwhile
	require.NoError(t, input.Init())
	var acc testutil.Accumulator
	require.NoError(t, replay(input, &acc))
	routes := map[string]string{}
	for _, m := range acc.GetTelegrafMetrics() {
		if m.Name() != "rtnetlink_route" || tag(m, "type") != "blackhole" {
			continue
		}
		key, dst := field(m, "key").(string), field(m, "dst").(string)
		if routes[key] = dst; tag(m, "action") == "delete" {
			delete(routes, key)
		}
	}
	for _, dst := range routes {
		out = append(out, dst)
	}
	slices.Sort(out)
	return out, acc.GetTelegrafMetrics()
}

// TestARingKeepsTheLastHours within its limit, in files that can each be replayed
// alone, and together are one stream, also over a restart.
func TestARingKeepsTheLastHours(t *testing.T) {
	// Half of it is more than an enumeration takes with what happens meanwhile,
	// however slow the machine, and all that happens is nearly twice as much.
	const limit = 512 << 10
	ns := newPair(t)
	dir := filepath.Join(t.TempDir(), "new [ring]")
	kept := filepath.Join(dir, "rtnetlink-20260101T000000.000000000Z-next-kept.pcapng")
	var want []string
	first := ""
	for run := range 2 {
		r := beginRing(t, ns, dir, limit)
		require.Eventually(t, func() bool { return ringSize(t, dir) > 4<<10 }, time.Minute, time.Millisecond)
		if run == 0 {
			paths, err := RingFiles(dir)
			require.NoError(t, err)
			first = paths[0]
			require.NoError(t, os.WriteFile(kept, make([]byte, limit), 0o600))
		}
		for i := range 60 {
			before := newest(t, dir)
			var lines []string
			for j := range 40 {
				lines = append(lines, fmt.Sprintf("route add blackhole 30.%d.%d.0/24", run*100+i, j))
			}
			ns.Run(lines...)
			for j := range 40 {
				if j > 0 {
					lines[j] = strings.Replace(lines[j], "add", "del", 1)
				}
			}
			ns.Run(lines[1:]...)
			require.Eventually(t, func() bool { return newest(t, dir) != before }, time.Minute, time.Millisecond)
			want = append(want, fmt.Sprintf("30.%d.0.0/24", run*100+i))
			require.LessOrEqual(t, ringSize(t, dir), int64(limit))
		}
		r.end()
		require.LessOrEqual(t, ringSize(t, dir), int64(limit))
	}
	slices.Sort(want)
	paths, err := RingFiles(dir)
	require.NoError(t, err)
	require.Greater(t, len(paths), 2, "a file that is written, and others before it")
	require.NoFileExists(t, first, "the oldest are gone")
	for i, path := range paths {
		got, _ := blackholes(t, func(r *RTNetlink, acc telegraf.Accumulator) error {
			file, err := os.Open(path)
			require.NoError(t, err)
			defer file.Close()
			return r.Replay(file, acc, ReplayOptions{})
		})
		require.NotEmpty(t, got, path)
		if i == len(paths)-1 {
			require.Equal(t, want, got, path)
		}
	}
	got, metrics := blackholes(t, func(r *RTNetlink, acc telegraf.Accumulator) error { return r.ReplayRing(dir, acc, ReplayOptions{}) })
	require.Equal(t, want, got)
	begins := pick(metrics, "moment", "begin")
	restarts := 1
	for _, path := range paths[1:] {
		if strings.Contains(path, "-start.") {
			restarts++
		}
	}
	require.Len(t, begins, restarts, "one stream a run")
	requireNothingLost(t, metrics)
	require.FileExists(t, kept, "renamed, a file is not of the ring any more")
}

// requireNothingLost requires that each route of TestARingKeepsTheLastHours came
// once, and went once but for those that stay, from the first group of them that
// came whole. One that comes while it is enumerated may come as found by that.
func requireNothingLost(t *testing.T, metrics []telegraf.Metric) {
	t.Helper()
	told := map[string][]string{}
	var groups []string
	for _, m := range pick(metrics, "name", "route", "type", "blackhole") {
		dst, _ := field(m, "dst").(string)
		group, stays := strings.CutSuffix(dst, ".0.0/24")
		if stays && tag(m, "origin") == "dump" {
			continue // a restart tells of it once more
		}
		if told[dst] = append(told[dst], tag(m, "action")); stays {
			groups = append(groups, group)
		}
	}
	require.Greater(t, len(groups), 10)
	for _, group := range groups[1:] {
		for j := range 40 {
			dst, want := fmt.Sprintf("%s.%d.0/24", group, j), []string{"new", "delete"}
			if j == 0 {
				want = want[:1]
			}
			require.Equal(t, want, told[dst], dst)
		}
	}
}

// TestARingTooSmallForTwoEnumerationsIsRefused with what would do.
func TestARingTooSmallForTwoEnumerationsIsRefused(t *testing.T) {
	ns := newPair(t)
	var lines []string
	for i := range 256 {
		lines = append(lines, fmt.Sprintf("route add blackhole 30.0.%d.0/24", i))
	}
	ns.Run(lines...)
	for _, limit := range []config.Size{20 << 10, 40 << 10} {
		dir := t.TempDir()
		r := beginRing(t, ns, dir, limit)
		var err error
		require.Eventually(t, func() bool { // what happens shows that there is no room
			ns.Run("route add blackhole 11.0.0.0/8", "route del blackhole 11.0.0.0/8")
			select {
			case err = <-r.ended:
				return true
			default:
				return false
			}
		}, 2*time.Minute, time.Millisecond, "the recording goes on")
		require.Regexp(t, `^a limit of \d+ KiB is too small for two enumerations, of which one takes \d+ KiB or more; give it at least \d+ KiB$`, err)
		require.LessOrEqual(t, ringSize(t, dir), int64(limit))
	}
}
