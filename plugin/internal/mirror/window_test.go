package mirror

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// stream drives a mirror with messages made by hand.
type stream struct {
	t      *testing.T
	state  *State
	events []string
}

func newStream(t *testing.T) *stream {
	s := &stream{t: t}
	s.state = New(Config{Report: all, Track: all, Initial: all, Emit: func(e *event.Event) {
		s.events = append(s.events, fmt.Sprint(e.Origin, " ", e.Action, " ", e.Object))
	}})
	knowNames(s.state)
	return s
}

// event applies a message of the event socket.
func (s *stream) event(m rtnl.Message) {
	s.t.Helper()
	require.NoError(s.t, s.state.Apply(m, 1))
}

// dump runs a dump of v6 routes; each step is a record or, with flags, an event.
func (s *stream) dump(first bool, steps ...rtnl.Message) Outcome {
	s.t.Helper()
	s.state.Begin(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6}, first)
	for _, m := range steps {
		if m.Flags&unix.NLM_F_MULTI != 0 {
			require.NoError(s.t, s.state.Record(m, 1))
		} else {
			s.event(m)
		}
	}
	return s.state.End(false, nil, 1)
}

// devices returns the links of the routes held, sorted.
func (s *stream) devices() (out []uint32) {
	t := s.state.tables[rtnl.Route]
	t.Each(func(r ref) bool {
		out = append(out, rtnl.Uint32(routeAttr(t.Body(r), unix.RTA_OIF)))
		return true
	})
	slices.Sort(out)
	return out
}

// linkLocal is the route fe80::/64 of a link: all links have it, with one key.
func linkLocal(t *testing.T, dev uint32, typ, flags uint16) rtnl.Message {
	t.Helper()
	r := nstest.Route{Dst: netip.MustParsePrefix("fe80::/64"), Metric: 256, Protocol: unix.RTPROT_KERNEL,
		Nexthops: []nstest.Nexthop{{Dev: dev}}}
	req, err := r.Request("add")
	require.NoError(t, err)
	return rtnl.Message{Type: typ, Flags: flags, Body: req.Body}
}

func record(t *testing.T, dev uint32) rtnl.Message {
	return linkLocal(t, dev, unix.RTM_NEWROUTE, unix.NLM_F_MULTI)
}

func recordOf(m rtnl.Message) rtnl.Message {
	m.Flags = unix.NLM_F_MULTI
	return m
}

func appended(t *testing.T, dev uint32) rtnl.Message {
	return linkLocal(t, dev, unix.RTM_NEWROUTE, unix.NLM_F_CREATE)
}

func deleted(t *testing.T, dev uint32) rtnl.Message {
	return linkLocal(t, dev, unix.RTM_DELROUTE, 0)
}

func TestEventDuringTheFirstDumpDoesNotHideOthersOfItsKey(t *testing.T) {
	s := newStream(t)
	out := s.dump(true, appended(t, 3), record(t, 1), record(t, 2), record(t, 3))
	require.True(t, out.Again, "the mirror has but one route, and should know that it lacks some")
	out = s.dump(true, record(t, 1), record(t, 2), record(t, 3))
	require.False(t, out.Again)
	require.Equal(t, []uint32{1, 2, 3}, s.devices())
}

func TestEventThatTellsAllOfAKeyNeedsNoOtherDump(t *testing.T) {
	s := newStream(t)
	only := appended(t, 3)
	only.Flags |= unix.NLM_F_EXCL
	out := s.dump(true, only, deleted(t, 3), record(t, 3))
	require.False(t, out.Again, "the record is older than the deletion")
	require.Empty(t, s.devices())
}

func TestEventBehindTheRecordsOfItsKeyIsAppliedToThem(t *testing.T) {
	s := newStream(t)
	s.dump(true, record(t, 1), record(t, 2), appended(t, 3))
	require.Equal(t, []uint32{1, 2, 3}, s.devices())
}

// A deletion lost in an overrun leaves a route behind. An event about another
// of its key must not protect it.
func TestLostDeletionIsFoundInATouchedKey(t *testing.T) {
	s := newStream(t)
	s.dump(true, record(t, 1), record(t, 2))
	out := s.dump(false, appended(t, 3), record(t, 1), record(t, 3))
	require.True(t, out.Again)
	out = s.dump(false, record(t, 1), record(t, 3))
	require.False(t, out.Again)
	require.Equal(t, []uint32{1, 3}, s.devices())
}

// A route whose state is the same but whose message is longer moves in memory.
func TestLongerMessageOfTheSameRouteKeepsItsPlace(t *testing.T) {
	s := newStream(t)
	long := record(t, 2)
	long.Body = rtnl.AppendAttr(long.Body, unix.RTA_EXPIRES, make([]byte, 4))
	s.dump(true, record(t, 1), record(t, 2))
	for range 3 {
		require.False(t, s.dump(false, record(t, 1), long).Again)
		require.False(t, s.dump(false, record(t, 1), record(t, 2)).Again)
	}
	require.Equal(t, []uint32{1, 2}, s.devices())
	require.Equal(t, []string{"dump new route", "dump new route"}, s.events)
}

// A replacement of IPv6 makes equal routes: the first of the key gives way,
// whether or not the new one stands behind it already.
func TestEqualRoutesOfIPv6AreTwo(t *testing.T) {
	s := newStream(t)
	s.dump(true, record(t, 1), record(t, 2))
	replaced := appended(t, 2)
	replaced.Flags = unix.NLM_F_REPLACE
	s.event(replaced)
	require.Equal(t, []uint32{2, 2}, s.devices())
	require.False(t, s.dump(false, record(t, 2), record(t, 2)).Again)
	require.Equal(t, []uint32{2, 2}, s.devices())
}

// While routes change, a dump may also show one of them twice.
func TestRepeatedRecordIsLookedInto(t *testing.T) {
	s := newStream(t)
	s.dump(true, record(t, 1))
	elsewhere := linkLocal(t, 9, unix.RTM_NEWROUTE, unix.NLM_F_CREATE|unix.NLM_F_EXCL)
	elsewhere.Body[1] = 128 // another prefix
	require.True(t, s.dump(false, record(t, 1), record(t, 1), elsewhere).Again)
	require.False(t, s.dump(false, record(t, 1), recordOf(elsewhere)).Again)
	require.Equal(t, []uint32{1, 9}, s.devices())
}

// A link was deleted and another made with its name, and nobody said so.
func TestLinkWithTheNameOfAnotherIsReportedBehindItsDeletion(t *testing.T) {
	s := newStream(t)
	dump := func(first bool, index byte) {
		m := linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, "veth", nil)
		m.Body[4] = index
		s.state.Begin(rtnl.Query{Object: rtnl.Link}, first)
		require.NoError(t, s.state.Record(m, 1))
		require.False(t, s.state.End(false, nil, 1).Again)
	}
	dump(true, 7)
	dump(false, 9)
	require.Equal(t, []string{"dump new link", "resync delete link", "resync new link"}, s.events)
}

// What a dump showed that came to nothing must not pass for shown by the next.
func TestAbortedDumpLeavesNothingBehind(t *testing.T) {
	s := newStream(t)
	s.dump(true, record(t, 1), record(t, 2))
	s.state.Begin(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6}, false)
	require.NoError(t, s.state.Record(record(t, 1), 1))
	require.NoError(t, s.state.Record(record(t, 2), 1))
	s.event(linkLocal(t, 9, unix.RTM_NEWROUTE, unix.NLM_F_CREATE)) // takes over the records so far
	s.state.Abort()
	s.dump(false, record(t, 1), record(t, 9))
	require.Equal(t, []uint32{1, 9}, s.devices())
}

// A message about a link was lost, and another has its name: whether it is gone
// or called otherwise, only the kernel can tell.
func TestALinkWhoseNameAnotherHasIsAskedFor(t *testing.T) {
	one := rtnl.Query{Object: rtnl.Link, Ifindex: 7, One: true}
	for name, test := range map[string]struct {
		record []byte
		err    error
		events []string
	}{
		"gone":    {err: unix.ENODEV, events: []string{"resync delete link"}},
		"renamed": {record: linkBody(7, "b", 0), events: []string{"resync change link"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDumper(t, one, created(rtnl.Link, 0, linkBody(7, "a", 0)))
			d.event(created(rtnl.Link, 0, linkBody(8, "a", 0)))
			require.Equal(t, []string{"notify new link"}, d.events, "a name says nothing about another link")
			require.Contains(t, d.s.Wants(), one)
			d.events = nil
			d.s.Begin(one, false)
			if test.record != nil {
				d.record(test.record)
			}
			require.False(t, d.s.End(false, test.err, 1).Again)
			require.NoError(t, d.s.consistent())
			require.Equal(t, test.events, d.events)
			require.Equal(t, linkBody(8, "a", 0), d.s.LinkByName("a"))
		})
	}
}

// Whatever a dump of links shows of names, and whatever it lacks: an event that
// came meanwhile knows better, and a name alone ends no link that lives.
func TestADumpOfLinksEndsNoLinkThatLives(t *testing.T) {
	link := func(index uint32, name string) rtnl.Message { return created(rtnl.Link, 0, linkBody(index, name, 0)) }
	for name, test := range map[string]struct {
		held      []rtnl.Message
		query     rtnl.Query
		meanwhile []rtnl.Message
		records   []rtnl.Message
		torn      bool
		links     map[uint32]string
	}{
		"a name that went on while the dump was under way": {
			held:      []rtnl.Message{link(5, "a")},
			meanwhile: []rtnl.Message{link(5, "b"), link(6, "a")},
			records:   []rtnl.Message{link(5, "a")},
			links:     map[uint32]string{5: "b", 6: "a"},
		},
		"the owner is renamed, the old owner has no event": {
			held:      []rtnl.Message{link(5, "x"), link(6, "b")},
			meanwhile: []rtnl.Message{link(6, "a")},
			records:   []rtnl.Message{link(5, "a")},
			links:     map[uint32]string{5: "a", 6: "a"},
		},
		"names go round": {
			held:      []rtnl.Message{link(5, "a"), link(6, "b")},
			meanwhile: []rtnl.Message{link(5, "t"), link(6, "a"), link(5, "b")},
			records:   []rtnl.Message{link(5, "a")},
			links:     map[uint32]string{5: "b", 6: "a"},
		},
		"a reply that does not fit together": {
			held:    []rtnl.Message{link(5, "x"), link(6, "a")},
			records: []rtnl.Message{link(5, "a")},
			torn:    true,
			links:   map[uint32]string{5: "a", 6: "a"},
		},
		"a question about one link": {
			held:    []rtnl.Message{link(5, "x"), link(6, "a")},
			query:   rtnl.Query{Object: rtnl.Link, Ifindex: 5, One: true},
			records: []rtnl.Message{link(5, "a")},
			links:   map[uint32]string{5: "a", 6: "a"},
		},
		"one that is gone indeed": {
			held:    []rtnl.Message{link(5, "x"), link(6, "a")},
			records: []rtnl.Message{link(5, "a")},
			links:   map[uint32]string{5: "a"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			test.query.Object = rtnl.Link
			d := newDumper(t, test.query, test.held...)
			d.s.Begin(test.query, false)
			d.event(test.meanwhile...)
			for _, m := range test.records {
				d.record(m.Body)
			}
			d.s.End(test.torn, nil, 1)
			require.NoError(t, d.s.consistent())
			got := map[uint32]string{}
			d.s.Each(rtnl.Link, func(body []byte) bool {
				got[linkIndex(body)] = rtnl.String(linkAttr(body, unix.IFLA_IFNAME))
				return true
			})
			require.Equal(t, test.links, got)
		})
	}
}

// A name that two links seemed to have for a while leads to the one that has it.
func TestANameLeadsToWhoHasIt(t *testing.T) {
	d := newDumper(t, allLinks, created(rtnl.Link, 0, linkBody(6, "a", 0)), created(rtnl.Link, 0, linkBody(5, "a", 0)),
		created(rtnl.Link, 0, linkBody(5, "c", 0)), created(rtnl.Link, 0, linkBody(6, "a", 0)))
	require.Equal(t, linkBody(6, "a", 0), d.s.LinkByName("a"))
	require.NoError(t, d.s.consistent())
}
