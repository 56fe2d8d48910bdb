package luahooks

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestErrorsNameWhatWasCalled(t *testing.T) {
	for body, want := range map[string]string{
		`nl.log("x")`:                     "attempt to call field 'log' (a table value); it is a table; there are: nl.log.debug, nl.log.error, nl.log.info, nl.log.warn",
		`nl.onn("link", print)`:           "attempt to call field 'onn' (a nil value); there is no nl.onn; nearest: nl.on",
		`nl.logg.info("x")`:               "attempt to index field 'logg' (a nil value); there is no nl.logg; nearest: nl.log",
		`nl.log.inf("x")`:                 "there is no nl.log.inf; there are: nl.log.debug",
		`nl.json.parse("x")`:              "there is no nl.json.parse; there are: nl.json.decode",
		`string.fmt("x")`:                 "there is no string.fmt; there are: string.byte",
		`math.flor(1)`:                    "there is no math.flor; nearest: math.floor",
		`nl.DROP()`:                       "it is an action for nl.on, not a function",
		`return config.hold.x`:            "attempt to index field 'hold' (a nil value); the configuration gives no constant hold",
		`os.time()`:                       "attempt to index global 'os' (a nil value); there is no os in a script",
		`loadstring("x")`:                 "attempt to call global 'loadstring' (a nil value); a script cannot load code",
		`nl.counter("c"):incr(1)`:         `a counter has no "incr"; there are: by, inc`,
		`nl.gauge("g"):add(1)`:            `a gauge has no "add"; there are: inc, remove, set`,
		`nl.state("m"):put(1, 2)`:         `a map of nl.state has no "put"; there are: clear, del, each, get, hits, incr, len, set, swap`,
		`nl.state("m").x = 1`:             `cannot set "x" of a map of nl.state`,
		`nl.after(1, print):stop()`:       `a handle has no "stop"; there are: cancel, off`,
		`nl.ip.set{"10.0.0.0/8"}:has(1)`:  `a set has no "has"; there are: find`,
		`nl.after("soon", print)`:         "bad argument #1 to 'nl.after' (number expected, got string)",
		`nl.json.decode(nil)`:             "bad argument #1 to 'nl.json.decode' (string expected, got nil)",
		`nl.count("lnk")`:                 `bad argument #1 to 'nl.count' (there is no "lnk"; there are: link, route, neighbor)`,
		`local x = nil; x.y()`:            "attempt to index local 'x' (a nil value) (hook",
		`local log = nl.log; log("x")`:    "attempt to call local 'log' (a table value) (hook",
		`nl:on("link", print)`:            `with a dot, got a table`,
		`nl.links{foo = 1}`:               `nl.links: filter: link has no "foo"`,
		`nl.count("link", {foo = 1})`:     `nl.count: filter: link has no "foo"`,
		`nl.neighbors{state = "faild"}`:   `nl.neighbors: filter: state is never "faild"`,
		`nl.routes{limit = "x"}`:          "limit: want a number of objects, got a string",
		`nl.state("m"):incr("k", "many")`: "bad argument #2 to 'incr' (number expected, got string)",
	} {
		require.Contains(t, evalErr(t, body), want, body)
	}
	require.Contains(t, loadErr(t, Config{Source: `nl.on("link", print)`}), `global 'nl' (a nil value); forgot local nl = require "rtnetlink"?`)
}

// TestScriptsCannotPassForTheHost is about names that readers of the stream take
// for events.
func TestScriptsCannotPassForTheHost(t *testing.T) {
	const refused = "names that begin with rtnetlink_ are the plugin's own"
	for _, top := range []string{`nl.metric("rtnetlink_route", {"action"}, {"key"})`, `nl.counter("rtnetlink_x")`, `nl.gauge("rtnetlink_x")`} {
		require.Contains(t, loadErr(t, Config{Source: `local nl = require "rtnetlink" ` + top}), refused, top)
	}
	require.Contains(t, evalErr(t, `nl.emit("rtnetlink_link", {action = "new"}, {a = 1})`), refused)
	require.Empty(t, eval(t, `nl.emit("rtnetlink", nil, {a = 1})`))
	f := start(t, `require("rtnetlink").on("link", function(ev) ev:measurement(ev.interface) end)`)
	_, edits := f.run(linkEvent("new", values{"interface": "rtnetlink_link"}))
	require.Equal(t, []string{"measurement rtnetlink_link"}, edits, "its own name")
	_, edits = f.run(linkEvent("new", values{"interface": "rtnetlink_route"}))
	require.Empty(t, edits)
	require.True(t, f.logged(refused), f.host.logs)
}
