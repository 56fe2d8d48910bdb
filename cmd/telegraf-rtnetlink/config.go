package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"

	"github.com/influxdata/toml"
	"github.com/influxdata/toml/ast"

	"telegraf-rtnetlink/plugin"
)

// document is a configuration file as it was read, to say where in it something
// is. The zero value is for the defaults, which are in no file.
type document struct {
	path  string
	table *ast.Table                     // [[inputs.rtnetlink]], without what is wrong
	keys  map[*ast.Table]map[string]bool // what is set in it and the tables in it
}

// problem is what is wrong in a line of the file.
type problem struct {
	line int
	err  error
}

func problemf(line int, format string, args ...any) *problem {
	return &problem{line, fmt.Errorf(format, args...)}
}

// loadConfig reads a file with one [[inputs.rtnetlink]] table and returns the
// input, not initialized; an empty path stands for the defaults, with a cap of
// events. An error is one line that names file, line, key and remedy.
func loadConfig(path string, rate int) (*plugin.RTNetlink, *document, error) {
	input, doc, wrong := readConfig(path, rate)
	if len(wrong) > 0 {
		return nil, nil, wrong[0]
	}
	return input, doc, nil
}

// readConfig is loadConfig that goes on behind what is wrong. Where there is
// something, the input has the options that are right; nil where there is no
// table to take them from.
func readConfig(path string, rate int) (*plugin.RTNetlink, *document, []error) {
	doc := &document{path: path}
	if path == "" {
		return newInput(rate), doc, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, []error{err}
	}
	input, wrong := doc.decode(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), rate) // a byte order mark
	slices.SortStableFunc(wrong, func(a, b *problem) int { return a.line - b.line })
	var out []error
	for _, p := range wrong {
		out = append(out, fmt.Errorf("%s:%d: %w", path, p.line, p.err))
	}
	return input, doc, out
}

func newInput(rate int) *plugin.RTNetlink {
	input := plugin.New()
	input.MaxEventsPerSecond = rate
	return input
}

// initialize checks the options of an input that came out of the file.
func (d *document) initialize(input *plugin.RTNetlink) error {
	if err := input.Init(); err != nil {
		return d.place(err)
	}
	return nil
}

// place adds file and line to an error of an option.
func (d *document) place(err error) error {
	var option *plugin.OptionError
	if d.path == "" {
		return err
	}
	if !errors.As(err, &option) {
		return fmt.Errorf("%s: %w", d.path, err)
	}
	return fmt.Errorf("%s:%d: %w", d.path, d.line(option), err)
}

// line returns where an option is set, or should have been.
func (d *document) line(option *plugin.OptionError) int {
	table := d.tableOf(option)
	if node, ok := table.Fields[option.Key]; ok {
		return lineOf(node)
	}
	return table.Line
}

// tableOf returns the table that an option belongs into.
func (d *document) tableOf(option *plugin.OptionError) *ast.Table {
	if tables, ok := d.table.Fields["lua"].([]*ast.Table); ok && option.Lua > 0 {
		return tables[option.Lua-1]
	}
	return d.table
}

// told reports whether an option was taken out of its table, with what is wrong.
func (d *document) told(err error) bool {
	var option *plugin.OptionError
	if d.table == nil || !errors.As(err, &option) {
		return false
	}
	table := d.tableOf(option)
	_, left := table.Fields[option.Key]
	return d.keys[table][option.Key] && !left
}

// note remembers which options a table and those in it set.
func (d *document) note(t *ast.Table) {
	d.keys[t] = map[string]bool{}
	for key, node := range t.Fields {
		d.keys[t][key] = true
		if tables, ok := node.([]*ast.Table); ok {
			for _, table := range tables {
				d.note(table)
			}
		}
	}
}

// decode returns an input with the options that text has. It uses Telegraf's own
// TOML decoder, so that a file means the same here and in telegraf.conf.
func (d *document) decode(text []byte, rate int) (*plugin.RTNetlink, []*problem) {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, []*problem{problemf(1, "the file is in UTF-16, save it as UTF-8")}
	}
	text, missing := expandText(text)
	file, err := toml.Parse(text)
	if err != nil {
		var at *toml.LineError
		switch {
		case len(missing) > 0: // it stands where a value is missing
			return nil, missing
		case errors.As(err, &at):
			return nil, []*problem{{at.Line, at.Err}}
		}
		return nil, []*problem{{1, err}}
	}
	table, wrong := inputTable(file)
	if d.table = table; table == nil {
		return nil, wrong
	}
	d.keys = map[*ast.Table]map[string]bool{}
	d.note(table)
	input := newInput(rate)
	options := reflect.TypeFor[plugin.RTNetlink]()
	wrong = append(wrong, expandTable(table, options)...)
	wrong = append(wrong, checkFields(table, options)...)
	for {
		err := toml.UnmarshalTable(table, input)
		if err == nil {
			return input, wrong
		}
		p, removed := badValue(table, options, err)
		wrong, input = append(wrong, p), newInput(rate)
		if !removed {
			return nil, wrong
		}
	}
}

// inputTable finds the one [[inputs.rtnetlink]] table. Anything else in the
// file is a mistake: nothing would read it.
func inputTable(file *ast.Table) (*ast.Table, []*problem) {
	wrong := onlyKey(file, "inputs")
	inputs, ok := file.Fields["inputs"].(*ast.Table)
	if !ok {
		return nil, append(wrong, problemf(1, "no [[inputs.rtnetlink]] table"))
	}
	wrong = append(wrong, onlyKey(inputs, "rtnetlink")...)
	switch tables := inputs.Fields["rtnetlink"].(type) {
	case []*ast.Table:
		for _, more := range tables[1:] {
			wrong = append(wrong, problemf(more.Line, "second [[inputs.rtnetlink]] table, keep one and start the program once more for the other"))
		}
		return tables[0], wrong
	case *ast.Table:
		return nil, append(wrong, problemf(tables.Line, "write [[inputs.rtnetlink]] in double brackets"))
	}
	return nil, append(wrong, problemf(1, "no [[inputs.rtnetlink]] table"))
}

// onlyKey refuses every key of a table but one.
func onlyKey(t *ast.Table, key string) (wrong []*problem) {
	for _, k := range byLine(t) {
		if k != key {
			wrong = append(wrong, problemf(lineOf(t.Fields[k]),
				"%s has no place here, this program reads [[inputs.rtnetlink]] only; the rest belongs into telegraf.conf", k))
		}
	}
	return wrong
}

// byLine lists a table's keys in the order of the file.
func byLine(t *ast.Table) []string {
	keys := slices.Sorted(maps.Keys(t.Fields))
	slices.SortStableFunc(keys, func(a, b string) int { return lineOf(t.Fields[a]) - lineOf(t.Fields[b]) })
	return keys
}

func lineOf(node any) int {
	switch n := node.(type) {
	case *ast.KeyValue:
		return n.Line
	case *ast.Table:
		return n.Line
	case []*ast.Table:
		return n[0].Line
	}
	return 0
}
