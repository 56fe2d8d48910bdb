package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	link  = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	label = regexp.MustCompile(`(?m)^\[[^\]]+\]: (\S+)`)
	spans = regexp.MustCompile("`[^`\n]*`")
)

// links returns where a manual leads to.
func links(text string) (list []string) {
	text = spans.ReplaceAllStringFunc(fenced.ReplaceAllString(text, ""), func(code string) string {
		return strings.NewReplacer("(", "", ")", "", "[", "", "]", "").Replace(code)
	})
	for _, m := range append(link.FindAllStringSubmatch(text, -1), label.FindAllStringSubmatch(text, -1)...) {
		list = append(list, m[1])
	}
	return list
}

// anchors returns what a link into a manual may name: its headings as GitHub and
// GitLab make them, the second of a name with a number.
func anchors(text string) map[string]bool {
	names := map[string]bool{}
	for _, h := range heading.FindAllString(fenced.ReplaceAllString(text, ""), -1) {
		h = strings.ToLower(strings.TrimSpace(strings.TrimLeft(h, "#")))
		h = strings.ReplaceAll(regexp.MustCompile(`[^\p{L}\p{N}\p{Pc} -]`).ReplaceAllString(h, ""), " ", "-")
		name := h
		for n := 1; names[name]; n++ {
			name = fmt.Sprintf("%s-%d", h, n)
		}
		names[name] = true
	}
	return names
}

func TestLinksAreFound(t *testing.T) {
	require.Equal(t, []string{"a.md", "#b", "c"}, links("[x](a.md) `[no](no)` [`code()`](#b)\n\n[l]: c\n\n```\n[no](no)\n```\n"))
	require.Equal(t, map[string]bool{"a-b_c-d": true, "a-b_c-d-1": true}, anchors("## A `b_c`: d\n\n# A b_c d\n"))
}

// TestEveryLinkLeadsSomewhere of all that is written: to a file, and to a heading
// in it.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	found := 0
	for _, file := range append(manuals(t), "luahooks/README.md", "CHANGELOG.md", "plugin/internal/mirror/kernel.md") {
		for _, to := range links(read(t, file)) {
			if strings.Contains(to, "://") {
				continue
			}
			found++
			path, anchor, _ := strings.Cut(to, "#")
			target := file
			if path != "" {
				target = filepath.Join(filepath.Dir(file), path)
			}
			if _, err := os.Stat(filepath.Join("../..", target)); err != nil {
				t.Errorf("%s leads to %s, which is not there", file, to)
			} else if anchor != "" && !anchors(read(t, target))[anchor] {
				t.Errorf("%s leads to %s, and %s has no such heading", file, to, target)
			}
		}
	}
	require.GreaterOrEqual(t, found, 60)
}
