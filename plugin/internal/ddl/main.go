// Command ddl writes the tables that hold the stream in a database, and the
// functions that read it back, out of the field table: scripts/sql. Run it with
// go generate after a change of the table; a test compares.
package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	_ "embed"

	"telegraf-rtnetlink/plugin/internal/event"
	"telegraf-rtnetlink/plugin/internal/rtnl"
)

//go:generate go run . ../../../scripts/sql

//go:embed postgresql.sql.tmpl
var postgresql string

//go:embed duckdb.sql.tmpl
var duckdb string

func main() {
	for name, text := range files() {
		if err := os.WriteFile(filepath.Join(os.Args[1], name), []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
}

// files returns what scripts/sql has to have.
func files() map[string]string {
	return map[string]string{"postgresql.sql": render(postgresql), "duckdb.sql": render(duckdb)}
}

// column is a column of a table.
type column struct{ Name, Type string }

// table is the table of a class.
type table struct {
	Class, Plural string
	Stateless     bool     // it has events, but no state at a time
	Columns       []column // tags first, then fields, then previous values
}

// render fills a template in.
func render(text string) string {
	var tables []table
	for _, o := range rtnl.Listed {
		tables = append(tables, tableOf(o))
	}
	join := func(list []string, sep string) string { return strings.Join(list, sep) }
	var b strings.Builder
	t := template.Must(template.New("sql").Funcs(template.FuncMap{"join": join}).Parse(text))
	if err := t.Execute(&b, map[string]any{"Tables": tables}); err != nil {
		panic(err) // the template is ours
	}
	return b.String()
}

var types = map[event.Kind]string{event.String: "text", event.Int: "bigint", event.Bool: "boolean"}

// who are the fields that tell who asked for a change.
var who = []event.Field{{Name: "portid", Kind: event.Int}, {Name: "process", Kind: event.String}}

func tableOf(o rtnl.Object) table {
	t := table{Class: o.String(), Plural: o.Plural(), Stateless: o.Stateless()}
	add := func(name string, kind event.Kind) {
		t.Columns = append(t.Columns, column{`"` + name + `"`, types[kind]})
	}
	add("host", event.String)
	var fields, previous []event.Field
	for _, f := range event.Common() {
		if f.Kind != event.None && f.Tag {
			add(f.Name, f.Kind)
		} else if f.Kind != event.None {
			fields = append(fields, f)
		}
	}
	for _, f := range event.Fields(o) {
		if f.Tag {
			add(f.Name, f.Kind)
		} else {
			fields = append(fields, f)
		}
		if !f.NoChange && !o.Stateless() {
			previous = append(previous, f)
		}
	}
	for _, f := range append(fields, who...) {
		if !slices.ContainsFunc(t.Columns, func(c column) bool { return c.Name == `"`+f.Name+`"` }) {
			add(f.Name, f.Kind)
		}
	}
	for _, f := range previous {
		add("previous_"+f.Name, f.Kind)
	}
	return t
}

// Apart lists the columns that describe an event rather than the object.
func (t table) Apart() []string {
	out := []string{"time", "host", "netns", "action", "origin", "key", "changed", "seq", "portid", "process"}
	for _, c := range t.Columns {
		if name := strings.Trim(c.Name, `"`); strings.HasPrefix(name, "previous_") {
			out = append(out, name)
		}
	}
	return out
}
