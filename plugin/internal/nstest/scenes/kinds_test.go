package scenes

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// unplayed are the kinds that no command of iproute2 makes alone.
var unplayed = map[string]string{
	"can":    "is made by a driver of hardware",
	"gtp":    "wants sockets of the program that makes it",
	"ipoib":  "wants an InfiniBand device below",
	"lowpan": "wants a radio of IEEE 802.15.4 below",
	"ppp":    "wants a descriptor of /dev/ppp from the program that makes it",
}

// TestEveryKindOfTheModulesIsPlayed reads what kinds of devices the modules of
// the running kernel are for.
func TestEveryKindOfTheModulesIsPlayed(t *testing.T) {
	file := filepath.Join("/lib/modules", nstest.Kernel(), "modules.alias")
	b, err := os.ReadFile(file)
	if err != nil && os.Getenv(RequireEnv) != "1" {
		t.Skipf("no list of modules: %v", err)
	}
	require.NoError(t, err)
	played := kindsPlayed()
	found := regexp.MustCompile(`(?m)^alias rtnl-link-([a-z0-9_]+) `).FindAllStringSubmatch(string(b), -1)
	require.Greater(t, len(found), 20, "kinds in %s", file)
	for _, m := range found {
		kind := m[1]
		require.True(t, played[kind] || unplayed[kind] != "", "no scene makes a %s", kind)
	}
}

func kindsPlayed() map[string]bool {
	played := map[string]bool{}
	for _, s := range All() {
		for _, kind := range s.kinds() {
			played[kind] = true
		}
	}
	return played
}

// TestEveryKindPlayedLivesAWholeLife: what a device goes through in its own
// scenes is special to it; the common life has all the rest.
func TestEveryKindPlayedLivesAWholeLife(t *testing.T) {
	special := "amt bareudp hsr l2tp netkit tun tap" // of some kernels, or with two devices, or made otherwise
	lives := map[string]bool{}
	for _, s := range All() {
		if strings.HasPrefix(s.Name, "life of ") {
			for _, line := range s.Lines {
				if m := created.FindStringSubmatch(line); m != nil && strings.Contains(line, " x0 ") {
					lives[m[1]] = true
				}
			}
		}
	}
	for kind := range kindsPlayed() {
		require.True(t, lives[kind] || strings.Contains(special, kind), "no life of a %s in lives.txt", kind)
		require.Empty(t, unplayed[kind], "%s is played", kind)
	}
}
