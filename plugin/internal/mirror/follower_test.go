package mirror

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/iproute"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func TestMain(m *testing.M) { nstest.Main(m) }

// groups are the multicast groups of all classes, and one whose messages about
// links are not to be taken for links.
var groups = append(rtnl.Groups(func(rtnl.Object, uint8) bool { return true }), unix.RTNLGRP_IPV6_IFINFO)

// enumeration is what a mirror asks for at first, of each class. Nothing is asked
// of proxy entries: a kernel tells of each.
var enumeration = func() (list []rtnl.Query) {
	for o := range rtnl.Object(rtnl.NumObjects) {
		for _, q := range o.Dumps() {
			if q.Barrier = false; !q.Proxy {
				list = append(list, q)
			}
		}
	}
	return list
}()

// follower keeps a mirror of a namespace in step, as the program does.
type follower struct {
	t       *testing.T
	state   *State
	queue   *rtnl.Queue
	conn    *rtnl.Conn
	asked   int             // queries without an answer
	waiting map[uint32]bool // enumerations whose request is not out, by Round
	known   map[uint32]bool // enumerations that are complete, by Round
	window  bool
	verify  bool // make sure that the rules about routes and nexthop objects were right
	replica *replica
	// protocols are those of the routes that are shown, empty for all.
	protocols []uint8
	// resyncs counts what dumps corrected, by class.
	resyncs  [rtnl.NumObjects]int
	overruns int
	torn     int      // dumps that had to be repeated
	seen     []string // events, described
	raw      []string // messages, described
}

var all = func() (all [rtnl.NumObjects]bool) {
	for o := range all {
		all[o] = true
	}
	return all
}()

// follow starts to mirror ns and returns when all classes are enumerated.
func follow(t *testing.T, ns *nstest.NS, verify bool) *follower {
	t.Helper()
	f := start(t, ns, verify, 32<<20)
	f.settle()
	return f
}

// start starts to mirror ns with a receive buffer of so many bytes.
func start(t *testing.T, ns *nstest.NS, verify bool, buffer int) *follower {
	t.Helper()
	return startShowing(t, ns, verify, buffer)
}

// startShowing is start with only the routes of some protocols, of all if there
// are none.
func startShowing(t *testing.T, ns *nstest.NS, verify bool, buffer int, protocols ...uint8) *follower {
	t.Helper()
	f := &follower{t: t, protocols: protocols, queue: rtnl.NewQueue(256 << 20), verify: verify, replica: newReplica(), known: map[uint32]bool{}, waiting: map[uint32]bool{}}
	cfg := Config{Report: all, Track: all, Initial: all, Emit: f.emit}
	if len(protocols) > 0 {
		cfg.Show = func(route []byte) bool { return slices.Contains(protocols, RouteProtocol(route)) }
	}
	f.state = New(cfg)
	var err error
	f.conn, err = rtnl.Dial(rtnl.Config{NetNS: ns.FD(), Groups: groups, ReceiveBuffer: buffer, Filter: rtnl.Filter{RouteProtocols: protocols}}, 0, f.queue)
	require.NoError(t, err)
	t.Cleanup(func() {
		f.queue.Close()
		f.conn.Close()
	})
	f.enumerate()
	return f
}

// enumerate asks for everything, but for what is still to be asked.
func (f *follower) enumerate() {
	for i, q := range enumeration {
		if q.Round = uint32(i + 1); !f.waiting[q.Round] {
			f.waiting[q.Round] = true
			f.ask(q)
		}
	}
}

func (f *follower) emit(e *event.Event) {
	if e.Origin == event.Resync {
		f.resyncs[e.Object]++
	}
	f.seen = append(f.seen, describe(e))
	f.replica.apply(e)
}

func (f *follower) ask(q rtnl.Query) {
	require.True(f.t, f.conn.Ask(q), "too many queries")
	f.asked++
}

// settle takes items until every question is answered and every message
// applied that the kernel had sent when settle was called.
func (f *follower) settle() {
	f.t.Helper()
	// The answer comes behind all events before the question.
	f.ask(rtnl.Query{Object: rtnl.Link, Ifindex: 1, One: true})
	for deadline := time.Now().Add(10 * time.Minute); f.asked > 0; {
		it, ok := f.queue.Get()
		if !ok {
			select {
			case <-f.queue.Ready():
			case <-time.After(time.Until(deadline)):
				f.t.Fatal("no answer from the kernel")
			}
			continue
		}
		f.take(it)
		f.queue.Release(it)
	}
}

// take applies one item.
func (f *follower) take(it rtnl.Item) {
	switch it.Kind {
	case rtnl.Events:
		start := 0
		for _, m := range it.Marks {
			f.datagram(it.Data[start:m.End], m.Time, f.apply)
			start = m.End
		}
	case rtnl.DumpBegin:
		first := it.Query.Round != 0 && !f.known[it.Query.Round]
		f.state.Begin(it.Query, first)
		f.window = true
		delete(f.waiting, it.Query.Round)
	case rtnl.DumpData:
		f.datagram(it.Data, 1, f.state.Record)
	case rtnl.DumpEnd:
		f.end(it)
	case rtnl.Overrun:
		// What is lost only a dump tells, and not one that has begun before.
		f.overruns++
		f.state.Abort()
		f.window = false
		f.enumerate()
	case rtnl.Failed:
		f.t.Fatal(it.Err)
	}
	wants := f.state.Wants()
	for _, q := range wants {
		// Questions about a link behind a barrier make sure that a rule was
		// right; others are asked because there is no rule.
		if f.verify || q.Object != rtnl.Nexthop && (q.Object != rtnl.Route || !q.Barrier || q.Ifindex == 0) {
			f.ask(q)
		}
	}
}

// apply applies a message of the event socket.
func (f *follower) apply(m rtnl.Message, now int64) error {
	f.raw = append(f.raw, messageText(m, f.state))
	return f.state.Apply(m, now)
}

func (f *follower) end(it rtnl.Item) {
	f.asked--
	if !f.window {
		return
	}
	f.window = false
	err := it.Err
	if rtnl.Unknown(err) { // a kernel without this class
		err = nil
	}
	out := f.state.End(it.Interrupted, err, 1)
	f.known[it.Query.Round] = f.known[it.Query.Round] || !out.Again
	if out.Again {
		f.torn++
		if it.Query.Round != 0 {
			f.waiting[it.Query.Round] = true
		}
		f.ask(it.Query)
	}
}

// datagram applies each message of b.
func (f *follower) datagram(b []byte, now int64, apply func(rtnl.Message, int64) error) {
	for len(b) > 0 {
		m, rest, err := rtnl.Next(b)
		require.NoError(f.t, err)
		if m.Type >= unix.RTM_BASE {
			require.NoError(f.t, apply(m, now))
		}
		b = rest
	}
}

// patience is how long the kernel may take for what it does on its own time:
// it looks at the state of links once a second. longest is how long a difference
// may stay: where much else runs, it takes more to find whether an address is
// taken. looks is how often to compare at least, however slow the machine.
const (
	patience = 4 * time.Second
	longest  = 20 * time.Second
	looks    = 8
)

// equal reports, after waiting for it to become empty, the difference between
// the mirror and ns: "-" lines only the kernel has, "+" lines only the mirror.
func (f *follower) equal(ns *nstest.NS) string {
	f.t.Helper()
	return f.until(func() string {
		before := kernelText(ns, f.protocols...)
		f.settle()
		return difference(append(before, f.hidden(ns)...), f.text())
	})
}

// equalIP is equal for the replica and what iproute2 shows.
func (f *follower) equalIP(ns *nstest.NS) string {
	f.t.Helper()
	return f.until(func() string {
		diff, err := iproute.Compare(ns, f.replica.Consumer)
		require.NoError(f.t, err)
		return diff
	})
}

// until returns what compare does as soon as that is empty, or at the end of
// all patience.
func (f *follower) until(compare func() string) string {
	f.t.Helper()
	deadline := time.Now().Add(longest)
	for n := 1; ; n++ {
		f.settle()
		if diff := compare(); diff == "" || n >= looks && time.Now().After(deadline) {
			return diff
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// hidden describes the IPv6 routes that dumps leave out because they stand
// between the members of a group, as far as /proc shows that they exist.
func (f *follower) hidden(ns *nstest.NS) (lines []string) {
	shown, held := map[string]int{}, map[string]int{}
	for _, l := range kernelText(ns) {
		shown[l]++
	}
	t := f.state.tables[rtnl.Route]
	t.Each(func(r ref) bool {
		body := t.Body(r)
		l := t.Find(body)
		for _, line := range objectText(rtnl.Route, body, 0) {
			held[line]++
			if body[0] == unix.AF_INET6 && l.Len() > 1 && held[line] > shown[line] && held[line] <= f.inProc(ns, body) {
				lines = append(lines, line)
			}
		}
		return true
	})
	return lines
}

// inProc returns how often /proc/net/ipv6_route has a route: a replacement can
// make equal ones.
func (f *follower) inProc(ns *nstest.NS, body []byte) (n int) {
	var b []byte
	require.NoError(f.t, ns.Do(func() (err error) {
		b, err = os.ReadFile("/proc/thread-self/net/ipv6_route")
		return err
	}))
	var x rtnl.Index
	x.Read(rtnl.Route, body)
	dst := make([]byte, 16)
	copy(dst, x.Get(unix.RTA_DST))
	prefix := fmt.Sprintf("%x %02x ", dst, body[1])
	rest := fmt.Sprintf(" %032x %08x ", 0, x.Uint32(unix.RTA_PRIORITY))
	dev := " " + f.state.LinkName(x.Uint32(unix.RTA_OIF))
	if x.Has(rtnl.RTANexthop) { // the table shows where the object leads
		rest, dev = rest[33:], ""
	}
	for _, line := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(line, prefix) && strings.Contains(line, rest) && strings.HasSuffix(line, dev) {
			n++
		}
	}
	return n
}

// text describes every object of the mirror that is shown, in the order of its lists.
func (f *follower) text() []string {
	var lines []string
	for o := range f.state.tables {
		t := f.state.tables[o]
		t.Each(func(r ref) bool {
			if !f.state.shows(rtnl.Object(o), t.Body(r)) {
				return true
			}
			l := t.Find(t.Body(r))
			place := 0
			for e := l.Head; e != r; e = t.Next(e) {
				place++
			}
			lines = append(lines, objectText(rtnl.Object(o), t.Body(r), place)...)
			return true
		})
	}
	return lines
}

// kernelText describes every object of ns, by dumps; of routes those of some
// protocols, of all if there are none.
func kernelText(ns *nstest.NS, protocols ...uint8) []string {
	var lines []string
	places := map[string]int{}
	for _, q := range enumeration {
		for _, body := range dumped(ns, q) {
			if !rows[q.Object].object(body) ||
				// A kernel without MPLS shows the routes, and the settings, of all families instead.
				q.Family != unix.AF_UNSPEC && body[0] != q.Family ||
				q.Object == rtnl.Route && len(protocols) > 0 && !slices.Contains(protocols, RouteProtocol(body)) {
				continue
			}
			key := string(keyOf(q.Object, []byte{byte(q.Object)}, body))
			lines = append(lines, objectText(q.Object, body, places[key])...)
			places[key]++
		}
	}
	return lines
}

// dumped returns the bodies of the objects that a dump shows, none where the
// kernel does not know the class.
func dumped(ns *nstest.NS, q rtnl.Query, filters ...nstest.Filter) (out [][]byte) {
	o := q.Object
	list, err := ns.TryDump(uint16(getType(o)), q.Family, filters...)
	if err != nil && !rtnl.Unknown(err) {
		panic(err)
	}
	for _, m := range list {
		out = append(out, partsOf(o, m.Data)...)
	}
	return out
}

// partsOf returns the bodies of the objects in the body of a message.
func partsOf(o rtnl.Object, body []byte) (out [][]byte) {
	if !o.Several() {
		return [][]byte{body}
	}
	_, err := o.Parts(body, nil, func(part []byte) { out = append(out, slices.Clone(part)) })
	if err != nil {
		panic(err)
	}
	return out
}

func getType(o rtnl.Object) netlink.HeaderType {
	return [rtnl.NumObjects]netlink.HeaderType{
		unix.RTM_GETLINK, unix.RTM_GETNEXTHOP, unix.RTM_GETADDR, unix.RTM_GETROUTE, unix.RTM_GETRULE, unix.RTM_GETNEIGH,
		unix.RTM_GETNETCONF, unix.RTM_GETNSID, unix.RTM_GETMDB, unix.RTM_GETVLAN,
	}[o]
}
