package plugin

import (
	"strings"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/scenes"
)

// TestEventsEqualTheKernelInScenes plays the life of devices of every kind that
// the kernel has beside the plugin: at each stage the metrics alone tell what
// a fresh enumeration does.
func TestEventsEqualTheKernelInScenes(t *testing.T) {
	for _, s := range scenes.Chosen(t) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel() // a scene waits most of the time
			ns := nstest.New(t)
			r := begin(t, ns)
			r.excuse = func(_, diff string) bool { return retried(ns, diff) }
			r.settled()
			s.Play(t, ns, func(commands []string) {
				t.Helper()
				t.Log(strings.Join(commands, "\n"))
				r.requireEqual()
			})
		})
	}
}
