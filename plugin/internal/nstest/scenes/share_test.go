package scenes

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// kernels are those among which scripts/kernels/suite shares the scenes.
const kernels = "5.10 6.1 6.12 7.0"

func TestSharedScenesAreAllPlayedAndEveryKindTwice(t *testing.T) {
	parts := shares(strings.Fields(kernels))
	scenes, kinds := map[string]int{}, map[string]int{}
	for i, part := range parts {
		here := map[string]bool{}
		for _, s := range part {
			scenes[s.Name]++
			for _, kind := range s.kinds() {
				here[kind] = true
			}
		}
		for kind := range here {
			kinds[kind]++
		}
		for _, kind := range strings.Fields("bond bridge vlan vrf") {
			require.True(t, here[kind], "%s on kernel %d", kind, i)
		}
		t.Logf("kernel %d: %d scenes", i, len(part))
		require.Less(t, len(part), len(All())/2)
	}
	for _, s := range All() {
		require.Positive(t, scenes[s.Name], s.Name)
		for _, kind := range s.kinds() {
			require.GreaterOrEqual(t, kinds[kind], 2, kind)
		}
	}
}

func TestTheShareIsThatOfTheRunningKernel(t *testing.T) {
	t.Setenv(KernelsEnv, "")
	require.Equal(t, All(), Chosen(t))
	t.Setenv(KernelsEnv, "2.6 3.0 999.0") // the running one is of the second
	require.Equal(t, shares([]string{"2.6", "3.0", "999.0"})[1], Chosen(t))
}
