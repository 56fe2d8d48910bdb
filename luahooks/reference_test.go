package luahooks

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"telegraf-rtnetlink/luahooks/internal/emit"
	"telegraf-rtnetlink/luahooks/internal/lua51"
	"testing"
	"time"

	"telegraf-rtnetlink/luahooks/command"

	"github.com/stretchr/testify/require"
	lua "github.com/yuin/gopher-lua"
)

// manualEntry is one call in the manual's reference.
type manualEntry struct {
	name    string // nl.ip.set, ev:tag
	where   string
	example string
}

var (
	entryHead  = regexp.MustCompile(`(?m)^#### ([\w.:]+).*$`)
	entryWhere = regexp.MustCompile(`Where:\s+(anywhere|not\s+while\s+loading|in\s+a\s+hook\s+on\s+an\s+event|in\s+a\s+hook\s+on\s+"gather"|as\s+an\s+action)[,.]`)
	entryCode  = regexp.MustCompile("(?s)```lua\n(.*?)```")
)

// manualPart returns a section of the manual.
func manualPart(t *testing.T, title string) string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(text), "\n## "+title+"\n")
	require.True(t, ok, title)
	part, _, _ := strings.Cut(rest, "\n## ")
	return part
}

func manualEntries(t *testing.T) (entries []manualEntry) {
	part := manualPart(t, "Reference")
	heads := entryHead.FindAllStringSubmatchIndex(part, -1)
	for i, h := range heads {
		end := len(part)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		body := part[h[1]:end]
		e := manualEntry{name: part[h[2]:h[3]]}
		where, code := entryWhere.FindStringSubmatch(body), entryCode.FindStringSubmatch(body)
		require.NotNil(t, where, "%s: where may it be called?", e.name)
		require.NotNil(t, code, "%s: an example", e.name)
		e.where, e.example = strings.Join(strings.Fields(where[1]), " "), code[1]
		entries = append(entries, e)
	}
	return entries
}

// TestReferenceHasOneEntryACall compares the manual with what scripts find.
func TestReferenceHasOneEntryACall(t *testing.T) {
	f := start(t, "x = 1")
	in := f.loads.scripts()[0].in
	calls := map[string]bool{"require": true}
	var add func(prefix string, tb *lua.LTable)
	add = func(prefix string, tb *lua.LTable) {
		tb.ForEach(func(k, v lua.LValue) {
			if sub := lua51.TableOf(v); sub != nil {
				add(prefix+k.String()+".", sub)
				return
			}
			calls[prefix+k.String()] = true
		})
	}
	add("nl.", lua51.TableOf(in.nl))
	for _, o := range testSchema.Objects {
		delete(calls, "nl."+plural(o.Name))
	}
	calls["nl.links"] = true // stands for all
	methods := func(prefix string, names ...string) {
		for _, name := range names {
			calls[prefix+name] = true
		}
	}
	methods("ev:", slices.Collect(maps.Keys(in.events.methods))...)
	methods("counter:", slices.Collect(maps.Keys((&emit.Counter{}).Methods()))...)
	methods("gauge:", slices.Collect(maps.Keys((&emit.Counter{Gauge: true}).Methods()))...)
	of := func(meta *lua.LTable) (names []string) {
		meta.RawGetString("__index").(*lua.LTable).ForEach(func(k, _ lua.LValue) { names = append(names, k.String()) })
		return names
	}
	methods("map:", of(in.keeps.stateMeta)...)
	in.L.Push(lua51.TableOf(lua51.TableOf(in.nl).RawGetString("ip")).RawGetString("set"))
	in.L.Push(in.L.NewTable())
	require.NoError(t, in.pcall(1, 1, in.longLimit))
	methods("set:", of(in.pop().(*lua.LUserData).Metatable.(*lua.LTable))...)
	methods("handle:", "off", "cancel")
	methods("row:", "fields")
	methods("m:", "get_tag", "get_field", "tag")
	have := map[string]bool{}
	for _, e := range manualEntries(t) {
		require.False(t, have[e.name], "%s is there twice", e.name)
		have[e.name] = true
	}
	require.Equal(t, slices.Sorted(maps.Keys(calls)), slices.Sorted(maps.Keys(have)))
}

// TestReferenceSaysWhereCallsMayBeMade holds "while loading" to what happens.
func TestReferenceSaysWhereCallsMayBeMade(t *testing.T) {
	args := map[string]string{
		"nl.link": `"eth0"`, "nl.count": `"link"`, "nl.route": `"main", "default"`, "nl.lookup": `"10.0.0.1"`,
		"nl.neighbor": `"eth0", "10.0.0.1"`, "nl.emit": `"m", nil, {a = 1}`, "nl.exec": `{"/usr/local/bin/page"}`,
	}
	for _, e := range manualEntries(t) {
		if e.where != "anywhere" && e.where != "not while loading" || !strings.HasPrefix(e.name, "nl.") || e.name == "nl.json.null" {
			continue
		}
		f := startWith(t, referenceHost(), Options{Scripts: []Config{{AllowExec: []string{"/usr/local/bin/page"},
			Source: "local nl = require 'rtnetlink' print(pcall(" + strings.TrimSuffix(e.name+", "+args[e.name], ", ") + "))"}}})
		require.Equal(t, e.where == "not while loading", f.logged("cannot be used while the script loads"), "%s: %s: %q", e.name, e.where, f.host.logs)
	}
}

// TestExamplesOfTheReferenceDoWhatTheyShow runs each: see the reference's
// introduction.
func TestExamplesOfTheReferenceDoWhatTheyShow(t *testing.T) {
	for _, e := range manualEntries(t) {
		t.Run(e.name, e.run)
	}
}

func (e manualEntry) run(t *testing.T) {
	var body, want, bad []string
	for line := range strings.SplitSeq(e.example, "\n") {
		if code, message, ok := strings.Cut(line, "--!"); ok {
			bad = append(bad, strings.TrimSpace(code)+"\x00"+strings.TrimSpace(message))
			continue
		}
		code, shown, ok := strings.Cut(line, "--> ")
		if ok {
			want = append(want, shown)
		}
		body = append(body, code)
	}
	source := `local nl = require "rtnetlink" ` + strings.Join(body, "\n")
	require.Equal(t, want, transcript(t, source), "%s:\n%s", e.name, source)
	for _, b := range bad {
		code, message, _ := strings.Cut(b, "\x00")
		got := loadErr(t, Config{Source: source + "\n" + code, AllowExec: []string{"/usr/local/bin/page"}})
		require.Contains(t, got, message, "%s: %s", e.name, code)
	}
}

func referenceHost() *testHost {
	h := newHost()
	h.rows = []testRow{
		{objLink, values{"interface": "eth0", "ifindex": 2, "mtu": 1500, "operstate": "up", "up": true}},
		{objLink, values{"interface": "eth1", "ifindex": 3, "mtu": 9000, "operstate": "down", "up": false}},
		{objRoute, values{"dst": "default", "table": "main", "gateway": "192.0.2.1", "interface": "eth0"}},
		{objRoute, values{"dst": "10.0.0.0/8", "table": "main", "gateway": "192.0.2.9", "interface": "eth0"}},
		{objNeighbor, values{"interface": "eth0", "dst": "192.0.2.1", "state": "reachable"}},
	}
	return h
}

// transcript runs a script on what the reference's introduction describes, and
// returns what is logged and comes out.
func transcript(t *testing.T, source string) []string {
	t.Helper()
	h := referenceHost()
	var lines []string
	h.watch = func(line string) {
		level, rest, _ := strings.Cut(line, " ")
		_, text, located := strings.Cut(rest, ": ")
		switch {
		case strings.HasPrefix(text, "advice: "), level == "E" && strings.Contains(rest, "(hook on"):
			if level == "E" {
				lines = append(lines, "E! "+rest)
			}
			return
		case !located:
			text = rest
		}
		text = strings.ReplaceAll(text, `\t`, "\t")
		if level != "I" && level != "" {
			text = level + "! " + text
		}
		lines = append(lines, text)
	}
	f := startWith(t, h, Options{Hostname: "router1", Scripts: []Config{{Source: source, AllowExec: []string{"/usr/local/bin/page"}}},
		Exec: func(c command.Command) command.Result {
			lines = append(lines, "exec "+strings.Join(c.Argv, " "))
			return command.Result{Output: "paged"}
		}})
	f.Moment(Start)
	f.Poll()
	ev := newEvent(objLink, "change", values{"interface": "eth1", "ifindex": 3, "mtu": 1500, "operstate": "up", "up": true},
		values{"interface": "eth1", "ifindex": 3, "mtu": 9000, "operstate": "down", "up": false})
	ev.attrs = map[int]string{3: "eth1"}
	if !f.Run(ev, &showingOutput{&lines}) {
		lines = append(lines, "dropped")
	}
	for range 2 {
		f.Gather(&Reading{Measurement: "rtnetlink_interface", Tags: map[string]string{"interface": "eth0"}, Fields: map[string]any{"mtu": int64(1500)}})
		if !strings.Contains(source, "off()") {
			break
		}
	}
	f.advance(10 * time.Second)
	f.Flush()
	return lines
}

// showingOutput writes changes of the metric down as line protocol does.
type showingOutput struct{ lines *[]string }

func (o *showingOutput) SetTag(k, v string) { *o.lines = append(*o.lines, "tag "+k+"="+v) }
func (o *showingOutput) SetField(k string, v any) {
	if n, ok := v.(int64); ok {
		*o.lines = append(*o.lines, fmt.Sprintf("field %s=%di", k, n))
		return
	}
	*o.lines = append(*o.lines, fmt.Sprintf("field %s=%v", k, v))
}
func (o *showingOutput) SetMeasurement(name string) { *o.lines = append(*o.lines, "measurement "+name) }
