package plugin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/influxdata/telegraf/config"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/namespace"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

func TestDefaultsResolve(t *testing.T) {
	s, err := New().validate()
	require.NoError(t, err)
	for o := range rtnl.Object(rtnl.NumObjects) {
		require.True(t, s.Objects.Has(o))
		require.True(t, s.Initial.Has(o) || o.Stateless())
		require.False(t, s.Untracked.Has(o))
	}
	require.Equal(t, 64<<20, s.ReceiveBuffer)
	require.Equal(t, 256<<20, s.QueueLimit)
	require.Zero(t, s.rate)
	require.Equal(t, 5000, s.undelivered)
	require.Equal(t, 10*time.Minute, s.Audit)
	require.True(t, s.previousValues)
	require.False(t, s.AllNetns)
	require.Empty(t, s.Netns)
}

func TestClassesOutsideObjectsAreOut(t *testing.T) {
	r := New()
	r.Objects = []string{"link", "route"}
	r.Untracked = []string{"route", "neighbor"}
	s, err := r.validate()
	require.NoError(t, err)
	require.Equal(t, rtnl.Of(rtnl.Link, rtnl.Route), s.Objects)
	require.Equal(t, s.Objects, s.Initial)
	require.Equal(t, rtnl.Of(rtnl.Route), s.Untracked)
}

func TestNamesResolveToNumbers(t *testing.T) {
	require.NoError(t, event.LoadNames()) // whatever the machine has
	r := New()
	r.RouteTables = []string{"main", "254", "100"}
	r.RouteProtocols = []string{"bgp", "static", "201"}
	r.Families = []string{"inet", "inet6", "bridge"}
	s, err := r.validate()
	require.NoError(t, err)
	require.Equal(t, []uint32{unix.RT_TABLE_MAIN, 100}, s.Tables)
	require.Equal(t, []uint8{unix.RTPROT_BGP, unix.RTPROT_STATIC, 201}, s.Protocols)
	require.Equal(t, []uint8{unix.AF_INET, unix.AF_INET6, unix.AF_BRIDGE}, s.Families)
}

// FRR's package gives a protocol of its own a name that the kernel's has.
func TestANameStandsForEveryNumberThatHasIt(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "rt_protos.d"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rt_protos.d", "frr.conf"), []byte("186 bgp\n187 isis\n188 ospf\n189 rip\n190 ripng\n191 nhrp\n196 static\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rt_tables"), []byte("100 isp\n300 isp\n200 100\n"), 0o600))
	t.Cleanup(func() { require.NoError(t, event.LoadNames()) })
	require.NoError(t, event.LoadNames(dir))
	r := New()
	r.RouteProtocols, r.RouteTables = []string{"static", "196", "ripng"}, []string{"isp", "300", "main", "100"}
	for range 20 { // no order of a map decides
		s, err := r.validate()
		require.NoError(t, err)
		require.Equal(t, []uint8{unix.RTPROT_STATIC, 196, 190}, s.Protocols)
		require.Equal(t, []uint32{100, 300, unix.RT_TABLE_MAIN, 200}, s.Tables, "a name goes before a number")
	}
	r.RouteProtocols = []string{"statik"}
	_, err := r.validate()
	require.Equal(t, 1, strings.Count(err.Error(), "static"), "each choice once: %s", err)
}

func TestNamespacesResolveToFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ns")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	r := New()
	r.Netns = []string{file, "/proc/self/ns/net"}
	s, err := r.validate()
	require.NoError(t, err)
	require.Equal(t, []namespace.Place{{Name: file, Path: file}, {Name: "/proc/self/ns/net", Path: "/proc/self/ns/net"}}, s.Netns)
	r.Netns = []string{"*"}
	s, err = r.validate()
	require.NoError(t, err)
	require.True(t, s.AllNetns)
}

func TestUnknownNamespaceIsNamedWithTheChoices(t *testing.T) {
	r := New()
	r.Netns = []string{"no-such-namespace"}
	_, err := r.validate()
	require.ErrorContains(t, err, `netns: unknown namespace "no-such-namespace": no file /run/netns/no-such-namespace (choices: `)
}

func TestZeroOptionsOfAScriptAreDefaults(t *testing.T) {
	l, err := LuaConfig{Script: "config_test.go"}.resolve()
	require.NoError(t, err)
	require.Equal(t, 50*time.Millisecond, l.Timeout)
	require.Equal(t, "keep", l.OnError)
	require.Equal(t, 100000, l.MaxState)
}

func TestOptionsOfAScriptArePassedOn(t *testing.T) {
	c := LuaConfig{
		Script: "config_test.go", Timeout: config.Duration(time.Second), OnError: "drop", MaxState: 5,
		AllowExec: []string{"/bin/true"}, ModulesDir: "/", Constants: map[string]any{"hold": int64(3)},
	}
	l, err := c.resolve()
	require.NoError(t, err)
	require.Equal(t, time.Second, l.Timeout)
	require.Equal(t, "drop", l.OnError)
	require.Equal(t, 5, l.MaxState)
	require.Equal(t, c.AllowExec, l.AllowExec)
	require.Equal(t, c.ModulesDir, l.ModulesDir)
	require.Equal(t, c.Constants, l.Constants)
}

func TestEveryErrorIsReported(t *testing.T) {
	r := New()
	r.Objects = []string{"links"}
	r.ReceiveBuffer = 1
	_, err := r.validate()
	require.EqualError(t, err, `objects: unknown value "links" (choices: link, address, route, neighbor, rule, nexthop, netconf, nsid, mdb, vlan, notice)`+
		"\nreceive_buffer: 1 bytes, want 64KiB to 1GiB")
}
