package docs

import (
	"compress/gzip"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	// figure matches a quantity with a unit: what somebody measured, or what
	// something is limited to.
	figure = regexp.MustCompile(`(?i)[0-9][0-9.,]* ?(?:(?:times|ns|µs|ms|s|seconds?|minutes?|million|bytes|[kmg]i?b|a second)\b|%|×)|[0-9],[0-9]{3} (?:events|routes|links|lines|rows|changes)|\b(?:two|three|four|five|ten|twenty) times (?:as|that|the|of|more)\b|\ba (?:micro|milli)second\b`)
	// measure matches the name of what shows it: a test, a benchmark, a script.
	measure = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w+|-bench '?\^?(\w+|\.)|scripts/[\w/]+/check|scripts/bench\b|bench\.sql|\(#limits\)|duckdb\.mjs bench|run -measure`)
	fenced  = regexp.MustCompile("(?ms)^ *```.*?^ *```")
	code    = regexp.MustCompile("(?s)`[^`]*`")
	made    = regexp.MustCompile(`(?s)<!-- [^\n]*go generate \./plugin -->.*?<!-- end of [^\n]* -->`)
	heading = regexp.MustCompile(`(?m)^#+ .*$`)
)

// paragraphs returns those of a manual, without blocks, headings, and the lists
// of fields, which other tests compare with the code.
func paragraphs(text string) []string {
	text = heading.ReplaceAllString(made.ReplaceAllString(fenced.ReplaceAllString(text, ""), ""), "\n")
	return regexp.MustCompile(`\n{2,}`).Split(strings.TrimSpace(text), -1)
}

// unnamed returns the paragraphs with a figure that names nothing that shows it.
// A table
// or a list may be named by the paragraph before or behind it.
func unnamed(text string) (list []string) {
	all := paragraphs(text)
	names := func(i int) bool { return i >= 0 && i < len(all) && measure.MatchString(all[i]) }
	table := func(i int) bool { return strings.HasPrefix(all[i], "|") || strings.HasPrefix(all[i], "- ") }
	for i, p := range all {
		switch {
		case !figure.MatchString(code.ReplaceAllString(p, "")), names(i):
		case table(i) && (names(i-1) || names(i+1)):
		default:
			list = append(list, figure.FindString(code.ReplaceAllString(p, ""))+" in: "+p)
		}
	}
	return list
}

func TestUnnamedFiguresAreFound(t *testing.T) {
	text := "It takes 5 ms.\n\nIt takes 5 ms (`TestThat`).\n\nOne is `5 ms`.\n\n| a | 5 % |\n|---|---|\n\nAs `BenchmarkThat` shows.\n\n```\n5 s\n```\n\nHalf a word:\nten times as fast.\n"
	require.Equal(t, []string{"5 ms in: It takes 5 ms.", "ten times as in: Half a word:\nten times as fast."}, unnamed(text))
}

// TestEveryFigureNamesWhatShowsIt in the manuals; the table of limits in that of
// Lua has its own test. The front page names no tests: what it says stands in the
// operator's guide.
func TestEveryFigureNamesWhatShowsIt(t *testing.T) {
	for _, file := range append(manuals(t), "luahooks/README.md") {
		if file == "README.md" || file == "scripts/kernels/README.md" {
			continue
		}
		for _, p := range unnamed(read(t, file)) {
			t.Errorf("%s: %.200s", file, p)
		}
	}
	guide := read(t, "plugin/OPERATING.md")
	for _, p := range paragraphs(read(t, "README.md")) {
		for _, f := range figure.FindAllString(code.ReplaceAllString(p, ""), -1) {
			if !strings.Contains(guide, f) {
				t.Errorf("README.md: %s is not in the operator's guide: %s", f, p)
			}
		}
	}
}

// TestNamesInManualsAreThere as tests or benchmarks.
func TestNamesInManualsAreThere(t *testing.T) {
	tests, found := testNames(t), 0
	for _, file := range append(manuals(t), "luahooks/README.md") {
		for _, name := range regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w+`).FindAllString(read(t, file), -1) {
			found++
			require.True(t, tests[name], "%s names %s, which is not there", file, name)
		}
	}
	require.GreaterOrEqual(t, found, 40)
}

// TestLengthsOfEvents in line protocol, by the recordings: what the guides size
// files, brokers and databases by.
func TestLengthsOfEvents(t *testing.T) {
	files, err := filepath.Glob("../../testdata/recordings/*.lp")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	bytes, events := map[bool]int{}, map[bool]int{} // by whether it is a link's
	var whole strings.Builder
	for _, file := range files {
		text := read(t, strings.TrimPrefix(file, "../../"))
		whole.WriteString(text)
		for line := range strings.Lines(text) {
			if strings.Contains(line, ",action=") && strings.Contains(line, "seq=") {
				link := strings.HasPrefix(line, "rtnetlink_link,")
				bytes[link] += len(line)
				events[link]++
			}
		}
	}
	others, links := bytes[false]/events[false], bytes[true]/events[true]
	require.True(t, 150 <= others && others <= 300, others)
	require.True(t, 600 <= links && links <= 1000, links)
	require.InDelta(t, 3.5, float64(links)/float64(others), 0.7)
	var packed strings.Builder
	zip := gzip.NewWriter(&packed)
	_, err = zip.Write([]byte(whole.String()))
	require.NoError(t, err)
	require.NoError(t, zip.Close())
	require.Less(t, packed.Len(), whole.Len()/10)
}
