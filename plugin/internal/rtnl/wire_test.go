package rtnl

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestNext(t *testing.T) {
	a := Message{Type: unix.RTM_NEWLINK, Flags: 1, Seq: 2, PID: 3, Body: []byte("abcde")}
	b := Message{Type: unix.RTM_DELLINK, Body: []byte{}}
	datagram := messages(a, b)
	m, rest, err := Next(datagram)
	require.NoError(t, err)
	require.Equal(t, a, m)
	m, rest, err = Next(rest)
	require.NoError(t, err)
	require.Equal(t, b, m)
	require.Empty(t, rest)

	unpadded := message(a)[:unix.SizeofNlMsghdr+5]
	m, rest, err = Next(unpadded)
	require.NoError(t, err, "the last message needs no padding")
	require.Equal(t, a, m)
	require.Empty(t, rest)
}

func TestNextRefuses(t *testing.T) {
	whole := message(Message{Type: unix.RTM_NEWLINK, Body: []byte("abcd")})
	for name, b := range map[string][]byte{
		"nothing":                       {},
		"half a header":                 whole[:8],
		"a length beyond the end":       whole[:len(whole)-1],
		"a length less than the header": append(u32(15), whole[4:]...),
		"a length of zero":              append(u32(0), whole[4:]...),
		"a huge length":                 append(u32(1<<32-1), whole[4:]...),
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Next(b)
			require.ErrorIs(t, err, ErrMalformed)
		})
	}
}

func TestAttrs(t *testing.T) {
	body := append(make([]byte, Route.HeaderLen()), attr(1, []byte("a"))...)
	body = append(body, attr(2|unix.NLA_F_NESTED, []byte("bcde"))...)
	body = append(body, attr(1, []byte("second"))...)
	body = append(body, attr(3, nil)...)
	a := AttrsOf(Route, body)
	require.True(t, a.Valid())
	require.Equal(t, "a", string(a.Get(1)), "the first counts")
	require.Equal(t, "bcde", string(a.Get(2)), "without its flags")
	require.NotNil(t, a.Get(3))
	require.Empty(t, a.Get(3))
	require.Nil(t, a.Get(4))
	require.Nil(t, AttrsOf(Route, body[:5]))
}

func TestAttrsThatDoNotAddUp(t *testing.T) {
	good := attr(1, []byte("abcd"))
	for name, b := range map[string][]byte{
		"a length beyond the end": good[:6],
		"a length of zero":        make([]byte, 8),
		"a length of three":       {3, 0, 1, 0, 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			a := Attrs(append(append([]byte(nil), good...), b...))
			require.False(t, a.Valid())
			require.NotNil(t, a.Get(1), "what is before it can be read")
			require.Nil(t, a.Get(9))
		})
	}
	require.True(t, Attrs(append(good, 0, 0)).Valid(), "padding is no attribute")
}

func TestNumbersOfShortPayloadsAreZero(t *testing.T) {
	long := []byte{1, 2, 3, 4, 5, 6, 7, 8}
	require.Zero(t, Uint8(nil))
	require.Zero(t, Uint16(long[:1]))
	require.Zero(t, Uint32(long[:3]))
	require.Zero(t, Uint64(long[:7]))
	require.NotZero(t, Uint64(long))
}

func TestString(t *testing.T) {
	require.Equal(t, "v0", String([]byte("v0\x00junk")))
	require.Equal(t, "v0", String([]byte("v0")))
	require.Empty(t, String(nil))
}

func TestObjectsHaveNames(t *testing.T) {
	for o := range Object(NumObjects) {
		got, ok := ParseObject(o.String())
		require.True(t, ok)
		require.Equal(t, o, got)
	}
	_, ok := ParseObject("socket")
	require.False(t, ok)
	_, _, ok = ObjectOf(unix.RTM_GETNEIGH)
	require.False(t, ok, "a question is no object")
}

// FuzzWire walks arbitrary bytes: no panic, no step without progress.
func FuzzWire(f *testing.F) {
	f.Add(messages(Message{Type: unix.RTM_NEWROUTE, Body: append(make([]byte, 12), attr(1, []byte("abcd"))...)}))
	f.Add([]byte{16, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		total := 0
		for rest := b; len(rest) > 0; {
			m, next, err := Next(rest)
			if err != nil {
				require.ErrorIs(t, err, ErrMalformed)
				break
			}
			require.Less(t, len(next), len(rest))
			total += len(m.Body)
			rest = next
			for o := range Object(NumObjects) {
				a := AttrsOf(o, m.Body)
				a.Get(1)
				a.Valid()
			}
		}
		require.LessOrEqual(t, total, len(b))
		r := reply{dump: true}
		r.scan(b)
	})
}
