package nstest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVersionsAreOrdered(t *testing.T) {
	require.Less(t, VersionNumber("5.9"), VersionNumber("5.10.0-32-amd64"))
	require.Less(t, VersionNumber("6.12.117+deb13-amd64"), VersionNumber("7.0"))
	require.Equal(t, VersionNumber("6.1"), VersionNumber("6.1.0-50-amd64"))
	require.Zero(t, VersionNumber("next"))
	require.False(t, Older("2.6"))
	require.True(t, Older("999.0"))
}
