package watch

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is how long a test waits for what should come within milliseconds.
const patience = 30 * time.Second

func watching(t *testing.T, dir string) *Watcher {
	t.Helper()
	w, err := New([]string{dir})
	require.NoError(t, err)
	return w
}

// toldSoon waits until w tells of a change.
func toldSoon(t *testing.T, w *Watcher, what string) {
	t.Helper()
	select {
	case <-w.Changed():
	case <-time.After(patience):
		t.Fatalf("not told: %s", what)
	}
}

// hasty makes watchers of the test give up looking again soon.
func hasty(t *testing.T) {
	t.Helper()
	before := settle
	settle = []time.Duration{0, time.Millisecond}
	t.Cleanup(func() { settle = before })
}

// quiet waits until all echoes of a change are through.
func quiet(w *Watcher) {
	for {
		select {
		case <-w.Changed():
		case <-time.After(100 * time.Millisecond):
			return
		}
	}
}

func TestWatcherTellsOfNamesInADirectory(t *testing.T) {
	hasty(t)
	dir := filepath.Join(t.TempDir(), "netns")
	require.NoError(t, os.Mkdir(dir, 0o755))
	w := watching(t, dir)
	defer w.Close()
	name := filepath.Join(dir, "a")
	require.NoError(t, os.WriteFile(name, nil, 0o600))
	toldSoon(t, w, "made")
	quiet(w)
	require.NoError(t, os.Remove(name))
	toldSoon(t, w, "removed")
}

// TestWatcherFollowsADirectoryThatComesAndGoes: ip-netns(8) makes /run/netns
// with the first namespace.
func TestWatcherFollowsADirectoryThatComesAndGoes(t *testing.T) {
	hasty(t)
	dir := filepath.Join(t.TempDir(), "netns")
	w := watching(t, dir)
	defer w.Close()
	for range 2 {
		require.NoError(t, os.Mkdir(dir, 0o755))
		toldSoon(t, w, "directory made")
		quiet(w)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), nil, 0o600))
		toldSoon(t, w, "name made")
		require.NoError(t, os.RemoveAll(dir))
		toldSoon(t, w, "directory removed")
		quiet(w)
	}
}

// TestWatcherLooksAgain: a namespace is mounted over its file after that is
// made, which nothing tells.
func TestWatcherLooksAgain(t *testing.T) {
	dir := t.TempDir()
	w := watching(t, dir)
	defer w.Close()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), nil, 0o600))
	begin, echoes := time.Now(), 0
	for time.Since(begin) < settle[len(settle)-2]+200*time.Millisecond {
		select {
		case <-w.Changed():
			echoes++
		case <-time.After(10 * time.Millisecond):
		}
	}
	require.GreaterOrEqual(t, echoes, 3)
}

func TestWatcherIsSilentAboutNeighbors(t *testing.T) {
	above := t.TempDir()
	dir := filepath.Join(above, "netns")
	require.NoError(t, os.Mkdir(dir, 0o755))
	w := watching(t, dir)
	defer w.Close()
	require.NoError(t, os.WriteFile(filepath.Join(above, "other"), nil, 0o600))
	select {
	case <-w.Changed():
		t.Fatal("told of another directory")
	case <-time.After(100 * time.Millisecond):
	}
}

func TestWatcherThatCannotWatchSaysSo(t *testing.T) {
	w, err := New([]string{"/does/not/exist"})
	require.ErrorContains(t, err, `watching ["/does/not/exist"]: `)
	require.Nil(t, w.Changed(), "it never tells anything")
	w.Close()
}

func TestWatcherCloseWhileChangesCome(t *testing.T) {
	dir := t.TempDir()
	for range 20 {
		w := watching(t, dir)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), nil, 0o600))
		w.Close() // goleak sees what is left
	}
}
