package plugin

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestChooser(t *testing.T) {
	for _, c := range []struct {
		patterns []string
		yes, no  []string
	}{
		{nil, []string{"eth0", "lo", ""}, nil},
		{[]string{"eth0"}, []string{"eth0", ""}, []string{"eth1", "eth00"}},
		{[]string{"eth*", "lo"}, []string{"eth0", "lo"}, []string{"veth0"}},
		{[]string{"!veth*"}, []string{"eth0", ""}, []string{"veth0"}},
		{[]string{"eth*", "!eth9"}, []string{"eth0"}, []string{"eth9", "lo"}},
		{[]string{"eth?", "eth[1-2]0"}, []string{"eth3", "eth20"}, []string{"eth30"}},
	} {
		for range 2 { // also from memory
			ch := newChooser(c.patterns)
			for _, name := range c.yes {
				require.True(t, ch.wants(name), "%q %s", c.patterns, name)
			}
			for _, name := range c.no {
				require.False(t, ch.wants(name), "%q %s", c.patterns, name)
			}
		}
	}
}

func TestPatternsThatNoNameCanMatch(t *testing.T) {
	for pattern, ok := range map[string]bool{
		"eth0": true, "!veth*": true, "*": true, "eth[0-9/]": true, `eth[\]/]`: true, `a\*b`: true, "eth.100": true, "größe": true,
		"0123456789abcde": true, "0123456789abcde*": true, "0123456789abcdef": false, "!0123456789abcde?": false,
		"0123456789abcd[ef]": true, "0123456789abcde[ef]": false, `0123456789abcde\f`: false,
		"eth0/1": false, "eth0:1": false, "eth 0": false, "!\teth0": false, "eth[0": false, "!": false, "": false,
	} {
		require.Equal(t, ok, checkPatterns([]string{pattern}) == nil, "%q", pattern)
	}
}

// TestPatternsThatOthersLeaveOut are refused: nothing could match them.
func TestPatternsThatOthersLeaveOut(t *testing.T) {
	for _, tt := range []struct {
		patterns []string
		but      string // which leaves out what the first matches
	}{
		{[]string{"eth0", "!eth0"}, "eth0"}, {[]string{"eth0", "eth1", "!eth?"}, "eth?"}, {[]string{"eth?", "!wlan0", "!eth*"}, "eth*"},
		{[]string{"eth*", "!*"}, "*"}, {[]string{"eth[0-9]", "!eth[0-9]"}, "eth[0-9]"},
		{[]string{"eth*", "!eth0"}, ""}, {[]string{"eth*", "!eth?"}, ""}, {[]string{"eth0", "!eth1"}, ""}, {[]string{"!*"}, ""}, {[]string{"*", "!eth*"}, ""},
	} {
		err := checkPatterns(tt.patterns)
		if tt.but == "" {
			require.NoError(t, err, tt.patterns)
		} else {
			require.EqualError(t, err, fmt.Sprintf(`interfaces: %q matches no link: "!%s" leaves them out; take one of the two away`, tt.patterns[0], tt.but))
		}
	}
}

// TestTheMemoryOfDecisionsIsBounded however many names there are.
func TestTheMemoryOfDecisionsIsBounded(t *testing.T) {
	c := newChooser([]string{"!veth*"})
	for i := range 3 * maxKnown {
		c.wants(fmt.Sprint("veth", i))
	}
	require.LessOrEqual(t, len(c.known), maxKnown)
}

// TestInterfaces: neither events nor gauges tell of the others, nor do scripts
// see them; the mirror holds them all the same.
func TestInterfaces(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, func(r *RTNetlink) { r.Interfaces, r.LinkStatistics = []string{"!v1"}, true },
		scriptOf(t, `local nl = require "rtnetlink"
			nl.on("link", function(ev) ev:tag("seen", nl.link("v1").interface) end)`))
	r.settled()
	n := r.mark()
	ns.Run("link set v1 mtu 1400", "addr add 10.0.7.1/24 dev v1", "neigh add 10.0.7.9 lladdr 02:00:00:00:00:09 dev v1",
		"route add 30.0.0.0/8 via 10.0.7.2 dev v1", "route add blackhole 31.0.0.0/8", "link set v0 mtu 1400")
	r.settled()
	got := r.since(n)
	require.Len(t, got, 2, "%v", lines(got))
	require.True(t, has(got[0], "name", "route", "dst", "31.0.0.0/8"))
	require.True(t, has(got[1], "name", "link", "interface", "v0", "seen", "v1"))
	for _, m := range append(r.since(0), r.gather()...) {
		require.NotEqual(t, "v1", tag(m, "interface"), "%v", m)
	}
	require.EqualValues(t, 3, r.internal()["links"])
	require.Equal(t, "interfaces other than !v1; what the scripts drop: hooks.lua", field(r.syncs(ns.Path())[0], "filters"))
}

// TestALinkThatIsRenamedAcrossTheFilter ends or comes up.
func TestALinkThatIsRenamedAcrossTheFilter(t *testing.T) {
	ns := newPair(t)
	ns.Run("link add x0 type ifb")
	r := begin(t, ns, func(r *RTNetlink) { r.Interfaces = []string{"!x*"} })
	r.settled()
	n := r.mark()
	ns.Run("link set x0 name y0")
	first := r.waitEvent(n, "name", "link", "action", "new", "interface", "y0")
	require.False(t, first.HasField("changed"))
	ns.Run("link set y0 name x0")
	last := r.waitEvent(n, "name", "link", "action", "delete", "interface", "y0")
	require.Equal(t, field(first, "key"), field(last, "key"))
	r.settled()
	require.Len(t, pick(r.since(n), "name", "link"), 2)
}

// TestTheOwnNamespaceBesideOthers has no tag.
func TestTheOwnNamespaceBesideOthers(t *testing.T) {
	ns := newPair(t)
	r := begin(t, ns, func(r *RTNetlink) { r.Netns = append(r.Netns, ".") })
	r.settled()
	require.NotEmpty(t, pick(r.since(0), "name", "link", "netns", ns.Path()))
	own := pick(r.since(0), "name", "link", "interface", "lo", "netns", nil)
	require.Len(t, own, 1)
	require.False(t, own[0].HasTag("netns"))
	require.NotEmpty(t, pick(r.gather(), "name", "internal", "netns", nil))
}

func TestNetnsOption(t *testing.T) {
	for _, c := range []struct {
		list []string
		err  string
	}{
		{[]string{"*"}, ""}, {[]string{".", "*"}, ""}, {[]string{"."}, ""},
		{[]string{".", "."}, `"." is named twice`},
		{[]string{"*", "a"}, `remove "a"`},
		{[]string{"/no/such"}, `"." for the own one`},
	} {
		r := New()
		r.Netns = c.list
		err := r.Init()
		if c.err == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, c.err)
		}
	}
}
