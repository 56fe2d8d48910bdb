// Package testkit is what the tests of several packages share: an InfluxDB of their
// own, the plugins of a Telegraf, and the queries of the dashboards.
package testkit

import (
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/scripts/influxd"
)

// InfluxConfig writes a configuration into a directory of the test, and returns its
// path and the directory.
func InfluxConfig(t testing.TB, c influxd.Config) (path, dir string) {
	t.Helper()
	dir = t.TempDir()
	path, err := c.Write(dir)
	require.NoError(t, err)
	return path, dir
}

// AwaitInfluxDB waits until one answers at a URL.
func AwaitInfluxDB(t testing.TB, client *http.Client, url string) {
	t.Helper()
	require.Eventually(t, func() bool {
		resp, err := client.Get(url + "/ping")
		if err == nil {
			_ = resp.Body.Close()
		}
		return err == nil
	}, time.Minute, 50*time.Millisecond, "influxd does not answer")
}

// FreeAddress is one of the loopback that nobody listens at.
func FreeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}
