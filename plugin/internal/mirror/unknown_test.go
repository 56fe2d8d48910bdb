package mirror

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// onUnknown is an address on a link of its own.
func onUnknown(i int) []byte {
	return addressBody(uint32(1000+i), netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 24), netip.Addr{})
}

// Objects of thousands of links that are never announced: each has its event in
// the end, by a made-up name, and the name of its link as soon as one comes,
// however late.
func TestObjectsOfLinksThatNeverCome(t *testing.T) {
	const links = 3*maxUnknown + 17
	for name, answers := range map[string]bool{"the kernel knows none": true, "nobody answers": false} {
		t.Run(name, func(t *testing.T) {
			n := newNamed(t)
			for i := range links {
				n.apply(created(rtnl.Address, 0, onUnknown(i)))
			}
			require.Empty(t, n.events)
			if answers { // the schedule asks for all in the place of many
				n.Wants()
				n.enumerated(allLinks, nil)
			} else {
				n.Settle()
			}
			require.Len(t, n.events, links)
			require.Equal(t, "new address if1000", n.events[0])
			require.Empty(t, n.late.waiting)
			require.Empty(t, n.late.events)
			n.events = nil
			for _, i := range []int{0, 1, maxUnknown, links - 1} {
				n.apply(created(rtnl.Link, 0, linkBody(uint32(1000+i), fmt.Sprint("late", i), unix.IFF_UP)))
				require.Equal(t, []string{fmt.Sprint("new link late", i), fmt.Sprintf("change address if%d late%d", 1000+i, i)}, n.events)
				n.events = nil
			}
			require.Empty(t, n.stream.difference(n.State))
			for i := 5; i < links-5; i++ {
				n.apply(removed(rtnl.Address, onUnknown(i)))
			}
			n.answer()
			require.Empty(t, n.stream.difference(n.State))
			require.NoError(t, n.consistent())
		})
	}
}

// What waits for names that nobody tells is bounded, by number and by bytes, and
// goes when it is too much.
func TestWhatWaitsForNamesIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		each int // bytes of an object
		most int // objects that wait
	}{"many": {0, lateMax}, "large": {8 << 10, lateBytes / (8 << 10)}} {
		t.Run(name, func(t *testing.T) {
			n := newNamed(t)
			n.stream.Consumer = nil
			events := 0
			n.cfg.Emit = func(*event.Event) { events++ }
			for i := range 2*c.most + 2 {
				n.apply(created(rtnl.Address, 0, join(onUnknown(i), attr(200, make([]byte, c.each)))))
				require.LessOrEqual(t, len(n.late.events), c.most)
				require.LessOrEqual(t, n.late.size, lateBytes)
				require.LessOrEqual(t, len(n.late.waiting), c.most)
			}
			require.GreaterOrEqual(t, events, c.most)
			n.Settle()
			require.Equal(t, 2*c.most+2, events, "an event in the end")
		})
	}
}

// Links that are referred to and never come leave nothing behind when what refers
// to them is gone.
func TestUnknownLinksLeaveNothingBehind(t *testing.T) {
	n := newNamed(t)
	n.cfg.Emit = func(*event.Event) {}
	churn := func(from, to int) {
		for i := from; i < to; i++ {
			n.apply(created(rtnl.Address, 0, onUnknown(i)), created(rtnl.Route, flagsAdd, dev("20.0.0.0/24", uint32(1000+i)).body()))
			n.answer()
			n.apply(removed(rtnl.Route, dev("20.0.0.0/24", uint32(1000+i)).body()), removed(rtnl.Address, onUnknown(i)))
			n.answer()
		}
	}
	churn(0, 20_000)
	before := readHeap()
	churn(20_000, 120_000)
	after := readHeap()
	require.LessOrEqual(t, len(n.links.nameless), 2*maxUnknown)
	require.LessOrEqual(t, len(n.links.unknown), maxUnknown)
	require.Empty(t, n.late.waiting)
	require.Less(t, after.bytes-before.bytes, int64(1<<20))
	runtime.KeepAlive(n)
}

// renaming is links of one kernel, whose messages wait in a queue.
type renaming struct {
	names []string // by link
	queue []rtnl.Message
	seen  [][]string // the names behind each message
}

func (k *renaming) index(link int) uint32 { return uint32(7 + link) }

func (k *renaming) body(link int, name string) []byte {
	return linkBody(k.index(link), name, unix.IFF_UP)
}

func (k *renaming) tell(m rtnl.Message) {
	k.queue = append(k.queue, m)
	k.seen = append(k.seen, append([]string(nil), k.names...))
}

// rename gives a link a name that none has.
func (k *renaming) rename(link int, name string) {
	k.names[link] = name
	k.tell(created(rtnl.Link, 0, k.body(link, name)))
}

// Links that exchange their names back and forth, thousands of times before
// anything of it is read, while all links are enumerated: a record can be newer
// than the messages read before it. No link is taken for gone or new, every
// change is an event, and in the end each object shows the name of its link.
func TestLinksRenamedFasterThanTheyAreRead(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		n := newNamed(t)
		k := &renaming{names: []string{"a", "b", "fifteen\xffbytes_x"}}
		for link, name := range k.names {
			n.apply(created(rtnl.Link, 0, k.body(link, name)),
				created(rtnl.Address, 0, addressBody(k.index(link), netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(link), 1}), 24), netip.Addr{})),
				created(rtnl.Route, flagsAdd, via(fmt.Sprintf("20.%d.0.0/24", link), "10.0.0.9", k.index(link)).body()),
				created(rtnl.Netconf, 0, settings(k.index(link), 0)))
		}
		n.events = nil
		free := "spare"
		for range 300 { // the spare name goes round, as where two swap theirs
			link := r.IntN(len(k.names))
			former := k.names[link]
			k.rename(link, free)
			free = former
			if r.IntN(3) == 0 {
				k.tell(created(rtnl.Netconf, 0, settings(k.index(r.IntN(3)), uint32(r.IntN(2)))))
			}
		}
		for i := 0; i < len(k.queue); {
			n.apply(k.queue[i])
			i++
			if r.IntN(20) != 0 || i >= len(k.queue) {
				continue
			}
			n.Begin(allLinks, false)
			for link := range k.names {
				for range r.IntN(4) {
					if i < len(k.queue) {
						n.apply(k.queue[i])
						i++
					}
				}
				at := min(i-1+r.IntN(40), len(k.queue)-1) // the record is from then
				require.NoError(t, n.Record(created(rtnl.Link, unix.NLM_F_MULTI, k.body(link, k.seen[at][link])), 1))
			}
			n.End(false, nil, 1)
			n.answerOf(k, k.seen[min(i-1+r.IntN(40), len(k.queue)-1)])
		}
		n.show(allLinks, k, k.names)
		n.answerOf(k, k.names)
		require.Empty(t, n.stream.difference(n.State), "seed %d", seed)
		require.NoError(t, n.consistent())
		for link, name := range k.names {
			require.Equal(t, event.Text([]byte(name)), n.LinkName(k.index(link)))
		}
		for _, e := range n.events {
			require.False(t, strings.HasPrefix(e, "new ") || strings.HasPrefix(e, "delete ") || strings.Contains(e, " if"), "seed %d: %s", seed, e)
		}
		require.GreaterOrEqual(t, len(n.events), 300)
	}
}

// show is the answer to a question about links that have some names.
func (n *named) show(q rtnl.Query, k *renaming, names []string) {
	n.t.Helper()
	n.Begin(q, false)
	for link, name := range names {
		if !q.One || q.Ifindex == k.index(link) {
			require.NoError(n.t, n.Record(created(rtnl.Link, unix.NLM_F_MULTI, k.body(link, name)), 1))
		}
	}
	n.End(false, nil, 1)
}

// answerOf answers what the mirror asks about links.
func (n *named) answerOf(k *renaming, names []string) {
	for _, q := range n.Wants() {
		if q.Object == rtnl.Link {
			n.show(q, k, names)
		}
	}
}
