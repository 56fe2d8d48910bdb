package capture

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"

	"github.com/stretchr/testify/require"
)

// TestTsharkDecodesTheStoredRecordings is about the files that other tests
// replay. Those with a message that is broken on purpose are left out.
func TestTsharkDecodesTheStoredRecordings(t *testing.T) {
	nstest.NeedTool(t, "tshark")
	var joined []byte // sections, which a pcapng file may have several of
	var origin []string
	for _, path := range storedRecordings(t) {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		records, err := readAll(b)
		require.NoError(t, err, path)
		joined = append(joined, b...)
		for i := range records {
			origin = append(origin, fmt.Sprintf("%s, packet %d", path, i+1))
		}
	}
	path := filepath.Join(t.TempDir(), "joined.pcapng")
	require.NoError(t, os.WriteFile(path, joined, 0o600))
	packets := frames(t, path)
	require.Len(t, packets, len(origin))
	for i, f := range packets {
		require.Contains(t, f, "netlink", origin[i])
		require.NotContains(t, f, "_ws.malformed", origin[i])
		require.NotContains(t, f, "data", origin[i])
	}
}

func storedRecordings(t *testing.T) (out []string) {
	for _, dir := range []string{"recordings", "scripts"} {
		files, err := filepath.Glob(filepath.Join("../../../testdata", dir, "*.pcapng"))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, path := range files {
			if filepath.Base(path) != "messages-that-cannot-be-read.pcapng" {
				out = append(out, path)
			}
		}
	}
	return out
}
