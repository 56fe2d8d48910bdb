package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/scripts/testkit"

	"telegraf-rtnetlink/scripts/bench/load"
)

func TestTableComparesWithTheBareLoop(t *testing.T) {
	tb := table{columns: []string{bareName, oursName, ipName}}
	tb.value("time", bareName, "0.50", 0.5)
	tb.value("time", oursName, "0.75", 0.75)
	tb.set("memory", oursName, "9")
	require.Equal(t, `| | bare recvmsg | telegraf-rtnetlink | ip |
|---|---|---|---|
| time | 0.50 | 0.75 (1.50 ×) | – |
| memory | – | 9 | – |
`, tb.String())
}

func TestNumbersHaveSeparators(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		require.Equal(t, want, number(n))
	}
}

func TestFieldsAreFoundInLineProtocol(t *testing.T) {
	line := "rtnetlink_internal,netns=a overruns=3i,queue_peak=12i,routes=1000006i 1"
	require.EqualValues(t, 3, field(line, "overruns"))
	require.EqualValues(t, 1000006, field(line, "routes"))
	require.EqualValues(t, -1, field(line, "peak"))
}

func TestEverySubjectsLineNamesItsNewRoute(t *testing.T) {
	b := &bench{}
	ours, ip, plain := b.product(""), iproute2(), b.bare()
	line := `rtnetlink_route,action=new,family=inet,interface=bench0 dst="11.0.1.0/24",seq=1i 1`
	require.Equal(t, "11.0.1.0/24", ours.dst(line))
	require.Empty(t, ours.dst(`rtnetlink_route,action=delete,family=inet dst="11.0.1.0/24" 1`))
	require.Equal(t, "11.0.1.0/24", ip.dst("11.0.1.0/24 via 10.255.0.2 dev bench0 proto bgp"))
	require.Equal(t, "Deleted", ip.dst("Deleted 11.0.1.0/24 via 10.255.0.2 dev bench0"))
	require.Equal(t, "11.0.1.0/24", plain.dst("11.0.1.0/24"))
}

func TestTimingMatchesLinesAndRoutes(t *testing.T) {
	routes := load.Routes{First: 100}
	tm := newTiming(routes, 2)
	for _, dst := range []string{"Deleted", "11.0.0.0/24", routes.Prefix(2).String(), routes.Prefix(1).String(), routes.Prefix(1).String()} {
		tm.line(dst)
	}
	require.EqualValues(t, 1, tm.count.Load())
	require.Positive(t, tm.seen[1])
	require.Zero(t, tm.seen[0])
}

func TestFlagsWinOverQuick(t *testing.T) {
	for _, args := range [][]string{{"-quick", "-pairs", "7,8", "-rows", "links"}, {"-pairs", "7,8", "-rows", "links", "-quick"}} {
		o, err := parse(args)
		require.NoError(t, err)
		want := quick
		want.pairs, want.rows = []int{7, 8}, "links"
		require.Equal(t, want, o)
	}
	for _, bad := range [][]string{{"-pairs", "a"}, {"-pairs", "0"}, {"-rows", "link"}, {"routes"}} {
		_, err := parse(bad)
		require.Error(t, err, bad)
	}
}

func TestARouteHasAnotherLengthInEachSize(t *testing.T) {
	routes := load.Routes{Dev: 1}
	var sizes []int
	for size := range load.Sizes {
		sizes = append(sizes, len(routes.Resize(nil, 0, size)))
	}
	require.IsIncreasing(t, sizes)
}

func TestAProcessThatEndsEarlyIsAnError(t *testing.T) {
	ready := signal("ready")
	p, err := start(exec.Command("sh", "-c", "echo no luck >&2"), ready.line, ready.line)
	require.NoError(t, err)
	require.ErrorContains(t, p.await(ready.c, "ready", time.Minute), "sh ended before ready:\nno luck")
	p.stop()
}

func TestEventsAreCountedByLinesOrByAsking(t *testing.T) {
	f, err := follow(exec.Command("sh", "-c", "echo ready >&2; echo a; echo b; cat"), true, "ready")
	require.NoError(t, err)
	defer f.stop()
	n, _, _, err := f.settle(2)
	require.NoError(t, err)
	require.EqualValues(t, 2, n)

	f, err = follow(exec.Command("sh", "-c", "echo ready; read x; echo events 7 error some trouble; cat"), false, "ready")
	require.NoError(t, err)
	defer f.stop()
	got, err := f.look()
	require.NoError(t, err)
	require.Equal(t, seen{events: 7, problem: "some trouble"}, got)

	f, err = follow(exec.Command("sh", "-c", "echo ready; read x; echo events 7 last 1000000001 error none; cat"), false, "ready")
	require.NoError(t, err)
	defer f.stop()
	got, err = f.look()
	require.NoError(t, err)
	require.Equal(t, seen{events: 7, last: time.Unix(1, 1)}, got)
}

// TestQuickRun is the whole program, for CI: it builds and takes half a minute.
func TestQuickRun(t *testing.T) {
	if os.Getenv("RTNETLINK_E2E") != "1" {
		t.Skip("RTNETLINK_E2E is not 1")
	}
	keep := os.Getenv("RTNETLINK_E2E_BIN")
	if keep == "" {
		keep = t.TempDir()
	}
	agent := filepath.Join(keep, "telegraf-custom")
	out, err := exec.Command("../build-telegraf.sh", "-p", testkit.TelegrafPlugins, "-o", agent).CombinedOutput()
	require.NoError(t, err, string(out))
	out, err = exec.Command("go", "run", ".", "-quick", "-telegraf", agent).CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "| "+oursName+" |")
	require.Contains(t, string(out), "events through Telegraf, compiled in, to InfluxDB")
}
