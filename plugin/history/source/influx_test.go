package source

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/history"
	"telegraf-rtnetlink/scripts/influxd"
	"telegraf-rtnetlink/scripts/testkit"
)

// startInfluxd starts an InfluxDB in a directory of its own, with a user, and
// returns its address.
func startInfluxd(t *testing.T) string {
	t.Helper()
	return startInflux(t, "")
}

// startInflux starts one with more lines in its section http, for TLS.
func startInflux(t *testing.T, http1 string) string {
	t.Helper()
	return startInfluxOf(t, "influxd", http1)
}

// startInfluxOf starts a program.
func startInfluxOf(t *testing.T, program, http1 string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil && os.Getenv("RTNETLINK_E2E") == "" {
		t.Skip("needs Debian's influxdb; with RTNETLINK_E2E=1 it has to be there")
	}
	require.NoError(t, err)
	addr := testkit.FreeAddress(t)
	config, _ := testkit.InfluxConfig(t, influxd.Config{Address: addr, Backup: testkit.FreeAddress(t), HTTP: []string{"  auth-enabled = true", http1}})
	cmd := exec.Command(path, "-config", config)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	if strings.Contains(http1, "https-enabled") {
		addr = "https://" + addr
	}
	client, url1 := reach(addr)
	testkit.AwaitInfluxDB(t, client, url1)
	post(t, addr, "/query", url.Values{"q": {"CREATE USER u WITH PASSWORD 'p' WITH ALL PRIVILEGES"}}, "")
	require.Eventually(t, func() bool { // an answer with status 200 may hold an error
		post(t, addr, "/query", url.Values{"q": {"CREATE DATABASE d"}}, "")
		return strings.Contains(post(t, addr, "/query", url.Values{"q": {"SHOW DATABASES"}}, ""), `["d"]`)
	}, time.Minute, 50*time.Millisecond)
	return addr
}

// reach returns the URL of an address, and a client that asks for no certificate.
func reach(addr string) (client *http.Client, url string) {
	if !strings.Contains(addr, "://") {
		return http.DefaultClient, "http://" + addr
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}, addr
}

// post returns the body of the answer.
func post(t *testing.T, addr, path string, form url.Values, body string) string {
	t.Helper()
	client, addr := reach(addr)
	req, err := http.NewRequest(http.MethodPost, addr+path+"?"+form.Encode(), strings.NewReader(body))
	require.NoError(t, err)
	req.SetBasicAuth("u", "p")
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Less(t, resp.StatusCode, 300, "%s: %s", resp.Status, answer)
	return string(answer)
}

// states returns what a source tells of the routes at some times.
func states(t *testing.T, times []int64, read func(o Options, add func(*history.Row) error) error) (out []string) {
	t.Helper()
	for _, at := range times {
		p := history.NewReplay(at)
		var notes Notes
		require.NoError(t, done(read(Options{From: at, To: at, Notes: &notes}, func(r *history.Row) error {
			p.Add(r)
			return nil
		})))
		text := fmt.Sprintln(at, notes.Lines())
		for _, c := range p.Finish() {
			text += fmt.Sprintln(c.Host, c.Verdicts[0].Status, c.Verdicts[0].Reason)
			for key := range uint64(10) {
				if o := c.Get("route", key*0x9e3779b97f4a7c15); o != nil {
					text += fmt.Sprintln(o.Time, o.Seq, o.Text("dst"), o.Text("gateway"), o.Text("metric"), o.Text("interface"))
				}
			}
		}
		out = append(out, text)
	}
	return out
}

// times of churn(10): in the building, complete, changed, at the end.
var churnTimes = []int64{1_790_000_000_000_005_000, 1_790_000_000_000_010_500, 1_790_000_000_000_017_000, history.Newest}

func TestInfluxDBTellsWhatTheFileTells(t *testing.T) {
	addr := startInfluxd(t)
	file := churn(10)
	post(t, addr, "/write", url.Values{"db": {"d"}}, string(file))
	want := states(t, churnTimes, func(o Options, add func(*history.Row) error) error {
		return readAny("f", bytes.NewReader(file), o.Notes, add)
	})
	require.Contains(t, want[0], "building")
	require.Contains(t, want[2], "r1 exact")
	read := func(spec string) func(o Options, add func(*history.Row) error) error {
		return func(o Options, add func(*history.Row) error) error {
			return Read(context.Background(), []string{spec}, o, add)
		}
	}
	require.Equal(t, want, states(t, churnTimes, read("influxdb://u:p@"+addr+"/d")))

	t.Setenv("INFLUX_USERNAME", "u")
	t.Setenv("INFLUX_PASSWORD", "p")
	require.Equal(t, want[3:], states(t, churnTimes[3:], read("influxdb://"+addr+"/d")))
	for spec, says := range map[string]string{
		"influxdb://u:wrong@" + addr + "/d":      "authorization failed",
		"influxdb://u:p@" + addr + "/none":       `the database "none" has no measurement`,
		"influxdb://u:p@" + addr:                 "want influxdb://host:8086/database",
		"influxdb://u:secret@" + addr + "/d?x=1": `unknown option "x"`,
		"influxdbs://u:p@" + addr + "/d":         "HTTP response to HTTPS client",
		"influxdb://u:secret@127.0.0.1:1/d":      "connection refused",
		"mysql://u:p@host/d":                     `unknown scheme "mysql"`,
	} {
		err := Read(context.Background(), []string{spec}, Options{Notes: &Notes{}}, func(*history.Row) error { return nil })
		require.ErrorContains(t, err, says, spec)
		require.NotContains(t, err.Error(), "secret")
	}
}

// TestInfluxDBOverTLS has a certificate that nobody knows.
func TestInfluxDBOverTLS(t *testing.T) {
	dir := t.TempDir()
	server := httptest.NewTLSServer(nil) // for its certificate, for 127.0.0.1
	pair := server.TLS.Certificates[0]
	server.Close()
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	require.NoError(t, err)
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})
	ca, both := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "both.pem")
	require.NoError(t, os.WriteFile(ca, cert, 0o600))
	require.NoError(t, os.WriteFile(both, append(cert, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...), 0o600))
	addr := startInflux(t, fmt.Sprintf("  https-enabled = true\n  https-certificate = %q\n", both))
	file := churn(10)
	post(t, addr, "/write", url.Values{"db": {"d"}}, string(file))
	want := states(t, churnTimes[3:], func(o Options, add func(*history.Row) error) error {
		return readAny("f", bytes.NewReader(file), o.Notes, add)
	})
	_, host, _ := strings.Cut(addr, "://")
	for _, spec := range []string{"influxdb://u:p@" + host + "/d?ca=" + ca, "influxdbs://u:p@" + host + "/d?insecure=true", "influxdb://u:p@" + host + "/d?tls=true&insecure=true"} {
		require.Equal(t, want, states(t, churnTimes[3:], func(o Options, add func(*history.Row) error) error {
			return Read(context.Background(), []string{spec}, o, add)
		}), spec)
	}
	for spec, says := range map[string]string{
		"influxdbs://u:secret@" + host + "/d":                 "ca=FILE names it, insecure=true does without",
		"influxdb://u:secret@" + host + "/d":                  "over HTTPS: influxdbs://",
		"influxdbs://u:secret@" + host + "/d?ca=" + dir:       "is a directory",
		"influxdbs://u:secret@" + host + "/d?ca=/dev/null":    "/dev/null: no certificate in it",
		"influxdbs://u:secret@" + host + "/d?ca=" + dir + "x": "no such file",
	} {
		err := Read(context.Background(), []string{spec}, Options{Notes: &Notes{}}, func(*history.Row) error { return nil })
		require.ErrorContains(t, err, says, spec)
		require.NotContains(t, err.Error(), "secret")
	}
}

// TestJSONTellsWhatTheFileTells has Telegraf's JSON, an object a line and in a
// batch, with times of several units.
func TestJSONTellsWhatTheFileTells(t *testing.T) {
	file := churn(10)
	want := states(t, churnTimes, func(o Options, add func(*history.Row) error) error {
		return readAny("f", bytes.NewReader(file), o.Notes, add)
	})
	single, batch := jsonOf(t, file)
	for name, text := range map[string]string{"single": single, "batch": batch} {
		have := states(t, churnTimes, func(o Options, add func(*history.Row) error) error {
			return readAny("f", strings.NewReader(text), o.Notes, add)
		})
		require.Equal(t, want, have, name)
	}
	var notes Notes
	rows := 0
	require.NoError(t, readAny("f", strings.NewReader(single[:len(single)-20]), &notes, func(*history.Row) error { rows++; return nil }))
	require.Equal(t, 31, rows)
	require.Equal(t, []string{"f: the last line is cut off; it is not used"}, notes.Lines())
	for n, want := range map[int64]int64{1_790_000_000: 1_790_000_000e9, 1_790_000_000_123: 1_790_000_000_123e6, 1_790_000_000_123_456: 1_790_000_000_123_456e3, 1_790_000_000_123_456_789: 1_790_000_000_123_456_789} {
		require.Equal(t, want, Nanoseconds(n))
	}
}
