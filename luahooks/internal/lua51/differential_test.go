package lua51

import (
	"cmp"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// differences are those of the manual's list that generated programs meet:
// they are taken out of both results.
var differences = []struct{ at, with string }{
	{`-nan`, `nan`},
	{`(table|function|userdata|builtin): (0x)?[0-9a-f]+`, `$1`},
	// What and, or give has no name here; an operand may be another one.
	{`(attempt to [a-z ]+?) (?:local|global|field|upvalue|method) '[^']*' \(a ([a-z]+) value\)`, `$1 a $2 value`},
}

var differencesRE = func() (all []*regexp.Regexp) {
	for _, d := range differences {
		all = append(all, regexp.MustCompile(d.at))
	}
	return all
}()

func withoutDifferences(s string) string {
	for i, re := range differencesRE {
		s = re.ReplaceAllString(s, differences[i].with)
	}
	return s
}

// errSteps is what a pattern that is too expensive ends with.
const errSteps = "pattern takes too many steps"

// duration is how long each differential test runs: LUA51_TIME, or a second.
// LUA51_SEED begins elsewhere than at 1, and has no other end: without it a fast
// machine, too, runs programs that were run before, and does not fail for what
// another change did.
func duration(t *testing.T) time.Duration {
	d := time.Second
	if s := os.Getenv("LUA51_TIME"); s != "" {
		var err error
		d, err = time.ParseDuration(s)
		require.NoError(t, err)
	}
	return d
}

// compareWithReference runs generated programs here and with lua5.1.
func compareWithReference(t *testing.T, generate func(seed uint64) string) {
	const batch = 200
	most := 15_000
	if os.Getenv("LUA51_SEED") != "" {
		most = math.MaxInt
	}
	end := time.Now().Add(duration(t))
	n := 0
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("LUA51_SEED"), "1"), 10, 64)
	require.NoError(t, err)
	for ; n == 0 || n < most && time.Now().Before(end); n += batch {
		programs := make([]string, batch)
		for i := range programs {
			programs[i] = generate(seed)
			seed++
		}
		for i, want := range reference(t, programs) {
			got := outcome(programs[i])
			if strings.Contains(got, errSteps) { // a limit of ours, which the manual names
				continue
			}
			if want != got && !same(withoutDifferences(want), withoutDifferences(got)) {
				report(t, programs[i], withoutDifferences(want), withoutDifferences(got))
			}
		}
	}
	t.Logf("%d programs", n)
}

// same compares word by word: the last digits of powers and of the functions
// of math are those of Go's library, not of C's.
func same(want, got string) bool {
	w, g := strings.Fields(want), strings.Fields(got)
	if len(w) != len(g) {
		return false
	}
	for i := range w {
		a, errA := strconv.ParseFloat(w[i], 64)
		b, errB := strconv.ParseFloat(g[i], 64)
		if w[i] != g[i] && (errA != nil || errB != nil || math.Abs(a-b) > 1e-12*math.Abs(a)) {
			return false
		}
	}
	return true
}

// report shows the first line that differs.
func report(t *testing.T, program, want, got string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if i >= len(g) || !same(w[i], g[i]) {
			line := "nothing"
			if i < len(g) {
				line = g[i]
			}
			require.Failf(t, "another result", "line %d: lua5.1 prints\n%s\nand we\n%s\nfor\n%s", i+1, w[i], line, program)
		}
	}
	require.Failf(t, "another result", "more output than lua5.1's\n%s\nfor\n%s", got, program)
}

func TestRandomProgramsAgreeWithLua(t *testing.T) { compareWithReference(t, newProgram) }

func TestDeepProgramsAgreeWithLua(t *testing.T) { compareWithReference(t, deepProgram) }

func TestLibraryCallsAgreeWithLua(t *testing.T) { compareWithReference(t, libraryCalls) }
