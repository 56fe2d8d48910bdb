package rtnl

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestTheKernelHasNoNumberOfOurs compares with the newest headers that the
// distribution has for programs (linux-libc-dev).
func TestTheKernelHasNoNumberOfOurs(t *testing.T) {
	text, err := os.ReadFile("/usr/include/linux/if_link.h")
	if os.IsNotExist(err) && os.Getenv("RTNETLINK_REQUIRE_NETNS") == "" {
		t.Skip("install linux-libc-dev")
	}
	require.NoError(t, err)
	before, _, found := strings.Cut(string(text), "__IFLA_MAX\n")
	require.True(t, found)
	names := regexp.MustCompile(`(?m)^\s+IFLA_\w+,`).FindAllString(before[strings.LastIndex(before, "enum {"):], -1)
	require.Greater(t, len(names), unix.IFLA_PERM_ADDRESS, "from 0")
	require.LessOrEqual(t, len(names), LinkDriver)
}

func TestAnAnswerIsAMessage(t *testing.T) {
	m, rest, err := Next(DriverQuestion{Index: 7, Changes: 3, First: true}.Answer(NewDriver(40000, DuplexHalf)))
	require.NoError(t, err)
	require.Empty(t, rest)
	require.EqualValues(t, unix.RTM_NEWLINK, m.Type)
	require.EqualValues(t, DriverFamily, LinkMsg(m.Body).Family())
	require.EqualValues(t, 7, LinkMsg(m.Body).Index())
	require.EqualValues(t, 1, LinkChange.Uint(m.Body))
	require.EqualValues(t, 3, Uint32(LinkMsg(m.Body).Attrs().Get(unix.IFLA_CARRIER_CHANGES)))
	said := Driver(LinkMsg(m.Body).Attrs().Get(LinkDriver))
	require.EqualValues(t, 40000, said.Speed())
	duplex, known := said.Duplex()
	require.True(t, known)
	require.EqualValues(t, DuplexHalf, duplex)
	_, known = said[:4].Duplex()
	require.False(t, known)
}
