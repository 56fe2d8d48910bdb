package mirror

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// ruleTo is the record of a rule without selectors that looks into a table.
func ruleTo(table byte) rtnl.Message {
	body := make([]byte, rtnl.Rule.HeaderLen())
	body[0], body[4], body[7] = unix.AF_INET, table, unix.FR_ACT_TO_TBL
	return rtnl.Message{Type: unix.RTM_NEWRULE, Body: body}
}

// Rules of one priority come in the order in which they were made, so equal
// ones can have another between them.
func TestEqualRulesNeedNotFollowEachOther(t *testing.T) {
	tracked := [rtnl.NumObjects]bool{rtnl.Rule: true}
	events := 0
	s := New(Config{Report: tracked, Track: tracked, Initial: tracked, Emit: func(*event.Event) { events++ }})
	for round := range 2 {
		s.Begin(rtnl.Query{Object: rtnl.Rule, Family: unix.AF_INET}, round == 0)
		for _, table := range []byte{100, 101, 100} {
			require.NoError(t, s.Record(ruleTo(table), 1))
		}
		s.End(false, nil, 1)
		require.Equal(t, 3, s.Len(rtnl.Rule))
	}
	require.Equal(t, 3, events)
}
