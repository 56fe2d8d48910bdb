package event

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// writeFiles makes a directory of files.
func writeFiles(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

// restoreNames brings the built-in names back after the test.
func restoreNames(t *testing.T) { t.Cleanup(func() { builtinNames().use() }) }

func TestLoadNamesReadsWhatIproute2Reads(t *testing.T) {
	restoreNames(t)
	vendor := writeFiles(t, map[string]string{
		"rt_tables": "100\tvendor\n200 kept\n",
		"group":     "0 default\n",
	})
	local := writeFiles(t, map[string]string{
		"rt_tables":             "# comment\n\n255 local\n 100 upstream # the ISP\n0x1F4 hex\n4294967295 last\n",
		"rt_tables.d/vpn.conf":  "300 vpn\n",
		"rt_tables.d/README":    "301 ignored\n",
		"rt_protos":             "200 mydaemon\n4 fixed\n",
		"rt_scopes":             "100 campus\n",
		"group":                 "7 uplinks\n",
		"rt_addrprotos":         "9 dhcp\n",
		"rt_protos.d/frr.conf":  "201 frr",
		"rt_protos.d/some.conf": "\n",
	})
	require.NoError(t, LoadNames(vendor, local))

	for id, want := range map[uint32]string{100: "upstream", 200: "kept", 500: "hex", 1<<32 - 1: "last", 300: "vpn", 301: "301", unix.RT_TABLE_MAIN: "main"} {
		assert.Equal(t, want, tableName(id))
	}
	assert.Equal(t, []string{"mydaemon", "fixed", "frr", "bgp"}, []string{protocolName(200), protocolName(4), protocolName(201), protocolName(unix.RTPROT_BGP)})
	assert.Equal(t, []string{"campus", "uplinks", "dhcp", "global"}, []string{scopeName(100), groupName(7), addrProtocolName(9), scopeName(0)})

	require.NoError(t, LoadNames())
	assert.Equal(t, "100", tableName(100), "names of an earlier call are gone")
	assert.Equal(t, "static", protocolName(4))
}

func TestLoadNamesNamesWhatItLeavesOut(t *testing.T) {
	restoreNames(t)
	dir := writeFiles(t, map[string]string{
		"rt_tables": "100 good\nbad line\n-1 negative\n4294967296 toobig\n101\n102 after\n103 w\xffrong\n",
		"rt_protos": "200 also\n",
	})
	require.NoError(t, os.Mkdir(filepath.Join(dir, "group"), 0o755))
	err := LoadNames(dir)
	for _, line := range []string{"rt_tables:2", "rt_tables:3", "rt_tables:4", "rt_tables:5", "group"} {
		assert.ErrorContains(t, err, filepath.Join(dir, line))
	}
	assert.NotContains(t, err.Error(), "rt_tables:6")
	assert.Equal(t, []string{"good", "after", "w\uFFFDrong", "also"}, []string{tableName(100), tableName(102), tableName(103), protocolName(200)})
}

func TestLoadNamesOfNoDirectoryKeepsTheBuiltinNames(t *testing.T) {
	restoreNames(t)
	require.NoError(t, LoadNames(filepath.Join(t.TempDir(), "missing")))
	assert.Equal(t, []string{"main", "kernel", "link", "default"}, []string{tableName(254), protocolName(2), scopeName(253), groupName(0)})
}

func TestLoadNamesWhileDecoding(t *testing.T) {
	restoreNames(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { assert.NoError(t, LoadNames("/etc/iproute2")) })
		wg.Go(func() { assert.Equal(t, "main", tableName(254)) })
	}
	wg.Wait()
}
