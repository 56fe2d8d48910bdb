package plugin

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// rtnetlinkHeader is the newest that the distribution has for programs
// (linux-libc-dev).
const rtnetlinkHeader = "/usr/include/linux/rtnetlink.h"

// headerGroups lists RTNLGRP_* without the prefix, by their numbers from 0.
func headerGroups(t *testing.T) (names []string) {
	text, err := os.ReadFile(rtnetlinkHeader)
	if os.IsNotExist(err) && os.Getenv("RTNETLINK_REQUIRE_NETNS") == "" {
		t.Skipf("no %s: install linux-libc-dev", rtnetlinkHeader)
	}
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "enum rtnetlink_groups {")
	require.True(t, found)
	body, _, found := strings.Cut(rest, "};")
	require.True(t, found)
	for _, m := range regexp.MustCompile(`(?m)^\s*RTNLGRP_(\w+),`).FindAllStringSubmatch(body, -1) {
		names = append(names, m[1])
	}
	require.Greater(t, len(names), 30)
	require.Equal(t, "NONE", names[0])
	return names
}

// manualGroups is the README's table: what is said of each group.
func manualGroups(t *testing.T) map[string]string {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "## Multicast groups\n")
	require.True(t, found)
	section, _, _ := strings.Cut(rest, "\n## ")
	where := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\| ([^|]+) \\| ([^|]+) \\|$").FindAllStringSubmatch(section, -1) {
		require.NotContains(t, where, m[1], "two rows of %s", m[1])
		where[m[1]] = m[3]
	}
	return where
}

func TestEveryMulticastGroupIsInTheManual(t *testing.T) {
	names, where := headerGroups(t), manualGroups(t)
	measurements := map[uint32]string{}
	for o := range rtnl.Object(rtnl.NumObjects) {
		for _, g := range rtnl.Groups(func(have rtnl.Object, _ uint8) bool { return have == o }) {
			measurements[g] = "`rtnetlink_" + o.String() + "`"
		}
	}
	for number, name := range names[1:] {
		said, listed := where[name]
		require.True(t, listed, "RTNLGRP_%s is not in the table", name)
		if m, joined := measurements[uint32(number+1)]; joined {
			require.Equal(t, m, said, name)
		} else {
			require.True(t, strings.HasPrefix(said, "not here"), "RTNLGRP_%s: %q, but nothing joins it", name, said)
		}
	}
}
