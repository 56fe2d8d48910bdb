package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

// stream builds line protocol as the plugin sends it.
type stream struct {
	strings.Builder
	tags string
	at   int64
	seq  int
}

const second = int64(time.Second)

func newStream(tags string) *stream {
	return &stream{tags: tags, at: 1_790_000_000 * second}
}

// sync adds a row of rtnetlink_sync a second later.
func (s *stream) sync(moment, reason string) *stream {
	s.at += second
	fmt.Fprintf(s, "rtnetlink_sync%s,moment=%s epoch=1790000001000000000i,next_seq=%di,reason=%q %d\n", s.tags, moment, s.seq+1, reason, s.at)
	return s
}

// route adds an event a second later.
func (s *stream) route(action string, key int, dst, via string) *stream {
	s.seq++
	s.at += second
	fmt.Fprintf(s, "rtnetlink_route,action=%s,family=inet%s,interface=eth0,origin=notify,protocol=bgp,table=main,type=unicast dst=%q,gateway=%q,scope=\"global\",key=\"%016x\",seq=%di %d\n",
		action, s.tags, dst, via, key, s.seq, s.at)
	return s
}

// usual is a stream with an epoch, a change and an end.
func usual(tags string) *stream {
	s := newStream(tags)
	s.sync("begin", "start").route("new", 1, "10.1.0.0/16", "10.0.0.1").route("new", 2, "10.2.0.0/16", "10.0.0.1").sync("complete", "start")
	s.route("change", 1, "10.1.0.0/16", "10.0.0.9").route("delete", 2, "10.2.0.0/16", "10.0.0.1").sync("end", "stop")
	return s
}

// gauges are those that the plugin sends at an interval.
func gauges(at int64) (out string) {
	for _, line := range []string{"rtnetlink_interface,host=r1,interface=eth0 carrier=1i,mtu=1500i", "rtnetlink_default_route,family=inet,gateway=10.0.0.1,host=r1,interface=eth0,table=main present=1i",
		"rtnetlink_routes,family=inet,host=r1,protocol=bgp,table=main,type=unicast entries=2i", "rtnetlink_neighbors,family=inet,host=r1,interface=eth0 entries=1i",
		"rtnetlink_events,action=new,host=r1,object=route total=2i", "rtnetlink_events,action=change,host=r1,object=route total=1i", "rtnetlink_internal,host=r1 events=3i",
		"rtnetlink_script,host=r1,script=x.lua loads=1i", "rtnetlink_hook,hook=x.lua:2,host=r1,object=route,script=x.lua calls=3i", "rtnetlink_link_stats,host=r1,interface=eth0 rx_bytes=1i"} {
		out += fmt.Sprintf("%s %d\n", line, at)
	}
	return out
}

func ask(t *testing.T, stdin string, args ...string) (out, errs string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	status = start(args, stdio{strings.NewReader(stdin), &o, &e})
	return o.String(), e.String(), status
}

func TestStateAtATime(t *testing.T) {
	const one, two = "10.1.0.0/16 via 10.0.0.1 dev eth0 proto bgp\n", "10.2.0.0/16 via 10.0.0.1 dev eth0 proto bgp\n"
	const changed = "10.1.0.0/16 via 10.0.0.9 dev eth0 proto bgp\n"
	whole := usual(",host=r1").String()
	lines := strings.SplitAfter(whole, "\n")
	later := newStream(",host=r1")
	later.at += 1000 * second
	later.sync("begin", "start").route("new", 3, "10.3.0.0/16", "10.0.0.1").sync("complete", "start")
	without := func(n int) string { return strings.Join(append(append([]string{}, lines[:n]...), lines[n+1:]...), "") }
	for _, tt := range []struct {
		name   string
		stream string
		args   []string
		want   string
		says   string
		status int
	}{
		{"at the end", whole, nil, changed, "", statusOK},
		{"before the change", whole, []string{"-at", "1790000004"}, one + two, "", statusOK},
		{"by a field", whole, []string{"-at", "1790000004", "-where", "dst=10.2.0.0/16"}, two, "", statusOK},
		{"by a host that is not there", whole, []string{"-where", "host=r2"}, "", "no host and namespace fits the conditions of -where; there are: host r1\n", statusError},
		{"before the epoch is complete", whole, []string{"-at", "1790000002"}, "", "had not told everything; exact from 2026-09-21T14:13:24Z", statusError},
		{"behind the end", whole, []string{"-at", "1790000100"}, "", "the plugin stopped at 2026-09-21T14:13:27Z; exact up to 2026-09-21T14:13:26.999999999Z", statusError},
		{"before the stream", whole, []string{"-at", "1700000000"}, "", "the record begins at 2026-09-21T14:13:21Z: nothing is known of before; exact from 2026-09-21T14:13:24Z", statusError},
		{"before a stream without a begin", without(0), []string{"-at", "1700000000"}, "", "the record begins at 2026-09-21T14:13:22Z: nothing is known of before; at no time exact", statusError},
		{"now, while it is written", strings.Join(lines[:6], "") + lines[6][:20], []string{"-at", "now"}, changed, "host r1: known up to 2026-09-21T14:13:26Z, when the newest metric came", statusOK},
		{"now, behind an end", whole, []string{"-at", "now"}, "", "not exact now: the plugin stopped at 2026-09-21T14:13:27Z; exact up to 2026-09-21T14:13:26.999999999Z", statusError},
		{"now, behind a gap", without(4), []string{"-at", "now"}, "", "seq 3 is missing", statusError},
		{"a gap", without(4), nil, "", "seq 3 is missing, between 2026-09-21T14:13:24Z and 2026-09-21T14:13:26Z; exact up to 2026-09-21T14:13:24Z", statusError},
		{"a gap before", without(4), []string{"-at", "1790000004"}, one + two, "", statusOK},
		{"a gap, partial", without(4), []string{"-partial"}, one, "seq 3 is missing", statusPartial},
		{"without a begin", without(0), nil, "", "begins in the midst of an epoch at 2026-09-21T14:13:22Z", statusError},
		{"a change of what is not known", strings.Replace(without(1), "seq=2i", "seq=1i", 1), nil, "", "seq", statusError},
		{"the last line cut off", strings.TrimSuffix(whole, lines[6])[:len(whole)-len(lines[6])-3], nil, changed + two, "the last line is cut off", statusOK},
		{"lines of others", "cpu,cpu=0 usage=1 1790000000000000000\nrtnetlink_route,nonsense\n\n" + whole, nil, changed, "no line protocol", statusOK},
		{"gauges and counters between", strings.Join(lines[:5], "") + gauges(1_790_000_005_500_000_000) + strings.Join(lines[5:], ""), nil, changed, "", statusOK},
		{"only lines of others", "cpu,cpu=0 usage=1 1790000000000000000\n", nil, "", "standard input: 1 metrics, none of them of this plugin (rtnetlink_link, …)\n", statusError},
		{"nothing", "", nil, "", "standard input: no metrics\n", statusError},
		{"an older version", "rtnetlink_route,action=new,family=inet dst=\"10.0.0.0/8\",seq=1i 1790000000000000000\n", nil, "", "no key or no seq", statusError},
		{"two plugins with one name", whole[:len(whole)-len(lines[6])] + usual(",host=r1").sync("begin", "snapshot").String()[len(lines[0]):], []string{"-at", "1790000026"}, "", "not exact", statusError},
		{"the clock set back", whole[:len(whole)-len(lines[6])] + strings.Replace(lines[5], "seq=4i 1790000006", "seq=5i 1790000003", 1), []string{"-at", "1790000004"}, "", "clock was set back", statusError},
		{"twice", whole + whole, nil, changed, "", statusOK},
		{"files in the wrong order", later.String() + whole, nil, "", "comes behind metrics of up to 2026-09-21T14:30:0", statusError},
		{"files in the wrong order, at a time", later.String() + whole, []string{"-at", "1790000004"}, "", "not exact at 2026-09-21T14:13:24Z", statusError},
		{"the begin behind its metrics", lines[1] + lines[0] + strings.Join(lines[2:], ""), nil, "", "not exact", statusError},
		{"a class that the stream does not have", strings.Replace(whole, `reason="start"`, `reason="start",objects="link,address"`, 1), []string{"-object", "route"}, "", `the stream has no route: objects = ["link" "address"]`, statusError},
		{"a class that there is not", whole, []string{"-object", "routes"}, "", `-object "routes" (choices: link, `, statusUsage},
		{"a field that nothing has", whole, []string{"-where", "interfaces=eth0"}, "", `-where interfaces=eth0: no object has a tag or field "interfaces"; nearest: interface`, statusUsage},
		{"a field like no other", whole, []string{"-where", "xyzzy=1"}, "", `no object has a tag or field "xyzzy"` + "\n", statusUsage},
		{"a tag of a configuration", strings.ReplaceAll(whole, ",host=r1", ",host=r1,site=b"), []string{"-where", "site=b"}, changed, "", statusOK},
		{"a field of a script", strings.ReplaceAll(whole, ",scope=", ",owner=\"x\",scope="), []string{"-where", "owner=x"}, strings.TrimSuffix(changed, "\n") + " owner x\n", "", statusOK},
		{"by its key", whole, []string{"-at", "1790000004", "-where", "key=0000000000000002"}, two, "", statusOK},
		{"who did it", whole, []string{"-where", "process=ip"}, "", "-where process=ip: process describes a change, not the state; use log -where process=ip\n", statusUsage},
		{"by a port id", whole, []string{"-where", "portid=812"}, "", "use log -where portid=812\n", statusUsage},
		{"by an action", whole, []string{"-where", "action=delete"}, "", "use log -where action=delete\n", statusUsage},
		{"by an origin", whole, []string{"-where", "origin=dump"}, "", "use log -where origin=dump\n", statusUsage},
		{"by what changed", whole, []string{"-where", "changed=mtu"}, "", "use log -where changed=mtu\n", statusUsage},
		{"by a number", whole, []string{"-where", "seq=3"}, "", "-where seq=3: seq describes a metric, not the object\n", statusUsage},
		{"by a value before", whole, []string{"-where", "previous_mtu=3"}, "", "previous_mtu describes a metric, not the object\n", statusUsage},
		{"a value that nothing has", whole, []string{"-where", "mtu=9"}, "", "", statusOK},
		{"a class that was not enumerated", strings.Replace(whole, `reason="start"`, `reason="start",initial_events="link"`, 1), []string{"-object", "route"}, "", "were there before are not in the stream", statusError},
		{"a count that is not the stream's", strings.Replace(whole, `next_seq=3i,reason="start"`, `next_seq=3i,reason="start",routes=5i`, 1), nil, "", "the plugin had 5 routes", statusError},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"state", "-object", "route"}, tt.args...)
			out, errs, status := ask(t, tt.stream, append(args, "-")...)
			require.Equal(t, tt.status, status, errs)
			require.Equal(t, tt.want, out, errs)
			require.Contains(t, errs, tt.says)
			if tt.status == statusOK && tt.says == "" {
				require.Empty(t, errs)
			}
		})
	}
}

// TestOddSourcesAndTimes: each gets one line that says what it is, and a status.
func TestOddSourcesAndTimes(t *testing.T) {
	dir := t.TempDir()
	path := func(name, content string) string {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		return file
	}
	whole, empty := path("whole.lp", usual("").String()), path("empty.lp", "")
	other := path("passwd", "root:x:0:0:root:/root:/bin/bash\n")
	for _, tt := range []struct {
		args   []string
		says   string
		status int
	}{
		{[]string{"state", empty}, "state: " + empty + ": no metrics\n", statusError},
		{[]string{"log", empty, other}, "log: " + empty + "," + other + ": 1 metrics, none of them of this plugin (rtnetlink_link, …)\n", statusError},
		{[]string{"state", dir}, "state: " + dir + " is a directory; name its files, as " + dir + "/*.lp*\n", statusError},
		{[]string{"diff", "-from", "1790000004", "-where", "netns=blue", whole}, "diff: no host and namespace fits the conditions of -where; there are: one without host and namespace\n", statusError},
		{[]string{"state", "-at", "", whole}, "state: -at is empty; TIME is " + timeForms + "\n", statusUsage},
		{[]string{"diff", "-from", "", whole}, "diff: -from is empty; TIME is " + timeForms + "\n", statusUsage},
		{[]string{"log", "-to", "", whole}, "log: -to is empty; TIME is " + timeForms + "\n", statusUsage},
		{[]string{"log", "-from", "1790009999", whole}, "log: nothing is recorded behind 2026-09-21T14:13:26.999999999Z\n", statusPartial},
		{[]string{"log", "-from", "1790000009", "-to", "1790009999", whole}, "log: the plugin stopped at 2026-09-21T14:13:27Z\n", statusPartial},
		{[]string{"log", "-to", "1700000000", whole}, "log: the record begins at 2026-09-21T14:13:21Z: nothing is known of before\n", statusPartial},
		{[]string{"log", "-from", "1790000004", whole}, "", statusOK},
		{[]string{"log", "-from", "0", whole}, "", statusOK},
		{[]string{"state", "-object", "", whole}, "state: -object is empty (choices: " + strings.Join(classNames(), ", ") + ")\n", statusUsage},
		{[]string{"state", "-object", "notice", whole}, "state: -object notice: it passes without leaving state; log -object notice shows what came\n", statusUsage},
		{[]string{"state", path("x.xz", "\xfd7zXZ\x00\x00"), whole}, "state: " + dir + "/x.xz is compressed by xz; pipe it through xz -dc and give -\n", statusError},
		{[]string{"state", path("x.pcapng", "\x0a\x0d\x0d\x0a\x00")}, "state: " + dir + "/x.pcapng is a recording of the kernel's messages; pipe it through telegraf-rtnetlink replay /dev/stdin and give -\n", statusError},
		{[]string{"log", path("wide.lp", "\xff\xfer\x00t\x00")}, "log: " + dir + "/wide.lp is UTF-16; pipe it through iconv -f UTF-16 -t UTF-8 and give -\n", statusError},
		{[]string{"state", "-object", "route", path("bom.lp", "\ufeff"+usual("").String())}, "", statusOK},
	} {
		out, errs, status := ask(t, "", tt.args...)
		require.Equal(t, tt.says, errs, "%q", tt.args)
		require.Equal(t, tt.status, status, "%q", tt.args)
		require.Equal(t, tt.status == statusOK, out != "", "%q", tt.args)
	}
}

// TestALogThatBeginsBeforeItsRecord says so, and shows what there is.
func TestALogThatBeginsBeforeItsRecord(t *testing.T) {
	out, errs, status := ask(t, usual("").String(), "log", "-from", "1700000000", "-")
	require.Equal(t, statusPartial, status)
	require.Equal(t, 4, strings.Count(out, " route "), out)
	require.Equal(t, "log: the record begins at 2026-09-21T14:13:21Z: nothing is known of before\n", errs)
}

// TestAValueOfWhere: one that no field can have is refused, since it would find
// nothing as if there were nothing; what is written otherwise than in the stream is
// found.
func TestAValueOfWhere(t *testing.T) {
	s := newStream("")
	s.sync("begin", "start").route("new", 1, "default", "10.0.0.1").route("new", 2, "2001:db8::/32", "fe80::1")
	s.WriteString(strings.Replace(newStream("").route("new", 3, "10.1.2.3", "10.0.0.1").String(), "seq=1i", "seq=3i,flags=\"onlink,trap\"", 1))
	s.seq++
	whole := strings.Replace(s.sync("complete", "start").String(), "1790000001000000000\nrtnetlink_sync", "1790000003500000000\nrtnetlink_sync", 1)
	for where, want := range map[string]string{ // what is found, or said
		"table=254": "10.1.2.3 2001:db8::/32 default", "table=main": "10.1.2.3 2001:db8::/32 default", "protocol=186": "10.1.2.3 2001:db8::/32 default",
		"dst=0.0.0.0/0": "default", "dst=::/0": "", "dst=10.1.2.3/32": "10.1.2.3", "dst=2001:DB8::/32": "2001:db8::/32", "dst=default": "default",
		"flags=onlink": "10.1.2.3", "flags=onlink,trap": "10.1.2.3", "gateway=FE80::1": "2001:db8::/32", "metric=5": "", "dst=10.0.0.0/8": "",
		"metric=low":        `-where metric=low: metric is never "low"; it is an integer`,
		"metric=-1":         `-where metric=-1: metric is never "-1"; it is a number from 0 to 4294967295`,
		"metric=4294967296": `-where metric=4294967296: metric is never "4294967296"; it is a number from 0 to 4294967295`,
		"type=unicats":      `-where type=unicats: type is never "unicats"; it is one of: none, unicast,`,
		"dst=10.0/8":        `-where dst=10.0/8: nothing has this value: it is a prefix such as "192.0.2.0/24"`,
		"dst=10.0.1.0/8":    `nothing has this value: bits are set behind the prefix's length; the kernel has "10.0.0.0/8"`,
		"protocol=bpg":      "-where protocol=bpg: nothing has this value: /etc/iproute2/rt_protos has no protocol of that name",
		"interface=eth*":    "-where interface=eth*: nothing has this value: -where compares whole values, and knows no patterns",
		"interface=!lo":     "-where compares whole values",
	} {
		out, errs, status := ask(t, whole, "state", "-object", "route", "-format", "json", "-where", where, "-")
		if strings.Contains(want, "-where") || strings.Contains(want, "nothing") {
			require.Equal(t, statusUsage, status, "%s: %s", where, errs)
			require.Contains(t, errs, want)
			require.Empty(t, out)
			continue
		}
		require.Equal(t, statusOK, status, "%s: %s", where, errs)
		var found []string
		for _, m := range regexp.MustCompile(`"dst":"([^"]*)"`).FindAllStringSubmatch(out, -1) {
			found = append(found, m[1])
		}
		slices.Sort(found)
		require.Equal(t, want, strings.Join(found, " "), where)
	}
	for where, want := range map[string]string{
		"action=deleted": "it is one of: new, change, delete", "origin=kernel": "it is one of: dump, notify, implied, resync",
		"portid=bird": "it is a number", "changed=gatewy": "it names fields; nearest: gateway", "changed=!": "it names a field",
	} {
		_, errs, status := ask(t, whole, "log", "-where", where, "-")
		require.Equal(t, statusUsage, status, where)
		require.Contains(t, errs, want)
	}
}

// TestALineTornByAKill: the next run's begin stands on the line of which half was
// written, wherever it was torn. What came before is exact, nothing behind it.
func TestALineTornByAKill(t *testing.T) {
	lines := strings.SplitAfter(usual(",host=r1").String(), "\n")
	next := newStream(",host=r1")
	next.at += 1000 * second
	next.sync("begin", "start").route("new", 1, "10.1.0.0/16", "10.0.0.1").route("new", 3, "10.3.0.0/16", "10.0.0.1").sync("complete", "start").route("new", 4, "10.4.0.0/16", "10.0.0.1")
	for cut := 1; cut < len(lines[5]); cut += 11 {
		torn := strings.Join(lines[:5], "") + lines[5][:cut] + next.String()
		out, errs, status := ask(t, torn, "state", "-object", "route", "-at", "1790000004", "-")
		require.Equal(t, statusOK, status, "%d: %s", cut, errs)
		require.Equal(t, "10.1.0.0/16 via 10.0.0.1 dev eth0 proto bgp\n10.2.0.0/16 via 10.0.0.1 dev eth0 proto bgp\n", out)
		for _, at := range []string{"1790000006", "1790000500", "1790001005", "now"} {
			out, errs, status = ask(t, torn, "state", "-object", "route", "-at", at, "-")
			require.Equal(t, statusError, status, "%d at %s: %s%s", cut, at, out, errs)
			require.Contains(t, errs, "the begin of another run is missing", "%d at %s", cut, at)
		}
	}
}

func TestStateOfFilesOfAnyForm(t *testing.T) {
	dir := t.TempDir()
	whole := usual(",host=r1").String()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return path
	}
	var gz bytes.Buffer
	zip := gzip.NewWriter(&gz)
	_, err := zip.Write([]byte(whole))
	require.NoError(t, err)
	require.NoError(t, zip.Close())
	enc, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	half := strings.Index(whole, "rtnetlink_route,action=change")
	write("rotated.2026-09-21-1790000099.lp", []byte(whole[:half]))
	write("rotated.lp", []byte(whole[half:]))
	for name, sources := range map[string][]string{
		"plain":   {write("plain.lp", []byte(whole))},
		"gzip":    {write("a.gz", gz.Bytes())},
		"zstd":    {write("a.zst", enc.EncodeAll([]byte(whole), nil))},
		"rotated": {filepath.Join(dir, "rotated*")},
		"in two":  {filepath.Join(dir, "rotated.lp"), filepath.Join(dir, "rotated.2026-09-21-1790000099.lp")},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs, status := ask(t, "", append([]string{"state"}, sources...)...)
			require.Equal(t, statusOK, status, errs)
			require.Equal(t, "# route\n10.1.0.0/16 via 10.0.0.9 dev eth0 proto bgp\n", out)
		})
	}
	out, errs, _ := ask(t, "", "state", write("cut.gz", gz.Bytes()[:gz.Len()-20]))
	require.Contains(t, errs, "cut off", out)
	_, errs, status := ask(t, "", "state", filepath.Join(dir, "none*"))
	require.Equal(t, statusError, status)
	require.Contains(t, errs, "no file fits")
}

func TestStatesOfSeveralHostsAndForms(t *testing.T) {
	both := usual(",host=r1").String() + usual(",host=r2,netns=blue").String()
	out, errs, status := ask(t, both, "state", "-at", "1790000004", "-format", "json", "-")
	require.Equal(t, statusOK, status, errs)
	require.JSONEq(t, `[{"host":"r1","at":"2026-09-21T14:13:24Z","exact":true,"status":"exact","since":"2026-09-21T14:13:23Z","until":"2026-09-21T14:13:25Z","epoch":"2026-09-21T14:13:21Z",
		"link":[],"nexthop":[],"address":[],"rule":[],"neighbor":[],"route":[
		{"key":"0000000000000001","time":"2026-09-21T14:13:22Z","family":"inet","interface":"eth0","protocol":"bgp","table":"main","type":"unicast","dst":"10.1.0.0/16","gateway":"10.0.0.1","scope":"global"},
		{"key":"0000000000000002","time":"2026-09-21T14:13:23Z","family":"inet","interface":"eth0","protocol":"bgp","table":"main","type":"unicast","dst":"10.2.0.0/16","gateway":"10.0.0.1","scope":"global"}]},
		{"host":"r2","netns":"blue","at":"2026-09-21T14:13:24Z","exact":true,"status":"exact","since":"2026-09-21T14:13:23Z","until":"2026-09-21T14:13:25Z","epoch":"2026-09-21T14:13:21Z",
		"link":[],"nexthop":[],"address":[],"rule":[],"neighbor":[],"route":[
		{"key":"0000000000000001","time":"2026-09-21T14:13:22Z","family":"inet","interface":"eth0","protocol":"bgp","table":"main","type":"unicast","dst":"10.1.0.0/16","gateway":"10.0.0.1","scope":"global"},
		{"key":"0000000000000002","time":"2026-09-21T14:13:23Z","family":"inet","interface":"eth0","protocol":"bgp","table":"main","type":"unicast","dst":"10.2.0.0/16","gateway":"10.0.0.1","scope":"global"}]}]`, withoutOther(out))
	out, _, _ = ask(t, both, "state", "-at", "1790000004", "-object", "route", "-where", "host=r2", "-format", "table", "-")
	require.Contains(t, out, "FAMILY")
	require.Contains(t, out, "10.2.0.0/16")
}

// emptyClass is one without objects, behind another.
var emptyClass = regexp.MustCompile(`,\n"(\w+)":\[\]`)

// withoutOther removes the classes that have no objects here and may be more.
func withoutOther(out string) string {
	return emptyClass.ReplaceAllStringFunc(out, func(text string) string {
		if slices.Contains([]string{"link", "nexthop", "address", "rule", "neighbor", "route"}, emptyClass.FindStringSubmatch(text)[1]) {
			return text
		}
		return ""
	})
}

func TestDiffAndLog(t *testing.T) {
	whole := usual(",host=r1").String()
	out, errs, status := ask(t, whole, "diff", "-from", "1790000004", "-to", "1790000006", "-")
	require.Equal(t, statusOK, status, errs)
	require.Equal(t, "- route 10.1.0.0/16 via 10.0.0.1 dev eth0 proto bgp\n+ route 10.1.0.0/16 via 10.0.0.9 dev eth0 proto bgp\n"+
		"- route 10.2.0.0/16 via 10.0.0.1 dev eth0 proto bgp\n", out)

	live := strings.Join(strings.SplitAfter(whole, "\n")[:5], "") + "rtnetlink_route,act"
	for _, command := range []string{"diff", "log"} {
		out, errs, status = ask(t, live, command, "-from", "1790000004", "-to", "now", "-")
		require.Equal(t, statusOK, status, errs)
		require.Contains(t, out, "10.0.0.9")
		require.NotContains(t, out, "10.2.0.0/16")
		require.Contains(t, errs, "known up to 2026-09-21T14:13:25Z")
	}

	out, errs, status = ask(t, live, "log", "-from", "1790000004", "-to", "1790000009", "-")
	require.Equal(t, statusPartial, status, errs)
	require.Contains(t, out, "10.0.0.9")
	require.Contains(t, errs, "host r1: the stream ends at 2026-09-21T14:13:25Z: nothing came since")

	s := usual(",host=r1")
	again := newStream(",host=r1")
	again.at = s.at
	again.sync("begin", "start").route("new", 1, "10.1.0.0/16", "10.0.0.9").route("new", 8, "10.8.0.0/16", "10.0.0.1").sync("complete", "start")
	out, errs, status = ask(t, s.String()+again.String(), "diff", "-from", "1790000004", "-")
	require.Equal(t, statusOK, status, errs)
	require.Equal(t, "- route 10.1.0.0/16 via 10.0.0.1 dev eth0 proto bgp\n+ route 10.1.0.0/16 via 10.0.0.9 dev eth0 proto bgp\n"+
		"- route 10.2.0.0/16 via 10.0.0.1 dev eth0 proto bgp\n+ route 10.8.0.0/16 via 10.0.0.1 dev eth0 proto bgp\n", out, "over a restart")

	changed := strings.Replace(whole, `gateway="10.0.0.9"`, `gateway="10.0.0.9",changed="gateway",previous_gateway="10.0.0.1",portid=812i,process="bird"`, 1)
	out, errs, status = ask(t, changed, "log", "-from", "1790000004", "-")
	require.Equal(t, statusOK, status, errs)
	require.Equal(t, "2026-09-21T14:13:25Z host r1: route change 10.1.0.0/16 via 10.0.0.9 dev eth0 proto bgp [gateway 10.0.0.1 → 10.0.0.9] by bird (812)\n"+
		"2026-09-21T14:13:26Z host r1: route delete 10.2.0.0/16 via 10.0.0.1 dev eth0 proto bgp\n"+
		"2026-09-21T14:13:27Z host r1: --- end stop\n", out)
	for where, want := range map[string]int{"process=bird": 1, "process=ip": 0, "portid=812": 1, "action=delete": 1, "origin=notify": 4, "changed=gateway": 1, "changed=metric": 0, "action=change dst=10.1.0.0/16": 1, "action=change dst=10.2.0.0/16": 0} {
		args := []string{"log"}
		for _, w := range strings.Fields(where) {
			args = append(args, "-where", w)
		}
		out, errs, status = ask(t, changed, append(args, "-")...)
		require.Equal(t, statusOK, status, errs)
		require.Equal(t, want, strings.Count(out, ": route "), "%s: %s", where, out)
	}
	for _, command := range [][]string{{"diff", "-from", "1790000004", "-where", "process=ip", "-"}, {"report", "-o", "x.html", "-where", "process=ip", "-"}, {"show", "-where", "process=ip"}} {
		out, errs, status = ask(t, whole, command...)
		require.Equal(t, statusUsage, status, errs)
		require.Empty(t, out)
		require.Contains(t, errs, "log -where process=ip")
	}
	_, errs, status = ask(t, whole, "diff", "-")
	require.Equal(t, statusUsage, status)
	require.Contains(t, errs, "-from is missing")
}

// TestANoticeIsInTheLogAlone: it is counted as every event, and is no object.
func TestANoticeIsInTheLogAlone(t *testing.T) {
	s := newStream(",host=r1")
	s.sync("begin", "start").route("new", 1, "10.1.0.0/16", "10.0.0.1").sync("complete", "start")
	for key := range 2 {
		s.seq++
		s.at += second
		fmt.Fprintf(s, "rtnetlink_notice,action=new,host=r1,interface=eth0,origin=notify,type=rdnss router=\"fe80::9\",lifetime=600i,servers=\"2001:db8::53\",key=\"%016x\",seq=%di %d\n", 7+key, s.seq, s.at)
	}
	s.route("change", 1, "10.1.0.0/16", "10.0.0.9")
	for _, format := range []string{"ip", "json", "table"} {
		out, errs, status := ask(t, s.String(), "state", "-format", format, "-")
		require.Equal(t, statusOK, status, errs)
		require.NotContains(t, out, "notice")
		require.Contains(t, out, "10.0.0.9")
	}
	out, errs, status := ask(t, s.String(), "diff", "-from", "1790000003", "-")
	require.Equal(t, statusOK, status, errs)
	require.NotContains(t, out, "rdnss")
	out, errs, status = ask(t, s.String(), "log", "-from", "1790000003", "-object", "notice", "-")
	require.Equal(t, statusOK, status, errs)
	require.Equal(t, 2, strings.Count(out, ": notice new rdnss dev eth0 router fe80::9 lifetime 600 servers 2001:db8::53\n"), out)
}

func TestALinkWithManyFields(t *testing.T) {
	var many strings.Builder
	for i := range 90 {
		fmt.Fprintf(&many, ",option%02d=%di", i, i)
	}
	link := func(action, mtu, changed string, seq int) string {
		return fmt.Sprintf("rtnetlink_link,action=%s,interface=br0,kind=bridge,origin=notify ifindex=2i,link_type=\"ether\",mtu=%si,flags=\"UP\"%s%s,key=\"0000000000000001\",seq=%di %d\n",
			action, mtu, many.String(), changed, seq, 1_790_000_001*second+int64(seq))
	}
	s := newStream("")
	s.sync("begin", "start")
	s.WriteString(link("new", "1500", "", 1))
	s.seq = 1
	s.sync("complete", "start")
	s.WriteString(strings.Replace(link("change", "1400", `,changed="mtu",previous_mtu=1500i`, 2), " 1790000001", " 1790000003", 1))

	out, errs, status := ask(t, s.String(), "state", "-")
	require.Equal(t, statusOK, status, errs)
	require.Equal(t, 1, strings.Count(out, "option70 70"), "each field is printed once: %s", out)
	require.Contains(t, out, "option89 89")
	out, errs, status = ask(t, s.String(), "log", "-from", "1790000002", "-")
	require.Equal(t, statusOK, status, errs)
	require.Equal(t,
		"2026-09-21T14:13:23.000000002Z link change 2: br0: <UP> mtu 1400 [mtu 1500 → 1400]\n", out, "what did not change is not repeated")
}

func TestTimes(t *testing.T) {
	zone := time.FixedZone("", 3600)
	now := time.Date(2026, 11, 26, 15, 30, 0, 0, zone)
	for text, want := range map[string]string{
		"2026-11-26T14:03:00Z":        "2026-11-26T14:03:00Z",
		"2026-11-26T14:03:00.5+01:00": "2026-11-26T13:03:00.5Z",
		"1790000000":                  "2026-09-21T14:13:20Z",
		"1790000000123":               "2026-09-21T14:13:20.123Z",
		"1790000000123456":            "2026-09-21T14:13:20.123456Z",
		"1790000000123456789":         "2026-09-21T14:13:20.123456789Z",
		"1790000000.25":               "2026-09-21T14:13:20.25Z",
		"10m ago":                     "2026-11-26T14:20:00Z",
		"1h30m ago":                   "2026-11-26T13:00:00Z",
		"2 days ago":                  "2026-11-24T14:30:00Z",
		"yesterday 14:00":             "2026-11-25T13:00:00Z",
		"today":                       "2026-11-25T23:00:00Z",
		"14:03":                       "2026-11-26T13:03:00Z",
		"2026-11-26 14:03:07.5":       "2026-11-26T13:03:07.5Z",
		"now":                         "2026-11-26T14:30:00Z",
	} {
		at, err := parseTime(text, now)
		require.NoError(t, err, text)
		require.Equal(t, want, time.Unix(0, at).UTC().Format(time.RFC3339Nano), text)
	}
	for _, text := range []string{"", "soon", "25:00", "10 ago", "yesterday noon", "-", "1e400", "-1h ago"} {
		_, err := parseTime(text, now)
		require.ErrorContains(t, err, "is no time; use", text)
	}
}
