package mirror

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// told is a mirror whose events are noted in short: action and key.
type told struct {
	*State
	events []string
}

func newTold() *told {
	s := &told{}
	s.State = New(Config{Report: all, Track: all, Initial: all, Emit: func(e *event.Event) {
		s.events = append(s.events, e.Action.String()+" "+e.KeyText())
	}})
	knowNames(s.State)
	return s
}

func (s *told) apply(t testing.TB, messages ...rtnl.Message) {
	t.Helper()
	for _, m := range messages {
		m.Body = slices.Clone(m.Body)
		require.NoError(t, s.Apply(m, 1))
	}
}

// TestKeysStayTheSame lists messages about one object, and the key that each
// event has: written out, since it must be the same after a restart, on another
// machine and in the next version.
func TestKeysStayTheSame(t *testing.T) {
	none := netip.Addr{}
	for _, test := range []struct {
		name     string
		messages []rtnl.Message
		want     []string
	}{
		{"link renamed", []rtnl.Message{created(rtnl.Link, 0, linkBody(3, "a", 0)), created(rtnl.Link, 0, linkBody(3, "b", unix.IFF_UP)), removed(rtnl.Link, linkBody(3, "b", 0))},
			[]string{"new e8d5fa75bfd158a9", "change e8d5fa75bfd158a9", "delete e8d5fa75bfd158a9"}},
		{"IPv6 address with another peer", []rtnl.Message{
			created(rtnl.Address, 0, addressBody(3, prefix("2001:db8::1/64"), none)),
			created(rtnl.Address, 0, addressBody(3, prefix("2001:db8::1/64"), ip("2001:db8::9")))},
			[]string{"new 8d34c66b10c15db9", "change 8d34c66b10c15db9"}},
		{"route replaced in place", []rtnl.Message{
			created(rtnl.Route, unix.NLM_F_CREATE|unix.NLM_F_EXCL, via("20.0.0.0/24", "10.0.0.9", 3).body()),
			created(rtnl.Route, unix.NLM_F_REPLACE, via("20.0.0.0/24", "10.0.0.8", 4).body()),
			removed(rtnl.Route, via("20.0.0.0/24", "10.0.0.8", 4).body())},
			[]string{"new e5385da63fcb9dad", "change e5385da63fcb9dad", "delete e5385da63fcb9dad"}},
		{"rule with numbers of all sizes", []rtnl.Message{
			created(rtnl.Rule, unix.NLM_F_CREATE|unix.NLM_F_EXCL, ruleBody(unix.AF_INET, 200, 0x10203, 0x2,
				attr32(unix.FRA_FWMARK, 0x1020304), attr(unix.FRA_DPORT_RANGE, native16(80), native16(443)),
				attr(unix.FRA_UID_RANGE, native32(1000), native32(2000)), attr(unix.FRA_IIFNAME, []byte("lo\x00")), attr(unix.FRA_SRC, []byte{10, 0, 0, 1})))},
			[]string{"new 48a701638d41f452"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newTold()
			s.apply(t, test.messages...)
			require.Equal(t, test.want, s.events)
		})
	}
}

// TestEqualRulesHaveKeysOfTheirOwn is for objects that share all that the
// kernel knows them by: the one that goes gives back its number.
func TestEqualRulesHaveKeysOfTheirOwn(t *testing.T) {
	rule := ruleBody(unix.AF_INET, 100, 1, 0)
	s := newTold()
	s.apply(t, created(rtnl.Rule, 0, rule), created(rtnl.Rule, 0, rule), removed(rtnl.Rule, rule), removed(rtnl.Rule, rule), created(rtnl.Rule, 0, rule))
	first, second := s.events[0][4:], s.events[1][4:]
	require.NotEqual(t, first, second)
	require.Equal(t, []string{"new " + first, "new " + second, "delete " + first, "delete " + second, "new " + first}, s.events)
}

// TestUntrackedClassesHaveKeys is for classes of which nothing is held.
func TestUntrackedClassesHaveKeys(t *testing.T) {
	s := newTold()
	other := newTold()
	s.cfg.Track[rtnl.Neighbor] = false
	entry := neighborBody(unix.AF_INET, 3, unix.NUD_REACHABLE, 0, attr(unix.NDA_DST, []byte{10, 0, 0, 1}))
	s.apply(t, created(rtnl.Neighbor, 0, entry), removed(rtnl.Neighbor, entry))
	other.apply(t, created(rtnl.Neighbor, 0, entry), removed(rtnl.Neighbor, entry))
	require.Equal(t, other.events, s.events)
}
