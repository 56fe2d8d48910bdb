package plugin

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"telegraf-rtnetlink/luahooks"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

// TestEveryClassIsEverywhere holds what this package and the hooks say of each
// class to the rows of rtnl and to the field table.
func TestEveryClassIsEverywhere(t *testing.T) {
	var stubs bytes.Buffer
	require.NoError(t, luahooks.WriteStubs(&stubs, Schema()))
	defaults := New()
	prometheus, err := os.ReadFile("../scripts/package/prometheus.conf")
	require.NoError(t, err)
	for o := range rtnl.Object(rtnl.NumObjects) {
		t.Run(o.String(), func(t *testing.T) {
			require.Contains(t, defaults.Objects, o.String())
			require.Equal(t, !o.Stateless(), slices.Contains(defaults.InitialEvents, o.String()))
			require.Equal(t, !o.Stateless(), strings.Contains(stubs.String(), "\nfunction nl."+o.Plural()+"(filter) end\n"))
			require.Equal(t, !o.Stateless(), strings.Contains(string(prometheus), `"rtnetlink_internal_`+o.Plural()+`"`), "their number is a gauge for Prometheus")
			require.NotEmpty(t, telling[o], "nothing tells a person which %s it is", o)
			for _, name := range append(telling[o][:len(telling[o]):len(telling[o])], prefixFields[o]) {
				known := slices.ContainsFunc(event.Fields(o), func(f event.Field) bool { return f.Name == name })
				require.True(t, known || name == "", "a %s has no field %q", o, name)
			}
		})
	}
}
