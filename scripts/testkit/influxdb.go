// Package testkit is what the tests of several packages share: an InfluxDB of their
// own, and the queries of the dashboards.
package testkit

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// InfluxDB is how to start one. The zero value listens where InfluxDB does.
type InfluxDB struct {
	Address string   // of HTTP, host:port; "127.0.0.1:8086" if empty
	Backup  string   // of its other port; "127.0.0.1:8088" if empty
	HTTP    []string // further lines of the section http, as `auth-enabled = true`
}

// Config writes the configuration of an empty database that says nothing of itself,
// in a directory of the test, and returns its path and the directory.
func (db InfluxDB) Config(t testing.TB) (path, dir string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, "influxdb.conf")
	address, backup := db.Address, db.Backup
	if address == "" {
		address = "127.0.0.1:8086"
	}
	if backup == "" {
		backup = "127.0.0.1:8088"
	}
	lines := strings.ReplaceAll(strings.Join(db.HTTP, "\n"), "$DIR", dir)
	require.NoError(t, os.WriteFile(path, fmt.Appendf(nil, `
reporting-enabled = false
reporting-disabled = true
bind-address = %[3]q
[meta]
  dir = "%[1]s/meta"
[data]
  dir = "%[1]s/data"
  wal-dir = "%[1]s/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
[http]
  bind-address = %[2]q
  log-enabled = false
%[4]s
`, dir, address, backup, lines), 0o600))
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
