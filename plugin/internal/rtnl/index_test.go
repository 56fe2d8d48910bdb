package rtnl

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// An Index finds what walks find, in whatever bytes.
func TestAnIndexFindsWhatAWalkFinds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var x Index
	for range 20_000 {
		body := make([]byte, Route.HeaderLen())
		for range rng.IntN(6) {
			body = AppendAttr(body, uint16(rng.IntN(80))|uint16(rng.IntN(2))<<15, make([]byte, rng.IntN(9)))
		}
		for range rng.IntN(3) {
			body[rng.IntN(len(body))] = byte(rng.Uint32())
		}
		body = body[:len(body)-rng.IntN(3)]
		attrs := AttrsOf(Route, body)
		require.Equal(t, attrs.Valid(), x.Read(Route, body), "%x", body)
		for typ := range uint16(64) {
			want := attrs.Get(typ)
			require.Equal(t, want, x.Get(typ), "%d of %x", typ, body)
			require.Equal(t, want != nil, x.Has(typ))
			require.Equal(t, want != nil, x.Types()>>typ&1 == 1)
			require.Equal(t, Uint32(want), x.Uint32(typ))
		}
		require.Equal(t, RouteMsg(body).Table(), x.Table())
		require.False(t, x.Has(70))
	}
}

func TestAnIndexIsOfTheBytesThatItWasToHold(t *testing.T) {
	body := AppendAttr(make([]byte, Route.HeaderLen()), unix.RTA_OIF, AppendUint32(nil, 3))
	var x Index
	require.False(t, x.Of(Route, body))
	x.Hold(Route, body)
	require.True(t, x.Of(Route, body))
	require.True(t, x.Of(Route, slices.Clone(body)))
	require.False(t, x.Of(Rule, body), "whose fixed structure may be another")
	require.False(t, x.Of(Route, body[:len(body)-4]))
	x.Hold(Route, body[:5])
	require.Zero(t, x.Types(), "shorter than the fixed structure")
	require.Zero(t, testing.AllocsPerRun(10, func() { x.Hold(Route, body) }))
}

// A buffer is used again, for another message of the same length.
func TestAnIndexKnowsWhereAttributesAreThoughTheMemoryHoldsOthers(t *testing.T) {
	head := make([]byte, Route.HeaderLen())
	first := AppendAttr(AppendAttr(slices.Clone(head), unix.RTA_OIF, AppendUint32(nil, 3)), unix.RTA_DST, []byte{1, 2, 3, 4, 5, 6, 7, 8})
	other := AppendAttr(AppendAttr(slices.Clone(head), unix.RTA_DST, []byte{1, 2, 3, 4, 5, 6, 7, 8}), unix.RTA_OIF, AppendUint32(nil, 4))
	buffer := slices.Clone(first)
	var x Index
	x.Hold(Route, buffer)
	copy(buffer, other)
	require.False(t, x.Of(Route, other))
	require.False(t, x.Of(Route, buffer))
	require.True(t, x.Of(Route, first))
	require.EqualValues(t, 3, x.Uint32(unix.RTA_OIF))
	require.Equal(t, []byte{1, 2, 3, 4, 5, 6, 7, 8}, x.Get(unix.RTA_DST))
}

func TestPartsOfEachSize(t *testing.T) {
	body := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	require.Equal(t, NeighborIndex.Uint(body), NeighborIndex.Uint32(body))
	require.Equal(t, NeighborState.Uint(body), uint32(NeighborState.Uint16(body)))
	require.Zero(t, NeighborIndex.Uint32(body[:7]))
	require.Zero(t, NeighborState.Uint16(body[:9]))
}

func TestRangesAreOfWhatNextReturns(t *testing.T) {
	hops := Hops{}.Append(Hop{Link: 3, Weight: 1}).Append(Hop{Link: 4, Flags: 2})
	var links []uint32
	for h := range hops.All() {
		links = append(links, h.Link)
	}
	require.Equal(t, []uint32{3, 4}, links)
	attrs := Attrs(AppendAttr(AppendAttr(nil, 5, []byte{1}), 6, nil))
	var types []uint16
	for typ := range attrs.All() {
		types = append(types, typ)
		if typ == 5 {
			continue
		}
		break
	}
	require.Equal(t, []uint16{5, 6}, types)
	only := func(want uint16) func(uint16) bool { return func(typ uint16) bool { return typ == want } }
	require.Equal(t, AppendAttr(nil, 6, nil), attrs.Append(nil, only(6)))
	require.Equal(t, AppendAttr([]byte("head"), 5, []byte{1}), attrs.Append([]byte("head"), only(5)))
}
