package plugin

import (
	"testing"

	"github.com/influxdata/telegraf"
	"github.com/stretchr/testify/require"

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
	r.wait("the end of all objects", func() bool { return r.of("second").size("") == 0 })
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
	old.Unname("twin")
	fresh.Name("twin")
	r.waitEvent(0, "name", "link", "netns", "twin", "interface", "w0", "action", "new", "origin", "dump")
	r.wait("the end of the old one's links", func() bool { return r.of("twin").size("link") == 3 })
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
