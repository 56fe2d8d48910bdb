package compile

import (
	"fmt"
	"slices"
	"sort"

	"github.com/yuin/gopher-lua/ast"

	"telegraf-rtnetlink/luahooks/choices"
	"telegraf-rtnetlink/luahooks/internal/lua51"
)

// comparison is ev.field == "literal" in a script.
type comparison struct {
	fn    *funcInfo
	name  string
	value string
	line  int
}

// noteComparison remembers a comparison of an event's field with a word.
func (w *walker) noteComparison(field, word ast.Expr) {
	get, ok := field.(*ast.AttrGetExpr)
	if !ok {
		return
	}
	key, ok := get.Key.(*ast.StringExpr)
	value, isWord := word.(*ast.StringExpr)
	if ok && isWord && w.eventOf(get.Object) != nil {
		w.comparisons = append(w.comparisons, comparison{w.fn, key.Value, value.Value, key.Line()})
	}
}

func (w *walker) advise(line int, format string, args ...any) {
	w.advice = append(w.advice, Advice{Place{w.file, line}, fmt.Sprintf(format, args...)})
}

// adviser makes the advice that needs the whole script.
type adviser struct{ walk *walker }

// finish makes the advice that needs the whole script.
func (a adviser) finish() {
	a.adviseGlobals()
	for _, c := range a.walk.comparisons {
		if a.walk.isHook(c.fn) {
			a.adviseComparison(c)
		}
	}
	for _, c := range a.walk.captures {
		if a.walk.isHook(c.fn) {
			a.walk.advise(c.line, "the event is over when this function runs: put what it needs into locals before, or use ev:copy()")
		}
	}
	for _, f := range a.walk.fns {
		if !a.walk.isHook(f) {
			continue
		}
		for _, line := range f.tables {
			a.walk.advise(line, "this hook builds a table for every event, about 1 µs each; tables are cheapest outside of hooks")
		}
	}
	sort.SliceStable(a.walk.advice, func(i, j int) bool { return a.walk.advice[i].At.Line < a.walk.advice[j].At.Line })
}

// adviseGlobals names the globals that are read but never set: misspelled
// names, and what the sandbox does not have.
func (a adviser) adviseGlobals() {
	for name, line := range a.walk.reads {
		if lua51.IsName(name) || a.walk.writes[name] {
			continue
		}
		a.walk.advise(line, "%s is not defined; the sandbox has: %s", name, choices.Join(lua51.Names))
	}
}

// adviseComparison names words that a field never has.
func (a adviser) adviseComparison(c comparison) {
	words := a.walk.Schema.Words(c.fn.objects, c.name)
	if words != nil && !slices.Contains(words, c.value) {
		a.walk.advise(c.line, "%s is never %q; it is one of: %s", c.name, c.value, choices.Join(words))
	}
}
