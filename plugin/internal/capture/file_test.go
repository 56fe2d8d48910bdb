package capture

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestCreate(t *testing.T) {
	for _, tt := range []struct {
		name  string
		setup func(path string) error
		// refusal is part of the error without force; empty: none.
		refusal string
		// forced says whether force helps.
		forced bool
	}{
		{name: "new", setup: func(string) error { return nil }, forced: true},
		{name: "own file", setup: func(p string) error { return os.WriteFile(p, []byte("old"), 0o644) },
			refusal: "exists already; name another file, or use -force", forced: true},
		{"symbolic link", func(p string) error {
			return os.Symlink(filepath.Join(filepath.Dir(p), "target"), p)
		}, "is a symbolic link; remove it or use -force", false}, // its target is missing
		{"link to a file", func(p string) error {
			target := filepath.Join(filepath.Dir(p), "target")
			if err := os.WriteFile(target, nil, 0o600); err != nil {
				return err
			}
			return os.Symlink(target, p)
		}, "is a symbolic link; remove it or use -force", true},
		{"hard link", func(p string) error {
			other := filepath.Join(filepath.Dir(p), "other")
			if err := os.WriteFile(other, nil, 0o600); err != nil {
				return err
			}
			return os.Link(other, p)
		}, "exists already; name another file, or use -force", true},
		{"directory", func(p string) error { return os.Mkdir(p, 0o700) }, "is a directory", false},
		{"FIFO nobody reads", func(p string) error { return unix.Mkfifo(p, 0o600) }, "is not a plain file; use -force", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "r.pcapng")
			require.NoError(t, tt.setup(path))
			f, err := Create(path, false)
			if tt.refusal != "" {
				require.ErrorContains(t, err, tt.refusal)
				require.ErrorContains(t, err, path)
			} else {
				require.NoError(t, err)
				require.NoError(t, f.Close())
			}
			if !tt.forced {
				return
			}
			f, err = Create(path, true)
			require.NoError(t, err)
			require.NoError(t, f.Close())
			b, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Empty(t, b)
		})
	}
}

func TestCreateIsForTheOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.pcapng")
	f, err := Create(path, false)
	require.NoError(t, err)
	defer f.Close()
	st, err := f.Stat()
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), st.Mode())
}

func TestCreateLeavesDevicesAlone(t *testing.T) {
	_, err := Create(os.DevNull, false)
	require.EqualError(t, err, "/dev/null is not a plain file; use -force to write to it")
}
