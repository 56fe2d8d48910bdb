package scenes

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
)

// KernelsEnv names the environment variable that lists versions of kernels,
// oldest first ("5.10 6.1 6.12 7.0"), among which the scenes are shared: on each
// the tests play some, on all together every one.
const KernelsEnv = "RTNETLINK_SCENES_KERNELS"

// Chosen returns the scenes to play on the running kernel: all, or its share
// where KernelsEnv is set.
func Chosen(t *testing.T) []Scene {
	t.Helper()
	kernels := strings.Fields(os.Getenv(KernelsEnv))
	if len(kernels) == 0 {
		return All()
	}
	for i, kernel := range slices.Backward(kernels) {
		if !nstest.Older(kernel) {
			return shares(kernels)[i]
		}
	}
	t.Fatalf("%s=%q: all are newer than Linux %s", KernelsEnv, kernels, nstest.Kernel())
	return nil
}

// shares divides the scenes among kernels, in turn among those that are new
// enough. A scene marked "everywhere" goes to all of them, and one with a kind
// of device that would be on a single kernel otherwise to the next one, too.
func shares(kernels []string) [][]Scene {
	list := All()
	on := make([][]int, len(list)) // numbers of kernels by number of scene
	alone := map[string][]int{}    // the kernels of a kind
	for i, s := range list {
		able := s.able(kernels)
		on[i] = able[i%len(able):][:1]
		if s.marked("everywhere") {
			on[i] = able
		}
		for _, kind := range s.kinds() {
			alone[kind] = union(alone[kind], on[i])
		}
	}
	out := make([][]Scene, len(kernels))
	for i, s := range list {
		able := s.able(kernels)
		if slices.ContainsFunc(s.kinds(), func(kind string) bool { return len(alone[kind]) == 1 }) {
			on[i] = union(on[i], able[(i+1)%len(able):][:1])
		}
		for _, k := range on[i] {
			out[k] = append(out[k], s)
		}
	}
	return out
}

func union(a, b []int) []int {
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}

// able returns the numbers of the kernels that are not too old for the scene.
func (s Scene) able(kernels []string) (list []int) {
	for i, kernel := range kernels {
		if nstest.VersionNumber(kernel) >= nstest.VersionNumber(s.since()) {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		panic(fmt.Sprintf("scene %q: all of %v are too old", s.Name, kernels))
	}
	return list
}

// since returns the version that the scene wants, "" where it wants none.
func (s Scene) since() string {
	for _, line := range s.Lines {
		if version, is := strings.CutPrefix(line, "since "); is {
			return version
		}
	}
	return ""
}

func (s Scene) marked(word string) bool { return slices.Contains(s.Lines, word) }

// created finds the kind in a command of a scene.
var created = regexp.MustCompile(`\blink add\b.* type ([a-z0-9_]+)|\b(?:tuntap) add\b.* mode (tun|tap)`)

// kinds returns the kinds of the devices that the scene makes.
func (s Scene) kinds() (list []string) {
	for _, line := range s.Lines {
		for _, m := range created.FindAllStringSubmatch(line, -1) {
			list = append(list, m[1]+m[2])
		}
	}
	return list
}
