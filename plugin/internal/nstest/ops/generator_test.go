package ops_test

import (
	"strings"
	"testing"

	"telegraf-rtnetlink/plugin/internal/nstest"
	"telegraf-rtnetlink/plugin/internal/nstest/ops"
)

func TestMain(m *testing.M) { nstest.Main(m) }

func TestSeedDecidesTheOperations(t *testing.T) {
	draw := func(seed uint64) (lines []string) {
		g := ops.New(t, nstest.New(t), seed, ops.Profiles[0])
		for range 200 {
			lines = append(lines, g.Next())
		}
		return lines
	}
	if strings.Join(draw(1), "\n") != strings.Join(draw(1), "\n") {
		t.Error("one seed gives two histories")
	}
	if strings.Join(draw(1), "\n") == strings.Join(draw(2), "\n") {
		t.Error("two seeds give one history")
	}
}

// TestOperationsAreWellFormedAndOftenAccepted makes many operations: what the kernel
// refuses it must refuse for its own reasons.
func TestOperationsAreWellFormedAndOftenAccepted(t *testing.T) {
	for _, p := range ops.Profiles {
		t.Run(p.Name, func(t *testing.T) {
			g := ops.New(t, nstest.New(t), 7, p)
			refused := map[string]int{}
			for range 3000 {
				line, err := g.Step()
				if err == nil {
					continue
				}
				for _, bad := range []string{"unknown", "is no ", "should follow", "$"} {
					if strings.Contains(err.Error(), bad) {
						t.Fatalf("%s: %v", line, err)
					}
				}
				class, _, _ := strings.Cut(line, " ")
				refused[class]++
			}
			if a, all := g.Accepted(); a*3 < all {
				t.Errorf("only %d of %d operations accepted; refused: %v", a, all, refused)
			}
		})
	}
}

func TestReplayRepeatsALog(t *testing.T) {
	g := ops.New(t, nstest.New(t), 3, ops.Profiles[0])
	g.Steps(100)
	again := ops.New(t, nstest.New(t), 4, ops.Profiles[0])
	again.Replay(g.Log())
	if a, _ := again.Accepted(); a == 0 {
		t.Error("nothing was accepted again")
	}
}
