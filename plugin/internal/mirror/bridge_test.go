package mirror

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// groupBody is the message of bridge 3 about a port's part in a group of IPv4.
func groupBody(port uint32, group netip.Addr, attrs ...[]byte) []byte {
	entry := join(native32(port), []byte{1, 0, 0, 0}, group.AsSlice(), make([]byte, 12), []byte{8, 0, 0, 0})
	return join([]byte{unix.AF_BRIDGE, 0, 0, 0}, native32(3), attr(1, attr(1, attr(1, entry, join(attrs...)))))
}

// vlanBody is the message about the VLANs of a port from one to another.
func vlanBody(port uint32, flags, first, last uint16) []byte {
	entry := attr(1, native16(flags), native16(first))
	if last != first {
		entry = join(entry, attr(2, native16(last)))
	}
	return join([]byte{unix.AF_BRIDGE, 0, 0, 0}, native32(port), attr(1, entry, attr(rtnl.VLANState, []byte{3})))
}

// bridgeWatch is a mirror whose events are written down.
func bridgeWatch(t *testing.T) (*State, func() []string) {
	var seen []string
	s := New(Config{Report: all, Track: all, Initial: all, Emit: func(e *event.Event) {
		if e.Object == rtnl.VLAN {
			flags := e.New.Value(event.Index(rtnl.VLAN, "flags")).Str
			seen = append(seen, fmt.Sprintf("%s %s %d %s", e.Origin, e.Action, e.New.Value(event.Index(rtnl.VLAN, "vlan")).Num, flags))
		}
	}})
	require.NoError(t, s.Apply(created(rtnl.Link, 0, linkBody(3, "v0", unix.IFF_UP)), 1))
	require.NoError(t, s.Apply(created(rtnl.Link, 0, linkBody(4, "v1", unix.IFF_UP)), 1))
	return s, func() (list []string) { list, seen = seen, nil; return list }
}

func TestANewPVIDTakesTheFlagFromTheOldOne(t *testing.T) {
	s, events := bridgeWatch(t)
	require.NoError(t, s.Apply(created(rtnl.VLAN, 0, vlanBody(4, pvid|4, 1, 1)), 1))
	require.NoError(t, s.Apply(created(rtnl.VLAN, 0, vlanBody(3, pvid|4, 1, 1)), 1))
	require.NoError(t, s.Apply(created(rtnl.VLAN, 0, vlanBody(3, 0, 10, 12)), 1))
	events()
	require.NoError(t, s.Apply(created(rtnl.VLAN, 0, vlanBody(3, pvid|4, 11, 11)), 1))
	require.Equal(t, []string{"notify change 11 PVID,Egress Untagged", "implied change 1 Egress Untagged"}, events(), "and not that of the other port")
	require.NoError(t, s.Apply(created(rtnl.VLAN, 0, vlanBody(3, 4, 11, 11)), 1))
	require.Equal(t, []string{"notify change 11 Egress Untagged"}, events(), "none has it now")
}

// The address of a port whose VLAN goes may be another's from then on.
func TestEntriesAreAskedForWhenAVLANGoes(t *testing.T) {
	s, _ := bridgeWatch(t)
	require.NoError(t, s.Apply(created(rtnl.Link, 0, join(linkBody(3, "v0", unix.IFF_UP), attr(unix.IFLA_MASTER, native32(9)))), 1))
	for index, bridge := range map[uint32]uint32{3: 9, 9: 9} { // a port, and the bridge itself
		require.NoError(t, s.Apply(created(rtnl.VLAN, 0, vlanBody(index, 0, 10, 12)), 1))
		s.Wants()
		require.NoError(t, s.Apply(removed(rtnl.VLAN, vlanBody(index, 0, 10, 12)), 1))
		asked := s.Wants()
		asked = slices.DeleteFunc(asked, func(q rtnl.Query) bool { return q.Object == rtnl.Link })
		require.Equal(t, []rtnl.Query{{Object: rtnl.Neighbor, Family: unix.AF_BRIDGE, Master: bridge}}, asked)
	}
}

func TestARangeComesAndGoesAsOneObjectEach(t *testing.T) {
	s, events := bridgeWatch(t)
	require.NoError(t, s.Apply(created(rtnl.VLAN, 0, vlanBody(3, 0, 1, 4000)), 1))
	require.Len(t, events(), 4000)
	require.Equal(t, 4000, s.Len(rtnl.VLAN))
	require.NoError(t, s.Apply(removed(rtnl.VLAN, vlanBody(3, 0, 2, 3999)), 1))
	require.Len(t, events(), 3998)
	require.NoError(t, s.Apply(removed(rtnl.Link, linkBody(3, "v0", 0)), 1))
	require.Equal(t, []string{"implied delete 1 ", "implied delete 4000 "}, events())
}

func TestAMessageWithAnEntryThatMakesNoSenseChangesNothing(t *testing.T) {
	for name, m := range map[string]rtnl.Message{
		"a group too short":       created(rtnl.MDB, 0, join(groupBody(4, ip("239.1.1.1")), attr(1, attr(1, attr(1, []byte{1, 2, 3, 4}))))),
		"a group's attributes":    created(rtnl.MDB, 0, groupBody(4, ip("239.1.1.1"), []byte{0xff, 0xff, 1, 0})),
		"a VLAN without number":   created(rtnl.VLAN, 0, join(vlanBody(3, 0, 1, 1), attr(1, attr(rtnl.VLANState, []byte{3})))),
		"a range backwards":       created(rtnl.VLAN, 0, join(vlanBody(3, 0, 1, 1), vlanBody(3, 0, 10, 9)[8:])),
		"a range beyond VLANs":    created(rtnl.VLAN, 0, join(vlanBody(3, 0, 1, 1), vlanBody(3, 0, 10, 4095)[8:])),
		"a range without its end": created(rtnl.VLAN, 0, join(vlanBody(3, 0, 1, 1), attr(1, attr(1, native16(0), native16(5)), attr(2, []byte{7})))),
	} {
		t.Run(name, func(t *testing.T) {
			s, events := bridgeWatch(t)
			require.ErrorIs(t, s.Apply(m, 1), rtnl.ErrMalformed)
			require.Empty(t, events())
			require.Zero(t, s.Len(rtnl.MDB)+s.Len(rtnl.VLAN))
		})
	}
}
