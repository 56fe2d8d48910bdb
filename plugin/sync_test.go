package plugin

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// syncs returns rtnetlink_sync of a namespace so far.
func (s *consumer) syncs(netns string) (out []telegraf.Metric) {
	s.see(func() { out = pick(s.others, "name", "sync", "netns", netns) })
	return out
}

// moments spells moments and reasons.
func moments(list []telegraf.Metric) (out []string) {
	for _, m := range list {
		out = append(out, fmt.Sprint(tag(m, "moment"), " ", field(m, "reason")))
	}
	return out
}

// waitMoments waits until these are the moments of a namespace, and no others.
func (r *running) waitMoments(netns string, want ...string) []telegraf.Metric {
	r.t.Helper()
	require.EventuallyWithT(r.t, func(c *assert.CollectT) {
		require.Equal(c, want, moments(r.syncs(netns)))
	}, patience, 5*time.Millisecond)
	return r.syncs(netns)
}

func TestAnEpochBeginsIsCompleteAndEnds(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	ns.Run("link set v0 mtu 1400")
	r.waitEvent(0, "mtu", 1400)
	r.input.Stop()
	r.wait("the end", func() bool { return len(pick(r.others, "name", "sync", "moment", "end")) > 0 })
	list := r.waitMoments(ns.Path(), "begin start", "complete start", "end stop")
	all := r.since(0)
	first, last := list[0], list[2]
	for _, m := range list {
		require.Equal(t, first.Time().UnixNano(), field(m, "epoch"))
		for name, want := range map[string]any{
			"objects": "link,address,route,neighbor,rule,nexthop,netconf,nsid,mdb,vlan,notice", "untracked": "",
			"initial_events": "link,address,route,neighbor,rule,nexthop,netconf,nsid,mdb,vlan", "filters": "", "version": buildVersion(),
		} {
			require.Equal(t, want, field(m, name), name)
		}
	}
	require.True(t, first.Time().Before(all[0].Time()), "before the first event")
	require.True(t, last.Time().After(all[len(all)-1].Time()), "after the last event")
	require.EqualValues(t, 1, field(first, "next_seq"))
	require.EqualValues(t, len(all)+1, field(last, "next_seq"))
	for _, class := range rtnl.Listed {
		if class.Stateless() {
			continue
		}
		n := int64(len(pick(all, "name", class.String(), "action", "new")))
		require.Equal(t, int64(0), field(first, class.Plural()))
		require.Equal(t, n, field(last, class.Plural()), class)
	}
	// What comes before `complete` is the enumeration.
	for _, m := range all {
		early := m.Time().Before(list[1].Time())
		seq, _ := field(m, "seq").(int64)
		next, _ := field(list[1], "next_seq").(int64)
		require.Equal(t, early, seq < next, "in the order of the numbers")
	}

	r.restart()
	require.NoError(t, r.input.Start(r.accumulator()))
	r.settled()
	again := r.waitMoments(ns.Path(), "begin restart", "complete restart")
	require.NotEqual(t, field(first, "epoch"), field(again[0], "epoch"))
}

// TestDoubtLastsUntilTheStateIsTold again, whatever the reason.
func TestDoubtLastsUntilTheStateIsTold(t *testing.T) {
	for reason, cause := range map[string]func(r *running){
		namespace.ReasonOverrun:   func(r *running) { r.inject(rtnl.Item{Kind: rtnl.Overrun}) },
		namespace.ReasonMalformed: func(r *running) { r.inject(datagram([]byte{1, 2, 3})) },
		"malformed one":           func(r *running) { r.inject(datagram(head(16, unix.RTM_NEWROUTE))) },
		namespace.ReasonConnection: func(r *running) {
			r.inject(rtnl.Item{Kind: rtnl.Failed, Err: errors.New("a fault")})
		},
		namespace.ReasonDefect: func(r *running) { r.call(func(*owner) { panic("a defect") }) },
	} {
		t.Run(reason, func(t *testing.T) {
			ns := newPair(t)
			r := begin(t, ns)
			r.settled()
			r.waitMoments(ns.Path(), "begin start", "complete start")
			cause(r)
			why := reason
			if reason == "malformed one" {
				why = namespace.ReasonMalformed
			}
			list := r.waitMoments(ns.Path(), "begin start", "complete start", "doubt "+why, "complete "+why)
			for _, m := range list {
				require.Equal(t, field(list[0], "epoch"), field(m, "epoch"), "it is the same epoch")
			}
			r.requireEqual()
			require.Len(t, r.syncs(ns.Path()), 4)
		})
	}
}

// TestDifferencesComeBetweenDoubtAndComplete: an event between them is late, one
// behind them is not.
func TestDifferencesComeBetweenDoubtAndComplete(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	n := r.mark()
	require.True(t, r.call(func(o *owner) {
		s := o.spaces.All()[0]
		require.EqualValues(t, 0, o.gauges.internal(s, nil).fields["doubt"])
		s.Fail(unix.EBADF, time.Now().Add(200*time.Millisecond))
		require.EqualValues(t, 1, o.gauges.internal(s, nil).fields["doubt"])
	}))
	ns.Run("link set v0 mtu 1400")
	m := r.waitEvent(n, "mtu", 1400, "origin", "resync")
	list := r.waitMoments(ns.Path(), "begin start", "complete start", "doubt connection", "complete connection")
	require.True(t, m.Time().After(list[2].Time()))
	require.True(t, m.Time().Before(list[3].Time()))
}

// TestAnOverrunOfTheFirstEnumeration is no doubt: nothing was claimed yet.
func TestAnOverrunOfTheFirstEnumeration(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.call(func(o *owner) { o.spaces.Handle(rtnl.Item{Kind: rtnl.Overrun, Source: o.spaces.All()[0].ID()}) })
	r.settled()
	got := moments(r.syncs(ns.Path()))
	require.Contains(t, [][]string{
		{"begin start", "complete start"},
		{"begin start", "complete start", "doubt overrun", "complete overrun"}, // it came late
	}, got)
}

// TestEveryNamespaceHasItsEpochs, while the numbers of events are the instance's.
func TestEveryNamespaceHasItsEpochs(t *testing.T) {
	a, b := newPair(t), newPair(t)
	r := begin(t, a, func(r *RTNetlink) { r.Netns = append(r.Netns, b.Path()) })
	r.settled()
	one := r.waitMoments(a.Path(), "begin start", "complete start")
	two := r.waitMoments(b.Path(), "begin start", "complete start")
	require.NotEqual(t, field(one[0], "epoch"), field(two[0], "epoch"))
	r.call(func(o *owner) {
		o.spaces.Remove(o.spaces.Named(b.Path()))
	})
	list := r.waitMoments(b.Path(), "begin start", "complete start", "end vanished")
	gone := pick(r.since(0), "netns", b.Path(), "action", "delete")
	require.NotEmpty(t, gone, "what is known to be gone is still told")
	require.True(t, gone[len(gone)-1].Time().Before(list[2].Time()))
	for _, class := range rtnl.Listed {
		if class.Stateless() {
			continue
		}
		require.Equal(t, int64(0), field(list[2], class.Plural()))
	}
	require.Len(t, r.syncs(a.Path()), 2)
}

func TestWhatIsKeptOutIsSaid(t *testing.T) {
	for want, change := range map[string]func(*RTNetlink){
		"":                                func(r *RTNetlink) { r.AuditInterval = 0 },
		"families other than inet, inet6": func(r *RTNetlink) { r.Families = []string{"inet", "inet6"} },
		"route_tables other than main; route_protocols other than bgp, 7": func(r *RTNetlink) { r.RouteTables, r.RouteProtocols = []string{"main"}, []string{"bgp", "7"} },
		"what the scripts drop: hooks.lua":                                scriptOf(t, `require("rtnetlink").on("link", function() return false end)`),
	} {
		t.Run(want, func(t *testing.T) {
			ns := newPair(t)
			r := begin(t, ns, change, func(r *RTNetlink) { r.Untracked, r.InitialEvents = []string{"rule"}, []string{"link"} })
			r.settled()
			m := r.waitMoments(ns.Path(), "begin start", "complete start")[1]
			require.Equal(t, want, field(m, "filters"))
			require.Equal(t, "rule", field(m, "untracked"))
			require.Equal(t, "link", field(m, "initial_events"))
			require.Nil(t, field(m, "rules"), "nothing is known of how many there are")
			require.NotNil(t, field(m, "links"))
		})
	}
}

// TestHooksThatDropUseNoNumber: a number that is missing means a loss.
func TestHooksThatDropUseNoNumber(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, scriptOf(t, `require("rtnetlink").on("link", {action = "change"}, function(ev) return ev.mtu % 2 == 0 end)`))
	r.loose = true
	r.settled()
	n := r.mark()
	for i := range 10 {
		ns.Run(fmt.Sprintf("link set v0 mtu %d", 1400+i))
	}
	r.waitEvent(n, "mtu", 1408)
	got := r.since(n)
	require.Len(t, got, 5)
	first, _ := field(got[0], "seq").(int64)
	require.EqualValues(t, first+4, field(got[4], "seq"))
}

// TestReadmeListsWhatSyncSends: tags, fields, moments and reasons.
func TestReadmeListsWhatSyncSends(t *testing.T) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(text), "- rtnetlink_sync")
	require.True(t, ok)
	section, _, _ = strings.Cut(section, "At each `interval`")
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	words := []string{namespace.Begin, namespace.Complete, namespace.Doubt, namespace.End, namespace.ReasonStart, namespace.ReasonRestart, namespace.ReasonSnapshot,
		namespace.ReasonOverrun, namespace.ReasonMalformed, namespace.ReasonConnection, namespace.ReasonDefect, namespace.ReasonStop, namespace.ReasonVanished}
	for _, w := range words {
		require.Contains(t, section, "`"+w+"`")
	}
	m := r.waitMoments(ns.Path(), "begin start", "complete start")[0]
	for _, tag := range m.TagList() {
		require.Regexp(t, `- `+tag.Key+` \(`, section)
	}
	for _, f := range m.FieldList() {
		require.Regexp(t, `(- |, )`+f.Key+`(,| \()`, section)
	}
}
