package mirror

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// dumper answers a mirror's dumps by hand, record by record, with events in
// between.
type dumper struct {
	t      *testing.T
	s      *State
	query  rtnl.Query
	events []string // origin, action and class
}

// newDumper starts with the objects in held, as the kernel has announced them.
// Every reply counts as longer than one datagram.
func newDumper(t *testing.T, q rtnl.Query, held ...rtnl.Message) *dumper {
	d := &dumper{t: t, query: q}
	d.s = New(Config{Report: all, Track: all, Initial: all, Emit: func(e *event.Event) {
		d.events = append(d.events, fmt.Sprint(e.Origin, " ", e.Action, " ", e.Object))
	}})
	knowNames(d.s)
	d.s.oneDatagram = 0
	d.event(held...)
	d.events = nil
	d.s.Wants()
	return d
}

func (d *dumper) event(messages ...rtnl.Message) {
	d.t.Helper()
	for _, m := range messages {
		require.NoError(d.t, d.s.Apply(m, 1))
	}
}

func (d *dumper) record(bodies ...[]byte) {
	d.t.Helper()
	for _, b := range bodies {
		require.NoError(d.t, d.s.Record(created(d.query.Object, unix.NLM_F_MULTI, b), 1))
	}
}

// dump is a whole reply, while meanwhile happens.
func (d *dumper) dump(meanwhile []rtnl.Message, bodies ...[]byte) Outcome {
	d.t.Helper()
	d.s.Begin(d.query, false)
	d.event(meanwhile...)
	d.record(bodies...)
	return d.end()
}

func (d *dumper) end() Outcome {
	d.t.Helper()
	out := d.s.End(false, nil, 1)
	require.NoError(d.t, d.s.consistent())
	return out
}

// holds compares the objects of the class with those in bodies, in any order.
func (d *dumper) holds(bodies ...[]byte) {
	d.t.Helper()
	var want, got []string
	for _, b := range bodies {
		for _, part := range partsOf(d.query.Object, b) {
			want = append(want, objectText(d.query.Object, part, 0)...)
		}
	}
	d.s.Each(d.query.Object, func(b []byte) bool {
		got = append(got, objectText(d.query.Object, b, 0)...)
		return true
	})
	require.ElementsMatch(d.t, want, got)
}

// list returns the routes of a list in their order, by what they lead over.
func (d *dumper) list(of routeSpec) (oifs []uint32) {
	l := d.s.tables[rtnl.Route].Find(of.body())
	for r := l.Head; r != 0; r = l.Next(r) {
		oifs = append(oifs, hops(l.Body(r))[0].Link)
	}
	return oifs
}

var (
	allRoutes4   = rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET}
	allRoutes6   = rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6}
	allAddresses = rtnl.Query{Object: rtnl.Address}
	allNexthops  = rtnl.Query{Object: rtnl.Nexthop}
	allLinks     = rtnl.Query{Object: rtnl.Link}
	allRules     = rtnl.Query{Object: rtnl.Rule, Family: unix.AF_INET}
)

// host is the i-th of some routes with prefixes of their own.
func host(i byte) []byte {
	return via(netip.AddrFrom4([4]byte{10, 9, 0, i}).String()+"/32", "10.0.0.9", 3).body()
}

func host6(i byte) []byte {
	return dev(netip.AddrFrom16([16]byte{0x20, 1, 15: i}).String()+"/128", 3).body()
}

func newHost(i byte) rtnl.Message { return created(rtnl.Route, flagsAdd, host(i)) }

// others is a change of the class that concerns none of the others.
func others() []rtnl.Message { return []rtnl.Message{newHost(9), removed(rtnl.Route, host(9))} }

func TestEventsWinOverRecordsOfTheirKey(t *testing.T) {
	old, now := addressBody(3, prefix("10.0.0.1/24"), netip.Addr{}, attr32(unix.IFA_FLAGS, 0)), addressBody(3, prefix("10.0.0.1/24"), netip.Addr{}, attr32(unix.IFA_FLAGS, 0x80))
	t.Run("changed before the record comes", func(t *testing.T) {
		d := newDumper(t, allAddresses, created(rtnl.Address, 0, old))
		d.dump([]rtnl.Message{created(rtnl.Address, 0, now)}, old)
		d.holds(now)
		require.Equal(t, []string{"notify change address"}, d.events)
	})
	t.Run("deleted before the record comes", func(t *testing.T) {
		d := newDumper(t, allAddresses, created(rtnl.Address, 0, old))
		d.dump([]rtnl.Message{removed(rtnl.Address, old)}, old)
		d.holds()
	})
	t.Run("added, and lacking in a dump that began before", func(t *testing.T) {
		d := newDumper(t, allAddresses)
		d.dump([]rtnl.Message{created(rtnl.Address, 0, now)})
		d.holds(now)
	})
	t.Run("the record comes first, and is newer", func(t *testing.T) {
		d := newDumper(t, allAddresses)
		d.s.Begin(allAddresses, true)
		d.record(now)
		d.event(created(rtnl.Address, 0, old), created(rtnl.Address, 0, now))
		d.end()
		d.holds(now)
	})
}

func TestWhatAQuietDumpLacksIsGone(t *testing.T) {
	d := newDumper(t, allRoutes4, newHost(1), newHost(2), newHost(3))
	out := d.dump(nil, host(1), host(3))
	require.Equal(t, Outcome{Changes: 1}, out)
	d.holds(host(1), host(3))
	require.Equal(t, []string{"resync delete route"}, d.events)
}

// A torn dump can lack what was there all the time.
func TestWhatADumpLacksAmongChangesGoesAfterThree(t *testing.T) {
	d := newDumper(t, allRoutes4, newHost(1), newHost(2))
	for range missedLimit - 1 {
		require.Equal(t, Outcome{Suspects: 1, Again: true}, d.dump(others(), host(1)))
		d.holds(host(1), host(2))
	}
	require.Equal(t, Outcome{Changes: 1}, d.dump(others(), host(1)))
	d.holds(host(1))
}

func TestAnObjectThatIsShownAgainIsNotMissed(t *testing.T) {
	d := newDumper(t, allRoutes4, newHost(1), newHost(2))
	for range 2 * missedLimit {
		d.dump(others(), host(1))
		d.dump(others(), host(1), host(2))
	}
	d.holds(host(1), host(2))
}

func TestADumpOfTheOtherFamilyForgetsNothing(t *testing.T) {
	d := newDumper(t, allRoutes4, newHost(1), newHost(2), created(rtnl.Route, flagsAdd, host6(1)))
	for range missedLimit {
		d.query = allRoutes4
		d.dump(others(), host(1))
		d.query = allRoutes6
		require.Zero(t, d.dump(nil, host6(1)))
	}
	d.holds(host(1), host6(1))
}

func TestAnInterruptedDumpDeletesNothing(t *testing.T) {
	d := newDumper(t, allRoutes4, newHost(1), newHost(2))
	d.s.Begin(allRoutes4, false)
	d.record(host(1), host(3))
	out := d.s.End(true, nil, 1)
	require.Equal(t, Outcome{Changes: 1, Suspects: 1, Again: true}, out)
	d.holds(host(1), host(2), host(3))
}

// A reply of one datagram was written at one time.
func TestAShortDumpIsExactAmongChanges(t *testing.T) {
	d := newDumper(t, allRoutes4, newHost(1), newHost(2))
	d.s.oneDatagram = oneDatagram
	require.Equal(t, Outcome{Changes: 1}, d.dump(others(), host(1)))
	d.holds(host(1))
}

// What the mirror has never heard of no suspicion can find.
func TestADumpAmongChangesIsRepeated(t *testing.T) {
	d := newDumper(t, allRoutes4)
	for range missedLimit - 1 {
		require.True(t, d.dump(others(), host(1)).Again)
	}
	require.False(t, d.dump(others(), host(1)).Again, "for ever it would be too much")
	require.True(t, d.dump(others(), host(1)).Again)
	require.False(t, d.dump(nil, host(1)).Again)
}

// How often questions were answered in vain is only remembered while they are
// asked again.
func TestQuestionsThatAreAnsweredAreForgotten(t *testing.T) {
	d := newDumper(t, allRoutes4)
	for i := range uint32(100) {
		d.query = rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET, Ifindex: 100 + i}
		require.True(t, d.dump(others(), host(1)).Again)
		if i%2 == 0 {
			require.False(t, d.dump(nil, host(1)).Again)
		}
	}
	require.Len(t, d.s.restless, 50)
	d.s.Abort()
	require.Empty(t, d.s.restless)
}

func TestADumpThatFailedIsRepeatedAndDeletesNothing(t *testing.T) {
	d := newDumper(t, allRoutes4, newHost(1), newHost(2))
	d.s.Begin(allRoutes4, false)
	d.record(host(1))
	require.Equal(t, Outcome{Again: true}, d.s.End(false, unix.EBUSY, 1))
	d.holds(host(1), host(2))
	require.Equal(t, Outcome{Changes: 1}, d.dump(nil, host(2)), "what the failed one has shown does not count")
	d.holds(host(2))
}

func TestRecordsAndEndsWithoutADumpAreIgnored(t *testing.T) {
	d := newDumper(t, allRoutes4, newHost(1))
	d.record(host(2))
	require.Zero(t, d.end())
	d.s.Begin(allRoutes4, false)
	d.record(host(2))
	d.s.Abort()
	d.record(host(3))
	require.Zero(t, d.end())
	d.holds(host(1))
}

func TestARecordThatComesTwiceIsOneObject(t *testing.T) {
	for o, body := range map[rtnl.Object][]byte{
		rtnl.Link: linkBody(3, "a", 0), rtnl.Nexthop: nexthopBody(5), rtnl.Address: addressBody(3, prefix("10.0.0.1/24"), netip.Addr{}),
		rtnl.Route: host(1), rtnl.Neighbor: neighbor(unix.NUD_STALE, mac(1)),
	} {
		d := newDumper(t, rtnl.Query{Object: o})
		require.False(t, d.dump(nil, body, body).Again, o)
		d.holds(body)
		require.Equal(t, []string{fmt.Sprint("resync new ", o)}, d.events)
	}
}

// A link can be renamed while the kernel lists them, and be listed twice.
func TestALinkThatComesTwiceHasItsLastName(t *testing.T) {
	d := newDumper(t, rtnl.Query{Object: rtnl.Link})
	d.dump(nil, linkBody(2, "b", 0), linkBody(3, "a", 0), linkBody(3, "b", 0), linkBody(3, "c", 0))
	d.holds(linkBody(2, "b", 0), linkBody(3, "c", 0))
	for name, want := range map[string][]byte{"a": nil, "b": linkBody(2, "b", 0), "c": linkBody(3, "c", 0)} {
		require.Equal(t, want, d.s.LinkByName(name), name)
	}
	require.NoError(t, d.s.consistent())
}

// v4 is one of the routes to a prefix.
func v4(oif uint32) routeSpec { return dev("20.0.0.0/24", oif) }

func v6(oif uint32) routeSpec { return withMetric(dev("2001:db8:20::/64", oif), 1024) }

func v6via(hops ...hopSpec) routeSpec {
	return withMetric(multi("2001:db8:20::/64", hops...), 1024)
}

func TestAFullDumpTellsTheOrderOfAnIPv4List(t *testing.T) {
	d := newDumper(t, allRoutes4, created(rtnl.Route, flagsAdd, v4(1).body()), created(rtnl.Route, flagsAppend, v4(2).body()))
	d.dump(nil, v4(3).body(), v4(2).body(), v4(1).body())
	require.Equal(t, []uint32{3, 2, 1}, d.list(v4(0)))
	require.Equal(t, []string{"resync new route"}, d.events, "order alone is no change of any route")
}

func TestAnEventOfAnotherKeyDoesNotSplitAList(t *testing.T) {
	d := newDumper(t, allRoutes4, created(rtnl.Route, flagsAdd, v4(1).body()), created(rtnl.Route, flagsAppend, v4(2).body()))
	d.s.Begin(allRoutes4, false)
	d.record(v4(1).body())
	d.event(newHost(1))
	d.record(v4(2).body(), host(1))
	d.end()
	require.Equal(t, []uint32{1, 2}, d.list(v4(0)))
}

// An event's memory is used again, for a message to another namespace that has the
// same bytes as a record that waits, in which the attributes are elsewhere.
func TestARecordIsTakenOverThoughAnEventsMemoryHoldsItsBytes(t *testing.T) {
	s := newStream(t)
	local := prefix("10.0.0.1/24")
	label := attr(unix.IFA_LABEL, []byte("eth0:12\x00"))
	record := addressBody(3, local, netip.Addr{}, label)
	other := join(record[:unix.SizeofIfAddrmsg], label, addressBody(3, prefix("10.0.0.2/24"), netip.Addr{})[unix.SizeofIfAddrmsg:])
	require.Len(t, other, len(record))
	var events buffer
	s.state.Begin(rtnl.Query{Object: rtnl.Address, Family: unix.AF_INET}, true)
	require.NoError(t, s.state.Record(created(rtnl.Address, unix.NLM_F_MULTI, record), 1))
	s.event(events.receive(created(rtnl.Address, 0, other)))
	copy(events, record)
	s.state.End(false, nil, 1)
	require.NoError(t, s.state.consistent())
	require.Equal(t, 2, s.state.Len(rtnl.Address))
}
