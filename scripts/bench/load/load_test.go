package load

import (
	"encoding/binary"
	"net/netip"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/scripts/bench/stage"
)

// denied is why the tests are not in a namespace of their own.
var denied error

func TestMain(m *testing.M) {
	denied = stage.Enter()
	os.Exit(m.Run())
}

func TestPrefixesAreNumbered(t *testing.T) {
	for _, tt := range []struct {
		routes Routes
		i      int
		want   string
	}{
		{Routes{}, 0, "11.0.0.0/24"},
		{Routes{}, 257, "11.1.1.0/24"},
		{Routes{First: 256}, 1, "11.1.1.0/24"},
		{Routes{}, Most, "75.0.0.0/24"},
		{Routes{V6: true}, 0x10002, "2001:db8:1:2::/64"},
	} {
		p := netip.MustParsePrefix(tt.want)
		require.Equal(t, p, tt.routes.Prefix(tt.i))
		i, ok := tt.routes.Index(p)
		require.Equal(t, tt.i < Most, ok)
		require.Equal(t, tt.i, i)
	}
}

func TestChurnMakesChangesAndDeletes(t *testing.T) {
	type op struct {
		typ, flags uint16
		dst        string
	}
	r := Routes{}
	parse := func(b []byte) op {
		require.Equal(t, len(b), int(binary.NativeEndian.Uint32(b)))
		return op{
			binary.NativeEndian.Uint16(b[4:]), binary.NativeEndian.Uint16(b[6:]) &^ unix.NLM_F_REQUEST,
			netip.AddrFrom4([4]byte(b[32:])).String(), // behind nlmsghdr, rtmsg and nlattr
		}
	}
	for k, want := range map[int]op{
		0:    {unix.RTM_NEWROUTE, unix.NLM_F_CREATE | unix.NLM_F_EXCL, "11.0.0.0"},
		1001: {unix.RTM_NEWROUTE, unix.NLM_F_CREATE | unix.NLM_F_REPLACE, "11.0.1.0"},
		2001: {unix.RTM_DELROUTE, 0, "11.0.1.0"},
		3000: {unix.RTM_NEWROUTE, unix.NLM_F_CREATE | unix.NLM_F_EXCL, "11.3.232.0"},
	} {
		require.Equal(t, want, parse(r.Churn(nil, k)), k)
	}
}

func TestEncodingDoesNotAllocate(t *testing.T) {
	b := make([]byte, 0, 1024)
	for _, v6 := range []bool{false, true} {
		r := Routes{V6: v6, Dev: 3}
		require.Zero(t, testing.AllocsPerRun(100, func() { r.Replace(r.Delete(r.Add(b, 1), 2), 3) }))
	}
}

func TestTheKernelTakesEveryRequest(t *testing.T) {
	if denied != nil {
		t.Skip(denied)
	}
	dev, err := NewDevice("bench0")
	require.NoError(t, err)
	conn, err := Dial()
	require.NoError(t, err)
	defer conn.Close()
	for _, v6 := range []bool{false, true} {
		r := Routes{Dev: dev.Index, V6: v6}
		require.NoError(t, conn.Each(6000, r.Churn), "each of 2000 routes is made, changed and deleted")
		require.NoError(t, conn.Each(2000, r.Add))
		require.ErrorContains(t, conn.Each(10, r.Add), "refused 10 requests")
		require.ErrorIs(t, conn.Each(10, r.Add), unix.EEXIST)
		require.NoError(t, conn.Each(2000, r.Delete))
		require.ErrorIs(t, conn.Each(10, r.Delete), unix.ESRCH)
	}
	require.NoError(t, dev.SetUp(false))
	require.NoError(t, dev.SetUp(true))
	require.NoError(t, dev.Delete())
}
