package plugin

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/influxdata/telegraf/plugins/parsers/influx"
	"github.com/stretchr/testify/require"

	telegrafrtnetlink "telegraf-rtnetlink"
	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

//go:generate go test . -run ^TestReadme -update

var update = flag.Bool("update", false, "write what the tests see into the files that they compare with")

const readme = "README.md"

// TestReadmeAgreesWithTheCode holds the README's configuration to sample.conf
// and its tables of metrics to the field table.
func TestReadmeAgreesWithTheCode(t *testing.T) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	want := replaceBetween(t, string(text), "```toml @sample.conf\n", "```\n", telegrafrtnetlink.SampleConfig)
	want = replaceBetween(t, want, "go generate ./plugin -->\n", "<!-- end of metrics -->\n", metricsText())
	if *update {
		require.NoError(t, os.WriteFile(readme, []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(text), "run: go generate ./plugin")
}

// TestReadmeExamplesHaveTheFieldsThatThereAre holds the events of the example
// output to the field table.
func TestReadmeExamplesHaveTheFieldsThatThereAre(t *testing.T) {
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	_, block, _ := strings.Cut(string(text), "## Example Output")
	_, block, _ = strings.Cut(block, "```text\n")
	block, _, _ = strings.Cut(block, "```")
	parser := &influx.Parser{}
	require.NoError(t, parser.Init())
	metrics, err := parser.Parse([]byte(block))
	require.NoError(t, err)
	events := 0
	for _, m := range metrics {
		o, ok := rtnl.ParseObject(strings.TrimPrefix(m.Name(), "rtnetlink_"))
		if !ok {
			continue // a gauge
		}
		events++
		known := map[string]bool{}
		for _, f := range append(slices.Clone(event.Common()), event.Fields(o)...) {
			known[f.Name] = true
		}
		for _, f := range m.FieldList() {
			require.True(t, known[strings.TrimPrefix(f.Key, "previous_")], f.Key)
		}
		for _, name := range []string{"key", "seq"} {
			require.True(t, m.HasField(name), "%s of %s", name, m.Name())
		}
		require.Equal(t, m.HasField("changed"), m.Tags()["action"] == "change")
	}
	require.Positive(t, events)
}

// TestChangedNamesWhatItLeavesOut holds the description of changed to the fields
// that never are in it.
func TestChangedNamesWhatItLeavesOut(t *testing.T) {
	common := event.Common()
	i := slices.IndexFunc(common, func(f event.Field) bool { return f.Name == "changed" })
	_, left, ok := strings.Cut(common[i].Doc, "; never ")
	require.True(t, ok)
	left, _, _ = strings.Cut(left, ", which ")
	want := map[string]bool{}
	for _, name := range rtnl.Names() {
		o, _ := rtnl.ParseObject(name)
		for _, f := range event.Fields(o) {
			if f.NoChange {
				want[f.Name] = true
			}
		}
	}
	got := strings.Split(strings.ReplaceAll(left, " and ", ", "), ", ")
	require.ElementsMatch(t, slices.Collect(maps.Keys(want)), got)
}

// replaceBetween replaces what is between the first begin and the end after it.
func replaceBetween(t *testing.T, text, begin, end, by string) string {
	t.Helper()
	head, rest, ok := strings.Cut(text, begin)
	require.True(t, ok, begin)
	at := strings.Index("\n"+rest, "\n"+end)
	require.GreaterOrEqual(t, at, 0, end)
	return head + begin + by + rest[at:]
}

// metricsText lists the metrics of events in the form of Telegraf's READMEs.
func metricsText() string {
	var b strings.Builder
	b.WriteString("\n- all events (untyped)\n")
	listFields(&b, event.Common())
	for _, name := range rtnl.Names() {
		o, _ := rtnl.ParseObject(name)
		fmt.Fprintf(&b, "- rtnetlink_%s (untyped)\n", o)
		listFields(&b, event.Fields(o))
	}
	b.WriteString("\n")
	return b.String()
}

func listFields(b *strings.Builder, fields []event.Field) {
	for _, tags := range []bool{true, false} {
		b.WriteString(map[bool]string{true: "  - tags:\n", false: "  - fields:\n"}[tags])
		for _, f := range fields {
			if f.Tag == tags {
				b.WriteString(wrapped(describe(f)))
			}
		}
	}
}

func describe(f event.Field) string {
	text := f.Name
	if !f.Tag {
		text += " (" + kindText(f) + ")"
	}
	text += ": " + f.Doc
	if len(f.Choices) > 0 {
		text += "; one of " + strings.Join(f.Choices, ", ")
	}
	return markup.ReplaceAllString(text, "`$0`")
}

// markup matches words that would be read as markup.
var markup = regexp.MustCompile(`\w*[<*][\w>*]*`)

func kindText(f event.Field) string {
	text := map[event.Kind]string{
		event.None: "of the field's type", event.String: "string", event.Int: "integer", event.Bool: "boolean",
	}[f.Kind]
	if f.Unit != "" {
		text += ", " + f.Unit
	}
	return text
}

// wrapped is an item of a list, in lines of at most 80 bytes.
func wrapped(text string) string {
	const first, next = "    - ", "      "
	var b strings.Builder
	line := first
	for _, word := range strings.Fields(text) {
		if len(line)+len(word) > 80 {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = next
		}
		line += word + " "
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
	return b.String()
}
