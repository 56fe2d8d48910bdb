package history

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestARowMayComeAsLateAsRowsAreHeld and no later: then it is missing.
func TestARowMayComeAsLateAsRowsAreHeld(t *testing.T) {
	m := &model{now: 1_790_000_000_000_000_000, rng: newRandom(1)}
	ns := &modelNS{objects: map[uint64]string{}}
	p := &plugin{m: m, host: "a", ns: []*modelNS{ns}}
	p.begin(ns, "start")
	for i := range uint64(HeldRows + 10) {
		p.event(ns, "new", i, "10.0.0.0/16")
	}
	const early = 3 // behind begin and complete
	for late, want := range map[int]Status{HeldRows: Exact, HeldRows + 1: Gap} {
		rows := slices.Clone(m.rows)
		row := rows[early]
		rows = slices.Insert(slices.Delete(rows, early, early+1), early+late, row)
		replay := NewReplay(m.now)
		for _, r := range rows {
			replay.Add(r)
		}
		require.Equal(t, want, replay.Finish()[0].Verdicts[0].Status, "%d rows late", late)
	}
}
