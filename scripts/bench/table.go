package main

import (
	"fmt"
	"strconv"
	"strings"
)

// table is the result: a row for each experiment, a column for each subject.
type table struct {
	columns []string
	rows    []*row
}

// row is one line of the table. Where it has values, they are shown with their
// ratio to the bare loop's.
type row struct {
	name   string
	texts  map[string]string
	values map[string]float64
}

func (t *table) row(name string) *row {
	for _, r := range t.rows {
		if r.name == name {
			return r
		}
	}
	r := &row{name: name, texts: map[string]string{}, values: map[string]float64{}}
	t.rows = append(t.rows, r)
	return r
}

// set fills a cell with text.
func (t *table) set(name, column, text string) {
	t.row(name).texts[column] = text
	progress("%s: %s: %s", name, column, text)
}

// value fills a cell with text for a value that is compared.
func (t *table) value(name, column, text string, v float64) {
	t.set(name, column, text)
	t.row(name).values[column] = v
}

// String returns the table in Markdown.
func (t *table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| | %s |\n|---|%s\n", strings.Join(t.columns, " | "), strings.Repeat("---|", len(t.columns)))
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| %s |", r.name)
		for _, c := range t.columns {
			fmt.Fprintf(&b, " %s |", r.cell(c))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (r *row) cell(column string) string {
	text, base := r.texts[column], r.values[bareName]
	if v, ok := r.values[column]; ok && base > 0 && column != bareName {
		text += fmt.Sprintf(" (%.2f ×)", v/base)
	}
	if text == "" {
		return "–"
	}
	return text
}

// number prints n with separators: 1,000,000.
func number[T int | int64](n T) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
