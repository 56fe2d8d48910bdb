package source

import (
	"fmt"
	"slices"
	"strings"
)

// Notes collects what was wrong with a source, each kind once with a count.
// The zero Notes is empty.
type Notes struct {
	list []note
}

type note struct {
	where, text string
	count       int
}

// Add notes something. What differs only in numbers counts as the same.
func (n *Notes) Add(where, text string) {
	same := func(o note) bool { return o.where == where && kind(o.text) == kind(text) }
	if i := slices.IndexFunc(n.list, same); i >= 0 {
		n.list[i].count++
		return
	}
	n.list = append(n.list, note{where, text, 1})
}

// kind is a note's text up to its details.
func kind(text string) string {
	head, _, _ := strings.Cut(text, " (")
	return head
}

// Lines returns a line for each kind.
func (n *Notes) Lines() []string {
	out := make([]string, 0, len(n.list))
	for _, o := range n.list {
		line := o.where + ": " + o.text
		if o.count > 1 {
			line += fmt.Sprintf(" (and %d more)", o.count-1)
		}
		out = append(out, line)
	}
	return out
}
