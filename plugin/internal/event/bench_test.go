package event

import (
	"slices"
	"testing"
	"time"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// bodyWith returns a recorded body whose field name has the value want.
func bodyWith(t testing.TB, o rtnl.Object, name string, want any) []byte {
	littleEndian(t)
	for _, body := range bodiesOf(t, o) {
		if valuesOf(viewOf(o, body, testLinks))[name] == want {
			return body
		}
	}
	t.Fatalf("no recorded %s has %s=%v", o, name, want)
	return nil
}

// indexes returns the places of fields in a class's table.
func indexes(t testing.TB, o rtnl.Object, names ...string) (list []int) {
	for _, name := range names {
		for i, f := range Fields(o) {
			if f.Name == name {
				list = append(list, i)
			}
		}
	}
	require.Len(t, list, len(names))
	return list
}

// recordedLinks knows the link of the routes below.
var recordedLinks = linkTable{10: {"v0", true, true}}

var typicalRoute = []string{"family", "table", "protocol", "type", "interface", "dst", "gateway", "scope", "flags", "nexthop_count"}

func TestRouteValuesAllocateForAddressesOnly(t *testing.T) {
	body := bodyWith(t, rtnl.Route, "dst", "20.0.0.0/16")
	typical := indexes(t, rtnl.Route, typicalRoute...)
	var v View
	require.EqualValues(t, 2, testing.AllocsPerRun(100, func() {
		v.Reset(rtnl.Route, body, recordedLinks)
		for _, i := range typical {
			v.Value(i)
		}
	}), "one for dst, one for gateway")
}

func TestNumbersAndWordsAllocateNothing(t *testing.T) {
	eachClass(t, func(t *testing.T, o rtnl.Object) {
		littleEndian(t)
		for _, body := range bodiesOf(t, o) {
			v := viewOf(o, body, testLinks)
			for i, f := range Fields(o) {
				if f.Kind != String || slices.Contains(f.Choices, v.Value(i).Str) {
					require.Zero(t, testing.AllocsPerRun(1, func() { v.Value(i) }), f.Name)
				}
			}
		}
	})
}

// BenchmarkRoute compares the values of a typical route with what the library
// needs to decode the message, not yet made into text.
func BenchmarkRoute(b *testing.B) {
	body := bodyWith(b, rtnl.Route, "dst", "20.0.0.0/16")
	b.Run("values", func(b *testing.B) { benchValues(b, rtnl.Route, body, indexes(b, rtnl.Route, typicalRoute...)) })
	b.Run("all values", func(b *testing.B) { benchValues(b, rtnl.Route, body, everyField(rtnl.Route)) })
	b.Run("index", func(b *testing.B) { benchIndex(b, rtnl.Route, body) })
	b.Run("rtnetlink", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var m rtnetlink.RouteMessage
			if err := m.UnmarshalBinary(body); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkLink(b *testing.B) {
	body := bodyWith(b, rtnl.Link, "interface", "v0")
	b.Run("all values", func(b *testing.B) { benchValues(b, rtnl.Link, body, everyField(rtnl.Link)) })
	b.Run("index", func(b *testing.B) { benchIndex(b, rtnl.Link, body) })
	b.Run("rtnetlink", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var m rtnetlink.LinkMessage
			if err := m.UnmarshalBinary(body); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func everyField(o rtnl.Object) (all []int) {
	for i := range Fields(o) {
		all = append(all, i)
	}
	return all
}

func benchValues(b *testing.B, o rtnl.Object, body []byte, which []int) {
	b.ReportAllocs()
	var v View
	for b.Loop() {
		v.Reset(o, body, recordedLinks)
		for _, i := range which {
			v.Value(i)
		}
	}
}

func benchIndex(b *testing.B, o rtnl.Object, body []byte) {
	b.ReportAllocs()
	var v View
	for b.Loop() {
		v.Reset(o, body, recordedLinks)
		v.Attr(1)
	}
}

// BenchmarkDiff compares two messages of a veth that differ in statistics, as
// the kernel sends them: about 1.5 KB.
func BenchmarkDiff(b *testing.B) {
	ns := nstest.New(b)
	ns.Run("link add v0 type veth peer name v1")
	messages := ns.Dump(unix.RTM_GETLINK, unix.AF_UNSPEC)
	body := messages[len(messages)-1].Data
	other := touched(rtnl.Link, touched(rtnl.Link, body, unix.IFLA_STATS64), unix.IFLA_STATS)
	b.Run("statistics", func(b *testing.B) { benchDiff(b, body, other, 0) })
	b.Run("mtu", func(b *testing.B) { benchDiff(b, body, touched(rtnl.Link, body, unix.IFLA_MTU), 1) })
}

func benchDiff(b *testing.B, before, after []byte, want int) {
	b.ReportAllocs()
	var x, y View
	for b.Loop() {
		x.Reset(rtnl.Link, before, testLinks)
		y.Reset(rtnl.Link, after, testLinks)
		if got := Diff(&x, &y); got.Empty() != (want == 0) {
			b.Fatalf("differs in %q", changedNames(rtnl.Link, got))
		}
	}
}

// without returns a body without an attribute.
func without(o rtnl.Object, body []byte, leftOut uint16) []byte {
	out := slices.Clone(body[:o.HeaderLen()])
	for a := rtnl.AttrsOf(o, body); ; {
		typ, _, rest, ok := a.Next()
		if !ok {
			return out
		}
		if typ != leftOut {
			out = append(out, a[:len(a)-len(rest)]...)
		}
		a = rest
	}
}

// TestDetailsOfALinkCostNothingWhereTheyStay: what changes elsewhere takes as many
// allocations with the details of a bridge as without, and finds the same.
func TestDetailsOfALinkCostNothingWhereTheyStay(t *testing.T) {
	whole := bodyWith(t, rtnl.Link, "kind", "bridge")
	plain := without(rtnl.Link, whole, unix.IFLA_LINKINFO)
	require.Greater(t, len(valuesOf(viewOf(rtnl.Link, whole, testLinks))), 30+len(valuesOf(viewOf(rtnl.Link, plain, testLinks))))
	for name, typ := range map[string]uint16{"nothing": unix.IFLA_STATS64, "mtu": unix.IFLA_MTU, "name": unix.IFLA_IFNAME} {
		allocations := func(body []byte) (n float64, found string) {
			other := touched(rtnl.Link, body, typ)
			var x, y View
			var got bitset.Set
			n = testing.AllocsPerRun(20, func() {
				x.Reset(rtnl.Link, body, testLinks)
				y.Reset(rtnl.Link, other, testLinks)
				got = Diff(&x, &y)
			})
			return n, changedNames(rtnl.Link, got)
		}
		withDetails, found := allocations(whole)
		without, same := allocations(plain)
		require.Equal(t, without, withDetails, name)
		require.Equal(t, same, found, name)
	}
}

// TestFieldsBeyondThe64thDiffer: a class may have more of them than a word has
// bits. What a difference names is held to the values, of all fields.
func TestFieldsBeyondThe64thDiffer(t *testing.T) {
	highest := 0
	for _, kind := range []string{"bridge", "vxlan"} {
		whole := bodyWith(t, rtnl.Link, "kind", kind)
		x, y := viewOf(rtnl.Link, whole, testLinks), viewOf(rtnl.Link, without(rtnl.Link, whole, unix.IFLA_LINKINFO), testLinks)
		var want bitset.Set
		for i, f := range Fields(rtnl.Link) {
			if !f.NoChange && x.Value(i) != y.Value(i) {
				want.Add(i)
				highest = max(highest, i)
			}
		}
		require.Equal(t, changedNames(rtnl.Link, want), changedNames(rtnl.Link, Diff(x, y)), kind)
	}
	require.Greater(t, highest, 128)
}

// BenchmarkDiffOfADetailedLink has the cost of a change of the MTU of a bridge with
// its details in units of that of the same link without them, and what it would
// cost to decode them: the three take turns.
func BenchmarkDiffOfADetailedLink(b *testing.B) {
	whole := bodyWith(b, rtnl.Link, "kind", "bridge")
	plain := without(rtnl.Link, whole, unix.IFLA_LINKINFO)
	var took [3]time.Duration
	for b.Loop() {
		for i, body := range [3][]byte{plain, whole, whole} {
			other := touched(rtnl.Link, body, unix.IFLA_MTU)
			compare := Diff
			if i == 2 {
				compare = decodedDiff
			}
			began := time.Now()
			for range 1000 {
				var x, y View
				x.Reset(rtnl.Link, body, testLinks)
				y.Reset(rtnl.Link, other, testLinks)
				if got := compare(&x, &y); got.Empty() {
					b.Fatal("no difference")
				}
			}
			took[i] += time.Since(began)
		}
	}
	b.ReportMetric(float64(took[1])/float64(took[0]), "ratio")
	b.ReportMetric(float64(took[2])/float64(took[0]), "ratio-decoded")
}

// decodedDiff compares every field by its value, as a diff would that knows
// nothing of the bytes.
func decodedDiff(x, y *View) (changed bitset.Set) {
	for i, f := range Fields(x.Object) {
		if !f.NoChange && x.Value(i) != y.Value(i) {
			changed.Add(i)
		}
	}
	return changed
}
