package schema

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNounsHaveTheirArticle(t *testing.T) {
	require.Equal(t, "an address", Article("address"))
	require.Equal(t, "a link", Article("link"))
}
