package mirror

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// randomRoute is a route with 1 to 4 nexthops of either family.
func randomRoute(rng *rand.Rand) routeSpec {
	r := routeSpec{dst: prefix("20.0.0.0/24"), table: 1 + rng.Uint32N(1000), metric: rng.Uint32N(3), protocol: uint8(rng.Uint32N(5)), mtu: rng.Uint32N(2) * 1400}
	if rng.IntN(2) == 0 {
		r.dst = prefix("2001:db8:20::/64")
	}
	for range 1 + rng.IntN(4) {
		h := hopSpec{oif: 1 + rng.Uint32N(5), gateway: gatewayOf(r.family(), byte(rng.IntN(250)))}
		if rng.IntN(4) == 0 {
			h.gateway = netip.Addr{}
		}
		r.hops = append(r.hops, h)
	}
	if len(r.hops) > 1 {
		for i := range r.hops {
			r.hops[i].weight, r.hops[i].flags = uint8(rng.IntN(256)), uint8(rng.IntN(256))
		}
	}
	return r
}

func gatewayOf(family uint8, last byte) netip.Addr {
	if family == unix.AF_INET {
		return netip.AddrFrom4([4]byte{10, 0, 0, last})
	}
	return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: last})
}

func TestHopsOfFindsEveryNexthop(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		r := randomRoute(rng)
		list := hopsOf(r.body())
		require.Len(t, list, len(r.hops))
		for i, h := range list {
			want := r.hops[i]
			require.Equal(t, want.oif, h.Link)
			require.Equal(t, want.gateway.AsSlice(), h.Attrs.Get(unix.RTA_GATEWAY))
			require.Equal(t, want.weight, h.Weight)
			require.Equal(t, want.flags, h.Flags)
		}
	}
}

// Taking a route apart and putting it together again changes nothing.
func TestWithHopsIsTheInverseOfHopsOf(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 500 {
		r := randomRoute(rng)
		body := r.body()
		again := withHops(body, hopsOf(body))
		require.True(t, same(rtnl.Route, body, again), "%x\n%x", body, again)
		require.Equal(t, keyOf(rtnl.Route, nil, body), keyOf(rtnl.Route, nil, again))
		require.NoError(t, new(State).check(rtnl.Route, again))
	}
}

// A group's route with other nexthops is what the kernel would have written.
func TestWithHopsWritesAsTheKernelDoes(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 500 {
		r, other := randomRoute(rng), randomRoute(rng)
		if r.family() != other.family() {
			continue
		}
		want := r
		want.hops = other.hops
		if len(want.hops) == 1 { // rtm_flags then are the nexthop's
			want.hops[0].flags = 0
			if len(r.hops) == 1 {
				want.hops[0].flags = r.hops[0].flags
			}
		}
		got := withHops(r.body(), hopsOf(other.body()))
		require.True(t, same(rtnl.Route, want.body(), got), "%x\n%x", want.body(), got)
	}
}

func TestMergeHopsPutsThoseThatWereThereFirst(t *testing.T) {
	a, b, c := hopVia("10.0.0.1", 1), hopVia("10.0.0.2", 2), hopVia("10.0.0.3", 3)
	body := func(hops ...hopSpec) []hop { return hopsOf(multi("20.0.0.0/24", hops...).body()) }
	oifs := func(list []hop) (out []uint32) {
		for _, h := range list {
			out = append(out, h.Link)
		}
		return out
	}
	require.Equal(t, []uint32{1, 2, 3}, oifs(mergeHops(body(a, b), body(c, a, b))))
	require.Equal(t, []uint32{2, 3}, oifs(mergeHops(body(a, b), body(c, b))))
}

func TestParseHopsStopsAtWhatMakesNoSense(t *testing.T) {
	good := hopsPayload(t, multi("20.0.0.0/24", hopVia("10.0.0.1", 1), hopVia("10.0.0.2", 2)))
	require.Len(t, slices.Collect(rtnl.Hops(good).All()), 2)
	for n := range len(good) {
		require.LessOrEqual(t, len(slices.Collect(rtnl.Hops(good[:n]).All())), 2)
	}
	for _, length := range []uint16{0, 7, 1000} {
		bad := slices.Clone(good)
		copy(bad, native16(length))
		require.Empty(t, slices.Collect(rtnl.Hops(bad).All()))
	}
}

func hopsPayload(t *testing.T, r routeSpec) []byte {
	t.Helper()
	p := routeAttr(r.body(), unix.RTA_MULTIPATH)
	require.NotNil(t, p)
	return p
}

// links is which links have no dead nexthops.
func aliveOn(oifs ...uint32) func(uint32) bool {
	return func(oif uint32) bool { return slices.Contains(oifs, oif) }
}

func TestMarkDead(t *testing.T) {
	a, b := hopVia("10.0.0.1", 1), hopVia("10.0.0.2", 2)
	dead := func(h hopSpec) hopSpec { h.flags = unix.RTNH_F_DEAD; return h }
	for _, test := range []struct {
		name     string
		route    routeSpec
		alive    []uint32
		any, all bool
	}{
		{"single path on the link", via("20.0.0.0/24", "10.0.0.1", 1), nil, true, true},
		{"single path elsewhere", via("20.0.0.0/24", "10.0.0.1", 2), nil, false, false},
		{"one of two", multi("20.0.0.0/24", a, b), nil, true, false},
		{"the last of two", multi("20.0.0.0/24", a, dead(b)), nil, true, true},
		{"one said to be dead, but with a link that is alive", multi("20.0.0.0/24", a, dead(b)), []uint32{2}, true, false},
		{"both on the link", multi("20.0.0.0/24", a, a), nil, true, true},
		{"all dead, none on the link", multi("20.0.0.0/24", dead(b), dead(b)), nil, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			any, all := markDead(test.route.body(), 1, aliveOn(test.alive...))
			require.Equal(t, test.any, any)
			require.Equal(t, test.all, all)
		})
	}
}

func TestReviveIsTheInverseOfMarkDead(t *testing.T) {
	body := multi("20.0.0.0/24", hopVia("10.0.0.1", 1), hopVia("10.0.0.2", 2), hopVia("10.0.0.3", 1)).body()
	was := bytes.Clone(body)
	markDead(body, 1, aliveOn())
	require.NotEqual(t, was, body)
	require.True(t, same(rtnl.Route, was, body), "dead bits are no difference")
	revive(body, 2)
	require.NotEqual(t, was, body)
	revive(body, 1)
	require.Equal(t, was, body)
}

func TestWithoutRemovesOneAttribute(t *testing.T) {
	r := via("20.0.0.0/24", "10.0.0.1", 1)
	want := r.body()
	r.prefsrc = ip("10.0.0.7")
	require.Equal(t, want, without(r.body(), attrs(unix.RTA_PREFSRC)))
	require.Equal(t, want, without(want, attrs(unix.RTA_PREFSRC)))
}

// No kernel sends a gateway without a link, or a list of paths without one: what
// does must do no harm.
func TestWaysToNowhereDoNoHarm(t *testing.T) {
	head := withMetric(dev("2001:db8:20::/64", 0), 1024)
	paths := []hopSpec{hopVia("2001:db8::9", 1), hopVia("2001:db8::8", 2)}
	nowhere := map[string][]byte{
		"a gateway without a link":     append(without(head.body(), attrs(unix.RTA_OIF)), attr(unix.RTA_GATEWAY, make([]byte, 16))...),
		"a list without paths":         append(without(head.body(), attrs(unix.RTA_OIF)), attr(unix.RTA_MULTIPATH, nil)...),
		"a list whose path is cut off": append(without(head.body(), attrs(unix.RTA_OIF)), attr(unix.RTA_MULTIPATH, make([]byte, 8))...),
	}
	for name, body := range nowhere {
		t.Run(name, func(t *testing.T) {
			for _, flags := range []uint16{flagsAdd, flagsAppend, flagsReplace} {
				for _, shown := range []bool{true, false} {
					d := newDumper(t, allRoutes6)
					if !shown {
						d.s.cfg.Show = func([]byte) bool { return false }
					}
					require.NotPanics(t, func() {
						d.event(created(rtnl.Route, flagsAdd, withMetric(multi("2001:db8:20::/64", paths...), 1024).body()))
						d.event(created(rtnl.Route, flags, append([]byte(nil), body...)))
						d.event(created(rtnl.Route, flags, append([]byte(nil), body...)))
						d.event(removed(rtnl.Route, append([]byte(nil), body...)))
						d.dump(nil, append([]byte(nil), body...))
					})
				}
			}
		})
	}
}
