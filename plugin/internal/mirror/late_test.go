package mirror

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// named is a mirror whose events are noted with the name of their link, and
// held to the promises of the stream.
type named struct {
	*State
	t      *testing.T
	stream *replica
	events []string // action, class and interface, that of before in front of it
}

func newNamed(t *testing.T) *named {
	n := &named{t: t, stream: newReplica()}
	n.State = New(Config{Report: all, Track: all, Initial: all, Emit: func(e *event.Event) {
		text := e.Action.String() + " " + e.Object.String()
		at := event.Index(e.Object, "interface")
		if e.Action == event.Change && e.Changed.Has(at) {
			text += " " + valueText(e.Old.Value(at))
		}
		n.events = append(n.events, text+" "+valueText(e.New.Value(at)))
		n.stream.apply(e)
	}})
	n.enumerated(rtnl.Query{Object: rtnl.Link}, nil)
	return n
}

// apply applies messages; the kernel knows none of the links that the mirror
// asks for then, unless answer says so.
func (n *named) apply(messages ...rtnl.Message) {
	n.t.Helper()
	for _, m := range messages {
		require.NoError(n.t, n.Apply(m, 1))
	}
}

// answer answers what the mirror asks about single links: the kernel knows none.
func (n *named) answer() {
	n.t.Helper()
	for _, q := range n.Wants() {
		if q.Object == rtnl.Link && q.One {
			n.enumerated(q, unix.ENODEV)
		}
	}
}

func (n *named) enumerated(q rtnl.Query, err error) {
	n.t.Helper()
	n.Begin(q, false)
	n.End(false, err, 1)
}

func settings(index uint32, forwarding uint32) []byte {
	return join([]byte{unix.AF_INET, 0, 0, 0}, attr32(netconfIfindex, index), attr32(netconfForwarding, forwarding), attr32(3, 0), attr32(4, 0))
}

// What comes behind the end of its link, as it can when messages were lost: no
// metric names a link that is no more.
func TestObjectsBehindTheEndOfTheirLink(t *testing.T) {
	link := func(name string) rtnl.Message { return created(rtnl.Link, 0, linkBody(7, name, unix.IFF_UP)) }
	end := removed(rtnl.Link, linkBody(7, "a", 0))
	conf := func(forwarding uint32) rtnl.Message {
		return created(rtnl.Netconf, 0, settings(7, forwarding))
	}
	confGone := removed(rtnl.Netconf, settings(7, 0))
	address := created(rtnl.Address, 0, addressBody(7, prefix("10.0.0.1/24"), netip.Addr{}))
	none := rtnl.Message{} // the mirror's questions are answered
	for _, test := range []struct {
		name     string
		messages []rtnl.Message
		want     []string
	}{
		{"a new object", []rtnl.Message{link("a"), end, conf(0), none},
			[]string{"new link a", "delete link a", "new netconf if7"}},
		{"an object that ends", []rtnl.Message{link("a"), conf(0), end, confGone},
			[]string{"new link a", "new netconf a", "delete link a", "delete netconf a"}},
		{"an object that changes", []rtnl.Message{link("a"), conf(0), end, conf(1), none},
			[]string{"new link a", "new netconf a", "delete link a", "change netconf a if7"}},
		{"an object that changes and ends, while the kernel is asked", []rtnl.Message{link("a"), conf(0), end, conf(1), confGone, none},
			[]string{"new link a", "new netconf a", "delete link a", "change netconf a if7", "delete netconf if7"}},
		{"what refers to it when something new does", []rtnl.Message{link("a"), conf(0), end, address, none, confGone},
			[]string{"new link a", "new netconf a", "delete link a", "change netconf a if7", "new address if7", "delete netconf if7"}},
		{"an object that changes before another link has the index", []rtnl.Message{link("a"), conf(0), end, conf(1), link("b"), none},
			[]string{"new link a", "new netconf a", "delete link a", "new link b", "change netconf a b"}},
		{"an object that changes before a link with the name has the index", []rtnl.Message{link("a"), conf(0), end, conf(1), conf(0), link("a"), none},
			[]string{"new link a", "new netconf a", "delete link a", "new link a", "change netconf a", "change netconf a"}},
		{"an object that changes between two links of the index", []rtnl.Message{link("a"), conf(0), end, conf(1), none, link("b")},
			[]string{"new link a", "new netconf a", "delete link a", "change netconf a if7", "new link b", "change netconf if7 b"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := newNamed(t)
			for _, m := range test.messages {
				if m.Body == nil {
					n.answer()
				} else {
					n.apply(m)
				}
			}
			require.Equal(t, test.want, n.events)
			require.Empty(t, n.stream.difference(n.State))
			require.NoError(t, n.consistent())
		})
	}
}

// A route over two links, of which one is renamed while the other is not known.
func TestRenameOfALinkWhileAnotherIsWaitedFor(t *testing.T) {
	n := newNamed(t)
	two := multi("20.0.0.0/24", hopSpec{oif: 7}, hopSpec{oif: 8})
	n.apply(created(rtnl.Link, 0, linkBody(7, "a", unix.IFF_UP)), created(rtnl.Route, flagsAdd, dev("20.0.0.0/24", 7).body()),
		created(rtnl.Route, unix.NLM_F_REPLACE, two.body()), created(rtnl.Link, 0, linkBody(7, "b", unix.IFF_UP)))
	require.Equal(t, []string{"new link a", "new route a", "change link a b"}, n.events)
	n.apply(created(rtnl.Link, 0, linkBody(8, "c", unix.IFF_UP)))
	require.Len(t, n.events, 5)
	require.Empty(t, n.stream.difference(n.State))
}
