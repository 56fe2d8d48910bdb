package mirror

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// anyRoute is a route to one of few prefixes, often one that is counted by its
// path alone.
func anyRoute(r *rand.Rand, v6 bool) []byte {
	dst, gateway := fmt.Sprintf("10.0.%d.0/24", r.IntN(40)), "10.255.0.9"
	if v6 {
		dst, gateway = fmt.Sprintf("2001:db8:%x::/64", r.IntN(40)), "2001:db8:ff::9"
	}
	spec := via(dst, gateway, uint32(1+r.IntN(3)))
	spec.metric, spec.protocol = uint32(r.IntN(2)), unix.RTPROT_BOOT+uint8(r.IntN(2))
	switch r.IntN(12) {
	case 0:
		spec.mtu = 1400
	case 1:
		spec.hops = append(spec.hops, hopSpec{gateway: ip(gateway), oif: 2})
	case 2:
		spec.nhid, spec.hops = 7, nil
	case 3:
		spec.table = otherTable
	case 4:
		spec.tos = uint8(4 * r.IntN(2))
	case 5:
		spec.hops[0].gateway = ip("::")
		spec.hops = spec.hops[:1]
	}
	if v6 {
		spec.tos = 0
	}
	return spec.body()
}

// damage returns a body with attributes that are strange, if well-formed.
func damage(r *rand.Rand, body []byte) []byte {
	switch r.IntN(8) {
	case 0:
		return join(body, attr32(unix.RTA_OIF, 9)) // the first counts
	case 1:
		return join(body, attr(unix.RTA_CACHEINFO, make([]byte, 8), native32(100), make([]byte, 16)))
	case 2:
		return join(body, attr(unix.RTA_CACHEINFO, make([]byte, 12)))
	case 3:
		return join(body, attr(200, []byte{1}))
	case 4:
		flags := rtnl.RouteFlags.Bytes(body)
		rtnl.PutUint32(flags, []uint32{unix.RTM_F_CLONED, unix.RTNH_F_DEAD}[r.IntN(2)])
	case 5:
		body[0] = []byte{rtnl.IPMR, unix.AF_MPLS, unix.AF_INET6, unix.AF_INET}[r.IntN(4)]
	case 6:
		return join(body, attr(unix.RTA_PREF, []byte{1}), []byte{1, 2, 3}) // the end is no attribute
	}
	return body
}

// What is read of a plain route at once is what the long way finds.
func TestAPlainRouteIsHeldAsItComes(t *testing.T) {
	r, s, taken := rand.New(rand.NewPCG(1, 1)), New(Config{Track: all, Report: all}), 0
	for range 20_000 {
		body := anyRoute(r, r.IntN(2) == 0)
		if r.IntN(2) == 0 {
			body = damage(r, body)
		}
		p, dst, ok := plainPath(body)
		if !ok {
			continue
		}
		taken++
		require.NoError(t, s.check(rtnl.Route, body))
		require.True(t, rows[rtnl.Route].object(body))
		require.True(t, rows[rtnl.Route].mirrored(s, body))
		x := s.index(rtnl.Route, body)
		want := pathOf(x)
		want.shown = true
		require.Equal(t, want, p)
		require.True(t, p.alone(x))
		require.Equal(t, append([]byte(nil), x.Get(unix.RTA_DST)...), append([]byte(nil), dst...))
		require.Equal(t, body, s.canonical(rtnl.Route, body))
	}
	require.Greater(t, taken, 5_000)
}

// A dump of plain routes does what it does where each is looked at in full: with
// others among them, with what comes twice, out of order or not at all, with events
// in between and with what is held already.
func TestPlainRecordsAreTakenOverAsAnyOther(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		short, long := newToldMirror(seed), newToldMirror(seed)
		for range 6 {
			q := rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET}
			if r.IntN(3) == 0 {
				q.Family = unix.AF_INET6
			}
			switch r.IntN(5) {
			case 0:
				q.Table = unix.RT_TABLE_MAIN
			case 1:
				q.Ifindex = 2
			}
			first := r.IntN(2) == 0
			each := func(f func(*toldMirror)) { f(short); f(long) }
			each(func(m *toldMirror) { m.s.Begin(q, first) })
			long.s.dump.changedByEvent[0] = false // of a key that no route has: from now on nothing is plain
			for range r.IntN(60) {
				body, v6 := anyRoute(r, q.Family == unix.AF_INET6), r.IntN(20)
				switch r.IntN(30) {
				case 0:
					each(func(m *toldMirror) { m.apply(t, removed(rtnl.Route, body)) })
				case 1:
					each(func(m *toldMirror) { m.apply(t, created(rtnl.Route, flagsReplace, body)) })
				case 2:
					each(func(m *toldMirror) { m.apply(t, created(rtnl.Link, 0, linkBody(2, "l2", uint32(v6%2)*unix.IFF_UP))) })
				case 3:
					each(func(m *toldMirror) { m.record(t, body, body) })
				default:
					each(func(m *toldMirror) { m.record(t, body) })
				}
			}
			torn := r.IntN(4) == 0
			require.Equal(t, long.s.End(torn, nil, 9), short.s.End(torn, nil, 9), seed)
			require.Equal(t, long.events, short.events, seed)
			require.Equal(t, long.held(), short.held(), seed)
			require.Equal(t, long.s.Counts(), short.s.Counts(), seed)
			require.Equal(t, long.s.Wants(), short.s.Wants(), seed)
			require.NoError(t, long.s.consistent(), seed)
			require.NoError(t, short.s.consistent(), seed)
		}
	}
}

// toldMirror is a mirror and what it has told.
type toldMirror struct {
	s      *State
	events []string
}

func newToldMirror(seed uint64) *toldMirror {
	m := &toldMirror{}
	cfg := Config{Report: all, Track: all, Emit: func(e *event.Event) { m.events = append(m.events, describe(e)) }}
	if seed%2 == 0 {
		cfg.Initial = all
	}
	if seed%3 == 0 {
		cfg.Show = func(route []byte) bool { return RouteProtocol(route) == unix.RTPROT_BOOT }
	}
	m.s = New(cfg)
	knowNames(m.s)
	m.s.oneDatagram = 0
	return m
}

func (m *toldMirror) apply(t *testing.T, msg rtnl.Message) {
	t.Helper()
	require.NoError(t, m.s.Apply(msg, 5))
}

func (m *toldMirror) record(t *testing.T, bodies ...[]byte) {
	t.Helper()
	for _, b := range bodies {
		require.NoError(t, m.s.Record(created(rtnl.Route, unix.NLM_F_MULTI, b), 7))
	}
}

// held lists the routes in the order of their lists, with their flags.
func (m *toldMirror) held() (out []string) {
	t := m.s.tables[rtnl.Route]
	t.Each(func(r ref) bool {
		if l := t.Find(t.Body(r)); l.Head == r {
			for e := r; e != 0; e = l.Next(e) {
				out = append(out, fmt.Sprintf("%x %x %d", t.Body(e), t.Flags(e), t.Number(e)))
			}
		}
		return true
	})
	return out
}
