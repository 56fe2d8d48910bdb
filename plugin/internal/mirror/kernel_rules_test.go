package mirror

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	ruleNumber  = regexp.MustCompile(`\bR[0-9]+\b`)
	inBackticks = regexp.MustCompile("`([A-Za-z0-9]+)`")
)

// comments returns what stands above each function of the package, by name, and
// all comments together.
func comments(t *testing.T) (above map[string]string, all string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	above = map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, c := range file.Comments {
			all += c.Text()
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				above[f.Name.Name] += f.Doc.Text()
			}
		}
	}
	return above, all
}

// kernel.md has a row for each rule, functions say which they implement, and
// each names the other.
func TestRulesOfTheKernelAreWrittenDownAndCited(t *testing.T) {
	text, err := os.ReadFile("kernel.md")
	require.NoError(t, err)
	above, all := comments(t)
	rules := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) < 3 {
			continue
		}
		rule := ruleNumber.FindString(cells[0])
		if rule != "" {
			require.Len(t, cells, 4, rule)
			require.False(t, rules[rule], "%s is there twice", rule)
			rules[rule] = true
		}
		for _, name := range inBackticks.FindAllStringSubmatch(cells[len(cells)-1], -1) {
			comment, known := above[name[1]]
			require.True(t, known, "kernel.md names %s, which is no function of the package: %s", name[1], line)
			if rule != "" {
				require.True(t, slices.Contains(ruleNumber.FindAllString(comment, -1), rule),
					"kernel.md says that %s does what %s says, and its comment does not cite that", name[1], rule)
			}
		}
	}
	require.NotEmpty(t, rules)
	for _, cited := range ruleNumber.FindAllString(all, -1) {
		require.True(t, rules[cited], "%s is cited, and kernel.md has no such rule", cited)
	}
}
