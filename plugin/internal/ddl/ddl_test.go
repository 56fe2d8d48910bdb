package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestScriptsAreThoseOfTheFieldTable(t *testing.T) {
	for name, want := range files() {
		have, err := os.ReadFile(filepath.Join("../../../scripts/sql", name))
		require.NoError(t, err)
		require.Equal(t, want, string(have), "run go generate ./plugin/internal/ddl")
	}
}
