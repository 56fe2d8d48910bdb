package mirror

import (
	"strings"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/scenes"
)

// TestMirrorEqualsTheKernelInScenes plays the life of devices of every kind
// that the kernel has, with the events as the only source, and compares at each
// stage: the mirror with a fresh enumeration, what the events tell with the
// mirror, and with what iproute2 prints.
func TestMirrorEqualsTheKernelInScenes(t *testing.T) {
	for _, s := range scenes.Chosen(t) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			ns := nstest.New(t)
			f := follow(t, ns, false)
			s.Play(t, ns, func(commands []string) {
				f.seen = f.seen[:0]
				if diff := f.differs(ns); diff != "" {
					t.Fatalf("after\n%s\n%s\nevents:\n%s", strings.Join(commands, "\n"), diff, strings.Join(f.seen, "\n"))
				}
			})
			t.Logf("%+v, corrections by dumps %s", f.state.Counts(), corrections(f.resyncs))
		})
	}
}

// differs reports any difference between kernel, mirror, events and iproute2.
func (f *follower) differs(ns *nstest.NS) string {
	f.t.Helper()
	if diff := f.equal(ns); diff != "" {
		return "the kernel (-) and the mirror (+) differ:\n" + diff
	}
	if diff := f.replica.difference(f.state); diff != "" {
		return "the mirror (-) and what its events tell (+) differ:\n" + diff
	}
	if len(f.replica.Errors) > 0 {
		return strings.Join(f.replica.Errors, "\n")
	}
	if diff := f.equalIP(ns); diff != "" {
		return "iproute2 (-) and what the events tell (+) differ:\n" + diff
	}
	return ""
}
