package rtnl

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// vm returns the program of f in a virtual machine.
func vm(t *testing.T, f Filter) *bpf.VM {
	t.Helper()
	raw, err := f.program()
	require.NoError(t, err)
	p, ok := bpf.Disassemble(raw)
	require.True(t, ok)
	m, err := bpf.NewVM(p)
	require.NoError(t, err)
	return m
}

func passes(t *testing.T, m *bpf.VM, datagram []byte) bool {
	t.Helper()
	n, err := m.Run(datagram)
	require.NoError(t, err)
	// The program's word is of 32 bits, the largest of which says "all".
	require.True(t, n == 0 || uint64(uint32(n)) >= uint64(len(datagram)), "a datagram must not be cut")
	return n != 0
}

// routeMessage returns a message about a route. Tables above 255 have their
// number in an attribute.
func routeMessage(typ, flags uint16, family uint8, table uint32, protocol uint8) []byte {
	body := []byte{family, 24, 0, 0, uint8(min(table, 256)), protocol, 0, unix.RTN_UNICAST, 0, 0, 0, 0}
	if table > 255 {
		body[4] = unix.RT_TABLE_COMPAT
	}
	return message(Message{Type: typ, Flags: flags, Body: append(body, attr(unix.RTA_TABLE, u32(table))...)})
}

func TestFilterOfNothingIsNoProgram(t *testing.T) {
	p, err := Filter{}.program()
	require.NoError(t, err)
	require.Nil(t, p)
}

func TestFilterOfRoutes(t *testing.T) {
	const new, del = unix.RTM_NEWROUTE, unix.RTM_DELROUTE
	for name, c := range map[string]struct {
		filter     Filter
		typ, flags uint16
		family     uint8
		table      uint32
		protocol   uint8
		passes     bool
	}{
		"wanted table":                                  {Filter{RouteTables: []uint32{254}}, new, 0, unix.AF_INET, 254, 4, true},
		"wanted table, deletion":                        {Filter{RouteTables: []uint32{254}}, del, 0, unix.AF_INET, 254, 4, true},
		"other table":                                   {Filter{RouteTables: []uint32{254}}, new, 0, unix.AF_INET, 255, 4, false},
		"other table, replacing":                        {Filter{RouteTables: []uint32{254}}, new, unix.NLM_F_REPLACE, unix.AF_INET, 255, 4, false},
		"other table, deletion":                         {Filter{RouteTables: []uint32{254}}, del, 0, unix.AF_INET6, 255, 4, false},
		"second of two tables":                          {Filter{RouteTables: []uint32{1, 254}}, new, 0, unix.AF_INET, 254, 4, true},
		"large table, in an attribute":                  {Filter{RouteTables: []uint32{1000}}, new, 0, unix.AF_INET, 1000, 4, true},
		"another large table, sorted later":             {Filter{RouteTables: []uint32{1000}}, new, 0, unix.AF_INET, 2000, 4, true},
		"small table, large ones wanted":                {Filter{RouteTables: []uint32{1000}}, new, 0, unix.AF_INET, 254, 4, false},
		"wanted protocol":                               {Filter{RouteProtocols: []uint8{4}}, new, 0, unix.AF_INET, 254, 4, true},
		"other protocol":                                {Filter{RouteProtocols: []uint8{4}}, new, 0, unix.AF_INET, 254, 186, false},
		"other protocol, deletion":                      {Filter{RouteProtocols: []uint8{4}}, del, 0, unix.AF_INET, 254, 186, false},
		"other protocol, replacing":                     {Filter{RouteProtocols: []uint8{4}}, new, unix.NLM_F_REPLACE, unix.AF_INET, 254, 186, true},
		"other protocol, replacing or new":              {Filter{RouteProtocols: []uint8{4}}, new, unix.NLM_F_REPLACE | unix.NLM_F_CREATE, unix.AF_INET, 254, 186, true},
		"other protocol, created":                       {Filter{RouteProtocols: []uint8{4}}, new, unix.NLM_F_CREATE | unix.NLM_F_EXCL, unix.AF_INET, 254, 186, false},
		"IPv6, other protocol, the first of its prefix": {Filter{RouteProtocols: []uint8{4}}, new, unix.NLM_F_CREATE | unix.NLM_F_EXCL, unix.AF_INET6, 254, 186, false},
		"IPv6, wanted protocol, the first":              {Filter{RouteProtocols: []uint8{4}}, new, unix.NLM_F_CREATE | unix.NLM_F_EXCL, unix.AF_INET6, 254, 4, true},
		"IPv6, other protocol, appended":                {Filter{RouteProtocols: []uint8{4}}, new, unix.NLM_F_CREATE | unix.NLM_F_APPEND, unix.AF_INET6, 254, 186, true},
		"IPv6, other protocol, prepended":               {Filter{RouteProtocols: []uint8{4}}, new, unix.NLM_F_CREATE, unix.AF_INET6, 254, 186, true},
		"IPv6, other protocol, replacing":               {Filter{RouteProtocols: []uint8{4}}, new, unix.NLM_F_REPLACE, unix.AF_INET6, 254, 186, true},
		"IPv6, other protocol, deletion":                {Filter{RouteProtocols: []uint8{4}}, del, 0, unix.AF_INET6, 254, 186, true},
		"IPv6, other table, deletion":                   {Filter{RouteTables: []uint32{255}, RouteProtocols: []uint8{4}}, del, 0, unix.AF_INET6, 254, 186, false},
		"multicast, other protocol":                     {Filter{RouteProtocols: []uint8{4}}, new, 0, IPMR, 253, 17, true},
		"IPv6 multicast, other protocol, deletion":      {Filter{RouteProtocols: []uint8{4}}, del, 0, IP6MR, 254, 17, true},
		"multicast, other table":                        {Filter{RouteTables: []uint32{254}}, new, 0, IPMR, 253, 17, false},
		"a label, other protocol":                       {Filter{RouteProtocols: []uint8{4}}, new, unix.NLM_F_CREATE, unix.AF_MPLS, 254, 17, false},
		"a label, other protocol, replacing":            {Filter{RouteProtocols: []uint8{4}}, new, unix.NLM_F_REPLACE, unix.AF_MPLS, 254, 17, true},
		"both, both right":                              {Filter{RouteTables: []uint32{254}, RouteProtocols: []uint8{4}}, new, 0, unix.AF_INET, 254, 4, true},
		"both, wrong table":                             {Filter{RouteTables: []uint32{254}, RouteProtocols: []uint8{4}}, new, 0, unix.AF_INET, 255, 4, false},
		"both, wrong protocol":                          {Filter{RouteTables: []uint32{254}, RouteProtocols: []uint8{4}}, new, 0, unix.AF_INET, 254, 2, false},
		"wanted family":                                 {Filter{Families: []uint8{unix.AF_INET6}}, new, 0, unix.AF_INET6, 254, 4, true},
		"other family":                                  {Filter{Families: []uint8{unix.AF_INET6}}, new, 0, unix.AF_INET, 254, 4, false},
		"family and table":                              {Filter{Families: []uint8{unix.AF_INET}, RouteTables: []uint32{254}}, new, 0, unix.AF_INET, 255, 4, false},
		"two families":                                  {Filter{Families: []uint8{unix.AF_INET6, unix.AF_INET}}, new, 0, unix.AF_INET, 254, 4, true},
	} {
		t.Run(name, func(t *testing.T) {
			m := routeMessage(c.typ, c.flags, c.family, c.table, c.protocol)
			require.Equal(t, c.passes, passes(t, vm(t, c.filter), m))
		})
	}
}

// TestFilterLetsOtherClassesPass: the options about routes say nothing of
// them, and links and nexthop objects have no family that matters.
func TestFilterLetsOtherClassesPass(t *testing.T) {
	routes := vm(t, Filter{RouteTables: []uint32{254}, RouteProtocols: []uint8{4}})
	families := vm(t, Filter{Families: []uint8{unix.AF_INET6}})
	for typ, byFamily := range map[uint16]bool{
		unix.RTM_NEWLINK: true, unix.RTM_DELLINK: true, unix.RTM_NEWNEXTHOP: true, unix.RTM_DELNEXTHOP: true,
		unix.RTM_NEWADDR: false, unix.RTM_DELADDR: false, unix.RTM_NEWRULE: false, unix.RTM_DELRULE: false,
		unix.RTM_NEWNEIGH: false, unix.RTM_DELNEIGH: false,
	} {
		m := message(Message{Type: typ, Body: append([]byte{unix.AF_INET}, make([]byte, 31)...)})
		require.True(t, passes(t, routes, m), typ)
		require.Equal(t, byFamily, passes(t, families, m), typ)
	}
}

// longFilter has more of everything than a conditional jump can skip.
func longFilter() (f Filter) {
	for i := range 2000 {
		if i%4 != 1 {
			f.RouteTables = append(f.RouteTables, uint32(i))
		}
	}
	for i := range 256 {
		if i%4 != 2 {
			f.RouteProtocols = append(f.RouteProtocols, uint8(i))
		}
		if i%4 != 3 {
			f.Families = append(f.Families, uint8(i))
		}
	}
	return f
}

func TestFilterOfLongLists(t *testing.T) {
	f := longFilter()
	m := vm(t, f)
	for table := range uint32(252) {
		for _, other := range []uint8{0, 1, 2, 3, 251, 252, 253, 254, 255} {
			want := slices.Contains(f.RouteTables, table) &&
				slices.Contains(f.RouteProtocols, other) && slices.Contains(f.Families, other)
			got := passes(t, m, routeMessage(unix.RTM_NEWROUTE, unix.NLM_F_EXCL, other, table, other))
			require.Equal(t, want, got, "table %d, protocol and family %d", table, other)
		}
	}
}

func TestFilterOfShortDatagramsDropsNothing(t *testing.T) {
	m := vm(t, longFilter())
	for n := range 22 {
		_, err := m.Run(make([]byte, n))
		require.NoError(t, err) // what has no header is the reader's to refuse
	}
}

// TestFilteredChurnCostsNothing: the kernel keeps out what the filter says.
func TestFilteredChurnCostsNothing(t *testing.T) {
	for name, f := range map[string]Filter{
		"table":           {RouteTables: []uint32{unix.RT_TABLE_MAIN}},
		"protocol":        {RouteProtocols: []uint8{unix.RTPROT_BOOT}},
		"family":          {Families: []uint8{unix.AF_INET6}},
		"long lists":      {RouteTables: append(longFilter().RouteTables[:150], unix.RT_TABLE_MAIN)},
		"table, protocol": {RouteTables: []uint32{unix.RT_TABLE_MAIN}, RouteProtocols: []uint8{unix.RTPROT_BOOT}},
	} {
		t.Run(name, func(t *testing.T) {
			ns := nstest.New(t)
			ns.Run("link set lo up")
			w := watch(t, ns, Config{Groups: allGroups(), Filter: f, ReceiveBuffer: 1 << 20})
			for i := range 1000 {
				ns.Run(fmt.Sprintf("route add blackhole 10.%d.%d.0/24 table 201 proto 99", i>>8, i&255))
				ns.Run(fmt.Sprintf("route del blackhole 10.%d.%d.0/24 table 201", i>>8, i&255))
			}
			ns.Run("-6 route add blackhole 2001:db8::/32 proto boot", "link set lo down")
			w.settle()
			stats := w.conn.Stats()
			require.Less(t, stats.Datagrams, uint64(100))
			require.Zero(t, stats.Overruns)
			drops, err := w.conn.Drops()
			require.NoError(t, err)
			require.Zero(t, drops, "what a filter keeps out is no loss")
			require.NotEmpty(t, w.seen[unix.RTM_NEWROUTE], "the wanted route")
			require.NotEmpty(t, w.seen[unix.RTM_NEWLINK])
		})
	}
}

func TestGroups(t *testing.T) {
	all := Groups(func(Object, uint8) bool { return true })
	require.Len(t, all, 20)
	require.Equal(t, []uint32{unix.RTNLGRP_LINK, unix.RTNLGRP_NEIGH},
		Groups(func(o Object, _ uint8) bool { return o == Link || o == Neighbor }))
	require.Equal(t, []uint32{unix.RTNLGRP_IPV6_ROUTE},
		Groups(func(o Object, f uint8) bool { return o == Route && f == unix.AF_INET6 }))
	require.Empty(t, Groups(func(Object, uint8) bool { return false }))
}
