package scenes

import (
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

func TestMain(m *testing.M) { nstest.Main(m) }

func TestAScenePlaysItsCommandsInOrder(t *testing.T) {
	list := parse(`
=== one
ip link add v0 type veth peer name v1 netns $PEER
--
peer ip link set v1 up
? ip link set nonesuch up
ip link set v0 up
until state UP :: ip link show v0
sysctl net.ipv4.conf.v0.forwarding=1
ip link del v0

=== two
--
`)
	require.Len(t, list, 2)
	ns := nstest.New(t)
	var parts []int
	list[0].Play(t, ns, func(commands []string) {
		parts = append(parts, len(commands))
		_, err := ns.Index("v0")
		require.Equal(t, len(parts) == 1, err == nil, "%v", err)
	})
	require.Equal(t, []int{1, 6}, parts)
}

func TestASceneOfANewerKernelIsSkipped(t *testing.T) {
	ns, compared := nstest.New(t), 0
	t.Run("newer", func(t *testing.T) {
		Scene{Lines: []string{"since 999.0"}}.Play(t, ns, func([]string) { compared++ })
	})
	t.Run("old enough", func(t *testing.T) {
		Scene{Lines: []string{"since 5.4"}}.Play(t, ns, func([]string) { compared++ })
	})
	require.Equal(t, 1, compared)
}

func TestScenesHaveDistinctNamesAndCommands(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range All() {
		require.False(t, seen[s.Name], s.Name)
		require.NotEmpty(t, s.Lines, s.Name)
		seen[s.Name] = true
	}
	require.Greater(t, len(seen), 40)
}
