package command

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCommandsThatHaveEndedAreBounded: callbacks may be slower than commands.
func TestCommandsThatHaveEndedAreBounded(t *testing.T) {
	x := NewExecutor(func(Command) Result { return Result{} })
	defer x.Close()
	for range Queue {
		require.True(t, x.Submit(&Job{}))
	}
	require.False(t, x.Submit(&Job{}))
	require.Len(t, x.Take(), Queue)
	require.True(t, x.Submit(&Job{}))
}
