package event

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/assert"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/bitset"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// slowDiff is Diff by the book: it decodes everything.
func slowDiff(before, after *View) (changed bitset.Set) {
	for i, f := range Fields(before.Object) {
		if !f.NoChange && before.Value(i) != after.Value(i) {
			changed.Add(i)
		}
	}
	return changed
}

// changedNames lists what the bits stand for.
func changedNames(o rtnl.Object, changed bitset.Set) string {
	var list []string
	for i, f := range Fields(o) {
		if changed.Has(i) {
			list = append(list, f.Name)
		}
	}
	return strings.Join(list, ",")
}

func TestDiffOfMessages(t *testing.T) {
	text := func(typ uint16, s string) fill { return func(ae *netlink.AttributeEncoder) { ae.String(typ, s) } }
	u32 := func(typ uint16, n uint32) fill { return func(ae *netlink.AttributeEncoder) { ae.Uint32(typ, n) } }
	bytes := func(typ uint16, b ...byte) fill { return func(ae *netlink.AttributeEncoder) { ae.Bytes(typ, b) } }
	kind := func(extra byte) fill {
		return func(ae *netlink.AttributeEncoder) {
			ae.Nested(unix.IFLA_LINKINFO, func(ae *netlink.AttributeEncoder) error {
				ae.String(unix.IFLA_INFO_KIND, "bridge")
				ae.Bytes(unix.IFLA_INFO_DATA, []byte{extra})
				return nil
			})
		}
	}
	type side struct {
		head  []byte
		attrs []fill
	}
	for _, tt := range []struct {
		name     string
		object   rtnl.Object
		old, new side
		want     string
	}{
		{"statistics", rtnl.Link, side{nil, []fill{bytes(unix.IFLA_STATS64, 1), u32(unix.IFLA_MTU, 5)}},
			side{nil, []fill{bytes(unix.IFLA_STATS64, 2), u32(unix.IFLA_MTU, 5)}}, ""},
		{"timers of a bridge", rtnl.Link, side{nil, []fill{kind(1)}}, side{nil, []fill{kind(2)}}, ""},
		{"rename and MTU", rtnl.Link, side{nil, []fill{text(unix.IFLA_IFNAME, "a"), u32(unix.IFLA_MTU, 5)}},
			side{nil, []fill{text(unix.IFLA_IFNAME, "bc"), u32(unix.IFLA_MTU, 6)}}, "interface,mtu"},
		{"state with its code", rtnl.Link, side{nil, []fill{bytes(unix.IFLA_OPERSTATE, 2)}}, side{nil, []fill{bytes(unix.IFLA_OPERSTATE, 6)}}, "operstate,operstate_code"},
		{"set up", rtnl.Link, side{nil, nil}, side{fixed(rtnl.Link, ifiFlags, unix.IFF_UP|unix.IFF_RUNNING), nil}, "up,flags"},
		{"ifi_change", rtnl.Link, side{nil, nil}, side{fixed(rtnl.Link, 12, 255), nil}, ""},
		{"enslaved: an attribute more", rtnl.Link, side{nil, []fill{u32(unix.IFLA_MTU, 5), text(unix.IFLA_QDISC, "noqueue")}},
			side{nil, []fill{u32(unix.IFLA_MTU, 5), u32(unix.IFLA_MASTER, 2), text(unix.IFLA_QDISC, "noqueue")}}, "master"},
		{"attributes in another order", rtnl.Link, side{nil, []fill{u32(unix.IFLA_MTU, 5), u32(unix.IFLA_TXQLEN, 6)}},
			side{nil, []fill{u32(unix.IFLA_TXQLEN, 6), u32(unix.IFLA_MTU, 5)}}, ""},
		{"attribute gone at the end", rtnl.Link, side{nil, []fill{u32(unix.IFLA_MTU, 5), text(unix.IFLA_IFALIAS, "x")}},
			side{nil, []fill{u32(unix.IFLA_MTU, 5)}}, "ifalias"},
		{"lifetimes", rtnl.Address, side{nil, []fill{bytes(unix.IFA_CACHEINFO, native(uint32(1), uint32(2))...)}}, side{nil, []fill{bytes(unix.IFA_CACHEINFO, native(uint32(9), uint32(2))...)}}, "preferred_lft"},
		{"no longer permanent", rtnl.Address, side{nil, []fill{u32(unix.IFA_FLAGS, unix.IFA_F_PERMANENT)}}, side{nil, []fill{u32(unix.IFA_FLAGS, 0)}}, "flags"},
		{"one of the metrics", rtnl.Route, side{nil, []fill{bytes(unix.RTA_METRICS, native(uint16(8), uint16(unix.RTAX_MTU), uint32(1))...)}}, side{nil, []fill{bytes(unix.RTA_METRICS, native(uint16(8), uint16(unix.RTAX_MTU), uint32(2))...)}}, "mtu"},
		{"derived bits", rtnl.Route, side{nil, []fill{u32(unix.RTA_OIF, 2)}}, side{fixed(rtnl.Route, rtmFlags, unix.RTNH_F_DEAD|unix.RTNH_F_LINKDOWN), []fill{u32(unix.RTA_OIF, 2)}}, ""},
		{"gateway", rtnl.Route, side{nil, []fill{bytes(unix.RTA_GATEWAY, 1, 2, 3, 4)}}, side{nil, []fill{bytes(unix.RTA_GATEWAY, 1, 2, 3, 5)}}, "gateway"},
		{"moved to a nexthop object", rtnl.Route, side{nil, []fill{u32(unix.RTA_OIF, 2), bytes(unix.RTA_GATEWAY, 1, 2, 3, 4)}},
			side{nil, []fill{u32(rtaNHID, 2)}}, "interface,ifindex,gateway,nhid,nexthop_count"},
		{"neighbor confirmed", rtnl.Neighbor, side{fixed(rtnl.Neighbor, ndmState, unix.NUD_STALE), []fill{u32(unix.NDA_PROBES, 1)}},
			side{fixed(rtnl.Neighbor, ndmState, unix.NUD_REACHABLE), []fill{u32(unix.NDA_PROBES, 2)}}, "state,state_code,probes"},
		{"blackhole, an attribute without payload", rtnl.Nexthop, side{nil, nil}, side{nil, []fill{bytes(unix.NHA_BLACKHOLE)}}, "blackhole"},
		{"rule detached", rtnl.Rule, side{nil, nil}, side{fixed(rtnl.Rule, frhFlags, unix.FIB_RULE_IIF_DETACHED), nil}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			view := func(s side) *View {
				if s.head == nil {
					s.head = fixed(tt.object)
				}
				return viewOf(tt.object, append(s.head, attrs(func(ae *netlink.AttributeEncoder) {
					for _, f := range s.attrs {
						f(ae)
					}
				})...), testLinks)
			}
			assert.Equal(t, tt.want, changedNames(tt.object, Diff(view(tt.old), view(tt.new))))
			assert.Equal(t, tt.want, changedNames(tt.object, Diff(view(tt.new), view(tt.old))), "backwards")
		})
	}
}

func TestDiffOfWhatCannotBeCompared(t *testing.T) {
	link, route := viewOf(rtnl.Link, fixed(rtnl.Link, ifiFlags, 1), nil), viewOf(rtnl.Route, fixed(rtnl.Route), nil)
	var empty View
	assert.Zero(t, Diff(link, route))
	assert.Zero(t, Diff(link, &empty))
	assert.Zero(t, Diff(&empty, link))
	assert.Zero(t, Diff(&empty, &empty))
	assert.Equal(t, "link_type,up,flags", changedNames(rtnl.Link, Diff(viewOf(rtnl.Link, native(uint16(0), uint16(unix.ARPHRD_ETHER)), nil), link)), "cut off")
}

func TestDiffBehindAnAttributeWithoutPadding(t *testing.T) {
	short := append(fixed(rtnl.Link), native(uint16(5), uint16(unix.IFLA_OPERSTATE), uint8(6))...)
	long := append(append(slices.Clone(short), 0, 0, 0), attrs(func(ae *netlink.AttributeEncoder) { ae.Uint32(unix.IFLA_MTU, 9) })...)
	assert.Equal(t, "mtu", changedNames(rtnl.Link, Diff(viewOf(rtnl.Link, short, nil), viewOf(rtnl.Link, long, nil))))
	assert.Equal(t, "mtu", changedNames(rtnl.Link, Diff(viewOf(rtnl.Link, long, nil), viewOf(rtnl.Link, short, nil))))
}

// mutate changes a body at random: bytes, the order of attributes, attributes
// taken out.
func mutate(r *rand.Rand, o rtnl.Object, body []byte) []byte {
	out := append([]byte{}, body[:o.HeaderLen()]...)
	var list [][]byte
	for a := rtnl.AttrsOf(o, body); ; {
		_, _, rest, ok := a.Next()
		if !ok {
			break
		}
		list = append(list, append([]byte{}, a[:len(a)-len(rest)]...))
		a = rest
	}
	switch r.IntN(4) {
	case 0:
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	case 1:
		out[r.IntN(len(out))] ^= byte(1 << r.IntN(8))
	}
	for i, a := range list {
		switch r.IntN(len(list)) {
		case 0:
			list[i] = nil
		case 1:
			a[r.IntN(len(a))] ^= byte(1 << r.IntN(8)) // perhaps its type or length
		}
	}
	for _, a := range list {
		out = append(out, a...)
	}
	return out
}

func TestDiffFindsWhatDecodingFinds(t *testing.T) {
	littleEndian(t)
	r := rand.New(rand.NewPCG(1, 2))
	eachClass(t, func(t *testing.T, o rtnl.Object) {
		bodies := bodiesOf(t, o)
		for range 5_000 {
			old := bodies[r.IntN(len(bodies))]
			new := mutate(r, o, bodies[r.IntN(len(bodies))])
			if r.IntN(2) == 0 {
				new = mutate(r, o, old)
			}
			want := slowDiff(viewOf(o, old, testLinks), viewOf(o, new, testLinks))
			got := Diff(viewOf(o, old, testLinks), viewOf(o, new, testLinks))
			if got != want {
				t.Fatalf("Diff finds %q, decoding finds %q\nold %x\nnew %x", changedNames(o, got), changedNames(o, want), old, new)
			}
		}
	})
}

// touched returns body with the payload of attribute typ changed.
func touched(o rtnl.Object, body []byte, typ uint16) []byte {
	out := append([]byte{}, body...)
	v := viewOf(o, out, nil)
	for i, b := range v.Attr(typ) {
		v.Attr(typ)[i] = b + 1
	}
	return out
}

func TestDiffAllocatesNothingWhenNothingDiffers(t *testing.T) {
	littleEndian(t)
	eachClass(t, func(t *testing.T, o rtnl.Object) {
		for _, body := range bodiesOf(t, o) {
			volatile := map[rtnl.Object]uint16{rtnl.Link: unix.IFLA_AF_SPEC, rtnl.Neighbor: unix.NDA_CACHEINFO}[o]
			old, new := viewOf(o, body, testLinks), viewOf(o, touched(o, body, volatile), testLinks)
			assert.Zero(t, testing.AllocsPerRun(10, func() {
				if Diff(old, new) != (bitset.Set{}) {
					t.Error("differs")
				}
			}))
		}
	})
}
