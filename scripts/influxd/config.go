// Package influxd writes the configuration of an InfluxDB 1.x that a test or the
// bench has for itself.
package influxd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Config is how to start one. The zero value listens where InfluxDB does.
type Config struct {
	Address string   // of HTTP, host:port; "127.0.0.1:8086" if empty
	Backup  string   // of its other port; "127.0.0.1:8088" if empty
	HTTP    []string // further lines of the section http, as `auth-enabled = true`; $DIR is the directory
}

// Write writes the configuration of an empty database that says nothing of itself
// and keeps everything in dir, and returns its path.
func (c Config) Write(dir string) (path string, err error) {
	path = filepath.Join(dir, "influxdb.conf")
	address, backup := c.Address, c.Backup
	if address == "" {
		address = "127.0.0.1:8086"
	}
	if backup == "" {
		backup = "127.0.0.1:8088"
	}
	lines := strings.ReplaceAll(strings.Join(c.HTTP, "\n"), "$DIR", dir)
	return path, os.WriteFile(path, fmt.Appendf(nil, `
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
`, dir, address, backup, lines), 0o600)
}
