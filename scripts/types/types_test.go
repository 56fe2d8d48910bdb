package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDefinitionsAreThoseOfTheFieldTable(t *testing.T) {
	have, err := os.ReadFile("rtnetlink.lua")
	require.NoError(t, err)
	require.Equal(t, string(definitions()), string(have), "run: go generate ./plugin")
}
