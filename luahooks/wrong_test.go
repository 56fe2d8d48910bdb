package luahooks

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// wrong is something that goes wrong: what a script x.lua does, and what else it
// takes for the message.
type wrong struct {
	source string
	config Config
	do     func(t *testing.T, f *fixture, path string) // events, by default one
}

// hookOn is a hook on links that begins at line 4.
func hookOn(body string) string {
	return "local nl = require \"rtnetlink\"\n\n\nnl.on(\"link\", {action = \"new\"}, function(ev)\n" + body + "\nend)"
}

// wrongs are by what is in the manual's message.
func wrongs() map[string]wrong {
	events := func(n int) func(*testing.T, *fixture, string) {
		return func(t *testing.T, f *fixture, _ string) {
			for range n {
				require.True(t, f.kept(linkEvent("new", nil)))
			}
			f.Flush()
			f.kept(linkEvent("new", nil))
		}
	}
	endless := strings.Replace(hookOn("\nwhile true do end"), "\n", "", 1)
	return map[string]wrong{
		"longer than the time limit": {source: endless},
		"stopped: it holds": {source: strings.Replace(hookOn("\nlocal t, n = {}, 0 while true do n = n + 1 t[n] = ('x'):rep(2^18) .. n end"), "\n", "", 1),
			config: Config{Timeout: slower * 10 * time.Second}},
		"most of it in seen": {source: "local nl = require \"rtnetlink\"\nlocal seen\nnl.on(\"link\", {action = \"new\"}, function(ev) for i = 1, 2000 do seen = {seen} end end)",
			config: Config{Timeout: slower * 10 * time.Second}, do: func(t *testing.T, f *fixture, p string) {
				events(300)(t, f, p)
				for i := range 6000 { // it is measured a step at each
					if i%2000 == 0 {
						f.Flush() // begins anew, unless it is still being measured
					}
					f.kept(linkEvent("delete", nil))
				}
			}},
		"the scripts before it took": {source: hookOn(""), config: Config{Timeout: 50 * time.Millisecond}, do: func(t *testing.T, f *fixture, path string) {
			rewrite(t, filepath.Join(filepath.Dir(path), "1-x.lua"), endless)
			rewrite(t, filepath.Join(filepath.Dir(path), "2-x.lua"), endless)
			f.Reload(false)
			events(1)(t, f, path)
		}},
		"thrown away":        {source: endless},
		"suspended for":      {source: endless, do: events(4)},
		"suspension is over": {source: endless, do: func(t *testing.T, f *fixture, p string) { events(4)(t, f, p); f.advance(11 * time.Second) }},
		"the timer took": {source: strings.Repeat("\n", 6) + `require("rtnetlink").after(0, function() local n = 0 for i = 1, 5e6 do n = n + 1 end end)`,
			config: Config{Timeout: 50 * time.Millisecond}, do: func(t *testing.T, f *fixture, _ string) {
				f.loads.scripts()[0].in.limit, f.loads.scripts()[0].in.longLimit = time.Hour, time.Hour // it may take its time
				f.Poll()
			}},
		"not loaded: x.lua:2":        {source: "\nx = = 1"},
		"the version before goes on": {source: "x = 1", do: func(t *testing.T, f *fixture, path string) { rewrite(t, path, "\nx = = 1"); f.Reload(false) }},
		"writable by group": {source: "x = 1", do: func(t *testing.T, f *fixture, path string) {
			rewrite(t, filepath.Join(filepath.Dir(path), "new-x.lua"), "")
			require.NoError(t, os.Chmod(filepath.Join(filepath.Dir(path), "new-x.lua"), 0o664))
			f.Reload(false)
		}},
		"the file is gone":           {source: "x = 1", do: func(t *testing.T, f *fixture, path string) { require.NoError(t, os.Remove(path)); f.Reload(false) }},
		"index global 'nl'":          {source: `nl.on("link", print)`},
		"there is no nl.onn":         {source: strings.Replace(hookOn(""), "nl.on(", "nl.onn(", 1)},
		`never "UP"`:                 {source: strings.Replace(hookOn(""), `action = "new"`, `operstate = "UP"`, 1)},
		`no field "mtuu"`:            {source: "local nl = require \"rtnetlink\"\n\n\nnl.on(\"link\", {action = \"new\"}, function(ev) print(ev.mtuu) end)"},
		"this event is over":         {source: "local nl = require \"rtnetlink\"\n\nnl.on(\"link\", function(ev)\nnl.after(1, function()\nprint(ev.mtu) end) end)", do: func(t *testing.T, f *fixture, p string) { events(1)(t, f, p); f.advance(2 * time.Second) }},
		"while the script loads":     {source: `require("rtnetlink").link("eth0")`},
		"the hook returned a string": {source: hookOn(`return "no"`)},
		"field n: it is a number": {source: hookOn(`nl.emit("m", nil, {n = ev.mtu or "x"})`), do: func(t *testing.T, f *fixture, p string) {
			f.kept(linkEvent("new", values{"mtu": 1}))
			events(1)(t, f, p)
		}},
		"a string of":                 {source: hookOn(`ev:tag("t", ("x"):rep(1e7))`)},
		"too many steps":              {source: hookOn(`string.find(("a"):rep(30), ("a*"):rep(17) .. "b")`), config: Config{Timeout: slower * time.Second}},
		"stack overflow":              {source: hookOn(`local function f() return 1 + f() end f()`)},
		"needs the option allow_exec": {source: "\nrequire(\"rtnetlink\").exec{\"/bin/true\"}"},
		"needs a place":               {source: "\nrequire(\"rtnetlink\").state(\"m\", {persist = true})"},
		"similar lines": {source: hookOn(`nl.log.warn("again")`), do: func(t *testing.T, f *fixture, p string) {
			events(30)(t, f, p)
			f.advance(4 * time.Second)
			events(1)(t, f, p)
		}},
		"the result is cut":       {source: strings.Replace(hookOn(""), "function(ev)\n", "function(ev) nl.links{} ", 1)},
		"this hook has no filter": {source: strings.Replace(hookOn("print(ev.mtu)"), `{action = "new"}, `, "", 1)},
	}
}

// TestMessagesOfTheManualAreThoseOfTheProgram makes each thing go wrong.
func TestMessagesOfTheManualAreThoseOfTheProgram(t *testing.T) {
	all := wrongs()
	seen := 0
	for line := range strings.SplitSeq(manualPart(t, "When it goes wrong"), "\n") {
		message, _, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "` | ")
		if !ok || !strings.HasPrefix(line, "| `") {
			continue
		}
		seen++
		var found []string
		for part := range all {
			if strings.Contains(message, part) {
				found = append(found, part)
			}
		}
		require.Len(t, found, 1, "%s", message)
		t.Run(found[0], func(t *testing.T) { all[found[0]].run(t, message) })
	}
	require.Equal(t, len(all), seen)
}

func (w wrong) run(t *testing.T, message string) {
	dir := writeFiles(t, map[string]string{"x.lua": w.source})
	w.config.Script = filepath.Join(dir, "*x.lua")
	if w.config.Timeout == 0 && !strings.Contains(message, "50ms") {
		w.config.Timeout = slower * 50 * time.Millisecond
	}
	h := newHost()
	for i := range defaultRows + 1 {
		h.rows = append(h.rows, testRow{objLink, values{"ifindex": i}})
	}
	f := startWith(t, h, Options{Forgets: true, Scripts: []Config{w.config}})
	f.Moment(Start)
	if w.do != nil {
		w.do(t, f, filepath.Join(dir, "x.lua"))
	}
	f.kept(linkEvent("new", nil))
	pattern := strings.ReplaceAll(regexp.QuoteMeta(message), "…", ".*")
	pattern = strings.ReplaceAll(pattern, "31ms", `[\d.]+m?s`)
	pattern = strings.ReplaceAll(pattern, `\.\.\.`, ".*")
	re := regexp.MustCompile(`^. ` + pattern)
	for _, line := range h.logs {
		if re.MatchString(line) || re.MatchString(strings.Replace(line, "E not loaded: ", "E ", 1)) {
			return
		}
	}
	require.Fail(t, "no such line", fmt.Sprintf("%s\n%s\n%q", message, w.source, h.logs))
}
