package recordings

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/capture"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// unheardOf is an attribute of a kernel newer than any: beyond every number
// that there is, with a payload that no reader expects.
var unheardOf = attribute(3000, []byte("from a later day"))

func attribute(typ uint16, payload []byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(4+len(payload)))
	b = append(binary.NativeEndian.AppendUint16(b, typ), payload...)
	return append(b, make([]byte, -len(payload)&3)...)
}

// nests says which attributes of a class hold others, and grown which are
// structures that a kernel may have made longer.
var (
	nests = map[rtnl.Object][]uint16{
		rtnl.Link:  {unix.IFLA_LINKINFO, unix.IFLA_AF_SPEC, unix.IFLA_PROTINFO, unix.IFLA_PROP_LIST, unix.IFLA_XDP},
		rtnl.Route: {unix.RTA_METRICS},
	}
	nestsWithin = map[uint16][]uint16{ // of IFLA_LINKINFO
		unix.IFLA_LINKINFO: {unix.IFLA_INFO_DATA, unix.IFLA_INFO_SLAVE_DATA},
	}
	grown = map[rtnl.Object][]uint16{
		rtnl.Link:     {unix.IFLA_STATS, unix.IFLA_STATS64, unix.IFLA_MAP},
		rtnl.Address:  {unix.IFA_CACHEINFO},
		rtnl.Route:    {unix.RTA_CACHEINFO},
		rtnl.Neighbor: {unix.NDA_CACHEINFO},
	}
)

// rewritten returns attributes with one unheard of before the first and one
// behind the last, in these and in those that hold others.
func rewritten(t *testing.T, a rtnl.Attrs, nested, longer []uint16) []byte {
	t.Helper()
	out := bytes.Clone(unheardOf)
	for {
		typ, payload, rest, ok := a.Next()
		if !ok {
			return append(out, unheardOf...)
		}
		whole := a[:len(a)-len(rest)]
		flags := binary.NativeEndian.Uint16(whole[2:]) &^ 0x3fff // NLA_F_NESTED, NLA_F_NET_BYTEORDER
		switch {
		case slices.Contains(nested, typ) && len(payload) > 0:
			out = append(out, attribute(typ|flags, rewritten(t, payload, nestsWithin[typ], nil))...)
		case slices.Contains(longer, typ):
			out = append(out, attribute(typ|flags, append(bytes.Clone(payload), 1, 2, 3, 4, 5, 6, 7, 8))...)
		default:
			out = append(out, whole...)
		}
		a = rest
	}
}

// fromALaterDay is a datagram as a newer kernel would send it. Messages that
// make no sense stay as they are.
func fromALaterDay(t *testing.T, data []byte) (out []byte) {
	t.Helper()
	for len(data) >= unix.SizeofNlMsghdr {
		length := int(binary.NativeEndian.Uint32(data))
		if length < unix.SizeofNlMsghdr || length > len(data) {
			break
		}
		out = append(out, messageOfALaterDay(t, data[:length])...)
		data = data[min(len(data), (length+3)&^3):]
	}
	return append(out, data...)
}

func messageOfALaterDay(t *testing.T, m []byte) []byte {
	o, _, known := rtnl.ObjectOf(binary.NativeEndian.Uint16(m[4:]))
	body := m[unix.SizeofNlMsghdr:]
	if !known || len(body) < o.HeaderLen() || !rtnl.AttrsOf(o, body).Valid() {
		return append(bytes.Clone(m), make([]byte, -len(m)&3)...)
	}
	out := append(bytes.Clone(m[:unix.SizeofNlMsghdr]), body[:o.HeaderLen()]...)
	out = append(out, rewritten(t, rtnl.AttrsOf(o, body), nests[o], grown[o])...)
	binary.NativeEndian.PutUint32(out, uint32(len(out)))
	return out
}

// strangers are messages that a newer kernel may send to the groups that there
// are: of types without a name today, and of known types about families that
// have no objects of ours. Each is as long as its class's head and longer.
func strangers() (list [][]byte) {
	for typ := uint16(16); typ < 300; typ++ {
		if _, _, known := rtnl.ObjectOf(typ); !known {
			list = append(list, message(typ, 0, make([]byte, 24)), message(typ, 0, nil))
		}
	}
	const mctp, later = 45, 120 // AF_MCTP, and a family without a name today
	for _, family := range []uint8{mctp, later} {
		for o := range rtnl.Object(rtnl.NumObjects) {
			if o == rtnl.NSID || o == rtnl.Nexthop {
				continue // they have no families, or those of gateways
			}
			head := make([]byte, o.HeaderLen())
			head[0] = family
			list = append(list, message(typeOf(o), 0, head, u32(1, 7), u32(2, 7), u32(3, 7)))
		}
	}
	return list
}

// typeOf returns RTM_NEW* of a class.
func typeOf(o rtnl.Object) uint16 {
	for typ := uint16(16); ; typ++ {
		if c, del, ok := rtnl.ObjectOf(typ); ok && c == o && !del {
			return typ
		}
	}
}

// laterDay writes a recording as a newer kernel would have made it.
func laterDay(t *testing.T, file []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	r, err := capture.NewReader(bytes.NewReader(file))
	require.NoError(t, err)
	w, err := capture.NewWriter(&out, r.Meta())
	require.NoError(t, err)
	for _, rec := range records(t, file) {
		rec.Data = fromALaterDay(t, rec.Data)
		require.NoError(t, w.Write(rec))
		if rec.Kind != rtnl.Events {
			continue
		}
		for _, m := range strangers() {
			require.NoError(t, w.Write(capture.Record{Time: rec.Time, Netns: rec.Netns, Kind: rtnl.Events, Data: m}))
		}
	}
	require.NoError(t, w.Flush())
	return out.Bytes()
}

// identity is the field that tells objects apart: what the kernel knows a rule
// by are all its attributes, those included that nobody else knows.
var identity = regexp.MustCompile(`\bkey="[0-9a-f]{16}",?`)

// TestANewerKernelTellsTheSame replays each recording as a kernel would have
// made it that knows more: the metrics are the same.
func TestANewerKernelTellsTheSame(t *testing.T) {
	files, err := filepath.Glob(recordingsDir + "/*.pcapng")
	require.NoError(t, err)
	require.Greater(t, len(files), 50)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".pcapng")
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(file)
			require.NoError(t, err)
			later := filepath.Join(t.TempDir(), name)
			require.NoError(t, os.WriteFile(later, laterDay(t, b), 0o600))
			before, err := replay(t, file)
			require.NoError(t, err)
			after, err := replay(t, later)
			require.NoError(t, err)
			require.Equal(t, identity.ReplaceAllString(before.text.String(), ""), identity.ReplaceAllString(after.text.String(), ""))
		})
	}
}
