package strict_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/strict"
)

// line is a metric: name, tags and fields as one string of k=v.
type line struct {
	name, tags string
	fields     map[string]any
}

func words(text string) map[string]string {
	out := map[string]string{}
	for _, w := range strings.Fields(text) {
		k, v, _ := strings.Cut(w, "=")
		out[k] = v
	}
	return out
}

// Two objects, by their keys.
const (
	linkKey  = "0000000000000001"
	routeKey = "0000000000000002"
)

func event(class, tags string, seq int64, key string, more ...any) line {
	fields := map[string]any{"seq": seq, "key": key}
	for i := 0; i+1 < len(more); i += 2 {
		fields[more[i].(string)] = more[i+1]
	}
	return line{"rtnetlink_" + class, tags, fields}
}

func moment(word string, next int64, more ...any) line {
	fields := map[string]any{"next_seq": next, "objects": "link,route", "initial_events": "link,route", "untracked": "", "filters": ""}
	for i := 0; i+1 < len(more); i += 2 {
		fields[more[i].(string)] = more[i+1]
	}
	return line{"rtnetlink_sync", "moment=" + word, fields}
}

var newLink = event("link", "action=new interface=v0", 1, linkKey, "ifindex", int64(2), "mtu", int64(1500))

// TestBrokenPromisesAreNoted: each stream breaks one, or none.
func TestBrokenPromisesAreNoted(t *testing.T) {
	for name, c := range map[string]struct {
		lines []line
		want  string // in the only error; empty for none
	}{
		"nothing": {[]line{moment("begin", 1), newLink,
			event("link", "action=change interface=v0", 2, linkKey, "ifindex", int64(2), "mtu", int64(1400), "changed", "mtu", "previous_mtu", int64(1500)),
			event("route", "action=new interface=v0", 3, routeKey, "dst", "default"),
			event("route", "action=delete interface=v0", 4, routeKey, "dst", "default"),
			event("link", "action=delete interface=v0", 5, linkKey, "ifindex", int64(2), "mtu", int64(1400))}, ""},
		"a number that is missing":  {[]line{newLink, event("route", "action=new", 3, routeKey, "dst", "default")}, "event number 3, want 2"},
		"a number that comes twice": {[]line{newLink, event("route", "action=new", 1, routeKey, "dst", "default")}, `event number "1" behind 1`},
		"a next number of the past": {[]line{newLink, moment("complete", 1)}, "next_seq is 1 behind event number 1"},
		"an unknown moment":         {[]line{moment("pause", 1)}, "unknown moment"},
		"new twice":                 {[]line{newLink, event("link", "action=new interface=v0", 2, linkKey, "ifindex", int64(2))}, "new of a key that is there"},
		"no key":                    {[]line{event("link", "action=new interface=v0", 1, "1", "ifindex", int64(2))}, "not 16 hexadecimal digits"},
		"an unknown action":         {[]line{event("link", "action=turn interface=v0", 1, linkKey, "ifindex", int64(2))}, "unknown action"},
		"a change of nothing":       {[]line{event("link", "action=change interface=v0", 1, linkKey, "changed", "mtu")}, "change of what no metric has told of"},
		"a delete of nothing":       {[]line{event("link", "action=delete interface=v0", 1, linkKey)}, "delete of what no metric has told of"},
		"a change that is not named": {[]line{newLink,
			event("link", "action=change interface=v0", 2, linkKey, "ifindex", int64(3), "mtu", int64(1400), "changed", "mtu", "previous_mtu", int64(1500))}, "changed does not say so"},
		"a field that goes unnamed": {[]line{newLink,
			event("link", "action=change interface=v1", 2, linkKey, "ifindex", int64(2), "changed", "interface", "previous_interface", "v0")}, "mtu was"},
		"a change that is none": {[]line{newLink,
			event("link", "action=change interface=v0", 2, linkKey, "ifindex", int64(2), "mtu", int64(1500), "changed", "mtu", "previous_mtu", int64(1500))}, "mtu has not changed"},
		"another value before": {[]line{newLink,
			event("link", "action=change interface=v0", 2, linkKey, "ifindex", int64(2), "mtu", int64(1400), "changed", "mtu", "previous_mtu", int64(1600))}, `mtu was "1500" in the last metric`},
		"a delete of another": {[]line{newLink, event("link", "action=delete interface=v0", 2, linkKey, "ifindex", int64(2), "mtu", int64(1400))}, "the last metric was another"},
		"a name from nowhere": {[]line{newLink, event("route", "action=new interface=v1", 2, routeKey, "dst", "default")}, `no metric has told of a link "v1"`},
		"what is not listed": {[]line{moment("begin", 1, "initial_events", ""),
			event("link", "action=change interface=v0", 1, linkKey, "ifindex", int64(2), "changed", "mtu"), event("route", "action=delete interface=v1", 2, routeKey)}, ""},
		"what scripts drop": {[]line{moment("begin", 1, "filters", "what the scripts drop: a.lua"), event("route", "action=delete interface=v1", 1, routeKey)}, ""},
		"a filter is no excuse": {[]line{moment("begin", 1, "filters", "interfaces other than !v1"), event("route", "action=delete interface=v0", 1, routeKey)},
			"delete of what no metric has told of"},
		"what the filter leaves out": {[]line{moment("begin", 1, "filters", "interfaces other than !v1; route_tables other than main"), newLink,
			event("route", "action=new interface=v0 table=8", 2, routeKey)}, "the filter leaves it out"},
		"what turns into what the filter leaves out": {[]line{moment("begin", 1, "filters", "route_protocols other than bgp"), newLink,
			event("route", "action=new interface=v0 protocol=bgp", 2, routeKey),
			event("route", "action=change interface=v0 protocol=static", 3, routeKey, "changed", "protocol", "previous_protocol", "bgp")}, "the filter leaves it out"},
		"a link that the filter leaves out is named": {[]line{moment("begin", 1, "filters", "interfaces other than !v1"),
			event("link", "action=new interface=v0", 1, linkKey, "ifindex", int64(2), "link", "v1")}, ""},
		"a link that the filter keeps is named": {[]line{moment("begin", 1, "filters", "interfaces other than !v1"),
			event("link", "action=new interface=v0", 1, linkKey, "ifindex", int64(2), "link", "v2")}, `no metric has told of a link "v2"`},
		"what is not tracked":  {[]line{moment("begin", 1, "untracked", "route"), event("route", "action=new", 1, routeKey), event("route", "action=new", 2, routeKey)}, ""},
		"a notice twice":       {[]line{event("notice", "action=new type=rdnss", 1, routeKey), event("notice", "action=new type=rdnss", 2, routeKey)}, ""},
		"a notice that ends":   {[]line{event("notice", "action=delete type=rdnss", 1, routeKey)}, "what leaves no state cannot change or end"},
		"an epoch begins anew": {[]line{newLink, moment("begin", 2), event("link", "action=new interface=v0", 2, linkKey, "ifindex", int64(2))}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			requireErrors(t, strict.NewStream(), c.lines, c.want)
		})
	}
}

// requireErrors lets s take the lines, of which it has to note one error, or none
// if want is empty.
func requireErrors(t *testing.T, s *strict.Stream, lines []line, want string) {
	t.Helper()
	for _, l := range lines {
		s.Take(l.name, words(l.tags), l.fields)
	}
	if want == "" {
		require.Empty(t, s.Errors())
		return
	}
	require.Len(t, s.Errors(), 1)
	require.Contains(t, s.Errors()[0], want)
}

// TestErrorsOutliveTheEpoch in which they were noted.
func TestErrorsOutliveTheEpoch(t *testing.T) {
	s := strict.NewStream()
	s.Take("rtnetlink_link", words("action=change interface=v0"), map[string]any{"seq": int64(1), "key": linkKey})
	s.Take("rtnetlink_sync", words("moment=begin"), map[string]any{"next_seq": int64(2)})
	require.Len(t, s.Errors(), 1)
}

// TestStaleNamesAreFound when nothing is left to come.
func TestStaleNamesAreFound(t *testing.T) {
	s := strict.NewStream()
	for _, l := range []line{newLink, event("route", "action=new interface=v0", 2, routeKey, "dst", "default"),
		event("link", "action=delete interface=v0", 3, linkKey, "ifindex", int64(2), "mtu", int64(1500))} {
		require.Empty(t, s.Stale())
		s.Take(l.name, words(l.tags), l.fields)
	}
	require.Len(t, s.Stale(), 1)
	require.Contains(t, s.Stale()[0], `route shows the link "v0"`)
}

// TestWhatTheKernelDoesNotTellIsNotCompared, and everything else is.
func TestWhatTheKernelDoesNotTellIsNotCompared(t *testing.T) {
	of := func(class, values string) *strict.Consumer {
		v := strict.Values(words(values))
		v["action"], v["key"] = "new", linkKey
		c := strict.New()
		c.Take(class, v)
		return c
	}
	for _, c := range []struct {
		class, one, two string
		equal           bool
	}{
		{"link", "up=true mtu=1500", "up=true mtu=1400", false},
		{"link", "up=true promiscuity=1", "up=true promiscuity=0", true},
		{"link", "up=false ifalias=a", "up=false ifalias=b", true},
		{"link", "up=true ifalias=a", "up=true ifalias=b", false},
		{"address", "family=inet6 flags=permanent,tentative metric=1", "family=inet6 flags=permanent,tentative metric=2", true},
		{"address", "family=inet6 flags=permanent,tentative local=::1", "family=inet6 flags=permanent,tentative local=::2", false},
		{"address", "family=inet6 flags=permanent metric=1", "family=inet6 flags=permanent metric=2", false},
		{"neighbor", "family=inet state=delay", "family=inet state=stale", true},
	} {
		require.Equal(t, c.equal, len(of(c.class, c.one).Compare(of(c.class, c.two))) == 0, "%+v", c)
	}
}

// TestBehindAGapNothingIsSure, until there is a metric of the key.
func TestBehindAGapNothingIsSure(t *testing.T) {
	mtu := func(seq, mtu, previous int64) line {
		return event("link", "action=change interface=v0", seq, linkKey, "ifindex", int64(2), "mtu", mtu, "changed", "mtu", "previous_mtu", previous)
	}
	for name, c := range map[string]struct {
		lines []line
		want  string
	}{
		"a change of what was lost":       {[]line{newLink, mtu(3, 1400, 1300)}, ""},
		"a change of what was lost twice": {[]line{newLink, mtu(3, 1400, 1300), mtu(4, 1200, 1300)}, `mtu was "1400" in the last metric`},
		"a delete of what was lost":       {[]line{newLink, event("route", "action=delete interface=v0", 3, routeKey)}, ""},
		"new of what was deleted":         {[]line{newLink, event("link", "action=new interface=v0", 3, linkKey, "ifindex", int64(2))}, ""},
		"an epoch begins behind it":       {[]line{newLink, mtu(3, 1400, 1300), moment("begin", 4), mtu(4, 1200, 1400)}, "change of what no metric has told of"},
	} {
		t.Run(name, func(t *testing.T) {
			s := strict.NewStream()
			s.Gaps = true
			requireErrors(t, s, c.lines, c.want)
		})
	}
}
