package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// manuals are the files whose blocks are looked at. The Lua manual has tests of
// its own (TestManual… in cmd/telegraf-rtnetlink).
func manuals(t *testing.T) []string {
	t.Helper()
	list := []string{"README.md", "plugin/README.md", "plugin/OPERATING.md", "scripts/README.md", "scripts/history.md"}
	more, err := filepath.Glob("../../scripts/*/README.md")
	require.NoError(t, err)
	for _, path := range more {
		list = append(list, strings.TrimPrefix(path, "../../"))
	}
	return list
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", path))
	require.NoError(t, err)
	return string(text)
}

// block is one of a manual, named by file and the first 80 characters.
type block struct{ name, text string }

// blocks returns those of a file: between fences, or indented by four spaces
// behind an empty line. What is within a list is indented by more.
func blocks(file, text string) (list []block) {
	var now []string
	var fence string
	add := func() {
		if len(now) > 0 {
			first := []rune(strings.TrimSpace(now[0]))
			list = append(list, block{file + ": " + string(first[:min(len(first), 80)]), strings.Join(now, "\n") + "\n"})
		}
		now = nil
	}
	empty := true
	for _, line := range strings.Split(text, "\n") {
		bare := strings.TrimLeft(line, " ")
		indent := line[:len(line)-len(bare)]
		switch {
		case fence == "" && strings.HasPrefix(bare, "```"):
			add()
			fence = indent + "```"
		case fence != "" && strings.HasPrefix(line, fence):
			add()
			fence = ""
		case fence != "":
			now = append(now, strings.TrimPrefix(line, strings.TrimSuffix(fence, "```")))
		case len(indent) >= 4 && bare != "" && (empty || len(now) > 0):
			now = append(now, line[4:])
		default:
			add()
		}
		empty = bare == ""
	}
	add()
	return list
}

// command matches what is a command with arguments in a line of text.
var command = regexp.MustCompile("`((?:CGO_ENABLED=0 )?(?:telegraf-rtnetlink|go|systemctl|systemd-analyze|journalctl|kubectl|promtool|apt|apt-get|psql|scripts/[a-z/-]+) [^`]+)`")

// inline returns the commands in the text of a file, as blocks.
func inline(file, text string) (list []block) {
	text = regexp.MustCompile("(?ms)^ *```.*?^ *```").ReplaceAllString(text, "")
	for _, m := range command.FindAllStringSubmatch(text, -1) {
		c := strings.Join(strings.Fields(m[1]), " ")
		list = append(list, block{file + ": " + c, c + "\n"})
	}
	return list
}

// all returns every block and command of the manuals by name.
func all(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, file := range manuals(t) {
		text := read(t, file)
		for _, b := range append(blocks(file, text), inline(file, text)...) {
			if had, twice := out[b.name]; twice {
				require.Equal(t, had, b.text, "two blocks begin alike: %s", b.name)
			}
			out[b.name] = b.text
		}
	}
	return out
}

func TestBlocksAreFound(t *testing.T) {
	text := "text `go test ./x` and `name`\n\n    indented\n      more\n\n- list\n  ```sh\n  one\n    two\n  ```\n\n```toml\n[x]\n```\nand `promtool test\nrules`\n"
	require.Equal(t, []block{{"f: indented", "indented\n  more\n"}, {"f: one", "one\n  two\n"}, {"f: [x]", "[x]\n"}}, blocks("f", text))
	require.Equal(t, []block{{"f: go test ./x", "go test ./x\n"}, {"f: promtool test rules", "promtool test rules\n"}}, inline("f", text))
}

// TestEveryBlockIsRunOrNamed and nothing is named that is not there.
func TestEveryBlockIsRunOrNamed(t *testing.T) {
	have, named := all(t), map[string]bool{}
	tests := testNames(t)
	for _, u := range untried {
		named[u.block] = true
		require.True(t, u.why != "" || len(u.tests) > 0, u.block)
		for _, name := range u.tests {
			require.True(t, tests[name], "%s names %s, which is not there", u.block, name)
		}
	}
	for name, file := range steps {
		require.False(t, named[name], "twice: %s", name)
		require.Contains(t, session, file, "%s is not in the session", name)
		named[name] = true
	}
	for name, text := range have {
		require.True(t, named[name] || onlyTests(text), "neither run nor named in scripts/docs: %s", name)
	}
	for name := range named {
		require.Contains(t, have, name, "no manual has it")
	}
}

// testNames returns the names of all tests, benchmarks and checks of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	require.NoError(t, filepath.WalkDir("../..", func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if filepath.Base(path) == "check" {
			names[strings.TrimPrefix(path, "../../")] = true
		}
		if strings.HasSuffix(path, "_test.go") {
			text, err := os.ReadFile(path)
			for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
				names[m[1]] = true
			}
			return err
		}
		return nil
	}))
	return names
}

// chosen returns the packages and the names of tests and benchmarks of a command
// that runs some of them, none of another command.
func chosen(line string) (packages, names []string) {
	_, rest, ok := strings.Cut(" "+line, " go test ")
	if !ok {
		return nil, nil
	}
	words := strings.Fields(rest)
	for i, word := range words {
		switch {
		case strings.HasPrefix(word, "./") && word != "./...":
			packages = append(packages, word)
		case (word == "-run" || word == "-bench" || word == "-fuzz") && i+1 < len(words):
			names = append(names, strings.Trim(words[i+1], "'^$."))
		}
	}
	return packages, names
}

// onlyTests reports whether all commands of a block run chosen tests or
// benchmarks: TestCommandsNameTestsThatAreThere looks for them.
func onlyTests(text string) bool {
	for line := range strings.Lines(text) {
		if packages, names := chosen(line); len(packages) == 0 || len(names) == 0 {
			return false
		}
	}
	return true
}

// TestCommandsNameTestsThatAreThere where they choose some of a package.
func TestCommandsNameTestsThatAreThere(t *testing.T) {
	found := 0
	for name, text := range all(t) {
		for line := range strings.Lines(text) {
			packages, names := chosen(line)
			var tests strings.Builder
			for _, dir := range packages {
				files, err := filepath.Glob("../../" + dir + "/*_test.go")
				require.NoError(t, err)
				require.NotEmpty(t, files, "%s: no tests in %s", name, dir)
				for _, file := range files {
					tests.WriteString(read(t, strings.TrimPrefix(file, "../../")))
				}
			}
			for _, want := range names {
				found++
				require.Regexp(t, `(?m)^func (Test|Benchmark|Fuzz)\w*`+strings.TrimPrefix(want, "Fuzz"), tests.String(), "%s: %s", name, line)
			}
		}
	}
	require.GreaterOrEqual(t, found, 5)
}

// TestTheConfigurationOfExecdIsThatOfThePackages in both manuals that show it.
func TestTheConfigurationOfExecdIsThatOfThePackages(t *testing.T) {
	plain := func(text string) []string {
		return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
			return strings.TrimSpace(line) == "" || strings.HasPrefix(strings.TrimSpace(line), "#")
		})
	}
	want := plain(read(t, "scripts/package/execd.conf"))
	for _, file := range []string{"README.md", "plugin/README.md"} {
		require.Equal(t, want, plain(all(t)[file+": [[inputs.execd]]"]), file)
	}
}

// TestTheFrontPageIsShort and leaves the names of tests to the guides.
func TestTheFrontPageIsShort(t *testing.T) {
	text := read(t, "README.md")
	require.LessOrEqual(t, strings.Count(text, "\n"), 250)
	require.NotRegexp(t, `\b(Test|Benchmark)[A-Z]\w+`, text)
}
