package lua51

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLanguage runs the programs of testdata/language, one behaviour each:
// they are separated by lines that begin with "----".
func TestLanguage(t *testing.T) {
	files, err := filepath.Glob("testdata/language/*.lua")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		var names, programs []string
		for part := range strings.SplitSeq(string(raw), "---- ") {
			if name, body, ok := strings.Cut(part, "\n"); ok && name != "" {
				names, programs = append(names, name), append(programs, body)
			}
		}
		for i, want := range reference(t, programs) {
			t.Run(filepath.Base(file)+"/"+names[i], func(t *testing.T) {
				require.Equal(t, want, outcome(programs[i]), programs[i])
			})
		}
	}
}

func TestByteOrderMarkIsSkipped(t *testing.T) {
	require.Equal(t, "1\n", outcome("\uFEFFprint(1)"))
	require.Equal(t, "2\n", outcome("\uFEFF#!/usr/bin/lua\nprint(2)"))
	require.Contains(t, outcome("print(3)\uFEFF"), `invalid token near`)
}
