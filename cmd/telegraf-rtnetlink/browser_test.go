package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// browser is a Chromium without a window, driven over two pipes by its own
// protocol: keys, media features, screenshots.
type browser struct {
	t        *testing.T
	in       io.Writer
	answers  chan message
	session  string
	last     int
	requests []string // what the pages asked for
	errors   []string // what they complained about
}

// message is an answer or an event of the protocol.
type message struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("RTNETLINK_E2E") == "" {
		t.Skip("needs Debian's chromium; with RTNETLINK_E2E=1 it has to be there")
	}
	require.NoError(t, err)
	theirIn, in, err := os.Pipe()
	require.NoError(t, err)
	out, theirOut, err := os.Pipe()
	require.NoError(t, err)
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--window-size=1400,1000", "--remote-debugging-pipe")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	require.NoError(t, cmd.Start())
	require.NoError(t, theirIn.Close())
	require.NoError(t, theirOut.Close())
	b := &browser{t: t, in: in, answers: make(chan message, 1000)}
	go func() {
		defer close(b.answers)
		for r := bufio.NewReader(out); ; {
			text, err := r.ReadBytes(0)
			if err != nil {
				return
			}
			var m message
			if json.Unmarshal(text[:len(text)-1], &m) == nil {
				b.answers <- m
			}
		}
	}()
	t.Cleanup(func() {
		_ = in.Close() // the browser ends with it
		for range b.answers {
		}
		_ = cmd.Wait()
		_ = out.Close()
	})
	var target struct{ TargetID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Network", "Runtime", "Log"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// call sends a command and waits for its answer.
func (b *browser) call(method string, params map[string]any, result any) {
	b.t.Helper()
	b.last++
	command := map[string]any{"id": b.last, "method": method, "params": params}
	if b.session != "" {
		command["sessionId"] = b.session
	}
	text, err := json.Marshal(command)
	require.NoError(b.t, err)
	_, err = b.in.Write(append(text, 0))
	require.NoError(b.t, err)
	for m := range b.answers {
		switch {
		case m.ID == b.last:
			require.Empty(b.t, string(m.Error), method)
			if result != nil {
				require.NoError(b.t, json.Unmarshal(m.Result, result))
			}
			return
		case m.Method == "Network.requestWillBeSent":
			var p struct{ Request struct{ URL string } }
			require.NoError(b.t, json.Unmarshal(m.Params, &p))
			b.requests = append(b.requests, p.Request.URL)
		case m.Method == "Runtime.exceptionThrown" || m.Method == "Log.entryAdded":
			b.errors = append(b.errors, string(m.Params))
		}
	}
	require.Fail(b.t, "the browser has ended", method)
}

// open loads a page and waits until it says that it is ready.
func (b *browser) open(url string) {
	b.t.Helper()
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	require.Eventually(b.t, func() bool { return b.eval(`document.body && document.body.dataset.ready || ""`) == "yes" }, 2*time.Minute, 50*time.Millisecond)
}

// eval returns the value of an expression as text.
func (b *browser) eval(expression string) string {
	b.t.Helper()
	var r struct {
		Result struct{ Value any }
	}
	b.call("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}, &r)
	return fmt.Sprint(r.Result.Value)
}

// frame waits until the page has drawn itself.
func (b *browser) frame() {
	b.eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))`)
}

// codes are the numbers of keys that are no letters.
var codes = map[string]int{"Tab": 9, "Escape": 27, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39, "ArrowDown": 40}

// press presses keys, each a name or a letter.
func (b *browser) press(keys ...string) {
	b.t.Helper()
	for _, key := range keys {
		down := map[string]any{"type": "keyDown", "key": key}
		if code, ok := codes[key]; ok {
			down["windowsVirtualKeyCode"], down["code"] = code, key
		} else {
			down["text"] = key
		}
		b.call("Input.dispatchKeyEvent", down, nil)
		b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "windowsVirtualKeyCode": codes[key]}, nil)
	}
	b.frame()
}

// scheme makes the page light or dark.
func (b *browser) scheme(name string) {
	b.t.Helper()
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": name}}}, nil)
	b.frame()
}

// shot saves what the page looks like, for eyes, where RTNETLINK_SCREENSHOTS names a
// directory; it has to be a picture in any case.
func (b *browser) shot(name string) {
	b.t.Helper()
	var r struct{ Data string }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &r)
	picture, err := base64.StdEncoding.DecodeString(r.Data)
	require.NoError(b.t, err)
	require.Greater(b.t, len(picture), 10_000)
	if dir := os.Getenv("RTNETLINK_SCREENSHOTS"); dir != "" {
		require.NoError(b.t, os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600))
	}
}

// incident is a page of a router with links, a bond and routes, and its stream.
func incident(t *testing.T) (page, file string, events int) {
	t.Helper()
	s := newStream(",host=r1")
	link := func(action string, index int, name, state, more string) {
		s.seq++
		s.at += second
		fmt.Fprintf(s, "rtnetlink_link,action=%s,host=r1,interface=%s,origin=notify ifindex=%di,link_type=\"ether\",mtu=1500i,operstate=%q%s,key=\"%016x\",seq=%di %d\n",
			action, name, index, state, more, 1000+index, s.seq, s.at)
	}
	s.sync("begin", "start")
	link("new", 2, "eth0", "up", "")
	link("new", 3, "eth1", "up", "")
	link("new", 4, "bond0", "up", `,bond_active_slave="eth0"`)
	s.route("new", 1, "default", "10.0.0.9")
	s.sync("complete", "start")
	for i := range 200 {
		s.route("new", 2+i, fmt.Sprintf("10.%d.%d.0/24", i/100, i%100), fmt.Sprintf("10.0.0.%d", i%3+1))
	}
	link("change", 2, "eth0", "down", `,changed="operstate",previous_operstate="up",portid=812i,process="ip"`)
	link("change", 4, "bond0", "up", `,bond_active_slave="eth1",changed="bond_active_slave",previous_bond_active_slave="eth0"`)
	for i := range 100 {
		s.route("delete", 2+i, fmt.Sprintf("10.%d.%d.0/24", i/100, i%100), fmt.Sprintf("10.0.0.%d", i%3+1))
	}
	dir := t.TempDir()
	file, page = filepath.Join(dir, "stream.lp"), filepath.Join(dir, "incident.html")
	require.NoError(t, os.WriteFile(file, []byte(s.String()), 0o600))
	_, errs, status := ask(t, "", "report", "-o", page, file)
	require.Equal(t, statusOK, status, errs)
	return page, file, 302
}

// TestThePageByKeys: everything is reached and moved without a mouse, and the state
// is that of the command.
func TestThePageByKeys(t *testing.T) {
	page, file, events := incident(t)
	b := newBrowser(t)
	b.open("file://" + page)
	focus := func() string { return b.eval(`document.activeElement.id`) }
	at := func() string { return b.eval(`document.getElementById("event").textContent`) }
	of := func(n int) string { return fmt.Sprintf("%d of %d events", n, events) }

	b.press("Tab")
	require.Equal(t, "slider", focus(), "the first stop")
	require.NotEqual(t, "none", b.eval(`getComputedStyle(document.activeElement).outlineStyle`), "where the keys go can be seen")
	var stops []string
	for range 6 {
		b.press("Tab")
		stops = append(stops, focus())
	}
	for _, id := range []string{"search", "class", "state", "diff"} {
		require.Contains(t, stops, id)
	}

	b.eval(`document.getElementById("slider").focus()`)
	for _, step := range []struct {
		key  string
		want int
	}{{"Home", 0}, {"ArrowRight", 1}, {"ArrowRight", 2}, {"ArrowLeft", 1}, {"PageDown", 5}, {"PageUp", 1}, {"PageUp", 0}, {"End", events}, {"ArrowRight", events}, {"ArrowLeft", events - 1}} {
		b.press(step.key)
		require.Equal(t, of(step.want), at(), step.key)
	}
	for _, keys := range [][]string{{"End"}, {"Home", "ArrowRight", "ArrowRight", "PageDown"}, {"End", "PageUp", "PageUp"}} {
		b.press(keys...)
		want, errs, status := ask(t, "", "state", "-at", b.eval(`document.getElementById("when").textContent`), file)
		require.Equal(t, statusOK, status, errs)
		require.Equal(t, strings.TrimSpace(want), strings.TrimSpace(b.eval(`document.getElementById("state").textContent`)), keys)
		require.Equal(t, b.eval(`document.getElementById("when").textContent`), b.eval(`document.getElementById("slider").getAttribute("aria-valuetext")`))
	}

	require.Equal(t, of(events-8), at(), "keys faster than frames")

	b.press("/")
	require.Equal(t, "search", focus())
	b.press(strings.Split("10.1.7.9", "")...)
	require.Contains(t, b.eval(`document.getElementById("found").textContent`), "main: 10.1.7.0/24 via", at())
	b.press("Escape")
	require.Equal(t, "slider", focus())
	require.Empty(t, b.eval(`document.getElementById("search").value`))

	b.eval(`document.getElementById("class").focus()`)
	b.press("ArrowDown")
	require.Equal(t, "link", b.eval(`document.getElementById("class").value`))
	require.NotContains(t, b.eval(`document.getElementById("state").textContent`), "10.1.7.0/24")
	require.Equal(t, "eth0 eth1", b.eval(`[...document.querySelectorAll("#lanes text.port")].map((e) => e.textContent).join(" ")`), "the active port of the bond")

	require.Equal(t, []string{"file://" + page}, b.requests, "no request leaves the page")
	require.Empty(t, b.errors)
}

// contrast returns, for each kind of text on the page, how far it stands out from
// what is behind it, as WCAG counts it, and the least of them.
const contrast = `(() => {
	const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	const rgb = (text) => text.match(/[\d.]+/g).map(Number);
	const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
	let least = 99, which = '';
	for (const e of document.querySelectorAll('h1, h2, p, kbd, output, pre, td, th, select, input[type=search], .add, .del')) {
		const a = light(rgb(getComputedStyle(e).color).slice(0, 3)), b = light(behind(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < least) { least = ratio; which = e.tagName + '.' + e.className; }
	}
	return least >= 4.5 ? 'readable' : which + ' ' + least;
})()`

func TestThePageInTheDark(t *testing.T) {
	page, _, _ := incident(t)
	b := newBrowser(t)
	b.open("file://" + page)
	backgrounds := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		backgrounds[scheme] = b.eval(`getComputedStyle(document.body).backgroundColor`)
		require.Equal(t, "readable", b.eval(contrast), scheme)
		b.shot(scheme)
	}
	require.NotEqual(t, backgrounds["light"], backgrounds["dark"])
	require.Less(t, b.eval(`getComputedStyle(document.body).backgroundColor.match(/\d+/)[0].padStart(3, "0")`), "064", "dark is dark")
}
