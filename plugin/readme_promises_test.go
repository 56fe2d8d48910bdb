package plugin

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryPromiseNamesTestsThatExist holds the section "Promises" of the
// operator's guide to the tests.
func TestEveryPromiseNamesTestsThatExist(t *testing.T) {
	section := behind(t, "OPERATING.md", "## Promises")
	name := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
	have := testNames(t)
	rows := 0
	for _, row := range strings.Split(section, "\n") {
		if !strings.HasPrefix(row, "| ") || strings.HasPrefix(row, "| promise") || strings.HasPrefix(row, "| what | held by") {
			continue
		}
		rows++
		named := name.FindAllStringSubmatch(row, -1)
		require.NotEmpty(t, named, "a promise without a test: %s", row)
		for _, n := range named {
			require.True(t, have[n[1]], "no such test: %s", n[1])
		}
	}
	require.Greater(t, rows, 10)
}

// TestPromisesOnOtherKernelsAreHeldByWhatRunsThere reads what scripts/kernels/suite
// runs for CI.
func TestPromisesOnOtherKernelsAreHeldByWhatRunsThere(t *testing.T) {
	suite, err := os.ReadFile("../scripts/kernels/suite")
	require.NoError(t, err)
	_, brief, _ := strings.Cut(string(suite), "\nbrief() {")
	brief, _, _ = strings.Cut(brief, "\n}")
	var run []*regexp.Regexp
	for _, m := range regexp.MustCompile(`-test\.run '?([^'\s]+)`).FindAllStringSubmatch(brief, -1) {
		for _, pattern := range strings.Split(m[1], "|") {
			name, _, _ := strings.Cut(pattern, "/")
			if one, err := regexp.Compile(name); err == nil { // else a part of a subtest's
				run = append(run, one)
			}
		}
	}
	_, table, _ := strings.Cut(behind(t, "OPERATING.md", "## Promises"), "| what | held by")
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(table, -1)
	require.Greater(t, len(named), 5)
	for _, n := range named {
		require.True(t, slices.ContainsFunc(run, func(one *regexp.Regexp) bool { return one.MatchString(n[1]) }), "%s runs on no other kernel", n[1])
	}
}

// behind returns what a file has behind a line, up to the next section.
func behind(t *testing.T, file, line string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(text), "\n"+line+"\n")
	require.True(t, ok, "no line %q", line)
	section, _, _ = strings.Cut(section, "\n## ")
	return section
}

// testNames returns the names of all tests of the module.
func testNames(t *testing.T) map[string]bool {
	names := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	require.NoError(t, filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
		return err
	}))
	return names
}
