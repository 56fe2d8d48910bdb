package event

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// update makes TestValuesEqualThoseOfIP record what it compared with ip:
//
//	go test ./plugin/internal/event -run TestValuesEqualThoseOfIP -update
var update = flag.Bool("update", false, "rewrite testdata/golden.json from this kernel and iproute2")

const goldenFile = "testdata/golden.json"

// golden is a recording of the messages in a namespace and of what they say.
// The values were equal to those of iproute2 6.1.0 when they were recorded, on
// Linux 6.18 x86-64.
type golden struct {
	Links   linkTable
	Objects []goldenObject
}

type goldenObject struct {
	Class  string
	Body   string // hex
	Values map[string]any
}

// loadGolden returns the recordings, one a state of the namespace.
func loadGolden(t testing.TB) (all []golden) {
	b, err := os.ReadFile(goldenFile)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &all))
	return all
}

// bodiesOf returns every recorded body of class o.
func bodiesOf(t testing.TB, o rtnl.Object) (list [][]byte) {
	for _, g := range loadGolden(t) {
		for _, e := range g.Objects {
			if e.Class == o.String() {
				list = append(list, e.body(t))
			}
		}
	}
	list = append(list, otherBodies[o]...)
	require.NotEmpty(t, list)
	return list
}

// otherBodies are of classes that the scene has none of: it has no second
// namespace, and not every kernel has VLANs of bridges.
var otherBodies = map[rtnl.Object][][]byte{
	rtnl.NSID: {
		append(make([]byte, 4), attrs(func(ae *netlink.AttributeEncoder) { ae.Int32(unix.NETNSA_NSID, 0) })...),
		append(make([]byte, 4), attrs(func(ae *netlink.AttributeEncoder) { ae.Int32(unix.NETNSA_NSID, 7) })...),
	},
	rtnl.MDB:    mdbBodies(),
	rtnl.VLAN:   vlanBodies(),
	rtnl.Notice: noticeBodies(),
}

func (e *goldenObject) body(t testing.TB) []byte {
	b, err := hex.DecodeString(e.Body)
	require.NoError(t, err)
	return b
}

func (e *goldenObject) class(t testing.TB) rtnl.Object {
	o, ok := rtnl.ParseObject(e.Class)
	require.True(t, ok, e.Class)
	return o
}

// littleEndian skips t on machines that read the recording differently.
func littleEndian(t testing.TB) {
	if rtnl.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the recording is of a little-endian machine")
	}
}

func TestValuesOfRecordedMessages(t *testing.T) {
	littleEndian(t)
	for _, g := range loadGolden(t) {
		for i, e := range g.Objects {
			got := valuesOf(viewOf(e.class(t), e.body(t), g.Links))
			for name, v := range got {
				if n, ok := v.(int64); ok {
					got[name] = float64(n) // as JSON has numbers
				}
			}
			assert.Equal(t, e.Values, got, "%s, object %d", e.Class, i)
		}
	}
}

// dumps is every dump of a namespace, by class.
func (w *world) dumps() map[rtnl.Object][][]byte {
	all := map[rtnl.Object][][]byte{}
	add := func(o rtnl.Object, typ uint16, family uint8, filters ...nstest.Filter) {
		for _, m := range w.ns.Dump(typ, family, filters...) {
			all[o] = append(all[o], m.Data)
		}
	}
	const skipStats = 8 // RTEXT_FILTER_SKIP_STATS
	add(rtnl.Link, unix.RTM_GETLINK, unix.AF_UNSPEC, nstest.WithU32(unix.IFLA_EXT_MASK, skipStats))
	add(rtnl.Nexthop, unix.RTM_GETNEXTHOP, unix.AF_UNSPEC)
	proxy := nstest.WithByte(ndmFlags, unix.NTF_PROXY)
	for _, family := range []uint8{unix.AF_INET, unix.AF_INET6} {
		add(rtnl.Address, unix.RTM_GETADDR, family)
		add(rtnl.Route, unix.RTM_GETROUTE, family)
		add(rtnl.Rule, unix.RTM_GETRULE, family)
		add(rtnl.Neighbor, unix.RTM_GETNEIGH, family)
		add(rtnl.Neighbor, unix.RTM_GETNEIGH, family, proxy)
		add(rtnl.Netconf, unix.RTM_GETNETCONF, family)
	}
	add(rtnl.Neighbor, unix.RTM_GETNEIGH, unix.AF_BRIDGE)
	return all
}

// record returns what w holds, to be written down.
func (w *world) record() golden {
	g := golden{Links: w.links}
	all := w.dumps()
	for o := range rtnl.Object(rtnl.NumObjects) {
		for _, body := range all[o] {
			values := valuesOf(viewOf(o, body, w.links))
			g.Objects = append(g.Objects, goldenObject{o.String(), hex.EncodeToString(body), values})
		}
	}
	return g
}

// writeGolden writes a line an object, so that differences can be read.
func writeGolden(t *testing.T, all []golden) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for i, g := range all {
		out.WriteString([]string{`[{"Links":`, `,{"Links":`}[min(i, 1)])
		require.NoError(t, enc.Encode(g.Links))
		for j, e := range g.Objects {
			out.WriteString([]string{`,"Objects":[`, `,`}[min(j, 1)])
			require.NoError(t, enc.Encode(e))
		}
		out.WriteString("]}")
	}
	out.WriteString("]\n")
	require.NoError(t, os.MkdirAll("testdata", 0o755))
	require.NoError(t, os.WriteFile(goldenFile, out.Bytes(), 0o644))
}
