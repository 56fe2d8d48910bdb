package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// browse opens a page in a Chromium without a window and returns what it shows,
// and what it complained about.
func browse(t *testing.T, url string) (dom, complaints string) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("RTNETLINK_E2E") == "" {
		t.Skip("needs Debian's chromium; with RTNETLINK_E2E=1 it has to be there")
	}
	require.NoError(t, err)
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(),
		"--virtual-time-budget=20000", "--enable-logging=stderr", "--dump-dom", url)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), errs.String())
	for line := range strings.Lines(errs.String()) {
		if strings.Contains(line, "CONSOLE") {
			complaints += line
		}
	}
	return out.String(), complaints
}

// part returns the text of an element of a page.
func part(t *testing.T, dom, id string) string {
	t.Helper()
	m := regexp.MustCompile(`(?s)<(\w+) id="` + id + `"[^>]*>(.*?)</\w+>`).FindStringSubmatch(dom)
	require.NotNil(t, m, id)
	return html.UnescapeString(m[2])
}

// eventTimes are the times of a stream's events behind a time.
func eventTimes(t *testing.T, file, from string) (times []string) {
	t.Helper()
	out, errs, status := ask(t, "", "log", "-format", "json", "-from", from, file)
	require.Equal(t, statusOK, status, errs)
	for line := range strings.Lines(out) {
		var e struct{ Time, Action string }
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		if e.Action != "" {
			times = append(times, e.Time)
		}
	}
	return times
}

// TestTheSliderShowsWhatStatePrints runs a page of real events in a browser.
func TestTheSliderShowsWhatStatePrints(t *testing.T) {
	dir := t.TempDir()
	inNamespace(t, `set -e
ip link set lo up
mkfifo "$1/hold"
"$SHOW" -poll_interval 0s <"$1/hold" >"$1/stream.lp" 2>"$1/log" &
exec 3>"$1/hold"
n=0; until grep -q moment=complete "$1/stream.lp"; do n=$((n+1)); [ $n -lt 300 ]; sleep 0.1; done
ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up
ip addr add 10.0.0.1/24 dev v0
ip route add 10.1.0.0/16 via 10.0.0.2 proto bgp; ip route add 10.1.2.0/24 nexthop via 10.0.0.3 nexthop via 10.0.0.4
ip route add default via 10.0.0.9; ip link set v0 alias "<b>\"quoted\" & more</b>"
ip route del 10.1.0.0/16; ip link set v1 down
sleep 0.5; exec 3>&-; wait
`, dir)
	file, page := filepath.Join(dir, "stream.lp"), filepath.Join(dir, "incident.html")
	_, errs, status := ask(t, "", "report", "-o", page, file)
	require.Equal(t, statusOK, status, errs)
	from := regexp.MustCompile(`Network from (\S+) to`).FindStringSubmatch(string(mustRead(t, page)))
	if from == nil { // the title is in the data
		dom, _ := browse(t, "file://"+page)
		from = regexp.MustCompile(`Network from (\S+) to`).FindStringSubmatch(dom)
	}
	times := eventTimes(t, file, from[1])
	require.Greater(t, len(times), 15)
	for _, n := range []int{1, len(times) / 2, len(times)} {
		dom, complaints := browse(t, fmt.Sprintf("file://%s#n=%d&q=10.1.2.7", page, n))
		require.Empty(t, complaints)
		require.Contains(t, dom, `data-ready="yes"`)
		want, errs, status := ask(t, "", "state", "-at", times[n-1], file)
		require.Equal(t, statusOK, status, errs)
		require.Equal(t, strings.TrimSpace(want), strings.TrimSpace(part(t, dom, "state")), "behind %d events", n)
		require.Contains(t, part(t, dom, "event"), fmt.Sprintf("%d of %d events", n, len(times)))
	}
	dom, _ := browse(t, "file://"+page+"#q=10.1.2.7")
	found := part(t, dom, "found")
	require.Regexp(t, `longest match first:\nmain: 10\.1\.2\.0/24\n\tnexthop via 10\.0\.0\.3 [^\n]*\n\tnexthop via 10\.0\.0\.4 [^\n]*\nmain: default via 10\.0\.0\.9`, found)
	require.NotContains(t, string(mustRead(t, page)), "http://cdn")
	require.Regexp(t, `default-src 'none'`, string(mustRead(t, page)), "no request leaves the page")
	require.NotContains(t, dom, "<b>", "what a name says is text")
}

// TestAPageOf100000Events is as large as a page has to be usable.
func TestAPageOf100000Events(t *testing.T) {
	if testing.Short() {
		t.Skip("large")
	}
	s := newStream(",host=r1")
	s.sync("begin", "start").sync("complete", "start")
	for i := range 100_000 {
		action := "change"
		if i < 5000 {
			action = "new"
		}
		s.route(action, i%5000+1, fmt.Sprintf("10.%d.%d.0/24", i%5000/250, i%250), fmt.Sprintf("10.0.0.%d", i/5000))
	}
	dir := t.TempDir()
	file, page := filepath.Join(dir, "stream.lp"), filepath.Join(dir, "incident.html")
	require.NoError(t, os.WriteFile(file, []byte(s.String()), 0o600))
	_, errs, status := ask(t, "", "report", "-o", page, file)
	require.Equal(t, statusOK, status, errs)
	dom, complaints := browse(t, "file://"+page+"#n=60000")
	require.Empty(t, complaints)
	require.Contains(t, part(t, dom, "event"), "60000 of 100000 events")
	require.Contains(t, part(t, dom, "count"), "5000 objects")
	require.Contains(t, part(t, dom, "state"), "10.0.0.0/24 via 10.0.0.11 dev eth0 proto bgp")
	t.Logf("the page has %d KiB", len(mustRead(t, page))>>10)
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return b
}

// TestAPageTakesNoOthersPlace: neither that of what it is made of, by any name, nor
// that of the page of before where it cannot be written.
func TestAPageTakesNoOthersPlace(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "changes.lp", usual("").String())
	page := filepath.Join(dir, "page.html")
	link, hard := filepath.Join(dir, "link.html"), filepath.Join(dir, "hard.html")
	require.NoError(t, os.Symlink(file, link))
	require.NoError(t, os.Link(file, hard))
	for _, to := range []string{file, link, hard, dir + "/./changes.lp"} {
		for _, from := range []string{file, dir + "/*.lp"} {
			_, errs, status := ask(t, "", "report", "-o", to, from)
			require.Equal(t, statusUsage, status)
			require.Equal(t, "report: -o "+to+" is a SOURCE; the page would take its place\n", errs)
		}
	}
	require.Equal(t, usual("").String(), string(mustRead(t, file)))

	_, errs, status := ask(t, "", "report", "-o", page, file)
	require.Equal(t, statusOK, status, errs)
	first := string(mustRead(t, page))
	_, errs, status = ask(t, "", "report", "-o", page, "-from", "1790000005", file)
	require.Equal(t, statusOK, status, errs)
	require.NotEqual(t, first, string(mustRead(t, page)), "a page may be made again")

	_, errs, status = ask(t, "", "report", "-o", "/dev/full", file)
	require.Equal(t, statusError, status)
	require.Contains(t, errs, "no space left on device")
	out := "\"$1\" report -o page.html changes.lp; test $? = 1 && cat page.html" // of the process: 2 KiB fit
	cmd := exec.Command("bash", "-c", "cd \"$2\" && echo before >page.html && ulimit -f 2 && trap '' XFSZ && { "+out+"; }", "-", os.Args[0], dir)
	cmd.Env = append(os.Environ(), envShow+"=1")
	printed, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", printed)
	require.Equal(t, "report: write page.html.new: file too large\nbefore\n", string(printed))
	require.NoFileExists(t, page+".new")
}
