package plugin

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/agent"
	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/eventtest"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// pair is a veth pair with addresses, and something of every class on it.
var pair = []string{
	"link set lo up",
	"link add v0 type veth peer name v1", "link set v0 up", "link set v1 up",
	"addr add 10.0.0.1/24 dev v0", "addr add 2001:db8::1/64 dev v0 nodad",
	"route add 20.0.0.0/24 via 10.0.0.2 proto static",
	"-6 route add 2001:db8:1::/48 via 2001:db8::2 proto static",
	"rule add from 10.0.0.0/8 table 100 pref 1000",
	"nexthop add id 1 via 10.0.0.3 dev v0",
	"neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0",
}

// newPair makes a namespace in which nothing happens by itself.
func newPair(t testing.TB) *nstest.NS {
	t.Helper()
	ns := nstest.New(t)
	ns.Sysctl("net.ipv6.conf.default.dad_transmits", "0")
	ns.Sysctl("net.ipv6.conf.default.router_solicitations", "0")
	ns.Sysctl("net.ipv6.conf.default.addr_gen_mode", "1") // no link-local addresses
	ns.Run(pair...)
	up := func() bool {
		for _, m := range ns.Dump(unix.RTM_GETLINK, unix.AF_UNSPEC) {
			const unknown, up = 0, 6 // IF_OPER_*
			if s := rtnl.AttrsOf(rtnl.Link, m.Data).Get(unix.IFLA_OPERSTATE)[0]; s != unknown && s != up {
				return false
			}
		}
		return true
	}
	require.Eventually(t, up, patience, time.Millisecond)
	ns.Run("link set lo up") // waits until what follows from that is through
	return ns
}

// classes lists the names of classes in a list of events.
func classes(list []telegraf.Metric) (out []string) {
	for _, class := range rtnl.Names() {
		if len(pick(list, "name", class)) > 0 {
			out = append(out, class)
		}
	}
	return out
}

// present is the classes that newPair has objects of: there is no other
// namespace, no bridge and no router.
func present() []string {
	return slices.DeleteFunc(rtnl.Names(), func(name string) bool { return name == "nsid" || name == "mdb" || name == "vlan" || name == "notice" })
}

func TestEnumerationThenChanges(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	for _, m := range r.since(0) {
		require.True(t, has(m, "origin", "dump", "netns", ns.Path()), m)
		// Each end of a pair names the other, so that one tells the name later; and
		// drivers are asked then.
		require.True(t, has(m, "action", "new") || has(m, "action", "change", "changed", "link") ||
			has(m, "action", "change", "changed", "speed,duplex"), m)
	}
	require.Equal(t, present(), classes(r.since(0)))
	n := r.mark()
	ns.Run("link set v0 mtu 1400", "route replace 20.0.0.0/24 via 10.0.0.4 proto static", "link del v0")
	r.waitEvent(n, "name", "link", "action", "change", "origin", "notify", "interface", "v0", "changed", "mtu", "mtu", 1400, "previous_mtu", 1500)
	r.waitEvent(n, "name", "route", "action", "change", "changed", "gateway", "gateway", "10.0.0.4", "previous_gateway", "10.0.0.2")
	r.waitEvent(n, "name", "link", "action", "delete", "interface", "v0")
	r.requireEqual()
	require.NotEmpty(t, pick(r.since(n), "name", "route", "action", "delete", "origin", "implied"))
	require.Empty(t, pick(r.since(n), "origin", "dump"))
}

// TestTheOwnNamespaceHasNoTag: with no option netns the process's own
// namespace is watched.
func TestTheOwnNamespaceHasNoTag(t *testing.T) {
	ns := nstest.New(t) // for the commands' encoding
	conn, err := netlink.Dial(unix.NETLINK_ROUTE, nil)
	require.NoError(t, err)
	defer conn.Close()
	do := func(line string) {
		t.Helper()
		c, err := ns.Compile(line)
		require.NoError(t, err)
		_, err = conn.Execute(netlink.Message{Data: c.Body, Header: netlink.Header{
			Type: netlink.HeaderType(c.Type), Flags: netlink.Request | netlink.Acknowledge | netlink.HeaderFlags(c.Flags),
		}})
		require.NoError(t, err)
	}
	r := begin(t, nil)
	r.settled()
	do("link add own0 type ifb")
	m := r.waitEvent(0, "name", "link", "action", "new", "interface", "own0")
	require.False(t, m.HasTag("netns"))
	do(fmt.Sprintf("link del dev #%v", field(m, "ifindex")))
	r.waitEvent(0, "name", "link", "action", "delete", "interface", "own0")
	require.NoError(t, r.input.Probe())
	for _, m := range r.gather() {
		require.False(t, m.HasTag("netns"), m)
	}
}

// TestStartReturnsBeforeTheFirstMetric: both Telegraf and its shim deadlock on
// an input that sends from within Start.
func TestStartReturnsBeforeTheFirstMetric(t *testing.T) {
	input, _ := prepare(t, newPair(t))
	ch := make(chan telegraf.Metric) // nobody reads
	require.NoError(t, input.Start(agent.NewAccumulator(testMaker{}, ch)))
	require.Equal(t, "rtnetlink_sync", (<-ch).Name())
	go func() {
		for m := range ch {
			m.Accept()
		}
	}()
	input.Stop()
	close(ch)
}

func TestStartBeforeInitIsRefused(t *testing.T) {
	require.ErrorContains(t, New().Start(nil), "Start before Init")
	require.NoError(t, New().Gather(nil))
	New().Stop()
	New().Reload()
}

// TestStopFreesAnOwnerThatWaitsForOutputs: the metrics on their way are never
// delivered. What was queued goes out.
func TestStopFreesAnOwnerThatWaitsForOutputs(t *testing.T) {
	ns := newPair(t)
	input, _ := prepare(t, ns, func(r *RTNetlink) { r.MaxUndelivered = 5 })
	ch := make(chan telegraf.Metric, 10000)
	require.NoError(t, input.Start(agent.NewAccumulator(testMaker{}, ch)))
	require.Eventually(t, func() bool { return len(ch) == 5 }, patience, time.Millisecond)
	for i := range 20 {
		ns.Run(fmt.Sprintf("route add blackhole 30.0.%d.0/24", i))
	}
	begin := time.Now()
	input.Stop()
	require.Less(t, time.Since(begin), stopTime)
	require.Greater(t, len(ch), 5)
	time.Sleep(20 * time.Millisecond)
	n := len(ch)
	ns.Run("link del v0")
	time.Sleep(20 * time.Millisecond)
	require.Len(t, ch, n, "the accumulator is not used after Stop")
}

// stuck is an accumulator's view of an input in which metrics get stuck.
type stuck struct {
	testMaker
	entered, free chan struct{}
}

func (s stuck) MakeMetric(telegraf.Metric) telegraf.Metric {
	select {
	case s.entered <- struct{}{}:
	default:
	}
	<-s.free
	panic("send on closed channel") // what the shim's accumulator does after Stop
}

// TestStopReturnsThoughTheAccumulatorDoesNot: a Telegraf that hangs does not
// hang the plugin. What is left behind ends with the call of the accumulator,
// without ending the process.
func TestStopReturnsThoughTheAccumulatorDoesNot(t *testing.T) {
	input, log := prepare(t, newPair(t))
	s := stuck{entered: make(chan struct{}, 1), free: make(chan struct{})}
	require.NoError(t, input.Start(agent.NewAccumulator(s, nil)))
	<-s.entered
	o := input.owner
	begin := time.Now()
	input.Stop()
	require.InDelta(t, stopLimit.Seconds(), time.Since(begin).Seconds(), 2)
	require.Equal(t, 1, log.count("Stopped without sending the rest"))
	close(s.free)
	select {
	case <-o.done:
	case <-time.After(patience):
		t.Fatal("the owner goroutine lives on")
	}
}

func TestStopAtAnyMoment(t *testing.T) {
	ns := newPair(t)
	input, _ := prepare(t, ns)
	s := newConsumer(t)
	for i := range 40 {
		s.restart()
		require.NoError(t, input.Start(s.accumulator()))
		if i%2 == 0 {
			ns.Run("link set v0 down", "link set v0 up")
		}
		time.Sleep(time.Duration(i) * 200 * time.Microsecond)
		input.Stop()
		// What was sent is taken before the next begins.
		require.Eventually(t, func() bool { return len(s.ch) == 0 }, patience, time.Millisecond)
		s.hold.Lock()
		s.hold.Unlock() //nolint:staticcheck // waits for the consumer
	}
	close(s.ch)
	<-s.done
}

func TestRestartTellsEverythingAgain(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns)
	r.settled()
	first := r.mark()
	r.input.Stop()
	ns.Run("route add 20.1.0.0/24 via 10.0.0.2")
	r.restart()
	require.NoError(t, r.input.Start(r.accumulator()))
	r.requireEqual()
	require.Equal(t, first+1, r.origins("dump"))
	require.Zero(t, r.origins("resync"))
}

func TestTwoInstancesAreIndependent(t *testing.T) {
	a, b := newPair(t), newPair(t)
	ra, rb, both := begin(t, a), begin(t, b), begin(t, nil, func(r *RTNetlink) {
		r.Netns = []string{a.Path(), b.Path()}
	})
	ra.settled()
	rb.settled()
	both.settled()
	na, nb := ra.mark(), rb.mark()
	a.Run("link set v0 mtu 1300")
	b.Run("link set v0 mtu 1301")
	ra.waitEvent(na, "mtu", 1300)
	rb.waitEvent(nb, "mtu", 1301)
	both.waitEvent(0, "mtu", 1300, "netns", a.Path())
	both.waitEvent(0, "mtu", 1301, "netns", b.Path())
	ra.input.Stop()
	nb = rb.mark()
	b.Run("link set v0 mtu 1302")
	rb.waitEvent(nb, "mtu", 1302)
	both.requireEqual()
	require.Empty(t, pick(rb.since(0), "mtu", 1300))
}

func TestInitialEvents(t *testing.T) {
	for _, want := range [][]string{{}, {"link"}, {"route", "rule"}, present()} {
		t.Run(fmt.Sprint(want), func(t *testing.T) {
			ns := newPair(t)
			r := begin(t, ns, func(r *RTNetlink) { r.InitialEvents = want })
			r.settled()
			require.ElementsMatch(t, want, classes(pick(r.since(0), "origin", "dump")))
			n := r.mark()
			ns.Run("route replace 20.0.0.0/24 via 10.0.0.4 proto static", "link set v0 mtu 1400")
			r.waitEvent(n, "name", "route", "action", "change", "previous_gateway", "10.0.0.2")
			r.waitEvent(n, "name", "link", "action", "change", "previous_mtu", 1500)
		})
	}
}

func TestObjects(t *testing.T) {
	for _, want := range [][]string{{"link"}, {"address", "rule"}, {"route"}, {"neighbor"}, {"nexthop"}, {"netconf"}} {
		t.Run(fmt.Sprint(want), func(t *testing.T) {
			ns := newPair(t)
			r := begin(t, ns, func(r *RTNetlink) { r.Objects = want })
			r.settled()
			ns.Run("link set v0 mtu 1400", "addr add 10.0.1.1/24 dev v0", "route add 20.1.0.0/24 via 10.0.0.2",
				"rule add from 11.0.0.0/8 table 100 pref 1001", "nexthop add id 2 via 10.0.0.4 dev v0",
				"neigh add 10.0.0.10 lladdr 02:00:00:00:00:0a dev v0")
			ns.Sysctl("net.ipv4.conf.v0.forwarding", "1")
			r.requireEqual()
			require.ElementsMatch(t, want, classes(r.since(0)))
			require.ElementsMatch(t, want, classes(pick(r.since(0), "origin", "notify")))
			ns.Run("link del v0") // what the mirror holds for others' sake stays silent
			r.requireEqual()
			require.ElementsMatch(t, want, classes(r.since(0)))
		})
	}
}

// TestUntrackedClassesAreReportedAsTheKernelSays: without previous values, and
// without enumeration.
func TestUntrackedClassesAreReportedAsTheKernelSays(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, func(r *RTNetlink) { r.Untracked = []string{"route", "neighbor"} })
	r.settled()
	require.Equal(t, []string{"link", "address", "rule", "nexthop", "netconf"}, classes(pick(r.since(0), "origin", "dump")))
	n := r.mark()
	ns.Run("route replace 20.0.0.0/24 via 10.0.0.4 proto static", "route del 20.0.0.0/24",
		"neigh replace 10.0.0.9 lladdr 02:00:00:00:00:0a dev v0", "link set v0 mtu 1400")
	r.settled()
	got := r.since(n)
	require.Len(t, pick(got, "name", "route", "action", "new", "gateway", "10.0.0.4", "interface", "v0"), 1)
	require.Len(t, pick(got, "name", "route", "action", "delete", "gateway", "10.0.0.4"), 1)
	require.Len(t, pick(got, "name", "neighbor", "action", "new", "lladdr", "02:00:00:00:00:0a"), 1)
	require.Len(t, pick(got, "name", "link", "action", "change", "changed", "mtu"), 1)
	require.Empty(t, pick(r.gather(), "name", "routes"))
	require.EqualValues(t, 0, r.internal()["routes"])
}

func TestRateCap(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, func(r *RTNetlink) { r.MaxEventsPerSecond = 100 })
	r.settled()
	n := r.mark()
	begin := time.Now()
	for i := range 150 {
		ns.Run(fmt.Sprintf("route add blackhole 30.0.%d.0/24", i))
	}
	r.wait("all routes", func() bool { return len(r.events) >= n+150 })
	require.GreaterOrEqual(t, time.Since(begin), 1300*time.Millisecond, "10 at once, 140 at 100 a second")
	r.requireEqual()
	require.Positive(t, r.internal()["rate_limited"])
}

// TestScriptsAreReloadedWhileEventsWait: however long the queue is.
func TestScriptsAreReloadedWhileEventsWait(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, scriptOf(t, `local nl = require "rtnetlink"`), func(r *RTNetlink) { r.MaxEventsPerSecond = 1000 })
	r.settled()
	n := r.mark()
	batch(t, ns, prefixes(t, ns.Conn, "route add blackhole %s/32 table 8", 40000))
	r.waitEvent(n, "name", "route", "table", "8")
	require.NoError(t, os.WriteFile(r.input.Lua[0].Script, []byte(`local nl = require "rtnetlink"
		nl.on("route", function(ev) ev:tag("version", "two") end)`), 0o600))
	r.waitEvent(n, "version", "two")
	require.Less(t, r.mark(), n+39000, "it waited for the end of the queue")
	r.input.Stop() // does not wait for the cap
}

func TestMetricsOfAHostileName(t *testing.T) {
	ns := newPair(t)
	alias := "a\nrtnetlink_link,x=y z=1i\t\"\\\xff,= "
	r := begin(t, ns)
	r.settled()
	require.NoError(t, ns.Do(func() error {
		conn, err := netlink.Dial(unix.NETLINK_ROUTE, nil)
		if err != nil {
			return err
		}
		defer conn.Close()
		index, err := ns.Index("v0")
		if err != nil {
			return err
		}
		body := append(make([]byte, 4), byte(index), 0, 0, 0)
		body = append(body, make([]byte, 8)...)
		body = append(body, eventtest.Attr(unix.IFLA_IFALIAS, []byte(alias))...)
		_, err = conn.Execute(netlink.Message{Data: body, Header: netlink.Header{
			Type: unix.RTM_SETLINK, Flags: netlink.Request | netlink.Acknowledge,
		}})
		return err
	}))
	m := r.waitEvent(0, "name", "link", "changed", "ifalias")
	require.Equal(t, "a\nrtnetlink_link,x=y z=1i\t\"\\\uFFFD,= ", field(m, "ifalias"))
}
