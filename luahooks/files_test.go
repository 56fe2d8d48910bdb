package luahooks

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks/internal/files"
)

// writeFiles makes a directory with files that only their owner can write.
func writeFiles(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

func TestScriptsThatOthersCanChangeAreRefused(t *testing.T) {
	dir := writeFiles(t, map[string]string{"group.lua": "", "world.lua": "", "good.lua": "", "open/a.lua": "", "sticky/a.lua": ""})
	in := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.Chmod(in("group.lua"), 0o664))
	require.NoError(t, os.Chmod(in("world.lua"), 0o606))
	require.NoError(t, os.Chmod(in("open"), 0o777))
	require.NoError(t, os.Chmod(in("sticky"), 0o777|os.ModeSticky))
	require.NoError(t, os.Symlink("good.lua", in("link.lua")))
	require.NoError(t, os.Symlink(in("group.lua"), in("badlink.lua")))
	require.NoError(t, os.Symlink("loop.lua", in("loop.lua")))
	require.NoError(t, syscall.Mkfifo(in("fifo.lua"), 0o600))
	for name, want := range map[string]string{
		"good.lua": "", "link.lua": "", "sticky/a.lua": "", "./sticky/../good.lua": "",
		"group.lua":   "group.lua: writable by group or others (mode 0664), run: chmod go-w " + in("group.lua"),
		"world.lua":   "world.lua: writable by group or others (mode 0606)",
		"badlink.lua": "badlink.lua: writable by group or others (mode 0664)",
		"open/a.lua":  "open: a directory writable by everybody (mode 0777), run: chmod o-w " + in("open"),
		"loop.lua":    "too many symbolic links",
		"fifo.lua":    "not a regular file",
		"missing.lua": "no such file or directory",
		"good.lua/a":  "not a directory",
	} {
		got := loadErr(t, Config{Script: in(name)})
		if want == "" {
			require.Equal(t, "", got, name)
		} else {
			require.Contains(t, got, want, name)
		}
	}
	require.Contains(t, loadErr(t, Config{Script: dir}), "not a regular file")
}

func TestScriptsOfOtherUsersAreRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	dir := writeFiles(t, map[string]string{"theirs.lua": "", "ours.lua": "", "dir/a.lua": ""})
	in := func(name string) string { return filepath.Join(dir, name) }
	if err := os.Chown(in("theirs.lua"), 12345, 0); err != nil {
		t.Skip("cannot change owners here: ", err)
	}
	require.NoError(t, os.Symlink("ours.lua", in("link.lua")))
	require.NoError(t, os.Lchown(in("link.lua"), 12345, 0))
	require.NoError(t, os.Chown(in("dir"), 12345, 0))
	for _, name := range []string{"theirs.lua", "link.lua", "dir/a.lua"} {
		require.Contains(t, loadErr(t, Config{Script: in(name)}), "owned by user 12345, want root or user 0", name)
	}
}

func TestLargeFileIsRefused(t *testing.T) {
	dir := writeFiles(t, map[string]string{"a.lua": string(make([]byte, files.MaxSize+1))})
	require.Contains(t, loadErr(t, Config{Script: filepath.Join(dir, "a.lua")}), "larger than 256 KiB")
}
