package mirror

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"

	"github.com/mdlayher/netlink"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// linkMessage makes a message about link 7 of a kind.
func linkMessage(t *testing.T, typ uint16, family uint8, kind string, more func(*netlink.AttributeEncoder)) rtnl.Message {
	t.Helper()
	ae := netlink.NewAttributeEncoder()
	ae.String(unix.IFLA_IFNAME, "x7")
	if more != nil {
		more(ae)
	}
	if kind != "" {
		ae.Uint32(unix.IFLA_MTU, 1500)
		ae.Nested(unix.IFLA_LINKINFO, func(ae *netlink.AttributeEncoder) error {
			ae.String(unix.IFLA_INFO_KIND, kind)
			return nil
		})
	}
	attrs, err := ae.Encode()
	require.NoError(t, err)
	header := make([]byte, unix.SizeofIfInfomsg)
	header[0] = family
	binary.NativeEndian.PutUint32(header[4:], 7)
	return rtnl.Message{Type: typ, Body: append(header, attrs...)}
}

func TestMessagesThatAreNotAboutAWholeLinkMakeNone(t *testing.T) {
	for name, m := range map[string]rtnl.Message{
		"a bridge's port":           linkMessage(t, unix.RTM_NEWLINK, unix.AF_BRIDGE, "veth", nil),
		"IPv6 settings":             linkMessage(t, unix.RTM_NEWLINK, unix.AF_INET6, "veth", nil),
		"a name without the rest":   linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, "", nil),
		"the deletion of a port":    linkMessage(t, unix.RTM_DELLINK, unix.AF_BRIDGE, "veth", nil),
		"the deletion of IPv6 only": linkMessage(t, unix.RTM_DELLINK, unix.AF_INET6, "veth", nil),
		"wireless extensions": linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, "veth", func(ae *netlink.AttributeEncoder) {
			ae.Bytes(unix.IFLA_WIRELESS, make([]byte, 8))
		}),
	} {
		t.Run(name, func(t *testing.T) {
			s := newStream(t)
			s.event(m)
			require.Zero(t, s.state.Len(rtnl.Link))
			s.event(linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, "veth", nil))
			s.event(m)
			require.Equal(t, 1, s.state.Len(rtnl.Link))
			require.Equal(t, []string{"notify new link"}, s.events)
		})
	}
}

// A tun is persistent, a veth has a peer and a tunnel its MTU only after the
// first message about them; no other tells.
func TestLinksThatAreAnnouncedTooEarlyAreAskedFor(t *testing.T) {
	for kind, want := range map[string]rtnl.Query{
		"tun":    {Object: rtnl.Link, Ifindex: 7, One: true, Late: true},
		"veth":   {Object: rtnl.Link, Ifindex: 7, One: true, Barrier: true},
		"netkit": {Object: rtnl.Link, Ifindex: 7, One: true, Barrier: true},
		"vxcan":  {Object: rtnl.Link, Ifindex: 7, One: true, Barrier: true},
		"vxlan":  {Object: rtnl.Neighbor, Family: unix.AF_BRIDGE, Ifindex: 7},
		"gre":    {Object: rtnl.Link, Ifindex: 7, One: true, Barrier: true},
		"vti":    {Object: rtnl.Link, Ifindex: 7, One: true, Barrier: true},
	} {
		s := newStream(t)
		s.event(linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, kind, func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.IFLA_LINK, 0)
		}))
		require.Equal(t, []rtnl.Query{want}, s.state.Wants(), kind)
	}
	s := newStream(t)
	s.event(linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, "bridge", nil))
	require.Empty(t, s.state.Wants())
}

// What an LACP bond knows of its partner is not told with the bond, but its ports
// are told of when it changes, though not of the partner's answer; those of a bond
// without LACP have none.
func TestABondAndItsPortAreAskedForWhenThatHasAnotherPartInLACP(t *testing.T) {
	port := func(state uint8, lacp bool) rtnl.Message {
		return linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, "", func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.IFLA_MTU, 1500)
			ae.Uint32(unix.IFLA_MASTER, 9)
			ae.Nested(unix.IFLA_LINKINFO, func(ae *netlink.AttributeEncoder) error {
				ae.String(unix.IFLA_INFO_SLAVE_KIND, "bond")
				ae.Nested(unix.IFLA_INFO_SLAVE_DATA, func(ae *netlink.AttributeEncoder) error {
					ae.Uint8(unix.IFLA_BOND_SLAVE_STATE, state)
					if lacp {
						ae.Uint16(unix.IFLA_BOND_SLAVE_AD_AGGREGATOR_ID, 1)
					}
					return nil
				})
				return nil
			})
		})
	}
	asked := []rtnl.Query{
		{Object: rtnl.Link, Ifindex: 9, One: true, Barrier: true},
		{Object: rtnl.Link, Ifindex: linkIndex(port(0, true).Body), One: true, Late: true},
	}
	for _, c := range []struct {
		name  string
		lacp  bool
		state uint8
		want  []rtnl.Query
	}{
		{"another part", true, 1, asked},
		{"the same", true, 0, nil},
		{"without LACP", false, 1, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStream(t)
			s.event(port(0, c.lacp))
			s.state.Wants()
			s.event(port(c.state, c.lacp))
			require.ElementsMatch(t, c.want, s.state.Wants())
		})
	}
}

// A port that a bond lets go may have another MTU than the message says; one
// that a bridge lets go has not.
func TestPortsThatABondLetsGoAreAskedFor(t *testing.T) {
	port := func(master string) rtnl.Message {
		return linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, "", func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.IFLA_MTU, 1400)
			if master != "" {
				ae.Uint32(unix.IFLA_MASTER, 9)
			}
			ae.Nested(unix.IFLA_LINKINFO, func(ae *netlink.AttributeEncoder) error {
				ae.String(unix.IFLA_INFO_KIND, "dummy")
				ae.String(unix.IFLA_INFO_SLAVE_KIND, master)
				return nil
			})
		})
	}
	for master, want := range map[string][]rtnl.Query{
		"bond":   {{Object: rtnl.Link, Ifindex: 7, One: true, Barrier: true}},
		"bridge": nil,
	} {
		s := newStream(t)
		s.event(port(master))
		s.event(port(master))
		require.Empty(t, s.state.Wants(), master)
		s.event(port(""))
		require.Equal(t, want, s.state.Wants(), master)
	}
}

// A link that has lost another which it names does not always say so. What is above
// one or is its port ends with it, or tells.
func TestLinksThatNameOneThatEndsAreAskedFor(t *testing.T) {
	naming := func(kind string, typ uint16, other uint32) func(*netlink.AttributeEncoder) {
		return func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.IFLA_MTU, 1500)
			ae.Nested(unix.IFLA_LINKINFO, func(ae *netlink.AttributeEncoder) error {
				ae.String(unix.IFLA_INFO_KIND, kind)
				ae.Nested(unix.IFLA_INFO_DATA, func(ae *netlink.AttributeEncoder) error {
					ae.Uint32(typ, other)
					return nil
				})
				return nil
			})
		}
	}
	plain := func(typ uint16) func(*netlink.AttributeEncoder) {
		return func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.IFLA_MTU, 1500)
			ae.Uint32(typ, 9)
		}
	}
	asked := []rtnl.Query{{Object: rtnl.Link, Ifindex: 7, One: true, Barrier: true}}
	for _, c := range []struct {
		name string
		more func(*netlink.AttributeEncoder)
		want []rtnl.Query
	}{
		{"hsr by its first port", naming("hsr", unix.IFLA_HSR_SLAVE1, 9), asked},
		{"hsr by its second port", naming("hsr", unix.IFLA_HSR_SLAVE2, 9), asked},
		{"hsr by another's port", naming("hsr", unix.IFLA_HSR_SLAVE1, 8), nil},
		{"bond by its primary port", naming("bond", unix.IFLA_BOND_PRIMARY, 9), asked},
		{"what is above it", plain(unix.IFLA_LINK), nil},
		{"its port", plain(unix.IFLA_MASTER), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStream(t)
			other := linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, "dummy", nil)
			for index := range uint32(2) {
				m := rtnl.Message{Type: other.Type, Body: slices.Clone(other.Body)}
				binary.NativeEndian.PutUint32(m.Body[4:], 8+index)
				s.event(m)
			}
			s.event(linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, "", c.more))
			s.state.Wants()
			other.Type = unix.RTM_DELLINK
			binary.NativeEndian.PutUint32(other.Body[4:], 9)
			s.event(other)
			require.Equal(t, c.want, about(s.state.Wants(), 7))
		})
	}
}

// All ipvlan on a link have one mode.
func TestTheOthersOnALinkAreAskedForWhenAnIpvlanHasAnotherMode(t *testing.T) {
	link := func(index, lower uint32, kind string, mode uint16) rtnl.Message {
		m := linkMessage(t, unix.RTM_NEWLINK, unix.AF_UNSPEC, "", func(ae *netlink.AttributeEncoder) {
			ae.Uint32(unix.IFLA_MTU, 1500)
			ae.Uint32(unix.IFLA_LINK, lower)
			ae.Nested(unix.IFLA_LINKINFO, func(ae *netlink.AttributeEncoder) error {
				ae.String(unix.IFLA_INFO_KIND, kind)
				ae.Nested(unix.IFLA_INFO_DATA, func(ae *netlink.AttributeEncoder) error {
					ae.Uint16(unix.IFLA_IPVLAN_MODE, mode)
					return nil
				})
				return nil
			})
		})
		binary.NativeEndian.PutUint32(m.Body[4:], index)
		return m
	}
	for kind, questions := range map[string]int{"ipvlan": 1, "ipvtap": 1, "macvlan": 0} {
		s := newStream(t)
		s.event(link(6, 2, kind, 0))
		s.event(link(7, 2, kind, 0))
		s.event(link(8, 3, kind, 0))
		s.state.Wants()
		s.event(link(6, 2, kind, 0))
		require.Empty(t, about(s.state.Wants(), 7), kind)
		s.event(link(6, 2, kind, 1))
		asked := s.state.Wants()
		require.Len(t, about(asked, 7), questions, kind)
		require.Empty(t, about(asked, 8), kind)
	}
}

// about returns the questions about one link.
func about(list []rtnl.Query, index uint32) (out []rtnl.Query) {
	for _, q := range list {
		if q.Object == rtnl.Link && q.Ifindex == index && q.Barrier {
			out = append(out, q)
		}
	}
	return out
}

func TestForeignMessagesAreIgnored(t *testing.T) {
	s := newStream(t)
	for _, m := range []rtnl.Message{
		{Type: unix.RTM_GETNEIGH, Body: make([]byte, 12)}, // user space is asked to look for a neighbor
		{Type: unix.RTM_NEWRULE, Body: append([]byte{unix.AF_DECnet}, make([]byte, 11)...)},
		{Type: unix.RTM_NEWNEIGH, Body: append([]byte{unix.AF_PACKET}, make([]byte, 11)...)},
		{Type: 58, Body: make([]byte, 8)}, // RTM_NEWMULTICAST, of new kernels
	} {
		s.event(m)
	}
	require.Empty(t, s.events)
}

// A route that the kernel made for one destination, with an MTU that it has
// discovered, is no route of the table.
func TestClonedRoutesAreNotMirrored(t *testing.T) {
	m := record(t, 1)
	binary.NativeEndian.PutUint32(m.Body[8:], binary.NativeEndian.Uint32(m.Body[8:])|unix.RTM_F_CLONED)
	s := newStream(t)
	s.dump(true, m)
	require.Empty(t, s.devices())
}

// The kernel coalesces messages about the carrier. The counters tell how often
// it really changed.
func TestNoFlapIsMissed(t *testing.T) {
	ns := nstest.New(t)
	ns.Run("link add name v0 type veth peer name v1", "link set dev v0 up", "link set dev v1 up")
	f := follow(t, ns, true)
	require.Empty(t, f.equal(ns))
	start := carrierChanges(t, f, ns)
	var requests []nstest.Request
	for _, c := range []string{"link set dev v1 down", "link set dev v1 up"} {
		r, err := ns.Compile(c)
		require.NoError(t, err)
		requests = append(requests, r)
	}
	reported := int64(0)
	f.state.cfg.Emit = func(e *event.Event) {
		if e.Object == rtnl.Link && linkName(&e.New) == "v0" {
			reported += missedIn(e)
		}
	}
	const flaps = 10
	for range flaps {
		refused, err := ns.Batch(requests)
		require.Zero(t, refused, err)
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline) && f.equal(ns) != ""; {
	}
	require.EqualValues(t, 2*flaps, carrierChanges(t, f, ns)-start)
	require.EqualValues(t, 2*flaps, reported)
}

// missedIn returns the carrier changes that an event shows or says it missed.
func missedIn(e *event.Event) (n int64) {
	for i, f := range event.Fields(rtnl.Link) {
		switch f.Name {
		case "carrier":
			if e.Action == event.Change && e.New.Value(i) != e.Old.Value(i) {
				n++
			}
		case "missed_carrier_changes":
			n += e.New.Value(i).Num
		}
	}
	return n
}

// carrierChanges reads the counter of v0 from the mirror.
func carrierChanges(t *testing.T, f *follower, ns *nstest.NS) uint32 {
	t.Helper()
	f.settle()
	index, err := ns.Index("v0")
	require.NoError(t, err)
	header := make([]byte, unix.SizeofIfInfomsg)
	header[4] = byte(index)
	l := f.state.tables[rtnl.Link].Find(header)
	return rtnl.Uint32(linkAttr(l.Body(l.Head), unix.IFLA_CARRIER_CHANGES))
}
