package plugin

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/influxdata/telegraf"
	"github.com/influxdata/telegraf/config"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// followAll watches every namespace of /run/netns.
func followAll(r *RTNetlink) { r.Netns = []string{"*"} }

// inNetns returns those of list that are tagged with a namespace.
func inNetns(list []telegraf.Metric, name string) []telegraf.Metric {
	return pick(list, "netns", name)
}

func TestNamespacesAreFollowedAsTheyComeAndGo(t *testing.T) {
	first, second := nstest.New(t), nstest.New(t)
	first.Name("first")
	r := begin(t, nil, followAll)
	r.waitEvent(0, "name", "link", "netns", "first", "interface", "lo", "origin", "dump")

	second.Name("second")
	r.waitEvent(0, "name", "link", "netns", "second", "interface", "lo", "origin", "dump")
	second.Run("link add name v0 type veth peer name v1", "link set dev v0 up", "addr add 10.0.0.1/24 dev v0")
	r.waitEvent(0, "name", "address", "netns", "second", "local", "10.0.0.1", "action", "new")

	mark := r.mark()
	second.Unname("second")
	r.waitEvent(mark, "name", "link", "netns", "second", "interface", "v0", "action", "delete", "origin", "implied")
	r.wait("the end of all objects", func() bool { return r.of("second").Size("") == 0 })
	first.Run("link set dev lo up")
	r.waitEvent(mark, "name", "link", "netns", "first", "interface", "lo", "action", "change", "origin", "notify")
	require.Empty(t, pick(inNetns(r.since(mark), "first"), "action", "delete"), "another namespace is disturbed")
	for _, m := range r.since(0) {
		require.NotEmpty(t, tag(m, "netns"), m)
	}
	r.requireEqual()
}

func TestNamespaceOfTheSameNameIsAnother(t *testing.T) {
	old, fresh := nstest.New(t), nstest.New(t)
	old.Name("twin")
	old.Run("link add name v0 type veth peer name v1")
	fresh.Run("link add name w0 type veth peer name w1")
	r := begin(t, nil, followAll)
	r.waitEvent(0, "name", "link", "netns", "twin", "interface", "v0", "action", "new")
	r.settled()
	old.Unname("twin")
	fresh.Name("twin")
	r.waitEvent(0, "name", "link", "netns", "twin", "interface", "w0", "action", "new", "origin", "dump")
	r.waitEvent(0, "name", "link", "netns", "twin", "interface", "v0", "action", "delete", "origin", "implied")
	r.requireEqual()
}

// TestNamespaceThatIsReplacedWhileThereIsNoConnection: the old one's objects
// are gone, the new one's new.
func TestNamespaceThatIsReplacedWhileThereIsNoConnection(t *testing.T) {
	old, fresh := nstest.New(t), nstest.New(t)
	old.Run("link add name v0 type veth peer name v1")
	fresh.Run("link add name w0 type veth peer name w1")
	file := filepath.Join(t.TempDir(), "twin")
	bind := func(ns *nstest.NS) {
		require.NoError(t, os.WriteFile(file, nil, 0o600))
		require.NoError(t, unix.Mount(ns.Path(), file, "", unix.MS_BIND, ""))
	}
	unbind := func() {
		_ = unix.Unmount(file, unix.MNT_DETACH)
		_ = os.Remove(file)
	}
	bind(old)
	t.Cleanup(unbind)
	r := begin(t, nil, func(r *RTNetlink) { r.Netns = []string{file} })
	r.settled()
	mark := r.mark()
	require.True(t, r.call(func(o *owner) {
		s := o.spaces.All()[0]
		s.Fail(errors.New("a fault"), time.Now())
		unbind()
		bind(fresh)
	}))
	r.waitEvent(mark, "name", "link", "interface", "v0", "action", "delete", "origin", "implied")
	r.waitEvent(mark, "name", "link", "interface", "w0", "action", "new", "origin", "dump")
	r.requireEqual()
}

func TestConfiguredNamespaceThatVanishesAndReturns(t *testing.T) {
	one, other := nstest.New(t), nstest.New(t)
	one.Name("one")
	other.Name("other")
	r := begin(t, nil, func(r *RTNetlink) { r.Netns = []string{"one", "other"} })
	r.waitEvent(0, "name", "link", "netns", "one", "action", "new")
	r.waitEvent(0, "name", "link", "netns", "other", "action", "new")
	r.settled()
	mark := r.mark()
	one.Unname("one")
	r.waitEvent(mark, "name", "link", "netns", "one", "action", "delete", "origin", "implied")
	one.Name("one")
	r.waitEvent(mark, "name", "link", "netns", "one", "action", "new", "origin", "dump")
	require.Empty(t, inNetns(r.since(mark), "other"))
	r.requireEqual()
}

// TestManyNamespacesComeAndGo faster than they can be enumerated.
func TestManyNamespacesComeAndGo(t *testing.T) {
	nstest.New(t).Name("constant")
	r := begin(t, nil, followAll)
	var spaces []*nstest.NS
	for i := range 12 {
		ns := nstest.New(t)
		ns.Run("link set lo up", fmt.Sprintf("link add name v%d type veth peer name w%d", i, i))
		spaces = append(spaces, ns)
	}
	random := rand.New(rand.NewPCG(1, 2))
	named := map[int]bool{}
	for range 150 {
		i := random.IntN(len(spaces))
		name := fmt.Sprintf("many%d", i)
		if named[i] = !named[i]; named[i] {
			spaces[i].Name(name)
		} else {
			spaces[i].Unname(name)
		}
		if random.IntN(4) == 0 {
			time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
		}
	}
	r.requireEqual()
	for i := range spaces {
		name := fmt.Sprintf("many%d", i)
		r.see(func() {
			require.Equal(t, named[i], r.of(name).Size("link") >= 3, name) // modules of tunnels may put theirs into each
			require.Equal(t, named[i], r.of(name).Size("") > 0, name)
		})
	}
	for _, m := range pick(r.gather(), "name", "internal") {
		require.NotEmpty(t, tag(m, "netns"))
	}
	require.Zero(t, r.log.count("E!"), "coming and going is no error")
}

// TestAPathOfAProcess: nothing tells when a process ends; an audit looks.
func TestAPathOfAProcess(t *testing.T) {
	ns := nstest.New(t)
	cmd := exec.Command("sleep", "1000")
	require.NoError(t, ns.Start(cmd))
	path := fmt.Sprintf("/proc/%d/ns/net", cmd.Process.Pid)
	r := begin(t, nil, func(r *RTNetlink) {
		r.Netns, r.AuditInterval = []string{path}, config.Duration(time.Second)
	})
	r.waitEvent(0, "name", "link", "netns", path, "interface", "lo")
	r.settled()
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
	r.waitEvent(0, "name", "link", "netns", path, "action", "delete", "origin", "implied")
	r.wait("the end of all objects", func() bool { return r.of(path).Size("") == 0 })
}

func TestUnknownNamespaceIsRefused(t *testing.T) {
	nstest.New(t).Name("known")
	for name, want := range map[string]string{
		"nowhere":         `netns: unknown namespace "nowhere": no file /run/netns/nowhere (choices: known, a path, "*" for all of them, "." for the own one)`,
		"/does/not/exist": `netns: unknown namespace "/does/not/exist": no file /does/not/exist`,
		"/tmp":            `netns: unknown namespace "/tmp"`,
	} {
		r := New()
		r.Netns = []string{name}
		require.ErrorContains(t, r.Init(), want)
	}
}

// TestAFileThatIsNoNamespaceIsLeftAlone: ip-netns(8) makes the file first, and
// somebody may have left one.
func TestAFileThatIsNoNamespaceIsLeftAlone(t *testing.T) {
	ns := nstest.New(t)
	ns.Name("good")
	require.NoError(t, os.WriteFile(filepath.Join(NetnsDir, "stale"), nil, 0o600))
	t.Cleanup(func() { _ = os.Remove(filepath.Join(NetnsDir, "stale")) })
	r := begin(t, nil, followAll)
	r.waitEvent(0, "name", "link", "netns", "good")
	r.settled()
	require.Empty(t, inNetns(r.since(0), "stale"))
	require.Zero(t, r.log.count("E!"))

	waiting := begin(t, nil, func(r *RTNetlink) { r.Netns = []string{"good", "stale"} })
	waiting.waitEvent(0, "name", "link", "netns", "good")
	require.Equal(t, 1, waiting.log.count("W! No namespace at /run/netns/stale yet, waiting for one"))
	require.Equal(t, 1, waiting.log.count("No namespace"))
}
