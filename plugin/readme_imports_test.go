package plugin

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadmeShowsTheImports holds the graph of the README to what the packages of
// the program import.
func TestReadmeShowsTheImports(t *testing.T) {
	const file = "../README.md"
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "telegraf-rtnetlink/...").Output()
	require.NoError(t, err)
	imports := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		for _, word := range words[1:] {
			if rest, ok := strings.CutPrefix(word, "telegraf-rtnetlink/"); ok {
				imports[words[0]] = append(imports[words[0]], rest)
			}
		}
	}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	want := replaceBetween(t, string(text), "<!-- imports, by go generate ./plugin -->\n", "<!-- end of imports -->\n",
		"\n```text\n"+graph(imports, "cmd/telegraf-rtnetlink")+"```\n\n")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(text), "run: go generate ./plugin")
}

// graph lists a package and what it imports, each behind all that it imports.
func graph(imports map[string][]string, name string) string {
	var b strings.Builder
	done := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if done[name] {
			return
		}
		done[name] = true
		var short []string
		for _, other := range imports["telegraf-rtnetlink/"+name] {
			visit(other)
			short = append(short, path.Base(other))
		}
		slices.Sort(short)
		b.WriteString(strings.TrimRight(fmt.Sprintf("%-26s %s", name, strings.Join(short, " ")), " ") + "\n")
	}
	visit(name)
	return b.String()
}
