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
	"telegraf-rtnetlink/plugin/internal/strict"
)

// leased is an address whose lifetimes were set at a time, in 1/100 s since boot.
func leased(preferred, valid, set uint32) []byte {
	info := join(native32(preferred), native32(valid), native32(0), native32(set))
	return addressBody(3, prefix("10.0.0.1/24"), netip.Addr{}, attr(unix.IFA_CACHEINFO, info))
}

// TestRenewedLifetimes: that somebody sets lifetimes anew is a change, that they
// tick down is none, however the second message comes and whenever it is read.
func TestRenewedLifetimes(t *testing.T) {
	first := leased(400, 500, 1000)
	for _, test := range []struct {
		name   string
		second []byte
		after  int64 // s between the two
		want   string
	}{
		{"ticked down", leased(390, 490, 1000), 10, ""},
		{"ticked down, read late", leased(390, 490, 1000), 60, ""},
		{"renewed to the values of the last time", leased(400, 500, 5000), 40, "valid_lft,preferred_lft"},
		{"renewed for longer", leased(4000, 5000, 5000), 40, "valid_lft,preferred_lft"},
		{"set to what was left", leased(360, 460, 5000), 40, ""},
		{"one of them renewed", leased(360, 900, 5000), 40, "valid_lft,preferred_lft"},
		{"for ever from now on", leased(forever, forever, 5000), 40, "valid_lft,preferred_lft"},
	} {
		for _, dumped := range []bool{false, true} {
			name := test.name
			if dumped {
				name += ", found by an audit"
			}
			t.Run(name, func(t *testing.T) {
				var changes []string
				s, c := consumed(&changes)
				require.NoError(t, s.Apply(created(rtnl.Address, 0, slices.Clone(first)), 1e9))
				if dumped {
					s.Begin(rtnl.Query{Object: rtnl.Address, Family: unix.AF_INET}, false)
					require.NoError(t, s.Record(created(rtnl.Address, 0, slices.Clone(test.second)), (1+test.after)*1e9))
					s.End(false, nil, (1+test.after)*1e9)
				} else {
					require.NoError(t, s.Apply(created(rtnl.Address, 0, slices.Clone(test.second)), (1+test.after)*1e9))
				}
				if test.want == "" {
					require.Empty(t, changes)
				} else {
					require.Equal(t, []string{test.want}, changes)
				}
				require.Empty(t, c.Errors)
				require.Empty(t, mirrored(s).Differs(c))
			})
		}
	}
}

// consumed returns a mirror and the strict consumer of its stream, and has what changes
// noted.
func consumed(changes *[]string) (*State, *strict.Consumer) {
	c := strict.New()
	s := New(Config{Report: all, Track: all, Initial: all, Emit: func(e *event.Event) {
		class, v := strict.Event(e)
		c.Take(class, v)
		if e.Action == event.Change {
			*changes = append(*changes, v["changed"])
		}
	}})
	knowNames(s)
	return s, c
}

// TestRenewedRoutes: that somebody sets anew when a route goes is a change; that
// time passes is none, nor what a router renews silently.
func TestRenewedRoutes(t *testing.T) {
	lasting := func(seconds uint32) []byte {
		body := routeSpec{dst: prefix("2001:db8:a::/64"), table: unix.RT_TABLE_MAIN, kind: unix.RTN_UNICAST, hops: []hopSpec{{oif: 3}}}.body()
		rtnl.PutUint32(routeAttr(body, unix.RTA_CACHEINFO)[8:], 100*seconds)
		return body
	}
	for _, test := range []struct {
		name           string
		first, second  []byte
		told, atAudits bool
	}{
		{"ticked down", lasting(100), lasting(90), false, false},
		{"ticked down, read late", lasting(100), lasting(89), false, false},
		{"renewed to the same", lasting(100), lasting(100), true, false},
		{"shortened", lasting(100), lasting(50), true, false},
		{"for ever from now on", lasting(100), lasting(0), true, true},
		{"no more for ever", lasting(0), lasting(100), true, true},
		{"for ever", lasting(0), lasting(0), false, false},
	} {
		for _, dumped := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, found by an audit: %t", test.name, dumped), func(t *testing.T) {
				var changes []string
				s, c := consumed(&changes)
				require.NoError(t, s.Apply(created(rtnl.Route, flagsAdd, slices.Clone(test.first)), 1e9))
				want := test.told
				if dumped {
					want = test.atAudits
					s.Begin(rtnl.Query{Object: rtnl.Route, Family: unix.AF_INET6}, false)
					require.NoError(t, s.Record(created(rtnl.Route, 0, slices.Clone(test.second)), 11e9))
					s.End(false, nil, 11e9)
				} else {
					require.NoError(t, s.Apply(created(rtnl.Route, flagsReplace, slices.Clone(test.second)), 11e9))
				}
				if want {
					require.Equal(t, []string{"expires"}, changes)
				} else {
					require.Empty(t, changes)
				}
				require.Empty(t, c.Errors)
				require.Empty(t, mirrored(s).Differs(c))
			})
		}
	}
}

// TestRenames is about the names that events show: of objects that come before
// their link, of links that name each other, and of what a renamed link takes along.
func TestRenames(t *testing.T) {
	address := addressBody(3, prefix("10.0.0.1/24"), netip.Addr{})
	for _, test := range []struct {
		name string
		do   func(t *testing.T, s *State)
		want []string
	}{
		{"an object before its link", func(t *testing.T, s *State) {
			applyAll(t, s, created(rtnl.Address, 0, address), created(rtnl.Link, 0, linkBody(3, "br0", 0)))
		}, []string{"new link br0", "new address br0"}},
		{"an object of a link that the kernel does not know", func(t *testing.T, s *State) {
			applyAll(t, s, created(rtnl.Address, 0, address), removed(rtnl.Address, address))
			s.Begin(rtnl.Query{Object: rtnl.Link}, true)
			s.End(false, nil, 1)
			q := rtnl.Query{Object: rtnl.Link, Ifindex: 3, One: true}
			require.Contains(t, s.Wants(), q)
			s.Begin(q, false)
			s.End(false, unix.ENODEV, 1)
		}, []string{"new address if3", "delete address if3"}},
		{"a link after its objects were told without", func(t *testing.T, s *State) {
			applyAll(t, s, created(rtnl.Address, 0, address))
			s.Settle()
			applyAll(t, s, created(rtnl.Link, 0, linkBody(3, "br0", 0)))
		}, []string{"new address if3", "new link br0", "change address br0"}},
		{"a link that is renamed", func(t *testing.T, s *State) {
			applyAll(t, s, created(rtnl.Link, 0, linkBody(3, "a", 0)), created(rtnl.Address, 0, address),
				created(rtnl.Link, 0, linkBody(3, "b", 0)), created(rtnl.Address, 0, address))
		}, []string{"new link a", "new address a", "change link b", "change address b"}},
		{"a port of a link that comes later", func(t *testing.T, s *State) {
			applyAll(t, s, created(rtnl.Link, 0, linkBody(4, "p", 0, attr32(unix.IFLA_MASTER, 3))), created(rtnl.Link, 0, linkBody(3, "br0", 0)))
		}, []string{"new link p", "new link br0", "change link p"}},
		{"thousands of objects of unknown links", func(t *testing.T, s *State) {
			for i := range uint32(lateMax + 1) {
				applyAll(t, s, created(rtnl.Address, 0, addressBody(1000+i, prefix("10.0.0.1/24"), netip.Addr{})))
			}
			require.Empty(t, s.late.events)
		}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var events []string
			c := strict.New()
			s := New(Config{Report: all, Track: all, Initial: all, Emit: func(e *event.Event) {
				class, v := strict.Event(e)
				c.Take(class, v)
				events = append(events, v["action"]+" "+class+" "+v["interface"])
			}})
			test.do(t, s)
			if test.want != nil {
				require.Equal(t, test.want, events)
			}
			require.Empty(t, c.Errors)
			require.Empty(t, c.Stale())
			require.Empty(t, mirrored(s).Differs(c))
		})
	}
}

func applyAll(t *testing.T, s *State, messages ...rtnl.Message) {
	t.Helper()
	for _, m := range messages {
		m.Body = slices.Clone(m.Body)
		require.NoError(t, s.Apply(m, 1))
	}
}
