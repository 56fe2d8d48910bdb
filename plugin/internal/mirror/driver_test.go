package mirror

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

const running = unix.IFF_UP | unix.IFF_RUNNING | unix.IFF_LOWER_UP

// drivers is a mirror whose links' drivers are played by the test.
type drivers struct {
	t    *testing.T
	s    *State
	seen []string // origin, action, link, speed and duplex, what changed
}

func newDrivers(t *testing.T, initial bool) *drivers {
	d := &drivers{t: t}
	cfg := Config{Report: all, Track: all, Emit: func(e *event.Event) {
		v := func(name string) event.Value { return e.New.Value(event.Index(rtnl.Link, name)) }
		line := fmt.Sprint(e.Origin, " ", e.Action, " ", v("interface").Str, " ", v("speed").Num, v("duplex").Str)
		for i := e.Changed.Next(0); i >= 0; i = e.Changed.Next(i + 1) {
			line += " " + event.Fields(rtnl.Link)[i].Name
		}
		d.seen = append(d.seen, line)
	}}
	if initial {
		cfg.Initial = all
	}
	d.s = New(cfg)
	return d
}

// link is a link whose carrier has changed so often.
func link(index uint32, name string, flags, changes uint32, more ...[]byte) []byte {
	counted := join(attr32(unix.IFLA_CARRIER_CHANGES, changes), attr32(unix.IFLA_CARRIER_UP_COUNT, (changes+1)/2), attr32(unix.IFLA_CARRIER_DOWN_COUNT, changes/2))
	return linkBody(index, name, flags, append(more, attr(unix.IFLA_CARRIER, []byte{uint8(changes % 2)}), counted)...)
}

func (d *drivers) told(body []byte) {
	d.t.Helper()
	require.NoError(d.t, d.s.Apply(created(rtnl.Link, 0, body), 1))
}

// asked are the links whose drivers are to be asked.
func (d *drivers) asked() (list []uint32) {
	for _, q := range d.s.Drivers() {
		list = append(list, q.Index)
	}
	return list
}

func (d *drivers) answer(q rtnl.DriverQuestion, speed uint32, duplex uint8) {
	d.t.Helper()
	m, rest, err := rtnl.Next(q.Answer(rtnl.NewDriver(speed, duplex)))
	require.NoError(d.t, err)
	require.Empty(d.t, rest)
	require.NoError(d.t, d.s.Apply(m, 1))
}

func (d *drivers) events() (list []string) {
	list, d.seen = d.seen, nil
	return list
}

func TestADriverIsAskedWhenTheCarrierComes(t *testing.T) {
	d := newDrivers(t, true)
	d.told(link(3, "e0", unix.IFF_UP, 0))
	require.Empty(t, d.asked(), "no carrier")
	d.told(link(3, "e0", running, 1))
	require.Equal(t, []rtnl.DriverQuestion{{Index: 3, Changes: 1}}, d.s.Drivers())
	d.told(link(3, "e0", running, 1, attr(unix.IFLA_IFALIAS, []byte("x\x00"))))
	require.Empty(t, d.asked(), "nothing of the carrier")
	d.told(link(3, "e0", running, 3))
	require.Equal(t, []uint32{3}, d.asked(), "a flap that no message showed")
	d.told(link(3, "e0", unix.IFF_UP, 4))
	require.Empty(t, d.asked())
	d.told(link(4, "lo", running|unix.IFF_LOOPBACK, 1))
	require.Empty(t, d.asked(), "behind that there is no driver")
}

func TestWhatADriverSaysStaysWhileThereIsACarrier(t *testing.T) {
	d := newDrivers(t, true)
	d.told(link(3, "e0", running, 1))
	d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, 1000, rtnl.DuplexFull)
	require.Equal(t, []string{"notify new e0 0", "implied change e0 1000full speed duplex"}, d.events())
	d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, 1000, rtnl.DuplexFull)
	require.Empty(t, d.events(), "nothing new")
	d.told(link(3, "e0", running, 1, attr(unix.IFLA_IFALIAS, []byte("x\x00"))))
	require.Equal(t, []string{"notify change e0 1000full ifalias"}, d.events())
	d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, 100, rtnl.DuplexHalf)
	require.Equal(t, []string{"implied change e0 100half speed duplex"}, d.events())
	d.told(link(3, "e1", running, 1))
	require.Equal(t, []string{"notify change e1 100half interface ifalias"}, d.events())
	d.told(link(3, "e1", unix.IFF_UP, 2))
	require.Equal(t, []string{"notify change e1 0 carrier flags speed duplex carrier_changes carrier_down_count"}, d.events())
	d.answer(rtnl.DriverQuestion{Index: 3, Changes: 2}, 100, rtnl.DuplexHalf)
	require.Empty(t, d.events(), "without a carrier it says nothing that counts")
}

func TestWhatADriverDoesNotKnowIsNoField(t *testing.T) {
	for speed, duplex := range map[uint32]uint8{^uint32(0): 0xff, 0xffff: 0xff, 0: 2} {
		d := newDrivers(t, true)
		d.told(link(3, "e0", running, 1))
		d.events()
		d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, speed, duplex)
		require.Empty(t, d.events())
		d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, 10, duplex)
		d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, speed, duplex)
		require.Equal(t, []string{"implied change e0 10 speed", "implied change e0 0 speed"}, d.events())
	}
}

func TestAnAnswerFromBeforeAFlapIsNone(t *testing.T) {
	d := newDrivers(t, true)
	d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, 10, rtnl.DuplexFull)
	require.Zero(t, d.s.Len(rtnl.Link), "nor does it make a link")
	d.told(link(3, "e0", running, 1))
	d.told(link(3, "e0", unix.IFF_UP, 2))
	d.told(link(3, "e0", running, 3))
	d.events()
	d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, 10, rtnl.DuplexFull)
	require.Empty(t, d.events())
	d.answer(rtnl.DriverQuestion{Index: 3, Changes: 3}, 100, rtnl.DuplexFull)
	require.Equal(t, []string{"implied change e0 100full speed duplex"}, d.events())
}

// TestLinksAboveAreAsked when what they are made of changes.
func TestLinksAboveAreAsked(t *testing.T) {
	in := attr32(unix.IFLA_MASTER, 9)
	d := newDrivers(t, true)
	d.told(link(9, "bond0", running, 1))
	d.told(link(3, "e0", running, 1))
	d.told(link(5, "e0.7", running, 1, attr32(unix.IFLA_LINK, 3)))
	d.told(link(6, "other", running, 1, attr32(unix.IFLA_LINK, 3), attr32(unix.IFLA_LINK_NETNSID, 0)))
	d.asked()
	d.told(link(3, "e0", running, 1, in))
	require.Equal(t, []uint32{9}, d.asked(), "a port comes")
	d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, 1000, rtnl.DuplexFull)
	require.Equal(t, []uint32{9, 5}, d.asked(), "it has another speed: not the link whose lower one is elsewhere")
	d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, 1000, rtnl.DuplexFull)
	require.Empty(t, d.asked(), "it has not")
	d.told(link(3, "e0", unix.IFF_UP, 2, in))
	require.Equal(t, []uint32{9}, d.asked(), "its carrier goes")
	d.told(link(3, "e0", unix.IFF_UP, 2))
	require.Equal(t, []uint32{9}, d.asked(), "it leaves")
}

// TestABondIsAskedWhenOtherPortsSend: the carriers are the same as before.
func TestABondIsAskedWhenOtherPortsSend(t *testing.T) {
	port := func(state uint8) []byte {
		return attr(unix.IFLA_LINKINFO, attr(unix.IFLA_INFO_SLAVE_KIND, []byte("bond\x00")),
			attr(unix.IFLA_INFO_SLAVE_DATA, attr(unix.IFLA_BOND_SLAVE_STATE, []byte{state})))
	}
	bond := func(kind string, active uint32) []byte {
		return attr(unix.IFLA_LINKINFO, attr(unix.IFLA_INFO_KIND, []byte(kind+"\x00")), attr(unix.IFLA_INFO_DATA, attr32(unix.IFLA_BOND_ACTIVE_SLAVE, active)))
	}
	in := attr32(unix.IFLA_MASTER, 9)
	d := newDrivers(t, true)
	d.told(link(9, "bond0", running, 1, bond("bond", 3)))
	d.told(link(3, "e0", running, 1, in, port(0)))
	d.told(link(4, "e1", running, 1, in, port(1)))
	d.asked()
	d.told(link(3, "e0", running, 1, in, port(1)))
	require.Equal(t, []uint32{9}, d.asked(), "a port sends no longer")
	d.told(link(3, "e0", running, 1, in, port(1)))
	require.Empty(t, d.asked(), "the same again")
	d.told(link(9, "bond0", running, 1, bond("bond", 4)))
	require.Equal(t, []uint32{9}, d.asked(), "another port is the active one")
	d.told(link(7, "x0", running, 1, bond("other", 3)))
	d.asked()
	d.told(link(7, "x0", running, 1, bond("other", 4)))
	require.Empty(t, d.asked(), "it is no bond")
}

// TestADumpKeepsWhatADriverHasSaid, and has everything asked again.
func TestADumpKeepsWhatADriverHasSaid(t *testing.T) {
	d := newDrivers(t, true)
	body := link(3, "e0", running, 1)
	dump := func(q rtnl.Query, first bool) {
		d.s.Begin(q, first)
		require.NoError(t, d.s.Record(created(rtnl.Link, unix.NLM_F_MULTI, body), 1))
		require.Zero(t, d.s.End(false, nil, 1).Changes)
	}
	d.told(body)
	d.answer(rtnl.DriverQuestion{Index: 3, Changes: 1}, 1000, rtnl.DuplexFull)
	d.events()
	d.asked()
	dump(rtnl.Query{Object: rtnl.Link}, false)
	require.Equal(t, []uint32{3}, d.asked())
	dump(rtnl.Query{Object: rtnl.Link, Ifindex: 3, One: true}, false)
	require.Empty(t, d.asked(), "a question about the link alone")
	require.Empty(t, d.events())
	require.EqualValues(t, 1000, rtnl.Driver(linkAttr(d.s.LinkByIndex(3), rtnl.LinkDriver)).Speed())
}

// TestWhatWasSoFromTheBeginning is told as such, or not at all where nothing of that
// is to be told, until an event has told of the link.
func TestWhatWasSoFromTheBeginning(t *testing.T) {
	for name, c := range map[string]struct {
		initial bool
		before  func(d *drivers)
		want    []string
	}{
		"told":                    {true, func(*drivers) {}, []string{"dump new e0 0", "dump change e0 1000full speed duplex"}},
		"not told":                {false, func(*drivers) {}, nil},
		"not told, but changed":   {false, func(d *drivers) { d.told(link(3, "e1", running, 1)) }, []string{"notify change e1 0 interface", "resync change e1 1000full speed duplex"}},
		"not told, but it was up": {false, func(d *drivers) { d.told(link(3, "e0", unix.IFF_UP, 2)) }, []string{"notify change e0 0 carrier flags carrier_changes carrier_down_count"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDrivers(t, c.initial)
			d.s.Begin(rtnl.Query{Object: rtnl.Link}, true)
			require.NoError(t, d.s.Record(created(rtnl.Link, unix.NLM_F_MULTI, link(3, "e0", running, 1)), 1))
			d.s.End(false, nil, 1)
			q := d.s.Drivers()
			require.Equal(t, []rtnl.DriverQuestion{{Index: 3, Changes: 1, Anew: true, First: true}}, q)
			c.before(d)
			d.answer(q[0], 1000, rtnl.DuplexFull)
			require.Equal(t, c.want, d.events())
			d.told(link(3, "e2", unix.IFF_UP, 4))
			require.Len(t, d.events(), 1, "it is known all the same")
		})
	}
}
