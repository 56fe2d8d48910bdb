package state

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWindowForgets(t *testing.T) {
	w := &window{length: 32 * time.Second}
	require.Equal(t, 1, w.hit(100*time.Second))
	require.Equal(t, 2, w.hit(100*time.Second))
	require.Equal(t, 3, w.hit(131*time.Second))
	require.Equal(t, 2, w.hit(132*time.Second))
	require.Equal(t, 1, w.hit(1000*time.Second))
}
