package choices

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLongListsOfChoicesAreShortened(t *testing.T) {
	many := []string{"interface", "kind", "mtu", "operstate", "operstate_code"}
	for i := range 200 {
		many = append(many, fmt.Sprintf("bond_option_%d", i))
	}
	for word, want := range map[string]string{
		"opperstate": "nearest: operstate, operstate_code; there are: interface, kind, mtu, ",
		"MTU":        "there are: interface, kind, mtu, ",
		"":           "there are: interface, kind, mtu, ",
		"größe":      "there are: interface, kind, mtu, ",
	} {
		got := There(word, many)
		require.True(t, strings.HasPrefix(got, want), "%s: %s", word, got)
		require.True(t, strings.HasSuffix(got, " and 185 more, which the manual of hooks lists"), "%s: %s", word, got)
		require.Less(t, len(got), 600)
	}
	require.Equal(t, "there are: mtu, kind", There("kin", []string{"mtu", "kind"}), "a short list is whole")
	require.Equal(t, "it is one of: up, down", OneOf("UP", []string{"up", "down"}))
	require.Contains(t, OneOf("opperstate", many), "nearest: operstate")
}
