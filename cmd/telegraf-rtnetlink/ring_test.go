package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin"
)

// ringTools wait for a recording in directory $2/ring.
const ringTools = `set -e
ip link set lo up
size() { cat "$1"/*.pcapng 2>/dev/null | wc -c; }
larger() { n=0; until [ "$(size "$1")" -gt "$2" ]; do n=$((n+1)); [ $n -lt 600 ]; sleep 0.05; done; }
change() { before=$(size "$1"); ip route add blackhole "$2"; larger "$1" $before; }
`

// TestARingOutlivesAKill: what was recorded before a kill -9 is there, also where
// the last write is torn, and the next run goes on beside it.
func TestARingOutlivesAKill(t *testing.T) {
	dir := t.TempDir()
	inNamespace(t, ringTools+`
for run in 1 2 3; do
	before=$(size "$2/ring")
	"$SHOW" record -ring 1MiB "$2/ring" & pid=$!
	larger "$2/ring" $((before + 4000))
	change "$2/ring" 30.$run.0.0/24
	kill -9 $pid; wait $pid || :
	[ $run != 2 ] || { last=$(ls "$2"/ring/*.pcapng | tail -1); truncate -s -7 "$last"; }
done
"$SHOW" replay "$2/ring" >"$2/stream.lp" 2>"$2/said" || :
`, "", dir)
	said, err := os.ReadFile(filepath.Join(dir, "said"))
	require.NoError(t, err)
	paths, err := plugin.RingFiles(filepath.Join(dir, "ring"))
	require.NoError(t, err)
	require.Len(t, paths, 3, "one a run")
	require.Contains(t, string(said), filepath.Base(paths[1]), "the file whose end is torn")
	out, errs, status := ask(t, "", "state", "-partial", "-object", "route", filepath.Join(dir, "stream.lp"))
	require.NotEqual(t, statusError, status, errs)
	for _, dst := range []string{"30.1.0.0/24", "30.2.0.0/24", "30.3.0.0/24"} {
		require.Contains(t, out, "blackhole "+dst)
	}
}

// TestARingOnAFullDisk says so at once, and what was recorded can be read.
func TestARingOnAFullDisk(t *testing.T) {
	if _, err := exec.LookPath("unshare"); err != nil {
		t.Skip("needs unshare")
	}
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(dir+"/full", 0o755))
	inNamespace(t, `exec unshare -m sh -c '`+ringTools+`
mount -t tmpfs -o size=64k none "$2"
"$SHOW" record -ring 1GiB "$2/ring" 2>"$3/said" & pid=$!
larger "$2/ring" 2000
ip route add blackhole 30.1.0.0/24
n=0
while kill -0 $pid 2>/dev/null; do
	n=$((n+1)); [ $n -lt 2000 ]
	ip route add blackhole 30.2.0.0/24 || :; ip route del blackhole 30.2.0.0/24 || :
done
status=0; wait $pid || status=$?
echo $status >"$3/status"
"$SHOW" replay "$2/ring" >"$3/stream.lp" 2>"$3/replay" || :
' sh "$@"`, "", dir+"/full", dir)
	said, err := os.ReadFile(filepath.Join(dir, "said"))
	require.NoError(t, err)
	require.Contains(t, string(said), "no space left on device")
	require.Equal(t, 1, strings.Count(string(said), "no space left"), "%s", said)
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	require.NoError(t, err)
	require.Equal(t, "1\n", string(status))
	stream, err := os.ReadFile(filepath.Join(dir, "stream.lp"))
	require.NoError(t, err)
	require.Contains(t, string(stream), `dst="30.1.0.0/24"`)
}
