package plugin

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
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
		if !strings.HasPrefix(row, "| ") || strings.HasPrefix(row, "| promise") {
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
