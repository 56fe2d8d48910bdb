package recordings

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// scenarios lists all behaviours.
func scenarios() []scenario {
	return slices.Concat(linkScenarios, addressScenarios, route4Scenarios, route6Scenarios,
		nexthopScenarios, neighborScenarios, ruleScenarios, auditScenarios, netnsScenarios, netconfScenarios, mdbScenarios, noticeScenarios, multicastScenarios)
}

// TestRecordings replays each recording twice and compares the metrics with the
// stored ones and with what the scenario is to show.
func TestRecordings(t *testing.T) {
	for _, sc := range scenarios() {
		t.Run(sc.name, func(t *testing.T) {
			if *recording {
				sc.store(t, recordingsDir)
			}
			check(t, sc)
		})
	}
}

func check(t *testing.T, sc scenario) {
	path := sc.file(recordingsDir)
	out, err := replay(t, path+".pcapng")
	require.NoError(t, err)
	again, err := replay(t, path+".pcapng")
	require.NoError(t, err)
	require.Equal(t, out.text.String(), again.text.String(), "a second replay differs")
	out.requireStrict()
	if *update || *recording {
		require.NoError(t, os.WriteFile(path+".lp", out.text.Bytes(), 0o644))
	}
	want, err := os.ReadFile(path + ".lp")
	require.NoError(t, err)
	require.Equal(t, string(want), out.text.String(), "not the metrics of %s.lp", path)
	if events := afterStart(out.summary); sc.only {
		require.Equal(t, sc.want, events)
	} else {
		requireInOrder(t, sc.want, events)
	}
}

// afterStart leaves out the first enumeration.
func afterStart(events []string) []string {
	return slices.DeleteFunc(slices.Clone(events), func(e string) bool { return strings.Contains(e, "(dump)") })
}

// requireInOrder fails unless the events hold all of want, in this order.
func requireInOrder(t *testing.T, want, events []string) {
	t.Helper()
	t.Log("\n" + strings.Join(events, "\n"))
	rest := events
	for _, w := range want {
		at := slices.Index(rest, w)
		if at < 0 {
			t.Fatalf("no event %q, or not in this order, among:\n%s", w, strings.Join(events, "\n"))
		}
		rest = rest[at+1:]
	}
}

// TestEveryRecordingIsReplayed finds files that no scenario has.
func TestEveryRecordingIsReplayed(t *testing.T) {
	known := map[string]bool{}
	all := scenarios()
	for _, c := range constructedScenarios {
		all = append(all, scenario{name: c.name})
	}
	for _, sc := range all {
		require.NotContains(t, known, sc.file(recordingsDir))
		known[sc.file(recordingsDir)] = true
	}
	files, err := filepath.Glob(recordingsDir + "/*")
	require.NoError(t, err)
	for _, f := range files {
		require.Contains(t, known, strings.TrimSuffix(f, filepath.Ext(f)))
	}
}
